//! Keys that follow from a name, and signatures that follow from key and message (RFC 6979): the same sketch is the same
//! octets everywhere. Whoever knows the name has the key, so that nothing real may ever be signed with one.

use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use p256::elliptic_curve::ops::ReduceNonZero as _;
use p256::{FieldBytes, NonZeroScalar};
use sha2::{Digest as _, Sha256};

use crate::der;

const EC_PUBLIC_KEY: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];
const P_256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
const ECDSA_WITH_SHA256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2];
const RSA_ENCRYPTION: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];

/// A P-256 key that can sign.
#[derive(Clone, Debug)]
pub struct Key {
    signing: SigningKey,
    point: Vec<u8>,
}

impl Key {
    /// The key of this name. A seed that nobody can guess makes it nobody else's; sketches have none.
    #[must_use]
    pub fn of_name(seed: &[u8], name: &str) -> Self {
        let digest = FieldBytes::from(derived(b"key", &[seed, name.as_bytes()]));
        let scalar = NonZeroScalar::reduce_nonzero(&digest);
        let signing = SigningKey::from(scalar);
        let point = signing.verifying_key().to_sec1_point(false).as_bytes().to_vec();
        Self { signing, point }
    }

    /// The subjectPublicKey: an uncompressed point (RFC 5480 2.2).
    #[must_use]
    pub fn point(&self) -> &[u8] {
        &self.point
    }

    /// SubjectPublicKeyInfo (RFC 5480 2).
    #[must_use]
    pub fn public_key_info(&self) -> Vec<u8> {
        der::sequence(&[der::sequence(&[der::oid(EC_PUBLIC_KEY), der::oid(P_256)]), der::bits(&self.point)])
    }

    /// Signs: what was signed, the algorithm and the signature, as three elements. None is an empty signature, which
    /// nothing accepts.
    #[must_use]
    pub fn sign(&self, signed_part: Vec<u8>) -> Vec<Vec<u8>> {
        let signature: Option<Signature> = self.signing.try_sign(&signed_part).ok();
        let content = signature.map(|signature| {
            let octets = signature.to_bytes();
            let (r, s) = octets.split_at(32);
            der::sequence(&[der::unsigned(r), der::unsigned(s)])
        });
        vec![signed_part, algorithm(), der::bits(&content.unwrap_or_default())]
    }
}

/// ecdsa-with-SHA256, which has no parameters (RFC 5758 3.2).
#[must_use]
pub fn algorithm() -> Vec<u8> {
    der::sequence(&[der::oid(ECDSA_WITH_SHA256)])
}

/// RFC 7093 2, method 1: the first 160 bits of SHA-256 over the subjectPublicKey.
#[must_use]
pub fn identifier(subject_public_key: &[u8]) -> Vec<u8> {
    Sha256::digest(subject_public_key).into_iter().take(20).collect()
}

/// An RSA key that nobody has: a modulus of so many bits, made from the name. The subjectPublicKey of it.
#[must_use]
pub fn made_rsa_key(name: &str, bits: u32) -> Vec<u8> {
    let count = usize::try_from(bits.div_ceil(8)).unwrap_or_default();
    let mut modulus: Vec<u8> = Vec::new();
    let mut block = 0_u32;
    while modulus.len() < count {
        modulus.extend(derived(b"modulus", &[name.as_bytes(), &block.to_be_bytes()]));
        block = block.saturating_add(1);
    }
    modulus.truncate(count);
    // as many bits as were asked for, and odd
    let above = bits.saturating_sub(1) & 7;
    if let Some(first) = modulus.first_mut() {
        *first = (*first & (0xff_u8 >> 7_u32.saturating_sub(above))) | (1_u8 << above);
    }
    if let Some(last) = modulus.last_mut() {
        *last |= 1;
    }
    der::sequence(&[der::unsigned(&modulus), der::unsigned(&[1, 0, 1])])
}

/// SubjectPublicKeyInfo of an RSA key (RFC 3279 2.3.1).
#[must_use]
pub fn rsa_public_key_info(key: &[u8]) -> Vec<u8> {
    der::sequence(&[der::sequence(&[der::oid(RSA_ENCRYPTION), vec![0x05, 0]]), der::bits(key)])
}

/// Octets that follow from what they are for and from what they are of; lengths keep the parts apart.
#[must_use]
pub(crate) fn derived(what: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in [b"assayer-sketch".as_slice(), what].iter().chain(parts) {
        hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use p256::ecdsa::signature::Verifier;

    use super::*;

    #[test]
    fn the_same_name_is_the_same_key_and_the_same_signature() {
        let (one, two) = (Key::of_name(&[], "root"), Key::of_name(&[], "root"));
        assert_eq!(one.point(), two.point());
        assert_eq!(one.sign(vec![1, 2]), two.sign(vec![1, 2]));
        assert_ne!(one.point(), Key::of_name(&[], "roof").point());
        assert_ne!(one.point(), Key::of_name(b"seed", "root").point());
        assert_ne!(Key::of_name(b"r", "oot").point(), Key::of_name(b"ro", "ot").point());
    }

    #[test]
    fn what_is_signed_verifies() {
        let key = Key::of_name(&[], "root");
        for message in 0..64_u8 {
            let signed = key.sign(vec![message]);
            let content = &der::inside(&signed[2], 0x03).unwrap()[1..];
            let signature = Signature::from_der(content).unwrap();
            key.signing.verifying_key().verify(&[message], &signature).unwrap();
        }
    }

    #[test]
    fn a_made_modulus_has_the_bits_that_were_asked_for() {
        for bits in [512, 1024, 1025, 2047, 2048, 4096] {
            let key = made_rsa_key("leaf", bits);
            let modulus = der::first(der::inside(&key, 0x30).unwrap()).unwrap().content.to_vec();
            let significant: Vec<u8> = modulus.into_iter().skip_while(|octet| *octet == 0).collect();
            let found = significant.len() * 8 - significant[0].leading_zeros() as usize;
            assert_eq!(found, bits as usize);
            assert_eq!(significant.last().unwrap() & 1, 1);
        }
    }
}
