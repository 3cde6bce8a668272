//! A process that is killed in the middle of writes loses nothing that it acknowledged. The process is this test
//! program again, which writes numbered entries and prints each number when it is acknowledged; it is killed at any
//! moment, ten times, or `ASSAYER_KILLS` times.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::time::Duration;

use host_server::audit::AuditLog;
use host_server::storage::{Location, Query, Sort, Storage};

use crate::place::{Home, run};
use crate::sample::{act, entry, nodes, store};

const PLACE: &str = "ASSAYER_KILLED_PLACE";

/// What is run again and killed; by itself it does nothing.
#[test]
fn writer() {
    let Ok(place) = std::env::var(PLACE) else { return };
    let location = match place.strip_prefix("directory ") {
        Some(path) => Location::Directory(path.into()),
        None => Location::Postgres(place),
    };
    run(async {
        let storage = Storage::open(&location).await.unwrap();
        let mut version = storage.version().await.unwrap();
        loop {
            let number = version.0 + 1;
            let changes = [store(entry(&format!("numbered {number}")))];
            version = storage.apply(version, &changes, act("test.numbered")).await.unwrap();
            println!("acknowledged {number}");
            std::io::stdout().flush().unwrap();
        }
    });
}

/// Runs the writer, kills it after so many acknowledgements and a while, and gives what it acknowledged.
fn killed(place: &str, after: u64, wait: Duration) -> Vec<i64> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["kill::writer", "--exact", "--nocapture", "--test-threads=1"])
        .env(PLACE, place)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut numbers = Vec::new();
    let mut killer = None;
    for line in lines.map_while(Result::ok) {
        // the first one shares its line with what the test program says of itself
        let Some((_, number)) = line.split_once("acknowledged ") else { continue };
        numbers.push(number.parse().unwrap());
        if u64::try_from(numbers.len()).unwrap() == after {
            let id = child.id().to_string();
            killer = Some(std::thread::spawn(move || {
                std::thread::sleep(wait);
                assert!(Command::new("kill").args(["-9", &id]).status().unwrap().success());
            }));
        }
    }
    killer.expect("the writer ended by itself").join().unwrap();
    assert!(!child.wait().unwrap().success());
    numbers
}

fn kills() -> u64 {
    std::env::var("ASSAYER_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(10)
}

async fn present(storage: &Storage) -> BTreeSet<i64> {
    let mut query = Query { sort: Sort::Expiry, size: 500, ..Query::default() };
    let mut found = BTreeSet::new();
    loop {
        let page = storage.list(&query).await.unwrap();
        let numbers =
            page.entries.iter().map(|entry| entry.facts.common_name.strip_prefix("numbered ").unwrap());
        found.extend(numbers.map(|number| number.parse::<i64>().unwrap()));
        match page.next {
            Some(next) => query.after = Some(next),
            None => return found,
        }
    }
}

fn nothing_acknowledged_is_lost(home: &Home) {
    let place = match home.location() {
        Location::Directory(path) => format!("directory {}", path.display()),
        Location::Postgres(url) => url,
    };
    run(async {
        let storage = home.open().await;
        nodes(&storage).await;
        storage.close().await;
    });
    let mut acknowledged = BTreeSet::new();
    for round in 0..kills() {
        // anywhere in a write: they take from tenths of a millisecond to some
        let wait = Duration::from_micros(round * 7_919 % 6_000);
        acknowledged.extend(killed(&place, 1 + round * 31 % 20, wait));
        run(async {
            let storage = home.open().await;
            let present = present(&storage).await;
            let lost: Vec<_> = acknowledged.difference(&present).collect();
            assert!(lost.is_empty(), "round {round}: {lost:?} were acknowledged and are gone");
            // as many versions as there are entries, and a record for each
            let version = storage.version().await.unwrap().0;
            assert_eq!(i64::try_from(present.len()).unwrap() + 1, version);
            let head = AuditLog::of(&storage).verify().await.unwrap();
            assert_eq!(head.map(|head| head.sequence), Ok(version));
            storage.close().await;
        });
    }
    println!("{} kills, {} acknowledged, none lost", kills(), acknowledged.len());
}

#[test]
fn sqlite_keeps_what_it_acknowledged() {
    nothing_acknowledged_is_lost(&Home::embedded());
}

#[test]
fn postgresql_keeps_what_it_acknowledged() {
    nothing_acknowledged_is_lost(&Home::shared());
}
