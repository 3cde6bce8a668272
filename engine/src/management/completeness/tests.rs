use pki::certificate::Sketch;

use super::*;
use crate::management::cluster::{Origin, Place};
use crate::management::model::{
    catalogue, certificate, cluster, codes, decode, entry, identity, trust, values,
};
use crate::management::release::Release;

fn complete(nodes: usize) -> Cluster {
    let mut cluster = cluster(nodes);
    let own = certificate(Sketch::leaf("own"));
    for purpose in catalogue(&cluster).purposes {
        let place = Place::everywhere(identity(&purpose.name));
        cluster.entries.push(entry(place, &own, Origin::SelfSigned));
    }
    cluster.entries.push(entry(Place::everywhere(trust("CallManager-trust")), &own, Origin::Copied));
    cluster
}

fn without(mut cluster: Cluster, purpose: &str) -> Cluster {
    cluster.entries.retain(|entry| entry.place.room != identity(purpose));
    cluster
}

fn checked(cluster: &Cluster) -> Plan {
    check_completeness(cluster, &catalogue(cluster))
}

// R-REP-7, R-REP-8, R-SIMP-3
#[test]
fn every_node_has_a_certificate_for_each_purpose_and_the_publisher_that_of_capf() {
    assert_eq!(checked(&complete(2)), Plan::default());
    let lacking = without(complete(2), "ipsec");
    let own = certificate(Sketch::leaf("own"));
    let one = lacking.clone().with(identity("ipsec"), &["a"], &own);
    assert_eq!(codes(&checked(&lacking)), ["completeness.identity"; 2]);
    assert_eq!(values(&checked(&one), "completeness.identity", "node"), ["b"]);
    let capf = without(complete(2), "CAPF");
    assert_eq!(values(&checked(&capf), "completeness.identity", "node"), ["a"]);
    assert_eq!(checked(&capf).findings.len(), 1);
    // R-SIMP-10: before release 14 every node has its own.
    let early = Cluster { release: Release::from_text("12.5(1)").unwrap(), ..capf };
    assert_eq!(codes(&checked(&early)), ["completeness.identity"; 2]);
}

// R-REP-7, R-UP-1, R-UP-2
#[test]
fn every_node_holds_the_authorities_of_its_certificates() {
    let root = Sketch::ca("root").issue();
    let upper = Sketch::ca("upper").issued_by(&root).issue();
    let own = certificate(Sketch::leaf("own").issued_by(&upper));
    let [root, upper] = [&root, &upper].map(decode);
    let bare = without(complete(2), "tomcat").with(identity("tomcat"), &["a", "b"], &own);
    let check = |cluster: &Cluster, expected: &[(&str, &str)]| {
        let plan = checked(cluster);
        assert!(codes(&plan).iter().all(|code| *code == "completeness.issuer"));
        let found: Vec<(String, String)> = plan
            .findings
            .iter()
            .map(|finding| {
                let single = Plan { findings: vec![finding.clone()], ..Plan::default() };
                let value = |name| values(&single, "completeness.issuer", name).concat();
                (value("node"), value("issuer"))
            })
            .collect();
        let expected: Vec<_> =
            expected.iter().map(|(node, issuer)| ((*node).to_owned(), (*issuer).to_owned())).collect();
        assert_eq!(found, expected);
    };
    check(&bare, &[("a", "CN=upper"), ("b", "CN=upper")]);
    let some = bare.with(trust("tomcat-trust"), &["a", "b"], &upper);
    check(&some, &[("a", "CN=root"), ("b", "CN=root")]);
    let whole = some.clone().with(trust("tomcat-trust"), &["b"], &root);
    check(&whole, &[("a", "CN=root")]);
    check(&some.with(trust("tomcat-trust"), &["a", "b"], &root), &[]);
}

// R-REP-9
#[test]
fn the_certificate_of_capf_is_trusted_on_every_node() {
    let mut bare = complete(2);
    bare.entries.retain(|entry| entry.place.room != trust("CallManager-trust"));
    assert_eq!(codes(&checked(&bare)), ["completeness.copy"; 2]);
    let own = certificate(Sketch::leaf("own"));
    let one = bare.with(trust("CallManager-trust"), &["a"], &own);
    assert_eq!(codes(&checked(&one)), ["completeness.copy"]);
    assert_eq!(values(&checked(&one), "completeness.copy", "node"), ["b"]);
}

#[test]
fn issuers_in_a_circle_end() {
    let one = Sketch::ca("one").issuer_name("CN=two").issue();
    let two = Sketch::ca("two").issuer_name("CN=one").issue();
    let entries = [&one, &two]
        .map(|issued| entry(Place::on(trust("tomcat-trust"), "a"), &decode(issued), Origin::Uploaded));
    let certificate = decode(&one);
    let store: Vec<&Entry> = entries.iter().collect();
    let missing = missing_issuer(&certificate, &store).map(ToString::to_string);
    assert_eq!(missing.as_deref(), Some("CN=two"));
    // whatever else lies there
    let other = entry(
        Place::on(trust("tomcat-trust"), "a"),
        &crate::management::model::certificate(Sketch::ca("other")),
        Origin::Uploaded,
    );
    let more: Vec<&Entry> = store.into_iter().chain([&other]).collect();
    assert_eq!(missing_issuer(&certificate, &more).map(ToString::to_string), missing);
}

// R-TRB-8
#[test]
fn the_matrix_holds_every_ordered_pair() {
    for nodes in 1..=4 {
        let matrix = exchange(&complete(nodes), &catalogue(&complete(nodes)));
        assert_eq!(matrix.len(), 2 * nodes * (nodes - 1));
        assert!(matrix.iter().all(|cell| cell.from != cell.to && cell.copy == PeerCopy::Absent));
    }
}

// R-TRB-1, R-TRB-4, R-TRB-8
#[test]
fn a_copy_is_the_certificate_it_is_a_copy_of() {
    let own = |serial: u8| certificate(Sketch::leaf("b.example").serial(&[serial]));
    let (new, old) = (own(2), own(1));
    let base = cluster(2).with(identity("tomcat"), &["b"], &new);
    let check = |cluster: &Cluster, expected: &[&str]| {
        assert_eq!(codes(&check_exchange(cluster, &catalogue(cluster))), expected);
    };
    check(&base, &["exchange.absent"]);
    let drifted = base.clone().with(trust("tomcat-trust"), &["a"], &old);
    check(&drifted, &["exchange.differs"]);
    let plan = check_exchange(&drifted, &catalogue(&drifted));
    let found = crate::finding::trace::hexadecimal(&old.fingerprint);
    assert_eq!(values(&plan, "exchange.differs", "found"), [found]);
    assert_eq!(values(&plan, "exchange.differs", "from"), ["b"]);
    assert_eq!(values(&plan, "exchange.differs", "node"), ["a"]);
    check(&base.clone().with(trust("tomcat-trust"), &["a"], &new), &[]);
    // Another store, or one's own, is not that of the peer.
    check(&base.clone().with(trust("CallManager-trust"), &["a"], &new), &["exchange.absent"]);
    check(&base.with(trust("tomcat-trust"), &["b"], &new), &["exchange.absent"]);
}
