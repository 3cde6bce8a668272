//! A writer of the DER that the demonstration's own PKI needs, and a reader of just enough of it to answer a request.
//! What is decided about certificates never comes through here: that is read by the engine.

/// One element (X.690 8.1).
pub(super) fn element(tag: u8, content: &[u8]) -> Vec<u8> {
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
pub(super) fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    element(0x30, &parts.concat())
}

/// An OBJECT IDENTIFIER from its content.
pub(super) fn oid(content: &[u8]) -> Vec<u8> {
    element(0x06, content)
}

/// An OCTET STRING.
pub(super) fn octets(content: &[u8]) -> Vec<u8> {
    element(0x04, content)
}

/// A BIT STRING of whole octets.
pub(super) fn bits(content: &[u8]) -> Vec<u8> {
    element(0x03, &[&[0], content].concat())
}

/// An INTEGER below 128.
pub(super) fn small(number: u8) -> Vec<u8> {
    element(0x02, &[number])
}

/// An explicit, or constructed, context tag.
pub(super) fn context(number: u8, content: &[u8]) -> Vec<u8> {
    element(0xa0 | number, content)
}

/// The first element: its tag, its content, its whole encoding and what follows it.
pub(super) struct Element<'a> {
    pub(super) tag: u8,
    pub(super) content: &'a [u8],
    pub(super) whole: &'a [u8],
    pub(super) rest: &'a [u8],
}

/// Reads the first element; `None` when there is none that is whole.
pub(super) fn first(input: &[u8]) -> Option<Element<'_>> {
    let (tag, after_tag) = input.split_first()?;
    let (length, after_length) = after_tag.split_first()?;
    let (length, body) = match *length {
        short @ 0..=0x7f => (usize::from(short), after_length),
        long @ 0x81..=0x82 => {
            let (length, body) = after_length.split_at_checked(usize::from(long & 0x7f))?;
            (length.iter().fold(0, |sum, octet| (sum << 8) | usize::from(*octet)), body)
        }
        _ => return None,
    };
    let (content, rest) = body.split_at_checked(length)?;
    let (whole, _) = input.split_at_checked(input.len().checked_sub(rest.len())?)?;
    Some(Element { tag: *tag, content, whole, rest })
}

/// The content of the first element, where it has this tag.
pub(super) fn inside(input: &[u8], tag: u8) -> Option<&[u8]> {
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
}
