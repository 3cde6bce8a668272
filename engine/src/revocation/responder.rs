//! Who may sign a response (RFC 6960 4.2.2.2): the Delegated Trust Model first, that is the authority that issued
//! the certificate or a delegate that it issued directly; then the Trusted Responder Model, that is a certificate
//! that was designated. The second is asked only where the first refused the signer (R-OCSP-1 to R-OCSP-6).
//!
//! Which key signed has been found out before ([`find_signer`]): a model decides about that signer alone, so a
//! bad signature is never rescued by asking another model. The status of a delegate is not judged here; where it
//! must be, [`ResponderStatus::MustBeChecked`] says so, and whoever asks about it does not ask again about the
//! responder of that answer (attack case O-30).
//!
//! Known limits: the authority's own keyUsage is not looked at, as its certificate was judged as an issuer and
//! authorities in use sign responses without digitalSignature; constraints on names that the path lays on
//! certificates are not applied to a delegate.

use sha1::Sha1;
use sha2::Digest as _;

use super::ocsp::{BasicResponse, ResponderId};
use crate::budget::{Budget, BudgetExceeded};
use crate::certificate::Certificate;
use crate::certificate::public_key::PublicKey;
use crate::oid::{self, Oid};
use crate::path::{algorithm, critical_extension, validity};
use crate::settings::algorithm::SignatureAlgorithm;
use crate::settings::revocation::DesignatedUsage;
use crate::settings::{AlgorithmSettings, KeyUsageBit};
use crate::signature::{self, SignatureError, SignedData};
use crate::time::Instant;

/// Most keys, designated ones not counted, that one response is verified under: a hostile response may hold
/// hundreds of certificates of the responder's name, and each costs a verification. Ours; real ones have one, or
/// two while a key is replaced.
pub const MAXIMUM_KEYS: usize = 4;

/// A certificate that was designated to sign responses (R-OCSP-5, R-OCSP-16).
#[derive(Clone, Copy, Debug)]
pub struct Designated<'a> {
    /// This very certificate.
    pub certificate: &'a Certificate,
    /// Whose certificates it may answer about.
    pub scope: DesignatedScope<'a>,
}

/// Whose certificates a designated responder may answer about.
#[derive(Clone, Copy, Debug)]
pub enum DesignatedScope<'a> {
    /// Any issuer's.
    AnyIssuer,
    /// Those of the issuer with this certificate's subject and key.
    Issuer(&'a Certificate),
}

/// What decides who may sign, the same for a response and for the responder's certificate.
#[derive(Clone, Copy, Debug)]
pub struct Authorities<'a> {
    /// The certificate of the authority that issued the one asked about, as the validated path has it.
    pub issuer: &'a Certificate,
    /// The designated responders, in the order they are tried.
    pub designated: &'a [Designated<'a>],
    /// What is asked of a designated responder's extKeyUsage.
    pub designated_usage: DesignatedUsage,
    /// Accepted algorithms and key sizes.
    pub algorithms: &'a AlgorithmSettings,
    /// The moment of the question: a signer is authorised now or not at all.
    pub at: Instant,
}

/// Why a signature was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureRefused {
    /// The algorithm or its parameters are not supported.
    AlgorithmUnsupported,
    /// The settings do not accept this algorithm.
    AlgorithmNotAccepted(SignatureAlgorithm),
    /// It is no signature by this key over these octets.
    Invalid,
    /// The key belongs to another algorithm.
    KeyMismatch,
    /// The key is not a sound key.
    KeyUnusable,
}

/// The key that signed a response, and every certificate at hand that carries it under the responder's name.
#[derive(Clone, Debug)]
pub struct Signer<'a> {
    key: &'a PublicKey,
    certificates: Vec<&'a Certificate>,
}

/// Why no signer was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoSigner {
    /// No certificate at hand is the one that the responderID names.
    NotNamed,
    /// There is one, and the signature is not its key's.
    Signature(SignatureRefused),
}

/// The signer of a response, authorised. Only [`authorise`] makes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authorisation {
    model: ResponderModel,
    certificate: Certificate,
}

/// The model that accepted a signer, and why the one before it did not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResponderModel {
    /// Delegated Trust Model: the issuing authority itself. The other model was not asked.
    IssuingAuthority,
    /// Delegated Trust Model: a delegate that the issuing authority issued directly. The other was not asked.
    Delegate,
    /// Trusted Responder Model, after the Delegated Trust Model refused the signer.
    Designated {
        /// Why the Delegated Trust Model refused this certificate.
        delegated_refused: DelegateRefused,
    },
}

/// What is still to be known about the responder's own certificate (RFC 6960 4.2.2.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResponderStatus<'a> {
    /// Nothing: it is the issuing authority, whose status the path's own check covers.
    IssuingAuthority,
    /// Nothing: the authority said so with id-pkix-ocsp-nocheck in the delegate's certificate.
    NoCheck,
    /// Nothing: it was designated, and is withdrawn by ending the designation.
    Designated,
    /// The status of this delegate is to be found out; the same issuer answers for it.
    MustBeChecked {
        /// The delegate's certificate.
        certificate: &'a Certificate,
    },
}

/// Why neither model accepted the signer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotAuthorised {
    /// Why the Delegated Trust Model did not.
    pub delegated: DelegateRefused,
    /// Why the Trusted Responder Model, asked second, did not.
    pub designated: DesignatedRefused,
}

/// Why the Delegated Trust Model refused a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DelegateRefused {
    /// The issuer in it is not the authority that issued the certificate asked about.
    OtherIssuer,
    /// It does not hold id-kp-OCSPSigning by name.
    OcspSigningMissing,
    /// It is not fit to sign at all.
    Unfit(Unfit),
    /// The authority's key did not sign it.
    Signature(SignatureRefused),
}

/// Why the Trusted Responder Model refused a signer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DesignatedRefused {
    /// The signer is none of the designated certificates.
    NotDesignated,
    /// It is designated for another issuer only.
    OtherIssuer,
    /// The authority issued it without id-kp-OCSPSigning, and it is not designated for that very authority.
    NotRescued,
    /// extKeyUsage is present without id-kp-OCSPSigning, which the settings ask for.
    OcspSigningMissing,
    /// It is not fit to sign at all.
    Unfit(Unfit),
}

/// Why a responder's certificate may sign nothing, in either model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// It is not valid at the moment of the question.
    NotValid {
        /// notBefore.
        not_before: Instant,
        /// notAfter.
        not_after: Instant,
    },
    /// keyUsage is present without digitalSignature (RFC 5280 4.2.1.3).
    DigitalSignatureMissing,
    /// A critical extension is not known.
    UnknownCriticalExtension(Oid),
    /// The settings do not accept its key.
    KeyNotAccepted,
    /// The algorithms inside and outside its signed part differ (RFC 5280 4.1.1.2).
    AlgorithmsDiffer,
}

impl DelegateRefused {
    /// The stable code of this reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::OtherIssuer => "delegate.other-issuer",
            Self::OcspSigningMissing => "delegate.ocsp-signing-missing",
            Self::Unfit(unfit) => unfit.code(),
            Self::Signature(_) => "delegate.signature",
        }
    }
}

impl DesignatedRefused {
    /// The stable code of this reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotDesignated => "designated.none",
            Self::OtherIssuer => "designated.other-issuer",
            Self::NotRescued => "designated.not-for-this-issuer",
            Self::OcspSigningMissing => "designated.ocsp-signing-missing",
            Self::Unfit(unfit) => unfit.code(),
        }
    }
}

impl Unfit {
    fn code(&self) -> &'static str {
        match self {
            Self::NotValid { .. } => "responder.not-valid",
            Self::DigitalSignatureMissing => "responder.digital-signature-missing",
            Self::UnknownCriticalExtension(_) => "responder.unknown-critical-extension",
            Self::KeyNotAccepted => "responder.key-not-accepted",
            Self::AlgorithmsDiffer => "responder.algorithms-differ",
        }
    }
}

impl Authorisation {
    /// The model that accepted the signer.
    #[must_use]
    pub fn model(&self) -> &ResponderModel {
        &self.model
    }

    /// The certificate the signer was accepted by.
    #[must_use]
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// What is still to be known about the responder's own certificate. id-pkix-ocsp-nocheck counts only in
    /// the delegate's certificate itself (RFC 6960 4.2.2.2.1; attack case O-12).
    #[must_use]
    pub fn responder_status(&self) -> ResponderStatus<'_> {
        match self.model {
            ResponderModel::IssuingAuthority => ResponderStatus::IssuingAuthority,
            ResponderModel::Designated { .. } => ResponderStatus::Designated,
            ResponderModel::Delegate if self.certificate.extensions.ocsp_no_check => ResponderStatus::NoCheck,
            ResponderModel::Delegate => ResponderStatus::MustBeChecked { certificate: &self.certificate },
        }
    }
}

/// The responderID names this certificate: by its subject, or by SHA-1 of its key's bits. A subjectKeyIdentifier
/// is not looked at (RFC 6960 4.2.2.3; attack case O-22).
#[must_use]
pub fn is_named(responder: &ResponderId, certificate: &Certificate) -> bool {
    match responder {
        ResponderId::Name(name) => *name == certificate.subject,
        ResponderId::Key(hash) => hash[..] == Sha1::digest(&certificate.public_key.octets)[..],
    }
}

/// Finds the key that signed `response` among those of the certificates that its responderID names: the
/// issuing authority's, those it brings along, the designated ones. RFC 6960 3.2 (2), (3).
///
/// # Errors
/// [`BudgetExceeded`] when a signature may not be verified any more.
pub fn find_signer<'a>(
    response: &'a BasicResponse,
    authorities: &Authorities<'a>,
    budget: &mut Budget,
) -> Result<Result<Signer<'a>, NoSigner>, BudgetExceeded> {
    let signed = SignedData {
        message: &response.signed_part,
        algorithm: &response.signature_algorithm,
        signature: &response.signature,
    };
    let mut refused = NoSigner::NotNamed;
    let most = MAXIMUM_KEYS.saturating_add(authorities.designated.len());
    for signer in candidates(response, authorities).into_iter().take(most) {
        match check_signature(&signed, signer.key, authorities.algorithms, budget)? {
            Ok(()) => return Ok(Ok(signer)),
            Err(refusal) => refused = more_telling(refused, refusal),
        }
    }
    Ok(Err(refused))
}

/// The certificates that the responderID names, grouped by key.
fn candidates<'a>(response: &'a BasicResponse, authorities: &Authorities<'a>) -> Vec<Signer<'a>> {
    let embedded = response.certificates.iter().filter_map(|certificate| certificate.as_ref().ok());
    let designated = authorities.designated.iter().map(|designated| designated.certificate);
    let mut signers: Vec<Signer<'a>> = Vec::new();
    for certificate in std::iter::once(authorities.issuer).chain(designated).chain(embedded) {
        if !is_named(&response.responder, certificate) {
            continue;
        }
        let key = &certificate.public_key;
        match signers.iter_mut().find(|signer| signer.key == key) {
            Some(signer) => signer.certificates.push(certificate),
            None => signers.push(Signer { key, certificates: vec![certificate] }),
        }
    }
    signers
}

/// Of several keys that do not fit, the one that should have fitted tells most: an invalid signature.
fn more_telling(before: NoSigner, now: SignatureRefused) -> NoSigner {
    match before {
        NoSigner::Signature(SignatureRefused::Invalid) => before,
        NoSigner::NotNamed | NoSigner::Signature(_) => NoSigner::Signature(now),
    }
}

/// Verifies one signature with an algorithm that the settings accept. RFC 6960 3.2 (2).
fn check_signature(
    signed: &SignedData<'_>,
    key: &PublicKey,
    algorithms: &AlgorithmSettings,
    budget: &mut Budget,
) -> Result<Result<(), SignatureRefused>, BudgetExceeded> {
    let Ok(algorithm) = signature::identify(signed.algorithm) else {
        return Ok(Err(SignatureRefused::AlgorithmUnsupported));
    };
    if !algorithms.signatures.contains(&algorithm) {
        return Ok(Err(SignatureRefused::AlgorithmNotAccepted(algorithm)));
    }
    match signature::verify(signed, key, None, budget) {
        Ok(_) => Ok(Ok(())),
        Err(SignatureError::BudgetExceeded(exceeded)) => Err(exceeded),
        Err(SignatureError::AlgorithmUnsupported) => Ok(Err(SignatureRefused::AlgorithmUnsupported)),
        Err(SignatureError::Invalid) => Ok(Err(SignatureRefused::Invalid)),
        Err(SignatureError::KeyMismatch) => Ok(Err(SignatureRefused::KeyMismatch)),
        Err(SignatureError::KeyUnusable) => Ok(Err(SignatureRefused::KeyUnusable)),
    }
}

/// The signer is authorised by the Delegated Trust Model or, where that refuses it, by the Trusted Responder
/// Model. RFC 6960 3.2 (4), 4.2.2.2; R-OCSP-1 to R-OCSP-6.
///
/// # Errors
/// [`BudgetExceeded`] when a signature may not be verified any more.
pub fn authorise(
    signer: &Signer<'_>,
    authorities: &Authorities<'_>,
    budget: &mut Budget,
) -> Result<Result<Authorisation, NotAuthorised>, BudgetExceeded> {
    // RFC 6960 4.2.2.2: the same key; the responderID has tied the name to it.
    let issuer = authorities.issuer;
    if *signer.key == issuer.public_key && signer.certificates.iter().any(|one| one.subject == issuer.subject)
    {
        return Ok(Ok(accepted(ResponderModel::IssuingAuthority, issuer)));
    }
    let mut delegated = DelegateRefused::OtherIssuer;
    for certificate in signer.certificates.iter().take(MAXIMUM_KEYS) {
        match check_delegate(certificate, authorities, budget)? {
            Ok(()) => return Ok(Ok(accepted(ResponderModel::Delegate, certificate))),
            Err(DelegateRefused::OtherIssuer) => {}
            Err(refused) => delegated = refused,
        }
    }
    authorise_designated(signer, authorities, delegated, budget)
}

/// R-OCSP-4 to R-OCSP-6.
fn authorise_designated(
    signer: &Signer<'_>,
    authorities: &Authorities<'_>,
    delegated: DelegateRefused,
    budget: &mut Budget,
) -> Result<Result<Authorisation, NotAuthorised>, BudgetExceeded> {
    let mut designated = DesignatedRefused::NotDesignated;
    for candidate in authorities.designated {
        let certificate = candidate.certificate;
        if !signer.certificates.iter().any(|one| one.fingerprint == certificate.fingerprint) {
            continue;
        }
        // Why the first model refused this very certificate decides how far the second one goes.
        let Err(delegated_refused) = check_delegate(certificate, authorities, budget)? else {
            return Ok(Ok(accepted(ResponderModel::Delegate, certificate)));
        };
        match check_designated(candidate, &delegated_refused, authorities) {
            Ok(()) => return Ok(Ok(accepted(ResponderModel::Designated { delegated_refused }, certificate))),
            Err(refused) => designated = refused,
        }
    }
    Ok(Err(NotAuthorised { delegated, designated }))
}

fn accepted(model: ResponderModel, certificate: &Certificate) -> Authorisation {
    Authorisation { model, certificate: certificate.clone() }
}

/// The certificate is a delegate of the issuing authority: issued directly by it, with the same key that issued
/// the certificate asked about, and meant for this. RFC 6960 4.2.2.2; R-OCSP-2, R-OCSP-3; attack cases O-06,
/// O-08, O-09, O-28.
fn check_delegate(
    certificate: &Certificate,
    authorities: &Authorities<'_>,
    budget: &mut Budget,
) -> Result<Result<(), DelegateRefused>, BudgetExceeded> {
    if certificate.issuer != authorities.issuer.subject {
        return Ok(Err(DelegateRefused::OtherIssuer));
    }
    if !holds_ocsp_signing(certificate) {
        return Ok(Err(DelegateRefused::OcspSigningMissing));
    }
    if let Err(unfit) = check_fitness(certificate, authorities) {
        return Ok(Err(DelegateRefused::Unfit(unfit)));
    }
    let signed = SignedData {
        message: certificate.signed_part(),
        algorithm: &certificate.signature_algorithm,
        signature: &certificate.signature,
    };
    let checked = check_signature(&signed, &authorities.issuer.public_key, authorities.algorithms, budget)?;
    Ok(checked.map_err(DelegateRefused::Signature))
}

/// id-kp-OCSPSigning by name: anyExtendedKeyUsage is not enough, and identifiers are compared whole (RFC 6960
/// 4.2.2.2; attack case O-07).
fn holds_ocsp_signing(certificate: &Certificate) -> bool {
    let usages = certificate.extensions.extended_key_usage.as_deref().unwrap_or_default();
    usages.contains(&oid::KP_OCSP_SIGNING)
}

/// A designated certificate may answer about this issuer. RFC 6960 4.2.2.2 (local configuration); a delegate that
/// lacks id-kp-OCSPSigning only where it is designated for its issuer itself (NDcPP 3.0e test 4a).
fn check_designated(
    candidate: &Designated<'_>,
    delegated: &DelegateRefused,
    authorities: &Authorities<'_>,
) -> Result<(), DesignatedRefused> {
    match candidate.scope {
        DesignatedScope::Issuer(issuer) if !is_same_authority(issuer, authorities.issuer) => {
            return Err(DesignatedRefused::OtherIssuer);
        }
        DesignatedScope::AnyIssuer if *delegated == DelegateRefused::OcspSigningMissing => {
            return Err(DesignatedRefused::NotRescued);
        }
        DesignatedScope::AnyIssuer | DesignatedScope::Issuer(_) => {}
    }
    let certificate = candidate.certificate;
    let restricted = certificate.extensions.extended_key_usage.is_some();
    let usage = authorities.designated_usage;
    if usage == DesignatedUsage::OcspSigningWherePresent && restricted && !holds_ocsp_signing(certificate) {
        return Err(DesignatedRefused::OcspSigningMissing);
    }
    check_fitness(certificate, authorities).map_err(DesignatedRefused::Unfit)
}

/// Same name and same key.
fn is_same_authority(one: &Certificate, other: &Certificate) -> bool {
    one.subject == other.subject && one.public_key == other.public_key
}

/// What both models ask of a certificate that signs: valid now (attack case O-10), its keyUsage, its critical
/// extensions, its key.
fn check_fitness(certificate: &Certificate, authorities: &Authorities<'_>) -> Result<(), Unfit> {
    if !validity::check_validity(certificate, authorities.at).is_empty() {
        let not_before = certificate.validity.not_before;
        return Err(Unfit::NotValid { not_before, not_after: certificate.validity.not_after });
    }
    if certificate.extensions.key_usage.is_some_and(|usage| !usage.has(KeyUsageBit::DigitalSignature)) {
        return Err(Unfit::DigitalSignatureMissing);
    }
    if let Some(kind) = unknown_critical_extension(certificate) {
        return Err(Unfit::UnknownCriticalExtension(kind));
    }
    if !algorithm::check_key(certificate, authorities.algorithms).is_empty() {
        return Err(Unfit::KeyNotAccepted);
    }
    if certificate.signed_algorithm != certificate.signature_algorithm {
        return Err(Unfit::AlgorithmsDiffer);
    }
    Ok(())
}

/// RFC 5280 4.2: a certificate with a critical extension that is not known is not used.
fn unknown_critical_extension(certificate: &Certificate) -> Option<Oid> {
    let critical = certificate.extensions.all.iter().filter(|extension| extension.critical);
    critical.map(|extension| extension.kind.clone()).find(|kind| !critical_extension::is_processed(kind))
}
