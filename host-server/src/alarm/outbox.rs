//! Empties the outbox: takes what is due, sends it, and writes down what came of it. What a channel does not take waits
//! longer from attempt to attempt and is never given up; the clock is the caller's.

use std::sync::Arc;

use tokio::task::JoinSet;

use super::{Batch, Channel, MAIL_TO, kind};
use crate::storage::{Delivery, Storage, StorageFault};

/// How long an attempt may take before another process makes its own, in seconds.
const LEASE: i64 = 120;
/// The first wait after a failure, in seconds; each further one is twice as long, up to the longest.
const FIRST_WAIT: i64 = 5;
const LONGEST_WAIT: i64 = 900;

/// What came of one attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The channel's name; of mail without its recipient.
    pub channel: String,
    /// How many alarms it was about.
    pub alarms: usize,
    /// Why they were not taken; `None` where they were.
    pub fault: Option<String>,
}

/// Sends everything that is due at `now` on a channel. By mail, no recipient waits for another.
///
/// # Errors
/// What a database can do wrong.
pub async fn empty(
    storage: &Storage,
    channel: &Arc<Channel>,
    now: i64,
) -> Result<Vec<Attempt>, StorageFault> {
    if !matches!(**channel, Channel::Mail(_)) {
        return lane(storage, channel, &channel.name(), now).await;
    }
    let mut tasks = JoinSet::new();
    for name in storage.lanes(MAIL_TO, now).await? {
        let (storage, channel) = (storage.clone(), Arc::clone(channel));
        tasks.spawn(async move { lane(&storage, &channel, &name, now).await });
    }
    let mut attempts = Vec::new();
    while let Some(ended) = tasks.join_next().await {
        let ended = ended.map_err(|error| StorageFault::Broken(error.to_string()))?;
        attempts.extend(ended?);
    }
    Ok(attempts)
}

/// What waits under one name.
async fn lane(
    storage: &Storage,
    channel: &Channel,
    name: &str,
    now: i64,
) -> Result<Vec<Attempt>, StorageFault> {
    let mut attempts = Vec::new();
    while let Some(attempt) = attempt(storage, channel, name, now).await? {
        let failed = attempt.fault.is_some();
        attempts.push(attempt);
        if failed {
            // left alone until its wait is over
            break;
        }
    }
    Ok(attempts)
}

async fn attempt(
    storage: &Storage,
    channel: &Channel,
    name: &str,
    now: i64,
) -> Result<Option<Attempt>, StorageFault> {
    let times = (now, now.saturating_add(LEASE));
    let taken = storage.take_deliveries(name, times, channel.most()).await?;
    if taken.is_empty() {
        return Ok(None);
    }
    let waiting = storage.waiting(name).await?;
    let more = waiting.saturating_sub(i64::try_from(taken.len()).unwrap_or(i64::MAX));
    let alarms: Vec<_> = taken.iter().map(|delivery| &delivery.alarm).collect();
    let sent = channel.send(&Batch { lane: name, alarms: &alarms, more, now }).await;
    match &sent {
        Ok(()) => storage.delivered(&taken, now).await?,
        Err(setback) => {
            // of all the same, so that what has to go out together again is due together
            let next_at = now.saturating_add(wait(attempts(&taken)));
            storage.undelivered(&taken, next_at, setback).await?;
        }
    }
    let fault = sent.err().map(|setback| setback.to_string());
    Ok(Some(Attempt { channel: kind(name).to_owned(), alarms: taken.len(), fault }))
}

/// How often the one that was tried most often was tried.
fn attempts(taken: &[Delivery]) -> i64 {
    taken.iter().map(|delivery| delivery.attempts).max().unwrap_or_default()
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
