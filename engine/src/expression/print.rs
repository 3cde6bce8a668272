//! Expressions and values back to text, in one form: reading it again gives the same tree.

use std::fmt::Write;

use super::Expression;
use super::node::{AND, CHOICE, MEMBER, Macro, Node, OR, Operator, PREFIX, PRODUCT, RELATION, SUM};
use super::value::Value;

impl std::fmt::Display for Expression {
    /// The canonical text, on one line.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut text = String::new();
        node(&mut text, &self.root, CHOICE);
        f.write_str(&text)
    }
}

/// How tightly a node binds.
fn level(node: &Node) -> u8 {
    match node {
        Node::Choose(_) => CHOICE,
        Node::Any(_) => OR,
        Node::Every(_) => AND,
        Node::Infix(operator, _) => {
            let known = Operator::INFIX.iter().find(|(_, known, _)| known == operator);
            known.map_or(MEMBER, |(_, _, level)| *level)
        }
        Node::Negate(_) | Node::Not(_) => PREFIX,
        Node::Literal(Value::Int(number)) if *number < 0 => PREFIX,
        _ => MEMBER,
    }
}

/// Writes `part` where something that binds at least as tightly as `least` belongs.
pub(super) fn node(text: &mut String, part: &Node, least: u8) {
    if level(part) < least {
        text.push('(');
        node(text, part, CHOICE);
        text.push(')');
        return;
    }
    match part {
        Node::Any(parts) => row(text, parts, " || ", AND),
        Node::Choose(parts) => choice(text, parts),
        Node::Every(parts) => row(text, parts, " && ", RELATION),
        Node::Fact(fact) => text.push_str(fact.name()),
        Node::Has(record, fact) => {
            text.push_str("has(");
            node(text, record, MEMBER);
            text.push('.');
            text.push_str(fact.name());
            text.push(')');
        }
        Node::Index(parts) => {
            let [list, index] = parts.as_ref();
            node(text, list, MEMBER);
            text.push('[');
            node(text, index, CHOICE);
            text.push(']');
        }
        Node::Infix(operator, parts) => infix(text, *operator, parts),
        Node::List(parts) => {
            text.push('[');
            row(text, parts, ", ", CHOICE);
            text.push(']');
        }
        Node::Literal(literal) => value(text, literal),
        Node::Loop(which, variable, parts) => over(text, *which, variable, parts),
        Node::Negate(operand) => {
            text.push('-');
            node(text, operand, PREFIX);
        }
        Node::Not(operand) => {
            text.push('!');
            node(text, operand, PREFIX);
        }
        Node::Select(record, fact) => {
            node(text, record, MEMBER);
            text.push('.');
            text.push_str(fact.name());
        }
        Node::Size(operand) => {
            text.push_str("size(");
            node(text, operand, CHOICE);
            text.push(')');
        }
        Node::Variable(name) => text.push_str(name),
    }
}

fn row(text: &mut String, parts: &[Node], between: &str, least: u8) {
    for (place, part) in parts.iter().enumerate() {
        if place > 0 {
            text.push_str(between);
        }
        node(text, part, least);
    }
}

fn choice(text: &mut String, [condition, chosen, other]: &[Node; 3]) {
    node(text, condition, OR);
    text.push_str(" ? ");
    node(text, chosen, OR);
    text.push_str(" : ");
    node(text, other, CHOICE);
}

fn infix(text: &mut String, operator: Operator, [left, right]: &[Node; 2]) {
    if let Some((word, _, level)) = Operator::INFIX.iter().find(|(_, known, _)| *known == operator) {
        debug_assert!([RELATION, SUM, PRODUCT].contains(level), "what groups to the left");
        node(text, left, *level);
        text.push(' ');
        text.push_str(word);
        text.push(' ');
        node(text, right, level.saturating_add(1));
    } else {
        let known = Operator::METHODS.iter().find(|(_, known)| *known == operator);
        node(text, left, MEMBER);
        text.push('.');
        text.push_str(known.map_or("", |(word, _)| word));
        text.push('(');
        node(text, right, CHOICE);
        text.push(')');
    }
}

fn over(text: &mut String, which: Macro, variable: &str, [list, body]: &[Node; 2]) {
    let known = Macro::NAMES.iter().find(|(_, known)| *known == which);
    node(text, list, MEMBER);
    text.push('.');
    text.push_str(known.map_or("", |(word, _)| word));
    text.push('(');
    text.push_str(variable);
    text.push_str(", ");
    node(text, body, CHOICE);
    text.push(')');
}

/// A value as CEL writes it; a record by its type's place, which no literal has.
pub(super) fn value(text: &mut String, shown: &Value) {
    // Writing to a string cannot fail.
    let _ = match shown {
        Value::Bool(value) => write!(text, "{value}"),
        Value::Duration(seconds) => write!(text, "duration(\"{seconds}s\")"),
        Value::Int(number) => write!(text, "{number}"),
        Value::List(values) => {
            text.push('[');
            for (place, one) in values.iter().enumerate() {
                if place > 0 {
                    text.push_str(", ");
                }
                value(text, one);
            }
            text.push(']');
            Ok(())
        }
        Value::Record(place, _) => write!(text, "{{{place}}}"),
        Value::Text(held) => {
            quoted(text, held);
            Ok(())
        }
        Value::Time(moment) => write!(text, "timestamp(\"{moment}\")"),
    };
}

fn quoted(text: &mut String, held: &str) {
    text.push('"');
    for letter in held.chars() {
        match letter {
            '"' | '\\' => text.extend(['\\', letter]),
            letter if letter.is_control() => {
                // Writing to a string cannot fail.
                let _ = write!(text, "\\u{:04x}", u32::from(letter));
            }
            letter => text.push(letter),
        }
    }
    text.push('"');
}
