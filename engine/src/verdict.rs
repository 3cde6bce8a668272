//! `Verdict`: the decision and everything it rests on, as values. It computes nothing but its own canonical
//! form: one JSON document, and the hash over it.

use serde::Serialize;

use crate::budget::{Limits, Spent};
use crate::certificate::Certificate;
use crate::finding::counterfactual::Counterfactual;
use crate::finding::{Finding, Severity, trace};
use crate::revocation::RevocationStatus;
use crate::revocation::record::{CertificateStatus, StatusCheck};
use crate::signature;
use crate::time::Instant;

pub(crate) mod form;

use form::{hexadecimal, hexadecimal_list, optional_time, time};

/// The most refused paths a verdict lists.
pub const MAXIMUM_REFUSED_LISTED: usize = 32;

/// Whether the certificate may be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// It may.
    Allow,
    /// It may not.
    Deny,
}

/// The whole answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Verdict {
    /// The decision.
    pub decision: Decision,
    /// The moment of validation.
    #[serde(serialize_with = "time")]
    pub at: Instant,
    /// The last moment at which the same path is still valid; `None` for a deny.
    #[serde(serialize_with = "optional_time")]
    pub holds_until: Option<Instant>,
    /// When it is worth asking again with fresh evidence; `None` where nothing new is to be expected.
    #[serde(serialize_with = "optional_time")]
    pub ask_again: Option<Instant>,
    /// The path that was accepted or, when none was, the one refused for the most specific reason.
    pub path: Vec<PathCertificate>,
    /// What rules observed on that path, and on the question as a whole.
    pub findings: Vec<Reported>,
    /// The other paths that were tried and refused, in order.
    pub refused: Vec<RefusedPath>,
    /// How many more were refused than are listed.
    pub refused_unlisted: u32,
    /// Valid policies under authority and user constraints; `any` stands for anyPolicy.
    pub valid_policies: Vec<String>,
    /// Work done.
    pub spent: Vec<Expense>,
    /// SHA-256 of the settings in force.
    #[serde(serialize_with = "hexadecimal")]
    pub settings_hash: [u8; 32],
}

/// One certificate of a path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct PathCertificate {
    /// SHA-256 of its encoding.
    #[serde(serialize_with = "hexadecimal")]
    pub fingerprint: [u8; 32],
    /// Subject, RFC 4514 text.
    pub subject: String,
    /// Issuer, RFC 4514 text.
    pub issuer: String,
    /// Serial number, hexadecimal.
    pub serial_number: String,
    /// notBefore.
    #[serde(serialize_with = "time")]
    pub not_before: Instant,
    /// notAfter.
    #[serde(serialize_with = "time")]
    pub not_after: Instant,
    /// Subject public key, such as `rsa 2048`.
    pub key: String,
    /// What it was signed with.
    pub signed_with: String,
    /// It is the trust anchor.
    pub anchor: bool,
    /// Its revocation status.
    pub status: RevocationStatus,
    /// What the status rests on.
    pub checks: Vec<StatusCheck>,
}

impl PathCertificate {
    /// What is shown of a certificate; `status` is `None` where nobody looked for it.
    #[must_use]
    pub fn of(certificate: &Certificate, anchor: bool, status: Option<&CertificateStatus>) -> Self {
        let algorithm = &certificate.signature_algorithm;
        let signed_with = signature::identify(algorithm)
            .map_or_else(|_| algorithm.algorithm.to_string(), |known| known.word().to_owned());
        Self {
            fingerprint: certificate.fingerprint,
            subject: certificate.subject.to_string(),
            issuer: certificate.issuer.to_string(),
            serial_number: trace::hexadecimal(&certificate.serial_number),
            not_before: certificate.validity.not_before,
            not_after: certificate.validity.not_after,
            key: certificate.public_key.describe(),
            signed_with,
            anchor,
            status: status.map_or(RevocationStatus::NotAsked, |status| status.status.clone()),
            checks: status.map(|status| status.checks.clone()).unwrap_or_default(),
        }
    }
}

/// A finding with the change that would flip it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reported {
    /// The finding.
    pub finding: Finding,
    /// The smallest change that flips it.
    pub counterfactual: Option<Counterfactual>,
}

/// A path that was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct RefusedPath {
    /// Fingerprints of its certificates, the target first.
    #[serde(serialize_with = "hexadecimal_list")]
    pub certificates: Vec<[u8; 32]>,
    /// Why.
    pub findings: Vec<Reported>,
}

/// One counter of work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Expense {
    /// The limit's name in a policy document.
    pub limit: &'static str,
    /// How much was spent.
    pub spent: u32,
    /// How much was allowed.
    pub allowed: u32,
}

impl Expense {
    /// Every counter beside its limit.
    #[must_use]
    pub fn all(spent: Spent, limits: &Limits) -> Vec<Self> {
        let row = |limit, spent, allowed| Self { limit, spent, allowed };
        vec![
            row("signatures", spent.signatures, limits.signatures),
            row("signature-cost", spent.signature_cost, limits.signature_cost),
            row("build-steps", spent.build_steps, limits.build_steps),
            row("candidate-paths", spent.candidate_paths, limits.candidate_paths),
            row("name-comparisons", spent.name_comparisons, limits.name_comparisons),
            row("policy-edges", spent.policy_edges, limits.policy_edges),
            row("rule-steps", spent.rule_steps, limits.rule_steps),
        ]
    }
}

/// A verdict as it leaves the engine: its document and the hash over its trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// The verdict.
    pub verdict: Verdict,
    /// SHA-256 over the canonical trace.
    pub trace_hash: [u8; 32],
    /// The verdict and its hash as one JSON document.
    pub document: String,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Document<'a> {
    #[serde(serialize_with = "hexadecimal")]
    trace_hash: [u8; 32],
    #[serde(flatten)]
    verdict: &'a Verdict,
}

impl Verdict {
    /// Writes the canonical document and hashes it.
    #[must_use]
    pub fn seal(self) -> Sealed {
        // Serialising these types cannot fail: no map has other keys than text, and no writer is involved.
        let canonical = serde_json::to_vec(&self).unwrap_or_default();
        let trace_hash = trace::hash(&canonical);
        let document = serde_json::to_string(&Document { trace_hash, verdict: &self }).unwrap_or_default();
        Sealed { verdict: self, trace_hash, document }
    }
}

impl Severity {
    /// The word used in documents.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Inform => "inform",
            Self::Warn => "warn",
            Self::Deny => "deny",
        }
    }
}
