//! Names as text (RFC 4514). What is printed cannot break out of its place: separators are escaped as RFC
//! 4514 2.4 asks, and so is every character that could hide, reorder or end what a reader sees.

use std::fmt::{self, Write as _};

use super::{Attribute, Name, RelativeDistinguishedName};
use crate::oid;

impl fmt::Display for Name {
    /// RFC 4514: the last relative distinguished name first.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, rdn) in self.rdns.iter().rev().enumerate() {
            if position > 0 {
                f.write_str(",")?;
            }
            rdn.fmt(f)?;
        }
        Ok(())
    }
}

impl fmt::Display for RelativeDistinguishedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, attribute) in self.attributes.iter().enumerate() {
            if position > 0 {
                f.write_str("+")?;
            }
            attribute.fmt(f)?;
        }
        Ok(())
    }
}

impl fmt::Display for Attribute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match oid::label(&self.kind) {
            Some(label) => f.write_str(label)?,
            None => self.kind.fmt(f)?,
        }
        f.write_str("=")?;
        match &self.text {
            Some(text) => write_escaped(f, text),
            None => write_hexadecimal(f, self),
        }
    }
}

/// RFC 4514 2.4: `#` and the BER encoding of a value that is no string.
fn write_hexadecimal(f: &mut fmt::Formatter<'_>, attribute: &Attribute) -> fmt::Result {
    write!(f, "#{:02x}", attribute.tag)?;
    let length = attribute.value.len();
    match u8::try_from(length) {
        Ok(short @ ..0x80) => write!(f, "{short:02x}")?,
        _ => {
            let octets = length.to_be_bytes();
            let significant =
                octets.iter().position(|octet| *octet != 0).and_then(|first| octets.get(first..));
            let significant = significant.unwrap_or_default();
            write!(f, "{:02x}", significant.len() | 0x80)?;
            significant.iter().try_for_each(|octet| write!(f, "{octet:02x}"))?;
        }
    }
    attribute.value.iter().try_for_each(|octet| write!(f, "{octet:02x}"))
}

fn write_escaped(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    let last = text.chars().count().saturating_sub(1);
    for (position, character) in text.chars().enumerate() {
        let at_edge = position == 0 || position == last;
        match character {
            '"' | '+' | ',' | ';' | '<' | '>' | '\\' => write!(f, "\\{character}")?,
            '#' if position == 0 => f.write_str("\\#")?,
            ' ' if at_edge => f.write_str("\\ ")?,
            _ if is_deceptive(character) => write_octets(f, character)?,
            _ => f.write_char(character)?,
        }
    }
    Ok(())
}

/// `\XX` for every octet of the character's UTF-8 form (RFC 4514 2.4).
fn write_octets(out: &mut impl fmt::Write, character: char) -> fmt::Result {
    let mut buffer = [0; 4];
    character.encode_utf8(&mut buffer).bytes().try_for_each(|octet| write!(out, "\\{octet:02X}"))
}

/// Controls (C0, C1, NUL included), directional marks, embeddings, overrides and isolates, line separators and
/// characters without width.
pub(crate) fn is_deceptive(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}

/// `text` with every deceptive character, and the escape itself, written as `\XX` or `\\`.
pub(crate) fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\\' => out.push_str("\\\\"),
            // Writing to a string never fails.
            _ if is_deceptive(character) => drop(write_octets(&mut out, character)),
            _ => out.push(character),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::tests::name_of;
    use super::*;
    use crate::certificate::sample::{printable, utf8};

    #[test]
    fn the_last_name_comes_first_and_labels_are_the_rfcs() {
        let name = name_of(&[&[printable(&oid::COUNTRY_NAME, "GB")], &[utf8(&oid::COMMON_NAME, "a b")]]);
        assert_eq!(name.to_string(), "CN=a b,C=GB");
        assert_eq!(name_of(&[]).to_string(), "");
    }

    #[test]
    fn separators_in_a_value_stay_in_the_value() {
        for (text, shown) in [
            ("a,CN=b", r"CN=a\,CN=b"),
            ("a+O=b", r"CN=a\+O=b"),
            (r#"a"b\c<d>;"#, r#"CN=a\"b\\c\<d\>\;"#),
            ("#a ", r"CN=\#a\ "),
            (" ", r"CN=\ "),
            ("", "CN="),
            ("é", "CN=é"),
        ] {
            assert_eq!(name_of(&[&[utf8(&oid::COMMON_NAME, text)]]).to_string(), shown);
        }
    }

    #[test]
    fn what_could_deceive_a_reader_is_shown_as_octets() {
        for (text, shown) in [
            ("a\0b", r"CN=a\00b"),
            ("a\nb\u{7f}", r"CN=a\0Ab\7F"),
            ("\u{85}", r"CN=\C2\85"),
            ("\u{202e}moc", r"CN=\E2\80\AEmoc"),
            ("\u{2066}\u{200f}", r"CN=\E2\81\A6\E2\80\8F"),
        ] {
            assert_eq!(name_of(&[&[utf8(&oid::COMMON_NAME, text)]]).to_string(), shown);
        }
    }

    #[test]
    fn a_value_that_is_no_string_is_hexadecimal() {
        let attribute = Attribute { kind: oid::COMMON_NAME, tag: 0x04, value: vec![1; 200], text: None };
        assert!(attribute.to_string().starts_with("CN=#0481c80101"));
        let attribute = Attribute { kind: oid::COMMON_NAME, tag: 0x04, value: vec![7; 127], text: None };
        assert!(attribute.to_string().starts_with("CN=#047f0707"));
        let unknown = Attribute { kind: oid::Oid::from_dotted("1.2.3").unwrap(), ..attribute };
        assert!(unknown.to_string().starts_with("1.2.3=#04"));
    }

    #[test]
    fn visible_text_escapes_its_own_escape() {
        assert_eq!(visible("a\\00\0"), r"a\\00\00");
    }
}
