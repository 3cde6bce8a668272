//! ECDSA on P-256, P-384 and P-521 (FIPS 186-5 6.4.2, RFC 5758 3.2, RFC 5480). Curves are named or refused;
//! nothing about a curve is ever read from input.
//!
//! Any supported hash goes with any curve, as the identifiers allow; its output is truncated or zero-extended
//! to the size of the order. Both values of `s` are accepted: RFC 5480 has no low-s rule.

use signature::hazmat::PrehashVerifier;

use super::{Hash, SignatureError, SignedData};
use crate::settings::algorithm::KeyKind;

/// A public key whose encoding has the form of a point on a supported curve. Whether the point is on the
/// curve is found out when it is used.
pub(super) struct Key<'a> {
    curve: Curve,
    point: &'a [u8],
}

#[derive(Clone, Copy)]
enum Curve {
    P256,
    P384,
    P521,
}

impl<'a> Key<'a> {
    pub(super) fn new(kind: KeyKind, point: &'a [u8]) -> Result<Self, SignatureError> {
        let (curve, field_length): (Curve, usize) = match kind {
            KeyKind::P256 => (Curve::P256, 32),
            KeyKind::P384 => (Curve::P384, 48),
            KeyKind::P521 => (Curve::P521, 66),
            _ => return Err(SignatureError::KeyUnusable),
        };
        // RFC 5480 2.2: uncompressed must and compressed may be supported; hybrid and infinity must not.
        match point.split_first() {
            Some((0x04, rest)) if rest.len() == field_length.saturating_mul(2) => Ok(Self { curve, point }),
            Some((0x02 | 0x03, rest)) if rest.len() == field_length => Ok(Self { curve, point }),
            _ => Err(SignatureError::KeyUnusable),
        }
    }

    /// Whether a host may do the arithmetic. Compressed points stay here: reading one costs a square root, which
    /// would be taken twice.
    pub(super) fn is_offered(&self) -> bool {
        self.point.first() == Some(&0x04)
    }

    /// Everything but the equation: the point is on its curve and the signature is of its form.
    pub(super) fn check_form(&self, signature: &[u8]) -> Result<(), SignatureError> {
        match self.curve {
            Curve::P256 => read_p256(self.point, signature).map(drop),
            Curve::P384 => read_p384(self.point, signature).map(drop),
            Curve::P521 => read_p521(self.point, signature).map(drop),
        }
    }

    pub(super) fn verify(&self, hash: Hash, signed: &SignedData<'_>) -> Result<(), SignatureError> {
        let digest = hash.digest(signed.message);
        match self.curve {
            Curve::P256 => on_p256(self.point, &digest, signed.signature),
            Curve::P384 => on_p384(self.point, &digest, signed.signature),
            Curve::P521 => on_p521(self.point, &digest, signed.signature),
        }
    }
}

macro_rules! on_curve {
    ($name:ident, $read:ident, $curve:ident) => {
        fn $read(
            point: &[u8],
            signature: &[u8],
        ) -> Result<($curve::ecdsa::VerifyingKey, $curve::ecdsa::Signature), SignatureError> {
            // Refuses points off the curve (SEC 1 2.3.4).
            let key = $curve::ecdsa::VerifyingKey::from_sec1_bytes(point)
                .map_err(|_| SignatureError::KeyUnusable)?;
            // ECDSA-Sig-Value, RFC 3279 2.2.3: strict DER, r and s in 1..n (FIPS 186-5 6.4.2 step 1).
            let signature =
                $curve::ecdsa::Signature::from_der(signature).map_err(|_| SignatureError::Invalid)?;
            Ok((key, signature))
        }

        fn $name(point: &[u8], digest: &[u8], signature: &[u8]) -> Result<(), SignatureError> {
            let (key, signature) = $read(point, signature)?;
            key.verify_prehash(digest, &signature).map_err(|_| SignatureError::Invalid)
        }
    };
}

on_curve!(on_p256, read_p256, p256);
on_curve!(on_p384, read_p384, p384);
on_curve!(on_p521, read_p521, p521);
