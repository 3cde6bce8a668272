//! What was accepted of OCSP responses and lists, by the certificate that it spoke for: recorded to say what another mode
//! would do, within bounds, the oldest going first. No decision rests on it. A body stands once, however many certificates
//! it speaks for.

use std::collections::BTreeMap;

use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};

use super::database::{Backend, Work};
use super::fault::StorageFault;
use super::record::{Fingerprint, Usage, text};
use super::{Storage, row};

/// Nodes that record wait for each other: what goes first is of both. The number is ours, beside that of the schema.
const LOCK: &str = "SELECT pg_advisory_xact_lock(27431038914389363)";
/// Certificates that are looked for with one statement.
const CERTIFICATES: usize = 64;
/// Pieces of evidence for one statement's certificates, the newest first.
const PIECES: i64 = 256;

/// How much is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Pieces of evidence.
    pub pieces: i64,
    /// Octets of all bodies together.
    pub octets: i64,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { pieces: 100_000, octets: 64 * 1024 * 1024 }
    }
}

/// That a verdict rested on something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceNote {
    /// The certificate that it spoke for.
    pub certificate: Fingerprint,
    /// What it is, by its name in the contract.
    pub kind: &'static str,
    /// Where it was asked for.
    pub uri: String,
    /// SHA-256 of the body; `None` where that is too large to be kept.
    pub sha256: Option<Fingerprint>,
    /// How large the body is.
    pub octets: i64,
    /// thisUpdate, where it is known.
    pub this_update: Option<i64>,
    /// Until when it is fresh.
    pub fresh_until: Option<i64>,
    /// When it was accepted.
    pub recorded_at: i64,
}

/// What was recorded for a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedEvidence {
    /// What it is, by its name in the contract.
    pub kind: String,
    /// The body; `None` where it was too large to be kept.
    pub body: Option<Vec<u8>>,
    /// thisUpdate, where it is known.
    pub this_update: Option<i64>,
}

/// A certificate in a slot or a store, wherever that lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptCertificate {
    /// What it is kept for.
    pub usage: Usage,
    /// The slot or the store.
    pub room: String,
    /// SHA-256 of it.
    pub fingerprint: Fingerprint,
    /// The certificate in DER.
    pub der: Vec<u8>,
}

impl Storage {
    /// Records what verdicts rested on, with its bodies by their SHA-256. What is older than what is recorded takes no place.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn record_evidence(
        &self,
        notes: &[EvidenceNote],
        bodies: &BTreeMap<Fingerprint, Vec<u8>>,
        bounds: Bounds,
    ) -> Result<(), StorageFault> {
        let mut work = self.database().change().await?;
        if self.database().backend == Backend::Postgres {
            sqlx::raw_sql(LOCK).execute(&mut *work).await?;
        }
        for note in notes {
            if let Some((sha256, body)) = note.sha256.and_then(|sha256| bodies.get_key_value(&sha256)) {
                keep_body(&mut work, (sha256, body), note.recorded_at).await?;
            }
            keep_note(&mut work, note).await?;
        }
        sweep(&mut work, bounds).await?;
        Ok(work.commit().await?)
    }

    /// What was recorded for these certificates.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn recorded_evidence(
        &self,
        certificates: &[Fingerprint],
    ) -> Result<Vec<RecordedEvidence>, StorageFault> {
        let mut found = Vec::new();
        for some in certificates.chunks(CERTIFICATES) {
            let places: Vec<String> =
                (0..some.len()).map(|place| format!("${}", place.saturating_add(2))).collect();
            let statement = format!(
                "SELECT e.kind, e.this_update, b.body FROM evidence e \
                 LEFT JOIN evidence_bodies b ON b.sha256 = e.sha256 WHERE e.certificate IN ({}) \
                 ORDER BY e.recorded_at DESC, e.certificate, e.kind, e.uri LIMIT $1",
                places.join(", ")
            );
            // every part of the text is written above; values are bound
            let statement = sqlx::query(AssertSqlSafe(statement)).bind(PIECES);
            let statement = some.iter().fold(statement, |statement, one| statement.bind(one.to_vec()));
            let rows = statement.fetch_all(&self.database().reader).await?;
            found.extend(rows.iter().map(recorded).collect::<Result<Vec<_>, _>>()?);
        }
        Ok(found)
    }

    /// What proves who we are, and what is believed as itself: certificates in slots, and certificates of no authority in
    /// stores, each once for its slot or store, behind the one with this place.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn kept_leaves(
        &self,
        after: Option<(Usage, &str, Fingerprint)>,
        most: i64,
    ) -> Result<Vec<KeptCertificate>, StorageFault> {
        let (usage, room, fingerprint) = after.map_or(("", "", Vec::new()), |(usage, room, fingerprint)| {
            (usage.word(), room, fingerprint.to_vec())
        });
        let rows = sqlx::query(
            "SELECT k.usage, k.room, k.fingerprint, c.der FROM \
             (SELECT DISTINCT usage, room, fingerprint FROM entries \
              WHERE (usage = 'identity' OR is_authority = 0) AND (usage, room, fingerprint) > ($1, $2, $3) \
              ORDER BY usage, room, fingerprint LIMIT $4) k \
             JOIN certificates c ON c.fingerprint = k.fingerprint ORDER BY k.usage, k.room, k.fingerprint",
        )
        .bind(usage)
        .bind(text(room))
        .bind(fingerprint)
        .bind(most)
        .fetch_all(&self.database().reader)
        .await?;
        rows.iter().map(kept).collect()
    }
}

async fn keep_body(
    work: &mut Work,
    (sha256, body): (&Fingerprint, &[u8]),
    now: i64,
) -> Result<(), StorageFault> {
    sqlx::query(
        "INSERT INTO evidence_bodies (sha256, octets, recorded_at, body) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (sha256) DO UPDATE SET recorded_at = excluded.recorded_at",
    )
    .bind(sha256.to_vec())
    .bind(i64::try_from(body.len()).unwrap_or(i64::MAX))
    .bind(now)
    .bind(body.to_vec())
    .execute(&mut **work)
    .await?;
    Ok(())
}

/// An answer that is older than the one that is there may be from before a revocation.
async fn keep_note(work: &mut Work, note: &EvidenceNote) -> Result<(), StorageFault> {
    sqlx::query(
        "INSERT INTO evidence (certificate, kind, uri, sha256, octets, this_update, fresh_until, recorded_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (certificate, kind, uri) DO UPDATE \
         SET sha256 = excluded.sha256, octets = excluded.octets, this_update = excluded.this_update, \
         fresh_until = excluded.fresh_until, recorded_at = excluded.recorded_at \
         WHERE evidence.this_update IS NULL OR excluded.this_update >= evidence.this_update",
    )
    .bind(note.certificate.to_vec())
    .bind(note.kind)
    .bind(text(&note.uri))
    .bind(note.sha256.map(|sha256| sha256.to_vec()).unwrap_or_default())
    .bind(note.octets)
    .bind(note.this_update)
    .bind(note.fresh_until)
    .bind(note.recorded_at)
    .execute(&mut **work)
    .await?;
    Ok(())
}

/// Forgets what is beyond the bounds, the oldest first, and bodies that speak for nobody any more.
async fn sweep(work: &mut Work, bounds: Bounds) -> Result<(), StorageFault> {
    let surplus = sqlx::query("SELECT COUNT(*) FROM evidence").fetch_one(&mut **work).await?;
    let surplus: i64 = surplus.try_get::<i64, _>(0)?.saturating_sub(bounds.pieces);
    if surplus > 0 {
        sqlx::query(
            "DELETE FROM evidence WHERE (certificate, kind, uri) IN (SELECT certificate, kind, uri FROM evidence \
             ORDER BY recorded_at, certificate, kind, uri LIMIT $1)",
        )
        .bind(surplus)
        .execute(&mut **work)
        .await?;
    }
    sqlx::query(
        "DELETE FROM evidence_bodies WHERE NOT EXISTS \
         (SELECT 1 FROM evidence e WHERE e.sha256 = evidence_bodies.sha256)",
    )
    .execute(&mut **work)
    .await?;
    let octets = sqlx::query("SELECT CAST(COALESCE(SUM(octets), 0) AS BIGINT) FROM evidence_bodies");
    if octets.fetch_one(&mut **work).await?.try_get::<i64, _>(0)? <= bounds.octets {
        return Ok(());
    }
    sqlx::query(
        "DELETE FROM evidence_bodies WHERE sha256 IN (SELECT b.sha256 FROM (SELECT sha256, \
         SUM(octets) OVER (ORDER BY recorded_at DESC, sha256) AS so_far FROM evidence_bodies) b WHERE b.so_far > $1)",
    )
    .bind(bounds.octets)
    .execute(&mut **work)
    .await?;
    sqlx::query(
        "DELETE FROM evidence WHERE length(sha256) > 0 AND NOT EXISTS \
         (SELECT 1 FROM evidence_bodies b WHERE b.sha256 = evidence.sha256)",
    )
    .execute(&mut **work)
    .await?;
    Ok(())
}

fn recorded(row: &AnyRow) -> Result<RecordedEvidence, StorageFault> {
    Ok(RecordedEvidence {
        kind: row.try_get("kind")?,
        body: row.try_get("body")?,
        this_update: row.try_get("this_update")?,
    })
}

fn kept(found: &AnyRow) -> Result<KeptCertificate, StorageFault> {
    let (usage, fingerprint): (String, Vec<u8>) = (found.try_get("usage")?, found.try_get("fingerprint")?);
    Ok(KeptCertificate {
        usage: Usage::from_word(&usage).ok_or_else(|| row::broken("usage"))?,
        room: found.try_get("room")?,
        fingerprint: fingerprint.try_into().map_err(|_| row::broken("fingerprint"))?,
        der: found.try_get("der")?,
    })
}
