//! Nodes and what each has loaded (R-TRB-4), requests that wait, sealed keys: read here, changed by `apply` alone. Only
//! what a node says of itself is written here, because it is no change of the state.

use sqlx::Row;

use super::database::Work;
use super::fault::StorageFault;
use super::record::{Node, NodeRole, PendingRequest, Room, SealedKey, Version, text};
use super::{Storage, row};

/// What a node has loaded, and when it said so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loaded {
    /// The node.
    pub node: String,
    /// The version it decides with.
    pub version: Version,
    /// When it said so last.
    pub seen: i64,
}

impl Storage {
    /// Every node, by name.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn nodes(&self) -> Result<Vec<Node>, StorageFault> {
        nodes(&mut self.database().look().await?).await
    }

    /// Every slot and store that holds anything, and every slot that a request waits for.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn rooms_in_use(&self) -> Result<Vec<Room>, StorageFault> {
        let rows = sqlx::query(
            "SELECT usage, room FROM entries UNION SELECT 'identity', purpose FROM requests ORDER BY usage, room",
        )
        .fetch_all(&self.database().reader)
        .await?;
        rows.iter().map(row::room).collect()
    }

    /// A node says which version it decides with now.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn report_loaded(&self, node: &str, version: Version, now: i64) -> Result<(), StorageFault> {
        let mut work = self.database().change().await?;
        sqlx::query(
            "INSERT INTO loaded (node, version, seen_at) VALUES ($1, $2, $3) \
             ON CONFLICT (node) DO UPDATE SET version = excluded.version, seen_at = excluded.seen_at",
        )
        .bind(text(node))
        .bind(version.0)
        .bind(now)
        .execute(&mut *work)
        .await?;
        Ok(work.commit().await?)
    }

    /// Which node has loaded which version (R-TRB-4), by name; a node that never said so is not in it.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn loaded(&self) -> Result<Vec<Loaded>, StorageFault> {
        let rows = sqlx::query("SELECT node, version, seen_at FROM loaded ORDER BY node")
            .fetch_all(&self.database().reader)
            .await?;
        let loaded = |row: &sqlx::any::AnyRow| {
            let version = Version(row.try_get("version")?);
            Ok(Loaded { node: row.try_get("node")?, version, seen: row.try_get("seen_at")? })
        };
        rows.iter().map(loaded).collect()
    }

    /// Every request that waits, by purpose and node.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn requests(&self) -> Result<Vec<PendingRequest>, StorageFault> {
        requests(&mut self.database().look().await?).await
    }

    /// The sealed key of this name.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn sealed_key(&self, id: &str) -> Result<Option<SealedKey>, StorageFault> {
        let row = sqlx::query("SELECT id, purpose, algorithm, sealed FROM keys WHERE id = $1")
            .bind(text(id))
            .fetch_optional(&self.database().reader)
            .await?;
        let key = |row: sqlx::any::AnyRow| {
            Ok(SealedKey {
                id: row.try_get("id")?,
                purpose: row.try_get("purpose")?,
                algorithm: row.try_get("algorithm")?,
                sealed: row.try_get("sealed")?,
            })
        };
        row.map(key).transpose()
    }
}

pub(super) async fn nodes(work: &mut Work) -> Result<Vec<Node>, StorageFault> {
    let rows = sqlx::query("SELECT name, role FROM nodes ORDER BY name").fetch_all(&mut **work).await?;
    let node = |row: &sqlx::any::AnyRow| {
        let role: String = row.try_get("role")?;
        let role = NodeRole::from_word(&role).ok_or_else(|| row::broken("role"))?;
        Ok(Node { name: row.try_get("name")?, role })
    };
    rows.iter().map(node).collect()
}

pub(super) async fn requests(work: &mut Work) -> Result<Vec<PendingRequest>, StorageFault> {
    let rows = sqlx::query("SELECT purpose, node, der, key_id FROM requests ORDER BY purpose, node")
        .fetch_all(&mut **work)
        .await?;
    rows.iter().map(row::request).collect()
}
