//! What is judged again over a year, by whom where one is killed, and who waits for whom where responders are dead.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use host_server::storage::{
    Check, CheckFilter, CheckStatus, Decided, Fingerprint, Location, NewEntry, Storage,
};
use host_server::watch::recheck::{AT_ONCE, Judge, Judged, LEASE, Reach, Rechecks};
use tokio::sync::{Notify, watch};

use crate::place::{Home, run};
use crate::rechecked::{Hand, Stub, drive, judged, policy, rechecks};
use crate::sample::{NOW, apply, entry, nodes, store};
use crate::watched::{DAY, HOUR, pool};

const PLACE: &str = "ASSAYER_RECHECKED_PLACE";
const RESPONDER: &str = "ASSAYER_RECHECKED_RESPONDER";

fn name(number: usize) -> String {
    format!("n{number}")
}

/// Certificate `number`, of one of so many authorities.
fn kept(number: usize, authorities: usize) -> NewEntry {
    let mut new = entry(&name(number));
    new.facts.issuer_key = format!("authority {}", number % authorities);
    new.facts.not_after = NOW + 4_000 * DAY;
    new
}

async fn every(storage: &Storage) -> Vec<Check> {
    let (mut filter, mut found) = (CheckFilter::default(), Vec::new());
    loop {
        let page = storage.checks(&filter, 500).await.unwrap();
        let Some(last) = page.last() else { return found };
        filter.after = last.id;
        found.extend(page);
    }
}

/// 1,000 certificates, 20 of them new each week; every 7 days, for a year, with a restart every 50 steps.
// R-OCSP-8, R-OCSP-9
#[test]
fn in_a_year_no_check_is_missed_and_none_is_done_twice() {
    run(async {
        let (home, stub, hand) = (Home::embedded(), Stub::default(), Hand::new());
        let storage = home.open().await;
        nodes(&storage).await;
        apply(&storage, &[policy("check = \"enabled\"\nevery = 7\nunit = \"days\"\n")]).await;
        for week in 0..50_i64 {
            let first = usize::try_from(week).unwrap() * 20;
            let batch: Vec<_> = (first..first + 20).map(|number| store(kept(number, 7))).collect();
            apply_at(&storage, &batch, hand.now()).await;
            let mut running = rechecks(&storage, "a", &stub, &hand);
            drive(&mut running, &storage, &hand, (week + 1) * 7 * DAY - HOUR).await;
            // asked between the weeks, so that a batch begins where no other does
            hand.set(NOW + (week + 1) * 7 * DAY - HOUR);
        }
        let mut running = rechecks(&storage, "a", &stub, &hand);
        drive(&mut running, &storage, &hand, 365 * DAY).await;
        for number in 0..1_000_usize {
            let week = i64::try_from(number / 20).unwrap();
            let start = if week == 0 { 0 } else { week * 7 * DAY - HOUR };
            let expected: Vec<i64> =
                (0..).map(|turn| start + turn * 7 * DAY).take_while(|at| *at <= 365 * DAY).collect();
            assert_eq!(stub.asked(&name(number)), expected, "{number}");
        }
        assert_eq!(every(&storage).await.len(), 1_000);
    });
}

async fn apply_at(storage: &Storage, changes: &[host_server::storage::Change], now: i64) {
    let record = host_server::audit::AuditRecord { time: now, ..crate::sample::act("test.change") };
    let version = storage.version().await.unwrap();
    storage.apply(version, changes, record).await.unwrap();
}

/// A responder that counts who is asked about, and takes a little while.
fn responder() -> (SocketAddr, Arc<Mutex<BTreeMap<String, usize>>>) {
    let counts: Arc<Mutex<BTreeMap<String, usize>>> = Arc::default();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (address, kept) = (listener.local_addr().unwrap(), Arc::clone(&counts));
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (Ok(mut stream), kept) = (stream, Arc::clone(&kept)) else { return };
            std::thread::spawn(move || {
                let mut asked = [0; 64];
                if stream.read_exact(&mut asked).is_ok() {
                    std::thread::sleep(Duration::from_millis(20));
                    *kept.lock().unwrap().entry(String::from_utf8_lossy(&asked).into_owned()).or_default() +=
                        1;
                    let _gone = stream.write_all(b"good");
                }
            });
        }
    });
    (address, counts)
}

/// Asks that responder.
struct Asks(SocketAddr);

impl Judge for Asks {
    async fn judge(&self, check: Check, _: i64) -> Result<Judged, String> {
        let address = self.0;
        let asked = tokio::task::spawn_blocking(move || {
            let mut stream = std::net::TcpStream::connect(address)?;
            stream.write_all(hexadecimal(&check.fingerprint).as_bytes())?;
            let mut answer = String::new();
            stream.read_to_string(&mut answer).map(|_| answer)
        });
        let answer = asked.await.map_err(|error| error.to_string())?.map_err(|error| error.to_string())?;
        assert_eq!(answer, "good");
        Ok(judged(CheckStatus::Good, Decided::Allow, ""))
    }
}

fn hexadecimal(fingerprint: &Fingerprint) -> String {
    fingerprint.iter().map(|octet| format!("{octet:02x}")).collect()
}

fn asking(storage: &Storage, owner: &str, responder: SocketAddr, hand: &Hand) -> Rechecks<Asks> {
    let hand = hand.clone();
    Rechecks::of((storage, &pool()), Asks(responder), owner, Vec::new(), Arc::new(move || hand.now()))
}

/// What is run again and killed; by itself it does nothing.
#[test]
fn rechecker() {
    let (Ok(place), Ok(responder)) = (std::env::var(PLACE), std::env::var(RESPONDER)) else { return };
    run(async {
        let storage = Storage::open(&Location::Postgres(place)).await.unwrap();
        asking(&storage, "a", responder.parse().unwrap(), &Hand::new()).step().await.unwrap();
    });
}

// R-OCSP-9: any number of nodes share the work; one that is killed only delays what it had begun
#[test]
fn of_two_nodes_one_is_killed_half_way_and_each_check_is_done_once() {
    const ALL: usize = 2_000;
    run(async {
        let home = Home::shared();
        let storage = home.open().await;
        nodes(&storage).await;
        let changes: Vec<_> = (0..ALL).map(|number| store(kept(number, 50))).collect();
        apply(&storage, &changes).await;
        let Location::Postgres(url) = home.location() else { panic!("a database") };
        let (address, counts) = responder();
        let hand = Hand::new();
        let mut other = asking(&storage, "b", address, &hand);
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["recheck::rechecker", "--exact", "--nocapture", "--test-threads=1"])
            .env(PLACE, url)
            .env(RESPONDER, address.to_string())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let asked = || counts.lock().unwrap().values().sum::<usize>();
        while asked() < ALL / 8 {
            assert_eq!(child.try_wait().unwrap(), None, "it ended by itself");
            tokio::task::yield_now().await;
        }
        let beside = tokio::spawn(async move {
            let done = other.step().await.unwrap().done;
            (other, done)
        });
        while asked() < ALL / 2 {
            tokio::task::yield_now().await;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let (mut other, done) = beside.await.unwrap();
        assert!(done > 0);
        let unfinished: Vec<_> = every(&storage).await.into_iter().filter(|check| check.times == 0).collect();
        // what it had begun waits for its lease, and is no more than it can do at once
        assert!(unfinished.len() <= AT_ONCE, "{}", unfinished.len());
        assert!(unfinished.iter().all(|check| check.owner == "a" && check.due_at == Some(NOW + LEASE)));
        assert_eq!(other.step().await.unwrap().done, 0);
        hand.set(NOW + LEASE);
        assert_eq!(other.step().await.unwrap().done, u64::try_from(unfinished.len()).unwrap());
        let checks = every(&storage).await;
        assert_eq!((checks.len(), checks.iter().filter(|check| check.times == 1).count()), (ALL, ALL));
        let counts = counts.lock().unwrap();
        assert_eq!(counts.len(), ALL);
        let again: Vec<&str> =
            counts.iter().filter(|(_, count)| **count > 1).map(|(asked, _)| asked.as_str()).collect();
        let taken_over: Vec<String> =
            unfinished.iter().map(|check| hexadecimal(&check.fingerprint)).collect();
        // the responder was asked twice only about what the killed one had asked and not finished
        assert!(again.iter().all(|asked| taken_over.iter().any(|known| known == asked)), "{again:?}");
        assert!(counts.values().all(|count| *count <= 2));
    });
}

/// Answers for some authorities, and is silent for the others until it is told to go on.
struct Halves {
    dead: usize,
    authorities: usize,
    answered: watch::Sender<usize>,
    release: Arc<Notify>,
}

impl Judge for Halves {
    async fn judge(&self, check: Check, _: i64) -> Result<Judged, String> {
        let number: usize = check.issuer.trim_start_matches("authority ").parse().unwrap();
        if number < self.dead {
            self.release.notified().await;
            // the next one need not wait, as with a circuit breaker
            self.release.notify_one();
            let silent = judged(CheckStatus::Undetermined, Decided::Deny, "unavailable.timeout");
            return Ok(Judged { reach: Reach::Silent, ..silent });
        }
        assert!(number < self.authorities);
        self.answered.send_modify(|count| *count += 1);
        Ok(judged(CheckStatus::Good, Decided::Allow, ""))
    }
}

/// Dead authorities, first in the order, hold up nobody: all others are done before any of the dead says anything.
#[test]
fn dead_responders_hold_up_nobody_else() {
    for (dead, authorities) in [(20, 100), (AT_ONCE / 4 * 3 - 1, 100), (1, 5)] {
        run(async move {
            let (home, hand) = (Home::embedded(), Hand::new());
            let storage = home.open().await;
            nodes(&storage).await;
            let mut all: Vec<_> = (0..authorities * 10).collect();
            all.sort_by_key(|number| number % authorities);
            let changes: Vec<_> = all.iter().map(|number| store(kept(*number, authorities))).collect();
            apply(&storage, &changes).await;
            let (answered, mut seen) = watch::channel(0);
            let release = Arc::new(Notify::new());
            let judge = Halves { dead, authorities, answered, release: Arc::clone(&release) };
            let clock = Arc::new(move || hand.now());
            let mut running = Rechecks::of((&storage, &pool()), judge, "a", Vec::new(), clock);
            let step = tokio::spawn(async move { running.step().await.unwrap() });
            let living = (authorities - dead) * 10;
            let done = seen.wait_for(|count| *count == living);
            assert!(
                tokio::time::timeout(Duration::from_secs(120), done).await.is_ok(),
                "{dead} held up others"
            );
            assert!(!step.is_finished());
            release.notify_one();
            let step = step.await.unwrap();
            assert_eq!(step.done, u64::try_from(authorities * 10).unwrap());
            assert_eq!(every(&storage).await.iter().filter(|check| check.times != 1).count(), 0);
            assert_eq!(every(&storage).await.iter().filter(|check| check.failures == 1).count(), dead * 10);
        });
    }
}
