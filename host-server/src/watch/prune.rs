//! Forgets alarms that are over when they have been kept for as long as the configuration says. Of any number of
//! processes one does it, once a day and a bounded step at a time; time comes in as an argument.

use crate::storage::{Storage, StorageFault};

/// The job's name.
pub const JOB: &str = "prune";
/// How long a process that was heard of last keeps the job, in seconds.
const LEASE: i64 = 120;
/// How often, in seconds.
const EVERY: i64 = 86_400;
/// Alarms that are forgotten at once.
const STEP: i64 = 500;
/// Steps of one run; what is left is forgotten by the next.
const STEPS: usize = 100;

/// Forgets what is due to be, where nobody else is at it. `None` where it was not this process's.
///
/// # Errors
/// What a database can do wrong.
pub async fn step(
    storage: &Storage,
    owner: &str,
    keep_days: u32,
    now: i64,
) -> Result<Option<u64>, StorageFault> {
    storage.schedule(JOB, now.saturating_add(EVERY)).await?;
    let Some(claim) = storage.claim(JOB, owner, (now, LEASE)).await? else { return Ok(None) };
    let before = now.saturating_sub(i64::from(keep_days).saturating_mul(86_400));
    let mut forgotten: u64 = 0;
    for _ in 0..STEPS {
        let step = storage.prune_alarms(before, STEP).await?;
        forgotten = forgotten.saturating_add(step);
        if step < STEP.unsigned_abs() || !storage.extend(&claim, now.saturating_add(LEASE)).await? {
            break;
        }
    }
    storage.finish(&claim, (now, now.saturating_add(EVERY)), &forgotten.to_string()).await?;
    Ok(Some(forgotten))
}
