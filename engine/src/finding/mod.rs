//! What a rule observed. Every stage may add findings, none reads them back; the decision drawn from them
//! is the verdict's.
//!
//! A [`Finding`] is a stable [`Code`] with the certificate concerned and the values compared. It holds no
//! sentence: wording lives in `engine-wording`, so that it can be translated.

pub(crate) mod codes;
pub mod code;
pub mod counterfactual;
pub mod level;
pub mod rank;
mod malformed;
pub mod trace;

use crate::oid::Oid;
use crate::time::Instant;

pub use code::Code;
pub use level::{Level, Levels};

/// How much a finding weighs. Ordered: the greatest decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing; changes nothing.
    Inform,
    /// Accepted, but somebody should look at it.
    Warn,
    /// The path, and so the certificate, is refused.
    Deny,
}

/// The certificate that a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Subject {
    /// Its place in the path: 0 is the target, the highest is the trust anchor.
    pub position: usize,
    /// SHA-256 of its whole DER encoding.
    pub fingerprint: [u8; 32],
}

/// Most octets, or characters of text, that a finding keeps of one value.
pub const MAXIMUM_KEPT: usize = 1024;

/// A value that a rule compared or found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A count or size.
    Number(u64),
    /// Octets, shown in hexadecimal.
    Octets(Vec<u8>),
    /// An object identifier.
    Oid(Oid),
    /// Text from the input or a word of ours; escaped only where it is shown.
    Text(String),
    /// A moment.
    Time(Instant),
}

impl Value {
    /// A size as a [`Value::Number`].
    #[must_use]
    pub fn count(number: usize) -> Self {
        Self::Number(u64::try_from(number).unwrap_or(u64::MAX))
    }

    /// The beginning of a long value.
    pub(crate) fn cut(self) -> Self {
        match self {
            Self::Octets(octets) if octets.len() > MAXIMUM_KEPT => {
                Self::Octets(octets.into_iter().take(MAXIMUM_KEPT).collect())
            }
            Self::Text(text) if text.len() > MAXIMUM_KEPT => {
                Self::Text(text.chars().take(MAXIMUM_KEPT).collect())
            }
            other => other,
        }
    }

    /// Text as a [`Value::Text`].
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }
}

/// One compared value and what it is, in the words of the rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detail {
    /// What the value is, such as `notAfter` or `expected`.
    pub name: &'static str,
    /// The value.
    pub value: Value,
}

/// A rule was, or was not, met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which rule, as a stable machine code with its citation.
    pub code: Code,
    /// How much it weighs under the settings in force.
    pub severity: Severity,
    /// The certificate concerned; `None` when it is the question as a whole.
    pub subject: Option<Subject>,
    /// The values compared, in the order the rule names them.
    pub details: Vec<Detail>,
}

impl Finding {
    /// The rules of the catalogue behind it; for a rule of the deployment's own, its name after `own:`, which no
    /// identifier of the catalogue begins with.
    #[must_use]
    pub fn rules(&self) -> Vec<String> {
        let own = self.details.iter().find(|detail| self.code.is_custom() && detail.name == "rule");
        match own.map(|detail| &detail.value) {
            Some(Value::Text(rule)) => vec![format!("own:{rule}")],
            _ => self.code.rules().iter().map(|rule| (*rule).to_owned()).collect(),
        }
    }
}

/// Collects findings under the levels in force. A rule reports; whether that weighs is decided here, once.
#[derive(Clone, Debug)]
pub struct Findings<'a> {
    levels: &'a Levels,
    list: Vec<Finding>,
}

impl<'a> Findings<'a> {
    /// An empty collection under `levels`.
    #[must_use]
    pub fn new(levels: &'a Levels) -> Self {
        Self { levels, list: Vec::new() }
    }

    /// Reports that the rule behind `code` was not met by `subject`. Levels may drop it. Of a long value the
    /// beginning is kept: a finding may be repeated on every path, and must not grow with its input.
    pub fn report(&mut self, code: Code, subject: Option<Subject>, details: Vec<(&'static str, Value)>) {
        if let Some(severity) = self.levels.of(code).severity() {
            let details =
                details.into_iter().map(|(name, value)| Detail { name, value: value.cut() }).collect();
            let finding = Finding { code, severity, subject, details };
            // Two stages may see the same thing: an issuer's policies are of its form and of the path.
            if !self.list.contains(&finding) {
                self.list.push(finding);
            }
        }
    }

    /// Whether anything reported so far refuses the path.
    #[must_use]
    pub fn denies(&self) -> bool {
        self.list.iter().any(|finding| finding.severity == Severity::Deny)
    }

    /// The findings in the order they were reported.
    #[must_use]
    pub fn into_list(self) -> Vec<Finding> {
        self.list
    }
}
