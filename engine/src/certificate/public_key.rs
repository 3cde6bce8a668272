//! The subject public key: family, strength, encoding (RFC 3279 2.3, RFC 5480, RFC 8410, RFC 9881). Nothing
//! is verified here, and no point is checked to be on its curve.

use super::AlgorithmIdentifier;
use crate::settings::algorithm::KeyKind;

/// A subject public key with its encoding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    /// The whole SubjectPublicKeyInfo.
    pub der: Vec<u8>,
    /// The key's algorithm identifier.
    pub algorithm: AlgorithmIdentifier,
    /// The content of subjectPublicKey, without the unused-bits octet.
    pub octets: Vec<u8>,
    /// The key, as far as it is understood.
    pub material: KeyMaterial,
}

/// A public key as far as it is understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyMaterial {
    /// RSA: modulus and exponent, unsigned big-endian without leading zeros; both are not zero.
    Rsa {
        /// Modulus n.
        modulus: Vec<u8>,
        /// Public exponent e.
        exponent: Vec<u8>,
        /// The key is restricted to RSASSA-PSS (RFC 4055 1.2), with these parameters if any.
        pss: bool,
    },
    /// An elliptic curve key on a named curve that is accepted here; the point is SEC 1 encoded, in `octets`.
    Ec(KeyKind),
    /// Ed25519 or Ed448, of the right length.
    Edwards(KeyKind),
    /// ML-DSA, of the right length, without parameters.
    MlDsa(KeyKind),
    /// DSA: y and, unless inherited (RFC 3279 2.3.2), p, q and g; unsigned big-endian.
    Dsa {
        /// Public value y.
        y: Vec<u8>,
        /// Domain parameters; `None` when they are inherited from the issuer.
        parameters: Option<DsaParameters>,
    },
    /// Elliptic curve parameters written out: refused, never parsed (RFC 5480 2.1.1).
    EcExplicit,
    /// A named curve that is not supported here.
    EcUnsupported(crate::oid::Oid),
    /// An algorithm that is not supported here.
    Unsupported,
}

/// Domain parameters of DSA, unsigned big-endian without leading zeros.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DsaParameters {
    /// Prime modulus.
    pub p: Vec<u8>,
    /// Prime divisor.
    pub q: Vec<u8>,
    /// Generator.
    pub g: Vec<u8>,
}

impl PublicKey {
    /// The kind of key, for settings; `None` for one that is not supported.
    #[must_use]
    pub fn kind(&self) -> Option<KeyKind> {
        match &self.material {
            KeyMaterial::Rsa { .. } => Some(KeyKind::Rsa),
            KeyMaterial::Ec(kind) | KeyMaterial::Edwards(kind) | KeyMaterial::MlDsa(kind) => Some(*kind),
            KeyMaterial::Dsa { .. } => Some(KeyKind::Dsa),
            KeyMaterial::EcExplicit | KeyMaterial::EcUnsupported(_) | KeyMaterial::Unsupported => None,
        }
    }
}

/// The length in bits of an unsigned big-endian number.
#[must_use]
pub fn bit_length(number: &[u8]) -> usize {
    let significant = number.iter().position(|octet| *octet != 0).and_then(|first| number.get(first..));
    significant.map_or(0, |octets| {
        let top = octets.first().map_or(0, |octet| usize::try_from(octet.leading_zeros()).unwrap_or_default());
        octets.len().saturating_mul(8).saturating_sub(top)
    })
}
