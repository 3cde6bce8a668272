//! Alarms on their way out: an outbox that keeps each until its channel has taken it. A delivery that is taken for an
//! attempt is put off by a lease first, so that a process that is killed over it only delays it; nothing is ever given
//! up. Deliveries whose attempt ended without a word may have arrived, so they go out again together and with no others:
//! what they make up is then the same message. What a channel is, is not known here.

use std::fmt;

use sqlx::{AssertSqlSafe, Row};

use super::Storage;
use super::alarm::{self, Alarm};
use super::database::{Backend, Work};
use super::fault::StorageFault;
use super::record::text;
use crate::audit::{AuditRecord, Details, log};

/// What stands before the last fault of a delivery while nobody knows what came of an attempt: one is under way, or its
/// process was killed over it, or its channel fell silent.
const UNDER_WAY: &str = "under way;";

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

/// Why an attempt was in vain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Setback {
    /// Nothing has arrived.
    Refused(String),
    /// It may have arrived.
    Unknown(String),
}

impl fmt::Display for Setback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(why) | Self::Unknown(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for Setback {}

impl Setback {
    /// The same, with where it was.
    #[must_use]
    pub fn at(self, place: &str) -> Self {
        match self {
            Self::Refused(why) => Self::Refused(format!("{place}: {why}")),
            Self::Unknown(why) => Self::Unknown(format!("{place}: {why}")),
        }
    }
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
        // with PostgreSQL nobody waits for rows that somebody else is taking, and the inner question is an array, because
        // of `IN` it may ask several times and so take more than `most`; SQLite has one writer and knows no arrays
        let (of, end) = match self.database().backend {
            Backend::Postgres => ("= ANY(ARRAY(", " FOR UPDATE SKIP LOCKED))"),
            Backend::Sqlite => ("IN (", ")"),
        };
        let group = under_way(&mut work, channel, now).await?;
        let which = match group {
            Some(_) => "next_at = $4 AND last_error LIKE $5",
            None => "next_at <= $4 AND last_error NOT LIKE $5",
        };
        let statement = format!(
            "UPDATE deliveries SET attempts = attempts + 1, next_at = $1, \
             last_error = CASE WHEN last_error LIKE $2 THEN last_error ELSE $3 || last_error END \
             WHERE channel = $6 AND delivered_at IS NULL AND alarm {of}\
             SELECT alarm FROM deliveries WHERE channel = $7 AND delivered_at IS NULL AND {which} \
             ORDER BY queued_at, alarm LIMIT $8{end} RETURNING alarm, attempts"
        );
        let like = format!("{UNDER_WAY}%");
        // every part of the text is written above; values are bound
        let rows = sqlx::query(AssertSqlSafe(statement))
            .bind(until)
            .bind(like.clone())
            .bind(UNDER_WAY)
            .bind(group.unwrap_or(now))
            .bind(like)
            .bind(text(channel))
            .bind(text(channel))
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

    /// A channel has not taken these, which are tried again at `next_at`.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn undelivered(
        &self,
        deliveries: &[Delivery],
        next_at: i64,
        setback: &Setback,
    ) -> Result<(), StorageFault> {
        let why = match setback {
            Setback::Refused(why) => why.clone(),
            Setback::Unknown(why) => format!("{UNDER_WAY}{why}"),
        };
        let mut work = self.database().change().await?;
        for delivery in deliveries {
            sqlx::query(
                "UPDATE deliveries SET next_at = $1, last_error = $2 \
                 WHERE alarm = $3 AND channel = $4 AND delivered_at IS NULL",
            )
            .bind(next_at)
            .bind(text(&why))
            .bind(delivery.alarm.id.clone())
            .bind(delivery.channel.clone())
            .execute(&mut *work)
            .await?;
        }
        Ok(work.commit().await?)
    }

    /// How many wait for a channel.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn waiting(&self, channel: &str) -> Result<i64, StorageFault> {
        let row = sqlx::query("SELECT COUNT(*) FROM deliveries WHERE channel = $1 AND delivered_at IS NULL")
            .bind(text(channel))
            .fetch_one(&self.database().reader)
            .await?;
        Ok(row.try_get(0)?)
    }

    /// Since when the oldest waits for a channel; `None` where none does.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn oldest_waiting(&self, channel: &str) -> Result<Option<i64>, StorageFault> {
        let row =
            sqlx::query("SELECT MIN(queued_at) FROM deliveries WHERE channel = $1 AND delivered_at IS NULL")
                .bind(text(channel))
                .fetch_one(&self.database().reader)
                .await?;
        Ok(row.try_get(0)?)
    }

    /// The channels whose names begin so and for which something is due.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn lanes(&self, prefix: &str, now: i64) -> Result<Vec<String>, StorageFault> {
        let rows = sqlx::query(
            "SELECT DISTINCT channel FROM deliveries WHERE delivered_at IS NULL AND next_at <= $1 ORDER BY channel",
        )
        .bind(now)
        .fetch_all(&self.database().reader)
        .await?;
        let names: Result<Vec<String>, _> = rows.iter().map(|row| row.try_get(0)).collect();
        Ok(names?.into_iter().filter(|name| name.starts_with(prefix)).collect())
    }

    /// What waits for one channel waits for each of these instead; where there is none, for nothing. Once for each
    /// alarm, whoever else does it at the same time.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn spread(&self, channel: &str, lanes: &[String], now: i64) -> Result<(), StorageFault> {
        let mut work = self.database().change().await?;
        let rows =
            sqlx::query("DELETE FROM deliveries WHERE channel = $1 AND delivered_at IS NULL RETURNING alarm")
                .bind(text(channel))
                .fetch_all(&mut *work)
                .await?;
        for row in rows {
            let alarm: String = row.try_get("alarm")?;
            queue(&mut work, &alarm, lanes, now).await?;
        }
        Ok(work.commit().await?)
    }

    /// Gives up what waits for a channel, with its record in the audit. How many there were.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn drop_deliveries(&self, channel: &str, (by, now): (&str, i64)) -> Result<i64, StorageFault> {
        let mut work = self.database().change().await?;
        let done = sqlx::query("DELETE FROM deliveries WHERE channel = $1 AND delivered_at IS NULL")
            .bind(text(channel))
            .execute(&mut *work)
            .await?;
        let dropped = i64::try_from(done.rows_affected()).unwrap_or(i64::MAX);
        if dropped > 0 {
            let details = Details::none().number("alarms", dropped);
            let record = AuditRecord::done(now, by, "channel.dropped", &text(channel)).with_details(details);
            log::append(&mut work, record).await?;
        }
        work.commit().await?;
        Ok(dropped)
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
            let last_error: String = row.try_get("last_error")?;
            Ok(Queue {
                channel: row.try_get("channel")?,
                depth: row.try_get("depth")?,
                oldest: row.try_get("oldest")?,
                next_at: row.try_get("next_at")?,
                last_error: last_error.strip_prefix(UNDER_WAY).unwrap_or(&last_error).to_owned(),
                delivered: row.try_get("delivered")?,
                last_delivered: row.try_get("last_delivered")?,
            })
        };
        rows.iter().map(queue).collect()
    }
}

/// When those are due whose attempt ended without a word, if any are.
async fn under_way(work: &mut Work, channel: &str, now: i64) -> Result<Option<i64>, StorageFault> {
    let row = sqlx::query(
        "SELECT MIN(next_at) FROM deliveries \
         WHERE channel = $1 AND delivered_at IS NULL AND next_at <= $2 AND last_error LIKE $3",
    )
    .bind(text(channel))
    .bind(now)
    .bind(format!("{UNDER_WAY}%"))
    .fetch_one(&mut **work)
    .await?;
    Ok(row.try_get(0)?)
}
