//! Keys that are no keys, or that anybody could sign for, under the name of the attack; and DSA's own rules.

use super::signers::*;
use super::*;
use crate::signature::Hash;

const MESSAGE: &[u8] = b"message to be signed";
const INVALID: Result<SignatureAlgorithm, SignatureError> = Err(SignatureError::Invalid);
const UNUSABLE: Result<SignatureAlgorithm, SignatureError> = Err(SignatureError::KeyUnusable);

/// D-16, CVE-2026-14957 and CVE-2023-29409: numbers that are no RSA key, or one to stall on.
#[test]
fn d16_unsound_rsa_keys_are_refused() {
    let ones = |octets: usize| vec![0xff; octets];
    let mut even = ones(128);
    even[127] = 0xfe;
    let wide = |first: u8, octets: usize| [&[first], ones(octets).as_slice()].concat();
    let f4: &[u8] = &[1, 0, 1];
    let moduli =
        [vec![], vec![1], vec![3], even, wide(0x7f, 63), wide(0x01, 1024), ones(8192), ones(100_000)];
    let exponents: [&[u8]; 9] =
        [&[], &[1], &[2], &[4], &[1, 0, 0], &[2, 0, 0, 0, 1], &[0xff; 5], &[0xff; 128], &[0xff; 100_000]];
    let keys = moduli.iter().map(|modulus| rsa_key(modulus, f4));
    let keys = keys.chain(exponents.iter().map(|exponent| rsa_key(&rsa_modulus(), exponent)));
    for key in keys {
        for signature in [vec![], ones(128), rsa_sign(MESSAGE)] {
            assert_eq!(outcome(&with_null(oid::SHA256_WITH_RSA), &key, MESSAGE, &signature), UNUSABLE);
        }
    }
    // Leading zeros, which decoding removes, do not slip past the bounds.
    let material = KeyMaterial::Rsa {
        modulus: [&[0; 9000], rsa_modulus().as_slice()].concat(),
        exponent: vec![3],
        pss: false,
    };
    let padded_key = key(with_null(oid::RSA_ENCRYPTION), &[], material);
    assert_eq!(outcome(&with_null(oid::SHA256_WITH_RSA), &padded_key, MESSAGE, &[]), UNUSABLE);
}

/// D-16: moduli at the bounds and of no structure neither panic nor verify, under either padding.
#[test]
fn d16_moduli_at_the_bounds_do_not_verify_anything() {
    let pss = |hash: &Oid, salt| identifier(oid::RSASSA_PSS, Some(&pss_parameters(hash, hash, salt)));
    let algorithms = [with_null(oid::SHA512_WITH_RSA), pss(&oid::SHA256, 32), pss(&oid::SHA512, 64)];
    for octets in [64, 65, 127, 128, 129, 1023, 1024] {
        for first in [0x01, 0x80, 0xff] {
            let mut modulus = vec![0xff; octets];
            modulus[0] = first;
            for exponent in [[3].as_slice(), &[1, 0, 1], &[1, 0xff, 0xff, 0xff, 0xff]] {
                let key = rsa_key(&modulus, exponent);
                for algorithm in &algorithms {
                    for fill in [0x00, 0x01, 0xff] {
                        let verified = outcome(algorithm, &key, MESSAGE, &vec![fill; octets]);
                        let too_short = octets == 64 && first == 0x01;
                        assert_eq!(verified, if too_short { UNUSABLE } else { INVALID });
                    }
                }
            }
        }
    }
}

/// D-16: keys of small order, for which signatures can be written without a private key, and encodings
/// that RFC 8032 does not decode.
#[test]
fn d16_edwards_keys_of_small_order_or_odd_encoding_are_refused() {
    let mut order_one = [0; 32];
    order_one[0] = 1;
    let order_four = [0; 32];
    let mut order_two = [0xff; 32];
    (order_two[0], order_two[31]) = (0xec, 0x7f);
    let order_eight: [u8; 32] =
        hexadecimal("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a").try_into().unwrap();
    let mut above_field = [0xff; 32];
    (above_field[0], above_field[31]) = (0xee, 0x7f);
    // R = identity and S = 0 satisfy the equation for every message when the key has order one.
    let forged = [order_one.as_slice(), &[0; 32]].concat();
    for octets in [order_one, order_two, order_four, order_eight, above_field] {
        let key = edwards_key(KeyKind::Ed25519, &octets);
        assert_eq!(outcome(&bare(oid::ED25519), &key, MESSAGE, &forged), UNUSABLE, "{octets:02x?}");
    }
    for length in [0, 31, 33, 57] {
        let key = edwards_key(KeyKind::Ed25519, &vec![7; length]);
        assert_eq!(outcome(&bare(oid::ED25519), &key, MESSAGE, &forged), UNUSABLE);
    }
}

#[test]
fn d16_ed448_keys_of_small_order_or_odd_encoding_are_refused() {
    let mut order_one = [0; 57];
    order_one[0] = 1;
    let mut order_two = [0xff; 57];
    (order_two[0], order_two[28], order_two[56]) = (0xfe, 0xfe, 0);
    let order_four = [0; 57];
    let mut field = [0xff; 57];
    (field[28], field[56]) = (0xfe, 0);
    let mut above_field = [0xff; 57];
    above_field[56] = 0;
    let mut stray_bits: [u8; 57] = ed448_public_key().octets.try_into().unwrap();
    stray_bits[56] |= 0x01;
    let forged = [order_one.as_slice(), &[0; 57]].concat();
    for octets in [order_one, order_two, order_four, field, above_field, stray_bits] {
        for signature in [&forged, &ed448_sign(MESSAGE)] {
            let key = edwards_key(KeyKind::Ed448, &octets);
            assert_eq!(outcome(&bare(oid::ED448), &key, MESSAGE, signature), UNUSABLE, "{octets:02x?}");
        }
    }
}

fn dsa_outcome(
    key: &PublicKey,
    inherited: Option<&DsaParameters>,
) -> Result<SignatureAlgorithm, SignatureError> {
    let signature = dsa_sign(&dsa_parameters(), &Hash::Sha224.digest(MESSAGE));
    let algorithm = bare(oid::DSA_WITH_SHA224);
    let signed = SignedData { message: MESSAGE, algorithm: &algorithm, signature: &signature };
    verify(&signed, key, inherited, &mut Budget::new(Limits::DEFAULT))
}

/// RFC 5280 6.1.4 (d) to (f): parameters are the key's own, else inherited, else there are none.
#[test]
fn dsa_parameters_are_inherited_only_by_keys_without_their_own() {
    let parameters = dsa_parameters();
    let y = dsa_y(&parameters);
    let verified = Ok(SignatureAlgorithm::DsaSha224);
    let unsound = DsaParameters { g: vec![1], ..parameters.clone() };
    assert_eq!(dsa_outcome(&dsa_key(&y, Some(parameters.clone())), None), verified);
    assert_eq!(dsa_outcome(&dsa_key(&y, None), Some(&parameters)), verified);
    assert_eq!(dsa_outcome(&dsa_key(&y, None), None), UNUSABLE);
    assert_eq!(dsa_outcome(&dsa_key(&y, Some(parameters.clone())), Some(&unsound)), verified);
    assert_eq!(dsa_outcome(&dsa_key(&y, Some(unsound)), Some(&parameters)), UNUSABLE);
}

/// D-16, CVE-2025-58188: DSA numbers that panic, loop or verify everything elsewhere.
#[test]
fn d16_unsound_dsa_keys_are_refused() {
    let parameters = dsa_parameters();
    let y = dsa_y(&parameters);
    let changed = |number: &[u8], by: i16| {
        let mut changed = number.to_vec();
        let last = changed.last_mut().unwrap();
        *last = u8::try_from(i16::from(*last) + by).unwrap();
        changed
    };
    let (p, q, g) = (&parameters.p, &parameters.q, &parameters.g);
    let with = |p: &[u8], q: &[u8], g: &[u8]| {
        let parameters = DsaParameters { p: p.to_vec(), q: q.to_vec(), g: g.to_vec() };
        dsa_key(&y, Some(parameters))
    };
    let sound = || Some(parameters.clone());
    let keys = [
        with(&[], q, g),
        with(&[0], q, g),
        with(&[1], q, g),
        with(&changed(p, -1), q, g),
        with(&[0xff; 512], q, g),
        with(p, &[], g),
        with(p, &[1], g),
        with(p, &changed(q, -1), g),
        with(p, p, g),
        with(q, p, g),
        with(&[0xff; 256], q, g),
        with(p, &[0xff; 28], g),
        with(p, &[0xff; 32], g),
        with(&[0xff; 384], &[0xff; 32], g),
        with(p, q, &[]),
        with(p, q, &[1]),
        with(p, q, &[2]),
        with(p, q, p),
        with(p, q, &changed(p, -1)),
        with(p, q, &[0xff; 256]),
        with(p, q, &[0xff; 4000]),
        dsa_key(&[], sound()),
        dsa_key(&[1], sound()),
        dsa_key(&[2], sound()),
        dsa_key(p, sound()),
        dsa_key(&changed(p, -1), sound()),
        dsa_key(&[0xff; 256], sound()),
        dsa_key(&[0xff; 4000], sound()),
    ];
    for key in keys {
        assert_eq!(dsa_outcome(&key, None), UNUSABLE, "{:02x?}", key.material);
    }
}

/// Sizes are refused without arithmetic; what is within bounds is charged, and then found unsound.
#[test]
fn d16_dsa_sizes_are_bounded() {
    let ones = |bits: usize| {
        let mut number = vec![0xff; bits.div_ceil(8)];
        number[0] >>= bits.div_ceil(8) * 8 - bits;
        number
    };
    let algorithm = bare(oid::DSA_WITH_SHA256);
    let signed = SignedData { message: MESSAGE, algorithm: &algorithm, signature: &[] };
    let table = [
        (511, 160, 0),
        (512, 160, 1),
        (1024, 160, 1),
        (1024, 224, 1),
        (3072, 256, 1),
        (4096, 256, 1),
        (4097, 256, 0),
        (1024, 159, 0),
        (1024, 161, 0),
        (1024, 223, 0),
        (1024, 255, 0),
        (1024, 257, 0),
    ];
    for (p, q, charged) in table {
        let key = dsa_key(&[2], Some(DsaParameters { p: ones(p), q: ones(q), g: vec![3] }));
        let mut budget = Budget::new(Limits::DEFAULT);
        assert_eq!(verify(&signed, &key, None, &mut budget), UNUSABLE);
        assert_eq!(budget.spent().signatures, charged, "{p} {q}");
    }
}

#[test]
fn dsa_r_and_s_outside_their_range_are_invalid() {
    let parameters = dsa_parameters();
    let key = dsa_key(&dsa_y(&parameters), Some(parameters.clone()));
    let one = [1].as_slice();
    for wrong in [&[], parameters.q.as_slice(), &[0xff; 28], &[0xff; 29], &[0xff; 4000]] {
        for (r, s) in [(wrong, one), (one, wrong), (wrong, wrong)] {
            assert_eq!(outcome(&bare(oid::DSA_WITH_SHA224), &key, MESSAGE, &integers(r, s)), INVALID);
        }
    }
}

/// ML-DSA keys and signatures are as long as FIPS 204 table 2 says.
#[test]
fn ml_dsa_keys_of_another_length_are_refused() {
    for (kind, algorithm, length) in [
        (KeyKind::MlDsa44, oid::ML_DSA_44, 1312),
        (KeyKind::MlDsa65, oid::ML_DSA_65, 1952),
        (KeyKind::MlDsa87, oid::ML_DSA_87, 2592),
    ] {
        for wrong in [0, length - 1, length + 1] {
            let key = ml_dsa_key(kind, &vec![0; wrong]);
            assert_eq!(outcome(&bare(algorithm.clone()), &key, MESSAGE, &[0; 2420]), UNUSABLE);
        }
        let key = ml_dsa_key(kind, &vec![0; length]);
        for wrong in [0, 2419, 2421, 100_000] {
            assert_eq!(outcome(&bare(algorithm.clone()), &key, MESSAGE, &vec![0; wrong]), INVALID);
        }
    }
}

/// D-16: octets without any structure, as key and as signature, neither verify nor panic. The numbers come
/// from a fixed generator; overflow checks are on in the libraries beneath.
#[test]
fn d16_arbitrary_octets_verify_nothing() {
    let mut state = 1_u64;
    let mut octets = |length: usize| -> Vec<u8> {
        let next = |_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            state.to_be_bytes()[0]
        };
        (0..length).map(next).collect()
    };
    for _ in 0..60 {
        let mut compressed = octets(49);
        compressed[0] = 2 | (compressed[0] & 1);
        let mut r = octets(57);
        r[56] &= 0x80;
        let mut point = octets(57);
        point[56] &= 0x80;
        let ed448 = [r, octets(55), vec![0, 0]].concat();
        let cases = [
            (bare(oid::ED25519), edwards_key(KeyKind::Ed25519, &octets(32)), octets(64)),
            (bare(oid::ED448), edwards_key(KeyKind::Ed448, &point), ed448.clone()),
            (bare(oid::ED448), ed448_public_key(), ed448),
            (
                bare(oid::ECDSA_WITH_SHA384),
                ec_key(KeyKind::P384, &compressed),
                integers(&octets(47), &octets(47)),
            ),
            (bare(oid::ECDSA_WITH_SHA512), ec_public_key(KeyKind::P521), integers(&octets(65), &octets(65))),
            (bare(oid::ML_DSA_44), ml_dsa_key(KeyKind::MlDsa44, &octets(1312)), octets(2420)),
            (bare(oid::ML_DSA_87), ml_dsa_key(KeyKind::MlDsa87, &octets(2592)), octets(4627)),
            (with_null(oid::SHA384_WITH_RSA), rsa_public_key(), octets(128)),
        ];
        for (algorithm, key, signature) in cases {
            let outcome = outcome(&algorithm, &key, MESSAGE, &signature);
            assert!(outcome == INVALID || outcome == UNUSABLE, "{algorithm:?} {outcome:?}");
        }
    }
}

/// A key of 1024 and 160 bits and its signature with SHA-1 over the message, made by OpenSSL.
const OPENSSL_P: &str = "
    fbf76369aa7a3e38f30020a19fa6ffc30cb608555f49b1134588314b61c2265c8e1d34964e7875895e0952732c1afc6f
    a6ed912738af70cdd2d74afdc5c8c8161e06156f81cc42e4a48607603598a1c364b0bcb39d159ce9458dabae6cc3e150
    502e0ae5ed7b6fdf8c052507190498cd75a1a536721172d4231c25faa77e66d7";
const OPENSSL_Q: &str = "
    f19d10d33392ab3885a190b11d9df88e5928776f";
const OPENSSL_G: &str = "
    d7739c6a9e1ed496da2f3518feb399f21026fbcbec9dfdca064451f9aa1331aedd85d34098cd188c72dbb4f63c4362bd
    9e958998e1402a96613a5ece583d624dc3c5727a5befb89c525a7de464b9824580c771300f0322e6eb5897ee0f7a8698
    3c04e37d297ef2f2140f604ac0b6bcb7266a6cd7de69175630a1fdb6fd9ef8a5";
const OPENSSL_Y: &str = "
    e3e081c545cc2ac4fe15458e1a2b4722cb37345f8ad64ab4a6fe57f3394a2eff085f5b50bcd8fbf5c1bb4978e0a017c0
    71cf4a18b274a8e35c6c5ddb17329c698abdcb7fe38c5b0d7c17e53d07fc17c25a8f3bcff87dd6b46130001f4a731cc1
    20cce94c01643601114b6dcd19a1e1297d1fe04734335539b486d0e4f2db47d3";
const OPENSSL_SIGNATURE: &str = "
    302d0214508497f236257cac696be18b215b85ba72737cf202150081819646dca86d62fd9d62471c600410636914c7";

#[test]
fn dsa_of_the_oldest_size_verifies() {
    let [p, q, g, y] = [OPENSSL_P, OPENSSL_Q, OPENSSL_G, OPENSSL_Y].map(hexadecimal);
    let signature = hexadecimal(OPENSSL_SIGNATURE);
    let key = dsa_key(&y, Some(DsaParameters { p, q, g }));
    let verified = Ok(SignatureAlgorithm::DsaSha1);
    assert_eq!(outcome(&bare(oid::DSA_WITH_SHA1), &key, MESSAGE, &signature), verified);
    assert_eq!(outcome(&bare(oid::DSA_WITH_SHA1), &key, b"another message", &signature), INVALID);
    // The hash is cut to the 160 bits of q, so a longer one is as good, but not for this signature.
    assert_eq!(outcome(&bare(oid::DSA_WITH_SHA256), &key, MESSAGE, &signature), INVALID);
}
