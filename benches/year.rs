//! A year of 100,000 certificates under a clock of our own: every look at what expires tells what it is to tell, and every
//! certificate is judged again as often as the settings say; nothing is missed and nothing is done twice. It fails where
//! anything is. The judge says that all is well, so that what is counted is the service and the database.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use host_server::audit::AuditRecord;
use host_server::component::pool::Pool;
use host_server::storage::{
    AlarmFilter, Change, Check, CheckStatus, Fingerprint, Location, NodeRole, Place, Room, Storage, Usage,
};
use host_server::watch::expiry::Monitor;
use host_server::watch::recheck::{Judge, Judged, Rechecks};

use crate::recheck::{NOW, directory, judged, kept, pool, said};

const CERTIFICATES: u32 = 100_000;
/// Certificates that expire on one day, and are taken away two days later.
const BATCH: u32 = 10_000;
/// Certificates in one transaction.
const AT_ONCE: u32 = 2_000;
const AUTHORITIES: u32 = 1_000;
const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;
/// Each is judged again every so many days.
const EVERY: i64 = 30;

const HALVES: [&str; 2] = ["expiry", "checks"];

/// Runs both halves, or the one that is named.
pub(crate) fn run(wanted: Option<&str>) -> Result<(), String> {
    if let Some(unknown) = wanted.filter(|half| !HALVES.contains(half)) {
        return Err(format!("there is no half `{unknown}`; expected {}", HALVES.join(" or ")));
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.map_err(said)?.block_on(async {
        let pool = pool()?;
        for half in HALVES.into_iter().filter(|half| wanted.is_none_or(|wanted| wanted == *half)) {
            let (directory, begun) = (directory("year")?, Instant::now());
            let done = match half {
                "expiry" => expiry(&directory, &pool).await,
                _ => checks(&directory, &pool).await,
            };
            let _gone = std::fs::remove_dir_all(&directory);
            let (steps, done) = done?;
            let seconds = begun.elapsed().as_secs_f64();
            println!("{half}: {CERTIFICATES} certificates, a year: {steps} steps, {done} done, none missed, none twice; {seconds:.0} s");
            println!(
                "{}",
                serde_json::json!({ "bench": "year", "half": half, "certificates": CERTIFICATES, "steps": steps,
                    "done": done, "seconds": seconds })
            );
        }
        Ok(())
    })
}

/// The whole days after which a batch expires.
fn ends() -> impl Iterator<Item = (u32, i64)> {
    (0..CERTIFICATES / BATCH).map(|batch| (batch, 15 + 36 * i64::from(batch)))
}

fn end_of(number: u32) -> i64 {
    15 + 36 * i64::from(number / BATCH)
}

async fn filled(directory: &Path, policy: &str, end: fn(u32) -> i64) -> Result<Storage, String> {
    let storage = Storage::open(&Location::Directory(directory.to_owned())).await.map_err(said)?;
    let policy = Change::PutPolicy { scope: String::new(), document: policy.to_owned() };
    let node = Change::AddNode { name: "a".to_owned(), role: NodeRole::Publisher };
    apply(&storage, &[node, policy]).await?;
    for batch in 0..CERTIFICATES / AT_ONCE {
        let numbers = batch * AT_ONCE..(batch + 1) * AT_ONCE;
        let changes: Vec<_> =
            numbers.map(|number| kept(number, AUTHORITIES, NOW + end(number) * DAY)).collect();
        apply(&storage, &changes).await?;
    }
    Ok(storage)
}

async fn apply(storage: &Storage, changes: &[Change]) -> Result<(), String> {
    let record = AuditRecord::done(NOW, "bench", "certificate.stored", "bench");
    let version = storage.version().await.map_err(said)?;
    storage.apply(version, changes, record).await.map(drop).map_err(said)
}

/// Hours at which a certificate that expires after so many whole days is told: every week from 30 days before, once on its
/// last day, and once in the hour after its end.
fn told(end: i64) -> Vec<i64> {
    let first = (end - 30).max(1);
    let days = (first..=end - 2).step_by(7).chain([end - 1]);
    days.map(|day| day * 24).chain([end * 24 + 1]).collect()
}

async fn expiry(directory: &Path, pool: &Pool) -> Result<(u64, u64), String> {
    let storage = filled(directory, "", end_of).await?;
    let mut monitor = Monitor::of(&storage, pool, "a", Vec::new());
    let (mut now, mut steps) = (NOW, 0_u64);
    while now <= NOW + 365 * DAY {
        if let Some((batch, _)) = ends().find(|(_, end)| now == NOW + (end + 2) * DAY) {
            for first in (batch * BATCH..(batch + 1) * BATCH).step_by(AT_ONCE as usize) {
                let gone: Vec<_> = (first..first + AT_ONCE).map(removed).collect();
                apply(&storage, &gone).await?;
            }
        }
        steps += 1;
        if steps.is_multiple_of(50) {
            monitor = Monitor::of(&storage, pool, "a", Vec::new());
        }
        now = monitor.step(now).await.map_err(said)?.next.ok_or("nothing is watched")?;
    }
    let mut found = alarms(&storage).await?;
    let mut count = 0_u64;
    for number in 0..CERTIFICATES {
        let mut hours = found.remove(&fingerprint(number)).unwrap_or_default();
        hours.sort_unstable();
        count += hours.len() as u64;
        if hours != told(end_of(number)) {
            return Err(format!("certificate {number} was told at the hours {hours:?}"));
        }
    }
    Ok((steps, count))
}

/// The hours at which each certificate was told.
async fn alarms(storage: &Storage) -> Result<BTreeMap<Fingerprint, Vec<i64>>, String> {
    let (mut filter, mut found) = (AlarmFilter::default(), BTreeMap::<_, Vec<i64>>::new());
    loop {
        let page = storage.alarms(&filter, 5_000).await.map_err(said)?;
        let Some(last) = page.last() else { return Ok(found) };
        filter.after = Some((last.raised_at, last.id.clone()));
        for alarm in page {
            found.entry(alarm.watched).or_default().push((alarm.raised_at - NOW) / HOUR);
        }
    }
}

fn removed(number: u32) -> Change {
    let room = Room { usage: Usage::Trust, name: "tomcat-trust".to_owned() };
    Change::Remove { place: Place { room, node: None }, fingerprint: fingerprint(number) }
}

fn fingerprint(number: u32) -> Fingerprint {
    use sha2::{Digest, Sha256};
    Sha256::digest(format!("certificate {number}")).into()
}

/// Says that all is well, and keeps when it was asked: the days.
#[derive(Clone, Default)]
struct Keeps(Arc<Mutex<BTreeMap<Fingerprint, Vec<i64>>>>);

impl Judge for Keeps {
    async fn judge(&self, check: Check, now: i64) -> Result<Judged, String> {
        self.0.lock().map_err(said)?.entry(check.fingerprint).or_default().push((now - NOW) / DAY);
        Ok(judged(CheckStatus::Good))
    }
}

async fn checks(directory: &Path, pool: &Pool) -> Result<(u64, u64), String> {
    let policy = format!(
        "[periodic]\ncheck = \"enabled\"\nevery = {EVERY}\nunit = \"days\"\n[monitoring]\nmonitor = \"disabled\"\n"
    );
    let storage = filled(directory, &policy, |_| 4_000).await?;
    let (keeps, clock) = (Keeps::default(), Arc::new(AtomicI64::new(NOW)));
    let (mut steps, mut done) = (0_u64, 0_u64);
    loop {
        let read = Arc::clone(&clock);
        // a restart before each step
        let mut rechecks = Rechecks::of(
            (&storage, pool),
            keeps.clone(),
            "a",
            Vec::new(),
            Arc::new(move || read.load(Ordering::SeqCst)),
        );
        steps += 1;
        done += rechecks.step().await.map_err(said)?.done;
        let next = storage.check_counts(clock.load(Ordering::SeqCst)).await.map_err(said)?.next;
        match next.filter(|next| *next <= NOW + 365 * DAY) {
            Some(next) => clock.store(next, Ordering::SeqCst),
            None => break,
        }
    }
    let expected: Vec<i64> = (0..=365 / EVERY).map(|turn| turn * EVERY).collect();
    let asked = keeps.0.lock().map_err(said)?;
    for number in 0..CERTIFICATES {
        let days = asked.get(&fingerprint(number)).cloned().unwrap_or_default();
        if days != expected {
            return Err(format!("certificate {number} was judged on the days {days:?}"));
        }
    }
    Ok((steps, done))
}
