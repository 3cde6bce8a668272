//! Yields candidate paths in a fixed order of likeliness (RFC 4158 3, 5); verifies nothing.
//!
//! Depth first from the target towards the anchors. Issuers are found by name and ranked by key identifier,
//! distance to an anchor and validity; what cannot reach an anchor by names is never entered. What a later
//! stage refuses for good, a link or an issuer, is skipped from then on. No certificate stands twice in a
//! path, nor do two of the same name and key (RFC 4158 5.2): the shorter path without the loop is a
//! candidate of its own.

use std::collections::{BTreeMap, BTreeSet};

use super::{CandidatePath, Member, Pool, TARGET};
use crate::budget::{Budget, BudgetExceeded};
use crate::certificate::Certificate;
use crate::certificate::name::Name;
use crate::order;
use crate::time::Instant;
use crate::trust::TrustRole;

/// What the builder found next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A path to an anchor, not judged.
    Candidate(CandidatePath),
    /// There is no further path.
    Exhausted,
}

/// Proposes paths one after another.
#[derive(Debug)]
pub struct Builder<'p, 'a> {
    pool: &'p Pool<'a>,
    at: Instant,
    maximum_intermediates: u32,
    distances: Vec<Option<usize>>,
    authorities: Vec<usize>,
    self_issued: Vec<bool>,
    issuers: BTreeMap<usize, Vec<usize>>,
    stack: Vec<Frame>,
    refused_links: BTreeSet<(usize, usize)>,
    refused_issuers: BTreeSet<usize>,
    trusted_target: bool,
    too_long: bool,
}

#[derive(Debug)]
struct Frame {
    member: usize,
    next: usize,
}

impl<'p, 'a> Builder<'p, 'a> {
    /// A builder at its start.
    #[must_use]
    pub fn new(pool: &'p Pool<'a>, at: Instant, maximum_intermediates: u32) -> Self {
        Self {
            pool,
            at,
            maximum_intermediates,
            distances: distances(pool),
            authorities: authorities(pool),
            self_issued: members(pool).map(|member| member.certificate.is_self_issued()).collect(),
            issuers: BTreeMap::new(),
            stack: vec![Frame { member: TARGET, next: 0 }],
            refused_links: BTreeSet::new(),
            refused_issuers: BTreeSet::new(),
            trusted_target: pool.get(TARGET).is_some_and(ends_as_target),
            too_long: false,
        }
    }

    /// The next candidate.
    ///
    /// # Errors
    /// [`BudgetExceeded`] when the steps are used up.
    pub fn next_path(&mut self, budget: &mut Budget) -> Result<Step, BudgetExceeded> {
        if std::mem::take(&mut self.trusted_target) {
            return Ok(Step::Candidate(CandidatePath { numbers: vec![TARGET] }));
        }
        while let Some(frame) = self.stack.last_mut() {
            budget.build_step()?;
            let (child, place) = (frame.member, frame.next);
            frame.next = place.saturating_add(1);
            match self.issuers_of(child).get(place).copied() {
                None => {
                    self.stack.pop();
                }
                Some(issuer) if self.is_open(child, issuer) => {
                    if let Some(path) = self.enter(issuer) {
                        return Ok(Step::Candidate(path));
                    }
                }
                Some(_) => {}
            }
        }
        Ok(Step::Exhausted)
    }

    /// `issuer` did not sign `child`: no path holds this link any more.
    pub fn refuse_link(&mut self, child: usize, issuer: usize) {
        self.refused_links.insert((child, issuer));
        let follows = |pair: &[Frame]| matches!(pair, [a, b] if a.member == child && b.member == issuer);
        if let Some(place) = self.stack.windows(2).position(follows) {
            self.stack.truncate(place.saturating_add(1));
        }
    }

    /// `issuer` may issue nothing, whatever the path: no path holds it in such a place any more.
    pub fn refuse_issuer(&mut self, issuer: usize) {
        self.refused_issuers.insert(issuer);
        if let Some(place) = self.stack.iter().skip(1).position(|frame| frame.member == issuer) {
            self.stack.truncate(place.saturating_add(1));
        }
    }

    /// A path was left because it would have held more intermediates than the settings allow.
    #[must_use]
    pub fn met_too_long(&self) -> bool {
        self.too_long
    }

    /// The path by names from the target to where no issuer is found, for explaining why there is no
    /// candidate. Follows the first issuer at each step.
    #[must_use]
    pub fn dead_end(&self) -> CandidatePath {
        let mut numbers = vec![TARGET];
        while let Some(issuer) = numbers.last().and_then(|last| self.pool.get(*last)).and_then(|member| {
            let named = self.pool.with_subject(&member.certificate.issuer);
            let mut ranked: Vec<_> =
                named.iter().copied().filter(|number| !numbers.contains(number)).collect();
            order::sort_by_key(&mut ranked, |number| self.rank(member.certificate, *number));
            ranked.first().copied().filter(|_| numbers.len() <= self.longest())
        }) {
            numbers.push(issuer);
        }
        CandidatePath { numbers }
    }

    fn longest(&self) -> usize {
        // Self-issued certificates are not counted against the maximum, but they do end somewhere.
        usize::try_from(self.maximum_intermediates).unwrap_or(usize::MAX).saturating_mul(2).saturating_add(4)
    }

    fn is_open(&self, child: usize, issuer: usize) -> bool {
        !self.refused_links.contains(&(child, issuer))
            && !self.refused_issuers.contains(&issuer)
            && !self.would_loop(issuer)
    }

    fn would_loop(&self, issuer: usize) -> bool {
        let authority = self.authorities.get(issuer);
        self.stack
            .iter()
            .skip(1)
            .any(|frame| frame.member == issuer || self.authorities.get(frame.member) == authority)
    }

    /// Ends the path at an anchor, or goes one step deeper.
    fn enter(&mut self, issuer: usize) -> Option<CandidatePath> {
        if self.pool.get(issuer).is_some_and(ends_as_issuer) {
            let numbers = self.stack.iter().map(|frame| frame.member).chain([issuer]).collect();
            return Some(CandidatePath { numbers });
        }
        if self.intermediates_with(issuer) > self.maximum_intermediates || self.stack.len() >= self.longest()
        {
            self.too_long = true;
        } else {
            self.stack.push(Frame { member: issuer, next: 0 });
        }
        None
    }

    fn intermediates_with(&self, issuer: usize) -> u32 {
        let members = self.stack.iter().skip(1).map(|frame| frame.member).chain([issuer]);
        let counted = members.filter(|number| self.self_issued.get(*number) == Some(&false)).count();
        u32::try_from(counted).unwrap_or(u32::MAX)
    }

    fn issuers_of(&mut self, child: usize) -> &[usize] {
        if !self.issuers.contains_key(&child) {
            let ranked = self.ranked_issuers(child);
            self.issuers.insert(child, ranked);
        }
        self.issuers.get(&child).map(Vec::as_slice).unwrap_or_default()
    }

    fn ranked_issuers(&self, child: usize) -> Vec<usize> {
        let Some(certificate) = self.pool.get(child).map(|member| member.certificate) else {
            return Vec::new();
        };
        let mut ranked: Vec<usize> = self
            .pool
            .with_subject(&certificate.issuer)
            .iter()
            .copied()
            .filter(|number| self.distances.get(*number).is_some_and(Option::is_some))
            .collect();
        order::sort_by_key(&mut ranked, |number| self.rank(certificate, *number));
        ranked
    }

    /// Smaller is likelier: matching key identifiers first, then anchors, nearness, validity, input order.
    fn rank(&self, child: &Certificate, issuer: usize) -> (u8, usize, bool, usize) {
        let Some(member) = self.pool.get(issuer) else { return (u8::MAX, usize::MAX, true, issuer) };
        let distance = self.distances.get(issuer).copied().flatten().unwrap_or(usize::MAX);
        let validity = member.certificate.validity;
        let outside = self.at < validity.not_before || self.at > validity.not_after;
        (key_identifier_rank(child, member.certificate), distance, outside, issuer)
    }
}

/// The target may be a path by itself: it is trusted, or distrusted, as it stands.
fn ends_as_target(member: &Member<'_>) -> bool {
    member.role.is_some_and(|role| role.is_leaf() || role == TrustRole::Distrusted)
}

/// A path may end in it; one that is distrusted ends it too, to be refused by name.
fn ends_as_issuer(member: &Member<'_>) -> bool {
    member.role.is_some_and(|role| role.issues() || role == TrustRole::Distrusted)
}

fn key_identifier_rank(child: &Certificate, issuer: &Certificate) -> u8 {
    let wanted =
        child.extensions.authority_key_identifier.as_ref().and_then(|aki| aki.key_identifier.as_ref());
    match (wanted, issuer.extensions.subject_key_identifier.as_ref()) {
        (Some(wanted), Some(offered)) if wanted == offered => 0,
        (Some(_), Some(_)) => 2,
        _ => 1,
    }
}

fn members<'p, 'a>(pool: &'p Pool<'a>) -> impl Iterator<Item = &'p Member<'a>> {
    (0..pool.len()).filter_map(|number| pool.get(number))
}

/// For each member, the number of the first of the same name and key. Found out once, because a step of the
/// builder must not cost more where names are long.
fn authorities(pool: &Pool<'_>) -> Vec<usize> {
    let mut first: BTreeMap<(&Name, &[u8]), usize> = BTreeMap::new();
    let certificates = members(pool).map(|member| member.certificate).enumerate();
    certificates
        .map(|(number, certificate)| {
            let authority = (&certificate.subject, certificate.public_key.der.as_slice());
            *first.entry(authority).or_insert(number)
        })
        .collect()
}

/// For each member, how many certificates lie between it and the nearest anchor by names; `None` when no
/// anchor can be reached.
fn distances(pool: &Pool<'_>) -> Vec<Option<usize>> {
    let mut distances: Vec<Option<usize>> = vec![None; pool.len()];
    let mut by_issuer: BTreeMap<&Name, Vec<usize>> = BTreeMap::new();
    let mut reached: Vec<&Name> = Vec::new();
    for number in 0..pool.len() {
        let Some(member) = pool.get(number) else { continue };
        by_issuer.entry(&member.certificate.issuer).or_default().push(number);
        if number != TARGET && ends_as_issuer(member) {
            set(&mut distances, number, 0);
            reached.push(&member.certificate.subject);
        }
    }
    let mut round = 0_usize;
    while !reached.is_empty() {
        round = round.saturating_add(1);
        let mut next = Vec::new();
        for name in reached {
            for number in by_issuer.get_mut(name).map(std::mem::take).unwrap_or_default() {
                if distances.get(number).is_some_and(Option::is_none) {
                    set(&mut distances, number, round);
                    next.extend(pool.get(number).map(|member| &member.certificate.subject));
                }
            }
        }
        reached = next;
    }
    distances
}

fn set(distances: &mut [Option<usize>], number: usize, distance: usize) {
    if let Some(slot) = distances.get_mut(number) {
        *slot = Some(distance);
    }
}
