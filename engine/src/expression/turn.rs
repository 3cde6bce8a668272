//! What would have turned an expression that is true into one that is false: another value of one fact that it compares
//! with a literal, found by putting that value in everywhere and evaluating again. It claims nothing about facts that go
//! together, such as a name and its size. Decides nothing.

use super::evaluate::Run;
use super::node::{CHOICE, Node, Operator};
use super::print;
use super::value::{Facts, Value};
use super::{MAXIMUM_REASONS, Turn};
use crate::budget::{Budget, Limits};
use crate::time::Instant;

/// Steps that are spent on looking. Ours, beside the budget of rules: looking must not make the next rule fail.
const STEPS: u32 = 2_000;

pub(super) fn turn(root: &Node, facts: &dyn Facts) -> Option<Turn> {
    let mut compared = Vec::new();
    comparisons(root, &mut compared);
    let mut budget = Budget::new(Limits { rule_steps: STEPS, ..Limits::DEFAULT });
    for (term, operator, literal) in compared {
        let Ok(value) = Run::new(facts, &mut budget).value(term) else { continue };
        for other in beside(operator, literal).into_iter().filter(|other| *other != value) {
            let mut run = Run::new(facts, &mut budget).replacing(term, other.clone());
            if run.truth(root) == Ok(false) {
                let mut part = String::new();
                print::node(&mut part, term, CHOICE);
                return Some(Turn { part, from: value.to_string(), to: other.to_string() });
            }
        }
    }
    None
}

type Comparison<'n> = (&'n Node, Option<Operator>, &'n Value);

const TRUE: Value = Value::Bool(true);

/// Every comparison of something with a literal, in the order of the text, and what is true or false by itself. Under a
/// macro the same text is another fact for each element, so nothing is looked for there.
fn comparisons<'n>(node: &'n Node, found: &mut Vec<Comparison<'n>>) {
    match node {
        Node::Any(parts) | Node::Every(parts) => parts.iter().for_each(|part| comparisons(part, found)),
        Node::Choose(parts) => parts.iter().for_each(|part| comparisons(part, found)),
        Node::Not(operand) => comparisons(operand, found),
        Node::Fact(_) | Node::Select(..) | Node::Has(..) if found.len() < MAXIMUM_REASONS => {
            found.push((node, None, &TRUE));
        }
        Node::Infix(operator, parts) if found.len() < MAXIMUM_REASONS => match parts.as_ref() {
            [term, Node::Literal(literal)] | [Node::Literal(literal), term] => {
                found.push((term, Some(*operator), literal));
            }
            [term, Node::List(items)] if *operator == Operator::In => {
                if let Some(Node::Literal(first)) = items.first() {
                    found.push((term, Some(Operator::Equal), first));
                }
            }
            _ => {}
        },
        _ => {}
    }
}

/// The literal and the values on both sides of it; whichever way a comparison goes, one of them is its boundary.
fn beside(operator: Option<Operator>, literal: &Value) -> Vec<Value> {
    use Operator as O;
    let Some(operator) = operator else { return vec![TRUE, Value::Bool(false)] };
    if !matches!(operator, O::Equal | O::NotEqual | O::Less | O::LessOrEqual | O::Greater | O::GreaterOrEqual)
    {
        return Vec::new();
    }
    let both = |number: i64, value: fn(i64) -> Value| {
        vec![value(number), value(number.saturating_add(1)), value(number.saturating_sub(1))]
    };
    match literal {
        Value::Int(number) => both(*number, Value::Int),
        Value::Duration(seconds) => both(*seconds, Value::Duration),
        Value::Time(moment) => both(moment.unix(), |unix| Value::Time(Instant::from_unix(unix))),
        Value::Bool(truth) => vec![Value::Bool(*truth), Value::Bool(!truth)],
        Value::Text(_) => vec![literal.clone()],
        Value::List(_) | Value::Record(..) => Vec::new(),
    }
}
