//! What was signed: decoding only, no judgement. [`Certificate::decode`] reads a certificate once and whole
//! (RFC 5280 4.1), known extensions included, so that no later stage parses bytes again.

pub mod bundle;
pub mod describe;
pub mod extension;
pub mod general_name;
pub mod key_usage;
pub mod name;
pub mod name_syntax;
pub mod public_key;

use std::ops::Range;

use crate::oid::Oid;
use crate::time::{Instant, TimeForm};
use extension::Extensions;
use name::Name;
use public_key::PublicKey;

/// A decoded certificate. Its existence means that every field and every known extension is well-formed DER
/// of the right type; it says nothing about truth or trust.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// The whole encoding.
    pub der: Vec<u8>,
    /// SHA-256 of the whole encoding.
    pub fingerprint: [u8; 32],
    /// Version, RFC 5280 4.1.2.1.
    pub version: Version,
    /// The content octets of serialNumber, as encoded: minimal two's complement, any sign.
    pub serial_number: Vec<u8>,
    /// The `signature` field inside the signed part.
    pub signed_algorithm: AlgorithmIdentifier,
    /// Issuer distinguished name.
    pub issuer: Name,
    /// notBefore and notAfter.
    pub validity: Validity,
    /// Subject distinguished name; may be empty.
    pub subject: Name,
    /// The subject's public key, with its encoding.
    pub public_key: PublicKey,
    /// issuerUniqueID is present.
    pub has_issuer_unique_id: bool,
    /// subjectUniqueID is present.
    pub has_subject_unique_id: bool,
    /// The extensions, raw and decoded.
    pub extensions: Extensions,
    /// The signatureAlgorithm field outside the signed part.
    pub signature_algorithm: AlgorithmIdentifier,
    /// The signature's octets.
    pub signature: Vec<u8>,
    /// Where the signed part lies in `der`, tag and length included.
    signed_part: Range<usize>,
}

/// Version of a certificate, RFC 5280 4.1.2.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Version {
    /// v1, the DEFAULT.
    V1,
    /// v2.
    V2,
    /// v3.
    V3,
}

/// The validity period and the forms it was written in, RFC 5280 4.1.2.5.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Validity {
    /// First moment of validity, inclusive.
    pub not_before: Instant,
    /// ASN.1 form of `not_before`.
    pub not_before_form: TimeForm,
    /// Last moment of validity, inclusive.
    pub not_after: Instant,
    /// ASN.1 form of `not_after`.
    pub not_after_form: TimeForm,
}

/// An algorithm and its parameters, undecoded, RFC 5280 4.1.1.2.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlgorithmIdentifier {
    /// The algorithm.
    pub algorithm: Oid,
    /// The whole encoding of the parameters; `None` when absent.
    pub parameters: Option<Vec<u8>>,
}

impl Certificate {
    /// The signed part, exactly as it stands in the input.
    #[must_use]
    pub fn signed_part(&self) -> &[u8] {
        self.der.get(self.signed_part.clone()).unwrap_or_default()
    }

    /// Issuer and subject are the same name (RFC 5280 3.2, 6.1): self-issued, which says nothing about keys.
    #[must_use]
    pub fn is_self_issued(&self) -> bool {
        self.issuer == self.subject
    }
}
