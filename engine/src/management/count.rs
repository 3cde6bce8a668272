//! How many certificates there are to look after (R-SIMP-5 to R-SIMP-13). [`certificate_counts`] counts what exists;
//! the reference document's own figures for ten nodes are kept beside it for comparison, and decide nothing (D-19):
//! from release 14 on they leave out the certificate of each node for IPsec.

use super::cluster::{Cluster, Room};
use super::purpose::Catalogue;
use super::release::{Product, RELEASE_14, Release};
use super::reuse;
use crate::order;

/// The certificates of one purpose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// The identity purpose.
    pub purpose: String,
    /// How many different certificates its slots hold, without one that is taken over from another purpose
    /// (R-REUSE-7).
    pub certificates: usize,
}

/// Counts the identity certificates that exist, purpose by purpose.
#[must_use]
pub fn certificate_counts(cluster: &Cluster, catalogue: &Catalogue) -> Vec<Count> {
    let counts = catalogue.purposes.iter().map(|purpose| {
        let mut own = fingerprints(cluster, &purpose.name);
        if let Some(source) = reuse::source_of(&purpose.name) {
            let shared = fingerprints(cluster, source);
            own.retain(|fingerprint| !shared.contains(fingerprint));
        }
        Count { purpose: purpose.name.clone(), certificates: own.len() }
    });
    counts.collect()
}

fn fingerprints(cluster: &Cluster, purpose: &str) -> Vec<[u8; 32]> {
    let room = Room::Identity(purpose.to_owned());
    let entries = cluster.entries.iter().filter(|entry| entry.place.room == room);
    order::set(entries.map(|entry| entry.certificate.fingerprint)).into_iter().collect()
}

/// "No. of certificates to manage in a 10 node cluster": before release 14, and from it on.
const DOCUMENT: [(&str, usize, usize); 8] = [
    ("tomcat", 1, 1),
    ("tomcat-ECDSA", 1, 1),
    ("CallManager", 1, 0),
    ("CallManager-ECDSA", 1, 0),
    ("TVS", 10, 1),
    ("CAPF", 10, 1),
    ("ipsec", 10, 0),
    ("ITLRecovery", 1, 1),
];

/// The compatibility view: the figures of the reference document for ten nodes, as they stand there. It has none for
/// the other product.
#[must_use]
pub fn document_counts(product: Product, release: Release) -> Vec<Count> {
    let rows = DOCUMENT.iter().filter(|_| product == Product::Ucm);
    let counts = rows.map(|(purpose, before, from)| Count {
        purpose: (*purpose).to_owned(),
        certificates: if release >= RELEASE_14 { *from } else { *before },
    });
    counts.collect()
}

#[cfg(test)]
mod tests;
