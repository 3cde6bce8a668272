//! Distinguished names and their comparison (RFC 5280 7.1). Host names are not compared here.

use crate::der::Tag;
use crate::oid::Oid;

/// A distinguished name. Equality is RFC 5280 7.1 comparison, not equality of encodings.
#[derive(Clone, Debug)]
pub struct Name {
    /// The relative distinguished names, in the order of the encoding.
    pub rdns: Vec<RelativeDistinguishedName>,
    /// The whole encoding.
    pub der: Vec<u8>,
    /// One string of octets per relative distinguished name; equal names have equal strings.
    pub(super) comparable: Vec<Vec<u8>>,
}

/// One or more attributes, a SET in the encoding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelativeDistinguishedName {
    /// The attributes, in the order of the encoding.
    pub attributes: Vec<Attribute>,
}

/// An attribute of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// Its type.
    pub kind: Oid,
    /// The tag of its value's string type.
    pub tag: Tag,
    /// The content octets of its value.
    pub value: Vec<u8>,
    /// The value as text, when its type is a string type and its octets are valid in it.
    pub text: Option<String>,
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.comparable == other.comparable
    }
}

impl Eq for Name {}

#[cfg(test)]
impl Name {
    /// One relative distinguished name per attribute, as UTF8String; for tests of other modules.
    pub(crate) fn of_attributes(attributes: &[(Oid, &str)]) -> Self {
        let attribute = |(kind, text): &(Oid, &str)| Attribute {
            kind: kind.clone(),
            tag: crate::der::UTF8_STRING,
            value: text.as_bytes().to_vec(),
            text: Some((*text).to_owned()),
        };
        let rdns = attributes.iter().map(|one| RelativeDistinguishedName { attributes: vec![attribute(one)] });
        let comparable = attributes.iter().map(|(kind, text)| {
            [kind.content(), &[0], text.to_lowercase().as_bytes()].concat()
        });
        Self { rdns: rdns.collect(), der: Vec::new(), comparable: comparable.collect() }
    }
}

impl PartialOrd for Name {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Name {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.comparable.cmp(&other.comparable)
    }
}

impl Name {
    /// No relative distinguished name at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rdns.is_empty()
    }

    /// Whether `self` lies in the subtree that `base` heads: `base` is an initial part of it
    /// (RFC 5280 4.2.1.10, 7.1).
    #[must_use]
    pub fn is_within(&self, base: &Self) -> bool {
        self.comparable.starts_with(&base.comparable)
    }
}
