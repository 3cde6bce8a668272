//! `assayer-capsule`, version 1: one decision as one self-contained file, with everything that it rested on, so that it
//! can be made again for ever. This crate is the format: reading, printing, the hash tree, and leaving parts out. It
//! decides nothing, knows no rule, and opens no certificate; salts and moments are given to it.
//!
//! A capsule is a list of named [`Part`]s, each a leaf of a hash tree (`tree`) with a salt of its own, so that a part
//! that was left out cannot be guessed from its hash. What a part says, [`Content`] types; what all of them say together is
//! a [`Record`]. There is one way to write a capsule, and any other is refused: two capsules that say the same are the
//! same octets, and a changed bit is found.
//!
//! What the tree shows: that the parts belong to the root. Who made it, it does not show: whoever holds a root from
//! elsewhere compares it. A capsule whose inputs are whole proves itself by being decided again.
//!
//! Of a decision that was made again, [`Difference`] says how its verdict is another, and of one that is made under another
//! policy, [`Outcome`] whether it flips and which findings make it; both read verdict documents and judge nothing.
//!
//! Parts that were left out can be shown to be left out, and the rest to be unchanged; a question of which an input is
//! left out cannot be decided again.

#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    warn(
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        clippy::as_conversions,
        clippy::unreachable
    )
)]

mod octets;
mod content;
mod tree;
mod capsule;
mod read;
mod record;
mod inputs;
mod difference;
mod count;
mod flip;

#[cfg(test)]
mod tests;

pub use self::capsule::{Capsule, Opened, Part, State};
pub use self::content::{
    Answer, Content, Decision, Engine, Evidence, Mode, Name, Reason, Recording, Role, Trusted, Verdict,
};
pub use self::count::{Class, Counts, Tally};
pub use self::difference::Difference;
pub use self::flip::{Cause, Change, Compared, Concerned, NotComparable, Outcome, OwnRule};
pub use self::inputs::Inputs;
pub use self::octets::{Digest, Octets, Salt};
pub use self::read::Unreadable;
pub use self::record::{Incomplete, Question, Record};

/// The word that every capsule begins with.
pub const FORMAT: &str = "assayer-capsule";
/// The version of the format.
pub const VERSION: u32 = 1;
/// The largest capsule, in octets: one list of 64 MiB as base64, and as much again for everything else.
pub const MOST_OCTETS: usize = 160 * 1024 * 1024;
/// The most parts: a trust store of 5,000 certificates, which is the most that is decided by, and evidence beside it.
pub const MOST_PARTS: usize = 20_000;
/// The longest name of a part, in octets.
pub const LONGEST_NAME: usize = 64;
