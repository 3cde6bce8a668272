//! What is in a certificate, in the form that the engine writes it, here and on the server.

use serde::Deserialize;

/// Every field of a certificate.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
pub(crate) struct Description {
    /// In the order of the engine.
    pub(crate) fields: Vec<Field>,
}

/// A field, with those that belong to it.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
pub(crate) struct Field {
    /// The name that administrators know.
    pub(crate) label: String,
    /// The identifier, dotted decimal.
    pub(crate) oid: Option<String>,
    /// For an extension: whether it is critical.
    pub(crate) critical: Option<bool>,
    /// The value; empty for a heading.
    pub(crate) value: String,
    /// Those that belong to it.
    pub(crate) fields: Vec<Self>,
}

impl Description {
    /// The field of this name.
    pub(crate) fn field(&self, label: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.label == label)
    }
}
