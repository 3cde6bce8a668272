//! Compares decisions with what a candidate policy makes of them, and writes down what came of it: counts and the newest
//! flips. What cannot be written is kept and tried again; a stop writes what there is, and counts what still waits.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use crate::api::error::escaped;
use crate::app::App;
use crate::cli::console;
use crate::decide::candidate::Found;

/// How long decisions are gathered before they are compared: by then they are answered.
const GATHERING: Duration = Duration::from_millis(200);
/// How long it is compared before it is written down what came of it.
const WRITING: Duration = Duration::from_secs(1);
/// How soon it is tried again where it could not be written.
const AGAIN: Duration = Duration::from_secs(10);

/// Compares what waits, until it is dropped.
pub async fn compare(app: &Arc<App>) {
    loop {
        app.comparer.noted().await;
        tokio::time::sleep(GATHERING).await;
        loop {
            let begun = Instant::now();
            let mut is_more = true;
            while is_more && begun.elapsed() < WRITING {
                is_more = app.comparer.compare(&app.node).await.is_some();
            }
            if write(app).await.is_err() {
                tokio::time::sleep(AGAIN).await;
            } else if !is_more {
                break;
            }
        }
    }
}

/// Writes down what came of comparing, for a stop: what still waits is counted and let go.
pub async fn end(app: &Arc<App>) {
    app.comparer.let_go();
    let _told = write(app).await;
}

/// Writes down what came of comparing since the last time.
async fn write(app: &Arc<App>) -> Result<(), ()> {
    let found = app.comparer.take();
    if found.is_empty() {
        return Ok(());
    }
    let app = Arc::clone(app);
    // a task of its own: what was taken away is written down, whoever stops waiting for it
    let written = tokio::spawn(async move { put(&app, found).await });
    written.await.unwrap_or(Err(()))
}

async fn put(app: &App, mut found: Found) -> Result<(), ()> {
    while let Some((candidate, comparisons)) = found.pop_first() {
        if let Err(fault) = app.storage.note_comparisons(candidate, &comparisons, console::clock()).await {
            tracing::error!(what = %escaped(&fault.to_string()), "what a candidate policy came to could not be written");
            found.insert(candidate, comparisons);
            app.comparer.give_back(found);
            return Err(());
        }
        comparisons.counts.values().for_each(|counts| app.metrics.compared(counts));
    }
    Ok(())
}
