//! Expressions that come out the same whatever the facts are, although they name some: `a && !a`, or a fact that is to be
//! below 3 and above 5 at once. What is said here is certain, and what is not said is open: an expression that can come
//! out both ways is never called settled. One that can fail is judged by what it comes to where it does not.
//!
//! All bounds of one term are looked at together, by trying the values next to the literals it is compared with: between
//! two of these nothing changes, so that where none of them meets every bound no value does.

use super::evaluate;
use super::node::{Macro, Node, Operator};
use super::value::Value;
use crate::time::Instant;

/// Most bounds that are looked at together. Ours: each is compared with every other; beyond it nothing is said.
const MOST: usize = 64;

/// What a node, which is a `bool`, always comes to.
pub(super) fn settled(node: &Node) -> Option<bool> {
    match node {
        Node::Literal(Value::Bool(truth)) => Some(*truth),
        Node::Not(operand) => settled(operand).map(|truth| !truth),
        Node::Any(parts) => junction(&parts.iter().collect::<Vec<_>>(), true),
        Node::Every(parts) => junction(&parts.iter().collect::<Vec<_>>(), false),
        Node::Choose(parts) => {
            let [condition, chosen, other] = parts.as_ref();
            match settled(condition) {
                Some(true) => settled(chosen),
                Some(false) => settled(other),
                None => settled(chosen).filter(|truth| settled(other) == Some(*truth)),
            }
        }
        // Of no element at all, `all` is true and the others are false.
        Node::Loop(which, _, parts) => {
            let [_, body] = parts.as_ref();
            let empty = match which {
                Macro::All => true,
                Macro::Exists | Macro::ExistsOne => false,
                Macro::Filter | Macro::Map => return None,
            };
            settled(body).filter(|truth| *truth == empty)
        }
        _ => {
            let holds = |truth| is_possible(&bounds_of(&[node], truth));
            match (holds(true), holds(false)) {
                (true, false) => Some(true),
                (false, true) => Some(false),
                _ => None,
            }
        }
    }
}

/// `||` where it settles is true, `&&` where it is false.
pub(super) fn junction(parts: &[&Node], settles: bool) -> Option<bool> {
    let mut all = true;
    for part in parts {
        match settled(part) {
            Some(truth) if truth == settles => return Some(settles),
            Some(_) => {}
            None => all = false,
        }
    }
    if all {
        return Some(!settles);
    }
    // Where they cannot all be the other way at once, one of them settles it.
    (!is_possible(&bounds_of(parts, !settles))).then_some(settles)
}

/// The operand with which a junction that is settled comes to be so.
pub(super) fn place(parts: &[&Node], settles: bool) -> Option<usize> {
    junction(parts, settles)?;
    (0..parts.len()).find(|last| parts.get(..=*last).is_some_and(|first| junction(first, settles).is_some()))
}

/// What a term is to be: the operator between it and the value, and whether that is to hold.
struct Bound<'n> {
    term: &'n Node,
    operator: Operator,
    value: Value,
    holds: bool,
}

/// What must be so where every one of these comes to `truth`.
fn bounds_of<'n>(nodes: &[&'n Node], truth: bool) -> Vec<Bound<'n>> {
    let mut bounds = Vec::new();
    for node in nodes {
        collect(node, truth, &mut bounds);
    }
    bounds
}

fn collect<'n>(node: &'n Node, truth: bool, bounds: &mut Vec<Bound<'n>>) {
    match (node, truth) {
        (Node::Not(operand), _) => return collect(operand, !truth, bounds),
        (Node::Every(parts), true) | (Node::Any(parts), false) => {
            return parts.iter().for_each(|part| collect(part, truth, bounds));
        }
        _ => {}
    }
    let (term, operator, value) = compared(node).unwrap_or((node, Operator::Equal, Value::Bool(true)));
    bounds.push(Bound { term, operator, value, holds: truth });
}

/// A comparison with what is written out.
fn compared(node: &Node) -> Option<(&Node, Operator, Value)> {
    use Operator as O;
    let Node::Infix(operator, parts) = node else { return None };
    match (operator, parts.as_ref()) {
        (O::Equal | O::NotEqual | O::Less | O::LessOrEqual | O::Greater | O::GreaterOrEqual, parts) => {
            match parts {
                [term, Node::Literal(value)] => Some((term, *operator, value.clone())),
                [Node::Literal(value), term] => Some((term, turned(*operator), value.clone())),
                _ => None,
            }
        }
        (O::In, [term, Node::List(items)]) => {
            let literal = |item: &Node| match item {
                Node::Literal(value) => Some(value.clone()),
                _ => None,
            };
            let values: Option<Vec<Value>> = items.iter().map(literal).collect();
            Some((term, O::In, Value::List(values?)))
        }
        _ => None,
    }
}

/// The same comparison from the other side.
fn turned(operator: Operator) -> Operator {
    match operator {
        Operator::Less => Operator::Greater,
        Operator::LessOrEqual => Operator::GreaterOrEqual,
        Operator::Greater => Operator::Less,
        Operator::GreaterOrEqual => Operator::LessOrEqual,
        other => other,
    }
}

/// Whether every term may have a value within all of its bounds.
fn is_possible(bounds: &[Bound<'_>]) -> bool {
    if bounds.len() > MOST {
        return true;
    }
    let first = |place: usize, bound: &Bound<'_>| bounds.iter().take(place).all(|one| one.term != bound.term);
    let mut terms = bounds.iter().enumerate().filter(|(place, bound)| first(*place, bound));
    terms.all(|(_, bound)| {
        let same: Vec<&Bound<'_>> = bounds.iter().filter(|one| one.term == bound.term).collect();
        let values = tried(bound.term, &same);
        values.is_empty() || values.iter().any(|value| same.iter().all(|bound| meets(value, bound)))
    })
}

fn meets(value: &Value, bound: &Bound<'_>) -> bool {
    // An operand of another type is none that this decides about.
    let holds = evaluate::infix(bound.operator, value.clone(), bound.value.clone());
    holds.map_or(true, |holds| holds == Value::Bool(bound.holds))
}

/// Values of a term, among them one of every stretch between the literals.
fn tried(term: &Node, bounds: &[&Bound<'_>]) -> Vec<Value> {
    if let Node::Fact(fact) | Node::Select(_, fact) = term
        && !fact.words().is_empty()
    {
        return fact.words().iter().map(|word| Value::Text((*word).to_owned())).collect();
    }
    let mut tried = Vec::new();
    for bound in bounds {
        match &bound.value {
            Value::List(values) => values.iter().for_each(|value| beside(value, &mut tried)),
            value => beside(value, &mut tried),
        }
    }
    if is_count(term) {
        tried.push(Value::Int(0));
        tried.retain(|value| !matches!(value, Value::Int(number) if *number < 0));
    }
    tried
}

/// Never below nothing.
fn is_count(term: &Node) -> bool {
    match term {
        Node::Size(_) => true,
        Node::Fact(fact) | Node::Select(_, fact) => fact.is_count(),
        _ => false,
    }
}

/// A literal with its neighbours on both sides.
fn beside(literal: &Value, tried: &mut Vec<Value>) {
    let mut around = |number: i64, value: fn(i64) -> Value| {
        tried.extend([number, number.saturating_add(1), number.saturating_sub(1)].map(value));
    };
    match literal {
        Value::Int(number) => around(*number, Value::Int),
        Value::Duration(seconds) => around(*seconds, Value::Duration),
        Value::Time(moment) => around(moment.unix(), |unix| Value::Time(Instant::from_unix(unix))),
        Value::Bool(_) => tried.extend([Value::Bool(true), Value::Bool(false)]),
        // The first of all texts, this one, and the one right behind it.
        Value::Text(text) => {
            tried.extend([String::new(), text.clone(), format!("{text}\0")].map(Value::Text));
        }
        // A list has no neighbours: itself, and one that is no other.
        Value::List(_) | Value::Record(..) => {}
    }
}
