//! Writes decisions down that wait to be recorded, and forgets capsules that are too old or too many. Of any number of
//! processes one forgets, a bounded step at a time; time comes in as an argument.

use std::time::Duration;

use sha2::{Digest as _, Sha256};

use crate::api::error::escaped;
use crate::app::App;
use crate::capsule::form;
use crate::decide::recorder::{Capsules, Pending, Recorder};
use crate::storage::{NewCapsule, Storage, StorageFault};

/// The job's name.
pub const JOB: &str = "capsules";
/// How long a process that was heard of last keeps the job, in seconds.
const LEASE: i64 = 120;
/// How often, in seconds.
const EVERY: i64 = 60;
/// Capsules that are forgotten at once.
const STEP: i64 = 1_000;
/// Steps of one run; what is left is forgotten by the next.
const STEPS: usize = 100;
/// Capsules that are written in one transaction.
const BATCH: usize = 128;
/// How long decisions are gathered before they are written.
const GATHERING: Duration = Duration::from_millis(200);

/// Writes down what waits, until it is dropped; several at a time, because they come in bursts.
pub async fn keep(app: &App) {
    let Some(recorder) = &app.recorder else { return };
    loop {
        recorder.noted().await;
        tokio::time::sleep(GATHERING).await;
        write(app, recorder).await;
    }
}

/// Writes down all that waits now. What cannot be written is counted and let go: a decision is worth more than its record.
pub async fn write(app: &App, recorder: &Recorder) {
    loop {
        app.metrics.capsules("dropped", recorder.dropped());
        let pending = recorder.take(BATCH);
        if pending.is_empty() {
            return;
        }
        let mut capsules = Vec::with_capacity(pending.len());
        for one in pending {
            match capsule(app, one).await {
                Ok(capsule) => capsules.push(capsule),
                Err(what) => {
                    app.metrics.capsules("failed", 1);
                    tracing::error!(what = %escaped(&what), "a decision could not be recorded");
                }
            }
        }
        let count = u64::try_from(capsules.len()).unwrap_or(u64::MAX);
        match app.storage.keep_capsules(&capsules).await {
            Ok(()) => app.metrics.capsules("recorded", count),
            Err(fault) => {
                app.metrics.capsules("failed", count);
                tracing::error!(what = %escaped(&fault.to_string()), "decisions could not be recorded");
            }
        }
    }
}

/// A decision as it is kept.
async fn capsule(app: &App, pending: Pending) -> Result<NewCapsule, String> {
    let record = pending.record(&app.pool, &app.node).await?;
    let recorded_at = record.recording.as_ref().map_or(0, |recording| recording.at);
    let allows = record.verdict.decision == engine_capsule::Decision::Allow;
    let (trace, purpose) = (record.verdict.trace.0, record.question.purpose.clone().unwrap_or_default());
    let certificate = Sha256::digest(&record.question.target.0).into();
    let sealed = form::seal(record)?;
    let (root, body) = (sealed.root().0, sealed.print());
    Ok(NewCapsule { root, recorded_at, allows, purpose, certificate, trace, body })
}

/// Forgets what is due to be, where nobody else is at it. `None` where it was not this process's.
///
/// # Errors
/// What a database can do wrong.
pub async fn forget(
    storage: &Storage,
    owner: &str,
    settings: &Capsules,
    now: i64,
) -> Result<Option<u64>, StorageFault> {
    storage.schedule(JOB, now.saturating_add(EVERY)).await?;
    let Some(claim) = storage.claim(JOB, owner, (now, LEASE)).await? else { return Ok(None) };
    let before = now.saturating_sub(i64::from(settings.keep_days).saturating_mul(86_400));
    let octets = i64::try_from(settings.keep_octets).unwrap_or(i64::MAX);
    let mut forgotten: u64 = 0;
    for _ in 0..STEPS {
        let step = storage.prune_capsules(before, octets, STEP).await?;
        forgotten = forgotten.saturating_add(step);
        if step < STEP.unsigned_abs() || !storage.extend(&claim, now.saturating_add(LEASE)).await? {
            break;
        }
    }
    storage.finish(&claim, (now, now.saturating_add(EVERY)), &forgotten.to_string()).await?;
    Ok(Some(forgotten))
}
