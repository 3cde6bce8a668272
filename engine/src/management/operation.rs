//! Every operation by one door: [`plan`] calls the operation's own function, compares what was returned with its
//! request (R-UP-19, R-UP-27 to R-UP-29), and adds what has to be done afterwards (R-UP-17, R-UP-21, R-UP-26, R-RGN-14).
//! Sequencing only: no rule is written here.

use super::cluster::{Cluster, Node, Place, Room};
use super::completeness::{check_completeness, check_exchange};
use super::deletion::{Deletion, plan_deletion};
use super::encode::{Form, Unsigned, assemble};
use super::issuance::{RequestFields, plan_request};
use super::issuer;
use super::key_usage_table::UsageProfile;
use super::membership::{plan_leaving, plan_role};
use super::plan::{Advice, Effect, Plan};
use super::purpose::Catalogue;
use super::regeneration::plan_regeneration;
use super::release::Release;
use super::replication::{Joining, merge};
use super::restart::{self, Change};
use super::returned::{Expectation, check_returned};
use super::reuse::{Reuse, plan_reuse};
use super::self_signed::{SelfSignedFields, completed, plan_self_signed};
use super::unplannable::Unplannable;
use super::upgrade::plan_upgrade;
use super::upload::{Upload, answers, plan_upload};
use crate::budget::{Budget, Limits};
use crate::certificate::Certificate;
use crate::order;
use crate::settings::Settings;
use crate::settings::algorithm::SignatureAlgorithm;
use crate::settings::management::ExtraNames;
use crate::time::Instant;

/// What an administrator wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Find certificates that nodes lack; changes nothing.
    Completeness,
    /// Take a certificate out of a trust store.
    Delete(Deletion),
    /// Find copies of nodes' certificates that are missing or differ on other nodes; changes nothing.
    Exchange,
    /// A node joins the cluster, or comes back to it.
    Join(Joining),
    /// The node of this name leaves the cluster.
    Leave(String),
    /// Make certificates anew.
    Regenerate {
        /// Their places.
        places: Vec<Place>,
        /// How the key-usage tables are read.
        profile: UsageProfile,
    },
    /// Make a signing request.
    Request(RequestFields),
    /// Use one purpose's certificate for another.
    Reuse(Reuse),
    /// Give a node this role.
    Role(Node),
    /// Make a self-signed certificate.
    SelfSigned(SelfSignedFields),
    /// Upgrade to this release.
    Upgrade(Release),
    /// Put certificates into a trust store or an identity slot.
    Upload {
        /// What is put where.
        upload: Upload,
        /// How the key-usage tables are read for a certificate that was returned for a request.
        profile: UsageProfile,
        /// What becomes of names in it that were not asked for.
        extra_names: ExtraNames,
    },
}

/// A plan, and what a host makes keys for and signs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Planned {
    /// What would be done.
    pub plan: Plan,
    /// What waits for its key and signature, in this order; nothing where the plan is refused.
    pub unsigned: Vec<Unsigned>,
}

/// Plans an operation asked for at `at`. The settings decide about signatures, their budget, and Common Criteria mode.
#[must_use]
pub fn plan(
    cluster: &Cluster,
    catalogue: &Catalogue,
    settings: &Settings,
    operation: &Operation,
    at: Instant,
) -> Planned {
    let plan = match operation {
        Operation::Completeness => check_completeness(cluster, catalogue),
        Operation::Delete(deletion) => {
            let plan = plan_deletion(cluster, catalogue, deletion, at);
            advised(plan, cluster, catalogue, restart::Operation::Delete)
        }
        Operation::Exchange => check_exchange(cluster, catalogue),
        Operation::Join(joining) => merge(cluster, catalogue, joining),
        Operation::Leave(node) => plan_leaving(cluster, catalogue, node),
        Operation::Regenerate { .. } | Operation::Request(_) | Operation::SelfSigned(_) => {
            return draft(cluster, catalogue, operation);
        }
        Operation::Reuse(reuse) => {
            let plan = plan_reuse(cluster, catalogue, reuse, at);
            advised(plan, cluster, catalogue, restart::Operation::Upload)
        }
        Operation::Role(node) => plan_role(cluster, catalogue, node),
        Operation::Upgrade(release) => plan_upgrade(cluster, *release, at),
        Operation::Upload { upload, profile, extra_names } => {
            let mut plan = plan_upload(cluster, catalogue, settings, upload, at);
            compare_returned(&mut plan, cluster, catalogue, (upload, *profile, *extra_names));
            advised(plan.concluded(), cluster, catalogue, restart::Operation::Upload)
        }
    };
    Planned { plan, unsigned: Vec::new() }
}

/// Plans an operation that ends in something to be signed: neither settings nor moment play a part, so that a host may
/// ask for the same items again when it has made the keys. Of any other operation there is nothing.
#[must_use]
pub fn draft(cluster: &Cluster, catalogue: &Catalogue, operation: &Operation) -> Planned {
    match operation {
        Operation::Regenerate { places, profile } => {
            let (plan, unsigned) = plan_regeneration(cluster, catalogue, places, *profile);
            Planned { plan, unsigned }
        }
        Operation::Request(fields) => {
            let (plan, unsigned) = plan_request(cluster, catalogue, fields);
            Planned { plan, unsigned: unsigned.into_iter().collect() }
        }
        Operation::SelfSigned(fields) => {
            let (mut plan, unsigned) = plan_self_signed(cluster, catalogue, fields);
            if let Some(unsigned) = &unsigned {
                let room = Room::Identity(unsigned.purpose.clone());
                let operation = restart::Operation::Regenerate;
                let change = Change { operation, room: &room, node: unsigned.node.as_deref() };
                plan.advice.extend(restart::advise(cluster, catalogue, &change));
            }
            Planned { plan, unsigned: unsigned.into_iter().collect() }
        }
        Operation::Completeness
        | Operation::Delete(_)
        | Operation::Exchange
        | Operation::Join(_)
        | Operation::Leave(_)
        | Operation::Reuse(_)
        | Operation::Role(_)
        | Operation::Upgrade(_)
        | Operation::Upload { .. } => Planned::default(),
    }
}

impl Planned {
    /// The item at `number` of what waits for a signature.
    ///
    /// # Errors
    /// [`Unplannable::Number`].
    pub fn item(&self, number: usize) -> Result<&Unsigned, Unplannable> {
        self.unsigned.get(number).ok_or(Unplannable::Number { found: number, planned: self.unsigned.len() })
    }
}

/// Puts the signed octets and their signature together, by the algorithm's word in a policy document.
///
/// # Errors
/// [`Unplannable::Word`] for an algorithm that nothing is signed with here.
pub fn assembled(to_be_signed: &[u8], algorithm: &str, signature: &[u8]) -> Result<Vec<u8>, Unplannable> {
    let known = SignatureAlgorithm::from_word(algorithm);
    known.and_then(|known| assemble(to_be_signed, known, signature)).ok_or_else(|| {
        let signs = |known: &&SignatureAlgorithm| assemble(&[], **known, &[]).is_some();
        let accepted = SignatureAlgorithm::ALL.iter().filter(signs).map(|known| known.word().to_owned());
        Unplannable::Word { input: "algorithm", found: algorithm.to_owned(), accepted: accepted.collect() }
    })
}

/// Where a self-signed certificate goes that a host made for a planned item (R-RGN-5, R-REP-9): only the one that was
/// planned, signed by its own key.
///
/// # Errors
/// [`Unplannable::OtherCertificate`].
pub fn place_self_signed(
    cluster: &Cluster,
    catalogue: &Catalogue,
    unsigned: &Unsigned,
    certificate: &Certificate,
) -> Result<Vec<Effect>, Unplannable> {
    let signed_by_itself = || {
        let mut budget = Budget::new(Limits::DEFAULT);
        matches!(issuer::verify(certificate, certificate, &mut budget), Ok(None))
    };
    let differs = if unsigned.form == Form::Request {
        "form"
    } else if certificate.subject.der != unsigned.content.subject || !certificate.is_self_issued() {
        "subject"
    } else if !unsigned.key.fits(&certificate.public_key) {
        "key"
    } else if !signed_by_itself() {
        "signature"
    } else {
        return Ok(completed(cluster, catalogue, unsigned, certificate));
    };
    Err(Unplannable::OtherCertificate { differs })
}

/// Of an upload for an identity, whatever else was found: the differences to the request that each certificate answers.
fn compare_returned(
    plan: &mut Plan,
    cluster: &Cluster,
    catalogue: &Catalogue,
    (upload, profile, extra_names): (&Upload, UsageProfile, ExtraNames),
) {
    let Room::Identity(name) = &upload.room else { return };
    let Some(purpose) = catalogue.purpose(name) else { return };
    let expectation = Expectation { product: cluster.product, purpose, profile, extra_names };
    for (about, request, certificate) in answers(cluster, upload) {
        check_returned(plan, about, request, certificate, &expectation);
    }
}

/// The plan with what has to be done after its effects: for each place that changes, identities first. A refused plan,
/// and one that changes nothing, asks for nothing.
fn advised(mut plan: Plan, cluster: &Cluster, catalogue: &Catalogue, operation: restart::Operation) -> Plan {
    let changed = plan.effects.iter().filter_map(|effect| match effect {
        Effect::Remove { place, .. } | Effect::Store { place, .. } => Some(place.clone()),
        Effect::DropRequest { .. } | Effect::RemoveNode(_) | Effect::Revive { .. } | Effect::SetRole(_) => {
            None
        }
    });
    for place in &order::set(changed) {
        let change = Change { operation, room: &place.room, node: place.node.as_deref() };
        for advice in restart::advise(cluster, catalogue, &change) {
            add(&mut plan.advice, advice);
        }
    }
    plan
}

/// The same advice twice is one, as urgent as the more urgent.
fn add(list: &mut Vec<Advice>, advice: Advice) {
    match list.iter_mut().find(|known| known.action == advice.action && known.node == advice.node) {
        Some(known) if known.need < advice.need => *known = advice,
        Some(_) => {}
        None => list.push(advice),
    }
}

#[cfg(test)]
mod tests;
