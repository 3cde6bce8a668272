//! What is recorded of decisions, as capsules: which of them, chosen alike on every node, and a bounded room in which they
//! wait until they are written. Nobody who decides waits for that: what finds no room is counted and let go. No decision
//! is made by what was recorded.

use std::sync::atomic::{AtomicU64, Ordering};

use engine_capsule::{Record, Recording, Trusted};
use serde::Deserialize;

use super::Believed;
use super::bench::Bench;
use super::queue::{Bounds, Queue};
use crate::capsule::form::{self, Terms};
use crate::component::contract::evidence::Item;
use crate::component::contract::request::Validation;
use crate::component::contract::verdict::{Decision, Verdict};
use crate::component::pool::Pool;
use crate::resolve::Resolved;

/// Which decisions are recorded, and for how long they are kept. It is a matter of the host, as its log is, and plays no
/// role in any decision: so it stands in the server's configuration and not in the policy document, by whose hash
/// verdicts differ.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Capsules {
    /// Which decisions.
    pub record: Recorded,
    /// The share of them that `sample` records, from 0 to 1.
    pub sample: f64,
    /// Days for which one is kept.
    pub keep_days: u32,
    /// Octets of all that are kept; the oldest go first.
    pub keep_octets: u64,
}

/// Which decisions are recorded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Recorded {
    /// None.
    #[default]
    None,
    /// Those that deny.
    Denies,
    /// A share of them, by the hashes of their traces, so that every node chooses the same.
    Sample,
    /// All of them.
    All,
}

impl Default for Capsules {
    fn default() -> Self {
        Self { record: Recorded::None, sample: 0.01, keep_days: 30, keep_octets: 1024 * 1024 * 1024 }
    }
}

impl Capsules {
    /// What no type says.
    ///
    /// # Errors
    /// One line, with what was expected.
    pub fn check(&self) -> Result<(), String> {
        if !(0.0..=1.0).contains(&self.sample) {
            return Err(format!("capsules.sample: found {}; expected 0 to 1", self.sample));
        }
        if !(1..=36_500).contains(&self.keep_days) {
            return Err(format!("capsules.keep-days: found {}; expected 1 to 36500", self.keep_days));
        }
        if self.keep_octets > MOST_KEPT || self.keep_octets < 1024 * 1024 {
            return Err(format!(
                "capsules.keep-octets: found {}; expected 1048576 to {MOST_KEPT}",
                self.keep_octets
            ));
        }
        Ok(())
    }

    /// Whether a verdict is recorded.
    #[must_use]
    pub fn choose(&self, decision: Decision, trace: &[u8]) -> bool {
        match self.record {
            Recorded::None => false,
            Recorded::Denies => decision == Decision::Deny,
            Recorded::Sample => place(trace) < self.sample,
            Recorded::All => true,
        }
    }
}

/// 64 TiB: the databases count further than anybody keeps.
const MOST_KEPT: u64 = 64 * 1024 * 1024 * 1024 * 1024;
/// Decisions that wait at most, and octets of what was asked and answered in them.
const ROOM: Bounds = Bounds { things: 4_096, octets: 128 * 1024 * 1024 };

/// Where between 0 and 1 a trace is.
fn place(trace: &[u8]) -> f64 {
    let first = trace.first_chunk::<4>().map_or(0, |octets| u32::from_be_bytes(*octets));
    f64::from(first) / (f64::from(u32::MAX) + 1.0)
}

/// Decisions that wait to be recorded.
#[derive(Debug)]
pub struct Recorder {
    settings: Capsules,
    queue: Queue<Pending>,
    dropped: AtomicU64,
}

/// A decision that waits to be recorded.
pub struct Pending {
    bench: Bench,
    validation: Validation,
    resolved: Resolved<Verdict>,
    at: i64,
}

impl std::fmt::Debug for Pending {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "a decision of {}", self.at)
    }
}

impl Recorder {
    /// One that records what the configuration says; `None` where it is nothing.
    #[must_use]
    pub fn of(settings: Capsules) -> Option<Self> {
        let recorder = || Self { settings, queue: Queue::new(ROOM), dropped: AtomicU64::new(0) };
        (settings.record != Recorded::None).then(recorder)
    }

    /// What it records, and for how long.
    #[must_use]
    pub fn settings(&self) -> &Capsules {
        &self.settings
    }

    /// Takes a decision if it is one of those that are recorded and there is room.
    pub(super) fn offer(
        &self,
        bench: &Bench,
        validation: &Validation,
        resolved: &Resolved<Verdict>,
        at: i64,
    ) {
        if !self.settings.choose(resolved.verdict.decision, &resolved.verdict.trace_hash) {
            return;
        }
        let pending = || Pending {
            bench: bench.clone(),
            validation: validation.clone(),
            resolved: resolved.clone(),
            at,
        };
        if !self.queue.offer(weight(validation, resolved), pending) {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Waits until there is something to record.
    pub async fn noted(&self) {
        self.queue.noted().await;
    }

    /// Takes away the first of what waits; where others are left, [`noted`](Self::noted) returns again.
    #[must_use]
    pub fn take(&self, most: usize) -> Vec<Pending> {
        self.queue.take(most)
    }

    /// How many found no room since this was asked last.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.dropped.swap(0, Ordering::Relaxed)
    }
}

/// The octets that a decision takes while it waits.
pub(super) fn weight(validation: &Validation, resolved: &Resolved<Verdict>) -> usize {
    let evidence = resolved.evidence.iter().map(|item| match item {
        Item::Certificate(body) => body.len(),
        Item::IssuerCertificates(one) | Item::OcspResponse(one) | Item::Crl(one) => one.body.len(),
        Item::Signature(_) | Item::Unavailable(_) => 64,
    });
    let question = validation.untrusted.iter().map(Vec::len).chain([validation.target.len()]);
    evidence.chain(question).fold(resolved.verdict.document.len(), usize::saturating_add)
}

impl Pending {
    /// The whole decision. The engine of the pool finds the certificates in files of trust anchors once more.
    ///
    /// # Errors
    /// One line: the engine gave no answer.
    pub async fn record(self, pool: &Pool, node: &str) -> Result<Record, String> {
        let trusted = match (&self.bench.believed, &self.bench.snapshot) {
            (Believed::Store(store), Some(snapshot)) => snapshot.trusted(store, None),
            (Believed::StoreBeside(store), Some(snapshot)) => {
                snapshot.trusted(store, Some(&self.bench.target))
            }
            (Believed::Store(_) | Believed::StoreBeside(_), None) => Vec::new(),
            (Believed::Anchors(files), _) => anchors(files.clone(), pool).await?,
        };
        let terms = Terms { policy: self.bench.policy, mode: self.bench.mode, trusted };
        let by = format!("assayer {} on {node}", env!("CARGO_PKG_VERSION"));
        let recording = Recording { at: self.at, by };
        let engine = pool.engine().info();
        Ok(form::record(terms, self.validation, self.resolved, (&engine, recording)))
    }
}

/// The certificates in files, in the order in which the engine was told of them.
async fn anchors(files: Vec<Vec<u8>>, pool: &Pool) -> Result<Vec<Trusted>, String> {
    let found = pool.ask(move |session| {
        let mut found = Vec::new();
        for file in &files {
            // every one was read before
            if let Ok(bundle) = session.read_bundle(file)? {
                found.extend(bundle.certificates.into_iter().map(form::anchor));
            }
        }
        Ok(found)
    });
    found.await.map_err(|unanswered| unanswered.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_chosen_by_the_trace_alone() {
        let sample = |sample| Capsules { record: Recorded::Sample, sample, ..Capsules::default() };
        for decision in [Decision::Allow, Decision::Deny] {
            assert!(sample(0.01).choose(decision, &[0x02, 0x8f, 0, 0]));
            assert!(!sample(0.01).choose(decision, &[0x02, 0x90, 0, 0]));
            assert!(!sample(0.0).choose(decision, &[0; 32]));
            assert!(sample(1.0).choose(decision, &[0xff; 32]));
            assert!(sample(0.5).choose(decision, &[0x7f; 32]) && !sample(0.5).choose(decision, &[0x80; 32]));
        }
    }

    #[test]
    fn all_none_or_denies_are_chosen() {
        let chosen = |record| {
            let settings = Capsules { record, ..Capsules::default() };
            [Decision::Allow, Decision::Deny].map(|decision| settings.choose(decision, &[0xff; 32]))
        };
        assert_eq!(chosen(Recorded::None), [false, false]);
        assert_eq!(chosen(Recorded::Denies), [false, true]);
        assert_eq!(chosen(Recorded::All), [true, true]);
        assert!(Recorder::of(Capsules::default()).is_none());
    }

    #[test]
    fn settings_have_bounds() {
        let with = |change: fn(&mut Capsules)| {
            let mut settings = Capsules::default();
            change(&mut settings);
            settings.check()
        };
        assert_eq!(with(|_| ()), Ok(()));
        assert!(
            with(|settings| settings.sample = 1.01).unwrap_err().starts_with("capsules.sample: found 1.01")
        );
        assert!(with(|settings| settings.sample = f64::NAN).is_err());
        assert!(
            with(|settings| settings.keep_days = 0).unwrap_err().starts_with("capsules.keep-days: found 0")
        );
        assert!(with(|settings| settings.keep_octets = 1).is_err());
        assert!(with(|settings| settings.keep_octets = MOST_KEPT + 1).is_err());
    }
}
