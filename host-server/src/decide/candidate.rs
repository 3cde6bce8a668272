//! What a candidate policy makes of decisions: each that was made under the policy in force is judged once more under the
//! candidate, with the same trust, question and moment, and compared. It is done afterwards and beside, one at a time:
//! nobody who asks waits for it, and no answer is another or fails because of it. What finds no room is counted and let go.
//!
//! What the question brought along is given to the candidate, too; what was fetched for the decision it is given once it
//! asks for it. Nothing is fetched for it. What the candidate asks for and the decision did not is said to be offline; such a decision
//! counts as one that asks for more, because what would be decided with that is not known, and the decision that follows
//! without it is told. A decision that a cache gives once more was compared when it was made.
//!
//! A question with a policy of its own, or of a class with one, has nothing to do with a candidate for the one in force.

use std::collections::BTreeMap;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use engine_capsule::{Class, Compared};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use tokio::runtime::Handle;

use super::bench::Bench;
use super::class::Answers;
use super::decision::breaks_promise;
use super::queue::{Bounds, Queue};
use super::recorder::weight;
use super::{Unusable, decided};
use crate::cli::said;
use crate::component::Answer;
use crate::component::contract::evidence::Item;
use crate::component::contract::request::Validation;
use crate::component::contract::verdict::{Decision, Verdict};
use crate::component::pool::Pool;
use crate::fetch::cache::Accepted;
use crate::resolve::{self, Judge, Means, Question, Resolved, Step};
use crate::signature;
use crate::storage::{CandidateCounts, Comparisons, NewFlip, Outcome};
use crate::trusted::Candidate;

/// How decisions are compared with what a candidate makes of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Comparing {
    /// Decisions that wait for it at most; with 0 none is compared on this node, and all are counted as dropped.
    pub waiting: usize,
}

impl Default for Comparing {
    fn default() -> Self {
        Self { waiting: 1_024 }
    }
}

impl Comparing {
    /// What no type says.
    ///
    /// # Errors
    /// One line, with what was expected.
    pub fn check(&self) -> Result<(), String> {
        if self.waiting > MOST_WAITING {
            return Err(format!("candidate.waiting: found {}; expected 0 to {MOST_WAITING}", self.waiting));
        }
        Ok(())
    }
}

const MOST_WAITING: usize = 65_536;
/// Octets of all that waits.
const OCTETS: usize = 128 * 1024 * 1024;
/// The most flips that wait to be written down; the newest are kept.
const MOST_FLIPS: usize = 1_000;
/// The longest document of causes that is kept with a flip, in octets.
const LONGEST_CAUSES: usize = 32 * 1024;

/// Decisions that wait to be compared, and what came of those that were.
#[derive(Debug)]
pub struct Comparer {
    pool: Pool,
    queue: Queue<Waiting>,
    found: Mutex<Found>,
}

/// What came of comparing since it was taken away last, by candidate.
pub type Found = BTreeMap<i64, Comparisons>;

/// A decision that waits to be compared.
struct Waiting {
    candidate: Arc<Candidate>,
    bench: Bench,
    validation: Validation,
    resolved: Resolved<Verdict>,
    at: i64,
    answers: Answers,
}

/// A decision that was taken in hand; it counts as dropped where nothing comes of it.
struct InHand<'a> {
    comparer: &'a Comparer,
    candidate: i64,
    purpose: String,
    is_done: bool,
}

/// What the candidate makes of a decision.
enum Made {
    Answered(Box<Resolved<Verdict>>),
    /// It cannot be asked: the code and why, in one sentence.
    Refused(String, String),
    /// Something is wrong with the candidate, or with the engine.
    Failed(String),
}

/// What came of one decision.
struct Came {
    class: Class,
    flip: Option<NewFlip>,
}

impl Comparer {
    /// One with nothing to do; what it does it does in a share of the pool that is its own.
    #[must_use]
    pub fn new(settings: Comparing, pool: Pool) -> Self {
        let bounds = Bounds { things: settings.waiting, octets: OCTETS };
        Self { pool, queue: Queue::new(bounds), found: Mutex::default() }
    }

    /// Takes a decision if there is a candidate beside the policy that it was made under, and room.
    pub(super) fn offer(
        &self,
        bench: &Bench,
        (validation, resolved): (&Validation, &Resolved<Verdict>),
        (at, answers): (i64, Answers),
    ) {
        let Some(candidate) = bench.candidate() else { return };
        // then it is none: whoever asks is told so
        if breaks_promise(answers, &resolved.verdict) {
            return;
        }
        let waiting = || Waiting {
            candidate: Arc::clone(candidate),
            bench: bench.clone(),
            validation: validation.clone(),
            resolved: resolved.clone(),
            at,
            answers,
        };
        if !self.queue.offer(weight(validation, resolved), waiting) {
            self.drop_one(candidate.version, purpose(validation));
        }
    }

    /// Waits until there is something to compare or to write down.
    pub async fn noted(&self) {
        self.queue.noted().await;
    }

    /// Lets go of sessions that were prepared with what came before a generation.
    pub fn forget_before(&self, generation: u64) {
        self.pool.forget_before(generation);
    }

    /// Compares the first decision that waits: the word of what came of it; `None` where none waits.
    pub async fn compare(&self, node: &str) -> Option<&'static str> {
        let waiting = self.queue.take(1).pop()?;
        let mut in_hand = InHand {
            comparer: self,
            candidate: waiting.candidate.version,
            purpose: purpose(&waiting.validation).to_owned(),
            is_done: false,
        };
        let made = self.judge(&waiting).await;
        let came = came(&waiting, made, node);
        let word = came.class.word();
        in_hand.end(came);
        Some(word)
    }

    /// Counts everything that waits as dropped, for a stop.
    pub fn let_go(&self) {
        for waiting in self.queue.take(usize::MAX) {
            self.drop_one(waiting.candidate.version, purpose(&waiting.validation));
        }
    }

    /// Takes away what came of comparing.
    #[must_use]
    pub fn take(&self) -> Found {
        mem::take(&mut *self.found())
    }

    /// Gives back what could not be written down.
    pub fn give_back(&self, before: Found) {
        let mut found = self.found();
        for (candidate, comparisons) in before {
            let known = found.entry(candidate).or_default();
            for (purpose, counts) in comparisons.counts {
                let sum = known.counts.entry(purpose).or_default();
                *sum = sum.and(&counts);
            }
            let newer = mem::replace(&mut known.flips, comparisons.flips);
            known.flips.extend(newer);
            bound(&mut known.flips);
        }
    }

    async fn judge(&self, waiting: &Waiting) -> Made {
        let Candidate { version, policy } = &*waiting.candidate;
        let policy = match policy {
            Ok(policy) => policy.clone(),
            Err(what) => return Made::Failed(what.clone()),
        };
        let bench = waiting.bench.clone().under(policy, format!("candidate {version}"));
        let (validation, at, runtime) = (waiting.validation.clone(), waiting.at, Handle::current());
        let (brought, came) = recalled(&waiting.resolved.evidence);
        let judged = bench.with_validator(&self.pool, move |session, validator| {
            // no fetcher: what the decision did not ask for is not asked for because of the candidate
            let means = Means { signatures: Some(signature::answer), ..Means::offline(at) };
            let question = Question { session, validator, validation: &validation };
            let mut recalling = Recalling { question, came, given: Vec::new() };
            decided(runtime.block_on(resolve::resolve(&mut recalling, brought, &means)))
        });
        match judged.await {
            Ok(Ok(resolved)) => Made::Answered(Box::new(resolved)),
            Ok(Err(Unusable(input, refusal))) if input == "policy" => {
                Made::Failed(said::refusal(&input, &refusal).to_string())
            }
            Ok(Err(Unusable(input, refusal))) => {
                Made::Refused(refusal.code.clone(), said::refusal(&input, &refusal).to_string())
            }
            Err(unanswered) => Made::Failed(unanswered.to_string()),
        }
    }

    fn drop_one(&self, candidate: i64, purpose: &str) {
        self.count(candidate, purpose, |counts| counts.dropped = counts.dropped.saturating_add(1));
        self.queue.wake();
    }

    fn count(&self, candidate: i64, purpose: &str, count: impl FnOnce(&mut CandidateCounts)) {
        let mut found = self.found();
        let counts = &mut found.entry(candidate).or_default().counts;
        count(counts.entry(purpose.to_owned()).or_default());
    }

    fn found(&self) -> MutexGuard<'_, Found> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl InHand<'_> {
    /// Something came of it.
    fn end(&mut self, came: Came) {
        self.comparer.count(self.candidate, &self.purpose, |counts| add(counts, came.class));
        if let Some(flip) = came.flip {
            let mut found = self.comparer.found();
            let flips = &mut found.entry(self.candidate).or_default().flips;
            flips.push(flip);
            bound(flips);
        }
        self.is_done = true;
    }
}

impl Drop for InHand<'_> {
    fn drop(&mut self) {
        if !self.is_done {
            self.comparer.drop_one(self.candidate, &self.purpose);
        }
    }
}

/// A judge who is given what came for the decision once the candidate asks for the same, and not before: what a policy does
/// not ask for it would not have, and a revocation that nobody asks about stops nobody.
struct Recalling<'a> {
    question: Question<'a>,
    /// What came, or that it did not, by the request that it answers.
    came: BTreeMap<String, Item>,
    given: Vec<Item>,
}

impl Judge for Recalling<'_> {
    type Verdict = Verdict;

    fn evaluate(&mut self, evidence: &[Item]) -> Answer<Step<Verdict>> {
        loop {
            let all: Vec<Item> = evidence.iter().chain(&self.given).cloned().collect();
            let needs = match self.question.evaluate(&all)? {
                Ok(Step::Needs(needs)) => needs,
                other => return Ok(other),
            };
            let known: Vec<Item> = needs.iter().filter_map(|need| self.came.remove(&need.id)).collect();
            if known.is_empty() {
                return Ok(Ok(Step::Needs(needs)));
            }
            self.given.extend(known);
        }
    }

    /// Nothing is kept because of a candidate.
    fn accepted(&self, _: &Verdict) -> Vec<(String, Accepted)> {
        Vec::new()
    }
}

/// What the question brought along, and what came for it by the request that it answers.
fn recalled(evidence: &[Item]) -> (Vec<Item>, BTreeMap<String, Item>) {
    let (mut brought, mut came) = (Vec::new(), BTreeMap::new());
    for item in evidence {
        let request = match item {
            Item::IssuerCertificates(one) | Item::OcspResponse(one) | Item::Crl(one) => {
                one.request_id.as_ref()
            }
            Item::Unavailable(one) => Some(&one.request_id),
            Item::Certificate(_) | Item::Signature(_) => None,
        };
        match request {
            Some(request) => drop(came.insert(request.clone(), item.clone())),
            None => brought.push(item.clone()),
        }
    }
    (brought, came)
}

fn purpose(validation: &Validation) -> &str {
    validation.purpose.as_deref().unwrap_or_default()
}

fn bound(flips: &mut Vec<NewFlip>) {
    let beyond = flips.len().saturating_sub(MOST_FLIPS);
    flips.drain(..beyond);
}

fn add(counts: &mut CandidateCounts, class: Class) {
    let count = match class {
        Class::Same => &mut counts.same,
        Class::Otherwise => &mut counts.otherwise,
        Class::AllowToDeny => &mut counts.allow_to_deny,
        Class::DenyToAllow => &mut counts.deny_to_allow,
        Class::AsksForMore => &mut counts.asks_for_more,
        Class::CannotBeAsked => &mut counts.cannot_be_asked,
        Class::Undecided => &mut counts.undecided,
    };
    *count = count.saturating_add(1);
}

/// What a decision and what the candidate makes of it come to.
fn came(waiting: &Waiting, made: Made, node: &str) -> Came {
    let answer = match made {
        Made::Answered(answer) if breaks_promise(waiting.answers, &answer.verdict) => {
            let why = "nobody is asked about the certificate, and the client class is live";
            return cannot_be_asked(waiting, ("decide.not-live", why), node);
        }
        Made::Answered(answer) => answer,
        Made::Refused(code, why) => return cannot_be_asked(waiting, (&code, &why), node),
        Made::Failed(what) => {
            tracing::debug!(what, "a decision could not be compared");
            return Came { class: Class::Undecided, flip: None };
        }
    };
    let Ok(compared) = Compared::between(&waiting.resolved.verdict.document, &answer.verdict.document) else {
        return Came { class: Class::Undecided, flip: None };
    };
    let asks_for_more = answer.asked.iter().any(|asked| asked.what != "signature-checks");
    let is_flip = compared.before != compared.after;
    let flip = || NewFlip {
        would_be: outcome(answer.verdict.decision),
        asks_for_more,
        causes: causes(serde_json::to_string(&compared.causes)),
        ..flip(waiting, node)
    };
    let class = if asks_for_more { Class::AsksForMore } else { compared.class() };
    Came { class, flip: is_flip.then(flip) }
}

/// The candidate has no answer, and so nobody would be let in.
fn cannot_be_asked(waiting: &Waiting, (code, why): (&str, &str), node: &str) -> Came {
    let cause = serde_json::json!([{
        "change": "new", "code": code, "rules": [], "clause": "", "position": null, "sentence": why,
        "elsewhere": null, "own": null,
    }]);
    let flip = NewFlip { causes: cause.to_string(), ..flip(waiting, node) };
    Came { class: Class::CannotBeAsked, flip: Some(flip) }
}

fn flip(waiting: &Waiting, node: &str) -> NewFlip {
    let verdict = &waiting.resolved.verdict;
    let target = verdict.path.first();
    NewFlip {
        decided_at: waiting.at,
        node: node.to_owned(),
        certificate: Sha256::digest(&waiting.validation.target).into(),
        subject: target.map(|target| target.subject.clone()).unwrap_or_default(),
        serial: target.map(|target| target.serial_number.clone()).unwrap_or_default(),
        purpose: purpose(&waiting.validation).to_owned(),
        decision: outcome(verdict.decision),
        would_be: Outcome::Nothing,
        asks_for_more: false,
        trace: verdict.trace_hash.as_slice().try_into().unwrap_or_default(),
        causes: String::new(),
    }
}

fn outcome(decision: Decision) -> Outcome {
    match decision {
        Decision::Allow => Outcome::Allow,
        Decision::Deny => Outcome::Deny,
    }
}

/// A document that a certificate made long is not kept: the capsule has it all, where there is one.
fn causes(document: Result<String, serde_json::Error>) -> String {
    document.ok().filter(|text| text.len() <= LONGEST_CAUSES).unwrap_or_else(|| "[]".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flip_of(number: i64) -> NewFlip {
        NewFlip {
            decided_at: number,
            node: String::new(),
            certificate: [0; 32],
            subject: String::new(),
            serial: String::new(),
            purpose: String::new(),
            decision: Outcome::Allow,
            would_be: Outcome::Deny,
            asks_for_more: false,
            trace: [0; 32],
            causes: "[]".to_owned(),
        }
    }

    #[test]
    fn as_many_flips_as_are_kept_wait_and_the_newest_of_them() {
        let most = i64::try_from(MOST_FLIPS).unwrap();
        let mut flips: Vec<NewFlip> = (0..most + 2).map(flip_of).collect();
        bound(&mut flips);
        assert_eq!((flips.len(), flips[0].decided_at), (MOST_FLIPS, 2));
        bound(&mut flips);
        assert_eq!(flips.len(), MOST_FLIPS);
    }

    #[test]
    fn every_class_counts_under_one() {
        let mut counts = CandidateCounts::default();
        let classes = [
            Class::Same,
            Class::Otherwise,
            Class::AllowToDeny,
            Class::DenyToAllow,
            Class::AsksForMore,
            Class::CannotBeAsked,
            Class::Undecided,
        ];
        for class in classes {
            add(&mut counts, class);
        }
        let one = CandidateCounts {
            same: 1,
            otherwise: 1,
            allow_to_deny: 1,
            deny_to_allow: 1,
            asks_for_more: 1,
            cannot_be_asked: 1,
            undecided: 1,
            dropped: 0,
        };
        assert_eq!((counts, counts.compared()), (one, 6));
    }

    #[test]
    fn the_room_has_bounds() {
        assert_eq!(Comparing::default().check(), Ok(()));
        assert_eq!(Comparing { waiting: 0 }.check(), Ok(()));
        assert_eq!(Comparing { waiting: MOST_WAITING }.check(), Ok(()));
        let more = Comparing { waiting: MOST_WAITING + 1 }.check();
        assert_eq!(more, Err("candidate.waiting: found 65537; expected 0 to 65536".to_owned()));
    }
}
