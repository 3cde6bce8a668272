//! Every field of a certificate under the name an administrator knows, and its identifier. Data, not
//! sentences; nothing is judged, and nothing is left out: an unknown extension is shown as octets.
//!
//! Output is bounded whatever the certificate holds: at most [`MAXIMUM_FIELDS`] lines before the
//! fingerprints, and at most [`MAXIMUM_SHOWN`] octets or characters of one value. Text is shown with every
//! deceptive character escaped, as in [`super::name`].

mod document;
mod extension;

use sha1::{Digest as _, Sha1};
use sha2::Sha256;

use super::name::Name;
use super::name::text::visible;
use super::public_key::{KeyMaterial, PublicKey};
use super::signing_request::SigningRequest;
use super::{AlgorithmIdentifier, Certificate, Version};
use crate::oid::{self, Oid};
pub use document::{describe_document, describe_request_document};

/// Most lines of one description. Real certificates have below 200.
pub const MAXIMUM_FIELDS: usize = 4096;

/// Most octets or characters shown of one value: an RSA modulus of 8192 bits.
pub const MAXIMUM_SHOWN: usize = 1024;

/// One line of a description. It belongs to the last line above that is less deep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Nesting, from 0.
    pub depth: u8,
    /// The name an administrator knows.
    pub label: String,
    /// The identifier, where the field has one.
    pub oid: Option<Oid>,
    /// The value as text; empty for a heading.
    pub value: String,
    /// For an extension: whether it is critical.
    pub critical: Option<bool>,
}

/// Every field and extension of `certificate`.
#[must_use]
pub fn describe(certificate: &Certificate) -> Vec<Field> {
    let mut lines = Lines::default();
    lines.plain(0, "Version", version(certificate.version));
    lines.plain(0, "Serial Number", octets(&certificate.serial_number));
    lines.algorithm("Signature Algorithm", &certificate.signed_algorithm);
    lines.name("IssuerDN", &certificate.issuer);
    lines.plain(0, "Start Date", certificate.validity.not_before.to_string());
    lines.plain(0, "Final Date", certificate.validity.not_after.to_string());
    lines.name("SubjectDN", &certificate.subject);
    lines.public_key(&certificate.public_key);
    if certificate.has_issuer_unique_id {
        lines.plain(0, "Issuer Unique Identifier", "present");
    }
    if certificate.has_subject_unique_id {
        lines.plain(0, "Subject Unique Identifier", "present");
    }
    extension::describe(&certificate.extensions, &mut lines);
    if certificate.signature_algorithm != certificate.signed_algorithm {
        lines.algorithm("Outer Signature Algorithm", &certificate.signature_algorithm);
    }
    lines.plain(0, "Signature", octets(&certificate.signature));
    lines.finish(&certificate.der)
}

/// Every field and extension of a request (RFC 2986 4), under the names that they have in a certificate, and the types of its
/// other attributes.
#[must_use]
pub fn describe_request(request: &SigningRequest) -> Vec<Field> {
    let mut lines = Lines::default();
    lines.plain(0, "Version", "1");
    lines.name("SubjectDN", &request.subject);
    lines.public_key(&request.public_key);
    for kind in request.attributes.iter().filter(|kind| **kind != oid::EXTENSION_REQUEST) {
        lines.identifier(0, "Attribute", kind);
    }
    extension::describe(&request.extensions, &mut lines);
    lines.algorithm("Signature Algorithm", &request.signature_algorithm);
    lines.plain(0, "Signature", octets(&request.signature));
    lines.finish(&request.der)
}

fn version(version: Version) -> &'static str {
    match version {
        Version::V1 => "1",
        Version::V2 => "2",
        Version::V3 => "3",
    }
}

/// The lines so far. What does not fit is counted.
#[derive(Default)]
struct Lines {
    fields: Vec<Field>,
    left_out: usize,
}

impl Lines {
    fn push(&mut self, field: Field) {
        if self.fields.len() < MAXIMUM_FIELDS {
            self.fields.push(field);
        } else {
            self.left_out = self.left_out.saturating_add(1);
        }
    }

    fn plain(&mut self, depth: u8, label: &str, value: impl Into<String>) {
        self.push(Field { depth, label: label.to_owned(), oid: None, value: value.into(), critical: None });
    }

    /// An identifier under `label`, with its short name as the value where it has one.
    fn identifier(&mut self, depth: u8, label: &str, oid: &Oid) {
        let value = oid::label(oid).map_or_else(|| oid.to_string(), str::to_owned);
        self.push(Field { depth, label: label.to_owned(), oid: Some(oid.clone()), value, critical: None });
    }

    fn algorithm(&mut self, label: &str, algorithm: &AlgorithmIdentifier) {
        self.identifier(0, label, &algorithm.algorithm);
        // NULL parameters say nothing.
        if let Some(parameters) = algorithm.parameters.as_deref().filter(|parameters| *parameters != [5, 0]) {
            self.plain(1, "Parameters", octets(parameters));
        }
    }

    fn name(&mut self, label: &str, name: &Name) {
        self.plain(0, label, cut(&name.to_string()));
        for attribute in name.rdns.iter().flat_map(|rdn| &rdn.attributes) {
            let label = oid::label(&attribute.kind).map_or_else(|| attribute.kind.to_string(), str::to_owned);
            let value = attribute.text.as_deref().map_or_else(|| octets(&attribute.value), text);
            self.push(Field { depth: 1, label, oid: Some(attribute.kind.clone()), value, critical: None });
        }
    }

    fn public_key(&mut self, key: &PublicKey) {
        let oid = Some(key.algorithm.algorithm.clone());
        self.push(Field {
            depth: 0,
            label: "Public Key".to_owned(),
            oid,
            value: key.describe(),
            critical: None,
        });
        match &key.material {
            KeyMaterial::Rsa { modulus, exponent, .. } => {
                self.plain(1, "Modulus", octets(modulus));
                self.plain(1, "Exponent", octets(exponent));
            }
            KeyMaterial::Dsa { y, parameters } => {
                self.plain(1, "Y", octets(y));
                if let Some(parameters) = parameters {
                    self.plain(1, "P", octets(&parameters.p));
                    self.plain(1, "Q", octets(&parameters.q));
                    self.plain(1, "G", octets(&parameters.g));
                }
            }
            _ => {
                if let Some(parameters) = &key.algorithm.parameters {
                    self.parameters(parameters);
                }
                self.plain(1, "Key Value", octets(&key.octets));
            }
        }
    }

    /// A named curve by its name; any other parameters as octets.
    fn parameters(&mut self, parameters: &[u8]) {
        match crate::der::Reader::new(parameters).oid("") {
            Ok(curve) => self.identifier(1, "Curve", &curve),
            Err(_) => self.plain(1, "Parameters", octets(parameters)),
        }
    }

    /// Closes with what was left out and with the fingerprints, which always fit.
    fn finish(mut self, der: &[u8]) -> Vec<Field> {
        let last = [
            ("…", format!("{} lines", self.left_out)),
            ("SHA-256 Fingerprint", octets(&Sha256::digest(der))),
            ("SHA-1 Fingerprint", octets(&Sha1::digest(der))),
        ];
        for (label, value) in last.into_iter().skip(usize::from(self.left_out == 0)) {
            self.fields.push(Field { depth: 0, label: label.to_owned(), oid: None, value, critical: None });
        }
        self.fields
    }
}

/// Hexadecimal, lower case; beyond [`MAXIMUM_SHOWN`] cut with the whole length behind it.
fn octets(octets: &[u8]) -> String {
    const DIGITS: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    let digit = |value: u8| DIGITS.get(usize::from(value & 0x0f)).copied();
    let shown = octets.iter().take(MAXIMUM_SHOWN);
    let mut out: String = shown.flat_map(|octet| [digit(octet >> 4), digit(*octet)]).flatten().collect();
    if octets.len() > MAXIMUM_SHOWN {
        out.push_str(&format!("… {} octets", octets.len()));
    }
    out
}

/// Text from the certificate, made visible and cut.
fn text(text: &str) -> String {
    let shown: String = text.chars().take(MAXIMUM_SHOWN.saturating_add(1)).collect();
    let shown = visible(&shown);
    if text.len() > MAXIMUM_SHOWN { cut_to(&shown, text.len()) } else { shown }
}

/// Text that is already visible, cut.
fn cut(visible: &str) -> String {
    if visible.len() > MAXIMUM_SHOWN { cut_to(visible, visible.len()) } else { visible.to_owned() }
}

fn cut_to(visible: &str, octets: usize) -> String {
    let mut out: String = visible.chars().take(MAXIMUM_SHOWN).collect();
    out.push_str(&format!("… {octets} octets"));
    out
}

#[cfg(test)]
mod tests;
