//! What is kept: nodes, certificates in their places, tombstones, waiting requests, sealed keys, policy documents,
//! accounts, and the audit of it all. In an embedded SQLite, or in PostgreSQL when there is more than one node; the
//! behaviour is the same. No decision about content is made here, no key is opened, no certificate is decoded.
//!
//! The transaction rule: a change of the cluster's state is made by [`Storage::apply`] and by nothing else. It names
//! the [`Version`] that it was planned on, and either becomes real whole, with its record in the audit and the next
//! version, or not at all. What `apply` has acknowledged is on the disk.
//!
//! In reading order: the domain words, reading a slice of the state for a plan, changing it, listing it, the other
//! things kept, telling of changes and what they are of, work that is due, alarms and their way out, what is checked again, copies; then what all stand on.

pub mod record;
pub mod state;
pub mod change;
pub mod list;
pub mod cluster;
pub mod policy;
pub mod candidate;
pub mod trusted;
pub mod watch;
pub mod pulse;
pub mod job;
pub mod alarm;
pub mod event;
pub mod revocation_list;
pub mod weather;
pub mod evidence;
pub mod capsule;
pub mod observed;
pub mod delivery;
pub mod prune;
pub mod soonest;
pub mod summary;
pub mod check;
pub mod connection;
pub mod backup;
pub(crate) mod database;
mod row;
mod migrate;
pub mod fault;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use sqlx::Row;
use tokio::sync::watch as channel;

use database::Database;

pub use alarm::{
    Alarm, AlarmFilter, AlarmState, Answer, AnswerFault, NewAlarm, Severity, Stage, Telling, Watched,
};
pub use backup::restore;
pub use candidate::{CandidateCounts, CandidatePolicy, Comparisons, Flip, FlipFilter, NewFlip, Outcome};
pub use capsule::{CapsuleEntry, CapsuleFilter, NewCapsule};
pub use change::{Applied, ApplyFault, Change, NewEntry};
pub use check::{
    Check, CheckCounts, CheckFilter, CheckStatus, CheckUsage, Decided, Due, Ended, Ending, Found, Planned,
    Reason,
};
pub use cluster::Loaded;
pub use connection::{Class, Connection, ConnectionFilter, ConnectionState, NewConnection};
pub use database::FILE;
pub use delivery::{Delivery, Queue, Setback};
pub use event::NewEvent;
pub use evidence::{Bounds, EvidenceNote, KeptCertificate, RecordedEvidence};
pub use fault::StorageFault;
pub use job::{Claim, Job};
pub use list::{Cursor, Direction, Filter, ListFault, NodeFilter, Page, Query, Sort};
pub use migrate::LATEST as LATEST_SCHEMA;
pub use observed::{Observed, ObservedKind};
pub use policy::PolicyDocument;
pub use pulse::{Part, Position, Pulse};
pub use record::{
    Entry, Facts, Fingerprint, Node, NodeRole, Origin, PendingRequest, Place, Room, SealedKey, Tombstone,
    Usage, Version,
};
pub use revocation_list::{KeptList, ListClaim, ListEnd, ListSource};
pub use soonest::Soonest;
pub use state::{At, By, Held, Select, State};
pub use summary::{AlarmCount, Waiting};
pub use trusted::{Basis, Believed, CandidateDocument, LARGEST, OwnPolicy, own_scope};
pub use weather::{Weather, WeatherCount};

/// Where things are kept.
#[derive(Clone, PartialEq, Eq)]
pub enum Location {
    /// The directory of an embedded database.
    Directory(PathBuf),
    /// The URL of a PostgreSQL database. It may hold a password and is never shown.
    Postgres(String),
}

impl fmt::Debug for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Directory(path) => f.debug_tuple("Directory").field(path).finish(),
            Self::Postgres(_) => f.write_str("Postgres(..)"),
        }
    }
}

/// What is kept, open. Clones are the same one.
#[derive(Clone)]
pub struct Storage {
    inner: Arc<Inner>,
}

struct Inner {
    database: Database,
    changes: channel::Sender<Version>,
    followers: Vec<tokio::task::AbortHandle>,
}

impl Drop for Inner {
    fn drop(&mut self) {
        for follower in &self.followers {
            follower.abort();
        }
    }
}

impl fmt::Debug for Storage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Storage").field("backend", &self.inner.database.backend).finish_non_exhaustive()
    }
}

impl Storage {
    /// Opens what is kept at `location`, makes it if there is nothing yet, and brings its schema up to date. A
    /// directory is this process's alone until the last clone is gone; PostgreSQL serves any number.
    ///
    /// # Errors
    /// Each cause is a [`StorageFault`] of its own.
    pub async fn open(location: &Location) -> Result<Self, StorageFault> {
        Self::open_at(location, migrate::LATEST).await
    }

    /// The same with an older schema, for tests of the way from it.
    ///
    /// # Errors
    /// As [`Self::open`].
    #[doc(hidden)]
    pub async fn open_at(location: &Location, schema: i64) -> Result<Self, StorageFault> {
        let database = match location {
            Location::Directory(directory) => Database::embedded(directory).await?,
            Location::Postgres(url) => Database::server(url).await?,
        };
        migrate::apply(&database, schema).await.map_err(|fault| match &database.file {
            Some(file) => fault.about(file),
            None => fault,
        })?;
        let url = match location {
            Location::Directory(_) => None,
            Location::Postgres(url) => Some(url.as_str()),
        };
        Self::of(database, url).await
    }

    /// Opens what is kept at `location` for reading only, beside a server that has it open. Nothing is made and no
    /// schema is changed; a change of any kind fails, and none is followed.
    ///
    /// # Errors
    /// Each cause is a [`StorageFault`] of its own.
    pub async fn open_reader(location: &Location) -> Result<Self, StorageFault> {
        let database = match location {
            Location::Directory(directory) if !directory.is_dir() => {
                return Err(StorageFault::MissingDirectory(directory.clone()));
            }
            Location::Directory(directory) => Database::embedded_reader(&directory.join(FILE)).await?,
            Location::Postgres(url) => Database::server_reader(url).await?,
        };
        let file = database.file.clone().unwrap_or_default();
        migrate::check(&database).await.map_err(|fault| fault.about(&file))?;
        Self::of(database, None).await
    }

    async fn of(database: Database, follow: Option<&str>) -> Result<Self, StorageFault> {
        let (changes, _) = channel::channel(current(&database).await?);
        let followers = match follow {
            Some(url) => watch::follow(url.to_owned(), database.reader.clone(), changes.clone()).into(),
            None => Vec::new(),
        };
        Ok(Self { inner: Arc::new(Inner { database, changes, followers }) })
    }

    /// The version of the cluster's state.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn version(&self) -> Result<Version, StorageFault> {
        current(&self.inner.database).await
    }

    /// Follows the version: a receiver sees every change, or a later one, of this process at once and of another
    /// within a second.
    #[must_use]
    pub fn watch(&self) -> channel::Receiver<Version> {
        self.inner.changes.subscribe()
    }

    /// Closes every connection and lets go of the directory, for a stop that waits until all is done.
    pub async fn close(&self) {
        for follower in &self.inner.followers {
            follower.abort();
        }
        self.inner.database.close().await;
        if let Some(lock) = &self.inner.database.lock {
            // what happens anyway when the file is closed
            let _ = lock.unlock();
        }
    }

    pub(crate) fn database(&self) -> &Database {
        &self.inner.database
    }

    /// Tells those who follow; never backwards, because two changes may be told in either order.
    fn tell(&self, version: Version) {
        watch::tell(&self.inner.changes, version);
    }
}

async fn current(database: &Database) -> Result<Version, StorageFault> {
    let row = sqlx::query("SELECT version FROM state WHERE id = 1").fetch_one(&database.reader).await;
    let row = row.map_err(|error| match &database.file {
        Some(file) => StorageFault::from(error).about(file),
        None => error.into(),
    })?;
    Ok(Version(row.try_get(0)?))
}
