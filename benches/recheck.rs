//! What is judged again where responders are dead: 2,000 certificates of 100 authorities, each with a responder of its own
//! behind the real fetcher, in an embedded database. With none of them dead the time until all are done; with 20 % dead,
//! which take connections and never answer, the time until all others are. The engine is left out: it takes the same time
//! in both.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use host_server::audit::AuditRecord;
use host_server::component::contract::evidence::HttpMethod;
use host_server::component::pool::{Pool, Size};
use host_server::fetch::guard::{Guard, Ports};
use host_server::fetch::{Fetcher, Kind, Request, Settings};
use host_server::storage::{
    Change, Check, CheckStatus, Decided, Facts, Found, Location, NewEntry, NodeRole, Origin, Place, Room,
    Storage, Usage,
};
use host_server::watch::recheck::{Judge, Judged, Reach, Rechecks};
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

pub(crate) const NOW: i64 = 1_800_000_000;
const AUTHORITIES: u32 = 100;
const EACH: u32 = 20;
/// Of each hundred authorities, those whose responder is dead.
const DEAD: u32 = 20;
/// How long a responder that is well takes.
const TAKES: Duration = Duration::from_millis(5);
/// Runs of which the median is taken.
const RUNS: usize = 3;
/// How much later the rest may be done.
const BOUND: f64 = 1.10;

/// Runs and measures.
pub(crate) fn run() -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let measured = runtime.map_err(said)?.block_on(async {
        let pool = pool()?;
        let (mut well, mut rest) = (Vec::new(), Vec::new());
        for _ in 0..RUNS {
            well.push(measure(&pool, 0).await?);
            rest.push(measure(&pool, DEAD).await?);
        }
        Ok::<_, String>((median(well), median(rest)))
    });
    let (well, rest) = measured?;
    let ratio = rest / well;
    let checks = AUTHORITIES * EACH;
    println!("\n{checks} checks, {AUTHORITIES} responders, medians of {RUNS} runs, in seconds\n");
    println!("{:<44} {well:>8.2}", "no responder dead: until all are done");
    println!("{:<44} {rest:>8.2}", format!("{DEAD} % dead: until all others are done"));
    println!("{:<44} {ratio:>8.2}   (bound {BOUND})", "ratio");
    println!(
        "\n{}",
        serde_json::json!({ "bench": "recheck", "checks": checks, "dead-percent": DEAD, "none-dead-seconds": well,
            "rest-seconds": rest, "ratio": ratio })
    );
    if ratio < BOUND {
        Ok(())
    } else {
        Err(format!("the rest is {ratio:.2} times as late; the bound is {BOUND}"))
    }
}

/// Seconds until everything is done whose responder is not dead.
async fn measure(pool: &Pool, dead: u32) -> Result<f64, String> {
    let directory = directory("recheck")?;
    let seconds = measure_in(&directory, pool, dead).await;
    let _gone = std::fs::remove_dir_all(&directory);
    seconds
}

async fn measure_in(directory: &Path, pool: &Pool, dead: u32) -> Result<f64, String> {
    let storage = Storage::open(&Location::Directory(directory.to_owned())).await.map_err(said)?;
    let mut changes = vec![Change::AddNode { name: "a".to_owned(), role: NodeRole::Publisher }];
    changes.extend((0..AUTHORITIES * EACH).map(|number| kept(number, AUTHORITIES, NOW + 1_000_000_000)));
    let record = AuditRecord::done(NOW, "bench", "certificate.stored", "bench");
    storage.apply(storage.version().await.map_err(said)?, &changes, record).await.map_err(said)?;
    let mut responders = BTreeMap::new();
    let mut serving = tokio::task::JoinSet::new();
    for number in 0..AUTHORITIES {
        let listener = TcpListener::bind("127.0.0.1:0").await.map_err(said)?;
        let uri = format!("http://{}/", listener.local_addr().map_err(said)?);
        responders.insert(authority(number), uri);
        serving.spawn(serve(listener, number % 100 < dead));
    }
    let guard = Guard { allowed: vec!["127.0.0.0/8".parse().map_err(said)?], ports: Ports::Any };
    let fetcher = Fetcher::new(Settings { guard, ..Settings::default() });
    let living = (AUTHORITIES - dead * AUTHORITIES / 100) * EACH;
    let (done, begun) = (Arc::new(Mutex::new(None)), Instant::now());
    let count = Arc::new(AtomicUsize::new(0));
    let asks = Asks { responders, fetcher, living: living as usize, count, done: Arc::clone(&done) };
    let mut rechecks = Rechecks::of((&storage, pool), asks, "a", Vec::new(), Arc::new(|| NOW));
    let step = rechecks.step().await.map_err(said)?;
    let ended: Option<Instant> = *done.lock().map_err(said)?;
    let ended = ended.ok_or("not everything was done")?;
    storage.close().await;
    if step.done != u64::from(AUTHORITIES * EACH) {
        return Err(format!("{} checks were done", step.done));
    }
    Ok(ended.duration_since(begun).as_secs_f64())
}

/// Answers every request alike, after a while; one that is dead takes connections and says nothing.
async fn serve(listener: TcpListener, is_dead: bool) {
    let mut held = Vec::new();
    while let Ok((mut stream, _)) = listener.accept().await {
        if is_dead {
            held.push(stream);
            continue;
        }
        tokio::spawn(async move {
            let mut head = [0; 1024];
            let _read = stream.read(&mut head).await;
            tokio::time::sleep(TAKES).await;
            let answer =
                b"HTTP/1.1 200 OK\r\nContent-Type: application/ocsp-response\r\nContent-Length: 2\r\n\
                           Connection: close\r\n\r\n0\0";
            let _sent = stream.write_all(answer).await;
        });
    }
}

/// Fetches from the responder of the authority.
struct Asks {
    responders: BTreeMap<String, String>,
    fetcher: Fetcher,
    living: usize,
    count: Arc<AtomicUsize>,
    done: Arc<Mutex<Option<Instant>>>,
}

impl Judge for Asks {
    async fn judge(&self, check: Check, _: i64) -> Result<Judged, String> {
        let responder = self.responders.get(&check.issuer).ok_or("no responder")?;
        let request = Request {
            kind: Kind::OcspResponse,
            uri: format!("{responder}{}", check.id),
            method: HttpMethod::Get,
            body: Vec::new().into(),
            maximum_octets: 100,
            scope: Vec::new().into(),
        };
        let fetched = self.fetcher.fetch_anew(&request).await;
        if fetched.outcome.is_err() {
            return Ok(Judged { reach: Reach::Silent, ..judged(CheckStatus::Undetermined) });
        }
        if self.count.fetch_add(1, Ordering::SeqCst) + 1 == self.living {
            *self.done.lock().map_err(said)? = Some(Instant::now());
        }
        Ok(judged(CheckStatus::Good))
    }
}

pub(crate) fn judged(status: CheckStatus) -> Judged {
    Judged {
        found: Found { status, decision: Decided::Allow, detail: String::new(), verdict: vec![7; 32] },
        subject: ("CN=bench".to_owned(), "01".to_owned()),
        revocation: None,
        ask_again: None,
        reach: Reach::Answered,
        services: Vec::new(),
    }
}

fn authority(number: u32) -> String {
    format!("authority {number}")
}

/// Certificate `number`, which nobody decodes, by one of so many authorities.
pub(crate) fn kept(number: u32, authorities: u32, not_after: i64) -> Change {
    let der = format!("certificate {number}").into_bytes();
    let name = format!("host-{number}");
    let facts = Facts {
        fingerprint: Sha256::digest(&der).into(),
        subject_key: name.clone(),
        issuer_key: authority(number % authorities),
        subject: format!("CN={name}"),
        common_name: name,
        serial: format!("{number:x}"),
        key_type: "p-256".to_owned(),
        key_bits: 256,
        not_before: NOW - 1_000,
        not_after,
        is_authority: false,
        key_id: String::new(),
    };
    let room = Room { usage: Usage::Trust, name: "tomcat-trust".to_owned() };
    let place = Place { room, node: None };
    let (origin, description) = (Origin::Uploaded, String::new());
    Change::Store(Box::new(NewEntry { place, facts, der, origin, active_from: None, description }))
}

pub(crate) fn pool() -> Result<Pool, String> {
    let size = Size { sessions: 2, queue: 64, patience: Duration::from_secs(60), memory: 0 };
    Pool::load(size).map_err(said)
}

/// A directory for a run.
pub(crate) fn directory(name: &str) -> Result<PathBuf, String> {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let path = std::env::temp_dir().join(format!("assayer-bench-{name}-{}-{number}", std::process::id()));
    std::fs::create_dir_all(&path).map_err(said)?;
    Ok(path)
}

fn median(mut seconds: Vec<f64>) -> f64 {
    seconds.sort_by(f64::total_cmp);
    seconds.get(seconds.len() / 2).copied().unwrap_or(f64::NAN)
}

pub(crate) fn said(error: impl std::fmt::Display) -> String {
    error.to_string()
}
