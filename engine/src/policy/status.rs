//! The decision rows for each revocation status (D-1, D-3; R-CC-1 to R-CC-6). Revoked is refused in every mode; what
//! Unknown and Undetermined weigh is the level of their codes, which Common Criteria mode raises to a refusal.

use crate::finding::{Code, Value};
use crate::path::Observation;
use crate::revocation::RevocationStatus;
use crate::revocation::record::{CertificateStatus, CheckOutcome, StatusCheck};
use crate::revocation::undetermined::UndeterminedReason;
use crate::settings::revocation::{Depth, StatusSource};

/// What is to be said about the status of one certificate.
#[must_use]
pub fn observe(status: &CertificateStatus) -> Vec<Observation> {
    let mut observed: Vec<Observation> = row(status).into_iter().collect();
    if status.conflict {
        observed.push((Code::RevocationConflict, vec![("answers", Value::text(answers(&status.checks)))]));
    }
    if let Some(responder) = &status.responder_unchecked {
        observed.push((Code::ResponderUnchecked, vec![("responder", Value::text(responder))]));
    }
    // What is not genuine is told even where something else decided (FP-10, AU-5).
    if !matches!(status.status, RevocationStatus::Undetermined(_)) {
        let refused = status.checks.iter().filter_map(not_genuine);
        observed.extend(refused.map(|(check, reason)| (Code::StatusEvidenceRefused, told(check, reason))));
    }
    observed
}

/// Nobody was asked about a certificate that somebody is to be asked about, and nothing at hand said anything. D-7: the
/// target, or every certificate but the anchor; one of several that was supplied leaves the others unasked.
#[must_use]
pub fn is_unchecked(statuses: &[CertificateStatus], depth: Depth) -> bool {
    let concerned = match depth {
        Depth::All => statuses,
        Depth::Leaf => statuses.get(..1).unwrap_or_default(),
    };
    concerned.is_empty() || concerned.iter().any(|status| status.status == RevocationStatus::NotAsked)
}

/// One row of the table.
fn row(status: &CertificateStatus) -> Option<Observation> {
    match &status.status {
        RevocationStatus::Good | RevocationStatus::NotAsked => None,
        // R-CC-1, R-CC-5, R-CC-11, R-CC-12
        RevocationStatus::Revoked(revocation) => {
            let mut details = vec![("at", Value::Time(revocation.at))];
            details.extend(revocation.reason.map(|reason| ("reason", Value::text(reason.word()))));
            let source = status.checks.iter().find(|check| check.outcome.revocation() == Some(*revocation));
            details.extend(source.map(|check| ("source", Value::text(source_word(check.source)))));
            Some((Code::Revoked, details))
        }
        // R-CC-2, R-CC-4
        RevocationStatus::Unknown => {
            let check = status.checks.iter().find(|check| check.outcome == CheckOutcome::Unknown);
            let uri = check.and_then(|check| check.uri.as_ref());
            Some((Code::RevocationUnknown, uri.map(|uri| ("uri", Value::text(uri))).into_iter().collect()))
        }
        // D-3
        RevocationStatus::Undetermined(reason) => {
            let said = |check: &&StatusCheck| check.outcome == CheckOutcome::Nothing(reason.clone());
            let mut details = vec![("reason", Value::text(reason.code()))];
            let uri = status.checks.iter().find(said).and_then(|check| check.uri.as_ref());
            details.extend(uri.map(|uri| ("uri", Value::text(uri))));
            details.extend(reason.details());
            Some((Code::RevocationUndetermined, details))
        }
    }
}

fn not_genuine(check: &StatusCheck) -> Option<(&StatusCheck, &UndeterminedReason)> {
    match &check.outcome {
        CheckOutcome::Nothing(reason) if reason.is_not_genuine() => Some((check, reason)),
        _ => None,
    }
}

fn told(check: &StatusCheck, reason: &UndeterminedReason) -> Vec<(&'static str, Value)> {
    let mut details =
        vec![("reason", Value::text(reason.code())), ("source", Value::text(source_word(check.source)))];
    details.extend(check.uri.as_ref().map(|uri| ("uri", Value::text(uri))));
    details.extend(check.evidence.map(|evidence| ("evidence", Value::Octets(evidence.to_vec()))));
    details
}

/// Such as `ocsp good, crl revoked`.
fn answers(checks: &[StatusCheck]) -> String {
    let believed = checks.iter().filter(|check| !matches!(check.outcome, CheckOutcome::Nothing(_)));
    let words = believed.map(|check| format!("{} {}", source_word(check.source), check.outcome.code()));
    words.collect::<Vec<_>>().join(", ")
}

/// The source's stable word.
#[must_use]
pub fn source_word(source: StatusSource) -> &'static str {
    match source {
        StatusSource::Crl => "crl",
        StatusSource::Ocsp => "ocsp",
    }
}
