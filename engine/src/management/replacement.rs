//! One certificate for each entity in a trust store: what happens to the ones that are there when another comes
//! (R-TS-12 to R-TS-21, D-8). [`decide`] is the whole rule; the rest says what people have to know about it.

use super::cluster::Entry;
use super::code::ManagementCode;
use super::entity::common_name;
use crate::certificate::Certificate;
use crate::finding::Value;
use crate::order;
use crate::time::Instant;

/// What becomes of a certificate that is put into a store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Replacement {
    /// The entity has no certificate there: it is put in.
    Add,
    /// It is there already: nothing is done.
    Keep,
    /// It takes the place of these.
    Replace {
        /// SHA-256 of each.
        replaced: Vec<[u8; 32]>,
    },
    /// It is not put in.
    Refuse(ManagementCode),
}

/// Decides about `incoming` where `existing` are the certificates of the store; those of other entities do not matter.
/// Serial numbers are compared as encoded, which is minimal; a certificate that begins at the same moment is not newer.
#[must_use]
pub fn decide(existing: &[&Entry], incoming: &Certificate) -> Replacement {
    let entity = existing.iter().filter(|entry| entry.certificate.subject == incoming.subject);
    let (same, others): (Vec<&Entry>, Vec<&Entry>) =
        entity.copied().partition(|entry| entry.certificate.fingerprint == incoming.fingerprint);
    // R-TS-13: of one entity, one serial number is one certificate.
    if others.iter().any(|entry| entry.certificate.serial_number == incoming.serial_number) {
        return Replacement::Refuse(ManagementCode::ReplacementSerialCollision);
    }
    // R-TS-14, R-TS-15.
    let start = incoming.validity.not_before;
    if others.iter().any(|entry| entry.certificate.validity.not_before >= start) {
        return Replacement::Refuse(ManagementCode::ReplacementNotNewer);
    }
    match (same.is_empty(), others.is_empty()) {
        (true, true) => Replacement::Add,
        (false, true) => Replacement::Keep,
        (_, false) => {
            let replaced = order::set(others.iter().map(|entry| entry.certificate.fingerprint));
            Replacement::Replace { replaced: replaced.into_iter().collect() }
        }
    }
}

/// The two certificates side by side, as a finding shows them.
#[must_use]
pub fn compare(existing: &Certificate, incoming: &Certificate) -> Vec<(&'static str, Value)> {
    let signed = |certificate: &Certificate| {
        let algorithm = &certificate.signature_algorithm.algorithm;
        Value::Text(crate::oid::label(algorithm).map_or_else(|| algorithm.to_string(), str::to_owned))
    };
    vec![
        ("subject", Value::Text(incoming.subject.to_string())),
        ("existing", Value::Octets(existing.fingerprint.to_vec())),
        ("existingSerialNumber", Value::Octets(existing.serial_number.clone())),
        ("existingNotBefore", Value::Time(existing.validity.not_before)),
        ("existingAlgorithm", signed(existing)),
        ("serialNumber", Value::Octets(incoming.serial_number.clone())),
        ("notBefore", Value::Time(incoming.validity.not_before)),
        ("algorithm", signed(incoming)),
    ]
}

/// R-TS-22: common names that tell a new certificate from the one that is there, by generation and by year.
#[must_use]
pub fn suggest_names(certificate: &Certificate, at: Instant) -> Vec<(&'static str, Value)> {
    let name = common_name(&certificate.subject).unwrap_or("CA");
    let date = at.to_string();
    let year = date.split('-').next().unwrap_or_default();
    vec![
        ("found", Value::text(name)),
        ("accepted", Value::Text(format!("{name}-G2"))),
        ("accepted", Value::Text(format!("{name}-{year}"))),
    ]
}

#[cfg(test)]
mod tests;
