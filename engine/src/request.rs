//! `Request`: the question, fully checked on construction; not the evidence. Inputs carry their names of
//! RFC 5280 6.1.1; the policy inputs of that clause are settings.

use crate::certificate::Certificate;
use crate::der::{Malformed, Problem};
use crate::finding::{Detail, Value};
use crate::path::identity::ReferenceIdentifier;
use crate::settings::{Purpose, Settings};
use crate::time::Instant;

/// A question whose parts are all usable.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Request {
    /// The certificate asked about.
    pub target: Certificate,
    /// Certificates that may help to build a path.
    pub untrusted: Vec<Certificate>,
    /// Those that were offered but could not be decoded: their place among the offered, and why.
    pub left_aside: Vec<(usize, Malformed)>,
    /// The moment of validation.
    pub at: Instant,
    /// The purpose; `None` asks for no particular usage.
    pub purpose: Option<Purpose>,
    /// Reference identifiers, one of which must match; empty asks for no name.
    pub names: Vec<ReferenceIdentifier>,
    /// What the nonces of OCSP requests are made from; `None` sends none.
    pub nonce_seed: Option<Vec<u8>>,
    /// The host answers signature checks.
    pub answers_signature_checks: bool,
}

/// The question as a host puts it, nothing checked.
#[derive(Clone, Debug, Default)]
pub struct Question<'a> {
    /// The certificate asked about, DER.
    pub target: &'a [u8],
    /// Certificates that may help to build a path, DER.
    pub untrusted: Vec<&'a [u8]>,
    /// The moment of validation, in seconds since 1970-01-01T00:00:00Z.
    pub at: i64,
    /// The purpose by name.
    pub purpose: Option<&'a str>,
    /// Reference identifiers.
    pub names: Vec<ReferenceIdentifier>,
    /// [`NONCE_SEED_OCTETS`] octets that nobody can guess; `None` where requests carry no nonce.
    pub nonce_seed: Option<&'a [u8]>,
    /// The host answers signature checks.
    pub answers_signature_checks: bool,
}

/// How many octets a nonce seed has: as many as a nonce (RFC 9654 2.1).
pub const NONCE_SEED_OCTETS: usize = 32;

/// Why a question cannot be judged at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unusable {
    /// The same signature check is answered both ways.
    ContradictoryAnswers {
        /// The check's identifier.
        id: String,
    },
    /// The certificate asked about is not a certificate.
    Target(Malformed),
    /// The nonce seed has another length than [`NONCE_SEED_OCTETS`].
    NonceSeed {
        /// Its octets.
        octets: usize,
    },
    /// More OCSP responses and CRLs than the settings allow in one question.
    TooMuchStatusEvidence {
        /// How many were given.
        found: usize,
        /// How many are allowed.
        limit: u32,
    },
    /// No purpose of this name is defined.
    Purpose {
        /// The name asked for.
        found: String,
        /// The names that are defined.
        defined: Vec<String>,
    },
    /// More certificates than the settings allow in one request.
    TooManyCertificates {
        /// How many were given, the target included.
        found: usize,
        /// How many are allowed.
        limit: u32,
    },
}

impl Request {
    /// Checks every part of a question.
    ///
    /// # Errors
    /// [`Unusable`]. An untrusted certificate that cannot be decoded is no error: it is left aside.
    pub fn new(question: &Question<'_>, settings: &Settings) -> Result<Self, Unusable> {
        check_count(question, settings)?;
        let target = decode(question.target, settings).map_err(Unusable::Target)?;
        let mut untrusted = Vec::new();
        let mut left_aside = Vec::new();
        for (place, der) in question.untrusted.iter().enumerate() {
            match decode(der, settings) {
                Ok(certificate) => untrusted.push(certificate),
                Err(malformed) => left_aside.push((place, malformed)),
            }
        }
        let purpose = question.purpose.map(|name| purpose(name, settings)).transpose()?;
        Ok(Self {
            target,
            untrusted,
            left_aside,
            at: Instant::from_unix(question.at),
            purpose,
            names: question.names.clone(),
            nonce_seed: question.nonce_seed.map(nonce_seed).transpose()?,
            answers_signature_checks: question.answers_signature_checks,
        })
    }
}

fn check_count(question: &Question<'_>, settings: &Settings) -> Result<(), Unusable> {
    let found = question.untrusted.len().saturating_add(1);
    let limit = settings.limits.certificates;
    let fits = u32::try_from(found).is_ok_and(|count| count <= limit);
    if fits { Ok(()) } else { Err(Unusable::TooManyCertificates { found, limit }) }
}

/// A short seed would make nonces that can be guessed.
fn nonce_seed(seed: &[u8]) -> Result<Vec<u8>, Unusable> {
    if seed.len() == NONCE_SEED_OCTETS {
        Ok(seed.to_vec())
    } else {
        Err(Unusable::NonceSeed { octets: seed.len() })
    }
}

fn purpose(name: &str, settings: &Settings) -> Result<Purpose, Unusable> {
    settings.purpose(name).cloned().ok_or_else(|| Unusable::Purpose {
        found: name.to_owned(),
        defined: settings.purposes.iter().map(|purpose| purpose.name.clone()).collect(),
    })
}

/// Decodes a certificate within the size the settings allow.
///
/// # Errors
/// [`Malformed`], with [`Problem::TooLarge`] when it is too large to be looked at.
pub fn decode(der: &[u8], settings: &Settings) -> Result<Certificate, Malformed> {
    let limit = usize::try_from(settings.limits.certificate_octets).unwrap_or(usize::MAX);
    if der.len() > limit {
        return Err(Malformed { offset: 0, field: "certificate", problem: Problem::TooLarge { limit } });
    }
    Certificate::decode(der)
}

impl Unusable {
    /// The stable text of this reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::ContradictoryAnswers { .. } => "question.contradictory-answers",
            Self::Target(_) => "input.malformed",
            Self::NonceSeed { .. } => "question.nonce-seed",
            Self::TooMuchStatusEvidence { .. } => "question.too-much-status-evidence",
            Self::Purpose { .. } => "question.unknown-purpose",
            Self::TooManyCertificates { .. } => "question.too-many-certificates",
        }
    }

    /// The values compared.
    #[must_use]
    pub fn details(&self) -> Vec<Detail> {
        let detail = |name, value| Detail { name, value };
        match self {
            Self::ContradictoryAnswers { id } => vec![detail("check", Value::text(id))],
            Self::Target(malformed) => malformed.details(),
            Self::NonceSeed { octets } => {
                let expected = detail("expected", Value::count(NONCE_SEED_OCTETS));
                vec![detail("found", Value::count(*octets)), expected]
            }
            Self::Purpose { found, defined } => {
                vec![detail("found", Value::text(found)), detail("defined", Value::text(defined.join(", ")))]
            }
            Self::TooManyCertificates { found, limit } | Self::TooMuchStatusEvidence { found, limit } => {
                vec![detail("found", Value::count(*found)), detail("limit", Value::Number((*limit).into()))]
            }
        }
    }
}
