//! Trust stores: issuers first, one certificate for each entity, copies and tombstones.

use super::*;
use crate::management::entity::Keys;
use crate::management::restart::store_used_by;

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

// R-TS-28, R-TS-29, R-TS-31: a voice mail server's root and the certificates of its devices are told apart, and a device
// is of the root that signed it
#[test]
fn a_voice_mail_server_brings_its_root_and_its_devices() {
    let root = Sketch::ca("voice mail").key(Key::rsa("rsa-2048-1")).issue();
    let port = |number: u8| Sketch::leaf(&format!("port {number}")).issued_by(&root);
    let (own, ports) = (decode(&root), [certificate(port(1)), certificate(port(2))]);
    let room = || trust("CallManager-trust");
    let put = |certificates: &[&Certificate]| planned(&cluster(1), &upload(room(), None, certificates));
    let types = |certificate: &Certificate| Keys::of(certificate, &room()).is_authority;
    assert!(types(&own) && !ports.iter().any(types));
    let whole = put(&[&ports[0], &own, &ports[1]]);
    assert_eq!(places(&whole), [("upload.end-entity", Some(0)), ("upload.end-entity", Some(2))]);
    let order: Vec<_> = stored(&whole).into_iter().map(|(.., fingerprint)| fingerprint).collect();
    assert_eq!(order, [own.fingerprint, ports[0].fingerprint, ports[1].fingerprint]);
    let other = certificate(Sketch::ca("voice mail").key(Key::rsa("rsa-2048-2")));
    let foreign = put(&[&other, &ports[0]]);
    assert!(foreign.is_refused() && codes(&foreign).contains(&"upload.signature"));
}

// R-TS-33: what directory services are believed by
#[test]
fn the_root_of_a_directory_goes_to_tomcat_trust() {
    let directory = certificate(Sketch::ca("directory"));
    let there = catalogue(&cluster(2));
    let store = there.stores.iter().find(|store| store_used_by(&store.name).contains(&"DirSync")).unwrap();
    assert_eq!(store.name, "tomcat-trust");
    let plan = planned(&cluster(2), &upload(trust(&store.name), None, &[&directory]));
    assert_eq!(codes(&plan), [""; 0]);
    assert_eq!(stored(&plan), [("tomcat-trust", None, directory.fingerprint)]);
    assert!(
        there
            .stores
            .iter()
            .all(|store| store.name == "tomcat-trust" || store_used_by(&store.name).is_empty())
    );
}
