//! What is told over a year, and by whom where one is killed.

use std::collections::BTreeMap;
use std::process::{Command, Stdio};

use host_server::storage::{Location, Storage};
use host_server::watch::expiry::{JOB, LEASE};

use crate::place::{Home, run};
use crate::sample::{NOW, apply, fingerprint, nodes, remove, store, trust};
use crate::watched::{DAY, HOUR, all, expiring, monitor};

const PLACE: &str = "ASSAYER_WATCHED_PLACE";

/// The last days of the batches: 200 certificates each.
fn ends() -> impl Iterator<Item = i64> {
    (0..10).map(|batch| 15 + 36 * batch)
}

fn name(end: i64, number: i64) -> String {
    format!("{end} {number}")
}

/// When a certificate that expires after so many whole days is told, in hours: every week from 30 days before, once on
/// its last day, and once in the hour after its end.
fn expected(end: i64) -> Vec<i64> {
    let first = (end - 30).max(1);
    let mut days: Vec<i64> = (first..=end - 2).step_by(7).collect();
    days.push(end - 1);
    days.into_iter().map(|day| day * 24).chain([end * 24 + 1]).collect()
}

// R-MON-4, R-MON-7, R-MON-8, R-MON-9, R-MON-10
#[test]
fn in_a_year_of_2000_certificates_nothing_is_missed_and_nothing_told_twice() {
    // by hand
    assert_eq!(expected(15), [24, 8 * 24, 14 * 24, 15 * 24 + 1]);
    let days = [21, 28, 35, 42, 49, 50].map(|day| day * 24);
    assert_eq!(expected(51), [days.as_slice(), &[51 * 24 + 1]].concat());
    run(async {
        let home = Home::embedded();
        let storage = home.open().await;
        nodes(&storage).await;
        for end in ends() {
            let batch: Vec<_> =
                (0..200).map(|number| store(expiring(&name(end, number), end * DAY))).collect();
            apply(&storage, &batch).await;
        }
        let looks = year(&storage).await;
        // once a day, and for each batch once an hour from its last day until it is taken away
        assert_eq!(looks, 365 + 10 * (72 - 3));
        let mut told: BTreeMap<_, Vec<i64>> = BTreeMap::new();
        for alarm in all(&storage).await {
            told.entry(alarm.watched).or_default().push((alarm.raised_at - NOW) / HOUR);
        }
        assert_eq!(told.len(), 2_000);
        for end in ends() {
            for number in 0..200 {
                let mut found = told.remove(&fingerprint(&name(end, number))).unwrap();
                found.sort_unstable();
                assert_eq!(found, expected(end), "{end} {number}");
            }
        }
    });
}

/// Runs through a year, with a restart at every fiftieth step; what has expired is taken away after two days.
async fn year(storage: &Storage) -> u32 {
    let (mut now, mut steps, mut looks) = (NOW, 0_u32, 0);
    let mut running = monitor(storage, "a");
    while now <= NOW + 365 * DAY {
        if let Some(end) = ends().find(|end| now == NOW + (end + 2) * DAY) {
            let gone: Vec<_> =
                (0..200).map(|number| remove(trust("tomcat-trust"), None, &name(end, number))).collect();
            apply(storage, &gone).await;
        }
        steps += 1;
        if steps.is_multiple_of(50) {
            running = monitor(storage, "a");
        }
        let step = running.step(now).await.unwrap();
        looks += u32::from(step.looked);
        now = step.next.unwrap();
    }
    looks
}

/// What is run again and killed; by itself it does nothing.
#[test]
fn watcher() {
    let Ok(place) = std::env::var(PLACE) else { return };
    run(async {
        let storage = Storage::open(&Location::Postgres(place)).await.unwrap();
        monitor(&storage, "killed").step(NOW).await.unwrap();
    });
}

#[test]
fn a_node_that_is_killed_over_a_look_has_its_work_taken_over() {
    run(async {
        let home = Home::shared();
        let storage = home.open().await;
        nodes(&storage).await;
        let changes: Vec<_> =
            (0..2_000).map(|number| store(expiring(&format!("n{number}"), 5 * DAY + number))).collect();
        apply(&storage, &changes).await;
        storage.schedule(JOB, NOW).await.unwrap();
        let Location::Postgres(url) = home.location() else { panic!("a database") };
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["watch::watcher", "--exact", "--nocapture", "--test-threads=1"])
            .env(PLACE, url)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        while all(&storage).await.is_empty() {
            assert_eq!(child.try_wait().unwrap(), None, "the watcher ended by itself");
            tokio::task::yield_now().await;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let before = all(&storage).await.len();
        assert!((1..2_000).contains(&before), "{before}");
        let mut other = monitor(&storage, "other");
        // nobody goes on before the lease of the one that was killed has ended
        let step = other.step(NOW + 1).await.unwrap();
        assert!(!step.looked && step.raised == 0);
        let step = other.step(step.next.unwrap()).await.unwrap();
        assert!(step.looked && step.raised > 0);
        let mut told: Vec<_> = all(&storage).await.into_iter().map(|alarm| alarm.watched).collect();
        assert_eq!(told.len(), 2_000);
        told.sort_unstable();
        told.dedup();
        assert_eq!(told.len(), 2_000);
        // and each of them waits for its channel
        assert_eq!(storage.queues().await.unwrap()[0].depth, 2_000);
        assert!(step.next.is_some_and(|next| next > NOW + LEASE));
    });
}
