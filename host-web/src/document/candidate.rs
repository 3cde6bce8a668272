//! The candidate policy, and what came of it, as the server says it.

use serde::Deserialize;

/// How the candidate stands.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
pub(crate) struct Standing {
    /// The number of the policy in force; none where the defaults hold.
    pub(crate) active: Option<u64>,
    /// The candidate, if there is one.
    pub(crate) candidate: Option<Candidate>,
}

/// The candidate.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(default, rename_all = "kebab-case")]
pub(crate) struct Candidate {
    /// Its version.
    pub(crate) version: u64,
    /// The text, as it was written.
    pub(crate) document: String,
    /// When it was proposed.
    pub(crate) proposed_at: String,
    /// By whom.
    pub(crate) proposed_by: String,
    /// The number of the policy in force then; none where the defaults held.
    pub(crate) against: Option<u64>,
    /// That is in force no longer.
    pub(crate) active_changed: bool,
    /// When something came of it last.
    pub(crate) noted_at: Option<String>,
    /// Of all purposes together.
    pub(crate) total: Counts,
    /// By purpose.
    pub(crate) purposes: Vec<Purpose>,
}

/// What came of it for one purpose.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
pub(crate) struct Purpose {
    /// Its name; none for questions without one.
    pub(crate) purpose: Option<String>,
    /// How many.
    pub(crate) counts: Counts,
}

/// How many decisions would be others.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq)]
#[serde(default, rename_all = "kebab-case")]
pub(crate) struct Counts {
    /// Judged under the candidate.
    pub(crate) compared: u64,
    /// The same decision, with something else that is another.
    pub(crate) otherwise: u64,
    /// Allowed, and denied under the candidate.
    pub(crate) allow_to_deny: u64,
    /// Denied, and allowed under the candidate.
    pub(crate) deny_to_allow: u64,
    /// The candidate asks for evidence that was not at hand.
    pub(crate) asks_for_more: u64,
    /// The question is none under the candidate.
    pub(crate) cannot_be_asked: u64,
    /// They could not be judged.
    pub(crate) undecided: u64,
    /// They found no room to wait in.
    pub(crate) dropped: u64,
}

/// The newest decisions that would be others.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
pub(crate) struct Flips {
    /// The newest first.
    pub(crate) items: Vec<Flip>,
    /// Where the next page begins.
    pub(crate) next: Option<String>,
}

/// A decision that would be another.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(default, rename_all = "kebab-case")]
pub(crate) struct Flip {
    /// When it was decided.
    pub(crate) decided_at: String,
    /// The node that decided.
    pub(crate) node: String,
    /// SHA-256 of the certificate.
    pub(crate) fingerprint: String,
    /// Its subject; empty where no path was tried.
    pub(crate) subject: String,
    /// The purpose.
    pub(crate) purpose: Option<String>,
    /// What was decided.
    pub(crate) decision: String,
    /// What the candidate makes of it; none where it has no answer.
    pub(crate) candidate: Option<String>,
    /// The candidate asks for evidence that was not at hand.
    pub(crate) asks_for_more: bool,
    /// The findings that make it another.
    pub(crate) causes: Vec<Cause>,
    /// The capsule of the decision.
    pub(crate) capsule: Option<String>,
}

/// A finding that makes a decision another.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
pub(crate) struct Cause {
    /// Stable code.
    pub(crate) code: String,
    /// The rules behind it.
    pub(crate) rules: Vec<String>,
    /// What it says.
    pub(crate) sentence: String,
}
