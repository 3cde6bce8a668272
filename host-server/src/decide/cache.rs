//! Decisions that may be told again: bounded, each for as long as it says itself, and all of one version of what is
//! decided by. Those that let in and those that shut out have room of their own, so that strangers who are refused by the
//! thousand push out nobody who is let in.

use std::collections::BTreeMap;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::decision::Decision;

/// Names a question: its class and everything that was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key([u8; 32]);

impl Key {
    /// The key of these parts; no two lists of parts have the same.
    #[must_use]
    pub fn of<'p>(parts: impl Iterator<Item = &'p [u8]>) -> Self {
        let mut digest = Sha256::new();
        for part in parts {
            digest.update(Sha256::digest(part));
        }
        Self(digest.finalize().into())
    }

    /// Its octets.
    #[must_use]
    pub fn octets(&self) -> &[u8] {
        &self.0
    }
}

/// What was decided by: the version of the state, and the generation of what was loaded from it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edition {
    /// The version of the state.
    pub version: i64,
    /// Another where a certificate came into use without a change of the state.
    pub generation: u64,
}

/// The decisions that are kept.
#[derive(Debug)]
pub struct Cache {
    edition: Edition,
    allows: Shelf,
    denies: Shelf,
}

impl Cache {
    /// Nothing yet, and at most so many. A quarter of the room is for those that shut out.
    #[must_use]
    pub fn new(most: usize) -> Self {
        let denies = most.div_euclid(4);
        let allows = most.saturating_sub(denies);
        Self { edition: Edition::default(), allows: Shelf::new(allows), denies: Shelf::new(denies) }
    }

    /// The decision on a question by this edition, if it may still be told at `now`.
    #[must_use]
    pub fn find(&self, edition: Edition, key: Key, now: i64) -> Option<Arc<Decision>> {
        if edition != self.edition {
            return None;
        }
        let found = self.denies.find(key).or_else(|| self.allows.find(key))?;
        // a clock that was put back makes no decision younger
        (found.decided_at <= now && now <= found.fresh_until).then(|| Arc::clone(found))
    }

    /// Keeps a decision that may be told again; the one before it is forgotten in any case. Whatever was decided by an
    /// earlier edition goes, and what was decided by one before this comes too late.
    pub fn put(&mut self, edition: Edition, key: Key, decision: &Arc<Decision>) {
        if edition < self.edition {
            return;
        }
        if edition > self.edition {
            self.edition = edition;
            self.allows.clear();
            self.denies.clear();
        }
        self.allows.remove(key);
        self.denies.remove(key);
        if decision.fresh_until <= decision.decided_at {
            return;
        }
        let shelf = if decision.allows { &mut self.allows } else { &mut self.denies };
        shelf.put(key, Arc::clone(decision));
    }

    /// How many are kept.
    #[must_use]
    pub fn len(&self) -> usize {
        self.allows.kept.len().saturating_add(self.denies.kept.len())
    }

    /// Whether none is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Decisions of one kind, the oldest first to go. INVARIANT: `kept` and `order` name the same keys, `most` at most.
#[derive(Debug)]
struct Shelf {
    most: usize,
    next: u64,
    kept: BTreeMap<Key, (u64, Arc<Decision>)>,
    order: BTreeMap<u64, Key>,
}

impl Shelf {
    fn new(most: usize) -> Self {
        Self { most, next: 0, kept: BTreeMap::new(), order: BTreeMap::new() }
    }

    fn find(&self, key: Key) -> Option<&Arc<Decision>> {
        self.kept.get(&key).map(|(_, decision)| decision)
    }

    fn remove(&mut self, key: Key) {
        if let Some((number, _)) = self.kept.remove(&key) {
            self.order.remove(&number);
        }
    }

    fn clear(&mut self) {
        self.kept.clear();
        self.order.clear();
    }

    fn put(&mut self, key: Key, decision: Arc<Decision>) {
        if self.most == 0 {
            return;
        }
        while self.kept.len() >= self.most {
            let Some((_, oldest)) = self.order.pop_first() else { break };
            self.kept.remove(&oldest);
        }
        let number = self.next;
        self.next = self.next.wrapping_add(1);
        self.order.insert(number, key);
        self.kept.insert(key, (number, decision));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: Edition = Edition { version: 1, generation: 1 };

    fn key(number: u8) -> Key {
        Key::of([[number].as_slice()].into_iter())
    }

    fn decision(allows: bool, decided_at: i64, fresh_until: i64) -> Arc<Decision> {
        Arc::new(Decision {
            allows,
            status: "good",
            reasons: Vec::new(),
            subject: String::new(),
            fingerprint: String::new(),
            policy: String::new(),
            trace: String::new(),
            version: 1,
            decided_at,
            fresh_until,
            document: None,
        })
    }

    #[test]
    fn keys_tell_parts_from_each_other() {
        let key = |parts: &[&[u8]]| Key::of(parts.iter().copied());
        assert_eq!(key(&[b"a", b"b"]), key(&[b"a", b"b"]));
        assert_ne!(key(&[b"a", b"b"]), key(&[b"ab"]));
        assert_ne!(key(&[b"a", b"b"]), key(&[b"b", b"a"]));
        assert_ne!(key(&[b"a"]), key(&[b"a", b""]));
    }

    #[test]
    fn a_decision_is_told_up_to_its_last_moment_and_not_before_it_was_made() {
        let mut cache = Cache::new(8);
        cache.put(FIRST, key(1), &decision(true, 10, 20));
        let told = |now| cache.find(FIRST, key(1), now).is_some();
        assert_eq!([9, 10, 20, 21].map(told), [false, true, true, false]);
        assert!(cache.find(FIRST, key(2), 10).is_none());
        cache.put(FIRST, key(3), &decision(true, 10, 10));
        assert_eq!(cache.len(), 1);
    }

    #[test]
    fn a_later_decision_takes_the_place_of_the_one_before_whatever_it_says() {
        let mut cache = Cache::new(8);
        cache.put(FIRST, key(1), &decision(true, 10, 90));
        cache.put(FIRST, key(1), &decision(false, 11, 90));
        assert_eq!(cache.find(FIRST, key(1), 12).map(|found| found.allows), Some(false));
        cache.put(FIRST, key(1), &decision(true, 12, 90));
        assert_eq!(cache.find(FIRST, key(1), 12).map(|found| found.allows), Some(true));
        // one that may not be told again leaves nothing to be told
        cache.put(FIRST, key(1), &decision(false, 13, 13));
        assert!(cache.find(FIRST, key(1), 13).is_none() && cache.is_empty());
    }

    #[test]
    fn another_version_or_generation_forgets_everything_and_what_is_late_is_not_kept() {
        for later in [Edition { version: 2, generation: 1 }, Edition { version: 1, generation: 2 }] {
            let mut cache = Cache::new(8);
            cache.put(FIRST, key(1), &decision(true, 10, 90));
            assert!(cache.find(later, key(1), 10).is_none());
            cache.put(later, key(2), &decision(true, 10, 90));
            assert!(cache.find(FIRST, key(1), 10).is_none() && cache.find(later, key(2), 10).is_some());
            cache.put(FIRST, key(1), &decision(true, 10, 90));
            assert_eq!(cache.len(), 1);
        }
    }

    #[test]
    fn no_more_is_kept_than_was_said_and_strangers_push_out_no_friends() {
        let mut cache = Cache::new(4);
        for number in 0..3 {
            cache.put(FIRST, key(number), &decision(true, 10, 90));
        }
        for number in 100..200 {
            cache.put(FIRST, key(number), &decision(false, 10, 90));
        }
        assert_eq!(cache.len(), 4);
        assert!((0..3).all(|number| cache.find(FIRST, key(number), 10).is_some()));
        cache.put(FIRST, key(3), &decision(true, 10, 90));
        assert!(cache.find(FIRST, key(0), 10).is_none() && cache.find(FIRST, key(3), 10).is_some());
        let mut none = Cache::new(0);
        none.put(FIRST, key(1), &decision(true, 10, 90));
        none.put(FIRST, key(2), &decision(false, 10, 90));
        assert!(none.is_empty());
    }
}
