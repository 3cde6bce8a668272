//! Cases of a policy's author: a file says what is asked and what must come out; chains are sketched in a few words, or real.
//! This crate reads files, issues sketched certificates and answers, and compares. It decides nothing, opens no file and
//! knows no clock: a host reads what cases name and has the engine judge them.
//!
//! How a host uses it:
//!
//! ```
//! use engine_cases::{Coverage, Known, Need};
//!
//! let policy = "[[rules]]\nid = \"short\"\n"; // as its author wrote it
//! let text = "at = 2026-11-22T12:00:00Z\nocsp = \"good\"\nchain = [{ name = \"root\" }, { name = \"leaf\" }]\n\
//!             [[cases]]\nname = \"a leaf\"\nexpect = \"allow\"\n";
//! // 1. `Known::of` from the engine's own form of the policy and `engine_wording::known_codes()` holds words to it
//! let cases = engine_cases::read(text, None::<&Known>).expect("mistakes with line and column");
//! let mut coverage = Coverage::of(policy);
//! for case in &cases {
//!     // 2. the inputs of a decision; the closure turns a file or PEM into DER by the engine's readers of bundles and lists
//!     let prepared = case.prepare(policy, |given| Err(format!("{} is not read here", given.text))).expect("files");
//!     // 3. judge `prepared.inputs` as a capsule is judged; while the engine has needs, add
//!     //    `prepared.answer(&Need { id, about, what })` for each to the evidence and ask again
//!     // 4. parse the verdict's document: how it differs from what is expected, and what it exercises
//!     let document = serde_json::json!({ "decision": "allow", "findings": [], "path": [] });
//!     assert!(case.differences(&prepared, &document).is_empty());
//!     coverage.count(case.purpose.as_deref(), &document);
//! }
//! assert!(coverage.rules().iter().all(|rule| rule.is_lacking()));
//! ```
//!
//! The sentence of a [`Finding`] is `engine_wording::sentence(&finding.code, &details)`. `Inputs::decided` makes a record of
//! inputs, evidence and verdict, which can be sealed as a capsule.
//!
//! Every key of the format is told in `cases.md` beside `src`. Keys of sketches follow from names: whoever knows a name has
//! the key, so that nothing of it may ever be trusted.

#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    warn(
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        clippy::as_conversions,
        clippy::unreachable
    )
)]

pub mod der;
pub mod moment;
pub mod name;
pub mod key;
pub mod extension;
pub mod certificate;
mod sketch;
mod answers;
mod case;
mod format;
mod comparison;
mod coverage;

#[cfg(test)]
mod tests;

pub use self::case::{Case, Content, Given, Need, Prepared, Sought};
pub use self::comparison::{Difference, Expected, Finding, Wanted};
pub use self::coverage::{Coverage, Level, Rule};
pub use self::format::problem::Problem;
pub use self::format::{Known, read};
