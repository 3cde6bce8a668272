//! What of alarms is kept no longer: those that are over, and deliveries that were made. A step takes so many at most, so
//! that nobody waits long for it; what still waits to be delivered is never taken.

use sqlx::Row;

use super::Storage;
use super::fault::StorageFault;

impl Storage {
    /// Forgets alarms that were over before this moment and deliveries made before it, at most `most` of each. How many
    /// it were of the more numerous; where that is `most`, there may be others.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn prune_alarms(&self, before: i64, most: i64) -> Result<u64, StorageFault> {
        let mut work = self.database().change().await?;
        let over = sqlx::query(
            "SELECT id FROM alarms WHERE state = 'resolved' AND answered_at < $1 AND NOT EXISTS \
             (SELECT 1 FROM deliveries d WHERE d.alarm = alarms.id AND d.delivered_at IS NULL) \
             ORDER BY raised_at, id LIMIT $2",
        )
        .bind(before)
        .bind(most)
        .fetch_all(&mut *work)
        .await?;
        for row in &over {
            let id: String = row.try_get("id")?;
            sqlx::query("DELETE FROM deliveries WHERE alarm = $1")
                .bind(id.clone())
                .execute(&mut *work)
                .await?;
            sqlx::query("DELETE FROM alarms WHERE id = $1").bind(id).execute(&mut *work).await?;
        }
        let made = sqlx::query(
            "SELECT alarm, channel FROM deliveries WHERE delivered_at < $1 ORDER BY delivered_at, alarm LIMIT $2",
        )
        .bind(before)
        .bind(most)
        .fetch_all(&mut *work)
        .await?;
        for row in &made {
            let (alarm, channel): (String, String) = (row.try_get("alarm")?, row.try_get("channel")?);
            sqlx::query("DELETE FROM deliveries WHERE alarm = $1 AND channel = $2")
                .bind(alarm)
                .bind(channel)
                .execute(&mut *work)
                .await?;
        }
        work.commit().await?;
        Ok(u64::try_from(over.len().max(made.len())).unwrap_or(u64::MAX))
    }
}
