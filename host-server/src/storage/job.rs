//! Work that is due at a time and done by whoever comes first: any number of processes share it, each run belongs to
//! one of them, and what one that was killed had begun is taken over when its lease ends. What the work is, is not
//! known here.

use sqlx::Row;
use sqlx::any::AnyRow;

use super::Storage;
use super::fault::StorageFault;
use super::record::text;

/// A job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Its name.
    pub name: String,
    /// When it is due.
    pub due_at: i64,
    /// Who does it now, or did it last; empty where nobody ever did.
    pub owner: String,
    /// Until when it is the owner's; 0 where it is nobody's.
    pub owned_until: i64,
    /// When it was last done.
    pub finished_at: Option<i64>,
    /// What came of that, as whoever did it wrote it down.
    pub outcome: String,
}

/// The right to do a job once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Its name.
    pub name: String,
    /// Which claim of it this is: a later one takes the right of an earlier one away.
    number: i64,
}

impl Storage {
    /// Sees to it that the job is due at `due_at` at the latest. What was set before stands where it is sooner, so that
    /// a process that starts never puts off what another one, or an earlier life of its own, had planned.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn schedule(&self, name: &str, due_at: i64) -> Result<(), StorageFault> {
        let mut work = self.database().change().await?;
        sqlx::query(
            "INSERT INTO jobs (name, due_at, owner, owned_until, claims, outcome) VALUES ($1, $2, '', 0, 0, '') \
             ON CONFLICT (name) DO UPDATE SET due_at = excluded.due_at WHERE jobs.due_at > excluded.due_at",
        )
        .bind(text(name))
        .bind(due_at)
        .execute(&mut *work)
        .await?;
        Ok(work.commit().await?)
    }

    /// Takes the job for `lease` seconds where it is due and nobody has it; `None` otherwise. It is due again when the
    /// lease ends, in case nobody finishes it.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn claim(
        &self,
        name: &str,
        owner: &str,
        (now, lease): (i64, i64),
    ) -> Result<Option<Claim>, StorageFault> {
        let mut work = self.database().change().await?;
        // one conditional update: of two at the same time, the second sees what the first has set
        let row = sqlx::query(
            "UPDATE jobs SET owner = $1, owned_until = $2, due_at = $3, claims = claims + 1 \
             WHERE name = $4 AND due_at <= $5 AND owned_until <= $6 RETURNING claims",
        )
        .bind(text(owner))
        .bind(now.saturating_add(lease))
        .bind(now.saturating_add(lease))
        .bind(text(name))
        .bind(now)
        .bind(now)
        .fetch_optional(&mut *work)
        .await?;
        let number = row.map(|row| row.try_get(0)).transpose()?;
        work.commit().await?;
        Ok(number.map(|number| Claim { name: text(name), number }))
    }

    /// Holds the job for `lease` seconds from now on. Whether it still was the claimant's.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn extend(&self, claim: &Claim, until: i64) -> Result<bool, StorageFault> {
        let mut work = self.database().change().await?;
        let held = sqlx::query(
            "UPDATE jobs SET due_at = CASE WHEN due_at < owned_until THEN due_at ELSE $1 END, owned_until = $2 \
             WHERE name = $3 AND claims = $4 AND owned_until > 0",
        )
        .bind(until)
        .bind(until)
        .bind(claim.name.clone())
        .bind(claim.number)
        .execute(&mut *work)
        .await?;
        work.commit().await?;
        Ok(held.rows_affected() > 0)
    }

    /// Ends a run: when the next is due, and what came of this one. One that was asked for while it ran stands, because
    /// what it was asked for may have come too late for this one. Whether it still was the claimant's; where somebody
    /// else has taken it over, what that one sets stands.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn finish(
        &self,
        claim: &Claim,
        (now, due_at): (i64, i64),
        outcome: &str,
    ) -> Result<bool, StorageFault> {
        let mut work = self.database().change().await?;
        let done = sqlx::query(
            "UPDATE jobs SET due_at = CASE WHEN due_at < owned_until THEN due_at ELSE $1 END, owned_until = 0, \
             finished_at = $2, outcome = $3 WHERE name = $4 AND claims = $5",
        )
        .bind(due_at)
        .bind(now)
        .bind(text(outcome))
        .bind(claim.name.clone())
        .bind(claim.number)
        .execute(&mut *work)
        .await?;
        work.commit().await?;
        Ok(done.rows_affected() > 0)
    }

    /// Whether anybody is at any job.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn is_any_job_under_way(&self, now: i64) -> Result<bool, StorageFault> {
        let row = sqlx::query("SELECT COUNT(*) FROM jobs WHERE owned_until > $1")
            .bind(now)
            .fetch_one(&self.database().reader)
            .await?;
        let count: i64 = row.try_get(0)?;
        Ok(count > 0)
    }

    /// The job of this name.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn job(&self, name: &str) -> Result<Option<Job>, StorageFault> {
        let row = sqlx::query(
            "SELECT name, due_at, owner, owned_until, finished_at, outcome FROM jobs WHERE name = $1",
        )
        .bind(text(name))
        .fetch_optional(&self.database().reader)
        .await?;
        row.as_ref().map(job).transpose()
    }
}

fn job(row: &AnyRow) -> Result<Job, StorageFault> {
    Ok(Job {
        name: row.try_get("name")?,
        due_at: row.try_get("due_at")?,
        owner: row.try_get("owner")?,
        owned_until: row.try_get("owned_until")?,
        finished_at: row.try_get("finished_at")?,
        outcome: row.try_get("outcome")?,
    })
}
