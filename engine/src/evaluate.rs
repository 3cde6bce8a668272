//! The pipeline: candidate paths are built and judged one after another, and the revocation status of one that holds
//! is found, until one is accepted. Sequencing only; no check is written here.

mod signature_checks;
mod missing_issuer;
mod conclude;

use crate::budget::{Budget, BudgetExceeded};
use crate::certificate::Certificate;
use crate::der::Malformed;
use crate::evidence::{EvidenceRequest, Item};
use crate::finding::{Code, Finding, Findings, Severity};
use crate::order;
use crate::path::build::{Builder, Step};
use crate::path::validate::{Context, Judged, Memory, Reach, judge};
use crate::path::{CandidatePath, Pool, subject_at};
use crate::policy;
use crate::request::{Request, Unusable, decode};
use crate::revocation::certificate_status::Inputs;
use crate::revocation::record::CertificateStatus;
use crate::revocation::responder::{Designated, DesignatedScope};
use crate::revocation::supplied::StatusEvidence;
use crate::revocation::{Checked, CheckedPath, RevocationStatus, check_path};
use crate::settings::Settings;
use crate::validator::Validator;
use crate::verdict::{Sealed, Verdict};

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
/// [`Unusable`] when more evidence is given than the settings allow, as leaving some of it unread could turn into a
/// wrong allow, and when one signature check is answered both ways.
pub fn evaluate(validator: &Validator, request: &Request, evidence: &[Item]) -> Result<Outcome, Unusable> {
    let settings = validator.settings();
    check_status_evidence(evidence, settings)?;
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
    let status_evidence = StatusEvidence::new(evidence, validator.crls(), &settings.limits);
    let responders = designated(validator);
    let inputs = Inputs {
        settings,
        hearing: validator.hearing(),
        at: request.at,
        evidence: &status_evidence,
        memory: validator.crl_memory(),
        responders: &responders,
        store: validator.store(),
        nonce_seed: request.nonce_seed.as_deref(),
    };
    let outsourced = signature_checks::outsourced(request, evidence)?;
    let mut budget = Budget::outsourcing(settings.limits.clone(), outsourced);
    let search = search(&context, &inputs, &mut budget);
    // INVARIANT: nothing is decided, and nothing else asked for, while a signature was only assumed to be valid;
    // this is the one way out.
    if let Some(needed) = signature_checks::needed(budget.outsourced(), request) {
        return Ok(Outcome::Needs(vec![needed]));
    }
    let search = match search {
        Ok(search) => Search { left_aside, ..search },
        Err(needs) => return Ok(Outcome::Needs(needs)),
    };
    if let Some(needed) = missing_issuer::needed(search.dead_end.as_ref(), &context, evidence) {
        return Ok(Outcome::Needs(vec![needed]));
    }
    let verdict = conclude::conclude(search, &context, request, &budget);
    let verdict = Verdict { settings_hash: validator.settings_hash(), ..verdict };
    Ok(Outcome::Decided(Box::new(verdict.seal())))
}

/// Designated responders as the revocation stage sees them.
fn designated(validator: &Validator) -> Vec<Designated<'_>> {
    let responders = validator.responders().iter();
    responders
        .map(|responder| Designated {
            certificate: &responder.certificate,
            scope: responder.issuer.as_ref().map_or(DesignatedScope::AnyIssuer, DesignatedScope::Issuer),
        })
        .collect()
}

/// OCSP responses and CRLs are counted, as each is looked at for every certificate.
fn check_status_evidence(evidence: &[Item], settings: &Settings) -> Result<(), Unusable> {
    let found = evidence.iter().filter(|item| matches!(item, Item::Crl(_) | Item::OcspResponse(_))).count();
    let limit = settings.limits.status_evidence;
    if u32::try_from(found).is_ok_and(|count| count <= limit) {
        Ok(())
    } else {
        Err(Unusable::TooMuchStatusEvidence { found, limit })
    }
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
            Item::IssuerCertificates(answered) => {
                let room = usize::try_from(settings.limits.certificates).unwrap_or(usize::MAX);
                let room = room.saturating_sub(place.saturating_add(1));
                for read in missing_issuer::read(answered, room, settings) {
                    match read {
                        Ok(certificate) => certificates.push(certificate),
                        Err(malformed) => left_aside.push((place, malformed)),
                    }
                    place = place.saturating_add(1);
                }
            }
            Item::Crl(_) | Item::OcspResponse(_) | Item::Signature { .. } | Item::Unavailable(_) => {}
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

/// What was found on the way to a verdict.
struct Search {
    accepted: Option<(Vec<Finding>, CheckedPath)>,
    refused: Vec<Refused>,
    stopped: Option<BudgetExceeded>,
    dead_end: Option<(CandidatePath, Code)>,
    left_aside: LeftAside,
}

/// A path that was refused.
struct Refused {
    path: CandidatePath,
    findings: Vec<Finding>,
    /// Empty where the path did not hold, so that nobody was asked.
    statuses: Vec<CertificateStatus>,
}

/// What became of one candidate path.
enum Tried {
    /// The host has yet to answer signature checks.
    Awaits,
    Accepted(Vec<Finding>, Box<CheckedPath>),
    Refused(Refused, Reach),
    Needs(Vec<EvidenceRequest>),
}

/// Tries candidate paths until one is accepted; `Err` says what is needed to go on.
fn search(
    context: &Context<'_>,
    inputs: &Inputs<'_>,
    budget: &mut Budget,
) -> Result<Search, Vec<EvidenceRequest>> {
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
        let tried = match builder.next_path(budget) {
            Ok(Step::Candidate(path)) => try_path(path, context, inputs, &mut memory, budget),
            Ok(Step::Exhausted) => break,
            Err(exceeded) => Err(exceeded),
        };
        // Whatever was observed rests on signatures that the host has yet to answer for: nothing is done with it.
        if budget.outsourced().awaits() {
            break;
        }
        match tried {
            Err(exceeded) => {
                search.stopped = Some(exceeded);
                break;
            }
            Ok(Tried::Needs(needs)) => return Err(needs),
            Ok(Tried::Awaits) => break,
            Ok(Tried::Accepted(findings, path)) => {
                search.accepted = Some((findings, *path));
                break;
            }
            Ok(Tried::Refused(refused, reach)) => {
                search.refused.push(refused);
                if search.refused.len() >= signature_checks::PATHS_ASKED_ABOUT {
                    budget.outsourced_mut().ask_no_more();
                }
                if reach.teach(&mut builder).is_break() {
                    break;
                }
            }
        }
    }
    if search.accepted.is_none() && search.refused.is_empty() && search.stopped.is_none() {
        let code = if builder.met_too_long() { Code::PathTooLong } else { Code::IssuerNotFound };
        search.dead_end = Some((builder.dead_end(), code));
    }
    Ok(search)
}

/// Judges one candidate path; only where it holds is anybody asked about revocation.
fn try_path<'a>(
    path: CandidatePath,
    context: &Context<'a>,
    inputs: &Inputs<'a>,
    memory: &mut Memory,
    budget: &mut Budget,
) -> Result<Tried, BudgetExceeded> {
    let Judged { candidate, mut findings, outcome } = judge(path, context, memory, budget)?;
    let validated = match outcome {
        Ok(validated) => validated,
        Err(reach) => {
            return Ok(Tried::Refused(Refused { path: candidate, findings, statuses: Vec::new() }, reach));
        }
    };
    // Nobody is asked about a path whose signatures were only assumed to be valid (attack case F-01).
    if budget.outsourced().awaits() {
        return Ok(Tried::Awaits);
    }
    let checked = match check_path(validated, context, inputs, budget)? {
        Checked::Path(checked) => checked,
        Checked::Needs(needs) => return Ok(Tried::Needs(needs)),
    };
    let mut observed = observe_statuses(&checked, context);
    let is_refused = |observed: &[Finding]| observed.iter().any(|one| one.severity == Severity::Deny);
    let reach = reach_of(&checked);
    // INVARIANT: own rules are asked last, about a path that everything else accepts, so that all they can do is refuse
    // it. One that the question as a whole refuses is not passed over for another.
    if !is_refused(&observed) && !is_refused(&conclude::not_checked(checked.statuses(), context)) {
        observed.extend(policy::custom::check(&checked, context, budget));
    }
    let refused = is_refused(&observed);
    findings.extend(observed);
    order::sort_by_key(&mut findings, |finding| finding.subject.map(|subject| subject.position));
    if !refused {
        return Ok(Tried::Accepted(findings, checked));
    }
    Ok(Tried::Refused(Refused { path: candidate, findings, statuses: checked.statuses().to_vec() }, reach))
}

fn observe_statuses(checked: &CheckedPath, context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Findings::new(&context.settings.levels);
    let certificates = checked.path().candidate().certificates(context.pool);
    for (position, (certificate, status)) in certificates.iter().zip(checked.statuses()).enumerate() {
        for (code, details) in policy::status::observe(status) {
            findings.report(code, subject_at(position, certificate), details);
        }
    }
    findings.into_list()
}

/// A revoked target is refused on every path, a revoked issuer in every path that holds it; whoever could not be asked
/// on this path may be on another.
fn reach_of(checked: &CheckedPath) -> Reach {
    let numbers = checked.path().candidate().numbers().iter().zip(checked.statuses());
    let revoked: Vec<usize> = numbers
        .filter(|(_, status)| matches!(status.status, RevocationStatus::Revoked(_)))
        .map(|(number, _)| *number)
        .collect();
    match revoked.first() {
        Some(0) => Reach::Target,
        Some(_) => Reach::Issuers(revoked),
        None => Reach::Path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::Question;
    use crate::settings::Mode;
    use crate::trust::TrustRole;
    use crate::verdict::Decision;
    use pki::certificate::Sketch;

    /// 2025-06-01T00:00:00Z, within every validity of the fixtures.
    const AT: i64 = 1_748_736_000;

    fn codes(policy: &str, evidence: &[Item]) -> Result<(Decision, Vec<&'static str>), Unusable> {
        let root = Sketch::ca("root").issue();
        let leaf = Sketch::leaf("leaf").issued_by(&root).issue();
        let mut validator = Validator::new(policy, Mode::Standard).unwrap();
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
        let told = vec!["revocation.undetermined", "evidence.certificate-malformed"];
        assert_eq!(codes("", &broken), Ok((Decision::Allow, told.clone())));
        let strict = "[levels]\n\"evidence.certificate-malformed\" = \"deny\"\n";
        assert_eq!(codes(strict, &broken), Ok((Decision::Deny, told)));
        assert_eq!(codes(strict, &[]), Ok((Decision::Allow, vec!["revocation.undetermined"])));
    }

    #[test]
    fn unreadable_evidence_counts_as_certificates_do() {
        let broken = vec![Item::Certificate(Vec::new()); 32];
        let refused = Unusable::TooManyCertificates { found: 33, limit: 32 };
        assert_eq!(codes("", &broken), Err(refused));
        assert!(codes("", broken.get(1..).unwrap()).is_ok());
    }
}
