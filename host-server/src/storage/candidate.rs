//! The candidate policy: the one document that is judged by beside the one in force, what came of it by purpose, and the
//! newest decisions that would have been others. It is proposed, dropped and promoted by `apply`; what is counted here is
//! no part of the state, and nothing is decided by it.

use std::collections::BTreeMap;

use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};

use super::database::Work;
use super::fault::StorageFault;
use super::record::{Fingerprint, text, words};
use super::{Storage, row};

/// The most flips that are kept; the oldest go first.
pub const MOST_FLIPS: i64 = 1_000;

words! {
    /// What a question came to.
    Outcome {
        /// The certificate may be trusted.
        Allow = "allow",
        /// It may not.
        Deny = "deny",
        /// There is no answer, and nobody is let in by that either.
        Nothing = "none",
    }
}

/// The candidate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CandidatePolicy {
    /// The version of the state that it was proposed with: its name.
    pub version: i64,
    /// The document, as it was written.
    pub document: String,
    /// The number of the policy that was in force then; 0 where the defaults were.
    pub against: i64,
    /// When it was proposed, in seconds since 1970.
    pub added_at: i64,
    /// By whom.
    pub added_by: String,
}

/// What came of comparing decisions with the candidate. Each counts under one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CandidateCounts {
    /// Decisions that stay as they were.
    pub same: i64,
    /// The same decision, with something else that is another.
    pub otherwise: i64,
    /// Allowed, and denied under the candidate.
    pub allow_to_deny: i64,
    /// Denied, and allowed under the candidate.
    pub deny_to_allow: i64,
    /// The candidate asks for evidence that was not at hand: what it would decide with that is not known.
    pub asks_for_more: i64,
    /// The question is none under the candidate, or has no answer.
    pub cannot_be_asked: i64,
    /// They could not be judged, or not be compared.
    pub undecided: i64,
    /// They found no room to wait in, or no time before the server stopped: nothing is known of them.
    pub dropped: i64,
}

impl CandidateCounts {
    /// Both together.
    #[must_use]
    pub fn and(self, other: &Self) -> Self {
        Self {
            same: self.same.saturating_add(other.same),
            otherwise: self.otherwise.saturating_add(other.otherwise),
            allow_to_deny: self.allow_to_deny.saturating_add(other.allow_to_deny),
            deny_to_allow: self.deny_to_allow.saturating_add(other.deny_to_allow),
            asks_for_more: self.asks_for_more.saturating_add(other.asks_for_more),
            cannot_be_asked: self.cannot_be_asked.saturating_add(other.cannot_be_asked),
            undecided: self.undecided.saturating_add(other.undecided),
            dropped: self.dropped.saturating_add(other.dropped),
        }
    }

    /// Each with its word, in the order in which they are shown.
    #[must_use]
    pub fn each(&self) -> [(&'static str, i64); 8] {
        [
            ("same", self.same),
            ("otherwise", self.otherwise),
            ("allow-to-deny", self.allow_to_deny),
            ("deny-to-allow", self.deny_to_allow),
            ("asks-for-more", self.asks_for_more),
            ("cannot-be-asked", self.cannot_be_asked),
            ("undecided", self.undecided),
            ("dropped", self.dropped),
        ]
    }

    /// All that were judged under the candidate.
    #[must_use]
    pub fn compared(&self) -> i64 {
        let known = [self.same, self.otherwise, self.allow_to_deny, self.deny_to_allow];
        let more = [self.asks_for_more, self.cannot_be_asked];
        known.into_iter().chain(more).fold(0, i64::saturating_add)
    }
}

/// A decision that would have been another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFlip {
    /// When it was decided, in seconds since 1970.
    pub decided_at: i64,
    /// The node that decided.
    pub node: String,
    /// SHA-256 of the certificate that was asked about.
    pub certificate: Fingerprint,
    /// Its subject; empty where no path was tried.
    pub subject: String,
    /// Its serial number; empty where no path was tried.
    pub serial: String,
    /// The purpose; empty where none was asked for.
    pub purpose: String,
    /// What was decided.
    pub decision: Outcome,
    /// What the candidate makes of it.
    pub would_be: Outcome,
    /// The candidate asks for more than there was; it is judged as if that could not be had.
    pub asks_for_more: bool,
    /// The hash of the trace of what was decided: a capsule of it has the same.
    pub trace: Fingerprint,
    /// The findings that make it another, as a document (JSON).
    pub causes: String,
}

/// The same as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flip {
    /// Its place: later ones have higher numbers.
    pub number: i64,
    /// What is known of it.
    pub flip: NewFlip,
    /// The root of the capsule of that decision, where there is one.
    pub capsule: Option<Fingerprint>,
}

/// Which flips.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlipFilter {
    /// Of this candidate.
    pub candidate: i64,
    /// Those that were allowed, or those that were denied.
    pub allows: Option<bool>,
    /// Of questions with this purpose.
    pub purpose: Option<String>,
    /// About this certificate.
    pub certificate: Option<Fingerprint>,
    /// Before the one of this number.
    pub before: i64,
}

/// What came of comparing with one candidate since it was written down last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparisons {
    /// Counts by purpose; empty where none was asked for.
    pub counts: BTreeMap<String, CandidateCounts>,
    /// The decisions that would have been others, the oldest first.
    pub flips: Vec<NewFlip>,
}

/// What a list is made of.
const COLUMNS: &str = "f.id, f.decided_at, f.node, f.certificate, f.subject, f.serial, f.purpose, f.decision, f.would_be, \
                       f.asks_for_more, f.trace, f.causes";

impl Storage {
    /// The candidate, if there is one.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn candidate(&self) -> Result<Option<CandidatePolicy>, StorageFault> {
        let row = sqlx::query("SELECT version, document, against, added_at, added_by FROM candidate");
        let Some(found) = row.fetch_optional(&self.database().reader).await? else { return Ok(None) };
        Ok(Some(CandidatePolicy {
            version: found.try_get("version")?,
            document: found.try_get("document")?,
            against: found.try_get("against")?,
            added_at: found.try_get("added_at")?,
            added_by: found.try_get("added_by")?,
        }))
    }

    /// What came of a candidate by purpose, in the order of their names, and when the last of it was written down.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn candidate_counts(
        &self,
        candidate: i64,
    ) -> Result<(BTreeMap<String, CandidateCounts>, Option<i64>), StorageFault> {
        let rows = sqlx::query(
            "SELECT purpose, same, otherwise, allow_to_deny, deny_to_allow, asks_for_more, cannot_be_asked, undecided, \
             dropped, noted_at FROM candidate_counts WHERE candidate = $1",
        )
        .bind(candidate)
        .fetch_all(&self.database().reader)
        .await?;
        let mut last: Option<i64> = None;
        let mut found = BTreeMap::new();
        for row in &rows {
            last = last.max(Some(row.try_get("noted_at")?));
            found.insert(row.try_get("purpose")?, counts(row)?);
        }
        Ok((found, last))
    }

    /// Adds what came of comparing with a candidate, and forgets the flips that are too many; nothing where it is another
    /// candidate by now.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn note_comparisons(
        &self,
        candidate: i64,
        found: &Comparisons,
        now: i64,
    ) -> Result<(), StorageFault> {
        let mut work = self.database().change().await?;
        let known = sqlx::query("SELECT 1 FROM candidate WHERE version = $1").bind(candidate);
        if known.fetch_optional(&mut *work).await?.is_none() {
            return Ok(());
        }
        // in the order of their names, so that two nodes never wait for each other
        for (purpose, counts) in &found.counts {
            add(&mut work, (candidate, purpose), counts, now).await?;
        }
        for flip in &found.flips {
            keep(&mut work, candidate, flip).await?;
        }
        if !found.flips.is_empty() {
            let last = "SELECT id FROM candidate_flips ORDER BY id DESC LIMIT 1 OFFSET $1";
            let statement = format!("DELETE FROM candidate_flips WHERE id <= ({last})");
            // every part of the text is written above; values are bound
            sqlx::query(AssertSqlSafe(statement)).bind(MOST_FLIPS).execute(&mut *work).await?;
        }
        Ok(work.commit().await?)
    }

    /// The flips that meet a filter, the newest first, at most `most`.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn flips(&self, filter: &FlipFilter, most: i64) -> Result<Vec<Flip>, StorageFault> {
        let statement = format!(
            "SELECT {COLUMNS}, (SELECT c.root FROM capsules c WHERE c.trace = f.trace AND \
             c.certificate = f.certificate AND c.recorded_at = f.decided_at ORDER BY c.id LIMIT 1) AS capsule \
             FROM candidate_flips f WHERE f.candidate = $1 AND f.id < $2 AND ($3 = '' OR f.decision = $3) \
             AND ($4 = 0 OR f.purpose = $5) AND ($6 = 0 OR f.certificate = $7) ORDER BY f.id DESC LIMIT $8"
        );
        // every part of the text is written above; values are bound
        let rows = sqlx::query(AssertSqlSafe(statement))
            .bind(filter.candidate)
            .bind(filter.before)
            .bind(filter.allows.map_or("", |allows| if allows { "allow" } else { "deny" }))
            .bind(i64::from(filter.purpose.is_some()))
            .bind(text(filter.purpose.as_deref().unwrap_or_default()))
            .bind(i64::from(filter.certificate.is_some()))
            .bind(filter.certificate.map(|hash| hash.to_vec()).unwrap_or_default())
            .bind(most)
            .fetch_all(&self.database().reader)
            .await?;
        rows.iter().map(flip).collect()
    }
}

async fn add(
    work: &mut Work,
    (candidate, purpose): (i64, &str),
    counts: &CandidateCounts,
    now: i64,
) -> Result<(), StorageFault> {
    sqlx::query(
        "INSERT INTO candidate_counts (candidate, purpose, same, otherwise, allow_to_deny, deny_to_allow, \
         asks_for_more, cannot_be_asked, undecided, dropped, noted_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (candidate, purpose) DO UPDATE SET \
         same = candidate_counts.same + excluded.same, \
         otherwise = candidate_counts.otherwise + excluded.otherwise, \
         allow_to_deny = candidate_counts.allow_to_deny + excluded.allow_to_deny, \
         deny_to_allow = candidate_counts.deny_to_allow + excluded.deny_to_allow, \
         asks_for_more = candidate_counts.asks_for_more + excluded.asks_for_more, \
         cannot_be_asked = candidate_counts.cannot_be_asked + excluded.cannot_be_asked, \
         undecided = candidate_counts.undecided + excluded.undecided, \
         dropped = candidate_counts.dropped + excluded.dropped, \
         noted_at = excluded.noted_at",
    )
    .bind(candidate)
    .bind(text(purpose))
    .bind(counts.same)
    .bind(counts.otherwise)
    .bind(counts.allow_to_deny)
    .bind(counts.deny_to_allow)
    .bind(counts.asks_for_more)
    .bind(counts.cannot_be_asked)
    .bind(counts.undecided)
    .bind(counts.dropped)
    .bind(now)
    .execute(&mut **work)
    .await?;
    Ok(())
}

async fn keep(work: &mut Work, candidate: i64, flip: &NewFlip) -> Result<(), StorageFault> {
    sqlx::query(
        "INSERT INTO candidate_flips (candidate, decided_at, node, certificate, subject, serial, purpose, decision, \
         would_be, asks_for_more, trace, causes) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(candidate)
    .bind(flip.decided_at)
    .bind(text(&flip.node))
    .bind(flip.certificate.to_vec())
    .bind(text(&flip.subject))
    .bind(text(&flip.serial))
    .bind(text(&flip.purpose))
    .bind(flip.decision.word())
    .bind(flip.would_be.word())
    .bind(i64::from(flip.asks_for_more))
    .bind(flip.trace.to_vec())
    .bind(text(&flip.causes))
    .execute(&mut **work)
    .await?;
    Ok(())
}

fn counts(row: &AnyRow) -> Result<CandidateCounts, StorageFault> {
    Ok(CandidateCounts {
        same: row.try_get("same")?,
        otherwise: row.try_get("otherwise")?,
        allow_to_deny: row.try_get("allow_to_deny")?,
        deny_to_allow: row.try_get("deny_to_allow")?,
        asks_for_more: row.try_get("asks_for_more")?,
        cannot_be_asked: row.try_get("cannot_be_asked")?,
        undecided: row.try_get("undecided")?,
        dropped: row.try_get("dropped")?,
    })
}

fn flip(found: &AnyRow) -> Result<Flip, StorageFault> {
    let hash = |name: &'static str| -> Result<Fingerprint, StorageFault> {
        let octets: Vec<u8> = found.try_get(name)?;
        octets.try_into().map_err(|_| row::broken(name))
    };
    let outcome = |name: &'static str| -> Result<Outcome, StorageFault> {
        let word: String = found.try_get(name)?;
        Outcome::from_word(&word).ok_or_else(|| row::broken(name))
    };
    let capsule: Option<Vec<u8>> = found.try_get("capsule")?;
    Ok(Flip {
        number: found.try_get("id")?,
        flip: NewFlip {
            decided_at: found.try_get("decided_at")?,
            node: found.try_get("node")?,
            certificate: hash("certificate")?,
            subject: found.try_get("subject")?,
            serial: found.try_get("serial")?,
            purpose: found.try_get("purpose")?,
            decision: outcome("decision")?,
            would_be: outcome("would_be")?,
            asks_for_more: found.try_get::<i64, _>("asks_for_more")? == 1,
            trace: hash("trace")?,
            causes: found.try_get("causes")?,
        },
        capsule: capsule.and_then(|root| root.try_into().ok()),
    })
}
