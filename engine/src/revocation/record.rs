//! Who said what about a certificate: one [`StatusCheck`] for each source that was looked at, believed or not
//! (R-CC-8, R-CC-10, D-30). It decides nothing.

use super::ocsp_check::{AcceptedResponse, Issuance, SurfacedExtension};
use super::responder::ResponderModel;
use super::source::Query;
use super::undetermined::UndeterminedReason;
use super::{Revocation, RevocationStatus};
use crate::certificate::Certificate;
use crate::revocation::freshness::FreshnessBound;
use crate::revocation::ocsp::CertificateStatus as Said;
use crate::settings::revocation::StatusSource;
use crate::time::Instant;

/// A source that was looked at for one certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusCheck {
    /// Its kind.
    pub source: StatusSource,
    /// Where it was asked; `None` when it was supplied.
    pub uri: Option<String>,
    /// The request that this answers; `None` when it was supplied.
    pub request: Option<String>,
    /// SHA-256 of the response or CRL; `None` when there was none.
    pub evidence: Option<[u8; 32]>,
    /// What it says.
    pub outcome: CheckOutcome,
    /// Why it is believed; `None` when it is not.
    pub acceptance: Option<Box<Acceptance>>,
}

impl StatusCheck {
    /// A source that was neither asked nor believed so far.
    #[must_use]
    pub fn of(source: StatusSource, outcome: CheckOutcome) -> Self {
        Self { source, uri: None, request: None, evidence: None, outcome, acceptance: None }
    }

    /// It was asked by this query; `None` leaves it as supplied.
    #[must_use]
    pub fn asked(mut self, query: Option<&Query>) -> Self {
        self.uri = query.map(|query| query.uri.clone());
        self.request = query.map(|query| query.request.id.clone());
        self
    }

    /// It rests on the response or CRL of this fingerprint.
    #[must_use]
    pub fn about(mut self, evidence: [u8; 32]) -> Self {
        self.evidence = Some(evidence);
        self
    }
}

/// What one source says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CheckOutcome {
    /// Not revoked.
    Good,
    /// Revoked, or on hold.
    Revoked(Revocation),
    /// Revoked for good when it was said, which was too long ago to count otherwise: such a revocation is never
    /// undone (RFC 5280 5.3.1).
    RevokedBefore(Revocation),
    /// It does not know the certificate.
    Unknown,
    /// Nothing, for this reason.
    Nothing(UndeterminedReason),
}

impl CheckOutcome {
    /// The stable word or code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Revoked(_) | Self::RevokedBefore(_) => "revoked",
            Self::Unknown => "unknown",
            Self::Nothing(reason) => reason.code(),
        }
    }

    /// The revocation, if it is one.
    #[must_use]
    pub fn revocation(&self) -> Option<Revocation> {
        match self {
            Self::Revoked(revocation) | Self::RevokedBefore(revocation) => Some(*revocation),
            _ => None,
        }
    }
}

/// Why an answer is believed, and for how long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acceptance {
    /// The model by which the signer is accepted.
    pub model: TrustModel,
    /// Why the Delegated Trust Model, which is tried first, refused the signer: a stable code.
    pub delegated_refused: Option<&'static str>,
    /// SHA-256 of the signer's certificate.
    pub signer: [u8; 32],
    /// Its subject, as text.
    pub signer_subject: String,
    /// thisUpdate.
    pub this_update: Instant,
    /// producedAt; `None` for a CRL.
    pub produced_at: Option<Instant>,
    /// Until when it is fresh, and what bounds that.
    pub fresh_until: FreshnessBound,
    /// What it says about the certificate ever having been issued.
    pub issuance: Issuance,
    /// Every extension of the response.
    pub extensions: Vec<SurfacedExtension>,
}

/// By which model a signer of status information is accepted (D-22).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrustModel {
    /// The authority that issued the certificate.
    IssuingAuthority,
    /// A delegate that this authority issued directly.
    Delegate,
    /// A designated certificate.
    Designated,
    /// A CRL issuer with a path to the same anchor.
    CrlIssuer,
}

impl TrustModel {
    /// The stable word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::IssuingAuthority => "issuing-authority",
            Self::Delegate => "delegate",
            Self::Designated => "designated",
            Self::CrlIssuer => "crl-issuer",
        }
    }
}

impl Acceptance {
    /// Of an OCSP response that met every rule.
    #[must_use]
    pub fn of_response(accepted: &AcceptedResponse) -> Self {
        let (model, delegated_refused) = match accepted.model() {
            ResponderModel::IssuingAuthority => (TrustModel::IssuingAuthority, None),
            ResponderModel::Delegate => (TrustModel::Delegate, None),
            ResponderModel::Designated { delegated_refused } => {
                (TrustModel::Designated, Some(delegated_refused.code()))
            }
        };
        let signer = accepted.authorisation().certificate();
        Self {
            model,
            delegated_refused,
            signer: signer.fingerprint,
            signer_subject: signer.subject.to_string(),
            this_update: accepted.this_update(),
            produced_at: Some(accepted.produced_at()),
            fresh_until: accepted.fresh_until(),
            issuance: accepted.issuance(),
            extensions: accepted.extensions().to_vec(),
        }
    }

    /// Of a CRL that met every rule.
    #[must_use]
    pub fn of_crl(
        signer: &Certificate,
        issuer: &Certificate,
        this_update: Instant,
        bound: FreshnessBound,
    ) -> Self {
        let is_authority = signer.subject == issuer.subject && signer.public_key == issuer.public_key;
        Self {
            model: if is_authority { TrustModel::IssuingAuthority } else { TrustModel::CrlIssuer },
            delegated_refused: None,
            signer: signer.fingerprint,
            signer_subject: signer.subject.to_string(),
            this_update,
            produced_at: None,
            fresh_until: bound,
            issuance: Issuance::NotStated,
            extensions: Vec::new(),
        }
    }
}

/// What an accepted OCSP response says.
#[must_use]
pub fn said(status: Said) -> CheckOutcome {
    match status {
        Said::Good => CheckOutcome::Good,
        Said::Revoked(revocation) => CheckOutcome::Revoked(revocation),
        Said::Unknown => CheckOutcome::Unknown,
    }
}

/// The status of one certificate, and what it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateStatus {
    /// The status.
    pub status: RevocationStatus,
    /// Every source that was looked at.
    pub checks: Vec<StatusCheck>,
    /// Sources that are believed contradict each other.
    pub conflict: bool,
    /// The subject of a delegated responder that was believed although nothing says whether it is itself revoked.
    pub responder_unchecked: Option<String>,
    /// The last moment at which every answer that the status rests on is fresh.
    pub fresh_until: Option<Instant>,
}
