//! Types: a scalar or a record, and how many lists are around it. CEL's checker asks both sides of a comparison for one
//! type, and so does this one (cel-spec, "Gradual Type Checking"). Knows no values.

use super::fact::Record;

/// What a value is when it is in no list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scalar {
    /// `bool`.
    Bool,
    /// `duration`.
    Duration,
    /// `int`.
    Int,
    /// A record of facts.
    Record(Record),
    /// `string`.
    Text,
    /// `timestamp`.
    Time,
}

/// A type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Kind {
    pub(super) scalar: Scalar,
    pub(super) lists: u8,
}

impl Kind {
    pub(super) const BOOL: Self = Self::of(Scalar::Bool);
    pub(super) const DURATION: Self = Self::of(Scalar::Duration);
    pub(super) const INT: Self = Self::of(Scalar::Int);
    pub(super) const TEXT: Self = Self::of(Scalar::Text);
    pub(super) const TIME: Self = Self::of(Scalar::Time);
    /// Every type that a value can be compared and computed with.
    pub(super) const SCALARS: [Self; 5] = [Self::BOOL, Self::INT, Self::TEXT, Self::TIME, Self::DURATION];

    pub(super) const fn of(scalar: Scalar) -> Self {
        Self { scalar, lists: 0 }
    }

    /// A record.
    pub(super) const fn record(record: Record) -> Self {
        Self::of(Scalar::Record(record))
    }

    /// The list of these.
    pub(super) const fn list(self) -> Self {
        Self { scalar: self.scalar, lists: self.lists.saturating_add(1) }
    }

    /// What a list of this type holds.
    pub(super) fn element(self) -> Option<Self> {
        self.lists.checked_sub(1).map(|lists| Self { lists, ..self })
    }

    /// Whether two of them can be equal. Records are told apart by their facts.
    pub(super) fn is_comparable(self) -> bool {
        !matches!(self.scalar, Scalar::Record(_))
    }

    /// As CEL writes it.
    pub(super) fn word(self) -> String {
        match self.element() {
            Some(element) => format!("list({})", element.word()),
            None => match self.scalar {
                Scalar::Bool => "bool",
                Scalar::Duration => "duration",
                Scalar::Int => "int",
                Scalar::Record(record) => record.word(),
                Scalar::Text => "string",
                Scalar::Time => "timestamp",
            }
            .to_owned(),
        }
    }
}
