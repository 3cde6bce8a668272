//! Files as the command line takes them: bounded, and with one clear line about whatever is wrong. What is in
//! a file is the engine's answer; nothing is decoded here.

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use super::{Console, Exit, Failure, written};

/// What a file is expected to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expected {
    /// The largest file that is read.
    pub cap: u64,
    /// In a word.
    pub what: &'static str,
    /// What to tell whoever gave something else.
    pub forms: &'static str,
    /// The endings that such a file has in a directory; none where no directory is taken.
    pub endings: &'static [&'static str],
}

/// Certificates, in a file as large as the engine reads.
pub const CERTIFICATES: Expected = Expected {
    cap: 4 * 1024 * 1024,
    what: "certificate",
    forms: "expected certificates as PEM, DER or PKCS #7",
    endings: &["pem", "crt", "cer", "der"],
};

/// Revocation lists, in a file as large as the engine reads.
pub const CRLS: Expected = Expected {
    cap: 64 * 1024 * 1024,
    what: "CRL",
    forms: "expected certificate revocation lists (CRLs) as DER or PEM",
    endings: &["crl", "pem", "der"],
};

/// An OCSP response. Whether it is too large is the engine's to say; this only bounds what is read.
pub const OCSP_RESPONSE: Expected = Expected {
    cap: 1024 * 1024,
    what: "OCSP response",
    forms: "expected an OCSP response as DER",
    endings: &[],
};

/// Decisions that were saved.
pub const CAPSULES: Expected = Expected {
    cap: 160 * 1024 * 1024,
    what: "capsule",
    forms: "expected a decision that was saved by --capsule or a server",
    endings: &["capsule", "json"],
};

const POLICY: Expected =
    Expected { cap: 1024 * 1024, what: "policy", forms: "expected a policy document (TOML)", endings: &[] };

/// The most files that are read from one directory.
const FILES_IN_A_DIRECTORY: usize = 4096;

/// A file that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name, as it was given.
    pub name: String,
    /// What is in it.
    pub octets: Vec<u8>,
}

/// Where things are read from.
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
/// When it is missing, unreadable, empty, a directory or too large.
pub fn read(console: &mut Console<'_>, name: &str, expected: &Expected) -> Result<File, Failure> {
    if name == "-" {
        let octets = bounded(&mut *console.input, "standard input", expected)?;
        return Ok(File { name: "standard input".to_owned(), octets });
    }
    read_named(Path::new(name), expected)
}

/// A policy document's text.
///
/// # Errors
/// As [`read`], and when it is not UTF-8.
pub fn read_policy(name: &str) -> Result<String, Failure> {
    let file = read_named(Path::new(name), &POLICY)?;
    String::from_utf8(file.octets).map_err(|error| {
        let place = error.utf8_error().valid_up_to();
        Failure::of_input(name, format!("is not UTF-8 at octet {place}"), POLICY.forms)
    })
}

/// A file, or every file of a directory that by its ending holds what is expected, in the order of their names.
///
/// # Errors
/// As [`read`]; for a directory when it cannot be listed or holds no such file.
pub fn read_source(name: &str, expected: &Expected) -> Result<Source, Failure> {
    let path = Path::new(name);
    if !path.is_dir() || expected.endings.is_empty() {
        return read_named(path, expected).map(Source::File);
    }
    let unlistable = |error: io::Error| of_error(path, &error, "expected a readable directory");
    let paths = listed(path, expected.endings).map_err(unlistable)?;
    let what = expected.what;
    if paths.is_empty() {
        let endings = expected.endings.join(", .");
        let remedy = format!("expected files that end in .{endings}");
        return Err(Failure::of_input(name, format!("is a directory without {what} files"), remedy));
    }
    if paths.len() > FILES_IN_A_DIRECTORY {
        let found = format!("is a directory of more than {FILES_IN_A_DIRECTORY} {what} files");
        return Err(Failure::of_input(name, found, format!("put every {what} into one file")));
    }
    Ok(Source::Directory(paths.iter().map(|path| read_named(path, expected)).collect()))
}

/// A file, or the paths of all files of a directory that by their endings hold what is expected, in the order of their
/// names. Nothing is read, so there may be any number of them.
///
/// # Errors
/// For a directory when it cannot be listed or holds no such file.
pub fn paths(name: &str, expected: &Expected) -> Result<Vec<PathBuf>, Failure> {
    let path = Path::new(name);
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let unlistable = |error: io::Error| of_error(path, &error, "expected a readable directory");
    let paths = listed(path, expected.endings).map_err(unlistable)?;
    if paths.is_empty() {
        let remedy = format!("expected files that end in .{}", expected.endings.join(", ."));
        let found = format!("is a directory without {} files", expected.what);
        return Err(Failure::of_input(name, found, remedy));
    }
    Ok(paths)
}

fn listed(directory: &Path, endings: &[&str]) -> io::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        let ending =
            path.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_ascii_lowercase();
        if endings.contains(&ending.as_str()) {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

/// A file, by its path.
///
/// # Errors
/// As [`read`].
pub fn read_named(path: &Path, expected: &Expected) -> Result<File, Failure> {
    if path.is_dir() {
        let forms = expected.forms;
        let remedy = format!("{forms} in one file (--anchors, --untrusted and --crl alone take a directory)");
        return Err(Failure::of_input(path.display(), "is a directory", remedy));
    }
    let mut file = fs::File::open(path).map_err(|error| of_error(path, &error, expected.forms))?;
    let name = path.display().to_string();
    let octets = bounded(&mut file, &name, expected)?;
    Ok(File { name, octets })
}

/// Reads at most one octet more than is accepted, so that a device without end is refused like a large file.
fn bounded(stream: &mut dyn Read, name: &str, expected: &Expected) -> Result<Vec<u8>, Failure> {
    let Expected { cap, forms: expected, .. } = *expected;
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

/// Writes octets as they are: to standard output, or to a file that is not there yet.
///
/// # Errors
/// When they cannot be written, or the file is there already.
pub fn save(console: &mut Console<'_>, name: Option<&str>, octets: &[u8]) -> Result<Exit, Failure> {
    let Some(name) = name.filter(|name| *name != "-") else {
        let output = console.output.write_all(octets).and_then(|()| console.output.flush());
        return written(output, Exit::Allow);
    };
    let mut options = fs::OpenOptions::new();
    let output = options.write(true).create_new(true).open(name).and_then(|mut file| file.write_all(octets));
    match output {
        Ok(()) => Ok(Exit::Allow),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            Err(Failure::of_input(name, "is there already", "name a file that is not"))
        }
        Err(error) => Err(Failure::of_input(name, error, "name a file that can be written")),
    }
}

fn of_error(path: &Path, error: &io::Error, expected: &str) -> Failure {
    let found = match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "may not be read by this user".to_owned(),
        _ => format!("cannot be read ({error})"),
    };
    Failure::of_input(path.display(), found, expected)
}
