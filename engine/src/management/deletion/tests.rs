use pki::certificate::Sketch;
use pki::key::Key;

use super::*;
use crate::management::cluster::Place;
use crate::management::model::{
    apply, catalogue, certificate, cluster, codes, decode, entry, identity, now, removed, trust, values,
};

fn deleted(cluster: &Cluster, room: Room, node: Option<&str>, certificate: &Certificate) -> Plan {
    let node = node.map(str::to_owned);
    let deletion = Deletion { room, node, fingerprint: certificate.fingerprint };
    plan_deletion(cluster, &catalogue(cluster), &deletion, now())
}

fn root() -> Certificate {
    certificate(Sketch::ca("root"))
}

// R-DEL-6, R-DEL-7, D-21
#[test]
fn four_stores_lose_a_certificate_everywhere_and_the_others_on_one_node() {
    let root = root();
    let rows = [
        ("CAPF-trust", 0),
        ("tomcat-trust", 0),
        ("CallManager-trust", 0),
        ("Phone-SAST-trust", 0),
        ("ipsec-trust", 2),
        ("TVS-trust", 2),
        ("Userlicensing-trust", 2),
        ("Phone-CTL-trust", 2),
    ];
    for (store, remaining) in rows {
        let mut cluster = cluster(3).with(trust(store), &["a", "b", "c"], &root);
        let plan = deleted(&cluster, trust(store), Some("b"), &root);
        assert_eq!(codes(&plan), [""; 0], "{store}");
        apply(&mut cluster, &plan);
        assert_eq!(cluster.entries.len(), remaining, "{store}");
        assert_eq!(cluster.tombstones.len(), 1);
        // Again: it is gone, which is what was asked for.
        let again = deleted(&cluster, trust(store), Some("b"), &root);
        assert_eq!((codes(&again), again.effects.len()), (vec!["deletion.absent"], 0));
    }
}

// R-DEL-6, D-21: what is only on another node is deleted there
#[test]
fn a_deletion_is_by_fingerprint_wherever_it_lies() {
    let root = root();
    let cluster = cluster(3).with(trust("CAPF-trust"), &["c"], &root);
    let plan = deleted(&cluster, trust("CAPF-trust"), Some("b"), &root);
    assert_eq!(removed(&plan), [("CAPF-trust", None, root.fingerprint)]);
    let cluster = cluster.with(trust("ipsec-trust"), &["c"], &root);
    let plan = deleted(&cluster, trust("ipsec-trust"), Some("b"), &root);
    assert_eq!((codes(&plan), plan.effects.len()), (vec!["deletion.absent"], 0));
}

// R-DEL-1, R-DEL-2, D-28
#[test]
fn an_identity_is_never_deleted() {
    let own = certificate(Sketch::leaf("own"));
    let mut cluster = cluster(1);
    let check = |cluster: &Cluster, expected: &str| {
        let plan = deleted(cluster, identity("tomcat"), None, &own);
        assert_eq!((codes(&plan), plan.effects.len()), (vec![expected], 0));
    };
    check(&cluster, "deletion.identity");
    for (origin, expected) in [
        (Origin::SelfSigned, "deletion.self-signed"),
        (Origin::Issued, "deletion.identity"),
        (Origin::Copied, "deletion.identity"),
    ] {
        cluster.entries = vec![entry(Place::everywhere(identity("tomcat")), &own, origin)];
        check(&cluster, expected);
    }
}

// D-28, R-TRB-8
#[test]
fn a_copy_of_an_identity_may_be_deleted_and_is_warned_of() {
    let own = certificate(Sketch::leaf("own"));
    let cluster =
        cluster(2).with(identity("tomcat"), &["b"], &own).with(trust("tomcat-trust"), &["a", "b"], &own);
    let plan = deleted(&cluster, trust("tomcat-trust"), None, &own);
    assert_eq!(codes(&plan), ["deletion.identity-copy"]);
    assert_eq!(values(&plan, "deletion.identity-copy", "purpose"), ["tomcat"]);
    assert_eq!(values(&plan, "deletion.identity-copy", "node"), ["b"]);
    assert_eq!(plan.effects.len(), 1);
}

// R-DEL-3, R-DEL-4
#[test]
fn everything_that_hangs_on_a_certificate_is_named() {
    let root = Sketch::ca("root").issue();
    let upper = Sketch::ca("upper").issued_by(&root).issue();
    let lower = Sketch::ca("lower").issued_by(&upper).issue();
    let own = certificate(Sketch::leaf("own").issued_by(&lower));
    let old = Sketch::leaf("old").valid("2020-01-01T00:00:00Z", "2021-01-01T00:00:00Z").issued_by(&lower);
    let old = certificate(old);
    let [root, upper, lower] = [&root, &upper, &lower].map(decode);
    let mut cluster =
        cluster(1).with(identity("tomcat"), &["a"], &own).with(identity("CallManager"), &["a"], &own);
    for certificate in [&root, &upper, &lower, &old] {
        cluster = cluster.with(trust("tomcat-trust"), &["a"], certificate);
    }
    let broken = |gone: &Certificate| -> Vec<(String, [u8; 32])> {
        let plan = deleted(&cluster, trust("tomcat-trust"), None, gone);
        assert!(!plan.is_refused());
        let findings = plan.findings.iter().filter(|one| one.code == ManagementCode::DeletionBreaksChain);
        findings.map(|one| (format!("{:?}", one.details[0].value), one.certificate.unwrap())).collect()
    };
    let store = |certificate: &Certificate| ("Text(\"tomcat-trust\")".to_owned(), certificate.fingerprint);
    let slot = ("Text(\"tomcat\")".to_owned(), own.fingerprint);
    assert_eq!(broken(&root), [store(&upper), store(&lower), slot.clone()]);
    assert_eq!(broken(&upper), [store(&lower), slot.clone()]);
    assert_eq!(broken(&lower), [slot]);
    assert_eq!(broken(&old), []);
}

// R-DEL-3: another certificate of the same name keeps the chain only when it signed it
#[test]
fn what_stays_vouched_for_is_not_named() {
    let root = Sketch::ca("root").issue();
    let child = certificate(Sketch::ca("child").issued_by(&root));
    let check = |other: Sketch, expected: &[&str]| {
        let other = certificate(other.subject("CN=root").serial(&[1]));
        let cluster = cluster(2)
            .with(trust("tomcat-trust"), &["a"], &decode(&root))
            .with(trust("tomcat-trust"), &["b"], &other)
            .with(trust("tomcat-trust"), &["a"], &child);
        assert_eq!(codes(&deleted(&cluster, trust("tomcat-trust"), None, &decode(&root))), expected);
    };
    check(Sketch::ca("root"), &[]);
    check(Sketch::ca("other").key(Key::p256("other")), &["deletion.breaks-chain"]);
}

// R-OCSP-17, R-DEL-4
#[test]
fn a_designated_responder_is_warned_of() {
    let root = Sketch::ca("root").issue();
    let signer = |usages: &[&str]| certificate(Sketch::leaf("ocsp").eku(usages).issued_by(&root));
    let check = |certificate: &Certificate, expected: &[&str]| {
        let cluster = cluster(1).with(trust("tomcat-trust"), &["a"], certificate);
        assert_eq!(codes(&deleted(&cluster, trust("tomcat-trust"), None, certificate)), expected);
    };
    check(&signer(&["OCSPSigning"]), &["deletion.responder"]);
    check(&signer(&["serverAuth"]), &[]);
}

// R-DEL-8, R-TS-25, R-CSR-9
#[test]
fn stores_nodes_and_the_publisher_are_checked() {
    let root = root();
    let cluster = cluster(2).with(trust("phone-edge-trust"), &["a", "b"], &root);
    let edge = || trust("phone-edge-trust");
    assert_eq!(codes(&deleted(&cluster, edge(), Some("b"), &root)), ["management.publisher-only"]);
    assert_eq!(codes(&deleted(&cluster, edge(), Some("a"), &root)), [""; 0]);
    assert_eq!(codes(&deleted(&cluster, edge(), Some("x"), &root)), ["management.node-unknown"]);
    assert_eq!(codes(&deleted(&cluster, trust("edge"), None, &root)), ["management.purpose-unknown"]);
}
