//! Extensions of certificates and lists (RFC 5280 4.2, 5.2), each from a few words.

use engine_capsule::Name;

use crate::{der, name};

/// The words of keyUsage, in the order of their bits (RFC 5280 4.2.1.3).
pub const KEY_USAGES: [&str; 9] = [
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

/// The words of extKeyUsage, as policy documents have them, with their identifiers (RFC 5280 4.2.1.12).
pub const EXTENDED_KEY_USAGES: [(&str, &str); 10] = [
    ("any", "2.5.29.37.0"),
    ("serverAuth", "1.3.6.1.5.5.7.3.1"),
    ("clientAuth", "1.3.6.1.5.5.7.3.2"),
    ("codeSigning", "1.3.6.1.5.5.7.3.3"),
    ("emailProtection", "1.3.6.1.5.5.7.3.4"),
    ("ipsecEndSystem", "1.3.6.1.5.5.7.3.5"),
    ("timeStamping", "1.3.6.1.5.5.7.3.8"),
    ("OCSPSigning", "1.3.6.1.5.5.7.3.9"),
    ("ipsecIKE", "1.3.6.1.5.5.7.3.17"),
    ("cmcRA", "1.3.6.1.5.5.7.3.28"),
];

const OCSP_SIGNING: &str = "1.3.6.1.5.5.7.3.9";
const SUBJECT_KEY_IDENTIFIER: &[u8] = &[0x55, 0x1d, 0x0e];
const KEY_USAGE: &[u8] = &[0x55, 0x1d, 0x0f];
const SUBJECT_ALT_NAME: &[u8] = &[0x55, 0x1d, 0x11];
const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 0x13];
const CRL_NUMBER: &[u8] = &[0x55, 0x1d, 0x14];
const REASON_CODE: &[u8] = &[0x55, 0x1d, 0x15];
const NAME_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 0x1e];
const CRL_DISTRIBUTION_POINTS: &[u8] = &[0x55, 0x1d, 0x1f];
const CERTIFICATE_POLICIES: &[u8] = &[0x55, 0x1d, 0x20];
const AUTHORITY_KEY_IDENTIFIER: &[u8] = &[0x55, 0x1d, 0x23];
const EXTENDED_KEY_USAGE: &[u8] = &[0x55, 0x1d, 0x25];
const AUTHORITY_INFO_ACCESS: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 1, 1];
const ACCESS_BY_OCSP: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 0x30, 1];
const OCSP_NO_CHECK: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 0x30, 1, 5];

/// Whether an extension is critical.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Critical {
    /// It is.
    Yes,
    /// It is not.
    No,
}

/// Any extension, from the content of its identifier.
#[must_use]
pub fn any(kind: &[u8], critical: Critical, value: &[u8]) -> Vec<u8> {
    let critical = if critical == Critical::Yes { der::truth() } else { Vec::new() };
    der::sequence(&[der::oid(kind), critical, der::octets(value)])
}

/// basicConstraints of an authority.
#[must_use]
pub fn authority(path_length: Option<u8>) -> Vec<u8> {
    let length = path_length.map(|length| der::unsigned(&[length])).unwrap_or_default();
    any(BASIC_CONSTRAINTS, Critical::Yes, &der::sequence(&[der::truth(), length]))
}

/// keyUsage, by the numbers of its bits.
#[must_use]
pub fn key_usage(bits: &[u8]) -> Vec<u8> {
    any(KEY_USAGE, Critical::Yes, &der::named_bits(bits))
}

/// extKeyUsage, by the contents of identifiers.
#[must_use]
pub fn extended_key_usage(usages: &[Vec<u8>]) -> Vec<u8> {
    let usages: Vec<Vec<u8>> = usages.iter().map(|usage| der::oid(usage)).collect();
    any(EXTENDED_KEY_USAGE, Critical::No, &der::sequence(&usages))
}

/// extKeyUsage of who answers for an authority.
#[must_use]
pub fn ocsp_signing() -> Vec<u8> {
    extended_key_usage(&der::oid_content(OCSP_SIGNING).into_iter().collect::<Vec<_>>())
}

/// id-pkix-ocsp-nocheck (RFC 6960 4.2.2.2.1).
#[must_use]
pub fn ocsp_no_check() -> Vec<u8> {
    any(OCSP_NO_CHECK, Critical::No, &[0x05, 0])
}

/// subjectAltName.
#[must_use]
pub fn subject_alt_names(names: &[Name], critical: Critical) -> Vec<u8> {
    let names: Vec<Vec<u8>> = names.iter().map(name::general).collect();
    any(SUBJECT_ALT_NAME, critical, &der::sequence(&names))
}

/// authorityInfoAccess, where a responder is (RFC 5280 4.2.2.1).
#[must_use]
pub fn responder(uri: &str) -> Vec<u8> {
    let access = der::sequence(&[der::oid(ACCESS_BY_OCSP), der::element(0x86, uri.as_bytes())]);
    any(AUTHORITY_INFO_ACCESS, Critical::No, &der::sequence(&[access]))
}

/// cRLDistributionPoints, where a list is (RFC 5280 4.2.1.13).
#[must_use]
pub fn distribution_point(uri: &str) -> Vec<u8> {
    let full_name = der::context(0, &der::context(0, &der::element(0x86, uri.as_bytes())));
    any(CRL_DISTRIBUTION_POINTS, Critical::No, &der::sequence(&[der::sequence(&[full_name])]))
}

/// certificatePolicies, by the contents of identifiers (RFC 5280 4.2.1.4).
#[must_use]
pub fn policies(policies: &[Vec<u8>]) -> Vec<u8> {
    let policies: Vec<Vec<u8>> = policies.iter().map(|policy| der::sequence(&[der::oid(policy)])).collect();
    any(CERTIFICATE_POLICIES, Critical::No, &der::sequence(&policies))
}

/// nameConstraints, by the bases of subtrees (RFC 5280 4.2.1.10).
#[must_use]
pub fn name_constraints(permitted: &[Vec<u8>], excluded: &[Vec<u8>]) -> Vec<u8> {
    let subtrees = |number: u8, bases: &[Vec<u8>]| {
        let subtrees: Vec<Vec<u8>> =
            bases.iter().map(|base| der::sequence(std::slice::from_ref(base))).collect();
        if subtrees.is_empty() { Vec::new() } else { der::context(number, &subtrees.concat()) }
    };
    let value = der::sequence(&[subtrees(0, permitted), subtrees(1, excluded)]);
    any(NAME_CONSTRAINTS, Critical::Yes, &value)
}

/// subjectKeyIdentifier.
#[must_use]
pub fn subject_key_identifier(identifier: &[u8]) -> Vec<u8> {
    any(SUBJECT_KEY_IDENTIFIER, Critical::No, &der::octets(identifier))
}

/// authorityKeyIdentifier.
#[must_use]
pub fn authority_key_identifier(identifier: &[u8]) -> Vec<u8> {
    let value = der::sequence(&[der::element(0x80, identifier)]);
    any(AUTHORITY_KEY_IDENTIFIER, Critical::No, &value)
}

/// cRLNumber 1 (RFC 5280 5.2.3).
#[must_use]
pub fn crl_number() -> Vec<u8> {
    any(CRL_NUMBER, Critical::No, &der::small(1))
}

/// reasonCode of an entry (RFC 5280 5.3.1).
#[must_use]
pub fn reason_code(number: u8) -> Vec<u8> {
    any(REASON_CODE, Critical::No, &der::element(0x0a, &[number]))
}
