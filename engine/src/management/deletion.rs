//! Deletions: what may be taken out of a trust store, where it goes, and what would no longer be vouched for
//! (R-DEL-1 to R-DEL-8, D-21, D-28). The plan is the preview: what it warns of is for a person to weigh.

use super::cluster::{Cluster, Entry, Origin, Room};
use super::code::ManagementCode;
use super::issuer;
use super::plan::{About, Effect, Plan};
use super::purpose::{Catalogue, TrustStore};
use super::replication::{self, Change};
use crate::budget::{Budget, Limits};
use crate::certificate::Certificate;
use crate::finding::Value;
use crate::oid;
use crate::time::Instant;

/// A certificate that an administrator wants to be gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deletion {
    /// The slot or store.
    pub room: Room,
    /// The node the administrator stands on; the publisher when none is named.
    pub node: Option<String>,
    /// SHA-256 of the certificate's encoding.
    pub fingerprint: [u8; 32],
}

/// Plans a deletion. What is not there is deleted already (D-21). What the cluster must hold of its entries: see
/// [`super::entity`].
#[must_use]
pub fn plan_deletion(cluster: &Cluster, catalogue: &Catalogue, deletion: &Deletion, at: Instant) -> Plan {
    let mut plan = Plan::default();
    let Some(node) = replication::standing_node(cluster, deletion.node.as_deref(), &mut plan) else {
        return plan.concluded();
    };
    let name = match &deletion.room {
        Room::Identity(_) => {
            refuse_identity(cluster, deletion, &node.name, &mut plan);
            return plan.concluded();
        }
        Room::Trust(name) => name,
    };
    let Some(store) = catalogue.store(name) else {
        let mut details = vec![("found", Value::text(name.as_str()))];
        details.extend(catalogue.stores.iter().map(|store| ("accepted", Value::text(store.name.as_str()))));
        plan.report(ManagementCode::PurposeUnknown, About::OPERATION, details);
        return plan.concluded();
    };
    if store.publisher_only {
        replication::check_publisher(cluster, node, name, &mut plan);
    }
    let reached = replication::reach(cluster, store, Change::Delete, &node.name);
    let affected = |entry: &&Entry| {
        entry.place.room == deletion.room && reached.iter().any(|name| entry.place.is_on(name))
    };
    let standing: Vec<&Entry> = cluster.entries.iter().filter(affected).collect();
    let gone = standing.iter().find(|entry| entry.certificate.fingerprint == deletion.fingerprint);
    match gone {
        None => absent(deletion, &mut plan),
        Some(gone) => {
            let place = replication::place(store, Change::Delete, &node.name);
            plan.effects.push(Effect::Remove { place, fingerprint: deletion.fingerprint });
            let impact = Impact { cluster, catalogue, store, standing: &standing, reached: &reached, at };
            impact.report(&gone.certificate, &mut plan);
        }
    }
    plan.concluded()
}

fn absent(deletion: &Deletion, plan: &mut Plan) {
    let about = About { position: None, certificate: Some(deletion.fingerprint) };
    let details = vec![("place", Value::text(deletion.room.name()))];
    plan.report(ManagementCode::DeletionAbsent, about, details);
}

/// R-DEL-1, R-DEL-2, D-28: a slot is emptied by nobody; its certificate is only ever replaced.
fn refuse_identity(cluster: &Cluster, deletion: &Deletion, node: &str, plan: &mut Plan) {
    let mut standing = cluster.standing(&deletion.room, node);
    let own = standing.find(|entry| entry.certificate.fingerprint == deletion.fingerprint);
    let code = match own.map(|entry| entry.origin) {
        Some(Origin::SelfSigned) => ManagementCode::DeletionSelfSigned,
        _ => ManagementCode::DeletionIdentity,
    };
    let about = About { position: None, certificate: Some(deletion.fingerprint) };
    plan.report(code, about, vec![("place", Value::text(deletion.room.name()))]);
}

/// What a deletion would do to others.
struct Impact<'a> {
    cluster: &'a Cluster,
    catalogue: &'a Catalogue,
    store: &'a TrustStore,
    standing: &'a [&'a Entry],
    reached: &'a [&'a str],
    at: Instant,
}

impl Impact<'_> {
    fn report(&self, gone: &Certificate, plan: &mut Plan) {
        self.report_identity_copies(gone, plan);
        self.report_designation(gone, plan);
        self.report_broken_chains(gone, plan);
    }

    /// D-28: the copies of our own certificates in trust stores may go, and other nodes then do not believe us.
    fn report_identity_copies(&self, gone: &Certificate, plan: &mut Plan) {
        for entry in &self.cluster.entries {
            let is_identity = matches!(entry.place.room, Room::Identity(_));
            if is_identity && entry.certificate.fingerprint == gone.fingerprint {
                let details = vec![
                    ("place", Value::text(self.store.name.as_str())),
                    ("purpose", Value::text(entry.place.room.name())),
                    ("node", Value::text(entry.place.node.as_deref().unwrap_or_default())),
                ];
                plan.report(ManagementCode::DeletionIdentityCopy, About::stored(gone), details);
            }
        }
    }

    /// R-OCSP-17: what lies in a trust store and may sign OCSP responses is, or may be, a designated responder.
    fn report_designation(&self, gone: &Certificate, plan: &mut Plan) {
        let usages = gone.extensions.extended_key_usage.iter().flatten();
        if usages.into_iter().any(|usage| *usage == oid::KP_OCSP_SIGNING) {
            let details = vec![
                ("place", Value::text(self.store.name.as_str())),
                ("subject", Value::Text(gone.subject.to_string())),
            ];
            plan.report(ManagementCode::DeletionResponder, About::stored(gone), details);
        }
    }

    /// R-DEL-3: by subject and issuer names, step by step, everything that led to a root through the certificate and
    /// leads to none without it. Where another certificate of the name stays, be it the child itself, its signature
    /// decides.
    fn report_broken_chains(&self, gone: &Certificate, plan: &mut Plan) {
        let mut budget = Budget::new(Limits::DEFAULT);
        let mut lost: Vec<&Certificate> = vec![gone];
        let mut next = 0_usize;
        let candidates = self.candidates();
        while let Some(parent) = lost.get(next).copied() {
            next = next.saturating_add(1);
            for entry in &candidates {
                let child = &entry.certificate;
                let known = lost.iter().any(|one| one.fingerprint == child.fingerprint);
                let led = child.issuer == parent.subject;
                if led && !known && !self.has_other_issuer(child, &lost, &mut budget) {
                    lost.push(child);
                }
            }
        }
        // What has expired is of no use any more with its chain either.
        for entry in candidates.iter().filter(|entry| entry.certificate.validity.not_after >= self.at) {
            let fingerprint = entry.certificate.fingerprint;
            if lost.iter().skip(1).any(|one| one.fingerprint == fingerprint) {
                self.report_broken(gone, entry, plan);
            }
        }
    }

    fn report_broken(&self, gone: &Certificate, entry: &Entry, plan: &mut Plan) {
        let details = vec![
            ("place", Value::text(entry.place.room.name())),
            ("node", Value::text(entry.place.node.as_deref().unwrap_or_default())),
            ("subject", Value::Text(entry.certificate.subject.to_string())),
            ("issuer", Value::Text(gone.subject.to_string())),
        ];
        plan.report(ManagementCode::DeletionBreaksChain, About::stored(&entry.certificate), details);
    }

    /// The store itself, and the identity slots that rest on it on the nodes reached.
    fn candidates(&self) -> Vec<&Entry> {
        let slots = self.cluster.entries.iter().filter(|entry| match &entry.place.room {
            Room::Trust(_) => false,
            Room::Identity(name) => {
                let purpose = self.catalogue.purpose(name);
                let rests = purpose.is_some_and(|purpose| purpose.trust_store == self.store.name);
                rests && self.reached.iter().any(|node| entry.place.is_on(node))
            }
        });
        self.standing.iter().copied().chain(slots).collect()
    }

    fn has_other_issuer(&self, child: &Certificate, lost: &[&Certificate], budget: &mut Budget) -> bool {
        let named = self.standing.iter().filter(|entry| entry.certificate.subject == child.issuer);
        let mut staying =
            named.filter(|entry| !lost.iter().any(|one| one.fingerprint == entry.certificate.fingerprint));
        // Past the budget everything counts as broken: a warning too many.
        staying.any(|entry| matches!(issuer::verify(child, &entry.certificate, budget), Ok(None)))
    }
}

#[cfg(test)]
mod tests;
