//! Distinguished names and their comparison (RFC 5280 7.1). Host names are not compared here.

use crate::der::{self, Decoded, Element, Problem, Reader, Tag};
use crate::oid::Oid;

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

    /// Whether `self` lies in the subtree that `base` heads: `base` is an initial part of it
    /// (RFC 5280 4.2.1.10, 7.1).
    #[must_use]
    pub fn is_within(&self, base: &Self) -> bool {
        self.comparable.starts_with(&base.comparable)
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
        let set = reader.element(tag, field)?;
        let mut inner = Reader::inside(&set);
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
        parts.sort_unstable();
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
