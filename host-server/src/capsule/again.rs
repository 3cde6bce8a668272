//! Decides again what a capsule holds, with the engine of this program and nothing from outside: under the policy that was
//! recorded or, for [`under`](super::under), another. Every signature is verified: by the engine itself or, where many
//! capsules share certificates, by this host's library, each check once. What many capsules share, policy and trust, is
//! prepared once.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;

use engine_capsule::{Difference, Evidence, Mode, Record, Trusted};
use sha2::{Digest as _, Sha256};

use super::form;
use crate::component::contract::evaluate::Outcome;
use crate::component::contract::evidence::{
    Item, Need, SignatureAnswer, SignatureCheck, Unavailable, UnavailableReason, Wanted,
};
use crate::component::contract::types::Refusal;
use crate::component::contract::verdict::Verdict;
use crate::component::{Answer, Engine, Fault, Session, Validator};
use crate::decide::ONLINE;
use crate::signature;

/// What came of deciding again.
#[derive(Clone, Debug)]
pub enum Again {
    /// The same document, byte for byte.
    Same,
    /// Another one.
    Differs(Difference),
    /// This engine asks for what the one that decided did not; how much, and the first of it.
    Asks(usize, String),
    /// This engine cannot use an input that the one that decided used.
    Refused(Refusal),
}

/// Who verifies signatures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Arithmetic {
    /// The engine, all of them.
    #[default]
    Engine,
    /// The library of this host, those that the engine would have answered, each once; the engine the others.
    Host,
}

/// Sessions that are kept, each with a policy and a trust store.
const KEPT: usize = 8;
/// Memory by which a session grows before it is let go.
const GROWTH: usize = 64 * 1024 * 1024;
/// Signature checks whose answers are remembered.
const REMEMBERED: usize = 100_000;
/// Rounds in which something is answered; the engine asks about signatures of four candidate paths at most, and about
/// each certificate's status at each of its sources.
const ROUNDS: usize = 64;

/// Decides capsules again, one after another.
pub struct Repeater {
    engine: Engine,
    arithmetic: Arithmetic,
    kept: VecDeque<Kept>,
    answers: BTreeMap<[u8; 32], bool>,
}

struct Kept {
    key: [u8; 32],
    session: Session,
    validator: Validator,
    prepared: usize,
}

impl fmt::Debug for Repeater {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Repeater").field("arithmetic", &self.arithmetic).finish_non_exhaustive()
    }
}

impl Repeater {
    /// With nothing prepared yet.
    #[must_use]
    pub fn new(engine: &Engine, arithmetic: Arithmetic) -> Self {
        Self { engine: engine.clone(), arithmetic, kept: VecDeque::new(), answers: BTreeMap::new() }
    }

    /// Decides again.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn again(&mut self, record: &Record) -> Result<Again, Fault> {
        let policy = Policy { document: &record.policy, mode: record.mode };
        Ok(match self.verdict(record, policy, Absent::Ends)? {
            Ok(Stopped::Decided(verdict, _)) if verdict.document == record.document => Again::Same,
            Ok(Stopped::Decided(verdict, _)) => {
                Again::Differs(Difference::between(record, &verdict.document))
            }
            Ok(Stopped::Asks(needs)) => {
                Again::Asks(needs.len(), needs.first().map(wanted).unwrap_or_default())
            }
            Err(refused) => Again::Refused(refused.into_refusal()),
        })
    }

    /// Judges the question of a record under a policy.
    pub(super) fn verdict(
        &mut self,
        record: &Record,
        policy: Policy<'_>,
        absent: Absent,
    ) -> Result<Result<Stopped, Refused>, Fault> {
        let key = key(record, policy);
        let place = self.kept.iter().position(|kept| kept.key == key);
        let mut kept = match place.and_then(|place| self.kept.remove(place)) {
            Some(kept) => kept,
            None => {
                let mut session = self.engine.session_within(ONLINE)?;
                match prepare(&mut session, record, policy)? {
                    Ok(validator) => {
                        let prepared = session.memory();
                        Kept { key, session, validator, prepared }
                    }
                    Err(refused) => return Ok(Err(refused)),
                }
            }
        };
        let answer = self.judge(&mut kept, record, absent);
        if !kept.session.is_broken() && kept.session.memory() <= kept.prepared.saturating_add(GROWTH) {
            self.kept.truncate(KEPT.saturating_sub(1));
            self.kept.push_front(kept);
        }
        Ok(answer?.map_err(Refused::Question))
    }

    fn judge(&mut self, kept: &mut Kept, record: &Record, absent: Absent) -> Answer<Stopped> {
        let mut validation = form::validation(record);
        let (mut evidence, mut asked) = absent.evidence(record);
        validation.answers_signature_checks = self.arithmetic == Arithmetic::Host;
        let mut round = 0_usize;
        loop {
            let needs = match kept.session.evaluate(&kept.validator, &validation, &evidence)? {
                Ok(Outcome::Decided(verdict)) => {
                    return Ok(Ok(Stopped::Decided(Box::new(verdict), asked.shown)));
                }
                Ok(Outcome::Needs(needs)) => needs,
                Err(refusal) => return Ok(Err(refusal)),
            };
            round = round.saturating_add(1);
            let stops = needs.iter().any(|need| asked.stops(need, absent));
            if stops || round > ROUNDS {
                return Ok(Ok(Stopped::Asks(needs)));
            }
            for need in &needs {
                match &need.what {
                    Wanted::SignatureChecks(checks) => evidence.extend(self.answers(&need.id, checks)),
                    _ => evidence.push(asked.answer(need)),
                }
            }
        }
    }

    /// Answers checks, those that were answered before from memory.
    fn answers(&mut self, request: &str, checks: &[SignatureCheck]) -> Vec<Item> {
        let mut answers = Vec::new();
        for check in checks {
            let key = key_of_check(check);
            let Some(verifies) = self.answers.get(&key).copied().or_else(|| signature::verifies(check))
            else {
                // what the library cannot do the engine does, and says no more of the request
                return signature::answer(request, checks);
            };
            if self.answers.len() < REMEMBERED {
                self.answers.insert(key, verifies);
            }
            answers.push(Item::Signature(SignatureAnswer { id: check.id.clone(), verifies }));
        }
        answers
    }
}

/// The policy that a record is judged under.
#[derive(Clone, Copy, Debug)]
pub(super) struct Policy<'p> {
    /// The document.
    pub(super) document: &'p str,
    /// The mode that it is read in.
    pub(super) mode: Mode,
}

/// What becomes of evidence that is asked for and was not recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Absent {
    /// It ends the evaluation. All that was recorded is given at once, as it was when it was decided.
    Ends,
    /// It is said to be unavailable, this being offline, and noted. What was fetched is given when it is asked for: what
    /// a policy does not ask for it would not have, and a revocation that nobody asks about stops nobody.
    IsNoted,
}

impl Absent {
    /// The evidence that an evaluation begins with, and that which waits to be asked for.
    fn evidence(self, record: &Record) -> (Vec<Item>, Asked<'_>) {
        let mut asked = Asked::default();
        if self == Self::Ends {
            return (form::items(record), asked);
        }
        let mut brought = Vec::new();
        for evidence in &record.evidence {
            match evidence.request() {
                None => brought.push(form::item(evidence)),
                Some(request) => drop(asked.came.insert(request, evidence)),
            }
        }
        (brought, asked)
    }
}

/// Where an evaluation stopped.
pub(super) enum Stopped {
    /// A verdict, and what was asked for in vain.
    Decided(Box<Verdict>, Vec<String>),
    Asks(Vec<Need>),
}

/// Which input cannot be used.
pub(super) enum Refused {
    Policy(Refusal),
    Trust(Refusal),
    Question(Refusal),
}

impl Refused {
    fn into_refusal(self) -> Refusal {
        match self {
            Self::Policy(refusal) | Self::Trust(refusal) | Self::Question(refusal) => refusal,
        }
    }
}

/// What was asked for.
#[derive(Default)]
struct Asked<'r> {
    identifiers: Vec<String>,
    /// In vain, for people.
    shown: Vec<String>,
    /// What came when it was recorded, by the request that it answers.
    came: BTreeMap<&'r str, &'r Evidence>,
}

impl Asked<'_> {
    /// Whether nothing can be answered: for evidence, where that ends it, or where it was answered before.
    fn stops(&self, need: &Need, absent: Absent) -> bool {
        let is_evidence = !matches!(need.what, Wanted::SignatureChecks(_));
        is_evidence && (absent == Absent::Ends || self.identifiers.contains(&need.id))
    }

    fn answer(&mut self, need: &Need) -> Item {
        self.identifiers.push(need.id.clone());
        if let Some(came) = self.came.remove(need.id.as_str()) {
            return form::item(came);
        }
        self.shown.push(wanted(need));
        let reason = UnavailableReason::Offline;
        Item::Unavailable(Unavailable { request_id: need.id.clone(), reason })
    }
}

/// What a need is, for people.
pub(super) fn wanted(need: &Need) -> String {
    match &need.what {
        Wanted::OcspResponse(how) => format!("an OCSP response from {}", how.uri),
        Wanted::Crl(how) => format!("a CRL from {}", how.uri),
        Wanted::IssuerCertificate(how) => format!("an issuer's certificate from {}", how.uri),
        Wanted::SignatureChecks(_) => "signature checks".to_owned(),
    }
}

/// Tells the engine what the capsule's was told, in the same order.
fn prepare(
    session: &mut Session,
    record: &Record,
    policy: Policy<'_>,
) -> Result<Result<Validator, Refused>, Fault> {
    let validator = match session.validator(policy.document, form::mode(policy.mode))? {
        Ok(validator) => validator,
        Err(refusal) => return Ok(Err(Refused::Policy(refusal))),
    };
    for trusted in &record.trusted {
        let told = match trusted {
            Trusted::Anchor { role, certificate } => {
                session.add_anchor(&validator, &certificate.0, form::role(*role))?
            }
            Trusted::Stored { active_from, at, certificate } => {
                session.add_stored(&validator, &certificate.0, *active_from, *at)?.map(drop)
            }
            Trusted::Responder { issuer, certificate } => {
                let issuer = issuer.as_ref().map(|issuer| issuer.0.as_slice());
                session.designate_responder(&validator, &certificate.0, issuer)?
            }
        };
        if let Err(refusal) = told {
            return Ok(Err(Refused::Trust(refusal)));
        }
    }
    Ok(Ok(validator))
}

/// What a validator is made of. Where two capsules have the same they share one.
fn key(record: &Record, policy: Policy<'_>) -> [u8; 32] {
    let mut hash = Sha256::new();
    let mut add = |octets: &[u8]| {
        hash.update(u64::try_from(octets.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(octets);
    };
    add(policy.document.as_bytes());
    add(format!("{:?}", policy.mode).as_bytes());
    for trusted in &record.trusted {
        match trusted {
            Trusted::Anchor { role, certificate } => {
                add(format!("anchor {role:?}").as_bytes());
                add(&certificate.0);
            }
            Trusted::Stored { active_from, at, certificate } => {
                add(format!("stored {active_from:?} {at}").as_bytes());
                add(&certificate.0);
            }
            Trusted::Responder { issuer, certificate } => {
                add(if issuer.is_some() { b"responder of" } else { b"responder" });
                add(issuer.as_ref().map_or(&[], |issuer| issuer.0.as_slice()));
                add(&certificate.0);
            }
        }
    }
    hash.finalize().into()
}

/// All of a check but the name that the engine gave it.
fn key_of_check(check: &SignatureCheck) -> [u8; 32] {
    let mut hash = Sha256::new();
    for octets in [check.algorithm.as_bytes(), &check.key, &check.message, &check.signature] {
        hash.update(u64::try_from(octets.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(octets);
    }
    hash.finalize().into()
}

/// Decides many capsules again, as many at once as there are processors; what comes of each, in their order. `read` makes a
/// record of each on the thread that decides it.
///
/// # Errors
/// The first fault.
pub fn all<T: Sync, E: Send>(
    (engine, arithmetic): (&Engine, Arithmetic),
    capsules: &[T],
    read: impl Fn(&T) -> Result<Record, E> + Sync,
) -> Result<Vec<Result<Repeated, E>>, Fault> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let size = capsules.len().div_ceil(threads).max(1);
    let read = &read;
    let done: Vec<Result<Vec<Result<Repeated, E>>, Fault>> = std::thread::scope(|scope| {
        let lanes: Vec<_> = capsules
            .chunks(size)
            .map(|chunk| {
                scope.spawn(move || {
                    let mut repeater = Repeater::new(engine, arithmetic);
                    chunk.iter().map(|one| repeated(&mut repeater, read(one))).collect()
                })
            })
            .collect();
        let failed = || Err(Fault::Trap("the program failed while it decided again".to_owned()));
        lanes.into_iter().map(|lane| lane.join().unwrap_or_else(|_| failed())).collect()
    });
    let mut all = Vec::with_capacity(capsules.len());
    for lane in done {
        all.extend(lane?);
    }
    Ok(all)
}

/// A capsule that was decided again.
#[derive(Clone, Debug)]
pub struct Repeated {
    /// Who decided the first time.
    pub engine: engine_capsule::Engine,
    /// What came of it.
    pub again: Again,
}

fn repeated<E>(repeater: &mut Repeater, record: Result<Record, E>) -> Result<Result<Repeated, E>, Fault> {
    let record = match record {
        Ok(record) => record,
        Err(unusable) => return Ok(Err(unusable)),
    };
    let again = repeater.again(&record)?;
    Ok(Ok(Repeated { engine: record.engine, again }))
}
