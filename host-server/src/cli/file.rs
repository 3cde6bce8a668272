//! Files as the command line takes them: bounded, and with one clear line about whatever is wrong. What is in
//! a file is the engine's answer; nothing is decoded here.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::{Console, Failure};

/// The largest file with certificates, as large as the engine reads.
pub const CERTIFICATES: u64 = 4 * 1024 * 1024;
/// The largest policy document.
pub const POLICY: u64 = 1024 * 1024;
/// The most files that are read from one directory.
const FILES_IN_A_DIRECTORY: usize = 4096;

/// The endings that a file with certificates has in a directory.
const ENDINGS: [&str; 4] = ["pem", "crt", "cer", "der"];

const CERTIFICATE_FORMS: &str = "expected certificates as PEM, DER or PKCS #7";

/// A file that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name, as it was given.
    pub name: String,
    /// What is in it.
    pub octets: Vec<u8>,
}

/// Where certificates are read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// One file, by name: it must be of use.
    File(File),
    /// A directory: what is of no use in it is passed over with a note.
    Directory(Vec<Result<File, Failure>>),
}

/// A file, or standard input for `-`.
///
/// # Errors
/// When it is missing, unreadable, empty, a directory or larger than `cap`.
pub fn read(console: &mut Console<'_>, name: &str, cap: u64) -> Result<File, Failure> {
    if name == "-" {
        let octets = bounded(&mut *console.input, "standard input", cap, CERTIFICATE_FORMS)?;
        return Ok(File { name: "standard input".to_owned(), octets });
    }
    read_named(Path::new(name), cap, CERTIFICATE_FORMS)
}

/// A policy document's text.
///
/// # Errors
/// As [`read`], and when it is not UTF-8.
pub fn read_policy(name: &str) -> Result<String, Failure> {
    let file = read_named(Path::new(name), POLICY, "expected a policy document (TOML)")?;
    String::from_utf8(file.octets).map_err(|error| {
        let place = error.utf8_error().valid_up_to();
        Failure::of_input(name, format!("is not UTF-8 at octet {place}"), "expected a policy document (TOML)")
    })
}

/// A file, or every file of a directory that by its ending holds certificates, in the order of their names.
///
/// # Errors
/// As [`read`]; for a directory when it cannot be listed or holds no such file.
pub fn read_source(name: &str, cap: u64) -> Result<Source, Failure> {
    let path = Path::new(name);
    if !path.is_dir() {
        return read_named(path, cap, CERTIFICATE_FORMS).map(Source::File);
    }
    let paths = listed(path).map_err(|error| of_error(path, &error, "expected a readable directory"))?;
    let endings = "expected files that end in .pem, .crt, .cer or .der";
    if paths.is_empty() {
        return Err(Failure::of_input(name, "is a directory without certificate files", endings));
    }
    if paths.len() > FILES_IN_A_DIRECTORY {
        let found = format!("is a directory of more than {FILES_IN_A_DIRECTORY} certificate files");
        return Err(Failure::of_input(name, found, "put the certificates into one file"));
    }
    let files = paths.iter().map(|path| read_named(path, cap, CERTIFICATE_FORMS)).collect();
    Ok(Source::Directory(files))
}

fn listed(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        let ending =
            path.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_ascii_lowercase();
        if ENDINGS.contains(&ending.as_str()) {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

fn read_named(path: &Path, cap: u64, expected: &str) -> Result<File, Failure> {
    if path.is_dir() {
        let remedy = format!("{expected} in one file (--anchors and --untrusted alone take a directory)");
        return Err(Failure::of_input(path.display(), "is a directory", remedy));
    }
    let mut file = fs::File::open(path).map_err(|error| of_error(path, &error, expected))?;
    let name = path.display().to_string();
    let octets = bounded(&mut file, &name, cap, expected)?;
    Ok(File { name, octets })
}

/// Reads at most one octet more than `cap`, so that a device without end is refused like a large file.
fn bounded(stream: &mut dyn Read, name: &str, cap: u64, expected: &str) -> Result<Vec<u8>, Failure> {
    let mut octets = Vec::new();
    stream
        .take(cap.saturating_add(1))
        .read_to_end(&mut octets)
        .map_err(|error| of_error(Path::new(name), &error, expected))?;
    if octets.is_empty() {
        return Err(Failure::of_input(name, "is empty", expected));
    }
    if u64::try_from(octets.len()).unwrap_or(u64::MAX) > cap {
        let found = format!("is larger than {cap} octets, the most that is read");
        return Err(Failure::of_input(name, found, expected));
    }
    Ok(octets)
}

fn of_error(path: &Path, error: &io::Error, expected: &str) -> Failure {
    let found = match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "may not be read by this user".to_owned(),
        _ => format!("cannot be read ({error})"),
    };
    Failure::of_input(path.display(), found, expected)
}
