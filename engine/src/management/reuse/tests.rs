use pki::certificate::{Issued, Sketch};

use super::*;
use crate::management::model::{
    apply, catalogue, certificate, cluster, codes, decode, identity, now, places, removed, stored, trust,
    values,
};
use crate::management::release::Release;

fn root() -> Issued {
    Sketch::ca("root").issue()
}

fn shared() -> Sketch {
    Sketch::leaf("a-ms.example").dns("a.example").dns("b.example").issued_by(&root())
}

/// Two nodes that share a certificate for Tomcat, and have others for CallManager.
fn ready(certificate_: &Certificate) -> Cluster {
    let old = certificate(Sketch::leaf("old"));
    cluster(2)
        .with(identity("tomcat"), &["a", "b"], certificate_)
        .with(identity("CallManager"), &["a", "b"], &old)
        .with(trust("CallManager-trust"), &["a", "b"], &decode(&root()))
}

fn reused(cluster: &Cluster, from: &str, to: &str, node: Option<&str>) -> Plan {
    let reuse = Reuse { from: from.to_owned(), to: to.to_owned(), node: node.map(str::to_owned) };
    plan_reuse(cluster, &catalogue(cluster), &reuse, now())
}

// R-REUSE-1, R-REUSE-6
#[test]
fn callmanager_takes_over_the_certificate_on_every_node() {
    let shared = certificate(shared());
    let mut cluster = ready(&shared);
    let plan = reused(&cluster, "tomcat", "CallManager", None);
    assert_eq!(codes(&plan), ["replacement.replaces"]);
    assert_eq!(stored(&plan), [("CallManager", None, shared.fingerprint)]);
    assert_eq!(removed(&plan).len(), 2);
    apply(&mut cluster, &plan);
    for node in ["a", "b"] {
        assert_eq!(cluster.held(&identity("CallManager"), node), [shared.fingerprint]);
    }
    let again = reused(&cluster, "tomcat", "CallManager", None);
    assert_eq!((codes(&again), again.effects.len()), (vec!["upload.unchanged"], 0));
}

// R-REUSE-3, R-REUSE-4, R-REUSE-5
#[test]
fn families_of_keys_are_not_mixed() {
    let shared = certificate(shared());
    let ready = ready(&shared).with(identity("tomcat-ECDSA"), &["a", "b"], &shared).with(
        identity("ipsec"),
        &["a", "b"],
        &shared,
    );
    for (from, to, accepted) in [
        ("tomcat", "CallManager", true),
        ("tomcat-ECDSA", "CallManager-ECDSA", true),
        ("tomcat", "CallManager-ECDSA", false),
        ("tomcat-ECDSA", "CallManager", false),
        ("ipsec", "CallManager", false),
        ("tomcat", "TVS", false),
        ("CallManager", "tomcat", false),
    ] {
        let plan = reused(&ready, from, to, None);
        assert_eq!(codes(&plan).contains(&"reuse.pair"), !accepted, "{from} {to}");
        assert_eq!(plan.effects.is_empty(), !accepted);
    }
}

// R-REUSE-2
#[test]
fn only_a_certificate_for_many_servers_is_reused() {
    let check = |cluster: &Cluster, expected: &str| {
        let plan = reused(cluster, "tomcat", "CallManager", None);
        assert_eq!((codes(&plan), plan.effects.len()), (vec![expected], 0));
    };
    check(&cluster(2), "reuse.absent");
    let one_name = certificate(Sketch::leaf("a.example").dns("a.example").issued_by(&root()));
    check(&ready(&one_name), "reuse.not-multi-server");
    let (first, second) = (certificate(shared()), certificate(shared().serial(&[9])));
    let separate =
        cluster(2).with(identity("tomcat"), &["a"], &first).with(identity("tomcat"), &["b"], &second);
    check(&separate, "reuse.not-multi-server");
    check(&cluster(2).with(identity("tomcat"), &["a"], &first), "reuse.not-multi-server");
}

// R-REUSE-2: a node that joined later is not named
#[test]
fn a_node_without_a_name_in_it_is_warned_of() {
    let shared = certificate(shared());
    let mut three = ready(&shared).with(identity("tomcat"), &["c"], &shared);
    three.nodes = cluster(3).nodes;
    three = three.with(trust("CallManager-trust"), &["c"], &decode(&root()));
    let plan = reused(&three, "tomcat", "CallManager", None);
    assert_eq!(codes(&plan), ["reuse.node-not-named", "replacement.replaces"]);
    assert_eq!(values(&plan, "reuse.node-not-named", "node"), ["c"]);
    assert!(names_node("C.example", "c") && names_node("c.example", "C.EXAMPLE"));
    assert!(!names_node("cc.example", "c"));
}

// R-REUSE-7, R-SIMP-7
#[test]
fn reuse_begins_with_release_14_of_one_product() {
    let mut cluster = ready(&certificate(shared()));
    for (release, expected) in [("12.5(1)SU9", true), ("14", false), ("15SU3", false)] {
        cluster.release = Release::from_text(release).unwrap();
        let plan = reused(&cluster, "tomcat", "CallManager", None);
        assert_eq!(codes(&plan).contains(&"reuse.release"), expected);
        assert_eq!(plan.is_refused(), expected);
    }
    cluster.product = Product::Imp;
    assert!(codes(&reused(&cluster, "tomcat", "CallManager", None)).contains(&"reuse.release"));
}

// R-REUSE-1; RFC 5280 4.1.2.5
#[test]
fn a_certificate_outside_its_validity_is_not_reused() {
    let check = |from: &str, to: &str, refused: bool| {
        let cluster = ready(&certificate(shared().valid(from, to)));
        let plan = reused(&cluster, "tomcat", "CallManager", None);
        assert_eq!(codes(&plan).contains(&"reuse.validity"), refused);
        assert_eq!(plan.is_refused(), refused);
    };
    check("2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", false);
    check("2026-01-01T00:00:01Z", "2027-01-01T00:00:00Z", true);
    check("2025-01-01T00:00:00Z", "2025-12-31T23:59:59Z", true);
}

// R-UP-1 for the second purpose, R-REP-5
#[test]
fn the_second_purpose_needs_the_authority_too() {
    let shared = certificate(shared());
    let bare = cluster(2).with(identity("tomcat"), &["a", "b"], &shared);
    let bare = bare.with(trust("CallManager-trust"), &["a"], &decode(&root()));
    let plan = reused(&bare, "tomcat", "CallManager", None);
    assert_eq!(places(&plan), [("reuse.issuer-missing", None)]);
    assert_eq!(values(&plan, "reuse.issuer-missing", "node"), ["b"]);
    let on_subscriber = reused(&bare, "tomcat", "CallManager", Some("b"));
    assert_eq!(codes(&on_subscriber)[0], "management.publisher-only");
}
