use pki::algorithm::{Algorithm, Hash};
use pki::certificate::{Issued, Sketch};
use pki::der;
use pki::key::Key;

use super::*;
use crate::management::cluster::{Origin, Place, Tombstone};
use crate::management::model::{
    apply, at, catalogue, certificate, cluster, codes, decode, identity, now, places, planned, removed,
    settings, stored, trust, upload, values,
};
use crate::management::plan::Effect;

const ALL: [&str; 3] = ["a", "b", "c"];

/// What uploading these to tomcat-trust of an empty cluster of three finds.
#[track_caller]
fn check_trust(certificates: &[&Certificate], expected: &[(&str, Option<usize>)]) {
    let cluster = cluster(3);
    let plan = planned(&cluster, &upload(trust("tomcat-trust"), None, certificates));
    assert_eq!(places(&plan), expected);
    assert_eq!(plan.effects.is_empty(), plan.is_refused());
}

fn root() -> Issued {
    Sketch::ca("root").issue()
}

fn valid(label: &str, from: &str, to: &str) -> Certificate {
    certificate(Sketch::ca(label).valid(from, to))
}

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

// R-TS-17, R-TS-18, R-TS-21, R-TS-22
#[test]
fn two_certificates_of_one_entity_in_one_file_are_refused_in_any_order() {
    let sha1 = Sketch::ca("root").key(Key::rsa("rsa-2048-1"));
    let one = certificate(sha1.signature_algorithm(Algorithm::RsaPkcs1(Hash::Sha1)).serial(&[1]));
    let other = certificate(Sketch::ca("root").key(Key::rsa("rsa-2048-2")).serial(&[2]));
    let expected = [("upload.entity-twice", Some(1)), ("replacement.naming", Some(1))];
    check_trust(&[&one, &other], &expected);
    check_trust(&[&other, &one], &expected);
}

// R-UP-3, R-UP-13
#[test]
fn a_chain_in_any_order_is_stored_from_the_root_down() {
    let root = root();
    let upper = Sketch::ca("upper").issued_by(&root).issue();
    let lower = Sketch::ca("lower").issued_by(&upper).issue();
    let leaf = certificate(Sketch::leaf("leaf").issued_by(&lower));
    let (root, upper, lower) = (decode(&root), decode(&upper), decode(&lower));
    let wanted = [&root, &upper, &lower, &leaf].map(|certificate| certificate.fingerprint);
    for order in [
        [&root, &upper, &lower, &leaf],
        [&leaf, &lower, &upper, &root],
        [&upper, &leaf, &root, &lower],
        [&lower, &root, &leaf, &upper],
    ] {
        let plan = planned(&cluster(1), &upload(trust("tomcat-trust"), None, &order));
        assert_eq!(codes(&plan), ["upload.end-entity"]);
        assert_eq!(stored(&plan).iter().map(|one| one.2).collect::<Vec<_>>(), wanted);
    }
}

// R-UP-13, R-UP-2
#[test]
fn an_intermediate_needs_its_issuer_in_the_store_or_in_the_file() {
    let root = root();
    let upper = Sketch::ca("upper").issued_by(&root).issue();
    let lower = certificate(Sketch::ca("lower").issued_by(&upper));
    let (root, upper) = (decode(&root), decode(&upper));
    check_trust(&[&upper], &[("upload.issuer-missing", Some(0))]);
    check_trust(&[&root, &upper], &[]);
    check_trust(&[&root, &lower], &[("upload.issuer-missing", Some(1))]);
    let store = trust("tomcat-trust");
    let plan = planned(&cluster(1), &upload(store.clone(), None, &[&upper]));
    assert_eq!(values(&plan, "upload.issuer-missing", "issuer"), ["CN=root"]);
    let there = cluster(1).with(store.clone(), &["a"], &root);
    assert_eq!(codes(&planned(&there, &upload(store.clone(), None, &[&upper]))), [""; 0]);
    // R-TS-12: another folder is not looked at
    let elsewhere = cluster(1).with(trust("CallManager-trust"), &["a"], &root);
    assert_eq!(codes(&planned(&elsewhere, &upload(store, None, &[&upper]))), ["upload.issuer-missing"]);
}

// R-UP-13; RFC 5280 6.1.3 (a)(1)
#[test]
fn the_issuer_of_an_authority_must_have_signed_it() {
    let root = root();
    let impostor = Sketch::ca("impostor").subject("CN=root").issue();
    let false_child = certificate(Sketch::ca("upper").issued_by(&impostor));
    let tampered = certificate(Sketch::ca("upper").issued_by(&root).tamper_signature());
    let root = decode(&root);
    check_trust(&[&root, &false_child], &[("upload.signature", Some(1))]);
    check_trust(&[&tampered, &root], &[("upload.signature", Some(0))]);
    let plan = planned(&cluster(1), &upload(trust("tomcat-trust"), None, &[&root, &tampered]));
    assert_eq!(values(&plan, "upload.signature", "because"), ["signature.invalid"]);
}

// R-UP-13; RFC 5280 4.2.1.9, 4.2.1.3
#[test]
fn what_is_no_authority_vouches_for_none() {
    let leaf = Sketch::leaf("leaf").issue();
    let without_usage = Sketch::ca("unsigned").key_usage(&["digitalSignature"]).issue();
    for issuer in [leaf, without_usage] {
        let child = certificate(Sketch::ca("child").issued_by(&issuer));
        let issuer = decode(&issuer);
        let there = cluster(1).with(trust("tomcat-trust"), &["a"], &issuer);
        let plan = planned(&there, &upload(trust("tomcat-trust"), None, &[&child]));
        assert_eq!(codes(&plan), ["upload.signature"]);
        assert_eq!(values(&plan, "upload.signature", "because"), ["basic-constraints.not-ca"]);
    }
}

// R-UP-13, R-TS-2
#[test]
fn a_root_must_be_signed_by_its_own_key() {
    check_trust(
        &[&certificate(Sketch::ca("root").tamper_signature())],
        &[("upload.self-signature", Some(0))],
    );
    // Self-issued, signed by the key before: it would replace the certificate that vouches for it.
    let old = root();
    let rolled = certificate(Sketch::ca("new").subject("CN=root").issued_by(&old));
    check_trust(&[&rolled], &[("upload.self-signature", Some(0))]);
}

// R-UP-13
#[test]
fn an_expired_issuer_vouches_for_nothing_and_a_waiting_one_does() {
    let expired = Sketch::ca("root").valid("2020-01-01T00:00:00Z", "2025-01-01T00:00:00Z").issue();
    let child = certificate(Sketch::ca("upper").issued_by(&expired));
    let there = cluster(1).with(trust("tomcat-trust"), &["a"], &decode(&expired));
    let plan = planned(&there, &upload(trust("tomcat-trust"), None, &[&child]));
    assert_eq!(codes(&plan), ["upload.issuer-missing"]);
    let future = Sketch::ca("root").valid("2027-01-01T00:00:00Z", "2030-01-01T00:00:00Z").issue();
    let child = certificate(
        Sketch::ca("upper").issued_by(&future).valid("2027-01-02T00:00:00Z", "2029-01-01T00:00:00Z"),
    );
    check_trust(&[&child, &decode(&future)], &[("upload.inactive", Some(1)), ("upload.inactive", Some(0))]);
}

// R-UP-5, R-TS-30
#[test]
fn a_peer_is_believed_by_itself_unless_its_issuer_disowns_it() {
    let root = root();
    let leaf = certificate(Sketch::leaf("leaf").issued_by(&root));
    let tampered = certificate(Sketch::leaf("leaf").issued_by(&root).tamper_signature());
    check_trust(&[&leaf], &[("upload.end-entity", Some(0))]);
    check_trust(&[&certificate(Sketch::leaf("alone"))], &[("upload.end-entity", Some(0))]);
    let forged = certificate(Sketch::leaf("alone").tamper_signature());
    check_trust(&[&forged], &[("upload.self-signature", Some(0))]);
    check_trust(&[&tampered, &decode(&root)], &[("upload.signature", Some(0))]);
    let plan = planned(&cluster(1), &upload(trust("tomcat-trust"), None, &[&leaf]));
    assert_eq!(values(&plan, "upload.end-entity", "purpose"), ["tomcat", "tomcat-ECDSA"]);
}

// R-UP-3: an upload is bounded by the signatures that may be verified
#[test]
fn an_upload_beyond_the_budget_is_refused_whole() {
    let roots: Vec<Certificate> =
        (0..4).map(|number| certificate(Sketch::ca(&format!("root {number}")))).collect();
    let asked = upload(trust("tomcat-trust"), None, &roots.iter().collect::<Vec<_>>());
    let with = |signatures, signature_cost| {
        let mut settings = settings();
        (settings.limits.signatures, settings.limits.signature_cost) = (signatures, signature_cost);
        plan_upload(&cluster(1), &catalogue(&cluster(1)), &settings, &asked, now())
    };
    assert_eq!(codes(&with(4, 4)), [""; 0]);
    assert_eq!(codes(&with(3, 4)), ["upload.too-much"]);
    let plan = with(4, 3);
    assert_eq!(places(&plan), [("upload.self-signature", Some(3)), ("upload.too-much", None)]);
    assert_eq!(values(&plan, "upload.self-signature", "because"), ["path.budget-exceeded"]);
}

// R-UP-25, R-TS-13
#[test]
fn what_is_there_already_changes_nothing_unless_a_node_lacks_it() {
    let root = decode(&root());
    let asked = upload(trust("tomcat-trust"), None, &[&root]);
    let whole = cluster(3).with(trust("tomcat-trust"), &ALL, &root);
    let plan = planned(&whole, &asked);
    assert_eq!((codes(&plan), plan.effects.len()), (vec!["upload.unchanged"], 0));
    let lacking = cluster(3).with(trust("tomcat-trust"), &["a", "c"], &root);
    let plan = planned(&lacking, &asked);
    assert_eq!((codes(&plan), plan.effects.len()), (vec!["upload.unchanged"], 1));
}

// R-TS-20
#[test]
fn one_entity_may_be_in_two_stores() {
    let old = certificate(Sketch::ca("root").serial(&[1]));
    let new = certificate(Sketch::ca("root").serial(&[2]).key(Key::p256("other")));
    let cluster = cluster(1).with(trust("tomcat-trust"), &["a"], &old);
    let plan = planned(&cluster, &upload(trust("CallManager-trust"), None, &[&new]));
    assert_eq!(codes(&plan), [""; 0]);
}

// R-TS-17, D-8
#[test]
fn another_subject_of_the_same_common_name_is_warned_of() {
    let there = certificate(Sketch::ca("root").subject("O=One,CN=Example Root"));
    let other = certificate(Sketch::ca("root").subject("O=Other,CN=example  root"));
    let cluster = cluster(1).with(trust("tomcat-trust"), &["a"], &there);
    let plan = planned(&cluster, &upload(trust("tomcat-trust"), None, &[&other]));
    assert_eq!(codes(&plan), ["replacement.common-name"]);
    assert_eq!(plan.effects.len(), 1);
}

// R-TS-14, D-8, R-DEL-3
#[test]
fn a_new_key_names_what_the_old_one_signed() {
    let old = Sketch::ca("root").serial(&[1]).issue();
    let upper = certificate(Sketch::ca("upper").issued_by(&old));
    let tomcat = certificate(Sketch::leaf("a.example").issued_by(&old));
    let there = cluster(1)
        .with(trust("tomcat-trust"), &["a"], &decode(&old))
        .with(trust("tomcat-trust"), &["a"], &upper)
        .with(identity("tomcat"), &["a"], &tomcat)
        .with(identity("CallManager"), &["a"], &tomcat);
    let later = || Sketch::ca("root").valid("2025-01-01T00:00:00Z", "2030-01-01T00:00:00Z");
    let rekeyed = certificate(later().key(Key::p256("new")));
    let plan = planned(&there, &upload(trust("tomcat-trust"), None, &[&rekeyed]));
    let broken: Vec<_> = plan
        .findings
        .iter()
        .filter(|finding| finding.code == ManagementCode::ReplacementBreaksChain)
        .map(|finding| finding.certificate.unwrap())
        .collect();
    assert_eq!(broken, [upper.fingerprint, tomcat.fingerprint]);
    assert!(!plan.is_refused());
    let same_key = certificate(later());
    let plan = planned(&there, &upload(trust("tomcat-trust"), None, &[&same_key]));
    assert_eq!(codes(&plan), ["replacement.replaces"]);
    // What comes with its own successor is not broken.
    let renewed = Sketch::ca("root")
        .key(Key::p256("new"))
        .valid("2025-01-01T00:00:00Z", "2030-01-01T00:00:00Z")
        .issue();
    let child = certificate(
        Sketch::ca("upper").issued_by(&renewed).valid("2025-02-01T00:00:00Z", "2030-01-01T00:00:00Z"),
    );
    let plan = planned(&there, &upload(trust("tomcat-trust"), None, &[&child, &decode(&renewed)]));
    assert_eq!(values(&plan, "replacement.breaks-chain", "place"), ["tomcat"]);
}

// R-REP-3, D-26, R-UP-25
#[test]
fn a_root_for_capf_is_copied_for_callmanager_on_every_node() {
    let root = root();
    let upper = certificate(Sketch::ca("upper").issued_by(&root));
    let root = decode(&root);
    let plan = planned(&cluster(2), &upload(trust("CAPF-trust"), Some("a"), &[&root, &upper]));
    assert_eq!(codes(&plan), ["upload.copied"]);
    let expected = [
        ("CAPF-trust", Some("a"), root.fingerprint),
        ("CallManager-trust", None, root.fingerprint),
        ("CAPF-trust", Some("a"), upper.fingerprint),
    ];
    assert_eq!(stored(&plan), expected);
    // R-UP-25: put there by hand before, it is there already
    let by_hand = cluster(2).with(trust("CallManager-trust"), &["a", "b"], &root);
    let plan = planned(&by_hand, &upload(trust("CAPF-trust"), None, &[&root]));
    assert_eq!(codes(&plan), ["upload.copied", "upload.unchanged"]);
    // R-REP-8: on a subscriber it is of no use to CAPF
    let plan = planned(&cluster(2), &upload(trust("CAPF-trust"), Some("b"), &[&root]));
    assert_eq!(codes(&plan), ["upload.copied", "upload.root-on-subscriber"]);
}

// D-21, R-DEL-6
#[test]
fn what_was_deleted_comes_back_only_when_somebody_says_so() {
    let root = decode(&root());
    let buried = |node: Option<&str>| {
        let mut cluster = cluster(2);
        let place = Place { room: trust("tomcat-trust"), node: node.map(str::to_owned) };
        cluster.tombstones.push(Tombstone { place, fingerprint: root.fingerprint });
        cluster
    };
    let mut asked = upload(trust("tomcat-trust"), None, &[&root]);
    assert_eq!(codes(&planned(&buried(None), &asked)), ["upload.deleted-before"]);
    // A tombstone of one node alone is no decision about the cluster, and is lifted.
    let plan = planned(&buried(Some("b")), &asked);
    assert_eq!((codes(&plan), plan.effects.len()), (vec![], 2));
    asked.revival = Revival::Revive;
    let plan = planned(&buried(None), &asked);
    assert_eq!(codes(&plan), ["upload.revived"]);
    let mut after = buried(None);
    apply(&mut after, &plan);
    assert_eq!((after.tombstones.len(), after.entries.len()), (0, 2));
    asked.room = trust("CallManager-trust");
    assert_eq!(codes(&planned(&buried(None), &asked)), [""; 0]);
}

/// A root, an intermediate and a certificate for `purpose` whose key is `key`.
fn chain(key: Key) -> (Certificate, Certificate, Certificate) {
    let root = root();
    let upper = Sketch::ca("upper").issued_by(&root).issue();
    let leaf = certificate(Sketch::leaf("leaf").key(key).dns("a.example").issued_by(&upper));
    (decode(&root), decode(&upper), leaf)
}

fn rsa() -> Key {
    Key::rsa("rsa-2048-1")
}

// R-UP-5 to R-UP-10, R-UP-12
#[test]
fn a_returned_certificate_takes_the_slot_and_its_request_goes() {
    let (root, upper, leaf) = chain(rsa());
    let old = certificate(Sketch::leaf("old").key(Key::rsa("rsa-2048-2")));
    let before = cluster(2)
        .with(identity("tomcat"), &["a", "b"], &old)
        .requesting("tomcat", Some("b"), &leaf)
        .requesting("tomcat", Some("a"), &old);
    let plan = planned(&before, &upload(identity("tomcat"), Some("b"), &[&upper, &leaf, &root]));
    assert_eq!(codes(&plan), ["replacement.replaces"]);
    let expected = [
        ("tomcat-trust", None, root.fingerprint),
        ("tomcat-trust", None, upper.fingerprint),
        ("tomcat", Some("b"), leaf.fingerprint),
    ];
    assert_eq!(stored(&plan), expected);
    assert_eq!(removed(&plan), [("tomcat", Some("b"), old.fingerprint)]);
    let mut after = before;
    apply(&mut after, &plan);
    assert_eq!(after.held(&identity("tomcat"), "b"), [leaf.fingerprint]);
    assert_eq!(after.held(&identity("tomcat"), "a"), [old.fingerprint]);
    assert_eq!(after.requests.len(), 1);
    assert_eq!(after.tombstones, []);
    let issued = after.entries.iter().find(|entry| entry.certificate == leaf).unwrap();
    assert_eq!(issued.origin, Origin::Issued);
    // Again: it is there, and no request is needed to say so.
    let again = planned(&after, &upload(identity("tomcat"), Some("b"), &[&leaf]));
    assert_eq!((codes(&again), again.effects.len()), (vec!["upload.unchanged"], 0));
}

// R-UP-1, R-UP-2, R-UP-10
#[test]
fn the_chain_of_an_identity_is_in_the_store_or_in_the_file() {
    let (root, upper, leaf) = chain(rsa());
    let check = |stored: &[&Certificate], given: &[&Certificate], expected: &[&str]| {
        let mut cluster = cluster(1).requesting("tomcat", Some("a"), &leaf);
        for certificate in stored {
            cluster = cluster.with(trust("tomcat-trust"), &["a"], certificate);
        }
        let plan = planned(&cluster, &upload(identity("tomcat"), None, given));
        assert_eq!(codes(&plan), expected);
        assert_eq!(plan.effects.is_empty(), plan.is_refused());
    };
    check(&[], &[&leaf, &upper, &root], &[]);
    check(&[&root, &upper], &[&leaf], &[]);
    check(&[&root], &[&upper, &leaf], &[]);
    check(&[], &[&leaf], &["identity.issuer-missing"]);
    check(&[&root], &[&leaf], &["identity.issuer-missing"]);
    check(&[&upper], &[&leaf], &["identity.chain-incomplete"]);
    check(&[], &[&leaf, &upper], &["upload.issuer-missing"]);
}

// R-TS-1, R-UP-1
#[test]
fn authorities_that_are_expired_or_wait_carry_no_identity() {
    for (from, to) in
        [("2020-01-01T00:00:00Z", "2025-12-31T23:59:59Z"), ("2026-01-01T00:00:01Z", "2030-01-01T00:00:00Z")]
    {
        let root = Sketch::ca("root").valid(from, to).issue();
        let leaf = certificate(Sketch::leaf("leaf").key(rsa()).issued_by(&root));
        let cluster = cluster(1).with(trust("tomcat-trust"), &["a"], &decode(&root)).requesting(
            "tomcat",
            Some("a"),
            &leaf,
        );
        let plan = planned(&cluster, &upload(identity("tomcat"), None, &[&leaf]));
        assert_eq!(codes(&plan), ["identity.issuer-missing"]);
    }
}

// R-UP-1
#[test]
fn a_self_signed_certificate_vouches_for_itself_nowhere() {
    let own = certificate(Sketch::leaf("leaf").key(rsa()));
    let cluster = cluster(1).requesting("tomcat", Some("a"), &own);
    let plan = planned(&cluster, &upload(identity("tomcat"), None, &[&own]));
    assert_eq!(codes(&plan), ["identity.issuer-missing"]);
}

// R-UP-4, R-UP-6
#[test]
fn authorities_alone_belong_into_the_trust_store() {
    let (root, upper, _) = chain(rsa());
    let plan = planned(&cluster(1), &upload(identity("tomcat"), None, &[&root, &upper]));
    assert_eq!(places(&plan), [("identity.authorities-only", None)]);
    assert_eq!(values(&plan, "identity.authorities-only", "accepted"), ["tomcat-trust"]);
}

// R-UP-5
#[test]
fn several_candidates_for_one_slot_are_refused() {
    let (root, upper, leaf) = chain(rsa());
    let other = certificate(Sketch::leaf("other"));
    let cluster = cluster(1).requesting("tomcat", Some("a"), &leaf);
    let plan = planned(&cluster, &upload(identity("tomcat"), None, &[&leaf, &root, &other, &upper]));
    assert_eq!(places(&plan), [("identity.several", Some(0)), ("identity.several", Some(2))]);
}

// R-UP-7, R-UP-11, D-12
#[test]
fn the_key_is_of_the_purposes_family() {
    let check = |purpose: &str, key: Key, expected: Option<&str>| {
        let (root, upper, leaf) = chain(key);
        let cluster = cluster(1).requesting(purpose, Some("a"), &leaf);
        let plan = planned(&cluster, &upload(identity(purpose), None, &[&root, &upper, &leaf]));
        match expected {
            None => assert_eq!(codes(&plan), [""; 0]),
            Some(other) => {
                assert_eq!(codes(&plan), ["identity.key-type"]);
                let named: Vec<&str> = other.split_terminator(' ').collect();
                assert_eq!(values(&plan, "identity.key-type", "purpose"), named);
            }
        }
    };
    check("tomcat", rsa(), None);
    check("tomcat-ECDSA", Key::p256("leaf"), None);
    check("tomcat", Key::p256("leaf"), Some("tomcat-ECDSA"));
    check("tomcat-ECDSA", rsa(), Some("tomcat"));
    check("TVS", Key::p256("leaf"), Some(""));
    check("tomcat", Key::ed25519("leaf"), Some(""));
}

// R-UP-8, R-UP-23
#[test]
fn nobody_gets_a_certificate_for_a_key_that_is_not_ours() {
    let (root, upper, leaf) = chain(rsa());
    let other = certificate(Sketch::leaf("other").key(Key::rsa("rsa-2048-2")));
    let file = upload(identity("tomcat"), Some("b"), &[&root, &upper, &leaf]);
    let check = |cluster: Cluster, pending: &str| {
        let plan = planned(&cluster, &file);
        assert_eq!(places(&plan), [("identity.not-requested", Some(2))]);
        assert_eq!(values(&plan, "identity.not-requested", "pending"), [pending]);
    };
    check(cluster(2), "0");
    check(cluster(2).requesting("tomcat", Some("b"), &other), "1");
    check(cluster(2).requesting("tomcat", Some("a"), &leaf), "0");
    check(cluster(2).requesting("CallManager", Some("b"), &leaf), "0");
    // The same key in the slot is no request either.
    let renewed = certificate(Sketch::leaf("leaf").key(rsa()));
    check(cluster(2).with(identity("tomcat"), &["b"], &renewed), "0");
}

// R-REP-5, R-KUX-9, D-16
#[test]
fn a_certificate_for_many_servers_goes_to_all_from_the_publisher() {
    let (root, upper, leaf) = chain(rsa());
    let old = certificate(Sketch::leaf("old").key(Key::rsa("rsa-2048-2")));
    let asked = |node| upload(identity("tomcat"), Some(node), &[&root, &upper, &leaf]);
    let mut before = cluster(2).with(identity("tomcat"), &["a", "b"], &old).requesting("tomcat", None, &leaf);
    assert_eq!(codes(&planned(&before, &asked("b"))), ["identity.multi-server-publisher"]);
    let plan = planned(&before, &asked("a"));
    assert_eq!(stored(&plan).last(), Some(&("tomcat", None, leaf.fingerprint)));
    apply(&mut before, &plan);
    for node in ["a", "b"] {
        assert_eq!(before.held(&identity("tomcat"), node), [leaf.fingerprint]);
    }
    assert_eq!(before.requests, []);
    let ipsec = cluster(2).requesting("ipsec", None, &leaf);
    let plan = planned(&ipsec, &upload(identity("ipsec"), None, &[&root, &upper, &leaf]));
    assert!(codes(&plan).contains(&"identity.multi-server"));
}

// R-REP-7, R-UP-1
#[test]
fn a_certificate_for_many_servers_needs_its_authorities_on_every_node() {
    let (root, upper, leaf) = chain(rsa());
    let cluster = cluster(2).requesting("TVS", None, &leaf);
    let file = upload(identity("TVS"), None, &[&root, &upper, &leaf]);
    let plan = planned(&cluster, &file);
    assert_eq!(codes(&plan), ["identity.issuer-missing"]);
    assert_eq!(values(&plan, "identity.issuer-missing", "node"), ["b"]);
    let ready = cluster.with(trust("TVS-trust"), &["b"], &root).with(trust("TVS-trust"), &["b"], &upper);
    assert_eq!(codes(&planned(&ready, &file)), [""; 0]);
}

// R-REP-8, R-REP-9, R-KUX-2, R-KUX-4
#[test]
fn the_certificate_of_capf_is_an_authority_and_the_publishers() {
    let root = root();
    let capf = certificate(Sketch::ca("CAPF").key(rsa()).issued_by(&root));
    let root = decode(&root);
    for release in ["12.5(1)", "15"] {
        let mut cluster = cluster(2).requesting("CAPF", Some("a"), &capf);
        cluster.release = crate::management::release::Release::from_text(release).unwrap();
        let asked = |node| upload(identity("CAPF"), Some(node), &[&capf, &root]);
        let refused = planned(&cluster, &asked("b"));
        assert_eq!(codes(&refused)[0], "management.publisher-only");
        assert!(refused.is_refused() && refused.effects.is_empty());
        let plan = planned(&cluster, &asked("a"));
        let expected = [
            ("CAPF-trust", Some("a"), root.fingerprint),
            ("CallManager-trust", None, root.fingerprint),
            ("CAPF", Some("a"), capf.fingerprint),
            ("CallManager-trust", None, capf.fingerprint),
        ];
        assert_eq!(stored(&plan), expected);
    }
}

// R-TS-8, R-TS-11, D-29
#[test]
fn an_identity_meets_the_rules_of_form_and_never_waits() {
    let check = |sketch: Sketch, expected: &str| {
        let root = root();
        let leaf = certificate(sketch.key(rsa()).issued_by(&root));
        let cluster = cluster(1).with(trust("tomcat-trust"), &["a"], &decode(&root)).requesting(
            "tomcat",
            Some("a"),
            &leaf,
        );
        let plan = planned(&cluster, &upload(identity("tomcat"), None, &[&leaf]));
        assert_eq!(places(&plan), [(expected, Some(0))]);
    };
    let leaf = || Sketch::leaf("leaf");
    check(leaf().dns("*.example"), "upload.wildcard");
    check(leaf().valid("2020-01-01T00:00:00Z", "2025-01-01T00:00:00Z"), "upload.expired");
    check(leaf().valid("2026-01-01T00:00:01Z", "2027-01-01T00:00:00Z"), "upload.not-yet-valid");
}

// R-UP-8: after a failure the request is kept
#[test]
fn a_refused_upload_changes_nothing() {
    let (root, upper, leaf) = chain(rsa());
    let expired = certificate(Sketch::ca("other").valid("2020-01-01T00:00:00Z", "2021-01-01T00:00:00Z"));
    let cluster = cluster(1).requesting("tomcat", Some("a"), &leaf);
    let plan = planned(&cluster, &upload(identity("tomcat"), None, &[&root, &upper, &leaf, &expired]));
    assert_eq!(places(&plan), [("upload.expired", Some(3))]);
    assert_eq!((plan.effects.len(), plan.advice.len()), (0, 0));
}
