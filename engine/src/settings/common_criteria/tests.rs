//! Each rule of the mode, on settings that were as loose as a document can make them.

use super::*;
use crate::finding::Level;
use crate::oid;
use crate::settings::algorithm::{KeyKind, SignatureAlgorithm};
use crate::settings::revocation::{Ask, DesignatedAlone, MissingField};
use crate::settings::{Fips, Profile, Strictness, Wildcards};

/// Everything as loose as a document may say.
fn loose(profile: Profile) -> Settings {
    let mut settings = Settings::of_profile(profile, Strictness::Standard);
    for code in Code::ALL.iter().filter(|code| !code.is_fixed()) {
        settings.levels.set(*code, Level::Ignore).unwrap();
    }
    settings.anchors = AnchorSettings { validity: false, constraints: false, form: false };
    settings.algorithms.signatures = SignatureAlgorithm::ALL.iter().copied().collect();
    settings.algorithms.keys = KeyKind::ALL.iter().copied().collect();
    settings.algorithms.rsa_minimum_bits = 512;
    settings.algorithms.rsa_maximum_bits = 8192;
    settings.algorithms.dsa_minimum_bits = 512;
    settings.names = NameSettings { wildcards: Wildcards::LeftmostLabel, common_name_fallback: true };
    settings.revocation.depth = Depth::Leaf;
    settings.revocation.ask = Ask::UntilKnown;
    settings.ocsp.designated_usage = DesignatedUsage::Any;
    settings.ocsp.designated_alone = DesignatedAlone::Accept;
    settings.crl.missing_number = MissingField::Accept;
    settings.purposes.iter_mut().for_each(|purpose| purpose.extended_key_usage = None);
    settings.purposes.push(Purpose {
        name: "own".to_owned(),
        extended_key_usage: None,
        key_usage_any_of: Vec::new(),
    });
    settings
}

fn tightened(profile: Profile) -> Settings {
    let mut settings = loose(profile);
    apply(&mut settings);
    settings
}

fn denied(settings: &Settings) -> Vec<&'static str> {
    let adjustable = Code::ALL.iter().filter(|code| !code.is_fixed());
    adjustable.filter(|code| settings.levels.of(**code) == Level::Deny).map(|code| code.as_str()).collect()
}

#[test]
fn these_levels_and_no_others_are_raised() {
    let expected = [
        "revocation.unknown",
        "revocation.undetermined",
        "revocation.not-checked",
        "algorithm.rsa-exponent",
        "certificate.subject-empty-without-san",
        "certificate.unique-identifier",
        "authority-key-identifier.critical",
        "authority-key-identifier.missing",
        "subject-key-identifier.critical",
        "subject-key-identifier.missing",
        "basic-constraints.anchor-not-ca",
        "basic-constraints.path-length-without-ca",
        "key-usage.anchor-cert-sign-missing",
        "key-usage.cert-sign-without-ca",
        "key-usage.not-for-purpose",
        "extended-key-usage.issuer-not-for-purpose",
        "extended-key-usage.missing",
        "extended-key-usage.any",
        "subject-alt-name.syntax",
    ];
    for profile in Profile::ALL.into_iter().filter(|profile| *profile != Profile::Ndcpp40) {
        assert_eq!(denied(&tightened(profile)), expected, "{}", profile.word());
    }
    let more = ["authority-key-identifier.mismatch", "key-usage.missing", "key-usage.empty"];
    let mut left = denied(&tightened(Profile::Ndcpp40));
    left.retain(|code| !expected.contains(code));
    assert_eq!(left, more);
}

#[test]
fn the_mode_brings_the_fips_profile_and_the_profiles_own_algorithms() {
    let settings = tightened(Profile::Rfc5280);
    assert_eq!((settings.mode, settings.fips), (Mode::CommonCriteria, Fips::On));
    for profile in Profile::ALL {
        let accepted = profile::algorithms(profile);
        assert_eq!(tightened(profile).algorithms, accepted, "{}", profile.word());
    }
}

#[test]
fn every_certificate_but_the_anchor_is_asked_about_and_the_anchor_is_enforced() {
    let settings = tightened(Profile::UcLegacy);
    assert_eq!(settings.revocation.depth, Depth::All);
    assert_eq!(settings.anchors, AnchorSettings { validity: true, constraints: true, form: true });
}

#[test]
fn a_designated_responder_that_names_usages_names_ocsp_signing() {
    let settings = tightened(Profile::Rfc5280);
    assert_eq!(settings.ocsp.designated_usage, DesignatedUsage::OcspSigningWherePresent);
}

#[test]
fn known_purposes_have_their_usage_again_and_others_stay() {
    let settings = tightened(Profile::Rfc5280);
    assert_eq!(settings.purposes.len(), profile::purposes().len() + 1);
    for known in profile::purposes() {
        let purpose = settings.purpose(&known.name).unwrap();
        assert_eq!(purpose.extended_key_usage, known.extended_key_usage);
    }
    assert_eq!(settings.purpose("own").unwrap().extended_key_usage, None);
    let mut other = loose(Profile::Rfc5280);
    other.purposes[0].extended_key_usage = Some(oid::KP_CODE_SIGNING);
    apply(&mut other);
    assert_eq!(other.purposes[0].extended_key_usage, Some(oid::KP_CODE_SIGNING));
}

#[test]
fn the_common_name_is_never_looked_at_and_wildcards_stay_as_they_were() {
    let settings = tightened(Profile::Rfc5280);
    assert!(!settings.names.common_name_fallback);
    assert_eq!(settings.names.wildcards, Wildcards::LeftmostLabel);
    let mut refusing = loose(Profile::Rfc5280);
    refusing.names.wildcards = Wildcards::Refuse;
    apply(&mut refusing);
    assert_eq!(refusing.names.wildcards, Wildcards::Refuse);
}

#[test]
fn only_the_edition_4_0_asks_every_source_and_wants_more_than_its_own_responder() {
    for profile in Profile::ALL {
        let settings = tightened(profile);
        let expected = if profile == Profile::Ndcpp40 {
            (Ask::EverySource, DesignatedAlone::Refuse)
        } else {
            (Ask::UntilKnown, DesignatedAlone::Accept)
        };
        assert_eq!((settings.revocation.ask, settings.ocsp.designated_alone), expected, "{}", profile.word());
    }
}

#[test]
fn what_the_mode_does_not_speak_of_stays() {
    let (before, after) = (loose(Profile::Rfc5280), tightened(Profile::Rfc5280));
    assert_eq!(after.crl, before.crl);
    assert_eq!(after.path, before.path);
    assert_eq!(after.limits, before.limits);
    assert_eq!(after.revocation.sources, before.revocation.sources);
    assert_eq!(after.ocsp.freshness, before.ocsp.freshness);
    assert_eq!(after.ocsp.nonce, before.ocsp.nonce);
}

#[test]
fn a_second_application_changes_nothing() {
    for profile in Profile::ALL {
        for strictness in Strictness::ALL {
            let mut once = loose(profile);
            once.strictness = strictness;
            apply(&mut once);
            let mut twice = once.clone();
            apply(&mut twice);
            assert_eq!(twice, once, "{}", profile.word());
        }
    }
}
