//! The pipeline: candidate paths are built and judged one after another until one is accepted. Sequencing
//! only; no check is written here.

mod signature_checks;

use crate::budget::{Budget, BudgetExceeded};
use crate::certificate::Certificate;
use crate::der::Malformed;
use crate::evidence::{EvidenceRequest, Item};
use crate::finding::counterfactual::counterfactual;
use crate::finding::{Code, Finding, Findings, Severity, Value, rank};
use crate::path::build::{Builder, Step};
use crate::path::validate::{Context, Judged, Memory, Reach, ValidatedPath, judge};
use crate::path::{CandidatePath, Pool, subject_at};
use crate::request::{Request, Unusable, decode};
use crate::settings::Settings;
use crate::validator::Validator;
use crate::verdict::{
    Decision, Expense, MAXIMUM_REFUSED_LISTED, PathCertificate, RefusedPath, Reported, Sealed, Verdict,
};

/// What became of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is decided.
    Decided(Box<Sealed>),
    /// These are needed first.
    Needs(Vec<EvidenceRequest>),
}

/// Decides whether the target of `request` may be trusted.
///
/// # Errors
/// [`Unusable`] when evidence is given that cannot be judged: leaving a CRL or an OCSP response unread could
/// turn into a wrong allow. The same when one signature check is answered both ways.
pub fn evaluate(validator: &Validator, request: &Request, evidence: &[Item]) -> Result<Outcome, Unusable> {
    let settings = validator.settings();
    let (fetched, left_aside) = decode_evidence(request, evidence, settings)?;
    let others: Vec<&Certificate> = request.untrusted.iter().chain(&fetched).collect();
    let pool = Pool::new(&request.target, &others, validator.store());
    let context = Context {
        pool: &pool,
        settings,
        at: request.at,
        purpose: request.purpose.as_ref(),
        names: &request.names,
    };
    let outsourced = signature_checks::outsourced(request, evidence)?;
    let mut budget = Budget::outsourcing(settings.limits.clone(), outsourced);
    let search = Search { left_aside, ..search(&context, &mut budget) };
    // INVARIANT: nothing is decided while a signature was only assumed to be valid; this is the one way out.
    if let Some(needed) = signature_checks::needed(budget.outsourced(), request) {
        return Ok(Outcome::Needs(vec![needed]));
    }
    let verdict = conclude(search, &context, request, &budget);
    let verdict = Verdict { settings_hash: validator.settings_hash(), ..verdict };
    Ok(Outcome::Decided(Box::new(verdict.seal())))
}

/// Certificates that could not be decoded: their place among those given, and why.
type LeftAside = Vec<(usize, Malformed)>;

/// The certificates among the evidence. They are counted, and placed in findings, after those of the question.
fn decode_evidence(
    request: &Request,
    evidence: &[Item],
    settings: &Settings,
) -> Result<(Vec<Certificate>, LeftAside), Unusable> {
    let mut certificates = Vec::new();
    let mut left_aside = LeftAside::new();
    let mut place = request.untrusted.len().saturating_add(request.left_aside.len());
    for item in evidence {
        match item {
            Item::Certificate(der) => {
                match decode(der, settings) {
                    Ok(certificate) => certificates.push(certificate),
                    Err(malformed) => left_aside.push((place, malformed)),
                }
                place = place.saturating_add(1);
            }
            Item::Crl(_) | Item::OcspResponse(_) => return Err(Unusable::StatusEvidence),
            Item::Signature { .. } | Item::Unavailable(_) => {}
        }
    }
    let found = place.saturating_add(1);
    let limit = settings.limits.certificates;
    if u32::try_from(found).is_ok_and(|count| count <= limit) {
        Ok((certificates, left_aside))
    } else {
        Err(Unusable::TooManyCertificates { found, limit })
    }
}

struct Search {
    accepted: Option<(Vec<Finding>, ValidatedPath)>,
    refused: Vec<(CandidatePath, Vec<Finding>)>,
    stopped: Option<BudgetExceeded>,
    dead_end: Option<(CandidatePath, Code)>,
    left_aside: LeftAside,
}

fn search(context: &Context<'_>, budget: &mut Budget) -> Search {
    let mut builder = Builder::new(context.pool, context.at, context.settings.path.maximum_intermediates);
    let mut memory = Memory::default();
    let mut search = Search {
        accepted: None,
        refused: Vec::new(),
        stopped: None,
        dead_end: None,
        left_aside: LeftAside::new(),
    };
    loop {
        let judged = match builder.next_path(budget) {
            Ok(Step::Candidate(path)) => judge(path, context, &mut memory, budget),
            Ok(Step::Exhausted) => break,
            Err(exceeded) => Err(exceeded),
        };
        // Whatever was observed rests on signatures that the host has yet to answer for: nothing is done with
        // it, and nothing else may be asked for on its account.
        if budget.outsourced().awaits() {
            break;
        }
        let Judged { candidate, findings, outcome } = match judged {
            Ok(judged) => judged,
            Err(exceeded) => {
                search.stopped = Some(exceeded);
                break;
            }
        };
        match outcome {
            Ok(path) => {
                search.accepted = Some((findings, path));
                break;
            }
            Err(reach) => {
                search.refused.push((candidate, findings));
                if search.refused.len() >= signature_checks::PATHS_ASKED_ABOUT {
                    budget.outsourced_mut().ask_no_more();
                }
                if learn(&mut builder, reach) == Next::Stop {
                    break;
                }
            }
        }
    }
    if search.accepted.is_none() && search.refused.is_empty() && search.stopped.is_none() {
        let code = if builder.met_too_long() { Code::PathTooLong } else { Code::IssuerNotFound };
        search.dead_end = Some((builder.dead_end(), code));
    }
    search
}

#[derive(PartialEq, Eq)]
enum Next {
    Continue,
    Stop,
}

/// Tells the builder how far a refusal reaches, so that it proposes nothing that must fail again.
fn learn(builder: &mut Builder<'_, '_>, reach: Reach) -> Next {
    match reach {
        Reach::Path => {}
        Reach::Link(child, issuer) => builder.refuse_link(child, issuer),
        Reach::Issuers(issuers) => issuers.into_iter().for_each(|issuer| builder.refuse_issuer(issuer)),
        Reach::Target => return Next::Stop,
    }
    Next::Continue
}

fn conclude(search: Search, context: &Context<'_>, request: &Request, budget: &Budget) -> Verdict {
    let Search { accepted, mut refused, stopped, dead_end, left_aside } = search;
    let mut question = question_findings(request, &left_aside, stopped, context);
    // What is wrong with the question as a whole refuses every path.
    let refused_whole = question.iter().any(|finding| finding.severity == Severity::Deny);
    let (decision, path, mut findings, policies, holds_until) = match accepted {
        Some((findings, path)) if refused_whole => {
            (Decision::Deny, path.candidate().clone(), findings, Vec::new(), None)
        }
        Some((findings, path)) => {
            let until = holds_until(path.candidate(), context);
            (Decision::Allow, path.candidate().clone(), findings, path.policies().words(), until)
        }
        None => {
            let (path, findings) = most_specific(&mut refused)
                .or_else(|| dead_end.map(|(path, code)| explain_dead_end(path, code, context)))
                .unwrap_or_else(|| (CandidatePath::of_target(), Vec::new()));
            (Decision::Deny, path, findings, Vec::new(), None)
        }
    };
    findings.append(&mut question);
    let listed = refused.len().min(MAXIMUM_REFUSED_LISTED);
    Verdict {
        decision,
        at: request.at,
        holds_until,
        path: describe_path(&path, context),
        findings: reported(findings, context.settings),
        refused_unlisted: u32::try_from(refused.len().saturating_sub(listed)).unwrap_or(u32::MAX),
        refused: refused
            .into_iter()
            .take(listed)
            .map(|(path, findings)| refusal(&path, findings, context))
            .collect(),
        valid_policies: policies,
        spent: Expense::all(budget.spent(), &context.settings.limits),
        settings_hash: [0; 32],
    }
}

/// Takes out the refused path whose reason says most; the first of equals.
fn most_specific(refused: &mut Vec<(CandidatePath, Vec<Finding>)>) -> Option<(CandidatePath, Vec<Finding>)> {
    let best =
        refused.iter().enumerate().min_by_key(|(place, (_, findings))| (rank::of(findings), *place))?.0;
    Some(refused.remove(best))
}

fn explain_dead_end(path: CandidatePath, code: Code, context: &Context<'_>) -> (CandidatePath, Vec<Finding>) {
    let mut findings = Findings::new(&context.settings.levels);
    let certificates = path.certificates(context.pool);
    if let Some((position, last)) = certificates.iter().enumerate().next_back() {
        let details = match code {
            Code::PathTooLong => vec![
                ("intermediates", Value::count(path.intermediates(context.pool))),
                ("maximum", Value::Number(context.settings.path.maximum_intermediates.into())),
            ],
            _ => missing_issuer(last),
        };
        findings.report(code, subject_at(position, last), details);
    }
    (path, findings.into_list())
}

fn missing_issuer(certificate: &Certificate) -> Vec<(&'static str, Value)> {
    let mut details = vec![("issuer", Value::text(certificate.issuer.to_string()))];
    let identifier = certificate.extensions.authority_key_identifier.as_ref();
    if let Some(key) = identifier.and_then(|identifier| identifier.key_identifier.clone()) {
        details.push(("keyIdentifier", Value::Octets(key)));
    }
    details
}

/// Findings that are about no certificate of a path.
fn question_findings(
    request: &Request,
    left_aside: &LeftAside,
    stopped: Option<BudgetExceeded>,
    context: &Context<'_>,
) -> Vec<Finding> {
    let mut findings = Findings::new(&context.settings.levels);
    if let Some(exceeded) = stopped {
        let details =
            vec![("limit", Value::text(exceeded.limit)), ("allowed", Value::Number(exceeded.allowed.into()))];
        findings.report(Code::BudgetExceeded, None, details);
    }
    for (place, malformed) in request.left_aside.iter().chain(left_aside) {
        let mut details = vec![("place", Value::count(place.saturating_add(1)))];
        details.extend(malformed.details().into_iter().map(|detail| (detail.name, detail.value)));
        findings.report(Code::EvidenceMalformed, None, details);
    }
    findings.report(Code::RevocationNotChecked, None, Vec::new());
    findings.into_list()
}

fn reported(findings: Vec<Finding>, settings: &Settings) -> Vec<Reported> {
    findings
        .into_iter()
        .map(|finding| {
            let weighs = finding.severity == Severity::Deny;
            let counterfactual = weighs.then(|| counterfactual(&finding, &settings.levels)).flatten();
            Reported { finding, counterfactual }
        })
        .collect()
}

fn refusal(path: &CandidatePath, findings: Vec<Finding>, context: &Context<'_>) -> RefusedPath {
    let mut findings: Vec<Finding> =
        findings.into_iter().filter(|finding| finding.severity == Severity::Deny).collect();
    findings.sort_by_key(|finding| rank::code(finding.code));
    RefusedPath {
        certificates: path
            .certificates(context.pool)
            .iter()
            .map(|certificate| certificate.fingerprint)
            .collect(),
        findings: reported(findings, context.settings),
    }
}

fn describe_path(path: &CandidatePath, context: &Context<'_>) -> Vec<PathCertificate> {
    let members = path
        .numbers()
        .iter()
        .enumerate()
        .filter_map(|(place, number)| Some((place, context.pool.get(*number)?)));
    members
        .map(|(place, member)| {
            let role = member.role;
            let anchor = role.is_some_and(|role| if place == 0 { role.is_leaf() } else { role.issues() });
            PathCertificate::of(member.certificate, anchor)
        })
        .collect()
}

fn holds_until(path: &CandidatePath, context: &Context<'_>) -> Option<crate::time::Instant> {
    let certificates = path.certificates(context.pool);
    let judged = match certificates.split_last() {
        Some((_, below)) if !below.is_empty() && !context.settings.anchors.validity => below,
        _ => certificates.as_slice(),
    };
    judged.iter().map(|certificate| certificate.validity.not_after).min()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::Question;
    use crate::trust::TrustRole;
    use pki::certificate::Sketch;

    /// 2025-06-01T00:00:00Z, within every validity of the fixtures.
    const AT: i64 = 1_748_736_000;

    fn codes(policy: &str, evidence: &[Item]) -> Result<(Decision, Vec<&'static str>), Unusable> {
        let root = Sketch::ca("root").issue();
        let leaf = Sketch::leaf("leaf").issued_by(&root).issue();
        let mut validator = Validator::new(policy).unwrap();
        validator.add_anchor(&root.der, TrustRole::Issuer).unwrap();
        let question = Question { target: &leaf.der, at: AT, ..Question::default() };
        let request = Request::new(&question, validator.settings()).unwrap();
        let Outcome::Decided(sealed) = evaluate(&validator, &request, evidence)? else {
            panic!("not decided")
        };
        let findings = sealed.verdict.findings.iter().map(|reported| reported.finding.code.as_str());
        Ok((sealed.verdict.decision, findings.collect()))
    }

    #[test]
    fn a_certificate_among_the_evidence_that_cannot_be_read_is_told() {
        let broken = [Item::Certificate(vec![0x30, 0x00])];
        let told = vec!["evidence.certificate-malformed", "revocation.not-checked"];
        assert_eq!(codes("", &broken), Ok((Decision::Allow, told.clone())));
        let strict = "[levels]\n\"evidence.certificate-malformed\" = \"deny\"\n";
        assert_eq!(codes(strict, &broken), Ok((Decision::Deny, told)));
        assert_eq!(codes(strict, &[]), Ok((Decision::Allow, vec!["revocation.not-checked"])));
    }

    #[test]
    fn unreadable_evidence_counts_as_certificates_do() {
        let broken = vec![Item::Certificate(Vec::new()); 32];
        let refused = Unusable::TooManyCertificates { found: 33, limit: 32 };
        assert_eq!(codes("", &broken), Err(refused));
        assert!(codes("", broken.get(1..).unwrap()).is_ok());
    }
}
