//! What follows where several sources say something about one certificate (D-1, D-3, D-4; DT-1, DT-4, DT-5;
//! FP-9, FP-10): a revocation is final, good needs one source that is believed, and whoever says nothing decides
//! nothing either way.

use super::record::{CheckOutcome, StatusCheck, TrustModel};
use super::undetermined::UndeterminedReason;
use super::{Revocation, RevocationStatus};
use crate::settings::revocation::DesignatedAlone;

/// The status by all sources together, and whether they contradict each other. The order of the sources decides
/// only which of several reasons is named.
#[must_use]
pub fn combine(checks: &[StatusCheck], designated: DesignatedAlone) -> (RevocationStatus, bool) {
    let says = |wanted: fn(&CheckOutcome) -> bool| checks.iter().any(|check| wanted(&check.outcome));
    let good = says(|outcome| *outcome == CheckOutcome::Good);
    let unknown = says(|outcome| *outcome == CheckOutcome::Unknown);
    // DT-5: final, whoever else says otherwise.
    if let Some(revocation) = firmest(checks) {
        return (RevocationStatus::Revoked(revocation), good || unknown);
    }
    if good {
        let settles =
            |check: &StatusCheck| check.outcome == CheckOutcome::Good && settles_alone(check, designated);
        if checks.iter().any(settles) {
            return (RevocationStatus::Good, unknown);
        }
        // a responder of one's own is not the only source.
        if !unknown {
            return (RevocationStatus::Undetermined(UndeterminedReason::DesignatedAlone), false);
        }
    }
    if unknown {
        return (RevocationStatus::Unknown, good);
    }
    (RevocationStatus::Undetermined(reason(checks)), false)
}

/// A revocation for good before one on hold; of equals the first.
fn firmest(checks: &[StatusCheck]) -> Option<Revocation> {
    let mut revocations = checks.iter().filter_map(|check| check.outcome.revocation());
    let first = revocations.clone().next()?;
    Some(revocations.find(Revocation::is_for_good).unwrap_or(first))
}

fn settles_alone(check: &StatusCheck, designated: DesignatedAlone) -> bool {
    let is_designated =
        check.acceptance.as_ref().is_some_and(|acceptance| acceptance.model == TrustModel::Designated);
    !is_designated || designated == DesignatedAlone::Accept
}

/// Of several reasons, the first source's that was there to be asked.
fn reason(checks: &[StatusCheck]) -> UndeterminedReason {
    let reasons = checks.iter().filter_map(|check| match &check.outcome {
        CheckOutcome::Nothing(reason) => Some(reason),
        _ => None,
    });
    let telling = reasons.clone().find(|reason| !reason.is_absence() && !reason.is_about_others());
    let asked = || reasons.clone().find(|reason| !reason.is_absence());
    let chosen = telling.or_else(asked).or_else(|| reasons.clone().next());
    chosen.cloned().unwrap_or(UndeterminedReason::NothingAtHand)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::revocation::RevocationReason;
    use crate::settings::revocation::StatusSource;
    use crate::time::Instant;

    fn check(outcome: CheckOutcome) -> StatusCheck {
        StatusCheck::of(StatusSource::Ocsp, outcome)
    }

    fn revoked(reason: RevocationReason) -> CheckOutcome {
        CheckOutcome::Revoked(Revocation { at: Instant::from_unix(0), reason: Some(reason) })
    }

    fn nothing() -> CheckOutcome {
        CheckOutcome::Nothing(UndeterminedReason::CrlIssuerPath)
    }

    fn all(outcomes: &[CheckOutcome]) -> (RevocationStatus, bool) {
        combine(&outcomes.iter().cloned().map(check).collect::<Vec<_>>(), DesignatedAlone::Accept)
    }

    #[test]
    fn a_revocation_is_final_in_any_order_and_company() {
        let hold = revoked(RevocationReason::CertificateHold);
        let others = [CheckOutcome::Good, CheckOutcome::Unknown, nothing(), hold.clone()];
        for other in others {
            for outcomes in [[hold.clone(), other.clone()], [other.clone(), hold.clone()]] {
                let (status, conflict) = all(&outcomes);
                assert!(matches!(status, RevocationStatus::Revoked(_)), "{outcomes:?}");
                assert_eq!(conflict, matches!(other, CheckOutcome::Good | CheckOutcome::Unknown));
            }
        }
        let (status, _) = all(&[hold, revoked(RevocationReason::KeyCompromise)]);
        let RevocationStatus::Revoked(revocation) = status else { panic!("{status:?}") };
        assert_eq!(revocation.reason, Some(RevocationReason::KeyCompromise));
    }

    #[test]
    fn good_needs_one_source_and_nothing_decides_nothing() {
        assert_eq!(all(&[nothing(), CheckOutcome::Good]), (RevocationStatus::Good, false));
        assert_eq!(all(&[CheckOutcome::Unknown, CheckOutcome::Good]), (RevocationStatus::Good, true));
        assert_eq!(all(&[nothing(), CheckOutcome::Unknown]), (RevocationStatus::Unknown, false));
        let reason = |reason| (RevocationStatus::Undetermined(reason), false);
        assert_eq!(all(&[nothing()]), reason(UndeterminedReason::CrlIssuerPath));
        assert_eq!(all(&[]), reason(UndeterminedReason::NothingAtHand));
    }

    #[test]
    fn the_reason_named_is_that_of_a_source_that_was_there() {
        let absent = CheckOutcome::Nothing(UndeterminedReason::NoResponderUri);
        let (status, _) = all(&[absent.clone(), nothing()]);
        assert_eq!(status, RevocationStatus::Undetermined(UndeterminedReason::CrlIssuerPath));
        let (status, _) = all(&[absent]);
        assert_eq!(status, RevocationStatus::Undetermined(UndeterminedReason::NoResponderUri));
    }
}
