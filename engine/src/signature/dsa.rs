//! DSA verification (FIPS 186-4 4.7, RFC 3279 2.2.2), for old PKIs only.
//!
//! The equation is written out on a big-number crate: every number is public, and raising to exponents of
//! q's size rather than p's is what keeps the largest keys affordable.

use std::ops::RangeInclusive;

use crypto_bigint::modular::{BoxedMontyForm, BoxedMontyParams};
use crypto_bigint::{BoxedUint, NonZero, Odd};

use super::{Hash, SignatureError, SignedData};
use crate::certificate::public_key::{DsaParameters, bit_length};
use crate::der::{self, Decoded, Reader};

/// Bits of p. FIPS 186-4 4.2 has 1024, 2048 and 3072; old keys are smaller, and what is too small is policy.
const P_BITS: RangeInclusive<usize> = 512..=4096;
/// Bits of q, FIPS 186-4 4.2, in any combination: OpenSSL pairs 224 with 1024.
const Q_BITS: [usize; 3] = [160, 224, 256];

/// A DSA public key within the bounds of its arithmetic: p and q odd and of accepted sizes, y and g not
/// longer than p. That g and y lie in the subgroup of order q is found out when the key is used.
pub(super) struct Key<'a> {
    y: &'a [u8],
    parameters: &'a DsaParameters,
}

impl<'a> Key<'a> {
    pub(super) fn new(y: &'a [u8], parameters: &'a DsaParameters) -> Result<Self, SignatureError> {
        let DsaParameters { p, q, g } = parameters;
        let sizes_fit = P_BITS.contains(&bit_length(p)) && Q_BITS.contains(&bit_length(q));
        let is_odd = |number: &[u8]| number.last().is_some_and(|octet| octet & 1 == 1);
        let is_plain = |number: &[u8]| number.first().is_some_and(|octet| *octet != 0);
        let fits = |number: &[u8]| is_plain(number) && (2..=bit_length(p)).contains(&bit_length(number));
        if sizes_fit && is_plain(p) && is_plain(q) && is_odd(p) && is_odd(q) && fits(g) && fits(y) {
            Ok(Self { y, parameters })
        } else {
            Err(SignatureError::KeyUnusable)
        }
    }

    pub(super) fn verify(&self, hash: Hash, signed: &SignedData<'_>) -> Result<(), SignatureError> {
        let domain = Domain::new(self.parameters).ok_or(SignatureError::KeyUnusable)?;
        let g = domain.member(&self.parameters.g).ok_or(SignatureError::KeyUnusable)?;
        let y = domain.member(self.y).ok_or(SignatureError::KeyUnusable)?;
        let (r, s) = decode_signature(signed.signature).map_err(|_| SignatureError::Invalid)?;
        let r = domain.residue(r).ok_or(SignatureError::Invalid)?;
        let s = domain.residue(s).ok_or(SignatureError::Invalid)?;
        let digest = hash.digest(signed.message);
        match domain.reconstruct([&g, &y], [&r, &s], &digest) {
            Some(v) if v == r => Ok(()),
            _ => Err(SignatureError::Invalid),
        }
    }
}

/// Dss-Sig-Value, RFC 3279 2.2.2, strict DER.
fn decode_signature(signature: &[u8]) -> Decoded<(&[u8], &[u8])> {
    let mut outer = Reader::new(signature);
    let mut fields = outer.nested(der::SEQUENCE, "Dss-Sig-Value")?;
    outer.finish("Dss-Sig-Value")?;
    let r = fields.integer("r")?;
    let s = fields.integer("s")?;
    fields.finish("Dss-Sig-Value")?;
    Ok((r, s))
}

/// The domain parameters p and q, ready for arithmetic.
struct Domain {
    modulo_p: BoxedMontyParams,
    p: BoxedUint,
    q: NonZero<BoxedUint>,
    q_odd: Odd<BoxedUint>,
    q_bits: u32,
}

impl Domain {
    fn new(parameters: &DsaParameters) -> Option<Self> {
        let p = BoxedUint::from_be_slice_vartime(&parameters.p);
        let q = BoxedUint::from_be_slice_vartime(&parameters.q);
        let modulo_p = BoxedMontyParams::new_vartime(Odd::new(p.clone()).into_option()?);
        let q_odd = Odd::new(q.clone()).into_option()?;
        let q_bits = u32::try_from(bit_length(&parameters.q)).ok()?;
        Some(Self { modulo_p, p, q: NonZero::new(q).into_option()?, q_odd, q_bits })
    }

    /// An element of the subgroup of order q other than 1 (SP 800-89 5.3.1, FIPS 186-4 A.2.2): without this
    /// check g = 1, or y and g of small order, would make signatures anybody can write.
    fn member(&self, number: &[u8]) -> Option<BoxedMontyForm> {
        let number = BoxedUint::from_be_slice(number, self.p.bits_precision()).ok()?;
        if number >= self.p || number <= BoxedUint::one() {
            return None;
        }
        let element = BoxedMontyForm::new(number, &self.modulo_p);
        let is_member = self.power(&element, &self.q).retrieve() == BoxedUint::one();
        is_member.then_some(element)
    }

    /// A number in 1..q from an INTEGER's content octets; FIPS 186-4 4.7 step 1.
    fn residue(&self, content: &[u8]) -> Option<BoxedUint> {
        let magnitude = match content {
            [0x00, magnitude @ ..] => magnitude,
            [first, ..] if first & 0x80 == 0 => content,
            _ => return None,
        };
        let number = BoxedUint::from_be_slice(magnitude, self.q.bits_precision()).ok()?;
        (number > BoxedUint::zero() && number < *self.q.as_ref()).then_some(number)
    }

    fn power(&self, base: &BoxedMontyForm, exponent: &BoxedUint) -> BoxedMontyForm {
        base.pow_bounded_exp(exponent, self.q_bits)
    }

    /// v = (g^(z/s) y^(r/s) mod p) mod q, FIPS 186-4 4.7 step 2. `None` when s has no inverse, which a
    /// composite q can bring about.
    fn reconstruct(
        &self,
        [g, y]: [&BoxedMontyForm; 2],
        [r, s]: [&BoxedUint; 2],
        digest: &[u8],
    ) -> Option<BoxedUint> {
        // The leftmost bits of the hash, as many as q has: its size is a whole number of octets.
        let q_octets = usize::try_from(self.q_bits.div_ceil(8)).ok()?;
        let z = BoxedUint::from_be_slice(digest.get(..q_octets).unwrap_or(digest), self.q.bits_precision())
            .ok()?;
        let w = s.invert_odd_mod_vartime(&self.q_odd).into_option()?;
        let u1 = z.mul_mod(&w, &self.q);
        let u2 = r.mul_mod(&w, &self.q);
        let product = self.power(g, &u1).mul(&self.power(y, &u2)).retrieve();
        Some(product.rem_vartime(&self.q))
    }
}
