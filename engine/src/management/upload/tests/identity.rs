//! Identity slots: the request, the chain and the key that a certificate needs.

use super::*;

fn rsa() -> Key {
    Key::rsa("rsa-2048-1")
}

/// A root, an intermediate and a certificate for `purpose` whose key is `key`.
fn chain(key: Key) -> (Certificate, Certificate, Certificate) {
    let root = root();
    let upper = Sketch::ca("upper").issued_by(&root).issue();
    let leaf = certificate(Sketch::leaf("leaf").key(key).dns("a.example").issued_by(&upper));
    (decode(&root), decode(&upper), leaf)
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

// R-UP-14
#[test]
fn a_root_that_issues_by_itself_needs_no_intermediate() {
    let root = root();
    let leaf = certificate(Sketch::leaf("leaf").key(rsa()).dns("a.example").issued_by(&root));
    let cluster = cluster(1).requesting("tomcat", Some("a"), &leaf);
    for held in [cluster.clone(), cluster.clone().with(trust("tomcat-trust"), &["a"], &decode(&root))] {
        let plan = planned(&held, &upload(identity("tomcat"), None, &[&leaf, &decode(&root)]));
        assert!(!plan.is_refused() && stored(&plan).contains(&("tomcat", Some("a"), leaf.fingerprint)));
    }
    let alone = planned(&cluster, &upload(identity("tomcat"), None, &[&leaf]));
    assert_eq!(codes(&alone), ["identity.issuer-missing"]);
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
