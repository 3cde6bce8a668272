//! Why a fetch brought nothing: the one reason that the engine is told, and the detail that people are.

use std::fmt;

use crate::component::contract::evidence::UnavailableReason;

use super::guard::Forbidden;
use super::target::Unsupported;

/// Why a fetch brought nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The reason, as the engine is told.
    pub reason: UnavailableReason,
    /// What happened, for the log and for an operator. It may quote a certificate or a server: escape it where it
    /// is shown, and do not show it to who may not know the network from inside.
    pub detail: String,
}

impl Failure {
    pub(super) fn new(reason: UnavailableReason, detail: impl fmt::Display) -> Self {
        Self { reason, detail: detail.to_string() }
    }

    pub(super) fn connection(detail: impl fmt::Display) -> Self {
        Self::new(UnavailableReason::Connection, detail)
    }

    pub(super) fn redirect(detail: impl fmt::Display) -> Self {
        Self::new(UnavailableReason::Redirect, detail)
    }

    pub(super) fn timeout(what: impl fmt::Display) -> Self {
        Self::new(UnavailableReason::Timeout, what)
    }

    pub(super) fn too_large(detail: impl fmt::Display) -> Self {
        Self::new(UnavailableReason::TooLarge, detail)
    }

    /// The same after a redirect: where the address or the URI is at fault, the redirect is what led there.
    pub(super) fn after_redirect(self) -> Self {
        match self.reason {
            UnavailableReason::ForbiddenAddress | UnavailableReason::UnsupportedUri => {
                Self::redirect(self.detail)
            }
            _ => self,
        }
    }
}

impl From<Forbidden> for Failure {
    fn from(forbidden: Forbidden) -> Self {
        Self::new(UnavailableReason::ForbiddenAddress, forbidden)
    }
}

impl From<Unsupported> for Failure {
    fn from(unsupported: Unsupported) -> Self {
        Self::new(UnavailableReason::UnsupportedUri, unsupported)
    }
}

impl From<hyper::Error> for Failure {
    fn from(error: hyper::Error) -> Self {
        // hyper says in one word what it met, and the cause behind it says where
        let cause = std::error::Error::source(&error).map(|cause| format!(": {cause}")).unwrap_or_default();
        let detail = format!("{error}{cause}");
        if error.is_parse_too_large() { Self::too_large(detail) } else { Self::connection(detail) }
    }
}

/// The name of a reason in the contract.
#[must_use]
pub fn reason_name(reason: UnavailableReason) -> &'static str {
    match reason {
        UnavailableReason::Offline => "offline",
        UnavailableReason::ForbiddenAddress => "forbidden-address",
        UnavailableReason::UnsupportedUri => "unsupported-uri",
        UnavailableReason::NameResolution => "name-resolution",
        UnavailableReason::Connection => "connection",
        UnavailableReason::Timeout => "timeout",
        UnavailableReason::TooLarge => "too-large",
        UnavailableReason::Redirect => "redirect",
        UnavailableReason::HttpStatus => "http-status",
        UnavailableReason::ContentType => "content-type",
        UnavailableReason::CrossOrigin => "cross-origin",
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", reason_name(self.reason), self.detail)
    }
}

impl std::error::Error for Failure {}
