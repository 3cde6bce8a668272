//! From a place in a string's value back to the place in the document: escapes, trimmed line breaks and quotation marks
//! are in the text and not in the value (TOML 1.0, "String"). Only for strings that TOML has read already.

/// The octet of `document` where the value of the string at `start` goes on after `before`, its beginning.
pub(super) fn place(document: &str, start: usize, before: &str) -> usize {
    let whole = document.get(start..).unwrap_or_default();
    let (marks, escapes) = match whole {
        _ if whole.starts_with("\"\"\"") => (3, true),
        _ if whole.starts_with("'''") => (3, false),
        _ => (1, whole.starts_with('"')),
    };
    let mut rest = whole.get(marks..).unwrap_or_default();
    if marks == 3 {
        // A line break right after the marks is no part of the value.
        rest = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix('\n')).unwrap_or(rest);
    }
    let mut letters = before.chars();
    loop {
        let ahead = letters.clone().next();
        if escapes && let Some(after) = continued(rest) {
            rest = after;
            continue;
        }
        // A carriage return may be left out of the value.
        if ahead.is_some_and(|letter| letter == '\n') && rest.starts_with("\r\n") {
            rest = rest.get(1..).unwrap_or_default();
        }
        if letters.next().is_none() {
            break;
        }
        rest = rest.get(letter_octets(rest, escapes)..).unwrap_or_default();
    }
    start.saturating_add(whole.len().saturating_sub(rest.len()))
}

/// What follows a reverse solidus at the end of a line, with the white space after it.
fn continued(rest: &str) -> Option<&str> {
    let after = rest.strip_prefix('\\')?;
    let line = after.trim_start_matches([' ', '\t', '\r']);
    line.starts_with('\n').then(|| after.trim_start_matches([' ', '\t', '\r', '\n']))
}

/// How many octets write the first character of the value.
fn letter_octets(rest: &str, escapes: bool) -> usize {
    let mut letters = rest.chars();
    match (letters.next(), letters.next()) {
        (Some('\\'), Some(kind)) if escapes => match kind {
            'x' => 4,
            'u' => 6,
            'U' => 10,
            _ => 2,
        },
        (first, _) => first.map_or(0, char::len_utf8),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(string: &str, before: &str, octet: usize) {
        let document = format!("a = {string}\n");
        assert_eq!(place(&document, 4, before).checked_sub(4), Some(octet), "{string}");
    }

    #[test]
    fn a_place_in_a_value_is_found_in_every_kind_of_string() {
        check(r#""abc""#, "", 1);
        check(r#""abc""#, "ab", 3);
        check("'a\\bc'", "a\\b", 4);
        check(r#""a\"b\\c""#, "a\"b\\", 7);
        check(r#""\u00e4x""#, "ä", 7);
        check(r#""\U000000e4x""#, "ä", 11);
        check("\"äx\"", "ä", 3);
        check("\"\"\"\nab\"\"\"", "a", 5);
        check("\"\"\"ab\"\"\"", "a", 4);
        check("'''\r\na\r\nb'''", "a\n", 8);
        check("'''\r\na\r\nb'''", "a\r\n", 8);
        check("\"\"\"a \\\n   b\"\"\"", "a ", 10);
    }

    #[test]
    fn a_place_beyond_the_text_is_its_end_at_most() {
        check("\"a\"", &"b".repeat(99), 4);
    }
}
