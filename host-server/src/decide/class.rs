//! Client classes: kinds of clients that other servers ask about, each with whom it is believed by, for what, and whether
//! its answers may be repeated. Configuration and its checks; whether a policy can be used is the engine's answer.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use serde::Deserialize;

use crate::cli::question;
use crate::component::contract::request::{Mode, ReferenceIdentifier};

/// How decisions for other servers are made.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Decisions {
    /// How many are made at once.
    pub at_once: usize,
    /// How many more may wait.
    pub queue: usize,
    /// Milliseconds that one waits at most for its turn.
    pub wait_milliseconds: u64,
    /// Seconds that all fetching for one may take.
    pub answer_seconds: u64,
    /// Most decisions that are kept to be given again.
    pub cache_entries: usize,
    /// The client classes.
    #[serde(rename = "class")]
    pub classes: Vec<ClassForm>,
}

/// A client class as it is configured.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ClassForm {
    /// Its name: small letters, digits and hyphens.
    pub name: String,
    /// The trust store that its clients are believed by.
    pub store: String,
    /// What their certificates are used for, by its name in the policy.
    pub purpose: String,
    /// A file with a policy document of its own; the one in force where there is none.
    #[serde(default)]
    pub policy: Option<PathBuf>,
    /// The mode that the policy is read in.
    #[serde(default)]
    pub mode: ClassMode,
    /// Whether answers may be repeated.
    #[serde(default)]
    pub answers: Answers,
    /// For how many seconds, where they may be.
    #[serde(default)]
    pub cache_seconds: Option<u64>,
    /// Names of which every client must carry one.
    #[serde(default)]
    pub names: Vec<String>,
}

/// The mode that a policy document is read in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClassMode {
    /// As it is written.
    #[default]
    AsWritten,
    /// Common Criteria mode is turned on, whatever it says.
    CommonCriteria,
}

/// Whether an answer may be given again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answers {
    /// For a time, as long as what it rests on is fresh.
    Cached,
    /// Never: OCSP is asked at the moment of the question (R-OCSP-18, R-OCSP-19, R-OCSP-23).
    #[default]
    Live,
}

/// A client class, ready to be asked about.
#[derive(Clone, Debug)]
pub struct Class {
    /// Its name.
    pub name: String,
    /// The trust store that its clients are believed by.
    pub store: String,
    /// What their certificates are used for.
    pub purpose: String,
    /// Its own policy document; the one in force where there is none.
    pub policy: Option<String>,
    /// The mode that the policy is read in.
    pub mode: Mode,
    /// Whether answers may be repeated.
    pub answers: Answers,
    /// For how many seconds; nought where they may not.
    pub cache_seconds: i64,
    /// Names of which every client must carry one.
    pub names: Vec<ReferenceIdentifier>,
}

/// For how long an answer is repeated where nothing else is said.
const CACHE_SECONDS: u64 = 60;
/// The longest that anybody may choose. Whatever is chosen, no answer outlives what it rests on.
const LONGEST_CACHE: u64 = 3600;

impl Default for Decisions {
    fn default() -> Self {
        Self {
            at_once: 32,
            queue: 64,
            wait_milliseconds: 1000,
            answer_seconds: 10,
            cache_entries: 10_000,
            classes: Vec::new(),
        }
    }
}

impl Decisions {
    /// What no type says. `fetches` tells whether anything may be fetched.
    ///
    /// # Errors
    /// One line with what was found and what was expected.
    pub fn check(&self, fetches: bool) -> Result<(), String> {
        within("decide.at-once", self.at_once, (1, 256))?;
        within("decide.queue", self.queue, (0, 100_000))?;
        within("decide.wait-milliseconds", self.wait_milliseconds, (0, 60_000))?;
        within("decide.answer-seconds", self.answer_seconds, (1, 50))?;
        within("decide.cache-entries", self.cache_entries, (0, 1_000_000))?;
        let mut names = BTreeSet::new();
        for class in &self.classes {
            let wrong = |expected: &str| Err(format!("decide.class `{}`: {expected}", class.name));
            let plain =
                |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
            if class.name.is_empty() || class.name.len() > 63 || !class.name.chars().all(plain) {
                return wrong("expected a name of 1 to 63 of the characters a-z 0-9 -");
            }
            if !names.insert(&class.name) {
                return wrong("there are two of this name");
            }
            if class.answers == Answers::Live && class.cache_seconds.is_some_and(|seconds| seconds > 0) {
                return wrong("found `cache-seconds` with live answers; expected `answers = \"cached\"`");
            }
            if class.answers == Answers::Live && !fetches {
                return wrong("live answers ask by OCSP; expected `fetch.online = true`");
            }
            if class.cache_seconds.is_some_and(|seconds| seconds > LONGEST_CACHE) {
                return wrong("`cache-seconds`: expected 0 to 3600");
            }
        }
        Ok(())
    }
}

fn within<T: PartialOrd + std::fmt::Display>(name: &str, value: T, range: (T, T)) -> Result<(), String> {
    if value >= range.0 && value <= range.1 {
        return Ok(());
    }
    Err(format!("{name}: found {value}; expected {} to {}", range.0, range.1))
}

impl Class {
    /// Reads the files of a class.
    ///
    /// # Errors
    /// One line with what was found and what was expected.
    pub fn read(form: &ClassForm) -> Result<Self, String> {
        let wrong = |what: String| format!("decide.class `{}`: {what}", form.name);
        let read = |file: &PathBuf| {
            let text = fs::read_to_string(file);
            text.map_err(|error| {
                wrong(format!("{}: {error}; expected a policy document (TOML)", file.display()))
            })
        };
        let names: Result<Vec<_>, _> = form.names.iter().map(|name| question::name(name)).collect();
        let seconds = match form.answers {
            Answers::Cached => form.cache_seconds.unwrap_or(CACHE_SECONDS),
            Answers::Live => 0,
        };
        Ok(Self {
            name: form.name.clone(),
            store: form.store.clone(),
            purpose: form.purpose.clone(),
            policy: form.policy.as_ref().map(read).transpose()?,
            mode: match form.mode {
                ClassMode::AsWritten => Mode::AsWritten,
                ClassMode::CommonCriteria => Mode::CommonCriteria,
            },
            answers: form.answers,
            cache_seconds: i64::try_from(seconds).unwrap_or(0),
            names: names.map_err(|expected| wrong(format!("names: {expected}")))?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Configuration;

    const PLAIN: &str =
        "[[decide.class]]\nname = 'sip'\nstore = 'CallManager-trust'\npurpose = 'client-auth'\n";
    const ONLINE: &str = "[fetch]\nonline = true\n";

    fn read(text: &str) -> Result<Vec<ClassForm>, String> {
        let read = Configuration::read(text).map_err(|fault| fault.to_string())?;
        Ok(read.decide.classes)
    }

    #[test]
    fn a_class_is_live_unless_it_says_otherwise_and_live_means_online() {
        let classes = read(&format!("{ONLINE}{PLAIN}")).unwrap();
        let class = Class::read(&classes[0]).unwrap();
        assert_eq!((class.answers, class.cache_seconds), (Answers::Live, 0));
        assert!(read(PLAIN).unwrap_err().contains("`sip`: live answers ask by OCSP; expected `fetch.online"));
        let cached = |more: &str| {
            let classes = read(&format!("{PLAIN}answers = 'cached'\n{more}"))?;
            Class::read(&classes[0]).map(|class| class.cache_seconds)
        };
        assert_eq!(cached(""), Ok(60));
        assert_eq!(cached("cache-seconds = 0\n"), Ok(0));
        assert_eq!(cached("cache-seconds = 3600\n"), Ok(3600));
        assert!(cached("cache-seconds = 3601\n").unwrap_err().contains("expected 0 to 3600"));
        let both = read(&format!("{ONLINE}{PLAIN}cache-seconds = 1\n")).unwrap_err();
        assert!(both.contains("found `cache-seconds` with live answers"), "{both}");
        assert!(read(&format!("{ONLINE}{PLAIN}cache-seconds = 0\n")).is_ok());
    }

    #[test]
    fn what_a_class_needs_is_told_by_name_and_place() {
        let missing = read("[[decide.class]]\nname = 'sip'\nstore = 'x'\n").unwrap_err();
        assert!(missing.starts_with("line 1, column 1: missing field `purpose`"), "{missing}");
        for name in ["", "Sip", "a b", "a/b", &"x".repeat(64)] {
            let text = PLAIN.replace("sip", name);
            assert!(read(&format!("{ONLINE}{text}")).unwrap_err().contains("expected a name of 1 to 63"));
        }
        assert!(read(&format!("{ONLINE}{PLAIN}{PLAIN}")).unwrap_err().contains("two of this name"));
        let file = read(&format!("{ONLINE}{PLAIN}policy = '/there/is/none'\n")).unwrap();
        let refused = Class::read(&file[0]).unwrap_err();
        assert!(refused.starts_with("decide.class `sip`: /there/is/none: "), "{refused}");
        let names = read(&format!("{ONLINE}{PLAIN}names = ['']\n")).unwrap();
        assert!(Class::read(&names[0]).unwrap_err().contains("names: expected a DNS name"));
    }

    // R-OCSP-18
    #[test]
    fn the_example_of_the_readme_is_a_configuration() {
        let readme = include_str!("../../../README.md");
        let mut blocks = readme.split("```toml\n").filter_map(|rest| rest.split("```").next());
        let example = blocks.find(|block| block.contains("[[decide.class]]")).unwrap();
        let classes = read(example).unwrap();
        let live: Vec<&str> = classes
            .iter()
            .filter(|class| class.answers == Answers::Live)
            .map(|class| class.name.as_str())
            .collect();
        assert_eq!((classes.len(), live), (5, vec!["syslog", "sip", "ils", "lbm"]));
    }

    #[test]
    fn numbers_have_bounds_on_both_sides() {
        for (name, low, high) in [
            ("at-once", 1, 256),
            ("queue", 0, 100_000),
            ("wait-milliseconds", 0, 60_000),
            ("answer-seconds", 1, 50),
        ] {
            for (value, fits) in [(low, true), (low - 1, false), (high, true), (high + 1, false)] {
                let read = read(&format!("[decide]\n{name} = {value}\n"));
                assert_eq!(read.is_ok(), fits, "{name} {value} {read:?}");
            }
        }
    }
}
