//! [`Malformed`]: bytes are not what they claim to be. It says where and what, and judges nothing.

#[cfg(doc)]
use super::MAXIMUM_DEPTH;
use super::Tag;

/// Bytes are not what they claim to be: where, in which field, and what was expected instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// Offset of the first octet that is wrong, from the start of the whole input.
    pub offset: usize,
    /// The field being read, in the words of its ASN.1 module.
    pub field: &'static str,
    /// What is wrong with it.
    pub problem: Problem,
}

/// What can be wrong with an encoding. Closed: a decoder that finds something new adds a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// A BIT STRING's unused-bit count is above 7, or its unused bits are not zero (X.690 11.2).
    BitStringPadding,
    /// A BOOLEAN is neither 00 nor FF (X.690 11.1).
    BooleanNotCanonical,
    /// The same element stands twice where once is allowed.
    Duplicate,
    /// A list that must have an element has none.
    Empty,
    /// A field is absent although another one that needs it is present.
    Incomplete,
    /// A field holds its DEFAULT value, which DER leaves out (X.690 11.5).
    EncodedDefault,
    /// Characters outside the string type's alphabet.
    InvalidCharacter,
    /// An OBJECT IDENTIFIER is padded, unfinished or longer than the accepted maximum.
    InvalidObjectIdentifier,
    /// A time is not in the one form RFC 5280 allows, or no calendar has it.
    InvalidTime,
    /// An INTEGER has padding octets or none at all (X.690 8.3.2).
    IntegerNotMinimal,
    /// A field is present that this algorithm does not have.
    MustBeAbsent,
    /// A field is present that this version of the structure does not have.
    NotInThisVersion,
    /// A value is outside the range its field allows.
    OutOfRange,
    /// A length is indefinite, padded or larger than any input (X.690 10.1).
    LengthNotDefinite,
    /// Nested deeper than [`MAXIMUM_DEPTH`].
    TooDeep,
    /// Larger than the cap for this kind of input, in octets.
    TooLarge {
        /// The cap.
        limit: usize,
    },
    /// Octets follow the last element.
    TrailingData,
    /// The input ends inside this element.
    Truncated,
    /// The elements of a SET OF are not in order (X.690 11.6).
    UnorderedSet,
    /// Another tag was expected here.
    UnexpectedTag {
        /// The tag octet that belongs here.
        expected: Tag,
        /// The tag octet that stands here; `None` at the end of the enclosing element.
        found: Option<Tag>,
    },
    /// A structure's version is not one that is defined.
    UnsupportedVersion,
}

impl Problem {
    /// A stable word for this problem.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::BitStringPadding => "bit-string-padding",
            Self::BooleanNotCanonical => "boolean-not-canonical",
            Self::Duplicate => "duplicate",
            Self::Empty => "empty",
            Self::EncodedDefault => "encoded-default",
            Self::Incomplete => "incomplete",
            Self::IntegerNotMinimal => "integer-not-minimal",
            Self::InvalidCharacter => "invalid-character",
            Self::InvalidObjectIdentifier => "invalid-object-identifier",
            Self::InvalidTime => "invalid-time",
            Self::LengthNotDefinite => "length-not-definite",
            Self::MustBeAbsent => "must-be-absent",
            Self::NotInThisVersion => "not-in-this-version",
            Self::OutOfRange => "out-of-range",
            Self::TooDeep => "too-deep",
            Self::TooLarge { .. } => "too-large",
            Self::TrailingData => "trailing-data",
            Self::Truncated => "truncated",
            Self::UnexpectedTag { .. } => "unexpected-tag",
            Self::UnorderedSet => "unordered-set",
            Self::UnsupportedVersion => "unsupported-version",
        }
    }
}

impl Malformed {
    /// The stable word for its [`Problem`].
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.problem.code()
    }
}

/// Result of reading DER.
pub type Decoded<T> = Result<T, Malformed>;
