//! Places in a document: the line with a mark under what is meant, and where a key is written. What a key or a value
//! means is not known here.

use toml_edit::{Document, TableLike};

/// The widest excerpt of a line.
const WIDEST: usize = 88;

/// A line of a document and what is marked in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Excerpt {
    /// The line, or the piece of it around the mark.
    pub(super) line: String,
    /// The mark, to stand under the line.
    pub(super) mark: String,
}

/// The excerpt at a line and a column, both from 1.
pub(super) fn excerpt(text: &str, line: usize, column: usize) -> Excerpt {
    let line = text.trim_start_matches('\u{feff}').lines().nth(line.saturating_sub(1)).unwrap_or_default();
    let letters: Vec<char> =
        line.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    let at = column.saturating_sub(1);
    let length = length_of(letters.get(at..).unwrap_or_default());
    let skipped = (at.saturating_add(length)).saturating_sub(WIDEST).min(at);
    let shown: String = letters.iter().skip(skipped).take(WIDEST).collect();
    let room = WIDEST.saturating_sub(at.saturating_sub(skipped)).max(1);
    let mark = format!("{}{}", " ".repeat(at.saturating_sub(skipped)), "^".repeat(length.min(room)));
    Excerpt { line: shown.trim_end().to_owned(), mark }
}

/// How long the key or the value is that begins here.
fn length_of(letters: &[char]) -> usize {
    let ends = |letter: &char| matches!(letter, ' ' | '=' | ',' | ']' | '#' | '}');
    let length = match letters.first() {
        Some(quote @ ('"' | '\'')) => {
            let rest = letters.iter().skip(1);
            rest.clone().position(|letter| letter == quote).map_or(1, |end| end.saturating_add(2))
        }
        _ => letters.iter().position(ends).unwrap_or(letters.len()),
    };
    length.max(1)
}

/// The line of a key such as `path.explicit-policy` or `levels."revocation.unknown"`, where it is written.
pub(super) fn line_of(text: &str, key: &str) -> Option<usize> {
    let document = Document::parse(text).ok()?;
    let mut table: &dyn TableLike = document.as_table();
    let (above, name) = key.split_once('.').map_or((None, key), |(above, name)| (Some(above), name));
    if let Some(above) = above {
        table = table.get(above)?.as_table_like()?;
    }
    let (key, _) = table.get_key_value(name.trim_matches('"'))?;
    let before = text.get(..key.span()?.start)?;
    Some(before.matches('\n').count().saturating_add(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(text: &str, line: usize, column: usize) -> (String, String) {
        let excerpt = excerpt(text, line, column);
        (excerpt.line, excerpt.mark)
    }

    #[test]
    fn the_mark_stands_under_the_whole_word() {
        let pair = |line: &str, mark: &str| (line.to_owned(), mark.to_owned());
        assert_eq!(mark("a\nprofil = \"x\"\n", 2, 1), pair("profil = \"x\"", "^^^^^^"));
        assert_eq!(mark("profile = \"x y\" # z", 1, 11), pair("profile = \"x y\" # z", "          ^^^^^"));
        assert_eq!(mark("a = [1, 22]", 1, 9), pair("a = [1, 22]", "        ^^"));
        assert_eq!(mark("", 1, 1), pair("", "^"));
        assert_eq!(mark("a =", 1, 4), pair("a =", "   ^"));
        assert_eq!(mark("a\tb = 'c", 1, 7).1, "      ^");
    }

    #[test]
    fn of_a_long_line_the_piece_with_the_mark_is_shown() {
        let text = format!("a = [{}\"here\"]", "\"x\", ".repeat(100));
        let found = excerpt(&text, 1, 506);
        assert!(found.line.chars().count() <= WIDEST && found.mark.chars().count() <= WIDEST);
        let begins = found.mark.chars().take_while(|letter| *letter == ' ').count();
        assert_eq!(found.line.chars().skip(begins).take(6).collect::<String>(), "\"here\"");
    }

    #[test]
    fn a_key_is_found_however_it_is_written() {
        let text =
            "fips = true\npath.explicit-policy = true\n[levels]\n\n\"revocation.unknown\" = \"deny\"\n";
        assert_eq!(line_of(text, "fips"), Some(1));
        assert_eq!(line_of(text, "path.explicit-policy"), Some(2));
        assert_eq!(line_of(text, "levels.\"revocation.unknown\""), Some(5));
        assert_eq!(line_of(text, "levels.\"revocation.conflict\""), None);
        assert_eq!(line_of(text, "crl.uri"), None);
        assert_eq!(line_of("no toml", "crl.uri"), None);
    }
}
