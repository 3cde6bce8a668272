//! How what is kept stands at a moment, in few words that are quick to read: two of them that are equal stand for the
//! same, and of two that differ it can be said which parts do. It is what those who show something are told by that it is
//! out of date; what is in the parts is not here.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};
use sqlx::Row;
use sqlx::any::AnyRow;

use super::Storage;
use super::database::Work;
use super::fault::StorageFault;
use super::record::{Version, words};

words! {
    /// A part of what is kept and shown.
    Part {
        /// Accounts and tokens.
        Accounts = "accounts",
        /// Alarms.
        Alarms = "alarms",
        /// The audit.
        Audit = "audit",
        /// The candidate policy, and what came of it so far.
        Candidate = "candidate",
        /// Certificates in their places.
        Certificates = "certificates",
        /// What is known of the certificates in use.
        Checks = "checks",
        /// What is set for the cluster.
        Cluster = "cluster",
        /// Connections that last.
        Connections = "connections",
        /// Lists that are downloaded.
        Lists = "lists",
        /// What watches what expires, and what waits to be delivered.
        Monitor = "monitor",
        /// The nodes, and what each has loaded.
        Nodes = "nodes",
        /// Policy documents.
        Policy = "policy",
        /// Requests that wait.
        Requests = "requests",
    }
}

/// Parts that change without a record in the audit, and what of each is read: counts and last moments, one of which is
/// another after every change.
const MARKED: [(Part, &str); 7] = [
    (
        Part::Alarms,
        "SELECT COUNT(*), COALESCE(MAX(raised_at), 0), COUNT(answered_at), COALESCE(MAX(answered_at), 0), \
         COUNT(snoozed_until), COUNT(CASE WHEN state = 'open' THEN 1 END) FROM alarms",
    ),
    (
        Part::Candidate,
        "SELECT (SELECT COALESCE(MAX(version), 0) FROM candidate), CAST(COALESCE(SUM(same + otherwise + allow_to_deny \
         + deny_to_allow + asks_for_more + cannot_be_asked + undecided + dropped), 0) AS BIGINT) FROM candidate_counts",
    ),
    (
        Part::Checks,
        "SELECT COUNT(*), CAST(COALESCE(SUM(times), 0) AS BIGINT), CAST(COALESCE(SUM(failures), 0) AS BIGINT) \
         FROM checks",
    ),
    (
        Part::Connections,
        "SELECT COUNT(*), COUNT(ended_at), COUNT(CASE WHEN state = 'good' THEN 1 END), \
         COUNT(CASE WHEN state = 'cut' THEN 1 END) FROM connections",
    ),
    (
        Part::Lists,
        "SELECT COUNT(*), COALESCE(MAX(tried_at), 0), COUNT(trouble_since), COUNT(CASE WHEN owned_until > 0 THEN 1 END) \
         FROM list_sources",
    ),
    (
        Part::Monitor,
        "SELECT CAST(COALESCE(SUM(COALESCE(finished_at, 0)), 0) AS BIGINT), \
         (SELECT COUNT(*) FROM deliveries WHERE delivered_at IS NULL) FROM jobs",
    ),
    (Part::Nodes, "SELECT COUNT(*), CAST(COALESCE(SUM(version), 0) AS BIGINT) FROM loaded"),
];

/// How what is kept stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pulse {
    /// The version of the cluster's state.
    pub version: Version,
    /// Where it stands.
    pub position: Position,
}

/// The same without the version: whoever has one can be told what changed since. Its text is opaque to everybody else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// The number of the newest record of the audit.
    pub audit: i64,
    /// A mark of each part in [`MARKED`].
    marks: [u32; MARKED.len()],
}

/// That a text is no position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoPosition;

impl Position {
    /// The parts whose marks are other ones there.
    pub fn marked_since<'p>(&'p self, before: &'p Self) -> impl Iterator<Item = Part> + 'p {
        let pairs = self.marks.iter().zip(&before.marks);
        MARKED.iter().zip(pairs).filter(|(_, (now, then))| now != then).map(|((part, _), _)| *part)
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.audit)?;
        self.marks.iter().try_for_each(|mark| write!(f, "-{mark:08x}"))
    }
}

impl FromStr for Position {
    type Err = NoPosition;

    fn from_str(text: &str) -> Result<Self, NoPosition> {
        let mut parts = text.split('-');
        let audit = parts.next().and_then(|part| part.parse().ok()).filter(|audit| *audit >= 0);
        let marks: Option<Vec<u32>> =
            parts.map(|part| u32::from_str_radix(part, 16).ok().filter(|_| part.len() == 8)).collect();
        let marks = marks.and_then(|marks| marks.try_into().ok()).ok_or(NoPosition)?;
        Ok(Self { audit: audit.ok_or(NoPosition)?, marks })
    }
}

impl Storage {
    /// How what is kept stands now, all of one moment.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn pulse(&self) -> Result<Pulse, StorageFault> {
        let mut work = self.database().look().await?;
        let row = sqlx::query(
            "SELECT version, (SELECT sequence FROM audit_head WHERE id = 1) FROM state WHERE id = 1",
        )
        .fetch_one(&mut *work)
        .await?;
        let (version, audit) = (Version(row.try_get(0)?), row.try_get(1)?);
        let mut marks = [0; MARKED.len()];
        for (mark, (_, statement)) in marks.iter_mut().zip(MARKED) {
            *mark = read(&mut work, statement).await?;
        }
        Ok(Pulse { version, position: Position { audit, marks } })
    }

    /// The acts that the audit has after record number `after`: what was done, and whether it was refused. The oldest
    /// first, at most `most`.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn acts_after(&self, after: i64, most: i64) -> Result<Vec<(String, bool)>, StorageFault> {
        let rows = sqlx::query(
            "SELECT what, CAST(CASE WHEN outcome = 'refused' THEN 1 ELSE 0 END AS BIGINT) FROM audit \
             WHERE sequence > $1 ORDER BY sequence LIMIT $2",
        )
        .bind(after)
        .bind(most)
        .fetch_all(&self.database().reader)
        .await?;
        let act = |row: &AnyRow| Ok((row.try_get(0)?, row.try_get::<i64, _>(1)? == 1));
        rows.iter().map(act).collect()
    }
}

/// A mark of everything in one row of numbers.
async fn read(work: &mut Work, statement: &'static str) -> Result<u32, StorageFault> {
    let row = sqlx::query(statement).fetch_one(&mut **work).await?;
    let mut hash = Sha256::new();
    for column in 0..row.len() {
        hash.update(row.try_get::<i64, _>(column)?.to_be_bytes());
    }
    let [one, two, three, four, ..] = <[u8; 32]>::from(hash.finalize());
    Ok(u32::from_be_bytes([one, two, three, four]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_is_read_back_and_nothing_else_is_one() {
        let position = Position { audit: 7, marks: [0, 1, 0xffff_ffff, 3, 4, 5, 6] };
        let text = position.to_string();
        assert_eq!(text, "7-00000000-00000001-ffffffff-00000003-00000004-00000005-00000006");
        assert_eq!(text.parse(), Ok(position));
        for none in ["", "7", "-1-00000000", &text[1..], &text[..text.len() - 1], &format!("{text}-00000007")]
        {
            assert_eq!(none.parse::<Position>(), Err(NoPosition), "{none}");
        }
    }

    #[test]
    fn what_differs_is_named() {
        let before = Position { audit: 7, marks: [0; 7] };
        let now = Position { audit: 9, marks: [0, 0, 1, 0, 0, 0, 2] };
        assert!(now.marked_since(&before).eq([Part::Checks, Part::Nodes]));
        assert_eq!(now.marked_since(&now).count(), 0);
    }
}
