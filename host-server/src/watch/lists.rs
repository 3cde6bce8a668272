//! The lists of revoked certificates that are watched (R-CRL-5): those of the configured distribution points and those
//! that certificates kept here name, as far as the settings have CRLs for a source (R-CRL-12, R-CRL-13). Each is
//! downloaded when it is due, by one of any number of processes, and compared by the engine with the one before it (D-23).
//!
//! What is kept here tells what changed; no decision rests on it, and it never enters the cache of the fetcher: whoever
//! decides asks for a list himself, so that an empty cache after a restart still means that nothing is known. Time comes
//! in as an argument, so that a test is as good a clock as the system's.

mod compared;
mod told;

use std::collections::BTreeMap;
use std::fmt;

use hyper::body::Bytes;
use sha2::{Digest, Sha256};
use tokio::task::JoinSet;

use self::compared::Compared;
use super::expiry::WatchFault;
use crate::api::error::escaped;
use crate::component::contract::evidence::HttpMethod;
use crate::component::contract::request::Mode;
use crate::component::pool::Pool;
use crate::component::{Answer, Session};
use crate::fetch::failure::reason_name;
use crate::fetch::{Fetcher, Kind, Request};
use crate::storage::{Fingerprint, KeptList, ListClaim, ListEnd, Storage, Version};

/// The job of finding out which lists there are.
pub const JOB: &str = "lists";
/// How long a process that was heard of last keeps a download, in seconds: longer than a fetch may take.
pub const LEASE: i64 = 300;
/// How often it is found out which lists there are, in seconds, besides after every change of the state.
const SURVEY: i64 = 3_600;
/// The longest time between two downloads, in seconds. Authorities issue lists early when they revoke; nobody should
/// learn of that more than an hour late, and most servers of lists answer many times as often.
const LONGEST: i64 = 3_600;
/// The shortest time between two downloads, and between two attempts, in seconds: as between two questions for a status
/// that could not be had.
const SHORTEST: i64 = 300;
/// Downloads at once of one process.
const AT_ONCE: i64 = 8;
/// Most lists that are watched. A store could hold certificates that name hundreds of thousands.
const MOST: usize = 1_000;
/// Certificates that the engine is asked about at once.
const PAGE: i64 = 500;
/// What is told of a list, and over when a newer one is taken.
const OVER: [&str; 3] = ["crl.rollback", "crl.stale", "crl.unverified"];

/// Downloads what is due.
pub struct Lists {
    storage: Storage,
    pool: Pool,
    fetcher: Fetcher,
    owner: String,
    channels: Vec<String>,
    seen: Option<Version>,
}

impl fmt::Debug for Lists {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lists").field("owner", &self.owner).finish_non_exhaustive()
    }
}

/// What came of one step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Step {
    /// Downloads that were tried.
    pub tried: u64,
    /// Alarms raised by them.
    pub raised: u64,
    /// When something is due next.
    pub next: Option<i64>,
}

/// What what is told of a list is about: the place where it is to be had.
#[must_use]
pub fn about(uri: &str) -> Fingerprint {
    let mut hash = Sha256::new();
    hash.update(b"list ");
    hash.update(uri.as_bytes());
    hash.finalize().into()
}

impl Lists {
    /// Those of what is kept in `storage`, downloaded by `fetcher` and in the name of `owner`; alarms go to `channels`.
    #[must_use]
    pub fn of(
        storage: &Storage,
        pool: &Pool,
        fetcher: &Fetcher,
        (owner, channels): (&str, Vec<String>),
    ) -> Self {
        Self {
            storage: storage.clone(),
            pool: pool.clone(),
            fetcher: fetcher.clone(),
            owner: owner.to_owned(),
            channels,
            seen: None,
        }
    }

    /// Downloads what is due at `now` and nobody else is at.
    ///
    /// # Errors
    /// [`WatchFault`]. What was begun is taken up again when its lease ends.
    pub async fn step(&mut self, now: i64) -> Result<Step, WatchFault> {
        let version = self.storage.version().await?;
        if self.seen != Some(version) {
            self.storage.schedule(JOB, now).await?;
            self.seen = Some(version);
        }
        if let Some(claim) = self.storage.claim(JOB, &self.owner, (now, LEASE)).await? {
            let surveyed = self.survey(now).await;
            let (again, outcome) = match &surveyed {
                Ok(()) => (SURVEY, String::new()),
                Err(fault) => (SHORTEST, fault.to_string()),
            };
            self.storage.finish(&claim, (now, now.saturating_add(again)), &outcome).await?;
            surveyed?;
        }
        let mut step = self.download(now).await?;
        let survey = self.storage.job(JOB).await?.map(|job| job.due_at.max(job.owned_until));
        step.next = [survey, self.storage.next_list().await?].into_iter().flatten().min();
        Ok(step)
    }

    /// Finds out which lists there are to watch.
    async fn survey(&self, now: i64) -> Result<(), WatchFault> {
        let mut wanted = self.wanted(vec![None]).await?;
        let mut after = None;
        loop {
            let page = self.storage.kept_certificates(after, PAGE).await?;
            let Some((last, _)) = page.last() else { break };
            after = Some(*last);
            wanted.extend(self.wanted(page.into_iter().map(|(_, der)| Some(der)).collect()).await?);
        }
        if wanted.len() > MOST {
            tracing::warn!(lists = wanted.len(), most = MOST, "more lists are named than are watched");
            wanted = wanted.into_iter().take(MOST).collect();
        }
        Ok(self.storage.watch_lists(&wanted, (now, about), &OVER).await?)
    }

    /// The lists to watch because of certificates, or because of the settings where there is none. A certificate that the
    /// engine cannot read names none.
    async fn wanted(&self, certificates: Vec<Option<Vec<u8>>>) -> Result<BTreeMap<String, u32>, WatchFault> {
        let policy = self.policy().await?;
        let asked = move |session: &mut Session| {
            let validator = match session.validator(&policy, Mode::AsWritten)? {
                Ok(validator) => validator,
                Err(refusal) => return Ok(Err(refusal.code)),
            };
            let mut wanted = BTreeMap::new();
            for certificate in &certificates {
                let named = session.watched_crls(&validator, certificate.as_deref())?.unwrap_or_default();
                wanted.extend(named.into_iter().map(|how| (how.uri, how.maximum_octets)));
            }
            Ok(Ok(wanted))
        };
        self.pool.ask(asked).await?.map_err(WatchFault::Policy)
    }

    async fn policy(&self) -> Result<String, WatchFault> {
        let policy = self.storage.active_policy("").await?;
        Ok(policy.map(|policy| policy.document).unwrap_or_default())
    }

    async fn download(&self, now: i64) -> Result<Step, WatchFault> {
        let mut step = Step::default();
        let mut tasks = JoinSet::new();
        for claim in self.storage.take_lists(&self.owner, (now, LEASE), AT_ONCE).await? {
            let fetcher = self.fetcher.clone();
            tasks.spawn(async move {
                let fetched = fetcher.fetch_anew(&request(&claim)).await;
                (claim, fetched.outcome)
            });
        }
        while let Some(landed) = tasks.join_next().await {
            let Ok((claim, outcome)) = landed else { continue };
            step.tried = step.tried.saturating_add(1);
            let compared = match &outcome {
                Ok(body) => self.judged(&claim, body).await?,
                Err(failure) => Compared::Unreachable(reason_name(failure.reason)),
            };
            let raised = self.end(&claim, compared, now).await?;
            step.raised = step.raised.saturating_add(raised);
        }
        Ok(step)
    }

    /// A list that the engine gives no answer about holds up no other.
    async fn judged(&self, claim: &ListClaim, body: &[u8]) -> Result<Compared, WatchFault> {
        match self.compare(claim, body).await {
            Err(WatchFault::Engine(fault)) => {
                tracing::error!(uri = %escaped(&claim.uri), %fault, "a list could not be compared");
                Ok(Compared::Unreachable("engine"))
            }
            compared => compared,
        }
    }

    /// Writes down what came of a download and tells it, unless somebody else was faster.
    async fn end(&self, claim: &ListClaim, compared: Compared, now: i64) -> Result<u64, WatchFault> {
        let kept = self.storage.kept_lists(&claim.uri).await?;
        let mut end = ListEnd { trouble: compared.trouble().to_owned(), ..ListEnd::default() };
        end.keep = compared.taken(&claim.uri, now);
        end.events = self.events(claim, (&compared, &kept), now).await?;
        if end.trouble.is_empty() {
            let goes_on = |code: &str| end.events.iter().any(|event| event.code == code);
            let over = OVER.into_iter().filter(|code| !goes_on(code));
            end.over = over.map(|code| (about(&claim.uri), code)).collect();
        }
        end.due_at = due(end.keep.as_ref().or(kept.last()), &end.trouble, now);
        let finished = self.storage.finish_list(claim, &end, (&self.channels, now)).await?;
        let Some(raised) = finished else { return Ok(0) };
        for alarm in &raised {
            let (id, code) = (&alarm.id, &alarm.code);
            tracing::warn!(id, code, subject = %escaped(&alarm.subject), "alarm");
        }
        if let (Some(list), true) = (&end.keep, raised.is_empty()) {
            // D-23: the same again, or the first, is no alarm
            tracing::info!(uri = %escaped(&list.uri), issuer = %escaped(&list.issuer), "a list was taken");
        }
        Ok(u64::try_from(raised.len()).unwrap_or(u64::MAX))
    }
}

/// When the next download is due: a little before the list lapses, and never long after this one; soon where nothing was
/// had, so that it is told soon after that the list has lapsed.
fn due(list: Option<&KeptList>, trouble: &str, now: i64) -> i64 {
    let soonest = now.saturating_add(SHORTEST);
    if !trouble.is_empty() {
        return soonest;
    }
    let end = list.and_then(|list| Some((list.this_update, list.next_update?)));
    let before = end.map_or(i64::MAX, |(begin, end)| {
        let margin = end.saturating_sub(begin).max(0).div_euclid(10).min(LONGEST);
        end.saturating_sub(margin)
    });
    before.min(now.saturating_add(LONGEST)).max(soonest)
}

/// Always anew: the list before this one may be in the cache of whoever decides.
fn request(claim: &ListClaim) -> Request {
    Request {
        kind: Kind::Crl,
        uri: claim.uri.clone(),
        method: HttpMethod::Get,
        body: Bytes::new(),
        maximum_octets: claim.most_octets,
        scope: Bytes::from_static(b"watched"),
    }
}

/// The one list of a file; the code of what is wrong where there is another number of them.
fn only_list(session: &mut Session, file: &[u8]) -> Answer<Vec<u8>> {
    use crate::component::contract::types::Refusal;
    Ok(session.read_crls(file)?.and_then(|lists| match <[_; 1]>::try_from(lists) {
        Ok([list]) => Ok(list),
        Err(_) => {
            Err(Refusal { code: "crl.several".to_owned(), input: "crl".to_owned(), details: Vec::new() })
        }
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(this_update: i64, next_update: Option<i64>) -> KeptList {
        KeptList {
            uri: "http://a.example/crl".to_owned(),
            issuer_public_key: [1; 32],
            issuer: "CN=a".to_owned(),
            der: Vec::new(),
            sha256: [2; 32],
            number: String::new(),
            this_update,
            next_update,
            downloaded_at: 0,
        }
    }

    #[test]
    fn the_next_download_is_before_the_list_lapses_and_within_an_hour() {
        let day = list(0, Some(86_400));
        for (now, trouble, expected) in [
            (1_000, "", 1_000 + LONGEST),
            // an hour before its end, and no sooner than in five minutes
            (80_000, "", 86_400 - LONGEST),
            (82_700, "", 83_000),
            (90_000, "", 90_000 + SHORTEST),
            (1_000, "timeout", 1_000 + SHORTEST),
        ] {
            assert_eq!(due(Some(&day), trouble, now), expected, "{now} {trouble}");
        }
        // of a list that is good for an hour, a tenth of that
        assert_eq!(due(Some(&list(0, Some(3_600))), "", 100), 3_240);
        assert_eq!(due(Some(&list(0, None)), "", 100), 100 + LONGEST);
        assert_eq!(due(None, "", 100), 100 + LONGEST);
    }

    #[test]
    fn what_is_told_of_one_place_is_not_told_of_another() {
        assert_eq!(about("http://a.example/"), about("http://a.example/"));
        assert_ne!(about("http://a.example/"), about("http://b.example/"));
    }
}
