//! Where uploads go, and what each certificate must be like.

use super::*;

#[test]
fn r_rep_1_a_root_goes_to_every_node_of_a_replicated_store() {
    let root = decode(&root());
    let plan = planned(&cluster(3), &upload(trust("tomcat-trust"), Some("b"), &[&root]));
    assert_eq!(codes(&plan), [""; 0]);
    assert_eq!(stored(&plan), [("tomcat-trust", None, root.fingerprint)]);
    let mut after = cluster(3);
    apply(&mut after, &plan);
    for node in ALL {
        assert_eq!(after.held(&trust("tomcat-trust"), node), [root.fingerprint]);
    }
}

#[test]
fn r_rep_2_what_is_put_into_other_stores_stays_on_its_node() {
    let root = decode(&root());
    for name in ["CAPF-trust", "ipsec-trust", "TVS-trust"] {
        let plan = planned(&cluster(3), &upload(trust(name), Some("a"), &[&root]));
        assert_eq!(stored(&plan).first(), Some(&(name, Some("a"), root.fingerprint)));
    }
}

// R-TS-25, R-TS-26, R-CSR-9
#[test]
fn an_unknown_store_purpose_or_node_is_refused_and_the_known_ones_are_named() {
    let root = decode(&root());
    let check = |room, node, code, accepted: &str| {
        let plan = planned(&cluster(2), &upload(room, node, &[&root]));
        assert_eq!(codes(&plan), [code]);
        assert!(values(&plan, code, "accepted").contains(&accepted.to_owned()));
    };
    check(trust("tomcat"), None, "management.purpose-unknown", "tomcat-trust");
    check(identity("tomcat-trust"), None, "management.purpose-unknown", "tomcat");
    check(trust("tomcat-trust"), Some("x"), "management.node-unknown", "b");
}

#[test]
fn r_up_15_an_upload_of_nothing_is_refused() {
    check_trust(&[], &[("upload.empty", None)]);
}

#[test]
fn r_rep_4_the_phone_edge_store_is_changed_on_the_publisher() {
    let root = decode(&root());
    let plan = planned(&cluster(2), &upload(trust("phone-edge-trust"), Some("b"), &[&root]));
    assert_eq!(codes(&plan), ["management.publisher-only"]);
    assert_eq!(values(&plan, "management.publisher-only", "accepted"), ["a"]);
    let plan = planned(&cluster(2), &upload(trust("phone-edge-trust"), Some("a"), &[&root]));
    assert_eq!(codes(&plan), [""; 0]);
}

/// A certificate with a modulus of this many bits, a multiple of 8 or one more.
fn large(bits: usize) -> Certificate {
    let mut modulus = vec![0xff; bits.div_ceil(8)];
    modulus[0] = if bits.is_multiple_of(8) { 0xff } else { 1 };
    let key = der::sequence(&[der::unsigned(&modulus), der::number(65537)]);
    let algorithm = der::sequence(&[der::oid("1.2.840.113549.1.1.1"), der::null()]);
    let info = der::sequence(&[algorithm, der::bit_string(0, &key)]);
    certificate(Sketch::leaf("large").public_key_info(&info).issued_by(&root()))
}

// R-TS-7, D-10
#[test]
fn a_modulus_has_4096_bits_at_most() {
    check_trust(&[&large(4096)], &[("upload.end-entity", Some(0))]);
    check_trust(&[&decode(&root()), &large(4097)], &[("upload.key-too-large", Some(1))]);
    let plan = planned(&cluster(1), &upload(trust("tomcat-trust"), None, &[&large(8192)]));
    assert_eq!(values(&plan, "upload.key-too-large", "bits"), ["8192"]);
    assert_eq!(values(&plan, "upload.key-too-large", "accepted"), ["4096"]);
}

// R-TS-34, R-TS-35
#[test]
fn in_mixed_mode_a_modulus_of_4096_bits_is_warned_of() {
    let mut mixed = cluster(1);
    mixed.features.mixed_mode = true;
    let check = |cluster: &Cluster, key: &str, expected: &[&str]| {
        let root = certificate(Sketch::ca("root").key(Key::rsa(key)));
        let plan = planned(cluster, &upload(trust("tomcat-trust"), None, &[&root]));
        assert_eq!(codes(&plan), expected);
        assert!(!plan.is_refused());
    };
    check(&mixed, "rsa-4096", &["upload.mixed-mode-key"]);
    check(&mixed, "rsa-3072", &[]);
    check(&cluster(1), "rsa-4096", &[]);
}

#[test]
fn r_ts_8_wildcards_are_refused_in_names_of_servers() {
    let root = root();
    let leaf = |sketch: Sketch| certificate(sketch.issued_by(&root));
    for wild in [
        Sketch::leaf("leaf").dns("*.cisco.com"),
        Sketch::leaf("leaf").dns("a.example").dns("w*.example"),
        Sketch::leaf("leaf").subject("O=Example,CN=*.cisco.com"),
        Sketch::leaf("leaf").dns("a.*.example"),
    ] {
        check_trust(&[&leaf(wild)], &[("upload.wildcard", Some(0))]);
    }
    check_trust(&[&leaf(Sketch::leaf("leaf").dns("a.example"))], &[("upload.end-entity", Some(0))]);
}

// R-TS-11, D-29
#[test]
fn an_expired_certificate_is_refused_from_the_second_after() {
    check_trust(&[&valid("root", "2020-01-01T00:00:00Z", "2026-01-01T00:00:00Z")], &[]);
    let expired = valid("root", "2020-01-01T00:00:00Z", "2025-12-31T23:59:59Z");
    check_trust(&[&expired], &[("upload.expired", Some(0))]);
    let reversed = valid("root", "2028-01-01T00:00:00Z", "2027-01-01T00:00:00Z");
    check_trust(&[&reversed], &[("upload.expired", Some(0))]);
}

// R-TS-11: validity is looked at before the name is searched
#[test]
fn an_expired_certificate_is_compared_with_nothing() {
    let expired = valid("root", "2020-01-01T00:00:00Z", "2021-01-01T00:00:00Z");
    let there = certificate(Sketch::ca("root").serial(&[1]));
    let cluster = cluster(1).with(trust("tomcat-trust"), &["a"], &there);
    let plan = planned(&cluster, &upload(trust("tomcat-trust"), None, &[&expired]));
    assert_eq!(codes(&plan), ["upload.expired"]);
}

// R-TS-11, D-29
#[test]
fn what_is_not_valid_yet_waits_and_in_common_criteria_mode_is_refused() {
    check_trust(&[&valid("root", "2026-01-01T00:00:00Z", "2030-01-01T00:00:00Z")], &[]);
    let future = valid("root", "2026-01-01T00:00:01Z", "2030-01-01T00:00:00Z");
    check_trust(&[&future], &[("upload.inactive", Some(0))]);
    let asked = upload(trust("tomcat-trust"), None, &[&future]);
    let plan = planned(&cluster(1), &asked);
    let [Effect::Store { active_from, .. }] = plan.effects.as_slice() else { panic!("{plan:?}") };
    assert_eq!(*active_from, Some(at("2026-01-01T00:00:01Z")));
    let mut strict = cluster(1);
    strict.features.common_criteria = true;
    assert_eq!(codes(&planned(&strict, &asked)), ["upload.not-yet-valid"]);
    let by_settings =
        Settings::of_profile(crate::settings::Profile::Ndcpp40, crate::settings::Strictness::Standard);
    let plan = plan_upload(&cluster(1), &catalogue(&cluster(1)), &by_settings, &asked, now());
    assert_eq!(codes(&plan), ["upload.not-yet-valid"]);
}

// R-TS-14, D-29
#[test]
fn replacing_what_is_in_use_by_what_waits_is_warned_of() {
    let there = certificate(Sketch::ca("root").serial(&[1]));
    let future = valid("root", "2027-01-01T00:00:00Z", "2030-01-01T00:00:00Z");
    let cluster = cluster(1).with(trust("tomcat-trust"), &["a"], &there);
    let plan = planned(&cluster, &upload(trust("tomcat-trust"), None, &[&future]));
    assert_eq!(codes(&plan), ["replacement.replaces", "replacement.gap", "upload.inactive"]);
}

// R-TS-19
#[test]
fn a_certificate_given_twice_is_stored_once() {
    let root = decode(&root());
    check_trust(&[&root, &root], &[("upload.duplicate", Some(1))]);
    let plan = planned(&cluster(1), &upload(trust("tomcat-trust"), None, &[&root, &root]));
    assert_eq!(stored(&plan).len(), 1);
}
