//! keyUsage and extendedKeyUsage along the path (RFC 5280 4.2.1.3, 4.2.1.12, 6.1.4 (n)).

use super::Observation;
use crate::certificate::Certificate;
use crate::finding::{Code, Value};
use crate::oid::{self, Oid};
use crate::settings::{KeyUsageBit, Purpose};

/// An issuer that has keyUsage asserts keyCertSign. RFC 5280 6.1.4 (n).
#[must_use]
pub fn check_cert_sign(certificate: &Certificate) -> Vec<Observation> {
    cert_sign(certificate, Code::CertSignMissing)
}

/// The same for the trust anchor's certificate. RFC 5280 4.2.1.3, RFC 5937 3.
#[must_use]
pub fn check_anchor_cert_sign(certificate: &Certificate) -> Vec<Observation> {
    cert_sign(certificate, Code::AnchorCertSignMissing)
}

fn cert_sign(certificate: &Certificate, code: Code) -> Vec<Observation> {
    match certificate.extensions.key_usage {
        Some(usage) if !usage.has(KeyUsageBit::KeyCertSign) => {
            vec![(code, vec![("presented", usages(certificate))])]
        }
        _ => Vec::new(),
    }
}

/// keyUsage is in a CA certificate, asserts something, and keyCertSign goes with cA. RFC 5280 4.2.1.3.
#[must_use]
pub fn check_key_usage_form(certificate: &Certificate) -> Vec<Observation> {
    let is_ca = certificate.extensions.basic_constraints.is_some_and(|constraints| constraints.ca);
    match certificate.extensions.key_usage {
        None if is_ca => vec![(Code::KeyUsageMissing, Vec::new())],
        Some(usage) if usage.bits().next().is_none() => vec![(Code::KeyUsageEmpty, Vec::new())],
        Some(usage) if usage.has(KeyUsageBit::KeyCertSign) && !is_ca => {
            vec![(Code::CertSignWithoutCa, vec![("presented", usages(certificate))])]
        }
        _ => Vec::new(),
    }
}

/// The target may be used for the purpose: both usages allow it. RFC 5280 4.2.1.12.
#[must_use]
pub fn check_target_purpose(certificate: &Certificate, purpose: &Purpose) -> Vec<Observation> {
    let mut observed = key_usage_for(certificate, purpose);
    if let Some(needed) = &purpose.extended_key_usage {
        observed.extend(match presented(certificate, needed) {
            Presented::Absent => vec![(Code::ExtendedKeyUsageMissing, vec![("needed", shown(needed))])],
            Presented::ByAny => vec![(Code::ExtendedKeyUsageAny, needed_and_presented(certificate, needed))],
            Presented::Other => {
                vec![(Code::ExtendedKeyUsageNotForPurpose, needed_and_presented(certificate, needed))]
            }
            Presented::ByName => Vec::new(),
        });
    }
    observed
}

/// An issuer that has extKeyUsage restricts what it issues to those usages, as every implementation in use
/// reads RFC 5280 4.2.1.12.
#[must_use]
pub fn check_issuer_purpose(certificate: &Certificate, purpose: &Purpose) -> Vec<Observation> {
    let Some(needed) = &purpose.extended_key_usage else { return Vec::new() };
    match presented(certificate, needed) {
        Presented::Absent => vec![(Code::ExtendedKeyUsageMissingInIssuer, vec![("needed", shown(needed))])],
        Presented::ByName => Vec::new(),
        Presented::ByAny => {
            vec![(Code::ExtendedKeyUsageAnyOfIssuer, needed_and_presented(certificate, needed))]
        }
        Presented::Other => vec![(Code::ExtendedKeyUsageOfIssuer, needed_and_presented(certificate, needed))],
    }
}

/// The same for the trust anchor's certificate, which need not have the extension. RFC 5937 3.
#[must_use]
pub fn check_anchor_purpose(certificate: &Certificate, purpose: &Purpose) -> Vec<Observation> {
    match certificate.extensions.extended_key_usage {
        Some(_) => check_issuer_purpose(certificate, purpose),
        None => Vec::new(),
    }
}

/// extKeyUsage of a subscriber certificate is not critical (BR 7.1.2.7.6).
#[must_use]
pub fn check_extended_key_usage_form(certificate: &Certificate) -> Vec<Observation> {
    if certificate.extensions.is_critical(&oid::EXTENDED_KEY_USAGE) {
        vec![(Code::ExtendedKeyUsageCritical, Vec::new())]
    } else {
        Vec::new()
    }
}

/// A root certificate has no extKeyUsage (BR 7.1.2.1.2).
#[must_use]
pub fn check_root_extended_key_usage(certificate: &Certificate) -> Vec<Observation> {
    match &certificate.extensions.extended_key_usage {
        Some(list) => vec![(Code::ExtendedKeyUsageOfRoot, vec![("presented", listed(list))])],
        None => Vec::new(),
    }
}

enum Presented {
    Absent,
    ByAny,
    ByName,
    Other,
}

/// Whole identifiers are compared, never prefixes (attack case O-07).
fn presented(certificate: &Certificate, needed: &Oid) -> Presented {
    match &certificate.extensions.extended_key_usage {
        None => Presented::Absent,
        Some(list) if list.contains(needed) => Presented::ByName,
        Some(list) if list.contains(&oid::ANY_EXTENDED_KEY_USAGE) => Presented::ByAny,
        Some(_) => Presented::Other,
    }
}

fn key_usage_for(certificate: &Certificate, purpose: &Purpose) -> Vec<Observation> {
    let wanted = &purpose.key_usage_any_of;
    match certificate.extensions.key_usage {
        Some(usage) if !wanted.is_empty() && !wanted.iter().any(|bit| usage.has(*bit)) => {
            let needed = wanted.iter().map(|bit| bit.word()).collect::<Vec<_>>().join(", ");
            let details = vec![("needed", Value::text(needed)), ("presented", usages(certificate))];
            vec![(Code::KeyUsageNotForPurpose, details)]
        }
        _ => Vec::new(),
    }
}

fn usages(certificate: &Certificate) -> Value {
    let usage = certificate.extensions.key_usage.unwrap_or_default();
    Value::text(usage.bits().map(KeyUsageBit::word).collect::<Vec<_>>().join(", "))
}

fn shown(usage: &Oid) -> Value {
    Value::text(oid::label(usage).map_or_else(|| usage.to_string(), str::to_owned))
}

fn needed_and_presented(certificate: &Certificate, needed: &Oid) -> Vec<(&'static str, Value)> {
    let list = certificate.extensions.extended_key_usage.as_deref().unwrap_or_default();
    vec![("needed", shown(needed)), ("presented", listed(list))]
}

/// At most eight usages are shown: a hostile certificate does not decide how long a verdict is.
fn listed(list: &[Oid]) -> Value {
    let label = |usage: &Oid| oid::label(usage).map_or_else(|| usage.to_string(), str::to_owned);
    let mut words: Vec<String> = list.iter().take(8).map(label).collect();
    if list.len() > 8 {
        words.push(format!("and {} more", list.len().saturating_sub(8)));
    }
    Value::text(words.join(", "))
}
