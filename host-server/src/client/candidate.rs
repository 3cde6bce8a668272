//! What a server says of a candidate policy, as far as the command line shows it.

use serde::Deserialize;

/// How the candidate stands.
#[derive(Clone, Debug, Deserialize)]
pub struct Standing {
    /// The number of the policy in force; none where the defaults hold.
    pub active: Option<i64>,
    /// The candidate, if there is one.
    pub candidate: Option<Candidate>,
}

/// The candidate, and what came of it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Candidate {
    /// Its version.
    pub version: i64,
    /// When it was proposed.
    pub proposed_at: String,
    /// By whom.
    pub proposed_by: String,
    /// The number of the policy in force then; none where the defaults held.
    pub against: Option<i64>,
    /// That is in force no longer.
    pub active_changed: bool,
    /// Of all purposes together.
    pub total: Counts,
    /// By purpose.
    pub purposes: Vec<Purpose>,
}

/// What came of it for one purpose.
#[derive(Clone, Debug, Deserialize)]
pub struct Purpose {
    /// Its name; none for questions without one.
    pub purpose: Option<String>,
    /// How many.
    pub counts: Counts,
}

/// How many decisions would have been others.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Counts {
    /// Judged under the candidate.
    pub compared: i64,
    /// The same decision, with something else that is another.
    pub otherwise: i64,
    /// Allowed, and denied under the candidate.
    pub allow_to_deny: i64,
    /// Denied, and allowed under the candidate.
    pub deny_to_allow: i64,
    /// The candidate asks for evidence that was not at hand.
    pub asks_for_more: i64,
    /// The question is none under the candidate.
    pub cannot_be_asked: i64,
    /// They could not be judged.
    pub undecided: i64,
    /// They found no room to wait in.
    pub dropped: i64,
}

/// What became of a proposal.
#[derive(Clone, Debug, Deserialize)]
pub struct Proposed {
    /// It is the candidate.
    pub applied: bool,
    /// Its version.
    pub version: Option<i64>,
}

/// What became of a promotion.
#[derive(Clone, Debug, Deserialize)]
pub struct Promoted {
    /// It is in force.
    pub applied: bool,
}

/// A page of flips.
#[derive(Clone, Debug, Deserialize)]
pub struct Flips {
    /// The newest first.
    pub items: Vec<Flip>,
    /// Where the next page begins.
    pub next: Option<String>,
}

/// A decision that the candidate would have made otherwise.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Flip {
    /// When it was decided.
    pub decided_at: String,
    /// The node that decided.
    pub node: String,
    /// SHA-256 of the certificate.
    pub fingerprint: String,
    /// Its subject.
    pub subject: String,
    /// The purpose.
    pub purpose: Option<String>,
    /// What was decided.
    pub decision: String,
    /// What the candidate makes of it.
    pub candidate: Option<String>,
    /// It asks for evidence that was not at hand.
    pub asks_for_more: bool,
    /// The findings that make it another.
    pub causes: Vec<Cause>,
    /// The capsule of the decision.
    pub capsule: Option<String>,
}

/// A finding that makes a decision another.
#[derive(Clone, Debug, Deserialize)]
pub struct Cause {
    /// Stable machine code.
    pub code: String,
    /// Identifiers in the rule catalogue, or of a rule of one's own.
    pub rules: Vec<String>,
    /// What it says.
    pub sentence: String,
}
