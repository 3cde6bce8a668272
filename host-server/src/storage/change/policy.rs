//! Policy documents: a new one takes the next number of its scope and comes into force; an old one can come back. A
//! candidate comes into force by nothing here.

use sqlx::Row;

use super::{ApplyFault, Stamp};
use crate::storage::database::Work;
use crate::storage::record::text;

pub(super) async fn put_policy(
    work: &mut Work,
    scope: &str,
    document: &str,
    stamp: &Stamp,
) -> Result<(), ApplyFault> {
    let row = sqlx::query("SELECT COALESCE(MAX(number), 0) + 1 FROM policies WHERE scope = $1")
        .bind(scope.to_owned())
        .fetch_one(&mut **work)
        .await?;
    let number: i64 = row.try_get(0)?;
    sqlx::query(
        "INSERT INTO policies (scope, number, document, active, added_at, added_by) VALUES ($1, $2, $3, 0, $4, $5)",
    )
    .bind(scope.to_owned())
    .bind(number)
    .bind(text(document))
    .bind(stamp.now)
    .bind(stamp.who.clone())
    .execute(&mut **work)
    .await?;
    activate(work, scope, number).await
}

pub(super) async fn activate(work: &mut Work, scope: &str, number: i64) -> Result<(), ApplyFault> {
    sqlx::query("UPDATE policies SET active = 0 WHERE scope = $1 AND active = 1")
        .bind(scope.to_owned())
        .execute(&mut **work)
        .await?;
    let done = sqlx::query("UPDATE policies SET active = 1 WHERE scope = $1 AND number = $2")
        .bind(scope.to_owned())
        .bind(number)
        .execute(&mut **work)
        .await?;
    match done.rows_affected() {
        0 => Err(ApplyFault::Missing("policy document", format!("{scope} {number}").trim_start().to_owned())),
        _ => Ok(()),
    }
}

/// The candidate is named by the version of the state that it was proposed with, which no other ever has.
pub(super) async fn propose(work: &mut Work, document: &str, stamp: &Stamp) -> Result<(), ApplyFault> {
    forget(work).await?;
    let row = sqlx::query("SELECT COALESCE(MAX(number), 0) FROM policies WHERE scope = '' AND active = 1")
        .fetch_one(&mut **work)
        .await?;
    let against: i64 = row.try_get(0)?;
    sqlx::query(
        "INSERT INTO candidate (id, version, document, against, added_at, added_by) VALUES (1, $1, $2, $3, $4, $5)",
    )
    .bind(stamp.version.0)
    .bind(text(document))
    .bind(against)
    .bind(stamp.now)
    .bind(stamp.who.clone())
    .execute(&mut **work)
    .await?;
    Ok(())
}

pub(super) async fn drop_candidate(work: &mut Work) -> Result<(), ApplyFault> {
    match forget(work).await? {
        0 => Err(ApplyFault::Missing("candidate policy", String::new())),
        _ => Ok(()),
    }
}

/// How many candidates there were.
async fn forget(work: &mut Work) -> Result<u64, ApplyFault> {
    // of whichever candidate: what an earlier one left behind late goes too
    sqlx::query("DELETE FROM candidate_flips").execute(&mut **work).await?;
    sqlx::query("DELETE FROM candidate_counts").execute(&mut **work).await?;
    let done = sqlx::query("DELETE FROM candidate").execute(&mut **work).await?;
    Ok(done.rows_affected())
}
