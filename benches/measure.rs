//! How time is taken: the least of many batches, because everything that disturbs a batch only adds to it.

use std::time::{Duration, Instant};

/// Batches that are timed.
const BATCHES: usize = 15;

/// How long a batch should take at least.
const BATCH: Duration = Duration::from_millis(20);

/// The least time of one call of `work`, in nanoseconds.
pub(crate) fn least(mut work: impl FnMut() -> Result<(), String>) -> Result<f64, String> {
    work()?;
    let start = Instant::now();
    work()?;
    let once = start.elapsed().max(Duration::from_nanos(100));
    let calls = u32::try_from(BATCH.as_nanos().div_ceil(once.as_nanos())).unwrap_or(u32::MAX).max(1);
    let mut least = f64::INFINITY;
    for _ in 0..BATCHES {
        let start = Instant::now();
        for _ in 0..calls {
            work()?;
        }
        least = least.min(start.elapsed().as_secs_f64() * 1e9 / f64::from(calls));
    }
    Ok(least)
}

/// What one single call of `work` takes, in nanoseconds.
pub(crate) fn once(work: impl FnOnce()) -> f64 {
    let start = Instant::now();
    work();
    start.elapsed().as_secs_f64() * 1e9
}
