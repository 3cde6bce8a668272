//! Alarms on their way out: an outbox that keeps each until its channel has taken it. A delivery that is taken for an
//! attempt is put off by a lease first, so that a process that is killed over it only delays it; nothing is ever given
//! up. What a channel is, is not known here.

use sqlx::{AssertSqlSafe, Row};

use super::Storage;
use super::alarm::{self, Alarm};
use super::database::{Backend, Work};
use super::fault::StorageFault;
use super::record::text;

/// An alarm for a channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// The alarm.
    pub alarm: Alarm,
    /// The channel's name.
    pub channel: String,
    /// How often it was tried, this time included.
    pub attempts: i64,
}

/// What waits for one channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queue {
    /// The channel's name.
    pub channel: String,
    /// How many alarms wait.
    pub depth: i64,
    /// Since when the oldest waits.
    pub oldest: Option<i64>,
    /// When the next is tried.
    pub next_at: Option<i64>,
    /// Why one of those that wait could not be delivered; empty where none was tried yet.
    pub last_error: String,
    /// How many were delivered.
    pub delivered: i64,
    /// When the last was delivered.
    pub last_delivered: Option<i64>,
}

/// Puts an alarm into the outbox for every channel.
pub(super) async fn queue(
    work: &mut Work,
    alarm: &str,
    channels: &[String],
    now: i64,
) -> Result<(), StorageFault> {
    for channel in channels {
        sqlx::query(
            "INSERT INTO deliveries (alarm, channel, queued_at, attempts, next_at, last_error) \
             VALUES ($1, $2, $3, 0, $4, '') ON CONFLICT (alarm, channel) DO NOTHING",
        )
        .bind(alarm.to_owned())
        .bind(text(channel))
        .bind(now)
        .bind(now)
        .execute(&mut **work)
        .await?;
    }
    Ok(())
}

impl Storage {
    /// Takes deliveries of a channel that are due, the oldest first, for an attempt that ends before `until`.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn take_deliveries(
        &self,
        channel: &str,
        (now, until): (i64, i64),
        most: i64,
    ) -> Result<Vec<Delivery>, StorageFault> {
        let mut work = self.database().change().await?;
        // with PostgreSQL nobody waits for rows that somebody else is taking; SQLite has one writer
        let skip = match self.database().backend {
            Backend::Postgres => "FOR UPDATE SKIP LOCKED",
            Backend::Sqlite => "",
        };
        let statement = format!(
            "UPDATE deliveries SET attempts = attempts + 1, next_at = $1 \
             WHERE channel = $2 AND delivered_at IS NULL AND next_at <= $3 AND alarm IN \
             (SELECT alarm FROM deliveries WHERE channel = $4 AND delivered_at IS NULL AND next_at <= $5 \
              ORDER BY queued_at, alarm LIMIT $6 {skip}) RETURNING alarm, attempts"
        );
        // every part of the text is written above; values are bound
        let rows = sqlx::query(AssertSqlSafe(statement))
            .bind(until)
            .bind(text(channel))
            .bind(now)
            .bind(text(channel))
            .bind(now)
            .bind(most)
            .fetch_all(&mut *work)
            .await?;
        let mut taken = Vec::new();
        for row in rows {
            let id: String = row.try_get("alarm")?;
            let alarm = alarm::find(&mut work, &id).await?;
            let attempts = row.try_get("attempts")?;
            taken.extend(alarm.map(|alarm| Delivery { alarm, channel: text(channel), attempts }));
        }
        work.commit().await?;
        taken.sort_by(|left, right| {
            (left.alarm.raised_at, &left.alarm.id).cmp(&(right.alarm.raised_at, &right.alarm.id))
        });
        Ok(taken)
    }

    /// A channel has taken these.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn delivered(&self, deliveries: &[Delivery], now: i64) -> Result<(), StorageFault> {
        let mut work = self.database().change().await?;
        for delivery in deliveries {
            sqlx::query(
                "UPDATE deliveries SET delivered_at = $1, last_error = '' \
                 WHERE alarm = $2 AND channel = $3 AND delivered_at IS NULL",
            )
            .bind(now)
            .bind(delivery.alarm.id.clone())
            .bind(delivery.channel.clone())
            .execute(&mut *work)
            .await?;
        }
        Ok(work.commit().await?)
    }

    /// A channel has not taken this one, which is tried again at `next_at`.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn undelivered(
        &self,
        delivery: &Delivery,
        next_at: i64,
        why: &str,
    ) -> Result<(), StorageFault> {
        let mut work = self.database().change().await?;
        sqlx::query(
            "UPDATE deliveries SET next_at = $1, last_error = $2 \
             WHERE alarm = $3 AND channel = $4 AND delivered_at IS NULL",
        )
        .bind(next_at)
        .bind(text(why))
        .bind(delivery.alarm.id.clone())
        .bind(delivery.channel.clone())
        .execute(&mut *work)
        .await?;
        Ok(work.commit().await?)
    }

    /// What waits, by channel: of every channel that ever had anything to deliver.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn queues(&self) -> Result<Vec<Queue>, StorageFault> {
        const WAITS: &str = "CASE WHEN delivered_at IS NULL";
        let statement = format!(
            "SELECT channel, SUM({WAITS} THEN 1 ELSE 0 END) AS depth, MIN({WAITS} THEN queued_at END) AS oldest, \
             MIN({WAITS} THEN next_at END) AS next_at, COALESCE(MAX({WAITS} THEN last_error END), '') AS last_error, \
             COUNT(delivered_at) AS delivered, MAX(delivered_at) AS last_delivered \
             FROM deliveries GROUP BY channel ORDER BY channel"
        );
        // every part of the text is written above
        let rows = sqlx::query(AssertSqlSafe(statement)).fetch_all(&self.database().reader).await?;
        let queue = |row: &sqlx::any::AnyRow| {
            Ok(Queue {
                channel: row.try_get("channel")?,
                depth: row.try_get("depth")?,
                oldest: row.try_get("oldest")?,
                next_at: row.try_get("next_at")?,
                last_error: row.try_get("last_error")?,
                delivered: row.try_get("delivered")?,
                last_delivered: row.try_get("last_delivered")?,
            })
        };
        rows.iter().map(queue).collect()
    }
}
