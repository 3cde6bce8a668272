//! `Evidence`, `EvidenceRequest`, `Unavailable`: what is known, wanted, or known to be unobtainable. No URI is
//! ever opened here.
//!
//! Status evidence (OCSP responses, CRLs) is part of the contract and is carried, but no stage asks for it yet:
//! an engine that does not judge revocation says so in its verdict.

/// One piece of evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// A certificate that may help to build a path, DER.
    Certificate(Vec<u8>),
    /// A CRL as received, and the request it answers.
    Crl(Answered),
    /// An OCSP response as received, and the request it answers.
    OcspResponse(Answered),
    /// The answer to a signature check.
    Signature {
        /// The check's identifier.
        id: String,
        /// Whether the signature verifies.
        verifies: bool,
    },
    /// A request that was tried in vain.
    Unavailable(Unavailable),
}

/// A body and the request it answers; `None` when it was given beforehand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// The request's identifier.
    pub request_id: Option<String>,
    /// The body, undecoded.
    pub body: Vec<u8>,
}

/// Something that was tried in vain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unavailable {
    /// The request's identifier.
    pub request_id: String,
    /// Why.
    pub reason: UnavailableReason,
}

/// Why something could not be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum UnavailableReason {
    /// The host does not fetch.
    Offline,
    /// The address may not be reached.
    ForbiddenAddress,
    /// The URI is not one that can be fetched.
    UnsupportedUri,
    /// The name could not be resolved.
    NameResolution,
    /// The connection was refused or lost.
    Connection,
    /// Nothing came in time.
    Timeout,
    /// The answer was larger than the cap.
    TooLarge,
    /// Too many redirects, or one that leads nowhere allowed.
    Redirect,
    /// An HTTP status other than 200.
    HttpStatus,
    /// Another content type than asked for.
    ContentType,
    /// Forbidden by a browser's origin rules.
    CrossOrigin,
}

/// Something that is needed before a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceRequest {
    /// Names this request in the evidence that answers it.
    pub id: String,
    /// What to get.
    pub wanted: Wanted,
    /// SHA-256 of the certificate it is about.
    pub about: [u8; 32],
}

/// What to get.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// An OCSP response.
    OcspResponse(Retrieval),
    /// A CRL.
    Crl(Retrieval),
    /// An issuer certificate (RFC 5280 4.2.2.1).
    IssuerCertificate(Retrieval),
    /// Signature checks that the host has offered to answer.
    SignatureChecks(Vec<SignatureCheck>),
}

/// How to retrieve something over HTTP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retrieval {
    /// The URI.
    pub uri: String,
    /// The method.
    pub method: HttpMethod,
    /// The body to send with POST.
    pub body: Vec<u8>,
    /// The content type to ask for, and to send with POST.
    pub content_type: &'static str,
    /// The largest answer that is of use, in octets.
    pub maximum_octets: u32,
}

/// An HTTP method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HttpMethod {
    /// GET.
    Get,
    /// POST.
    Post,
}

/// One signature check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureCheck {
    /// Names this check in its answer.
    pub id: String,
    /// The algorithm, in the words of a policy document.
    pub algorithm: &'static str,
    /// The key, a whole SubjectPublicKeyInfo.
    pub key: Vec<u8>,
    /// The signed octets.
    pub message: Vec<u8>,
    /// The signature.
    pub signature: Vec<u8>,
}
