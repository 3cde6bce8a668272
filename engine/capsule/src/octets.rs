//! Octets as they stand in the document: base64 (RFC 4648 section 4) for what may be long, lower-case hexadecimal for
//! hashes and salts. Anything that another writing could stand for is refused.

use std::fmt;

use data_encoding::{BASE64, HEXLOWER};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Octets, in base64.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Octets(pub Vec<u8>);

impl fmt::Debug for Octets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} octets", self.0.len())
    }
}

impl Serialize for Octets {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&BASE64.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Octets {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // base64 has nothing to escape, but the text may be escaped all the same
        let text = String::deserialize(deserializer)?;
        let octets = BASE64.decode(text.as_bytes());
        octets.map(Self).map_err(|error| D::Error::custom(format!("expected base64: {error}")))
    }
}

/// SHA-256, in hexadecimal.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Digest(pub [u8; 32]);

/// What is mixed into the hash of a part, so that the hash does not give away what it is of. In hexadecimal.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Salt(pub [u8; 16]);

macro_rules! hexadecimal {
    ($name:ident, $octets:literal) => {
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&HEXLOWER.encode(&self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&HEXLOWER.encode(&self.0))
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                let octets = HEXLOWER.decode(text.as_bytes()).ok();
                let octets = octets.and_then(|octets| octets.try_into().ok());
                let expected = concat!("expected ", $octets, " octets in lower-case hexadecimal");
                octets.map(Self).ok_or_else(|| D::Error::custom(expected))
            }
        }
    };
}

hexadecimal!(Digest, 32);
hexadecimal!(Salt, 16);
