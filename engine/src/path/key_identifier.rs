//! authorityKeyIdentifier, subjectKeyIdentifier and the information access extensions: whether they are there
//! and in the form RFC 5280 4.2.1.1, 4.2.1.2, 4.2.2 and the baseline requirements ask for.

use super::Observation;
use crate::certificate::Certificate;
use crate::finding::{Code, Value};
use crate::oid;

/// Extensions that help to build paths are never critical. RFC 5280 4.2.1.1, 4.2.1.2, 4.2.2.1, 4.2.2.2.
#[must_use]
pub fn check_criticality(certificate: &Certificate) -> Vec<Observation> {
    let rules = [
        (oid::AUTHORITY_KEY_IDENTIFIER, Code::AuthorityKeyIdentifierCritical),
        (oid::SUBJECT_KEY_IDENTIFIER, Code::SubjectKeyIdentifierCritical),
        (oid::AUTHORITY_INFO_ACCESS, Code::InformationAccessCritical),
        (oid::SUBJECT_INFO_ACCESS, Code::InformationAccessCritical),
    ];
    let critical = rules.into_iter().filter(|(kind, _)| certificate.extensions.is_critical(kind));
    critical.map(|(kind, code)| (code, vec![("extension", Value::Oid(kind))])).collect()
}

/// A CA certificate has subjectKeyIdentifier. RFC 5280 4.2.1.2.
#[must_use]
pub fn check_subject_key_identifier(certificate: &Certificate) -> Vec<Observation> {
    let is_ca = certificate.extensions.basic_constraints.is_some_and(|constraints| constraints.ca);
    if is_ca && certificate.extensions.subject_key_identifier.is_none() {
        return vec![(Code::SubjectKeyIdentifierMissing, Vec::new())];
    }
    Vec::new()
}

/// A certificate that is not self-signed has authorityKeyIdentifier with keyIdentifier. RFC 5280 4.2.1.1. Whether a
/// self-issued one is self-signed shows at its issuer's key, in [`check_link`].
#[must_use]
pub fn check_authority_key_identifier(certificate: &Certificate) -> Vec<Observation> {
    missing_identifier(certificate, Code::AuthorityKeyIdentifierMissing)
}

/// The same for an anchor that another CA has signed. RFC 5280 4.2.1.1.
#[must_use]
pub fn check_anchor_authority_key_identifier(certificate: &Certificate) -> Vec<Observation> {
    missing_identifier(certificate, Code::AnchorAuthorityKeyIdentifierMissing)
}

fn missing_identifier(certificate: &Certificate, code: Code) -> Vec<Observation> {
    let identifier = &certificate.extensions.authority_key_identifier;
    let present = identifier.as_ref().is_some_and(|identifier| identifier.key_identifier.is_some());
    if present || certificate.is_self_issued() { Vec::new() } else { vec![(code, Vec::new())] }
}

/// A root's authorityKeyIdentifier, where present, is its own subjectKeyIdentifier (BR 7.1.2.1.3).
#[must_use]
pub fn check_root_authority_key_identifier(certificate: &Certificate) -> Vec<Observation> {
    let Some(identifier) = &certificate.extensions.authority_key_identifier else { return Vec::new() };
    let own = certificate.extensions.subject_key_identifier.as_ref();
    if !certificate.is_self_issued()
        || (identifier.key_identifier.is_some() && identifier.key_identifier.as_ref() == own)
    {
        return Vec::new();
    }
    let octets = |value: Option<&Vec<u8>>| Value::Octets(value.cloned().unwrap_or_default());
    let details = vec![("expected", octets(own)), ("presented", octets(identifier.key_identifier.as_ref()))];
    vec![(Code::AuthorityKeyIdentifierOfRoot, details)]
}

/// authorityCertIssuer and authorityCertSerialNumber are absent (BR 7.1.2.11.1).
#[must_use]
pub fn check_issuer_and_serial(certificate: &Certificate) -> Vec<Observation> {
    let identifier = &certificate.extensions.authority_key_identifier;
    let present = identifier
        .as_ref()
        .is_some_and(|identifier| identifier.issuer.is_some() || identifier.serial_number.is_some());
    if present { vec![(Code::AuthorityKeyIdentifierIssuerSerial, Vec::new())] } else { Vec::new() }
}

/// What the identifiers of a certificate say about the issuer whose key it verifies under.
#[must_use]
pub fn check_link(child: &Certificate, issuer: &Certificate) -> Vec<Observation> {
    [check_key_rollover(child, issuer), check_identifiers_match(child, issuer)].concat()
}

/// A self-issued certificate of another key is not self-signed, so that it has authorityKeyIdentifier as well.
/// RFC 5280 4.2.1.1.
fn check_key_rollover(child: &Certificate, issuer: &Certificate) -> Vec<Observation> {
    let identifier = child.extensions.authority_key_identifier.as_ref();
    let present = identifier.is_some_and(|identifier| identifier.key_identifier.is_some());
    let self_signed = child.public_key == issuer.public_key;
    if present || self_signed || !child.is_self_issued() {
        return Vec::new();
    }
    vec![(Code::AuthorityKeyIdentifierMissing, Vec::new())]
}

/// keyIdentifier is the issuer's subjectKeyIdentifier. A hint for building (RFC 5280 4.2.1.1): the signature
/// decides, so this only ever informs unless the settings say more.
fn check_identifiers_match(child: &Certificate, issuer: &Certificate) -> Vec<Observation> {
    let wanted =
        child.extensions.authority_key_identifier.as_ref().and_then(|aki| aki.key_identifier.as_ref());
    match (wanted, issuer.extensions.subject_key_identifier.as_ref()) {
        (Some(wanted), Some(offered)) if wanted != offered => {
            let details = vec![
                ("expected", Value::Octets(wanted.clone())),
                ("presented", Value::Octets(offered.clone())),
            ];
            vec![(Code::AuthorityKeyIdentifierMismatch, details)]
        }
        _ => Vec::new(),
    }
}
