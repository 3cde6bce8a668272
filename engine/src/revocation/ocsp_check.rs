//! Whether an OCSP response is to be believed about one certificate: the acceptance rules of RFC 6960 3.2, one
//! function each, and those of RFC 9654 2.1 and RFC 6960 4.4 on extensions. Who may sign is [`responder`]'s, how
//! old is too old is [`freshness`]'s; what follows from a status is decided elsewhere.
//!
//! An answer that is not accepted is no answer, for a reason of its own; it is never Unknown and never Good
//! (R-CC-7 to R-CC-13; attack cases O-13, O-14). A response may hold several entries about the certificate in
//! any order. The worst of those that are fresh is the answer: Revoked, then Unknown, then Good. Where an entry
//! says revoked but cannot be used, because it is stale or not understood, no other entry makes it Good.
//!
//! [`freshness`]: super::freshness

use super::freshness::{FreshnessBound, NotFresh, check_freshness, later};
use super::ocsp::{
    BasicResponse, CertificateId, CertificateStatus, IdentifierHash, OcspResponse, SingleResponse,
};
use super::ocsp_request::Nonce;
use super::responder::{self, Authorisation, Authorities, Designated, NoSigner, ResponderModel};
use super::undetermined::UndeterminedReason;
use super::{Revocation, RevocationStatus};
use crate::budget::{Budget, BudgetExceeded};
use crate::certificate::Certificate;
use crate::settings::AlgorithmSettings;
use crate::settings::revocation::{OcspSettings, ProducedAtRule};
use crate::time::Instant;

mod extension;
mod rejected;

pub use extension::{ExtensionClaim, ExtensionPlace, Issuance, SurfacedExtension};
pub use rejected::OcspRejected;

use extension::{check_critical, check_nonce, issuance, surface};

/// What is asked of a response.
#[derive(Clone, Copy, Debug)]
pub struct OcspQuestion<'a> {
    /// The certificate asked about.
    pub certificate: &'a Certificate,
    /// The authority that issued it, as the validated path has it.
    pub issuer: &'a Certificate,
    /// The designated responders.
    pub designated: &'a [Designated<'a>],
    /// The moment of the question.
    pub at: Instant,
    /// The nonce that was sent.
    pub nonce: Option<&'a Nonce>,
    /// What is asked of OCSP.
    pub settings: &'a OcspSettings,
    /// Accepted algorithms and key sizes.
    pub algorithms: &'a AlgorithmSettings,
}

/// What a response says about the certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OcspAnswer {
    /// It is authentic, fresh and about the certificate.
    Accepted(Box<AcceptedResponse>),
    /// It is not to be believed.
    Rejected(Rejection),
}

/// Why a response is not to be believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// The reason that decided.
    pub reason: OcspRejected,
    /// Those of further entries about the certificate.
    pub further: Vec<OcspRejected>,
    /// An entry says revoked, and all that is wrong with it is its age. That is no status; but a revocation other
    /// than certificateHold is never undone (RFC 5280 5.3.1), which a policy may want to know.
    pub revoked_before: Option<Revocation>,
}

impl Rejection {
    fn of(reason: OcspRejected) -> Self {
        Self { reason, further: Vec::new(), revoked_before: None }
    }
}

/// A response that met every acceptance rule. Only [`check_response`] makes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AcceptedResponse {
    status: CertificateStatus,
    issuance: Issuance,
    authorisation: Authorisation,
    fresh_until: FreshnessBound,
    this_update: Instant,
    produced_at: Instant,
    extensions: Vec<SurfacedExtension>,
    set_aside: Vec<OcspRejected>,
}

impl OcspAnswer {
    /// The status of the certificate by this response alone.
    #[must_use]
    pub fn status(&self) -> RevocationStatus {
        match self {
            Self::Rejected(rejection) => {
                RevocationStatus::Undetermined(UndeterminedReason::Ocsp(rejection.reason.clone()))
            }
            Self::Accepted(accepted) => match accepted.status {
                CertificateStatus::Good => RevocationStatus::Good,
                CertificateStatus::Revoked(revocation) => RevocationStatus::Revoked(revocation),
                CertificateStatus::Unknown => RevocationStatus::Unknown,
            },
        }
    }
}

impl AcceptedResponse {
    /// What it says about the certificate.
    #[must_use]
    pub fn status(&self) -> CertificateStatus {
        self.status
    }

    /// What it says about the certificate ever having been issued.
    #[must_use]
    pub fn issuance(&self) -> Issuance {
        self.issuance
    }

    /// Who signed, and by which model that is accepted. The responder's own status may still be to be known.
    #[must_use]
    pub fn authorisation(&self) -> &Authorisation {
        &self.authorisation
    }

    /// The model that accepted the signer.
    #[must_use]
    pub fn model(&self) -> &ResponderModel {
        self.authorisation.model()
    }

    /// Up to when it is used, and what bounds that.
    #[must_use]
    pub fn fresh_until(&self) -> FreshnessBound {
        self.fresh_until
    }

    /// thisUpdate of the entry that was believed.
    #[must_use]
    pub fn this_update(&self) -> Instant {
        self.this_update
    }

    /// producedAt.
    #[must_use]
    pub fn produced_at(&self) -> Instant {
        self.produced_at
    }

    /// Every extension of the response and of the entry that was believed.
    #[must_use]
    pub fn extensions(&self) -> &[SurfacedExtension] {
        &self.extensions
    }

    /// Why other entries about the same certificate were not used.
    #[must_use]
    pub fn set_aside(&self) -> &[OcspRejected] {
        &self.set_aside
    }
}

/// Decodes a response body and judges it.
///
/// # Errors
/// [`BudgetExceeded`] when a signature may not be verified any more.
pub fn check_response(
    question: &OcspQuestion<'_>,
    body: &[u8],
    budget: &mut Budget,
) -> Result<OcspAnswer, BudgetExceeded> {
    let rejected = |reason| Ok(OcspAnswer::Rejected(Rejection::of(reason)));
    match OcspResponse::decode(body) {
        Err(malformed) => rejected(OcspRejected::Malformed(malformed)),
        Ok(OcspResponse::Failed(status)) => rejected(OcspRejected::ResponderFailed(status)),
        Ok(OcspResponse::OtherType(kind)) => rejected(OcspRejected::OtherType(kind)),
        Ok(OcspResponse::WithoutBytes) => rejected(OcspRejected::WithoutBytes),
        Ok(OcspResponse::Basic(basic)) => match check_basic(question, &basic, budget)? {
            Ok(accepted) => Ok(OcspAnswer::Accepted(Box::new(accepted))),
            Err(rejection) => Ok(OcspAnswer::Rejected(rejection)),
        },
    }
}

/// The rules of RFC 6960 3.2. What costs nothing comes before the signature; the order decides only which of
/// several reasons is named.
fn check_basic(
    question: &OcspQuestion<'_>,
    response: &BasicResponse,
    budget: &mut Budget,
) -> Result<Result<AcceptedResponse, Rejection>, BudgetExceeded> {
    let first = |reason| Ok(Err(Rejection::of(reason)));
    let before = check_certificate(question, response)
        .and_then(|matching| {
            check_critical(&response.extensions, ExtensionPlace::Response).map(|()| matching)
        })
        .and_then(|matching| check_nonce(question, response).map(|()| matching))
        .and_then(|matching| check_produced_at(question, response).map(|()| matching));
    let matching = match before {
        Ok(matching) => matching,
        Err(reason) => return first(reason),
    };
    let authorisation = match check_signer(question, response, budget)? {
        Ok(authorisation) => authorisation,
        Err(reason) => return first(reason),
    };
    Ok(believe(question, response, &matching, authorisation))
}

/// 3.2 (1): entries about the certificate asked about. An entry is found by computing the certificate's own
/// CertID under the entry's hash, never by its place (attack cases O-01 to O-05, O-29).
fn check_certificate<'a>(
    question: &OcspQuestion<'_>,
    response: &'a BasicResponse,
) -> Result<Vec<&'a SingleResponse>, OcspRejected> {
    if question.certificate.issuer != question.issuer.subject {
        return Err(OcspRejected::OtherIssuer);
    }
    let own = IdentifierHash::ALL.map(|hash| OwnIdentifier::new(hash, question));
    let matching: Vec<_> =
        response.responses.iter().filter(|single| is_about(&single.certificate, question, &own)).collect();
    if matching.is_empty() {
        return Err(OcspRejected::NoMatchingEntry { entries: response.responses.len() });
    }
    Ok(matching)
}

/// The certificate's own CertID under one hash, without its serial number. The name is the one in the
/// certificate's issuer field (RFC 6960 4.1.1); responders also hash the issuer's subject, which is the same
/// name in its own encoding.
struct OwnIdentifier {
    hash: IdentifierHash,
    names: [Vec<u8>; 2],
    key: Vec<u8>,
}

impl OwnIdentifier {
    fn new(hash: IdentifierHash, question: &OcspQuestion<'_>) -> Self {
        let names = [&question.certificate.issuer.der, &question.issuer.subject.der];
        let key = hash.digest(&question.issuer.public_key.octets);
        Self { hash, names: names.map(|name| hash.digest(name)), key }
    }
}

/// Hash algorithm, name, key and serial number all agree.
fn is_about(id: &CertificateId, question: &OcspQuestion<'_>, own: &[OwnIdentifier]) -> bool {
    let hash = IdentifierHash::identified_by(&id.hash_algorithm);
    let Some(own) = own.iter().find(|own| Some(own.hash) == hash) else { return false };
    id.serial_number == question.certificate.serial_number
        && id.issuer_key_hash == own.key
        && own.names.contains(&id.issuer_name_hash)
}

/// 3.2 (2) to (4): the signature is valid, the signer is the one named, and it is authorised now.
fn check_signer(
    question: &OcspQuestion<'_>,
    response: &BasicResponse,
    budget: &mut Budget,
) -> Result<Result<Authorisation, OcspRejected>, BudgetExceeded> {
    let authorities = Authorities {
        issuer: question.issuer,
        designated: question.designated,
        designated_usage: question.settings.designated_usage,
        algorithms: question.algorithms,
        at: question.at,
    };
    let signer = match responder::find_signer(response, &authorities, budget)? {
        Ok(signer) => signer,
        Err(NoSigner::Signature(refused)) => return Ok(Err(OcspRejected::Signature(refused))),
        Err(NoSigner::NotNamed) => return Ok(Err(no_signer(response))),
    };
    let authorised = responder::authorise(&signer, &authorities, budget)?;
    Ok(authorised.map_err(OcspRejected::NotAuthorised))
}

/// A responder whose certificate does not decode is told apart from one that is not there (attack case O-26).
fn no_signer(response: &BasicResponse) -> OcspRejected {
    let malformed = response.certificates.iter().find_map(|certificate| certificate.as_ref().err());
    match malformed {
        Some(malformed) => OcspRejected::ResponderCertificateMalformed(malformed.clone()),
        None => OcspRejected::SignerUnknown,
    }
}

/// producedAt has come, and lies where the settings ask. It says when the response was signed; how recent the
/// status is, thisUpdate says (RFC 6960 2.4).
fn check_produced_at(question: &OcspQuestion<'_>, response: &BasicResponse) -> Result<(), OcspRejected> {
    let (produced_at, at) = (response.produced_at, question.at);
    if produced_at > later(at, question.settings.freshness.clock_skew_seconds) {
        return Err(OcspRejected::ProducedInFuture { produced_at, at });
    }
    let validity = question.certificate.validity;
    let within = (validity.not_before..=validity.not_after).contains(&produced_at);
    match question.settings.produced_at {
        ProducedAtRule::WithinCertificateValidity if !within => {
            Err(OcspRejected::ProducedOutsideValidity { produced_at })
        }
        ProducedAtRule::WithinCertificateValidity | ProducedAtRule::NotInFuture => Ok(()),
    }
}

/// An entry that can be used.
struct Usable<'a> {
    single: &'a SingleResponse,
    fresh_until: FreshnessBound,
    extensions: Vec<SurfacedExtension>,
}

/// 3.2 (5), (6) for one entry: it is fresh, and its extensions are understood.
fn check_entry<'a>(
    question: &OcspQuestion<'_>,
    single: &'a SingleResponse,
) -> Result<Usable<'a>, OcspRejected> {
    let place = ExtensionPlace::SingleResponse;
    check_critical(&single.extensions, place)?;
    let fresh_until = check_freshness(single.window, question.at, &question.settings.freshness)
        .map_err(OcspRejected::NotFresh)?;
    let extensions = surface(question, &single.extensions, place)?;
    Ok(Usable { single, fresh_until, extensions })
}

/// The entries about the certificate, judged one by one.
#[derive(Default)]
struct Judged<'a> {
    /// The worst of those that can be used.
    worst: Option<Usable<'a>>,
    /// The first that says revoked and cannot be used, and why.
    unused_revoked: Option<(Revocation, OcspRejected)>,
    /// Why others cannot be used.
    set_aside: Vec<OcspRejected>,
}

fn judge_entries<'a>(question: &OcspQuestion<'_>, matching: &[&'a SingleResponse]) -> Judged<'a> {
    let mut judged = Judged::default();
    for single in matching {
        match (check_entry(question, single), single.status) {
            (Ok(usable), _) => judged.worst = Some(worse(judged.worst.take(), usable)),
            (Err(reason), CertificateStatus::Revoked(revocation)) if judged.unused_revoked.is_none() => {
                judged.unused_revoked = Some((revocation, reason));
            }
            (Err(reason), _) => judged.set_aside.push(reason),
        }
    }
    judged
}

/// The worst of the usable entries is the answer; see the top of this module.
fn believe(
    question: &OcspQuestion<'_>,
    response: &BasicResponse,
    matching: &[&SingleResponse],
    authorisation: Authorisation,
) -> Result<AcceptedResponse, Rejection> {
    let mut extensions =
        surface(question, &response.extensions, ExtensionPlace::Response).map_err(Rejection::of)?;
    let Judged { worst, unused_revoked, mut set_aside } = judge_entries(question, matching);
    let is_revoked = |usable: &Usable<'_>| matches!(usable.single.status, CertificateStatus::Revoked(_));
    let usable = match (worst, unused_revoked) {
        (Some(usable), None) => usable,
        (Some(usable), Some((_, reason))) if is_revoked(&usable) => {
            set_aside.push(reason);
            usable
        }
        (_, Some((revocation, reason))) => return Err(unused(revocation, reason, set_aside)),
        (None, None) => return Err(none_usable(set_aside, matching.len())),
    };
    extensions.extend(usable.extensions);
    Ok(AcceptedResponse {
        status: usable.single.status,
        issuance: issuance(&usable.single.status, &extensions),
        authorisation,
        fresh_until: usable.fresh_until,
        this_update: usable.single.window.this_update,
        produced_at: response.produced_at,
        extensions,
        set_aside,
    })
}

fn unused(revocation: Revocation, reason: OcspRejected, further: Vec<OcspRejected>) -> Rejection {
    let aged = matches!(reason, OcspRejected::NotFresh(NotFresh::Stale { .. } | NotFresh::TooOld { .. }));
    Rejection { reason, further, revoked_before: aged.then_some(revocation) }
}

fn none_usable(reasons: Vec<OcspRejected>, entries: usize) -> Rejection {
    let mut reasons = reasons.into_iter();
    let reason = reasons.next().unwrap_or(OcspRejected::NoMatchingEntry { entries });
    Rejection { reason, further: reasons.collect(), revoked_before: None }
}

/// Revoked before Unknown before Good; of equals the most recent, and of these the first.
fn worse<'a>(before: Option<Usable<'a>>, now: Usable<'a>) -> Usable<'a> {
    let rank = |usable: &Usable<'_>| {
        let severity = match usable.single.status {
            CertificateStatus::Good => 0_u8,
            CertificateStatus::Unknown => 1,
            CertificateStatus::Revoked(_) => 2,
        };
        (severity, usable.single.window.this_update)
    };
    match before {
        Some(before) if rank(&before) >= rank(&now) => before,
        _ => now,
    }
}

#[cfg(test)]
mod tests;
