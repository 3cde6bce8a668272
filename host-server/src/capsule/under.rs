//! Recorded decisions under another policy. Trust, question, moment and evidence stay as they were recorded, and so does the
//! mode: that is the host's choice for a node, and no part of a document. What was fetched the other policy is given once it
//! asks for it; what it asks for beyond the recorded evidence is unavailable to it, and said.
//!
//! A flip is told only where this engine, under the policy that was recorded, decides as was recorded. So what another engine
//! or a forged record would make flip is never laid to the policy.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use engine_capsule::{Compared, Concerned, Digest, Outcome, Record, Recording};

use super::again::{Absent, Again, Arithmetic, Policy, Refused, Repeater, Stopped, wanted};
use crate::cli::said;
use crate::component::contract::types::Refusal;
use crate::component::{Engine, Fault};

/// What came of judging a record under another policy.
#[derive(Clone, Debug)]
pub enum Under {
    /// What became of the decision.
    Outcome(Outcome),
    /// Nothing that can be compared; why, in one line.
    Undecided(String),
    /// The engine does not accept the policy.
    Policy(Refusal),
}

impl Repeater {
    /// Judges a record under another policy, in the mode of the record. A decision that flips is made again under the
    /// policy that was recorded, too.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn under(&mut self, record: &Record, policy: &str) -> Result<Under, Fault> {
        let policy = Policy { document: policy, mode: record.mode };
        let outcome = match self.verdict(record, policy, Absent::IsNoted)? {
            Ok(Stopped::Decided(verdict, asked)) => match Compared::of(record, &verdict.document) {
                Ok(compared) if asked.is_empty() => Outcome::Decided(compared),
                Ok(then) => Outcome::AsksForMore { asked, then },
                Err(contradiction) => return Ok(Under::Undecided(contradiction.to_string())),
            },
            Ok(Stopped::Asks(needs)) => {
                let wanted = needs.first().map(wanted).unwrap_or_default();
                return Ok(Under::Undecided(format!("the engine goes on asking for {wanted}")));
            }
            Err(Refused::Policy(refusal)) => return Ok(Under::Policy(refusal)),
            Err(Refused::Trust(refusal) | Refused::Question(refusal)) => {
                let certificate = match Concerned::of(record) {
                    Ok(certificate) => certificate,
                    Err(contradiction) => return Ok(Under::Undecided(contradiction.to_string())),
                };
                let reason = said::refusal(&refusal.input, &refusal).to_string();
                Outcome::CannotBeAsked { certificate, before: record.verdict.decision, reason }
            }
        };
        if !outcome.is_flip() {
            return Ok(Under::Outcome(outcome));
        }
        Ok(match self.unconfirmed(record)? {
            None => Under::Outcome(outcome),
            Some(why) => Under::Undecided(why),
        })
    }

    /// Why a record does not show what its own policy decides; `None` where it does.
    fn unconfirmed(&mut self, record: &Record) -> Result<Option<String>, Fault> {
        let why = match self.again(record)? {
            Again::Same => return Ok(None),
            Again::Differs(difference) => match difference.decision {
                None => return Ok(None),
                Some((before, now)) => format!("decides {} and not {}", now.word(), before.word()),
            },
            Again::Asks(_, first) => format!("asks for {first}"),
            Again::Refused(refusal) => said::refusal(&refusal.input, &refusal).to_string(),
        };
        Ok(Some(format!("this engine does not decide as was recorded under the recorded policy: {why}")))
    }
}

/// A record that was judged under another policy.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The purpose that was asked about.
    pub purpose: Option<String>,
    /// When and where it was recorded.
    pub recording: Option<Recording>,
    /// The engine that decided.
    pub engine: Digest,
    /// What became of the decision, or why nothing can be compared.
    pub outcome: Result<Outcome, String>,
}

/// What ends a run before its end.
#[derive(Debug)]
pub enum Halt<E> {
    /// Something of ours failed.
    Fault(Fault),
    /// The engine does not accept the policy.
    Policy(Refusal),
    /// Whoever gives the capsules, or takes what becomes of them, goes no further.
    Other(E),
}

/// Capsules that are judged before anything is told of them: so many are in memory at most, as what they came to.
const AT_ONCE: usize = 512;

/// Judges capsules under another policy, as many at once as there are processors, and tells what becomes of each, in their
/// order. `read` makes a record of each on the thread that judges it, so that only those are in memory; one that it passes
/// over is told as `None`.
///
/// # Errors
/// [`Halt`].
pub fn each<T: Sync, U: Send, E>(
    (engine, arithmetic, policy): (&Engine, Arithmetic, &str),
    capsules: impl Iterator<Item = Result<T, E>>,
    read: impl Fn(&T) -> Result<Option<Record>, U> + Sync,
    mut told: impl FnMut(T, Result<Option<Judged>, U>) -> Result<(), E>,
) -> Result<(), Halt<E>> {
    let lanes = std::thread::available_parallelism().map_or(1, usize::from);
    let mut repeaters: Vec<Repeater> = (0..lanes).map(|_| Repeater::new(engine, arithmetic)).collect();
    let mut capsules = capsules;
    loop {
        let batch: Result<Vec<T>, E> = capsules.by_ref().take(AT_ONCE).collect();
        let batch = batch.map_err(Halt::Other)?;
        if batch.is_empty() {
            return Ok(());
        }
        let judge = |repeater: &mut Repeater, one: &T| judged(repeater, policy, read(one));
        let judged = side_by_side(&mut repeaters, &batch, &judge);
        for (one, judged) in batch.into_iter().zip(judged.map_err(Halt::Fault)?) {
            let judged = judged.map_err(|broken| match broken {
                Broken::Fault(fault) => Halt::Fault(fault),
                Broken::Policy(refusal) => Halt::Policy(refusal),
            })?;
            told(one, judged).map_err(Halt::Other)?;
        }
    }
}

/// What ends a run on the thread that judges.
enum Broken {
    Fault(Fault),
    Policy(Refusal),
}

fn judged<U>(
    repeater: &mut Repeater,
    policy: &str,
    record: Result<Option<Record>, U>,
) -> Result<Result<Option<Judged>, U>, Broken> {
    let record = match record {
        Ok(Some(record)) => record,
        Ok(None) => return Ok(Ok(None)),
        Err(unusable) => return Ok(Err(unusable)),
    };
    let outcome = match repeater.under(&record, policy).map_err(Broken::Fault)? {
        Under::Outcome(outcome) => Ok(outcome),
        Under::Undecided(why) => Err(why),
        Under::Policy(refusal) => return Err(Broken::Policy(refusal)),
    };
    let Record { engine, recording, question, .. } = record;
    Ok(Ok(Some(Judged { purpose: question.purpose, recording, engine: engine.sha256, outcome })))
}

/// Does a batch, each of it on the thread that is free next; what comes of them, in their order.
fn side_by_side<T: Sync, R: Send>(
    repeaters: &mut [Repeater],
    batch: &[T],
    judge: &(impl Fn(&mut Repeater, &T) -> R + Sync),
) -> Result<Vec<R>, Fault> {
    let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::with_capacity(batch.len())));
    let failed = || Fault::Trap("the program failed while it judged".to_owned());
    std::thread::scope(|scope| {
        let lanes: Vec<_> = repeaters
            .iter_mut()
            .map(|repeater| {
                let (next, done) = (&next, &done);
                scope.spawn(move || {
                    loop {
                        let place = next.fetch_add(1, Ordering::Relaxed);
                        let Some(one) = batch.get(place) else { return Ok(()) };
                        let judged = judge(repeater, one);
                        done.lock().map_err(|_| failed())?.push((place, judged));
                    }
                })
            })
            .collect();
        lanes.into_iter().try_for_each(|lane| lane.join().unwrap_or_else(|_| Err(failed())))
    })?;
    let mut done = done.into_inner().map_err(|_| failed())?;
    done.sort_by_key(|(place, _)| *place);
    Ok(done.into_iter().map(|(_, judged)| judged).collect())
}
