//! Values made safe to show. Hostile text may hide, reorder or break what stands around it; here it cannot.

use std::fmt::Write;

/// Longest value shown, in characters.
const LONGEST: usize = 256;

/// Writes what is invisible or steers a display as `\u{…}`, and quotation marks as `\"`; cuts after 256
/// characters. Hosts still escape for the medium they write to, such as HTML.
#[must_use]
pub fn escape(value: &str) -> String {
    let mut shown = String::with_capacity(value.len().min(LONGEST));
    let mut characters = value.chars();
    for character in characters.by_ref().take(LONGEST) {
        if is_hidden(character) {
            // Writing to a string cannot fail.
            let _ = write!(shown, "\\u{{{:x}}}", u32::from(character));
        } else if character == '"' {
            shown.push_str("\\\"");
        } else {
            shown.push(character);
        }
    }
    if characters.next().is_some() {
        shown.push('…');
    }
    shown
}

/// Controls, bidirectional and invisible formatting, separators that break lines, spaces that are not U+0020,
/// and what belongs to no script (Unicode categories Cc, Cf, Co, Zl, Zp, Zs; UAX #9; UTS #39).
fn is_hidden(character: char) -> bool {
    character.is_control()
        || (character.is_whitespace() && character != ' ')
        || matches!(u32::from(character),
            0x00ad | 0x034f | 0x0600..=0x0605 | 0x061c | 0x06dd | 0x070f | 0x08e2 | 0x115f..=0x1160
            | 0x17b4..=0x17b5 | 0x180b..=0x180f | 0x200b..=0x200f | 0x202a..=0x202e | 0x2060..=0x206f
            | 0x2800 | 0x3164 | 0xe000..=0xf8ff | 0xfe00..=0xfe0f | 0xfeff | 0xffa0 | 0xfff0..=0xfffd
            | 0x110bd | 0x110cd | 0x13430..=0x1345f | 0x1bca0..=0x1bca3 | 0x1d173..=0x1d17a
            | 0xe0000..=0xe0fff | 0xf0000..=0x10ffff)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_of_any_script_is_left_alone() {
        for text in ["", "CN=Müller, O=株式会社", "a.example", "пример", "مثال", "1.3.6.1", r"CN=a\, b"]
        {
            assert_eq!(escape(text), text);
        }
    }

    #[test]
    fn what_steers_a_display_is_shown() {
        for (text, shown) in [
            ("a\nb", r"a\u{a}b"),
            ("\u{1b}[31m", r"\u{1b}[31m"),
            ("\0", r"\u{0}"),
            ("\u{9b}", r"\u{9b}"),
            ("moc\u{202e}elpmaxe", r"moc\u{202e}elpmaxe"),
            ("\u{2066}\u{2069}\u{200f}\u{61c}", r"\u{2066}\u{2069}\u{200f}\u{61c}"),
            ("a\u{200b}b\u{feff}", r"a\u{200b}b\u{feff}"),
            ("a\u{a0}b\u{2028}", r"a\u{a0}b\u{2028}"),
            ("\u{e0041}", r"\u{e0041}"),
            ("\"", r#"\""#),
        ] {
            assert_eq!(escape(text), shown);
        }
    }

    #[test]
    fn long_values_are_cut() {
        assert_eq!(escape(&"ä".repeat(256)), "ä".repeat(256));
        assert_eq!(escape(&"ä".repeat(257)), format!("{}…", "ä".repeat(256)));
    }
}
