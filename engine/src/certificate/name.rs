//! Distinguished names and their comparison (RFC 5280 7.1). Host names are not compared here.
//!
//! Of the preparation in RFC 4518 that RFC 5280 7.1 asks for, case folding and white space are done. Left out,
//! as in the implementations in wide use: compatibility normalisation (NFKC), and the removal of invisible
//! characters and controls. Names that differ in these alone are different here.

pub(crate) mod text;

use sha2::{Digest as _, Sha256};

use crate::der::{self, Decoded, Element, Problem, Reader, Tag};
use crate::oid::Oid;
use crate::order;

/// A distinguished name. Equality is RFC 5280 7.1 comparison, not equality of encodings.
#[derive(Clone, Debug)]
pub struct Name {
    /// The relative distinguished names, in the order of the encoding.
    pub rdns: Vec<RelativeDistinguishedName>,
    /// The whole encoding.
    pub der: Vec<u8>,
    /// One string of octets per relative distinguished name; equal names have equal strings.
    pub(super) comparable: Vec<Vec<u8>>,
}

/// One or more attributes, a SET in the encoding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelativeDistinguishedName {
    /// The attributes, in the order of the encoding.
    pub attributes: Vec<Attribute>,
}

/// An attribute of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// Its type.
    pub kind: Oid,
    /// The tag of its value's string type.
    pub tag: Tag,
    /// The content octets of its value.
    pub value: Vec<u8>,
    /// The value as text, when its type is a string type and its octets are valid in it.
    pub text: Option<String>,
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.comparable == other.comparable
    }
}

impl Eq for Name {}

#[cfg(test)]
impl Name {
    /// One relative distinguished name per attribute, as UTF8String; for tests of other modules.
    pub(crate) fn of_attributes(attributes: &[(Oid, &str)]) -> Self {
        let attribute = |(kind, text): &(Oid, &str)| Attribute {
            kind: kind.clone(),
            tag: der::UTF8_STRING,
            value: text.as_bytes().to_vec(),
            text: Some((*text).to_owned()),
        };
        let rdns =
            attributes.iter().map(|one| RelativeDistinguishedName { attributes: vec![attribute(one)] });
        let comparable = attributes
            .iter()
            .map(|(kind, text)| [kind.content(), &[0], text.to_lowercase().as_bytes()].concat());
        Self { rdns: rdns.collect(), der: Vec::new(), comparable: comparable.collect() }
    }
}

impl PartialOrd for Name {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Name {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.comparable.cmp(&other.comparable)
    }
}

impl Name {
    /// No relative distinguished name at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rdns.is_empty()
    }

    /// SHA-256 of what is compared: equal names have equal keys (RFC 5280 7.1). For indexes, as a store has one for
    /// its distinguished names (R-TS-23).
    #[must_use]
    pub fn key(&self) -> [u8; 32] {
        let mut octets = Vec::new();
        for rdn in &self.comparable {
            push_counted(&mut octets, rdn);
        }
        Sha256::digest(&octets).into()
    }

    /// Whether `self` lies in the subtree that `base` heads: `base` is an initial part of it
    /// (RFC 5280 4.2.1.10, 7.1).
    #[must_use]
    pub fn is_within(&self, base: &Self) -> bool {
        self.comparable.starts_with(&base.comparable)
    }

    /// Whether `self` is `base` with `relative` after it, as a name relative to a CRL issuer means
    /// (RFC 5280 4.2.1.13).
    pub(crate) fn is_relative(&self, base: &Self, relative: &RelativeDistinguishedName) -> bool {
        self.comparable.split_last().is_some_and(|(last, initial)| {
            initial == base.comparable.as_slice() && *last == relative.comparable()
        })
    }
}

impl Name {
    /// Reads `RDNSequence ::= SEQUENCE OF SET SIZE (1..MAX) OF AttributeTypeAndValue` (RFC 5280 4.1.2.4).
    pub(crate) fn decode(reader: &mut Reader<'_>, field: &'static str) -> Decoded<Self> {
        let mut encoded = reader.clone();
        let der = encoded.element(der::SEQUENCE, field)?.encoded.to_vec();
        let rdns = reader.sequence_of(der::SEQUENCE, field, |inner| {
            RelativeDistinguishedName::decode(inner, der::SET, field)
        })?;
        let comparable = rdns.iter().map(RelativeDistinguishedName::comparable).collect();
        Ok(Self { rdns, der, comparable })
    }
}

impl RelativeDistinguishedName {
    /// Reads one relative distinguished name under `tag`; it must have an attribute, and DER orders them.
    pub(crate) fn decode(reader: &mut Reader<'_>, tag: Tag, field: &'static str) -> Decoded<Self> {
        Self::of_element(&reader.element(tag, field)?, field)
    }

    /// Reads the content of a SET whose tag and length are gone, as `DistributionPointName` keeps it.
    pub(crate) fn of_content(content: &[u8], field: &'static str) -> Decoded<Self> {
        Self::of_element(&Element { tag: der::SET, content, encoded: content, offset: 0 }, field)
    }

    fn of_element(set: &Element<'_>, field: &'static str) -> Decoded<Self> {
        let mut inner = Reader::inside(set);
        let mut attributes = Vec::new();
        let mut last: &[u8] = &[];
        while !inner.is_empty() {
            let element = inner.element(der::SEQUENCE, field)?;
            // X.690 11.6: ascending order of the encodings, the shorter one padded with zero octets.
            if element.encoded < last {
                return Err(element.malformed(field, Problem::UnorderedSet));
            }
            last = element.encoded;
            attributes.push(Attribute::decode(&element, field)?);
        }
        if attributes.is_empty() {
            Err(set.malformed(field, Problem::Empty))
        } else {
            Ok(Self { attributes })
        }
    }

    /// Equal for equal names (RFC 5280 7.1), different for different ones: every part is preceded by its length.
    pub(crate) fn comparable(&self) -> Vec<u8> {
        let mut parts: Vec<Vec<u8>> = self.attributes.iter().map(Attribute::comparable).collect();
        order::sort(&mut parts);
        parts.concat()
    }
}

impl Attribute {
    fn decode(element: &Element<'_>, field: &'static str) -> Decoded<Self> {
        let mut inner = Reader::inside(element);
        let kind = inner.oid(field)?;
        let value = inner.any(field)?;
        inner.finish(field)?;
        let text = match text_of(value.tag, value.content) {
            Text::Valid(text) => Some(text),
            Text::NotAString => None,
            Text::Invalid => return Err(value.malformed(field, Problem::InvalidCharacter)),
        };
        Ok(Self { kind, tag: value.tag, value: value.content.to_vec(), text })
    }

    fn comparable(&self) -> Vec<u8> {
        let mut octets = Vec::new();
        push_counted(&mut octets, self.kind.content());
        match &self.text {
            // One marker for every string type: RFC 5280 7.1 compares text, not its encoding. No tag is zero.
            Some(text) => {
                octets.push(0);
                push_counted(&mut octets, normalised(text).as_bytes());
            }
            None => {
                octets.push(self.tag);
                push_counted(&mut octets, &self.value);
            }
        }
        octets
    }
}

fn push_counted(octets: &mut Vec<u8>, part: &[u8]) {
    octets.extend(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
    octets.extend(part);
}

/// RFC 4518 as far as RFC 5280 7.1 needs it: letters in lower case, white space at the ends removed, and a run
/// of it inside made one space. Controls and NUL stay, so that they never vanish from a comparison.
fn normalised(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !result.is_empty() {
            result.push(' ');
        }
        result.extend(word.chars().flat_map(char::to_lowercase));
    }
    result
}

/// What the octets of an attribute value are under the tag that stands before them.
enum Text {
    Valid(String),
    Invalid,
    NotAString,
}

fn text_of(tag: Tag, content: &[u8]) -> Text {
    let text = match tag {
        der::UTF8_STRING => String::from_utf8(content.to_vec()).ok(),
        der::PRINTABLE_STRING => ascii(content, is_printable),
        der::IA5_STRING => ascii(content, u8::is_ascii),
        der::VISIBLE_STRING => ascii(content, |octet| matches!(octet, 0x20..=0x7e)),
        der::NUMERIC_STRING => ascii(content, |octet| matches!(octet, b'0'..=b'9' | b' ')),
        // Teletex is read as Latin-1, as every other implementation does: its real repertoire is never used.
        der::TELETEX_STRING => Some(content.iter().copied().map(char::from).collect()),
        der::BMP_STRING => bmp(content),
        der::UNIVERSAL_STRING => universal(content),
        _ => return Text::NotAString,
    };
    text.map_or(Text::Invalid, Text::Valid)
}

fn ascii(content: &[u8], allowed: impl Fn(&u8) -> bool) -> Option<String> {
    let sound = content.iter().all(allowed);
    if sound { String::from_utf8(content.to_vec()).ok() } else { None }
}

/// The alphabet of PrintableString (X.680 41.4).
fn is_printable(octet: &u8) -> bool {
    octet.is_ascii_alphanumeric() || b" '()+,-./:=?".contains(octet)
}

/// UCS-2: surrogates do not belong to it.
fn bmp(content: &[u8]) -> Option<String> {
    let (pairs, rest) = content.as_chunks::<2>();
    let text = pairs.iter().map(|pair| char::from_u32(u32::from(u16::from_be_bytes(*pair)))).collect();
    if rest.is_empty() { text } else { None }
}

fn universal(content: &[u8]) -> Option<String> {
    let (quads, rest) = content.as_chunks::<4>();
    let text = quads.iter().map(|quad| char::from_u32(u32::from_be_bytes(*quad))).collect();
    if rest.is_empty() { text } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::certificate::sample::{attribute, encode_name as encode, printable, utf8};
    use crate::oid;

    fn decode(encoded: &[u8]) -> Decoded<Name> {
        Name::decode(&mut Reader::new(encoded), "subject")
    }

    pub(crate) fn name_of(rdns: &[&[Vec<u8>]]) -> Name {
        decode(&encode(rdns)).unwrap()
    }

    fn common_name(tag: u8, value: &[u8]) -> Name {
        name_of(&[&[attribute(&oid::COMMON_NAME, tag, value)]])
    }

    #[test]
    fn names_that_rfc_5280_7_1_calls_equal() {
        let plain = common_name(der::PRINTABLE_STRING, b"Good CA");
        for (tag, value) in [
            (der::UTF8_STRING, &b"Good CA"[..]),
            (der::PRINTABLE_STRING, b"gOOD ca"),
            (der::PRINTABLE_STRING, b"  Good   CA "),
            (der::UTF8_STRING, b"\tGood\n CA"),
            (der::IA5_STRING, b"good ca"),
            (der::TELETEX_STRING, b"Good CA"),
            (der::BMP_STRING, b"\0G\0o\0o\0d\0 \0C\0A"),
            (der::UNIVERSAL_STRING, b"\0\0\0G\0\0\0o\0\0\0o\0\0\0d\0\0\0 \0\0\0C\0\0\0A"),
        ] {
            assert_eq!(plain, common_name(tag, value), "{tag:x}");
        }
        assert_eq!(
            common_name(der::UTF8_STRING, "ÉÇ".as_bytes()),
            common_name(der::TELETEX_STRING, b"\xe9\xe7")
        );
    }

    #[test]
    fn names_that_differ() {
        let plain = common_name(der::PRINTABLE_STRING, b"Good CA");
        for value in [&b"GoodCA"[..], b"Good CA\0", b"Good CA\0.evil", b"Good\x01CA", b"Good CB", b""] {
            assert_ne!(plain, common_name(der::UTF8_STRING, value));
        }
        assert_ne!(plain, common_name(0x04, b"Good CA"));
        assert_ne!(plain, name_of(&[&[printable(&oid::ORGANIZATION_NAME, "Good CA")]]));
    }

    #[test]
    fn the_comparable_form_cannot_be_forged_by_a_value() {
        let two = name_of(&[&[printable(&oid::COMMON_NAME, "a"), printable(&oid::COMMON_NAME, "b")]]);
        let apart = name_of(&[&[printable(&oid::COMMON_NAME, "a")], &[printable(&oid::COMMON_NAME, "b")]]);
        assert_ne!(two, apart);
        let forged: String = String::from_utf8(two.comparable[0].clone()).unwrap();
        assert_ne!(two, common_name(der::UTF8_STRING, forged.as_bytes()));
        // The value of one attribute reaching into the next changes a length and so the whole.
        let (left, right) = (common_name(0x04, b"ab"), common_name(0x04, b"a"));
        assert!(!left.is_within(&right) && !right.is_within(&left));
    }

    #[test]
    fn attributes_of_one_set_compare_in_any_order_of_types() {
        let (a, b) = (printable(&oid::COMMON_NAME, "a"), utf8(&oid::ORGANIZATION_NAME, "b"));
        let (c, d) = (utf8(&oid::COMMON_NAME, "A"), printable(&oid::ORGANIZATION_NAME, "B"));
        // DER orders by encoding: the longer sequence header decides nothing here, so both orders are built.
        let mut first = [a, b];
        let mut second = [c, d];
        first.sort();
        second.sort();
        assert_eq!(name_of(&[&first]), name_of(&[&second]));
    }

    #[test]
    fn a_subtree_is_an_initial_part() {
        let base = name_of(&[&[printable(&oid::COUNTRY_NAME, "GB")]]);
        let inside = name_of(&[&[utf8(&oid::COUNTRY_NAME, "gb")], &[utf8(&oid::COMMON_NAME, "x")]]);
        assert!(inside.is_within(&base) && base.is_within(&base) && !base.is_within(&inside));
        assert!(base.is_within(&name_of(&[])));
    }

    #[test]
    fn an_unordered_or_empty_set_is_refused() {
        let mut attributes = [printable(&oid::COMMON_NAME, "a"), printable(&oid::COMMON_NAME, "b")];
        assert!(decode(&encode(&[&attributes])).is_ok());
        attributes.reverse();
        assert_eq!(decode(&encode(&[&attributes])).unwrap_err().problem, Problem::UnorderedSet);
        let empty = decode(&encode(&[&[]])).unwrap_err();
        assert_eq!((empty.problem, empty.offset, empty.field), (Problem::Empty, 2, "subject"));
    }

    #[test]
    fn text_outside_its_alphabet_is_refused() {
        for (tag, value) in [
            (der::PRINTABLE_STRING, &b"a@b"[..]),
            (der::PRINTABLE_STRING, b"a\0"),
            (der::PRINTABLE_STRING, b"*.example"),
            (der::NUMERIC_STRING, b"1a"),
            (der::IA5_STRING, b"\x80"),
            (der::VISIBLE_STRING, b"\x1f"),
            (der::UTF8_STRING, b"\xc0\x80"),
            (der::BMP_STRING, b"\xd8\x00"),
            (der::BMP_STRING, b"\0a\0"),
            (der::UNIVERSAL_STRING, b"\0\x11\0\0"),
            (der::UNIVERSAL_STRING, b"\0\0\0"),
        ] {
            let encoded = encode(&[&[attribute(&oid::COMMON_NAME, tag, value)]]);
            assert_eq!(decode(&encoded).unwrap_err().problem, Problem::InvalidCharacter, "{tag:x}");
        }
    }

    #[test]
    fn a_nul_is_kept() {
        let name = common_name(der::UTF8_STRING, b"a\0b");
        assert_eq!(name.rdns[0].attributes[0].text.as_deref(), Some("a\0b"));
    }
}
