//! Whose turn it is. Certificates of one authority are asked about at the same responder, so each authority has a lane:
//! one that answers may have several checks under way, one that is silent, or not known yet, one. However many lanes wait
//! for silent responders, there is room for those that answer.

use std::collections::BTreeMap;

use super::{AT_ONCE, Reach};
use crate::storage::Due;

/// Checks under way at once for an authority that answers: twice the connections that one responder may have.
const WIDE: usize = 8;
/// Checks under way at once for all authorities that do not answer, or were not asked yet.
const SUSPECT: usize = AT_ONCE / 4 * 3;
/// Authorities that are remembered while nothing is under way for them.
const REMEMBERED: usize = 4_096;
/// Silent ones that are left out of the search for what is due, once there is no room for them.
const LEFT_OUT: usize = 256;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Health {
    Answers,
    Silent,
    Unknown,
}

#[derive(Debug)]
struct Lane {
    running: usize,
    health: Health,
}

impl Lane {
    const NEW: Self = Self { running: 0, health: Health::Unknown };

    fn is_full(&self) -> bool {
        self.running >= if self.health == Health::Answers { WIDE } else { 1 }
    }
}

/// Every authority's lane.
#[derive(Debug, Default)]
pub(super) struct Lanes {
    lanes: BTreeMap<String, Lane>,
}

impl Lanes {
    /// The issuers for which nothing more can begin now.
    pub(super) fn full(&self) -> Vec<String> {
        let crowded = self.suspects() >= SUSPECT;
        let silent = |lane: &Lane| crowded && lane.health == Health::Silent && lane.running == 0;
        let waiting = self.lanes.iter().filter(|(_, lane)| silent(lane)).take(LEFT_OUT);
        let full = self.lanes.iter().filter(|(_, lane)| lane.is_full());
        full.chain(waiting).map(|(issuer, _)| issuer.clone()).collect()
    }

    /// Which of what is due begins now, at most `free`, in its order.
    pub(super) fn choose(&self, due: &[Due], free: usize) -> Vec<i64> {
        let mut suspects = self.suspects();
        let mut running: BTreeMap<&str, usize> = BTreeMap::new();
        let mut chosen = Vec::new();
        for one in due {
            if chosen.len() >= free {
                break;
            }
            let lane = self.lanes.get(&one.issuer).unwrap_or(&Lane::NEW);
            let count = running.entry(&one.issuer).or_insert(lane.running);
            let is_suspect = lane.health != Health::Answers;
            let now = Lane { running: *count, health: lane.health };
            if now.is_full() || (is_suspect && suspects >= SUSPECT) {
                continue;
            }
            *count = count.saturating_add(1);
            suspects = suspects.saturating_add(usize::from(is_suspect));
            chosen.push(one.id);
        }
        chosen
    }

    pub(super) fn begin(&mut self, issuer: &str) {
        let lane = self.lanes.entry(issuer.to_owned()).or_insert(Lane::NEW);
        lane.running = lane.running.saturating_add(1);
    }

    pub(super) fn end(&mut self, issuer: &str, reach: Reach) {
        if let Some(lane) = self.lanes.get_mut(issuer) {
            lane.running = lane.running.saturating_sub(1);
            lane.health = match reach {
                Reach::Answered | Reach::Offline => Health::Answers,
                Reach::Silent => Health::Silent,
            };
        }
        if self.lanes.len() > REMEMBERED {
            self.lanes.retain(|_, lane| lane.running > 0);
        }
    }

    fn suspects(&self) -> usize {
        self.lanes.values().filter(|lane| lane.health != Health::Answers).map(|lane| lane.running).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn due(issuers: &[(&str, i64)]) -> Vec<Due> {
        issuers.iter().map(|(issuer, id)| Due { id: *id, issuer: (*issuer).to_owned() }).collect()
    }

    #[test]
    fn an_authority_has_one_check_until_it_answered_and_then_several() {
        let mut lanes = Lanes::default();
        let many: Vec<_> = (0..20).map(|id| ("a", id)).collect();
        assert_eq!(lanes.choose(&due(&many), 64), [0]);
        lanes.begin("a");
        assert_eq!(lanes.full(), ["a"]);
        assert!(lanes.choose(&due(&many), 64).is_empty());
        lanes.end("a", Reach::Answered);
        assert_eq!(lanes.choose(&due(&many), 64), (0..8).collect::<Vec<_>>());
        assert_eq!(lanes.choose(&due(&many), 3), [0, 1, 2]);
        lanes.begin("a");
        lanes.end("a", Reach::Silent);
        assert_eq!(lanes.choose(&due(&many), 64), [0]);
    }

    #[test]
    fn whoever_answers_has_room_beside_any_number_that_does_not() {
        let mut lanes = Lanes::default();
        lanes.begin("good");
        lanes.end("good", Reach::Answered);
        let names: Vec<String> = (0..100).map(|number| format!("dead {number}")).collect();
        for name in &names {
            lanes.begin(name);
            lanes.end(name, Reach::Silent);
        }
        let mut all: Vec<_> = names.iter().map(|name| (name.as_str(), 1)).collect();
        all.push(("good", 7));
        let chosen = lanes.choose(&due(&all), 64);
        assert_eq!((chosen.len(), chosen.last()), (SUSPECT + 1, Some(&7)));
        names.iter().take(SUSPECT).for_each(|name| lanes.begin(name));
        // none of them stands before the others in the search any more
        assert_eq!(lanes.full().len(), 100);
        assert_eq!(lanes.choose(&due(&[("dead 99", 1), ("new", 2), ("good", 3)]), 16), [3]);
    }
}
