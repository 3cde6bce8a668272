//! Ed25519 (RFC 8032 5.1.7, RFC 8410), pure and without context; no prehash variant exists in certificates.
//!
//! Of the verification rules RFC 8032 leaves open we take the strict ones: the equation without cofactor, S
//! below the order, canonical encodings only, and no key or R of small order. A valid signature then
//! convinces for one message only, and no key exists for which every message is signed.

use ed25519_dalek::{Signature, VerifyingKey};

use super::{SignatureError, SignedData};
use crate::settings::algorithm::KeyKind;

/// An Edwards curve public key of the right length.
pub(super) struct Key<'a> {
    point: &'a [u8; 32],
}

impl<'a> Key<'a> {
    pub(super) fn new(kind: KeyKind, octets: &'a [u8]) -> Result<Self, SignatureError> {
        match kind {
            KeyKind::Ed25519 => {
                let point: &[u8; 32] = octets.try_into().map_err(|_| SignatureError::KeyUnusable)?;
                if is_canonical(point) { Ok(Self { point }) } else { Err(SignatureError::KeyUnusable) }
            }
            // Ed448 has no released implementation in our set.
            _ => Err(SignatureError::AlgorithmUnsupported),
        }
    }

    pub(super) fn verify(&self, signed: &SignedData<'_>) -> Result<(), SignatureError> {
        let key = VerifyingKey::from_bytes(self.point).map_err(|_| SignatureError::KeyUnusable)?;
        if key.is_weak() {
            return Err(SignatureError::KeyUnusable);
        }
        let signature = Signature::from_slice(signed.signature).map_err(|_| SignatureError::Invalid)?;
        key.verify_strict(signed.message, &signature).map_err(|_| SignatureError::Invalid)
    }
}

/// RFC 8032 5.1.3 step 1: decoding fails when y is not below p = 2^255 - 19.
fn is_canonical(point: &[u8; 32]) -> bool {
    let [first, middle @ .., last] = point;
    let is_above = *first >= 0xed && middle.iter().all(|octet| *octet == 0xff) && last & 0x7f == 0x7f;
    !is_above
}
