//! `Outsourced`: signature checks that the host has offered to answer: what it answered, and what it is still
//! to be asked. It says what is offered and known, and never what a signature is: `signature` alone asks, and
//! `evaluate` alone hands the checks out.
//!
//! [`Budget`](crate::budget::Budget) carries it, because it goes exactly where the counters go: from `evaluate`
//! through every stage to `signature`, in one evaluation and no other. The stages between know of neither.
//!
//! INVARIANT: once [`Outsourced::awaits`] is true, signatures were taken for valid that nobody has verified.
//! What was concluded since then is no conclusion: `evaluate` ends, and asks.

use std::collections::BTreeMap;

/// A signature check for the host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// Names this check; only a check of the same algorithm, key, message and signature has the same name.
    pub id: String,
    /// The algorithm, in the words of a policy document.
    pub algorithm: &'static str,
    /// The key, a whole SubjectPublicKeyInfo.
    pub key: Vec<u8>,
    /// The signed octets.
    pub message: Vec<u8>,
    /// The signature.
    pub signature: Vec<u8>,
}

/// What became of a check that might be the host's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The host verified the signature.
    Verifies,
    /// The host found that it is none.
    Fails,
    /// The host has not said; whoever asks verifies it.
    Missing,
}

/// The host's answers, and what it will be asked. The default is a host that offers nothing.
#[derive(Clone, Debug, Default)]
pub struct Outsourced {
    answers: BTreeMap<String, bool>,
    asking: Asking,
    wanted: Vec<Check>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Asking {
    #[default]
    No,
    Yes,
}

impl Outsourced {
    /// For a host that offers, with the answers it has given so far by the name of their check.
    #[must_use]
    pub fn offered(answers: BTreeMap<String, bool>) -> Self {
        Self { answers, asking: Asking::Yes, wanted: Vec::new() }
    }

    /// Asks the host nothing more in this evaluation; what it has answered still counts.
    pub fn ask_no_more(&mut self) {
        self.asking = Asking::No;
    }

    /// Whether it makes a difference here who does the arithmetic.
    #[must_use]
    pub fn concerns_anybody(&self) -> bool {
        self.asking == Asking::Yes || !self.answers.is_empty()
    }

    /// The host's answer to the check of this name.
    #[must_use]
    pub fn answer(&self, id: &str) -> Answer {
        match self.answers.get(id) {
            Some(true) => Answer::Verifies,
            Some(false) => Answer::Fails,
            None => Answer::Missing,
        }
    }

    /// Whether a check may be put to the host.
    #[must_use]
    pub fn asks(&self) -> bool {
        self.asking == Asking::Yes
    }

    /// Puts a check to the host; a second time changes nothing. How many there can be is bounded by the count of
    /// signatures that the budget charges.
    pub fn want(&mut self, check: Check) {
        if self.wanted.iter().all(|known| known.id != check.id) {
            self.wanted.push(check);
        }
    }

    /// Whether the host must answer before anything is concluded.
    #[must_use]
    pub fn awaits(&self) -> bool {
        !self.wanted.is_empty()
    }

    /// The checks it must answer, in the order they came up.
    #[must_use]
    pub fn wanted(&self) -> &[Check] {
        &self.wanted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(id: &str) -> Check {
        Check {
            id: id.to_owned(),
            algorithm: "ed25519",
            key: Vec::new(),
            message: Vec::new(),
            signature: Vec::new(),
        }
    }

    #[test]
    fn a_host_that_offers_nothing_is_asked_nothing() {
        let none = Outsourced::default();
        assert!(!none.concerns_anybody() && !none.asks() && !none.awaits());
        assert_eq!(none.answer("one"), Answer::Missing);
    }

    #[test]
    fn answers_count_by_their_name_and_outlast_the_asking() {
        let given = [("one", true), ("two", false)].map(|(id, verifies)| (id.to_owned(), verifies));
        let mut host = Outsourced::offered(BTreeMap::from(given));
        for asked in [true, false] {
            assert_eq!(host.asks(), asked);
            assert!(host.concerns_anybody());
            assert_eq!(host.answer("one"), Answer::Verifies);
            assert_eq!(host.answer("two"), Answer::Fails);
            assert_eq!(host.answer("ONE"), Answer::Missing);
            host.ask_no_more();
        }
    }

    #[test]
    fn a_check_is_wanted_once() {
        let mut host = Outsourced::offered(BTreeMap::new());
        assert!(!host.awaits());
        for id in ["one", "two", "one"] {
            host.want(check(id));
        }
        assert!(host.awaits());
        assert_eq!(host.wanted(), [check("one"), check("two")]);
    }
}
