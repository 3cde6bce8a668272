//! What the administrator chose. Every stage reads it, none changes it; a combination that makes no sense
//! cannot be built, because [`Settings`] come only from a [`profile`] or a policy [`document`].

pub mod algorithm;
pub mod revocation;
pub mod periodic;
pub mod management;
pub mod monitoring;
pub mod custom;
pub mod profile;
pub mod fips;
mod common_criteria;
mod held;
mod hearing;
pub mod document;

use std::collections::BTreeSet;

use crate::budget::Limits;
use crate::finding::Levels;
use crate::oid::Oid;
use algorithm::{KeyKind, SignatureAlgorithm};
use custom::CustomRule;
use management::ManagementSettings;
use monitoring::MonitoringSettings;
use periodic::PeriodicSettings;
use revocation::{CrlSettings, OcspSettings, RevocationSettings};

pub use profile::{Profile, Strictness};

/// Everything an administrator may choose, checked as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Settings {
    /// The profile that the rest started from.
    pub profile: Profile,
    /// Whether Common Criteria mode is on.
    pub mode: Mode,
    /// Whether algorithms are narrowed to those of FIPS 186-5 and FIPS 204.
    pub fips: Fips,
    /// How much of a profile's form rules refuses, where its standard is commonly relaxed.
    pub strictness: Strictness,
    /// The level of every rule.
    pub levels: Levels,
    /// Work limits.
    pub limits: Limits,
    /// Inputs of RFC 5280 6.1.1 and the longest path.
    pub path: PathSettings,
    /// What of an anchor's certificate is enforced.
    pub anchors: AnchorSettings,
    /// Accepted algorithms and key sizes.
    pub algorithms: AlgorithmSettings,
    /// How presented identifiers are matched.
    pub names: NameSettings,
    /// Whose revocation is asked about, and where.
    pub revocation: RevocationSettings,
    /// How OCSP is asked and believed.
    pub ocsp: OcspSettings,
    /// Where CRLs come from and how far they are believed.
    pub crl: CrlSettings,
    /// When certificates in use are checked again.
    pub periodic: PeriodicSettings,
    /// What of our own is managed beside the product's purposes, and how requests are made.
    pub management: ManagementSettings,
    /// How what expires is watched.
    pub monitoring: MonitoringSettings,
    /// The purposes that can be asked for, in the order of the document.
    pub purposes: Vec<Purpose>,
    /// Rules of the deployment's own, in the order of the document.
    pub rules: Vec<CustomRule>,
}

/// Whether the rules that Common Criteria evaluations add are in force (D-1, D-2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mode {
    /// They are not.
    Standard,
    /// They are: whatever is refused without them is refused with them too.
    CommonCriteria,
}

/// Whether the FIPS algorithm profile is in force (D-2, D-13). Common Criteria mode brings it along.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fips {
    /// It is not.
    Off,
    /// It is: see [`fips`].
    On,
}

/// What becomes of a certificate whose issuer nobody has given. Asking opens addresses that a certificate names whose
/// signature nobody has verified yet, so that it is off by default (attack case F-01).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MissingIssuer {
    /// No path is found.
    Refuse,
    /// The issuer is asked for at the first caIssuers URIs.
    Ask,
}

/// Inputs (c) to (g) of RFC 5280 6.1.1, the longest accepted path, and how far issuers are looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathSettings {
    /// Whether a missing issuer is asked for where the certificate says that it is (RFC 5280 4.2.2.1).
    pub missing_issuer: MissingIssuer,
    /// Most intermediate certificates that are not self-issued.
    pub maximum_intermediates: u32,
    /// user-initial-policy-set; holding anyPolicy means any.
    pub initial_policy_set: BTreeSet<Oid>,
    /// initial-explicit-policy.
    pub explicit_policy: bool,
    /// initial-policy-mapping-inhibit.
    pub inhibit_policy_mapping: bool,
    /// initial-any-policy-inhibit.
    pub inhibit_any_policy: bool,
}

/// What of a trust anchor's certificate is enforced, beyond its name and key (RFC 5280 6.1.1 (d), RFC 5937).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnchorSettings {
    /// Its validity period.
    pub validity: bool,
    /// Its constraints: path length, names, policies, usages (RFC 5937).
    pub constraints: bool,
    /// The form rules that every CA certificate must meet.
    pub form: bool,
}

/// Accepted algorithms and key sizes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlgorithmSettings {
    /// Accepted signature algorithms.
    pub signatures: BTreeSet<SignatureAlgorithm>,
    /// Accepted kinds of key, in every certificate of a path.
    pub keys: BTreeSet<KeyKind>,
    /// Shortest RSA modulus, in bits.
    pub rsa_minimum_bits: u32,
    /// Longest RSA modulus, in bits; at most 8192.
    pub rsa_maximum_bits: u32,
    /// Shortest DSA prime p, in bits.
    pub dsa_minimum_bits: u32,
}

/// How presented identifiers are matched with the reference identifier (RFC 9525).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NameSettings {
    /// Whether a wildcard may stand for the whole left-most label (RFC 9525 6.3).
    pub wildcards: Wildcards,
    /// Whether the common name is looked at when there is no subjectAltName at all. RFC 9525 2 says no.
    pub common_name_fallback: bool,
}

/// What a `*` in a presented DNS identifier may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wildcards {
    /// It stands for the whole left-most label, with at least two labels after it.
    LeftmostLabel,
    /// It never matches.
    Refuse,
}

/// A purpose a certificate can be asked about: which usages it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Purpose {
    /// The name used in requests, such as `server-auth`.
    pub name: String,
    /// The extended key usage it needs; `None` for a purpose that asks for none.
    pub extended_key_usage: Option<Oid>,
    /// The key usages of which one is needed where keyUsage is present; empty asks for none.
    pub key_usage_any_of: Vec<KeyUsageBit>,
}

/// One bit of keyUsage, numbered as in RFC 5280 4.2.1.3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum KeyUsageBit {
    /// digitalSignature (0).
    DigitalSignature = 0,
    /// nonRepudiation or contentCommitment (1).
    NonRepudiation = 1,
    /// keyEncipherment (2).
    KeyEncipherment = 2,
    /// dataEncipherment (3).
    DataEncipherment = 3,
    /// keyAgreement (4).
    KeyAgreement = 4,
    /// keyCertSign (5).
    KeyCertSign = 5,
    /// cRLSign (6).
    CrlSign = 6,
    /// encipherOnly (7).
    EncipherOnly = 7,
    /// decipherOnly (8).
    DecipherOnly = 8,
}

impl KeyUsageBit {
    /// Every bit in its order, with the RFC's word for it.
    pub const ALL: [(Self, &'static str); 9] = [
        (Self::DigitalSignature, "digitalSignature"),
        (Self::NonRepudiation, "nonRepudiation"),
        (Self::KeyEncipherment, "keyEncipherment"),
        (Self::DataEncipherment, "dataEncipherment"),
        (Self::KeyAgreement, "keyAgreement"),
        (Self::KeyCertSign, "keyCertSign"),
        (Self::CrlSign, "cRLSign"),
        (Self::EncipherOnly, "encipherOnly"),
        (Self::DecipherOnly, "decipherOnly"),
    ];

    /// The RFC's word for this bit.
    #[must_use]
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(bit, _)| *bit == self).map_or("", |(_, word)| word)
    }
}

impl Settings {
    /// The purpose called `name`.
    #[must_use]
    pub fn purpose(&self, name: &str) -> Option<&Purpose> {
        self.purposes.iter().find(|purpose| purpose.name == name)
    }
}
