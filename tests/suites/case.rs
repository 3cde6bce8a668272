//! What every suite's cases become: questions to the component, and the answer that is expected.

use host_server::component::contract::evidence::{Answered, Item};
use host_server::component::contract::request::ReferenceIdentifier;

use crate::outcome::{Measure, Outcome};

/// One case.
#[derive(Debug)]
pub(crate) struct Case {
    /// The suite's own identifier.
    pub(crate) id: String,
    /// Why it is not run, if it is not.
    pub(crate) skip: Option<&'static str>,
    /// The policy document of the run.
    pub(crate) policy: String,
    /// Nearly always one. Of several the best answer counts.
    pub(crate) questions: Vec<Question>,
    /// OCSP responses and CRLs.
    pub(crate) evidence: Vec<Item>,
    /// Seconds since 1970-01-01T00:00:00Z.
    pub(crate) at: i64,
    /// The purpose.
    pub(crate) purpose: Option<&'static str>,
    /// Each of these must be accepted as the peer's name; empty asks for none.
    pub(crate) names: Vec<ReferenceIdentifier>,
    /// What of a verdict the suite speaks of.
    pub(crate) measure: Measure,
    /// What the suite expects.
    pub(crate) expected: Outcome,
    /// The policies the suite expects to be valid; `None` when it says nothing.
    pub(crate) policies: Option<Vec<String>>,
    /// Codes that a refusal may be for, where the suite names its reason; empty when it does not.
    pub(crate) reasons: Vec<&'static str>,
    /// The OCSP request that is to be sent where no response is at hand; `None` when the suite says nothing.
    pub(crate) request: Option<Vec<u8>>,
    /// The suite's own note leaves a strict parser free to refuse the certificate instead.
    pub(crate) may_be_malformed: bool,
}

/// One question.
#[derive(Debug, Default)]
pub(crate) struct Question {
    /// Trusted certificates and what they are trusted for.
    pub(crate) anchors: Vec<(Vec<u8>, Trust)>,
    /// Further certificates.
    pub(crate) untrusted: Vec<Vec<u8>>,
    /// The certificate asked about.
    pub(crate) target: Vec<u8>,
    /// Signed octets whose signature the runner answers for: those of a stand-in, which nobody signed.
    pub(crate) vouched: Option<Vec<u8>>,
}

/// What a trusted certificate of a suite is trusted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trust {
    Issuer,
    Leaf,
    IssuerAndLeaf,
    Distrusted,
}

/// A CRL that is at hand beforehand.
pub(crate) fn crl(body: Vec<u8>) -> Item {
    Item::Crl(Answered { request_id: None, body })
}

/// An OCSP response that is at hand beforehand.
pub(crate) fn response(body: Vec<u8>) -> Item {
    Item::OcspResponse(Answered { request_id: None, body })
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
