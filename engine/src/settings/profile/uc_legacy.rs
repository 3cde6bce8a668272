//! The unified communications product of the reference documents, Common Criteria mode off unless asked for.
//!
//! Revocation is as shipped: OCSP before CRLs (D-4), the target alone (R-OCSP-19, D-7), an undetermined status passes
//! with a warning (D-3), and so does unknown (R-CC-4). The common name is not looked at: names to be protected stand in
//! subjectAltName (R-SS-7), the common name of an ECDSA certificate is not its host (R-SS-9), and it is the way around
//! name constraints (attack P-18).

use crate::order;
use crate::settings::algorithm::KeyKind;
use crate::settings::{AlgorithmSettings, Settings, Wildcards};

/// Longest RSA key that the product takes (R-TS-7, D-10).
const RSA_MAXIMUM_BITS: u32 = 4096;

/// Makes the plain settings those of the product.
pub(super) fn apply(settings: &mut Settings) {
    refuse_wildcards(settings);
}

/// R-TS-8: certificates with a wildcard entry are not supported.
fn refuse_wildcards(settings: &mut Settings) {
    settings.names.wildcards = Wildcards::Refuse;
}

/// RSA up to 4096 bits and the curves of 256 and 384 bits (R-TS-7, R-SS-12, R-SS-13). The product still offers RSA with
/// 1024 bits (R-SS-11) and knows SHA-1; both are for a document to allow, as nothing here could warn of them (D-13).
pub(super) fn narrow_algorithms(algorithms: &mut AlgorithmSettings) {
    order::keep(&mut algorithms.keys, |kind| kind != KeyKind::P521);
    algorithms.rsa_maximum_bits = RSA_MAXIMUM_BITS;
}
