//! Reads a capsule: strictly, within limits, and with the place of whatever is wrong. What comes out is sound.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde_json::error::Category;

use crate::capsule::{Capsule, Document, Opened, Part, PartDocument};
use crate::octets::Digest;
use crate::{FORMAT, LONGEST_NAME, MOST_OCTETS, MOST_PARTS, VERSION};

/// Why a file is no capsule that can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unreadable {
    /// A part says something else than what it was hashed with, or its hash is another.
    Altered {
        /// The part.
        name: String,
    },
    /// There is nothing in it.
    Empty,
    /// A member is missing, unknown, there twice, or of another form than it has to be.
    Malformed {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
        /// What was expected.
        expected: String,
    },
    /// It is of a later version of the format.
    Newer {
        /// That version.
        version: u64,
    },
    /// It says what a capsule says, in another writing.
    NotCanonical {
        /// The first octet that is another than it has to be, from 0.
        offset: usize,
    },
    /// It is something else.
    NotCapsule,
    /// A part comes twice, or after one that it has to stand before.
    Order {
        /// The part.
        name: String,
    },
    /// The hashes of the parts do not come to the root: the root, or the hash of a part that was left out, is another, or
    /// a part was put in or taken away.
    OtherRoot {
        /// The root that is stated.
        stated: Digest,
        /// The root of what is there.
        computed: Digest,
    },
    /// A part has a name that none can have, or a salt without content, or content without a salt.
    Part {
        /// The part.
        name: String,
        /// What was expected.
        expected: &'static str,
    },
    /// It is larger than anything that is read, or has more parts.
    TooLarge {
        /// How large it is.
        found: usize,
        /// The most.
        most: usize,
        /// Of what.
        of: &'static str,
    },
    /// It ends before it is whole.
    Truncated {
        /// How many octets there are.
        octets: usize,
    },
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Altered { name } => write!(f, "part `{name}` was altered: it does not have its hash"),
            Self::Empty => f.write_str("is empty"),
            Self::Malformed { line, column, expected } => {
                write!(f, "is no capsule at line {line}, column {column}: {expected}")
            }
            Self::Newer { version } => {
                write!(f, "is a capsule of format version {version}; this program reads version {VERSION}")
            }
            Self::NotCanonical { offset } => {
                write!(f, "is not written as a capsule is, from octet {offset} on")
            }
            Self::NotCapsule => f.write_str("is no capsule"),
            Self::Order { name } => {
                write!(f, "part `{name}` stands twice or out of order: parts are sorted by name")
            }
            Self::OtherRoot { stated, computed } => write!(
                f,
                "was altered: its parts come to the root {computed}, and it states {stated}; the root, the hash of a \
                 part that was left out, or the list of parts is another"
            ),
            Self::Part { name, expected } => write!(f, "part `{name}`: expected {expected}"),
            Self::TooLarge { found, most, of } => write!(f, "has {found} {of}; at most {most} are read"),
            Self::Truncated { octets } => write!(f, "ends after {octets} octets, before it is whole"),
        }
    }
}

impl std::error::Error for Unreadable {}

impl Capsule {
    /// Reads a capsule and verifies it.
    ///
    /// # Errors
    /// [`Unreadable`].
    pub fn read(octets: &[u8]) -> Result<Self, Unreadable> {
        let capsule = Self::parse(octets)?;
        capsule.verify()?;
        Ok(capsule)
    }

    /// Reads a capsule without verifying its hashes: for whoever wants to know what is there before
    /// [`verify`](Capsule::verify) says what of it was altered.
    ///
    /// # Errors
    /// [`Unreadable`], but for what is altered.
    pub fn parse(octets: &[u8]) -> Result<Self, Unreadable> {
        if octets.is_empty() {
            return Err(Unreadable::Empty);
        }
        if octets.len() > MOST_OCTETS {
            return Err(Unreadable::TooLarge { found: octets.len(), most: MOST_OCTETS, of: "octets" });
        }
        let document: Document = serde_json::from_slice(octets).map_err(|error| explained(octets, &error))?;
        if document.format != FORMAT {
            return Err(Unreadable::NotCapsule);
        }
        if document.version != VERSION {
            return Err(of_version(u64::from(document.version)));
        }
        let capsule = Self::of(document.root, parts(document.parts)?);
        let printed = capsule.print();
        match printed.as_bytes().iter().zip(octets).position(|(printed, found)| printed != found) {
            None if printed.len() == octets.len() => Ok(capsule),
            None => Err(Unreadable::NotCanonical { offset: printed.len().min(octets.len()) }),
            Some(offset) => Err(Unreadable::NotCanonical { offset }),
        }
    }
}

fn parts(documents: Vec<PartDocument>) -> Result<BTreeMap<String, Part>, Unreadable> {
    let mut parts = BTreeMap::new();
    for PartDocument { name, hash, salt, content } in documents {
        if parts.last_key_value().is_some_and(|(last, _)| *last >= name) {
            return Err(Unreadable::Order { name });
        }
        let opened = match (salt, content) {
            (Some(salt), Some(content)) => Some(Opened { salt, content }),
            (None, None) => None,
            _ => return Err(Unreadable::Part { name, expected: "salt and content, or neither" }),
        };
        parts.insert(name, Part::of(hash, opened));
    }
    within_limits(&parts)?;
    Ok(parts)
}

/// What holds of every capsule, read or sealed.
pub(crate) fn within_limits(parts: &BTreeMap<String, Part>) -> Result<(), Unreadable> {
    if parts.len() > MOST_PARTS {
        return Err(Unreadable::TooLarge { found: parts.len(), most: MOST_PARTS, of: "parts" });
    }
    match parts.keys().find(|name| !is_name(name)) {
        None => Ok(()),
        Some(name) => Err(Unreadable::Part {
            name: name.chars().take(LONGEST_NAME).collect(),
            expected: "a name of lower-case letters, digits and hyphens between slashes, 64 octets at most",
        }),
    }
}

fn is_name(name: &str) -> bool {
    let is_word = |word: &str| {
        !word.is_empty() && word.bytes().all(|octet| matches!(octet, b'a'..=b'z' | b'0'..=b'9' | b'-'))
    };
    name.len() <= LONGEST_NAME && name.split('/').all(is_word)
}

/// The least that tells a capsule of any version from other files.
#[derive(Deserialize)]
struct Heading {
    format: String,
    version: u64,
}

/// What is wrong with what cannot be read.
fn explained(octets: &[u8], error: &serde_json::Error) -> Unreadable {
    if let Ok(heading) = serde_json::from_slice::<Heading>(octets) {
        if heading.format != FORMAT {
            return Unreadable::NotCapsule;
        }
        if heading.version != u64::from(VERSION) {
            return of_version(heading.version);
        }
    }
    let begins = format!("{{\"format\":\"{FORMAT}\"");
    match error.classify() {
        _ if !octets.starts_with(begins.as_bytes()) && !begins.as_bytes().starts_with(octets) => {
            Unreadable::NotCapsule
        }
        Category::Eof | Category::Io => Unreadable::Truncated { octets: octets.len() },
        Category::Syntax | Category::Data => Unreadable::Malformed {
            line: error.line(),
            column: error.column(),
            expected: without_place(&error.to_string()),
        },
    }
}

/// A later version, or one that never was.
fn of_version(version: u64) -> Unreadable {
    if version > u64::from(VERSION) { Unreadable::Newer { version } } else { Unreadable::NotCapsule }
}

/// The message without the place, which is told by itself.
fn without_place(message: &str) -> String {
    message.split(" at line ").next().unwrap_or(message).to_owned()
}
