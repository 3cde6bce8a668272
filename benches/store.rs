//! What is kept, with 100,000 certificates in it: pages of the list and uploads, on the embedded SQLite, where every
//! upload is on the disk before it is acknowledged; in the storage alone, and then over HTTP from a real `assayer serve`
//! with all that belongs to it: the token, the plan, the change, the audit. Each figure is a median against the stated
//! bound.

pub(crate) mod served;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use host_server::api::management::change;
use host_server::audit::AuditRecord;
use host_server::component::contract::management::{
    Effect, Entry as Given, Origin as GivenOrigin, Place as GivenPlace, Room as GivenRoom,
};
use host_server::component::{Allocation, Engine, Session};
use host_server::storage::{
    At, By, Change, Direction, Filter, Location, NodeRole, Query, Room, Select, Sort, Storage, Usage,
};
use pki::certificate::{Issued, Sketch};
use pki::key::Key;
use serde::Serialize;

/// Certificates in store.
const CERTIFICATES: u32 = 100_000;
/// Certificates in one transaction while it is filled.
const BATCH: u32 = 2_000;
/// Calls of which the median is taken.
const CALLS: u32 = 51;
/// The bound of a median, in milliseconds.
const BOUND: f64 = 50.0;
const NOW: i64 = 1_800_000_000;

/// One workload.
#[derive(Serialize)]
struct Row {
    work: &'static str,
    median_ms: f64,
    worst_ms: f64,
    entries: usize,
}

/// Fills a database in a temporary directory and measures.
pub(crate) fn run() -> Result<(), String> {
    let directory = std::env::temp_dir().join(format!("assayer-bench-store-{}", std::process::id()));
    std::fs::create_dir_all(&directory).map_err(|error| error.to_string())?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let measured = runtime.map_err(|error| error.to_string())?.block_on(measure(&directory));
    let _ = std::fs::remove_dir_all(&directory);
    let rows = measured?;
    println!(
        "\n{CERTIFICATES} certificates in SQLite, median of {CALLS} calls, in milliseconds (bound {BOUND})\n"
    );
    println!("{:<58} {:>9} {:>9}   {:>7}", "", "median", "worst", "entries");
    for row in &rows {
        println!("{:<58} {:>9.2} {:>9.2}   {:>7}", row.work, row.median_ms, row.worst_ms, row.entries);
    }
    println!("\n{}", serde_json::json!({ "bench": "store", "certificates": CERTIFICATES, "rows": rows }));
    match rows.iter().find(|row| row.median_ms >= BOUND) {
        Some(row) => Err(format!("{}: {:.2} ms is not below {BOUND} ms", row.work, row.median_ms)),
        None => Ok(()),
    }
}

async fn measure(directory: &Path) -> Result<Vec<Row>, String> {
    let storage = Storage::open(&Location::Directory(PathBuf::from(directory))).await.map_err(said)?;
    let node = Change::AddNode { name: "a".to_owned(), role: NodeRole::Publisher };
    apply(&storage, &[node]).await?;
    let start = Instant::now();
    let engine = Engine::load(Allocation::OnDemand).map_err(said)?;
    let issuers: Vec<Issued> = (0..AUTHORITIES).map(authority).collect();
    for batch in 0..CERTIFICATES / BATCH {
        let mut session = engine.session().map_err(said)?;
        let numbers = batch * BATCH..(batch + 1) * BATCH;
        let changes: Result<Vec<_>, _> =
            numbers.map(|number| store(&mut session, &issuers, number)).collect();
        apply(&storage, &changes?).await?;
    }
    println!("filled in {:.1} s", start.elapsed().as_secs_f64());
    let mut rows = Vec::new();
    for (work, query) in queries() {
        rows.push(list(&storage, work, &query).await?);
    }
    let mut session = engine.session().map_err(said)?;
    let uploaded =
        (CERTIFICATES..CERTIFICATES + CALLS).map(|number| store(&mut session, &issuers, number * 10 + 2));
    rows.push(uploads(&storage, &uploaded.collect::<Result<Vec<_>, _>>()?).await?);
    storage.close().await;
    rows.extend(served::measure(directory)?);
    Ok(rows)
}

/// Filters that find much, little and nothing, in orders that suit them and orders that do not.
fn queries() -> Vec<(&'static str, Query)> {
    let all = || Query { size: 100, ..Query::default() };
    let filtered = |filter, sort| Query { filter, sort, ..all() };
    let none = Filter::default;
    let containing = |part: &str| Filter { common_name_contains: Some(part.to_owned()), ..none() };
    let everything = Filter {
        expires_after: Some(NOW),
        key_type: Some("rsa 2048".to_owned()),
        usage: Some(Usage::Trust),
        room: Some("tomcat-trust".to_owned()),
        ..containing("7.example")
    };
    vec![
        ("first page by common name", all()),
        ("last page by expiry", Query { sort: Sort::Expiry, direction: Direction::Descending, ..all() }),
        ("common name contains, many, by expiry", filtered(containing("host-1"), Sort::Expiry)),
        ("common name contains, one, by common name", filtered(containing("T-77777.EX"), Sort::CommonName)),
        ("common name contains, none, by key type", filtered(containing("nowhere"), Sort::KeyType)),
        (
            "key type, few, by common name",
            filtered(Filter { key_type: Some("p-521".to_owned()), ..none() }, Sort::CommonName),
        ),
        ("usage, few, by expiry", filtered(Filter { usage: Some(Usage::Identity), ..none() }, Sort::Expiry)),
        (
            "expires before, one in a hundred, by common name",
            filtered(Filter { expires_before: Some(NOW), ..none() }, Sort::CommonName),
        ),
        (
            "room, one in ten, by usage",
            filtered(Filter { room: Some("ipsec-trust".to_owned()), ..none() }, Sort::Usage),
        ),
        ("every criterion, by common name", filtered(everything, Sort::CommonName)),
    ]
}

async fn list(storage: &Storage, work: &'static str, query: &Query) -> Result<Row, String> {
    let mut times = Vec::new();
    let mut entries = 0;
    for _ in 0..CALLS {
        let start = Instant::now();
        entries = storage.list(query).await.map_err(said)?.entries.len();
        times.push(start.elapsed());
    }
    Ok(row(work, times, entries))
}

/// As an upload to a trust store: the slice of the state that its plan reads, then its effects.
async fn uploads(storage: &Storage, changes: &[Change]) -> Result<Row, String> {
    let mut times = Vec::new();
    for change in changes {
        let Change::Store(entry) = change else { return Err("not a store".to_owned()) };
        let at = At::Room(Room { usage: Usage::Trust, name: "tomcat-trust".to_owned() });
        let (subject, issuer) = (entry.facts.subject_key.clone(), entry.facts.issuer_key.clone());
        let by = |by| Select { at: at.clone(), by };
        let selects = [
            by(By::Fingerprints(vec![entry.facts.fingerprint])),
            by(By::SubjectKeys(vec![subject, issuer])),
            by(By::CommonNames(vec![entry.facts.common_name.clone()])),
        ];
        let start = Instant::now();
        let state = storage.state_for(&selects).await.map_err(said)?;
        storage.apply(state.version, std::slice::from_ref(change), act()).await.map_err(said)?;
        times.push(start.elapsed());
    }
    Ok(row("upload: the slice its plan reads, and applying it", times, 1))
}

fn row(work: &'static str, mut times: Vec<Duration>, entries: usize) -> Row {
    times.sort_unstable();
    let milliseconds = |time: Option<&Duration>| time.map_or(f64::NAN, |time| time.as_secs_f64() * 1e3);
    Row {
        work,
        median_ms: milliseconds(times.get(times.len() / 2)),
        worst_ms: milliseconds(times.last()),
        entries,
    }
}

async fn apply(storage: &Storage, changes: &[Change]) -> Result<(), String> {
    let version = storage.version().await.map_err(said)?;
    storage.apply(version, changes, act()).await.map(|_| ()).map_err(said)
}

fn act() -> AuditRecord {
    AuditRecord::done(NOW, "bench", "certificate.stored", "bench")
}

fn said(error: impl std::fmt::Display) -> String {
    error.to_string()
}

/// Authorities among the certificates: the first so many.
const AUTHORITIES: u32 = 1_000;

/// Authority `number`, which vouches for itself.
fn authority(number: u32) -> Issued {
    let sketch =
        Sketch::ca("authority").subject(&format!("CN=Authority {number},O=Example Corporation,C=CH"));
    sketch.key(Key::p256("authority")).serial(&serial(number)).valid(BEGIN, END).issue()
}

/// A certificate by one of the authorities, not signed yet.
fn leaf(issuers: &[Issued], number: u32) -> Result<Sketch, String> {
    let issuer = issuers.get(number as usize % issuers.len()).ok_or("no authority")?;
    let name = format!("host-{number}.example.org");
    let sketch = Sketch::leaf("leaf").subject(&format!("CN={name},OU=Voice,O=Example Corporation,C=CH"));
    let sketch = sketch.key(Key::rsa("rsa-2048-1")).dns(&name).serial(&serial(number)).valid(BEGIN, END);
    Ok(sketch.issued_by(issuer))
}

const BEGIN: &str = "2026-01-01T00:00:00Z";
const END: &str = "2030-01-01T00:00:00Z";

fn serial(number: u32) -> Vec<u8> {
    [&[1], number.to_be_bytes().as_slice()].concat()
}

/// Certificate `number` in its place, with the keys that the engine computes: one in a thousand an identity, under a
/// thousand authorities. What lists filter by is varied beyond what is in the certificate.
fn store(session: &mut Session, issuers: &[Issued], number: u32) -> Result<Change, String> {
    let der = match issuers.get(number as usize) {
        Some(issuer) => issuer.der.clone(),
        // nobody verifies what is in store, and a hundred thousand signatures take minutes
        None => leaf(issuers, number)?.signature(&[0x5a; 72]).issue().der,
    };
    let (room, node) = match number % 1_000 {
        999 => (GivenRoom::Identity("tomcat".to_owned()), Some("a".to_owned())),
        other if other % 10 == 1 => (GivenRoom::Trust("ipsec-trust".to_owned()), Some("a".to_owned())),
        _ => (GivenRoom::Trust("tomcat-trust".to_owned()), None),
    };
    let place = GivenPlace { room, node };
    let entry = Given { place, certificate: der, origin: GivenOrigin::Uploaded, active_from: None };
    let change = change::of_effect(session, &Effect::Store(entry), "").map_err(said)?;
    let Ok(Change::Store(mut new)) = change else { return Err("the engine cannot read it".to_owned()) };
    let kinds = ["rsa 2048", "p-256", "rsa 4096"];
    let kind = if number % 5_000 == 7 { Some(&"p-521") } else { kinds.get(number as usize % 3) };
    new.facts.key_type = kind.map_or("", |word| word).to_owned();
    new.facts.not_after = NOW - 1_000 + i64::from(number % 100) * 1_000 + i64::from(number / 100);
    Ok(Change::Store(new))
}
