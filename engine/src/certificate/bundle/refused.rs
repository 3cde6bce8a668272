//! Why a file yields no certificates, or no revocation lists: one case per cause, with a stable code and the values found.

use crate::der::Malformed;
use crate::finding::{Detail, Value};

/// Why a file yields no certificates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// An attribute, extended or other certificate of RFC 5652 10.2.2.
    AttributeCertificate {
        /// The line of its PEM label, where it has one.
        line: Option<usize>,
    },
    /// A certificate, where a revocation list belongs.
    Certificate {
        /// The line of its PEM label, where it has one.
        line: Option<usize>,
    },
    /// A PKCS #10 certificate request.
    CertificateRequest {
        /// The line of its PEM label, where it has one.
        line: Option<usize>,
    },
    /// Nothing, or white space alone.
    Empty,
    /// An HTML page, as a server shows for an error.
    Html,
    /// A Java key store of the JCEKS kind.
    Jceks,
    /// A Java key store.
    Jks,
    /// A JSON document.
    Json,
    /// A certificate, or the message around it, is not what it claims to be.
    Malformed {
        /// Which certificate of the file, from 0.
        certificate: usize,
        /// What is wrong, with offsets in that certificate's DER.
        malformed: Malformed,
    },
    /// A well-formed message or file that holds no certificate.
    NoCertificate,
    /// No revocation list, where one belongs.
    NotRevocationList {
        /// The line of its PEM label, where it has one.
        line: Option<usize>,
        /// The code of what it is instead, where that is known.
        instead: Option<&'static str>,
    },
    /// An OCSP response.
    OcspResponse,
    /// A line between PEM boundaries is not base64, or the block is not complete.
    PemBase64 {
        /// The line.
        line: usize,
    },
    /// A line starts as a PEM boundary and does not end as one.
    PemBoundary {
        /// The line.
        line: usize,
    },
    /// A PEM block of a kind that holds no certificate.
    PemLabel {
        /// The line of the label.
        line: usize,
        /// The label.
        label: String,
    },
    /// The END line has another label than the BEGIN line.
    PemMismatch {
        /// The END line.
        line: usize,
        /// The label of the BEGIN line.
        begin: String,
        /// The label of the END line.
        end: String,
    },
    /// A PEM block has no END line.
    PemUnfinished {
        /// The BEGIN line.
        line: usize,
        /// Its label.
        label: String,
    },
    /// A PKCS #12 file.
    Pkcs12,
    /// A private key, alone or beside certificates.
    PrivateKey {
        /// The line of its PEM label, where it has one.
        line: Option<usize>,
        /// The PEM label, where it has one.
        label: Option<String>,
    },
    /// A public key without a certificate.
    PublicKey {
        /// The line of its PEM label, where it has one.
        line: Option<usize>,
    },
    /// A certificate revocation list.
    RevocationList {
        /// The line of its PEM label, where it has one.
        line: Option<usize>,
    },
    /// A PKCS #7 message that somebody signed, not a list of certificates.
    SignedMessage,
    /// An SSH public key.
    SshKey,
    /// Text without a PEM block.
    Text,
    /// Larger than the cap.
    TooLarge {
        /// The cap in octets.
        limit: usize,
    },
    /// More certificates than the cap.
    TooManyCertificates {
        /// The cap.
        limit: usize,
    },
    /// OpenSSL's own form, a certificate with trust settings behind it.
    TrustedCertificate {
        /// The line of its PEM label.
        line: usize,
    },
    /// Text in UTF-16.
    Utf16,
    /// An XML document.
    Xml,
}

impl Refused {
    /// The stable code of this case.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::AttributeCertificate { .. } => "input.attribute-certificate",
            Self::Certificate { .. } => "input.certificate",
            Self::CertificateRequest { .. } => "input.certificate-request",
            Self::Empty => "input.empty",
            Self::Html => "input.html",
            Self::Jceks => "input.jceks",
            Self::Jks => "input.jks",
            Self::Json => "input.json",
            Self::Malformed { .. } => "input.malformed",
            Self::NoCertificate => "input.no-certificate",
            Self::NotRevocationList { .. } => "input.no-crl",
            Self::OcspResponse => "input.ocsp-response",
            Self::PemBase64 { .. } => "input.pem-base64",
            Self::PemBoundary { .. } => "input.pem-boundary",
            Self::PemLabel { .. } => "input.pem-label",
            Self::PemMismatch { .. } => "input.pem-mismatch",
            Self::PemUnfinished { .. } => "input.pem-unfinished",
            Self::Pkcs12 => "input.pkcs12",
            Self::PrivateKey { .. } => "input.private-key",
            Self::PublicKey { .. } => "input.public-key",
            Self::RevocationList { .. } => "input.crl",
            Self::SignedMessage => "input.signed-message",
            Self::SshKey => "input.ssh-key",
            Self::Text => "input.text",
            Self::TooLarge { .. } => "input.too-large",
            Self::TooManyCertificates { .. } => "input.too-many-certificates",
            Self::TrustedCertificate { .. } => "input.trusted-certificate",
            Self::Utf16 => "input.utf16",
            Self::Xml => "input.xml",
        }
    }

    /// The values found, name by name.
    #[must_use]
    pub fn details(&self) -> Vec<Detail> {
        match self {
            Self::AttributeCertificate { line }
            | Self::Certificate { line }
            | Self::CertificateRequest { line }
            | Self::PublicKey { line }
            | Self::RevocationList { line } => at_line(*line),
            Self::PemBase64 { line } | Self::PemBoundary { line } | Self::TrustedCertificate { line } => {
                at_line(Some(*line))
            }
            Self::PemLabel { line, label } | Self::PemUnfinished { line, label } => {
                let mut details = at_line(Some(*line));
                details.push(labelled("label", label));
                details
            }
            Self::PemMismatch { line, begin, end } => {
                let mut details = at_line(Some(*line));
                details.extend([labelled("expected", begin), labelled("found", end)]);
                details
            }
            Self::NotRevocationList { line, instead } => {
                let mut details = at_line(*line);
                details.extend(instead.map(|code| labelled("instead", code)));
                details
            }
            Self::PrivateKey { line, label } => {
                let mut details = at_line(*line);
                details.extend(label.as_deref().map(|label| labelled("label", label)));
                details
            }
            Self::Malformed { certificate, malformed } => {
                let mut details = vec![Detail { name: "certificate", value: Value::count(*certificate) }];
                details.extend(malformed.details());
                details
            }
            Self::TooLarge { limit } | Self::TooManyCertificates { limit } => {
                vec![Detail { name: "limit", value: Value::count(*limit) }]
            }
            _ => Vec::new(),
        }
    }
}

fn at_line(line: Option<usize>) -> Vec<Detail> {
    line.map(|line| Detail { name: "line", value: Value::count(line) }).into_iter().collect()
}

/// Labels come from the file: what is longer than any real one is cut.
fn labelled(name: &'static str, label: &str) -> Detail {
    Detail { name, value: Value::text(label.chars().take(64).collect::<String>()) }
}
