//! Typed values with their place in the text, and every mistake that is met.

use std::collections::BTreeSet;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::problem::{Problem, quoted};
use crate::moment;

/// Most mistakes that are told of at once.
const MOST_PROBLEMS: usize = 64;

/// A value of the file, its key and where both stand.
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
    pub(super) value: &'d DeValue<'d>,
}

/// Reads values, and keeps what is wrong.
#[derive(Debug)]
pub(super) struct Reader<'d> {
    text: &'d str,
    refused: Vec<(usize, Problem)>,
}

impl<'d> Reader<'d> {
    pub(super) fn new(text: &'d str) -> Self {
        Self { text, refused: Vec::new() }
    }

    /// The mistakes in the order of the text.
    pub(super) fn into_problems(mut self) -> Vec<Problem> {
        self.refused.sort_by_key(|(at, _)| *at);
        self.refused.dedup();
        self.refused.truncate(MOST_PROBLEMS);
        self.refused.into_iter().map(|(_, problem)| problem).collect()
    }

    pub(super) fn is_sound(&self) -> bool {
        self.refused.is_empty()
    }

    /// Refuses what stands at an octet.
    pub(super) fn refuse(&mut self, at: usize, key: &str, problem: Problem) {
        let (line, column) = self.place(at);
        self.refused.push((at, Problem { line, column, key: key.to_owned(), ..problem }));
    }

    /// Refuses what is missing, unless something is wrong already, which may be why it is missing.
    pub(super) fn refuse_missing(&mut self, entry: &Entry<'_>, missing: &str) {
        if self.is_sound() {
            self.refuse(entry.at, &entry.key, Problem::missing_key(missing));
        }
    }

    /// Line and column of an octet, both from 1; columns are characters, a byte order mark is none.
    pub(super) fn place(&self, at: usize) -> (usize, usize) {
        let before = self.text.get(..at).unwrap_or(self.text);
        let before = before.strip_prefix('\u{feff}').unwrap_or(before);
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count();
        (before.matches('\n').count().saturating_add(1), column.saturating_add(1))
    }

    /// The entries of a table, in the order of the text.
    pub(super) fn entries(&mut self, entry: &Entry<'d>) -> Vec<Entry<'d>> {
        match entry.value {
            DeValue::Table(table) => entries_of(table, &entry.key),
            _ => self.wrong_type(entry, "table").unwrap_or_default(),
        }
    }

    /// The values of a list.
    pub(super) fn items(&mut self, entry: &Entry<'d>) -> Vec<Entry<'d>> {
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

    /// Text that is not empty.
    pub(super) fn some_text(&mut self, entry: &Entry<'d>) -> Option<&'d str> {
        let text = self.text(entry)?;
        if text.is_empty() {
            self.refuse(entry.at, &entry.key, Problem::empty());
        }
        Some(text).filter(|text| !text.is_empty())
    }

    /// A number from `least` to `most`.
    pub(super) fn number(&mut self, entry: &Entry<'d>, (least, most): (i64, i64)) -> Option<i64> {
        let DeValue::Integer(integer) = entry.value else {
            return self.wrong_type(entry, "integer");
        };
        let number = i64::from_str_radix(integer.as_str(), integer.radix()).ok();
        let accepted = number.filter(|number| (least..=most).contains(number));
        if accepted.is_none() {
            self.refuse(entry.at, &entry.key, Problem::out_of_range(&integer.to_string(), (least, most)));
        }
        accepted
    }

    /// A moment: a TOML date, time and offset, or text as in RFC 3339.
    pub(super) fn moment(&mut self, entry: &Entry<'d>) -> Option<i64> {
        let found = match entry.value {
            DeValue::Datetime(moment) => moment::of_datetime(moment),
            DeValue::String(text) => moment::read(text),
            _ => return self.wrong_type(entry, "date and time"),
        };
        if found.is_none() {
            let expected = "a date, a time and an offset, such as 2026-11-22T12:00:00Z";
            self.refuse(entry.at, &entry.key, Problem::other_form(expected));
        }
        found
    }

    /// A word of `table`.
    pub(super) fn word<T: Clone>(&mut self, entry: &Entry<'d>, table: &[(&str, T)]) -> Option<T> {
        let found = self.text(entry)?;
        let value = table.iter().find(|(word, _)| *word == found).map(|(_, value)| value.clone());
        if value.is_none() {
            let words: Vec<&str> = table.iter().map(|(word, _)| *word).collect();
            self.unknown_word(entry, found, &words);
        }
        value
    }

    pub(super) fn unknown_word(&mut self, entry: &Entry<'d>, found: &str, expected: &[&str]) {
        self.refuse(entry.at, &entry.key, Problem::unknown_word(found, expected));
    }

    pub(super) fn unknown_key(&mut self, entry: &Entry<'d>, expected: &[&str]) {
        self.refuse(entry.key_at, &entry.key, Problem::unknown_key(entry.name, expected));
    }

    /// Text that `read` takes, or one in this form was expected.
    pub(super) fn form<T>(
        &mut self,
        entry: &Entry<'d>,
        expected: &str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let found = read(self.text(entry)?);
        if found.is_none() {
            self.refuse(entry.at, &entry.key, Problem::other_form(expected));
        }
        found
    }

    /// A list of texts in one form.
    pub(super) fn forms<T>(
        &mut self,
        entry: &Entry<'d>,
        expected: &str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Vec<T> {
        let items = self.items(entry);
        items.iter().filter_map(|item| self.form(item, expected, &read)).collect()
    }

    /// A list of words, none of them twice.
    pub(super) fn words<T: Clone>(&mut self, entry: &Entry<'d>, table: &[(&str, T)]) -> Vec<T> {
        let mut seen = BTreeSet::new();
        let mut values = Vec::new();
        for item in self.items(entry) {
            let Some(value) = self.word(&item, table) else { continue };
            let found = item.value.as_str().unwrap_or_default();
            if seen.insert(found) {
                values.push(value);
            } else {
                self.refuse(item.at, &item.key, Problem::duplicate(found));
            }
        }
        values
    }

    fn wrong_type<T>(&mut self, entry: &Entry<'d>, expected: &str) -> Option<T> {
        self.refuse(entry.at, &entry.key, Problem::wrong_type(expected, entry.value.type_str()));
        None
    }
}

/// The entries of a table below the key `above`, in the order of the text.
pub(super) fn entries_of<'d>(table: &'d DeTable<'d>, above: &str) -> Vec<Entry<'d>> {
    let mut entries: Vec<Entry<'d>> = table
        .iter()
        .map(|(name, value)| Entry {
            name: name.get_ref().as_ref(),
            key: if above.is_empty() {
                quoted(name.get_ref())
            } else {
                format!("{above}.{}", quoted(name.get_ref()))
            },
            key_at: name.span().start,
            at: value.span().start,
            value: value.get_ref(),
        })
        .collect();
    entries.sort_by_key(|entry| entry.key_at);
    entries
}
