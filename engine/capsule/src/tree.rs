//! The hash tree: SHA-256, shaped as in RFC 9162 2.1.1. Parts, leaves, inner nodes and the root are hashed under different
//! first octets, so that none can be taken for another; the root covers the version of the format and how many leaves
//! there are, a part its name, its salt and its content.

use sha2::{Digest as _, Sha256};

use crate::octets::{Digest, Salt};
use crate::{FORMAT, VERSION};

/// First octets.
const PART: u8 = 0;
const LEAF: u8 = 1;
const NODE: u8 = 2;
const ROOT: u8 = 3;

/// The hash of a part: its name, before which stands how long it is, its salt, and what it says, as it is written.
pub(crate) fn part(name: &str, salt: &Salt, content: &[u8]) -> Digest {
    let mut hash = named(PART, name);
    hash.update(salt.0);
    hash.update(content);
    Digest(hash.finalize().into())
}

/// A leaf: the hash of a part once more with its name, which is so bound where the part was left out, too.
fn leaf(name: &str, part: &Digest) -> Digest {
    let mut hash = named(LEAF, name);
    hash.update(part.0);
    Digest(hash.finalize().into())
}

fn named(first: u8, name: &str) -> Sha256 {
    let mut hash = Sha256::new();
    hash.update([first]);
    hash.update(length(name.len()));
    hash.update(name.as_bytes());
    hash
}

/// The root over the hashes of all parts, with their names in order.
pub(crate) fn root<'a>(parts: impl Iterator<Item = (&'a str, Digest)>) -> Digest {
    // INVARIANT: as a counter in binary, the levels of the complete trees from left to right
    let mut stack: Vec<(u32, Digest)> = Vec::new();
    let mut count = 0_usize;
    for (name, hash) in parts {
        count = count.saturating_add(1);
        let mut next = (0, leaf(name, &hash));
        while let Some((level, left)) = stack.pop_if(|(level, _)| *level == next.0) {
            next = (level.saturating_add(1), node(&left, &next.1));
        }
        stack.push(next);
    }
    let mut top = Digest([0; 32]);
    if let Some((_, last)) = stack.pop() {
        top = stack.iter().rev().fold(last, |right, (_, left)| node(left, &right));
    }
    let mut hash = Sha256::new();
    hash.update([ROOT]);
    hash.update(FORMAT.as_bytes());
    hash.update(VERSION.to_be_bytes());
    hash.update(length(count));
    hash.update(top.0);
    Digest(hash.finalize().into())
}

fn node(left: &Digest, right: &Digest) -> Digest {
    let mut hash = Sha256::new();
    hash.update([NODE]);
    hash.update(left.0);
    hash.update(right.0);
    Digest(hash.finalize().into())
}

fn length(length: usize) -> [u8; 8] {
    u64::try_from(length).unwrap_or(u64::MAX).to_be_bytes()
}
