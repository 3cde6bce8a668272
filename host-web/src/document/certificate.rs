//! A certificate as the server shows it: where it lies and everything in it; and what is known of its revocation.

use serde::Deserialize;

use super::description::Description;
use super::entry::Entry;

/// A certificate.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub(crate) struct Document {
    /// Where it lies.
    pub(crate) places: Vec<Entry>,
    /// Every field and extension.
    pub(crate) certificate: Description,
}

/// What is known of the revocation of a certificate that is in use.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub(crate) struct Checks {
    /// One for each place.
    pub(crate) items: Vec<Check>,
}

/// A look at it.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Check {
    /// The slot or the store.
    pub(crate) room: String,
    /// What is known: `good`, `revoked` …
    pub(crate) status: String,
    /// Details of that.
    pub(crate) detail: Option<String>,
    /// `allow` or `deny`.
    pub(crate) decision: Option<String>,
    /// When it was looked at last.
    pub(crate) last_checked: Option<String>,
    /// When it is looked at next.
    pub(crate) next_check: Option<String>,
}
