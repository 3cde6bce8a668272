//! A checked expression and facts to a value (cel-spec, "Runtime Behavior"). `&&`, `||`, `all` and `exists` take a
//! side that settles them whatever the other came to, an error included; everything else hands errors on. Every value
//! costs steps, more where it is longer, so that nothing can grow without being paid for.

use super::moment::{duration, moment};
use super::node::{Macro, Node, Operator};
use super::value::{Facts, Failure, Value};
use crate::budget::Budget;

type Outcome = Result<Value, Failure>;

/// An evaluation under way.
pub(super) struct Run<'r> {
    facts: &'r dyn Facts,
    budget: &'r mut Budget,
    bound: Vec<(&'r str, Value)>,
    /// What is taken to have another value than it has.
    replaced: Option<(&'r Node, Value)>,
}

impl<'r> Run<'r> {
    pub(super) fn new(facts: &'r dyn Facts, budget: &'r mut Budget) -> Self {
        Self { facts, budget, bound: Vec::new(), replaced: None }
    }

    /// The same, where `node` has `value` wherever it stands.
    pub(super) fn replacing(self, node: &'r Node, value: Value) -> Self {
        Self { replaced: Some((node, value)), ..self }
    }

    /// The value of `node`, paid for.
    pub(super) fn value(&mut self, node: &'r Node) -> Outcome {
        self.spend(1)?;
        if let Some((_, value)) = self.replaced.as_ref().filter(|(replaced, _)| *replaced == node) {
            return Ok(value.clone());
        }
        let value = self.unpaid(node)?;
        self.spend(value.weight())?;
        Ok(value)
    }

    fn spend(&mut self, steps: u32) -> Result<(), Failure> {
        self.budget.rule_steps(steps).map_err(|_| Failure::Budget)
    }

    fn unpaid(&mut self, node: &'r Node) -> Outcome {
        match node {
            Node::Any(parts) => self.settled(parts.iter(), true),
            Node::Choose(parts) => {
                let [condition, chosen, other] = parts.as_ref();
                if self.truth(condition)? { self.value(chosen) } else { self.value(other) }
            }
            Node::Every(parts) => self.settled(parts.iter(), false),
            Node::Fact(fact) => self.facts.fact(*fact, 0, 0),
            Node::Has(record, fact) => match self.fact_of(record, *fact) {
                Ok(_) => Ok(Value::Bool(true)),
                Err(Failure::Absent) => Ok(Value::Bool(false)),
                Err(failure) => Err(failure),
            },
            Node::Index(parts) => self.index(parts),
            Node::Infix(operator, parts) => {
                let [left, right] = parts.as_ref();
                let (left, right) = (self.value(left)?, self.value(right)?);
                infix(*operator, left, right)
            }
            Node::List(parts) => {
                Ok(Value::List(parts.iter().map(|part| self.value(part)).collect::<Result<_, _>>()?))
            }
            Node::Literal(value) => Ok(value.clone()),
            Node::Loop(which, variable, parts) => {
                let [list, body] = parts.as_ref();
                self.over(*which, list, (variable, body))
            }
            Node::Negate(operand) => match self.value(operand)? {
                Value::Int(number) => number.checked_neg().map(Value::Int).ok_or(Failure::Overflow),
                _ => Err(Failure::Unknown),
            },
            Node::Not(operand) => Ok(Value::Bool(!self.truth(operand)?)),
            Node::Select(record, fact) => self.fact_of(record, *fact),
            Node::Size(operand) => match self.value(operand)? {
                Value::List(values) => Ok(Value::count(values.len())),
                // Characters, not octets (cel-spec, "String and Bytes Values").
                Value::Text(text) => Ok(Value::count(text.chars().count())),
                _ => Err(Failure::Unknown),
            },
            Node::Variable(name) => {
                let bound = self.bound.iter().rev().find(|(bound, _)| bound == name);
                bound.map(|(_, value)| value.clone()).ok_or(Failure::Unknown)
            }
        }
    }

    /// Whether `node`, which is a `bool`, is true.
    pub(super) fn truth(&mut self, node: &'r Node) -> Result<bool, Failure> {
        match self.value(node)? {
            Value::Bool(truth) => Ok(truth),
            _ => Err(Failure::Unknown),
        }
    }

    /// The elements of `node`, which is a list.
    pub(super) fn elements(&mut self, node: &'r Node) -> Result<Vec<Value>, Failure> {
        match self.value(node)? {
            Value::List(values) => Ok(values),
            _ => Err(Failure::Unknown),
        }
    }

    /// Asks about `body` with `value` as its variable.
    pub(super) fn with<T>(&mut self, variable: &'r str, value: Value, ask: impl FnOnce(&mut Self) -> T) -> T {
        self.enter(variable, value);
        let answer = ask(self);
        self.leave();
        answer
    }

    /// Gives `variable` a value, until [`Run::leave`].
    pub(super) fn enter(&mut self, variable: &'r str, value: Value) {
        self.bound.push((variable, value));
    }

    /// Forgets the variable that was given a value last.
    pub(super) fn leave(&mut self) {
        self.bound.pop();
    }

    /// `||` where `settles` is true, `&&` where it is not: one that settles it does, whatever failed before it. Only a
    /// budget that is spent is no value that anything could absorb.
    fn settled(&mut self, parts: impl Iterator<Item = &'r Node>, settles: bool) -> Outcome {
        let mut sum = Sum::new(settles);
        for part in parts {
            if let Some(outcome) = sum.add(self.truth(part)) {
                return outcome;
            }
        }
        sum.end()
    }

    fn fact_of(&mut self, record: &'r Node, fact: super::fact::Fact) -> Outcome {
        match self.value(record)? {
            Value::Record(place, item) => self.facts.fact(fact, place, item),
            _ => Err(Failure::Unknown),
        }
    }

    fn index(&mut self, [list, index]: &'r [Node; 2]) -> Outcome {
        let values = self.elements(list)?;
        let Value::Int(index) = self.value(index)? else { return Err(Failure::Unknown) };
        let found = usize::try_from(index).ok().and_then(|index| values.into_iter().nth(index));
        found.ok_or(Failure::OutOfBounds)
    }

    /// cel-spec, "Macros".
    fn over(&mut self, which: Macro, list: &'r Node, (variable, body): (&'r str, &'r Node)) -> Outcome {
        let values = self.elements(list)?;
        match which {
            Macro::All | Macro::Exists => {
                let mut sum = Sum::new(which == Macro::Exists);
                for value in values {
                    if let Some(outcome) = sum.add(self.with(variable, value, |run| run.truth(body))) {
                        return outcome;
                    }
                }
                sum.end()
            }
            Macro::ExistsOne => {
                let mut met = 0_usize;
                for value in values {
                    let holds = self.with(variable, value, |run| run.truth(body))?;
                    met = met.saturating_add(usize::from(holds));
                }
                Ok(Value::Bool(met == 1))
            }
            Macro::Filter => {
                let mut kept = Vec::new();
                for value in values {
                    if self.with(variable, value.clone(), |run| run.truth(body))? {
                        kept.push(value);
                    }
                }
                Ok(Value::List(kept))
            }
            Macro::Map => {
                let mut made = Vec::new();
                for value in values {
                    made.push(self.with(variable, value, |run| run.value(body))?);
                }
                Ok(Value::List(made))
            }
        }
    }
}

/// What operands of `&&` or `||` came to so far.
struct Sum {
    settles: bool,
    failed: Option<Failure>,
}

impl Sum {
    fn new(settles: bool) -> Self {
        Self { settles, failed: None }
    }

    /// Takes one more; the outcome where it is settled.
    fn add(&mut self, truth: Result<bool, Failure>) -> Option<Outcome> {
        match truth {
            Ok(truth) if truth == self.settles => Some(Ok(Value::Bool(truth))),
            Ok(_) => None,
            Err(Failure::Budget) => Some(Err(Failure::Budget)),
            Err(failure) => {
                self.failed = self.failed.or(Some(failure));
                None
            }
        }
    }

    fn end(self) -> Outcome {
        self.failed.map_or(Ok(Value::Bool(!self.settles)), Err)
    }
}

/// What an operator makes of two values.
pub(super) fn infix(operator: Operator, left: Value, right: Value) -> Outcome {
    use Operator as O;
    let truth = match (operator, &left, &right) {
        (O::Equal, ..) => left == right,
        (O::NotEqual, ..) => left != right,
        (O::In, _, Value::List(values)) => values.contains(&left),
        (O::Contains, Value::Text(text), Value::Text(part)) => text.contains(part.as_str()),
        (O::StartsWith, Value::Text(text), Value::Text(part)) => text.starts_with(part.as_str()),
        (O::EndsWith, Value::Text(text), Value::Text(part)) => text.ends_with(part.as_str()),
        (O::Less, ..) => order(&left, &right)?.is_lt(),
        (O::LessOrEqual, ..) => order(&left, &right)?.is_le(),
        (O::Greater, ..) => order(&left, &right)?.is_gt(),
        (O::GreaterOrEqual, ..) => order(&left, &right)?.is_ge(),
        _ => return arithmetic(operator, left, right),
    };
    Ok(Value::Bool(truth))
}

/// Texts by code points, which is the order of their octets (cel-spec, "Ordering").
fn order(left: &Value, right: &Value) -> Result<std::cmp::Ordering, Failure> {
    match (left, right) {
        (Value::Duration(left), Value::Duration(right)) | (Value::Int(left), Value::Int(right)) => {
            Ok(left.cmp(right))
        }
        (Value::Text(left), Value::Text(right)) => Ok(left.cmp(right)),
        (Value::Time(left), Value::Time(right)) => Ok(left.cmp(right)),
        _ => Err(Failure::Unknown),
    }
}

/// cel-spec, "Overflow": what does not fit is an error.
fn arithmetic(operator: Operator, left: Value, right: Value) -> Outcome {
    use Operator as O;
    use Value as V;
    let made = match (operator, left, right) {
        (O::Add, V::Text(left), V::Text(right)) => Some(V::Text(left + &right)),
        (O::Add, V::List(mut left), V::List(right)) => {
            left.extend(right);
            Some(V::List(left))
        }
        (O::Divide | O::Remainder, V::Int(_), V::Int(0)) => return Err(Failure::DivisionByZero),
        (O::Add, V::Int(left), V::Int(right)) => left.checked_add(right).map(V::Int),
        (O::Subtract, V::Int(left), V::Int(right)) => left.checked_sub(right).map(V::Int),
        (O::Multiply, V::Int(left), V::Int(right)) => left.checked_mul(right).map(V::Int),
        (O::Divide, V::Int(left), V::Int(right)) => left.checked_div(right).map(V::Int),
        (O::Remainder, V::Int(left), V::Int(right)) => left.checked_rem(right).map(V::Int),
        (O::Add, V::Duration(left), V::Duration(right)) => {
            left.checked_add(right).and_then(duration).map(V::Duration)
        }
        (O::Subtract, V::Duration(left), V::Duration(right)) => {
            left.checked_sub(right).and_then(duration).map(V::Duration)
        }
        (O::Add, V::Time(at), V::Duration(by)) | (O::Add, V::Duration(by), V::Time(at)) => {
            at.unix().checked_add(by).and_then(moment).map(V::Time)
        }
        (O::Subtract, V::Time(at), V::Duration(by)) => {
            at.unix().checked_sub(by).and_then(moment).map(V::Time)
        }
        (O::Subtract, V::Time(left), V::Time(right)) => {
            left.unix().checked_sub(right.unix()).and_then(duration).map(V::Duration)
        }
        _ => return Err(Failure::Unknown),
    };
    made.ok_or(Failure::Overflow)
}
