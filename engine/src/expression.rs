//! The language of custom rules: a strict subset of the Common Expression Language (CEL). An [`Expression`] exists only
//! once its names and types are known to be right, and evaluating it costs steps of the [`Budget`]. What is accepted
//! here means what the language definition of CEL says (cel-spec, `doc/langdef.md`); must not know what a rule does
//! with the answer, nor where facts come from.
//!
//! Left out, and refused by name: `double`, `uint`, `bytes`, `null`, maps, messages, `matches`, conversions and the
//! parts of a moment. No fact needs them, and `matches` would need a second engine for patterns. Narrower than CEL:
//! `timestamp` and `duration` take literals in whole seconds, lists hold values of one type and at least one where they
//! are written out, the variable of a macro hides no other name.
//!
//! Files: [`fact`] what a rule may see, `kind` types, `token`, `parse` and `check` text to [`Expression`], `moment` times
//! in text, `print` the way back, [`value`] what comes out, `evaluate`, `explain` why it came out so, `turn` what would
//! have turned it, and `settled` what comes out the same whatever the facts are.

pub mod fact;
mod kind;
pub mod value;
mod node;
mod moment;
mod token;
mod check;
mod parse;
mod print;
mod evaluate;
mod explain;
mod turn;
mod settled;

use crate::budget::{Budget, Limits};
use fact::Scope;
use node::Node;
use value::{Facts, Failure, Nothing, Value};

/// Longest accepted expression, in octets. Ours: four pages of text, beyond which a rule is several rules.
pub const MAXIMUM_OCTETS: usize = 4_096;
/// Deepest accepted nesting. Ours, as of DER: nobody reads deeper, and evaluating takes stack for each level. CEL asks
/// for 12 (cel-spec, "Syntax").
pub const MAXIMUM_DEPTH: u32 = 32;
/// Most parts of an expression that an explanation names.
pub const MAXIMUM_REASONS: usize = 8;
/// Longest part of an explanation, in octets, and longest value beside it.
pub const MAXIMUM_REASON_OCTETS: usize = 200;

/// An expression that yields true or false, with every name and type checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expression {
    root: Node,
    reads_time: bool,
}

/// What is wrong with the text of an expression, and at which octet of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The octet, from 0.
    pub at: usize,
    /// What is wrong there.
    pub kind: ProblemKind,
}

/// What is wrong with an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// It is true, or false, whatever the facts are.
    Constant(bool),
    /// It fails whatever the facts are.
    Fails(Failure),
    /// A name that nothing has here.
    Name {
        /// The name.
        found: String,
        /// Every name that could stand there.
        expected: Vec<String>,
    },
    /// Something else belongs here.
    Syntax {
        /// What is here.
        found: String,
        /// What belongs here.
        expected: &'static str,
    },
    /// Nested too deeply.
    TooDeep,
    /// Longer than [`MAXIMUM_OCTETS`].
    TooLong,
    /// A value of another type.
    Type {
        /// The types that could stand there.
        expected: String,
        /// The type that is there.
        found: String,
    },
    /// CEL has it, this subset has not.
    Unsupported {
        /// What.
        found: String,
    },
}

/// What reading comes to on the way. Problems are boxed, as every step hands them on.
type Checked<T> = Result<T, Box<Problem>>;

fn problem(at: usize, kind: ProblemKind) -> Box<Problem> {
    Box::new(Problem { at, kind })
}

/// A part of an expression and what it came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The part, in its canonical text.
    pub part: String,
    /// Its value, as CEL would write it, or the failure.
    pub value: String,
}

/// Another value of one part, with which an expression that is true would be false.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// The part, in its canonical text.
    pub part: String,
    /// Its value, as CEL would write it.
    pub from: String,
    /// The other value.
    pub to: String,
}

impl Expression {
    /// Reads an expression over the facts of `scope`.
    ///
    /// # Errors
    /// [`Problem`], the first that is met; an expression that comes out the same whatever the facts are is one too.
    pub fn read(text: &str, scope: Scope) -> Result<Self, Problem> {
        if text.len() > MAXIMUM_OCTETS {
            return Err(Problem { at: 0, kind: ProblemKind::TooLong });
        }
        let parsed = parse::parse(text, scope).map_err(|problem| *problem)?;
        let expression = Self { root: parsed.root, reads_time: parsed.reads_time };
        // The canonical text may be the longer one, and must be one that can be read again.
        if expression.to_string().len() > MAXIMUM_OCTETS {
            return Err(Problem { at: 0, kind: ProblemKind::TooLong });
        }
        // What no fact has a say in is a mistake, and often one that lets everything pass.
        let (at, kind) = match expression.holds(&Nothing, &mut Budget::new(Limits::DEFAULT)) {
            Err(Failure::Unknown) => match settled::settled(&expression.root) {
                None => return Ok(expression),
                Some(always) => (parsed.settled_at.unwrap_or(0), ProblemKind::Constant(always)),
            },
            Ok(always) => (0, ProblemKind::Constant(always)),
            Err(failure) => (0, ProblemKind::Fails(failure)),
        };
        Err(Problem { at, kind })
    }

    /// Whether it is true of these facts.
    ///
    /// # Errors
    /// [`Failure`], which is no answer: never a false.
    pub fn holds(&self, facts: &dyn Facts, budget: &mut Budget) -> Result<bool, Failure> {
        match evaluate::Run::new(facts, budget).value(&self.root)? {
            Value::Bool(holds) => Ok(holds),
            // The type was checked.
            _ => Err(Failure::Unknown),
        }
    }

    /// Whether it reads the moment of validation, and so may come out differently at another.
    #[must_use]
    pub fn reads_time(&self) -> bool {
        self.reads_time
    }

    /// Whether it may tell paths of five certificates from longer ones: by counting statuses, or by a place in the path
    /// beyond the third. Facts of certificates are not looked at.
    #[must_use]
    pub fn tells_lengths_apart(&self) -> bool {
        !self.root.is_the_same_for_longer_paths()
    }

    /// The parts that decided, in the order of the text, at most [`MAXIMUM_REASONS`]. It costs steps like evaluating,
    /// and ends early where there are none left.
    #[must_use]
    pub fn explain(&self, facts: &dyn Facts, budget: &mut Budget) -> Vec<Reason> {
        explain::explain(&self.root, facts, budget)
    }

    /// The first comparison of a fact with a literal whose fact, had it the value nearest to the literal, would turn the
    /// expression from true to false. It spends steps of its own, of which there are few.
    #[must_use]
    pub fn turn(&self, facts: &dyn Facts) -> Option<Turn> {
        turn::turn(&self.root, facts)
    }
}

#[cfg(test)]
mod tests;
