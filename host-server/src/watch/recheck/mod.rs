//! Judges again what is in use (R-REV): certificates that are kept, and those behind connections that last. Every new one
//! once at once (R-OCSP-8), all of them as often as the settings say (R-OCSP-9). What is due is claimed from the database,
//! so that any number of processes share it, one that is killed over it only delays it, and a restart misses nothing.
//! Time comes from a clock that is given, so that a test has one of its own.
//!
//! `lane` sees to it that those whose responder is silent hold up nobody else, [`judge`] puts the question, `tell`
//! says what follows for people. How often, and what a status means, the engine says.

pub mod judge;
mod lane;
mod tell;

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use data_encoding::HEXLOWER;
use tokio::task::{Id, JoinSet};
use tokio::time::timeout;

use self::lane::Lanes;
use super::expiry::WatchFault;
use crate::api::error::escaped;
use crate::component::contract::evaluate;
use crate::component::contract::request::Mode;
use crate::component::pool::Pool;
use crate::component::{Fault, Session};
use crate::storage::{
    Check, CheckStatus, CheckUsage, Class, Ending, Entry, Filter, Found, Planned, Query, Reason, Storage,
    Version,
};

/// Checks under way at once in one process. Most of them wait for a responder.
pub const AT_ONCE: usize = 64;
/// The longest a check may take, in seconds; then it is tried again.
const LONGEST: u64 = 180;
/// How long a check is a process's that was not heard of again, in seconds: longer than any check.
pub const LEASE: i64 = 240;
/// The soonest that a certificate is looked at again, in seconds, however soon an answer lapses.
const SOONEST: i64 = 30;
/// How long after a check that failed the next is tried, in seconds, and the longest after many.
const AGAIN: i64 = 60;
const AGAIN_LONGEST: i64 = 3_600;
/// How long it is waited at most before it is looked whether more is due.
const TICK: Duration = Duration::from_millis(500);
/// How often in a row others may be faster.
const TRIES: usize = 4;
/// Places that are told of a certificate.
const PLACES: u32 = 100;

/// Says what time it is, in seconds since 1970.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// Who puts the question about a certificate.
pub trait Judge: Send + Sync + 'static {
    /// What is found at `now`.
    ///
    /// # Errors
    /// Why nothing could be found out, in a line; it is tried again.
    fn judge(&self, check: Check, now: i64) -> impl Future<Output = Result<Judged, String>> + Send;
}

/// What a question came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// What is kept of it.
    pub found: Found,
    /// The certificate's subject, and its serial number.
    pub subject: (String, String),
    /// The revocation, where there is one.
    pub revocation: Option<Revocation>,
    /// When it is worth asking again.
    pub ask_again: Option<i64>,
    /// Whether whoever was asked answered.
    pub reach: Reach,
    /// What uses the certificate, and is to be restarted after it was replaced.
    pub services: Vec<String>,
}

/// A revocation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revocation {
    /// When.
    pub at: i64,
    /// Why, in the words of RFC 5280 5.3.1.
    pub reason: Option<String>,
    /// The subject of the authority, where it is not the certificate itself that was revoked.
    pub authority: Option<String>,
}

/// Whether whoever was asked answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Everybody did, or nobody had to be asked.
    Answered,
    /// Nothing may be asked here.
    Offline,
    /// Somebody could not be reached.
    Silent,
}

/// What came of a step.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Step {
    /// What was found, and how often.
    pub found: Vec<(CheckStatus, u64)>,
    /// Checks that came to nothing, and are tried again.
    pub failed: u64,
    /// Checks that were done to an end and were this process's to the end.
    pub done: u64,
    /// Alarms raised.
    pub raised: u64,
}

/// How often what is in use is looked at again, in seconds; `None` where it is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cadence {
    /// What is kept.
    pub kept: Option<i64>,
    /// What lies behind connections, by class.
    pub connections: [(Class, Option<i64>); 3],
}

/// Looks when it is time.
pub struct Rechecks<J> {
    storage: Storage,
    pool: Pool,
    judge: Arc<J>,
    owner: String,
    channels: Vec<String>,
    clock: Clock,
    seen: Option<(Version, Cadence)>,
    lanes: Lanes,
    running: JoinSet<Result<Judged, String>>,
    held: HashMap<Id, Check>,
}

impl<J> fmt::Debug for Rechecks<J> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rechecks").field("owner", &self.owner).finish_non_exhaustive()
    }
}

impl Cadence {
    /// Whether anything is looked at again.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.kept.is_some() || self.connections.iter().any(|(_, seconds)| seconds.is_some())
    }

    /// The interval of what a check is about.
    fn of(&self, check: &Check) -> Option<i64> {
        if check.usage != CheckUsage::Connection {
            return self.kept;
        }
        let class = Class::from_word(&check.room)?;
        self.connections.iter().find(|(known, _)| *known == class)?.1
    }
}

/// How often the policy in force has things looked at again.
///
/// # Errors
/// [`WatchFault`].
pub async fn cadence(storage: &Storage, pool: &Pool) -> Result<Cadence, WatchFault> {
    let policy = storage.active_policy("").await?;
    let policy = policy.map(|policy| policy.document).unwrap_or_default();
    let asked = move |session: &mut Session| {
        let validator = match session.validator(&policy, Mode::AsWritten)? {
            Ok(validator) => validator,
            Err(refusal) => return Ok(Err(refusal.code)),
        };
        let mut seconds = |behind| -> Result<Option<i64>, Fault> {
            let found = session.recheck_seconds(&validator, behind)?;
            Ok(found.map(|seconds| i64::try_from(seconds).unwrap_or(i64::MAX)))
        };
        let connections = [
            (Class::Cti, seconds(Some(evaluate::Connection::Cti))?),
            (Class::Ipsec, seconds(Some(evaluate::Connection::Ipsec))?),
            (Class::Ldap, seconds(Some(evaluate::Connection::Ldap))?),
        ];
        Ok(Ok(Cadence { kept: seconds(None)?, connections }))
    };
    pool.ask(asked).await?.map_err(WatchFault::Policy)
}

impl<J: Judge> Rechecks<J> {
    /// Looks at what is kept in `storage`, as the node `owner`, and raises alarms for `channels`.
    #[must_use]
    pub fn of(
        (storage, pool): (&Storage, &Pool),
        judge: J,
        owner: &str,
        channels: Vec<String>,
        clock: Clock,
    ) -> Self {
        Self {
            storage: storage.clone(),
            pool: pool.clone(),
            judge: Arc::new(judge),
            owner: owner.to_owned(),
            channels,
            clock,
            seen: None,
            lanes: Lanes::default(),
            running: JoinSet::new(),
            held: HashMap::new(),
        }
    }

    /// Does what is due, until nothing is that others have not begun.
    ///
    /// # Errors
    /// [`WatchFault`]. What was begun is gone on with by the next step, or by another process when the lease has ended.
    pub async fn step(&mut self) -> Result<Step, WatchFault> {
        let mut version = self.storage.version().await?;
        let mut step = Step::default();
        loop {
            self.plan(version).await?;
            self.begin().await?;
            if self.running.is_empty() {
                return Ok(step);
            }
            let ended = self.wait().await;
            if !ended.is_empty() {
                self.end(ended, &mut step).await?;
            }
            version = version.max(*self.storage.watch().borrow());
        }
    }

    /// After a start and after each change of the state: sees to it that everything is due when the settings say.
    async fn plan(&mut self, version: Version) -> Result<(), WatchFault> {
        if self.seen.is_some_and(|(seen, _)| seen == version) {
            return Ok(());
        }
        let (now, cadence) = ((self.clock)(), cadence(&self.storage, &self.pool).await?);
        self.storage.plan_checks(Planned::Kept, now, cadence.kept).await?;
        for (class, seconds) in cadence.connections {
            self.storage.plan_checks(Planned::Connections(class.word()), now, seconds).await?;
        }
        self.seen = Some((version, cadence));
        Ok(())
    }

    /// Begins as much of what is due as there is room for.
    async fn begin(&mut self) -> Result<(), WatchFault> {
        let mut tries = 0;
        while self.running.len() < AT_ONCE && tries < TRIES {
            let (now, free) = ((self.clock)(), AT_ONCE.saturating_sub(self.running.len()));
            let most = i64::try_from(free.max(AT_ONCE / 4).saturating_mul(4)).unwrap_or(i64::MAX);
            let due = self.storage.due_checks(now, &self.owner, &self.lanes.full(), most).await?;
            let chosen = self.lanes.choose(&due, free);
            if chosen.is_empty() {
                return Ok(());
            }
            let until = now.saturating_add(LEASE);
            let taken = self.storage.take_checks(&chosen, &self.owner, (now, until)).await?;
            tries = if taken.is_empty() { tries.saturating_add(1) } else { 0 };
            for check in taken {
                self.start(check, now);
            }
        }
        Ok(())
    }

    fn start(&mut self, check: Check, now: i64) {
        self.lanes.begin(&check.issuer);
        let (judge, asked) = (Arc::clone(&self.judge), check.clone());
        let task = self.running.spawn(async move {
            let judged = timeout(Duration::from_secs(LONGEST), judge.judge(asked, now)).await;
            judged.unwrap_or_else(|_| Err("it took too long".to_owned()))
        });
        self.held.insert(task.id(), check);
    }

    /// Whatever has ended by now; nothing where nothing did for a while.
    async fn wait(&mut self) -> Vec<(Check, Result<Judged, String>)> {
        let mut ended = Vec::new();
        let mut next = timeout(TICK, self.running.join_next_with_id()).await.unwrap_or_default();
        while let Some(one) = next {
            let (id, judged) = match one {
                Ok((id, judged)) => (id, judged),
                Err(error) => (error.id(), Err("the program failed over it".to_owned())),
            };
            if let Some(check) = self.held.remove(&id) {
                self.lanes.end(&check.issuer, judged.as_ref().map_or(Reach::Answered, |judged| judged.reach));
                ended.push((check, judged));
            }
            next = self.running.try_join_next_with_id();
        }
        ended
    }

    /// Keeps what was found, tells what follows, and plans the next time.
    async fn end(
        &self,
        ended: Vec<(Check, Result<Judged, String>)>,
        step: &mut Step,
    ) -> Result<(), WatchFault> {
        let now = (self.clock)();
        let mut endings = Vec::new();
        for (check, judged) in ended {
            let ending = self.ending(&check, judged, now).await?;
            match &ending {
                Ending::Found { found, .. } => step.count(found.status),
                Ending::Failed { why, .. } => {
                    let certificate = HEXLOWER.encode(&check.fingerprint);
                    tracing::warn!(certificate, why = %escaped(why), "a certificate could not be looked at again");
                    step.failed = step.failed.saturating_add(1);
                }
                Ending::Dropped => {}
            }
            endings.push((check, ending));
        }
        let ended = self.storage.end_checks(&endings, &self.channels, now).await?;
        for alarm in &ended.raised {
            let (id, code) = (&alarm.id, &alarm.code);
            tracing::warn!(id, code, subject = %escaped(&alarm.subject), "alarm");
        }
        step.done = step.done.saturating_add(ended.found);
        step.raised = step.raised.saturating_add(u64::try_from(ended.raised.len()).unwrap_or(u64::MAX));
        Ok(())
    }

    async fn ending(
        &self,
        check: &Check,
        judged: Result<Judged, String>,
        now: i64,
    ) -> Result<Ending, WatchFault> {
        let interval = self.seen.and_then(|(_, cadence)| cadence.of(check));
        // R-REV-1: what was planned by settings that look at nothing any more is let go
        if interval.is_none() && check.reason == Reason::Schedule {
            return Ok(Ending::Dropped);
        }
        let judged = match judged {
            Ok(judged) => judged,
            Err(why) => {
                let doubled = u32::try_from(check.failures.clamp(0, 6)).unwrap_or(0);
                let wait = AGAIN.saturating_mul(2_i64.saturating_pow(doubled)).min(AGAIN_LONGEST);
                return Ok(Ending::Failed { due_at: now.saturating_add(wait), why });
            }
        };
        let places = if tell::tells(check, &judged) { self.places(check).await? } else { Vec::new() };
        let connection = match check.usage {
            CheckUsage::Connection => self.storage.connection(&check.connection).await?,
            CheckUsage::Identity | CheckUsage::Trust => None,
        };
        let due_at = interval.map(|interval| {
            let again = judged.ask_again.map_or(i64::MAX, |again| again.max(now.saturating_add(SOONEST)));
            now.saturating_add(interval).min(again)
        });
        let told = match &connection {
            Some(connection) => tell::of_connection(check, connection, &judged, now),
            None => tell::of_kept(check, &judged, &places, now),
        };
        let record = tell::record(check, &judged, now);
        let tell::Told { events, resolved } = told;
        Ok(Ending::Found { found: judged.found, due_at, events, resolved, record })
    }

    /// Where a certificate lies.
    async fn places(&self, check: &Check) -> Result<Vec<Entry>, WatchFault> {
        if check.usage == CheckUsage::Connection {
            return Ok(Vec::new());
        }
        let filter = Filter { fingerprint: Some(check.fingerprint), ..Filter::default() };
        Ok(self.storage.list(&Query { filter, size: PLACES, ..Query::default() }).await?.entries)
    }
}

impl Step {
    fn count(&mut self, status: CheckStatus) {
        match self.found.iter_mut().find(|(known, _)| *known == status) {
            Some((_, count)) => *count = count.saturating_add(1),
            None => self.found.push((status, 1)),
        }
    }
}
