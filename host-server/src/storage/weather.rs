//! How those that are asked for revocation status answer, hour by hour. Every node adds what it saw itself, so that the
//! sum is the deployment's. It is history and no evidence: no decision is made by it.

use sqlx::Row;
use sqlx::any::AnyRow;

use super::Storage;
use super::database::Work;
use super::fault::StorageFault;
use super::record::text;

/// What was seen of one authority in an hour, or in several.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Weather {
    /// The hour, in seconds since 1970; of several, the last.
    pub hour: i64,
    /// What was asked for, by its name in the contract.
    pub kind: String,
    /// Host and port.
    pub authority: String,
    /// Requests that went out.
    pub requests: i64,
    /// Of these, those that failed.
    pub failures: i64,
    /// Answers that were at hand still, for which no request went out.
    pub cached: i64,
    /// How long the requests took, all together.
    pub milliseconds: i64,
    /// How long the slowest took, in milliseconds.
    pub slowest: i64,
    /// thisUpdate of the last answer that was believed.
    pub this_update: Option<i64>,
    /// Until when that was fresh.
    pub fresh_until: Option<i64>,
}

/// Requests of one kind among them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WeatherCount {
    /// What was asked for.
    pub kind: String,
    /// Host and port.
    pub authority: String,
    /// Which: `failed` and a reason, or `within` and a number of milliseconds.
    pub counted: String,
    /// How many.
    pub requests: i64,
}

impl Storage {
    /// Adds what was seen in `hour`, and forgets hours before `before`.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn add_weather(
        &self,
        seen: &[Weather],
        counts: &[WeatherCount],
        (hour, before): (i64, i64),
    ) -> Result<(), StorageFault> {
        let mut work = self.database().change().await?;
        // in one order everywhere, so that two nodes never wait for each other
        for one in seen {
            add(&mut work, one).await?;
        }
        for one in counts {
            count(&mut work, one, hour).await?;
        }
        for statement in ["DELETE FROM weather WHERE hour < $1", "DELETE FROM weather_counts WHERE hour < $1"]
        {
            sqlx::query(statement).bind(before).execute(&mut *work).await?;
        }
        Ok(work.commit().await?)
    }

    /// What was seen since this hour, by kind and authority.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn weather(&self, since: i64) -> Result<(Vec<Weather>, Vec<WeatherCount>), StorageFault> {
        let mut work = self.database().look().await?;
        let seen = sqlx::query(
            "SELECT MAX(hour) AS hour, kind, authority, CAST(SUM(requests) AS BIGINT) AS requests, \
             CAST(SUM(failures) AS BIGINT) AS failures, CAST(SUM(cached) AS BIGINT) AS cached, \
             CAST(SUM(milliseconds) AS BIGINT) AS milliseconds, MAX(slowest) AS slowest, \
             MAX(this_update) AS this_update, MAX(fresh_until) AS fresh_until \
             FROM weather WHERE hour >= $1 GROUP BY kind, authority ORDER BY kind, authority",
        )
        .bind(since)
        .fetch_all(&mut *work)
        .await?;
        let counts = sqlx::query(
            "SELECT kind, authority, counted, CAST(SUM(requests) AS BIGINT) AS requests FROM weather_counts \
             WHERE hour >= $1 GROUP BY kind, authority, counted ORDER BY kind, authority, counted",
        )
        .bind(since)
        .fetch_all(&mut *work)
        .await?;
        let seen = seen.iter().map(weather).collect::<Result<_, StorageFault>>()?;
        let counts = counts.iter().map(counted).collect::<Result<_, StorageFault>>()?;
        Ok((seen, counts))
    }
}

async fn add(work: &mut Work, one: &Weather) -> Result<(), StorageFault> {
    sqlx::query(
        "INSERT INTO weather (hour, kind, authority, requests, failures, cached, milliseconds, slowest, \
         this_update, fresh_until) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
         ON CONFLICT (hour, kind, authority) DO UPDATE SET requests = weather.requests + excluded.requests, \
         failures = weather.failures + excluded.failures, cached = weather.cached + excluded.cached, \
         milliseconds = weather.milliseconds + excluded.milliseconds, \
         slowest = CASE WHEN excluded.slowest > weather.slowest THEN excluded.slowest ELSE weather.slowest END, \
         this_update = CASE WHEN weather.this_update IS NULL OR excluded.this_update > weather.this_update \
         THEN COALESCE(excluded.this_update, weather.this_update) ELSE weather.this_update END, \
         fresh_until = CASE WHEN weather.fresh_until IS NULL OR excluded.fresh_until > weather.fresh_until \
         THEN COALESCE(excluded.fresh_until, weather.fresh_until) ELSE weather.fresh_until END",
    )
    .bind(one.hour)
    .bind(text(&one.kind))
    .bind(text(&one.authority))
    .bind(one.requests)
    .bind(one.failures)
    .bind(one.cached)
    .bind(one.milliseconds)
    .bind(one.slowest)
    .bind(one.this_update)
    .bind(one.fresh_until)
    .execute(&mut **work)
    .await?;
    Ok(())
}

async fn count(work: &mut Work, one: &WeatherCount, hour: i64) -> Result<(), StorageFault> {
    sqlx::query(
        "INSERT INTO weather_counts (hour, kind, authority, counted, requests) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (hour, kind, authority, counted) \
         DO UPDATE SET requests = weather_counts.requests + excluded.requests",
    )
    .bind(hour)
    .bind(text(&one.kind))
    .bind(text(&one.authority))
    .bind(text(&one.counted))
    .bind(one.requests)
    .execute(&mut **work)
    .await?;
    Ok(())
}

fn weather(row: &AnyRow) -> Result<Weather, StorageFault> {
    Ok(Weather {
        hour: row.try_get("hour")?,
        kind: row.try_get("kind")?,
        authority: row.try_get("authority")?,
        requests: row.try_get("requests")?,
        failures: row.try_get("failures")?,
        cached: row.try_get("cached")?,
        milliseconds: row.try_get("milliseconds")?,
        slowest: row.try_get("slowest")?,
        this_update: row.try_get("this_update")?,
        fresh_until: row.try_get("fresh_until")?,
    })
}

fn counted(row: &AnyRow) -> Result<WeatherCount, StorageFault> {
    Ok(WeatherCount {
        kind: row.try_get("kind")?,
        authority: row.try_get("authority")?,
        counted: row.try_get("counted")?,
        requests: row.try_get("requests")?,
    })
}
