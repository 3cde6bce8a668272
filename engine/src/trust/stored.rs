//! What a certificate that lies in a trust store is believed as. A trust store of the reference documents holds
//! roots, intermediates and certificates of peers side by side, and says of none of them what it is there for; so this
//! follows from the certificate alone, and never widens what a full chain up to a root would give (R-TS-1, R-TS-2).
//!
//! - A self-issued authority is a trust anchor.
//! - Any other authority is a candidate: it helps to build a path (RFC 5280 6.1.1 (b) leaves the source of those open)
//!   and ends none. Were it an anchor, taking its root out of the store would not take trust away from what it issued.
//! - What is no authority is believed as itself and issues nothing: a peer's certificate (R-TS-30, R-TRB-8).
//!
//! Whether a self-issued certificate was signed by its own key was verified when it was put in; an anchor's signature
//! is no part of path validation (RFC 5280 6.1). One whose key identifiers name another key is the new name of an old
//! key's certificate (RFC 5280 4.2.1.1) and needs that one.

use crate::certificate::{Certificate, Version};
use crate::time::Instant;

use super::TrustRole;

/// What a certificate in a trust store is believed as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoredAs {
    /// A trust anchor: paths may end in it, and it is trusted as a target.
    Anchor,
    /// It helps to build a path.
    Candidate,
    /// It is trusted as a target.
    Itself,
    /// It is not in use yet.
    Waiting,
}

impl StoredAs {
    /// What a certificate of a trust store is believed as at a moment, where it is in use from another on (D-29).
    #[must_use]
    pub fn of(certificate: &Certificate, active_from: Option<Instant>, at: Instant) -> Self {
        if active_from.is_some_and(|moment| at < moment) {
            return Self::Waiting;
        }
        match (is_authority(certificate), certificate.is_self_issued() && !names_another_key(certificate)) {
            (true, true) => Self::Anchor,
            (true, false) => Self::Candidate,
            (false, _) => Self::Itself,
        }
    }

    /// Its role in the trust store; `None` where it has none.
    #[must_use]
    pub fn role(self) -> Option<TrustRole> {
        match self {
            Self::Anchor => Some(TrustRole::IssuerAndLeaf),
            Self::Itself => Some(TrustRole::Leaf),
            Self::Candidate | Self::Waiting => None,
        }
    }
}

/// It says that it belongs to an authority; or it is a root from before there was a place to say so
/// (RFC 5280 4.2.1.9, version 1).
#[must_use]
pub fn is_authority(certificate: &Certificate) -> bool {
    match certificate.extensions.basic_constraints {
        Some(constraints) => constraints.ca,
        None => certificate.version == Version::V1 && certificate.is_self_issued(),
    }
}

/// RFC 5280 4.2.1.1: the key that signed it is not the one it is for.
fn names_another_key(certificate: &Certificate) -> bool {
    let authority = certificate.extensions.authority_key_identifier.as_ref();
    let signer = authority.and_then(|identifier| identifier.key_identifier.as_ref());
    let own = certificate.extensions.subject_key_identifier.as_ref();
    matches!((signer, own), (Some(signer), Some(own)) if signer != own)
}

#[cfg(test)]
mod tests;
