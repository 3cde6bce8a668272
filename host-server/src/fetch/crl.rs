//! CRLs over HTTP (RFC 5280 4.2.1.13, RFC 2585 4): what an answer may call itself. Cached by URI.
//!
//! CRLs are files on static servers, many of which know no `.crl`: they send the type of unknown octets, the old
//! one of Netscape, or none. All three are taken; a page in HTML is not. The engine finds out whether it is a CRL.

use super::http::WithoutType;
use super::{Expectation, Total};

/// See the module's own words.
pub(super) const EXPECTATION: Expectation = Expectation {
    name: "crl",
    sent: "application/octet-stream",
    accept: "application/pkix-crl, application/x-pkcs7-crl;q=0.5, application/octet-stream;q=0.1",
    types: &["application/pkix-crl", "application/x-pkcs7-crl", "application/octet-stream"],
    without_type: WithoutType::Accepted,
    total: Total::OfCrl,
};
