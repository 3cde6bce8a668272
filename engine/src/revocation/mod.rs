//! Whether a certificate has been revoked, as far as supplied evidence says (RFC 5280 6.3, RFC 6960). It imports
//! path types and is never imported by them.

pub mod crl;
pub mod crl_index;

use crate::time::Instant;

/// What an authentic, fresh and matching answer, or the lack of one, says about a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RevocationStatus {
    /// Not revoked.
    Good,
    /// Revoked, for good or on hold.
    Revoked(Revocation),
    /// A responder does not know the certificate.
    Unknown,
    /// Nobody usable answered.
    Undetermined(UndeterminedReason),
}

/// When and why a certificate was revoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Revocation {
    /// revocationDate, or revocationTime in OCSP.
    pub at: Instant,
    /// The reason, where one was given.
    pub reason: Option<RevocationReason>,
}

/// Why a certificate was revoked, RFC 5280 5.3.1, in its order.
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
    /// removeFromCRL (8); 7 is not used.
    RemoveFromCrl,
    /// privilegeWithdrawn (9).
    PrivilegeWithdrawn,
    /// aACompromise (10).
    AaCompromise,
}

/// Why no usable answer was found. Each source has its own causes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UndeterminedReason {
    /// No CRL was supplied that could be about the certificate.
    NoCrl,
}
