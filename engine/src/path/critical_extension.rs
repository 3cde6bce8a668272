//! Critical extensions must be processed (RFC 5280 6.1.4 (o), 6.1.5 (f)).

use super::Observation;
use crate::certificate::Certificate;
use crate::finding::{Code, Value};
use crate::oid::{self, Oid};

/// Extensions that some rule of this engine processes, or that say nothing a path depends on once decoded.
/// cRLDistributionPoints and freshestCRL say where status is found; they restrict nothing.
const PROCESSED: [Oid; 17] = [
    oid::AUTHORITY_KEY_IDENTIFIER,
    oid::SUBJECT_KEY_IDENTIFIER,
    oid::KEY_USAGE,
    oid::CERTIFICATE_POLICIES,
    oid::POLICY_MAPPINGS,
    oid::SUBJECT_ALT_NAME,
    oid::ISSUER_ALT_NAME,
    oid::BASIC_CONSTRAINTS,
    oid::NAME_CONSTRAINTS,
    oid::POLICY_CONSTRAINTS,
    oid::EXTENDED_KEY_USAGE,
    oid::CRL_DISTRIBUTION_POINTS,
    oid::FRESHEST_CRL,
    oid::INHIBIT_ANY_POLICY,
    oid::AUTHORITY_INFO_ACCESS,
    oid::SUBJECT_INFO_ACCESS,
    oid::OCSP_NO_CHECK,
];

/// Some rule of this engine processes this extension, or nothing depends on it.
#[must_use]
pub fn is_processed(kind: &Oid) -> bool {
    PROCESSED.contains(kind)
}

/// How many are told: one refuses, and a certificate may hold thousands (attack case D-25).
const MAXIMUM_TOLD: usize = 8;

/// Every critical extension is one that is processed. RFC 5280 6.1.4 (o), 6.1.5 (f).
#[must_use]
pub fn check_critical_extensions(certificate: &Certificate) -> Vec<Observation> {
    let unknown = certificate
        .extensions
        .all
        .iter()
        .filter(|extension| extension.critical && !is_processed(&extension.kind));
    unknown
        .take(MAXIMUM_TOLD)
        .map(|extension| {
            (Code::UnknownCriticalExtension, vec![("extension", Value::Oid(extension.kind.clone()))])
        })
        .collect()
}
