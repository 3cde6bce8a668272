//! A file of cases (TOML): text to checked [`Case`]s, every mistake with its place. What stands at the top of a file holds for
//! all its cases; what a case says itself goes before.
//!
//! Files: `problem` what may be wrong, `reader` typed values with their place, `certificate` a sketched chain, `terms` what
//! file and case may both say, `expected` what must come out.

pub(crate) mod problem;
mod reader;
mod certificate;
mod terms;
mod expected;

use std::collections::BTreeMap;

use toml::de::DeTable;

use self::problem::Problem;
use self::reader::{Entry, Reader, entries_of};
use self::terms::Terms;
use crate::case::Case;

/// Longest file that is read, in octets. Ours: ten thousand cases of several lines.
const MOST_OCTETS: usize = 4 * 1024 * 1024;
/// Most cases of a file.
const MOST_CASES: usize = 10_000;
/// The keys of a case beside those that a file may have for all of them.
const OWN_KEYS: [&str; 4] = ["name", "note", "change", "expect"];

/// What a policy knows, so that a file can be held to it before anything is judged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// The purposes.
    pub purposes: Vec<String>,
    /// The document's own rules.
    pub rules: Vec<String>,
    /// The codes of findings.
    pub codes: Vec<String>,
}

impl Known {
    /// What a policy document of the engine's own form has, beside these codes.
    #[must_use]
    pub fn of(canonical: &str, codes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let table: toml::Table = canonical.parse().unwrap_or_default();
        let names = |list: &str, member: &str| -> Vec<String> {
            let list = table.get(list).and_then(toml::Value::as_array).into_iter().flatten();
            list.filter_map(|one| one.get(member)?.as_str().map(str::to_owned)).collect()
        };
        Self {
            purposes: names("purposes", "name"),
            rules: names("rules", "id"),
            codes: codes.into_iter().map(Into::into).collect(),
        }
    }
}

/// Reads a file of cases. With `known`, purposes, rules and codes that the policy does not have are mistakes too.
///
/// # Errors
/// Every mistake, in the order of the text; of a text that is no TOML the first.
pub fn read(text: &str, known: Option<&Known>) -> Result<Vec<Case>, Vec<Problem>> {
    let mut reader = Reader::new(text);
    if text.len() > MOST_OCTETS {
        reader.refuse(0, "", Problem::too_many("octets", MOST_OCTETS));
        return Err(reader.into_problems());
    }
    let table = match DeTable::parse(text) {
        Ok(table) => table,
        Err(error) => {
            let span = error.span().unwrap_or_default();
            let problem = match error.message() {
                "duplicate key" => Problem::duplicate(text.get(span.clone()).unwrap_or_default()),
                message => Problem::syntax(message),
            };
            reader.refuse(span.start, "", problem);
            return Err(reader.into_problems());
        }
    };
    let cases = file(&mut reader, table.get_ref(), known);
    if reader.is_sound() { Ok(cases) } else { Err(reader.into_problems()) }
}

fn file<'d>(reader: &mut Reader<'d>, table: &'d DeTable<'d>, known: Option<&Known>) -> Vec<Case> {
    let entries = entries_of(table, "");
    let mut shared = Terms::default();
    for entry in entries.iter().filter(|entry| entry.name != "cases") {
        if !shared.apply(reader, entry, known) {
            let keys: Vec<&str> = terms::KEYS.iter().copied().chain(["cases"]).collect();
            reader.unknown_key(entry, &keys);
        }
    }
    shared.check(reader, &entries);
    let Some(list) = entries.iter().find(|entry| entry.name == "cases") else {
        reader.refuse(0, "", Problem::missing_key("cases"));
        return Vec::new();
    };
    let items = reader.items(list);
    if items.len() > MOST_CASES {
        reader.refuse(list.at, &list.key, Problem::too_many("cases", MOST_CASES));
        return Vec::new();
    }
    let mut names = BTreeMap::new();
    items.iter().filter_map(|item| case(reader, item, (&shared, known, &mut names))).collect()
}

type Around<'a> = (&'a Terms, Option<&'a Known>, &'a mut BTreeMap<String, usize>);

fn case<'d>(reader: &mut Reader<'d>, item: &Entry<'d>, (shared, known, names): Around<'_>) -> Option<Case> {
    let entries = reader.entries(item);
    let mut terms = shared.clone();
    terms.make_room(&entries);
    for entry in entries.iter().filter(|entry| !OWN_KEYS.contains(&entry.name)) {
        if !terms.apply(reader, entry, known) {
            let keys: Vec<&str> = OWN_KEYS.iter().chain(terms::KEYS).copied().collect();
            reader.unknown_key(entry, &keys);
        }
    }
    terms.check(reader, &entries);
    let own = |name: &str| entries.iter().find(|entry| entry.name == name);
    if let Some(entry) = own("change") {
        certificate::change(reader, entry, &mut terms.chain);
    }
    let name = match own("name") {
        Some(entry) => name(reader, entry, names)?,
        None => {
            reader.refuse(item.at, &item.key, Problem::missing_key("name"));
            return None;
        }
    };
    let note = own("note").and_then(|entry| reader.text(entry)).map(str::to_owned);
    let about = terms.about(reader, item)?;
    let labels = about.labels();
    let Some(entry) = own("expect") else {
        reader.refuse(item.at, &item.key, Problem::missing_key("expect"));
        return None;
    };
    let expected = expected::read(reader, entry, (&labels, known));
    let Some(at) = terms.at else {
        reader.refuse_missing(item, "at");
        return None;
    };
    let (line, _) = reader.place(item.at);
    let Terms { purpose, names, mode, ocsp, crl, files, unavailable, .. } = terms;
    Some(Case { name, note, line, at, purpose, names, mode, about, ocsp, crl, files, unavailable, expected })
}

/// A name that no other case has.
fn name<'d>(
    reader: &mut Reader<'d>,
    entry: &Entry<'d>,
    names: &mut BTreeMap<String, usize>,
) -> Option<String> {
    let name = reader.some_text(entry)?;
    if names.insert(name.to_owned(), entry.at).is_some() {
        reader.refuse(entry.at, &entry.key, Problem::duplicate(name));
    }
    Some(name.to_owned())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;
    use crate::answers::{self, Source};

    /// The schema that editors use knows the same keys and words.
    #[test]
    fn the_schema_has_every_key_and_no_other() {
        let schema: Value = serde_json::from_str(include_str!("../../../schema/cases.schema.json")).unwrap();
        let keys = |pointer: &str| -> BTreeSet<&str> {
            let properties = schema.pointer(pointer).and_then(Value::as_object);
            properties.unwrap_or_else(|| panic!("{pointer}")).keys().map(String::as_str).collect()
        };
        let shared = terms::KEYS.iter().copied();
        assert_eq!(keys("/properties"), shared.clone().chain(["cases"]).collect());
        assert_eq!(keys("/properties/cases/items/properties"), shared.chain(OWN_KEYS).collect());
        assert_eq!(keys("/$defs/certificate/properties"), certificate::KEYS.iter().copied().collect());
        for (word, source) in [("ocsp-word", Source::Ocsp), ("crl-word", Source::Crl)] {
            let known = schema.pointer(&format!("/$defs/{word}/enum")).and_then(Value::as_array).unwrap();
            let known: BTreeSet<&str> = known.iter().filter_map(Value::as_str).collect();
            assert!(
                known.iter().all(|word| *word == answers::NOTHING || answers::says(word, source).is_some())
            );
            for word in answers::words(source) {
                assert!(known.contains(word.as_str()), "{word}");
            }
        }
    }
}
