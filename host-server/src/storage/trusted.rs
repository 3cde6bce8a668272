//! What decisions are made by, all of one moment: the policy in force, what is set for the cluster, and every
//! certificate of every trust store. And what a node shows of itself: the certificates of an identity slot.

use sqlx::Row;

use super::database::Work;
use super::fault::StorageFault;
use super::record::{Place, Room, Usage, Version};
use super::state::{At, By, Held, Select};
use super::{Storage, row};

/// Most certificates of all trust stores together: they are held in memory, and engines are given them store by store.
pub const MOST: i64 = 100_000;

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

/// What decisions are made by, all of one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Basis {
    /// The version of the state.
    pub version: Version,
    /// The policy document in force for the whole deployment, if there is one.
    pub policy: Option<String>,
    /// The document in force in another scope, if there is one.
    pub settings: Option<String>,
    /// Every certificate of every trust store, in the order they came.
    pub certificates: Vec<Believed>,
}

impl Storage {
    /// What decisions are made by, with the document of the scope `settings`.
    ///
    /// # Errors
    /// More certificates than [`MOST`], and what a database can do wrong.
    pub async fn basis(&self, settings: &str) -> Result<Basis, StorageFault> {
        let mut work = self.database().look().await?;
        let version = sqlx::query("SELECT version FROM state WHERE id = 1").fetch_one(&mut *work).await?;
        let version = Version(version.try_get(0)?);
        let policy = active(&mut work, "").await?;
        let settings = active(&mut work, settings).await?;
        let rows = sqlx::query(
            "SELECT e.usage, e.room, e.node, e.active_from, c.der FROM entries e \
             JOIN certificates c ON c.fingerprint = e.fingerprint WHERE e.usage = $1 ORDER BY e.id LIMIT $2",
        )
        .bind(Usage::Trust.word())
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
        Ok(Basis { version, policy, settings, certificates: certificates? })
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

async fn active(work: &mut Work, scope: &str) -> Result<Option<String>, StorageFault> {
    let row = sqlx::query("SELECT document FROM policies WHERE scope = $1 AND active = 1")
        .bind(scope.to_owned())
        .fetch_optional(&mut **work)
        .await?;
    Ok(row.map(|row| row.try_get(0)).transpose()?)
}
