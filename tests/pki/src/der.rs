//! A DER writer with full control (X.690): it writes exactly what it is told, wrong or right, and judges
//! nothing. Every function returns whole encodings that can be put inside others.

/// Tag of BOOLEAN.
pub const BOOLEAN: u8 = 0x01;
/// Tag of INTEGER.
pub const INTEGER: u8 = 0x02;
/// Tag of BIT STRING.
pub const BIT_STRING: u8 = 0x03;
/// Tag of OCTET STRING.
pub const OCTET_STRING: u8 = 0x04;
/// Tag of NULL.
pub const NULL: u8 = 0x05;
/// Tag of OBJECT IDENTIFIER.
pub const OBJECT_IDENTIFIER: u8 = 0x06;
/// Tag of UTF8String.
pub const UTF8_STRING: u8 = 0x0c;
/// Tag of PrintableString.
pub const PRINTABLE_STRING: u8 = 0x13;
/// Tag of IA5String.
pub const IA5_STRING: u8 = 0x16;
/// Tag of UTCTime.
pub const UTC_TIME: u8 = 0x17;
/// Tag of GeneralizedTime.
pub const GENERALIZED_TIME: u8 = 0x18;
/// Tag of SEQUENCE.
pub const SEQUENCE: u8 = 0x30;
/// Tag of SET.
pub const SET: u8 = 0x31;

/// One value: identifier octet, definite and minimal length, content.
#[must_use]
pub fn value(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut encoding = vec![tag];
    encoding.extend(length(content.len()));
    encoding.extend(content);
    encoding
}

/// The minimal definite form of a length (X.690 8.1.3, 10.1).
#[must_use]
pub fn length(octets: usize) -> Vec<u8> {
    let big_endian = octets.to_be_bytes();
    let significant: Vec<u8> = big_endian.into_iter().skip_while(|octet| *octet == 0).collect();
    match significant.as_slice() {
        [] => vec![0],
        [short] if *short < 0x80 => vec![*short],
        long => [&[0x80 | u8::try_from(long.len()).expect("at most eight octets")], long].concat(),
    }
}

/// A SEQUENCE of the given encodings.
#[must_use]
pub fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    value(SEQUENCE, &parts.concat())
}

/// A SET of the given encodings, in the order given: not sorted.
#[must_use]
pub fn set(parts: &[Vec<u8>]) -> Vec<u8> {
    value(SET, &parts.concat())
}

/// An INTEGER with these content octets, minimal or not.
#[must_use]
pub fn integer(content: &[u8]) -> Vec<u8> {
    value(INTEGER, content)
}

/// An INTEGER that is not negative.
#[must_use]
pub fn number(number: u64) -> Vec<u8> {
    unsigned(&number.to_be_bytes())
}

/// An INTEGER from an unsigned big-endian number: leading zeros go, a sign octet comes where needed.
#[must_use]
pub fn unsigned(big_endian: &[u8]) -> Vec<u8> {
    let significant: Vec<u8> = big_endian.iter().copied().skip_while(|octet| *octet == 0).collect();
    match significant.first() {
        None => integer(&[0]),
        Some(first) if first & 0x80 != 0 => integer(&[&[0], significant.as_slice()].concat()),
        Some(_) => integer(&significant),
    }
}

/// A BOOLEAN in DER.
#[must_use]
pub fn boolean(truth: bool) -> Vec<u8> {
    value(BOOLEAN, &[if truth { 0xff } else { 0 }])
}

/// NULL.
#[must_use]
pub fn null() -> Vec<u8> {
    value(NULL, &[])
}

/// An OCTET STRING.
#[must_use]
pub fn octet_string(content: &[u8]) -> Vec<u8> {
    value(OCTET_STRING, content)
}

/// A BIT STRING whose last octet has `unused` bits that do not count.
#[must_use]
pub fn bit_string(unused: u8, octets: &[u8]) -> Vec<u8> {
    value(BIT_STRING, &[&[unused], octets].concat())
}

/// A named bit list (X.690 11.2.2): trailing zero bits are dropped. Bit 0 is the top bit of the first octet.
#[must_use]
pub fn named_bits(bits: &[u32]) -> Vec<u8> {
    let Some(highest) = bits.iter().max() else { return bit_string(0, &[]) };
    let mut octets = vec![0_u8; (highest / 8 + 1) as usize];
    for bit in bits {
        octets[(bit / 8) as usize] |= 0x80 >> (bit % 8);
    }
    bit_string(u8::try_from(7 - highest % 8).expect("below eight"), &octets)
}

/// An OBJECT IDENTIFIER from dotted decimal.
#[must_use]
pub fn oid(dotted: &str) -> Vec<u8> {
    value(OBJECT_IDENTIFIER, &oid_content(dotted))
}

/// The content octets of an OBJECT IDENTIFIER.
#[must_use]
pub fn oid_content(dotted: &str) -> Vec<u8> {
    let arcs: Vec<u128> = dotted.split('.').map(|arc| arc.parse().expect("a decimal arc")).collect();
    let joint = arcs[0] * 40 + arcs[1];
    std::iter::once(joint).chain(arcs.iter().skip(2).copied()).flat_map(base_128).collect()
}

fn base_128(arc: u128) -> Vec<u8> {
    let groups = (128 - arc.leading_zeros()).max(1).div_ceil(7);
    let seven = |group: u32| u8::try_from((arc >> (group * 7)) & 0x7f).expect("seven bits");
    (0..groups).rev().map(|group| seven(group) | if group == 0 { 0 } else { 0x80 }).collect()
}

/// A context-specific tag around a whole encoding: EXPLICIT.
#[must_use]
pub fn explicit(number: u8, inner: &[u8]) -> Vec<u8> {
    value(0xa0 | number, inner)
}

/// A context-specific tag in place of a primitive value's own: IMPLICIT.
#[must_use]
pub fn implicit(number: u8, content: &[u8]) -> Vec<u8> {
    value(0x80 | number, content)
}

/// A context-specific tag in place of a constructed value's own: IMPLICIT.
#[must_use]
pub fn implicit_constructed(number: u8, content: &[u8]) -> Vec<u8> {
    value(0xa0 | number, content)
}

/// Text under any string tag; its octets are not checked against it.
#[must_use]
pub fn text(tag: u8, text: &str) -> Vec<u8> {
    value(tag, text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_minimal_on_both_sides_of_each_form() {
        assert_eq!(length(0), [0]);
        assert_eq!(length(127), [127]);
        assert_eq!(length(128), [0x81, 128]);
        assert_eq!(length(255), [0x81, 255]);
        assert_eq!(length(256), [0x82, 1, 0]);
        assert_eq!(length(65_536), [0x83, 1, 0, 0]);
    }

    #[test]
    fn identifiers_match_known_encodings() {
        assert_eq!(oid("2.5.29.17"), [6, 3, 0x55, 0x1d, 17]);
        assert_eq!(oid("1.2.840.113549.1.1.11"), [6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11]);
    }

    #[test]
    fn named_bits_drop_trailing_zeros() {
        assert_eq!(named_bits(&[]), [3, 1, 0]);
        assert_eq!(named_bits(&[0]), [3, 2, 7, 0x80]);
        assert_eq!(named_bits(&[5, 6]), [3, 2, 1, 0x06]);
        assert_eq!(named_bits(&[8]), [3, 3, 7, 0, 0x80]);
    }

    #[test]
    fn unsigned_numbers_get_a_sign_octet_only_when_needed() {
        assert_eq!(unsigned(&[0, 0]), [2, 1, 0]);
        assert_eq!(unsigned(&[0, 0x7f]), [2, 1, 0x7f]);
        assert_eq!(unsigned(&[0x80]), [2, 2, 0, 0x80]);
    }
}
