//! Every known difference from a suite, with its reason. One that is not listed fails the run, and so does a
//! listed one that has come to agree.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::outcome::Outcome;

/// Differences by suite and case.
#[derive(Deserialize)]
pub(crate) struct Divergences {
    #[serde(flatten)]
    suites: BTreeMap<String, BTreeMap<String, Divergence>>,
}

/// One known difference.
#[derive(Deserialize)]
struct Divergence {
    /// What we answer, in the word of an output line: `allow` or `deny`, or a status.
    got: String,
    /// Why.
    #[expect(dead_code, reason = "for the reader of the list; its presence is what is checked")]
    reason: String,
}

/// How a difference from the suite is to be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It agrees, and nothing else was expected.
    Agrees,
    /// It differs as listed.
    Listed,
    /// It differs, and that is not listed.
    Unlisted,
    /// It agrees, although a difference is listed.
    UnexpectedlyAgrees,
}

impl Divergences {
    /// Reads the list beside this file.
    pub(crate) fn read() -> Result<Self, String> {
        toml::from_str(include_str!("divergences.toml")).map_err(|error| format!("divergences.toml: {error}"))
    }

    /// How this answer stands.
    pub(crate) fn standing(&self, suite: &str, id: &str, got: Outcome, agrees: bool) -> Standing {
        let listed = self.suites.get(suite).and_then(|cases| cases.get(id));
        match (listed, agrees) {
            (None, true) => Standing::Agrees,
            (None, false) => Standing::Unlisted,
            (Some(_), true) => Standing::UnexpectedlyAgrees,
            (Some(listed), false) if listed.got == got.word() => Standing::Listed,
            (Some(_), false) => Standing::Unlisted,
        }
    }
}
