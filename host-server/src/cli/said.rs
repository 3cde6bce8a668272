//! The engine's codes and values in the words of `engine-wording`, the only place with wording for people.

use super::Failure;
use crate::component::bindings::exports::assayer::engine::types::Refusal;
use crate::component::bindings::exports::assayer::engine::verdict::{Counterfactual, Finding};

/// What a rule observed, in one sentence.
#[must_use]
pub fn finding(finding: &Finding) -> String {
    format!("{} {:?}", finding.code, finding.details)
}

/// What would flip a finding.
#[must_use]
pub fn change(change: &Counterfactual) -> String {
    format!("{} {:?}", change.change, change.details)
}

/// Why an input cannot be used, after the name of the file or option it came from.
#[must_use]
pub fn refusal(name: &str, refusal: &Refusal) -> String {
    format!("{name}: {} {:?}", refusal.code, refusal.details)
}

/// The engine could not be run.
pub fn fault(error: impl std::fmt::Display) -> Failure {
    Failure::Fault(error.to_string())
}
