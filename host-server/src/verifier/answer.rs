//! What came of one handshake's question, whole for the application and in its own words for rustls. Only a verdict that
//! allows, about the very certificate that was shown, admits a peer.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio_rustls::rustls::pki_types::{self, ServerName};
use tokio_rustls::rustls::{CertificateError, Error, OtherError};

use crate::component::contract::verdict::{Decision, Severity, Verdict};
use crate::decide;
use crate::resolve::Resolved;

/// A verdict with everything that was asked for on the way.
pub(super) type Decided = Arc<Resolved<Verdict>>;

/// The end of a handshake whose certificate is judged.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Peer {
    /// A client, which has no name that could be asked for.
    Client,
    /// A server, by the name that was dialled.
    Server(ServerName<'static>),
}

impl Peer {
    /// What its certificate must be good for, by its name in a policy document.
    pub(super) fn purpose(&self) -> &'static str {
        match self {
            Self::Client => "client-auth",
            Self::Server(_) => "server-auth",
        }
    }
}

impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Client => f.write_str("a client"),
            Self::Server(name) => write!(f, "the server {}", name.to_str()),
        }
    }
}

/// What came of one question.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Answer {
    /// Who was judged.
    pub peer: Peer,
    /// SHA-256 of the certificate that was shown.
    pub certificate: [u8; 32],
    /// The verdict, with all evidence and everything that was asked for; or why there is none.
    pub outcome: Result<Arc<Resolved<Verdict>>, Undecided>,
}

impl Answer {
    /// The codes of the findings that refuse, in the verdict's order. Empty where it allows, and where there is none.
    #[must_use]
    pub fn codes(&self) -> Vec<&str> {
        self.outcome.as_ref().map(|decided| refusing(&decided.verdict)).unwrap_or_default()
    }

    /// Whether the peer is let in.
    ///
    /// # Errors
    /// What rustls is told otherwise.
    pub fn admit(&self) -> Result<(), Error> {
        let decided = self.outcome.as_ref().map_err(|undecided| Error::from(undecided.clone()))?;
        match decided.verdict.decision {
            Decision::Allow if self.is_about_the_shown(&decided.verdict) => Ok(()),
            // what was shown held a certificate and was not one, as a bundle would be
            Decision::Allow => Err(Undecided::Another.into()),
            Decision::Deny => Err(Error::InvalidCertificate(in_words_of_rustls(decided))),
        }
    }

    /// The engine finds certificates in files of many forms; rustls takes the key of what was shown. Both must mean one
    /// certificate.
    fn is_about_the_shown(&self, verdict: &Verdict) -> bool {
        verdict.path.first().is_some_and(|target| target.fingerprint == self.certificate)
    }
}

/// The octets of an address.
pub(super) fn octets(address: pki_types::IpAddr) -> Vec<u8> {
    match IpAddr::from(address) {
        IpAddr::V4(address) => address.octets().to_vec(),
        IpAddr::V6(address) => address.octets().to_vec(),
    }
}

fn refusing(verdict: &Verdict) -> Vec<&str> {
    let refusing = verdict.findings.iter().filter(|finding| finding.severity == Severity::Deny);
    refusing.map(|finding| finding.code.as_str()).collect()
}

/// What rustls has a word and an alert for. Where several codes refuse, the first row that applies counts.
const WORDS: &[(&str, CertificateError)] = &[
    ("revocation.revoked", CertificateError::Revoked),
    ("signature.invalid", CertificateError::BadSignature),
    ("path.issuer-not-found", CertificateError::UnknownIssuer),
    ("validity.expired", CertificateError::Expired),
    ("validity.not-yet-valid", CertificateError::NotValidYet),
    ("identity.mismatch", CertificateError::NotValidForName),
    ("extended-key-usage.not-for-purpose", CertificateError::InvalidPurpose),
    ("extended-key-usage.issuer-not-for-purpose", CertificateError::InvalidPurpose),
    ("key-usage.not-for-purpose", CertificateError::InvalidPurpose),
    ("extension.unknown-critical", CertificateError::UnhandledCriticalExtension),
    ("revocation.unknown", CertificateError::UnknownRevocationStatus),
    ("revocation.undetermined", CertificateError::UnknownRevocationStatus),
];

fn in_words_of_rustls(decided: &Decided) -> CertificateError {
    let codes = refusing(&decided.verdict);
    let known = WORDS.iter().find(|(code, _)| codes.contains(code));
    match known {
        Some((_, word)) => word.clone(),
        None => CertificateError::Other(OtherError(Arc::new(Refused(Arc::clone(decided))))),
    }
}

/// A verdict that refuses, for a reason that rustls has no word for: the error within `CertificateError::Other`.
#[derive(Clone, Debug)]
pub struct Refused(Arc<Resolved<Verdict>>);

impl Refused {
    /// The verdict.
    #[must_use]
    pub fn verdict(&self) -> &Verdict {
        &self.0.verdict
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&refusing(&self.0.verdict).join(", "))
    }
}

impl std::error::Error for Refused {}

/// Why there is no verdict. The peer is refused all the same.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Undecided {
    /// The verdict is about another certificate than the octets that were shown.
    Another,
    /// The question could not be put, or was not answered.
    Decider(decide::Undecided),
    /// There was no answer in this time.
    Late(Duration),
    /// The name that was dialled is of a kind that cannot be asked for.
    Name,
    /// What decides, or what was to be told, panicked.
    Panicked,
    /// The moment is none that a certificate can hold.
    Time,
    /// As many questions as may be are under way.
    TooMany,
}

impl fmt::Display for Undecided {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Another => f.write_str("what was shown is no certificate by itself"),
            Self::Decider(undecided) => undecided.fmt(f),
            Self::Late(patience) => write!(f, "not decided in {} s", patience.as_secs_f32()),
            Self::Name => f.write_str("the name is of a kind that cannot be asked for"),
            Self::Panicked => f.write_str("the program failed while it decided"),
            Self::Time => f.write_str("the clock shows a moment that no certificate can hold"),
            Self::TooMany => f.write_str("too many handshakes are waiting for a decision"),
        }
    }
}

impl std::error::Error for Undecided {}

impl From<Undecided> for Error {
    /// What cannot be read is the peer's fault, and everything else is not a statement about its certificate.
    fn from(undecided: Undecided) -> Self {
        match &undecided {
            Undecided::Another => Self::InvalidCertificate(CertificateError::BadEncoding),
            Undecided::Decider(decide::Undecided::Unusable(input, _)) if is_shown(input) => {
                Self::InvalidCertificate(CertificateError::BadEncoding)
            }
            _ => Self::Other(OtherError(Arc::new(undecided))),
        }
    }
}

/// The input came from the peer.
fn is_shown(input: &str) -> bool {
    matches!(input, "certificate" | "target") || input.starts_with("untrusted")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::component::contract::types::Refusal;

    fn unusable(input: &str) -> Error {
        let refusal =
            Refusal { code: "input.truncated".to_owned(), input: input.to_owned(), details: Vec::new() };
        Undecided::Decider(decide::Undecided::Unusable(input.to_owned(), refusal)).into()
    }

    #[test]
    fn only_what_the_peer_sent_is_called_its_fault() {
        for input in ["certificate", "target", "untrusted 1"] {
            assert_eq!(unusable(input), Error::InvalidCertificate(CertificateError::BadEncoding), "{input}");
        }
        for error in [
            unusable("policy"),
            unusable("names"),
            Undecided::Late(Duration::from_secs(1)).into(),
            Undecided::TooMany.into(),
            Undecided::Panicked.into(),
            Undecided::Decider(decide::Undecided::Offline).into(),
        ] {
            assert!(matches!(error, Error::Other(_)), "{error:?}");
        }
    }

    #[test]
    fn every_code_that_rustls_has_a_word_for_is_one_of_ours() {
        for (code, _) in WORDS {
            assert!(engine_wording::known_codes().any(|known| known == *code), "{code}");
        }
    }

    #[test]
    fn addresses_are_their_octets() {
        let octets = |text: &str| octets(pki_types::IpAddr::try_from(text).unwrap());
        assert_eq!(octets("192.0.2.1"), [192, 0, 2, 1]);
        assert_eq!(octets("::1").len(), 16);
    }
}
