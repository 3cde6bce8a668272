//! Nodes that leave, and the role of the publisher, which exactly one node has at any time. A leaving node takes along
//! what lies on it alone; what was deleted there stays deleted, should the node come back (D-21).

use super::cluster::{Cluster, Entry, Node, NodeRole, Room};
use super::code::ManagementCode;
use super::plan::{About, Action, Advice, Effect, Need, Plan};
use super::purpose::{Catalogue, IdentityPurpose, Scope, TrustStore};
use super::replication;
use crate::finding::Value;

/// Plans that the node called `name` leaves. A host sends every entry, and every request that waits.
#[must_use]
pub fn plan_leaving(cluster: &Cluster, catalogue: &Catalogue, name: &str) -> Plan {
    let mut plan = Plan::default();
    let Some(node) = replication::standing_node(cluster, Some(name), &mut plan) else {
        return plan.concluded();
    };
    if node.role == NodeRole::Publisher {
        refuse_publisher(cluster, node, &mut plan);
        return plan.concluded();
    }
    for entry in cluster.entries.iter().filter(|entry| is_alone_on(entry, name)) {
        plan.report(ManagementCode::LeavingCertificate, About::stored(&entry.certificate), of(entry, name));
    }
    report_copies(cluster, name, &mut plan);
    let waiting = cluster.requests.iter().filter(|request| request.node.as_deref() == Some(name));
    plan.effects.extend(
        waiting.map(|request| Effect::DropRequest {
            purpose: request.purpose.clone(),
            node: request.node.clone(),
        }),
    );
    plan.effects.push(Effect::RemoveNode(name.to_owned()));
    plan.advice = advise_leaving(cluster, catalogue, name);
    plan.concluded()
}

/// R-REP-8: from the publisher everything is managed, so another node is made the publisher before it goes.
fn refuse_publisher(cluster: &Cluster, node: &Node, plan: &mut Plan) {
    let mut details = vec![("found", Value::text(node.name.as_str()))];
    let others = cluster.nodes.iter().filter(|other| other.name != node.name);
    details.extend(others.map(|other| ("accepted", Value::text(other.name.as_str()))));
    plan.report(ManagementCode::LeavingPublisher, About::OPERATION, details);
}

fn is_alone_on(entry: &Entry, name: &str) -> bool {
    entry.place.node.as_deref() == Some(name)
}

fn of(entry: &Entry, node: &str) -> Vec<(&'static str, Value)> {
    vec![
        ("place", Value::text(entry.place.room.name())),
        ("node", Value::text(node)),
        ("subject", Value::Text(entry.certificate.subject.to_string())),
    ]
}

/// Copies of the leaving node's own certificates in trust stores that stay: whoever holds its keys is believed on.
fn report_copies(cluster: &Cluster, name: &str, plan: &mut Plan) {
    let own = |entry: &&Entry| is_alone_on(entry, name) && matches!(entry.place.room, Room::Identity(_));
    let leaving: Vec<[u8; 32]> =
        cluster.entries.iter().filter(own).map(|entry| entry.certificate.fingerprint).collect();
    for entry in cluster.entries.iter().filter(|entry| !is_alone_on(entry, name)) {
        let is_trust = matches!(entry.place.room, Room::Trust(_));
        if is_trust && leaving.contains(&entry.certificate.fingerprint) {
            let staying = entry.place.node.as_deref().unwrap_or_default();
            plan.report(ManagementCode::LeavingCopy, About::stored(&entry.certificate), of(entry, staying));
        }
    }
}

/// R-REP-6: a certificate that many servers share goes on naming the one that left.
fn advise_leaving(cluster: &Cluster, catalogue: &Catalogue, name: &str) -> Vec<Advice> {
    let shared = catalogue.purposes.iter().filter(|purpose| {
        let room = Room::Identity(purpose.name.clone());
        purpose.multi_server_issued && replication::is_shared(cluster, &room, name)
    });
    let advice = shared.map(|purpose| Advice {
        action: Action::RenewMultiServer(purpose.name.clone()),
        node: None,
        need: Need::Recommended,
        rules: &["R-REP-6"],
    });
    advice.collect()
}

/// Plans that a node has another role. Where it becomes the publisher, the one that was is a subscriber from then on.
/// A host sends every entry.
#[must_use]
pub fn plan_role(cluster: &Cluster, catalogue: &Catalogue, wanted: &Node) -> Plan {
    let mut plan = Plan::default();
    let Some(node) = replication::standing_node(cluster, Some(&wanted.name), &mut plan) else {
        return plan.concluded();
    };
    let found = vec![("found", Value::text(node.name.as_str())), ("role", Value::text(node.role.word()))];
    if node.role == wanted.role {
        plan.report(ManagementCode::RoleUnchanged, About::OPERATION, found);
        return plan.concluded();
    }
    match wanted.role {
        NodeRole::Subscriber => {
            let others = cluster.nodes.iter().filter(|other| other.name != node.name);
            let accepted = others.map(|other| ("accepted", Value::text(other.name.as_str())));
            let details = found.into_iter().take(1).chain(accepted).collect();
            plan.report(ManagementCode::RolePublisherNeeded, About::OPERATION, details);
        }
        NodeRole::Publisher => promote(cluster, catalogue, &node.name, &mut plan),
    }
    plan.concluded()
}

fn promote(cluster: &Cluster, catalogue: &Catalogue, name: &str, plan: &mut Plan) {
    for before in cluster.nodes.iter().filter(|node| node.role == NodeRole::Publisher) {
        plan.effects.push(Effect::SetRole(Node { name: before.name.clone(), role: NodeRole::Subscriber }));
        report_left_behind(cluster, catalogue, (&before.name, name), plan);
    }
    plan.effects.push(Effect::SetRole(Node { name: name.to_owned(), role: NodeRole::Publisher }));
    plan.advice = advise_promotion(cluster, catalogue, name);
}

/// R-REP-2, R-REP-4, R-REP-8: what only the publisher has a use for, and what is changed there alone, lies on the old
/// one.
fn report_left_behind(
    cluster: &Cluster,
    catalogue: &Catalogue,
    (before, after): (&str, &str),
    plan: &mut Plan,
) {
    for store in catalogue.stores.iter().filter(|store| is_publishers(catalogue, store)) {
        let room = Room::Trust(store.name.clone());
        let held: Vec<[u8; 32]> =
            cluster.standing(&room, after).map(|entry| entry.certificate.fingerprint).collect();
        let entries = cluster.entries.iter().filter(|entry| entry.place.room == room);
        for entry in entries.filter(|entry| is_alone_on(entry, before)) {
            if !held.contains(&entry.certificate.fingerprint) {
                let mut details = of(entry, before);
                details.push(("accepted", Value::text(after)));
                plan.report(ManagementCode::RoleLeftBehind, About::stored(&entry.certificate), details);
            }
        }
    }
}

fn is_publishers(catalogue: &Catalogue, store: &TrustStore) -> bool {
    let mut purposes = catalogue.purposes.iter();
    store.publisher_only
        || purposes.any(|purpose| purpose.trust_store == store.name && is_publishers_own(purpose))
}

fn is_publishers_own(purpose: &IdentityPurpose) -> bool {
    purpose.scope == Scope::Publisher || purpose.publisher_only
}

/// R-REP-8: certificates of the publisher's own are needed on the new one.
fn advise_promotion(cluster: &Cluster, catalogue: &Catalogue, name: &str) -> Vec<Advice> {
    let missing = catalogue
        .purposes
        .iter()
        .filter(|purpose| is_publishers_own(purpose) && cluster.identity(&purpose.name, name).is_none());
    let advice = missing.map(|purpose| Advice {
        action: Action::Regenerate(purpose.name.clone()),
        node: Some(name.to_owned()),
        need: Need::Required,
        rules: &["R-REP-8"],
    });
    advice.collect()
}

#[cfg(test)]
mod tests;
