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

/// Follows the changes of other processes until it is aborted.
pub(super) fn listen(url: String, pool: AnyPool, changes: channel::Sender<Version>) -> AbortHandle {
    tokio::spawn(async move {
        let mut listener = None;
        loop {
            if listener.is_none() {
                listener = connect(&url).await;
            }
            match &mut listener {
                Some(open) => {
                    if let Ok(Err(_)) = tokio::time::timeout(LOOK, open.recv()).await {
                        listener = None;
                        tokio::time::sleep(LOOK).await;
                    }
                }
                None => tokio::time::sleep(LOOK).await,
            }
            // a database that does not answer now is asked again in the next round
            let row = sqlx::query("SELECT version FROM state WHERE id = 1").fetch_one(&pool).await;
            if let Ok(version) = row.and_then(|row| row.try_get(0)) {
                tell(&changes, Version(version));
            }
        }
    })
    .abort_handle()
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
