use pki::certificate::Sketch;

use super::*;
use crate::management::cluster::Tombstone;
use crate::management::model::{
    apply, catalogue, certificate, cluster, codes, entry, identity, removed, stored, trust,
};

mod sequences;

// R-REP-1, R-REP-2, R-DEL-6, R-DEL-7
#[test]
fn a_change_reaches_every_node_or_one() {
    let cluster = cluster(3);
    let catalogue = catalogue(&cluster);
    let check = |store: &str, put: &[&str], deleted: &[&str]| {
        let store = catalogue.store(store).unwrap();
        assert_eq!(reach(&cluster, store, Change::Put, "b"), put);
        assert_eq!(reach(&cluster, store, Change::Delete, "b"), deleted);
    };
    let all = ["a", "b", "c"];
    for store in ["tomcat-trust", "CallManager-trust", "Phone-SAST-trust"] {
        check(store, &all, &all);
    }
    check("CAPF-trust", &["b"], &all);
    for store in ["ipsec-trust", "Userlicensing-trust", "TVS-trust", "Phone-CTL-trust"] {
        check(store, &["b"], &["b"]);
    }
}

fn joined(cluster: &Cluster, node: &str, view: &[(&str, &Certificate)]) -> Plan {
    let place = |store: &str| Place::on(trust(store), node);
    let view = view.iter().map(|(store, one)| entry(place(store), one, Origin::Uploaded)).collect();
    merge(cluster, &catalogue(cluster), &Joining { node: node.to_owned(), view })
}

fn bury(mut cluster: Cluster, store: &str, node: Option<&str>, certificate: &Certificate) -> Cluster {
    let place = Place { room: trust(store), node: node.map(str::to_owned) };
    cluster.tombstones.push(Tombstone { place, fingerprint: certificate.fingerprint });
    cluster
}

// R-REP-1, D-21
#[test]
fn a_joining_node_takes_over_what_the_cluster_has() {
    let [one, two, own] = ["one", "two", "own"].map(|label| certificate(Sketch::ca(label)));
    let cluster = cluster(3)
        .with(trust("tomcat-trust"), &["a", "b"], &one)
        .with(trust("tomcat-trust"), &["a", "b"], &two)
        .with(trust("ipsec-trust"), &["a"], &two);
    let view = [("tomcat-trust", &one), ("tomcat-trust", &own), ("ipsec-trust", &own)];
    let plan = joined(&cluster, "c", &view);
    assert_eq!(codes(&plan), ["replication.foreign", "replication.received"]);
    assert_eq!(stored(&plan), [("tomcat-trust", Some("c"), two.fingerprint)]);
    assert_eq!(removed(&plan), [("tomcat-trust", Some("c"), own.fingerprint)]);
    // The publisher itself, rebuilt, takes over what the others have.
    let plan = joined(&cluster, "a", &[]);
    assert_eq!(stored(&plan).len(), 2);
    // Alone, a node keeps what it has.
    let single = Cluster { nodes: cluster.nodes[..1].to_vec(), ..cluster };
    assert_eq!(codes(&joined(&single, "a", &[("tomcat-trust", &own)])), [""; 0]);
}

// D-21, R-DEL-6
#[test]
fn what_was_deleted_does_not_come_back_with_a_node() {
    let gone = certificate(Sketch::ca("gone"));
    let check = |store: &str, tombstone: Option<&str>, expected: &[&str]| {
        let cluster = bury(cluster(2), store, tombstone, &gone);
        let plan = joined(&cluster, "b", &[(store, &gone)]);
        assert_eq!(codes(&plan), expected, "{store}");
        assert_eq!(removed(&plan).len(), expected.len());
    };
    check("tomcat-trust", None, &["replication.deleted"]);
    check("CAPF-trust", None, &["replication.deleted"]);
    check("ipsec-trust", Some("b"), &["replication.deleted"]);
    check("ipsec-trust", Some("a"), &[]);
    check("CAPF-trust", Some("a"), &[]);
    // A certificate that some node still holds against a tombstone is not handed on.
    let cluster = bury(cluster(2), "tomcat-trust", None, &gone).with(trust("tomcat-trust"), &["a"], &gone);
    assert_eq!(joined(&cluster, "b", &[]).effects, []);
}

// R-REP-6
#[test]
fn a_new_node_calls_for_new_certificates_for_many_servers() {
    let shared = certificate(Sketch::leaf("shared"));
    let own = certificate(Sketch::leaf("own"));
    let cluster = cluster(3)
        .with(identity("tomcat"), &["a", "b"], &shared)
        .with(identity("CallManager"), &["a"], &shared)
        .with(identity("CallManager"), &["b"], &own);
    let plan = joined(&cluster, "c", &[]);
    let needs: Vec<(Action, Need)> =
        plan.advice.iter().map(|advice| (advice.action.clone(), advice.need)).collect();
    let renew = |name: &str, need| (Action::RenewMultiServer(name.to_owned()), need);
    let expected = [
        renew("CallManager", Need::Recommended),
        renew("CallManager-ECDSA", Need::Recommended),
        renew("tomcat", Need::Required),
        renew("tomcat-ECDSA", Need::Recommended),
        renew("TVS", Need::Recommended),
    ];
    assert_eq!(needs, expected);
    assert!(plan.advice.iter().all(|advice| advice.rules == ["R-REP-6"]));
}

// R-CSR-9
#[test]
fn a_node_that_is_not_in_the_cluster_does_not_join() {
    let plan = joined(&cluster(2), "x", &[]);
    assert_eq!((codes(&plan), plan.advice.len()), (vec!["management.node-unknown"], 0));
}

// R-REP-1: twice is once
#[test]
fn a_node_that_has_joined_needs_nothing_more() {
    let root = certificate(Sketch::ca("root"));
    let mut cluster = cluster(2).with(trust("tomcat-trust"), &["a"], &root);
    let plan = joined(&cluster, "b", &[]);
    apply(&mut cluster, &plan);
    assert_eq!(joined(&cluster, "b", &[("tomcat-trust", &root)]).effects, []);
}
