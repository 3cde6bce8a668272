//! What Prometheus reads of those that are asked for revocation status, and of the lists that are watched. Labels are
//! bounded: the first hundred authorities that are met by their names, everybody else together.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use crate::fetch::Kind;
use crate::fetch::target::Target;
use crate::fetch::weather::{OTHER, Seen};
use crate::storage::KeptList;

/// Authorities that are labels.
const NAMED: usize = 100;

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Asked {
    kind: &'static str,
    authority: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Watched {
    authority: String,
}

/// Counters of those that are asked, gauges of lists.
#[derive(Debug, Default)]
pub(super) struct Sky {
    named: Mutex<BTreeSet<String>>,
    requests: Family<Asked, Counter>,
    failures: Family<Asked, Counter>,
    milliseconds: Family<Asked, Counter>,
    age: Family<Watched, Gauge>,
    left: Family<Watched, Gauge>,
}

impl Sky {
    pub(super) fn register(&self, registry: &mut Registry) {
        let requests = "Requests for revocation status that went out";
        registry.register("responder_requests", requests, self.requests.clone());
        let failures = "Requests for revocation status that brought nothing";
        registry.register("responder_failures", failures, self.failures.clone());
        let milliseconds = "How long requests for revocation status took, all together";
        registry.register("responder_milliseconds", milliseconds, self.milliseconds.clone());
        let age = "Seconds since thisUpdate of the oldest list that is watched from there";
        registry.register("list_age_seconds", age, self.age.clone());
        let left =
            "Seconds until the first list that is watched from there lapses; less than nought where one has";
        registry.register("list_lapses_in_seconds", left, self.left.clone());
    }

    pub(super) fn add(&self, seen: &Seen) {
        for ((kind, authority), tally) in &seen.tallies {
            let labels = self.asked(*kind, authority);
            self.requests.get_or_create(&labels).inc_by(tally.requests);
            let failures = tally.failures.values().fold(0, |sum: u64, count| sum.saturating_add(*count));
            self.failures.get_or_create(&labels).inc_by(failures);
            let took = u64::try_from(tally.total.as_millis()).unwrap_or(u64::MAX);
            self.milliseconds.get_or_create(&labels).inc_by(took);
        }
    }

    pub(super) fn lists(&self, lists: &[KeptList], now: i64) {
        // what is watched no more has no age
        self.age.clear();
        self.left.clear();
        for list in lists {
            let target = Target::parse(&list.uri).map(|target| target.authority());
            let authority = self.label(&target.unwrap_or_else(|_| OTHER.to_owned()));
            let labels = Watched { authority };
            let age = self.age.get_or_create(&labels);
            age.set(age.get().max(now.saturating_sub(list.this_update)));
            drop(age);
            let Some(end) = list.next_update else { continue };
            let left = end.saturating_sub(now);
            let known = self.left.get(&labels).map(|gauge| gauge.get());
            self.left.get_or_create(&labels).set(known.map_or(left, |known| known.min(left)));
        }
    }

    fn asked(&self, kind: Kind, authority: &str) -> Asked {
        Asked { kind: kind.name(), authority: self.label(authority) }
    }

    fn label(&self, authority: &str) -> String {
        let mut named = self.named.lock().unwrap_or_else(PoisonError::into_inner);
        if named.contains(authority) {
            return authority.to_owned();
        }
        if named.len() >= NAMED {
            return OTHER.to_owned();
        }
        named.insert(authority.to_owned());
        authority.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_hundred_have_names() {
        let sky = Sky::default();
        for number in 0..NAMED {
            assert_eq!(sky.label(&format!("r{number}")), format!("r{number}"));
        }
        assert_eq!(sky.label("one too many"), OTHER);
        assert_eq!(sky.label("r7"), "r7");
    }

    #[test]
    fn of_several_lists_of_one_place_the_oldest_and_the_first_to_lapse_count() {
        let list = |path: &str, this_update, next_update| KeptList {
            uri: format!("http://a.example/{path}"),
            issuer_public_key: [0; 32],
            issuer: String::new(),
            der: Vec::new(),
            sha256: [0; 32],
            number: String::new(),
            this_update,
            next_update,
            downloaded_at: 0,
        };
        let sky = Sky::default();
        sky.lists(&[list("a", 10, Some(90)), list("b", 20, Some(70)), list("c", 30, None)], 50);
        let labels = Watched { authority: "a.example".to_owned() };
        let read = |family: &Family<Watched, Gauge>| family.get(&labels).map(|gauge| gauge.get());
        assert_eq!((read(&sky.age), read(&sky.left)), (Some(40), Some(20)));
        sky.lists(&[], 50);
        assert_eq!((read(&sky.age), read(&sky.left)), (None, None));
    }
}
