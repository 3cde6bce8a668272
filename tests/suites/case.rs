//! What every suite's cases become: one question to the component, and the answer that is expected.

use host_server::component::contract::evidence::Item;
use host_server::component::contract::request::ReferenceIdentifier;

/// One case.
#[derive(Debug)]
pub(crate) struct Case {
    /// The suite's own identifier.
    pub(crate) id: String,
    /// Why it is not run, if it is not.
    pub(crate) skip: Option<&'static str>,
    /// The policy document of the run.
    pub(crate) policy: String,
    /// Trusted certificates and what they are trusted for.
    pub(crate) anchors: Vec<(Vec<u8>, Trust)>,
    /// Further certificates.
    pub(crate) untrusted: Vec<Vec<u8>>,
    /// OCSP responses and CRLs.
    pub(crate) evidence: Vec<Item>,
    /// The certificate asked about.
    pub(crate) target: Vec<u8>,
    /// Seconds since 1970-01-01T00:00:00Z.
    pub(crate) at: i64,
    /// The purpose.
    pub(crate) purpose: Option<&'static str>,
    /// Each of these must be accepted as the peer's name; empty asks for none.
    pub(crate) names: Vec<ReferenceIdentifier>,
    /// The suite expects the certificate to be accepted.
    pub(crate) expected: bool,
    /// The policies the suite expects to be valid; `None` when it says nothing.
    pub(crate) policies: Option<Vec<String>>,
    /// Codes that a refusal may be for, where the suite names its reason; empty when it does not.
    pub(crate) reasons: Vec<&'static str>,
}

/// What a trusted certificate of a suite is trusted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trust {
    Issuer,
    Leaf,
    IssuerAndLeaf,
    Distrusted,
}

/// Seconds since 1970 of an RFC 3339 time, rounded down.
pub(crate) fn seconds(text: &str) -> Result<i64, String> {
    let time: jiff::Timestamp = text.parse().map_err(|error| format!("`{text}` is no time: {error}"))?;
    let whole = time.as_second();
    Ok(if time.subsec_nanosecond() < 0 { whole - 1 } else { whole })
}

/// The runner's own clock.
pub(crate) fn now() -> i64 {
    jiff::Timestamp::now().as_second()
}
