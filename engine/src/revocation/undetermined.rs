//! Why no usable answer about a certificate was had: one case for each cause, with its stable code and the values
//! compared (D-3). None of them is ever Unknown, and none is ever Good.

use super::crl_rejected::CrlRejected;
use super::freshness::NotFresh;
use super::ocsp_check::OcspRejected;
use super::responder::SignatureRefused;
use crate::der::Malformed;
use crate::evidence::UnavailableReason;
use crate::finding::Value;

/// Why nobody usable answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UndeterminedReason {
    /// A CRL was not accepted.
    Crl(CrlRejected),
    /// The path of a CRL's issuer does not hold, or leads to another trust anchor (RFC 5280 6.3.3 (f)).
    CrlIssuerPath,
    /// A CRL's issuer is itself revoked.
    CrlIssuerRevoked,
    /// The body is not a CRL.
    CrlMalformed(Malformed),
    /// The CRLs at hand do not list the certificate, and do not speak for every reason (RFC 5280 6.3.3).
    CrlReasonsNotCovered,
    /// A designated responder said good, and the settings do not let it settle a status alone (NDcPP 4.0 B.4.1).
    DesignatedAlone,
    /// The certificate names no CRL and none is configured (D-6).
    NoDistributionPoint,
    /// The certificate names no responder and none is configured (D-6).
    NoResponderUri,
    /// Nothing was asked and nothing was supplied.
    NothingAtHand,
    /// An OCSP response was not accepted.
    Ocsp(OcspRejected),
    /// The OCSP response is larger than the settings allow.
    OcspTooLarge {
        /// Its size in octets.
        octets: usize,
    },
    /// A delegated responder vouched for itself (attack case O-30).
    ResponderCircular,
    /// The signer of the OCSP response is marked as distrusted.
    ResponderDistrusted,
    /// The signer of the OCSP response is itself revoked.
    ResponderRevoked,
    /// It could not be found out whether the signer of the OCSP response is itself revoked.
    ResponderUndetermined,
    /// It was tried in vain.
    Unavailable(UnavailableReason),
}

impl UndeterminedReason {
    /// The stable code of this reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Crl(rejected) => rejected.code(),
            Self::CrlIssuerPath => "crl.issuer-path-invalid",
            Self::CrlIssuerRevoked => "crl.issuer-revoked",
            Self::CrlMalformed(_) => "crl.malformed",
            Self::CrlReasonsNotCovered => "crl.reasons-not-covered",
            Self::DesignatedAlone => "ocsp.designated-alone",
            Self::NoDistributionPoint => "crl.no-distribution-point",
            Self::NoResponderUri => "ocsp.no-responder-uri",
            Self::NothingAtHand => "revocation.nothing-at-hand",
            Self::Ocsp(rejected) => rejected.code(),
            Self::OcspTooLarge { .. } => "ocsp.too-large",
            Self::ResponderCircular => "ocsp.responder.circular",
            Self::ResponderDistrusted => "ocsp.responder.distrusted",
            Self::ResponderRevoked => "ocsp.responder.revoked",
            Self::ResponderUndetermined => "ocsp.responder.undetermined",
            Self::Unavailable(reason) => unavailable_code(*reason),
        }
    }

    /// The source was not there to be asked, which tells less than why one that was asked said nothing.
    #[must_use]
    pub fn is_absence(&self) -> bool {
        matches!(self, Self::NoDistributionPoint | Self::NoResponderUri | Self::NothingAtHand)
    }

    /// Somebody offered status information that is not genuine: signed by nobody, or by somebody who may not
    /// (attack cases of FP-10; AU-5).
    #[must_use]
    pub fn is_not_genuine(&self) -> bool {
        match self {
            Self::Ocsp(rejected) => matches!(
                rejected,
                OcspRejected::NotAuthorised(_)
                    | OcspRejected::Signature(SignatureRefused::Invalid)
                    | OcspRejected::SignerUnknown
                    | OcspRejected::NonceMismatch
            ),
            Self::Crl(rejected) => {
                matches!(rejected, CrlRejected::SignatureInvalid | CrlRejected::IssuerWithoutCrlSign)
            }
            Self::CrlIssuerPath
            | Self::CrlIssuerRevoked
            | Self::ResponderDistrusted
            | Self::ResponderRevoked => true,
            _ => false,
        }
    }

    /// The information is about somebody else, which is nothing wrong with it.
    #[must_use]
    pub fn is_about_others(&self) -> bool {
        match self {
            Self::Ocsp(rejected) => {
                matches!(rejected, OcspRejected::NoMatchingEntry { .. } | OcspRejected::OtherIssuer)
            }
            Self::Crl(rejected) => matches!(
                rejected,
                CrlRejected::IssuerMismatch
                    | CrlRejected::DistributionPointMismatch
                    | CrlRejected::NoReasons
                    | CrlRejected::OnlyAttributeCertificates
                    | CrlRejected::OnlyCaCertificates
                    | CrlRejected::OnlyUserCertificates
                    | CrlRejected::Superseded
            ),
            _ => false,
        }
    }

    /// The values compared.
    #[must_use]
    pub fn details(&self) -> Vec<(&'static str, Value)> {
        match self {
            Self::Crl(rejected) => crl_details(rejected),
            Self::Ocsp(rejected) => ocsp_details(rejected),
            Self::CrlMalformed(malformed) => malformed_details(malformed),
            Self::OcspTooLarge { octets } => vec![("octets", Value::count(*octets))],
            _ => Vec::new(),
        }
    }
}

fn unavailable_code(reason: UnavailableReason) -> &'static str {
    match reason {
        UnavailableReason::Offline => "unavailable.offline",
        UnavailableReason::ForbiddenAddress => "unavailable.forbidden-address",
        UnavailableReason::UnsupportedUri => "unavailable.unsupported-uri",
        UnavailableReason::NameResolution => "unavailable.name-resolution",
        UnavailableReason::Connection => "unavailable.connection",
        UnavailableReason::Timeout => "unavailable.timeout",
        UnavailableReason::TooLarge => "unavailable.too-large",
        UnavailableReason::Redirect => "unavailable.redirect",
        UnavailableReason::HttpStatus => "unavailable.http-status",
        UnavailableReason::ContentType => "unavailable.content-type",
        UnavailableReason::CrossOrigin => "unavailable.cross-origin",
    }
}

fn malformed_details(malformed: &Malformed) -> Vec<(&'static str, Value)> {
    malformed.details().into_iter().map(|detail| (detail.name, detail.value)).collect()
}

fn ocsp_details(rejected: &OcspRejected) -> Vec<(&'static str, Value)> {
    match rejected {
        OcspRejected::Malformed(malformed) | OcspRejected::ResponderCertificateMalformed(malformed) => {
            malformed_details(malformed)
        }
        OcspRejected::NoMatchingEntry { entries } => vec![("entries", Value::count(*entries))],
        OcspRejected::NonceLength { octets } => vec![("octets", Value::count(*octets))],
        OcspRejected::NotAuthorised(refused) => vec![
            ("delegated", Value::text(refused.delegated.code())),
            ("designated", Value::text(refused.designated.code())),
        ],
        OcspRejected::NotFresh(not_fresh) => freshness_details(not_fresh),
        OcspRejected::OtherType(kind) => vec![("type", Value::Oid(kind.clone()))],
        OcspRejected::ProducedInFuture { produced_at, at } => {
            vec![("producedAt", Value::Time(*produced_at)), ("at", Value::Time(*at))]
        }
        OcspRejected::ProducedOutsideValidity { produced_at } => {
            vec![("producedAt", Value::Time(*produced_at))]
        }
        OcspRejected::Signature(SignatureRefused::AlgorithmNotAccepted(algorithm)) => {
            vec![("algorithm", Value::text(algorithm.word()))]
        }
        OcspRejected::UnknownCriticalExtension { kind, .. } => vec![("extension", Value::Oid(kind.clone()))],
        _ => Vec::new(),
    }
}

fn freshness_details(not_fresh: &NotFresh) -> Vec<(&'static str, Value)> {
    match not_fresh {
        NotFresh::Reversed(window) => {
            let next = window.next_update.map(|next| ("nextUpdate", Value::Time(next)));
            [("thisUpdate", Value::Time(window.this_update))].into_iter().chain(next).collect()
        }
        NotFresh::Stale { next_update, at } => {
            vec![("nextUpdate", Value::Time(*next_update)), ("at", Value::Time(*at))]
        }
        NotFresh::TooOld { this_update, maximum_age_seconds, at } => vec![
            ("thisUpdate", Value::Time(*this_update)),
            ("maximumAgeSeconds", Value::Number((*maximum_age_seconds).into())),
            ("at", Value::Time(*at)),
        ],
        NotFresh::TooSoon { this_update, at } => {
            vec![("thisUpdate", Value::Time(*this_update)), ("at", Value::Time(*at))]
        }
    }
}

fn crl_details(rejected: &CrlRejected) -> Vec<(&'static str, Value)> {
    match rejected {
        CrlRejected::AlgorithmNotAccepted(algorithm) => vec![("algorithm", Value::text(algorithm.word()))],
        CrlRejected::CriticalEntryExtension(kind) | CrlRejected::CriticalExtension(kind) => {
            vec![("extension", Value::Oid(kind.clone()))]
        }
        CrlRejected::DeltaBaseMismatch { base } => vec![("base", Value::Octets(base.octets().to_vec()))],
        CrlRejected::Expired { next_update, at } => {
            vec![("nextUpdate", Value::Time(*next_update)), ("at", Value::Time(*at))]
        }
        CrlRejected::NotYetValid { this_update, at } => {
            vec![("thisUpdate", Value::Time(*this_update)), ("at", Value::Time(*at))]
        }
        CrlRejected::TooOld { this_update, maximum_age_seconds, at } => vec![
            ("thisUpdate", Value::Time(*this_update)),
            ("maximumAgeSeconds", Value::Number((*maximum_age_seconds).into())),
            ("at", Value::Time(*at)),
        ],
        _ => Vec::new(),
    }
}
