//! How many decisions stay and how many flip, by purpose.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What becomes of a decision, in a word. Each counts under one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// The same decision, for the same reasons.
    Same,
    /// The same decision, with something else that is another, such as a new warning.
    Otherwise,
    /// It was allowed and is denied.
    AllowToDeny,
    /// It was denied and is allowed.
    DenyToAllow,
    /// The other policy asks for evidence that was not recorded: what it would decide is not known.
    AsksForMore,
    /// The question is none under the other policy.
    CannotBeAsked,
    /// It could not be decided, or not be compared.
    Undecided,
}

/// How many decisions there are of each class.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Counts {
    /// [`Class::Same`].
    pub same: u64,
    /// [`Class::Otherwise`].
    pub otherwise: u64,
    /// [`Class::AllowToDeny`].
    pub allow_to_deny: u64,
    /// [`Class::DenyToAllow`].
    pub deny_to_allow: u64,
    /// [`Class::AsksForMore`].
    pub asks_for_more: u64,
    /// [`Class::CannotBeAsked`].
    pub cannot_be_asked: u64,
    /// [`Class::Undecided`].
    pub undecided: u64,
}

/// Counts by purpose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally(BTreeMap<Option<String>, Counts>);

impl Class {
    /// In the word of the JSON documents.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Otherwise => "otherwise",
            Self::AllowToDeny => "allow-to-deny",
            Self::DenyToAllow => "deny-to-allow",
            Self::AsksForMore => "asks-for-more",
            Self::CannotBeAsked => "cannot-be-asked",
            Self::Undecided => "undecided",
        }
    }
}

impl Counts {
    /// Counts one more.
    pub fn add(&mut self, class: Class) {
        let count = self.of(class);
        *count = count.saturating_add(1);
    }

    fn of(&mut self, class: Class) -> &mut u64 {
        match class {
            Class::Same => &mut self.same,
            Class::Otherwise => &mut self.otherwise,
            Class::AllowToDeny => &mut self.allow_to_deny,
            Class::DenyToAllow => &mut self.deny_to_allow,
            Class::AsksForMore => &mut self.asks_for_more,
            Class::CannotBeAsked => &mut self.cannot_be_asked,
            Class::Undecided => &mut self.undecided,
        }
    }

    /// All of them.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.each().into_iter().fold(0, |total, (_, count)| total.saturating_add(count))
    }

    /// Decisions that flipped, with the evidence that was recorded.
    #[must_use]
    pub fn flips(&self) -> u64 {
        self.allow_to_deny.saturating_add(self.deny_to_allow)
    }

    /// Each class with its count, in the order in which they are shown.
    #[must_use]
    pub fn each(&self) -> [(Class, u64); 7] {
        [
            (Class::Same, self.same),
            (Class::Otherwise, self.otherwise),
            (Class::AllowToDeny, self.allow_to_deny),
            (Class::DenyToAllow, self.deny_to_allow),
            (Class::AsksForMore, self.asks_for_more),
            (Class::CannotBeAsked, self.cannot_be_asked),
            (Class::Undecided, self.undecided),
        ]
    }
}

impl Tally {
    /// Counts one more decision about a purpose, or about none in particular.
    pub fn add(&mut self, purpose: Option<&str>, class: Class) {
        let purpose = purpose.map(str::to_owned);
        self.0.entry(purpose).or_default().add(class);
    }

    /// The counts of each purpose, by name; those of questions without one first.
    pub fn purposes(&self) -> impl Iterator<Item = (Option<&str>, &Counts)> {
        self.0.iter().map(|(purpose, counts)| (purpose.as_deref(), counts))
    }

    /// The counts of all purposes together.
    #[must_use]
    pub fn all(&self) -> Counts {
        let mut all = Counts::default();
        for (class, count) in self.0.values().flat_map(Counts::each) {
            let sum = all.of(class);
            *sum = sum.saturating_add(count);
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_stand_by_purpose_and_add_up() {
        let mut tally = Tally::default();
        let classes = [
            Class::Same,
            Class::Otherwise,
            Class::AllowToDeny,
            Class::DenyToAllow,
            Class::AsksForMore,
            Class::CannotBeAsked,
            Class::Undecided,
        ];
        for (place, class) in classes.into_iter().enumerate() {
            for _ in 0..=place {
                tally.add(Some("server-auth"), class);
            }
            tally.add(None, class);
        }
        let purposes: Vec<_> = tally.purposes().map(|(purpose, counts)| (purpose, counts.total())).collect();
        assert_eq!(purposes, [(None, 7), (Some("server-auth"), 28)]);
        let all = tally.all();
        assert_eq!(all.each().map(|(_, count)| count), [2, 3, 4, 5, 6, 7, 8]);
        assert_eq!((all.total(), all.flips()), (35, 9));
        for (class, _) in all.each() {
            assert_eq!(serde_json::to_value(class).unwrap(), class.word());
        }
    }
}
