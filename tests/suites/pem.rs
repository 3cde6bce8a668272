//! PEM blocks and base64 of the suites' own files. Bytes only: what is inside is the component's to read.

use std::collections::BTreeMap;

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

/// A file of a suite that names its files.
pub(crate) fn file(files: &BTreeMap<String, String>, name: &str) -> Result<Vec<u8>, String> {
    base64(files.get(name).ok_or_else(|| format!("no file `{name}`"))?)
}

/// The certificates of a file: the content of each PEM block, with text between them, or the file itself.
pub(crate) fn certificates(file: &[u8]) -> Result<Vec<Vec<u8>>, String> {
    let text = String::from_utf8_lossy(file);
    let mut blocks = text.split("-----BEGIN ").skip(1).peekable();
    if blocks.peek().is_none() {
        return Ok(vec![file.to_vec()]);
    }
    let content = |block: &str| {
        let body = block.split_once('\n').map_or("", |(_, body)| body);
        decode(body.split("-----END ").next().unwrap_or_default())
    };
    blocks.map(content).collect()
}
