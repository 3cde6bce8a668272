//! What was told of things that are watched, and the alarms it was told with: raised, listed, answered. An alarm, the
//! memory that it was told, and its way out to every channel become real together, so that one that was interrupted is
//! told by the next and none is told twice. What is due to be told is the engine's to say.

use std::fmt;

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};

use super::database::Work;
use super::fault::StorageFault;
use super::record::{Fingerprint, text, words};
use super::{Storage, delivery, row};
use crate::audit::{AuditRecord, Details, log};

words! {
    /// How far something that expires has come.
    Stage {
        /// It will expire before long.
        Approaching = "approaching",
        /// It is expired.
        Expired = "expired",
        /// It expires within a day.
        LastDay = "last-day",
    }
}

words! {
    /// How bad it is.
    Severity {
        /// Something does not work now.
        Critical = "critical",
        /// Something will not work before long.
        Error = "error",
        /// Nothing is wrong; somebody may want to know.
        Notice = "notice",
        /// There is time.
        Warning = "warning",
    }
}

words! {
    /// What became of an alarm.
    AlarmState {
        /// Somebody knows.
        Acknowledged = "acknowledged",
        /// Nobody answered yet.
        Open = "open",
        /// It is over, or another one took its place.
        Resolved = "resolved",
    }
}

/// Something that expires, and what was told of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watched {
    /// SHA-256 of the certificate.
    pub fingerprint: Fingerprint,
    /// notBefore.
    pub not_before: i64,
    /// notAfter.
    pub not_after: i64,
    /// It is no authority's, and lies in nothing but the store that the query names as the one of phones.
    pub is_of_phone: bool,
    /// The last telling.
    pub told: Option<Telling>,
}

/// The last telling of something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Telling {
    /// How often it was told.
    pub times: i64,
    /// As what.
    pub stage: Stage,
    /// When.
    pub at: i64,
    /// Somebody knows, up to this stage.
    pub acknowledged: Option<Stage>,
    /// Not to be told before this moment.
    pub snoozed_until: Option<i64>,
}

/// An alarm that is to be raised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAlarm {
    /// SHA-256 of what it is about.
    pub watched: Fingerprint,
    /// How often that had been told when this was decided.
    pub times_before: i64,
    /// As what it is told.
    pub stage: Stage,
    /// Its kind, such as `expiry.last-day`.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What it is about, in words.
    pub subject: String,
    /// Everything else, as JSON.
    pub document: String,
}

/// An alarm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alarm {
    /// The same wherever it goes and however often it is sent.
    pub id: String,
    /// SHA-256 of what it is about.
    pub watched: Fingerprint,
    /// Its kind.
    pub code: String,
    /// As what it was told, of something that expires; `None` of an event.
    pub stage: Option<Stage>,
    /// How bad it is.
    pub severity: Severity,
    /// What it is about, in words.
    pub subject: String,
    /// Everything else, as JSON.
    pub document: String,
    /// When it was raised.
    pub raised_at: i64,
    /// What became of it.
    pub state: AlarmState,
    /// Not told again before this moment.
    pub snoozed_until: Option<i64>,
    /// When it was answered last.
    pub answered_at: Option<i64>,
    /// By whom; empty where nobody did.
    pub answered_by: String,
}

/// Which alarms.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AlarmFilter {
    /// In this state.
    pub state: Option<AlarmState>,
    /// Of this kind.
    pub code: Option<String>,
    /// Behind the alarm with this moment and id.
    pub after: Option<(i64, String)>,
}

/// An answer to an alarm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Known: told again only when it comes further.
    Acknowledge,
    /// It is over.
    Resolve,
    /// Not told again before this moment.
    Snooze(i64),
}

/// Why an alarm was not answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnswerFault {
    /// There is no such alarm.
    Missing,
    /// It is over already.
    Resolved,
    /// The storage failed.
    Storage(StorageFault),
}

impl fmt::Display for AnswerFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("there is no such alarm"),
            Self::Resolved => f.write_str("the alarm is resolved already; nothing is told of it any more"),
            Self::Storage(fault) => fault.fmt(f),
        }
    }
}

impl std::error::Error for AnswerFault {}

impl<E: Into<StorageFault>> From<E> for AnswerFault {
    fn from(error: E) -> Self {
        Self::Storage(error.into())
    }
}

/// Who resolves an alarm whose place another one takes, or whose certificate is gone.
pub(super) const MONITOR: &str = "monitor";

const COLUMNS: &str = "SELECT id, watched, code, stage, severity, subject, document, raised_at, state, snoozed_until, \
                       answered_at, answered_by FROM alarms";

impl NewAlarm {
    /// The number of the alarm: it follows from the fact alone, so that whoever tells the same fact tells it under the
    /// same number.
    #[must_use]
    pub fn id(&self) -> String {
        let parts = [self.stage.word().as_bytes(), &self.times_before.to_be_bytes()];
        number(self.code, &self.watched, parts)
    }
}

/// The number of what is told: it follows from its kind, what it is about, and what makes this time another than the last.
pub(super) fn number(code: &str, watched: &Fingerprint, parts: [&[u8]; 2]) -> String {
    let mut hash = Sha256::new();
    hash.update(code.as_bytes());
    hash.update([0]);
    hash.update(watched);
    parts.into_iter().for_each(|part| hash.update(part));
    let hash: [u8; 32] = hash.finalize().into();
    HEXLOWER.encode(hash.get(..16).unwrap_or(&hash))
}

impl Storage {
    /// Certificates that expire at `until` or before, each once wherever it lies, the soonest first, behind the one
    /// with this end and fingerprint. `phones` is the trust store whose certificates are phones' or of authorities.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn expiring(
        &self,
        (until, phones): (i64, &str),
        after: Option<(i64, Fingerprint)>,
        most: i64,
    ) -> Result<Vec<Watched>, StorageFault> {
        let (end, fingerprint) =
            after.map_or((i64::MIN, Vec::new()), |(end, fingerprint)| (end, fingerprint.to_vec()));
        let rows = sqlx::query(
            "SELECT e.fingerprint, e.not_before, e.not_after, t.times, t.stage, t.told_at, t.acknowledged, \
             t.snoozed_until, CAST(MIN(CASE WHEN e.usage = 'trust' AND e.room = $1 AND e.is_authority = 0 THEN 1 \
             ELSE 0 END) AS BIGINT) AS of_phone FROM entries e LEFT JOIN told t ON t.watched = e.fingerprint \
             WHERE e.not_after <= $2 AND (e.not_after > $3 OR (e.not_after = $4 AND e.fingerprint > $5)) \
             GROUP BY e.fingerprint, e.not_before, e.not_after, t.times, t.stage, t.told_at, t.acknowledged, \
             t.snoozed_until ORDER BY e.not_after, e.fingerprint LIMIT $6",
        )
        .bind(text(phones))
        .bind(until)
        .bind(end)
        .bind(end)
        .bind(fingerprint)
        .bind(most)
        .fetch_all(&self.database().reader)
        .await?;
        rows.iter().map(watched).collect()
    }

    /// How many certificates are kept, each counted once, and when the first of them expires.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn soonest(&self) -> Result<(i64, Option<i64>), StorageFault> {
        let row = sqlx::query("SELECT COUNT(DISTINCT fingerprint), MIN(not_after) FROM entries")
            .fetch_one(&self.database().reader)
            .await?;
        Ok((row.try_get(0)?, row.try_get(1)?))
    }

    /// Raises alarms and puts them into the outbox for every channel, all or none; those whose fact somebody else has
    /// told in between are left out. Gives those that were raised.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn raise(
        &self,
        alarms: &[NewAlarm],
        channels: &[String],
        now: i64,
    ) -> Result<Vec<Alarm>, StorageFault> {
        let mut work = self.database().change().await?;
        let mut raised = Vec::new();
        for alarm in alarms {
            if !remember(&mut work, alarm, now).await? {
                continue;
            }
            resolve_others(&mut work, &alarm.watched, now).await?;
            let id = alarm.id();
            insert(&mut work, &id, alarm, now).await?;
            delivery::queue(&mut work, &id, channels, now).await?;
            raised.extend(find(&mut work, &id).await?);
        }
        work.commit().await?;
        Ok(raised)
    }

    /// Resolves what is open about what expires and is kept and observed no more. How many there were.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn resolve_gone(&self, now: i64) -> Result<u64, StorageFault> {
        let mut work = self.database().change().await?;
        let done = sqlx::query(
            "UPDATE alarms SET state = 'resolved', answered_at = $1, answered_by = $2 \
             WHERE state <> 'resolved' AND code LIKE 'expiry.%' \
             AND NOT EXISTS (SELECT 1 FROM entries e WHERE e.fingerprint = alarms.watched) \
             AND NOT EXISTS (SELECT 1 FROM observed o WHERE o.watched = alarms.watched)",
        )
        .bind(now)
        .bind(MONITOR)
        .execute(&mut *work)
        .await?;
        work.commit().await?;
        Ok(done.rows_affected())
    }

    /// The alarms that meet the filter, the newest first, at most `most`.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn alarms(&self, filter: &AlarmFilter, most: i64) -> Result<Vec<Alarm>, StorageFault> {
        let (raised_at, id) = filter.after.clone().unwrap_or((i64::MAX, String::new()));
        let statement = format!(
            "{COLUMNS} WHERE ($1 = '' OR state = $2) AND ($3 = '' OR code = $4) \
             AND (raised_at < $5 OR (raised_at = $6 AND id < $7)) ORDER BY raised_at DESC, id DESC LIMIT $8"
        );
        let state = filter.state.map(AlarmState::word).unwrap_or_default();
        let code = text(filter.code.as_deref().unwrap_or_default());
        // every part of the text is written above; values are bound
        let rows = sqlx::query(AssertSqlSafe(statement))
            .bind(state)
            .bind(state)
            .bind(code.clone())
            .bind(code)
            .bind(raised_at)
            .bind(raised_at)
            .bind(text(&id))
            .bind(most)
            .fetch_all(&self.database().reader)
            .await?;
        rows.iter().map(alarm).collect()
    }

    /// The alarm with this id.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn alarm(&self, id: &str) -> Result<Option<Alarm>, StorageFault> {
        find(&mut self.database().look().await?, id).await
    }

    /// Answers an alarm, with its record in the audit.
    ///
    /// # Errors
    /// [`AnswerFault`]; nothing was changed.
    pub async fn answer_alarm(
        &self,
        id: &str,
        answer: Answer,
        (by, now): (&str, i64),
    ) -> Result<Alarm, AnswerFault> {
        let mut work = self.database().change().await?;
        let alarm = find(&mut work, id).await?.ok_or(AnswerFault::Missing)?;
        // what was told first, then the alarm: in the order in which an alarm is raised
        silence(&mut work, &alarm, answer).await?;
        let (state, snoozed_until) = match answer {
            Answer::Acknowledge => (AlarmState::Acknowledged, None),
            Answer::Resolve => (AlarmState::Resolved, None),
            Answer::Snooze(until) => (AlarmState::Open, Some(until)),
        };
        let done = sqlx::query(
            "UPDATE alarms SET state = $1, snoozed_until = $2, answered_at = $3, answered_by = $4 \
             WHERE id = $5 AND state <> 'resolved'",
        )
        .bind(state.word())
        .bind(snoozed_until)
        .bind(now)
        .bind(text(by))
        .bind(alarm.id.clone())
        .execute(&mut *work)
        .await?;
        if done.rows_affected() == 0 {
            return Err(AnswerFault::Resolved);
        }
        log::append(&mut work, record(&alarm, answer, (by, now))).await?;
        let answered = find(&mut work, id).await?.ok_or(AnswerFault::Missing)?;
        work.commit().await?;
        Ok(answered)
    }
}

fn record(alarm: &Alarm, answer: Answer, (by, now): (&str, i64)) -> AuditRecord {
    let details = Details::none()
        .text("code", &alarm.code)
        .text("certificate", HEXLOWER.encode(&alarm.watched))
        .text("subject", text(&alarm.subject));
    let (act, details) = match answer {
        Answer::Acknowledge => ("alarm.acknowledged", details),
        Answer::Resolve => ("alarm.resolved", details),
        Answer::Snooze(until) => ("alarm.snoozed", details.number("until", until)),
    };
    AuditRecord::done(now, by, act, &alarm.id).with_details(details)
}

/// Remembers that it is told; false where somebody else told it since this was decided.
async fn remember(work: &mut Work, alarm: &NewAlarm, now: i64) -> Result<bool, StorageFault> {
    let done = sqlx::query(
        "INSERT INTO told (watched, times, stage, told_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (watched) DO UPDATE SET times = excluded.times, stage = excluded.stage, \
         told_at = excluded.told_at, acknowledged = NULL, snoozed_until = NULL WHERE told.times = $5",
    )
    .bind(alarm.watched.to_vec())
    .bind(alarm.times_before.saturating_add(1))
    .bind(alarm.stage.word())
    .bind(now)
    .bind(alarm.times_before)
    .execute(&mut **work)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Of the end of one thing there is one alarm at a time. What else happened to it is another matter.
async fn resolve_others(work: &mut Work, watched: &Fingerprint, now: i64) -> Result<(), StorageFault> {
    sqlx::query(
        "UPDATE alarms SET state = 'resolved', answered_at = $1, answered_by = $2 \
         WHERE watched = $3 AND stage <> '' AND state <> 'resolved'",
    )
    .bind(now)
    .bind(MONITOR)
    .bind(watched.to_vec())
    .execute(&mut **work)
    .await?;
    Ok(())
}

async fn insert(work: &mut Work, id: &str, alarm: &NewAlarm, now: i64) -> Result<(), StorageFault> {
    sqlx::query(
        "INSERT INTO alarms (id, watched, code, stage, severity, subject, document, raised_at, state, answered_by) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'open', '')",
    )
    .bind(id.to_owned())
    .bind(alarm.watched.to_vec())
    .bind(alarm.code)
    .bind(alarm.stage.word())
    .bind(alarm.severity.word())
    .bind(text(&alarm.subject))
    .bind(text(&alarm.document))
    .bind(now)
    .execute(&mut **work)
    .await?;
    Ok(())
}

/// What expires is told again and again until somebody answers. An event is told once.
async fn silence(work: &mut Work, alarm: &Alarm, answer: Answer) -> Result<(), StorageFault> {
    let Some(stage) = alarm.stage else { return Ok(()) };
    let (acknowledged, snoozed_until) = match answer {
        Answer::Acknowledge => (Some(stage.word()), None),
        Answer::Resolve => return Ok(()),
        Answer::Snooze(until) => (None, Some(until)),
    };
    sqlx::query("UPDATE told SET acknowledged = $1, snoozed_until = $2 WHERE watched = $3")
        .bind(acknowledged)
        .bind(snoozed_until)
        .bind(alarm.watched.to_vec())
        .execute(&mut **work)
        .await?;
    Ok(())
}

pub(super) async fn find(work: &mut Work, id: &str) -> Result<Option<Alarm>, StorageFault> {
    let row = sqlx::query(AssertSqlSafe(format!("{COLUMNS} WHERE id = $1")))
        .bind(text(id))
        .fetch_optional(&mut **work)
        .await?;
    row.as_ref().map(alarm).transpose()
}

fn word<T>(row: &AnyRow, column: &str, read: fn(&str) -> Option<T>) -> Result<T, StorageFault> {
    let text: String = row.try_get(column)?;
    read(&text).ok_or_else(|| row::broken(column))
}

pub(super) fn hash(row: &AnyRow, column: &str) -> Result<Fingerprint, StorageFault> {
    let octets: Vec<u8> = row.try_get(column)?;
    octets.try_into().map_err(|_| row::broken(column))
}

pub(super) fn watched(row: &AnyRow) -> Result<Watched, StorageFault> {
    let times: Option<i64> = row.try_get("times")?;
    let told = times.map(|times| telling(row, times)).transpose()?;
    Ok(Watched {
        fingerprint: hash(row, "fingerprint")?,
        not_before: row.try_get("not_before")?,
        not_after: row.try_get("not_after")?,
        is_of_phone: row.try_get::<i64, _>("of_phone")? == 1,
        told,
    })
}

fn telling(row: &AnyRow, times: i64) -> Result<Telling, StorageFault> {
    let acknowledged: Option<String> = row.try_get("acknowledged")?;
    let acknowledged = acknowledged.map(|word| Stage::from_word(&word).ok_or_else(|| row::broken("stage")));
    Ok(Telling {
        times,
        stage: word(row, "stage", Stage::from_word)?,
        at: row.try_get("told_at")?,
        acknowledged: acknowledged.transpose()?,
        snoozed_until: row.try_get("snoozed_until")?,
    })
}

/// An event has none, and the empty word in its place.
fn known_stage(row: &AnyRow) -> Result<Option<Stage>, StorageFault> {
    let text: String = row.try_get("stage")?;
    if text.is_empty() { Ok(None) } else { word(row, "stage", Stage::from_word).map(Some) }
}

fn alarm(row: &AnyRow) -> Result<Alarm, StorageFault> {
    Ok(Alarm {
        id: row.try_get("id")?,
        watched: hash(row, "watched")?,
        code: row.try_get("code")?,
        stage: known_stage(row)?,
        severity: word(row, "severity", Severity::from_word)?,
        subject: row.try_get("subject")?,
        document: row.try_get("document")?,
        raised_at: row.try_get("raised_at")?,
        state: word(row, "state", AlarmState::from_word)?,
        snoozed_until: row.try_get("snoozed_until")?,
        answered_at: row.try_get("answered_at")?,
        answered_by: row.try_get("answered_by")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_an_alarm_follows_from_its_fact() {
        let first = NewAlarm {
            watched: [1; 32],
            times_before: 0,
            stage: Stage::LastDay,
            code: "expiry.last-day",
            severity: Severity::Error,
            subject: "CN=a".to_owned(),
            document: "{}".to_owned(),
        };
        let same = NewAlarm { subject: "CN=b".to_owned(), document: String::new(), ..first.clone() };
        assert_eq!(first.id(), same.id());
        assert_eq!(first.id().len(), 32);
        for other in [
            NewAlarm { watched: [2; 32], ..first.clone() },
            NewAlarm { times_before: 1, ..first.clone() },
            NewAlarm { stage: Stage::Expired, ..first.clone() },
            NewAlarm { code: "expiry.expired", ..first.clone() },
        ] {
            assert_ne!(first.id(), other.id());
        }
    }
}
