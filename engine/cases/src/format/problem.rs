//! What may be wrong with a file of cases, in the words that tell of a policy document.

use std::fmt;

use serde::Serialize;

/// Longest piece of a file that is repeated, in characters.
const LONGEST_QUOTE: usize = 64;
/// Most words that are all told beside the nearest one.
const MOST_TOLD: usize = 40;

/// A mistake, and where it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The kind of mistake, such as `cases.unknown-key`.
    pub code: &'static str,
    /// The line, from 1.
    pub line: usize,
    /// The column, in characters from 1.
    pub column: usize,
    /// The key concerned with what stands above it, such as `cases[2].purpose`.
    pub key: String,
    /// What is wrong and what was expected, in one sentence.
    pub message: String,
    /// The known word that looks most like the one that was found.
    pub nearest: Option<String>,
    /// Every known word.
    pub expected: Vec<String>,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.message)
    }
}

impl std::error::Error for Problem {}

impl Problem {
    fn of(code: &'static str, message: String) -> Self {
        Self { code, message, ..Self::default() }
    }

    pub(super) fn unknown_key(found: &str, expected: &[&str]) -> Self {
        Self::unknown("cases.unknown-key", "is not a known key", "those known here are", (found, expected))
    }

    pub(super) fn unknown_word(found: &str, expected: &[&str]) -> Self {
        Self::unknown("cases.unknown-word", "means nothing here", "expected one of", (found, expected))
    }

    fn unknown(code: &'static str, is: &str, known: &str, (found, expected): (&str, &[&str])) -> Self {
        let nearest = nearest(found, expected);
        let meant = nearest.map(|word| format!("; did you mean \"{word}\"?")).unwrap_or_default();
        let list = match expected {
            [] => "; there is none here".to_owned(),
            // where one of very many is near, the others are in nobody's way
            many if many.len() > MOST_TOLD && nearest.is_some() => String::new(),
            expected => format!("; {known}: {}", expected.join(", ")),
        };
        Self {
            nearest: nearest.map(str::to_owned),
            expected: expected.iter().map(|word| (*word).to_owned()).collect(),
            ..Self::of(code, format!("\"{}\" {is}{meant}{list}", quoted(found)))
        }
    }

    pub(super) fn missing_key(missing: &str) -> Self {
        Self::of("cases.missing-key", format!("the key \"{missing}\" is missing here; add it"))
    }

    pub(super) fn duplicate(found: &str) -> Self {
        Self::of("cases.duplicate", format!("\"{}\" is given a second time; remove one", quoted(found)))
    }

    pub(super) fn empty() -> Self {
        Self::of("cases.empty", "this must not be empty; give a value, or remove the line".to_owned())
    }

    pub(super) fn out_of_range(found: &str, (least, most): (i64, i64)) -> Self {
        let found = quoted(found);
        let message = format!("{found} is not between {least} and {most}; give a number in this range");
        Self::of("cases.out-of-range", message)
    }

    pub(super) fn wrong_type(expected: &str, found: &str) -> Self {
        let message = format!("a value of type {expected} belongs here, and this is of type {found}");
        Self::of("cases.wrong-type", message)
    }

    pub(super) fn other_form(expected: &str) -> Self {
        Self::of("cases.form", format!("expected {expected}"))
    }

    pub(super) fn contradiction(with: &str, instead: &str) -> Self {
        Self::of("cases.contradiction", format!("this does not go together with {with}; {instead}"))
    }

    pub(super) fn rsa_authority(certificate: &str) -> Self {
        let message = format!(
            "\"{}\" signs, or is to be able to, and a sketched RSA key is a made modulus that nobody can sign with; \
             give it the key \"p-256\"",
            quoted(certificate)
        );
        Self::of("cases.rsa-authority", message)
    }

    pub(super) fn too_many(what: &str, most: usize) -> Self {
        Self::of("cases.too-many", format!("there are too many {what} here; at most {most} are read"))
    }

    pub(super) fn syntax(message: &str) -> Self {
        let message = message.lines().next().unwrap_or_default();
        Self::of("cases.syntax", format!("the text is not valid TOML here: {message}"))
    }

    /// A file that a case names and that cannot be used.
    pub(crate) fn unusable_file(why: &str) -> Self {
        Self::of("cases.file", why.to_owned())
    }
}

/// The beginning of a text.
pub(super) fn quoted(text: &str) -> String {
    text.chars().take(LONGEST_QUOTE).collect()
}

/// The known word that looks most like `found`: a third of the letters may differ, more is another word.
pub(super) fn nearest<'k>(found: &str, known: &[&'k str]) -> Option<&'k str> {
    let letters = |text: &str| -> Vec<char> { text.to_ascii_lowercase().chars().collect() };
    if found.len() > LONGEST_QUOTE {
        return None;
    }
    let found = letters(found);
    let distances = known.iter().filter_map(|word| {
        let candidate = letters(word);
        let distance = distance(&found, &candidate);
        (distance <= candidate.len().div_euclid(3).max(1)).then_some((distance, *word))
    });
    distances.min_by_key(|(distance, _)| *distance).map(|(_, word)| word)
}

/// Levenshtein's distance: insertions, removals and replacements, one row of the table at a time.
fn distance(left: &[char], right: &[char]) -> usize {
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

    #[test]
    fn the_nearest_word_is_told_where_there_is_one() {
        assert_eq!(nearest("purpos", &["names", "purpose"]), Some("purpose"));
        assert_eq!(nearest("x", &["names", "purpose"]), None);
        let problem = Problem::unknown_key("purpos", &["names", "purpose"]);
        assert_eq!(
            problem.message,
            "\"purpos\" is not a known key; did you mean \"purpose\"?; those known here are: names, purpose"
        );
    }
}
