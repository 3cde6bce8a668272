//! Generated certificates for tests: sketch in, bytes out, the same bytes every time. It does not know the
//! engine, so that the engine's own unit tests may use it, and it never judges: a sketch may be as wrong as
//! a test needs.
//!
//! ```
//! use pki::certificate::Sketch;
//! let root = Sketch::ca("root").issue();
//! let leaf = Sketch::leaf("leaf").issued_by(&root).dns("a.example").issue();
//! assert_eq!(leaf.der[0], 0x30);
//! ```

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a sketch that makes no sense must stop its test at once, with the reason"
)]

pub mod algorithm;
pub mod broken;
pub mod certificate;
pub mod der;
pub mod extension;
pub mod key;
pub mod name;
pub mod ocsp;
pub mod scenario;
pub mod time;

#[cfg(test)]
mod oracle;

/// Reads hexadecimal; spaces and colons between octets do not count.
///
/// # Panics
/// When `text` is not that.
#[must_use]
pub fn hexadecimal(text: &str) -> Vec<u8> {
    let digits: Vec<char> = text.chars().filter(|c| !matches!(c, ' ' | ':' | '\n')).collect();
    assert!(digits.len().is_multiple_of(2), "half an octet in {text}");
    let octet = |pair: &[char]| u8::from_str_radix(&pair.iter().collect::<String>(), 16);
    digits.chunks(2).map(|pair| octet(pair).unwrap_or_else(|_| panic!("not hexadecimal: {text}"))).collect()
}
