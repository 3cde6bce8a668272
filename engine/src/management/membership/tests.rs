use pki::certificate::Sketch;
use pki::key::Key;

use super::*;
use crate::management::cluster::{Origin, Place};
use crate::management::model::{
    apply, catalogue, certificate, cluster, codes, entry, identity, trust, values,
};

fn node(name: &str, role: NodeRole) -> Node {
    Node { name: name.to_owned(), role }
}

fn leaves(cluster: &Cluster, name: &str) -> Plan {
    plan_leaving(cluster, &catalogue(cluster), name)
}

fn becomes(cluster: &Cluster, name: &str, role: NodeRole) -> Plan {
    plan_role(cluster, &catalogue(cluster), &node(name, role))
}

// R-REP-8, R-REP-7
#[test]
fn a_subscriber_takes_along_what_lies_on_it_alone() {
    let own = certificate(Sketch::leaf("b.example"));
    let other = certificate(Sketch::leaf("c.example").key(Key::p256("other")));
    let mut there = cluster(3)
        .with(identity("tomcat"), &["b"], &own)
        .with(identity("tomcat"), &["c"], &other)
        .with(trust("ipsec-trust"), &["b", "c"], &other)
        .requesting("tomcat", Some("b"), &own)
        .requesting("tomcat", Some("c"), &other)
        .requesting("tomcat", None, &other);
    there.entries.push(entry(Place::everywhere(trust("tomcat-trust")), &other, Origin::Uploaded));
    let plan = leaves(&there, "b");
    assert_eq!(codes(&plan), ["leaving.certificate"; 2]);
    let dropped = Effect::DropRequest { purpose: "tomcat".to_owned(), node: Some("b".to_owned()) };
    assert_eq!(plan.effects, [dropped, Effect::RemoveNode("b".to_owned())]);
    assert!(plan.advice.is_empty());
    apply(&mut there, &plan);
    let names: Vec<&str> = there.nodes.iter().map(|node| node.name.as_str()).collect();
    assert_eq!((names, there.entries.len(), there.requests.len()), (vec!["a", "c"], 3, 2));
    assert!(there.tombstones.is_empty());
    assert_eq!(codes(&leaves(&there, "b")), ["management.node-unknown"]);
}

// R-TRB-8
#[test]
fn a_copy_of_its_certificate_that_stays_is_told() {
    let own = certificate(Sketch::leaf("b.example"));
    let mut there = cluster(2).with(identity("ipsec"), &["b"], &own).with(trust("ipsec-trust"), &["a"], &own);
    there.entries.push(entry(Place::everywhere(trust("tomcat-trust")), &own, Origin::Copied));
    let plan = leaves(&there, "b");
    assert_eq!(codes(&plan), ["leaving.certificate", "leaving.copy", "leaving.copy"]);
    assert_eq!(values(&plan, "leaving.copy", "node"), ["a"]);
    assert!(!plan.is_refused());
}

// R-REP-6
#[test]
fn a_certificate_that_the_others_share_is_advised_to_be_renewed() {
    let shared = certificate(Sketch::leaf("cluster.example"));
    let mut there = cluster(2);
    assert!(leaves(&there, "b").advice.is_empty());
    there.entries.push(entry(Place::everywhere(identity("tomcat")), &shared, Origin::Issued));
    let plan = leaves(&there, "b");
    let wanted = Action::RenewMultiServer("tomcat".to_owned());
    assert!(plan.advice.iter().all(|advice| advice.action == wanted && advice.need == Need::Recommended));
    assert_eq!(plan.advice.len(), 1);
}

// R-REP-8
#[test]
fn the_publisher_leaves_only_when_it_is_the_publisher_no_more() {
    let mut there = cluster(2);
    let plan = leaves(&there, "a");
    assert_eq!((codes(&plan), plan.effects.len()), (vec!["leaving.publisher"], 0));
    assert_eq!(values(&plan, "leaving.publisher", "accepted"), ["b"]);
    // a cluster is never without one
    assert_eq!(codes(&leaves(&cluster(1), "a")), ["leaving.publisher"]);
    let promoted = becomes(&there, "b", NodeRole::Publisher);
    apply(&mut there, &promoted);
    let plan = leaves(&there, "a");
    assert!(!plan.is_refused());
    apply(&mut there, &plan);
    assert_eq!(there.nodes, [node("b", NodeRole::Publisher)]);
}

// R-REP-8
#[test]
fn there_is_exactly_one_publisher_whatever_is_asked() {
    let mut there = cluster(3);
    let plan = becomes(&there, "c", NodeRole::Publisher);
    let set = |name: &str, role| Effect::SetRole(node(name, role));
    assert_eq!(plan.effects, [set("a", NodeRole::Subscriber), set("c", NodeRole::Publisher)]);
    // what is the publisher's own is made anew on it
    let capf = plan.advice.iter().find(|advice| advice.action == Action::Regenerate("CAPF".to_owned()));
    assert_eq!(capf.map(|advice| advice.node.as_deref()), Some(Some("c")));
    apply(&mut there, &plan);
    let roles: Vec<NodeRole> = there.nodes.iter().map(|node| node.role).collect();
    assert_eq!(roles, [NodeRole::Subscriber, NodeRole::Subscriber, NodeRole::Publisher]);
    let same = becomes(&there, "c", NodeRole::Publisher);
    assert_eq!((codes(&same), same.effects.len()), (vec!["role.unchanged"], 0));
    assert!(becomes(&there, "b", NodeRole::Subscriber).effects.is_empty());
    let needed = becomes(&there, "c", NodeRole::Subscriber);
    assert_eq!(codes(&needed), ["role.publisher-needed"]);
    assert_eq!(values(&needed, "role.publisher-needed", "accepted"), ["a", "b"]);
    assert_eq!(codes(&becomes(&there, "z", NodeRole::Publisher)), ["management.node-unknown"]);
}

// R-REP-2, R-REP-4
#[test]
fn what_only_a_publisher_has_a_use_for_is_told_where_it_lies() {
    let root = certificate(Sketch::ca("phones"));
    let there = cluster(2).with(trust("CAPF-trust"), &["a"], &root);
    let plan = becomes(&there, "b", NodeRole::Publisher);
    assert_eq!(codes(&plan), ["role.left-behind"]);
    assert_eq!(values(&plan, "role.left-behind", "accepted"), ["b"]);
    let both = there.with(trust("CAPF-trust"), &["b"], &root);
    assert!(codes(&becomes(&both, "b", NodeRole::Publisher)).is_empty());
}
