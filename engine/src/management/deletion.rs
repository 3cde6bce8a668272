//! Deletions: what may be taken out of a trust store, where it goes, and what would no longer be vouched for
//! (R-DEL-1 to R-DEL-8, D-21, D-28). The plan is the preview: what it warns of is for a person to weigh.

use std::collections::{BTreeMap, BTreeSet};

use super::cluster::{Cluster, Entry, Origin, Room};
use super::code::ManagementCode;
use super::issuer;
use super::plan::{About, Effect, Plan};
use super::purpose::{Catalogue, TrustStore};
use super::replication::{self, Change};
use crate::budget::{Budget, Limits};
use crate::certificate::Certificate;
use crate::certificate::name::Name;
use crate::finding::Value;
use crate::oid;
use crate::order;
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
        let candidates = self.candidates();
        let mut children = by_name(&candidates, |certificate| &certificate.issuer);
        let mut search = Search::among(self.standing, gone);
        let mut lost: Vec<&Certificate> = vec![gone];
        let mut next = 0_usize;
        while let Some(parent) = lost.get(next).copied() {
            next = next.saturating_add(1);
            let Some(of_parent) = children.get_mut(&parent.subject.key()) else { continue };
            // Who still has another issuer may lose it with a later one of the name.
            of_parent.retain(|child| {
                let keeps = search.has_other_issuer(child);
                if !keeps && search.lost.insert(child.fingerprint) {
                    lost.push(child);
                }
                keeps
            });
        }
        // What has expired is of no use any more with its chain either.
        for entry in candidates.iter().filter(|entry| entry.certificate.validity.not_after >= self.at) {
            let fingerprint = entry.certificate.fingerprint;
            if fingerprint != gone.fingerprint && search.lost.contains(&fingerprint) {
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
}

/// Most comparisons of a certificate with one that could have issued it. Ours: past it everything counts as broken, a
/// warning too many, and the work stays in proportion to what the cluster holds.
const MOST_COMPARISONS: usize = 10_000;

/// The search for other issuers, under one budget.
struct Search<'a> {
    issuers: BTreeMap<[u8; 32], Vec<&'a Certificate>>,
    lost: BTreeSet<[u8; 32]>,
    comparisons: usize,
    budget: Budget,
}

impl<'a> Search<'a> {
    fn among(standing: &[&'a Entry], gone: &Certificate) -> Self {
        Self {
            issuers: by_name(standing, |certificate| &certificate.subject),
            lost: order::set([gone.fingerprint]),
            comparisons: 0,
            budget: Budget::new(Limits::DEFAULT),
        }
    }

    fn has_other_issuer(&mut self, child: &Certificate) -> bool {
        for issuer in self.issuers.get(&child.issuer.key()).into_iter().flatten() {
            if self.comparisons >= MOST_COMPARISONS {
                return false;
            }
            self.comparisons = self.comparisons.saturating_add(1);
            if self.lost.contains(&issuer.fingerprint) {
                continue;
            }
            match issuer::verify(child, issuer, &mut self.budget) {
                Ok(None) => return true,
                Ok(Some(_)) => {}
                Err(_) => return false,
            }
        }
        false
    }
}

/// The certificates by the comparable form of a name (RFC 5280 7.1), in their order.
fn by_name<'a>(
    entries: &[&'a Entry],
    name: impl Fn(&Certificate) -> &Name,
) -> BTreeMap<[u8; 32], Vec<&'a Certificate>> {
    let mut named: BTreeMap<[u8; 32], Vec<&Certificate>> = BTreeMap::new();
    for entry in entries {
        named.entry(name(&entry.certificate).key()).or_default().push(&entry.certificate);
    }
    named
}

#[cfg(test)]
mod tests;
