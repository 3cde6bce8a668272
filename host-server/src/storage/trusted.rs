//! What decisions are made by, all of one moment: the policy in force, what is set for the cluster, and every
//! certificate of every trust store. And what a node shows of itself: the certificates of an identity slot.

use std::collections::BTreeSet;

use sqlx::Row;

use super::database::Work;
use super::fault::StorageFault;
use super::record::{NodeRole, Place, Room, Usage, Version, text};
use super::state::{At, By, Held, Select};
use super::{Storage, row};

/// Most certificates of all trust stores together: they are held in memory, and engines are given them store by store.
pub const MOST: i64 = 100_000;
/// Most certificates of one trust store that is decided by: an engine is given all of them, and its memory is bounded.
pub const LARGEST: i64 = 5_000;

/// A certificate of a trust store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Believed {
    /// Where it lies.
    pub place: Place,
    /// The certificate in DER.
    pub der: Vec<u8>,
    /// It is not in use before this moment.
    pub active_from: Option<i64>,
}

/// What a node has of its own (R-CRL-14).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnPolicy {
    /// The document.
    pub document: String,
    /// The node's role.
    pub role: NodeRole,
}

/// A policy document that nothing is decided by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CandidateDocument {
    /// The version of the state that it was proposed with.
    pub version: i64,
    /// The document.
    pub document: String,
}

/// What decisions are made by, all of one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Basis {
    /// The version of the state.
    pub version: Version,
    /// The policy document in force for the whole deployment, if there is one.
    pub policy: Option<String>,
    /// The policy document that is only judged by beside it, if there is one.
    pub candidate: Option<CandidateDocument>,
    /// What the node has of its own instead of parts of it, if anything.
    pub own: Option<OwnPolicy>,
    /// The document in force in another scope, if there is one.
    pub settings: Option<String>,
    /// Every certificate of every trust store that is not too large, in the order they came.
    pub certificates: Vec<Believed>,
    /// The trust stores that hold more than [`LARGEST`].
    pub too_large: BTreeSet<String>,
}

impl Storage {
    /// What decisions are made by on `node`, with the document of the scope `settings`.
    ///
    /// # Errors
    /// More certificates than [`MOST`], and what a database can do wrong.
    pub async fn basis(&self, settings: &str, node: &str) -> Result<Basis, StorageFault> {
        let mut work = self.database().look().await?;
        let version = sqlx::query("SELECT version FROM state WHERE id = 1").fetch_one(&mut *work).await?;
        let version = Version(version.try_get(0)?);
        let policy = active(&mut work, "").await?;
        let settings = active(&mut work, settings).await?;
        let own = own(&mut work, node).await?;
        let candidate = candidate(&mut work).await?;
        let rows = sqlx::query(
            "SELECT e.usage, e.room, e.node, e.active_from, c.der FROM entries e \
             JOIN certificates c ON c.fingerprint = e.fingerprint WHERE e.usage = $1 AND e.room NOT IN \
             (SELECT room FROM entries WHERE usage = $1 GROUP BY room HAVING COUNT(*) > $2) ORDER BY e.id LIMIT $3",
        )
        .bind(Usage::Trust.word())
        .bind(LARGEST)
        .bind(MOST.saturating_add(1))
        .fetch_all(&mut *work)
        .await?;
        if i64::try_from(rows.len()).unwrap_or(i64::MAX) > MOST {
            return Err(StorageFault::TooMuch { most: MOST });
        }
        let believed = |found: &sqlx::any::AnyRow| {
            let (der, active_from) = (found.try_get("der")?, found.try_get("active_from")?);
            Ok(Believed { place: row::place(found)?, der, active_from })
        };
        let certificates: Result<_, StorageFault> = rows.iter().map(believed).collect();
        let too_large = too_large(&mut work).await?;
        Ok(Basis { version, policy, candidate, own, settings, certificates: certificates?, too_large })
    }

    /// The certificates of an identity slot, and those of trust stores that lead up from their issuers, of one moment.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn identity(&self, purpose: &str) -> Result<(Vec<Held>, Vec<Held>), StorageFault> {
        let room = Room { usage: Usage::Identity, name: purpose.to_owned() };
        let own = Select { at: At::Room(room), by: By::All };
        let issuers = |found: &[Held]| {
            let keys = found.iter().map(|held| held.entry.facts.issuer_key.clone());
            vec![Select { at: At::Stores, by: By::Issuers(keys.collect()) }]
        };
        let state = self.state_following(&[own], issuers).await?;
        let is_own = |held: &Held| held.entry.place.room.usage == Usage::Identity;
        Ok(state.entries.into_iter().partition(is_own))
    }
}

/// The trust stores that hold more than [`LARGEST`].
async fn too_large(work: &mut Work) -> Result<BTreeSet<String>, StorageFault> {
    let rows = sqlx::query("SELECT room FROM entries WHERE usage = $1 GROUP BY room HAVING COUNT(*) > $2")
        .bind(Usage::Trust.word())
        .bind(LARGEST)
        .fetch_all(&mut **work)
        .await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

async fn candidate(work: &mut Work) -> Result<Option<CandidateDocument>, StorageFault> {
    let row = sqlx::query("SELECT version, document FROM candidate").fetch_optional(&mut **work).await?;
    row.map(|row| Ok(CandidateDocument { version: row.try_get(0)?, document: row.try_get(1)? })).transpose()
}

/// A document that says nothing is none.
async fn own(work: &mut Work, node: &str) -> Result<Option<OwnPolicy>, StorageFault> {
    let document = active(work, &own_scope(node)).await?.filter(|document| !document.trim().is_empty());
    let Some(document) = document else { return Ok(None) };
    let row = sqlx::query("SELECT role FROM nodes WHERE name = $1")
        .bind(text(node))
        .fetch_optional(&mut **work)
        .await?;
    let word: Option<String> = row.map(|row| row.try_get(0)).transpose()?;
    let role = word.and_then(|word| NodeRole::from_word(&word));
    Ok(role.map(|role| OwnPolicy { document, role }))
}

/// The scope that what a node has of its own is kept in.
#[must_use]
pub fn own_scope(node: &str) -> String {
    format!("node {}", text(node))
}

async fn active(work: &mut Work, scope: &str) -> Result<Option<String>, StorageFault> {
    let row = sqlx::query("SELECT document FROM policies WHERE scope = $1 AND active = 1")
        .bind(scope.to_owned())
        .fetch_optional(&mut **work)
        .await?;
    Ok(row.map(|row| row.try_get(0)).transpose()?)
}
