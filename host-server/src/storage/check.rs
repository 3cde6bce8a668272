//! Whose status is looked at again, and when: certificates in their slots and stores, and those behind connections that
//! last. A check is claimed like a job, for a lease and by one; whoever is killed over it only delays it. What came of it,
//! what is told of it and what is written down about it become real together, under the number of the claim, so that none
//! is done twice. When one is due again the engine says, and what a status means too.

mod kept;
mod list;

use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};

use super::database::{Backend, Work};
use super::event::NewEvent;
use super::fault::StorageFault;
use super::record::{Fingerprint, text, words};
use super::{Alarm, Storage, event, row};
use crate::audit::{AuditRecord, log};

pub use kept::Planned;
pub(super) use kept::{New, enter, insert, leave, leave_all};
pub use list::{CheckCounts, CheckFilter};

words! {
    /// What a certificate is in use for, whose status is looked at again.
    CheckUsage {
        /// It lies behind a connection.
        Connection = "connection",
        /// It proves who we are.
        Identity = "identity",
        /// It is believed.
        Trust = "trust",
    }
}

words! {
    /// Why a check is due.
    Reason {
        /// Somebody asked for it.
        Asked = "asked",
        /// It is time.
        Schedule = "schedule",
        /// The certificate is new here (R-OCSP-8).
        Upload = "upload",
    }
}

words! {
    /// What a check found.
    CheckStatus {
        /// It is not revoked.
        Good = "good",
        /// The settings do not ask for it, or there is nobody above it who could revoke it.
        NotAsked = "not-asked",
        /// It, or one above it, is revoked or on hold.
        Revoked = "revoked",
        /// It was not looked at yet.
        Unchecked = "unchecked",
        /// Nobody usable answered.
        Undetermined = "undetermined",
        /// A responder does not know it.
        Unknown = "unknown",
    }
}

words! {
    /// What a verdict came to.
    Decided {
        /// It may be trusted.
        Allow = "allow",
        /// It may not.
        Deny = "deny",
    }
}

/// A certificate whose status is looked at again, and what is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// Its number.
    pub id: i64,
    /// What the certificate is in use for.
    pub usage: CheckUsage,
    /// The slot or the store; the class of a connection.
    pub room: String,
    /// The connection; empty where it is none.
    pub connection: String,
    /// SHA-256 of the certificate.
    pub fingerprint: Fingerprint,
    /// Equal for all that the same authority answers for.
    pub issuer: String,
    /// Why it is due next.
    pub reason: Reason,
    /// When it is due next; while it is claimed, when the lease ends; `None` where it is not.
    pub due_at: Option<i64>,
    /// Who looks, or looked last; empty where nobody did.
    pub owner: String,
    /// Until when it is the owner's.
    pub owned_until: i64,
    /// How often it was looked at to an end.
    pub times: i64,
    /// When that was last.
    pub checked_at: Option<i64>,
    /// What was found then.
    pub status: CheckStatus,
    /// What the verdict came to; `None` where there was none yet.
    pub decision: Option<Decided>,
    /// Details of the status: why it is undetermined, or the revocation.
    pub detail: String,
    /// The hash of that verdict; empty where there was none yet.
    pub verdict: Vec<u8>,
    /// Since when the status is this one.
    pub since: Option<i64>,
    /// How often in a row nothing was found out.
    pub failures: i64,
    /// Which claim of it this is.
    claims: i64,
}

/// One that is due: its number and its issuer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// Its number.
    pub id: i64,
    /// Equal for all that the same authority answers for.
    pub issuer: String,
}

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The status.
    pub status: CheckStatus,
    /// What the verdict came to.
    pub decision: Decided,
    /// Details of the status.
    pub detail: String,
    /// The hash of the verdict.
    pub verdict: Vec<u8>,
}

/// How a claimed check ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It was found out.
    Found {
        /// What.
        found: Found,
        /// When it is due again; `None` where it is not.
        due_at: Option<i64>,
        /// What is told of it.
        events: Vec<NewEvent>,
        /// Kinds of what was told of the same thing before and is over.
        resolved: Vec<&'static str>,
        /// What is written down about it.
        record: Option<AuditRecord>,
    },
    /// It was not found out, and is tried again then.
    Failed {
        /// When.
        due_at: i64,
        /// Why.
        why: String,
    },
    /// It was none of ours: the settings look at nothing of the kind again.
    Dropped,
}

/// What became of checks that ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ended {
    /// Those that were found out, and were still the claimant's.
    pub found: u64,
    /// Alarms that were raised.
    pub raised: Vec<Alarm>,
}

const COLUMNS: &str = "id, usage, room, connection, fingerprint, issuer, reason, due_at, owner, owned_until, claims, \
                       times, checked_at, status, decision, detail, verdict, since, failures";
/// Bound as it is written: no value has it.
const NEVER: i64 = i64::MAX;

impl Storage {
    /// Checks that are due and that `node` can do, the longest due first, but for those of certain issuers.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn due_checks(
        &self,
        now: i64,
        node: &str,
        without: &[String],
        most: i64,
    ) -> Result<Vec<Due>, StorageFault> {
        let mut statement = "SELECT c.id, c.issuer FROM checks c WHERE c.due_at <= $1 AND c.owned_until <= $2 \
             AND (c.usage = 'connection' OR EXISTS (SELECT 1 FROM entries e WHERE e.usage = c.usage AND e.room = c.room \
             AND e.fingerprint = c.fingerprint AND e.node IN ('', $3)))"
            .to_owned();
        if !without.is_empty() {
            statement.push_str(&format!(" AND c.issuer NOT IN ({})", numbered(5, without.len())));
        }
        statement.push_str(" ORDER BY c.due_at, c.id LIMIT $4");
        // every part of the text is written above; values are bound
        let mut query = sqlx::query(AssertSqlSafe(statement)).bind(now).bind(now).bind(text(node)).bind(most);
        for issuer in without {
            query = query.bind(issuer.clone());
        }
        let rows = query.fetch_all(&self.database().reader).await?;
        rows.iter().map(|row| Ok(Due { id: row.try_get("id")?, issuer: row.try_get("issuer")? })).collect()
    }

    /// Takes those of these checks that are still due and nobody's, until a lease ends.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn take_checks(
        &self,
        ids: &[i64],
        owner: &str,
        (now, until): (i64, i64),
    ) -> Result<Vec<Check>, StorageFault> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        // with PostgreSQL nobody waits for rows that somebody else is taking; SQLite has one writer
        let skip = match self.database().backend {
            Backend::Postgres => "FOR UPDATE SKIP LOCKED",
            Backend::Sqlite => "",
        };
        let statement = format!(
            "UPDATE checks SET owner = $1, owned_until = $2, due_at = $3, claims = claims + 1 WHERE id IN \
             (SELECT id FROM checks WHERE due_at <= $4 AND owned_until <= $5 AND id IN ({}) ORDER BY id {skip}) \
             RETURNING {COLUMNS}",
            numbered(6, ids.len())
        );
        let mut work = self.database().change().await?;
        // every part of the text is written above; values are bound
        let mut query = sqlx::query(AssertSqlSafe(statement))
            .bind(text(owner))
            .bind(until)
            .bind(until)
            .bind(now)
            .bind(now);
        for id in ids {
            query = query.bind(*id);
        }
        let rows = query.fetch_all(&mut *work).await?;
        work.commit().await?;
        rows.iter().map(check).collect()
    }

    /// Ends checks, with everything that belongs to each. Of one that somebody else has taken over nothing is kept.
    ///
    /// # Errors
    /// What a database can do wrong; then none has ended.
    pub async fn end_checks(
        &self,
        endings: &[(Check, Ending)],
        channels: &[String],
        now: i64,
    ) -> Result<Ended, StorageFault> {
        let mut work = self.database().change().await?;
        let mut ended = Ended::default();
        let mut held = Vec::new();
        // INVARIANT: rows of checks first, in their order, and the audit last, as a change of the state takes them
        let mut ordered: Vec<_> = endings.iter().collect();
        ordered.sort_by_key(|(check, _)| check.id);
        for (check, ending) in ordered {
            if settle(&mut work, check, ending, now).await? {
                held.push((check, ending));
            }
        }
        let mut records = Vec::new();
        for (check, ending) in held {
            let Ending::Found { events, resolved, record, found, .. } = ending else { continue };
            ended.found = ended.found.saturating_add(1);
            let told: Vec<String> = events.iter().map(NewEvent::id).collect();
            for code in resolved {
                let kept = told.first().map(String::as_str);
                event::resolve_but(&mut work, (&check.told(), code), kept, now).await?;
            }
            for event in events {
                // the same certificate may lie in another place, where it was found before
                if !event::is_open(&mut work, &event.watched, event.code).await? {
                    let raised = event::raise(&mut work, std::slice::from_ref(event), channels, now).await?;
                    ended.raised.extend(raised);
                }
            }
            if check.usage == CheckUsage::Connection {
                super::connection::judged(&mut work, check, found).await?;
            }
            records.extend(record.clone());
        }
        for record in records {
            log::append(&mut work, record).await?;
        }
        work.commit().await?;
        Ok(ended)
    }
}

impl Check {
    /// What is told of it is told about this: the certificate, or the connection.
    #[must_use]
    pub fn told(&self) -> Fingerprint {
        match self.usage {
            CheckUsage::Connection => super::connection::told(&self.connection),
            CheckUsage::Identity | CheckUsage::Trust => self.fingerprint,
        }
    }
}

/// Whether it still was the claimant's. What was asked for while it was looked at stands.
async fn settle(work: &mut Work, check: &Check, ending: &Ending, now: i64) -> Result<bool, StorageFault> {
    const ASKED: &str = "due_at < owned_until";
    let statement = match ending {
        Ending::Found { .. } => format!(
            "UPDATE checks SET reason = CASE WHEN {ASKED} THEN reason ELSE 'schedule' END, \
             due_at = CASE WHEN {ASKED} THEN due_at WHEN $1 < {NEVER} THEN $1 END, owned_until = 0, times = times + 1, \
             checked_at = $2, since = CASE WHEN status = $3 THEN since ELSE $2 END, status = $3, decision = $4, detail = $5, \
             verdict = $6, failures = CASE WHEN $3 = 'undetermined' THEN failures + 1 ELSE 0 END \
             WHERE id = $7 AND claims = $8 AND owned_until > 0"
        ),
        Ending::Failed { .. } => format!(
            "UPDATE checks SET due_at = CASE WHEN {ASKED} THEN due_at ELSE $1 END, owned_until = 0, detail = $2, \
             failures = failures + 1 WHERE id = $3 AND claims = $4 AND owned_until > 0"
        ),
        Ending::Dropped => format!(
            "UPDATE checks SET due_at = CASE WHEN {ASKED} THEN due_at END, owned_until = 0 \
             WHERE id = $1 AND claims = $2 AND owned_until > 0"
        ),
    };
    // every part of the text is written above; values are bound
    let query = sqlx::query(AssertSqlSafe(statement));
    let query = match ending {
        Ending::Found { found, due_at, .. } => query
            .bind(due_at.unwrap_or(NEVER))
            .bind(now)
            .bind(found.status.word())
            .bind(found.decision.word())
            .bind(text(&found.detail))
            .bind(found.verdict.clone()),
        Ending::Failed { due_at, why } => query.bind(*due_at).bind(text(why)),
        Ending::Dropped => query,
    };
    let done = query.bind(check.id).bind(check.claims).execute(&mut **work).await?;
    Ok(done.rows_affected() > 0)
}

/// Places of values: `$5, $6`.
fn numbered(first: usize, count: usize) -> String {
    let places: Vec<String> = (first..first.saturating_add(count)).map(|place| format!("${place}")).collect();
    places.join(", ")
}

fn word<T>(row: &AnyRow, column: &str, read: fn(&str) -> Option<T>) -> Result<T, StorageFault> {
    let text: String = row.try_get(column)?;
    read(&text).ok_or_else(|| row::broken(column))
}

fn check(row: &AnyRow) -> Result<Check, StorageFault> {
    let fingerprint: Vec<u8> = row.try_get("fingerprint")?;
    let decision: String = row.try_get("decision")?;
    Ok(Check {
        id: row.try_get("id")?,
        usage: word(row, "usage", CheckUsage::from_word)?,
        room: row.try_get("room")?,
        connection: row.try_get("connection")?,
        fingerprint: fingerprint.try_into().map_err(|_| row::broken("fingerprint"))?,
        issuer: row.try_get("issuer")?,
        reason: word(row, "reason", Reason::from_word)?,
        due_at: row.try_get("due_at")?,
        owner: row.try_get("owner")?,
        owned_until: row.try_get("owned_until")?,
        times: row.try_get("times")?,
        checked_at: row.try_get("checked_at")?,
        status: word(row, "status", CheckStatus::from_word)?,
        decision: Decided::from_word(&decision),
        detail: row.try_get("detail")?,
        verdict: row.try_get("verdict")?,
        since: row.try_get("since")?,
        failures: row.try_get("failures")?,
        claims: row.try_get("claims")?,
    })
}
