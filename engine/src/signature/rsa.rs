//! RSASSA-PKCS1-v1_5 and RSASSA-PSS verification (RFC 8017 8.1.2, 8.2.2) over a vetted crate. The bounds
//! here keep the arithmetic sound and finite; which sizes are acceptable is policy.
//!
//! PKCS #1 v1.5 padding is compared with the one encoding that is right, never parsed, so nothing can hide
//! in it. A DigestInfo without NULL is refused: RFC 8017 9.2 note 1 gives the octets, and lenience here is
//! what forgeries with small exponents live on.

use rsa::pkcs1v15::Pkcs1v15Sign;
use rsa::pss::Pss;
use rsa::traits::SignatureScheme;
use rsa::{BoxedUint, RsaPublicKey};
use sha1::Sha1;
use sha2::{Sha224, Sha256, Sha384, Sha512};

use super::{Hash, SignatureError, SignedData};
use crate::certificate::public_key::bit_length;

/// Below this no supported hash fits its padding.
const SMALLEST_MODULUS: usize = 512;
/// Larger keys would only buy the signer our time; Go and webpki draw the same line.
const LARGEST_MODULUS: usize = 8192;
/// The largest exponent has 33 bits, as in *ring* and the crate below.
const LARGEST_EXPONENT: usize = 33;

/// An RSA public key within the bounds of the arithmetic: modulus odd and of 512 to 8192 bits, exponent odd,
/// at least 3 and of at most 33 bits (RFC 8017 3.1).
pub(super) struct Key<'a> {
    modulus: &'a [u8],
    exponent: &'a [u8],
}

impl<'a> Key<'a> {
    pub(super) fn new(modulus: &'a [u8], exponent: &'a [u8]) -> Result<Self, SignatureError> {
        // Both are given without leading zeros; were one padded, its precision would cost more than charged.
        let is_plain = |number: &[u8]| number.first().is_some_and(|octet| *octet != 0);
        let modulus_fits =
            is_plain(modulus) && (SMALLEST_MODULUS..=LARGEST_MODULUS).contains(&bit_length(modulus));
        let exponent_fits = is_plain(exponent) && (2..=LARGEST_EXPONENT).contains(&bit_length(exponent));
        if modulus_fits && exponent_fits && is_odd(modulus) && is_odd(exponent) {
            Ok(Self { modulus, exponent })
        } else {
            Err(SignatureError::KeyUnusable)
        }
    }

    /// Never fails for a key within the bounds above, which are the crate's own.
    fn public_key(&self) -> Result<RsaPublicKey, SignatureError> {
        let modulus = BoxedUint::from_be_slice_vartime(self.modulus);
        let exponent = BoxedUint::from_be_slice_vartime(self.exponent);
        RsaPublicKey::new_with_size_limits(modulus, exponent, SMALLEST_MODULUS..=LARGEST_MODULUS)
            .map_err(|_| SignatureError::KeyUnusable)
    }

    /// Whether a host may do the arithmetic: modulus of 2048 to 8192 bits in whole octets, exponent 65537. Others
    /// are rare, and libraries draw their lines differently there.
    pub(super) fn is_offered(&self) -> bool {
        let bits = bit_length(self.modulus);
        (2048..=LARGEST_MODULUS).contains(&bits) && bits.is_multiple_of(8) && self.exponent == [1, 0, 1]
    }

    /// RFC 8017 8.1.2 and 8.2.2, step 1: the signature is exactly as long as the modulus. The crate checks it
    /// too; here it also keeps oversized signatures away from the arithmetic.
    pub(super) fn check_form(&self, signature: &[u8]) -> Result<(), SignatureError> {
        if signature.len() == bit_length(self.modulus).div_ceil(8) {
            Ok(())
        } else {
            Err(SignatureError::Invalid)
        }
    }

    fn verify(
        &self,
        scheme: impl SignatureScheme,
        hash: Hash,
        signed: &SignedData<'_>,
    ) -> Result<(), SignatureError> {
        self.check_form(signed.signature)?;
        let key = self.public_key()?;
        key.verify(scheme, &hash.digest(signed.message), signed.signature)
            .map_err(|_| SignatureError::Invalid)
    }

    /// RSASSA-PKCS1-v1_5, RFC 8017 8.2.2.
    pub(super) fn verify_pkcs1(&self, hash: Hash, signed: &SignedData<'_>) -> Result<(), SignatureError> {
        let scheme = match hash {
            Hash::Sha1 => Pkcs1v15Sign::new::<Sha1>(),
            Hash::Sha224 => Pkcs1v15Sign::new::<Sha224>(),
            Hash::Sha256 => Pkcs1v15Sign::new::<Sha256>(),
            Hash::Sha384 => Pkcs1v15Sign::new::<Sha384>(),
            Hash::Sha512 => Pkcs1v15Sign::new::<Sha512>(),
        };
        self.verify(scheme, hash, signed)
    }

    /// RSASSA-PSS, RFC 8017 8.1.2, with MGF1 over the same hash and a salt as long as its output.
    pub(super) fn verify_pss(&self, hash: Hash, signed: &SignedData<'_>) -> Result<(), SignatureError> {
        match hash {
            Hash::Sha256 => self.verify(Pss::<Sha256>::new(), hash, signed),
            Hash::Sha384 => self.verify(Pss::<Sha384>::new(), hash, signed),
            Hash::Sha512 => self.verify(Pss::<Sha512>::new(), hash, signed),
            Hash::Sha1 | Hash::Sha224 => Err(SignatureError::AlgorithmUnsupported),
        }
    }
}

fn is_odd(number: &[u8]) -> bool {
    number.last().is_some_and(|octet| octet & 1 == 1)
}
