//! What a verification costs, and that it is charged before it is done and only then.

use super::signers::*;
use super::*;
use crate::budget::{BudgetExceeded, Spent};
use crate::signature::{Hash, cost};

fn modulus_of(bits: usize) -> Vec<u8> {
    let mut modulus = vec![0xff; bits.div_ceil(8)];
    modulus[0] >>= bits.div_ceil(8) * 8 - bits;
    modulus
}

fn rsa_cost(bits: usize, exponent: &[u8]) -> u32 {
    cost(&rsa_key(&modulus_of(bits), exponent), None)
}

const F4: [u8; 3] = [1, 0, 1];

#[test]
fn rsa_costs_grow_with_the_square_of_the_modulus() {
    let table = [(512, 1), (1024, 1), (2048, 1), (3072, 2), (4096, 3), (6144, 7), (8192, 12)];
    for (bits, units) in table {
        assert_eq!(rsa_cost(bits, &F4), units, "{bits}");
    }
}

#[test]
fn rsa_costs_grow_with_the_bits_of_the_exponent_beyond_seventeen() {
    let table: [(&[u8], u32); 4] = [(&[3], 3), (&F4, 3), (&[3, 0, 1], 3), (&[1, 0xff, 0xff, 0xff, 0xff], 6)];
    for (exponent, units) in table {
        assert_eq!(rsa_cost(4096, exponent), units, "{exponent:02x?}");
    }
    assert_eq!(rsa_cost(8192, &[1, 0xff, 0xff, 0xff, 0xff]), 22);
}

#[test]
fn costs_of_the_other_keys() {
    let table = [
        (ec_key(KeyKind::P256, &[]), 1),
        (ec_key(KeyKind::P384, &[]), 5),
        (ec_key(KeyKind::P521, &[]), 9),
        (edwards_key(KeyKind::Ed25519, &[]), 1),
        (edwards_key(KeyKind::Ed448, &[]), 8),
        (ml_dsa_key(KeyKind::MlDsa44, &[]), 1),
        (ml_dsa_key(KeyKind::MlDsa65, &[]), 1),
        (ml_dsa_key(KeyKind::MlDsa87, &[]), 2),
    ];
    for (key, units) in table {
        assert_eq!(cost(&key, None), units, "{:?}", key.material);
    }
}

#[test]
fn dsa_costs_follow_the_sizes_of_p_and_q_wherever_they_come_from() {
    let sized = |p, q| DsaParameters { p: modulus_of(p), q: modulus_of(q), g: Vec::new() };
    let table = [(1024, 160, 5), (2048, 224, 26), (2048, 256, 29), (3072, 256, 65), (4096, 256, 116)];
    for (p, q, units) in table {
        assert_eq!(cost(&dsa_key(&[2], Some(sized(p, q))), None), units);
        assert_eq!(cost(&dsa_key(&[2], None), Some(&sized(p, q))), units);
        assert_eq!(cost(&dsa_key(&[2], Some(sized(p, q))), Some(&sized(4096, 512))), units);
    }
    assert_eq!(cost(&dsa_key(&[2], None), None), 1);
}

#[test]
fn a_verification_is_charged_whether_or_not_it_succeeds() {
    let (message, algorithm) = (b"message", with_null(oid::SHA256_WITH_RSA));
    let signature = rsa_sign(message);
    let mut budget = Budget::new(Limits::DEFAULT);
    let key = rsa_public_key();
    let mut check = |message: &[u8]| {
        let signed = SignedData { message, algorithm: &algorithm, signature: &signature };
        let outcome = verify(&signed, &key, None, &mut budget);
        (outcome, budget.spent().signatures, budget.spent().signature_cost)
    };
    assert_eq!(check(message), (Ok(SignatureAlgorithm::RsaPkcs1Sha256), 1, 1));
    assert_eq!(check(b"other"), (Err(SignatureError::Invalid), 2, 2));
}

#[test]
fn no_arithmetic_is_done_beyond_the_budget() {
    let digest = Hash::Sha384.digest(b"message");
    let signature = ec_sign(KeyKind::P384, &digest);
    let algorithm = bare(oid::ECDSA_WITH_SHA384);
    let signed = SignedData { message: b"message", algorithm: &algorithm, signature: &signature };
    let verify_within =
        |limits| verify(&signed, &ec_public_key(KeyKind::P384), None, &mut Budget::new(limits));
    let exceeded = |limit, allowed| Err(SignatureError::BudgetExceeded(BudgetExceeded { limit, allowed }));
    assert_eq!(
        verify_within(Limits { signature_cost: 5, ..Limits::DEFAULT }),
        Ok(SignatureAlgorithm::EcdsaSha384)
    );
    assert_eq!(verify_within(Limits { signature_cost: 4, ..Limits::DEFAULT }), exceeded("signature-cost", 4));
    assert_eq!(verify_within(Limits { signatures: 0, ..Limits::DEFAULT }), exceeded("signatures", 0));
}

#[test]
fn what_is_refused_without_arithmetic_is_not_charged() {
    let refusals = [
        (bare(oid::MD5_WITH_RSA), rsa_public_key(), SignatureError::AlgorithmUnsupported),
        (bare(oid::ED25519), rsa_public_key(), SignatureError::KeyMismatch),
        (with_null(oid::SHA256_WITH_RSA), rsa_key(&modulus_of(65_536), &F4), SignatureError::KeyUnusable),
        (bare(oid::DSA_WITH_SHA256), dsa_key(&[2], None), SignatureError::KeyUnusable),
    ];
    for (algorithm, key, refusal) in refusals {
        let mut budget = Budget::new(Limits::DEFAULT);
        let signed = SignedData { message: b"", algorithm: &algorithm, signature: b"" };
        assert_eq!(verify(&signed, &key, None, &mut budget), Err(refusal));
        assert_eq!(budget.spent(), Spent::default());
    }
}
