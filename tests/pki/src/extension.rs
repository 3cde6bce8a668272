//! The values of the certificate extensions (RFC 5280 4.2), written as told, and their short names.

use crate::{der, name};

/// Short names of the extensions that a sketch knows.
pub const NAMES: &[(&str, &str)] = &[
    ("subjectKeyIdentifier", "2.5.29.14"),
    ("keyUsage", "2.5.29.15"),
    ("subjectAltName", "2.5.29.17"),
    ("issuerAltName", "2.5.29.18"),
    ("basicConstraints", "2.5.29.19"),
    ("cRLNumber", "2.5.29.20"),
    ("cRLReason", "2.5.29.21"),
    ("invalidityDate", "2.5.29.24"),
    ("deltaCRLIndicator", "2.5.29.27"),
    ("issuingDistributionPoint", "2.5.29.28"),
    ("certificateIssuer", "2.5.29.29"),
    ("nameConstraints", "2.5.29.30"),
    ("cRLDistributionPoints", "2.5.29.31"),
    ("certificatePolicies", "2.5.29.32"),
    ("policyMappings", "2.5.29.33"),
    ("authorityKeyIdentifier", "2.5.29.35"),
    ("policyConstraints", "2.5.29.36"),
    ("extKeyUsage", "2.5.29.37"),
    ("freshestCRL", "2.5.29.46"),
    ("inhibitAnyPolicy", "2.5.29.54"),
    ("authorityInfoAccess", "1.3.6.1.5.5.7.1.1"),
    ("subjectInfoAccess", "1.3.6.1.5.5.7.1.11"),
    ("ocspNoCheck", "1.3.6.1.5.5.7.48.1.5"),
];

/// Key usage bits in the order of RFC 5280 4.2.1.3.
const KEY_USAGES: &[&str] = &[
    "digitalSignature",
    "nonRepudiation",
    "keyEncipherment",
    "dataEncipherment",
    "keyAgreement",
    "keyCertSign",
    "cRLSign",
    "encipherOnly",
    "decipherOnly",
];

const PURPOSES: &[(&str, &str)] = &[
    ("any", "2.5.29.37.0"),
    ("serverAuth", "1.3.6.1.5.5.7.3.1"),
    ("clientAuth", "1.3.6.1.5.5.7.3.2"),
    ("codeSigning", "1.3.6.1.5.5.7.3.3"),
    ("emailProtection", "1.3.6.1.5.5.7.3.4"),
    ("ipsecEndSystem", "1.3.6.1.5.5.7.3.5"),
    ("timeStamping", "1.3.6.1.5.5.7.3.8"),
    ("OCSPSigning", "1.3.6.1.5.5.7.3.9"),
    ("ipsecIKE", "1.3.6.1.5.5.7.3.17"),
];

/// One extension: dotted type, criticality, content of extnValue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    /// Its type, dotted decimal.
    pub kind: String,
    /// Whether it is critical.
    pub critical: bool,
    /// The content of extnValue.
    pub value: Vec<u8>,
}

impl Extension {
    /// An extension by short name or dotted decimal.
    #[must_use]
    pub fn new(kind: &str, critical: bool, value: Vec<u8>) -> Self {
        Self { kind: dotted(kind), critical, value }
    }

    /// The whole encoding; criticality is left out when false, as DER wants of a default.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut parts = vec![der::oid(&self.kind)];
        parts.extend(self.critical.then(|| der::boolean(true)));
        parts.push(der::octet_string(&self.value));
        der::sequence(&parts)
    }
}

/// The dotted decimal of a short name; anything else is taken to be dotted decimal.
#[must_use]
pub fn dotted(kind: &str) -> String {
    NAMES.iter().find(|(short, _)| *short == kind).map_or(kind, |(_, dotted)| dotted).to_owned()
}

/// basicConstraints.
#[must_use]
pub fn basic_constraints(ca: Option<bool>, path_length: Option<&[u8]>) -> Vec<u8> {
    let mut parts = Vec::new();
    parts.extend(ca.map(der::boolean));
    parts.extend(path_length.map(der::integer));
    der::sequence(&parts)
}

/// keyUsage from the RFC's words.
#[must_use]
pub fn key_usage(words: &[&str]) -> Vec<u8> {
    let bit = |word: &&str| {
        let found = KEY_USAGES.iter().position(|known| known == word);
        u32::try_from(found.unwrap_or_else(|| panic!("no key usage is called {word}"))).expect("below nine")
    };
    der::named_bits(&words.iter().map(bit).collect::<Vec<_>>())
}

/// extKeyUsage from words or dotted decimals.
#[must_use]
pub fn extended_key_usage(words: &[&str]) -> Vec<u8> {
    let purpose = |word: &&str| {
        der::oid(PURPOSES.iter().find(|(known, _)| known == word).map_or(word, |(_, dotted)| dotted))
    };
    der::sequence(&words.iter().map(purpose).collect::<Vec<_>>())
}

/// A list of general names given as whole encodings, as in subjectAltName.
#[must_use]
pub fn general_names(encodings: &[Vec<u8>]) -> Vec<u8> {
    der::sequence(encodings)
}

/// nameConstraints from general names (as [`name::general`] reads them).
#[must_use]
pub fn name_constraints(permitted: &[String], excluded: &[String]) -> Vec<u8> {
    let trees = |number: u8, bases: &[String]| {
        let trees: Vec<Vec<u8>> = bases.iter().map(|base| der::sequence(&[name::general(base)])).collect();
        (!bases.is_empty()).then(|| der::implicit_constructed(number, &trees.concat()))
    };
    let parts: Vec<Vec<u8>> = trees(0, permitted).into_iter().chain(trees(1, excluded)).collect();
    der::sequence(&parts)
}

/// certificatePolicies without qualifiers; `any` stands for anyPolicy.
#[must_use]
pub fn certificate_policies(policies: &[String]) -> Vec<u8> {
    let information = |policy: &String| der::sequence(&[der::oid(policy_oid(policy))]);
    der::sequence(&policies.iter().map(information).collect::<Vec<_>>())
}

/// policyMappings: pairs of issuer domain and subject domain policy.
#[must_use]
pub fn policy_mappings(pairs: &[(String, String)]) -> Vec<u8> {
    let pair = |(issuer, subject): &(String, String)| {
        der::sequence(&[der::oid(policy_oid(issuer)), der::oid(policy_oid(subject))])
    };
    der::sequence(&pairs.iter().map(pair).collect::<Vec<_>>())
}

fn policy_oid(policy: &str) -> &str {
    if policy == "any" { "2.5.29.32.0" } else { policy }
}

/// policyConstraints.
#[must_use]
pub fn policy_constraints(explicit: Option<u32>, mapping: Option<u32>) -> Vec<u8> {
    let skip = |number: u8, certificates: u32| {
        let integer = der::number(certificates.into());
        der::implicit(number, &integer[2..])
    };
    let parts = explicit.map(|skipped| skip(0, skipped)).into_iter();
    der::sequence(&parts.chain(mapping.map(|skipped| skip(1, skipped))).collect::<Vec<_>>())
}

/// inhibitAnyPolicy.
#[must_use]
pub fn inhibit_any_policy(certificates: u32) -> Vec<u8> {
    der::number(certificates.into())
}

/// authorityKeyIdentifier with keyIdentifier alone.
#[must_use]
pub fn authority_key_identifier(identifier: &[u8]) -> Vec<u8> {
    der::sequence(&[der::implicit(0, identifier)])
}

/// authorityKeyIdentifier with issuer and serial number as well.
#[must_use]
pub fn authority_key_identifier_with_serial(identifier: &[u8], issuer: &[u8], serial: &[u8]) -> Vec<u8> {
    der::sequence(&[
        der::implicit(0, identifier),
        der::implicit_constructed(1, &der::explicit(4, issuer)),
        der::implicit(2, serial),
    ])
}

/// authorityInfoAccess or subjectInfoAccess with one access description of a URI.
#[must_use]
pub fn information_access(method: &str, uri: &str) -> Vec<u8> {
    der::sequence(&[der::sequence(&[der::oid(method), name::uri(uri)])])
}
