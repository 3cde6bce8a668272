//! The rule catalogue (`rules.txt`): every identifier that code or tests name is in it.

use std::collections::{BTreeMap, BTreeSet};

use crate::source::files;

const CATALOGUE: &str = include_str!("rules.txt");

/// Rules in the catalogue. The number is the reference documents'.
const COUNT: usize = 427;

fn catalogue() -> BTreeMap<&'static str, (&'static str, &'static str)> {
    let lines = CATALOGUE.lines().filter(|line| !line.starts_with('#'));
    let mut rules = BTreeMap::new();
    for line in lines {
        let mut fields = line.split('\t');
        let (id, layer, statement) = (fields.next(), fields.next(), fields.next());
        let row = id.zip(layer).zip(statement).filter(|_| fields.next().is_none());
        let ((id, layer), statement) = row.unwrap_or_else(|| panic!("not three fields: {line}"));
        assert!(rules.insert(id, (layer, statement)).is_none(), "{id} stands twice");
    }
    rules
}

/// Identifiers such as `R-OCSP-22` in a text.
fn named(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (start, _) in text.match_indices("R-") {
        let before = text[..start].chars().next_back();
        if before.is_some_and(|letter| letter.is_ascii_alphanumeric() || letter == '-') {
            continue;
        }
        let rest = &text[start + 2..];
        let group: String = rest.chars().take_while(char::is_ascii_uppercase).collect();
        let after = rest[group.len()..].strip_prefix('-').unwrap_or_default();
        let number: String = after.chars().take_while(char::is_ascii_digit).collect();
        if !group.is_empty() && !number.is_empty() {
            found.push(format!("R-{group}-{number}"));
        }
    }
    found
}

#[test]
fn the_catalogue_is_whole() {
    let rules = catalogue();
    assert_eq!(rules.len(), COUNT);
    for (id, (layer, statement)) in rules {
        assert!(
            layer.chars().all(|letter| "EHUBP".contains(letter)) && !layer.is_empty(),
            "{id}: layer {layer}"
        );
        assert!(!statement.is_empty(), "{id}: no statement");
    }
}

#[test]
fn every_rule_that_is_named_exists() {
    let rules = catalogue();
    let mut unknown = BTreeSet::new();
    for source in ["rs", "toml", "wit"].into_iter().flat_map(files) {
        // Examples in this very file name no rule of ours.
        if source.path != "tests/tidy/rules.rs" {
            let missing = named(&source.text).into_iter().filter(|id| !rules.contains_key(id.as_str()));
            unknown.extend(missing.map(|id| format!("{}: {id}", source.path)));
        }
    }
    assert!(unknown.is_empty(), "{unknown:#?}");
}

#[test]
fn identifiers_are_read_whole() {
    assert_eq!(named("R-CC-9, R-OCSP-22; FOR-A-1 (R-01) R-TS-"), ["R-CC-9", "R-OCSP-22"]);
}

/// What scenarios exercise, printed for the report (`--nocapture`).
#[test]
fn every_rule_a_code_implements_is_exercised_by_a_scenario() {
    let engine = files("rs").into_iter().filter(|source| source.path.starts_with("engine/src/finding/code"));
    let implemented: BTreeSet<String> = engine.flat_map(|source| named(&source.text)).collect();
    let scenarios = files("toml").into_iter().filter(|source| source.path.starts_with("tests/scenarios/"));
    let exercised: BTreeSet<String> = scenarios.flat_map(|source| named(&source.text)).collect();
    println!("{} of {COUNT} rules are named by a scenario", exercised.len());
    let missing: Vec<&String> = implemented.difference(&exercised).collect();
    assert!(missing.is_empty(), "implemented by a code, exercised by no scenario: {missing:?}");
}
