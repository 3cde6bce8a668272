//! RFC 5280 6.1 and RFC 4158: from a target and a pool of certificates to a validated path.
//!
//! [`build`] yields candidate paths in a fixed order and verifies nothing; [`validate`] judges one of them;
//! `evaluate` tries the next when one is refused. Revocation is never called from here.
//!
//! Deviations from RFC 5280, each with its reason:
//! - The trust anchor's certificate is judged too, as far as [`AnchorSettings`] say: its validity period
//!   (6.1.1 (d) asks for name and key alone, but an expired anchor surprises everybody), its constraints
//!   (RFC 5937) and its form.
//! - Signatures are verified from the target upwards instead of downwards, so that a wrong guess of the
//!   builder costs one verification. The set of accepted paths is the same.
//! - A rule about the form of a certificate that 4.2 lays on CAs is enforced where its level says so.
//!
//! [`AnchorSettings`]: crate::settings::AnchorSettings

pub mod build;
pub mod validate;
pub mod link;
pub mod form;
pub mod key_identifier;
pub mod critical_extension;
pub mod validity;
pub mod basic_constraints;
pub mod usage;
pub mod algorithm;
pub mod name_constraints;
mod presented;
mod subtree;
pub mod certificate_policies;
pub mod identity;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use crate::certificate::Certificate;
use crate::certificate::name::Name;
use crate::finding::{Code, Subject, Value};
use crate::order;
use crate::trust::TrustRole;
use crate::trust::store::TrustStore;

/// A rule that was not met, with the values compared; who it is about is known to the caller.
pub type Observation = (Code, Vec<(&'static str, Value)>);

/// A certificate of the pool and what it is trusted for.
#[derive(Clone, Copy, Debug)]
pub struct Member<'a> {
    /// The certificate.
    pub certificate: &'a Certificate,
    /// Its role in the trust store; `None` when it is not in there.
    pub role: Option<TrustRole>,
}

/// Every certificate of one evaluation. The target is number 0; none stands twice among the others.
#[derive(Clone, Debug)]
pub struct Pool<'a> {
    members: Vec<Member<'a>>,
    by_subject: BTreeMap<&'a Name, Vec<usize>>,
}

/// The target's number in a [`Pool`].
pub const TARGET: usize = 0;

impl<'a> Pool<'a> {
    /// Collects the target, further certificates, and those entries of the trust store that the issuer names
    /// among them lead to, step by step where it holds intermediates. What is in the store keeps its role wherever
    /// else it turns up, by its whole encoding and never by its name (attack case P-23).
    #[must_use]
    pub fn new(target: &'a Certificate, others: &[&'a Certificate], store: &'a TrustStore) -> Self {
        let member = |certificate: &'a Certificate| Member { certificate, role: store.role_of(certificate) };
        let given = others.iter().copied();
        let kept = reached(given.clone().chain([target]), store);
        let mut members = vec![member(target)];
        // 6.1: a certificate does not stand twice in a path. A trusted one that is asked about is its own path where
        // it is trusted as a leaf, and never its own issuer.
        let mut seen = order::set([target.fingerprint]);
        for certificate in kept.into_iter().chain(given) {
            if seen.insert(certificate.fingerprint) {
                members.push(member(certificate));
            }
        }
        let mut by_subject: BTreeMap<&Name, Vec<usize>> = BTreeMap::new();
        for (number, member) in members.iter().enumerate().skip(1) {
            by_subject.entry(&member.certificate.subject).or_default().push(number);
        }
        Self { members, by_subject }
    }

    /// The member of this number.
    #[must_use]
    pub fn get(&self, number: usize) -> Option<&Member<'a>> {
        self.members.get(number)
    }

    /// Numbers of the members, other than the target, whose subject is `name`.
    #[must_use]
    pub fn with_subject(&self, name: &Name) -> &[usize] {
        self.by_subject.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// How many certificates there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// There is always a target.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }
}

/// What of the store the issuer names of certificates lead to: anchors, and candidates, whose issuer names lead on. Each
/// name is followed once, so that a ring of candidates ends.
fn reached<'a>(given: impl Iterator<Item = &'a Certificate>, store: &'a TrustStore) -> Vec<&'a Certificate> {
    // the first by name is next, so that the order of what is found is always the same
    let mut names = BinaryHeap::new();
    for certificate in given {
        names.push(Reverse(&certificate.issuer));
    }
    let mut followed: BTreeSet<&Name> = BTreeSet::new();
    let mut found = Vec::new();
    while let Some(Reverse(name)) = names.pop() {
        if !followed.insert(name) {
            continue;
        }
        found.extend(store.with_subject(name).map(|anchor| &anchor.certificate));
        for candidate in store.candidates_with_subject(name) {
            found.push(candidate);
            names.push(Reverse(&candidate.issuer));
        }
    }
    found
}

/// A path the builder proposes: numbers in the pool, the target first and the trust anchor last. A target
/// that is trusted itself makes a path of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CandidatePath {
    numbers: Vec<usize>,
}

impl CandidatePath {
    /// The target alone.
    #[must_use]
    pub fn of_target() -> Self {
        Self { numbers: vec![TARGET] }
    }

    /// Numbers in the pool, the target first.
    #[must_use]
    pub fn numbers(&self) -> &[usize] {
        &self.numbers
    }

    /// How many of its issuers are neither trusted nor self-issued.
    #[must_use]
    pub fn intermediates(&self, pool: &Pool<'_>) -> usize {
        let issuers = self.numbers.iter().skip(1).filter_map(|number| pool.get(*number));
        issuers.filter(|member| member.role.is_none() && !member.certificate.is_self_issued()).count()
    }

    /// The certificates, the target first.
    #[must_use]
    pub fn certificates<'a>(&self, pool: &Pool<'a>) -> Vec<&'a Certificate> {
        self.numbers.iter().filter_map(|number| pool.get(*number)).map(|member| member.certificate).collect()
    }
}

/// Names the certificate at `position` of a path in findings.
#[must_use]
pub fn subject_at(position: usize, certificate: &Certificate) -> Option<Subject> {
    Some(Subject { position, fingerprint: certificate.fingerprint })
}
