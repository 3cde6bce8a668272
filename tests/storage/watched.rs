//! What the tests of the monitor share: certificates that expire, one engine, and every alarm there is.

use std::sync::OnceLock;
use std::time::Duration;

use host_server::component::pool::{Pool, Size};
use host_server::storage::{Alarm, AlarmFilter, NewEntry, Storage};
use host_server::watch::expiry::Monitor;

use crate::sample::{NOW, entry};

pub(crate) const HOUR: i64 = 3_600;
pub(crate) const DAY: i64 = 24 * HOUR;

/// One engine for all tests: it takes longer to load than to ask.
pub(crate) fn pool() -> Pool {
    static POOL: OnceLock<Pool> = OnceLock::new();
    let size = Size {
        sessions: 4,
        queue: 64,
        patience: Duration::from_secs(60),
        memory: host_server::decide::ONLINE.memory,
    };
    POOL.get_or_init(|| Pool::load(size).unwrap()).clone()
}

pub(crate) fn monitor(storage: &Storage, owner: &str) -> Monitor {
    Monitor::of(storage, &pool(), owner, vec!["syslog".to_owned()])
}

/// A certificate with so many seconds left at [`NOW`].
pub(crate) fn expiring(name: &str, left: i64) -> NewEntry {
    let mut new = entry(name);
    (new.facts.not_before, new.facts.not_after) = (NOW - 400 * DAY, NOW + left);
    new
}

/// Every alarm, the newest first.
pub(crate) async fn all(storage: &Storage) -> Vec<Alarm> {
    let (mut filter, mut found) = (AlarmFilter::default(), Vec::new());
    loop {
        let page = storage.alarms(&filter, 500).await.unwrap();
        let Some(last) = page.last() else { return found };
        filter.after = Some((last.raised_at, last.id.clone()));
        found.extend(page);
    }
}
