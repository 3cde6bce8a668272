//! Which keys and signatures the settings accept (NIST SP 800-131A, CA/Browser Forum BR 6.1.5, 6.1.6).

use super::Observation;
use crate::certificate::Certificate;
use crate::certificate::public_key::{KeyMaterial, bit_length};
use crate::finding::{Code, Value};
use crate::oid;
use crate::settings::AlgorithmSettings;
use crate::settings::algorithm::SignatureAlgorithm;
use crate::signature;

/// The settings accept this signature algorithm. Asked before anything is verified, so that an algorithm
/// that is not accepted is not even computed.
#[must_use]
pub fn check_signature_algorithm(
    algorithm: SignatureAlgorithm,
    settings: &AlgorithmSettings,
) -> Vec<Observation> {
    if settings.signatures.contains(&algorithm) {
        return Vec::new();
    }
    vec![(Code::SignatureAlgorithmNotAccepted, vec![("algorithm", Value::text(algorithm.word()))])]
}

/// The settings accept what the anchor's certificate is signed with, although that signature vouches for nothing
/// (BR 7.1.3.2). RSA with SHA-1 passes: 7.1.3.2.1 leaves it to root certificates that exist.
#[must_use]
pub fn check_anchor_signature(certificate: &Certificate, settings: &AlgorithmSettings) -> Vec<Observation> {
    let identifier = &certificate.signature_algorithm;
    let accepted = signature::identify(identifier).is_ok_and(|algorithm| {
        algorithm == SignatureAlgorithm::RsaPkcs1Sha1 || settings.signatures.contains(&algorithm)
    });
    if accepted {
        return Vec::new();
    }
    let word =
        oid::label(&identifier.algorithm).map_or_else(|| identifier.algorithm.to_string(), str::to_owned);
    vec![(Code::AnchorSignatureNotAccepted, vec![("algorithm", Value::Text(word))])]
}

/// The settings accept this subject public key: its kind, and its size where it has one.
#[must_use]
pub fn check_key(certificate: &Certificate, settings: &AlgorithmSettings) -> Vec<Observation> {
    let key = &certificate.public_key;
    if key.material == KeyMaterial::EcExplicit {
        return vec![(Code::ExplicitCurve, Vec::new())];
    }
    if !key.kind().is_some_and(|kind| settings.keys.contains(&kind)) {
        return vec![(Code::KeyNotAccepted, vec![("key", Value::text(key.describe()))])];
    }
    match &key.material {
        KeyMaterial::Rsa { modulus, exponent, .. } => check_rsa(modulus, exponent, settings),
        KeyMaterial::Dsa { parameters: Some(parameters), .. } => {
            check_size(bit_length(&parameters.p), settings.dsa_minimum_bits, u32::MAX)
        }
        _ => Vec::new(),
    }
}

fn check_rsa(modulus: &[u8], exponent: &[u8], settings: &AlgorithmSettings) -> Vec<Observation> {
    let bits = bit_length(modulus);
    let mut observed = check_size(bits, settings.rsa_minimum_bits, settings.rsa_maximum_bits);
    if bits.checked_rem(8) != Some(0) {
        observed.push((Code::RsaModulusNotOctets, vec![("bits", Value::count(bits))]));
    }
    // BR 6.1.6: odd and 3 or more. An even exponent never verifies anything.
    let odd = exponent.last().is_some_and(|octet| octet & 1 == 1);
    if !odd || bit_length(exponent) < 2 {
        observed.push((Code::RsaExponent, vec![("exponent", Value::Octets(exponent.to_vec()))]));
    }
    observed
}

fn check_size(bits: usize, minimum: u32, maximum: u32) -> Vec<Observation> {
    let size = u32::try_from(bits).unwrap_or(u32::MAX);
    if (minimum..=maximum).contains(&size) {
        return Vec::new();
    }
    let number = |value: u32| Value::Number(u64::from(value));
    let details = vec![("bits", number(size)), ("minimum", number(minimum)), ("maximum", number(maximum))];
    vec![(Code::KeySize, details)]
}
