//! Counts for a first page: what is unresolved, what ends, what waits. Which ends are of interest the caller says.

use sqlx::Row;
use sqlx::any::AnyRow;

use super::Storage;
use super::alarm::{AlarmState, Severity};
use super::fault::StorageFault;
use super::record::Usage;
use super::row;

/// How many alarms there are of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AlarmCount {
    /// How bad they are.
    pub severity: Severity,
    /// What became of them.
    pub state: AlarmState,
    /// How many.
    pub count: i64,
}

/// A request that waits, and since when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The identity purpose.
    pub purpose: String,
    /// The node; `None` for a multi-server request.
    pub node: Option<String>,
    /// Since when.
    pub since: i64,
}

impl Storage {
    /// How many alarms are not resolved, by severity and state.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn unresolved_alarms(&self) -> Result<Vec<AlarmCount>, StorageFault> {
        let rows = sqlx::query(
            "SELECT severity, state, COUNT(*) FROM alarms WHERE state <> 'resolved' GROUP BY severity, state",
        )
        .fetch_all(&self.database().reader)
        .await?;
        let count = |row: &AnyRow| {
            let (severity, state): (String, String) = (row.try_get(0)?, row.try_get(1)?);
            Ok(AlarmCount {
                severity: Severity::from_word(&severity).ok_or_else(|| row::broken("severity"))?,
                state: AlarmState::from_word(&state).ok_or_else(|| row::broken("state"))?,
                count: row.try_get(2)?,
            })
        };
        rows.iter().map(count).collect()
    }

    /// How many certificates, each counted once, of one usage end at a moment or later, and before another.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn ending(&self, usage: Usage, (from, before): (i64, i64)) -> Result<i64, StorageFault> {
        let row = sqlx::query(
            "SELECT COUNT(DISTINCT fingerprint) FROM entries WHERE (usage || '') = $1 AND not_after >= $2 \
             AND not_after < $3",
        )
        .bind(usage.word())
        .bind(from)
        .bind(before)
        .fetch_one(&self.database().reader)
        .await?;
        Ok(row.try_get(0)?)
    }

    /// The requests that wait, the oldest first.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn waiting_requests(&self) -> Result<Vec<Waiting>, StorageFault> {
        let rows =
            sqlx::query("SELECT purpose, node, added_at FROM requests ORDER BY added_at, purpose, node")
                .fetch_all(&self.database().reader)
                .await?;
        let waiting = |row: &AnyRow| {
            let node: String = row.try_get(1)?;
            Ok(Waiting {
                purpose: row.try_get(0)?,
                node: Some(node).filter(|node| !node.is_empty()),
                since: row.try_get(2)?,
            })
        };
        rows.iter().map(waiting).collect()
    }
}
