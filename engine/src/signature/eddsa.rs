//! Ed25519 and Ed448 (RFC 8032 5.1.7 and 5.2.7, RFC 8410): pure and without context; no prehash variant
//! exists in certificates.
//!
//! Of the verification rules RFC 8032 leaves open we take the strict ones: the equation without cofactor, S
//! below the order, canonical encodings only, and no key or R of small order. A valid signature then
//! convinces for one message only, and no key exists for which every message is signed.
//!
//! The Ed448 crate is a prerelease that reads encodings leniently and, where RFC 8032 does not, refuses R = 0,
//! S = 0 and points outside the prime-order subgroup. Encodings are therefore checked here, before it.

use ed448_goldilocks as ed448;

use super::{SignatureError, SignedData};
use crate::settings::algorithm::KeyKind;

/// An Edwards curve public key: of the right length and canonical, not yet known to be on its curve.
pub(super) struct Key<'a>(Point<'a>);

enum Point<'a> {
    Ed25519(&'a [u8; 32]),
    Ed448(&'a [u8; 57]),
}

impl<'a> Key<'a> {
    pub(super) fn new(kind: KeyKind, octets: &'a [u8]) -> Result<Self, SignatureError> {
        let point = match kind {
            KeyKind::Ed25519 => octets.try_into().ok().filter(is_canonical_25519).map(Point::Ed25519),
            KeyKind::Ed448 => octets.try_into().ok().filter(is_canonical_448).map(Point::Ed448),
            _ => None,
        };
        point.map(Self).ok_or(SignatureError::KeyUnusable)
    }

    /// Whether a host may do the arithmetic: Ed25519 alone.
    pub(super) fn is_offered(&self) -> bool {
        matches!(self.0, Point::Ed25519(_))
    }

    /// Everything but the equation of Ed25519. R is among it: where it is of small order, the equation may hold,
    /// and libraries other than ours accept the signature then.
    pub(super) fn check_form(&self, signature: &[u8]) -> Result<(), SignatureError> {
        let Point::Ed25519(point) = self.0 else { return Ok(()) };
        let (_, signature) = read_25519(point, signature)?;
        let r = ed25519_dalek::VerifyingKey::from_bytes(signature.r_bytes());
        if r.is_ok_and(|r| !r.is_weak()) { Ok(()) } else { Err(SignatureError::Invalid) }
    }

    pub(super) fn verify(&self, signed: &SignedData<'_>) -> Result<(), SignatureError> {
        match self.0 {
            Point::Ed25519(point) => verify_25519(point, signed),
            Point::Ed448(point) => verify_448(point, signed),
        }
    }
}

fn read_25519(
    point: &[u8; 32],
    signature: &[u8],
) -> Result<(ed25519_dalek::VerifyingKey, ed25519_dalek::Signature), SignatureError> {
    let key = ed25519_dalek::VerifyingKey::from_bytes(point).map_err(|_| SignatureError::KeyUnusable)?;
    if key.is_weak() {
        return Err(SignatureError::KeyUnusable);
    }
    let signature = ed25519_dalek::Signature::from_slice(signature).map_err(|_| SignatureError::Invalid)?;
    Ok((key, signature))
}

fn verify_25519(point: &[u8; 32], signed: &SignedData<'_>) -> Result<(), SignatureError> {
    let (key, signature) = read_25519(point, signed.signature)?;
    // R needs no check of its own: the strict equation compares encodings, and it encodes canonically.
    key.verify_strict(signed.message, &signature).map_err(|_| SignatureError::Invalid)
}

fn verify_448(point: &[u8; 57], signed: &SignedData<'_>) -> Result<(), SignatureError> {
    let key = ed448::VerifyingKey::from_bytes(point).map_err(|_| SignatureError::KeyUnusable)?;
    // RFC 8032 5.2.7 step 1: R as a point; S of 57 octets below an order of 446 bits, so the last is zero.
    let canonical = signed.signature.split_first_chunk().is_some_and(|(r, s): (&[u8; 57], &[u8])| {
        is_canonical_448(&r) && s.len() == 57 && s.last() == Some(&0)
    });
    let signature = ed448::Signature::from_slice(signed.signature).ok().filter(|_| canonical);
    let signature = signature.ok_or(SignatureError::Invalid)?;
    key.verify_raw(&signature, signed.message).map_err(|_| SignatureError::Invalid)
}

/// RFC 8032 5.1.3 step 1: decoding fails when y is not below p = 2^255 - 19.
fn is_canonical_25519(point: &&[u8; 32]) -> bool {
    let [first, middle @ .., last] = point;
    let is_above = *first >= 0xed && middle.iter().all(|octet| *octet == 0xff) && last & 0x7f == 0x7f;
    !is_above
}

/// RFC 8032 5.2.3 step 1: decoding fails when y is not below p = 2^448 - 2^224 - 1. The last octet holds
/// nothing but the sign of x.
fn is_canonical_448(point: &&[u8; 57]) -> bool {
    let [y @ .., sign] = point;
    let (low, high) = y.split_at(28);
    // p is ff..ff below 2^224 and fe ff..ff above; y >= p when the upper half is larger, or equal with a
    // lower half of all ones.
    let upper = high.split_first().map(|(first, rest)| (*first, rest.iter().all(|octet| *octet == 0xff)));
    let is_above = match upper {
        Some((0xff, true)) => true,
        Some((0xfe, true)) => low.iter().all(|octet| *octet == 0xff),
        _ => false,
    };
    !is_above && sign & 0x7f == 0
}
