//! Tests of the door: published vectors, named attacks, identifiers, costs and mutations. Keys are built
//! here directly; decoding them is tested where it is done.

#![expect(clippy::arithmetic_side_effects, reason = "a test that overflows fails, as it should")]

mod attacks;
mod costs;
mod hostile_keys;
mod identifiers;
mod mutations;
mod signers;
mod vectors;

use super::{SignatureError, SignedData, verify};
use crate::budget::{Budget, Limits};
use crate::certificate::AlgorithmIdentifier;
use crate::certificate::public_key::{DsaParameters, KeyMaterial, PublicKey};
use crate::oid::{self, Oid};
use crate::settings::algorithm::{KeyKind, SignatureAlgorithm};

const NULL: [u8; 2] = [5, 0];

fn identifier(algorithm: Oid, parameters: Option<&[u8]>) -> AlgorithmIdentifier {
    AlgorithmIdentifier { algorithm, parameters: parameters.map(<[u8]>::to_vec) }
}

/// The identifier of an algorithm whose parameters are absent.
fn bare(algorithm: Oid) -> AlgorithmIdentifier {
    identifier(algorithm, None)
}

fn with_null(algorithm: Oid) -> AlgorithmIdentifier {
    identifier(algorithm, Some(&NULL))
}

fn key(algorithm: AlgorithmIdentifier, octets: &[u8], material: KeyMaterial) -> PublicKey {
    PublicKey { der: Vec::new(), algorithm, octets: octets.to_vec(), material }
}

fn without_leading_zeros(number: &[u8]) -> Vec<u8> {
    number.iter().copied().skip_while(|octet| *octet == 0).collect()
}

fn rsa_key(modulus: &[u8], exponent: &[u8]) -> PublicKey {
    let (modulus, exponent) = (without_leading_zeros(modulus), without_leading_zeros(exponent));
    key(with_null(oid::RSA_ENCRYPTION), &[], KeyMaterial::Rsa { modulus, exponent, pss: false })
}

fn pss_key(modulus: &[u8], exponent: &[u8], parameters: Option<&[u8]>) -> PublicKey {
    let (modulus, exponent) = (without_leading_zeros(modulus), without_leading_zeros(exponent));
    let algorithm = identifier(oid::RSASSA_PSS, parameters);
    key(algorithm, &[], KeyMaterial::Rsa { modulus, exponent, pss: true })
}

fn ec_key(kind: KeyKind, point: &[u8]) -> PublicKey {
    key(bare(oid::EC_PUBLIC_KEY), point, KeyMaterial::Ec(kind))
}

fn edwards_key(kind: KeyKind, octets: &[u8]) -> PublicKey {
    let algorithm = if kind == KeyKind::Ed25519 { oid::ED25519 } else { oid::ED448 };
    key(bare(algorithm), octets, KeyMaterial::Edwards(kind))
}

fn ml_dsa_key(kind: KeyKind, octets: &[u8]) -> PublicKey {
    key(bare(oid::ML_DSA_44), octets, KeyMaterial::MlDsa(kind))
}

fn dsa_key(y: &[u8], parameters: Option<DsaParameters>) -> PublicKey {
    key(bare(oid::DSA), &[], KeyMaterial::Dsa { y: without_leading_zeros(y), parameters })
}

/// Verifies with a budget of its own and without inherited parameters.
fn outcome(
    algorithm: &AlgorithmIdentifier,
    key: &PublicKey,
    message: &[u8],
    signature: &[u8],
) -> Result<SignatureAlgorithm, SignatureError> {
    let mut budget = Budget::new(Limits::DEFAULT);
    verify(&SignedData { message, algorithm, signature }, key, None, &mut budget)
}

/// DER of one element.
fn element(tag: u8, contents: &[&[u8]]) -> Vec<u8> {
    let content = contents.concat();
    let [.., high, low] = content.len().to_be_bytes();
    let mut encoded = vec![tag];
    match (high, low) {
        (0, 0..=127) => encoded.push(low),
        (0, _) => encoded.extend([0x81, low]),
        _ => encoded.extend([0x82, high, low]),
    }
    encoded.extend(content);
    encoded
}

/// RSASSA-PSS-params with these hash algorithms (parameters NULL) and salt length.
fn pss_parameters(hash: &Oid, mgf_hash: &Oid, salt_length: u8) -> Vec<u8> {
    let hash_algorithm = |hash: &Oid| element(0x30, &[&element(6, &[hash.content()]), &NULL]);
    let mask = element(0x30, &[&element(6, &[oid::MGF1.content()]), &hash_algorithm(mgf_hash)]);
    element(
        0x30,
        &[
            &element(0xa0, &[&hash_algorithm(hash)]),
            &element(0xa1, &[&mask]),
            &element(0xa2, &[&element(2, &[&[salt_length]])]),
        ],
    )
}

fn hexadecimal(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
    digits.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}
