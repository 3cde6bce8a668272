//! What of a verdict a suite speaks of: the decision, a status, or whether a response is to be believed.

use host_server::component::contract::verdict::{
    Decision, PathCertificate, RevocationStatus, StatusSource, Verdict,
};

/// What of a verdict a suite speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Measure {
    /// The decision.
    Decision,
    /// The status of the target, which must have been looked for.
    Status,
    /// Whether an OCSP response about the target is genuine, by an authorised signer; its age aside.
    Response,
}

/// What came of a question, by its measure; what trusts more is greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Outcome {
    /// No status was looked for, as the path did not hold or the target was refused.
    NotJudged,
    Revoked,
    /// No usable answer.
    Unknown,
    Good,
    Deny,
    Allow,
    Disbelieved,
    Believed,
}

/// A response is refused for its age only after its signature and its signer were accepted.
const AGE: [&str; 4] = ["ocsp.stale", "ocsp.too-old", "ocsp.too-soon", "ocsp.update-reversed"];

impl Outcome {
    /// The word for it in a line of the output.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::NotJudged => "not-judged",
            Self::Revoked => "revoked",
            Self::Unknown => "unknown",
            Self::Good => "good",
            Self::Deny => "deny",
            Self::Allow => "allow",
            Self::Disbelieved => "disbelieved",
            Self::Believed => "believed",
        }
    }

    /// What a verdict says, by this measure.
    pub(crate) fn of(verdict: &Verdict, measure: Measure) -> Self {
        let allowed = verdict.decision == Decision::Allow;
        let target = verdict.path.first();
        match measure {
            Measure::Decision if allowed => Self::Allow,
            Measure::Decision => Self::Deny,
            // Every run that asks for a status denies what is not known to be good.
            Measure::Status if allowed => Self::Good,
            Measure::Status => target.map_or(Self::NotJudged, status),
            Measure::Response if target.is_some_and(is_believed) => Self::Believed,
            Measure::Response => Self::Disbelieved,
        }
    }

    /// The target was refused before it was judged.
    pub(crate) fn refused(measure: Measure) -> Self {
        match measure {
            Measure::Decision => Self::Deny,
            Measure::Status | Measure::Response => Self::NotJudged,
        }
    }
}

fn status(target: &PathCertificate) -> Outcome {
    match target.status {
        RevocationStatus::Revoked(_) => Outcome::Revoked,
        RevocationStatus::Unknown | RevocationStatus::Undetermined(_) => Outcome::Unknown,
        // Good, but denied for something else: that is not what the row is about.
        RevocationStatus::Good | RevocationStatus::NotAsked => Outcome::NotJudged,
    }
}

fn is_believed(target: &PathCertificate) -> bool {
    target
        .checks
        .iter()
        .filter(|check| check.source == StatusSource::Ocsp)
        .any(|check| check.acceptance.is_some() || AGE.contains(&check.outcome.as_str()))
}
