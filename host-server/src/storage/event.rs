//! Alarms about something that happened, told once each: that a certificate was revoked, that a list changed. An event,
//! whatever its caller changes beside it, and its way out to every channel become real together; the number of an event
//! follows from the event, so that whoever finds it a second time tells nothing. What is an event the engine says.

use super::alarm::{self, Alarm, MONITOR, Severity};
use super::database::Work;
use super::fault::StorageFault;
use super::record::{Fingerprint, text};
use super::{Storage, delivery};

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEvent {
    /// SHA-256 of what it is about: of a certificate, its fingerprint.
    pub watched: Fingerprint,
    /// What makes this time another than the last that it happened to the same thing, such as the moment at which it was
    /// revoked.
    pub occurrence: String,
    /// Its kind, such as `revocation.revoked`.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What it is about, in words.
    pub subject: String,
    /// Everything else: [`EventDetails`](crate::alarm::document::EventDetails) as JSON.
    pub document: String,
}

impl NewEvent {
    /// The number of the alarm.
    #[must_use]
    pub fn id(&self) -> String {
        // no alarm of something that expires has the first part
        alarm::number(self.code, &self.watched, [b"event ", self.occurrence.as_bytes()])
    }
}

impl Storage {
    /// Raises events and puts them into the outbox for every channel, all or none; those that were raised before are left
    /// out. Gives those that were raised.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn raise_events(
        &self,
        events: &[NewEvent],
        channels: &[String],
        now: i64,
    ) -> Result<Vec<Alarm>, StorageFault> {
        let mut work = self.database().change().await?;
        let raised = raise(&mut work, events, channels, now).await?;
        work.commit().await?;
        Ok(raised)
    }

    /// Resolves what is not resolved of one kind about one thing, because the matter is over. How many there were.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn resolve_events(
        &self,
        watched: &Fingerprint,
        code: &str,
        now: i64,
    ) -> Result<u64, StorageFault> {
        let mut work = self.database().change().await?;
        let resolved = resolve(&mut work, watched, code, now).await?;
        work.commit().await?;
        Ok(resolved)
    }
}

/// The same beside other changes.
pub(super) async fn raise(
    work: &mut Work,
    events: &[NewEvent],
    channels: &[String],
    now: i64,
) -> Result<Vec<Alarm>, StorageFault> {
    let mut raised = Vec::new();
    for event in events {
        let id = event.id();
        if insert(work, &id, event, now).await? {
            delivery::queue(work, &id, channels, now).await?;
            raised.extend(alarm::find(work, &id).await?);
        }
    }
    Ok(raised)
}

/// The same beside other changes.
pub(super) async fn resolve(
    work: &mut Work,
    watched: &Fingerprint,
    code: &str,
    now: i64,
) -> Result<u64, StorageFault> {
    resolve_but(work, (watched, code), None, now).await
}

/// The same but for the alarm of a number, which takes the place of the others.
pub(super) async fn resolve_but(
    work: &mut Work,
    (watched, code): (&Fingerprint, &str),
    but: Option<&str>,
    now: i64,
) -> Result<u64, StorageFault> {
    let done = sqlx::query(
        "UPDATE alarms SET state = 'resolved', answered_at = $1, answered_by = $2 \
         WHERE watched = $3 AND code = $4 AND stage = '' AND state <> 'resolved' AND id <> $5",
    )
    .bind(now)
    .bind(MONITOR)
    .bind(watched.to_vec())
    .bind(text(code))
    .bind(but.unwrap_or_default().to_owned())
    .execute(&mut **work)
    .await?;
    Ok(done.rows_affected())
}

/// Whether something of one kind about one thing is not resolved.
pub(super) async fn is_open(
    work: &mut Work,
    watched: &Fingerprint,
    code: &str,
) -> Result<bool, StorageFault> {
    let row = sqlx::query(
        "SELECT 1 FROM alarms WHERE watched = $1 AND code = $2 AND stage = '' AND state <> 'resolved' LIMIT 1",
    );
    let row = row.bind(watched.to_vec()).bind(text(code)).fetch_optional(&mut **work).await?;
    Ok(row.is_some())
}

async fn insert(work: &mut Work, id: &str, event: &NewEvent, now: i64) -> Result<bool, StorageFault> {
    let done = sqlx::query(
        "INSERT INTO alarms (id, watched, code, stage, severity, subject, document, raised_at, state, answered_by) \
         VALUES ($1, $2, $3, '', $4, $5, $6, $7, 'open', '') ON CONFLICT (id) DO NOTHING",
    )
    .bind(id.to_owned())
    .bind(event.watched.to_vec())
    .bind(event.code)
    .bind(event.severity.word())
    .bind(text(&event.subject))
    .bind(text(&event.document))
    .bind(now)
    .execute(&mut **work)
    .await?;
    Ok(done.rows_affected() > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_an_event_follows_from_the_event() {
        let first = NewEvent {
            watched: [1; 32],
            occurrence: "1".to_owned(),
            code: "revocation.revoked",
            severity: Severity::Critical,
            subject: "CN=a".to_owned(),
            document: "{}".to_owned(),
        };
        let same = NewEvent { subject: "CN=b".to_owned(), document: String::new(), ..first.clone() };
        assert_eq!(first.id(), same.id());
        for other in [
            NewEvent { watched: [2; 32], ..first.clone() },
            NewEvent { occurrence: "2".to_owned(), ..first.clone() },
            NewEvent { code: "revocation.unknown", ..first.clone() },
        ] {
            assert_ne!(first.id(), other.id());
        }
    }
}
