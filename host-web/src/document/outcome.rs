//! What became of a write, or would.

use serde::Deserialize;

use super::plan::Plan;

/// What became of a write.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub(crate) struct Outcome {
    /// It was done; false for a dry run.
    pub(crate) applied: bool,
    /// What was, or would be, done.
    pub(crate) plan: Plan,
    /// What was made and signed.
    #[serde(default)]
    pub(crate) made: Vec<Made>,
}

/// A request or a certificate that was made.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub(crate) struct Made {
    /// The purpose.
    pub(crate) purpose: String,
    /// The node; none for many servers.
    pub(crate) node: Option<String>,
    /// `request` or `certificate`.
    pub(crate) kind: String,
    /// It, as PEM.
    pub(crate) pem: String,
}
