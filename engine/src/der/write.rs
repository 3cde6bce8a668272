//! Writes DER: one element, and the few that are made of others. It knows no field; whoever writes a structure puts
//! its elements together. The same content gives the same octets (X.690 10, 11).

use super::tag::{BIT_STRING, NULL, OBJECT_IDENTIFIER, SEQUENCE, SET, Tag};
use crate::oid::Oid;

/// One element with a definite, minimal length (X.690 10.1).
#[must_use]
pub fn element(tag: Tag, content: &[u8]) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let significant: Vec<u8> = length.into_iter().skip_while(|octet| *octet == 0).collect();
    let header = match significant.as_slice() {
        [] => vec![tag, 0],
        [short] if *short < 0x80 => vec![tag, *short],
        long => {
            // A usize has eight octets at most.
            let count = u8::try_from(long.len()).unwrap_or(u8::MAX);
            [&[tag, 0x80 | count], long].concat()
        }
    };
    [header.as_slice(), content].concat()
}

/// A SEQUENCE of elements that are written already.
#[must_use]
pub fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    element(SEQUENCE, &parts.concat())
}

/// A SET of one element: more would have to be ordered (X.690 11.6), and nothing here has more.
#[must_use]
pub fn set_of_one(part: &[u8]) -> Vec<u8> {
    element(SET, part)
}

/// An OBJECT IDENTIFIER.
#[must_use]
pub fn object_identifier(oid: &Oid) -> Vec<u8> {
    element(OBJECT_IDENTIFIER, oid.content())
}

/// A BIT STRING of whole octets.
#[must_use]
pub fn octet_aligned_bit_string(octets: &[u8]) -> Vec<u8> {
    element(BIT_STRING, &[&[0], octets].concat())
}

/// A BIT STRING of named bits, bit 0 at the top of `bits`: zero bits at the end are left out (X.690 11.2.2).
#[must_use]
pub fn named_bits(bits: u16) -> Vec<u8> {
    let octets = bits.to_be_bytes();
    let used: &[u8] = match octets {
        [0, 0] => &[],
        [first, 0] => &[first],
        both => &{ both },
    };
    let unused = used.last().map_or(0, |last| u8::try_from(last.trailing_zeros()).unwrap_or_default());
    element(BIT_STRING, &[&[unused], used].concat())
}

/// NULL.
#[must_use]
pub fn null() -> Vec<u8> {
    vec![NULL, 0]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::der::{OCTET_STRING, Reader};

    #[test]
    fn lengths_are_minimal_and_read_back() {
        for length in [0, 1, 127, 128, 255, 256, 65_535, 65_536] {
            let content = vec![7; length];
            let encoded = element(OCTET_STRING, &content);
            let mut reader = Reader::new(&encoded);
            assert_eq!(reader.element(OCTET_STRING, "x").unwrap().content, content);
            assert!(reader.finish("x").is_ok());
        }
    }

    #[test]
    fn named_bits_end_with_the_last_that_is_set() {
        for (bits, encoded) in [
            (0, vec![3, 1, 0]),
            (0x8000, vec![3, 2, 7, 0x80]),
            (0xa000, vec![3, 2, 5, 0xa0]),
            (0x0100, vec![3, 2, 0, 1]),
            (0x8080, vec![3, 3, 7, 0x80, 0x80]),
        ] {
            assert_eq!(named_bits(bits), encoded);
        }
    }
}
