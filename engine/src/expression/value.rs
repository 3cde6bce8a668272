//! What expressions come to: values, and failures, which are no values. Numbers never wrap.

use std::fmt;

use super::fact::Fact;
use super::print;
use crate::time::Instant;

/// A value. Moments and durations are in whole seconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// `bool`.
    Bool(bool),
    /// `duration`.
    Duration(i64),
    /// `int`.
    Int(i64),
    /// A list of values of one type.
    List(Vec<Value>),
    /// A record of facts: of which certificate, and which of several there.
    Record(usize, usize),
    /// `string`.
    Text(String),
    /// `timestamp`.
    Time(Instant),
}

impl Value {
    /// A list of texts.
    #[must_use]
    pub fn texts(texts: &mut dyn Iterator<Item = String>) -> Self {
        let mut list = Vec::new();
        for text in texts {
            list.push(Self::Text(text));
        }
        Self::List(list)
    }

    /// A list of records: of the same certificate with these numbers, or of so many certificates.
    #[must_use]
    pub fn records(count: usize, record: fn(usize, usize) -> Self, place: usize) -> Self {
        let mut list = Vec::new();
        for number in 0..count {
            list.push(record(place, number));
        }
        Self::List(list)
    }

    /// A count; none is beyond the largest number.
    #[must_use]
    pub fn count(count: usize) -> Self {
        Self::Int(i64::try_from(count).unwrap_or(i64::MAX))
    }

    /// How much there is of it, for the budget: one for each value, and one more for every sixteen octets of text.
    pub(super) fn weight(&self) -> u32 {
        match self {
            Self::List(values) => values.iter().fold(1, |sum: u32, value| sum.saturating_add(value.weight())),
            Self::Text(text) => {
                u32::try_from(text.len().div_euclid(16)).unwrap_or(u32::MAX).saturating_add(1)
            }
            _ => 1,
        }
    }
}

impl fmt::Display for Value {
    /// As CEL writes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        print::value(&mut text, self);
        f.write_str(&text)
    }
}

/// Why an expression has no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// A fact that is not there.
    Absent,
    /// The steps of the budget are spent.
    Budget,
    /// Division by zero.
    DivisionByZero,
    /// No element has this index.
    OutOfBounds,
    /// A number, a moment or a duration beyond its range.
    Overflow,
    /// No facts were given.
    Unknown,
}

impl Failure {
    /// The stable word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Budget => "budget",
            Self::DivisionByZero => "division-by-zero",
            Self::OutOfBounds => "out-of-bounds",
            Self::Overflow => "overflow",
            Self::Unknown => "unknown",
        }
    }
}

/// Where facts come from.
pub trait Facts {
    /// The fact of the record at this place: of which certificate, and which of several there.
    ///
    /// # Errors
    /// [`Failure::Absent`] where it is not there.
    fn fact(&self, fact: Fact, place: usize, item: usize) -> Result<Value, Failure>;
}

/// No facts at all: what comes out all the same needs none.
pub(super) struct Nothing;

impl Facts for Nothing {
    fn fact(&self, _fact: Fact, _place: usize, _item: usize) -> Result<Value, Failure> {
        Err(Failure::Unknown)
    }
}
