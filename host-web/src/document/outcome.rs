//! What became of a change of what is managed, or would.

use serde::Deserialize;

use super::plan::Plan;

/// The outcome.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
pub(crate) struct Outcome {
    /// It was carried out.
    pub(crate) applied: bool,
    /// What it does.
    pub(crate) plan: Plan,
}
