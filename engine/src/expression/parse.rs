//! The grammar (cel-spec, "Syntax"), by recursive descent with binding strengths. Names and types are checked on the
//! way, so that a tree that exists is sound. Recursion is bounded by [`MAXIMUM_NESTING`].

use super::check::{self, Term};
use super::fact::{Fact, Record, Scope, visible};
use super::kind::Kind;
use super::node::{AND, Macro, Node, OR, Operator, RELATION};
use super::token::{Token, syntax, tokens, unsupported};
use super::value::Value;
use super::{Checked, MAXIMUM_DEPTH, Problem, ProblemKind, moment, problem, settled};

/// Words that CEL keeps for other languages, which name nothing.
const RESERVED: [&str; 21] = [
    "as",
    "break",
    "const",
    "continue",
    "else",
    "false",
    "for",
    "function",
    "if",
    "import",
    "in",
    "let",
    "loop",
    "namespace",
    "null",
    "package",
    "return",
    "true",
    "var",
    "void",
    "while",
];
/// Functions of the language.
const FUNCTIONS: [&str; 4] = ["size", "has", "timestamp", "duration"];

/// Deepest nesting of the text. Each level of a tree is written with two at most, as in `!(a)`.
const MAXIMUM_NESTING: u32 = 2 * MAXIMUM_DEPTH + 1;

/// What a text says.
pub(super) struct Parsed {
    pub(super) root: Node,
    /// It reads the moment of validation.
    pub(super) reads_time: bool,
    /// The operand that settles the first junction which comes out the same whatever the facts are.
    pub(super) settled_at: Option<usize>,
}

/// The tree, and what was noticed on the way.
pub(super) fn parse(text: &str, scope: Scope) -> Checked<Parsed> {
    let mut parser = Parser {
        tokens: tokens(text)?,
        next: 0,
        scope,
        bound: Vec::new(),
        depth: 0,
        reads_time: false,
        settled_at: None,
    };
    let whole = parser.expression()?;
    if *parser.peek() != Token::End {
        return Err(parser.unexpected("an operator or the end"));
    }
    let root = check::demand(whole, Kind::BOOL)?.node;
    Ok(Parsed { root, reads_time: parser.reads_time, settled_at: parser.settled_at })
}

struct Parser<'t> {
    tokens: Vec<(usize, Token<'t>)>,
    next: usize,
    scope: Scope,
    /// The variables of the macros around.
    bound: Vec<(&'t str, Kind)>,
    depth: u32,
    reads_time: bool,
    settled_at: Option<usize>,
}

impl<'t> Parser<'t> {
    fn peek(&self) -> &Token<'t> {
        self.tokens.get(self.next).map_or(&Token::End, |(_, token)| token)
    }

    fn at(&self) -> usize {
        self.tokens.get(self.next).or(self.tokens.last()).map_or(0, |(at, _)| *at)
    }

    fn take(&mut self) -> Token<'t> {
        let token = self.peek().clone();
        self.next = self.next.saturating_add(1);
        token
    }

    fn eat(&mut self, mark: &'static str) -> bool {
        let is_there = *self.peek() == Token::Mark(mark);
        if is_there {
            self.next = self.next.saturating_add(1);
        }
        is_there
    }

    fn require(&mut self, mark: &'static str) -> Checked<()> {
        if self.eat(mark) { Ok(()) } else { Err(self.unexpected(mark)) }
    }

    fn unexpected(&self, expected: &'static str) -> Box<Problem> {
        match self.peek() {
            Token::End => syntax(self.at(), "the end", expected),
            Token::Int(number) => syntax(self.at(), &number.to_string(), expected),
            Token::Mark(mark @ ("{" | "}")) => unsupported(self.at(), mark),
            Token::Mark(mark) => syntax(self.at(), mark, expected),
            Token::Name(name) => syntax(self.at(), name, expected),
            Token::Text(_) => syntax(self.at(), "a text", expected),
        }
    }

    /// One level deeper, as long as that is allowed.
    fn nested(&mut self, inner: fn(&mut Self) -> Checked<Term>) -> Checked<Term> {
        if self.depth >= MAXIMUM_NESTING {
            return Err(problem(self.at(), ProblemKind::TooDeep));
        }
        self.depth = self.depth.saturating_add(1);
        let term = inner(self);
        self.depth = self.depth.saturating_sub(1);
        term
    }

    fn expression(&mut self) -> Checked<Term> {
        self.nested(|parser| {
            let condition = parser.junction("||")?;
            if !parser.eat("?") {
                return Ok(condition);
            }
            let chosen = parser.junction("||")?;
            parser.require(":")?;
            let other = parser.expression()?;
            check::choose(condition, chosen, other)
        })
    }

    /// Operands of `||`, each of them operands of `&&`, each of those a comparison.
    fn junction(&mut self, operator: &'static str) -> Checked<Term> {
        let mut operands = Vec::new();
        loop {
            let operand = if operator == "||" { self.junction("&&") } else { self.infix(RELATION) };
            operands.push(operand?);
            if !self.eat(operator) {
                break;
            }
        }
        match operands.pop() {
            Some(only) if operands.is_empty() => Ok(only),
            last => {
                operands.extend(last);
                if self.settled_at.is_none() {
                    let nodes: Vec<&Node> = operands.iter().map(|operand| &operand.node).collect();
                    let place = settled::place(&nodes, operator == "||");
                    self.settled_at = place.and_then(|place| operands.get(place)).map(|operand| operand.at);
                }
                check::junction(operands, operator)
            }
        }
    }

    /// Operators that bind at least as tightly as `least`; those of one strength group to the left.
    fn infix(&mut self, least: u8) -> Checked<Term> {
        let mut left = self.prefix()?;
        loop {
            let known = match self.peek() {
                Token::Mark(word) | Token::Name(word) => {
                    Operator::INFIX.iter().find(|(known, _, level)| known == word && *level >= least)
                }
                _ => None,
            };
            let Some((_, operator, level)) = known else { return Ok(left) };
            self.take();
            let right = self.infix(level.saturating_add(1))?;
            left = check::infix(*operator, left, right)?;
        }
    }

    fn prefix(&mut self) -> Checked<Term> {
        let at = self.at();
        if self.eat("!") {
            let operand = self.nested(Self::prefix)?;
            return check::not(operand, at);
        }
        if self.eat("-") {
            // The smallest number has no positive counterpart.
            if *self.peek() == Token::Int(i64::MIN.unsigned_abs()) {
                self.take();
                return self.members(Term::new(Node::Literal(Value::Int(i64::MIN)), Kind::INT, at));
            }
            let operand = self.nested(Self::prefix)?;
            return check::negate(operand, at);
        }
        let first = self.primary()?;
        self.members(first)
    }

    /// Selections, calls and indices after an operand.
    fn members(&mut self, mut term: Term) -> Checked<Term> {
        loop {
            if self.eat(".") {
                let at = self.at();
                let name = self.name("the name of a fact or a function")?;
                term =
                    if self.eat("(") { self.method(term, name, at)? } else { check::select(term, name, at)? };
            } else if self.eat("[") {
                let index = self.expression()?;
                self.require("]")?;
                term = check::index(term, index)?;
            } else {
                return Ok(term);
            }
        }
    }

    fn name(&mut self, expected: &'static str) -> Checked<&'t str> {
        match *self.peek() {
            Token::Name(name) if !RESERVED.contains(&name) => {
                self.take();
                Ok(name)
            }
            _ => Err(self.unexpected(expected)),
        }
    }

    /// A function of what stands before it, or a macro; the bracket is open.
    fn method(&mut self, subject: Term, name: &'t str, at: usize) -> Checked<Term> {
        if let Some((_, which)) = Macro::NAMES.iter().find(|(known, _)| *known == name) {
            return self.over(*which, subject);
        }
        if name == "size" {
            self.require(")")?;
            let at = subject.at;
            return check::size(subject, at);
        }
        let known = Operator::METHODS.iter().find(|(known, _)| *known == name);
        let Some((_, operator)) = known else {
            if name == "matches" {
                return Err(unsupported(at, name));
            }
            let names = Operator::METHODS.iter().map(|(name, _)| *name).chain(["size"]);
            let mut names = names.chain(Macro::NAMES.iter().map(|(name, _)| *name));
            return Err(check::unknown(name, at, &mut names));
        };
        let argument = self.expression()?;
        self.require(")")?;
        check::infix(*operator, subject, argument)
    }

    /// `variable, body)`.
    fn over(&mut self, which: Macro, list: Term) -> Checked<Term> {
        let Some(element) = list.kind.element() else { return Err(check::wrong(&list, "list")) };
        let at = self.at();
        let variable = self.name("the name of a variable")?;
        if self.bound.iter().any(|(name, _)| *name == variable)
            || check::fact(variable, self.scope, at).is_some()
        {
            return Err(syntax(at, variable, "a name that nothing else has here"));
        }
        self.require(",")?;
        self.bound.push((variable, element));
        let body = self.expression();
        self.bound.pop();
        let body = body?;
        self.require(")")?;
        check::over(which, list, variable, body)
    }

    fn primary(&mut self) -> Checked<Term> {
        let at = self.at();
        let literal = |value, kind| Ok(Term::new(Node::Literal(value), kind, at));
        match self.peek().clone() {
            Token::Int(number) => {
                let number = i64::try_from(number).map_err(|_| self.unexpected("a number of 64 bits"))?;
                self.take();
                literal(Value::Int(number), Kind::INT)
            }
            Token::Text(text) => {
                self.take();
                literal(Value::Text(text), Kind::TEXT)
            }
            Token::Mark("(") => {
                self.take();
                let inner = self.expression()?;
                self.require(")")?;
                Ok(inner.starting(at))
            }
            Token::Mark("[") => {
                self.take();
                let elements = self.elements()?;
                check::list(elements, at)
            }
            Token::Name(word @ ("true" | "false")) => {
                self.take();
                literal(Value::Bool(word == "true"), Kind::BOOL)
            }
            Token::Name("null") => Err(unsupported(at, "null")),
            Token::Name(_) => {
                let name = self.name("an expression")?;
                if self.eat("(") { self.function(name, at) } else { self.named(name, at) }
            }
            _ => Err(self.unexpected("an expression")),
        }
    }

    /// The elements of a list, whose bracket is open; a comma may follow the last.
    fn elements(&mut self) -> Checked<Vec<Term>> {
        let mut elements = Vec::new();
        while !self.eat("]") {
            elements.push(self.expression()?);
            if !self.eat(",") {
                self.require("]")?;
                break;
            }
        }
        Ok(elements)
    }

    /// A function whose bracket is open.
    fn function(&mut self, name: &str, at: usize) -> Checked<Term> {
        if !FUNCTIONS.contains(&name) {
            let is_left_out =
                ["bool", "bytes", "double", "dyn", "int", "string", "type", "uint"].contains(&name);
            return Err(if is_left_out {
                unsupported(at, name)
            } else {
                check::unknown(name, at, &mut FUNCTIONS.iter().copied())
            });
        }
        let argument = self.expression()?;
        self.require(")")?;
        match (name, &argument.node) {
            ("size", _) => check::size(argument, at),
            ("has", _) => check::has(argument, at),
            ("timestamp", Node::Literal(Value::Text(text))) => match moment::read_moment(text) {
                Some(moment) => Ok(Term::new(Node::Literal(Value::Time(moment)), Kind::TIME, at)),
                None => Err(syntax(argument.at, text, "a moment such as \"2026-11-22T06:50:00Z\"")),
            },
            ("duration", Node::Literal(Value::Text(text))) => match moment::read_duration(text) {
                Some(seconds) => Ok(Term::new(Node::Literal(Value::Duration(seconds)), Kind::DURATION, at)),
                None => Err(syntax(argument.at, text, "a duration such as \"36h\" or \"90s\"")),
            },
            _ => Err(syntax(argument.at, "another expression", "a text that is written out")),
        }
    }

    /// A variable of a macro, or a fact.
    fn named(&mut self, name: &str, at: usize) -> Checked<Term> {
        if let Some((_, kind)) = self.bound.iter().find(|(bound, _)| *bound == name) {
            return Ok(Term::new(Node::Variable(name.to_owned()), *kind, at));
        }
        let term = check::fact(name, self.scope, at);
        self.reads_time |= term.as_ref().is_some_and(|term| term.node == Node::Fact(Fact::At));
        term.ok_or_else(|| {
            let bound = self.bound.iter().map(|(name, _)| *name);
            let facts = visible(Record::Question, self.scope).map(|row| row.name);
            check::unknown(name, at, &mut bound.chain(facts))
        })
    }
}

const _: () = assert!(AND > OR, "`&&` binds tighter, which `junction` rests on");
