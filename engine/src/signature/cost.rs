//! What a verification costs, known before any arithmetic.

use crate::certificate::public_key::{KeyMaterial, PublicKey, bit_length};
use crate::settings::algorithm::{KeyKind, SignatureAlgorithm};

/// The cost of one verification in units of one P-256 verification inside the component, about 0.7 ms:
/// measured there, rounded up. The shipped limit of 200 units is then about 150 ms. The key alone decides;
/// the algorithm is named so that a later one may differ.
#[must_use]
pub fn cost(algorithm: SignatureAlgorithm, key: &PublicKey) -> u32 {
    let _ = algorithm;
    match &key.material {
        KeyMaterial::Rsa { modulus, exponent, .. } => rsa(bit_length(modulus), bit_length(exponent)),
        KeyMaterial::Ec(kind) | KeyMaterial::Edwards(kind) | KeyMaterial::MlDsa(kind) => named(*kind),
        KeyMaterial::Dsa { parameters, .. } => {
            // Inherited parameters are not seen here: take the largest.
            dsa(parameters.as_ref().map_or(3072, |parameters| bit_length(&parameters.p)))
        }
        KeyMaterial::EcExplicit | KeyMaterial::EcUnsupported(_) | KeyMaterial::Unsupported => 1,
    }
}

fn named(kind: KeyKind) -> u32 {
    match kind {
        KeyKind::P256 | KeyKind::Ed25519 | KeyKind::MlDsa44 => 1,
        KeyKind::MlDsa65 | KeyKind::MlDsa87 => 2,
        KeyKind::P384 | KeyKind::Ed448 => 5,
        KeyKind::P521 => 12,
        // Their size is not in their kind; these arms are not reached from `cost`.
        KeyKind::Rsa | KeyKind::Dsa => 12,
    }
}

/// Multiplications grow with the square of the modulus and their number with the exponent's bits; with
/// e = 65537 (17 bits) a modulus of 2048 bits measured 0.7 units.
fn rsa(modulus_bits: usize, exponent_bits: usize) -> u32 {
    let words = units(modulus_bits.div_ceil(256));
    let steps = units(exponent_bits).max(17);
    let work = words.saturating_mul(words).saturating_mul(steps).saturating_mul(7);
    work.div_ceil(64 * 17 * 10)
}

/// Four exponentiations with exponents of q's size.
fn dsa(p_bits: usize) -> u32 {
    match p_bits {
        0..=1024 => 4,
        1025..=2048 => 20,
        _ => 45,
    }
}

fn units(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
