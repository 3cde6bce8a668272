//! The list `[[rules]]`: rules of a deployment's own. What is wrong inside an expression is told where it stands in the
//! document.

use std::collections::BTreeSet;

use super::management::needed;
use super::{bounded, plain_name, set};
use crate::expression::fact::Scope;
use crate::expression::{Expression, Problem, ProblemKind};
use crate::finding::Severity;
use crate::settings::custom::CustomRule;
use crate::settings::document::combination::Written;
use crate::settings::document::key;
use crate::settings::document::problem::{DocumentProblem, quote};
use crate::settings::document::reader::{Entry, Reader};

/// Every rule, in the order of the document.
pub(super) fn rules<'d>(
    reader: &mut Reader<'d>,
    list: &Entry<'d>,
    rules: &mut Vec<CustomRule>,
    written: &mut Written<'d>,
) {
    let mut seen = BTreeSet::new();
    let mut octets = 0_usize;
    for item in &bounded(reader, list, key::MAXIMUM_RULES) {
        let Some(rule) = rule(reader, item, &mut seen, written) else { continue };
        // The canonical document must be one that can be read again; quotation marks double there.
        let text = rule.when.to_string().len().saturating_add(rule.message.len());
        octets = octets.saturating_add(text.saturating_mul(2));
        if octets > key::MAXIMUM_RULES_OCTETS {
            let maximum = key::MAXIMUM_RULES_OCTETS;
            reader.refuse(item.at, &item.key, || DocumentProblem::TooLarge { octets, maximum });
        }
        rules.push(rule);
    }
}

fn rule<'d>(
    reader: &mut Reader<'d>,
    table: &Entry<'d>,
    seen: &mut BTreeSet<String>,
    written: &mut Written<'d>,
) -> Option<CustomRule> {
    let (mut id, mut when, mut effect, mut message) = (None, None, None, None);
    let (mut purposes, mut each) = (Vec::new(), Scope::Path);
    for entry in needed(reader, table, &["id", "when", "effect", "message"]) {
        match entry.name {
            "id" => {
                id = plain_name(reader, &entry);
                if id.as_ref().is_some_and(|id| !seen.insert(id.clone())) {
                    reader.duplicate(&entry);
                }
            }
            "when" => when = Some(entry),
            "effect" => effect = reader.word(&entry, key::EFFECTS),
            "message" => message = told(reader, &entry),
            "purposes" => purposes = named(reader, &entry, written),
            "each" => set(&mut each, reader.word(&entry, key::SCOPES_OF_RULES)),
            _ => reader.unknown_key(&entry, key::RULE),
        }
    }
    // What may be named depends on `each`, wherever that stands.
    let when = when.and_then(|entry| expression(reader, &entry, each, effect.unwrap_or(Severity::Deny)))?;
    Some(CustomRule { id: id?, when, effect: effect?, message: message?, purposes, each })
}

/// What people are told: some text, on one line.
fn told<'d>(reader: &mut Reader<'d>, entry: &Entry<'d>) -> Option<String> {
    let message = reader.text(entry)?;
    if message.trim().is_empty() {
        reader.refuse(entry.at, &entry.key, || DocumentProblem::Empty);
    }
    if message.chars().count() > key::MAXIMUM_MESSAGE || message.contains(char::is_control) {
        let accepted = "at most 500 characters on one line";
        reader.refuse(entry.at, &entry.key, || DocumentProblem::Name { found: quote(message), accepted });
    }
    Some(message.to_owned())
}

/// Names of purposes; whether there are such is looked at once the whole document is read.
fn named<'d>(reader: &mut Reader<'d>, list: &Entry<'d>, written: &mut Written<'d>) -> Vec<String> {
    let mut names = Vec::new();
    for item in bounded(reader, list, key::MAXIMUM_PURPOSES) {
        let Some(name) = reader.text(&item).map(str::to_owned) else { continue };
        if names.contains(&name) {
            reader.duplicate(&item);
        }
        names.push(name);
        written.rule_purposes.push(item);
    }
    names
}

fn expression<'d>(
    reader: &mut Reader<'d>,
    entry: &Entry<'d>,
    each: Scope,
    effect: Severity,
) -> Option<Expression> {
    let text = reader.text(entry)?;
    match Expression::read(text, each) {
        Ok(expression) => Some(expression),
        Err(Problem { at, kind }) => {
            let at = reader.place_within(entry, text, at);
            match kind {
                ProblemKind::Name { found, expected } => {
                    let known: Vec<&str> = expected.iter().map(String::as_str).collect();
                    reader.unknown_name((at, &entry.key), &found, &known);
                }
                kind => reader.refuse(at, &entry.key, || problem(kind, effect)),
            }
            None
        }
    }
}

fn problem(kind: ProblemKind, effect: Severity) -> DocumentProblem {
    match kind {
        ProblemKind::Constant(holds) => DocumentProblem::ConstantRule { holds, effect },
        other => DocumentProblem::Expression { problem: Box::new(other) },
    }
}
