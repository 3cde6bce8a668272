//! Self-signed certificates for every purpose, as they are read back, and where they go.

use super::*;
use crate::certificate::describe::describe;
use crate::certificate::general_name::GeneralName;
use crate::management::distribution::Distribution;
use crate::management::key_choice::Hash;
use crate::management::purpose::WITH_NAMES;
use crate::management::release::Product;
use crate::management::sample::{
    AT, RELEASE_12, catalogue, cluster, cluster_of, codes, entry, fields, for_many, sign, values,
};

fn plan(cluster: &Cluster, common: RequestFields, years: Option<u8>) -> (Plan, Option<Unsigned>) {
    plan_self_signed(cluster, &catalogue(cluster), &SelfSignedFields { common, years })
}

fn refused(cluster: &Cluster, common: RequestFields, years: Option<u8>) -> Vec<&'static str> {
    let (plan, unsigned) = plan(cluster, common, years);
    assert!(plan.is_refused() && unsigned.is_none());
    codes(&plan)
}

fn signed(cluster: &Cluster, common: RequestFields, years: Option<u8>) -> Certificate {
    Certificate::decode(&sign(&plan(cluster, common, years).1.unwrap())).unwrap()
}

fn hosts(certificate: &Certificate) -> Vec<&str> {
    let names = certificate.extensions.subject_alt_name.iter().flatten();
    names
        .map(|name| match name {
            GeneralName::DnsName(host) => host.as_str(),
            other => panic!("{other:?}"),
        })
        .collect()
}

#[test]
fn five_ten_or_twenty_years_and_five_by_default() {
    // R-SS-18, R-SS-19, R-SIMP-15
    let cluster = cluster();
    for (years, year) in [(None, 2031), (Some(5), 2031), (Some(10), 2036), (Some(20), 2046)] {
        let certificate = signed(&cluster, fields("tomcat"), years);
        assert_eq!(certificate.validity.not_before, AT);
        assert_eq!(certificate.validity.not_after.to_string(), format!("{year}-11-21T12:00:00Z"));
    }
    for years in [0, 4, 6, 7, 9, 11, 19, 21, 255] {
        assert_eq!(refused(&cluster, fields("tomcat"), Some(years)), ["issuance.validity-not-offered"]);
    }
    let (plan, _) = plan(&cluster, fields("tomcat"), Some(7));
    let accepted = values(&plan, "issuance.validity-not-offered", "accepted");
    assert_eq!(accepted, [5, 10, 20].map(Value::Number));
}

#[test]
fn the_key_type_follows_the_purpose() {
    // R-SS-1, R-SS-2
    let cluster = cluster();
    for purpose in ["tomcat", "ipsec", "ITLRecovery", "CallManager", "CAPF", "TVS"] {
        let certificate = signed(&cluster, fields(purpose), None);
        assert_eq!(certificate.public_key.describe(), "rsa 2048", "{purpose}");
    }
    for purpose in ["tomcat-ECDSA", "CallManager-ECDSA"] {
        assert_eq!(signed(&cluster, fields(purpose), None).public_key.describe(), "p-256");
        let wrong = RequestFields { key: fields("tomcat").key, ..fields(purpose) };
        assert_eq!(refused(&cluster, wrong, None).first(), Some(&"issuance.key-type-not-of-purpose"));
    }
}

#[test]
fn host_names_for_the_five_purposes_that_have_the_field() {
    // R-SS-6, R-SS-7
    let cluster = cluster();
    for purpose in WITH_NAMES {
        let certificate = signed(&cluster, for_many(purpose), None);
        let expected = ["cm1.ex.com", "cm2.ex.com", "cm3.ex.com", "ex.com"];
        assert_eq!(hosts(&certificate)[1..], expected, "{purpose}");
    }
    for purpose in ["ipsec", "ITLRecovery", "CAPF"] {
        assert!(signed(&cluster, fields(purpose), None).extensions.subject_alt_name.is_none());
        let mut given = fields(purpose);
        given.names.domains = Some(Vec::new());
        assert!(plan(&cluster, given.clone(), None).1.is_some());
        given.names.domains = Some(vec!["cm1.ex.com".to_owned()]);
        assert_eq!(refused(&cluster, given, None), ["issuance.domains-not-offered"]);
    }
}

#[test]
fn the_common_name_is_the_hosts_but_with_an_elliptic_curve() {
    // R-SS-8, R-SS-9, R-SS-10
    let cluster = cluster();
    let subject = |purpose: &str| signed(&cluster, fields(purpose), None).subject.to_string();
    assert!(subject("CallManager").starts_with("CN=cm1.ex.com,"));
    assert!(subject("CallManager-ECDSA").starts_with("CN=cm1-EC.ex.com,"));
    let named = |purpose: &str, name: &str| {
        let mut fields = fields(purpose);
        fields.subject.common_name = Some(name.to_owned());
        let (plan, _) = plan(&cluster, fields, None);
        codes(&plan).contains(&"issuance.common-name-not-of-host")
    };
    assert!(named("tomcat", "other.ex.com") && !named("tomcat", "cm1"));
    assert!(named("tomcat-ECDSA", "cm1.ex.com") && !named("tomcat-ECDSA", "other.ex.com"));
    assert!(subject("ipsec").starts_with("CN=cm1.ex.com,") && !named("ipsec", "other.ex.com"));
    // Both lie in CallManager-trust beside the host's own, where a name stands once (R-TS-19).
    assert!(subject("CAPF").starts_with("CN=CAPF-cm1.ex.com,"));
    assert!(subject("ITLRecovery").starts_with("CN=ITLRecovery-cm1.ex.com,"));
}

#[test]
fn a_unit_and_the_other_fields_may_be_absent() {
    // R-SS-5
    let cluster = cluster();
    let mut bare = fields("tomcat");
    bare.subject = super::super::subject_fields::SubjectFields::default();
    assert_eq!(signed(&cluster, bare.clone(), None).subject.to_string(), "CN=cm1.ex.com");
    bare.subject.organizational_unit = Some("Voice".to_owned());
    assert_eq!(signed(&cluster, bare.clone(), None).subject.to_string(), "CN=cm1.ex.com");
    bare.subject.include_organizational_unit = true;
    assert_eq!(signed(&cluster, bare, None).subject.to_string(), "CN=cm1.ex.com,OU=Voice");
}

#[test]
fn many_servers_only_where_the_release_has_it() {
    // R-SIMP-4, R-SIMP-5, R-SIMP-10, R-SIMP-11
    let (old, new) = (cluster_of(Product::Ucm, RELEASE_12), cluster());
    for purpose in ["tomcat", "tomcat-ECDSA", "CallManager", "CallManager-ECDSA", "TVS", "CAPF"] {
        let codes = refused(&old, for_many(purpose), None);
        assert!(codes.contains(&"issuance.multi-server-not-offered"), "{purpose}");
        assert!(plan(&new, for_many(purpose), None).1.unwrap().node.is_none());
    }
    for purpose in ["ipsec", "ITLRecovery"] {
        assert_eq!(refused(&new, for_many(purpose), None), ["issuance.multi-server-not-offered"]);
    }
}

#[test]
fn capf_is_the_publishers_from_release_14() {
    // R-SIMP-3, R-SIMP-10
    let elsewhere =
        || RequestFields { distribution: Distribution::Node("cm2.ex.com".to_owned()), ..fields("CAPF") };
    assert_eq!(refused(&cluster(), elsewhere(), None), ["management.publisher-only"]);
    assert!(plan(&cluster_of(Product::Ucm, RELEASE_12), elsewhere(), None).1.is_some());
}

#[test]
fn modes_and_warnings_are_those_of_requests() {
    // R-CC-16, R-SS-11, R-SS-14, R-SS-15, R-SS-17
    let mut strict = cluster();
    strict.features.fips = true;
    let with = |purpose: &str, bits, hash| {
        let mut fields = fields(purpose);
        (fields.key.bits, fields.key.hash) = (bits, hash);
        fields
    };
    let sha256 = Hash::Sha256;
    assert_eq!(refused(&strict, with("tomcat", 2048, Hash::Sha1), None), ["issuance.hash-broken"]);
    assert_eq!(refused(&strict, with("tomcat", 1024, sha256), None), ["issuance.key-too-short-for-fips"]);
    let elliptic = with("tomcat-ECDSA", 3072, sha256);
    assert!(refused(&strict, elliptic, None).contains(&"issuance.key-length-not-offered"));
    let (long, _) = plan(&strict, with("CallManager", 4096, sha256), None);
    assert_eq!(codes(&long), ["issuance.key-length-phones"]);
    assert_eq!(refused(&strict, fields("nothing"), None), ["management.purpose-unknown"]);
}

#[test]
fn usages_are_the_tables_and_itl_recovery_signs_alone() {
    // R-KU-3, R-KUX-4
    let cluster = cluster();
    let bits = |purpose: &str| -> Vec<_> {
        signed(&cluster, fields(purpose), None).extensions.key_usage.unwrap().bits().collect()
    };
    assert_eq!(bits("CAPF"), [KeyUsageBit::DigitalSignature, KeyUsageBit::KeyCertSign]);
    assert_eq!(bits("tomcat"), [KeyUsageBit::DigitalSignature, KeyUsageBit::DataEncipherment]);
    assert_eq!(bits("ITLRecovery"), [KeyUsageBit::DigitalSignature]);
    assert!(signed(&cluster, fields("ITLRecovery"), None).extensions.extended_key_usage.is_none());
}

#[test]
fn a_form_shows_what_is_accepted() {
    let cluster = cluster();
    for purpose in &catalogue(&cluster).purposes {
        let offered = offered(purpose, cluster.features);
        assert_eq!(offered.years, [5, 10, 20]);
        // R-SS-6
        let with = ["tomcat", "tomcat-ECDSA", "CallManager", "CallManager-ECDSA", "TVS"];
        assert_eq!(offered.names, with.contains(&purpose.name.as_str()));
        assert_eq!(offered.publisher_only, purpose.name == "CAPF");
        assert_eq!(offered.multi_server, plan(&cluster, for_many(&purpose.name), None).1.is_some());
    }
}

#[test]
fn the_finished_certificate_takes_the_slot() {
    // R-RGN-5, R-SS-22
    let mut cluster = cluster();
    let unsigned = plan(&cluster, fields("tomcat"), None).1.unwrap();
    let new = Certificate::decode(&sign(&unsigned)).unwrap();
    let old = sign(&plan(&cluster, fields("tomcat"), Some(10)).1.unwrap());
    let mine = entry("tomcat", Some("cm1.ex.com"), Origin::Issued, &old);
    let other = entry("tomcat", Some("cm2.ex.com"), Origin::Issued, &old);
    cluster.entries = vec![mine.clone(), other.clone()];
    let effects = completed(&cluster, &catalogue(&cluster), &unsigned, &new);
    let store = |place: &Place, origin| Effect::Store {
        place: place.clone(),
        certificate: Box::new(new.clone()),
        origin,
        active_from: None,
    };
    let remove = |entry: &Entry| Effect::Remove {
        place: entry.place.clone(),
        fingerprint: entry.certificate.fingerprint,
    };
    assert_eq!(effects, [remove(&mine), store(&mine.place, Origin::SelfSigned)]);
    let many = plan(&cluster, for_many("tomcat"), None).1.unwrap();
    let whole = Place { room: mine.place.room.clone(), node: None };
    let expected = [remove(&mine), remove(&other), store(&whole, Origin::SelfSigned)];
    assert_eq!(completed(&cluster, &catalogue(&cluster), &many, &new), expected);
}

#[test]
fn a_capf_certificate_is_trusted_for_registration_on_every_node() {
    // R-REP-9, R-TS-19
    let mut cluster = cluster();
    let unsigned = plan(&cluster, fields("CAPF"), None).1.unwrap();
    let new = Certificate::decode(&sign(&unsigned)).unwrap();
    let mut old =
        entry("CAPF", None, Origin::Copied, &sign(&plan(&cluster, fields("CAPF"), Some(20)).1.unwrap()));
    old.place.room = Room::Trust("CallManager-trust".to_owned());
    let mut stranger =
        entry("x", None, Origin::Uploaded, &sign(&plan(&cluster, fields("TVS"), None).1.unwrap()));
    stranger.place.room = old.place.room.clone();
    cluster.entries = vec![old.clone(), stranger];
    let effects = completed(&cluster, &catalogue(&cluster), &unsigned, &new);
    let copied = effects.iter().filter_map(|effect| match effect {
        Effect::Store { place, origin: Origin::Copied, .. } => Some(place.clone()),
        _ => None,
    });
    assert_eq!(copied.collect::<Vec<_>>(), [Place { room: old.place.room.clone(), node: None }]);
    let removed = Effect::Remove { place: old.place.clone(), fingerprint: old.certificate.fingerprint };
    assert!(effects.contains(&removed) && effects.len() == 3);
}

#[test]
fn fingerprints_are_shown() {
    // R-SHOW-12
    let certificate = signed(&cluster(), fields("tomcat"), None);
    let lines = describe(&certificate);
    for algorithm in ["SHA-1", "SHA-256"] {
        let line =
            lines.iter().find(|line| line.label.contains(algorithm) && line.label.contains("ingerprint"));
        assert!(line.is_some_and(|line| !line.value.is_empty()), "{algorithm}");
    }
}
