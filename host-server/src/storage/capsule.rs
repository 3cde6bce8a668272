//! Decisions that were recorded, as capsules: written several at a time, listed the newest first, and forgotten by age and
//! by size. What is in one is not looked into here.

use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};

use super::fault::StorageFault;
use super::record::{Fingerprint, text};
use super::{Storage, row};

/// A capsule to be kept, and what it is found by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCapsule {
    /// The root over its parts.
    pub root: Fingerprint,
    /// When it was recorded, in seconds since 1970.
    pub recorded_at: i64,
    /// It allows.
    pub allows: bool,
    /// The purpose; empty where none was asked for.
    pub purpose: String,
    /// SHA-256 of the certificate that was asked about.
    pub certificate: Fingerprint,
    /// The hash of the verdict's trace.
    pub trace: Fingerprint,
    /// The capsule itself.
    pub body: String,
}

/// What a list says of a capsule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CapsuleEntry {
    /// Its place: later ones have higher numbers.
    pub number: i64,
    /// The root over its parts.
    pub root: Fingerprint,
    /// When it was recorded.
    pub recorded_at: i64,
    /// It allows.
    pub allows: bool,
    /// The purpose; empty where none was asked for.
    pub purpose: String,
    /// SHA-256 of the certificate that was asked about.
    pub certificate: Fingerprint,
    /// The hash of the verdict's trace.
    pub trace: Fingerprint,
    /// How large it is.
    pub octets: i64,
}

/// Which capsules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CapsuleFilter {
    /// Those that allow, or those that deny.
    pub allows: Option<bool>,
    /// Of questions with this purpose.
    pub purpose: Option<String>,
    /// Recorded at this moment or later.
    pub since: Option<i64>,
    /// Before the one of this number.
    pub before: i64,
}

impl Default for CapsuleFilter {
    fn default() -> Self {
        Self { allows: None, purpose: None, since: None, before: i64::MAX }
    }
}

/// What a list is made of.
const COLUMNS: &str = "id, root, recorded_at, decision, purpose, certificate, trace, octets";

impl Storage {
    /// Keeps capsules, all or none. One that is there is left as it is.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn keep_capsules(&self, capsules: &[NewCapsule]) -> Result<(), StorageFault> {
        let mut work = self.database().change().await?;
        for capsule in capsules {
            sqlx::query(
                "INSERT INTO capsules (root, recorded_at, decision, purpose, certificate, trace, octets, body) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (root) DO NOTHING",
            )
            .bind(capsule.root.to_vec())
            .bind(capsule.recorded_at)
            .bind(word(capsule.allows))
            .bind(text(&capsule.purpose))
            .bind(capsule.certificate.to_vec())
            .bind(capsule.trace.to_vec())
            .bind(i64::try_from(capsule.body.len()).unwrap_or(i64::MAX))
            .bind(capsule.body.as_bytes().to_vec())
            .execute(&mut *work)
            .await?;
        }
        Ok(work.commit().await?)
    }

    /// The capsules that meet a filter, the newest first, at most `most`.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn capsules(
        &self,
        filter: &CapsuleFilter,
        most: i64,
    ) -> Result<Vec<CapsuleEntry>, StorageFault> {
        let statement = format!(
            "SELECT {COLUMNS} FROM capsules WHERE id < $1 AND ($2 = '' OR decision = $2) \
             AND ($3 = 0 OR purpose = $4) AND recorded_at >= $5 ORDER BY id DESC LIMIT $6"
        );
        // every part of the text is written above; values are bound
        let rows = sqlx::query(AssertSqlSafe(statement))
            .bind(filter.before)
            .bind(filter.allows.map(word).unwrap_or_default())
            .bind(i64::from(filter.purpose.is_some()))
            .bind(text(filter.purpose.as_deref().unwrap_or_default()))
            .bind(filter.since.unwrap_or(i64::MIN))
            .bind(most)
            .fetch_all(&self.database().reader)
            .await?;
        rows.iter().map(entry).collect()
    }

    /// The capsule with this root.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn capsule(&self, root: &Fingerprint) -> Result<Option<String>, StorageFault> {
        let row = sqlx::query("SELECT body FROM capsules WHERE root = $1").bind(root.to_vec());
        let Some(row) = row.fetch_optional(&self.database().reader).await? else { return Ok(None) };
        let body: Vec<u8> = row.try_get("body")?;
        String::from_utf8(body).map(Some).map_err(|_| row::broken("body"))
    }

    /// Forgets capsules from before a moment, and the oldest of those that all together have more octets than this; at
    /// most `most` of them. How many it were.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn prune_capsules(&self, before: i64, octets: i64, most: i64) -> Result<u64, StorageFault> {
        let mut work = self.database().change().await?;
        let done = sqlx::query(
            "DELETE FROM capsules WHERE id IN (SELECT s.id FROM (SELECT id, recorded_at, \
             CAST(SUM(octets) OVER (ORDER BY id DESC) AS BIGINT) AS so_far FROM capsules) s \
             WHERE s.recorded_at < $1 OR s.so_far > $2 ORDER BY s.id LIMIT $3)",
        )
        .bind(before)
        .bind(octets)
        .bind(most)
        .execute(&mut *work)
        .await?;
        work.commit().await?;
        Ok(done.rows_affected())
    }
}

fn word(allows: bool) -> &'static str {
    if allows { "allow" } else { "deny" }
}

fn entry(found: &AnyRow) -> Result<CapsuleEntry, StorageFault> {
    let hash = |name: &'static str| -> Result<Fingerprint, StorageFault> {
        let octets: Vec<u8> = found.try_get(name)?;
        octets.try_into().map_err(|_| row::broken(name))
    };
    let decision: String = found.try_get("decision")?;
    Ok(CapsuleEntry {
        number: found.try_get("id")?,
        root: hash("root")?,
        recorded_at: found.try_get("recorded_at")?,
        allows: decision == word(true),
        purpose: found.try_get("purpose")?,
        certificate: hash("certificate")?,
        trace: hash("trace")?,
        octets: found.try_get("octets")?,
    })
}
