//! A writer of the DER that sketches need, and a reader of just enough of it to answer an OCSP request. What is decided
//! about certificates never comes through here: that is read by the engine.

/// One element (X.690 8.1).
#[must_use]
pub fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let significant: Vec<u8> =
        content.len().to_be_bytes().into_iter().skip_while(|octet| *octet == 0).collect();
    let header = match significant.as_slice() {
        [] => vec![tag, 0],
        [short] if *short < 0x80 => vec![tag, *short],
        long => [&[tag, 0x80 | u8::try_from(long.len()).unwrap_or(u8::MAX)], long].concat(),
    };
    [header.as_slice(), content].concat()
}

/// A SEQUENCE of whole elements.
#[must_use]
pub fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    element(0x30, &parts.concat())
}

/// An OBJECT IDENTIFIER from its content.
#[must_use]
pub fn oid(content: &[u8]) -> Vec<u8> {
    element(0x06, content)
}

/// The content of an OBJECT IDENTIFIER from its dotted form; `None` where it is none (X.690 8.19).
#[must_use]
pub fn oid_content(dotted: &str) -> Option<Vec<u8>> {
    let mut arcs = dotted.split('.').map(|arc| arc.parse::<u64>().ok());
    let (first, second) = (arcs.next()??, arcs.next()??);
    if first > 2 || (first < 2 && second > 39) {
        return None;
    }
    let mut content = base_128(first.saturating_mul(40).checked_add(second)?);
    for arc in arcs {
        content.extend(base_128(arc?));
    }
    Some(content)
}

fn base_128(number: u64) -> Vec<u8> {
    let low = |number: u64| u8::try_from(number & 0x7f).unwrap_or_default();
    let mut octets = vec![low(number)];
    let mut rest = number >> 7_u32;
    while rest > 0 {
        octets.push(low(rest) | 0x80);
        rest >>= 7_u32;
    }
    octets.reverse();
    octets
}

/// An OCTET STRING.
#[must_use]
pub fn octets(content: &[u8]) -> Vec<u8> {
    element(0x04, content)
}

/// A BIT STRING of whole octets.
#[must_use]
pub fn bits(content: &[u8]) -> Vec<u8> {
    element(0x03, &[&[0], content].concat())
}

/// A BIT STRING of named bits, from the numbers of those that are set, without trailing noughts (X.690 11.2.2).
#[must_use]
pub fn named_bits(set: &[u8]) -> Vec<u8> {
    let Some(last) = set.iter().max() else { return element(0x03, &[0]) };
    let mut octets = vec![0_u8; usize::from(*last >> 3_u32).saturating_add(1)];
    for bit in set {
        if let Some(octet) = octets.get_mut(usize::from(*bit >> 3_u32)) {
            *octet |= 0x80_u8 >> (bit & 7);
        }
    }
    let unused = 7_u8.saturating_sub(last & 7);
    element(0x03, &[&[unused], octets.as_slice()].concat())
}

/// An INTEGER below 128.
#[must_use]
pub fn small(number: u8) -> Vec<u8> {
    element(0x02, &[number])
}

/// An INTEGER from the magnitude of one that is not negative.
#[must_use]
pub fn unsigned(magnitude: &[u8]) -> Vec<u8> {
    let rest: Vec<u8> = magnitude.iter().copied().skip_while(|octet| *octet == 0).collect();
    match rest.first() {
        Some(first) if *first < 0x80 => element(0x02, &rest),
        _ => element(0x02, &[&[0], rest.as_slice()].concat()),
    }
}

/// A BOOLEAN that is true.
#[must_use]
pub fn truth() -> Vec<u8> {
    element(0x01, &[0xff])
}

/// An explicit, or constructed, context tag.
#[must_use]
pub fn context(number: u8, content: &[u8]) -> Vec<u8> {
    element(0xa0 | number, content)
}

/// An element that was read.
#[derive(Clone, Copy, Debug)]
pub struct Element<'a> {
    /// Its tag.
    pub tag: u8,
    /// What is in it.
    pub content: &'a [u8],
    /// All of it.
    pub whole: &'a [u8],
    /// What follows it.
    pub rest: &'a [u8],
}

/// Reads the first element; `None` when there is none that is whole.
#[must_use]
pub fn first(input: &[u8]) -> Option<Element<'_>> {
    let (tag, after_tag) = input.split_first()?;
    let (length, after_length) = after_tag.split_first()?;
    let (length, body) = match *length {
        short @ 0..=0x7f => (usize::from(short), after_length),
        long @ 0x81..=0x82 => {
            let (length, body) = after_length.split_at_checked(usize::from(long & 0x7f))?;
            (length.iter().fold(0_usize, |sum, octet| (sum << 8_u32) | usize::from(*octet)), body)
        }
        _ => return None,
    };
    let (content, rest) = body.split_at_checked(length)?;
    let (whole, _) = input.split_at_checked(input.len().checked_sub(rest.len())?)?;
    Some(Element { tag: *tag, content, whole, rest })
}

/// The content of the first element, where it has this tag.
#[must_use]
pub fn inside(input: &[u8], tag: u8) -> Option<&[u8]> {
    first(input).filter(|element| element.tag == tag).map(|element| element.content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_what_is_cut_is_not() {
        for length in [0, 1, 127, 128, 255, 256, 1000] {
            let written = [element(0x04, &vec![7; length]), vec![9]].concat();
            let read = first(&written).unwrap();
            assert_eq!((read.tag, read.content.len(), read.rest), (0x04, length, &[9_u8][..]));
            assert_eq!(read.whole.len() + 1, written.len());
            assert!(length == 0 || first(&written[..written.len() - 2]).is_none());
        }
        assert!(first(&[0x30, 0x80, 0, 0]).is_none() && first(&[0x30]).is_none());
    }

    #[test]
    fn identifiers_integers_and_named_bits_have_their_shortest_form() {
        assert_eq!(oid_content("1.2.840.10045.2.1").unwrap(), [0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1]);
        assert_eq!(oid_content("2.999").unwrap(), [0x88, 0x37]);
        for none in ["", "1", "3.1", "1.40", "1.2.x", "1.2."] {
            assert_eq!(oid_content(none), None, "{none}");
        }
        assert_eq!(unsigned(&[0, 0, 0x80]), [2, 2, 0, 0x80]);
        assert_eq!(unsigned(&[0, 5]), [2, 1, 5]);
        assert_eq!(unsigned(&[]), [2, 1, 0]);
        // keyCertSign and cRLSign; decipherOnly; none
        assert_eq!(named_bits(&[5, 6]), [3, 2, 1, 0x06]);
        assert_eq!(named_bits(&[8]), [3, 3, 7, 0, 0x80]);
        assert_eq!(named_bits(&[]), [3, 1, 0]);
    }
}
