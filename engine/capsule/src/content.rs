//! What a part says. Names of members are the contract's; each value has one writing.

use serde::{Deserialize, Serialize};

use crate::octets::{Digest, Octets};

/// What a part says. The part's name says what of the question, the trust, the evidence or the verdict it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Content {
    /// Who decided.
    Engine(Engine),
    /// When and where it was recorded.
    Recording(Recording),
    /// A certificate of the question, DER.
    Certificate(Octets),
    /// The moment of validation, in seconds since 1970.
    Moment(i64),
    /// The purpose, by its name in the policy.
    Purpose(String),
    /// A name of which the certificate must carry one.
    Name(Name),
    /// What the nonces of OCSP requests were made from.
    NonceSeed(Octets),
    /// The policy document; empty for the defaults.
    Policy(String),
    /// The mode that it was read in.
    Mode(Mode),
    /// Somebody who was believed.
    Trusted(Trusted),
    /// A piece of evidence.
    Evidence(Evidence),
    /// What was decided.
    Verdict(Verdict),
    /// The verdict document, as the engine wrote it.
    Document(String),
}

/// Who decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Engine {
    /// SHA-256 of the component.
    pub sha256: Digest,
    /// Its release.
    pub version: String,
}

/// When and where a decision was recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recording {
    /// When, in seconds since 1970.
    pub at: i64,
    /// By which program, or which node of a server.
    pub by: String,
}

/// A reference identifier (RFC 9525).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Name {
    /// A DNS name.
    Dns(String),
    /// An IP address: 4 or 16 octets.
    Ip(Octets),
    /// A mailbox.
    Mail(String),
    /// A URI.
    Uri(String),
}

/// The mode that a policy document is read in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// As it is written.
    AsWritten,
    /// In Common Criteria mode, whatever it says.
    CommonCriteria,
}

/// What a trust anchor is believed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// It issues.
    Issuer,
    /// It is believed itself.
    Leaf,
    /// Both.
    IssuerAndLeaf,
    /// It is distrusted.
    Distrusted,
}

/// Somebody who was believed, or was not; in the order in which the engine was told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "kebab-case", deny_unknown_fields)]
pub enum Trusted {
    /// A trust anchor, named as one.
    Anchor {
        /// What it is believed for.
        role: Role,
        /// The certificate, DER.
        certificate: Octets,
    },
    /// A certificate of a trust store.
    Stored {
        /// It is in use from then on.
        active_from: Option<i64>,
        /// The moment for which the store was read.
        at: i64,
        /// The certificate, DER.
        certificate: Octets,
    },
    /// A designated responder.
    Responder {
        /// About whose certificates; anybody's where it is `None`.
        issuer: Option<Octets>,
        /// The certificate, DER.
        certificate: Octets,
    },
}

/// A piece of evidence, in the order in which the engine was given it. Answers to signature checks are never among them:
/// whoever decides again verifies every signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "kebab-case", deny_unknown_fields)]
pub enum Evidence {
    /// A certificate that may help to build a path, DER.
    Certificate(Octets),
    /// What came of asking for the certificate of an issuer.
    IssuerCertificates(Answer),
    /// An OCSP response.
    OcspResponse(Answer),
    /// A CRL.
    Crl(Answer),
    /// Something that could not be had.
    Unavailable {
        /// The request.
        request: String,
        /// Why.
        reason: Reason,
    },
}

impl Evidence {
    /// The request that it answers; `None` for what was brought along, whoever asked for it.
    #[must_use]
    pub fn request(&self) -> Option<&str> {
        match self {
            Self::Certificate(_) => None,
            Self::IssuerCertificates(answer) | Self::OcspResponse(answer) | Self::Crl(answer) => {
                answer.request.as_deref()
            }
            Self::Unavailable { request, .. } => Some(request),
        }
    }
}

/// A body, and the request it answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// The request; `None` for what was given beforehand.
    pub request: Option<String>,
    /// The body, undecoded.
    pub body: Octets,
}

/// Why something could not be had, in the contract's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the contract's own words")]
pub enum Reason {
    Offline,
    ForbiddenAddress,
    UnsupportedUri,
    NameResolution,
    Connection,
    Timeout,
    TooLarge,
    Redirect,
    HttpStatus,
    ContentType,
    CrossOrigin,
}

/// Whether the certificate may be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// It may.
    Allow,
    /// It may not.
    Deny,
}

impl Decision {
    /// In one word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Deny => "deny",
        }
    }
}

/// What was decided, in short.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Verdict {
    /// Whether the certificate may be trusted.
    pub decision: Decision,
    /// SHA-256 of the settings in force.
    pub settings: Digest,
    /// SHA-256 over the canonical trace.
    pub trace: Digest,
}
