//! From what the search found to a verdict: which path is shown, what is said about it, how long it holds. It decides
//! nothing that the search did not.

use super::{LeftAside, Refused, Search};
use crate::budget::{Budget, BudgetExceeded};
use crate::certificate::Certificate;
use crate::finding::{Code, Finding, Findings, Severity, Value, rank};
use crate::order;
use crate::path::validate::Context;
use crate::path::{CandidatePath, subject_at};
use crate::policy;
use crate::policy::status::is_unchecked;
use crate::request::Request;
use crate::revocation::RevocationStatus;
use crate::revocation::record::CertificateStatus;
use crate::settings::Settings;
use crate::time::Instant;
use crate::verdict::{
    Decision, Expense, MAXIMUM_REFUSED_LISTED, PathCertificate, RefusedPath, Reported, Verdict,
};

/// The path that is shown.
#[derive(Default)]
struct Headline {
    path: Option<CandidatePath>,
    findings: Vec<Finding>,
    statuses: Vec<CertificateStatus>,
    policies: Vec<String>,
}

pub(super) fn conclude(search: Search, context: &Context<'_>, request: &Request, budget: &Budget) -> Verdict {
    let Search { accepted, mut refused, stopped, dead_end, left_aside } = search;
    let mut question = question_findings(request, &left_aside, stopped, context);
    let holds = accepted.is_some();
    let headline = match accepted {
        Some((findings, checked)) => Headline {
            path: Some(checked.path().candidate().clone()),
            findings,
            statuses: checked.statuses().to_vec(),
            policies: checked.path().policies().words(),
        },
        None => most_specific(&mut refused)
            .or_else(|| dead_end.map(|(path, code)| explain_dead_end(path, code, context)))
            .unwrap_or_default(),
    };
    let path = headline.path.unwrap_or_else(CandidatePath::of_target);
    let mut findings = headline.findings;
    question.extend(not_checked(&headline.statuses, context));
    // What is wrong with the question as a whole refuses every path.
    let allows = holds && !question.iter().any(|finding| finding.severity == Severity::Deny);
    findings.append(&mut question);
    let listed = refused.len().min(MAXIMUM_REFUSED_LISTED);
    let unlisted = refused.len().saturating_sub(listed);
    Verdict {
        decision: if allows { Decision::Allow } else { Decision::Deny },
        at: request.at,
        holds_until: allows.then(|| holds_until(&path, &headline.statuses, context)).flatten(),
        ask_again: ask_again(&headline.statuses, context),
        path: describe_path(&path, &headline.statuses, context),
        findings: reported(findings, context.settings),
        refused_unlisted: u32::try_from(unlisted).unwrap_or(u32::MAX),
        refused: refused.into_iter().take(listed).map(|refused| refusal(refused, context)).collect(),
        valid_policies: if allows { headline.policies } else { Vec::new() },
        spent: Expense::all(budget.spent(), &context.settings.limits),
        settings_hash: [0; 32],
    }
}

/// Takes out the refused path whose reason says most; the first of equals.
fn most_specific(refused: &mut Vec<Refused>) -> Option<Headline> {
    let best =
        refused.iter().enumerate().min_by_key(|(place, refused)| (rank::of(&refused.findings), *place))?.0;
    let Refused { path, findings, statuses } = refused.remove(best);
    Some(Headline { path: Some(path), findings, statuses, policies: Vec::new() })
}

fn explain_dead_end(path: CandidatePath, code: Code, context: &Context<'_>) -> Headline {
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
    Headline { path: Some(path), findings: findings.into_list(), ..Headline::default() }
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
    findings.into_list()
}

/// Nobody was asked about any certificate of the path that is shown, and nothing at hand said anything.
pub(super) fn not_checked(statuses: &[CertificateStatus], context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Findings::new(&context.settings.levels);
    if is_unchecked(statuses, context.settings.revocation.depth) {
        findings.report(Code::RevocationNotChecked, None, Vec::new());
    }
    findings.into_list()
}

fn reported(findings: Vec<Finding>, settings: &Settings) -> Vec<Reported> {
    findings
        .into_iter()
        .map(|finding| {
            let weighs = finding.severity == Severity::Deny;
            let counterfactual = weighs.then(|| settings.change_against(&finding));
            Reported { finding, counterfactual }
        })
        .collect()
}

fn refusal(refused: Refused, context: &Context<'_>) -> RefusedPath {
    let path = refused.path;
    let mut findings: Vec<Finding> =
        refused.findings.into_iter().filter(|finding| finding.severity == Severity::Deny).collect();
    order::sort_by_key(&mut findings, |finding| rank::code(finding.code));
    RefusedPath {
        certificates: path
            .certificates(context.pool)
            .iter()
            .map(|certificate| certificate.fingerprint)
            .collect(),
        findings: reported(findings, context.settings),
    }
}

fn describe_path(
    path: &CandidatePath,
    statuses: &[CertificateStatus],
    context: &Context<'_>,
) -> Vec<PathCertificate> {
    let members = path
        .numbers()
        .iter()
        .enumerate()
        .filter_map(|(place, number)| Some((place, context.pool.get(*number)?)));
    members
        .map(|(place, member)| {
            let role = member.role;
            let anchor = role.is_some_and(|role| if place == 0 { role.is_leaf() } else { role.issues() });
            PathCertificate::of(member.certificate, anchor, statuses.get(place))
        })
        .collect()
}

/// The soonest of the end of a validity, of an answer's freshness, and of what own rules were asked about.
fn holds_until(
    path: &CandidatePath,
    statuses: &[CertificateStatus],
    context: &Context<'_>,
) -> Option<Instant> {
    let certificates = path.certificates(context.pool);
    let judged = match certificates.split_last() {
        Some((_, below)) if !below.is_empty() && !context.settings.anchors.validity => below,
        _ => certificates.as_slice(),
    };
    let valid = judged.iter().map(|certificate| certificate.validity.not_after);
    // An own rule that reads the moment has only been asked about this one.
    let asked = policy::custom::reads_time(context).then_some(context.at);
    valid.chain(statuses.iter().filter_map(|status| status.fresh_until)).chain(asked).min()
}

/// When the first answer lapses or, where a status could not be had, after the time the settings say. A certificate
/// revoked for good stays so.
fn ask_again(statuses: &[CertificateStatus], context: &Context<'_>) -> Option<Instant> {
    let retry = i64::from(context.settings.revocation.retry_seconds);
    let again = Instant::from_unix(context.at.unix().saturating_add(retry));
    let is_for_good = |status: &CertificateStatus| match &status.status {
        RevocationStatus::Revoked(revocation) => revocation.is_for_good(),
        _ => false,
    };
    if statuses.iter().any(is_for_good) {
        return None;
    }
    let moments = statuses.iter().filter_map(|status| match &status.status {
        RevocationStatus::NotAsked => None,
        RevocationStatus::Undetermined(_) => Some(again),
        RevocationStatus::Good | RevocationStatus::Unknown | RevocationStatus::Revoked(_) => {
            status.fresh_until
        }
    });
    moments.min()
}
