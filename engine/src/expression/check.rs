//! Nodes with their types: each function puts one together where the types of its parts go with each other, and is the
//! only way to. Follows the overloads of cel-spec, "List of Standard Definitions".

use super::fact::{Record, Row, Scope, visible};
use super::kind::{Kind, Scalar};
use super::node::{Macro, Node, Operator};
use super::value::Value;
use super::{Checked, MAXIMUM_DEPTH, Problem, ProblemKind, problem};

/// A node that is being put together.
#[derive(Clone, Debug)]
pub(super) struct Term {
    pub(super) node: Node,
    pub(super) kind: Kind,
    /// Where it starts, in octets.
    pub(super) at: usize,
    depth: u32,
}

impl Term {
    /// Without parts.
    pub(super) fn new(node: Node, kind: Kind, at: usize) -> Self {
        Self { node, kind, at, depth: 1 }
    }

    /// The same from an opening bracket on.
    pub(super) fn starting(self, at: usize) -> Self {
        Self { at, ..self }
    }

    /// Above parts of this depth.
    fn above(node: Node, kind: Kind, at: usize, parts: u32) -> Checked<Self> {
        let depth = parts.saturating_add(1);
        if depth > MAXIMUM_DEPTH {
            return Err(problem(at, ProblemKind::TooDeep));
        }
        Ok(Self { node, kind, at, depth })
    }
}

/// A type that does not belong where it is.
pub(super) fn wrong(found: &Term, expected: &str) -> Box<Problem> {
    let kind = ProblemKind::Type { expected: expected.to_owned(), found: found.kind.word() };
    problem(found.at, kind)
}

/// It must be of this type.
pub(super) fn demand(term: Term, kind: Kind) -> Checked<Term> {
    if term.kind == kind { Ok(term) } else { Err(wrong(&term, &kind.word())) }
}

/// The type that comes out of two, where they go together.
fn result(operator: Operator, left: Kind, right: Kind) -> Option<Kind> {
    use Operator as O;
    let both = |kind: Kind| left == kind && right == kind;
    let is_sum = both(Kind::INT) || both(Kind::DURATION);
    match operator {
        O::Equal | O::NotEqual => (left == right && left.is_comparable()).then_some(Kind::BOOL),
        O::Less | O::LessOrEqual | O::Greater | O::GreaterOrEqual => {
            let ordered = left.lists == 0 && left.is_comparable() && left != Kind::BOOL;
            (left == right && ordered).then_some(Kind::BOOL)
        }
        O::In => (right == left.list() && left.is_comparable()).then_some(Kind::BOOL),
        O::Contains | O::EndsWith | O::StartsWith => both(Kind::TEXT).then_some(Kind::BOOL),
        O::Multiply | O::Divide | O::Remainder => both(Kind::INT).then_some(Kind::INT),
        O::Add if is_sum || both(Kind::TEXT) || (left == right && left.lists > 0) => Some(left),
        O::Add => match (left, right) {
            (Kind::TIME, Kind::DURATION) | (Kind::DURATION, Kind::TIME) => Some(Kind::TIME),
            _ => None,
        },
        O::Subtract if is_sum => Some(left),
        O::Subtract => match (left, right) {
            (Kind::TIME, Kind::TIME) => Some(Kind::DURATION),
            (Kind::TIME, Kind::DURATION) => Some(Kind::TIME),
            _ => None,
        },
    }
}

/// Two operands.
pub(super) fn infix(operator: Operator, left: Term, right: Term) -> Checked<Term> {
    let Some(kind) = result(operator, left.kind, right.kind) else {
        return Err(mismatch(operator, &left, &right));
    };
    if matches!(operator, Operator::Equal | Operator::NotEqual | Operator::In) {
        known_word(&left, &right)?;
        known_word(&right, &left)?;
    }
    let depth = left.depth.max(right.depth);
    Term::above(Node::Infix(operator, Box::new([left.node, right.node])), kind, left.at, depth)
}

/// What is compared with a fact of few words must be one of them: with any other it comes out the same for ever.
fn known_word(fact: &Term, written: &Term) -> Checked<()> {
    let (Node::Fact(which) | Node::Select(_, which)) = &fact.node else { return Ok(()) };
    let items = match &written.node {
        Node::List(items) => items.as_slice(),
        other => std::slice::from_ref(other),
    };
    for item in items {
        if let Node::Literal(Value::Text(word)) = item
            && !which.words().is_empty()
            && !which.words().contains(&word.as_str())
        {
            return Err(unknown(word, written.at, &mut which.words().iter().copied()));
        }
    }
    Ok(())
}

/// What would have gone with the left operand, or what could have stood there.
fn mismatch(operator: Operator, left: &Term, right: &Term) -> Box<Problem> {
    let mut kinds = Kind::SCALARS.to_vec();
    kinds.push(left.kind.list());
    if left.kind.lists > 0 {
        kinds.push(left.kind);
    }
    let beside =
        |left: Kind| kinds.iter().copied().filter(move |right| result(operator, left, *right).is_some());
    let words =
        |kinds: &mut dyn Iterator<Item = Kind>| kinds.map(Kind::word).collect::<Vec<_>>().join(" or ");
    let expected = words(&mut beside(left.kind));
    if expected.is_empty() {
        let usable = words(&mut Kind::SCALARS.into_iter().filter(|kind| beside(*kind).next().is_some()));
        return wrong(left, &usable);
    }
    wrong(right, &expected)
}

/// `&&` or `||` of two or more. One inside another of its kind is part of it: both are associative.
pub(super) fn junction(operands: Vec<Term>, operator: &str) -> Checked<Term> {
    let (at, mut depth, mut parts) = (operands.first().map_or(0, |first| first.at), 0, Vec::new());
    for operand in operands {
        let operand = demand(operand, Kind::BOOL)?;
        depth = operand.depth.max(depth);
        match (operand.node, operator) {
            (Node::Every(inner), "&&") | (Node::Any(inner), "||") => parts.extend(inner),
            (node, _) => parts.push(node),
        }
    }
    let node = if operator == "&&" { Node::Every(parts) } else { Node::Any(parts) };
    Term::above(node, Kind::BOOL, at, depth)
}

/// `!a`.
pub(super) fn not(operand: Term, at: usize) -> Checked<Term> {
    let operand = demand(operand, Kind::BOOL)?;
    Term::above(Node::Not(Box::new(operand.node)), Kind::BOOL, at, operand.depth)
}

/// `-a`; of a literal, the literal.
pub(super) fn negate(operand: Term, at: usize) -> Checked<Term> {
    if let Node::Literal(Value::Int(number)) = operand.node
        && let Some(number) = number.checked_neg()
    {
        return Ok(Term::new(Node::Literal(Value::Int(number)), Kind::INT, at));
    }
    let operand = demand(operand, Kind::INT)?;
    Term::above(Node::Negate(Box::new(operand.node)), Kind::INT, at, operand.depth)
}

/// `condition ? chosen : other`.
pub(super) fn choose(condition: Term, chosen: Term, other: Term) -> Checked<Term> {
    let condition = demand(condition, Kind::BOOL)?;
    let other = demand(other, chosen.kind)?;
    let depth = condition.depth.max(chosen.depth).max(other.depth);
    let node = Node::Choose(Box::new([condition.node, chosen.node, other.node]));
    Term::above(node, chosen.kind, condition.at, depth)
}

/// `[a, b]`: values of one type.
pub(super) fn list(elements: Vec<Term>, at: usize) -> Checked<Term> {
    let Some(kind) = elements.first().map(|first| first.kind) else {
        return Err(problem(at, ProblemKind::Unsupported { found: "[]".to_owned() }));
    };
    let (mut nodes, mut depth) = (Vec::new(), 0);
    for element in elements {
        let element = demand(element, kind)?;
        depth = element.depth.max(depth);
        nodes.push(element.node);
    }
    Term::above(Node::List(nodes), kind.list(), at, depth)
}

/// `list[index]`.
pub(super) fn index(list: Term, index: Term) -> Checked<Term> {
    let Some(kind) = list.kind.element() else { return Err(wrong(&list, "list")) };
    let index = demand(index, Kind::INT)?;
    let depth = list.depth.max(index.depth);
    Term::above(Node::Index(Box::new([list.node, index.node])), kind, list.at, depth)
}

/// The fact called `name` of a record.
fn row(record: &Term, name: &str, at: usize) -> Checked<&'static Row> {
    let Scalar::Record(kind) = record.kind.scalar else { return Err(wrong(record, "a record")) };
    if record.kind.lists > 0 {
        return Err(wrong(record, kind.word()));
    }
    let found = visible(kind, Scope::Path).find(|row| row.name == name);
    found.ok_or_else(|| unknown(name, at, &mut visible(kind, Scope::Path).map(|row| row.name)))
}

pub(super) fn unknown(name: &str, at: usize, expected: &mut dyn Iterator<Item = &str>) -> Box<Problem> {
    let mut names = Vec::new();
    for name in expected {
        names.push(name.to_owned());
    }
    problem(at, ProblemKind::Name { found: name.to_owned(), expected: names })
}

/// `record.fact`.
pub(super) fn select(record: Term, name: &str, at: usize) -> Checked<Term> {
    let row = row(&record, name, at)?;
    Term::above(Node::Select(Box::new(record.node), row.fact), row.kind, record.at, record.depth)
}

/// `has(record.fact)`.
pub(super) fn has(selected: Term, at: usize) -> Checked<Term> {
    match selected.node {
        Node::Select(record, fact) => {
            Term::above(Node::Has(record, fact), Kind::BOOL, at, selected.depth.saturating_sub(1))
        }
        _ => Err(super::token::syntax(selected.at, "another expression", "the fact of a record")),
    }
}

/// `size(a)`.
pub(super) fn size(operand: Term, at: usize) -> Checked<Term> {
    if operand.kind.lists == 0 && operand.kind != Kind::TEXT {
        return Err(wrong(&operand, "string or list"));
    }
    Term::above(Node::Size(Box::new(operand.node)), Kind::INT, at, operand.depth)
}

/// A macro over `list`, whose elements are called `variable` in `body`.
pub(super) fn over(which: Macro, list: Term, variable: &str, body: Term) -> Checked<Term> {
    let (body, kind) = match which {
        Macro::Map => (body.clone(), body.kind.list()),
        Macro::Filter => (demand(body, Kind::BOOL)?, list.kind),
        Macro::All | Macro::Exists | Macro::ExistsOne => (demand(body, Kind::BOOL)?, Kind::BOOL),
    };
    let depth = list.depth.max(body.depth);
    let node = Node::Loop(which, variable.to_owned(), Box::new([list.node, body.node]));
    Term::above(node, kind, list.at, depth)
}

/// A fact that is known by itself.
pub(super) fn fact(name: &str, scope: Scope, at: usize) -> Option<Term> {
    let row = visible(Record::Question, scope).find(|row| row.name == name)?;
    Some(Term::new(Node::Fact(row.fact), row.kind, at))
}
