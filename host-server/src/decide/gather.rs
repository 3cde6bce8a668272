//! Gathers what a question needs, for whoever judges it elsewhere with the same engine: the engine says what, round by
//! round, and only what it asks for is fetched. Here nothing is judged: the verdict it comes to is thrown away, and nothing
//! that came is kept as accepted.

use std::sync::Arc;

use sha2::{Digest, Sha256};
use tokio::runtime::Handle;

use super::bench::{Bench, Sharing};
use super::rounds::Rounds;
use super::{Believed, Decider, ONLINE, Undecided, decided};
use crate::component::Answer;
use crate::component::contract::evidence::{Item, Unavailable, UnavailableReason};
use crate::component::contract::request::{Mode, Validation};
use crate::component::contract::verdict::Verdict;
use crate::component::pool::Unanswered;
use crate::fetch::cache::Accepted;
use crate::resolve::{self, Asked, Judge, Means, Step};
use crate::trusted::Snapshot;

/// The most octets of evidence for one question. What would go above is said to be too large, and judged without.
pub const MOST_OCTETS: usize = 8 * 1024 * 1024;

/// A question to gather for.
#[derive(Clone, Debug)]
pub struct Gathering {
    /// The question.
    pub validation: Validation,
    /// The trust store that is believed.
    pub store: String,
    /// The mode that the policy in force is read in.
    pub mode: Mode,
}

/// What was gathered.
#[derive(Clone, Debug)]
pub struct Gathered {
    /// The evidence, in the order it was asked for.
    pub items: Vec<Item>,
    /// What was asked for, and what came.
    pub asked: Vec<Asked>,
}

impl Decider {
    /// Gathers what the engine asks for until it has decided, by a snapshot at `now`, in seconds since 1970.
    ///
    /// # Errors
    /// [`Undecided`].
    pub async fn gather(
        &self,
        gathering: Gathering,
        snapshot: Arc<Snapshot>,
        now: i64,
    ) -> Result<Gathered, Undecided> {
        let fetcher = self.fetcher.clone().ok_or(Undecided::Offline)?;
        let Gathering { validation, store, mode } = gathering;
        let bench = Bench {
            target: Sha256::digest(&validation.target).into(),
            sharing: Sharing::InForce,
            policy: snapshot.policy.clone(),
            mode,
            believed: Believed::Store(store),
            snapshot: Some(snapshot),
            ceilings: ONLINE,
        };
        let begin = bench
            .clone()
            .with_validator(&self.pool, |session, validator| session.settings(validator).map(Ok));
        let settings = begin.await??;
        let means = Means {
            fetcher: Some(fetcher),
            scope: bench.scope(&settings, self.reuse),
            told: self.told,
            reuse: self.reuse,
            limits: self.limits,
            ..Means::offline(now)
        };
        let (pool, runtime) = (self.pool.clone(), Handle::current());
        let gathered = tokio::task::spawn_blocking(move || {
            let rounds = Rounds { pool, bench, validation, runtime: runtime.clone(), failed: None };
            let mut capped = Capped(rounds);
            let resolved = runtime.block_on(resolve::resolve(&mut capped, Vec::new(), &means));
            match capped.0.failed {
                Some(unanswered) => Err(unanswered),
                None => decided(resolved).map_err(Unanswered::Fault),
            }
        });
        let resolved = gathered.await.unwrap_or(Err(Unanswered::Panicked))??;
        Ok(Gathered { items: capped(&resolved.evidence), asked: resolved.asked })
    }
}

/// A judge who is given what whoever asked will be given, and no more.
struct Capped(Rounds);

impl Judge for Capped {
    type Verdict = Verdict;

    fn evaluate(&mut self, evidence: &[Item]) -> Answer<Step<Verdict>> {
        self.0.evaluate(&capped(evidence))
    }

    /// Nothing: whoever asked chose the moment, and nobody here believes what came.
    fn accepted(&self, _: &Verdict) -> Vec<(String, Accepted)> {
        Vec::new()
    }
}

/// The evidence as far as there is room. More of it never changes what was there before.
fn capped(evidence: &[Item]) -> Vec<Item> {
    let mut room = MOST_OCTETS;
    let fits = |item: &Item| {
        let (Item::OcspResponse(came) | Item::Crl(came) | Item::IssuerCertificates(came)) = item else {
            return item.clone();
        };
        match room.checked_sub(came.body.len()) {
            Some(rest) => {
                room = rest;
                item.clone()
            }
            None => Item::Unavailable(Unavailable {
                request_id: came.request_id.clone().unwrap_or_default(),
                reason: UnavailableReason::TooLarge,
            }),
        }
    };
    evidence.iter().map(fits).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::component::contract::evidence::Answered;

    #[test]
    fn what_is_above_the_cap_is_too_large_and_what_comes_after_may_fit() {
        let list =
            |id: &str, octets| Item::Crl(Answered { request_id: Some(id.to_owned()), body: vec![0; octets] });
        let all = [list("a", MOST_OCTETS - 1), list("b", 2), list("c", 1), list("d", 1)];
        let found: Vec<(bool, String)> = capped(&all)
            .into_iter()
            .map(|item| match item {
                Item::Crl(came) => (true, came.request_id.unwrap()),
                Item::Unavailable(gone) => {
                    assert_eq!(gone.reason, UnavailableReason::TooLarge);
                    (false, gone.request_id)
                }
                other => panic!("{other:?}"),
            })
            .collect();
        let expected = [(true, "a"), (false, "b"), (true, "c"), (false, "d")];
        assert!(found.iter().map(|(came, id)| (*came, id.as_str())).eq(expected), "{found:?}");
        assert_eq!(capped(&all[..2]).len(), 2);
    }
}
