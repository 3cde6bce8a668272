//! What the form of a request or of a self-signed certificate offers, and requests that wait for their certificates.

use serde::Deserialize;

/// What a form offers for a purpose and a node.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Offer {
    /// The one key type: `rsa` or `ec`.
    pub(crate) key_type: String,
    /// Key lengths, each with the hashes that go with it.
    pub(crate) lengths: Vec<Length>,
    /// The host names are shown.
    pub(crate) names: bool,
    /// The years of validity, the first chosen beforehand; none for a request.
    pub(crate) years: Vec<u32>,
    /// The common name that is shown before anything is entered.
    pub(crate) common_name: Option<String>,
}

/// A key length.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub(crate) struct Length {
    /// In bits.
    pub(crate) bits: u32,
    /// The hashes that go with it.
    pub(crate) hashes: Vec<String>,
}

impl Offer {
    /// The hashes that go with a length.
    pub(crate) fn hashes(&self, bits: &str) -> &[String] {
        let length = self.lengths.iter().find(|length| length.bits.to_string() == bits);
        length.map_or(&[], |length| &length.hashes)
    }
}

/// Requests that wait.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub(crate) struct Pending {
    /// By purpose and node.
    pub(crate) items: Vec<Request>,
}

/// A request.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub(crate) struct Request {
    /// The purpose.
    pub(crate) purpose: String,
    /// The node; none for many servers.
    pub(crate) node: Option<String>,
    /// SHA-256 of its public key, in hexadecimal.
    pub(crate) key: String,
    /// It, as PEM.
    pub(crate) pem: String,
}
