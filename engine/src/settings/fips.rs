//! The FIPS algorithm profile: narrows what the rest of the settings accept to algorithms of FIPS 186-5 and FIPS 204.
//! Only ever takes away; which algorithms a profile starts with is `profile`'s.

use super::algorithm::{KeyKind, SignatureAlgorithm};
use super::{AlgorithmSettings, Fips, Settings};
use crate::finding::{Code, Levels};
use crate::order;

/// Shortest RSA modulus: NIST SP 800-131A 3 lets shorter ones verify old signatures only, and a path is asked about
/// to be used now.
const RSA_MINIMUM_BITS: u32 = 2048;

/// Narrows `settings`. Applied twice it changes nothing more.
pub(super) fn apply(settings: &mut Settings) {
    settings.fips = Fips::On;
    narrow_signatures(&mut settings.algorithms);
    narrow_keys(&mut settings.algorithms);
    refuse_short_rsa(&mut settings.algorithms);
    refuse_rsa_exponents(&mut settings.levels);
}

/// D-13, R-14: SHA-256 or stronger.
fn narrow_signatures(algorithms: &mut AlgorithmSettings) {
    order::keep(&mut algorithms.signatures, approves_signature);
}

/// R-14, NIST SP 800-186: named curves alone.
fn narrow_keys(algorithms: &mut AlgorithmSettings) {
    order::keep(&mut algorithms.keys, approves_key);
}

/// R-16, FIPS 186-5 5.1: 2048 bits or more.
fn refuse_short_rsa(algorithms: &mut AlgorithmSettings) {
    algorithms.rsa_minimum_bits = algorithms.rsa_minimum_bits.max(RSA_MINIMUM_BITS);
}

/// FIPS 186-5 A.1.1: the exponent is odd. That it is above 2^16 too is asked of key generation and told by no rule here.
fn refuse_rsa_exponents(levels: &mut Levels) {
    levels.deny(Code::RsaExponent);
}

/// Whether the profile accepts signatures of this algorithm.
#[must_use]
pub fn approves_signature(algorithm: SignatureAlgorithm) -> bool {
    use SignatureAlgorithm as A;
    match algorithm {
        // FIPS 186-5 5.4 names both schemes of RFC 8017; the hashes are of FIPS 180-4.
        A::RsaPkcs1Sha256
        | A::RsaPkcs1Sha384
        | A::RsaPkcs1Sha512
        | A::RsaPssSha256
        | A::RsaPssSha384
        | A::RsaPssSha512 => true,
        // FIPS 186-5 6.
        A::EcdsaSha256 | A::EcdsaSha384 | A::EcdsaSha512 => true,
        // FIPS 186-5 7. The protection profiles for network devices do not list them: see `profile`.
        A::Ed25519 | A::Ed448 => true,
        // FIPS 204, every parameter set.
        A::MlDsa44 | A::MlDsa65 | A::MlDsa87 => true,
        // SP 800-131A 3: SHA-1 verifies old signatures only.
        A::RsaPkcs1Sha1 | A::EcdsaSha1 | A::DsaSha1 => false,
        // D-13: SP 800-131A 3 retires SHA-224 at the end of 2030; a path may well be longer-lived.
        A::RsaPkcs1Sha224 | A::EcdsaSha224 | A::DsaSha224 => false,
        // FIPS 186-5 4 withdrew DSA, whatever the hash.
        A::DsaSha256 => false,
    }
}

/// Whether the profile accepts keys of this kind.
#[must_use]
pub fn approves_key(kind: KeyKind) -> bool {
    match kind {
        // FIPS 186-5 5.
        KeyKind::Rsa => true,
        // SP 800-186 3.2.1: the curves that the engine knows by name.
        KeyKind::P256 | KeyKind::P384 | KeyKind::P521 => true,
        // SP 800-186 3.2.3.
        KeyKind::Ed25519 | KeyKind::Ed448 => true,
        // FIPS 204 4.
        KeyKind::MlDsa44 | KeyKind::MlDsa65 | KeyKind::MlDsa87 => true,
        // FIPS 186-5 4.
        KeyKind::Dsa => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Level;

    fn narrowed(change: impl FnOnce(&mut Settings)) -> Settings {
        let mut settings = Settings::default();
        settings.algorithms.signatures = SignatureAlgorithm::ALL.iter().copied().collect();
        settings.algorithms.keys = KeyKind::ALL.iter().copied().collect();
        change(&mut settings);
        apply(&mut settings);
        settings
    }

    #[test]
    fn no_weak_hash_and_no_dsa_is_left() {
        let settings = narrowed(|_| ());
        assert_eq!(settings.fips, Fips::On);
        let words: Vec<_> = settings.algorithms.signatures.iter().map(|algorithm| algorithm.word()).collect();
        let expected = [
            "rsa-pkcs1-sha256",
            "rsa-pkcs1-sha384",
            "rsa-pkcs1-sha512",
            "rsa-pss-sha256",
            "rsa-pss-sha384",
            "rsa-pss-sha512",
            "ecdsa-sha256",
            "ecdsa-sha384",
            "ecdsa-sha512",
            "ed25519",
            "ed448",
            "ml-dsa-44",
            "ml-dsa-65",
            "ml-dsa-87",
        ];
        assert_eq!(words, expected);
        assert!(!settings.algorithms.keys.contains(&KeyKind::Dsa));
        assert_eq!(settings.algorithms.keys.len(), KeyKind::ALL.len() - 1);
        assert_eq!(settings.levels.of(Code::RsaExponent), Level::Deny);
    }

    #[test]
    fn what_is_not_accepted_before_is_not_accepted_after() {
        let settings = narrowed(|settings| {
            settings.algorithms.signatures = [SignatureAlgorithm::EcdsaSha384].into();
            settings.algorithms.keys = [KeyKind::P384].into();
        });
        assert_eq!(settings.algorithms.signatures, [SignatureAlgorithm::EcdsaSha384].into());
        assert_eq!(settings.algorithms.keys, [KeyKind::P384].into());
    }

    #[test]
    fn rsa_starts_at_2048_bits_and_a_longer_minimum_stays() {
        for (before, after) in [(1024, 2048), (2047, 2048), (2048, 2048), (2049, 2049), (4096, 4096)] {
            let settings = narrowed(|settings| settings.algorithms.rsa_minimum_bits = before);
            assert_eq!(settings.algorithms.rsa_minimum_bits, after);
        }
    }

    #[test]
    fn every_signature_that_is_left_has_its_key() {
        for algorithm in SignatureAlgorithm::ALL.iter().filter(|algorithm| approves_signature(**algorithm)) {
            assert!(algorithm.key_kinds().iter().all(|kind| approves_key(*kind)), "{}", algorithm.word());
        }
    }
}
