//! A certificate by an authority into an identity slot: one of the right kind, asked for here, with its chain
//! (R-UP-1, R-UP-2, R-UP-4 to R-UP-11, R-REP-5, R-REP-8, R-REP-9, D-12, D-16).

use super::{Draft, Given, Waiting, asked_key};
use crate::certificate::Certificate;
use crate::certificate::public_key::KeyMaterial;
use crate::finding::Value;
use crate::management::cluster::{Node, NodeRole, Origin, PendingRequest, Place, Room};
use crate::management::code::ManagementCode;
use crate::management::entity::is_authority;
use crate::management::issuer::Chain;
use crate::management::plan::{About, Effect};
use crate::management::purpose::{IdentityPurpose, KeyType, TrustStore};
use crate::management::replacement;
use crate::management::replication::{self, Change};

/// Where the certificate goes, and the request it answers.
struct Slot<'a> {
    place: Place,
    request: Option<&'a PendingRequest>,
}

impl<'a> Draft<'a> {
    /// Puts one certificate into the slot of `purpose`, and the authorities beside it into the purpose's trust store.
    pub(super) fn put_into_slot(&mut self, purpose: &IdentityPurpose, node: &Node, given: &[Given<'a>]) {
        if purpose.publisher_only {
            replication::check_publisher(self.cluster, node, &purpose.name, &mut self.plan);
        }
        let (targets, authorities) = split(purpose, given);
        let Some(target) = self.only_target(purpose, &targets) else { return };
        self.check_form(target);
        // A slot is in use at once: there is nothing that could wait in it.
        self.activation(target, Waiting::Refused);
        self.check_key_type(purpose, target);
        let slot = self.find_slot(purpose, node, target);
        let Some(store) = self.catalogue.store(&purpose.trust_store) else {
            return self.unknown_room(&purpose.trust_store);
        };
        if !authorities.is_empty() {
            self.put_into_store(store, node, &authorities);
        }
        if let Some(slot) = slot.filter(|_| !self.plan.is_refused()) {
            self.check_chain(store, node, (target, &authorities), &slot);
            self.fill_slot(purpose, target, slot);
            if let Some(second) = &store.copied_to {
                // R-REP-9: phones register with what CAPF signed.
                self.copy(second, node, target);
            }
        }
    }

    /// R-UP-4, R-UP-5: exactly one certificate can be the identity.
    fn only_target(&mut self, purpose: &IdentityPurpose, targets: &[Given<'a>]) -> Option<Given<'a>> {
        match targets {
            [target] => return Some(*target),
            [] => {
                let details = vec![
                    ("found", Value::text(purpose.name.as_str())),
                    ("accepted", Value::text(purpose.trust_store.as_str())),
                ];
                self.plan.report(ManagementCode::IdentityAuthoritiesOnly, About::OPERATION, details);
            }
            several => {
                for one in several {
                    let details = vec![
                        ("found", Value::count(several.len())),
                        ("accepted", Value::count(1)),
                        ("subject", Value::Text(one.certificate.subject.to_string())),
                    ];
                    self.plan.report(ManagementCode::IdentitySeveral, one.about(), details);
                }
            }
        }
        None
    }

    /// R-UP-7, D-12: the family of the key is the purpose's; the purpose it would fit is named.
    fn check_key_type(&mut self, purpose: &IdentityPurpose, target: Given<'_>) {
        let found = key_type(target.certificate);
        if found == Some(purpose.key_type) {
            return;
        }
        let mut details = vec![
            ("found", Value::Text(target.certificate.public_key.describe())),
            ("accepted", Value::text(purpose.key_type.word())),
        ];
        let fits = |other: &&IdentityPurpose| {
            Some(other.key_type) == found && base(&other.name) == base(&purpose.name)
        };
        let fitting = self.catalogue.purposes.iter().find(fits);
        details.extend(fitting.map(|other| ("purpose", Value::text(other.name.as_str()))));
        self.plan.report(ManagementCode::IdentityKeyType, target.about(), details);
    }

    /// The slot of the request that the certificate answers, or the slot that holds the certificate already. One
    /// for another key is not it.
    fn find_slot(&mut self, purpose: &IdentityPurpose, node: &Node, target: Given<'_>) -> Option<Slot<'a>> {
        let key = &target.certificate.public_key.der;
        let room = Room::Identity(purpose.name.clone());
        let cluster = self.cluster;
        let ours = |request: &&PendingRequest| {
            let there = request.node.as_deref().is_none_or(|name| name == node.name);
            request.purpose == purpose.name && there
        };
        let pending: Vec<&'a PendingRequest> = cluster.requests.iter().filter(ours).collect();
        let answered = pending.iter().copied().find(|request| asked_key(request).as_ref() == Some(key));
        let place = match answered {
            Some(request) => Some(Place { room, node: request.node.clone() }),
            None => {
                let held = cluster.identity(&purpose.name, &node.name);
                let same =
                    held.filter(|entry| entry.certificate.fingerprint == target.certificate.fingerprint);
                same.map(|entry| entry.place.clone())
            }
        };
        let Some(place) = place else {
            let details = vec![
                ("purpose", Value::text(purpose.name.as_str())),
                ("key", Value::Text(target.certificate.public_key.describe())),
                ("pending", Value::count(pending.len())),
            ];
            self.plan.report(ManagementCode::IdentityNotRequested, target.about(), details);
            return None;
        };
        if place.node.is_none() {
            self.check_multi_server(purpose, node, target);
        }
        Some(Slot { place, request: answered })
    }

    /// R-KUX-9, D-16, R-REP-5.
    fn check_multi_server(&mut self, purpose: &IdentityPurpose, node: &Node, target: Given<'_>) {
        if !purpose.multi_server_issued {
            let several = self.catalogue.purposes.iter().filter(|other| other.multi_server_issued);
            let mut details = vec![("found", Value::text(purpose.name.as_str()))];
            details.extend(several.map(|other| ("accepted", Value::text(other.name.as_str()))));
            self.plan.report(ManagementCode::IdentityMultiServer, target.about(), details);
        }
        if node.role != NodeRole::Publisher {
            let publisher = self.cluster.publisher().unwrap_or_default();
            let details =
                vec![("found", Value::text(node.name.as_str())), ("accepted", Value::text(publisher))];
            self.plan.report(ManagementCode::IdentityMultiServerPublisher, target.about(), details);
        }
    }

    /// R-UP-1, R-UP-2, R-UP-10: on every node that uses the certificate, the purpose's trust store or the file holds
    /// its authorities up to a root, all of them valid now.
    fn check_chain(
        &mut self,
        store: &TrustStore,
        from: &Node,
        (target, authorities): (Given<'a>, &[Given<'a>]),
        slot: &Slot<'_>,
    ) {
        let reached = replication::reach(self.cluster, store, Change::Put, &from.name);
        let cluster = self.cluster;
        for node in cluster.nodes.iter().filter(|node| slot.place.is_on(&node.name)) {
            let brought = if reached.contains(&node.name.as_str()) { authorities } else { &[] };
            let mut pool = self.remaining(store, node, brought);
            pool.extend(brought.iter().map(|one| one.certificate));
            // What has expired is in neither: `remaining` leaves it out, and the file would have been refused.
            pool.retain(|certificate| certificate.validity.not_before <= self.at);
            let Chain::Broken { links, issuer, refused } = self.links.chain(target.certificate, &pool) else {
                continue;
            };
            let code = match links {
                0 => ManagementCode::IdentityIssuerMissing,
                _ => ManagementCode::IdentityChainIncomplete,
            };
            let mut details = vec![
                ("issuer", Value::Text(issuer)),
                ("place", Value::text(store.name.as_str())),
                ("node", Value::text(node.name.as_str())),
            ];
            details.extend(refused.map(|refused| ("because", Value::text(refused.as_str()))));
            self.plan.report(code, target.about(), details);
        }
    }

    /// R-UP-8, R-UP-9: the certificate takes the slot, whatever is in it, and its request is done with.
    fn fill_slot(&mut self, purpose: &IdentityPurpose, target: Given<'_>, slot: Slot<'_>) {
        let cluster = self.cluster;
        let fingerprint = target.certificate.fingerprint;
        let mut nodes = cluster.nodes.iter().filter(|node| slot.place.is_on(&node.name));
        let held = nodes.all(|node| {
            let identity = cluster.identity(&purpose.name, &node.name);
            identity.is_some_and(|entry| entry.certificate.fingerprint == fingerprint)
        });
        let replaced = cluster.entries.iter().filter(|entry| {
            entry.place.room == slot.place.room
                && entry.certificate.fingerprint != fingerprint
                && (slot.place.node.is_none() || entry.place.node == slot.place.node)
        });
        for entry in replaced {
            let mut details = vec![("place", Value::text(purpose.name.as_str()))];
            details.extend(replacement::compare(&entry.certificate, target.certificate));
            self.plan.report(ManagementCode::ReplacementReplaces, target.about(), details);
            let (place, fingerprint) = (entry.place.clone(), entry.certificate.fingerprint);
            self.plan.effects.push(Effect::Remove { place, fingerprint });
        }
        if held {
            let details = vec![("place", Value::text(purpose.name.as_str()))];
            self.plan.report(ManagementCode::UploadUnchanged, target.about(), details);
        } else {
            let certificate = Box::new(target.certificate.clone());
            let place = slot.place;
            self.plan.effects.push(Effect::Store {
                place,
                certificate,
                origin: Origin::Issued,
                active_from: None,
            });
        }
        if let Some(request) = slot.request {
            let (purpose, node) = (request.purpose.clone(), request.node.clone());
            self.plan.effects.push(Effect::DropRequest { purpose, node });
        }
    }
}

/// The certificates that could be the identity, and the authorities. Of a purpose that signs certificates itself
/// (R-KUX-4) the identity is an authority too: one that another authority issued and that issued nothing in the file.
fn split<'a>(purpose: &IdentityPurpose, given: &[Given<'a>]) -> (Vec<Given<'a>>, Vec<Given<'a>>) {
    given.iter().partition(|one| {
        let certificate = one.certificate;
        let issued_here = |other: &&Given<'_>| {
            other.certificate.issuer == certificate.subject
                && other.certificate.fingerprint != certificate.fingerprint
        };
        !is_authority(certificate)
            || (purpose.signs
                && !certificate.is_self_issued()
                && !given.iter().any(|other| issued_here(&other)))
    })
}

/// The name without its family of keys.
fn base(name: &str) -> &str {
    name.strip_suffix("-ECDSA").unwrap_or(name)
}

fn key_type(certificate: &Certificate) -> Option<KeyType> {
    match &certificate.public_key.material {
        KeyMaterial::Rsa { .. } => Some(KeyType::Rsa),
        KeyMaterial::Ec(_) => Some(KeyType::Ec),
        _ => None,
    }
}
