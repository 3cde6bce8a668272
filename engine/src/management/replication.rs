//! Which nodes a change of a trust store reaches, and what a node that joins, or joins again, must receive or drop so
//! that it holds what the cluster holds (R-REP-1, R-REP-2, R-DEL-6, R-DEL-7, D-21). It copies nothing: hosts do.
//!
//! A node that comes back takes over what the cluster has, and gives nothing to it: what was deleted while it was away
//! would come back that way. What only it held is named, so that an administrator may upload it.

use super::cluster::{Cluster, Entry, Node, NodeRole, Origin, Place, Room};
use super::code::ManagementCode;
use super::plan::{About, Action, Advice, Effect, Need, Plan};
use super::purpose::{Catalogue, Replication, TrustStore};
use crate::certificate::Certificate;
use crate::finding::Value;
use crate::order;

/// A change of a trust store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// A certificate is taken out.
    Delete,
    /// A certificate is put in, or replaced.
    Put,
}

/// The nodes that a change made on `from` reaches, in the order of the cluster (R-REP-1, R-REP-2, R-DEL-6, R-DEL-7).
#[must_use]
pub fn reach<'c>(cluster: &'c Cluster, store: &TrustStore, change: Change, from: &str) -> Vec<&'c str> {
    let everywhere = extent(store, change) == Replication::Cluster;
    let nodes = cluster.nodes.iter().map(|node| node.name.as_str());
    nodes.filter(|name| everywhere || *name == from).collect()
}

/// The place of a change: the cluster's where it reaches every node.
#[must_use]
pub fn place(store: &TrustStore, change: Change, from: &str) -> Place {
    let room = Room::Trust(store.name.clone());
    match extent(store, change) {
        Replication::Cluster => Place::everywhere(room),
        Replication::Node => Place::on(room, from),
    }
}

fn extent(store: &TrustStore, change: Change) -> Replication {
    match change {
        Change::Delete => store.deletion,
        Change::Put => store.replication,
    }
}

/// The node an administrator stands on, the publisher unless told otherwise. A name that is not in the cluster is
/// reported.
pub(super) fn standing_node<'c>(
    cluster: &'c Cluster,
    asked: Option<&str>,
    plan: &mut Plan,
) -> Option<&'c Node> {
    let found = match asked {
        Some(name) => cluster.node(name),
        None => cluster.nodes.iter().find(|node| node.role == NodeRole::Publisher),
    };
    if found.is_none() {
        let mut details = vec![("found", Value::text(asked.unwrap_or_default()))];
        details.extend(cluster.nodes.iter().map(|node| ("accepted", Value::text(node.name.as_str()))));
        plan.report(ManagementCode::NodeUnknown, About::OPERATION, details);
    }
    found
}

/// R-REP-4, R-REP-8, R-DEL-8: reports a change that is made on the publisher only and is asked for elsewhere.
pub(super) fn check_publisher(cluster: &Cluster, node: &Node, what: &str, plan: &mut Plan) {
    if node.role != NodeRole::Publisher {
        let details = vec![
            ("place", Value::text(what)),
            ("found", Value::text(node.name.as_str())),
            ("accepted", Value::text(cluster.publisher().unwrap_or_default())),
        ];
        plan.report(ManagementCode::PublisherOnly, About::OPERATION, details);
    }
}

/// A node that joins the cluster, or comes back to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joining {
    /// Its name; it is among the nodes of the cluster.
    pub node: String,
    /// The certificates it holds in its trust stores, wherever the cluster believes they lie.
    pub view: Vec<Entry>,
}

/// Plans what a joining node receives and drops, and advises new certificates for many servers (R-REP-6). A host sends
/// all trust stores and tombstones. Effects are those of the joining node alone.
#[must_use]
pub fn merge(cluster: &Cluster, catalogue: &Catalogue, joining: &Joining) -> Plan {
    let mut plan = Plan::default();
    if let Some(node) = standing_node(cluster, Some(&joining.node), &mut plan) {
        for store in &catalogue.stores {
            merge_store(cluster, store, joining, &mut plan);
        }
        plan.advice = advise_joining(cluster, catalogue, node);
    }
    plan.concluded()
}

fn merge_store(cluster: &Cluster, store: &TrustStore, joining: &Joining, plan: &mut Plan) {
    let room = Room::Trust(store.name.clone());
    let place = Place::on(room.clone(), &joining.node);
    let held: Vec<&Entry> = joining.view.iter().filter(|entry| entry.place.room == room).collect();
    let wanted = reference(cluster, store, joining);
    for entry in &held {
        let fingerprint = entry.certificate.fingerprint;
        let buried = buried_on(cluster, &room, &joining.node, fingerprint);
        let known = wanted.as_ref().is_none_or(|wanted| holds(wanted, &entry.certificate));
        let code = match (buried, known) {
            (true, _) => ManagementCode::ReplicationDeleted,
            (false, true) => continue,
            (false, false) => ManagementCode::ReplicationForeign,
        };
        report(code, &entry.certificate, &place, plan);
        plan.effects.push(Effect::Remove { place: place.clone(), fingerprint });
    }
    for entry in wanted.unwrap_or_default() {
        let buried = buried_on(cluster, &room, &joining.node, entry.certificate.fingerprint);
        if buried || holds(&held, &entry.certificate) {
            continue;
        }
        report(ManagementCode::ReplicationReceived, &entry.certificate, &place, plan);
        plan.effects.push(Effect::Store {
            place: place.clone(),
            certificate: Box::new(entry.certificate.clone()),
            origin: Origin::Copied,
            active_from: entry.active_from,
        });
    }
}

/// What the joining node ought to hold: what the publisher holds, or another node where it is the publisher that
/// joins. `None` where a store is each node's own, or there is no other node.
fn reference<'c>(cluster: &'c Cluster, store: &TrustStore, joining: &Joining) -> Option<Vec<&'c Entry>> {
    let mut others: Vec<&Node> = cluster.nodes.iter().filter(|node| node.name != joining.node).collect();
    order::sort_by_key(&mut others, |node| node.role);
    let source = others.first().filter(|_| store.replication == Replication::Cluster)?;
    let room = Room::Trust(store.name.clone());
    let entries = cluster.entries.iter();
    Some(entries.filter(|entry| entry.place.room == room && entry.place.is_on(&source.name)).collect())
}

fn holds(entries: &[&Entry], certificate: &Certificate) -> bool {
    entries.iter().any(|entry| entry.certificate.fingerprint == certificate.fingerprint)
}

/// A tombstone of this certificate lies on this node or in the whole cluster (D-21).
fn buried_on(cluster: &Cluster, room: &Room, node: &str, fingerprint: [u8; 32]) -> bool {
    let mut tombstones = cluster.tombstones.iter();
    tombstones.any(|tombstone| {
        tombstone.place.room == *room && tombstone.place.is_on(node) && tombstone.fingerprint == fingerprint
    })
}

fn report(code: ManagementCode, certificate: &Certificate, place: &Place, plan: &mut Plan) {
    let details = vec![
        ("place", Value::text(place.room.name())),
        ("node", Value::text(place.node.as_deref().unwrap_or_default())),
        ("subject", Value::Text(certificate.subject.to_string())),
    ];
    plan.report(code, About::stored(certificate), details);
}

/// R-REP-6: every certificate for many servers is made anew when a node is added or rebuilt. Required for those in
/// use, recommended where the purpose has separate ones so far.
#[must_use]
pub fn advise_joining(cluster: &Cluster, catalogue: &Catalogue, node: &Node) -> Vec<Advice> {
    let purposes = catalogue.purposes.iter().filter(|purpose| purpose.multi_server_issued);
    let advice = purposes.map(|purpose| {
        let room = Room::Identity(purpose.name.clone());
        let shared = is_shared(cluster, &room, &node.name);
        Advice {
            action: Action::RenewMultiServer(purpose.name.clone()),
            node: None,
            need: if shared { Need::Required } else { Need::Recommended },
            rules: &["R-REP-6"],
        }
    });
    advice.collect()
}

/// The other nodes share a certificate: it is the cluster's, or two of them hold the same.
pub(super) fn is_shared(cluster: &Cluster, room: &Room, joining: &str) -> bool {
    let slots = cluster.entries.iter().filter(|entry| entry.place.room == *room);
    let others: Vec<&Entry> =
        slots.filter(|entry| entry.place.node.as_deref().is_none_or(|node| node != joining)).collect();
    others.iter().enumerate().any(|(number, entry)| {
        entry.place.node.is_none()
            || others
                .iter()
                .skip(number.saturating_add(1))
                .any(|other| other.certificate.fingerprint == entry.certificate.fingerprint)
    })
}

#[cfg(test)]
mod tests;
