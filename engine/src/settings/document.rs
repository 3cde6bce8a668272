//! The policy document (TOML): text to [`Settings`], every error with line and column, and the way back.
//!
//! A key that is not known is refused, never skipped: what an administrator wrote and the engine ignored
//! would be a wrong allow. A document that is not TOML is refused for that alone. Otherwise the first error
//! in the order of the document is told; how values go together is looked at only once each is sound by
//! itself. [`problems`] tells of all at once. This module decides nothing about certificates, and holds no sentence for people.
//!
//! Files: [`problem`] what may be wrong, `reader` typed values with their place, `written` places inside strings, `key` every key, word and
//! range, `section` one function per table, [`own`] what a
//! node may say instead, [`uri`] which URIs may be named, `combination` what must go together,
//! [`canonical`] the way back, [`difference`] what one document says otherwise than another.

pub mod canonical;
mod combination;
pub mod difference;
pub mod key;
pub mod own;
pub mod problem;
mod reader;
mod section;
mod written;
pub mod uri;

use toml::Spanned;
use toml::de::DeTable;

use super::{Mode, Settings};
pub use canonical::{annotated, format, settings_hash};
pub use own::parse_own;
pub use problem::{DocumentError, DocumentProblem};
use reader::Reader;

/// Longest accepted document, in octets. Ours: the longest sensible one, with every key, level and 64
/// purposes, is a tenth of it, and it keeps the cost of refusing a hostile one small.
pub const MAXIMUM_OCTETS: usize = 256 * 1024;

/// Reads a policy document. Empty text means the defaults.
///
/// # Errors
/// [`DocumentError`], the first in the order of the document.
pub fn parse(text: &str) -> Result<Settings, DocumentError> {
    parse_in_mode(text, Mode::Standard)
}

/// Reads a policy document for a caller who may turn Common Criteria mode on: the settings are then those of the
/// same document with `common-criteria = true`. A caller cannot turn it off, so [`Mode::Standard`] is [`parse`].
///
/// # Errors
/// [`DocumentError`], the first in the order of the document; also where the document cannot stand with the mode.
pub fn parse_in_mode(text: &str, mode: Mode) -> Result<Settings, DocumentError> {
    let table = open(text)?;
    let mut reader = Reader::new(text);
    let settings = section::document(&mut reader, table.get_ref(), mode);
    match reader.into_error() {
        None => Ok(settings),
        Some(error) => Err(error),
    }
}

/// Most problems that are told of at once.
pub const MOST_PROBLEMS: usize = 64;

/// What is wrong with a document, in its order and at most [`MOST_PROBLEMS`] of it; of a text that is no TOML the first.
/// Empty for a document that is accepted.
#[must_use]
pub fn problems(text: &str, mode: Mode) -> Vec<DocumentError> {
    match open(text) {
        Ok(table) => {
            let mut reader = Reader::keeping(text, MOST_PROBLEMS);
            let _ = section::document(&mut reader, table.get_ref(), mode);
            reader.into_errors()
        }
        Err(error) => vec![error],
    }
}

fn open(text: &str) -> Result<Spanned<DeTable<'_>>, DocumentError> {
    if text.len() > MAXIMUM_OCTETS {
        let problem = DocumentProblem::TooLarge { octets: text.len(), maximum: MAXIMUM_OCTETS };
        return Err(DocumentError { line: 1, column: 1, key: String::new(), problem });
    }
    DeTable::parse(text).map_err(|error| reader::not_toml(text, &error))
}

#[cfg(test)]
mod tests;
