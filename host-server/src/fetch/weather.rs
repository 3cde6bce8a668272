//! How those that are asked answer: counted by kind and authority, whoever asked, and taken away from time to time by
//! whoever keeps it. Nothing is decided by it. The responses that were believed are remembered until then too, one of each
//! responder, because the certificates that they carry expire.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use hyper::body::Bytes;

use super::cache::Accepted;
use super::failure::{Failure, reason_name};
use super::target::Target;
use super::{Kind, Request};

/// Authorities that are counted by their names between two times that it is taken away. Certificates name as many as
/// somebody cares to write into them.
const NAMED: usize = 1_000;
/// Everybody else.
pub const OTHER: &str = "other";
/// Bounds of how long a request took, in milliseconds.
pub const BOUNDS: [u64; 11] = [5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 10_000, 60_000];

/// Counts what is seen.
#[derive(Debug, Default)]
pub struct Observer {
    seen: Mutex<Seen>,
}

/// What was seen since it was last taken away.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// By kind and authority.
    pub tallies: BTreeMap<(Kind, String), Tally>,
    /// The last OCSP response of each responder that was believed, with its URI.
    pub responses: BTreeMap<String, (String, Bytes)>,
}

/// What was seen of one authority.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Requests that went out.
    pub requests: u64,
    /// Of these, those that brought nothing, by their reasons.
    pub failures: BTreeMap<&'static str, u64>,
    /// Answers from the cache.
    pub cached: u64,
    /// How long requests took, all together.
    pub total: Duration,
    /// How long the slowest took.
    pub slowest: Duration,
    /// How many took at most as long as each of the [`BOUNDS`], and longer than the one before it; longer than all, last.
    pub within: [u64; BOUNDS.len() + 1],
    /// thisUpdate of the last answer that was believed, and until when it is fresh.
    pub believed: Option<(i64, i64)>,
}

impl Observer {
    /// Takes away what was seen.
    #[must_use]
    pub fn take(&self) -> Seen {
        std::mem::take(&mut *self.seen())
    }

    /// Gives back what could not be kept.
    pub fn give_back(&self, seen: &Seen) {
        let mut all = self.seen();
        for ((kind, authority), tally) in &seen.tallies {
            all.tally((*kind, authority)).add(tally);
        }
    }

    /// An answer from the cache.
    pub(super) fn cached(&self, request: &Request) {
        let mut seen = self.seen();
        let tally = seen.tally((request.kind, &authority(&request.uri)));
        tally.cached = tally.cached.saturating_add(1);
    }

    /// A request that went out, and what came of it.
    pub(super) fn asked<T>(&self, request: &Request, (outcome, took): (&Result<T, Failure>, Duration)) {
        let mut seen = self.seen();
        let tally = seen.tally((request.kind, &authority(&request.uri)));
        tally.requests = tally.requests.saturating_add(1);
        if let Err(failure) = outcome {
            let count = tally.failures.entry(reason_name(failure.reason)).or_default();
            *count = count.saturating_add(1);
        }
        tally.total = tally.total.saturating_add(took);
        tally.slowest = tally.slowest.max(took);
        let place = BOUNDS.iter().position(|bound| took <= Duration::from_millis(*bound));
        if let Some(count) = tally.within.get_mut(place.unwrap_or(BOUNDS.len())) {
            *count = count.saturating_add(1);
        }
    }

    /// An answer that the engine accepted.
    pub(super) fn believed(&self, request: &Request, (body, accepted): (&Bytes, Accepted)) {
        let mut seen = self.seen();
        let authority = authority(&request.uri);
        let tally = seen.tally((request.kind, &authority));
        let latest = (accepted.this_update, accepted.fresh_until);
        tally.believed = tally.believed.max(Some(latest));
        let has_room = seen.responses.len() < NAMED || seen.responses.contains_key(&authority);
        if request.kind == Kind::OcspResponse && has_room {
            seen.responses.insert(authority, (request.uri.clone(), body.clone()));
        }
    }

    fn seen(&self) -> std::sync::MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seen {
    /// The tally of an authority, or of everybody else where there are too many.
    fn tally(&mut self, (kind, authority): (Kind, &str)) -> &mut Tally {
        let key = (kind, authority.to_owned());
        let is_named = self.tallies.contains_key(&key) || self.tallies.len() < NAMED;
        self.tallies.entry(if is_named { key } else { (kind, OTHER.to_owned()) }).or_default()
    }
}

impl Tally {
    fn add(&mut self, other: &Self) {
        self.requests = self.requests.saturating_add(other.requests);
        for (reason, count) in &other.failures {
            let sum = self.failures.entry(reason).or_default();
            *sum = sum.saturating_add(*count);
        }
        self.cached = self.cached.saturating_add(other.cached);
        self.total = self.total.saturating_add(other.total);
        self.slowest = self.slowest.max(other.slowest);
        for (sum, count) in self.within.iter_mut().zip(other.within) {
            *sum = sum.saturating_add(count);
        }
        self.believed = self.believed.max(other.believed);
    }
}

/// Host and port, as far as the URI is one.
fn authority(uri: &str) -> String {
    Target::parse(uri).map_or_else(|_| OTHER.to_owned(), |target| target.authority())
}

#[cfg(test)]
mod tests {
    use hyper::body::Bytes;

    use super::*;
    use crate::component::contract::evidence::HttpMethod;

    fn request(uri: &str) -> Request {
        Request {
            kind: Kind::OcspResponse,
            uri: uri.to_owned(),
            method: HttpMethod::Get,
            body: Bytes::new(),
            maximum_octets: 1,
            scope: Bytes::new(),
        }
    }

    const OK: Result<(), Failure> = Ok(());

    #[test]
    fn what_is_seen_is_counted_by_authority_until_it_is_taken_away() {
        let observer = Observer::default();
        let (one, other) = (request("http://A.example/x?y"), request("http://b.example:81/"));
        observer.asked(&one, (&OK, Duration::from_millis(5)));
        observer.asked(&one, (&OK, Duration::from_millis(6)));
        observer.asked(&one, (&Err::<(), _>(Failure::timeout("test")), Duration::from_secs(61)));
        observer.cached(&one);
        observer.asked(&other, (&OK, Duration::ZERO));
        observer.believed(&other, (&Bytes::from_static(b"new"), Accepted { this_update: 7, fresh_until: 9 }));
        observer.believed(&other, (&Bytes::from_static(b"old"), Accepted { this_update: 6, fresh_until: 9 }));
        let seen = observer.take();
        let names: Vec<_> = seen.tallies.keys().map(|(_, authority)| authority.as_str()).collect();
        assert_eq!(names, ["a.example", "b.example:81"]);
        let first = &seen.tallies[&(Kind::OcspResponse, "a.example".to_owned())];
        assert_eq!(
            (first.requests, first.cached, &first.failures),
            (3, 1, &BTreeMap::from([("timeout", 1)]))
        );
        assert_eq!(
            (first.slowest, first.within[0], first.within[1], first.within[BOUNDS.len()]),
            (Duration::from_secs(61), 1, 1, 1)
        );
        let second = &seen.tallies[&(Kind::OcspResponse, "b.example:81".to_owned())];
        assert_eq!((second.believed, second.within[0]), (Some((7, 9)), 1));
        assert_eq!(seen.responses["b.example:81"].1, "old");
        assert!(observer.take().tallies.is_empty());
        // what could not be kept is there again
        observer.asked(&one, (&OK, Duration::from_millis(5)));
        observer.give_back(&seen);
        let again = &observer.take().tallies[&(Kind::OcspResponse, "a.example".to_owned())];
        assert_eq!((again.requests, again.within[0], again.failures["timeout"]), (4, 2, 1));
    }

    #[test]
    fn whoever_asks_many_names_makes_no_more_than_one_more() {
        let observer = Observer::default();
        for number in 0..3 * NAMED {
            observer.asked(&request(&format!("http://r{number}.example/")), (&OK, Duration::ZERO));
        }
        observer.asked(&request("ldap://nobody/"), (&OK, Duration::ZERO));
        let seen = observer.take();
        assert_eq!(seen.tallies.len(), NAMED + 1);
        let other = &seen.tallies[&(Kind::OcspResponse, OTHER.to_owned())];
        assert_eq!(other.requests, u64::try_from(2 * NAMED + 1).unwrap());
    }
}
