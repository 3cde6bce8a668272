//! Answers that the engine has accepted, for as long as they are fresh. Nothing else: no answer before its
//! verdict, no failure, no answer of a moment that has passed.
//!
//! Three ways a cache has been turned against its owner are closed here. A certificate cannot put anything under
//! the key of another one, because the key is a hash over the whole request. It cannot grow: it is bounded in
//! entries and in octets, and the least recently used goes first. It cannot be rolled back: an answer older than
//! the one accepted before does not replace it, even when that one is no longer fresh.

use std::collections::BTreeMap;

use hyper::body::Bytes;
use sha2::{Digest, Sha256};

/// Names a request: SHA-256 over everything that is sent and everything that is expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key([u8; 32]);

impl Key {
    /// The key of these parts, in this order. Each is preceded by its length, so that no two lists look alike.
    #[must_use]
    pub(super) fn of(parts: &[&[u8]]) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update(part.len().to_be_bytes());
            hash.update(part);
        }
        Self(hash.finalize().into())
    }
}

/// What the engine said of an answer that it accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// Its thisUpdate.
    pub this_update: i64,
    /// The last moment at which it would be accepted again.
    pub fresh_until: i64,
}

/// How much is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Most answers.
    pub entries: usize,
    /// Most octets of all answers together.
    pub octets: usize,
}

impl Default for Bounds {
    /// Room for two of the largest CRLs, or for some thousand OCSP responses.
    fn default() -> Self {
        Self { entries: 4_096, octets: 64 * 1024 * 1024 }
    }
}

/// Accepted answers by request.
#[derive(Debug)]
pub(super) struct Cache {
    bounds: Bounds,
    entries: BTreeMap<Key, Entry>,
    /// Which key was used at which turn, the least recent first.
    turns: BTreeMap<u64, Key>,
    next_turn: u64,
    octets: usize,
}

#[derive(Debug)]
struct Entry {
    body: Bytes,
    accepted: Accepted,
    turn: u64,
}

impl Cache {
    pub(super) fn new(bounds: Bounds) -> Self {
        Self { bounds, entries: BTreeMap::new(), turns: BTreeMap::new(), next_turn: 0, octets: 0 }
    }

    /// The accepted answer to a request, if it is fresh now.
    pub(super) fn find(&mut self, key: Key, now: i64) -> Option<Bytes> {
        let turn = self.take_turn();
        let entry = self.entries.get_mut(&key).filter(|entry| now <= entry.accepted.fresh_until)?;
        self.turns.remove(&entry.turn);
        self.turns.insert(turn, key);
        entry.turn = turn;
        Some(entry.body.clone())
    }

    /// Keeps an accepted answer, unless it is stale, larger than the whole cache, or older than the one kept.
    pub(super) fn keep(&mut self, key: Key, body: Bytes, accepted: Accepted, now: i64) {
        let older = |kept: &Entry| accepted.this_update < kept.accepted.this_update;
        let rolls_back = self.entries.get(&key).is_some_and(older);
        if now > accepted.fresh_until || body.len() > self.bounds.octets || rolls_back {
            return;
        }
        self.remove(key);
        let turn = self.take_turn();
        self.octets = self.octets.saturating_add(body.len());
        self.turns.insert(turn, key);
        self.entries.insert(key, Entry { body, accepted, turn });
        while self.entries.len() > self.bounds.entries || self.octets > self.bounds.octets {
            let Some((_, oldest)) = self.turns.pop_first() else { break };
            self.remove(oldest);
        }
    }

    /// How many answers and octets are kept.
    pub(super) fn size(&self) -> Bounds {
        Bounds { entries: self.entries.len(), octets: self.octets }
    }

    fn remove(&mut self, key: Key) {
        if let Some(entry) = self.entries.remove(&key) {
            self.turns.remove(&entry.turn);
            self.octets = self.octets.saturating_sub(entry.body.len());
        }
    }

    fn take_turn(&mut self) -> u64 {
        let turn = self.next_turn;
        self.next_turn = turn.wrapping_add(1);
        turn
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_000;

    fn key(name: &str) -> Key {
        Key::of(&[name.as_bytes()])
    }

    fn accepted(this_update: i64, fresh_until: i64) -> Accepted {
        Accepted { this_update, fresh_until }
    }

    fn cache(entries: usize, octets: usize) -> Cache {
        Cache::new(Bounds { entries, octets })
    }

    fn body(octets: usize) -> Bytes {
        Bytes::from(vec![7; octets])
    }

    #[test]
    fn parts_cannot_be_shifted_into_another_key() {
        assert_eq!(Key::of(&[b"a", b"b"]), Key::of(&[b"a", b"b"]));
        assert_ne!(Key::of(&[b"a", b"b"]), Key::of(&[b"ab", b""]));
        assert_ne!(Key::of(&[b"a", b"b"]), Key::of(&[b"b", b"a"]));
        assert_ne!(Key::of(&[b"a"]), Key::of(&[b"a", b""]));
    }

    #[test]
    fn an_answer_is_found_until_it_is_stale() {
        let mut cache = cache(4, 100);
        assert_eq!(cache.find(key("a"), NOW), None);
        cache.keep(key("a"), body(3), accepted(NOW - 10, NOW + 10), NOW);
        for (now, found) in [(NOW, true), (NOW + 10, true), (NOW + 11, false), (NOW, true)] {
            assert_eq!(cache.find(key("a"), now).is_some(), found, "{now}");
        }
        assert_eq!(cache.find(key("b"), NOW), None);
    }

    #[test]
    fn a_stale_answer_is_not_kept() {
        let mut cache = cache(4, 100);
        cache.keep(key("a"), body(3), accepted(0, NOW - 1), NOW);
        assert_eq!(cache.size(), Bounds { entries: 0, octets: 0 });
        cache.keep(key("a"), body(3), accepted(0, NOW), NOW);
        assert_eq!(cache.size(), Bounds { entries: 1, octets: 3 });
    }

    #[test]
    fn an_older_answer_replaces_no_newer_one_even_a_stale_one() {
        let mut cache = cache(4, 100);
        cache.keep(key("a"), body(1), accepted(500, NOW + 10), NOW);
        cache.keep(key("a"), body(2), accepted(499, NOW + 99), NOW);
        assert_eq!(cache.find(key("a"), NOW), Some(body(1)));
        // the newer one has lapsed; the older one still does not come back
        cache.keep(key("a"), body(2), accepted(499, NOW + 99), NOW + 11);
        assert_eq!(cache.find(key("a"), NOW + 11), None);
        // as new, and newer
        cache.keep(key("a"), body(3), accepted(500, NOW + 99), NOW + 11);
        assert_eq!(cache.find(key("a"), NOW + 11), Some(body(3)));
        cache.keep(key("a"), body(4), accepted(501, NOW + 99), NOW + 11);
        assert_eq!(cache.find(key("a"), NOW + 11), Some(body(4)));
    }

    #[test]
    fn the_least_recently_used_goes_first() {
        let mut cache = cache(2, 100);
        for name in ["a", "b"] {
            cache.keep(key(name), body(1), accepted(0, NOW), NOW);
        }
        assert!(cache.find(key("a"), NOW).is_some());
        cache.keep(key("c"), body(1), accepted(0, NOW), NOW);
        assert!(cache.find(key("b"), NOW).is_none());
        assert!(cache.find(key("a"), NOW).is_some() && cache.find(key("c"), NOW).is_some());
    }

    #[test]
    fn octets_are_bounded_too() {
        let mut cache = cache(100, 10);
        for (name, octets) in [("a", 4), ("b", 4), ("c", 4)] {
            cache.keep(key(name), body(octets), accepted(0, NOW), NOW);
        }
        assert_eq!(cache.size(), Bounds { entries: 2, octets: 8 });
        cache.keep(key("d"), body(11), accepted(0, NOW), NOW);
        assert_eq!(cache.size(), Bounds { entries: 2, octets: 8 });
        cache.keep(key("e"), body(10), accepted(0, NOW), NOW);
        assert_eq!(cache.size(), Bounds { entries: 1, octets: 10 });
    }

    #[test]
    fn under_churn_it_stays_within_its_bounds_and_its_books_agree() {
        let mut cache = cache(16, 1_000);
        for turn in 0_usize..20_000 {
            let name = format!("{}", turn.wrapping_mul(2_654_435_761) % 61);
            let moment = i64::try_from(turn).unwrap();
            cache.keep(key(&name), body(turn * 31 % 197), accepted(moment, moment + 50), moment);
            cache.find(key(&format!("{}", turn % 61)), moment);
            let sum: usize = cache.entries.values().map(|entry| entry.body.len()).sum();
            assert!(cache.size().entries <= 16 && cache.size().octets <= 1_000);
            assert_eq!((sum, cache.turns.len()), (cache.size().octets, cache.entries.len()));
        }
    }
}
