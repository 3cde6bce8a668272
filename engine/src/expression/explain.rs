//! Why an expression came out as it did: the operands that decided, with their values. It goes down only where the
//! answer came from, so that what was no reason is not told as one. Decides nothing.

use super::evaluate::Run;
use super::node::{CHOICE, Macro, Node};
use super::print;
use super::value::{Facts, Failure, Value};
use super::{MAXIMUM_REASON_OCTETS, MAXIMUM_REASONS, Reason};
use crate::budget::Budget;

pub(super) fn explain(root: &Node, facts: &dyn Facts, budget: &mut Budget) -> Vec<Reason> {
    let mut explanation = Explanation { run: Run::new(facts, budget), reasons: Vec::new() };
    // Where the budget ends, what was found so far is told.
    let _ = explanation.of(root);
    explanation.reasons
}

struct Explanation<'r> {
    run: Run<'r>,
    reasons: Vec<Reason>,
}

impl<'r> Explanation<'r> {
    fn of(&mut self, node: &'r Node) -> Result<(), Failure> {
        match node {
            Node::Any(parts) => self.junction(parts, true),
            Node::Every(parts) => self.junction(parts, false),
            Node::Choose(parts) => {
                let [condition, chosen, other] = parts.as_ref();
                self.of(condition)?;
                match self.run.truth(condition) {
                    Ok(true) => self.of(chosen),
                    Ok(false) => self.of(other),
                    Err(failure) => stop(failure),
                }
            }
            Node::Infix(_, parts) => {
                for part in parts.as_ref() {
                    self.note(part)?;
                }
                Ok(())
            }
            Node::Not(operand) => self.of(operand),
            Node::Loop(which @ (Macro::All | Macro::Exists), variable, parts) => {
                let [list, body] = parts.as_ref();
                self.over(*which == Macro::Exists, list, (variable, body), node)
            }
            _ => self.note(node),
        }
    }

    /// The operand that settled it, or all of them.
    fn junction(&mut self, parts: &'r [Node], settles: bool) -> Result<(), Failure> {
        for part in parts {
            match self.run.truth(part) {
                Ok(truth) if truth == settles => return self.of(part),
                Err(Failure::Budget) => return Err(Failure::Budget),
                _ => {}
            }
        }
        parts.iter().try_for_each(|part| self.of(part))
    }

    /// The element that settled it; where none did, what it came to.
    fn over(
        &mut self,
        settles: bool,
        list: &'r Node,
        (variable, body): (&'r str, &'r Node),
        whole: &'r Node,
    ) -> Result<(), Failure> {
        let elements = match self.run.elements(list) {
            Ok(elements) => elements,
            Err(Failure::Budget) => return Err(Failure::Budget),
            Err(_) => return self.note(list),
        };
        for element in elements {
            match self.run.with(variable, element.clone(), |run| run.truth(body)) {
                Ok(truth) if truth == settles => return self.inside(variable, element, body),
                Err(Failure::Budget) => return Err(Failure::Budget),
                _ => {}
            }
        }
        self.note(whole)
    }

    fn inside(&mut self, variable: &'r str, element: Value, body: &'r Node) -> Result<(), Failure> {
        // The names of reasons are those of the text, so the variable's value is told first.
        if !matches!(element, Value::Record(..)) {
            self.push(variable.to_owned(), element.to_string());
        }
        self.run.enter(variable, element);
        let told = self.of(body);
        self.run.leave();
        told
    }

    /// Tells what an operand came to. A literal says so itself, and a record by its facts.
    fn note(&mut self, node: &'r Node) -> Result<(), Failure> {
        if matches!(node, Node::Literal(_) | Node::Variable(_)) || self.reasons.len() >= MAXIMUM_REASONS {
            return Ok(());
        }
        let value = match self.run.value(node) {
            Ok(Value::Record(..)) => return Ok(()),
            Ok(value) => value.to_string(),
            Err(Failure::Budget) => return Err(Failure::Budget),
            Err(failure) => failure.word().to_owned(),
        };
        let mut part = String::new();
        print::node(&mut part, node, CHOICE);
        self.push(part, value);
        Ok(())
    }

    fn push(&mut self, part: String, value: String) {
        let reason = Reason { part: cut(part), value: cut(value) };
        if self.reasons.len() < MAXIMUM_REASONS && !self.reasons.contains(&reason) {
            self.reasons.push(reason);
        }
    }
}

/// A failure is told where it arose; only the budget ends the telling.
fn stop(failure: Failure) -> Result<(), Failure> {
    if failure == Failure::Budget { Err(failure) } else { Ok(()) }
}

/// The beginning of what is long, whole characters only.
fn cut(text: String) -> String {
    if text.len() <= MAXIMUM_REASON_OCTETS {
        return text;
    }
    let mut kept = String::new();
    for letter in text.chars() {
        if kept.len().saturating_add(letter.len_utf8()).saturating_add('…'.len_utf8()) > MAXIMUM_REASON_OCTETS
        {
            break;
        }
        kept.push(letter);
    }
    kept.push('…');
    kept
}
