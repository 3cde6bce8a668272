//! The slice of the state that a plan is made from: what bears on an operation, of one moment, with the version it is
//! of. Which certificates bear on it the engine says, in words that are opaque here; `engine::management` has the list.

use sqlx::{AssertSqlSafe, Row};

use super::database::Work;
use super::fault::StorageFault;
use super::record::{Entry, Fingerprint, Node, PendingRequest, Room, Tombstone, Version, text};
use super::{Storage, cluster, row};

/// Most entries of one slice: what is given to the engine is held in memory, and most operations look at a few.
pub const ENTRIES: i64 = 20_000;

/// Certificates that bear on an operation: in a room, or in any, and of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Select {
    /// The slot or store; any when it is `None`.
    pub room: Option<Room>,
    /// Which.
    pub by: By,
}

/// Which certificates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum By {
    /// All of the room.
    All,
    /// Those whose common name is this one, in any case.
    CommonName(String),
    /// Those whose issuers lead, step by step within the room, to this subject.
    Descendants(String),
    /// The one with this encoding.
    Fingerprint(Fingerprint),
    /// Those that this subject issued.
    IssuerKey(String),
    /// This subject, its issuer, and so on within the room.
    Issuers(String),
    /// Those of this subject.
    SubjectKey(String),
}

/// A certificate in its place, with its encoding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The entry.
    pub entry: Entry,
    /// The certificate in DER, octet for octet as it came (R-SHOW-11).
    pub der: Vec<u8>,
}

/// A slice of the state, all of one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// Its version: what [`Storage::apply`] is given.
    pub version: Version,
    /// Every node.
    pub nodes: Vec<Node>,
    /// The selected certificates, each once, in the order they came.
    pub entries: Vec<Held>,
    /// The tombstones of the selected rooms.
    pub tombstones: Vec<Tombstone>,
    /// Every request that waits.
    pub requests: Vec<PendingRequest>,
}

impl Storage {
    /// The slice that any of `selects` selects.
    ///
    /// # Errors
    /// A slice of more than [`ENTRIES`], and what a database can do wrong.
    pub async fn state_for(&self, selects: &[Select]) -> Result<State, StorageFault> {
        let mut work = self.database().look().await?;
        let version = sqlx::query("SELECT version FROM state WHERE id = 1").fetch_one(&mut *work).await?;
        let version = Version(version.try_get(0)?);
        let nodes = cluster::nodes(&mut work).await?;
        let mut entries: Vec<Held> = Vec::new();
        let mut tombstones = Vec::new();
        for select in selects {
            entries.extend(select_entries(&mut work, select).await?);
            if i64::try_from(entries.len()).unwrap_or(i64::MAX) > ENTRIES {
                return Err(StorageFault::TooMuch { most: ENTRIES });
            }
            tombstones.extend(select_tombstones(&mut work, select.room.as_ref()).await?);
        }
        entries.sort_by_key(|held| held.entry.id);
        entries.dedup_by_key(|held| held.entry.id);
        tombstones.sort_by(|left: &Tombstone, right| {
            (&left.place, left.fingerprint).cmp(&(&right.place, right.fingerprint))
        });
        tombstones.dedup();
        let requests = cluster::requests(&mut work).await?;
        Ok(State { version, nodes, entries, tombstones, requests })
    }

    /// The certificate with this fingerprint, wherever it lies (R-SHOW-11).
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn certificate(&self, fingerprint: &Fingerprint) -> Result<Option<Vec<u8>>, StorageFault> {
        let row = sqlx::query("SELECT der FROM certificates WHERE fingerprint = $1")
            .bind(fingerprint.to_vec())
            .fetch_optional(&self.database().reader)
            .await?;
        Ok(row.map(|row| row.try_get(0)).transpose()?)
    }
}

impl By {
    /// Which rows, after what has to be found first. The value looked for is $1. `UNION` takes each key once, so that
    /// a ring of issuers ends.
    fn condition(&self, room: &str) -> (String, &'static str) {
        let found = |wanted: &str, by: &str| {
            format!(
                "WITH RECURSIVE found (name) AS (SELECT e.{wanted} FROM entries e WHERE e.{by} = $1 AND {room} UNION \
                 SELECT e.{wanted} FROM entries e JOIN found ON e.{by} = found.name WHERE {room}) "
            )
        };
        match self {
            Self::All => (String::new(), "$1 = ''"),
            Self::CommonName(_) => {
                (String::new(), "e.common_name_sort = substr($1, 1, 128) AND e.common_name_folded = $1")
            }
            Self::Descendants(_) => (
                found("subject_key", "issuer_key"),
                "(e.issuer_key = $1 OR e.issuer_key IN (SELECT name FROM found))",
            ),
            Self::Fingerprint(_) => (String::new(), "e.fingerprint = $1"),
            Self::IssuerKey(_) => (String::new(), "e.issuer_key = $1"),
            Self::Issuers(_) => (
                found("issuer_key", "subject_key"),
                "(e.subject_key = $1 OR e.subject_key IN (SELECT name FROM found))",
            ),
            Self::SubjectKey(_) => (String::new(), "e.subject_key = $1"),
        }
    }
}

pub(super) async fn select_entries(work: &mut Work, select: &Select) -> Result<Vec<Held>, StorageFault> {
    // but for a whole room, few entries are found by the value; the database is kept from walking through the room
    let room = match (&select.room, &select.by) {
        (None, _) => "1 = 1",
        (Some(_), By::All | By::Fingerprint(_)) => "e.usage = $2 AND e.room = $3",
        (Some(_), _) => "(e.usage || '') = $2 AND (e.room || '') = $3",
    };
    let (first, condition) = select.by.condition(room);
    let most = ENTRIES.saturating_add(1);
    let columns = row::ENTRY;
    let query = format!(
        "{first}SELECT {columns}, c.der FROM entries e JOIN certificates c ON c.fingerprint = e.fingerprint \
         WHERE {condition} AND {room} ORDER BY e.id LIMIT {most}"
    );
    // every part of the text is written above; values are bound
    let query = sqlx::query(AssertSqlSafe(query));
    let query = match &select.by {
        By::All => query.bind(String::new()),
        By::CommonName(name) => query.bind(folded(name)),
        By::Fingerprint(fingerprint) => query.bind(fingerprint.to_vec()),
        By::Descendants(key) | By::IssuerKey(key) | By::Issuers(key) | By::SubjectKey(key) => {
            query.bind(text(key))
        }
    };
    let query = match &select.room {
        Some(room) => query.bind(room.usage.word()).bind(text(&room.name)),
        None => query,
    };
    let rows = query.fetch_all(&mut **work).await?;
    rows.iter().map(|found| Ok(Held { entry: row::entry(found)?, der: found.try_get("der")? })).collect()
}

async fn select_tombstones(work: &mut Work, room: Option<&Room>) -> Result<Vec<Tombstone>, StorageFault> {
    let rows = match room {
        Some(room) => {
            sqlx::query(
                "SELECT usage, room, node, fingerprint, removed_at, removed_by FROM tombstones \
                 WHERE usage = $1 AND room = $2",
            )
            .bind(room.usage.word())
            .bind(text(&room.name))
            .fetch_all(&mut **work)
            .await?
        }
        None => {
            sqlx::query("SELECT usage, room, node, fingerprint, removed_at, removed_by FROM tombstones")
                .fetch_all(&mut **work)
                .await?
        }
    };
    rows.iter().map(row::tombstone).collect()
}

/// A name as it is compared without regard to case.
pub(super) fn folded(name: &str) -> String {
    text(name).to_lowercase()
}
