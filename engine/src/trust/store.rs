//! The trust store of one validator: anchors, looked up by name and by whole encoding, and the certificates that lie
//! beside them without being trusted. No persistence.

use std::collections::BTreeMap;

use super::{TrustAnchor, TrustRole};
use crate::certificate::Certificate;
use crate::certificate::name::Name;

/// Trusted and distrusted certificates, each held once.
#[derive(Clone, Debug, Default)]
pub struct TrustStore {
    anchors: Vec<TrustAnchor>,
    by_subject: BTreeMap<Name, Vec<usize>>,
    by_fingerprint: BTreeMap<[u8; 32], usize>,
    candidates: BTreeMap<Name, Vec<Certificate>>,
}

impl TrustStore {
    /// Trusts, or distrusts, a certificate. Given again with another role, distrust wins and the other roles
    /// add up.
    pub fn add(&mut self, certificate: Certificate, role: TrustRole) {
        let known =
            self.by_fingerprint.get(&certificate.fingerprint).and_then(|place| self.anchors.get_mut(*place));
        if let Some(anchor) = known {
            anchor.role = anchor.role.and(role);
            return;
        }
        let place = self.anchors.len();
        self.by_fingerprint.insert(certificate.fingerprint, place);
        self.by_subject.entry(certificate.subject.clone()).or_default().push(place);
        self.anchors.push(TrustAnchor { certificate, role });
    }

    /// Keeps a certificate that is not trusted and may help to build a path. The same one again changes nothing.
    pub fn add_candidate(&mut self, certificate: Certificate) {
        let known = self.candidates.entry(certificate.subject.clone()).or_default();
        if known.iter().all(|other| other.fingerprint != certificate.fingerprint) {
            known.push(certificate);
        }
    }

    /// Certificates that lie beside the trusted ones, whose subject is `name`, in the order they were added.
    pub fn candidates_with_subject(&self, name: &Name) -> impl Iterator<Item = &Certificate> {
        self.candidates.get(name).into_iter().flatten()
    }

    /// The entries whose subject is `name`, in the order they were added.
    pub fn with_subject(&self, name: &Name) -> impl Iterator<Item = &TrustAnchor> {
        self.by_subject.get(name).into_iter().flatten().filter_map(|place| self.anchors.get(*place))
    }

    /// The role of this very certificate.
    #[must_use]
    pub fn role_of(&self, certificate: &Certificate) -> Option<TrustRole> {
        let place = self.by_fingerprint.get(&certificate.fingerprint)?;
        self.anchors.get(*place).map(|anchor| anchor.role)
    }

    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.anchors.len()
    }

    /// Nothing is trusted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.anchors.is_empty()
    }
}
