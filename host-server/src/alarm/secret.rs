//! Secrets of channels, each in a file that only its owner may read.

use std::fs::File;
use std::io::Read;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use zeroize::Zeroizing;

/// Most octets of a secret.
const LONGEST: u64 = 4096;

/// The first line of a file, which `key` of the configuration names.
///
/// # Errors
/// What is wrong with the file, in a line.
pub(super) fn of_file(key: &str, path: &Path) -> Result<Zeroizing<String>, String> {
    let wrong = |found: String| format!("{key}: {}: {found}", path.display());
    let file = File::open(path).map_err(|error| wrong(error.to_string()))?;
    // of the opened file, so that nothing can be put in its place in between
    let mode = file.metadata().map_err(|error| wrong(error.to_string()))?.mode() & 0o7777;
    if mode & 0o077 != 0 {
        return Err(wrong(format!(
            "may be read by others (mode {mode:03o}); make it yours alone: chmod 600"
        )));
    }
    let mut text = Zeroizing::new(String::new());
    file.take(LONGEST).read_to_string(&mut text).map_err(|error| wrong(error.to_string()))?;
    let line = Zeroizing::new(text.lines().next().unwrap_or_default().trim().to_owned());
    if line.is_empty() {
        return Err(wrong("holds nothing; expected the secret in its first line".to_owned()));
    }
    Ok(line)
}
