//! A verdict in the form that the engine writes it, here and on the server. Nothing is judged: the decision is read.

use serde::Deserialize;

use super::plan::Detail;

/// The whole answer.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(default, rename_all = "kebab-case")]
pub(crate) struct Verdict {
    /// `allow`; whatever else it says is no permission.
    pub(crate) decision: String,
    /// The path that was accepted, or the one that came closest; the target first.
    pub(crate) path: Vec<PathCertificate>,
    /// What was found on it.
    pub(crate) findings: Vec<Finding>,
    /// Every other path that was tried.
    pub(crate) refused: Vec<RefusedPath>,
    /// How many more there are than are listed.
    pub(crate) refused_unlisted: u32,
    /// The valid policies.
    pub(crate) valid_policies: Vec<String>,
    /// Work done.
    pub(crate) spent: Vec<Expense>,
    /// The moment it is decided for.
    pub(crate) at: String,
    /// Until when the same evidence gives the same answer.
    pub(crate) holds_until: Option<String>,
    /// When it is worth asking again.
    pub(crate) ask_again: Option<String>,
    /// SHA-256 of the settings, hexadecimal.
    pub(crate) settings_hash: String,
    /// SHA-256 of everything in it, hexadecimal.
    pub(crate) trace_hash: String,
}

impl Verdict {
    /// Whether the certificate may be trusted: only where that is what it says.
    pub(crate) fn allows(&self) -> bool {
        self.decision == "allow"
    }

    /// The certificate of the path with this fingerprint.
    pub(crate) fn certificate(&self, fingerprint: &str) -> Option<&PathCertificate> {
        self.path.iter().find(|certificate| certificate.fingerprint == fingerprint)
    }
}

/// A certificate of a path.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(default, rename_all = "kebab-case")]
pub(crate) struct PathCertificate {
    /// SHA-256 of its encoding, hexadecimal.
    pub(crate) fingerprint: String,
    /// Subject.
    pub(crate) subject: String,
    /// Issuer.
    pub(crate) issuer: String,
    /// Serial number, hexadecimal.
    pub(crate) serial_number: String,
    /// notBefore.
    pub(crate) not_before: String,
    /// notAfter.
    pub(crate) not_after: String,
    /// Its key.
    pub(crate) key: String,
    /// What it is signed with.
    pub(crate) signed_with: String,
    /// It is the trust anchor.
    pub(crate) anchor: bool,
    /// Whether it is revoked.
    pub(crate) status: Status,
    /// What that rests on.
    pub(crate) checks: Vec<Check>,
}

/// A revocation status.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
pub(crate) struct Status {
    /// `good`, `revoked`, `unknown`, `undetermined` or `not-asked`.
    pub(crate) status: String,
    /// Why.
    pub(crate) reason: Option<String>,
    /// Since when.
    pub(crate) at: Option<String>,
}

/// A source of revocation status that was looked at.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
pub(crate) struct Check {
    /// `ocsp` or `crl`.
    pub(crate) source: String,
    /// Where it was asked.
    pub(crate) uri: Option<String>,
    /// SHA-256 of what it said.
    pub(crate) evidence: Option<String>,
    /// A status, or why it says nothing.
    pub(crate) outcome: String,
    /// The values compared.
    pub(crate) details: Vec<Detail>,
    /// Why it is believed.
    pub(crate) acceptance: Option<Acceptance>,
}

/// Why an answer is believed, and for how long.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(default, rename_all = "kebab-case")]
pub(crate) struct Acceptance {
    /// The trust model.
    pub(crate) model: String,
    /// Why the delegated model refused the signer.
    pub(crate) delegated_refused: Option<String>,
    /// Who signed.
    pub(crate) signer_subject: String,
    /// thisUpdate.
    pub(crate) this_update: String,
    /// The last moment at which it is fresh.
    pub(crate) fresh_until: String,
    /// What bounds that.
    pub(crate) bounded_by: String,
    /// What it says about the certificate having been issued.
    pub(crate) issuance: String,
}

/// A rule that was, or was not, met.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
pub(crate) struct Finding {
    /// Stable code.
    pub(crate) code: String,
    /// `deny`, `warn` or `inform`.
    pub(crate) severity: String,
    /// The certificate concerned, hexadecimal.
    pub(crate) certificate: Option<String>,
    /// The clause.
    pub(crate) clause: String,
    /// Identifiers in the catalogue.
    pub(crate) rules: Vec<String>,
    /// The values compared.
    pub(crate) details: Vec<Detail>,
    /// What would flip it.
    pub(crate) counterfactual: Option<Change>,
}

/// The smallest change that would flip a finding.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
pub(crate) struct Change {
    /// Its kind.
    pub(crate) change: String,
    /// With which values.
    pub(crate) details: Vec<Detail>,
}

/// A path that was refused.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
pub(crate) struct RefusedPath {
    /// Fingerprints, the target first.
    pub(crate) certificates: Vec<String>,
    /// Why.
    pub(crate) findings: Vec<Finding>,
}

/// One counter of work.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
pub(crate) struct Expense {
    /// The limit's name.
    pub(crate) limit: String,
    /// Spent.
    pub(crate) spent: u32,
    /// Allowed.
    pub(crate) allowed: u32,
}

/// The values that go with a code, for `engine-wording`.
pub(crate) fn values(details: &[Detail]) -> Vec<(&str, String)> {
    details.iter().map(|detail| (detail.name.as_str(), detail.text())).collect()
}
