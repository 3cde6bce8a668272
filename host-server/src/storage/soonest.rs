//! The certificates that expire first, for whoever counts days.

use sqlx::Row;

use super::Storage;
use super::alarm::hash;
use super::fault::StorageFault;
use super::record::Fingerprint;

/// One of the certificates that expire first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Soonest {
    /// SHA-256 of the certificate.
    pub fingerprint: Fingerprint,
    /// notAfter.
    pub not_after: i64,
    /// Where it lies, such as `identity/tomcat`.
    pub place: String,
}

impl Storage {
    /// The certificates that expire first, each once, with where it lies: of several places the first by name.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn soonest_places(&self, most: usize) -> Result<Vec<Soonest>, StorageFault> {
        let rows = sqlx::query(
            "SELECT fingerprint, not_after, usage, room FROM entries ORDER BY not_after, id LIMIT $1",
        )
        // one lies in few places, so that this many rows nearly always hold as many certificates as are wanted
        .bind(i64::try_from(most.saturating_mul(4)).unwrap_or(i64::MAX))
        .fetch_all(&self.database().reader)
        .await?;
        let mut found: Vec<Soonest> = Vec::new();
        for row in &rows {
            let fingerprint = hash(row, "fingerprint")?;
            let (usage, room): (String, String) = (row.try_get("usage")?, row.try_get("room")?);
            let place = format!("{usage}/{room}");
            if let Some(known) = found.iter_mut().find(|known| known.fingerprint == fingerprint) {
                if place < known.place {
                    known.place = place;
                }
            } else if found.len() < most {
                found.push(Soonest { fingerprint, not_after: row.try_get("not_after")?, place });
            }
        }
        Ok(found)
    }
}
