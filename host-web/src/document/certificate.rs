//! A certificate as the server shows it: where it lies and everything in it; and what is known of its revocation.

use serde::Deserialize;

use super::entry::Entry;

/// A certificate.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub(crate) struct Document {
    /// Where it lies.
    pub(crate) places: Vec<Entry>,
    /// Every field and extension.
    pub(crate) certificate: Described,
}

/// The engine's description of it.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub(crate) struct Described {
    /// Its fields, in order.
    pub(crate) fields: Vec<Field>,
}

/// A field, and those that belong to it.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
pub(crate) struct Field {
    /// The name that administrators know.
    pub(crate) label: String,
    /// Its identifier.
    pub(crate) oid: Option<String>,
    /// Its value, possibly hostile; none for a heading.
    pub(crate) value: Option<String>,
    /// For an extension: whether it is critical.
    pub(crate) critical: Option<bool>,
    /// The fields that belong to it.
    pub(crate) fields: Vec<Self>,
}

impl Described {
    /// The first field with this label, of those that belong to nothing else.
    pub(crate) fn field(&self, label: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.label == label)
    }
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
