//! One look at what expires: pages through the certificates whose end is near, each once wherever it lies, asks the
//! engine which are to be told, and raises alarms. Time comes in as an argument, so that a test is as good a clock as
//! the system's. Of any number of processes one looks; where it is killed, another goes on where it was.

use std::fmt;
use std::time::Instant;

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};

use crate::alarm::document::{self, ExpiryDetails};
use crate::api::error::escaped;
use crate::component::contract::request::Mode;
use crate::component::contract::watching as contract;
use crate::component::pool::{Pool, Unanswered};
use crate::component::{Fault, Session, Validator};
use crate::storage::{
    Claim, Entry, Filter, ListFault, NewAlarm, Observed, ObservedKind, Query, Stage, Storage, StorageFault,
    Version, Watched,
};

/// The job's name.
pub const JOB: &str = "expiry";
/// How long a process that was heard of last keeps the job, in seconds.
pub const LEASE: i64 = 120;
/// How long after a look that failed the next is tried, in seconds.
const AGAIN: i64 = 300;
/// Certificates that the engine is asked about at once.
const PAGE: i64 = 500;
/// Alarms that are raised at once.
const BATCH: usize = 25;
/// The trust store that the authority of phones' certificates believes. What lies in it and is no authority's is a
/// locally significant certificate of a phone (R-MON-12).
const PHONES: &str = "CAPF-trust";
/// Places that are told of a certificate.
const PLACES: u32 = 100;
/// Alternative names that are told of a certificate.
const NAMES: usize = 20;

/// Looks when it is time.
pub struct Monitor {
    storage: Storage,
    pool: Pool,
    owner: String,
    channels: Vec<String>,
    /// The version of the state for which it is scheduled, and whether anything is watched under it.
    seen: Option<(Version, bool)>,
}

impl fmt::Debug for Monitor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Monitor").field("owner", &self.owner).finish_non_exhaustive()
    }
}

/// What came of one step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Step {
    /// It was this process's to look, and it did.
    pub looked: bool,
    /// Alarms raised by it.
    pub raised: u64,
    /// When the next look is due; `None` where nothing is watched.
    pub next: Option<i64>,
}

/// What the last look found, as it is kept with the job.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Outcome {
    /// Certificates that are kept, each counted once.
    pub certificates: i64,
    /// Of these, those that expire before long.
    pub approaching: u64,
    /// Those that expire within a day.
    pub last_day: u64,
    /// Those that have expired.
    pub expired: u64,
    /// Alarms that were raised.
    pub raised: u64,
    /// When the first of all expires, or expired.
    pub soonest: Option<i64>,
    /// Why the look failed; `None` where it did not.
    pub fault: Option<String>,
}

/// Why it could not be looked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WatchFault {
    /// The engine gave no answer.
    Engine(Unanswered),
    /// Another process took the job over, because this one was too slow.
    Overtaken,
    /// The policy document in force cannot be read: its code.
    Policy(String),
    /// The storage failed.
    Storage(StorageFault),
}

impl fmt::Display for WatchFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Engine(fault) => fault.fmt(f),
            Self::Overtaken => f.write_str("another node took over, because this one was too slow"),
            Self::Policy(code) => write!(f, "the policy document in force cannot be used ({code})"),
            Self::Storage(fault) => fault.fmt(f),
        }
    }
}

impl std::error::Error for WatchFault {}

impl From<StorageFault> for WatchFault {
    fn from(fault: StorageFault) -> Self {
        Self::Storage(fault)
    }
}

impl From<Unanswered> for WatchFault {
    fn from(fault: Unanswered) -> Self {
        Self::Engine(fault)
    }
}

impl From<ListFault> for WatchFault {
    fn from(fault: ListFault) -> Self {
        match fault {
            ListFault::Storage(fault) => Self::Storage(fault),
            ListFault::Cursor => Self::Storage(StorageFault::Broken(fault.to_string())),
        }
    }
}

/// How often it is looked, and how far ahead, in seconds.
#[derive(Clone, Copy)]
struct Cadence {
    seconds: i64,
    ahead: i64,
}

/// What the engine says of one certificate.
struct Judged {
    watched: Watched,
    stage: Option<Stage>,
    is_due: bool,
}

/// What the last look found; `None` where there was none yet.
///
/// # Errors
/// What a database can do wrong.
pub async fn last(storage: &Storage) -> Result<Option<Outcome>, StorageFault> {
    let job = storage.job(JOB).await?;
    Ok(job.and_then(|job| serde_json::from_str(&job.outcome).ok()))
}

impl Monitor {
    /// A monitor of what is kept in `storage`, which `owner` runs and which raises alarms for `channels`.
    #[must_use]
    pub fn of(storage: &Storage, pool: &Pool, owner: &str, channels: Vec<String>) -> Self {
        let owner = owner.to_owned();
        Self { storage: storage.clone(), pool: pool.clone(), owner, channels, seen: None }
    }

    /// Looks where a look is due at `now` and nobody else is at it.
    ///
    /// The first step of a process, and each after a change of the state, tells nothing: it sees to it that the next
    /// look is one interval away (R-MON-5, D-11), or sooner where that was planned before. So a restart never makes
    /// a look later than it would have been without it.
    ///
    /// # Errors
    /// [`WatchFault`]. What was begun is gone on with by the next look.
    pub async fn step(&mut self, now: i64) -> Result<Step, WatchFault> {
        let version = self.storage.version().await?;
        if self.seen.is_none_or(|(seen, _)| seen != version) {
            let cadence = self.cadence(now).await?;
            if let Some(cadence) = cadence {
                self.storage.schedule(JOB, now.saturating_add(cadence.seconds)).await?;
            }
            self.seen = Some((version, cadence.is_some()));
        }
        // R-MON-1: nothing is looked at where the settings watch nothing
        if self.seen.is_some_and(|(_, watches)| !watches) {
            return Ok(Step::default());
        }
        let claim = self.storage.claim(JOB, &self.owner, (now, LEASE)).await?;
        let raised = match &claim {
            Some(claim) => self.look(claim, now).await?,
            None => 0,
        };
        let job = self.storage.job(JOB).await?;
        Ok(Step { looked: claim.is_some(), raised, next: job.map(|job| job.due_at.max(job.owned_until)) })
    }

    /// One look, and what came of it written down.
    async fn look(&self, claim: &Claim, now: i64) -> Result<u64, WatchFault> {
        let mut outcome = Outcome::default();
        let looked = self.tell(claim, now, &mut outcome).await;
        let next = match looked {
            Ok(seconds) => now.saturating_add(seconds),
            Err(WatchFault::Overtaken) => return Err(WatchFault::Overtaken),
            Err(fault) => {
                tracing::error!(what = %escaped(&fault.to_string()), "a look at what expires failed");
                outcome.fault = Some(fault.to_string());
                now.saturating_add(AGAIN)
            }
        };
        let text = serde_json::to_string(&outcome).unwrap_or_default();
        self.storage.finish(claim, (now, next), &text).await?;
        Ok(outcome.raised)
    }

    /// Tells what is due, and gives the seconds to the next look.
    async fn tell(&self, claim: &Claim, now: i64, outcome: &mut Outcome) -> Result<i64, WatchFault> {
        let started = Instant::now();
        self.storage.resolve_gone(now).await?;
        let (certificates, soonest) = self.storage.soonest().await?;
        (outcome.certificates, outcome.soonest) = (certificates, soonest);
        let Some(cadence) = self.cadence(now).await? else { return Ok(AGAIN) };
        let until = now.saturating_add(cadence.ahead);
        let mut after = None;
        loop {
            let page = self.storage.expiring((until, PHONES), after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = Some((last.not_after, last.fingerprint));
            let kind = |watched: Watched| (contract_kind(&watched), watched);
            let judged = self.judge(page.into_iter().map(kind).collect(), now).await?;
            judged.iter().for_each(|one| outcome.count(one.stage));
            let due: Vec<_> = judged.into_iter().filter(|one| one.is_due).collect();
            for batch in due.chunks(BATCH) {
                self.hold(claim, (now, started)).await?;
                outcome.raised = outcome.raised.saturating_add(self.raise(batch, now).await?);
            }
        }
        self.hold(claim, (now, started)).await?;
        outcome.raised = outcome.raised.saturating_add(self.tell_observed(until, now).await?);
        Ok(cadence.seconds)
    }

    /// Goes on having the job.
    async fn hold(&self, claim: &Claim, (now, started): (i64, Instant)) -> Result<(), WatchFault> {
        let passed = i64::try_from(started.elapsed().as_secs()).unwrap_or(i64::MAX);
        let held = self.storage.extend(claim, now.saturating_add(passed).saturating_add(LEASE)).await?;
        if held { Ok(()) } else { Err(WatchFault::Overtaken) }
    }

    /// Tells what is due of what lies in no place: lists, and certificates of responders. How much that is.
    async fn tell_observed(&self, until: i64, now: i64) -> Result<u64, WatchFault> {
        let (mut after, mut told) = (None, 0_u64);
        loop {
            let page = self.storage.observed_expiring(until, after, PAGE).await?;
            let Some((_, last)) = page.last() else { return Ok(told) };
            after = Some((last.not_after, last.fingerprint));
            let (observed, watched): (Vec<_>, Vec<_>) = page.into_iter().unzip();
            let kinds = observed.iter().map(|one| observed_kind(one.kind));
            let judged = self.judge(kinds.zip(watched).collect(), now).await?;
            let alarms: Vec<_> = observed
                .iter()
                .zip(&judged)
                .filter(|(_, one)| one.is_due)
                .filter_map(|(observed, one)| observed_alarm(observed, one, now))
                .collect();
            told = told.saturating_add(self.raise_alarms(&alarms, now).await?);
        }
    }

    async fn raise(&self, due: &[Judged], now: i64) -> Result<u64, WatchFault> {
        let names = self.names(due).await?;
        let mut alarms = Vec::new();
        for (one, names) in due.iter().zip(names) {
            let Some(stage) = one.stage else { continue };
            let places = self.places(&one.watched).await?;
            let details = document::of_certificate((&one.watched, stage), &places, names, now);
            alarms.extend(details.map(|details| alarm(one, stage, &details)));
        }
        self.raise_alarms(&alarms, now).await
    }

    async fn raise_alarms(&self, alarms: &[NewAlarm], now: i64) -> Result<u64, WatchFault> {
        let raised = self.storage.raise(alarms, &self.channels, now).await?;
        for alarm in &raised {
            let (id, code) = (&alarm.id, &alarm.code);
            let certificate = HEXLOWER.encode(&alarm.watched);
            tracing::warn!(id, code, certificate, subject = %escaped(&alarm.subject), "alarm");
        }
        Ok(u64::try_from(raised.len()).unwrap_or(u64::MAX))
    }

    /// Where a certificate lies.
    async fn places(&self, watched: &Watched) -> Result<Vec<Entry>, WatchFault> {
        let filter = Filter { fingerprint: Some(watched.fingerprint), ..Filter::default() };
        Ok(self.storage.list(&Query { filter, size: PLACES, ..Query::default() }).await?.entries)
    }

    /// The subject alternative names of certificates, as the engine describes them.
    async fn names(&self, due: &[Judged]) -> Result<Vec<Vec<String>>, WatchFault> {
        let mut certificates = Vec::new();
        for one in due {
            certificates.push(self.storage.certificate(&one.watched.fingerprint).await?.unwrap_or_default());
        }
        let names = move |session: &mut Session| {
            certificates.iter().map(|certificate| alternative_names(session, certificate)).collect()
        };
        Ok(self.pool.ask(names).await?)
    }

    /// `None` where the policy in force watches nothing.
    async fn cadence(&self, now: i64) -> Result<Option<Cadence>, WatchFault> {
        let (_, soonest) = self.storage.soonest().await?;
        let soonest = [soonest, self.storage.soonest_observed().await?].into_iter().flatten().min();
        let asked = move |session: &mut Session, validator: &Validator| {
            let seconds = session.watch_seconds(validator, soonest, now)?;
            Ok(seconds.zip(session.look_ahead(validator)?))
        };
        let found = self.under_policy(asked).await?;
        let whole = |seconds: u64| i64::try_from(seconds).unwrap_or(i64::MAX);
        Ok(found.map(|(seconds, ahead)| Cadence { seconds: whole(seconds), ahead: whole(ahead) }))
    }

    async fn judge(
        &self,
        page: Vec<(contract::WatchedKind, Watched)>,
        now: i64,
    ) -> Result<Vec<Judged>, WatchFault> {
        let watched: Vec<_> = page.iter().map(|(kind, watched)| asked_about(*kind, watched)).collect();
        let answers =
            self.under_policy(move |session, validator| session.expiry(validator, &watched, now)).await?;
        let judged = |((_, watched), answer): ((_, Watched), contract::Expiry)| Judged {
            watched,
            stage: answer.stage.map(stage),
            is_due: answer.is_due,
        };
        Ok(page.into_iter().zip(answers).map(judged).collect())
    }

    /// Asks the engine under the policy document in force, or the defaults where there is none.
    async fn under_policy<T, W>(&self, work: W) -> Result<T, WatchFault>
    where
        T: Send + 'static,
        W: FnOnce(&mut Session, &Validator) -> Result<T, Fault> + Send + 'static,
    {
        let policy = self.storage.active_policy("").await?;
        let policy = policy.map(|policy| policy.document).unwrap_or_default();
        let asked = move |session: &mut Session| match session.validator(&policy, Mode::AsWritten)? {
            Ok(validator) => work(session, &validator).map(Ok),
            Err(refusal) => Ok(Err(refusal.code)),
        };
        self.pool.ask(asked).await?.map_err(WatchFault::Policy)
    }
}

impl Outcome {
    fn count(&mut self, stage: Option<Stage>) {
        let counter = match stage {
            Some(Stage::Approaching) => &mut self.approaching,
            Some(Stage::Expired) => &mut self.expired,
            Some(Stage::LastDay) => &mut self.last_day,
            None => return,
        };
        *counter = counter.saturating_add(1);
    }
}

fn alarm(one: &Judged, stage: Stage, details: &ExpiryDetails) -> NewAlarm {
    NewAlarm {
        watched: one.watched.fingerprint,
        times_before: one.watched.told.as_ref().map_or(0, |told| told.times),
        stage,
        code: document::code(stage),
        severity: document::severity(stage),
        subject: details.subject.clone(),
        document: serde_json::to_string(details).unwrap_or_default(),
    }
}

fn observed_alarm(observed: &Observed, one: &Judged, now: i64) -> Option<NewAlarm> {
    let stage = one.stage?;
    let (code, details) = document::of_observed(observed, (&one.watched, stage), now)?;
    Some(NewAlarm { code, ..alarm(one, stage, &details) })
}

/// What stands below the extension in the engine's description. A certificate that cannot be described has none.
fn alternative_names(session: &mut Session, certificate: &[u8]) -> Result<Vec<String>, Fault> {
    let fields = session.describe(certificate)?.unwrap_or_default();
    let mut lines = fields.iter().skip_while(|field| field.label != "Subject Alternative Name");
    let Some(heading) = lines.next() else { return Ok(Vec::new()) };
    let below = lines.take_while(|field| field.depth > heading.depth);
    Ok(below.filter(|field| !field.value.is_empty()).take(NAMES).map(|field| field.value.clone()).collect())
}

fn contract_kind(watched: &Watched) -> contract::WatchedKind {
    if watched.is_of_phone {
        contract::WatchedKind::LocallySignificant
    } else {
        contract::WatchedKind::Certificate
    }
}

fn observed_kind(kind: ObservedKind) -> contract::WatchedKind {
    match kind {
        ObservedKind::Responder => contract::WatchedKind::Responder,
        ObservedKind::RevocationList => contract::WatchedKind::RevocationList,
    }
}

fn asked_about(kind: contract::WatchedKind, watched: &Watched) -> contract::Watched {
    let told = watched.told.as_ref();
    let acknowledged = told
        .and_then(|told| told.acknowledged)
        .map(|stage| contract::Silenced::Acknowledged(contract_stage(stage)));
    let snoozed = told.and_then(|told| told.snoozed_until).map(contract::Silenced::Until);
    contract::Watched {
        kind,
        begins: watched.not_before,
        expires: watched.not_after,
        told: told.map(|told| contract::Told { at: told.at, stage: contract_stage(told.stage) }),
        silenced: acknowledged.or(snoozed),
    }
}

fn contract_stage(stage: Stage) -> contract::Stage {
    match stage {
        Stage::Approaching => contract::Stage::Approaching,
        Stage::Expired => contract::Stage::Expired,
        Stage::LastDay => contract::Stage::LastDay,
    }
}

fn stage(stage: contract::Stage) -> Stage {
    match stage {
        contract::Stage::Approaching => Stage::Approaching,
        contract::Stage::Expired => Stage::Expired,
        contract::Stage::LastDay => Stage::LastDay,
    }
}
