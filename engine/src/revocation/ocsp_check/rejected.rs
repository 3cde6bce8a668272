//! Why an OCSP response is no usable answer: one case for each cause, with the values compared, and its stable
//! code. It finds nothing out.

use super::extension::ExtensionPlace;
use crate::der::Malformed;
use crate::oid::Oid;
use crate::revocation::freshness::NotFresh;
use crate::revocation::ocsp::ErrorStatus;
use crate::revocation::responder::{NotAuthorised, SignatureRefused};
use crate::time::Instant;

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
