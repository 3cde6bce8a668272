//! What a cluster lacks: certificates that each node must have (R-REP-7, R-REP-8), and the copies of each node's
//! certificates on the others (R-TRB-4, R-TRB-8). It finds, and changes nothing.

use std::collections::BTreeSet;

use super::cluster::{Cluster, Entry, Node, NodeRole, Room};
use super::code::ManagementCode;
use super::plan::{About, Plan};
use super::purpose::{Catalogue, IdentityPurpose, Scope};
use crate::certificate::Certificate;
use crate::certificate::name::Name;
use crate::finding::Value;

/// Reports, node by node, the identity certificates that are missing and the authorities that theirs need. By names
/// alone: whether a chain may be believed is a verdict, not an inventory. What a host sends: see
/// [`super::entity`].
#[must_use]
pub fn check_completeness(cluster: &Cluster, catalogue: &Catalogue) -> Plan {
    let mut plan = Plan::default();
    for node in &cluster.nodes {
        for purpose in catalogue.purposes.iter().filter(|purpose| is_expected(purpose, node)) {
            match cluster.identity(&purpose.name, &node.name) {
                None => {
                    let details = place(purpose.name.as_str(), node);
                    plan.report(ManagementCode::CompletenessIdentity, About::OPERATION, details);
                }
                Some(entry) => check_issuers(cluster, purpose, node, &entry.certificate, &mut plan),
            }
        }
        check_copies(cluster, catalogue, node, &mut plan);
    }
    plan
}

/// R-REP-9: the certificates in use for a purpose whose store is copied lie in that second store on every node.
fn check_copies(cluster: &Cluster, catalogue: &Catalogue, node: &Node, plan: &mut Plan) {
    for purpose in &catalogue.purposes {
        let store = catalogue.store(&purpose.trust_store);
        let Some(second) = store.and_then(|store| store.copied_to.as_ref()) else { continue };
        let (slot, room) = (Room::Identity(purpose.name.clone()), Room::Trust(second.clone()));
        for entry in cluster.entries.iter().filter(|entry| entry.place.room == slot) {
            let fingerprint = entry.certificate.fingerprint;
            let mut held = cluster.standing(&room, &node.name);
            if !held.any(|copy| copy.certificate.fingerprint == fingerprint) {
                let mut details = place(second, node);
                details.push(("purpose", Value::text(purpose.name.as_str())));
                plan.report(ManagementCode::CompletenessCopy, About::stored(&entry.certificate), details);
            }
        }
    }
}

/// R-REP-8, R-SIMP-3: what is the publisher's own is on no other node.
fn is_expected(purpose: &IdentityPurpose, node: &Node) -> bool {
    purpose.scope != Scope::Publisher || node.role == NodeRole::Publisher
}

fn place(name: &str, node: &Node) -> Vec<(&'static str, Value)> {
    vec![("place", Value::text(name)), ("node", Value::text(node.name.as_str()))]
}

fn check_issuers(
    cluster: &Cluster,
    purpose: &IdentityPurpose,
    node: &Node,
    certificate: &Certificate,
    plan: &mut Plan,
) {
    let room = Room::Trust(purpose.trust_store.clone());
    let store: Vec<&Entry> = cluster.standing(&room, &node.name).collect();
    if let Some(issuer) = missing_issuer(certificate, &store) {
        let mut details = place(&purpose.trust_store, node);
        details.push(("purpose", Value::text(purpose.name.as_str())));
        details.push(("issuer", Value::Text(issuer.to_string())));
        plan.report(ManagementCode::CompletenessIssuer, About::stored(certificate), details);
    }
}

/// The first issuer, upwards, of which the store has no certificate. A self-issued certificate needs none; a circle of
/// issuers has no root, and is told where it closes, whatever else the store holds.
fn missing_issuer<'c>(certificate: &'c Certificate, store: &[&'c Entry]) -> Option<&'c Name> {
    let mut member = certificate;
    let mut passed = BTreeSet::new();
    while passed.insert(member.fingerprint) {
        if member.is_self_issued() {
            return None;
        }
        match store.iter().find(|entry| entry.certificate.subject == member.issuer) {
            Some(entry) => member = &entry.certificate,
            None => return Some(&member.issuer),
        }
    }
    Some(&member.issuer)
}

/// Whether one node has a copy of another's certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// The identity purpose whose certificate is exchanged.
    pub purpose: String,
    /// The node whose certificate it is.
    pub from: String,
    /// The node that has to hold a copy.
    pub to: String,
    /// SHA-256 of the certificate.
    pub certificate: [u8; 32],
    /// What lies there.
    pub copy: PeerCopy,
}

/// A node's copy of another node's certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeerCopy {
    /// There is none.
    Absent,
    /// There is a certificate of that name, and it is another one; its SHA-256.
    Differs([u8; 32]),
    /// It is that certificate.
    Same,
}

/// The purposes whose certificates nodes exchange (R-TRB-8).
const EXCHANGED: [&str; 2] = ["tomcat", "tomcat-ECDSA"];

/// Every node's certificate in the trust store of every other, in the order of the nodes (R-TRB-8). What a host sends:
/// see [`super::entity`].
#[must_use]
pub fn exchange(cluster: &Cluster, catalogue: &Catalogue) -> Vec<Exchange> {
    let mut matrix = Vec::new();
    for purpose in EXCHANGED.iter().filter_map(|name| catalogue.purpose(name)) {
        let room = Room::Trust(purpose.trust_store.clone());
        let store: Vec<&Entry> = cluster.entries.iter().filter(|entry| entry.place.room == room).collect();
        for from in &cluster.nodes {
            let Some(identity) = cluster.identity(&purpose.name, &from.name) else { continue };
            let copies = copies(&store, &identity.certificate);
            for to in cluster.nodes.iter().filter(|to| to.name != from.name) {
                matrix.push(Exchange {
                    purpose: purpose.name.clone(),
                    from: from.name.clone(),
                    to: to.name.clone(),
                    certificate: identity.certificate.fingerprint,
                    copy: copy_on(&copies, &to.name, identity.certificate.fingerprint),
                });
            }
        }
    }
    matrix
}

/// What lies in a store in the name of a certificate: itself among them.
fn copies<'c>(store: &[&'c Entry], certificate: &Certificate) -> Vec<&'c Entry> {
    store.iter().copied().filter(|entry| entry.certificate.subject == certificate.subject).collect()
}

fn copy_on(copies: &[&Entry], node: &str, fingerprint: [u8; 32]) -> PeerCopy {
    let mut other = None;
    for entry in copies.iter().filter(|entry| entry.place.is_on(node)) {
        if entry.certificate.fingerprint == fingerprint {
            return PeerCopy::Same;
        }
        other = other.or(Some(entry.certificate.fingerprint));
    }
    other.map_or(PeerCopy::Absent, PeerCopy::Differs)
}

/// Reports the cells of [`exchange`] that are not as they must be (R-TRB-4, R-TRB-8).
#[must_use]
pub fn check_exchange(cluster: &Cluster, catalogue: &Catalogue) -> Plan {
    let mut plan = Plan::default();
    for cell in exchange(cluster, catalogue) {
        let code = match cell.copy {
            PeerCopy::Same => continue,
            PeerCopy::Absent => ManagementCode::ExchangeAbsent,
            PeerCopy::Differs(_) => ManagementCode::ExchangeDiffers,
        };
        let about = About { position: None, certificate: Some(cell.certificate) };
        let mut details = vec![
            ("purpose", Value::Text(cell.purpose)),
            ("from", Value::Text(cell.from)),
            ("node", Value::Text(cell.to)),
        ];
        if let PeerCopy::Differs(found) = cell.copy {
            details.push(("found", Value::Octets(found.to_vec())));
        }
        plan.report(code, about, details);
    }
    plan
}

#[cfg(test)]
mod tests;
