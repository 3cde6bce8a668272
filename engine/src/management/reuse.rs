//! One certificate for two purposes: CallManager takes over the certificate for many servers that Tomcat has
//! (R-REUSE-1 to R-REUSE-7). The key goes with the certificate, which a host does; a plan never sees it.

use super::cluster::{Cluster, Entry, Origin, Place, Room};
use super::code::ManagementCode;
use super::plan::{About, Effect, Plan};
use super::purpose::Catalogue;
use super::release::{Product, RELEASE_14};
use super::{replacement, replication};
use crate::certificate::Certificate;
use crate::certificate::general_name::GeneralName;
use crate::finding::Value;
use crate::time::Instant;

/// Which purpose takes over whose certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reuse {
    /// The purpose that has the certificate.
    pub from: String,
    /// The purpose that takes it over.
    pub to: String,
    /// The node the administrator stands on; the publisher when none is named.
    pub node: Option<String>,
}

/// The pairs there are (R-REUSE-4, R-REUSE-5): the families of keys agree.
pub const PAIRS: [(&str, &str); 2] = [("tomcat", "CallManager"), ("tomcat-ECDSA", "CallManager-ECDSA")];

/// The purpose whose certificate `purpose` may take over.
#[must_use]
pub fn source_of(purpose: &str) -> Option<&'static str> {
    PAIRS.iter().find(|(_, to)| *to == purpose).map(|(from, _)| *from)
}

/// Plans a reuse. What a host sends: see [`super::entity`].
#[must_use]
pub fn plan_reuse(cluster: &Cluster, catalogue: &Catalogue, reuse: &Reuse, at: Instant) -> Plan {
    let mut plan = Plan::default();
    check_offer(cluster, reuse, &mut plan);
    if let Some(node) = replication::standing_node(cluster, reuse.node.as_deref(), &mut plan) {
        // R-REP-5: what is for many servers is managed on the publisher.
        replication::check_publisher(cluster, node, &reuse.to, &mut plan);
    }
    if let Some(source) = find_source(cluster, reuse, &mut plan) {
        check_source(cluster, source, at, &mut plan);
        check_issuer(cluster, catalogue, reuse, source, &mut plan);
        take_over(cluster, reuse, source, &mut plan);
    }
    plan.concluded()
}

fn check_offer(cluster: &Cluster, reuse: &Reuse, plan: &mut Plan) {
    if cluster.product != Product::Ucm || cluster.release < RELEASE_14 {
        let found = format!("{} {}", cluster.product.word(), cluster.release);
        let accepted = format!("{} {RELEASE_14}", Product::Ucm.word());
        let details = vec![("found", Value::Text(found)), ("accepted", Value::Text(accepted))];
        plan.report(ManagementCode::ReuseRelease, About::OPERATION, details);
    }
    if source_of(&reuse.to) != Some(reuse.from.as_str()) {
        let mut details =
            vec![("from", Value::text(reuse.from.as_str())), ("to", Value::text(reuse.to.as_str()))];
        let pairs = PAIRS.iter().map(|(from, to)| ("accepted", Value::Text(format!("{from} for {to}"))));
        details.extend(pairs);
        plan.report(ManagementCode::ReusePair, About::OPERATION, details);
    }
}

/// R-REUSE-2: the certificate that every node uses for the purpose. Where nodes have different ones, there is none.
fn find_source<'c>(cluster: &'c Cluster, reuse: &Reuse, plan: &mut Plan) -> Option<&'c Entry> {
    let mut used = cluster.nodes.iter().map(|node| cluster.identity(&reuse.from, &node.name));
    let first = used.next().flatten();
    let Some(first) = first else {
        let details = vec![("from", Value::text(reuse.from.as_str()))];
        plan.report(ManagementCode::ReuseAbsent, About::OPERATION, details);
        return None;
    };
    let same = |entry: Option<&Entry>| {
        entry.is_some_and(|entry| entry.certificate.fingerprint == first.certificate.fingerprint)
    };
    let names = server_names(&first.certificate).count();
    let wanted = cluster.nodes.len().min(2);
    if used.all(same) && names >= wanted {
        return Some(first);
    }
    let details = vec![
        ("from", Value::text(reuse.from.as_str())),
        ("found", Value::count(names)),
        ("accepted", Value::count(wanted)),
    ];
    plan.report(ManagementCode::ReuseNotMultiServer, About::stored(&first.certificate), details);
    None
}

/// The names of servers among the alternative names.
fn server_names(certificate: &Certificate) -> impl Iterator<Item = &str> {
    certificate.extensions.subject_alt_name.iter().flatten().filter_map(|name| match name {
        GeneralName::DnsName(text) => Some(text.as_str()),
        _ => None,
    })
}

fn check_source(cluster: &Cluster, source: &Entry, at: Instant, plan: &mut Plan) {
    let certificate = &source.certificate;
    let validity = certificate.validity;
    if at < validity.not_before || at > validity.not_after {
        let details = vec![
            ("notBefore", Value::Time(validity.not_before)),
            ("notAfter", Value::Time(validity.not_after)),
            ("at", Value::Time(at)),
        ];
        plan.report(ManagementCode::ReuseValidity, About::stored(certificate), details);
    }
    for node in &cluster.nodes {
        if !server_names(certificate).any(|name| names_node(name, &node.name)) {
            let details = vec![("node", Value::text(node.name.as_str()))];
            plan.report(ManagementCode::ReuseNodeNotNamed, About::stored(certificate), details);
        }
    }
}

/// The DNS name is the node's, or the node's name is its first label.
fn names_node(name: &str, node: &str) -> bool {
    let label = name.split('.').next().unwrap_or_default();
    name.eq_ignore_ascii_case(node) || label.eq_ignore_ascii_case(node)
}

/// R-UP-1 for the second purpose: its trust store holds the authority too.
fn check_issuer(cluster: &Cluster, catalogue: &Catalogue, reuse: &Reuse, source: &Entry, plan: &mut Plan) {
    let Some(purpose) = catalogue.purpose(&reuse.to) else { return };
    let certificate = &source.certificate;
    let room = Room::Trust(purpose.trust_store.clone());
    for node in &cluster.nodes {
        let mut store = cluster.standing(&room, &node.name);
        if !certificate.is_self_issued()
            && !store.any(|entry| entry.certificate.subject == certificate.issuer)
        {
            let details = vec![
                ("issuer", Value::Text(certificate.issuer.to_string())),
                ("place", Value::text(purpose.trust_store.as_str())),
                ("node", Value::text(node.name.as_str())),
            ];
            plan.report(ManagementCode::ReuseIssuerMissing, About::stored(certificate), details);
        }
    }
}

/// R-REUSE-6: the certificate takes the other purpose's slot on every node.
fn take_over(cluster: &Cluster, reuse: &Reuse, source: &Entry, plan: &mut Plan) {
    let room = Room::Identity(reuse.to.clone());
    let certificate = &source.certificate;
    let about = About::stored(certificate);
    for entry in cluster.entries.iter().filter(|entry| entry.place.room == room) {
        if entry.certificate.fingerprint != certificate.fingerprint {
            let mut details = vec![("place", Value::text(reuse.to.as_str()))];
            details.extend(replacement::compare(&entry.certificate, certificate));
            plan.report(ManagementCode::ReplacementReplaces, about, details);
            let (place, fingerprint) = (entry.place.clone(), entry.certificate.fingerprint);
            plan.effects.push(Effect::Remove { place, fingerprint });
        }
    }
    let held = cluster.nodes.iter().all(|node| {
        let used = cluster.identity(&reuse.to, &node.name);
        used.is_some_and(|entry| entry.certificate.fingerprint == certificate.fingerprint)
    });
    if held {
        let details = vec![("place", Value::text(reuse.to.as_str()))];
        plan.report(ManagementCode::UploadUnchanged, about, details);
    } else {
        plan.effects.push(Effect::Store {
            place: Place::everywhere(room),
            certificate: Box::new(certificate.clone()),
            origin: Origin::Copied,
            active_from: None,
        });
    }
}

#[cfg(test)]
mod tests;
