//! The slice of the state that a plan is made from: what bears on an operation, of one moment, with the version it is
//! of. Which certificates bear on it the engine says, in words that are opaque here; `engine::management` has the list.

use sqlx::any::{AnyArguments, AnyRow};
use sqlx::query::Query as Statement;
use sqlx::{Any, AssertSqlSafe, Row};

use super::database::Work;
use super::fault::StorageFault;
use super::record::{Entry, Fingerprint, Node, PendingRequest, Room, Tombstone, Version, text};
use super::{Storage, cluster, row};

/// Most entries of one slice: as many as the engine plans with.
pub const ENTRIES: i64 = 2_000;
/// Most values that one query looks for: SQLite takes 32,766, and its plans stay quick with less.
const VALUES: usize = 500;

/// Certificates that bear on an operation: somewhere, and of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Select {
    /// Where they lie.
    pub at: At,
    /// Which.
    pub by: By,
}

/// Where certificates lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum At {
    /// Anywhere.
    Anywhere,
    /// On single nodes, and not the cluster's.
    Nodes,
    /// In a slot or store.
    Room(Room),
    /// In a store, and in every identity slot.
    RoomAndSlots(Room),
    /// In the identity slots.
    Slots,
    /// In the trust stores.
    Stores,
}

/// Which certificates: each list names those that are looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum By {
    /// All, and the tombstones of what is there.
    All,
    /// Those of these common names, in any case and however their words are spaced.
    CommonNames(Vec<String>),
    /// Those whose issuers lead, step by step, to these subjects, and whatever else shares a subject with one of them.
    Families(Vec<String>),
    /// Those with these encodings, and their tombstones.
    Fingerprints(Vec<Fingerprint>),
    /// Those that these subjects issued.
    IssuerKeys(Vec<String>),
    /// These subjects, their issuers, and so on.
    Issuers(Vec<String>),
    /// Those of these subjects.
    SubjectKeys(Vec<String>),
    /// All of a slot or store, and every tombstone there: for whoever does not know yet what will come there.
    Whole,
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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// Its version: what [`Storage::apply`] is given.
    pub version: Version,
    /// Every node.
    pub nodes: Vec<Node>,
    /// The selected certificates, each once, in the order they came.
    pub entries: Vec<Held>,
    /// The tombstones of what was selected by its encoding, or with all of its room.
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
        self.state_following(selects, |_| Vec::new()).await
    }

    /// The same, with what any of those selects that follow from what the first ones found. Both are of one moment.
    ///
    /// # Errors
    /// As [`Self::state_for`].
    pub async fn state_following(
        &self,
        selects: &[Select],
        follow: impl FnOnce(&[Held]) -> Vec<Select>,
    ) -> Result<State, StorageFault> {
        let mut work = self.database().look().await?;
        let version = sqlx::query("SELECT version FROM state WHERE id = 1").fetch_one(&mut *work).await?;
        let version = Version(version.try_get(0)?);
        let nodes = cluster::nodes(&mut work).await?;
        let mut found = Found::default();
        found.read(&mut work, selects).await?;
        let further = follow(&found.entries);
        found.read(&mut work, &further).await?;
        let requests = cluster::requests(&mut work).await?;
        Ok(State { version, nodes, entries: found.entries, tombstones: found.tombstones, requests })
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

/// What was selected so far, each once and in its order.
#[derive(Default)]
struct Found {
    entries: Vec<Held>,
    tombstones: Vec<Tombstone>,
}

impl Found {
    async fn read(&mut self, work: &mut Work, selects: &[Select]) -> Result<(), StorageFault> {
        for select in selects {
            for part in select.parts() {
                self.entries.extend(part.entries(work).await?);
                self.entries.sort_by_key(|held| held.entry.id);
                self.entries.dedup_by_key(|held| held.entry.id);
                if i64::try_from(self.entries.len()).unwrap_or(i64::MAX) > ENTRIES {
                    return Err(StorageFault::TooMuch { most: ENTRIES });
                }
                let tombstones = part.tombstones(work).await?;
                if i64::try_from(tombstones.len()).unwrap_or(i64::MAX) > ENTRIES {
                    return Err(StorageFault::TooMuch { most: ENTRIES });
                }
                self.tombstones.extend(tombstones);
            }
        }
        self.tombstones
            .sort_by(|left, right| (&left.place, left.fingerprint).cmp(&(&right.place, right.fingerprint)));
        self.tombstones.dedup();
        Ok(())
    }
}

/// A value that is looked for.
#[derive(Clone)]
enum Value {
    Octets(Vec<u8>),
    Text(String),
}

/// A select whose values fit one query.
struct Part<'s> {
    at: &'s At,
    by: &'s By,
    values: Vec<Value>,
}

impl Select {
    fn parts(&self) -> Vec<Part<'_>> {
        let mut values: Vec<Value> = match &self.by {
            By::All | By::Whole => return vec![Part { at: &self.at, by: &self.by, values: Vec::new() }],
            By::Fingerprints(list) => list.iter().map(|one| Value::Octets(one.to_vec())).collect(),
            By::CommonNames(list) => list.iter().map(|one| Value::Text(folded(one))).collect(),
            By::Families(list) | By::IssuerKeys(list) | By::Issuers(list) | By::SubjectKeys(list) => {
                list.iter().map(|one| Value::Text(text(one))).collect()
            }
        };
        let mut parts = Vec::new();
        while !values.is_empty() {
            let rest = values.split_off(values.len().min(VALUES));
            parts.push(Part { at: &self.at, by: &self.by, values });
            values = rest;
        }
        parts
    }
}

impl Part<'_> {
    async fn entries(&self, work: &mut Work) -> Result<Vec<Held>, StorageFault> {
        let (columns, most, at) = (row::ENTRY, ENTRIES.saturating_add(1), self.at());
        let (first, condition) = self.condition(&at);
        let statement = format!(
            "{first}SELECT {columns}, c.der FROM entries e JOIN certificates c ON c.fingerprint = e.fingerprint \
             WHERE {condition} AND {at} ORDER BY e.id LIMIT {most}"
        );
        let rows = self.bound(statement).fetch_all(&mut **work).await?;
        rows.iter().map(held).collect()
    }

    async fn tombstones(&self, work: &mut Work) -> Result<Vec<Tombstone>, StorageFault> {
        let condition = match self.by {
            By::All => "EXISTS (SELECT 1 FROM entries f WHERE f.fingerprint = e.fingerprint)".to_owned(),
            By::Fingerprints(_) => format!("e.fingerprint IN ({})", self.places()),
            By::Whole => "1 = 1".to_owned(),
            _ => return Ok(Vec::new()),
        };
        let statement = format!(
            "SELECT usage, room, node, fingerprint, removed_at, removed_by FROM tombstones e \
             WHERE {condition} AND {} LIMIT {}",
            self.at(),
            ENTRIES.saturating_add(1)
        );
        let rows = self.bound(statement).fetch_all(&mut **work).await?;
        rows.iter().map(row::tombstone).collect()
    }

    /// The places of the values in a query; those of a room come before them.
    fn places(&self) -> String {
        let first = if self.room().is_some() { 3 } else { 1 };
        let places: Vec<String> =
            (first..).take(self.values.len()).map(|place| format!("${place}")).collect();
        places.join(", ")
    }

    fn room(&self) -> Option<&Room> {
        match self.at {
            At::Room(room) | At::RoomAndSlots(room) => Some(room),
            At::Anywhere | At::Nodes | At::Slots | At::Stores => None,
        }
    }

    /// Where rows lie. But for a whole room, few entries are found by the value; the database is kept from walking
    /// through the room.
    fn at(&self) -> String {
        let here = "(e.usage || '') = $1 AND (e.room || '') = $2";
        match (self.at, self.by) {
            (At::Anywhere, _) => "1 = 1".to_owned(),
            (At::Nodes, _) => "e.node <> ''".to_owned(),
            (At::Room(_), By::All | By::Whole) => "e.usage = $1 AND e.room = $2".to_owned(),
            (At::Room(_), _) => here.to_owned(),
            (At::RoomAndSlots(_), _) => format!("((e.usage || '') = 'identity' OR ({here}))"),
            (At::Slots, By::All) => "e.usage = 'identity'".to_owned(),
            (At::Slots, _) => "(e.usage || '') = 'identity'".to_owned(),
            (At::Stores, _) => "(e.usage || '') = 'trust'".to_owned(),
        }
    }

    /// Which rows, after what has to be found first. `UNION` takes each key once, so that a ring of issuers ends.
    fn condition(&self, at: &str) -> (String, String) {
        let places = self.places();
        let among = |column: &str| format!("e.{column} IN ({places})");
        let found = |wanted: &str, by: &str| {
            format!(
                "WITH RECURSIVE found (name) AS (SELECT e.{wanted} FROM entries e WHERE e.{by} IN ({places}) AND {at} \
                 UNION SELECT e.{wanted} FROM entries e JOIN found ON e.{by} = found.name WHERE {at}) "
            )
        };
        let followed = |column: &str| format!("e.{column} IN (SELECT name FROM found)");
        match self.by {
            By::All | By::Whole => (String::new(), "1 = 1".to_owned()),
            By::CommonNames(_) => {
                let sorts: Vec<String> =
                    places.split(", ").map(|place| format!("substr({place}, 1, 128)")).collect();
                let sorted = format!("e.common_name_sort IN ({})", sorts.join(", "));
                (String::new(), format!("{sorted} AND {}", among("common_name_folded")))
            }
            By::Families(_) => (
                found("subject_key", "issuer_key"),
                format!(
                    "({} OR {} OR {} OR {})",
                    among("issuer_key"),
                    among("subject_key"),
                    followed("issuer_key"),
                    followed("subject_key")
                ),
            ),
            By::Fingerprints(_) => (String::new(), among("fingerprint")),
            By::IssuerKeys(_) => (String::new(), among("issuer_key")),
            By::Issuers(_) => (
                found("issuer_key", "subject_key"),
                format!("({} OR {})", among("subject_key"), followed("subject_key")),
            ),
            By::SubjectKeys(_) => (String::new(), among("subject_key")),
        }
    }

    /// The statement, every part of which is written in this file, with its values.
    fn bound(&self, statement: String) -> Statement<'static, Any, AnyArguments> {
        let statement = sqlx::query(AssertSqlSafe(statement));
        let statement = match self.room() {
            Some(room) => statement.bind(room.usage.word()).bind(text(&room.name)),
            None => statement,
        };
        self.values.iter().cloned().fold(statement, |statement, value| match value {
            Value::Octets(octets) => statement.bind(octets),
            Value::Text(text) => statement.bind(text),
        })
    }
}

fn held(found: &AnyRow) -> Result<Held, StorageFault> {
    Ok(Held { entry: row::entry(found)?, der: found.try_get("der")? })
}

/// A name as it is compared: without regard to case, its words one space apart.
pub(super) fn folded(name: &str) -> String {
    let name = text(name).to_lowercase();
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}
