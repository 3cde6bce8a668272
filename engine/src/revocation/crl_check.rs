//! What CRLs say about one certificate: RFC 5280 6.3.3. The scope of a CRL, steps (b) and (d), is
//! [`super::crl_scope`]; its issuer and signature, (f) to (h), are [`super::crl_issuer`]; a list that is no longer
//! or not yet fresh, step (a), is refused and never fetched again from here.
//!
//! Where we differ from the text, always towards refusal:
//!
//! 1. Step (e) stops at lists that add no reason. Here every list that is in scope is asked, and one that says
//!    revoked is believed against others: the order in which lists are supplied decides nothing. Of several lists
//!    with the same scope under the same key only the newest counts.
//! 2. A delta CRL that says revoked is believed without a complete CRL it can be combined with, unless a complete
//!    CRL of its scope is as new. It never makes a status good.
//! 3. removeFromCRL takes back certificateHold and nothing else: a certificate that a complete CRL calls revoked for
//!    good stays revoked.
//! 4. A CRL with a critical extension that is not processed says nothing at all, its entries neither (5.2, 5.3).
//! 5. The key of the certificate asked about vouches for no list about it, though its name be the CRL issuer's.
//! 6. certificateIssuer belongs to indirect CRLs; a list that uses it without saying that it is one is refused.

use super::crl::{CertificateList, CrlNumber};
use super::crl_index::{Entry, IndexedCrl};
use super::crl_issuer::{CrlIssuer, CrlWork, Found, Signers, VerifiedCrl, find_issuer};
use super::crl_rejected::CrlRejected;
use super::crl_scope::{Reasons, check_scope, distribution_points};
use super::freshness::{NotFresh, UpdateWindow, check_freshness};
use super::{Revocation, RevocationReason};
use crate::budget::BudgetExceeded;
use crate::certificate::Certificate;
use crate::certificate::extension::DistributionPoint;
use crate::order;
use crate::settings::AlgorithmSettings;
use crate::settings::revocation::{CrlSettings, MissingField};
use crate::time::Instant;

/// The certificate asked about, and when.
#[derive(Clone, Copy, Debug)]
pub struct CertificateContext<'a> {
    /// The certificate.
    pub certificate: &'a Certificate,
    /// The moment of the question.
    pub at: Instant,
}

/// What is asked of CRLs.
#[derive(Clone, Copy, Debug)]
pub struct CrlRules<'a> {
    /// How old they may be, and what they may lack.
    pub settings: &'a CrlSettings,
    /// Accepted signature algorithms.
    pub algorithms: &'a AlgorithmSettings,
}

/// What CRLs say about a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrlAnswer {
    /// The status.
    pub status: CrlStatus,
    /// The reasons_mask of RFC 5280 6.3.2: those that complete CRLs spoke for.
    pub covered: Reasons,
    /// The CRLs that were believed, by their place in the input.
    pub used: Vec<usize>,
    /// Fingerprints of the certificates they were verified with, in the same order.
    pub signers: Vec<[u8; 32]>,
    /// The CRLs that were not, and why.
    pub rejected: Vec<(usize, CrlRejected)>,
    /// CRLs that are in order but for the path of their issuer.
    pub needs_issuer_path: Vec<NeedsIssuerPath>,
    /// The last moment at which every CRL used is fresh, clock skew not counted; `None` when none was used.
    pub fresh_until: Option<Instant>,
}

/// The status of a certificate as far as CRLs tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CrlStatus {
    /// Complete CRLs for all reasons do not list it.
    Good,
    /// A CRL lists it.
    Revoked(Revocation),
    /// Usable CRLs do not list it, and do not speak for all reasons.
    Undetermined,
}

/// A path is needed for a certificate before a CRL can be used: validate it to the trust anchor of the certificate
/// asked about, and ask again with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NeedsIssuerPath {
    /// The CRL's place in the input.
    pub crl: usize,
    /// Its issuer's place in the input.
    pub issuer: usize,
}

/// Asks every CRL about one certificate. `issuers` are all certificates that may be a CRL issuer's, those of the
/// certificate's own path among them.
///
/// # Errors
/// [`BudgetExceeded`] when signatures may not be verified or names not compared any more.
pub fn check_crls<'a>(
    subject: &CertificateContext<'_>,
    crls: &[&'a IndexedCrl],
    issuers: &[CrlIssuer<'a>],
    rules: &CrlRules<'_>,
    work: &mut CrlWork<'_>,
) -> Result<CrlAnswer, BudgetExceeded> {
    let points = distribution_points(subject.certificate);
    let signers = Signers { issuers, subject: Some(subject.certificate) };
    let mut usable = Vec::new();
    let mut rejected = Vec::new();
    let mut needs_issuer_path = Vec::new();
    for (number, crl) in crls.iter().copied().enumerate() {
        let admitted = match admit(subject, &points, crl, rules, work)? {
            Ok(admitted) => admitted,
            Err(reason) => {
                rejected.push((number, reason));
                continue;
            }
        };
        match find_issuer(crl, &signers, rules.algorithms, work)? {
            Found::Verified(verified) => usable.push(Usable { number, verified, admitted }),
            Found::NeedsPath(issuer) => needs_issuer_path.push(NeedsIssuerPath { crl: number, issuer }),
            Found::Rejected(reason) => rejected.push((number, reason)),
        }
    }
    let mut answer = conclude(subject.certificate, &usable);
    answer.rejected.append(&mut rejected);
    order::sort_by_key(&mut answer.rejected, |(number, _)| *number);
    answer.needs_issuer_path = needs_issuer_path;
    Ok(answer)
}

/// What was found out about a CRL before its signature was looked at.
#[derive(Clone, Copy, Debug)]
struct Admitted {
    reasons: Reasons,
    fresh_until: Instant,
}

/// A CRL that speaks for the certificate and is authentic.
#[derive(Clone, Copy, Debug)]
struct Usable<'a> {
    number: usize,
    verified: VerifiedCrl<'a>,
    admitted: Admitted,
}

/// Everything that can be said without the signature.
fn admit(
    subject: &CertificateContext<'_>,
    points: &[DistributionPoint],
    crl: &IndexedCrl,
    rules: &CrlRules<'_>,
    work: &mut CrlWork<'_>,
) -> Result<Result<Admitted, CrlRejected>, BudgetExceeded> {
    let checked =
        check_form(crl, rules.settings).and_then(|()| fresh_until(crl.list(), subject.at, rules.settings));
    let fresh_until = match checked {
        Ok(until) => until,
        Err(rejected) => return Ok(Err(rejected)),
    };
    let scope = check_scope(subject.certificate, points, crl.list(), work.budget)?;
    Ok(scope.map(|reasons| Admitted { reasons, fresh_until }))
}

/// The list is one that can be used for any certificate at all.
fn check_form(crl: &IndexedCrl, settings: &CrlSettings) -> Result<(), CrlRejected> {
    let extensions = &crl.list().extensions;
    if let Some(kind) = extensions.unprocessed_critical() {
        return Err(CrlRejected::CriticalExtension(kind.clone()));
    }
    if let Some(kind) = crl.unprocessed_critical_entry_extension() {
        return Err(CrlRejected::CriticalEntryExtension(kind.clone()));
    }
    let issuing = extensions.issuing_distribution_point.as_ref();
    // RFC 5280 5.2.5: at most one of the three.
    let kinds = issuing.map_or(0, |issuing| {
        u8::from(issuing.only_contains_user_certs)
            .saturating_add(u8::from(issuing.only_contains_ca_certs))
            .saturating_add(u8::from(issuing.only_contains_attribute_certs))
    });
    if kinds > 1 {
        return Err(CrlRejected::ScopeContradictory);
    }
    if crl.names_certificate_issuer() && !issuing.is_some_and(|issuing| issuing.indirect_crl) {
        return Err(CrlRejected::CertificateIssuerNotIndirect);
    }
    // A delta CRL cannot be placed without its number, whatever the settings say.
    let number_needed = crl.list().is_delta() || settings.missing_number == MissingField::Refuse;
    if number_needed && extensions.crl_number.is_none() {
        return Err(CrlRejected::CrlNumberMissing);
    }
    let identifier = extensions.authority_key_identifier.as_ref();
    if settings.missing_authority_key_identifier == MissingField::Refuse && identifier.is_none() {
        return Err(CrlRejected::AuthorityKeyIdentifierMissing);
    }
    Ok(())
}

/// RFC 5280 6.3.3 (a): the list is the current one. Yields the last moment at which it is.
fn fresh_until(list: &CertificateList, at: Instant, settings: &CrlSettings) -> Result<Instant, CrlRejected> {
    if list.next_update.is_none() && settings.missing_next_update == MissingField::Refuse {
        return Err(CrlRejected::NextUpdateMissing);
    }
    let window = UpdateWindow { this_update: list.this_update, next_update: list.next_update };
    match check_freshness(window, at, &settings.freshness) {
        Ok(bound) => Ok(bound.until),
        Err(NotFresh::Reversed(_)) => Err(CrlRejected::TimesReversed),
        Err(NotFresh::Stale { next_update, at }) => Err(CrlRejected::Expired { next_update, at }),
        Err(NotFresh::TooOld { this_update, maximum_age_seconds, at }) => {
            Err(CrlRejected::TooOld { this_update, maximum_age_seconds, at })
        }
        Err(NotFresh::TooSoon { this_update, at }) => Err(CrlRejected::NotYetValid { this_update, at }),
    }
}

/// Steps (i) to (l) of RFC 5280 6.3.3, over all usable lists.
fn conclude(certificate: &Certificate, usable: &[Usable<'_>]) -> CrlAnswer {
    let (current, superseded): (Vec<&Usable<'_>>, Vec<&Usable<'_>>) =
        usable.iter().partition(|one| !usable.iter().any(|other| other.supersedes(one)));
    let (deltas, complete): (Vec<&Usable<'_>>, Vec<&Usable<'_>>) =
        current.into_iter().partition(|one| one.list().is_delta());
    let mut rejected: Vec<(usize, CrlRejected)> =
        superseded.iter().map(|one| (one.number, CrlRejected::Superseded)).collect();
    let mut used = Vec::new();
    let mut firmest: Option<Entry<'_>> = None;
    let mut covered = Reasons::NONE;
    for list in &complete {
        used.push(*list);
        covered = covered.union(list.admitted.reasons);
        let entry = list.entry(certificate).filter(|entry| !is_released(certificate, entry, list, &deltas));
        firmest = firmer(firmest, entry);
    }
    for delta in &deltas {
        let is_overtaken = complete.iter().any(|list| list.overtakes(delta));
        let entry = delta.entry(certificate).filter(|_| !is_overtaken);
        let combined = check_delta(delta, &complete);
        // One that says revoked is believed, and so used, although it goes with no complete list (see 2 above).
        if combined.is_ok() || entry.is_some() {
            used.push(*delta);
        }
        rejected.extend(combined.err().map(|reason| (delta.number, reason)));
        firmest = firmer(firmest, entry);
    }
    let status = match firmest {
        Some(entry) => CrlStatus::Revoked(entry.revocation()),
        None if covered == Reasons::ALL => CrlStatus::Good,
        None => CrlStatus::Undetermined,
    };
    CrlAnswer {
        status,
        covered,
        fresh_until: used.iter().map(|one| one.admitted.fresh_until).min(),
        used: used.iter().map(|one| one.number).collect(),
        signers: used.iter().map(|one| one.verified.issuer().fingerprint).collect(),
        rejected,
        needs_issuer_path: Vec::new(),
    }
}

fn firmer<'a>(one: Option<Entry<'a>>, other: Option<Entry<'a>>) -> Option<Entry<'a>> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.firmer(other)),
        (one, other) => one.or(other),
    }
}

impl<'a> Usable<'a> {
    fn list(&self) -> &'a CertificateList {
        self.verified.crl().list()
    }

    fn crl_number(&self) -> Option<CrlNumber> {
        self.list().extensions.crl_number
    }

    /// The entry that says revoked or on hold. Step (k): removeFromCRL says neither.
    fn entry(&self, certificate: &Certificate) -> Option<Entry<'a>> {
        let entry = self.verified.crl().find(&certificate.issuer, &certificate.serial_number);
        entry.filter(|entry| entry.reason != Some(RevocationReason::RemoveFromCrl))
    }

    /// `self` is a later list of the same kind and scope. Lists that contradict each other about which one is
    /// later are both kept.
    fn supersedes(&self, other: &Usable<'_>) -> bool {
        let (one, two) = (self.list(), other.list());
        let later = match (self.crl_number(), other.crl_number()) {
            (Some(number), Some(other_number)) => {
                number >= other_number
                    && one.this_update >= two.this_update
                    && (number, one.this_update) != (other_number, two.this_update)
            }
            _ => one.this_update > two.this_update,
        };
        later && one.is_delta() == two.is_delta() && self.verified.has_scope_of(&other.verified)
    }

    /// This complete CRL is as new as a delta CRL of its scope (RFC 5280 5.2.4 (d)).
    fn overtakes(&self, delta: &Usable<'_>) -> bool {
        let numbers = self.crl_number().zip(delta.crl_number());
        self.verified.has_scope_of(&delta.verified) && numbers.is_some_and(|(own, delta)| own >= delta)
    }
}

/// RFC 5280 6.3.3 (c) and 5.2.4: a delta CRL can be combined with a complete one of the same issuer, key and scope
/// that is not older than its base and older than itself.
fn check_delta(delta: &Usable<'_>, complete: &[&Usable<'_>]) -> Result<(), CrlRejected> {
    let mut refused = CrlRejected::DeltaWithoutComplete;
    for list in complete {
        match check_combination(delta, list) {
            Ok(()) => return Ok(()),
            Err(CrlRejected::DeltaWithoutComplete) => {}
            Err(reason) => refused = reason,
        }
    }
    Err(refused)
}

fn check_combination(delta: &Usable<'_>, complete: &Usable<'_>) -> Result<(), CrlRejected> {
    let key_identifier = |one: &Usable<'_>| one.list().extensions.authority_key_identifier.clone();
    // (c)(1) to (3).
    if !delta.verified.has_scope_of(&complete.verified) || key_identifier(delta) != key_identifier(complete) {
        return Err(CrlRejected::DeltaWithoutComplete);
    }
    let numbers = complete.crl_number().zip(delta.list().extensions.delta_crl_indicator);
    let Some((number, base)) = numbers else { return Err(CrlRejected::DeltaWithoutComplete) };
    if complete.overtakes(delta) {
        return Err(CrlRejected::DeltaNotNewer);
    }
    if number < base { Err(CrlRejected::DeltaBaseMismatch { base }) } else { Ok(()) }
}

/// A delta CRL that goes with `complete` takes the certificate off hold.
fn is_released(
    certificate: &Certificate,
    entry: &Entry<'_>,
    complete: &Usable<'_>,
    deltas: &[&Usable<'_>],
) -> bool {
    let is_held = entry.reason == Some(RevocationReason::CertificateHold);
    let releases = |delta: &&&Usable<'_>| {
        let found = delta.verified.crl().find(&certificate.issuer, &certificate.serial_number);
        found.is_some_and(|entry| entry.reason == Some(RevocationReason::RemoveFromCrl))
    };
    is_held && deltas.iter().filter(releases).any(|delta| check_combination(delta, complete).is_ok())
}

#[cfg(test)]
mod tests;
