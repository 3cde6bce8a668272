//! What is kept, with 100,000 certificates in it: pages of the list and uploads, on the embedded SQLite, where every
//! upload is on the disk before it is acknowledged. Each figure is a median against the stated bound.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use host_server::audit::AuditRecord;
use host_server::storage::{
    By, Change, Direction, Facts, Filter, Location, NewEntry, NodeRole, Origin, Place, Query, Room, Select,
    Sort, Storage, Usage,
};
use serde::Serialize;
use sha2::{Digest, Sha256};

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
    for batch in 0..CERTIFICATES / BATCH {
        let changes: Vec<_> = (batch * BATCH..(batch + 1) * BATCH).map(store).collect();
        apply(&storage, &changes).await?;
    }
    println!("filled in {:.1} s", start.elapsed().as_secs_f64());
    let mut rows = Vec::new();
    for (work, query) in queries() {
        rows.push(list(&storage, work, &query).await?);
    }
    rows.push(uploads(&storage).await?);
    storage.close().await;
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
async fn uploads(storage: &Storage) -> Result<Row, String> {
    let mut times = Vec::new();
    for number in CERTIFICATES..CERTIFICATES + CALLS {
        let change = store(number * 10 + 1);
        let Change::Store(entry) = &change else { return Err("not a store".to_owned()) };
        let room = Some(Room { usage: Usage::Trust, name: "tomcat-trust".to_owned() });
        let (subject, issuer) = (entry.facts.subject_key.clone(), entry.facts.issuer_key.clone());
        let by = |by| Select { room: room.clone(), by };
        let selects = [
            by(By::Fingerprint(entry.facts.fingerprint)),
            by(By::SubjectKey(subject.clone())),
            by(By::IssuerKey(subject)),
            by(By::Issuers(issuer)),
            by(By::CommonName(entry.facts.common_name.clone())),
        ];
        let start = Instant::now();
        let state = storage.state_for(&selects).await.map_err(said)?;
        storage.apply(state.version, &[change], act()).await.map_err(said)?;
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

/// Certificate `number`: of a common size, one in a thousand an identity, under a thousand authorities.
fn store(number: u32) -> Change {
    let hash =
        |text: String| Sha256::digest(text).iter().map(|octet| format!("{octet:02x}")).collect::<String>();
    let der: Vec<u8> = number.to_be_bytes().into_iter().cycle().take(1_200).collect();
    let (usage, room, node) = match number % 1_000 {
        0 => (Usage::Identity, "tomcat", Some("a".to_owned())),
        other if other % 10 == 1 => (Usage::Trust, "ipsec-trust", Some("a".to_owned())),
        _ => (Usage::Trust, "tomcat-trust", None),
    };
    let facts = Facts {
        fingerprint: Sha256::digest(&der).into(),
        subject_key: hash(format!("subject {number}")),
        issuer_key: hash(format!("subject {}", number % 1_000)),
        subject: format!("CN=host-{number}.example.org,OU=Voice,O=Example Corporation,C=CH"),
        common_name: format!("host-{number}.example.org"),
        serial: format!("{number:032x}"),
        key_type: ["rsa 2048", "p-256", "rsa 4096"]
            .get(number as usize % 3)
            .map_or("", |word| word)
            .to_owned(),
        key_bits: 2_048,
        not_before: NOW - 86_400,
        not_after: NOW - 1_000 + i64::from(number % 100) * 1_000 + i64::from(number / 100),
        is_authority: number < 1_000,
    };
    let facts = match number % 5_000 {
        7 => Facts { key_type: "p-521".to_owned(), ..facts },
        _ => facts,
    };
    let place = Place { room: Room { usage, name: room.to_owned() }, node };
    let description = String::new();
    Change::Store(Box::new(NewEntry {
        place,
        facts,
        der,
        origin: Origin::Uploaded,
        active_from: None,
        description,
    }))
}
