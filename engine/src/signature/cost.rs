//! What a verification costs, known before any arithmetic.
//!
//! The numbers were measured in the component's own form (release build for wasm32, run by V8, least of
//! many runs) and rounded up. In microseconds: P-256 730, P-384 2800, P-521 2900, Ed25519 140, Ed448 5700,
//! ML-DSA-44 440, -65 670, -87 1020; RSA with e = 65537 of 2048 bits 410, 3072 900, 4096 1580, 8192 6260;
//! DSA of 2048 and 224 bits 12 000, 2048 and 256 13 600, 3072 and 256 30 500.

use crate::certificate::public_key::{DsaParameters, KeyMaterial, PublicKey, bit_length};
use crate::settings::algorithm::KeyKind;

/// The cost of one verification with a key, in units of one P-256 verification inside the component, about
/// 0.7 ms; the shipped limit of 200 units is about 150 ms. The hash and padding make no difference beside
/// the key. `inherited` are the parameters of a DSA key without its own.
#[must_use]
pub fn cost(key: &PublicKey, inherited: Option<&DsaParameters>) -> u32 {
    match &key.material {
        KeyMaterial::Rsa { modulus, exponent, .. } => rsa(bit_length(modulus), bit_length(exponent)),
        KeyMaterial::Ec(kind) | KeyMaterial::Edwards(kind) | KeyMaterial::MlDsa(kind) => named(*kind),
        KeyMaterial::Dsa { parameters, .. } => parameters.as_ref().or(inherited).map_or(1, dsa),
        KeyMaterial::EcExplicit | KeyMaterial::EcUnsupported(_) | KeyMaterial::Unsupported => 1,
    }
}

fn named(kind: KeyKind) -> u32 {
    match kind {
        KeyKind::P256 | KeyKind::Ed25519 | KeyKind::MlDsa44 | KeyKind::MlDsa65 => 1,
        KeyKind::MlDsa87 => 2,
        KeyKind::P384 => 5,
        // Nine times a P-256 verification where wasmtime runs it, against four in V8.
        KeyKind::P521 => 9,
        KeyKind::Ed448 => 8,
        // Not determined by the kind: the size decides, above.
        KeyKind::Rsa | KeyKind::Dsa => 1,
    }
}

/// Multiplications grow with the square of the modulus, their number with the bits of the exponent beyond
/// the 17 of e = 65537; a modulus of 2048 bits is 0.7 units.
fn rsa(modulus_bits: usize, exponent_bits: usize) -> u32 {
    let words = units(modulus_bits.div_ceil(256));
    let steps = units(exponent_bits).max(17);
    let work = words.saturating_mul(words).saturating_mul(steps).saturating_mul(7);
    work.div_ceil(64 * 17 * 10)
}

/// Four exponentiations modulo p with exponents of q's size; 3072 and 256 bits are 65 units, as measured where wasmtime runs it.
fn dsa(parameters: &DsaParameters) -> u32 {
    let words = units(bit_length(&parameters.p).div_ceil(256));
    let exponent = units(bit_length(&parameters.q).div_ceil(32));
    let work = words.saturating_mul(words).saturating_mul(exponent).saturating_mul(65);
    work.div_ceil(144 * 8)
}

fn units(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
