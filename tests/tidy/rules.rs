//! The rule catalogue (`rules.txt`): every identifier that code or tests name is in it.

use std::collections::BTreeSet;

use crate::catalogue::{argued, catalogue, exercised, named, named_by_function};
use crate::source::{files, root};

/// Rules in the catalogue. The number is the reference documents'.
const COUNT: usize = 427;

#[test]
fn the_catalogue_is_whole() {
    let rules = catalogue().expect("the catalogue");
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
    let rules = catalogue().expect("the catalogue");
    let mut unknown = BTreeSet::new();
    for source in ["rs", "toml", "wit"].into_iter().flat_map(files) {
        // Examples in this very file name no rule of ours.
        if !["tests/tidy/rules.rs", "tests/tidy/catalogue.rs"].contains(&source.path.as_str()) {
            let missing = named(&source.text).into_iter().filter(|id| !rules.contains_key(id.as_str()));
            unknown.extend(missing.map(|id| format!("{}: {id}", source.path)));
        }
    }
    assert!(unknown.is_empty(), "{unknown:#?}");
}

#[test]
fn identifiers_are_read_whole() {
    assert_eq!(named("R-CC-9, R-OCSP-22; FOR-A-1 (R-01) R-TS-"), ["R-CC-9", "R-OCSP-22"]);
    assert_eq!(
        named("R-CC-1 to R-CC-3, R-TS-9 to\n// R-TS-11"),
        ["R-CC-1", "R-CC-2", "R-CC-3", "R-TS-9", "R-TS-10", "R-TS-11"]
    );
    assert_eq!(named("R-CC-1 to R-TS-3 R-TS-5"), ["R-CC-1", "R-TS-3", "R-TS-5"]);
    assert_eq!(named_by_function("    fn r_ts_8_wildcards_are_refused() {"), Some("R-TS-8".to_owned()));
    assert_eq!(named_by_function("fn r_ts_x() {"), None);
    assert_eq!(named_by_function("fn rules_ts_8() {"), None);
}

#[test]
fn what_is_argued_about_is_in_the_catalogue_and_exercised_nowhere() {
    let (rules, places) = (catalogue().expect("the catalogue"), exercised(&root()).expect("the tree"));
    for (id, reason) in argued().expect("the arguments") {
        assert!(rules.contains_key(id), "{id} is no rule");
        assert!(reason.len() > 20, "{id}: {reason}");
        assert!(!places.contains_key(id), "{id} is exercised by {:?}; strike it", places.get(id));
    }
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
