//! The loop: evaluate, get what is needed, evaluate again, until it is decided. "Tried and could not get it" is
//! evidence too, so every round adds facts and the loop ends; limits on rounds, requests and time see to it that it
//! ends soon.
//!
//! It decides nothing. What cannot be had is said with its reason, what the limits leave no room for is said to have
//! timed out, and without a fetcher everything is said to be offline. The engine decides what follows from that.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout};

use crate::component::contract::evaluate::Outcome;
use crate::component::contract::evidence::{
    Answered, Item, Need, SignatureCheck, Unavailable, UnavailableReason, Wanted,
};
use crate::component::contract::request::Validation;
use crate::component::contract::types::Refusal;
use crate::component::contract::verdict::{Acceptance, Verdict};
use crate::component::{Answer, Fault, Session, Validator};
use crate::fetch::cache::Accepted;
use crate::fetch::{Fetched, Fetcher, Kind, Request, Source};

/// Who judges: the engine, or in a test of the loop something simpler.
pub trait Judge {
    /// What it comes to.
    type Verdict;

    /// Judges with all evidence so far.
    ///
    /// # Errors
    /// [`Fault`].
    fn evaluate(&mut self, evidence: &[Item]) -> Answer<Step<Self::Verdict>>;

    /// Which requests' answers the verdict rests on, and for how long they are fresh. Only these are kept.
    fn accepted(&self, verdict: &Self::Verdict) -> Vec<(String, Accepted)>;
}

/// What became of one evaluation.
#[derive(Clone, Debug)]
pub enum Step<V> {
    /// It is decided.
    Decided(V),
    /// These are needed first.
    Needs(Vec<Need>),
}

/// A question put to a session of the engine.
pub struct Question<'a> {
    /// The session.
    pub session: &'a mut Session,
    /// A validator of that session.
    pub validator: &'a Validator,
    /// The question.
    pub validation: &'a Validation,
}

impl fmt::Debug for Question<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Question").field("validation", &self.validation).finish_non_exhaustive()
    }
}

impl Judge for Question<'_> {
    type Verdict = Verdict;

    fn evaluate(&mut self, evidence: &[Item]) -> Answer<Step<Verdict>> {
        let outcome = self.session.evaluate(self.validator, self.validation, evidence)?;
        Ok(outcome.map(|outcome| match outcome {
            Outcome::Decided(verdict) => Step::Decided(verdict),
            Outcome::Needs(needs) => Step::Needs(needs),
        }))
    }

    fn accepted(&self, verdict: &Verdict) -> Vec<(String, Accepted)> {
        accepted(verdict)
    }
}

/// Which requests' answers a verdict rests on, and for how long they are fresh.
#[must_use]
pub fn accepted(verdict: &Verdict) -> Vec<(String, Accepted)> {
    let checks = verdict.path.iter().flat_map(|certificate| &certificate.checks);
    let believed = checks.filter_map(|check| Some((check.request_id.clone()?, check.acceptance.as_ref()?)));
    let kept = |acceptance: &Acceptance| Accepted {
        this_update: acceptance.this_update,
        fresh_until: acceptance.fresh_until,
    };
    believed.map(|(request, acceptance)| (request, kept(acceptance))).collect()
}

/// Answers the signature checks of one request: its id and the checks to items of evidence.
pub type AnswerSignatures = fn(&str, &[SignatureCheck]) -> Vec<Item>;

/// Whether what was accepted for one question may answer another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reuse {
    /// It may, as long as it is fresh.
    #[default]
    Fresh,
    /// It may for questions of the same period, whatever a period is to whoever asks.
    SamePeriod(i64),
    /// OCSP responses may not: the responder is asked at this moment, and nobody shares an answer to what was asked
    /// before (R-OCSP-18, R-OCSP-23).
    NoResponses,
}

/// What a question may be answered with.
#[derive(Clone, Debug)]
pub struct Means {
    /// Fetches; without one everything is offline.
    pub fetcher: Option<Fetcher>,
    /// Answers signature checks; without one they are said to be unavailable, and the engine does them itself.
    pub signatures: Option<AnswerSignatures>,
    /// How far to go.
    pub limits: Limits,
    /// Under what an answer from the cache must have been accepted: the hash of the settings in force.
    pub scope: Vec<u8>,
    /// What is said of why something could not be had: the reason itself, unless whoever asks may not learn it.
    pub told: fn(UnavailableReason) -> UnavailableReason,
    /// Whether what was accepted before may be used.
    pub reuse: Reuse,
    /// The time, in seconds since 1970: what the cache holds is fresh or not at this moment.
    pub now: i64,
}

impl Means {
    /// Fetches nothing and answers no signature check.
    #[must_use]
    pub fn offline(now: i64) -> Self {
        Self {
            fetcher: None,
            signatures: None,
            limits: Limits::default(),
            scope: Vec::new(),
            told: |reason| reason,
            reuse: Reuse::Fresh,
            now,
        }
    }
}

/// How far to go for one question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Most rounds in which something is fetched. As many again are answered without fetching.
    pub rounds: usize,
    /// Most requests, so that a certificate full of URIs does not make this host ask all of them.
    pub requests: usize,
    /// Most requests at once.
    pub at_once: usize,
    /// Longest time for all fetching together.
    pub total: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { rounds: 8, requests: 64, at_once: 8, total: Duration::from_secs(90) }
    }
}

/// A decided question.
#[derive(Clone, Debug)]
pub struct Resolved<V> {
    /// The verdict.
    pub verdict: V,
    /// All evidence it was given, in the order it came.
    pub evidence: Vec<Item>,
    /// What was asked for and what came, in the order it was asked.
    pub asked: Vec<Asked>,
}

/// One thing that the engine asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The round, from 1.
    pub round: usize,
    /// The request's id.
    pub id: String,
    /// What was wanted, by its name in the contract.
    pub what: &'static str,
    /// Where it was to be had, as in the certificate or the settings; empty for signature checks.
    pub uri: String,
    /// Octets that came, or why none did.
    pub outcome: Result<usize, UnavailableReason>,
    /// What happened, where nothing came. It may quote a server or a certificate.
    pub detail: String,
    /// Where it came from, if it was fetched.
    pub source: Option<Source>,
    /// How long it took.
    pub duration: Duration,
}

/// Why there is no verdict.
#[derive(Clone, Debug)]
pub enum Unresolved {
    /// The question cannot be judged.
    Refused(Refusal),
    /// Something of ours is broken.
    Fault(Fault),
    /// The engine went on asking after so many rounds, or asked again for what it had been told it cannot have: a
    /// defect of the engine.
    Undecided {
        /// How many rounds there were.
        rounds: usize,
    },
    /// The program could not be given what fetching needs.
    Runtime(String),
}

impl fmt::Display for Unresolved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(refusal) => write!(f, "{}: {}", refusal.input, refusal.code),
            Self::Fault(fault) => fault.fmt(f),
            Self::Undecided { rounds } => write!(f, "the engine did not decide in {rounds} rounds"),
            Self::Runtime(detail) => write!(f, "nothing can be fetched: {detail}"),
        }
    }
}

impl std::error::Error for Unresolved {}

impl From<Fault> for Unresolved {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// Asks until it is decided, beginning with the evidence that is given.
///
/// The judge is called on the thread that polls this; each call computes for some milliseconds. A fetcher needs to be
/// within a tokio runtime; without one any executor will do.
///
/// # Errors
/// [`Unresolved`].
pub async fn resolve<J: Judge>(
    judge: &mut J,
    given: Vec<Item>,
    means: &Means,
) -> Result<Resolved<J::Verdict>, Unresolved> {
    let mut rounds = Rounds::begin(given, means);
    loop {
        match judge.evaluate(&rounds.evidence)?.map_err(Unresolved::Refused)? {
            Step::Decided(verdict) => {
                rounds.keep(&judge.accepted(&verdict));
                return Ok(Resolved { verdict, evidence: rounds.evidence, asked: rounds.asked });
            }
            Step::Needs(needs) => {
                rounds.next(&needs)?;
                let fetched = rounds.fetch(&needs).await;
                rounds.take(needs, fetched);
            }
        }
    }
}

/// The same for a program without a runtime of its own. Whatever is still under way when it is decided is let go.
///
/// # Errors
/// [`Unresolved`].
pub fn resolve_blocking<J: Judge>(
    judge: &mut J,
    given: Vec<Item>,
    means: &Means,
) -> Result<Resolved<J::Verdict>, Unresolved> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Unresolved::Runtime(error.to_string()))?;
    let resolved = runtime.block_on(resolve(judge, given, means));
    // A resolver that answers nobody would otherwise be waited for.
    runtime.shutdown_background();
    resolved
}

/// One question under way.
struct Rounds<'a> {
    means: &'a Means,
    begun: Instant,
    round: usize,
    requests: usize,
    evidence: Vec<Item>,
    asked: Vec<Asked>,
    /// What was fetched, by the id of its request.
    fetched: BTreeMap<String, Fetched>,
    /// Requests that were told to be unavailable.
    refused: BTreeSet<String>,
}

impl<'a> Rounds<'a> {
    fn begin(given: Vec<Item>, means: &'a Means) -> Self {
        Self {
            means,
            begun: Instant::now(),
            round: 0,
            requests: 0,
            evidence: given,
            asked: Vec::new(),
            fetched: BTreeMap::new(),
            refused: BTreeSet::new(),
        }
    }

    /// Begins a round, unless it could only be one more of many.
    fn next(&mut self, needs: &[Need]) -> Result<(), Unresolved> {
        self.round = self.round.saturating_add(1);
        let most = self.means.limits.rounds.saturating_mul(2);
        let again = needs.iter().any(|need| self.refused.contains(&need.id));
        if needs.is_empty() || again || self.round > most {
            return Err(Unresolved::Undecided { rounds: self.round });
        }
        Ok(())
    }

    /// Fetches what a round asks for, by its place in it, as far as the limits allow.
    async fn fetch(&mut self, needs: &[Need]) -> BTreeMap<usize, Fetched> {
        let mut fetched = BTreeMap::new();
        let limits = self.means.limits;
        let rest = limits.total.saturating_sub(self.begun.elapsed());
        let may_fetch = self.round <= limits.rounds && !rest.is_zero();
        let (Some(fetcher), true) = (&self.means.fetcher, may_fetch) else { return fetched };
        let mut tasks = JoinSet::new();
        let turns = Arc::new(Semaphore::new(limits.at_once.max(1)));
        for (place, need) in needs.iter().enumerate() {
            let known = self.fetched.contains_key(&need.id) || self.requests >= limits.requests;
            let (Some(request), false) = (Request::of(need), known) else { continue };
            let request = Request { scope: self.means.scope.clone().into(), ..request };
            self.requests = self.requests.saturating_add(1);
            let (fetcher, turns, now) = (fetcher.clone(), Arc::clone(&turns), self.means.now);
            let is_live = self.means.reuse == Reuse::NoResponses && request.kind == Kind::OcspResponse;
            tasks.spawn(async move {
                let _turn = turns.acquire().await;
                let fetched = if is_live {
                    fetcher.fetch_alone(&request).await
                } else {
                    fetcher.fetch(&request, now).await
                };
                (place, fetched)
            });
        }
        let all = async {
            while let Some(landed) = tasks.join_next().await {
                fetched.extend(landed.ok());
            }
        };
        // what is still under way then has timed out, and is let go with its task
        let _in_time = timeout(rest, all).await;
        fetched
    }

    /// Turns what came into evidence, every need into something.
    fn take(&mut self, needs: Vec<Need>, mut fetched: BTreeMap<usize, Fetched>) {
        for (place, need) in needs.into_iter().enumerate() {
            let came = fetched.remove(&place);
            let items = match (&need.what, &came) {
                (Wanted::SignatureChecks(checks), _) => self.signatures(&need, checks),
                (_, Some(came)) => vec![evidence(&need, came, self.means.told)],
                (_, None) => vec![unavailable(&need, (self.means.told)(self.absence(&need)))],
            };
            self.note(&need, &items, came.as_ref());
            if items.iter().any(|item| matches!(item, Item::Unavailable(_))) {
                self.refused.insert(need.id.clone());
            }
            self.evidence.extend(items);
            if let Some(came) = came {
                self.fetched.insert(need.id, came);
            }
        }
    }

    fn signatures(&self, need: &Need, checks: &[SignatureCheck]) -> Vec<Item> {
        match self.means.signatures {
            Some(answer) => answer(&need.id, checks),
            None => vec![unavailable(need, UnavailableReason::Offline)],
        }
    }

    /// Why a need was not even tried, or not to its end.
    fn absence(&self, need: &Need) -> UnavailableReason {
        if self.means.fetcher.is_none() {
            UnavailableReason::Offline
        } else if self.fetched.contains_key(&need.id) {
            // It came, and what came was so little use that the engine asks again: it was something else.
            UnavailableReason::ContentType
        } else {
            UnavailableReason::Timeout
        }
    }

    /// Writes down what was asked and what came.
    fn note(&mut self, need: &Need, items: &[Item], came: Option<&Fetched>) {
        let refused = items.iter().find_map(|item| match item {
            Item::Unavailable(unavailable) => Some(unavailable.reason),
            _ => None,
        });
        let octets = came.and_then(|came| came.outcome.as_ref().ok()).map_or(0, |body| body.len());
        let failure = came.and_then(|came| came.outcome.as_ref().err());
        let (what, uri) = described(&need.what);
        self.asked.push(Asked {
            round: self.round,
            id: need.id.clone(),
            what,
            uri: uri.to_owned(),
            outcome: refused.map_or(Ok(octets), Err),
            detail: failure.map(|failure| failure.detail.clone()).unwrap_or_default(),
            source: came.map(|came| came.source),
            duration: came.map(|came| came.duration).unwrap_or_default(),
        });
    }

    /// Tells the fetcher what the verdict rests on.
    fn keep(&self, accepted: &[(String, Accepted)]) {
        let Some(fetcher) = &self.means.fetcher else { return };
        for (id, accepted) in accepted {
            if let Some(fetched) = self.fetched.get(id) {
                fetcher.accepted(fetched, *accepted, self.means.now);
            }
        }
    }
}

/// What came, as evidence.
fn evidence(need: &Need, came: &Fetched, told: fn(UnavailableReason) -> UnavailableReason) -> Item {
    let body = match &came.outcome {
        Ok(body) => body.to_vec(),
        Err(failure) => return unavailable(need, told(failure.reason)),
    };
    let answered = Answered { request_id: Some(need.id.clone()), body };
    match came.request.kind {
        Kind::OcspResponse => Item::OcspResponse(answered),
        Kind::Crl => Item::Crl(answered),
        Kind::IssuerCertificate => Item::IssuerCertificates(answered),
    }
}

fn unavailable(need: &Need, reason: UnavailableReason) -> Item {
    Item::Unavailable(Unavailable { request_id: need.id.clone(), reason })
}

/// What is wanted, by its name in the contract, and where.
fn described(wanted: &Wanted) -> (&'static str, &str) {
    match wanted {
        Wanted::OcspResponse(how) => (Kind::OcspResponse.name(), &how.uri),
        Wanted::Crl(how) => (Kind::Crl.name(), &how.uri),
        Wanted::IssuerCertificate(how) => (Kind::IssuerCertificate.name(), &how.uri),
        Wanted::SignatureChecks(_) => ("signature-checks", ""),
    }
}
