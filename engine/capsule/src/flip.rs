//! What becomes of a decision under another policy: whether it flips, and the findings that make it. It reads the two
//! verdict documents and compares what they say; why a policy says so, and which is right, is not its business.
//!
//! A flip is told by the path it is about. Where a path was accepted and the other verdict shows another, because it shows
//! the refusal that says most, the findings are those that the other verdict has of the *same* path.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::content::Decision;
use crate::count::Class;
use crate::difference;
use crate::octets::Digest;
use crate::record::Record;

/// A decision beside the one under another policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Compared {
    /// The certificate that was asked about.
    pub certificate: Concerned,
    /// What was decided.
    pub before: Decision,
    /// What is decided under the other policy.
    pub after: Decision,
    /// Where the decision flips, the findings that make it.
    pub causes: Vec<Cause>,
    /// Where it does not, what else is another than it was, in lines; nothing where both say the same.
    pub otherwise: Vec<String>,
}

/// The certificate that a decision is about, as its verdict document has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Concerned {
    /// Subject, RFC 4514 text, possibly from hostile input; empty where it has none.
    pub subject: String,
    /// Serial number, hexadecimal.
    pub serial_number: String,
    /// SHA-256 of its encoding, in hexadecimal.
    pub fingerprint: String,
}

/// A finding that makes a decision flip.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Cause {
    /// Whether it denies now, or denied.
    pub change: Change,
    /// Its stable code.
    pub code: String,
    /// The rules of the catalogue behind it; of a rule of the deployment's own, its name after `own:`.
    pub rules: Vec<String>,
    /// The clause that it rests on.
    pub clause: String,
    /// The place of its certificate in the path; `None` where it is about the question as a whole.
    pub position: Option<u64>,
    /// What it says, in one sentence.
    pub sentence: String,
    /// What it weighs under the other of both policies, where it is found there, too, and does not deny: `warn` or `inform`.
    pub elsewhere: Option<String>,
    /// The deployment's own rule.
    pub own: Option<OwnRule>,
}

/// Which verdict a finding denies in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// In the one under the other policy: what was allowed is denied.
    New,
    /// In the one that was recorded: what was denied is allowed.
    Gone,
}

/// A rule of a deployment's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct OwnRule {
    /// Its name in the policy document.
    pub rule: String,
    /// What its author has told.
    pub message: String,
    /// Its expression.
    pub expression: String,
}

/// What became of a recorded decision under another policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is decided with the evidence that was recorded.
    Decided(Compared),
    /// The other policy asks for what was not recorded.
    AsksForMore {
        /// For what, in the order in which it asked.
        asked: Vec<String>,
        /// What is decided where that cannot be had.
        then: Compared,
    },
    /// The question is none under the other policy: it has no such purpose, say.
    CannotBeAsked {
        /// The certificate that was asked about.
        certificate: Concerned,
        /// What was decided.
        before: Decision,
        /// Why, in one sentence.
        reason: String,
    },
}

/// Why two verdicts cannot be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotComparable {
    /// The recorded document is no verdict.
    NoVerdict,
    /// The recorded document says another decision, or is about another certificate, than the record.
    Contradiction,
    /// The other document is no verdict.
    NoOther,
}

impl fmt::Display for NotComparable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoVerdict => "its verdict document is no verdict",
            Self::Contradiction => "its verdict document contradicts the rest of it",
            Self::NoOther => "the document under the other policy is no verdict",
        })
    }
}

impl std::error::Error for NotComparable {}

impl Outcome {
    /// Under what it counts.
    #[must_use]
    pub fn class(&self) -> Class {
        match self {
            Self::Decided(compared) => compared.class(),
            Self::AsksForMore { .. } => Class::AsksForMore,
            Self::CannotBeAsked { .. } => Class::CannotBeAsked,
        }
    }

    /// The comparison of decisions, where there are two.
    #[must_use]
    pub fn compared(&self) -> Option<&Compared> {
        match self {
            Self::Decided(compared) | Self::AsksForMore { then: compared, .. } => Some(compared),
            Self::CannotBeAsked { .. } => None,
        }
    }

    /// Whether another answer would be given than was: a flip, also of what asks for more, or no decision at all.
    #[must_use]
    pub fn is_flip(&self) -> bool {
        self.compared().is_none_or(|compared| compared.before != compared.after)
    }
}

impl Concerned {
    /// The certificate that a record is about.
    ///
    /// # Errors
    /// [`NotComparable`].
    pub fn of(record: &Record) -> Result<Self, NotComparable> {
        Recorded::of(record).map(|recorded| concerned(&recorded.document))
    }
}

impl Compared {
    /// Compares a record with the verdict document under another policy.
    ///
    /// # Errors
    /// [`NotComparable`].
    pub fn of(record: &Record, after: &str) -> Result<Self, NotComparable> {
        Recorded::of(record)?.beside(after)
    }

    /// Compares two verdict documents about one certificate.
    ///
    /// # Errors
    /// [`NotComparable`].
    pub fn between(before: &str, after: &str) -> Result<Self, NotComparable> {
        Recorded::read(before)?.beside(after)
    }

    /// Under what it counts.
    #[must_use]
    pub fn class(&self) -> Class {
        match (self.before, self.after) {
            (Decision::Allow, Decision::Deny) => Class::AllowToDeny,
            (Decision::Deny, Decision::Allow) => Class::DenyToAllow,
            _ if self.otherwise.is_empty() => Class::Same,
            _ => Class::Otherwise,
        }
    }
}

/// A verdict document that was read.
struct Recorded {
    document: Value,
    decision: Decision,
}

impl Recorded {
    fn read(document: &str) -> Result<Self, NotComparable> {
        let document: Value = serde_json::from_str(document).map_err(|_| NotComparable::NoVerdict)?;
        let decision = difference::decision(&document).ok_or(NotComparable::NoVerdict)?;
        Ok(Self { document, decision })
    }

    /// That of a record. Its hashes only show that its parts belong together: whether they agree is looked at here.
    fn of(record: &Record) -> Result<Self, NotComparable> {
        let recorded = Self::read(&record.document)?;
        let fingerprint = Digest(Sha256::digest(&record.question.target.0).into()).to_string();
        let is_about_it = concerned(&recorded.document).fingerprint == fingerprint;
        if recorded.decision == record.verdict.decision && is_about_it {
            Ok(recorded)
        } else {
            Err(NotComparable::Contradiction)
        }
    }

    fn beside(&self, after: &str) -> Result<Compared, NotComparable> {
        let other = Self::read(after).map_err(|_| NotComparable::NoOther)?;
        let (before, after) = (&self.document, &other.document);
        let causes = match (self.decision, other.decision) {
            (Decision::Allow, Decision::Deny) => causes(Change::New, (after, before)),
            (Decision::Deny, Decision::Allow) => causes(Change::Gone, (before, after)),
            _ => Vec::new(),
        };
        let is_flip = self.decision != other.decision;
        Ok(Compared {
            certificate: concerned(before),
            before: self.decision,
            after: other.decision,
            causes,
            otherwise: if is_flip { Vec::new() } else { otherwise(before, after) },
        })
    }
}

/// The certificate that a document is about: the first of its path.
fn concerned(document: &Value) -> Concerned {
    let certificate = document.pointer("/path/0").unwrap_or(&Value::Null);
    Concerned {
        subject: text(certificate, "subject"),
        serial_number: text(certificate, "serial-number"),
        fingerprint: text(certificate, "fingerprint"),
    }
}

/// The findings of the verdict that denies which deny the path that the other one accepts.
fn causes(change: Change, (denying, allowing): (&Value, &Value)) -> Vec<Cause> {
    let accepted: Vec<&str> = list(allowing, "path").map(|one| word(one, "fingerprint")).collect();
    let known: Vec<&Value> = list(allowing, "findings").collect();
    denials(denying, &accepted).into_iter().map(|finding| cause(change, finding, &known)).collect()
}

/// The findings that deny this path; those of the path that is shown, where it is not among those that were tried.
fn denials<'d>(document: &'d Value, path: &[&str]) -> Vec<&'d Value> {
    let denies = |finding: &&Value| word(finding, "severity") == "deny";
    let shown = || list(document, "findings").filter(denies);
    let is_shown = list(document, "path").map(|one| word(one, "fingerprint")).eq(path.iter().copied());
    let is_this = |refused: &&Value| {
        list(refused, "certificates").map(|one| one.as_str().unwrap_or_default()).eq(path.iter().copied())
    };
    match list(document, "refused").find(is_this) {
        Some(refused) if !is_shown => {
            // what is wrong with the question as a whole refuses every path
            let whole = shown().filter(|finding| finding.get("position").is_none_or(Value::is_null));
            list(refused, "findings").filter(denies).chain(whole).collect()
        }
        _ => shown().collect(),
    }
}

fn cause(change: Change, finding: &Value, known: &[&Value]) -> Cause {
    let values = values(finding);
    let values: Vec<(&str, String)> =
        values.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
    let value = |wanted: &str| {
        let found = values.iter().find(|(name, _)| *name == wanted);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let code = word(finding, "code");
    let rules: Vec<String> = list(finding, "rules").filter_map(Value::as_str).map(str::to_owned).collect();
    let own = rules.iter().any(|rule| rule.starts_with("own:")).then(|| OwnRule {
        rule: value("rule"),
        message: value("message"),
        expression: value("expression"),
    });
    let elsewhere = known.iter().find(|known| is_same(known, finding)).map(|known| text(known, "severity"));
    Cause {
        change,
        code: code.to_owned(),
        rules,
        clause: text(finding, "clause"),
        position: finding.get("position").and_then(Value::as_u64),
        sentence: engine_wording::sentence(code, &values),
        elsewhere,
        own,
    }
}

/// Whether two findings are of one rule about one certificate. A rule of the deployment's own has a code for each effect.
fn is_same(first: &Value, second: &Value) -> bool {
    let is_own = |finding: &Value| word(finding, "code").starts_with("custom.");
    let code = if is_own(first) && is_own(second) { "rules" } else { "code" };
    [code, "certificate"].iter().all(|name| first.get(name) == second.get(name))
}

/// What a finding compared, by name, as text.
fn values(finding: &Value) -> Vec<(String, String)> {
    list(finding, "details")
        .map(|detail| {
            let value = match detail.get("value") {
                Some(Value::String(text)) => text.clone(),
                Some(other) => other.to_string(),
                None => String::new(),
            };
            (text(detail, "name"), value)
        })
        .collect()
}

/// What two documents of one decision say otherwise. Hashes and the work counted follow from the policy, and are passed
/// over.
fn otherwise(before: &Value, after: &Value) -> Vec<String> {
    let mut lines = Vec::new();
    let (old, new) = (difference::findings(before), difference::findings(after));
    lines.extend(old.difference(&new).map(|finding| format!("finding gone: {finding}")));
    lines.extend(new.difference(&old).map(|finding| format!("finding new: {finding}")));
    lines.extend(weights(before, after));
    let mut members = Vec::new();
    let (Value::Object(first), Value::Object(second)) = (before, after) else { return lines };
    for (name, value) in first {
        let passed = matches!(name.as_str(), "settings-hash" | "spent" | "trace-hash");
        let is_told = name == "findings" && !lines.is_empty();
        if !passed && !is_told {
            difference::compare(name, (value, second.get(name).unwrap_or(&Value::Null)), &mut members);
        }
    }
    if !members.is_empty() {
        members.truncate(difference::MOST);
        lines.push(format!("document: differs in {}", members.join(", ")));
    }
    lines
}

/// Findings of both that weigh another.
fn weights(before: &Value, after: &Value) -> Vec<String> {
    let known: Vec<&Value> = list(after, "findings").collect();
    list(before, "findings")
        .filter_map(|finding| {
            let other = known.iter().find(|known| is_same(known, finding))?;
            let (old, new) = (word(finding, "severity"), word(other, "severity"));
            let line = || format!("finding {}: {old} became {new}", difference::named(finding));
            (old != new).then(line)
        })
        .collect()
}

fn list<'d>(document: &'d Value, name: &str) -> impl Iterator<Item = &'d Value> + use<'d> {
    document.get(name).and_then(Value::as_array).into_iter().flatten()
}

fn word<'d>(document: &'d Value, name: &str) -> &'d str {
    document.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn text(document: &Value, name: &str) -> String {
    word(document, name).to_owned()
}

#[cfg(test)]
mod tests;
