//! Checked expressions as a tree. Only `check` makes nodes, so that every one has a type.

use super::fact::Fact;
use super::value::Value;

/// A node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Node {
    /// `a || b || …`, at least two.
    Any(Vec<Node>),
    /// `condition ? chosen : other`.
    Choose(Box<[Node; 3]>),
    /// `a && b && …`, at least two.
    Every(Vec<Node>),
    /// A fact that is known by itself.
    Fact(Fact),
    /// `has(record.fact)`.
    Has(Box<Node>, Fact),
    /// `list[index]`.
    Index(Box<[Node; 2]>),
    /// Two operands.
    Infix(Operator, Box<[Node; 2]>),
    /// A list that is written out.
    List(Vec<Node>),
    /// A value that is written out.
    Literal(Value),
    /// A macro over a list: the list, its variable, and what is asked of each element.
    Loop(Macro, String, Box<[Node; 2]>),
    /// `-a`.
    Negate(Box<Node>),
    /// `!a`.
    Not(Box<Node>),
    /// `record.fact`.
    Select(Box<Node>, Fact),
    /// `size(a)`.
    Size(Box<Node>),
    /// The variable of a macro.
    Variable(String),
}

impl Node {
    /// The nodes that it is made of.
    fn parts(&self) -> &[Self] {
        match self {
            Self::Any(parts) | Self::Every(parts) | Self::List(parts) => parts,
            Self::Choose(parts) => parts.as_slice(),
            Self::Index(parts) | Self::Infix(_, parts) | Self::Loop(_, _, parts) => parts.as_slice(),
            Self::Has(part, _) | Self::Select(part, _) => std::slice::from_ref(part),
            Self::Negate(part) | Self::Not(part) | Self::Size(part) => std::slice::from_ref(part),
            Self::Fact(_) | Self::Literal(_) | Self::Variable(_) => &[],
        }
    }

    /// Whether statuses are only asked for by the first place or the certificate's own, or for all or some of them; and
    /// places are only compared with the first three. Then paths of five certificates stand for all longer ones.
    pub(super) fn is_the_same_for_longer_paths(&self) -> bool {
        match self {
            Self::Fact(Fact::Status | Fact::Position) => false,
            Self::Index(parts) => match parts.as_ref() {
                [Self::Fact(Fact::Status), Self::Literal(Value::Int(0)) | Self::Fact(Fact::Position)] => true,
                parts => parts.iter().all(Self::is_the_same_for_longer_paths),
            },
            Self::Infix(_, parts) => match parts.as_ref() {
                [Self::Fact(Fact::Position), Self::Literal(Value::Int(place))]
                | [Self::Literal(Value::Int(place)), Self::Fact(Fact::Position)] => (0..=2).contains(place),
                parts => parts.iter().all(Self::is_the_same_for_longer_paths),
            },
            Self::Loop(Macro::All | Macro::Exists, _, parts) => match parts.as_ref() {
                [Self::Fact(Fact::Status), body] => body.is_the_same_for_longer_paths(),
                parts => parts.iter().all(Self::is_the_same_for_longer_paths),
            },
            other => other.parts().iter().all(Self::is_the_same_for_longer_paths),
        }
    }
}

/// What has two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    /// `+`.
    Add,
    /// `.contains()`.
    Contains,
    /// `/`.
    Divide,
    /// `.endsWith()`.
    EndsWith,
    /// `==`.
    Equal,
    /// `>`.
    Greater,
    /// `>=`.
    GreaterOrEqual,
    /// `in`.
    In,
    /// `<`.
    Less,
    /// `<=`.
    LessOrEqual,
    /// `*`.
    Multiply,
    /// `!=`.
    NotEqual,
    /// `%`.
    Remainder,
    /// `.startsWith()`.
    StartsWith,
    /// `-`.
    Subtract,
}

/// How tightly the parts of an expression bind; greater is tighter (cel-spec, "Syntax").
pub(super) const CHOICE: u8 = 0;
/// `||`.
pub(super) const OR: u8 = 1;
/// `&&`.
pub(super) const AND: u8 = 2;
/// Comparisons and `in`.
pub(super) const RELATION: u8 = 3;
/// `+` and `-`.
pub(super) const SUM: u8 = 4;
/// `*`, `/` and `%`.
pub(super) const PRODUCT: u8 = 5;
/// `!` and `-` before an operand.
pub(super) const PREFIX: u8 = 6;
/// Selection, calls and literals.
pub(super) const MEMBER: u8 = 7;

impl Operator {
    /// The operators between operands, with how tightly each binds.
    pub(super) const INFIX: [(&'static str, Self, u8); 12] = [
        ("==", Self::Equal, RELATION),
        ("!=", Self::NotEqual, RELATION),
        ("<", Self::Less, RELATION),
        ("<=", Self::LessOrEqual, RELATION),
        (">", Self::Greater, RELATION),
        (">=", Self::GreaterOrEqual, RELATION),
        ("in", Self::In, RELATION),
        ("+", Self::Add, SUM),
        ("-", Self::Subtract, SUM),
        ("*", Self::Multiply, PRODUCT),
        ("/", Self::Divide, PRODUCT),
        ("%", Self::Remainder, PRODUCT),
    ];
    /// The functions of a text.
    pub(super) const METHODS: [(&'static str, Self); 3] =
        [("contains", Self::Contains), ("startsWith", Self::StartsWith), ("endsWith", Self::EndsWith)];
}

/// A macro over a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Macro {
    /// `all`.
    All,
    /// `exists`.
    Exists,
    /// `exists_one`.
    ExistsOne,
    /// `filter`.
    Filter,
    /// `map`.
    Map,
}

impl Macro {
    /// Every macro with its name.
    pub(super) const NAMES: [(&'static str, Self); 5] = [
        ("all", Self::All),
        ("exists", Self::Exists),
        ("exists_one", Self::ExistsOne),
        ("filter", Self::Filter),
        ("map", Self::Map),
    ];
}
