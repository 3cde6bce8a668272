//! Typed values with their place in the text, and the first errors among all that are met.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::problem::{DocumentError, DocumentProblem, nearest, quote};
use super::{key, written};
use crate::order;

/// A value of the document, its key and where both stand.
#[derive(Clone, Debug)]
pub(super) struct Entry<'d> {
    /// The last part of the key; empty in a list.
    pub(super) name: &'d str,
    /// The whole key.
    pub(super) key: String,
    /// Where the key starts, in octets.
    pub(super) key_at: usize,
    /// Where the value starts, in octets.
    pub(super) at: usize,
    value: &'d DeValue<'d>,
}

/// Reads values and keeps the errors that stand first in the text, in its order.
#[derive(Debug)]
pub(super) struct Reader<'d> {
    text: &'d str,
    most: usize,
    refused: Vec<(usize, String, DocumentProblem)>,
}

impl<'d> Reader<'d> {
    /// Keeps the first error.
    pub(super) fn new(text: &'d str) -> Self {
        Self::keeping(text, 1)
    }

    /// Keeps the first `most` errors.
    pub(super) fn keeping(text: &'d str, most: usize) -> Self {
        Self { text, most, refused: Vec::new() }
    }

    /// Whether nothing was refused so far.
    pub(super) fn is_sound(&self) -> bool {
        self.refused.is_empty()
    }

    pub(super) fn into_error(self) -> Option<DocumentError> {
        self.into_errors().into_iter().next()
    }

    pub(super) fn into_errors(self) -> Vec<DocumentError> {
        let text = self.text;
        let error = |(at, key, problem)| {
            let (line, column) = line_and_column(text, at);
            DocumentError { line, column, key, problem }
        };
        self.refused.into_iter().map(error).collect()
    }

    /// Refuses what stands at `at`. The problem is worked out only if it is among those that are kept.
    pub(super) fn refuse(&mut self, at: usize, key: &str, problem: impl FnOnce() -> DocumentProblem) {
        if let Some(place) = self.place(at) {
            self.keep(place, (at, key.to_owned(), problem()));
        }
    }

    // The two below stand apart because `refuse` is compiled once for each of its callers.

    /// Where a refusal at `at` belongs among those that are kept.
    #[inline(never)]
    fn place(&self, at: usize) -> Option<usize> {
        let before = self.refused.iter().filter(|(known, ..)| *known <= at).count();
        (before < self.most).then_some(before)
    }

    #[inline(never)]
    fn keep(&mut self, place: usize, refused: (usize, String, DocumentProblem)) {
        self.refused.insert(place, refused);
        self.refused.truncate(self.most);
    }

    /// The entries of a table, in the order of the text.
    pub(super) fn entries(&mut self, entry: &Entry<'d>) -> Vec<Entry<'d>> {
        match entry.value {
            DeValue::Table(table) => entries_of(table, &entry.key),
            _ => self.wrong_type(entry, "table").unwrap_or_default(),
        }
    }

    /// The values of a list, which must hold at least one.
    pub(super) fn items(&mut self, entry: &Entry<'d>) -> Vec<Entry<'d>> {
        if entry.value.as_array().is_some_and(|array| array.iter().next().is_none()) {
            self.refuse(entry.at, &entry.key, || DocumentProblem::Empty);
        }
        self.items_or_none(entry)
    }

    /// The values of a list that may be empty.
    pub(super) fn items_or_none(&mut self, entry: &Entry<'d>) -> Vec<Entry<'d>> {
        let DeValue::Array(array) = entry.value else {
            return self.wrong_type(entry, "array").unwrap_or_default();
        };
        let item = |(position, value): (usize, &'d Spanned<DeValue<'d>>)| Entry {
            name: "",
            key: format!("{}[{position}]", entry.key),
            key_at: value.span().start,
            at: value.span().start,
            value: value.get_ref(),
        };
        array.iter().enumerate().map(item).collect()
    }

    pub(super) fn boolean(&mut self, entry: &Entry<'d>) -> Option<bool> {
        match entry.value {
            DeValue::Boolean(value) => Some(*value),
            _ => self.wrong_type(entry, "boolean"),
        }
    }

    pub(super) fn text(&mut self, entry: &Entry<'d>) -> Option<&'d str> {
        match entry.value {
            DeValue::String(text) => Some(text.as_ref()),
            _ => self.wrong_type(entry, "string"),
        }
    }

    pub(super) fn number(&mut self, entry: &Entry<'d>, range: &RangeInclusive<u32>) -> Option<u32> {
        let DeValue::Integer(integer) = entry.value else {
            return self.wrong_type(entry, "integer");
        };
        let number = u32::from_str_radix(integer.as_str(), integer.radix()).ok();
        let accepted = number.filter(|number| range.contains(number));
        if accepted.is_none() {
            let (minimum, maximum) = (*range.start(), *range.end());
            let found = || quote(&integer.to_string());
            self.refuse(entry.at, &entry.key, || DocumentProblem::OutOfRange {
                found: found(),
                minimum,
                maximum,
            });
        }
        accepted
    }

    /// Where in the document the octet `at` of `text`, the string of `entry`, stands.
    pub(super) fn place_within(&self, entry: &Entry<'d>, text: &str, at: usize) -> usize {
        written::place(self.text, entry.at, text.get(..at).unwrap_or(text))
    }

    /// A word of `table`.
    pub(super) fn word<T: Clone>(&mut self, entry: &Entry<'d>, table: &[(&'static str, T)]) -> Option<T> {
        let found = self.text(entry)?;
        let value = table.iter().find(|(word, _)| *word == found).map(|(_, value)| value.clone());
        if value.is_none() {
            self.unknown_word(entry, found, &key::words(table));
        }
        value
    }

    /// A list of words of `table`, none of them twice, at least one.
    pub(super) fn words<T: Clone + Ord>(
        &mut self,
        entry: &Entry<'d>,
        table: &[(&'static str, T)],
    ) -> Vec<(T, Entry<'d>)> {
        let items = self.items(entry);
        self.words_of(items, table)
    }

    /// A list of words of `table`, none of them twice; it may be empty.
    pub(super) fn words_or_none<T: Clone + Ord>(
        &mut self,
        entry: &Entry<'d>,
        table: &[(&'static str, T)],
    ) -> Vec<(T, Entry<'d>)> {
        let items = self.items_or_none(entry);
        self.words_of(items, table)
    }

    fn words_of<T: Clone + Ord>(
        &mut self,
        items: Vec<Entry<'d>>,
        table: &[(&'static str, T)],
    ) -> Vec<(T, Entry<'d>)> {
        let mut seen = BTreeSet::new();
        let mut values = Vec::new();
        for item in items {
            let Some(value) = self.word(&item, table) else { continue };
            if seen.insert(value.clone()) {
                values.push((value, item));
            } else {
                self.duplicate(&item);
            }
        }
        values
    }

    pub(super) fn duplicate(&mut self, entry: &Entry<'d>) {
        let found = entry.value.as_str().unwrap_or_default();
        self.refuse(entry.at, &entry.key, || DocumentProblem::Duplicate { found: quote(found) });
    }

    pub(super) fn unknown_word(&mut self, entry: &Entry<'d>, found: &str, expected: &[&'static str]) {
        self.refuse(entry.at, &entry.key, || DocumentProblem::UnknownWord {
            found: quote(found),
            nearest: nearest(found, expected),
            expected: expected.to_vec(),
        });
    }

    /// Refuses the name at `at`, which is none of those that the document and the product have.
    pub(super) fn unknown_name(&mut self, (at, key): (usize, &str), found: &str, known: &[&str]) {
        self.refuse(at, key, || {
            let mut expected = Vec::new();
            for name in known {
                expected.push((*name).to_owned());
            }
            let nearest = nearest(found, known).map(str::to_owned);
            DocumentProblem::UnknownName { found: quote(found), nearest, expected }
        });
    }

    pub(super) fn unknown_key(&mut self, entry: &Entry<'d>, expected: &[&'static str]) {
        self.refuse(entry.key_at, &entry.key, || DocumentProblem::UnknownKey {
            found: quote(entry.name),
            nearest: nearest(entry.name, expected),
            expected: expected.to_vec(),
        });
    }

    fn wrong_type<T>(&mut self, entry: &Entry<'d>, expected: &'static str) -> Option<T> {
        let found = entry.value.type_str();
        self.refuse(entry.at, &entry.key, || DocumentProblem::WrongType { expected, found });
        None
    }
}

impl Entry<'_> {
    /// Whether the value is a table.
    pub(super) fn is_table(&self) -> bool {
        self.value.is_table()
    }
}

/// The entries of `table` below the key `above`, in the order of the text.
pub(super) fn entries_of<'d>(table: &'d DeTable<'d>, above: &str) -> Vec<Entry<'d>> {
    let mut entries: Vec<Entry<'d>> = table
        .iter()
        .map(|(name, value)| Entry {
            name: name.get_ref().as_ref(),
            key: below(above, name.get_ref()),
            key_at: name.span().start,
            at: value.span().start,
            value: value.get_ref(),
        })
        .collect();
    order::sort_by_key(&mut entries, |entry| entry.key_at);
    entries
}

/// `name` below `above`, in quotation marks where TOML asks for them.
fn below(above: &str, name: &str) -> String {
    let bare = |octet: u8| octet.is_ascii_alphanumeric() || octet == b'-' || octet == b'_';
    let mut key = above.to_owned();
    if !key.is_empty() {
        key.push('.');
    }
    if !name.is_empty() && name.bytes().all(bare) {
        key.push_str(&quote(name));
    } else {
        key.push('"');
        key.push_str(&quote(name));
        key.push('"');
    }
    key
}

/// The refusal of a text that is no TOML. A key given twice is told as what it is.
pub(super) fn not_toml(text: &str, error: &toml::de::Error) -> DocumentError {
    let span = error.span().unwrap_or_default();
    let (line, column) = line_and_column(text, span.start);
    let problem = if error.message() == "duplicate key" {
        DocumentProblem::Duplicate { found: quote(text.get(span).unwrap_or_default()) }
    } else {
        DocumentProblem::Syntax { message: quote_message(error.message()) }
    };
    DocumentError { line, column, key: String::new(), problem }
}

/// Messages of the TOML reader hold no piece of the text but are kept on one line.
fn quote_message(message: &str) -> String {
    message.lines().next().unwrap_or_default().to_owned()
}

/// Line and column of an octet, both from 1; columns are characters, a byte order mark is none.
fn line_and_column(text: &str, at: usize) -> (u32, u32) {
    let before = text.get(..at).unwrap_or(text);
    let before = before.strip_prefix('\u{feff}').unwrap_or(before);
    let line = before.matches('\n').count();
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count();
    (from_one(line), from_one(column))
}

fn from_one(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX).saturating_add(1)
}
