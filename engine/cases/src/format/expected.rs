//! What must come out of a case.

use engine_capsule::Decision;

use super::Known;
use super::problem::Problem;
use super::reader::{Entry, Reader};
use crate::comparison::{Expected, Wanted};

const KEYS: &[&str] = &["decision", "codes", "without", "statuses"];
const WANTED_KEYS: &[&str] = &["code", "rule", "certificate", "severity"];
const DECISIONS: &[(&str, Decision)] = &[("allow", Decision::Allow), ("deny", Decision::Deny)];
const SEVERITIES: &[(&str, &str)] = &[("deny", "deny"), ("warn", "warn"), ("inform", "inform")];
const STATUSES: &[(&str, &str)] = &[
    ("good", "good"),
    ("revoked", "revoked"),
    ("unknown", "unknown"),
    ("undetermined", "undetermined"),
    ("not-asked", "not-asked"),
];

type Around<'a> = (&'a [String], Option<&'a Known>);

/// A decision alone, or a table.
pub(super) fn read<'d>(reader: &mut Reader<'d>, entry: &Entry<'d>, around: Around<'_>) -> Expected {
    let mut expected = Expected::default();
    if !entry.value.is_table() {
        expected.decision = reader.word(entry, DECISIONS);
        return expected;
    }
    let entries = reader.entries(entry);
    if entries.is_empty() {
        reader.refuse(entry.at, &entry.key, Problem::empty());
    }
    for entry in &entries {
        match entry.name {
            "decision" => expected.decision = reader.word(entry, DECISIONS),
            "codes" => expected.codes = all_wanted(reader, entry, around),
            "without" => expected.without = all_wanted(reader, entry, around),
            "statuses" => expected.statuses = statuses(reader, entry, around),
            _ => reader.unknown_key(entry, KEYS),
        }
    }
    expected
}

fn all_wanted<'d>(reader: &mut Reader<'d>, entry: &Entry<'d>, around: Around<'_>) -> Vec<Wanted> {
    let items = reader.items(entry);
    items.iter().map(|item| wanted(reader, item, around)).collect()
}

/// A code alone, or a table.
fn wanted<'d>(reader: &mut Reader<'d>, item: &Entry<'d>, around: Around<'_>) -> Wanted {
    let (labels, known) = around;
    let mut wanted = Wanted::default();
    if !item.value.is_table() {
        wanted.code = of(reader, item, known.map(|known| known.codes.as_slice()));
        return wanted;
    }
    let entries = reader.entries(item);
    for entry in &entries {
        match entry.name {
            "code" => wanted.code = of(reader, entry, known.map(|known| known.codes.as_slice())),
            "rule" => wanted.rule = of(reader, entry, known.map(|known| known.rules.as_slice())),
            "certificate" => wanted.certificate = of(reader, entry, Some(labels)),
            "severity" => wanted.severity = reader.word(entry, SEVERITIES).map(str::to_owned),
            _ => reader.unknown_key(entry, WANTED_KEYS),
        }
    }
    if !entries.iter().any(|entry| matches!(entry.name, "code" | "rule")) {
        reader.refuse(item.at, &item.key, Problem::missing_key("code"));
    }
    wanted
}

/// A text, where something is known one of these.
fn of<'d>(reader: &mut Reader<'d>, entry: &Entry<'d>, known: Option<&[String]>) -> Option<String> {
    let text = reader.some_text(entry)?;
    if let Some(known) = known.filter(|known| !known.iter().any(|name| name == text)) {
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        reader.unknown_word(entry, text, &known);
    }
    Some(text.to_owned())
}

/// The status of the certificate asked about, or a table by certificate.
fn statuses<'d>(
    reader: &mut Reader<'d>,
    entry: &Entry<'d>,
    (labels, _): Around<'_>,
) -> Vec<(String, String)> {
    if !entry.value.is_table() {
        let word = reader.word(entry, STATUSES);
        let target = labels.last().cloned().unwrap_or_default();
        return word.map(|word| (target, word.to_owned())).into_iter().collect();
    }
    let mut statuses = Vec::new();
    for entry in reader.entries(entry) {
        if !labels.iter().any(|label| label == entry.name) {
            let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
            reader.refuse(entry.key_at, &entry.key, Problem::unknown_word(entry.name, &labels));
        }
        let word = reader.word(&entry, STATUSES);
        statuses.extend(word.map(|word| (entry.name.to_owned(), word.to_owned())));
    }
    statuses
}
