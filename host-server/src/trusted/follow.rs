//! Brings what is in use up to date: at once where a change is told, when a certificate comes into use, and again and
//! again where a version could not be loaded. And says which version that is: the one in use, and no other (R-TRB-4).

use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;

use super::snapshot::Snapshot;
use crate::app::App;
use crate::cli::console;
use crate::storage::Version;

/// How often a node says which version it decides with, even where nothing changed.
const HEARTBEAT: Duration = Duration::from_secs(10);
/// How soon a version that could not be loaded is tried again.
const RETRY: Duration = Duration::from_secs(1);

/// Loads the version there is now and puts it in use; where it cannot be loaded, what is in use stays.
pub async fn load(app: &Arc<App>, told: Version) {
    let before = app.trusted.snapshot();
    match Snapshot::load(app, before.as_deref(), console::clock()).await {
        Ok(snapshot) => {
            app.pool.forget_before(snapshot.generation());
            app.comparer.forget_before(snapshot.generation());
            app.metrics.loaded(snapshot.version.0);
            tracing::debug!(version = snapshot.version.0, "loaded");
            app.trusted.put(Arc::new(snapshot));
        }
        Err(fault) => {
            let what = fault.to_string();
            // once, however often it is tried again
            if app.trusted.check().err().as_ref() != Some(&what) {
                let what = crate::api::error::escaped(&what);
                tracing::error!(
                    version = told.0,
                    what,
                    "a version could not be loaded; what is in use stays"
                );
            }
            app.metrics.not_loaded();
            app.trusted.failed(told, fault);
        }
    }
}

/// Follows the state. It ends only when it is dropped, or with the storage.
pub async fn follow(app: Arc<App>) {
    let mut versions = app.storage.watch();
    loop {
        let told = *versions.borrow_and_update();
        let before = app.trusted.snapshot();
        let now = console::clock();
        let due = before.and_then(|snapshot| snapshot.next_activation()).is_some_and(|moment| moment <= now);
        if due || !app.trusted.is_tried(told) {
            load(&app, told).await;
        }
        report(&app).await;
        let wait = if app.trusted.is_tried(told) { HEARTBEAT } else { RETRY };
        if let Ok(Err(_)) = timeout(wait, versions.changed()).await {
            return;
        }
    }
}

/// Follows the slot of the certificate that the server shows. It ends only when it is dropped, or with the storage.
pub async fn follow_identity(app: Arc<App>) {
    let mut versions = app.storage.watch();
    loop {
        let _seen = *versions.borrow_and_update();
        app.identity_changed().await;
        if let Ok(Err(_)) = timeout(HEARTBEAT, versions.changed()).await {
            return;
        }
    }
}

/// Says which version is in use.
async fn report(app: &App) {
    let Some(version) = app.trusted.version() else { return };
    if let Err(fault) = app.storage.report_loaded(&app.node, version, console::clock()).await {
        tracing::warn!(%fault, "this node's version could not be told");
    }
}
