//! Deliberate damage at a named DER position. Lengths of everything around the damage are corrected, so that
//! exactly one thing is wrong; what X.690 10.1 and 11 forbid (BER forms) can be written too.
//!
//! A position is a path of names from the whole certificate: `signed.serial`, `signed.validity.notAfter`,
//! `algorithm`, `signature`. A number stands for the child at that place: `signed.extensions.0.3.2`.

use crate::der;

/// What to do at a position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Damage {
    /// Another identifier octet.
    Tag(u8),
    /// Other content.
    Content(Vec<u8>),
    /// Another whole encoding in its place.
    Replace(Vec<u8>),
    /// These octets after its content, inside it.
    AppendInside(Vec<u8>),
    /// These octets after it.
    AppendAfter(Vec<u8>),
    /// It is gone.
    Remove,
    /// It stands twice.
    Duplicate,
    /// Indefinite length with end-of-contents octets (X.690 8.1.3.6): BER.
    IndefiniteLength,
    /// A long form of length with this many leading zero octets (X.690 8.1.3.5): BER.
    PaddedLength(usize),
    /// A declared length larger than what is there, by this much.
    Overlong(usize),
    /// Without its last octets.
    Truncate(usize),
    /// The bit of this number in the content is inverted.
    FlipBit(usize),
}

/// Names of children, by the name of their parent. The optional version is always written by sketches of
/// version 3; of version 1 a serial number stands at place 0, so positions there are given by number.
const PLACES: &[(&str, &[&str])] = &[
    ("certificate", &["signed", "algorithm", "signature"]),
    (
        "signed",
        &["version", "serial", "innerAlgorithm", "issuer", "validity", "subject", "publicKey", "extensions"],
    ),
    (
        "part",
        &["version", "serial", "innerAlgorithm", "issuer", "validity", "subject", "publicKey", "extensions"],
    ),
    ("validity", &["notBefore", "notAfter"]),
    ("publicKey", &["algorithm", "key"]),
];

/// The certificate with damage at `position`; an empty position is the whole. A position that starts with
/// `part` is taken in a signed part that stands alone.
///
/// # Panics
/// When there is no such position.
#[must_use]
pub fn at(encoding: &[u8], position: &str, damage: &Damage) -> Vec<u8> {
    let (parent, steps) = match position.strip_prefix("part.") {
        Some(rest) => ("part", rest),
        None => ("certificate", position),
    };
    let steps: Vec<&str> = steps.split('.').filter(|step| !step.is_empty()).collect();
    descend(encoding, parent, &steps, damage)
}

fn descend(encoding: &[u8], parent: &str, steps: &[&str], damage: &Damage) -> Vec<u8> {
    let Some((step, rest)) = steps.split_first() else { return apply(encoding, damage) };
    let (tag, content) = open(encoding);
    let mut children = children(&content);
    let place = place(parent, step, children.len());
    let child = children.get_mut(place).unwrap_or_else(|| panic!("{parent} has no {step}"));
    *child = descend(child, step, rest, damage);
    der::value(tag, &children.concat())
}

fn place(parent: &str, step: &str, count: usize) -> usize {
    if let Ok(number) = step.parse() {
        return number;
    }
    if step == "last" {
        return count - 1;
    }
    let names = PLACES.iter().find(|(name, _)| *name == parent).map_or(&[] as &[&str], |(_, names)| names);
    names.iter().position(|name| *name == step).unwrap_or_else(|| panic!("{parent} has no {step}"))
}

fn apply(encoding: &[u8], damage: &Damage) -> Vec<u8> {
    let (tag, content) = open(encoding);
    match damage {
        Damage::Tag(other) => [&[*other], &encoding[1..]].concat(),
        Damage::Content(other) => der::value(tag, other),
        Damage::Replace(other) => other.clone(),
        Damage::AppendInside(more) => der::value(tag, &[content, more.clone()].concat()),
        Damage::AppendAfter(more) => [encoding, more].concat(),
        Damage::Remove => Vec::new(),
        Damage::Duplicate => [encoding, encoding].concat(),
        Damage::IndefiniteLength => [&[tag, 0x80], content.as_slice(), &[0, 0]].concat(),
        Damage::PaddedLength(zeros) => padded(tag, &content, *zeros),
        Damage::Overlong(more) => [vec![tag], der::length(content.len() + more), content].concat(),
        Damage::Truncate(octets) => encoding[..encoding.len() - octets].to_vec(),
        Damage::FlipBit(bit) => {
            let mut changed = content;
            changed[bit / 8] ^= 0x80 >> (bit % 8);
            der::value(tag, &changed)
        }
    }
}

fn padded(tag: u8, content: &[u8], zeros: usize) -> Vec<u8> {
    let significant: Vec<u8> =
        content.len().to_be_bytes().into_iter().skip_while(|octet| *octet == 0).collect();
    let octets = [vec![0; zeros], significant].concat();
    let first = 0x80 | u8::try_from(octets.len()).expect("below 128");
    [vec![tag, first], octets, content.to_vec()].concat()
}

/// The identifier octet and the content of one value with a definite length.
fn open(encoding: &[u8]) -> (u8, Vec<u8>) {
    let (header, length) = measure(encoding);
    (encoding[0], encoding[header..header + length].to_vec())
}

/// The values that stand one after the other in `content`.
#[must_use]
pub fn children(content: &[u8]) -> Vec<Vec<u8>> {
    let mut list = Vec::new();
    let mut rest = content;
    while !rest.is_empty() {
        let (header, length) = measure(rest);
        let (child, after) = rest.split_at(header + length);
        list.push(child.to_vec());
        rest = after;
    }
    list
}

/// Octets of identifier and length together, and of content.
fn measure(encoding: &[u8]) -> (usize, usize) {
    let first = usize::from(encoding[1]);
    if first < 0x80 {
        return (2, first);
    }
    let octets = &encoding[2..2 + (first & 0x7f)];
    (2 + octets.len(), octets.iter().fold(0, |length, octet| length << 8 | usize::from(*octet)))
}

/// SEQUENCE in SEQUENCE, `depth` of them, the innermost empty.
#[must_use]
pub fn nested(depth: usize) -> Vec<u8> {
    // From the inside out in reverse, so that a depth of 100,000 does not copy quadratically.
    let mut reversed: Vec<u8> = Vec::new();
    for _ in 0..depth {
        let mut header = vec![der::SEQUENCE];
        header.extend(der::length(reversed.len()));
        reversed.extend(header.iter().rev());
    }
    reversed.reverse();
    reversed
}

/// SEQUENCE in SEQUENCE, `depth` of them, each of indefinite length.
#[must_use]
pub fn nested_indefinite(depth: usize) -> Vec<u8> {
    [[0x30, 0x80].repeat(depth), [0, 0].repeat(depth)].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::certificate::Sketch;

    #[test]
    fn damage_changes_one_place_and_keeps_lengths_right() {
        let whole = Sketch::ca("root").issue().der;
        let changed = at(&whole, "signed.serial", &Damage::Content(vec![1; 20]));
        let signed = children(&open(&changed).1).swap_remove(0);
        assert_eq!(children(&open(&signed).1)[1], der::integer(&[1; 20]));
        assert_eq!(at(&whole, "signed.serial", &Damage::FlipBit(7)).len(), whole.len());
    }

    #[test]
    fn the_whole_is_the_empty_position() {
        assert_eq!(at(&[0x30, 0], "", &Damage::AppendAfter(vec![0])), [0x30, 0, 0]);
        assert_eq!(at(&[0x30, 0], "", &Damage::IndefiniteLength), [0x30, 0x80, 0, 0]);
        assert_eq!(at(&[0x30, 0], "", &Damage::PaddedLength(1)), [0x30, 0x81, 0]);
    }

    #[test]
    fn nesting_is_as_deep_as_asked() {
        assert_eq!(nested(3), [0x30, 4, 0x30, 2, 0x30, 0]);
        assert!(nested(100_000).len() > 200_000);
    }
}
