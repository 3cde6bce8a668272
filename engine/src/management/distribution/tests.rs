//! Common names and host names for each distribution and key type.

use super::*;
use crate::management::key_usage_table::TABLE;
use crate::management::purpose::Catalogue;
use crate::management::release::{Product, RELEASE_14};
use crate::management::sample::{cluster, codes};
use crate::settings::Settings;

fn bare_cluster() -> Cluster {
    let mut cluster = cluster();
    for node in &mut cluster.nodes {
        node.name = node.name.trim_end_matches(".ex.com").to_owned();
    }
    cluster
}

fn node(name: &str) -> Distribution {
    Distribution::Node(name.to_owned())
}

fn parent(domain: &str) -> NameFields {
    NameFields { domains: None, parent_domain: Some(domain.to_owned()) }
}

fn common_name(
    cluster: &Cluster,
    distribution: &Distribution,
    names: &NameFields,
    key_type: KeyType,
) -> String {
    Site::find(&mut Plan::default(), cluster, distribution, names).unwrap().common_name(key_type)
}

#[test]
fn common_names_follow_the_distribution() {
    let (cluster, bare, plain) = (cluster(), bare_cluster(), NameFields::default());
    // R-CSR-10, R-CSR-11
    for (cluster, names) in [(&cluster, &plain), (&bare, &parent("ex.com"))] {
        let name = |key_type| common_name(cluster, &Distribution::MultiServer, names, key_type);
        assert_eq!(name(KeyType::Ec), "cm1-EC-ms.ex.com");
        assert_eq!(name(KeyType::Rsa), "cm1-ms.ex.com");
    }
    // R-CSR-14, R-SS-8
    assert_eq!(common_name(&cluster, &node("cm2.ex.com"), &plain, KeyType::Rsa), "cm2.ex.com");
    assert_eq!(common_name(&bare, &node("cm2"), &plain, KeyType::Rsa), "cm2");
    // R-SS-9, R-SS-10
    assert_eq!(common_name(&cluster, &node("cm2.ex.com"), &plain, KeyType::Ec), "cm2-EC.ex.com");
    assert_eq!(common_name(&bare, &node("cm2"), &plain, KeyType::Ec), "cm2-EC");
    assert_eq!(common_name(&bare, &Distribution::MultiServer, &plain, KeyType::Rsa), "cm1-ms");
}

#[test]
fn a_node_that_is_not_there_is_reported_with_those_that_are() {
    // R-CSR-9, R-SS-3
    let (mut plan, cluster, plain) = (Plan::default(), cluster(), NameFields::default());
    assert!(Site::find(&mut plan, &cluster, &node("cm9"), &plain).is_none());
    assert_eq!(codes(&plan), ["management.node-unknown"]);
    assert_eq!(plan.findings[0].details.len(), 5);
    let nobody = Cluster { nodes: Vec::new(), ..cluster };
    assert!(Site::find(&mut plan, &nobody, &Distribution::MultiServer, &plain).is_none());
}

fn protected(distribution: &Distribution, names: &NameFields, common_name: &str) -> (Vec<String>, Plan) {
    let (mut plan, cluster) = (Plan::default(), bare_cluster());
    let site = Site::find(&mut plan, &cluster, distribution, names).unwrap();
    let names = site.protected(&mut plan, &cluster, names, common_name);
    (names, plan)
}

#[test]
fn host_names_are_those_of_all_nodes_and_the_parent_domain() {
    // R-CSR-17, R-CSR-18, R-SS-7
    let (names, plan) = protected(&Distribution::MultiServer, &parent("ex.com"), "cm1-ms.ex.com");
    assert_eq!(names, ["cm1-ms.ex.com", "cm1.ex.com", "cm2.ex.com", "cm3.ex.com", "ex.com"]);
    assert!(plan.findings.is_empty());
    let (names, _) = protected(&node("cm2"), &parent("other.example"), "cm2.other.example");
    assert_eq!(names, ["cm2.other.example", "other.example"]);
    let (names, _) = protected(&node("cm2"), &NameFields::default(), "Telephone server");
    assert_eq!(names, ["cm2"]);
}

#[test]
fn names_that_are_given_replace_those_that_follow() {
    let given = |list: &[&str]| NameFields {
        domains: Some(list.iter().map(|name| (*name).to_owned()).collect()),
        parent_domain: None,
    };
    let (names, plan) =
        protected(&Distribution::MultiServer, &given(&["a.ex.com", "A.EX.com", "b.ex.com"]), "x y");
    assert_eq!((names.len(), plan.findings.len()), (2, 0));
    let (names, plan) = protected(&Distribution::MultiServer, &given(&["*.ex.com", "b.ex.com"]), "x y");
    assert_eq!(names, ["b.ex.com"]);
    // R-TS-8
    assert_eq!(codes(&plan), ["issuance.wildcard-requested"]);
    let (_, plan) = protected(&node("cm2"), &parent("ex_com"), "x y");
    assert!(codes(&plan).iter().all(|code| *code == "issuance.host-name-invalid") && plan.is_refused());
}

#[test]
fn the_number_of_names_is_bounded() {
    let many = |count: usize| NameFields {
        domains: Some((0..count).map(|number| format!("h{number}.ex.com")).collect()),
        parent_domain: None,
    };
    assert_eq!(protected(&Distribution::MultiServer, &many(MAXIMUM_NAMES), "x y").0.len(), MAXIMUM_NAMES);
    let (_, plan) = protected(&Distribution::MultiServer, &many(MAXIMUM_NAMES + 1), "x y");
    assert_eq!(codes(&plan), ["issuance.field-too-long"]);
}

#[test]
fn a_self_signed_common_name_is_the_hosts_or_is_not() {
    let check = |distribution: &Distribution, key_type, common_name: &str| {
        let (mut plan, cluster, plain) = (Plan::default(), cluster(), NameFields::default());
        let site = Site::find(&mut plan, &cluster, distribution, &plain).unwrap();
        site.check_common_name(&mut plan, key_type, common_name);
        codes(&plan)
    };
    let (one, many) = (node("cm2.ex.com"), Distribution::MultiServer);
    let refused = ["issuance.common-name-not-of-host"];
    // R-SS-8
    for name in ["cm2.ex.com", "cm2", "CM2.EX.COM"] {
        assert!(check(&one, KeyType::Rsa, name).is_empty());
        // R-SS-9
        assert_eq!(check(&one, KeyType::Ec, name), refused);
    }
    assert_eq!(check(&one, KeyType::Rsa, "cm1.ex.com"), refused);
    assert!(check(&one, KeyType::Ec, "cm2-EC.ex.com").is_empty());
    assert!(check(&many, KeyType::Rsa, "cm1-ms.ex.com").is_empty());
    assert_eq!(check(&many, KeyType::Ec, "cm1.ex.com"), refused);
}

#[test]
fn every_name_that_follows_is_accepted_for_a_self_signed_certificate() {
    let (cluster, plain) = (cluster(), NameFields::default());
    let catalogue = Catalogue::of(Product::Ucm, RELEASE_14, &Settings::default());
    for row in TABLE.iter().filter(|row| row.product == Product::Ucm) {
        let key_type = catalogue.purpose(row.purpose).unwrap().key_type;
        for distribution in [node("cm3.ex.com"), Distribution::MultiServer] {
            let mut plan = Plan::default();
            let site = Site::find(&mut plan, &cluster, &distribution, &plain).unwrap();
            let name = site.common_name(key_type);
            site.check_common_name(&mut plan, key_type, &name);
            assert!(plan.findings.is_empty(), "{name}");
        }
    }
}
