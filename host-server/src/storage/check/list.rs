//! What is known of everything that is looked at again: listed, counted, and asked for.

use sqlx::any::AnyArguments;
use sqlx::query::Query as Statement;
use sqlx::{Any, AssertSqlSafe, Row};

use super::{COLUMNS, Check, CheckStatus, CheckUsage, check, word};
use crate::storage::Storage;
use crate::storage::fault::StorageFault;
use crate::storage::record::{Fingerprint, text};

/// Which checks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckFilter {
    /// With this status.
    pub status: Option<CheckStatus>,
    /// Of what is in use for this.
    pub usage: Option<CheckUsage>,
    /// In this slot or store, or of this class.
    pub room: Option<String>,
    /// Of this certificate.
    pub fingerprint: Option<Fingerprint>,
    /// Behind the one of this number.
    pub after: i64,
}

/// Every check in numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckCounts {
    /// How many there are.
    pub all: i64,
    /// How many are due and nobody is at them.
    pub due: i64,
    /// Since when the first of them is.
    pub oldest: Option<i64>,
    /// When the first of the others is due.
    pub next: Option<i64>,
    /// When the last one was looked at.
    pub last: Option<i64>,
    /// How many could not be found out the last time.
    pub failing: i64,
    /// By status.
    pub statuses: Vec<(CheckStatus, i64)>,
}

impl Storage {
    /// Has every check of a filter done now, whatever the settings say. How many there are.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn ask_for_checks(&self, filter: &CheckFilter, now: i64) -> Result<u64, StorageFault> {
        let statement = format!(
            "UPDATE checks SET due_at = $7, reason = CASE WHEN reason = 'upload' THEN reason ELSE 'asked' END \
             WHERE {CONDITION}"
        );
        let mut work = self.database().change().await?;
        let done =
            filtered(sqlx::query(AssertSqlSafe(statement)), filter).bind(now).execute(&mut *work).await?;
        work.commit().await?;
        Ok(done.rows_affected())
    }

    /// The checks that meet a filter, at most `most`.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn checks(&self, filter: &CheckFilter, most: i64) -> Result<Vec<Check>, StorageFault> {
        let statement = format!("SELECT {COLUMNS} FROM checks WHERE {CONDITION} ORDER BY id LIMIT $7");
        let query = filtered(sqlx::query(AssertSqlSafe(statement)), filter).bind(most);
        let rows = query.fetch_all(&self.database().reader).await?;
        rows.iter().map(check).collect()
    }

    /// Every check in numbers.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn check_counts(&self, now: i64) -> Result<CheckCounts, StorageFault> {
        let mut work = self.database().look().await?;
        let rows =
            sqlx::query("SELECT status, COUNT(*) AS count FROM checks GROUP BY status ORDER BY status")
                .fetch_all(&mut *work)
                .await?;
        let mut counts = CheckCounts::default();
        for row in &rows {
            let status = word(row, "status", CheckStatus::from_word)?;
            let count: i64 = row.try_get("count")?;
            counts.all = counts.all.saturating_add(count);
            counts.statuses.push((status, count));
        }
        let due = sqlx::query(
            "SELECT COUNT(*) AS due, MIN(due_at) AS oldest FROM checks WHERE due_at <= $1 AND owned_until <= $2",
        );
        let due = due.bind(now).bind(now).fetch_one(&mut *work).await?;
        (counts.due, counts.oldest) = (due.try_get("due")?, due.try_get("oldest")?);
        let rest = "SELECT MIN(CASE WHEN due_at > $1 THEN due_at END) AS next, MAX(checked_at) AS last, \
                    COUNT(CASE WHEN failures > 0 THEN 1 END) AS failing FROM checks";
        let rest = sqlx::query(rest).bind(now).fetch_one(&mut *work).await?;
        (counts.next, counts.last) = (rest.try_get("next")?, rest.try_get("last")?);
        counts.failing = rest.try_get("failing")?;
        Ok(counts)
    }
}

/// The criteria of a filter, $1 to $6.
const CONDITION: &str = "id > $1 AND ($2 = '' OR status = $2) AND ($3 = '' OR usage = $3) AND ($4 = '' OR room = $4) \
                         AND ($5 = 0 OR fingerprint = $6)";

fn filtered(
    query: Statement<'static, Any, AnyArguments>,
    filter: &CheckFilter,
) -> Statement<'static, Any, AnyArguments> {
    query
        .bind(filter.after)
        .bind(filter.status.map(CheckStatus::word).unwrap_or_default())
        .bind(filter.usage.map(CheckUsage::word).unwrap_or_default())
        .bind(text(filter.room.as_deref().unwrap_or_default()))
        .bind(i64::from(filter.fingerprint.is_some()))
        .bind(filter.fingerprint.map(|found| found.to_vec()).unwrap_or_default())
}
