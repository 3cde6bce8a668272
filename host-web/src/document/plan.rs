//! A plan: what an operation would do, in the form that the server and the engine write it.

use serde::Deserialize;

/// What an operation would do.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(default, rename_all = "kebab-case")]
pub(crate) struct Plan {
    /// Something refuses it: nothing would be done.
    pub(crate) refused: bool,
    /// What would be changed, in this order.
    pub(crate) effects: Vec<Effect>,
    /// What was found.
    pub(crate) findings: Vec<Finding>,
    /// What people or other systems have to do afterwards.
    pub(crate) advice: Vec<Advice>,
    /// What keys are made for, and what is signed with them.
    pub(crate) unsigned: Vec<Unsigned>,
}

/// A key to be made, and what is signed with it.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(default, rename_all = "kebab-case")]
pub(crate) struct Unsigned {
    /// The identity purpose.
    pub(crate) purpose: String,
    /// The node; none for many servers.
    pub(crate) node: Option<String>,
    /// `rsa` or `ec`.
    pub(crate) key_type: String,
    /// The key's length.
    pub(crate) bits: u32,
    /// The hash it signs with.
    pub(crate) hash: String,
    /// The years of a certificate's validity; none for a request.
    pub(crate) years: Option<u32>,
}

/// One change.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(default, rename_all = "kebab-case")]
pub(crate) struct Effect {
    /// `store`, `remove` …
    pub(crate) effect: String,
    /// The kind of room: `identity` or `trust`.
    pub(crate) room: String,
    /// The room's name.
    pub(crate) name: String,
    /// The node.
    pub(crate) node: Option<String>,
    /// The certificate's fingerprint.
    pub(crate) certificate: Option<String>,
    /// Its subject.
    pub(crate) subject: Option<String>,
}

/// A rule that was, or was not, met.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(default, rename_all = "kebab-case")]
pub(crate) struct Finding {
    /// Stable code.
    pub(crate) code: String,
    /// `deny`, `warn` or `inform`.
    pub(crate) severity: String,
    /// The certificate's place.
    pub(crate) position: Option<u32>,
    /// The certificate's fingerprint.
    pub(crate) certificate: Option<String>,
    /// The clause it rests on.
    pub(crate) clause: String,
    /// Identifiers in the catalogue.
    pub(crate) rules: Vec<String>,
    /// The values compared.
    pub(crate) details: Vec<Detail>,
}

/// A value that was compared.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
pub(crate) struct Detail {
    /// What it is.
    pub(crate) name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub(crate) kind: String,
    /// The value: text or a number.
    pub(crate) value: serde_json::Value,
}

impl Detail {
    /// The value as text, unescaped.
    pub(crate) fn text(&self) -> String {
        match &self.value {
            serde_json::Value::String(text) => text.clone(),
            other => other.to_string(),
        }
    }
}

/// Something to be done outside.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(default, rename_all = "kebab-case")]
pub(crate) struct Advice {
    /// A stable word.
    pub(crate) action: String,
    /// The service or purpose concerned.
    pub(crate) concerning: Option<String>,
    /// For a service, `feature` or `network`.
    pub(crate) service_kind: Option<String>,
    /// The node.
    pub(crate) node: Option<String>,
    /// How urgent it is.
    pub(crate) need: String,
}
