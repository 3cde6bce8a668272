//! What is looked at again comes and goes: with the certificates in their places, and as often as the settings say.

use sqlx::AssertSqlSafe;

use super::Reason;
use crate::storage::Storage;
use crate::storage::alarm::MONITOR;
use crate::storage::database::Work;
use crate::storage::fault::StorageFault;
use crate::storage::record::{Facts, Fingerprint, Origin, Place, Room, text};

/// What an interval is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Planned {
    /// What is kept.
    Kept,
    /// What lies behind connections of this class.
    Connections(&'static str),
}

/// A certificate is new in its place: it is due at once (R-OCSP-8). A copy made by a rule is the same upload, and waits
/// for its turn.
pub(in crate::storage) async fn enter(
    work: &mut Work,
    place: &Place,
    facts: &Facts,
    (origin, now): (Origin, i64),
) -> Result<(), StorageFault> {
    let (reason, due_at) = match origin {
        Origin::Copied => (Reason::Schedule, None),
        Origin::Issued | Origin::SelfSigned | Origin::Uploaded => (Reason::Upload, Some(now)),
    };
    let new = New {
        usage: place.room.usage.word(),
        room: &place.room.name,
        connection: "",
        fingerprint: &facts.fingerprint,
        issuer: &facts.issuer_key,
    };
    insert(work, &new, reason, due_at).await
}

/// What is looked at from now on.
pub(in crate::storage) struct New<'a> {
    pub(in crate::storage) usage: &'static str,
    pub(in crate::storage) room: &'a str,
    pub(in crate::storage) connection: &'a str,
    pub(in crate::storage) fingerprint: &'a Fingerprint,
    pub(in crate::storage) issuer: &'a str,
}

pub(in crate::storage) async fn insert(
    work: &mut Work,
    new: &New<'_>,
    reason: Reason,
    due_at: Option<i64>,
) -> Result<(), StorageFault> {
    sqlx::query(
        "INSERT INTO checks (usage, room, connection, fingerprint, issuer, reason, due_at, owner, owned_until, claims, \
         times, checked_at, status, decision, detail, verdict, since, failures) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, '', 0, 0, 0, NULL, 'unchecked', '', '', $8, NULL, 0) \
         ON CONFLICT (usage, room, fingerprint, connection) DO NOTHING",
    )
    .bind(new.usage)
    .bind(text(new.room))
    .bind(new.connection.to_owned())
    .bind(new.fingerprint.to_vec())
    .bind(text(new.issuer))
    .bind(reason.word())
    .bind(due_at)
    .bind(Vec::<u8>::new())
    .execute(&mut **work)
    .await?;
    Ok(())
}

/// What lies nowhere any more is not looked at again, and what was told of it is over.
pub(in crate::storage) async fn leave(
    work: &mut Work,
    room: &Room,
    fingerprint: &Fingerprint,
    now: i64,
) -> Result<(), StorageFault> {
    sqlx::query(
        "DELETE FROM checks WHERE usage = $1 AND room = $2 AND fingerprint = $3 AND NOT EXISTS (SELECT 1 FROM entries e \
         WHERE e.usage = checks.usage AND e.room = checks.room AND e.fingerprint = checks.fingerprint)",
    )
    .bind(room.usage.word())
    .bind(text(&room.name))
    .bind(fingerprint.to_vec())
    .execute(&mut **work)
    .await?;
    sqlx::query(
        "UPDATE alarms SET state = 'resolved', answered_at = $1, answered_by = $2 \
         WHERE watched = $3 AND code LIKE 'revocation.%' AND state <> 'resolved' \
         AND NOT EXISTS (SELECT 1 FROM entries e WHERE e.fingerprint = alarms.watched)",
    )
    .bind(now)
    .bind(MONITOR)
    .bind(fingerprint.to_vec())
    .execute(&mut **work)
    .await?;
    Ok(())
}

/// The same for everything that a node took with it.
pub(in crate::storage) async fn leave_all(work: &mut Work, now: i64) -> Result<(), StorageFault> {
    sqlx::query(
        "DELETE FROM checks WHERE usage <> 'connection' AND NOT EXISTS (SELECT 1 FROM entries e \
         WHERE e.usage = checks.usage AND e.room = checks.room AND e.fingerprint = checks.fingerprint)",
    )
    .execute(&mut **work)
    .await?;
    sqlx::query(
        "UPDATE alarms SET state = 'resolved', answered_at = $1, answered_by = $2 \
         WHERE code LIKE 'revocation.%' AND state <> 'resolved' \
         AND NOT EXISTS (SELECT 1 FROM entries e WHERE e.fingerprint = alarms.watched)",
    )
    .bind(now)
    .bind(MONITOR)
    .execute(&mut **work)
    .await?;
    Ok(())
}

impl Storage {
    /// Sees to it that everything of a kind is due within `seconds`, or, where that is `None`, nothing of it that nobody
    /// asked for (R-REV-1). What comes under the clock only now is spread over the interval; what was planned before and
    /// is sooner stands, so that a restart puts nothing off.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn plan_checks(
        &self,
        kind: Planned,
        now: i64,
        seconds: Option<i64>,
    ) -> Result<u64, StorageFault> {
        let (condition, class) = match kind {
            Planned::Kept => ("usage <> 'connection' AND $1 = ''", ""),
            Planned::Connections(class) => ("usage = 'connection' AND room = $1", class),
        };
        let free = format!("{condition} AND reason = 'schedule' AND owned_until <= $2");
        let statement = match seconds {
            Some(_) => format!(
                "UPDATE checks SET due_at = $3 + 1 + (id * 7919) % $4 WHERE {free} AND (due_at IS NULL OR due_at > $5)"
            ),
            None => format!("UPDATE checks SET due_at = NULL WHERE {free} AND due_at IS NOT NULL"),
        };
        let mut work = self.database().change().await?;
        // every part of the text is written above; values are bound
        let mut query = sqlx::query(AssertSqlSafe(statement)).bind(class).bind(now);
        if let Some(seconds) = seconds {
            query = query.bind(now).bind(seconds.max(1)).bind(now.saturating_add(seconds));
        }
        let done = query.execute(&mut *work).await?;
        work.commit().await?;
        Ok(done.rows_affected())
    }
}
