//! Connections that last long (R-REV-4): registered by their owners, judged again while they last, and ended by their
//! owners. Nothing is cut here: an owner is told, and sees it.

use sha2::{Digest, Sha256};
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};

use super::check::{self, Check, Decided, Found, New, Reason};
use super::database::Work;
use super::fault::StorageFault;
use super::record::{Fingerprint, text, words};
use super::{CheckUsage, Storage, event, row};
use crate::audit::{AuditRecord, log};

words! {
    /// A kind of connection that lasts long (R-REV-4).
    Class {
        /// Computer telephony integration.
        Cti = "cti",
        /// IPsec.
        Ipsec = "ipsec",
        /// LDAP.
        Ldap = "ldap",
    }
}

words! {
    /// What is known of a connection.
    ConnectionState {
        /// Its certificate is not to be trusted any more: its owner is to end it.
        Cut = "cut",
        /// Its certificate was to be trusted when it was looked at last.
        Good = "good",
        /// Its certificate was not looked at yet.
        Unjudged = "unjudged",
    }
}

/// Serial numbers that are looked for with one statement.
const SERIALS: usize = 100;

/// What is told of a kind of connection.
pub const CUT: &str = "connection.cut";

/// A connection that is registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewConnection {
    /// Its number.
    pub id: String,
    /// Its kind.
    pub class: Class,
    /// The name or the address of the other end.
    pub peer: String,
    /// The other end's certificate in DER.
    pub der: Vec<u8>,
    /// SHA-256 of it.
    pub fingerprint: Fingerprint,
    /// Its subject in words.
    pub subject: String,
    /// Its serial number.
    pub serial: String,
    /// Equal for all that the same authority answers for.
    pub issuer: String,
    /// Files with certificates that help to build a path.
    pub chain: Vec<Vec<u8>>,
    /// The trust store that it is judged by.
    pub store: String,
    /// What it is used for; empty where nobody said.
    pub purpose: String,
}

/// A connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connection {
    /// Its number.
    pub id: String,
    /// Its kind.
    pub class: Class,
    /// The name or the address of the other end.
    pub peer: String,
    /// The account that registered it.
    pub registered_by: String,
    /// When.
    pub registered_at: i64,
    /// The other end's certificate in DER.
    pub der: Vec<u8>,
    /// SHA-256 of it.
    pub fingerprint: Fingerprint,
    /// Its subject in words.
    pub subject: String,
    /// Its serial number.
    pub serial: String,
    /// Files with certificates that help to build a path.
    pub chain: Vec<Vec<u8>>,
    /// The trust store that it is judged by.
    pub store: String,
    /// What it is used for; empty where nobody said.
    pub purpose: String,
    /// What is known of it.
    pub state: ConnectionState,
    /// Why it is to be cut; empty where it is not.
    pub why: String,
    /// When it ended.
    pub ended_at: Option<i64>,
}

/// Which connections.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConnectionFilter {
    /// Of this kind.
    pub class: Option<Class>,
    /// In this state, and not ended.
    pub state: Option<ConnectionState>,
    /// Those that have ended too.
    pub with_ended: bool,
    /// Behind the one with this moment and number.
    pub after: Option<(i64, String)>,
}

/// What is told of a connection is told about this.
#[must_use]
pub fn told(id: &str) -> Fingerprint {
    let mut hash = Sha256::new();
    // no certificate begins with these
    hash.update(b"connection ");
    hash.update(id.as_bytes());
    hash.finalize().into()
}

const COLUMNS: &str = "SELECT id, class, peer, registered_by, registered_at, der, fingerprint, subject, serial, chain, \
                       store, purpose, state, why, ended_at FROM connections";

impl Storage {
    /// Registers a connection, which is looked at at once, with its record in the audit.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn register(&self, new: &NewConnection, record: AuditRecord) -> Result<(), StorageFault> {
        let mut work = self.database().change().await?;
        sqlx::query(
            "INSERT INTO connections (id, class, peer, registered_by, registered_at, subject, serial, fingerprint, der, \
             chain, store, purpose, issuer_key, state, why) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'unjudged', '')",
        )
        .bind(text(&new.id))
        .bind(new.class.word())
        .bind(text(&new.peer))
        .bind(text(&record.who))
        .bind(record.time)
        .bind(text(&new.subject))
        .bind(text(&new.serial))
        .bind(new.fingerprint.to_vec())
        .bind(new.der.clone())
        .bind(serde_json::to_string(&new.chain).unwrap_or_default())
        .bind(text(&new.store))
        .bind(text(&new.purpose))
        .bind(text(&new.issuer))
        .execute(&mut *work)
        .await?;
        let checked = New {
            usage: CheckUsage::Connection.word(),
            room: new.class.word(),
            connection: &new.id,
            fingerprint: &new.fingerprint,
            issuer: &new.issuer,
        };
        check::insert(&mut work, &checked, Reason::Upload, Some(record.time)).await?;
        log::append(&mut work, record).await?;
        Ok(work.commit().await?)
    }

    /// Ends a connection, with its record in the audit. Whether it had not ended before.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn end_connection(&self, id: &str, record: AuditRecord) -> Result<bool, StorageFault> {
        let mut work = self.database().change().await?;
        let ended = sqlx::query("UPDATE connections SET ended_at = $1 WHERE id = $2 AND ended_at IS NULL")
            .bind(record.time)
            .bind(text(id))
            .execute(&mut *work)
            .await?;
        if ended.rows_affected() == 0 {
            return Ok(false);
        }
        sqlx::query("DELETE FROM checks WHERE usage = 'connection' AND connection = $1")
            .bind(text(id))
            .execute(&mut *work)
            .await?;
        event::resolve(&mut work, &told(id), CUT, record.time).await?;
        log::append(&mut work, record).await?;
        work.commit().await?;
        Ok(true)
    }

    /// The connection of this number.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn connection(&self, id: &str) -> Result<Option<Connection>, StorageFault> {
        let statement = format!("{COLUMNS} WHERE id = $1");
        // every part of the text is written above; values are bound
        let query = sqlx::query(AssertSqlSafe(statement)).bind(text(id));
        let row = query.fetch_optional(&self.database().reader).await?;
        row.as_ref().map(connection).transpose()
    }

    /// The numbers of the connections that have not ended and whose certificates are of this issuer, in its comparable
    /// form, with one of these serial numbers; the newest first, at most `most`.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn connections_issued(
        &self,
        issuer_key: &str,
        serials: &[String],
        most: usize,
    ) -> Result<Vec<String>, StorageFault> {
        let mut found: Vec<(i64, String)> = Vec::new();
        for some in serials.chunks(SERIALS) {
            let places: Vec<String> =
                (0..some.len()).map(|place| format!("${}", place.saturating_add(2))).collect();
            let statement = format!(
                "SELECT registered_at, id FROM connections WHERE issuer_key = $1 AND ended_at IS NULL AND serial IN ({})",
                places.join(", ")
            );
            // every part of the text is written above; values are bound
            let statement = sqlx::query(AssertSqlSafe(statement)).bind(text(issuer_key));
            let statement = some.iter().fold(statement, |statement, serial| statement.bind(text(serial)));
            for row in statement.fetch_all(&self.database().reader).await? {
                found.push((row.try_get("registered_at")?, row.try_get("id")?));
            }
        }
        found.sort_by(|one, other| other.cmp(one));
        Ok(found.into_iter().take(most).map(|(_, id)| id).collect())
    }

    /// The connections that meet a filter, the newest first, at most `most`.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn connections(
        &self,
        filter: &ConnectionFilter,
        most: i64,
    ) -> Result<Vec<Connection>, StorageFault> {
        let (registered_at, id) = filter.after.clone().unwrap_or((i64::MAX, String::new()));
        let statement = format!(
            "{COLUMNS} WHERE ($1 = '' OR class = $1) AND ($2 = '' OR (state = $2 AND ended_at IS NULL)) \
             AND ($3 = 1 OR ended_at IS NULL) AND (registered_at < $4 OR (registered_at = $4 AND id < $5)) \
             ORDER BY registered_at DESC, id DESC LIMIT $6"
        );
        // every part of the text is written above; values are bound
        let rows = sqlx::query(AssertSqlSafe(statement))
            .bind(filter.class.map(Class::word).unwrap_or_default())
            .bind(filter.state.map(ConnectionState::word).unwrap_or_default())
            .bind(i64::from(filter.with_ended))
            .bind(registered_at)
            .bind(text(&id))
            .bind(most)
            .fetch_all(&self.database().reader)
            .await?;
        rows.iter().map(connection).collect()
    }
}

/// What a check found of the certificate behind a connection.
pub(super) async fn judged(work: &mut Work, check: &Check, found: &Found) -> Result<(), StorageFault> {
    let (state, why) = match found.decision {
        Decided::Allow => (ConnectionState::Good, ""),
        Decided::Deny => (ConnectionState::Cut, found.detail.as_str()),
    };
    sqlx::query("UPDATE connections SET state = $1, why = $2 WHERE id = $3 AND ended_at IS NULL")
        .bind(state.word())
        .bind(text(why))
        .bind(check.connection.clone())
        .execute(&mut **work)
        .await?;
    Ok(())
}

fn connection(row: &AnyRow) -> Result<Connection, StorageFault> {
    let fingerprint: Vec<u8> = row.try_get("fingerprint")?;
    let (class, state): (String, String) = (row.try_get("class")?, row.try_get("state")?);
    let chain: String = row.try_get("chain")?;
    Ok(Connection {
        id: row.try_get("id")?,
        class: Class::from_word(&class).ok_or_else(|| row::broken("class"))?,
        peer: row.try_get("peer")?,
        registered_by: row.try_get("registered_by")?,
        registered_at: row.try_get("registered_at")?,
        der: row.try_get("der")?,
        fingerprint: fingerprint.try_into().map_err(|_| row::broken("fingerprint"))?,
        subject: row.try_get("subject")?,
        serial: row.try_get("serial")?,
        chain: serde_json::from_str(&chain).map_err(|_| row::broken("chain"))?,
        store: row.try_get("store")?,
        purpose: row.try_get("purpose")?,
        state: ConnectionState::from_word(&state).ok_or_else(|| row::broken("state"))?,
        why: row.try_get("why")?,
        ended_at: row.try_get("ended_at")?,
    })
}
