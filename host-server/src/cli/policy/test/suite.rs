//! Files of cases: found, read, and what is wrong with those that are none.

use std::fs;
use std::path::{Path, PathBuf};

use engine_cases::{Case, Known};

use super::super::check::Problem;
use super::Arguments;
use crate::cli::Failure;
use crate::cli::file::{self, Expected};

/// Cases, in a file as large as one that is read.
const CASES: Expected =
    Expected { cap: 4 * 1024 * 1024, what: "case", forms: "expected cases (TOML)", endings: &["toml"] };

/// A file of cases.
pub(super) struct Suite {
    /// Its name, as it was given.
    pub(super) file: String,
    /// What is in it.
    pub(super) text: String,
    /// The cases, or every mistake.
    pub(super) cases: Result<Vec<Case>, Vec<Problem>>,
}

/// The files that are named, and those of directories; the policy itself, which may lie beside them, is none.
///
/// # Errors
/// For a directory when it cannot be listed or holds no such file.
pub(super) fn paths(arguments: &Arguments) -> Result<Vec<PathBuf>, Failure> {
    let policy = fs::canonicalize(&arguments.policy).ok();
    let mut all: Vec<PathBuf> = Vec::new();
    for name in &arguments.cases {
        let is_directory = Path::new(name).is_dir();
        let mut paths = file::paths(name, &CASES)?;
        paths.retain(|path| !is_directory || fs::canonicalize(path).ok() != policy);
        all.extend(paths);
    }
    Ok(all)
}

impl Suite {
    /// Reads a file. What is wrong with it as cases is kept, so that the others are judged all the same.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(super) fn read(path: &Path, known: &Known) -> Result<Self, Failure> {
        let file::File { name, octets } = file::read_named(path, &CASES)?;
        let text = String::from_utf8(octets).map_err(|error| {
            let place = error.utf8_error().valid_up_to();
            Failure::of_input(&name, format!("is not UTF-8 at octet {place}"), CASES.forms)
        })?;
        let cases = engine_cases::read(&text, Some(known));
        let cases = cases.map_err(|problems| problems.into_iter().map(problem).collect());
        Ok(Self { file: name, text, cases })
    }

    /// Where the paths in it begin.
    pub(super) fn directory(&self) -> PathBuf {
        Path::new(&self.file).parent().unwrap_or(Path::new("")).to_owned()
    }

    /// The files that its cases name.
    pub(super) fn named(&self) -> Vec<PathBuf> {
        let cases = self.cases.iter().flatten();
        let given = cases.flat_map(Case::given).filter(|given| !given.is_text());
        given.map(|given| self.directory().join(&given.text)).collect()
    }
}

/// A mistake as those of policy documents are told.
pub(super) fn problem(problem: engine_cases::Problem) -> Problem {
    let engine_cases::Problem { code, line, column, key, message, nearest, expected } = problem;
    Problem { code: code.to_owned(), line, column, key, message, nearest, expected, other: None }
}
