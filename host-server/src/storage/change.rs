//! Changes of the cluster's state: the effects of a plan and what goes with them, applied whole or not at all, on the
//! version they were planned on. What may be changed is the plan's business; here is only what no plan may break: a
//! certificate with a tombstone comes back by [`Change::Revive`] alone (D-21), there is one publisher, a request has
//! its key.

mod entry;
mod cluster;
mod policy;

use std::fmt;

use sqlx::Row;

use super::Storage;
use super::database::{Backend, Work};
use super::fault::StorageFault;
use super::record::{Facts, Fingerprint, NodeRole, Origin, PendingRequest, Place, SealedKey, Version, text};
use super::watch::NOTIFY;
use crate::audit::{AuditRecord, log};

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A policy document that is stored comes into force.
    ActivatePolicy {
        /// What it is for; the empty text is the whole deployment.
        scope: String,
        /// Its number.
        number: i64,
    },
    /// A node joins.
    AddNode {
        /// Its name.
        name: String,
        /// Its role.
        role: NodeRole,
    },
    /// What an administrator wrote beside a certificate is replaced.
    Describe {
        /// Where it lies.
        place: Place,
        /// SHA-256 of its encoding.
        fingerprint: Fingerprint,
        /// The new text.
        description: String,
    },
    /// The candidate policy is no candidate any more; what came of it goes with it.
    DropCandidate,
    /// A sealed key is destroyed.
    DropKey {
        /// Its name.
        id: String,
    },
    /// A request that waits is dropped. Its key stays.
    DropRequest {
        /// The identity purpose.
        purpose: String,
        /// The node; `None` for a multi-server request.
        node: Option<String>,
    },
    /// A policy document is the candidate from now on, instead of any other.
    ProposePolicy {
        /// The document.
        document: String,
    },
    /// A sealed key is kept.
    PutKey(SealedKey),
    /// A policy document is stored and comes into force.
    PutPolicy {
        /// What it is for; the empty text is the whole deployment.
        scope: String,
        /// The document.
        document: String,
    },
    /// A request waits; it takes the place of one for the same purpose and node (R-CSR-4).
    PutRequest(PendingRequest),
    /// A certificate is taken out of its place. From a trust store it leaves a tombstone. One that is not there is
    /// no failure (D-21). A private key that then nothing uses, neither a slot nor a request, is destroyed.
    Remove {
        /// Where from; every node's when it names none.
        place: Place,
        /// SHA-256 of its encoding.
        fingerprint: Fingerprint,
    },
    /// A node is taken out, with every certificate and request that is its alone. Its tombstones stay (D-21).
    RemoveNode {
        /// Its name.
        name: String,
    },
    /// A tombstone is lifted.
    Revive {
        /// Where.
        place: Place,
        /// SHA-256 of its encoding.
        fingerprint: Fingerprint,
    },
    /// A node has another role from now on.
    SetRole {
        /// Its name.
        name: String,
        /// Its role.
        role: NodeRole,
    },
    /// A certificate is put into its place. Where it lies already it stays as it is.
    Store(Box<NewEntry>),
}

/// A certificate that is put into its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEntry {
    /// Where.
    pub place: Place,
    /// What the engine says of it.
    pub facts: Facts,
    /// The certificate in DER.
    pub der: Vec<u8>,
    /// How it came.
    pub origin: Origin,
    /// It is not in use before this moment.
    pub active_from: Option<i64>,
    /// What an administrator wrote beside it.
    pub description: String,
}

/// What became of changes that were to be applied once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    /// They had been applied before, and made this version.
    Before(Version),
    /// They are applied, and made this version.
    Now(Version),
}

/// Why changes were not applied. None of them was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ApplyFault {
    /// The certificate was removed from there, and nothing lifted its tombstone.
    Buried {
        /// Where.
        place: Place,
        /// SHA-256 of its encoding.
        fingerprint: Fingerprint,
    },
    /// What the change is about is not there: the kind of thing, and its name.
    Missing(&'static str, String),
    /// The encoding has another fingerprint than the one given with it.
    OtherFingerprint,
    /// The state is another by now.
    Stale {
        /// Its version.
        current: Version,
    },
    /// The storage failed.
    Storage(StorageFault),
    /// There is one already: the kind of thing, and its name.
    Taken(&'static str, String),
}

impl fmt::Display for ApplyFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Buried { place, .. } => {
                write!(f, "the certificate was removed from {} before, and was not revived", place.room.name)
            }
            Self::OtherFingerprint => {
                f.write_str("a certificate does not have the fingerprint given with it")
            }
            Self::Missing(what, name) => write!(f, "there is no {what} {name}"),
            Self::Stale { .. } => f.write_str("the state was changed by somebody else; look at it again"),
            Self::Storage(fault) => fault.fmt(f),
            Self::Taken(what, name) => write!(f, "there is a {what} already: {name}"),
        }
    }
}

impl std::error::Error for ApplyFault {}

impl From<StorageFault> for ApplyFault {
    fn from(fault: StorageFault) -> Self {
        Self::Storage(fault)
    }
}

impl From<sqlx::Error> for ApplyFault {
    fn from(error: sqlx::Error) -> Self {
        Self::Storage(error.into())
    }
}

/// How long the name of an operation is remembered, in seconds: nobody sends a request again after a week.
const REMEMBERED: i64 = 7 * 24 * 60 * 60;

/// Who changes, when, and what the state will be: what every change is marked with.
struct Stamp {
    now: i64,
    who: String,
    version: Version,
}

impl Storage {
    /// Applies `changes` in their order to the state of version `expected`, records `audit`, and tells those who
    /// follow. It is finished even when nobody waits for it any more.
    ///
    /// # Errors
    /// As [`ApplyFault`] says; nothing was changed.
    pub async fn apply(
        &self,
        expected: Version,
        changes: &[Change],
        audit: AuditRecord,
    ) -> Result<Version, ApplyFault> {
        match self.apply_as(None, expected, changes, audit).await? {
            Applied::Before(version) | Applied::Now(version) => Ok(version),
        }
    }

    /// The same, unless an operation of this name has been applied within a week: a request that is sent twice is
    /// done once.
    ///
    /// # Errors
    /// As [`Self::apply`].
    pub async fn apply_once(
        &self,
        operation: &str,
        expected: Version,
        changes: &[Change],
        audit: AuditRecord,
    ) -> Result<Applied, ApplyFault> {
        self.apply_as(Some(text(operation)), expected, changes, audit).await
    }

    async fn apply_as(
        &self,
        operation: Option<String>,
        expected: Version,
        changes: &[Change],
        audit: AuditRecord,
    ) -> Result<Applied, ApplyFault> {
        let (storage, changes) = (self.clone(), changes.to_vec());
        // a task of its own: a caller that goes away leaves no commit behind that nobody is told of
        let task = tokio::spawn(async move {
            let applied = transaction(&storage, operation.as_deref(), expected, &changes, audit).await?;
            if let Applied::Now(version) = applied {
                storage.tell(version);
            }
            Ok(applied)
        });
        task.await.unwrap_or_else(|error| Err(StorageFault::Broken(error.to_string()).into()))
    }
}

async fn transaction(
    storage: &Storage,
    operation: Option<&str>,
    expected: Version,
    changes: &[Change],
    audit: AuditRecord,
) -> Result<Applied, ApplyFault> {
    let mut work = storage.database().change().await?;
    // the row that all writers wait for each other at
    let row = sqlx::query("UPDATE state SET version = version + 1 WHERE id = 1 RETURNING version")
        .fetch_one(&mut *work)
        .await?;
    let version = Version(row.try_get(0)?);
    if let Some(before) = applied_before(&mut work, operation).await? {
        return Ok(Applied::Before(before));
    }
    if version.0 != expected.0.saturating_add(1) {
        return Err(ApplyFault::Stale { current: Version(version.0.saturating_sub(1)) });
    }
    let stamp = Stamp { now: audit.time, who: text(&audit.who), version };
    let before = cluster::keys_in_slots(&mut work).await?;
    for change in changes {
        make(&mut work, change, &stamp).await?;
    }
    // whatever it was that took the certificate out
    let after = cluster::keys_in_slots(&mut work).await?;
    let unused = before.difference(&after).cloned().collect();
    let destroyed = cluster::destroy_unused(&mut work, unused).await?;
    let audit = if destroyed.is_empty() { audit } else { audit.with_list("keys-destroyed", destroyed) };
    if let Some(operation) = operation {
        remember(&mut work, operation, &stamp).await?;
    }
    log::append(&mut work, audit).await?;
    if storage.database().backend == Backend::Postgres {
        sqlx::raw_sql(NOTIFY).execute(&mut *work).await?;
    }
    work.commit().await?;
    Ok(Applied::Now(version))
}

async fn applied_before(work: &mut Work, operation: Option<&str>) -> Result<Option<Version>, StorageFault> {
    let Some(operation) = operation else { return Ok(None) };
    let row = sqlx::query("SELECT version FROM operations WHERE id = $1")
        .bind(operation)
        .fetch_optional(&mut **work)
        .await?;
    Ok(row.map(|row| row.try_get(0)).transpose()?.map(Version))
}

async fn remember(work: &mut Work, operation: &str, stamp: &Stamp) -> Result<(), StorageFault> {
    sqlx::query("DELETE FROM operations WHERE applied_at < $1")
        .bind(stamp.now.saturating_sub(REMEMBERED))
        .execute(&mut **work)
        .await?;
    sqlx::query("INSERT INTO operations (id, version, applied_at) VALUES ($1, $2, $3)")
        .bind(operation.to_owned())
        .bind(stamp.version.0)
        .bind(stamp.now)
        .execute(&mut **work)
        .await?;
    Ok(())
}

async fn make(work: &mut Work, change: &Change, stamp: &Stamp) -> Result<(), ApplyFault> {
    match change {
        Change::ActivatePolicy { scope, number } => policy::activate(work, &text(scope), *number).await,
        Change::AddNode { name, role } => cluster::add_node(work, &text(name), *role).await,
        Change::Describe { place, fingerprint, description } => {
            entry::describe(work, (place, fingerprint), description, stamp).await
        }
        Change::DropCandidate => policy::drop_candidate(work).await,
        Change::DropKey { id } => cluster::drop_key(work, &text(id)).await,
        Change::DropRequest { purpose, node } => cluster::drop_request(work, purpose, node.as_deref()).await,
        Change::ProposePolicy { document } => policy::propose(work, document, stamp).await,
        Change::PutKey(key) => cluster::put_key(work, key, stamp).await,
        Change::PutPolicy { scope, document } => {
            policy::put_policy(work, &text(scope), document, stamp).await
        }
        Change::PutRequest(request) => cluster::put_request(work, request, stamp).await,
        Change::Remove { place, fingerprint } => entry::remove(work, place, fingerprint, stamp).await,
        Change::RemoveNode { name } => cluster::remove_node(work, &text(name), stamp).await,
        Change::Revive { place, fingerprint } => entry::revive(work, place, fingerprint).await,
        Change::SetRole { name, role } => cluster::set_role(work, &text(name), *role).await,
        Change::Store(entry) => entry::store(work, entry, stamp).await,
    }
}
