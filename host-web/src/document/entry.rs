//! A certificate in its place, as the server lists it.

use serde::Deserialize;

/// A page of the list.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub(crate) struct Listed {
    /// In the order asked for.
    pub(crate) items: Vec<Entry>,
    /// Where the next page begins.
    pub(crate) next: Option<String>,
}

/// A certificate in its place.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Entry {
    /// SHA-256 of its encoding, in hexadecimal.
    pub(crate) fingerprint: String,
    /// `identity` or `trust`.
    pub(crate) kind: String,
    /// The slot or store.
    pub(crate) room: String,
    /// The node; none for every one.
    pub(crate) node: Option<String>,
    /// Its subject.
    pub(crate) subject: String,
    /// Its common name; empty where it has none.
    pub(crate) common_name: String,
    /// The kind and size of its key.
    pub(crate) key_type: String,
    /// Its validity begins.
    pub(crate) not_before: String,
    /// Its validity ends.
    pub(crate) not_after: String,
    /// How it came.
    pub(crate) origin: String,
    /// It is not in use before this moment.
    pub(crate) active_from: Option<String>,
    /// What an administrator wrote beside it.
    pub(crate) description: String,
    /// When it was put there.
    pub(crate) added_at: String,
    /// By whom.
    pub(crate) added_by: String,
}

impl Entry {
    /// What people call it: its common name, its subject where it has none, and in the end its fingerprint. Nothing in it
    /// can mislead.
    pub(crate) fn called(&self) -> String {
        let names = [&self.common_name, &self.subject, &self.fingerprint];
        let name = names.into_iter().find(|name| !name.is_empty());
        engine_wording::escape(name.map_or("", String::as_str))
    }

    /// It is an identity certificate.
    pub(crate) fn is_identity(&self) -> bool {
        self.kind == "identity"
    }
}
