//! Brings the schema of a database to what this program knows: numbered steps, each applied once, all under one lock.
//! A step that was released is never edited; a database that is further than this program is left alone.

use sqlx::Row;

use super::database::{Backend, Database, Work};
use super::fault::StorageFault;

/// One step of the schema, for each database.
struct Step {
    number: i64,
    sqlite: &'static str,
    postgres: &'static str,
}

macro_rules! step {
    ($number:literal, $name:literal) => {
        Step {
            number: $number,
            sqlite: include_str!(concat!("migrations/", $name, ".sqlite.sql")),
            postgres: include_str!(concat!("migrations/", $name, ".postgres.sql")),
        }
    };
}

const STEPS: [Step; 10] = [
    step!(1, "0001-cluster"),
    step!(2, "0002-audit"),
    step!(3, "0003-accounts"),
    step!(4, "0004-keys"),
    step!(5, "0005-watching"),
    step!(6, "0006-rechecks"),
    step!(7, "0007-lists"),
    step!(8, "0008-evidence"),
    step!(9, "0009-capsules"),
    step!(10, "0010-candidate"),
];

/// The last step this program knows.
pub const LATEST: i64 = 10;

/// PostgreSQL's advisory locks are numbers: this one is ours, from the letters `assayer`.
const LOCK: &str = "SELECT pg_advisory_xact_lock(27431038914389362)";

/// Applies the steps up to `target` that the database does not have yet, whole or not at all.
///
/// # Errors
/// A schema later than this program's, and what a database can do wrong.
pub(super) async fn apply(database: &Database, target: i64) -> Result<(), StorageFault> {
    let mut work = database.exclusive().await?;
    if database.backend == Backend::Postgres {
        sqlx::raw_sql(LOCK).execute(&mut *work).await?;
    }
    let found = found(&mut work).await?;
    if found > LATEST {
        return Err(StorageFault::NewerSchema { found, known: LATEST });
    }
    for step in STEPS.iter().filter(|step| step.number > found && step.number <= target) {
        let text = match database.backend {
            Backend::Postgres => step.postgres,
            Backend::Sqlite => step.sqlite,
        };
        sqlx::raw_sql(text).execute(&mut *work).await?;
        sqlx::query("INSERT INTO schema_steps (number) VALUES ($1)")
            .bind(step.number)
            .execute(&mut *work)
            .await?;
    }
    work.commit().await?;
    Ok(())
}

/// The step a database is at; 0 when it is empty.
///
/// # Errors
/// What a database can do wrong.
async fn found(work: &mut Work) -> Result<i64, StorageFault> {
    sqlx::raw_sql("CREATE TABLE IF NOT EXISTS schema_steps (number BIGINT PRIMARY KEY)")
        .execute(&mut **work)
        .await?;
    let row = sqlx::query("SELECT COALESCE(MAX(number), 0) FROM schema_steps").fetch_one(&mut **work).await?;
    Ok(row.try_get(0)?)
}

/// Whether a database that is only read has exactly the schema of this program.
///
/// # Errors
/// Another schema, and what a database can do wrong.
pub(super) async fn check(database: &Database) -> Result<(), StorageFault> {
    let once = |found: i64| {
        let known = format!("start the server with it once to bring it to {LATEST}");
        StorageFault::Broken(format!(
            "the database has schema {found}, which is earlier than this program's; {known}"
        ))
    };
    let found =
        sqlx::query("SELECT COALESCE(MAX(number), 0) FROM schema_steps").fetch_one(&database.reader).await;
    let found: i64 = match found.map_err(StorageFault::from) {
        Ok(row) => row.try_get(0)?,
        // there is no such table
        Err(StorageFault::Broken(_)) => return Err(once(0)),
        Err(fault) => return Err(fault),
    };
    match found {
        LATEST => Ok(()),
        later if later > LATEST => Err(StorageFault::NewerSchema { found, known: LATEST }),
        earlier => Err(once(earlier)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_numbered_without_a_gap() {
        assert!(STEPS.iter().map(|step| step.number).eq(1..=LATEST));
    }
}
