//! Decides: a question about a certificate, put to the engine under the policy in force or another, by a trust store of
//! ours or by anchors that were sent, with what was given and, where that is asked for, what can be fetched. Whoever asks,
//! an endpoint, a job or a TLS handshake, asks here. Nothing is judged here.
//!
//! For other servers, which ask about every connection: [`class`] is a kind of clients, [`desk`] answers about them, with a
//! [`gate`] that lets in no more than can be answered, decisions that are kept ([`cache`]), and one asking for whoever
//! asks the same at the same time (`lane`). For whoever judges elsewhere, [`gather`] gets what that needs.
//!
//! What was decided is noted beside it, in bounded rooms (`queue`): to be recorded ([`recorder`]), and to be compared with
//! what a candidate policy makes of it ([`candidate`]). Neither is waited for, and neither has a say.

mod bench;
mod rounds;
pub mod class;
pub mod decision;
pub mod cache;
pub mod gate;
mod lane;
pub mod desk;
pub mod ledger;
mod queue;
pub mod recorder;
pub mod candidate;
pub mod both;
pub mod gather;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use sha2::{Digest, Sha256};
use tokio::runtime::Handle;

use self::bench::{Bench, Sharing};
use self::candidate::Comparer;
use self::class::Answers;
use self::ledger::Ledger;
use self::recorder::Recorder;
use self::rounds::Rounds;
use crate::cli::revocation;
use crate::component::Fault;
use crate::component::contract::evidence::UnavailableReason;
use crate::component::contract::request::{Mode, ReferenceIdentifier, Validation};
use crate::component::contract::types::Refusal;
use crate::component::contract::verdict::Verdict;
use crate::component::limits::Ceilings;
use crate::component::pool::{Pool, Unanswered};
use crate::fetch::Fetcher;
use crate::resolve::{self, Limits, Means, Question, Resolved, Reuse, Unresolved};
use crate::signature;
use crate::trusted::Snapshot;

/// Memory and time for a question with lists that were fetched.
pub const ONLINE: Ceilings = Ceilings { memory: 1024 * 1024 * 1024, time: Duration::from_secs(120) };

/// A question, with everything decoded that is not the engine's to decode.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The certificate asked about: PEM, DER or PKCS #7; further ones in it help to build a path.
    pub certificate: Vec<u8>,
    /// Files with certificates that may help to build a path.
    pub untrusted: Vec<Vec<u8>>,
    /// Who is believed.
    pub believed: Believed,
    /// What it is to be used for.
    pub purpose: Option<String>,
    /// Names of which it must carry one.
    pub names: Vec<ReferenceIdentifier>,
    /// The moment of validation, in seconds since 1970.
    pub at: i64,
    /// A policy document; the one of the snapshot where it is `None`.
    pub policy: Option<String>,
    /// The mode that it is read in.
    pub mode: Mode,
    /// Files with CRLs.
    pub crls: Vec<Vec<u8>>,
    /// OCSP responses.
    pub responses: Vec<Vec<u8>>,
    /// Whether what is missing is fetched.
    pub online: bool,
}

/// Who is believed.
#[derive(Clone, Debug)]
pub enum Believed {
    /// These.
    Anchors(Vec<Vec<u8>>),
    /// A trust store, by its name.
    Store(String),
    /// The same as if it did not hold the certificate asked about: what is believed as itself has a status too, by those
    /// who issued it.
    StoreBeside(String),
}

impl Asked {
    /// The trust store that is believed, if it is one.
    #[must_use]
    pub fn store(&self) -> Option<&str> {
        match &self.believed {
            Believed::Anchors(_) => None,
            Believed::Store(name) | Believed::StoreBeside(name) => Some(name),
        }
    }
}

/// Why there is no verdict.
#[derive(Clone, Debug)]
pub enum Undecided {
    /// It is to fetch, and nothing here may.
    Offline,
    /// An input that the engine cannot use, by its name in the question, and why.
    Unusable(String, Refusal),
    /// The engine gave no answer.
    Unanswered(Unanswered),
    /// Something of ours is broken.
    Broken(String),
}

impl fmt::Display for Undecided {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Offline => f.write_str("nothing is fetched here; `fetch.online = true` makes it"),
            Self::Unusable(input, refusal) => write!(f, "{input}: {}", refusal.code),
            Self::Unanswered(unanswered) => unanswered.fmt(f),
            Self::Broken(what) => f.write_str(what),
        }
    }
}

impl std::error::Error for Undecided {}

impl From<Unanswered> for Undecided {
    fn from(unanswered: Unanswered) -> Self {
        Self::Unanswered(unanswered)
    }
}

impl From<Unusable> for Undecided {
    fn from(Unusable(input, refusal): Unusable) -> Self {
        Self::Unusable(input, refusal)
    }
}

/// An input that cannot be used, by its name in the question.
struct Unusable(String, Refusal);

/// Who answers questions. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Decider {
    /// The engine.
    pub pool: Pool,
    /// Fetches what questions need, where that is allowed.
    pub fetcher: Option<Fetcher>,
    /// What the engine is told of why something could not be had.
    pub told: fn(UnavailableReason) -> UnavailableReason,
    /// Whether what was accepted for one question may answer another.
    pub reuse: Reuse,
    /// How far to go for one question.
    pub limits: Limits,
    /// The name of the policy that a question brings, where it never changes and many bring it.
    pub policy_name: Option<Arc<str>>,
    /// Where it is noted what verdicts rested on that were fetched for.
    pub ledger: Option<Arc<Ledger>>,
    /// Where decisions wait to be recorded, of those that are.
    pub recorder: Option<Arc<Recorder>>,
    /// Where decisions wait to be compared with what a candidate policy makes of them.
    pub comparer: Option<Arc<Comparer>>,
    /// Whether what nobody was asked about is an answer: to who decides live it is none (R-OCSP-19).
    pub answers: Answers,
}

impl Decider {
    /// The verdict on a question that is asked at `now`, in seconds since 1970, with everything that was asked for on
    /// the way. `snapshot` is what a trust store and the policy in force are taken from.
    ///
    /// # Errors
    /// [`Undecided`].
    pub async fn decide(
        &self,
        mut asked: Asked,
        snapshot: Option<Arc<Snapshot>>,
        now: i64,
    ) -> Result<Resolved<Verdict>, Undecided> {
        let in_force = snapshot.as_ref().map(|snapshot| snapshot.policy.clone());
        let bench = Bench {
            target: Sha256::digest(&asked.certificate).into(),
            sharing: match (&asked.policy, &self.policy_name) {
                (None, _) => Sharing::InForce,
                (Some(_), Some(name)) => Sharing::Under(Arc::clone(name)),
                (Some(_), None) => Sharing::Alone,
            },
            policy: asked.policy.take().or(in_force).unwrap_or_default(),
            mode: asked.mode,
            believed: asked.believed.clone(),
            snapshot,
            ceilings: if asked.online { ONLINE } else { Ceilings::DEFAULT },
        };
        let is_compared = self.comparer.is_some() && bench.candidate().is_some();
        let noted = (self.recorder.is_some() || is_compared).then(|| bench.clone());
        let (resolved, validation) = if asked.online {
            self.online(asked, bench, now).await?
        } else {
            self.offline(asked, bench).await?
        };
        // every decision passes here, whoever asked
        if let Some(bench) = noted {
            self.note(&bench, (&validation, &resolved), now);
        }
        Ok(resolved)
    }

    /// Leaves what was decided for those who look at it later.
    fn note(&self, bench: &Bench, (validation, resolved): (&Validation, &Resolved<Verdict>), now: i64) {
        if let Some(recorder) = &self.recorder {
            recorder.offer(bench, validation, resolved, now);
        }
        if let Some(comparer) = &self.comparer {
            comparer.offer(bench, (validation, resolved), (now, self.answers));
        }
    }

    /// The verdict with what was given.
    async fn offline(&self, asked: Asked, bench: Bench) -> Result<Decided, Undecided> {
        let runtime = Handle::current();
        let judged = bench.with_validator(&self.pool, move |session, validator| {
            let read = match bench::read(session, &asked)? {
                Ok(read) => read,
                Err(unusable) => return Ok(Err(unusable)),
            };
            let means = Means { signatures: Some(signature::answer), ..Means::offline(read.validation.at) };
            let mut question = Question { session, validator, validation: &read.validation };
            let resolved = runtime.block_on(resolve::resolve(&mut question, read.evidence, &means));
            Ok(decided(resolved)?.map(|resolved| (resolved, read.validation)))
        });
        Ok(judged.await??)
    }

    /// The verdict with whatever can be fetched.
    async fn online(&self, asked: Asked, bench: Bench, now: i64) -> Result<Decided, Undecided> {
        let fetcher = self.fetcher.clone().ok_or(Undecided::Offline)?;
        let seed = revocation::nonce_seed_of_system()
            .map_err(|failure| Undecided::Broken(format!("{failure:?}")))?;
        let begin = bench.clone().with_validator(&self.pool, move |session, validator| {
            let settings = session.settings(validator)?;
            Ok(bench::read(session, &asked)?.map(|read| (read, settings)))
        });
        let (mut read, settings) = begin.await??;
        read.validation.nonce_seed = Some(seed);
        let means = Means {
            fetcher: Some(fetcher),
            signatures: Some(signature::answer),
            // what was accepted under other settings, or by the word of others, is nothing here
            scope: bench.scope(&settings, self.reuse),
            told: self.told,
            reuse: self.reuse,
            limits: self.limits,
            ..Means::offline(now)
        };
        let (pool, runtime) = (self.pool.clone(), Handle::current());
        let ledger = self.ledger.clone();
        let judged = tokio::task::spawn_blocking(move || {
            let mut rounds =
                Rounds { pool, bench, validation: read.validation, runtime: runtime.clone(), failed: None };
            let resolved = runtime.block_on(resolve::resolve(&mut rounds, read.evidence, &means));
            match rounds.failed {
                Some(unanswered) => Err(unanswered),
                None => {
                    if let (Ok(resolved), Some(ledger)) = (&resolved, &ledger) {
                        ledger.note(resolved, now);
                    }
                    let decided = decided(resolved).map_err(Unanswered::Fault)?;
                    Ok(decided.map(|resolved| (resolved, rounds.validation)))
                }
            }
        });
        Ok(judged.await.unwrap_or(Err(Unanswered::Panicked))??)
    }
}

/// A verdict with its evidence, and the question as the engine was asked it.
type Decided = (Resolved<Verdict>, Validation);

fn decided(
    resolved: Result<Resolved<Verdict>, Unresolved>,
) -> Result<Result<Resolved<Verdict>, Unusable>, Fault> {
    match resolved {
        Ok(resolved) => Ok(Ok(resolved)),
        Err(Unresolved::Refused(refusal)) => Ok(Err(Unusable(refusal.input.clone(), refusal))),
        Err(Unresolved::Fault(fault)) => Err(fault),
        Err(other) => Err(Fault::Trap(other.to_string())),
    }
}

fn numbered(input: &str, place: usize) -> String {
    format!("{input} {}", place.saturating_add(1))
}
