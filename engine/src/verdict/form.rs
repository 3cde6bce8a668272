//! How values stand in a verdict's document: times as in RFC 3339, octets in hexadecimal, statuses and findings as
//! objects. The same value always has the same text.

use serde::{Serialize, Serializer};

use super::Reported;
use crate::finding::{Detail, Value, trace};
use crate::policy::status::source_word;
use crate::revocation::record::{Acceptance, CheckOutcome, StatusCheck};
use crate::revocation::{Revocation, RevocationStatus};
use crate::time::Instant;

impl Serialize for RevocationStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Default, Serialize)]
        struct Fields {
            status: &'static str,
            #[serde(skip_serializing_if = "Option::is_none")]
            at: Option<String>,
            #[serde(skip_serializing_if = "Option::is_none")]
            reason: Option<&'static str>,
        }
        let fields = match self {
            Self::Good => Fields { status: "good", ..Fields::default() },
            Self::Revoked(Revocation { at, reason }) => Fields {
                status: "revoked",
                at: Some(at.to_string()),
                reason: reason.map(|reason| reason.word()),
            },
            Self::Unknown => Fields { status: "unknown", ..Fields::default() },
            Self::Undetermined(reason) => {
                Fields { status: "undetermined", reason: Some(reason.code()), at: None }
            }
            Self::NotAsked => Fields { status: "not-asked", ..Fields::default() },
        };
        fields.serialize(serializer)
    }
}

impl Serialize for StatusCheck {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Fields<'a> {
            source: &'static str,
            uri: Option<&'a str>,
            request: Option<&'a str>,
            evidence: Option<String>,
            outcome: &'static str,
            details: Vec<DetailFields>,
            acceptance: Option<&'a Acceptance>,
        }
        let details = self.details();
        Fields {
            source: source_word(self.source),
            uri: self.uri.as_deref(),
            request: self.request.as_deref(),
            evidence: self.evidence.map(|evidence| trace::hexadecimal(&evidence)),
            outcome: self.outcome.code(),
            details: details.iter().map(DetailFields::of).collect(),
            acceptance: self.acceptance.as_deref(),
        }
        .serialize(serializer)
    }
}

impl StatusCheck {
    /// The values compared, or those of a revocation.
    #[must_use]
    pub fn details(&self) -> Vec<Detail> {
        let values = match &self.outcome {
            CheckOutcome::Good | CheckOutcome::Unknown => Vec::new(),
            CheckOutcome::Revoked(revocation) => revocation_values(revocation),
            CheckOutcome::RevokedBefore(revocation) => {
                let mut values = revocation_values(revocation);
                values.push(("lapsed", Value::text("yes")));
                values
            }
            CheckOutcome::Nothing(reason) => reason.details(),
        };
        values.into_iter().map(|(name, value)| Detail { name, value: value.cut() }).collect()
    }
}

fn revocation_values(revocation: &Revocation) -> Vec<(&'static str, Value)> {
    let reason = revocation.reason.map(|reason| ("reason", Value::text(reason.word())));
    [("at", Value::Time(revocation.at))].into_iter().chain(reason).collect()
}

impl Serialize for Acceptance {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        #[serde(rename_all = "kebab-case")]
        struct Fields<'a> {
            model: &'static str,
            delegated_refused: Option<&'static str>,
            signer: String,
            signer_subject: &'a str,
            this_update: String,
            produced_at: Option<String>,
            fresh_until: String,
            bounded_by: &'static str,
            issuance: &'static str,
            extensions: Vec<ExtensionFields>,
        }
        #[derive(Serialize)]
        struct ExtensionFields {
            oid: String,
            critical: bool,
            value: String,
            claim: Option<&'static str>,
        }
        let extensions = self.extensions.iter().map(|extension| ExtensionFields {
            oid: extension.kind.to_string(),
            critical: extension.critical,
            value: trace::hexadecimal(&extension.value),
            claim: extension.claim.word(),
        });
        Fields {
            model: self.model.word(),
            delegated_refused: self.delegated_refused,
            signer: trace::hexadecimal(&self.signer),
            signer_subject: &self.signer_subject,
            this_update: self.this_update.to_string(),
            produced_at: self.produced_at.map(|time| time.to_string()),
            fresh_until: self.fresh_until.until.to_string(),
            bounded_by: self.fresh_until.by.word(),
            issuance: self.issuance.word(),
            extensions: extensions.collect(),
        }
        .serialize(serializer)
    }
}

impl Serialize for Reported {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        #[serde(rename_all = "kebab-case")]
        struct Fields {
            code: &'static str,
            severity: &'static str,
            position: Option<usize>,
            certificate: Option<String>,
            clause: &'static str,
            rules: Vec<String>,
            details: Vec<DetailFields>,
            counterfactual: Option<Change>,
        }
        #[derive(Serialize)]
        struct Change {
            change: &'static str,
            details: Vec<DetailFields>,
        }
        let finding = &self.finding;
        Fields {
            code: finding.code.as_str(),
            severity: finding.severity.word(),
            position: finding.subject.map(|subject| subject.position),
            certificate: finding.subject.map(|subject| trace::hexadecimal(&subject.fingerprint)),
            clause: finding.code.clause(),
            rules: finding.rules(),
            details: finding.details.iter().map(DetailFields::of).collect(),
            counterfactual: self.counterfactual.as_ref().map(|change| Change {
                change: change.change,
                details: change.details.iter().map(DetailFields::of).collect(),
            }),
        }
        .serialize(serializer)
    }
}

#[derive(Serialize)]
pub(crate) struct DetailFields {
    name: &'static str,
    #[serde(flatten)]
    value: ValueFields,
}

#[derive(Serialize)]
#[serde(tag = "type", content = "value", rename_all = "kebab-case")]
enum ValueFields {
    Number(u64),
    Octets(String),
    Oid(String),
    Text(String),
    Time(String),
}

impl DetailFields {
    pub(crate) fn of(detail: &Detail) -> Self {
        let value = match &detail.value {
            Value::Number(number) => ValueFields::Number(*number),
            Value::Octets(octets) => ValueFields::Octets(trace::hexadecimal(octets)),
            Value::Oid(oid) => ValueFields::Oid(oid.to_string()),
            Value::Text(text) => ValueFields::Text(text.clone()),
            Value::Time(time) => ValueFields::Time(time.to_string()),
        };
        Self { name: detail.name, value }
    }
}

pub(super) fn hexadecimal<S: Serializer>(octets: &[u8; 32], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&trace::hexadecimal(octets))
}

pub(super) fn hexadecimal_list<S: Serializer>(list: &[[u8; 32]], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(list.iter().map(|octets| trace::hexadecimal(octets)))
}

pub(super) fn time<S: Serializer>(time: &Instant, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(time)
}

pub(super) fn optional_time<S: Serializer>(time: &Option<Instant>, serializer: S) -> Result<S::Ok, S::Error> {
    match time {
        Some(time) => serializer.collect_str(time),
        None => serializer.serialize_none(),
    }
}
