//! Policy documents: single settings read out of a complete one, and written into an author's own such that comments and
//! every other key stay. What a setting may be, the engine says when the document is tried.

use serde::Deserialize;
use toml_edit::{Array, DocumentMut, Item, Table, Value, value};

/// A version of a document.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(default, rename_all = "kebab-case")]
pub(crate) struct Version {
    /// Its number; none where none was ever stored.
    pub(crate) number: Option<u64>,
    /// It is in force.
    pub(crate) active: bool,
    /// The text, as it was written.
    pub(crate) document: String,
    /// When it was stored.
    pub(crate) added_at: Option<String>,
    /// By whom.
    pub(crate) added_by: Option<String>,
}

/// All versions.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
pub(crate) struct History {
    /// The newest first or last, as the server has it.
    pub(crate) items: Vec<Version>,
}

/// What a document amounts to, or would.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
pub(crate) struct Outcome {
    /// Everything in force, as one complete document.
    pub(crate) settings: String,
    /// Services to restart; none where the rules ask for none.
    pub(crate) advice: Vec<Restart>,
}

/// A service to restart.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
pub(crate) struct Restart {
    /// Its name.
    pub(crate) service: String,
    /// `feature` or `network`.
    pub(crate) kind: String,
    /// The nodes.
    pub(crate) nodes: Vec<String>,
}

/// What a setting's value is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// True or false.
    Flag,
    /// `enabled` or `disabled`.
    Enabled,
    /// Whether this word is one of a list.
    Listed(&'static str),
    /// Text.
    Text,
    /// A whole number.
    Number,
    /// Texts, one a line.
    Lines,
}

/// A setting: its section (empty: none), its key, and how it is written. Its value is handled as text; of what is on or
/// off, `true` or nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Setting(pub(crate) &'static str, pub(crate) &'static str, pub(crate) Kind);

/// What a flag's value is where it is on.
pub(crate) const ON: &str = "true";

/// Reads a document.
///
/// # Errors
/// What is wrong with it, and where.
pub(crate) fn read(text: &str) -> Result<DocumentMut, String> {
    text.parse::<DocumentMut>().map_err(|error| error.to_string())
}

impl Setting {
    /// Its value in a document; nothing where it is not set.
    pub(crate) fn of(self, document: &DocumentMut) -> String {
        let item = self.item(document);
        let on = |is_on: bool| if is_on { ON.to_owned() } else { String::new() };
        match self.2 {
            Kind::Flag => on(item.and_then(Item::as_bool).unwrap_or(false)),
            Kind::Enabled => on(item.and_then(Item::as_str).is_some_and(|word| word == "enabled")),
            Kind::Listed(word) => on(texts(item).iter().any(|listed| listed == word)),
            Kind::Text => item.and_then(Item::as_str).unwrap_or_default().to_owned(),
            Kind::Number => {
                item.and_then(Item::as_integer).map(|number| number.to_string()).unwrap_or_default()
            }
            Kind::Lines => texts(item).join("\n"),
        }
    }

    fn item(self, document: &DocumentMut) -> Option<&Item> {
        let Self(section, key, _) = self;
        if section.is_empty() {
            return document.get(key);
        }
        document.get(section).and_then(Item::as_table_like).and_then(|table| table.get(key))
    }

    /// Writes a value. A list that the document does not have begins as that of `in_force`.
    pub(crate) fn write(self, document: &mut DocumentMut, in_force: &DocumentMut, now: &str) {
        let written = match self.2 {
            Kind::Flag => Value::from(now == ON),
            Kind::Enabled => Value::from(if now == ON { "enabled" } else { "disabled" }),
            Kind::Listed(word) => {
                let listed = texts(self.item(document).or_else(|| self.item(in_force)));
                Value::Array(with(listed, word, now == ON).into_iter().collect::<Array>())
            }
            Kind::Text => Value::from(now),
            // what is no number is written as it was entered: the engine says what is wrong with it
            Kind::Number => now.trim().parse::<i64>().map_or_else(|_| Value::from(now), Value::from),
            Kind::Lines => {
                let lines = now.lines().map(str::trim).filter(|line| !line.is_empty());
                Value::Array(lines.collect::<Array>())
            }
        };
        self.put(document, written);
    }

    fn put(self, document: &mut DocumentMut, mut written: Value) {
        let Self(section, key, _) = self;
        let table: &mut dyn toml_edit::TableLike = if section.is_empty() {
            document.as_table_mut()
        } else {
            let section = document.entry(section).or_insert_with(|| Item::Table(Table::new()));
            match section.as_table_like_mut() {
                Some(table) => table,
                None => return,
            }
        };
        if let Some(before) = table.get_mut(key).and_then(Item::as_value_mut) {
            // the comment behind it stays
            *written.decor_mut() = before.decor().clone();
            *before = written;
        } else {
            table.insert(key, value(written));
        }
    }
}

fn texts(item: Option<&Item>) -> Vec<String> {
    let array = item.and_then(Item::as_array);
    array
        .map(|array| array.iter().filter_map(|one| one.as_str().map(str::to_owned)).collect())
        .unwrap_or_default()
}

/// The list with a word in it, or without. OCSP is asked before lists are.
fn with(mut listed: Vec<String>, word: &str, is_in: bool) -> Vec<String> {
    listed.retain(|known| known != word);
    if is_in {
        let place = if word == "ocsp" { 0 } else { listed.len() };
        listed.insert(place, word.to_owned());
    }
    listed
}

/// A setting that two documents differ in: its name, its value in the one, and in the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Difference {
    /// Section and key.
    pub(crate) name: String,
    /// Before.
    pub(crate) before: Option<String>,
    /// After.
    pub(crate) after: Option<String>,
}

/// In what two complete documents, as the engine writes them, differ.
pub(crate) fn differences(before: &str, after: &str) -> Vec<Difference> {
    let (before, after) = (flat(before), flat(after));
    let find = |lines: &[(String, String)], name: &str| {
        lines.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
    };
    let mut found: Vec<Difference> = before
        .iter()
        .map(|(name, value)| Difference {
            name: name.clone(),
            before: Some(value.clone()),
            after: find(&after, name),
        })
        .filter(|difference| difference.before != difference.after)
        .collect();
    let new = after.iter().filter(|(name, _)| find(&before, name).is_none());
    found.extend(new.map(|(name, value)| Difference {
        name: name.clone(),
        before: None,
        after: Some(value.clone()),
    }));
    found
}

/// Section, key and value of every line.
fn flat(settings: &str) -> Vec<(String, String)> {
    let mut section = String::new();
    let mut tables = 0_usize;
    let mut lines = Vec::new();
    for line in settings.lines() {
        if let Some(name) = line.strip_prefix("[[").and_then(|rest| rest.strip_suffix("]]")) {
            tables = tables.saturating_add(1);
            section = format!("{name} {tables}.");
        } else if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            section = format!("{name}.");
        } else if let Some((key, value)) = line.split_once(" = ") {
            lines.push((format!("{section}{key}"), value.to_owned()));
        }
    }
    lines
}
