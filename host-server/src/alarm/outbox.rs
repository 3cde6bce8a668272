//! Empties the outbox: takes what is due, sends it, and writes down what came of it. What a channel does not take waits
//! longer from attempt to attempt and is never given up; the clock is the caller's.

use super::Channel;
use crate::storage::{Delivery, Storage, StorageFault};

/// Deliveries of one attempt.
const BATCH: i64 = 20;
/// How long an attempt may take before another process makes its own, in seconds.
const LEASE: i64 = 120;
/// The first wait after a failure, in seconds; each further one is twice as long, up to the longest.
const FIRST_WAIT: i64 = 5;
const LONGEST_WAIT: i64 = 900;

/// What came of one attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The channel's name.
    pub channel: &'static str,
    /// How many alarms it was about.
    pub alarms: usize,
    /// Why they were not taken; `None` where they were.
    pub fault: Option<String>,
}

/// Sends everything that is due at `now` on these channels.
///
/// # Errors
/// What a database can do wrong.
pub async fn empty(storage: &Storage, channels: &[Channel], now: i64) -> Result<Vec<Attempt>, StorageFault> {
    let mut attempts = Vec::new();
    for channel in channels {
        // a channel that failed is left alone until its wait is over
        while let Some(attempt) = attempt(storage, channel, now).await? {
            let failed = attempt.fault.is_some();
            attempts.push(attempt);
            if failed {
                break;
            }
        }
    }
    Ok(attempts)
}

async fn attempt(storage: &Storage, channel: &Channel, now: i64) -> Result<Option<Attempt>, StorageFault> {
    let times = (now, now.saturating_add(LEASE));
    let taken = storage.take_deliveries(channel.name(), times, BATCH).await?;
    if taken.is_empty() {
        return Ok(None);
    }
    let alarms: Vec<_> = taken.iter().map(|delivery| &delivery.alarm).collect();
    let fault = channel.send(&alarms).await.err();
    match &fault {
        None => storage.delivered(&taken, now).await?,
        Some(why) => put_off(storage, &taken, why, now).await?,
    }
    Ok(Some(Attempt { channel: channel.name(), alarms: taken.len(), fault }))
}

async fn put_off(storage: &Storage, taken: &[Delivery], why: &str, now: i64) -> Result<(), StorageFault> {
    for delivery in taken {
        let next_at = now.saturating_add(wait(delivery.attempts));
        storage.undelivered(delivery, next_at, why).await?;
    }
    Ok(())
}

/// How long to wait after so many attempts, in seconds.
fn wait(attempts: i64) -> i64 {
    let doublings = u32::try_from(attempts.saturating_sub(1).clamp(0, 16)).unwrap_or(16);
    FIRST_WAIT.saturating_mul(2_i64.saturating_pow(doublings)).min(LONGEST_WAIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wait_is_twice_as_long_up_to_a_quarter_of_an_hour() {
        let waits: Vec<_> = (0..=10).map(wait).collect();
        assert_eq!(waits, [5, 5, 10, 20, 40, 80, 160, 320, 640, 900, 900]);
        assert_eq!(wait(i64::MAX), 900);
    }
}
