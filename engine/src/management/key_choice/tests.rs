//! Every length with every hash, in every mode.

use super::*;
use crate::management::purpose::Catalogue;
use crate::management::release::{Product, RELEASE_14};
use crate::settings::Settings;
use Hash::{Sha1, Sha256, Sha384, Sha512};

const FIPS: Features = Features {
    fips: true,
    common_criteria: false,
    mixed_mode: false,
    sip_oauth: false,
    saml_sso: false,
    emcc: false,
    manual_phone_reset: false,
};
const COMMON_CRITERIA: Features = Features { fips: false, common_criteria: true, ..FIPS };
const PLAIN: Features = Features { fips: false, ..FIPS };

fn found(purpose: &str, key_type: KeyType, bits: u16, hash: Hash, features: Features) -> Vec<&'static str> {
    let catalogue = Catalogue::of(Product::Ucm, RELEASE_14, &Settings::default());
    let mut plan = Plan::default();
    let choice = KeyChoice { key_type, bits, hash };
    check_key(&mut plan, catalogue.purpose(purpose).unwrap(), choice, features);
    plan.findings.iter().map(|finding| finding.code.as_str()).collect()
}

fn ec(bits: u16, hash: Hash, features: Features) -> Vec<&'static str> {
    found("tomcat-ECDSA", KeyType::Ec, bits, hash, features)
}

fn rsa(bits: u16, hash: Hash, features: Features) -> Vec<&'static str> {
    found("tomcat", KeyType::Rsa, bits, hash, features)
}

#[test]
fn a_curve_takes_hashes_that_are_as_strong() {
    // R-CSR-20, R-CSR-21, R-CSR-22, R-CSR-26, R-SS-12, R-SS-13, R-SS-16
    for features in [PLAIN, FIPS, COMMON_CRITERIA] {
        for hash in [Sha256, Sha384, Sha512] {
            assert!(ec(256, hash, features).is_empty());
        }
        assert_eq!(ec(384, Sha256, features), ["issuance.hash-too-weak"]);
        for hash in [Sha384, Sha512] {
            assert!(ec(384, hash, features).is_empty());
        }
    }
}

#[test]
fn long_keys_are_rsa_keys() {
    // R-CSR-23, R-SS-14
    for bits in [3072, 4096] {
        assert_eq!(ec(bits, Sha512, PLAIN), ["issuance.key-length-not-offered"]);
        assert!(rsa(bits, Sha256, PLAIN).is_empty());
    }
    // R-SS-11: neither shorter nor longer nor in between.
    for bits in [0, 256, 1023, 1025, 2047, 2049, 4095, 4097, 8192] {
        assert_eq!(rsa(bits, Sha256, PLAIN), ["issuance.key-length-not-offered"], "{bits}");
    }
    for bits in [255, 257, 383, 385, 521] {
        assert_eq!(ec(bits, Sha512, PLAIN), ["issuance.key-length-not-offered"], "{bits}");
    }
}

#[test]
fn sha_1_is_never_used() {
    // R-CC-15, R-CC-16, R-CSR-28, R-SS-17
    for features in [PLAIN, FIPS, COMMON_CRITERIA] {
        assert_eq!(rsa(2048, Sha1, features), ["issuance.hash-broken"]);
        assert_eq!(ec(256, Sha1, features), ["issuance.hash-broken"]);
        for hash in [Sha256, Sha384, Sha512] {
            assert!(rsa(2048, hash, features).is_empty());
        }
    }
}

#[test]
fn a_key_of_1024_bits_is_refused_in_fips_and_a_legacy_elsewhere() {
    // R-SS-11, R-CC-15
    assert_eq!(rsa(1024, Sha256, PLAIN), ["issuance.key-length-legacy"]);
    assert_eq!(rsa(1024, Sha256, FIPS), ["issuance.key-too-short-for-fips"]);
    assert_eq!(rsa(1024, Sha256, COMMON_CRITERIA), ["issuance.key-too-short-for-fips"]);
}

#[test]
fn phones_may_not_register_with_a_long_key_of_call_manager() {
    // R-CSR-24, R-CSR-25, R-SS-15
    let call_manager = |bits| found("CallManager", KeyType::Rsa, bits, Sha256, PLAIN);
    assert!(call_manager(2048).is_empty());
    assert_eq!(call_manager(3072), ["issuance.key-length-phones"]);
    assert_eq!(call_manager(4096), ["issuance.key-length-phones"]);
    assert!(rsa(4096, Sha256, PLAIN).is_empty());
}

#[test]
fn the_type_is_the_purposes() {
    // R-CSR-19, R-SS-1, R-SS-2
    for purpose in &Catalogue::of(Product::Ucm, RELEASE_14, &Settings::default()).purposes {
        let elliptic = ["tomcat-ECDSA", "CallManager-ECDSA"].contains(&purpose.name.as_str());
        let (own, other) = if elliptic { (KeyType::Ec, KeyType::Rsa) } else { (KeyType::Rsa, KeyType::Ec) };
        let bits = |key_type| if key_type == KeyType::Ec { 256 } else { 2048 };
        assert!(found(&purpose.name, own, bits(own), Sha256, PLAIN).is_empty());
        let wrong = found(&purpose.name, other, bits(other), Sha256, PLAIN);
        assert_eq!(wrong, ["issuance.key-type-not-of-purpose"]);
    }
}

#[test]
fn a_form_shows_what_would_be_accepted() {
    // R-CSR-27
    for features in [PLAIN, FIPS, COMMON_CRITERIA] {
        for (key_type, purpose) in [(KeyType::Ec, "tomcat-ECDSA"), (KeyType::Rsa, "tomcat")] {
            for offer in offered_lengths(key_type, features) {
                for hash in offer.hashes {
                    let codes = found(purpose, key_type, offer.bits, *hash, features);
                    let refused = codes.iter().any(|code| *code != "issuance.key-length-legacy");
                    assert!(!refused, "{codes:?}");
                }
            }
        }
    }
    let bits = |key_type, features| -> Vec<u16> {
        offered_lengths(key_type, features).iter().map(|offer| offer.bits).collect()
    };
    assert_eq!(bits(KeyType::Ec, PLAIN), [256, 384]);
    assert_eq!(bits(KeyType::Rsa, PLAIN), [1024, 2048, 3072, 4096]);
    assert_eq!(bits(KeyType::Rsa, FIPS), [2048, 3072, 4096]);
}

#[test]
fn findings_say_what_was_found_and_what_would_be_accepted() {
    let catalogue = Catalogue::of(Product::Ucm, RELEASE_14, &Settings::default());
    let mut plan = Plan::default();
    let choice = KeyChoice { key_type: KeyType::Ec, bits: 384, hash: Sha256 };
    check_key(&mut plan, catalogue.purpose("tomcat-ECDSA").unwrap(), choice, PLAIN);
    let details: Vec<_> =
        plan.findings[0].details.iter().map(|detail| (detail.name, detail.value.clone())).collect();
    let expected = vec![
        ("field", Value::text("hash")),
        ("found", Value::text("SHA256")),
        ("keyLength", Value::Number(384)),
        ("accepted", Value::text("SHA384")),
        ("accepted", Value::text("SHA512")),
    ];
    assert_eq!(details, expected);
}

#[test]
fn words_are_read_back() {
    for hash in [Sha1, Sha256, Sha384, Sha512] {
        assert_eq!(Hash::from_word(hash.word()), Some(hash));
    }
    assert_eq!(Hash::from_word("MD5"), None);
}
