//! Tells of changes: in this process directly, from other processes by PostgreSQL's LISTEN and NOTIFY. A notification
//! may be lost while a connection is made anew, so the version is also looked at twice a second.

use std::time::Duration;

use sqlx::postgres::PgListener;
use sqlx::{AnyPool, Row};
use tokio::sync::watch as channel;
use tokio::task::AbortHandle;

use super::record::Version;

/// The channel of notifications.
const CHANNEL: &str = "assayer_state";

/// What a writer says at the end of its transaction.
pub(super) const NOTIFY: &str = "NOTIFY assayer_state";

/// How long a change may stay unseen when its notification is lost.
const LOOK: Duration = Duration::from_millis(500);

/// Follows the changes of other processes until both tasks are aborted: one listens, the other looks, so that neither
/// waits for a connection of the other.
pub(super) fn follow(url: String, pool: AnyPool, changes: channel::Sender<Version>) -> [AbortHandle; 2] {
    let (looking_pool, looking_changes) = (pool.clone(), changes.clone());
    let looking = tokio::spawn(async move {
        loop {
            tokio::time::sleep(LOOK).await;
            look(&looking_pool, &looking_changes).await;
        }
    });
    let listening = tokio::spawn(async move {
        loop {
            if let Some(mut listener) = connect(&url).await {
                while listener.recv().await.is_ok() {
                    look(&pool, &changes).await;
                }
            }
            tokio::time::sleep(LOOK).await;
        }
    });
    [looking.abort_handle(), listening.abort_handle()]
}

/// A database that does not answer now is asked again in the next round.
async fn look(pool: &AnyPool, changes: &channel::Sender<Version>) {
    let row = sqlx::query("SELECT version FROM state WHERE id = 1").fetch_one(pool).await;
    if let Ok(version) = row.and_then(|row| row.try_get(0)) {
        tell(changes, Version(version));
    }
}

async fn connect(url: &str) -> Option<PgListener> {
    let mut listener = PgListener::connect(url).await.ok()?;
    listener.listen(CHANNEL).await.ok()?;
    Some(listener)
}

/// Tells those who follow of a later version, and of nothing else.
pub(super) fn tell(changes: &channel::Sender<Version>, version: Version) {
    changes.send_if_modified(|told| {
        let later = version > *told;
        *told = version.max(*told);
        later
    });
}
