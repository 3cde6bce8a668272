//! The audit in the database: appended in the transaction of the change it is about, read in pages, verified whole.

use sqlx::Row;
use sqlx::any::AnyRow;

use super::record::{AuditRecord, Outcome, Record};
use super::verify::{Broken, Flaw, Head, Verifier};
use crate::storage::record::text;
use crate::storage::{Storage, StorageFault, database::Work};

/// Most records in one page.
pub const PAGE: i64 = 1_000;

/// Which records are wanted: every criterion holds of each of them. Letters of ASCII are met in any case; beyond them an
/// embedded database knows no case, and they are met as they are written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Who did it contains this.
    pub who: Option<String>,
    /// What was done contains this.
    pub what: Option<String>,
    /// What it was done to contains this.
    pub subject: Option<String>,
    /// It happened at this moment or later.
    pub from: Option<i64>,
    /// It happened before this moment.
    pub until: Option<i64>,
}

/// The audit of a storage.
#[derive(Clone)]
pub struct AuditLog(Storage);

impl AuditLog {
    /// The audit of `storage`.
    #[must_use]
    pub fn of(storage: &Storage) -> Self {
        Self(storage.clone())
    }

    /// Records something that changed nothing else, and gives its number.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn append(&self, record: AuditRecord) -> Result<i64, StorageFault> {
        let mut work = self.0.database().change().await?;
        let sequence = append(&mut work, record).await?;
        work.commit().await?;
        Ok(sequence)
    }

    /// The records after number `after`, at most `most` and at most [`PAGE`].
    ///
    /// # Errors
    /// What a database can do wrong, a record among them that cannot be read.
    pub async fn after(&self, after: i64, most: i64) -> Result<Vec<Record>, StorageFault> {
        const TEXT: &str = "SELECT sequence, happened_at, who, what, subject, outcome, details, previous, hash \
                            FROM audit WHERE sequence > $1 ORDER BY sequence LIMIT $2";
        self.page(TEXT, after, most).await
    }

    /// The records before number `before` that are wanted, the newest first, at most `most` and at most [`PAGE`].
    ///
    /// # Errors
    /// What a database can do wrong, a record among them that cannot be read.
    pub async fn before(&self, before: i64, most: i64, wanted: &Wanted) -> Result<Vec<Record>, StorageFault> {
        // one text for every question: what is not asked for is met by every record
        const TEXT: &str = "SELECT sequence, happened_at, who, what, subject, outcome, details, previous, hash \
                            FROM audit WHERE sequence < $1 AND happened_at >= $3 AND happened_at < $4 \
                            AND (LOWER(who) LIKE $5 ESCAPE '!' OR who LIKE $6 ESCAPE '!') \
                            AND (LOWER(what) LIKE $7 ESCAPE '!' OR what LIKE $8 ESCAPE '!') \
                            AND (LOWER(subject) LIKE $9 ESCAPE '!' OR subject LIKE $10 ESCAPE '!') \
                            ORDER BY sequence DESC LIMIT $2";
        let [who, what, subject] =
            [&wanted.who, &wanted.what, &wanted.subject].map(|part| patterns(part.as_deref()));
        let rows = sqlx::query(TEXT)
            .bind(before)
            .bind(most.clamp(1, PAGE))
            .bind(wanted.from.unwrap_or(i64::MIN))
            .bind(wanted.until.unwrap_or(i64::MAX))
            .bind(who.0)
            .bind(who.1)
            .bind(what.0)
            .bind(what.1)
            .bind(subject.0)
            .bind(subject.1)
            .fetch_all(&self.0.database().reader)
            .await?;
        rows.iter().map(|row| record(row)?.ok_or_else(unreadable)).collect()
    }

    async fn page(&self, text: &'static str, bound: i64, most: i64) -> Result<Vec<Record>, StorageFault> {
        let rows = sqlx::query(text)
            .bind(bound)
            .bind(most.clamp(1, PAGE))
            .fetch_all(&self.0.database().reader)
            .await?;
        rows.iter().map(|row| record(row)?.ok_or_else(unreadable)).collect()
    }

    /// Whether the whole audit is a chain that ends where its head says. The database must give a copy of one moment.
    ///
    /// # Errors
    /// What a database can do wrong; the inner error is where and why the chain does not hold.
    pub async fn verify(&self) -> Result<Result<Head, Broken>, StorageFault> {
        const TEXT: &str = "SELECT sequence, happened_at, who, what, subject, outcome, details, previous, hash \
                            FROM audit WHERE sequence > $1 ORDER BY sequence LIMIT $2";
        let mut work = self.0.database().look().await?;
        let mut verifier = Verifier::default();
        let mut last = i64::MIN;
        loop {
            let rows = sqlx::query(TEXT).bind(last).bind(PAGE).fetch_all(&mut *work).await?;
            for row in &rows {
                let taken = match record(row)? {
                    Some(record) => {
                        last = record.sequence;
                        verifier.take(&record)
                    }
                    None => Err(verifier.unreadable()),
                };
                if let Err(broken) = taken {
                    return Ok(Err(broken));
                }
            }
            if rows.is_empty() {
                break;
            }
        }
        let row = sqlx::query("SELECT sequence, hash FROM audit_head WHERE id = 1")
            .fetch_optional(&mut *work)
            .await?;
        let head = match row {
            Some(row) => head(&row)?,
            None => None,
        };
        let missing = Broken { at: verifier.head().sequence.saturating_add(1), why: Flaw::OtherHead };
        Ok(head.map_or(Err(missing), |head| verifier.ends_at(head)))
    }
}

/// Appends to the chain; the row of the head is what writers wait for each other at.
///
/// # Errors
/// What a database can do wrong.
pub(crate) async fn append(work: &mut Work, record: AuditRecord) -> Result<i64, StorageFault> {
    let row =
        sqlx::query("UPDATE audit_head SET sequence = sequence + 1 WHERE id = 1 RETURNING sequence, hash")
            .fetch_one(&mut **work)
            .await?;
    let Head { sequence, hash } = head(&row)?.ok_or_else(unreadable)?;
    let record = record.after(sequence, hash);
    sqlx::query(
        "INSERT INTO audit (sequence, happened_at, who, what, subject, outcome, details, previous, hash) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(record.sequence)
    .bind(record.time)
    .bind(record.who)
    .bind(record.what)
    .bind(record.subject)
    .bind(record.outcome.word())
    .bind(record.details)
    .bind(record.previous.to_vec())
    .bind(record.hash.to_vec())
    .execute(&mut **work)
    .await?;
    sqlx::query("UPDATE audit_head SET hash = $1 WHERE id = 1")
        .bind(record.hash.to_vec())
        .execute(&mut **work)
        .await?;
    Ok(sequence)
}

/// What contains `part` literally, folded and as it is; anything where nothing is asked for.
fn patterns(part: Option<&str>) -> (String, String) {
    let literal = |part: &str| {
        let literal = text(part).replace('!', "!!").replace('%', "!%").replace('_', "!_");
        format!("%{literal}%")
    };
    let part = part.unwrap_or_default();
    (literal(&part.to_lowercase()), literal(part))
}

fn unreadable() -> StorageFault {
    StorageFault::Broken("a record of the audit cannot be read; `assayer audit verify` says where".to_owned())
}

fn head(row: &AnyRow) -> Result<Option<Head>, StorageFault> {
    let hash: Vec<u8> = row.try_get("hash")?;
    let sequence = row.try_get("sequence")?;
    Ok(hash.try_into().ok().map(|hash| Head { sequence, hash }))
}

/// A row as a record; `None` when it is none, which only somebody else can have written.
fn record(row: &AnyRow) -> Result<Option<Record>, StorageFault> {
    let outcome: String = row.try_get("outcome")?;
    let previous: Vec<u8> = row.try_get("previous")?;
    let hash: Vec<u8> = row.try_get("hash")?;
    let (Some(outcome), Ok(previous), Ok(hash)) =
        (Outcome::from_word(&outcome), previous.try_into(), hash.try_into())
    else {
        return Ok(None);
    };
    Ok(Some(Record {
        sequence: row.try_get("sequence")?,
        time: row.try_get("happened_at")?,
        who: row.try_get("who")?,
        what: row.try_get("what")?,
        subject: row.try_get("subject")?,
        outcome,
        details: row.try_get("details")?,
        previous,
        hash,
    }))
}
