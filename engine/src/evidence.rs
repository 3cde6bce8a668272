//! `Evidence`, `EvidenceRequest`, `Unavailable`: what is known, wanted, or known to be unobtainable. No URI is
//! ever opened here.

use sha2::{Digest, Sha256};

use crate::finding::trace;

/// One piece of evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// A certificate that may help to build a path, DER.
    Certificate(Vec<u8>),
    /// A CRL as received, and the request it answers.
    Crl(Answered),
    /// What came from where a certificate says its issuer's certificate is, as received, and the request it answers.
    IssuerCertificates(Answered),
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

impl EvidenceRequest {
    /// A request to retrieve something. Its name is a hash over all that is sent, so that the same question has the
    /// same name and no other has.
    #[must_use]
    pub fn retrieval(kind: fn(Retrieval) -> Wanted, how: Retrieval, about: [u8; 32]) -> Self {
        let method: &[u8] = match how.method {
            HttpMethod::Get => b"GET ",
            HttpMethod::Post => b"POST ",
        };
        // A URI holds no zero octet, so what goes before the body cannot be read in two ways.
        let digest = Sha256::new().chain_update(method).chain_update(&how.uri).chain_update([0]);
        let digest: [u8; 32] = digest.chain_update(&how.body).finalize().into();
        let wanted = kind(how);
        Self { id: format!("{}-{}", wanted.word(), trace::hexadecimal(&digest)), wanted, about }
    }
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

impl Wanted {
    /// The word that names of requests begin with.
    fn word(&self) -> &'static str {
        match self {
            Self::OcspResponse(_) => "ocsp",
            Self::Crl(_) => "crl",
            Self::IssuerCertificate(_) => "issuer",
            Self::SignatureChecks(_) => "signatures",
        }
    }
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
    /// The content type to send with POST, and to ask for with GET.
    pub content_type: &'static str,
    /// The largest answer that is of use, in octets.
    pub maximum_octets: u32,
}

impl Retrieval {
    /// By GET: nothing is sent but the URI.
    #[must_use]
    pub fn get(uri: String, content_type: &'static str, maximum_octets: u32) -> Self {
        Self { uri, method: HttpMethod::Get, body: Vec::new(), content_type, maximum_octets }
    }
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
