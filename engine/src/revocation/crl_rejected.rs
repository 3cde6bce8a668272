//! Why a CRL was not used: one case for each cause, with the values compared. No judgement is made here.

use super::crl::CrlNumber;
use crate::oid::Oid;
use crate::settings::algorithm::SignatureAlgorithm;
use crate::time::Instant;

/// Why a CRL was not used for a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CrlRejected {
    /// The algorithm inside the signed part is not the one outside. RFC 5280 5.1.1.2.
    AlgorithmMismatch,
    /// The settings do not accept this signature algorithm.
    AlgorithmNotAccepted(SignatureAlgorithm),
    /// The signature algorithm is not supported.
    AlgorithmUnsupported,
    /// authorityKeyIdentifier is missing. RFC 5280 5.2.1.
    AuthorityKeyIdentifierMissing,
    /// An entry names its certificate issuer in a list that is not indirect. RFC 5280 5.3.3.
    CertificateIssuerNotIndirect,
    /// cRLNumber is missing. RFC 5280 5.2.3.
    CrlNumberMissing,
    /// A critical extension of an entry is not processed. RFC 5280 5.3.
    CriticalEntryExtension(Oid),
    /// A critical extension of the list is not processed. RFC 5280 5.2.
    CriticalExtension(Oid),
    /// The delta CRL begins after the complete CRL ends. RFC 5280 5.2.4 (c).
    DeltaBaseMismatch {
        /// BaseCRLNumber of the delta CRL.
        base: CrlNumber,
    },
    /// A complete CRL is as new as this delta CRL. RFC 5280 5.2.4 (d).
    DeltaNotNewer,
    /// There is no complete CRL of this delta CRL's scope. RFC 5280 6.3.3 (c).
    DeltaWithoutComplete,
    /// No name of the CRL's distribution point is one of the certificate's. RFC 5280 6.3.3 (b)(2)(i).
    DistributionPointMismatch,
    /// nextUpdate has passed.
    Expired {
        /// nextUpdate.
        next_update: Instant,
        /// The moment of the question.
        at: Instant,
    },
    /// No certificate of the CRL's issuer is at hand. RFC 5280 6.3.3 (f).
    IssuerCertificateMissing,
    /// The CRL is neither by the certificate's issuer nor by a cRLIssuer it names. RFC 5280 6.3.3 (b)(1).
    IssuerMismatch,
    /// The only key that signed the list is that of the certificate asked about, which cannot vouch for itself.
    IssuerIsSubject,
    /// The CRL issuer's certificate has keyUsage without cRLSign. RFC 5280 6.3.3 (f).
    IssuerWithoutCrlSign,
    /// nextUpdate is missing. RFC 5280 5.1.2.5.
    NextUpdateMissing,
    /// The CRL speaks for no reason that the distribution point asks for. RFC 5280 6.3.3 (d).
    NoReasons,
    /// The distribution point names a CRL issuer, and the list does not say that it is indirect.
    /// RFC 5280 6.3.3 (b)(1).
    NotIndirect,
    /// thisUpdate has not come yet.
    NotYetValid {
        /// thisUpdate.
        this_update: Instant,
        /// The moment of the question.
        at: Instant,
    },
    /// The list holds attribute certificates alone. RFC 5280 6.3.3 (b)(2)(iv).
    OnlyAttributeCertificates,
    /// The list holds CA certificates alone. RFC 5280 6.3.3 (b)(2)(iii).
    OnlyCaCertificates,
    /// The list holds end-entity certificates alone. RFC 5280 6.3.3 (b)(2)(ii).
    OnlyUserCertificates,
    /// The list says that it holds only one kind of certificates, and another one. RFC 5280 5.2.5.
    ScopeContradictory,
    /// The signature is not by the CRL issuer's key. RFC 5280 6.3.3 (g).
    SignatureInvalid,
    /// The CRL issuer's key is of another family than the signature.
    SignatureKeyMismatch,
    /// The CRL issuer's key is not sound.
    SignatureKeyUnusable,
    /// A newer list has the same scope.
    Superseded,
    /// nextUpdate lies before thisUpdate.
    TimesReversed,
    /// thisUpdate is longer ago than the maximum age.
    TooOld {
        /// thisUpdate.
        this_update: Instant,
        /// The maximum age in seconds.
        maximum_age_seconds: u32,
        /// The moment of the question.
        at: Instant,
    },
}

impl CrlRejected {
    /// The stable code of this cause.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::AlgorithmMismatch => "crl.algorithm-mismatch",
            Self::AlgorithmNotAccepted(_) => "crl.algorithm-not-accepted",
            Self::AlgorithmUnsupported => "crl.algorithm-unsupported",
            Self::AuthorityKeyIdentifierMissing => "crl.authority-key-identifier-missing",
            Self::CertificateIssuerNotIndirect => "crl.certificate-issuer-not-indirect",
            Self::CrlNumberMissing => "crl.number-missing",
            Self::CriticalEntryExtension(_) => "crl.critical-entry-extension",
            Self::CriticalExtension(_) => "crl.critical-extension",
            Self::DeltaBaseMismatch { .. } => "crl.delta-base-mismatch",
            Self::DeltaNotNewer => "crl.delta-not-newer",
            Self::DeltaWithoutComplete => "crl.delta-without-complete",
            Self::DistributionPointMismatch => "crl.distribution-point-mismatch",
            Self::Expired { .. } => "crl.expired",
            Self::IssuerCertificateMissing => "crl.issuer-certificate-missing",
            Self::IssuerIsSubject => "crl.issuer-is-subject",
            Self::IssuerMismatch => "crl.issuer-mismatch",
            Self::IssuerWithoutCrlSign => "crl.issuer-without-crl-sign",
            Self::NextUpdateMissing => "crl.next-update-missing",
            Self::NoReasons => "crl.no-reasons",
            Self::NotIndirect => "crl.not-indirect",
            Self::NotYetValid { .. } => "crl.not-yet-valid",
            Self::OnlyAttributeCertificates => "crl.only-attribute-certificates",
            Self::OnlyCaCertificates => "crl.only-ca-certificates",
            Self::OnlyUserCertificates => "crl.only-user-certificates",
            Self::ScopeContradictory => "crl.scope-contradictory",
            Self::SignatureInvalid => "crl.signature-invalid",
            Self::SignatureKeyMismatch => "crl.signature-key-mismatch",
            Self::SignatureKeyUnusable => "crl.signature-key-unusable",
            Self::Superseded => "crl.superseded",
            Self::TimesReversed => "crl.times-reversed",
            Self::TooOld { .. } => "crl.too-old",
        }
    }
}
