//! A record of the audit and its hash. The words in `what` are stable and dotted by subject, as codes of findings are.

use data_encoding::HEXLOWER;
use serde::Deserialize;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::canonical::canonical;
use crate::storage::record::{text, words};

/// SHA-256 of a record, over the one before.
pub type Hash = [u8; 32];

/// What the first record has in place of the one before.
pub const BEGINNING: Hash = [0; 32];

words! {
    /// What became of an act.
    Outcome {
        /// It was done.
        Done = "done",
        /// It could not be done.
        Failed = "failed",
        /// It was refused.
        Refused = "refused",
    }
}

/// Something to be recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRecord {
    /// When, in seconds since 1970-01-01T00:00:00Z.
    pub time: i64,
    /// The account, or the part of the program, that did it.
    pub who: String,
    /// The act, such as `token.created`.
    pub what: String,
    /// What it was done to.
    pub subject: String,
    /// What became of it.
    pub outcome: Outcome,
    /// What else is known.
    pub details: Details,
}

/// Named values of a record: text, whole numbers and lists of text, so that its hash never depends on how a fraction
/// is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Details(Map<String, Value>);

impl Details {
    /// None.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// With a text.
    #[must_use]
    pub fn text(mut self, name: &str, value: impl Into<String>) -> Self {
        self.0.insert(name.to_owned(), Value::String(value.into()));
        self
    }

    /// With a whole number.
    #[must_use]
    pub fn number(mut self, name: &str, value: i64) -> Self {
        self.0.insert(name.to_owned(), Value::from(value));
        self
    }

    /// With a list of texts.
    #[must_use]
    pub fn list(mut self, name: &str, values: impl IntoIterator<Item = String>) -> Self {
        self.0.insert(name.to_owned(), values.into_iter().map(Value::String).collect());
        self
    }

    /// As JSON.
    #[must_use]
    pub fn as_json(&self) -> &Map<String, Value> {
        &self.0
    }
}

impl AuditRecord {
    /// An act that was done.
    #[must_use]
    pub fn done(time: i64, who: &str, what: &str, subject: &str) -> Self {
        Self {
            time,
            who: who.to_owned(),
            what: what.to_owned(),
            subject: subject.to_owned(),
            outcome: Outcome::Done,
            details: Details::none(),
        }
    }

    /// The same act with another outcome.
    #[must_use]
    pub fn with_outcome(self, outcome: Outcome) -> Self {
        Self { outcome, ..self }
    }

    /// The same act with details.
    #[must_use]
    pub fn with_details(self, details: Details) -> Self {
        Self { details, ..self }
    }

    /// The same act with one more list among its details.
    #[must_use]
    pub(crate) fn with_list(self, name: &str, values: Vec<String>) -> Self {
        Self { details: self.details.list(name, values), ..self }
    }

    /// The record at `sequence`, after the one whose hash is `previous`.
    #[must_use]
    pub(crate) fn after(self, sequence: i64, previous: Hash) -> Record {
        let details = canonical(&Value::Object(self.details.0)).unwrap_or_default();
        let mut record = Record {
            sequence,
            time: self.time,
            who: text(&self.who),
            what: text(&self.what),
            subject: text(&self.subject),
            outcome: self.outcome,
            details,
            previous,
            hash: BEGINNING,
        };
        record.hash = record.computed_hash();
        record
    }
}

/// A record as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its place in the chain, from 1 without a gap.
    pub sequence: i64,
    /// When.
    pub time: i64,
    /// Who.
    pub who: String,
    /// The act.
    pub what: String,
    /// What it was done to.
    pub subject: String,
    /// What became of it.
    pub outcome: Outcome,
    /// What else is known: a JSON object in its canonical text.
    pub details: String,
    /// The hash of the record before.
    pub previous: Hash,
    /// SHA-256 over `previous` and the canonical text of everything above it.
    pub hash: Hash,
}

/// A line of an export; what is not known here is refused, so that nothing stands in a line that no hash covers.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    details: Value,
    hash: String,
    outcome: String,
    previous: String,
    sequence: i64,
    subject: String,
    time: i64,
    what: String,
    who: String,
}

impl Record {
    /// What the hash must be.
    #[must_use]
    pub fn computed_hash(&self) -> Hash {
        let mut hash = Sha256::new();
        hash.update(self.previous);
        hash.update(self.body().as_bytes());
        hash.finalize().into()
    }

    /// Everything but the hashes, in canonical text: the members stand in their sorted order.
    fn body(&self) -> String {
        format!("{{\"details\":{},{}}}", self.details, self.members())
    }

    fn members(&self) -> String {
        let quoted = |text: &str| Value::from(text).to_string();
        format!(
            "\"outcome\":{},\"sequence\":{},\"subject\":{},\"time\":{},\"what\":{},\"who\":{}",
            quoted(self.outcome.word()),
            self.sequence,
            quoted(&self.subject),
            self.time,
            quoted(&self.what),
            quoted(&self.who)
        )
    }

    /// The record as one line of an export: canonical JSON with both hashes.
    #[must_use]
    pub fn to_line(&self) -> String {
        let quoted = |text: &str| Value::from(text).to_string();
        format!(
            "{{\"details\":{},\"hash\":{},\"outcome\":{},\"previous\":{},\"sequence\":{},\"subject\":{},\"time\":{},\
             \"what\":{},\"who\":{}}}",
            self.details,
            quoted(&HEXLOWER.encode(&self.hash)),
            quoted(self.outcome.word()),
            quoted(&HEXLOWER.encode(&self.previous)),
            self.sequence,
            quoted(&self.subject),
            self.time,
            quoted(&self.what),
            quoted(&self.who)
        )
    }

    /// Reads a line of an export; `None` unless it is exactly what [`Self::to_line`] writes.
    #[must_use]
    pub fn from_line(line: &str) -> Option<Self> {
        let read: Line = serde_json::from_str(line).ok()?;
        let hash = |text: &str| HEXLOWER.decode(text.as_bytes()).ok()?.try_into().ok();
        let record = Self {
            sequence: read.sequence,
            time: read.time,
            outcome: Outcome::from_word(&read.outcome)?,
            details: canonical(&read.details)?,
            previous: hash(&read.previous)?,
            hash: hash(&read.hash)?,
            who: read.who,
            what: read.what,
            subject: read.subject,
        };
        (record.to_line() == line).then_some(record)
    }

    /// The details as JSON; null when they are not, which the verifier reports.
    #[must_use]
    pub fn details_json(&self) -> Value {
        serde_json::from_str(&self.details).unwrap_or_default()
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A chain of so many records.
    pub(crate) fn chain(length: i64) -> Vec<Record> {
        let mut previous = BEGINNING;
        let record = |sequence| {
            let act = AuditRecord::done(sequence * 10, "alice", "token.created", "t\u{1}\"é")
                .with_details(Details::none().number("n", sequence).text("a", "b"));
            let record = act.after(sequence, previous);
            previous = record.hash;
            record
        };
        (1..=length).map(record).collect()
    }

    #[test]
    fn a_line_is_read_back_and_hashed_as_published() {
        let record = chain(1).remove(0);
        let body = "{\"details\":{\"a\":\"b\",\"n\":1},\"outcome\":\"done\",\"sequence\":1,\
                    \"subject\":\"t\\u0001\\\"é\",\"time\":10,\"what\":\"token.created\",\"who\":\"alice\"}";
        let mut octets = vec![0; 32];
        octets.extend(body.as_bytes());
        assert_eq!(record.hash, Hash::from(Sha256::digest(&octets)));
        assert_eq!(Record::from_line(&record.to_line()), Some(record));
    }

    #[test]
    fn a_line_that_says_anything_else_is_refused() {
        let line = chain(1).remove(0).to_line();
        for other in [
            line.replace("{\"details\"", "{ \"details\""),
            line.replace(",\"who\":\"alice\"", ",\"who\":\"alice\",\"why\":\"x\""),
            line.replace(",\"who\":\"alice\"", ",\"who\":\"bob\",\"who\":\"alice\""),
            line.replace("\"n\":1", "\"n\":2,\"n\":1"),
            line.replace("\"n\":1", "\"n\":1.0"),
            line.replace("\"done\"", "\"nearly\""),
            String::new(),
        ] {
            assert_ne!(other, line);
            assert_eq!(Record::from_line(&other), None, "{other}");
        }
    }

    #[test]
    fn text_no_database_can_keep_is_shown_by_a_sign() {
        let record = AuditRecord::done(0, "a\0b", "x", "").after(1, BEGINNING);
        assert_eq!(record.who, "a\u{2400}b");
    }
}
