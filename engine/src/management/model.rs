//! A model for tests: clusters in a few words, certificates from sketches, and a host that keeps one row for each
//! certificate and node and applies effects as plans ask.

use pki::certificate::{Issued, Sketch};

use super::cluster::{
    Cluster, Entry, Features, Node, NodeRole, Origin, PendingRequest, Place, Room, Tombstone,
};
use super::plan::{Effect, ManagementFinding, Plan};
use super::purpose::Catalogue;
use super::release::{Product, Release};
use super::sample::request_like;
use super::upload::{Revival, Upload, plan_upload};
use crate::certificate::Certificate;
use crate::finding::Value;
use crate::settings::{Profile, Settings, Strictness};
use crate::time::Instant;

pub(super) fn decode(issued: &Issued) -> Certificate {
    Certificate::decode(&issued.der).unwrap()
}

pub(super) fn certificate(sketch: Sketch) -> Certificate {
    decode(&sketch.issue())
}

pub(super) fn at(text: &str) -> Instant {
    Instant::from_unix(pki::time::seconds(text))
}

pub(super) fn now() -> Instant {
    at(pki::certificate::AT)
}

pub(super) fn settings() -> Settings {
    Settings::of_profile(Profile::UcLegacy, Strictness::Standard)
}

pub(super) fn trust(name: &str) -> Room {
    Room::Trust(name.to_owned())
}

pub(super) fn identity(name: &str) -> Room {
    Room::Identity(name.to_owned())
}

/// Nodes `a`, `b` and so on, of which `a` is the publisher; release 15, nothing in it.
pub(super) fn cluster(nodes: usize) -> Cluster {
    let role = |number| if number == 0 { NodeRole::Publisher } else { NodeRole::Subscriber };
    let names = ["a", "b", "c", "d"];
    Cluster {
        product: Product::Ucm,
        release: Release::from_text("15").unwrap(),
        nodes: (0..nodes).map(|number| Node { name: names[number].to_owned(), role: role(number) }).collect(),
        entries: Vec::new(),
        tombstones: Vec::new(),
        requests: Vec::new(),
        features: Features::default(),
    }
}

pub(super) fn catalogue(cluster: &Cluster) -> Catalogue {
    Catalogue::of(cluster.product, cluster.release, &Settings::default())
}

pub(super) fn entry(place: Place, certificate: &Certificate, origin: Origin) -> Entry {
    Entry { place, certificate: certificate.clone(), origin, active_from: None }
}

impl Cluster {
    pub(super) fn with(mut self, room: Room, nodes: &[&str], certificate: &Certificate) -> Self {
        for node in nodes {
            self.entries.push(entry(Place::on(room.clone(), node), certificate, Origin::Uploaded));
        }
        self
    }

    /// With a pending request for the key of `certificate`.
    pub(super) fn requesting(mut self, purpose: &str, node: Option<&str>, certificate: &Certificate) -> Self {
        let der = request_like(certificate);
        let node = node.map(str::to_owned);
        self.requests.push(PendingRequest { purpose: purpose.to_owned(), node, der });
        self
    }

    /// The fingerprints that `node` holds in `room`, sorted.
    pub(super) fn held(&self, room: &Room, node: &str) -> Vec<[u8; 32]> {
        let mut held: Vec<_> = self.standing(room, node).map(|entry| entry.certificate.fingerprint).collect();
        held.sort_unstable();
        held
    }
}

pub(super) fn upload(room: Room, node: Option<&str>, certificates: &[&Certificate]) -> Upload {
    let certificates = certificates.iter().map(|certificate| (*certificate).clone()).collect();
    Upload { room, node: node.map(str::to_owned), certificates, revival: Revival::Refuse }
}

pub(super) fn planned(cluster: &Cluster, upload: &Upload) -> Plan {
    plan_upload(cluster, &catalogue(cluster), &settings(), upload, now())
}

/// The codes of a plan, in order.
pub(super) fn codes(plan: &Plan) -> Vec<&'static str> {
    plan.findings.iter().map(|finding| finding.code.as_str()).collect()
}

/// The codes of a plan with the places in the input they are about.
pub(super) fn places(plan: &Plan) -> Vec<(&'static str, Option<usize>)> {
    plan.findings.iter().map(|finding| (finding.code.as_str(), finding.position)).collect()
}

/// The values of one name in the first finding of a code, as text.
pub(super) fn values(plan: &Plan, code: &str, name: &str) -> Vec<String> {
    let finding = plan.findings.iter().find(|finding| finding.code.as_str() == code);
    let finding: &ManagementFinding = finding.unwrap_or_else(|| panic!("{code} in {:?}", codes(plan)));
    let details = finding.details.iter().filter(|detail| detail.name == name);
    details.map(|detail| text(&detail.value)).collect()
}

fn text(value: &Value) -> String {
    match value {
        Value::Number(number) => number.to_string(),
        Value::Octets(octets) => crate::finding::trace::hexadecimal(octets),
        Value::Oid(oid) => oid.to_string(),
        Value::Text(text) => text.clone(),
        Value::Time(time) => time.to_string(),
    }
}

/// Where a plan puts which certificate.
pub(super) fn stored(plan: &Plan) -> Vec<(&str, Option<&str>, [u8; 32])> {
    let stored = plan.effects.iter().filter_map(|effect| match effect {
        Effect::Store { place, certificate, .. } => {
            Some((place.room.name(), place.node.as_deref(), certificate.fingerprint))
        }
        _ => None,
    });
    stored.collect()
}

/// From where a plan takes which certificate.
pub(super) fn removed(plan: &Plan) -> Vec<(&str, Option<&str>, [u8; 32])> {
    let removed = plan.effects.iter().filter_map(|effect| match effect {
        Effect::Remove { place, fingerprint } => {
            Some((place.room.name(), place.node.as_deref(), *fingerprint))
        }
        _ => None,
    });
    removed.collect()
}

/// Applies the effects of a plan, in their order.
pub(super) fn apply(cluster: &mut Cluster, plan: &Plan) {
    for effect in &plan.effects {
        match effect {
            Effect::Store { place, certificate, origin, active_from } => {
                for node in nodes_of(cluster, place) {
                    let place = Place::on(place.room.clone(), &node);
                    let held = cluster.held(&place.room, &node).contains(&certificate.fingerprint);
                    if !held {
                        let active_from = *active_from;
                        let kept = entry(place, certificate, *origin);
                        cluster.entries.push(Entry { active_from, ..kept });
                    }
                }
            }
            Effect::Remove { place, fingerprint } => {
                let nodes = nodes_of(cluster, place);
                cluster.entries.retain(|entry| {
                    let on = nodes.iter().any(|node| entry.place.is_on(node));
                    entry.place.room != place.room || entry.certificate.fingerprint != *fingerprint || !on
                });
                let stone = Tombstone { place: place.clone(), fingerprint: *fingerprint };
                if matches!(place.room, Room::Trust(_)) && !cluster.tombstones.contains(&stone) {
                    cluster.tombstones.push(stone);
                }
            }
            Effect::Revive { place, fingerprint } => {
                cluster.tombstones.retain(|stone| stone.place != *place || stone.fingerprint != *fingerprint);
            }
            Effect::DropRequest { purpose, node } => {
                cluster.requests.retain(|request| request.purpose != *purpose || request.node != *node);
            }
            Effect::RemoveNode(name) => {
                cluster.nodes.retain(|node| node.name != *name);
                cluster.entries.retain(|entry| entry.place.node.as_deref() != Some(name.as_str()));
                cluster.requests.retain(|request| request.node.as_deref() != Some(name.as_str()));
            }
            Effect::SetRole(changed) => {
                for node in cluster.nodes.iter_mut().filter(|node| node.name == changed.name) {
                    node.role = changed.role;
                }
            }
        }
    }
}

fn nodes_of(cluster: &Cluster, place: &Place) -> Vec<String> {
    let nodes = cluster.nodes.iter().filter(|node| place.is_on(&node.name));
    nodes.map(|node| node.name.clone()).collect()
}
