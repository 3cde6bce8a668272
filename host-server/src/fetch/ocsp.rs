//! OCSP over HTTP (RFC 6960 appendix A, RFC 5019 5): what is sent, and what an answer must call itself.
//!
//! The method is the engine's choice, which knows the request's length and whether it holds a nonce; for `get` the
//! request is already in the URI. Cached by method, URI and body, so that an answer to a nonce is never found again.

use super::http::WithoutType;
use super::{Expectation, Total};

/// An answer must be called an OCSP response: RFC 6960 A.2 asks for it, every responder does it, and whatever else
/// is served with status 200 is the page of a captive portal or of a parked domain.
pub(super) const EXPECTATION: Expectation = Expectation {
    name: "ocsp-response",
    sent: "application/ocsp-request",
    accept: "application/ocsp-response",
    types: &["application/ocsp-response"],
    without_type: WithoutType::Refused,
    total: Total::Usual,
};
