//! Algorithm identifiers: each with the parameters it must have, without them, and with others.

use super::*;
use crate::signature::{Unidentified, identify};
use SignatureAlgorithm as Name;

const EMPTY_SEQUENCE: [u8; 2] = [0x30, 0];

fn with_sequence(algorithm: Oid) -> AlgorithmIdentifier {
    identifier(algorithm, Some(&EMPTY_SEQUENCE))
}

#[test]
fn rsa_pkcs1_identifiers_have_null_parameters_or_none() {
    let table = [
        (oid::SHA224_WITH_RSA, Name::RsaPkcs1Sha224),
        (oid::SHA256_WITH_RSA, Name::RsaPkcs1Sha256),
        (oid::SHA384_WITH_RSA, Name::RsaPkcs1Sha384),
        (oid::SHA512_WITH_RSA, Name::RsaPkcs1Sha512),
    ];
    for (algorithm, name) in table {
        assert_eq!(identify(&with_null(algorithm.clone())), Ok(name));
        assert_eq!(identify(&bare(algorithm.clone())), Ok(name));
        assert_eq!(identify(&with_sequence(algorithm.clone())), Err(Unidentified::Parameters));
        let null_and_more = identifier(algorithm.clone(), Some(&[5, 0, 0]));
        assert_eq!(identify(&null_and_more), Err(Unidentified::Parameters));
        let long_null = identifier(algorithm, Some(&[5, 0x81, 0]));
        assert_eq!(identify(&long_null), Err(Unidentified::Parameters));
    }
}

#[test]
fn sha1_with_rsa_has_null_parameters() {
    assert_eq!(identify(&with_null(oid::SHA1_WITH_RSA)), Ok(Name::RsaPkcs1Sha1));
    assert_eq!(identify(&bare(oid::SHA1_WITH_RSA)), Err(Unidentified::Parameters));
    assert_eq!(identify(&with_sequence(oid::SHA1_WITH_RSA)), Err(Unidentified::Parameters));
}

#[test]
fn the_other_identifiers_have_no_parameters() {
    let table = [
        (oid::ECDSA_WITH_SHA1, Name::EcdsaSha1),
        (oid::ECDSA_WITH_SHA224, Name::EcdsaSha224),
        (oid::ECDSA_WITH_SHA256, Name::EcdsaSha256),
        (oid::ECDSA_WITH_SHA384, Name::EcdsaSha384),
        (oid::ECDSA_WITH_SHA512, Name::EcdsaSha512),
        (oid::ED25519, Name::Ed25519),
        (oid::ED448, Name::Ed448),
        (oid::ML_DSA_44, Name::MlDsa44),
        (oid::ML_DSA_65, Name::MlDsa65),
        (oid::ML_DSA_87, Name::MlDsa87),
        (oid::DSA_WITH_SHA1, Name::DsaSha1),
        (oid::DSA_WITH_SHA224, Name::DsaSha224),
        (oid::DSA_WITH_SHA256, Name::DsaSha256),
    ];
    for (algorithm, name) in table {
        assert_eq!(identify(&bare(algorithm.clone())), Ok(name));
        assert_eq!(identify(&with_null(algorithm.clone())), Err(Unidentified::Parameters));
        assert_eq!(identify(&with_sequence(algorithm.clone())), Err(Unidentified::Parameters));
        assert_eq!(identify(&identifier(algorithm, Some(&[]))), Err(Unidentified::Parameters));
    }
}

/// D-17: the digests of MD2 and MD5 are nobody's to verify, and SHA-1 is reached by its own names alone.
#[test]
fn weak_hashes_are_unknown_or_named() {
    let md2 = Oid::from_dotted("1.2.840.113549.1.1.2").unwrap();
    for algorithm in [md2, oid::MD5_WITH_RSA] {
        for identifier in [with_null(algorithm.clone()), bare(algorithm)] {
            assert_eq!(identify(&identifier), Err(Unidentified::Algorithm));
        }
    }
    let sha1 = [with_null(oid::SHA1_WITH_RSA), bare(oid::ECDSA_WITH_SHA1), bare(oid::DSA_WITH_SHA1)];
    let named: Vec<_> = sha1.iter().map(|identifier| identify(identifier).unwrap()).collect();
    assert_eq!(named, [Name::RsaPkcs1Sha1, Name::EcdsaSha1, Name::DsaSha1]);
}

#[test]
fn identifiers_of_keys_hashes_and_nothing_known_are_no_signature_algorithms() {
    let nothing = Oid::from_dotted("1.2.3.4").unwrap();
    for algorithm in [oid::RSA_ENCRYPTION, oid::EC_PUBLIC_KEY, oid::DSA, oid::SHA256, oid::X25519, nothing] {
        assert_eq!(identify(&with_null(algorithm.clone())), Err(Unidentified::Algorithm));
        assert_eq!(identify(&bare(algorithm)), Err(Unidentified::Algorithm));
    }
}

fn identify_pss(parameters: &[u8]) -> Result<SignatureAlgorithm, Unidentified> {
    identify(&identifier(oid::RSASSA_PSS, Some(parameters)))
}

/// The four fields of RSASSA-PSS-params, each as its whole encoding.
fn pss_fields(fields: &[&[u8]]) -> Vec<u8> {
    element(0x30, fields)
}

fn hash_algorithm(hash: &Oid, parameters: &[u8]) -> Vec<u8> {
    element(0x30, &[&element(6, &[hash.content()]), parameters])
}

fn hash_field(hash: &Oid, parameters: &[u8]) -> Vec<u8> {
    element(0xa0, &[&hash_algorithm(hash, parameters)])
}

fn mask_field(function: &Oid, hash: &[u8]) -> Vec<u8> {
    element(0xa1, &[&element(0x30, &[&element(6, &[function.content()]), hash])])
}

fn salt_field(content: &[u8]) -> Vec<u8> {
    element(0xa2, &[&element(2, &[content])])
}

#[test]
fn pss_is_one_hash_throughout_and_a_salt_of_its_length() {
    let table = [
        (oid::SHA256, 32, Name::RsaPssSha256),
        (oid::SHA384, 48, Name::RsaPssSha384),
        (oid::SHA512, 64, Name::RsaPssSha512),
    ];
    for (hash, length, name) in &table {
        assert_eq!(identify_pss(&pss_parameters(hash, hash, *length)), Ok(*name));
        for other in [length - 1, length + 1, 0, 20, 127] {
            assert_eq!(identify_pss(&pss_parameters(hash, hash, other)), Err(Unidentified::Parameters));
        }
        for mgf_hash in [oid::SHA1, oid::SHA224, oid::SHA256, oid::SHA384, oid::SHA512] {
            let expected = if mgf_hash == *hash { Ok(*name) } else { Err(Unidentified::Parameters) };
            assert_eq!(identify_pss(&pss_parameters(hash, &mgf_hash, *length)), expected);
        }
    }
    for hash in [oid::SHA1, oid::SHA224] {
        for length in [20, 28, 32] {
            assert_eq!(identify_pss(&pss_parameters(&hash, &hash, length)), Err(Unidentified::Parameters));
        }
    }
}

/// RFC 4055 2.1: NULL and absent parameters of a hash must both be accepted, nothing else.
#[test]
fn pss_hash_parameters_are_null_or_absent() {
    let with = |hash: &[u8], mgf_hash: &[u8]| {
        let mask = mask_field(&oid::MGF1, &hash_algorithm(&oid::SHA256, mgf_hash));
        identify_pss(&pss_fields(&[&hash_field(&oid::SHA256, hash), &mask, &salt_field(&[32])]))
    };
    assert_eq!(with(&NULL, &NULL), Ok(Name::RsaPssSha256));
    assert_eq!(with(&[], &[]), Ok(Name::RsaPssSha256));
    assert_eq!(with(&NULL, &[]), Ok(Name::RsaPssSha256));
    for wrong in [[5, 1, 0].as_slice(), &[0x30, 0], &[5, 0, 5, 0]] {
        assert_eq!(with(wrong, &NULL), Err(Unidentified::Parameters));
        assert_eq!(with(&NULL, wrong), Err(Unidentified::Parameters));
    }
}

/// D-15: what is left out means SHA-1 (RFC 4055 3.1), and nothing is filled in from elsewhere.
#[test]
fn pss_parameters_left_out_are_not_guessed() {
    let hash = hash_field(&oid::SHA256, &NULL);
    let mask = mask_field(&oid::MGF1, &hash_algorithm(&oid::SHA256, &NULL));
    let salt = salt_field(&[32]);
    assert_eq!(identify_pss(&pss_fields(&[&hash, &mask, &salt])), Ok(Name::RsaPssSha256));
    let lacking: [&[&[u8]]; 8] = [
        &[],
        &[&hash],
        &[&mask],
        &[&salt],
        &[&hash, &mask],
        &[&hash, &salt],
        &[&mask, &salt],
        &[&mask, &hash, &salt],
    ];
    for fields in lacking {
        assert_eq!(identify_pss(&pss_fields(fields)), Err(Unidentified::Parameters));
    }
    let mask_without_hash = mask_field(&oid::MGF1, &[]);
    let other_function = mask_field(&oid::SHA256, &hash_algorithm(&oid::SHA256, &NULL));
    for mask in [mask_without_hash, other_function] {
        assert_eq!(identify_pss(&pss_fields(&[&hash, &mask, &salt])), Err(Unidentified::Parameters));
    }
    assert_eq!(identify(&bare(oid::RSASSA_PSS)), Err(Unidentified::Parameters));
    assert_eq!(identify(&with_null(oid::RSASSA_PSS)), Err(Unidentified::Parameters));
}

/// D-15: salts that are huge, negative, padded or no INTEGER at all.
#[test]
fn pss_salt_lengths_are_read_strictly() {
    let with = |salt: &[u8]| {
        let mask = mask_field(&oid::MGF1, &hash_algorithm(&oid::SHA256, &NULL));
        identify_pss(&pss_fields(&[&hash_field(&oid::SHA256, &NULL), &mask, &element(0xa2, &[salt])]))
    };
    assert_eq!(with(&[2, 1, 32]), Ok(Name::RsaPssSha256));
    let wrong: [&[u8]; 8] = [
        &[2, 1, 0xe0],
        &[2, 2, 0, 32],
        &[2, 5, 1, 0, 0, 0, 32],
        &[2, 4, 0x7f, 0xff, 0xff, 0xff],
        &[2, 9, 0x7f, 0, 0, 0, 0, 0, 0, 0, 32],
        &[2, 0],
        &[4, 1, 32],
        &[2, 1, 32, 2, 1, 32],
    ];
    for salt in wrong {
        assert_eq!(with(salt), Err(Unidentified::Parameters), "{salt:02x?}");
    }
}

#[test]
fn pss_trailer_field_is_one_or_absent_and_nothing_follows() {
    let with = |last: &[u8]| {
        let mask = mask_field(&oid::MGF1, &hash_algorithm(&oid::SHA256, &NULL));
        identify_pss(&pss_fields(&[&hash_field(&oid::SHA256, &NULL), &mask, &salt_field(&[32]), last]))
    };
    assert_eq!(with(&[]), Ok(Name::RsaPssSha256));
    assert_eq!(with(&[0xa3, 3, 2, 1, 1]), Ok(Name::RsaPssSha256));
    for wrong in [[0xa3, 3, 2, 1, 0].as_slice(), &[0xa3, 3, 2, 1, 2], &[0xa3, 0], &[0xa4, 0], &[5, 0]] {
        assert_eq!(with(wrong), Err(Unidentified::Parameters), "{wrong:02x?}");
    }
    let mut after = pss_parameters(&oid::SHA256, &oid::SHA256, 32);
    after.push(0);
    assert_eq!(identify_pss(&after), Err(Unidentified::Parameters));
}
