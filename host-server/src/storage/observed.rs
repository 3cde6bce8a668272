//! What expires and lies in no place of ours: the lists that were taken, and the certificates of responders whose answers
//! were believed. What was told of each is kept beside what was told of certificates.

use data_encoding::HEXLOWER;
use sqlx::Row;
use sqlx::any::AnyRow;

use super::alarm::{self, Watched};
use super::database::Work;
use super::fault::StorageFault;
use super::record::{Fingerprint, text, words};
use super::revocation_list::KeptList;
use super::{Storage, row};

words! {
    /// What it is.
    ObservedKind {
        /// The certificate of an OCSP responder.
        Responder = "responder",
        /// A CRL.
        RevocationList = "revocation-list",
    }
}

/// Something that expires and lies in no place of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observed {
    /// SHA-256 of it.
    pub watched: Fingerprint,
    /// What it is.
    pub kind: ObservedKind,
    /// The certificate's subject, or the list's issuer.
    pub subject: String,
    /// The certificate's serial number, or the list's number; hexadecimal.
    pub serial: String,
    /// Where it was met: the URI that was asked.
    pub place: String,
    /// notBefore, thisUpdate.
    pub begins: i64,
    /// notAfter, nextUpdate.
    pub expires: i64,
}

impl Storage {
    /// Remembers responders' certificates that were met at `now`, and forgets those that were not met since `before`.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn observe_responders(
        &self,
        met: &[Observed],
        (now, before): (i64, i64),
    ) -> Result<(), StorageFault> {
        let mut work = self.database().change().await?;
        for one in met {
            insert(&mut work, one, now).await?;
        }
        sqlx::query("DELETE FROM observed WHERE kind = 'responder' AND seen_at < $1")
            .bind(before)
            .execute(&mut *work)
            .await?;
        Ok(work.commit().await?)
    }

    /// When the first of all expires.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn soonest_observed(&self) -> Result<Option<i64>, StorageFault> {
        let row = sqlx::query("SELECT MIN(expires) FROM observed").fetch_one(&self.database().reader).await?;
        Ok(row.try_get(0)?)
    }

    /// What expires at `until` or before, the soonest first, behind the one with this end and hash; with
    /// what was told of it.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn observed_expiring(
        &self,
        until: i64,
        after: Option<(i64, Fingerprint)>,
        most: i64,
    ) -> Result<Vec<(Observed, Watched)>, StorageFault> {
        let (end, hash) = after.map_or((i64::MIN, Vec::new()), |(end, hash)| (end, hash.to_vec()));
        let rows = sqlx::query(
            "SELECT o.watched AS fingerprint, o.kind, o.subject, o.serial, o.place, o.begins AS not_before, \
             o.expires AS not_after, CAST(0 AS BIGINT) AS of_phone, t.times, t.stage, t.told_at, t.acknowledged, t.snoozed_until \
             FROM observed o LEFT JOIN told t ON t.watched = o.watched \
             WHERE o.expires <= $1 AND (o.expires > $2 OR (o.expires = $3 AND o.watched > $4)) \
             ORDER BY o.expires, o.watched LIMIT $5",
        )
        .bind(until)
        .bind(end)
        .bind(end)
        .bind(hash)
        .bind(most)
        .fetch_all(&self.database().reader)
        .await?;
        rows.iter().map(|row| Ok((observed(row)?, alarm::watched(row)?))).collect()
    }
}

/// The list that was taken stands in the place of the one before it, if it says when it ends.
pub(super) async fn replace_list(work: &mut Work, list: &KeptList) -> Result<(), StorageFault> {
    let before: Vec<Vec<u8>> = sqlx::query(
        "SELECT watched FROM observed WHERE kind = 'revocation-list' AND place = $1 AND subject = $2",
    )
    .bind(text(&list.uri))
    .bind(text(&list.issuer))
    .fetch_all(&mut **work)
    .await?
    .iter()
    .map(|row| row.try_get(0))
    .collect::<Result<_, _>>()?;
    for watched in before {
        sqlx::query("DELETE FROM observed WHERE watched = $1").bind(watched).execute(&mut **work).await?;
    }
    let Some(expires) = list.next_update else { return Ok(()) };
    let one = Observed {
        watched: list.sha256,
        kind: ObservedKind::RevocationList,
        subject: list.issuer.clone(),
        serial: list.number.clone(),
        place: list.uri.clone(),
        begins: list.this_update,
        expires,
    };
    insert(work, &one, list.downloaded_at).await
}

async fn insert(work: &mut Work, one: &Observed, now: i64) -> Result<(), StorageFault> {
    sqlx::query(
        "INSERT INTO observed (watched, kind, subject, serial, place, begins, expires, seen_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (watched) DO UPDATE \
         SET place = excluded.place, seen_at = excluded.seen_at",
    )
    .bind(one.watched.to_vec())
    .bind(one.kind.word())
    .bind(text(&one.subject))
    .bind(text(&one.serial))
    .bind(text(&one.place))
    .bind(one.begins)
    .bind(one.expires)
    .bind(now)
    .execute(&mut **work)
    .await?;
    Ok(())
}

fn observed(found: &AnyRow) -> Result<Observed, StorageFault> {
    let watched = alarm::watched(found)?;
    let kind: String = found.try_get("kind")?;
    let kind = ObservedKind::from_word(&kind).ok_or_else(|| row::broken("kind"))?;
    Ok(Observed {
        watched: watched.fingerprint,
        kind,
        subject: found.try_get("subject")?,
        serial: found.try_get("serial")?,
        place: found.try_get("place")?,
        begins: watched.not_before,
        expires: watched.not_after,
    })
}

impl Observed {
    /// The hash in hexadecimal.
    #[must_use]
    pub fn hexadecimal(&self) -> String {
        HEXLOWER.encode(&self.watched)
    }
}
