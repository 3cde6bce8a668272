//! What may be wrong with a policy document. Codes and values only; the sentences are in `engine-wording`.

use super::uri::UriProblem;
use crate::expression::ProblemKind;
use crate::finding::{Code, Detail, Severity, Value};

/// Longest piece of a document that an error repeats, in characters.
const LONGEST_QUOTE: usize = 64;

/// Why a policy document is refused, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentError {
    /// The line, from 1.
    pub line: u32,
    /// The column, in characters from 1.
    pub column: u32,
    /// The key concerned with the tables above it, such as `path.explicit-policy` or `purposes[1].name`;
    /// empty when it is the document as a whole.
    pub key: String,
    /// What is wrong.
    pub problem: DocumentProblem,
}

/// What is wrong with a policy document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DocumentProblem {
    /// What is in a list of addresses for mail is none.
    Address {
        /// What is there.
        found: String,
    },
    /// A name that the product has already.
    BuiltIn {
        /// The name.
        found: String,
    },
    /// A rule whose expression comes out the same whatever the facts are.
    ConstantRule {
        /// What it comes out as.
        holds: bool,
        /// What the rule would always do.
        effect: Severity,
    },
    /// Two choices that cannot stand together.
    Contradiction {
        /// The key of the other choice.
        with: &'static str,
        /// The word or number there, or missing there.
        value: String,
    },
    /// The same thing is given twice.
    Duplicate {
        /// What is given twice.
        found: String,
    },
    /// A list or a name holds nothing.
    Empty,
    /// An expression that is none of the language of rules.
    Expression {
        /// What is wrong with it.
        problem: Box<ProblemKind>,
    },
    /// The standard leaves no room to change the level of this rule.
    FixedLevel {
        /// The rule.
        code: Code,
    },
    /// A table lacks a key that it needs.
    MissingKey {
        /// That key.
        missing: &'static str,
    },
    /// A name is made of other characters than those accepted, or is too long.
    Name {
        /// The name.
        found: String,
        /// What it may be made of.
        accepted: &'static str,
    },
    /// A number is outside its range.
    OutOfRange {
        /// The number as it was written.
        found: String,
        /// The smallest accepted number.
        minimum: u32,
        /// The largest accepted number.
        maximum: u32,
    },
    /// The text is no TOML.
    Syntax {
        /// What the TOML reader says about it.
        message: String,
    },
    /// The document is too large to be looked at.
    TooLarge {
        /// Its size in octets.
        octets: usize,
        /// The largest accepted size.
        maximum: usize,
    },
    /// A key that no table of this kind has.
    UnknownKey {
        /// The key.
        found: String,
        /// The known key that looks most like it.
        nearest: Option<&'static str>,
        /// Every known key.
        expected: Vec<&'static str>,
    },
    /// A name that neither the product nor the document has.
    UnknownName {
        /// The name.
        found: String,
        /// The known name that looks most like it.
        nearest: Option<String>,
        /// Every known name.
        expected: Vec<String>,
    },
    /// A word that means nothing here.
    UnknownWord {
        /// The word.
        found: String,
        /// The known word that looks most like it.
        nearest: Option<&'static str>,
        /// Every known word; `object-identifier` stands for any in dotted decimal.
        expected: Vec<&'static str>,
    },
    /// A code in `levels` without quotation marks, which TOML reads as tables in one another.
    UnquotedCode,
    /// A URI that no source of revocation status can have.
    Uri {
        /// The URI.
        found: String,
        /// What is wrong with it.
        problem: UriProblem,
    },
    /// A value of another type.
    WrongType {
        /// The type that belongs here.
        expected: &'static str,
        /// The type that is here.
        found: &'static str,
    },
}

impl DocumentProblem {
    /// The stable code of every problem.
    pub const CODES: [&'static str; 18] = [
        "settings.address",
        "settings.built-in",
        "settings.constant-rule",
        "settings.contradiction",
        "settings.duplicate",
        "settings.empty",
        "settings.expression",
        "settings.fixed-level",
        "settings.missing-key",
        "settings.name",
        "settings.out-of-range",
        "settings.syntax",
        "settings.too-large",
        "settings.unknown-key",
        "settings.unknown-word",
        "settings.unquoted-code",
        "settings.uri",
        "settings.wrong-type",
    ];

    /// The stable code of this problem.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Address { .. } => "settings.address",
            Self::BuiltIn { .. } => "settings.built-in",
            Self::ConstantRule { .. } => "settings.constant-rule",
            Self::Contradiction { .. } => "settings.contradiction",
            Self::Duplicate { .. } => "settings.duplicate",
            Self::Empty => "settings.empty",
            Self::Expression { .. } => "settings.expression",
            Self::FixedLevel { .. } => "settings.fixed-level",
            Self::MissingKey { .. } => "settings.missing-key",
            Self::Name { .. } => "settings.name",
            Self::OutOfRange { .. } => "settings.out-of-range",
            Self::Syntax { .. } => "settings.syntax",
            Self::TooLarge { .. } => "settings.too-large",
            Self::UnknownKey { .. } => "settings.unknown-key",
            Self::UnknownName { .. } | Self::UnknownWord { .. } => "settings.unknown-word",
            Self::UnquotedCode => "settings.unquoted-code",
            Self::Uri { .. } => "settings.uri",
            Self::WrongType { .. } => "settings.wrong-type",
        }
    }

    /// The problem with the URI `found`.
    pub(super) fn uri(found: &str, problem: UriProblem) -> Self {
        Self::Uri { found: quote(found), problem }
    }

    fn details(&self) -> Vec<Detail> {
        match self {
            Self::Contradiction { with, value } => vec![text("with", *with), text("value", value)],
            Self::ConstantRule { holds, effect } => {
                let always = if *holds { always(*effect) } else { "never matches" };
                vec![text("always", always)]
            }
            Self::Expression { problem } => expression(problem),
            Self::Address { found } | Self::BuiltIn { found } | Self::Duplicate { found } => {
                vec![text("found", found)]
            }
            Self::Name { found, accepted } => vec![text("found", found), text("accepted", *accepted)],
            Self::Empty | Self::UnquotedCode => Vec::new(),
            Self::FixedLevel { code } => vec![text("code", code.as_str()), text("clause", code.clause())],
            Self::MissingKey { missing } => vec![text("missing", *missing)],
            Self::OutOfRange { found, minimum, maximum } => {
                vec![text("found", found), number("minimum", *minimum), number("maximum", *maximum)]
            }
            Self::Syntax { message } => vec![text("message", message)],
            Self::TooLarge { octets, maximum } => vec![
                Detail { name: "octets", value: Value::count(*octets) },
                Detail { name: "maximum", value: Value::count(*maximum) },
            ],
            Self::UnknownKey { found, nearest, expected }
            | Self::UnknownWord { found, nearest, expected } => {
                let mut details = vec![text("found", found)];
                details.extend(nearest.map(|word| text("nearest", word)));
                details.extend(expected.iter().map(|word| text("expected", *word)));
                details
            }
            Self::UnknownName { found, nearest, expected } => {
                let mut details = vec![text("found", found)];
                details.extend(nearest.iter().map(|name| text("nearest", name)));
                details.extend(expected.iter().map(|name| text("expected", name)));
                details
            }
            Self::Uri { found, problem } => vec![text("found", found), text("problem", problem.word())],
            Self::WrongType { expected, found } => vec![text("expected", *expected), text("found", *found)],
        }
    }
}

/// What a rule does whose expression is always true.
fn always(effect: Severity) -> &'static str {
    match effect {
        Severity::Deny => "always denies",
        Severity::Inform => "always informs",
        Severity::Warn => "always warns",
    }
}

/// What is wrong with an expression: a stable word, then the values.
fn expression(problem: &ProblemKind) -> Vec<Detail> {
    let told = |word: &str, found: Option<&str>, expected: Option<&str>| {
        let mut details = vec![text("problem", word)];
        details.extend(found.map(|found| text("found", quote(found))));
        details.extend(expected.map(|expected| text("expected", expected)));
        details
    };
    match problem {
        ProblemKind::Constant(holds) => told("constant", Some(if *holds { "true" } else { "false" }), None),
        ProblemKind::Fails(failure) => told("always-fails", Some(failure.word()), None),
        ProblemKind::Name { found, .. } => told("name", Some(found), None),
        ProblemKind::Syntax { found, expected } => told("syntax", Some(found), Some(expected)),
        ProblemKind::TooDeep => told("too-deep", None, Some("at most 32 levels")),
        ProblemKind::TooLong => told("too-long", None, Some("at most 4096 octets")),
        ProblemKind::Type { expected, found } => told("type", Some(found), Some(expected)),
        ProblemKind::Unsupported { found } => told("unsupported", Some(found), None),
    }
}

impl DocumentError {
    /// The stable code of the problem, such as `settings.unknown-key`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.problem.code()
    }

    /// Where and what: `line`, `column`, `key`, then the values of the problem. A list is one detail named
    /// `expected` for each of its words.
    #[must_use]
    pub fn details(&self) -> Vec<Detail> {
        let mut details =
            vec![number("line", self.line), number("column", self.column), text("key", self.key.as_str())];
        details.extend(self.problem.details());
        details
    }
}

fn text(name: &'static str, value: impl Into<String>) -> Detail {
    Detail { name, value: Value::text(value) }
}

fn number(name: &'static str, value: u32) -> Detail {
    Detail { name, value: Value::Number(u64::from(value)) }
}

/// The start of a piece of the document, short enough to repeat.
pub(super) fn quote(piece: &str) -> String {
    let mut characters = piece.chars();
    let mut quoted: String = characters.by_ref().take(LONGEST_QUOTE).collect();
    if characters.next().is_some() {
        quoted.push('…');
    }
    quoted
}

/// The known word that looks most like `found`, if one is near enough to be meant. The first wins a tie.
pub(super) fn nearest<'k>(found: &str, known: &[&'k str]) -> Option<&'k str> {
    let found = lower_case(found)?;
    let mut best: Option<(usize, &'k str)> = None;
    for word in known {
        let Some(candidate) = lower_case(word) else { continue };
        let distance = edit_distance(&found, &candidate);
        // A third of the letters may differ; more is another word.
        let near = distance <= candidate.len().div_euclid(3).max(1);
        if near && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, word));
        }
    }
    best.map(|(_, word)| word)
}

/// `None` for text longer than any known word, so that the comparison stays small.
fn lower_case(text: &str) -> Option<Vec<char>> {
    (text.len() <= LONGEST_QUOTE).then(|| text.to_ascii_lowercase().chars().collect())
}

/// Levenshtein's distance: insertions, removals and replacements, one row of the table at a time.
fn edit_distance(left: &[char], right: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (position, letter) in left.iter().enumerate() {
        let mut last = position.saturating_add(1);
        let mut next = vec![last];
        for (pair, other) in row.windows(2).zip(right) {
            if let [diagonal, above] = pair {
                let replaced = diagonal.saturating_add(usize::from(letter != other));
                last = replaced.min(above.saturating_add(1)).min(last.saturating_add(1));
                next.push(last);
            }
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chars(text: &str) -> Vec<char> {
        text.chars().collect()
    }

    #[test]
    fn edit_distance_counts_insertions_removals_and_replacements() {
        for (left, right, distance) in [
            ("", "", 0),
            ("", "abc", 3),
            ("abc", "", 3),
            ("kitten", "sitting", 3),
            ("deny", "denny", 1),
            ("a", "b", 1),
        ] {
            assert_eq!(edit_distance(&chars(left), &chars(right)), distance, "{left} {right}");
        }
    }

    #[test]
    fn a_near_word_is_offered_and_a_far_one_is_not() {
        let known = ["profile", "strictness", "path"];
        assert_eq!(nearest("profil", &known), Some("profile"));
        assert_eq!(nearest("Strictnes", &known), Some("strictness"));
        assert_eq!(nearest("pats", &known), Some("path"));
        assert_eq!(nearest("revocation", &known), None);
        assert_eq!(nearest(&"p".repeat(65), &known), None);
    }

    #[test]
    fn a_quote_is_cut_after_64_characters() {
        assert_eq!(quote(&"ä".repeat(64)), "ä".repeat(64));
        assert_eq!(quote(&"ä".repeat(65)), format!("{}…", "ä".repeat(64)));
    }
}
