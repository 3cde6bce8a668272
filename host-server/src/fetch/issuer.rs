//! Issuer certificates over HTTP (RFC 5280 4.2.2.1, RFC 2585 4): what an answer may call itself. Cached by URI.
//!
//! One DER certificate, or a PKCS #7 bundle of them (RFC 5280 4.2.2.1); static servers as for CRLs. What is in it
//! is found out by the engine's reader of bundles, never here.

use super::http::WithoutType;
use super::{Expectation, Total};

/// See the module's own words.
pub(super) const EXPECTATION: Expectation = Expectation {
    name: "issuer-certificate",
    sent: "application/octet-stream",
    accept: "application/pkix-cert, application/pkcs7-mime, application/octet-stream;q=0.1",
    types: &[
        "application/pkix-cert",
        "application/x-x509-ca-cert",
        "application/x-x509-user-cert",
        "application/pkcs7-mime",
        "application/x-pkcs7-mime",
        "application/x-pkcs7-certificates",
        "application/octet-stream",
    ],
    without_type: WithoutType::Accepted,
    total: Total::Usual,
};
