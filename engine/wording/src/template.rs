//! One row of wording, and how values are put into it. `{name}` stands for a value; a part in square brackets
//! is left out when one of its values is missing or empty. Values that a row does not mention follow in
//! round brackets, so that nothing a rule compared is lost.

use crate::{Details, encoding, escape, status};

/// Values that never follow in round brackets: the sentence, or that of the change that would
/// help, says the same in its own words.
const UNTOLD: &[&str] = &["setting", "turnedPart", "turnedFrom", "turnedTo"];
/// Most values of one name that are shown.
const MOST: usize = 12;

/// The wording of one code.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The code.
    pub code: &'static str,
    /// Three to six words.
    pub title: &'static str,
    /// The sentence, with places for values.
    pub text: &'static str,
}

/// A table of rows, one line each.
macro_rules! rows {
    ($($code:literal, $title:literal, $text:literal;)*) => {
        &[$($crate::template::Row { code: $code, title: $title, text: $text }),*]
    };
}
pub(crate) use rows;

/// The row of `code`.
pub(crate) fn find(rows: &'static [Row], code: &str) -> Option<&'static Row> {
    rows.iter().find(|row| row.code == code)
}

/// The sentence of `row`; for a code without wording, the code and its values.
pub(crate) fn render(row: Option<&Row>, code: &str, details: Details<'_>) -> String {
    let mut text = match row {
        Some(row) => fill(row.text, details),
        None => escape(code),
    };
    let mentioned = |name: &str| row.is_some_and(|row| row.text.contains(&format!("{{{name}}}")));
    let mut names: Vec<&str> = Vec::new();
    for (name, value) in details {
        let told = mentioned(name) || UNTOLD.contains(name) || names.contains(name);
        if !told && !value.is_empty() {
            names.push(name);
        }
    }
    if !names.is_empty() {
        let rest: Vec<String> = names
            .iter()
            .map(|name| format!("{}: {}", escape(name), value(details, name).unwrap_or_default()))
            .collect();
        text.push_str(&format!(" ({})", rest.join("; ")));
    }
    text
}

/// The same without the values that the row does not mention: what is to be done compares nothing.
pub(crate) fn render_only(row: Option<&Row>, code: &str, details: Details<'_>) -> String {
    row.map_or_else(|| escape(code), |row| fill(row.text, details))
}

/// The text with its optional parts kept or left out. Brackets in values are no brackets of the text.
pub(crate) fn fill(text: &str, details: Details<'_>) -> String {
    let mut filled = String::new();
    for (number, part) in text.split('[').enumerate() {
        let (optional, rest) = match part.split_once(']') {
            Some((optional, rest)) if number > 0 => (Some(optional), rest),
            _ => (None, part),
        };
        if let Some(whole) = optional.and_then(|optional| places(optional, details).ok()) {
            filled.push_str(&whole);
        }
        match places(rest, details) {
            Ok(text) | Err(text) => filled.push_str(&text),
        }
    }
    filled
}

/// The text with its values; as an error when one was missing, where `none` then stands.
fn places(text: &str, details: Details<'_>) -> Result<String, String> {
    let mut filled = String::new();
    let mut complete = true;
    for (number, part) in text.split('{').enumerate() {
        match part.split_once('}') {
            Some((name, rest)) if number > 0 => {
                let found = value(details, name);
                complete &= found.is_some();
                filled.push_str(found.as_deref().unwrap_or("none"));
                filled.push_str(rest);
            }
            _ => filled.push_str(part),
        }
    }
    if complete { Ok(filled) } else { Err(filled) }
}

/// All values of one name, safe to show; `None` when there is none or all are empty.
pub(crate) fn value(details: Details<'_>, name: &str) -> Option<String> {
    let mut values = details.iter().filter(|(known, value)| *known == name && !value.is_empty());
    let mut shown: Vec<String> = values.by_ref().take(MOST).map(|(_, value)| word(name, value)).collect();
    let more = values.count();
    if more > 0 {
        shown.push(format!("and {more} more"));
    }
    (!shown.is_empty()).then(|| shown.join(", "))
}

/// A value in the words of people, where it is a word of ours.
fn word(name: &str, value: &str) -> String {
    let known = match name {
        "problem" => encoding::problem(value),
        "form" => encoding::name_form(value),
        "delegated" | "designated" | "reason" => status::bare(value),
        "source" => status::source(value),
        "instead" => find(crate::refusal::ROWS, value).map(|row| row.title),
        _ => None,
    };
    known.map_or_else(|| escape(value), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn details<'d>(values: &[(&'d str, &str)]) -> Vec<(&'d str, String)> {
        values.iter().map(|(name, value)| (*name, (*value).to_owned())).collect()
    }

    #[test]
    fn optional_parts_are_left_out_without_their_values() {
        let text = "a {x}[ b {y}][ c {z} {y}] d";
        assert_eq!(fill(text, &details(&[("x", "1"), ("y", "2")])), "a 1 b 2 d");
        assert_eq!(fill(text, &details(&[("y", "2"), ("z", "3")])), "a none b 2 c 3 2 d");
        assert_eq!(fill(text, &details(&[("x", "1"), ("y", "")])), "a 1 d");
    }

    #[test]
    fn marks_in_values_are_no_marks_of_the_text() {
        assert_eq!(fill("[{x}] {x}", &details(&[("x", "[{y}]")])), "[{y}] [{y}]");
    }

    #[test]
    fn values_that_are_not_mentioned_follow() {
        let row = Row { code: "c", title: "", text: "Text {x}" };
        let values = details(&[("x", "1"), ("y", "2"), ("z", ""), ("y", "3")]);
        assert_eq!(render(Some(&row), "c", &values), "Text 1 (y: 2, 3)");
        assert_eq!(render(None, "a\nb", &values), r"a\u{a}b (x: 1; y: 2, 3)");
    }

    #[test]
    fn a_long_list_is_cut() {
        let values: Vec<_> = (0..14).map(|n| ("x", n.to_string())).collect();
        assert_eq!(value(&values, "x").unwrap(), "0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, and 2 more");
    }
}
