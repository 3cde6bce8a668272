//! Uploads: what putting a file of certificates into a trust store or an identity slot would change. `form` looks at
//! each certificate by itself, `trusted` puts authorities and peers into a trust store, `identity` a certificate of
//! our own into its slot.
//!
//! It does not decode: certificates come from `certificate::bundle`, in any order. Nor does it compare a certificate
//! with the request it answers, beyond the key: that is `returned`'s, which [`super::operation`] asks about `answers`.

mod form;
mod trusted;
mod identity;

use super::cluster::{Cluster, PendingRequest, Room};
use super::code::ManagementCode;
use super::issuer::Links;
use super::plan::{About, Plan};
use super::purpose::Catalogue;
use super::replication;
use crate::certificate::Certificate;
use crate::certificate::signing_request::SigningRequest;
use crate::finding::Value;
use crate::settings::{Mode, Settings};
use crate::time::Instant;

/// Certificates that an administrator uploads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    /// The slot or store they are for (R-UP-15).
    pub room: Room,
    /// The node the administrator stands on; the publisher when none is named.
    pub node: Option<String>,
    /// The certificates, in the order of the file; findings give their places in it.
    pub certificates: Vec<Certificate>,
    /// What happens to a certificate that was deleted or replaced before.
    pub revival: Revival,
}

/// What happens to a certificate that has a tombstone (D-21).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Revival {
    /// It is refused, so that nothing comes back by a routine.
    #[default]
    Refuse,
    /// The administrator wants it back.
    Revive,
}

/// Whether a certificate may wait for its validity to begin (D-29).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Waiting {
    Accepted,
    Refused,
}

/// A certificate of the upload and its place there.
#[derive(Clone, Copy, Debug)]
struct Given<'a> {
    position: usize,
    certificate: &'a Certificate,
}

impl Given<'_> {
    fn about(self) -> About {
        About::input(self.position, self.certificate)
    }
}

/// A plan while it is made.
struct Draft<'a> {
    cluster: &'a Cluster,
    catalogue: &'a Catalogue,
    upload: &'a Upload,
    links: Links<'a>,
    at: Instant,
    waiting: Waiting,
    most: usize,
    plan: Plan,
}

/// Plans an upload made at `at`. What the cluster must hold of its entries: see [`super::entity`]. Where anything is
/// refused, everything is, and the plan changes nothing.
#[must_use]
pub fn plan_upload(
    cluster: &Cluster,
    catalogue: &Catalogue,
    settings: &Settings,
    upload: &Upload,
    at: Instant,
) -> Plan {
    let strict = cluster.features.common_criteria || settings.mode == Mode::CommonCriteria;
    let mut draft = Draft {
        cluster,
        catalogue,
        upload,
        links: Links::new(settings),
        at,
        waiting: if strict { Waiting::Refused } else { Waiting::Accepted },
        most: usize::try_from(settings.limits.signatures).unwrap_or(usize::MAX),
        plan: Plan::default(),
    };
    draft.fill();
    draft.conclude()
}

/// The key that a request is for; of one that cannot be read, none.
fn asked_key(request: &PendingRequest) -> Option<Vec<u8>> {
    SigningRequest::decode(&request.der).ok().map(|request| request.public_key.der)
}

/// The certificates of an upload for an identity that answer pending requests of the node, with what a finding about
/// them says and the request: one for the very same public key.
pub(super) fn answers<'a>(
    cluster: &'a Cluster,
    upload: &'a Upload,
) -> Vec<(About, &'a PendingRequest, &'a Certificate)> {
    let name = upload.room.name();
    let Some(node) = upload.node.as_deref().or_else(|| cluster.publisher()) else { return Vec::new() };
    let ours = |request: &&PendingRequest| {
        request.purpose == name && request.node.as_deref().is_none_or(|own| own == node)
    };
    let requests: Vec<(&PendingRequest, Vec<u8>)> = cluster
        .requests
        .iter()
        .filter(ours)
        .filter_map(|request| Some((request, asked_key(request)?)))
        .collect();
    let mut answers: Vec<(About, &PendingRequest, &Certificate)> = Vec::new();
    for (position, certificate) in upload.certificates.iter().enumerate() {
        let key = &certificate.public_key.der;
        let answered = requests.iter().find(|(_, asked)| asked == key).map(|(request, _)| *request);
        let new = !answers.iter().any(|(.., known)| known.fingerprint == certificate.fingerprint);
        if let Some(request) = answered.filter(|_| new) {
            answers.push((About::input(position, certificate), request, certificate));
        }
    }
    answers
}

impl<'a> Draft<'a> {
    fn fill(&mut self) {
        let asked = self.upload.node.as_deref();
        let Some(node) = replication::standing_node(self.cluster, asked, &mut self.plan) else { return };
        let given = self.distinct();
        if given.is_empty() {
            self.plan.report(ManagementCode::UploadEmpty, About::OPERATION, Vec::new());
            return;
        }
        // One signature for each at least: what cannot be verified to the end is not begun.
        if given.len() > self.most {
            self.too_much(given.len());
            return;
        }
        let catalogue = self.catalogue;
        match &self.upload.room {
            Room::Trust(name) => match catalogue.store(name) {
                Some(store) => self.put_into_store(store, node, &given),
                None => self.unknown_room(name),
            },
            Room::Identity(name) => match catalogue.purpose(name) {
                Some(purpose) => self.put_into_slot(purpose, node, &given),
                None => self.unknown_room(name),
            },
        }
    }

    /// Each certificate once, in the order of the file (R-TS-19).
    fn distinct(&mut self) -> Vec<Given<'a>> {
        let mut distinct: Vec<Given<'a>> = Vec::new();
        for (position, certificate) in self.upload.certificates.iter().enumerate() {
            let given = Given { position, certificate };
            let first = distinct.iter().find(|one| one.certificate.fingerprint == certificate.fingerprint);
            match first.map(|one| one.position) {
                Some(first) => {
                    let details = vec![("first", Value::count(first))];
                    self.plan.report(ManagementCode::UploadDuplicate, given.about(), details);
                }
                None => distinct.push(given),
            }
        }
        distinct
    }

    fn unknown_room(&mut self, name: &str) {
        let mut details = vec![("found", Value::text(name))];
        let known: Vec<&str> = match self.upload.room {
            Room::Trust(_) => self.catalogue.stores.iter().map(|store| store.name.as_str()).collect(),
            Room::Identity(_) => {
                self.catalogue.purposes.iter().map(|purpose| purpose.name.as_str()).collect()
            }
        };
        details.extend(known.into_iter().map(|name| ("accepted", Value::text(name))));
        self.plan.report(ManagementCode::PurposeUnknown, About::OPERATION, details);
    }

    fn too_much(&mut self, found: usize) {
        let details = vec![("found", Value::count(found)), ("accepted", Value::count(self.most))];
        self.plan.report(ManagementCode::UploadTooMuch, About::OPERATION, details);
    }

    fn conclude(mut self) -> Plan {
        if let Some(exceeded) = self.links.exceeded() {
            let allowed = Value::Number(u64::from(exceeded.allowed));
            let details = vec![("limit", Value::text(exceeded.limit)), ("accepted", allowed)];
            self.plan.report(ManagementCode::UploadTooMuch, About::OPERATION, details);
        }
        self.plan.concluded()
    }
}

#[cfg(test)]
mod tests;
