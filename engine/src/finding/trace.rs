//! The hash over the canonical trace: the ordered record of what was tried, observed and refused. The record
//! itself is the verdict's canonical document; this file only says how it is hashed and how octets are shown.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

/// Sets this hash apart from every other use of SHA-256, and names the form of the document.
const DOMAIN: &[u8] = b"assayer verdict trace 1\n";

/// SHA-256 over the canonical document.
#[must_use]
pub fn hash(canonical: &[u8]) -> [u8; 32] {
    Sha256::new().chain_update(DOMAIN).chain_update(canonical).finalize().into()
}

/// Octets in lower-case hexadecimal.
#[must_use]
pub fn hexadecimal(octets: &[u8]) -> String {
    let mut text = String::with_capacity(octets.len().saturating_mul(2));
    for octet in octets {
        // Writing to a String cannot fail.
        let _ = write!(text, "{octet:02x}");
    }
    text
}
