//! RFC 5280 6.3 and RFC 6960: what an authority says about a certificate after it was issued. It sees finished
//! paths and never builds one; it fetches nothing; what a status means for a decision is not decided here.
//!
//! [`freshness`] is shared by both sources. [`ocsp_request`] writes a question, [`ocsp`] reads an answer,
//! [`responder`] says who may give it, and [`ocsp_check`] whether it is to be believed.

pub mod freshness;
pub mod ocsp_request;
pub mod ocsp;
pub mod responder;
pub mod ocsp_check;

use crate::time::Instant;

/// What an authentic, fresh and matching answer, or the lack of one, says about a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RevocationStatus {
    /// Not revoked. It says neither that the certificate was issued nor that it is valid now.
    Good,
    /// Revoked, for good or for a time.
    Revoked(Revocation),
    /// An authority said that it does not know the certificate.
    Unknown,
    /// Nobody usable answered.
    Undetermined(UndeterminedReason),
}

/// When and why a certificate was revoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Revocation {
    /// revocationTime or revocationDate.
    pub at: Instant,
    /// The reason; `None` when none, or none that is defined, was given.
    pub reason: Option<RevocationReason>,
}

/// CRLReason, RFC 5280 5.3.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RevocationReason {
    /// unspecified (0).
    Unspecified,
    /// keyCompromise (1).
    KeyCompromise,
    /// cACompromise (2).
    CaCompromise,
    /// affiliationChanged (3).
    AffiliationChanged,
    /// superseded (4).
    Superseded,
    /// cessationOfOperation (5).
    CessationOfOperation,
    /// certificateHold (6).
    CertificateHold,
    /// removeFromCRL (8).
    RemoveFromCrl,
    /// privilegeWithdrawn (9).
    PrivilegeWithdrawn,
    /// aACompromise (10).
    AaCompromise,
}

/// Why nobody usable answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UndeterminedReason {
    /// An OCSP response was not accepted.
    Ocsp(ocsp_check::OcspRejected),
}

impl RevocationReason {
    /// The reason of this number; 7 and numbers beyond 10 are not defined (RFC 5280 5.3.1).
    #[must_use]
    pub fn from_number(number: u32) -> Option<Self> {
        Some(match number {
            0 => Self::Unspecified,
            1 => Self::KeyCompromise,
            2 => Self::CaCompromise,
            3 => Self::AffiliationChanged,
            4 => Self::Superseded,
            5 => Self::CessationOfOperation,
            6 => Self::CertificateHold,
            8 => Self::RemoveFromCrl,
            9 => Self::PrivilegeWithdrawn,
            10 => Self::AaCompromise,
            _ => return None,
        })
    }
}
