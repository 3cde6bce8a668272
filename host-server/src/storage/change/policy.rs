//! Policy documents: a new one takes the next number of its scope and comes into force; an old one can come back.

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
