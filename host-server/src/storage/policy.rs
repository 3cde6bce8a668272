//! Policy documents: every version that ever was, who wrote it and when, one of them active in each scope. What a
//! document means the engine says; one is stored or made active by `apply`.

use sqlx::Row;
use sqlx::any::AnyRow;

use super::Storage;
use super::fault::StorageFault;
use super::record::text;

/// One version of a policy document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyDocument {
    /// What it is for; the empty text is the whole deployment.
    pub scope: String,
    /// Its number in the scope, from 1.
    pub number: i64,
    /// The document, as it was written.
    pub document: String,
    /// Whether it is the one in force.
    pub active: bool,
    /// When it was stored.
    pub added_at: i64,
    /// By whom.
    pub added_by: String,
}

impl Storage {
    /// The document in force in `scope`.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn active_policy(&self, scope: &str) -> Result<Option<PolicyDocument>, StorageFault> {
        let row = sqlx::query(
            "SELECT scope, number, document, active, added_at, added_by FROM policies \
             WHERE scope = $1 AND active = 1",
        )
        .bind(text(scope))
        .fetch_optional(&self.database().reader)
        .await?;
        row.as_ref().map(document).transpose()
    }

    /// Every version in `scope`, the latest first.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn policies(&self, scope: &str) -> Result<Vec<PolicyDocument>, StorageFault> {
        let rows = sqlx::query(
            "SELECT scope, number, document, active, added_at, added_by FROM policies \
             WHERE scope = $1 ORDER BY number DESC",
        )
        .bind(text(scope))
        .fetch_all(&self.database().reader)
        .await?;
        rows.iter().map(document).collect()
    }
}

fn document(row: &AnyRow) -> Result<PolicyDocument, StorageFault> {
    Ok(PolicyDocument {
        scope: row.try_get("scope")?,
        number: row.try_get("number")?,
        document: row.try_get("document")?,
        active: row.try_get::<i64, _>("active")? == 1,
        added_at: row.try_get("added_at")?,
        added_by: row.try_get("added_by")?,
    })
}
