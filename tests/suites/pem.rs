//! PEM blocks of the suites' own files. Bytes only: what is inside is the component's to read.

use base64ct::{Base64, Encoding as _};

/// The content of one PEM block.
pub(crate) fn decode(text: &str) -> Result<Vec<u8>, String> {
    let body: String = text.lines().filter(|line| !line.starts_with("-----")).map(str::trim).collect();
    base64(&body)
}

/// Base64 without line breaks.
pub(crate) fn base64(text: &str) -> Result<Vec<u8>, String> {
    Base64::decode_vec(text).map_err(|error| format!("base64: {error}"))
}
