//! CRLs that are watched: where they are to be had, whose turn it is to download which, and the last one that was taken
//! from each place by each issuer. A download, what it changes here and what is told of it become real together, and only
//! where its claim still holds. What a list is worth and how two differ is the engine's to say.

use std::collections::BTreeMap;

use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};

use super::alarm::Alarm;
use super::database::{Backend, Work};
use super::event::NewEvent;
use super::fault::StorageFault;
use super::record::{Entry, Fingerprint, text};
use super::{Storage, event, observed, row};

/// Serial numbers that are looked for with one statement.
const SERIALS: usize = 100;

/// A place from which lists are downloaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListSource {
    /// The URI.
    pub uri: String,
    /// When it is downloaded next.
    pub due_at: i64,
    /// Somebody is at it, or was when he was killed.
    pub is_taken: bool,
    /// When it was tried last.
    pub tried_at: Option<i64>,
    /// Why nothing was taken from it then; empty where something was.
    pub trouble: String,
    /// Since when that is so.
    pub trouble_since: Option<i64>,
}

/// The right to download from one place once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListClaim {
    /// The URI.
    pub uri: String,
    /// The largest list that is of use, in octets.
    pub most_octets: u32,
    /// Since when nothing was taken from it; `None` where the last time something was.
    pub trouble_since: Option<i64>,
    /// Which claim of it this is: a later one takes the right of an earlier one away.
    number: i64,
}

/// A list that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptList {
    /// Where it was downloaded.
    pub uri: String,
    /// SHA-256 of its issuer's public key.
    pub issuer_public_key: Fingerprint,
    /// Its issuer's name.
    pub issuer: String,
    /// The list in DER.
    pub der: Vec<u8>,
    /// SHA-256 of it.
    pub sha256: Fingerprint,
    /// cRLNumber, hexadecimal; empty where it has none.
    pub number: String,
    /// thisUpdate.
    pub this_update: i64,
    /// nextUpdate.
    pub next_update: Option<i64>,
    /// When it was taken.
    pub downloaded_at: i64,
}

/// What came of a download.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListEnd {
    /// When the next is due.
    pub due_at: i64,
    /// Why nothing was taken; empty where something was, or the same was there.
    pub trouble: String,
    /// The list that takes the place of the one before it.
    pub keep: Option<KeptList>,
    /// What is told of it.
    pub events: Vec<NewEvent>,
    /// Kinds of events that are over, and what they are about.
    pub over: Vec<(Fingerprint, &'static str)>,
}

impl Storage {
    /// Watches these places and no others: URIs, each with the largest list that is of use. New ones are due at once.
    /// What was kept from places that are watched no more goes with them, and what was told about them is over.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn watch_lists(
        &self,
        wanted: &BTreeMap<String, u32>,
        (now, about): (i64, fn(&str) -> Fingerprint),
        over: &[&'static str],
    ) -> Result<(), StorageFault> {
        let wanted: BTreeMap<String, u32> = wanted.iter().map(|(uri, most)| (text(uri), *most)).collect();
        let mut work = self.database().change().await?;
        let rows = sqlx::query("SELECT uri FROM list_sources").fetch_all(&mut *work).await?;
        for row in rows {
            let uri: String = row.try_get(0)?;
            if !wanted.contains_key(&uri) {
                forget(&mut work, &uri).await?;
                for code in over {
                    event::resolve(&mut work, &about(&uri), code, now).await?;
                }
            }
        }
        for (uri, most) in wanted {
            sqlx::query(
                "INSERT INTO list_sources (uri, most_octets, due_at, owner, owned_until, claims, trouble) \
                 VALUES ($1, $2, $3, '', 0, 0, '') \
                 ON CONFLICT (uri) DO UPDATE SET most_octets = excluded.most_octets",
            )
            .bind(uri)
            .bind(i64::from(most))
            .bind(now)
            .execute(&mut *work)
            .await?;
        }
        Ok(work.commit().await?)
    }

    /// Takes places that are due, the longest due first, at most `most`, for `lease` seconds. They are due again when the
    /// lease ends, in case nobody finishes them.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn take_lists(
        &self,
        owner: &str,
        (now, lease): (i64, i64),
        most: i64,
    ) -> Result<Vec<ListClaim>, StorageFault> {
        let mut work = self.database().change().await?;
        // with PostgreSQL nobody waits for rows that somebody else is taking; SQLite has one writer
        let skip = match self.database().backend {
            Backend::Postgres => "FOR UPDATE SKIP LOCKED",
            Backend::Sqlite => "",
        };
        let statement = format!(
            "UPDATE list_sources SET owner = $1, owned_until = $2, due_at = $3, claims = claims + 1 \
             WHERE due_at <= $4 AND owned_until <= $5 AND uri IN \
             (SELECT uri FROM list_sources WHERE due_at <= $6 AND owned_until <= $7 \
              ORDER BY due_at, uri LIMIT $8 {skip}) RETURNING uri, most_octets, trouble_since, claims"
        );
        // every part of the text is written above; values are bound
        let rows = sqlx::query(AssertSqlSafe(statement))
            .bind(text(owner))
            .bind(now.saturating_add(lease))
            .bind(now.saturating_add(lease))
            .bind(now)
            .bind(now)
            .bind(now)
            .bind(now)
            .bind(most)
            .fetch_all(&mut *work)
            .await?;
        let claims = rows.iter().map(claim).collect();
        work.commit().await?;
        claims
    }

    /// Ends a download. Gives what was raised; `None` where somebody else has taken the place over, and nothing was
    /// changed.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn finish_list(
        &self,
        claim: &ListClaim,
        end: &ListEnd,
        (channels, now): (&[String], i64),
    ) -> Result<Option<Vec<Alarm>>, StorageFault> {
        let mut work = self.database().change().await?;
        let has_trouble = !end.trouble.is_empty();
        let since = has_trouble.then(|| claim.trouble_since.unwrap_or(now));
        let done = sqlx::query(
            "UPDATE list_sources SET due_at = CASE WHEN due_at < owned_until THEN due_at ELSE $1 END, owned_until = 0, tried_at = $2, trouble = $3, trouble_since = $4 \
             WHERE uri = $5 AND claims = $6",
        )
        .bind(end.due_at)
        .bind(now)
        .bind(text(&end.trouble))
        .bind(since)
        .bind(claim.uri.clone())
        .bind(claim.number)
        .execute(&mut *work)
        .await?;
        if done.rows_affected() == 0 {
            return Ok(None);
        }
        if let Some(list) = &end.keep {
            keep(&mut work, list).await?;
        }
        for (about, code) in &end.over {
            event::resolve(&mut work, about, code, now).await?;
        }
        let raised = event::raise(&mut work, &end.events, channels, now).await?;
        work.commit().await?;
        Ok(Some(raised))
    }

    /// Has every place downloaded from as soon as possible; what is under way then is done again. How many there are.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn hurry_lists(&self, now: i64) -> Result<u64, StorageFault> {
        let mut work = self.database().change().await?;
        let done = sqlx::query("UPDATE list_sources SET due_at = $1 WHERE due_at > $2")
            .bind(now)
            .bind(now)
            .execute(&mut *work)
            .await?;
        work.commit().await?;
        Ok(done.rows_affected())
    }

    /// Where lists are downloaded, in the order of their URIs.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn list_sources(&self) -> Result<Vec<ListSource>, StorageFault> {
        let rows = sqlx::query(
            "SELECT uri, due_at, owned_until, tried_at, trouble, trouble_since FROM list_sources ORDER BY uri",
        )
        .fetch_all(&self.database().reader)
        .await?;
        let source = |row: &AnyRow| {
            let (due_at, owned_until): (i64, i64) = (row.try_get("due_at")?, row.try_get("owned_until")?);
            Ok(ListSource {
                uri: row.try_get("uri")?,
                due_at,
                is_taken: owned_until > 0,
                tried_at: row.try_get("tried_at")?,
                trouble: row.try_get("trouble")?,
                trouble_since: row.try_get("trouble_since")?,
            })
        };
        rows.iter().map(source).collect()
    }

    /// When the next place is due, or somebody's right to one ends; `None` where none is watched.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn next_list(&self) -> Result<Option<i64>, StorageFault> {
        let row = sqlx::query(
            "SELECT MIN(CASE WHEN owned_until > due_at THEN owned_until ELSE due_at END) FROM list_sources",
        )
        .fetch_one(&self.database().reader)
        .await?;
        Ok(row.try_get(0)?)
    }

    /// What was taken from one place.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn kept_lists(&self, uri: &str) -> Result<Vec<KeptList>, StorageFault> {
        let rows = sqlx::query(
            "SELECT uri, issuer_public_key, issuer, der, sha256, number, this_update, next_update, downloaded_at \
             FROM lists WHERE uri = $1 ORDER BY issuer_public_key",
        )
        .bind(text(uri))
        .fetch_all(&self.database().reader)
        .await?;
        rows.iter().map(kept).collect()
    }

    /// What was taken from every place, without the lists themselves.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn taken_lists(&self) -> Result<Vec<KeptList>, StorageFault> {
        let rows = sqlx::query(
            "SELECT uri, issuer_public_key, issuer, SUBSTR(der, 1, 0) AS der, sha256, number, this_update, \
             next_update, downloaded_at FROM lists ORDER BY uri, issuer_public_key",
        )
        .fetch_all(&self.database().reader)
        .await?;
        rows.iter().map(kept).collect()
    }

    /// Certificates that are kept, each once, in the order of their fingerprints behind this one.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn kept_certificates(
        &self,
        after: Option<Fingerprint>,
        most: i64,
    ) -> Result<Vec<(Fingerprint, Vec<u8>)>, StorageFault> {
        let rows = sqlx::query(
            "SELECT c.fingerprint, c.der FROM certificates c WHERE c.fingerprint > $1 \
             AND EXISTS (SELECT 1 FROM entries e WHERE e.fingerprint = c.fingerprint) \
             ORDER BY c.fingerprint LIMIT $2",
        )
        .bind(after.map(|after| after.to_vec()).unwrap_or_default())
        .bind(most)
        .fetch_all(&self.database().reader)
        .await?;
        rows.iter().map(|row| Ok((hash(row, "fingerprint")?, row.try_get("der")?))).collect()
    }

    /// Certificates that are kept with this subject, in its comparable form; each once.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn kept_with_subject(&self, key: &str, most: i64) -> Result<Vec<Vec<u8>>, StorageFault> {
        let rows = sqlx::query(
            "SELECT c.der FROM certificates c WHERE c.fingerprint IN \
             (SELECT e.fingerprint FROM entries e WHERE e.subject_key = $1) ORDER BY c.fingerprint LIMIT $2",
        )
        .bind(text(key))
        .bind(most)
        .fetch_all(&self.database().reader)
        .await?;
        rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
    }

    /// Certificates that are kept, in all their places, by their issuer in its comparable form and their serial number.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn issued(&self, issuer_key: &str, serials: &[String]) -> Result<Vec<Entry>, StorageFault> {
        let mut found = Vec::new();
        for some in serials.chunks(SERIALS) {
            let places: Vec<String> =
                (0..some.len()).map(|place| format!("${}", place.saturating_add(2))).collect();
            let statement = format!(
                "SELECT {} FROM entries e WHERE e.issuer_key = $1 AND e.serial IN ({}) ORDER BY e.id",
                row::ENTRY,
                places.join(", ")
            );
            // every part of the text is written above; values are bound
            let statement = sqlx::query(AssertSqlSafe(statement)).bind(text(issuer_key));
            let statement = some.iter().fold(statement, |statement, serial| statement.bind(text(serial)));
            let rows = statement.fetch_all(&self.database().reader).await?;
            for row in &rows {
                found.push(row::entry(row)?);
            }
        }
        Ok(found)
    }
}

async fn forget(work: &mut Work, uri: &str) -> Result<(), StorageFault> {
    for statement in [
        "DELETE FROM observed WHERE place = $1 AND kind = 'revocation-list'",
        "DELETE FROM lists WHERE uri = $1",
        "DELETE FROM list_sources WHERE uri = $1",
    ] {
        sqlx::query(statement).bind(uri.to_owned()).execute(&mut **work).await?;
    }
    Ok(())
}

async fn keep(work: &mut Work, list: &KeptList) -> Result<(), StorageFault> {
    sqlx::query(
        "INSERT INTO lists (uri, issuer_public_key, issuer, der, sha256, number, this_update, next_update, \
         downloaded_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (uri, issuer_public_key) DO UPDATE \
         SET issuer = excluded.issuer, der = excluded.der, sha256 = excluded.sha256, number = excluded.number, \
         this_update = excluded.this_update, next_update = excluded.next_update, \
         downloaded_at = excluded.downloaded_at",
    )
    .bind(text(&list.uri))
    .bind(list.issuer_public_key.to_vec())
    .bind(text(&list.issuer))
    .bind(list.der.clone())
    .bind(list.sha256.to_vec())
    .bind(text(&list.number))
    .bind(list.this_update)
    .bind(list.next_update)
    .bind(list.downloaded_at)
    .execute(&mut **work)
    .await?;
    observed::replace_list(work, list).await
}

fn hash(row: &AnyRow, column: &str) -> Result<Fingerprint, StorageFault> {
    let octets: Vec<u8> = row.try_get(column)?;
    octets.try_into().map_err(|_| row::broken(column))
}

fn claim(row: &AnyRow) -> Result<ListClaim, StorageFault> {
    let most: i64 = row.try_get("most_octets")?;
    Ok(ListClaim {
        uri: row.try_get("uri")?,
        most_octets: u32::try_from(most).map_err(|_| row::broken("most_octets"))?,
        trouble_since: row.try_get("trouble_since")?,
        number: row.try_get("claims")?,
    })
}

fn kept(row: &AnyRow) -> Result<KeptList, StorageFault> {
    Ok(KeptList {
        uri: row.try_get("uri")?,
        issuer_public_key: hash(row, "issuer_public_key")?,
        issuer: row.try_get("issuer")?,
        der: row.try_get("der")?,
        sha256: hash(row, "sha256")?,
        number: row.try_get("number")?,
        this_update: row.try_get("this_update")?,
        next_update: row.try_get("next_update")?,
        downloaded_at: row.try_get("downloaded_at")?,
    })
}
