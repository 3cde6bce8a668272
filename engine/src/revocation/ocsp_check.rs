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
    BasicResponse, CertificateId, CertificateStatus, ErrorStatus, IdentifierHash, OcspResponse,
    SingleResponse,
};
use super::ocsp_request::Nonce;
use super::responder::{
    self, Authorisation, Authorities, Designated, NoSigner, NotAuthorised, ResponderModel, SignatureRefused,
};
use super::{RevocationReason, RevocationStatus, UndeterminedReason};
use crate::budget::{Budget, BudgetExceeded};
use crate::certificate::extension::Extensions;
use crate::certificate::{AlgorithmIdentifier, Certificate};
use crate::der::{self, Decoded, Malformed, Reader};
use crate::oid::{self, Oid};
use crate::settings::AlgorithmSettings;
use crate::settings::revocation::{NoncePolicy, OcspSettings, ProducedAtRule};
use crate::time::Instant;

/// Longest nonce, RFC 9654 2.1.
const MAXIMUM_NONCE_OCTETS: usize = 128;

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
    /// It is not to be believed, for the first of these reasons; further ones are those of further entries.
    Rejected(OcspRejected, Vec<OcspRejected>),
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

/// What a response says about the certificate ever having been issued (R-CC-8).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Issuance {
    /// Its hash is named: this very certificate is known to the responder.
    Asserted,
    /// It was never issued: revoked with certificateHold as of 1970-01-01 (RFC 6960 2.2).
    Denied,
    /// Nothing: good means not revoked, no more.
    NotStated,
}

/// An extension of an accepted response, for the report (R-CC-10).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SurfacedExtension {
    /// Its type.
    pub kind: Oid,
    /// Its criticality.
    pub critical: bool,
    /// Whether it is about all entries or one.
    pub place: ExtensionPlace,
    /// The content of extnValue.
    pub value: Vec<u8>,
    /// What it claims, where that is understood.
    pub claim: ExtensionClaim,
}

/// Where in a response an extension stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExtensionPlace {
    /// responseExtensions.
    Response,
    /// singleExtensions.
    SingleResponse,
}

/// What an extension claims.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExtensionClaim {
    /// Revocation is kept on record back to this moment (RFC 6960 4.4.4).
    ArchiveCutoff(Instant),
    /// The responder knows the certificate with this hash, which is the one asked about (Common PKI 2.0).
    CertificateHash,
    /// Certificates that were never issued are reported as revoked (RFC 6960 4.4.8).
    ExtendedRevoke,
    /// The nonce (RFC 9654 2.1).
    Nonce,
    /// Nothing that is understood here.
    NotUnderstood,
}

/// Why a response, or an entry of it, is no usable answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OcspRejected {
    /// certHash names another certificate than the one asked about.
    CertificateHashMismatch,
    /// The body is not a response, or an extension in it is not what it claims.
    Malformed(Malformed),
    /// It holds no entry about the certificate.
    NoMatchingEntry {
        /// How many entries it holds.
        entries: usize,
    },
    /// The nonce is not one octet string of 1 to 128 octets.
    NonceLength {
        /// How many octets it has.
        octets: usize,
    },
    /// It does not carry the nonce that was sent.
    NonceMismatch,
    /// It carries no nonce, or none was sent, and the settings ask for one.
    NonceMissing,
    /// The signer is authorised by neither model.
    NotAuthorised(NotAuthorised),
    /// It is not fresh.
    NotFresh(NotFresh),
    /// The issuer in the certificate is not the authority the question names.
    OtherIssuer,
    /// Its type is not id-pkix-ocsp-basic.
    OtherType(Oid),
    /// producedAt has not come yet.
    ProducedInFuture {
        /// producedAt.
        produced_at: Instant,
        /// The moment of the question.
        at: Instant,
    },
    /// producedAt is not within the certificate's validity interval, which the settings ask for.
    ProducedOutsideValidity {
        /// producedAt.
        produced_at: Instant,
    },
    /// A certificate it brings along does not decode, and no other is the signer's.
    ResponderCertificateMalformed(Malformed),
    /// An error status: unsigned, and no statement about any certificate.
    ResponderFailed(ErrorStatus),
    /// Its signature was not accepted.
    Signature(SignatureRefused),
    /// No certificate at hand is the one that its responderID names.
    SignerUnknown,
    /// A critical extension is not known.
    UnknownCriticalExtension {
        /// Its type.
        kind: Oid,
        /// Where it stands.
        place: ExtensionPlace,
    },
    /// It is successful and holds no response.
    WithoutBytes,
}

impl OcspRejected {
    /// The stable code of this reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::CertificateHashMismatch => "ocsp.certificate-hash-mismatch",
            Self::Malformed(_) => "ocsp.malformed",
            Self::NoMatchingEntry { .. } => "ocsp.no-matching-entry",
            Self::NonceLength { .. } => "ocsp.nonce.length",
            Self::NonceMismatch => "ocsp.nonce.mismatch",
            Self::NonceMissing => "ocsp.nonce.missing",
            Self::NotAuthorised(_) => "ocsp.responder.not-authorised",
            Self::NotFresh(NotFresh::Reversed(_)) => "ocsp.update-reversed",
            Self::NotFresh(NotFresh::Stale { .. }) => "ocsp.stale",
            Self::NotFresh(NotFresh::TooOld { .. }) => "ocsp.too-old",
            Self::NotFresh(NotFresh::TooSoon { .. }) => "ocsp.too-soon",
            Self::OtherIssuer => "ocsp.other-issuer",
            Self::OtherType(_) => "ocsp.other-type",
            Self::ProducedInFuture { .. } => "ocsp.produced-in-future",
            Self::ProducedOutsideValidity { .. } => "ocsp.produced-outside-validity",
            Self::ResponderCertificateMalformed(_) => "ocsp.responder.malformed",
            Self::ResponderFailed(status) => failed_code(*status),
            Self::Signature(SignatureRefused::AlgorithmNotAccepted(_)) => "ocsp.signature.not-accepted",
            Self::Signature(SignatureRefused::AlgorithmUnsupported) => "ocsp.signature.unsupported",
            Self::Signature(SignatureRefused::Invalid) => "ocsp.signature.invalid",
            Self::Signature(SignatureRefused::KeyMismatch) => "ocsp.signature.key-mismatch",
            Self::Signature(SignatureRefused::KeyUnusable) => "ocsp.signature.key-unusable",
            Self::SignerUnknown => "ocsp.responder.unknown",
            Self::UnknownCriticalExtension { .. } => "ocsp.unknown-critical-extension",
            Self::WithoutBytes => "ocsp.without-bytes",
        }
    }
}

fn failed_code(status: ErrorStatus) -> &'static str {
    match status {
        ErrorStatus::MalformedRequest => "ocsp.failed.malformed-request",
        ErrorStatus::InternalError => "ocsp.failed.internal-error",
        ErrorStatus::TryLater => "ocsp.failed.try-later",
        ErrorStatus::SignatureRequired => "ocsp.failed.signature-required",
        ErrorStatus::Unauthorized => "ocsp.failed.unauthorized",
        ErrorStatus::Undefined(_) => "ocsp.failed.undefined",
    }
}

impl OcspAnswer {
    /// The status of the certificate by this response alone.
    #[must_use]
    pub fn status(&self) -> RevocationStatus {
        match self {
            Self::Rejected(rejected, _) => {
                RevocationStatus::Undetermined(UndeterminedReason::Ocsp(rejected.clone()))
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
    let rejected = |reason| Ok(OcspAnswer::Rejected(reason, Vec::new()));
    match OcspResponse::decode(body) {
        Err(malformed) => rejected(OcspRejected::Malformed(malformed)),
        Ok(OcspResponse::Failed(status)) => rejected(OcspRejected::ResponderFailed(status)),
        Ok(OcspResponse::OtherType(kind)) => rejected(OcspRejected::OtherType(kind)),
        Ok(OcspResponse::WithoutBytes) => rejected(OcspRejected::WithoutBytes),
        Ok(OcspResponse::Basic(basic)) => match check_basic(question, &basic, budget)? {
            Ok(accepted) => Ok(OcspAnswer::Accepted(Box::new(accepted))),
            Err(refused) => Ok(refused),
        },
    }
}

/// The rules of RFC 6960 3.2. What costs nothing comes before the signature; the order decides only which of
/// several reasons is named.
fn check_basic(
    question: &OcspQuestion<'_>,
    response: &BasicResponse,
    budget: &mut Budget,
) -> Result<Result<AcceptedResponse, OcspAnswer>, BudgetExceeded> {
    let first = |reason| Ok(Err(OcspAnswer::Rejected(reason, Vec::new())));
    let before = check_certificate(question, response)
        .and_then(|matching| check_response_extensions(response).map(|()| matching))
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
    let matching: Vec<_> =
        response.responses.iter().filter(|single| is_about(&single.certificate, question)).collect();
    if matching.is_empty() {
        return Err(OcspRejected::NoMatchingEntry { entries: response.responses.len() });
    }
    Ok(matching)
}

/// Hash algorithm, name, key and serial number all agree. The name is the one in the certificate's issuer field
/// (RFC 6960 4.1.1); responders also hash the issuer's subject, which is the same name in its own encoding.
fn is_about(id: &CertificateId, question: &OcspQuestion<'_>) -> bool {
    let Some(hash) = IdentifierHash::identified_by(&id.hash_algorithm) else { return false };
    let names = [&question.certificate.issuer.der, &question.issuer.subject.der];
    id.serial_number == question.certificate.serial_number
        && id.issuer_key_hash == hash.digest(&question.issuer.public_key.octets)
        && names.into_iter().any(|name| id.issuer_name_hash == hash.digest(name))
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

/// The nonce is as the policy asks. RFC 9654 2.1; attack case O-27. A second nonce does not decode.
fn check_nonce(question: &OcspQuestion<'_>, response: &BasicResponse) -> Result<(), OcspRejected> {
    let policy = question.settings.nonce;
    if policy == NoncePolicy::Off {
        return Ok(());
    }
    let Some(extension) = response.extensions.find(&oid::OCSP_NONCE) else {
        return if policy == NoncePolicy::Required { Err(OcspRejected::NonceMissing) } else { Ok(()) };
    };
    let nonce = octet_string(&extension.value, extension.offset).map_err(OcspRejected::Malformed)?;
    if nonce.is_empty() || nonce.len() > MAXIMUM_NONCE_OCTETS {
        return Err(OcspRejected::NonceLength { octets: nonce.len() });
    }
    match question.nonce {
        Some(sent) if sent[..] == *nonce => Ok(()),
        Some(_) => Err(OcspRejected::NonceMismatch),
        // A response to somebody else's request: nothing was sent that it could be compared with.
        None if policy == NoncePolicy::Required => Err(OcspRejected::NonceMissing),
        None => Ok(()),
    }
}

fn octet_string(value: &[u8], offset: usize) -> Decoded<&[u8]> {
    let mut reader = Reader::new(value);
    let nonce = reader.element(der::OCTET_STRING, "ocspNonce").map(|element| element.content);
    let nonce = nonce.and_then(|content| reader.finish("ocspNonce").map(|()| content));
    nonce.map_err(|malformed| at_offset(malformed, offset))
}

fn at_offset(malformed: Malformed, offset: usize) -> Malformed {
    Malformed { offset: malformed.offset.saturating_add(offset), ..malformed }
}

/// RFC 6960 4.4, RFC 5280 4.2: a critical extension that is not known makes the response unusable (attack case
/// O-23).
fn check_response_extensions(response: &BasicResponse) -> Result<(), OcspRejected> {
    check_critical(&response.extensions, ExtensionPlace::Response)
}

/// Extensions of responses that are understood. Certificate timestamps and CRL references restrict nothing.
const KNOWN: [Oid; 6] = [
    oid::OCSP_NONCE,
    oid::OCSP_CRL_REFERENCE,
    oid::OCSP_ARCHIVE_CUTOFF,
    oid::OCSP_EXTENDED_REVOKE,
    oid::CERTIFICATE_HASH,
    oid::OCSP_CERTIFICATE_TIMESTAMPS,
];

fn check_critical(extensions: &Extensions, place: ExtensionPlace) -> Result<(), OcspRejected> {
    let unknown = extensions.all.iter().find(|one| one.critical && !KNOWN.contains(&one.kind));
    match unknown {
        Some(extension) => {
            Err(OcspRejected::UnknownCriticalExtension { kind: extension.kind.clone(), place })
        }
        None => Ok(()),
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
    /// Why an entry that says revoked cannot be used.
    unused_revoked: Option<OcspRejected>,
    /// Why others cannot be used.
    set_aside: Vec<OcspRejected>,
}

fn judge_entries<'a>(question: &OcspQuestion<'_>, matching: &[&'a SingleResponse]) -> Judged<'a> {
    let mut judged = Judged::default();
    for single in matching {
        let revoked = matches!(single.status, CertificateStatus::Revoked(_));
        match check_entry(question, single) {
            Ok(usable) => judged.worst = Some(worse(judged.worst.take(), usable)),
            Err(reason) if revoked && judged.unused_revoked.is_none() => judged.unused_revoked = Some(reason),
            Err(reason) => judged.set_aside.push(reason),
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
) -> Result<AcceptedResponse, OcspAnswer> {
    let mut extensions = surface(question, &response.extensions, ExtensionPlace::Response)
        .map_err(|reason| OcspAnswer::Rejected(reason, Vec::new()))?;
    let Judged { worst, unused_revoked, mut set_aside } = judge_entries(question, matching);
    let is_revoked = |usable: &Usable<'_>| matches!(usable.single.status, CertificateStatus::Revoked(_));
    let usable = match (worst, unused_revoked) {
        (Some(usable), None) => usable,
        (Some(usable), Some(reason)) if is_revoked(&usable) => {
            set_aside.push(reason);
            usable
        }
        (_, Some(reason)) => return Err(OcspAnswer::Rejected(reason, set_aside)),
        (None, None) => return Err(rejected(set_aside, matching.len())),
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

fn rejected(reasons: Vec<OcspRejected>, entries: usize) -> OcspAnswer {
    let mut reasons = reasons.into_iter();
    let first = reasons.next().unwrap_or(OcspRejected::NoMatchingEntry { entries });
    OcspAnswer::Rejected(first, reasons.collect())
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

/// RFC 6960 2.2 with 4.4.8; R-CC-8.
fn issuance(status: &CertificateStatus, extensions: &[SurfacedExtension]) -> Issuance {
    let claims = |claim: ExtensionClaim| extensions.iter().any(|extension| extension.claim == claim);
    match status {
        CertificateStatus::Revoked(revocation)
            if revocation.reason == Some(RevocationReason::CertificateHold) && revocation.at.unix() == 0 =>
        {
            Issuance::Denied
        }
        _ if claims(ExtensionClaim::CertificateHash) => Issuance::Asserted,
        _ => Issuance::NotStated,
    }
}

/// Every extension with what it claims. R-CC-10.
fn surface(
    question: &OcspQuestion<'_>,
    extensions: &Extensions,
    place: ExtensionPlace,
) -> Result<Vec<SurfacedExtension>, OcspRejected> {
    let surfaced = extensions.all.iter().map(|extension| {
        let claim = claim(question, &extension.kind, &extension.value).map_err(|reason| match reason {
            OcspRejected::Malformed(malformed) => {
                OcspRejected::Malformed(at_offset(malformed, extension.offset))
            }
            other => other,
        })?;
        let (kind, value) = (extension.kind.clone(), extension.value.clone());
        Ok(SurfacedExtension { kind, critical: extension.critical, place, value, claim })
    });
    surfaced.collect()
}

fn claim(question: &OcspQuestion<'_>, kind: &Oid, value: &[u8]) -> Result<ExtensionClaim, OcspRejected> {
    match oid::label(kind) {
        Some("ocspArchiveCutoff") => {
            let mut reader = Reader::new(value);
            let read = super::ocsp::generalized_time(&mut reader, "ocspArchiveCutoff");
            let time = read.and_then(|time| reader.finish("ocspArchiveCutoff").map(|()| time));
            time.map(ExtensionClaim::ArchiveCutoff).map_err(OcspRejected::Malformed)
        }
        Some("certHash") => check_certificate_hash(question, value).map(|()| ExtensionClaim::CertificateHash),
        Some("ocspExtendedRevoke") => Ok(ExtensionClaim::ExtendedRevoke),
        Some("ocspNonce") => Ok(ExtensionClaim::Nonce),
        _ => Ok(ExtensionClaim::NotUnderstood),
    }
}

/// The hash is the certificate's: an authority that gave a serial number twice is found out here (Common PKI
/// 2.0 part 4, 3.1.2).
fn check_certificate_hash(question: &OcspQuestion<'_>, value: &[u8]) -> Result<(), OcspRejected> {
    let (algorithm, hash) = decode_certificate_hash(value).map_err(OcspRejected::Malformed)?;
    let expected =
        IdentifierHash::identified_by(&algorithm).map(|known| known.digest(&question.certificate.der));
    if expected.as_deref() == Some(hash) { Ok(()) } else { Err(OcspRejected::CertificateHashMismatch) }
}

fn decode_certificate_hash(value: &[u8]) -> Decoded<(AlgorithmIdentifier, &[u8])> {
    let mut outer = Reader::new(value);
    let mut inner = outer.nested(der::SEQUENCE, "certHash")?;
    outer.finish("certHash")?;
    let algorithm = AlgorithmIdentifier::decode(&mut inner, "certHash.hashAlgorithm")?;
    let hash = inner.element(der::OCTET_STRING, "certHash.certificateHash")?.content;
    inner.finish("certHash")?;
    Ok((algorithm, hash))
}

#[cfg(test)]
mod tests;
