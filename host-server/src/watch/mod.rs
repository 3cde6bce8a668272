//! The service that watches what expires (R-MON-1): one task looks when it is time, one judges again what is in use
//! (R-REV), one for each channel sends what was raised, so that one that is not there delays no other, and one forgets
//! what is over. All share their work with every other process on the same database, and none keeps anything that a
//! restart could lose. When to look and what to tell the engine says; here is the clock.

pub mod expiry;
pub mod recheck;
pub mod lists;
pub mod services;
pub mod weather;
pub mod prune;
pub mod capsules;
pub mod candidate;

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::task::Poll;
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use tokio::time::{interval, timeout};

use self::expiry::{Monitor, WatchFault};
use self::lists::Lists;
use self::recheck::Rechecks;
use self::recheck::judge::OfServer;
use self::weather::Recorder;
use crate::alarm::{Channel, kind, outbox, recipients};
use crate::api::error::escaped;
use crate::app::App;
use crate::cli::console;
use crate::storage::{Bounds, Queue, StorageFault};

/// How long another process may have set something before this one notices, in seconds.
const ROUND: i64 = 15;
/// A task that was not heard of for so long, in seconds, does not run.
const SILENCE: i64 = 120;
/// How often it is asked whether there is anything to forget.
const FORGETTING: Duration = Duration::from_secs(900);
const FORGETTING_CAPSULES: Duration = Duration::from_secs(60);
/// How long what verdicts rested on is gathered before it is recorded, and before that is tried again.
const RECORDING: Duration = Duration::from_secs(1);
const RECORDING_AGAIN: Duration = Duration::from_secs(30);
/// Certificates that Prometheus is told of one by one.
const SOONEST: usize = 100;

/// What the tasks and the API share.
#[derive(Debug)]
pub struct Watching {
    /// Where alarms go.
    pub channels: Vec<Arc<Channel>>,
    look: Notify,
    deliver: watch::Sender<u64>,
    download: Notify,
    heard: AtomicI64,
    recheck: Notify,
    rechecked: AtomicI64,
}

impl Watching {
    /// With these channels; nothing runs yet.
    #[must_use]
    pub fn new(channels: Vec<Channel>) -> Self {
        let channels = channels.into_iter().map(Arc::new).collect();
        let (look, deliver, recheck) = (Notify::new(), watch::Sender::new(0), Notify::new());
        let (heard, rechecked) = (AtomicI64::new(i64::MIN), AtomicI64::new(i64::MIN));
        Self { channels, look, deliver, heard, recheck, rechecked, download: Notify::new() }
    }

    /// The names of the channels, for whoever raises alarms.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        self.channels.iter().map(|channel| channel.name()).collect()
    }

    /// Looks at once whether something is due.
    pub fn wake(&self) {
        self.look.notify_one();
    }

    /// Sends at once what is in the outbox.
    pub fn wake_delivery(&self) {
        self.deliver.send_modify(|times| *times = times.wrapping_add(1));
    }

    /// Downloads at once what lists are due.
    pub fn wake_downloads(&self) {
        self.download.notify_one();
    }

    /// Checks at once what is due to be checked again.
    pub fn wake_recheck(&self) {
        self.recheck.notify_one();
    }

    /// Whether the task that judges again runs.
    #[must_use]
    pub fn is_rechecking(&self, now: i64) -> bool {
        now.saturating_sub(self.rechecked.load(Ordering::Relaxed)) < SILENCE
    }

    /// Whether the task that looks runs (R-MON-3).
    #[must_use]
    pub fn is_running(&self, now: i64) -> bool {
        now.saturating_sub(self.heard.load(Ordering::Relaxed)) < SILENCE
    }
}

/// Looks whenever it is time, until it is dropped.
pub async fn look(app: &App) {
    let watching = &app.watching;
    let mut monitor = Monitor::of(&app.storage, &app.pool, &app.node, watching.names());
    loop {
        let now = console::clock();
        watching.heard.store(now, Ordering::Relaxed);
        let next = match monitor.step(now).await {
            Ok(step) => {
                if step.raised > 0 {
                    watching.wake_delivery();
                }
                step.next
            }
            Err(fault) => {
                tracing::error!(what = %escaped(&fault.to_string()), "what expires could not be looked at");
                None
            }
        };
        if let Err(fault) = count(app, now).await {
            tracing::error!(what = %escaped(&fault.to_string()), "what waits could not be counted");
        }
        pause(next, &watching.look).await;
    }
}

/// Judges again whatever is due, until it is dropped.
pub async fn recheck(app: Arc<App>) {
    let beside = Arc::clone(&app);
    let clock = move || {
        let now = console::clock();
        beside.watching.rechecked.store(now, Ordering::Relaxed);
        now
    };
    let names = app.watching.names();
    let pool = app.pool.in_background();
    let mut rechecks =
        Rechecks::of((&app.storage, &pool), OfServer::new(&app), &app.node, names, Arc::new(clock));
    let mut versions = app.storage.watch();
    loop {
        let _seen = *versions.borrow_and_update();
        match rechecks.step().await {
            Ok(step) => {
                app.metrics.rechecked(&step);
                if step.raised > 0 {
                    app.watching.wake_delivery();
                }
            }
            Err(fault) => {
                tracing::error!(what = %escaped(&fault.to_string()), "what is in use could not be judged again");
            }
        }
        let next = match app.storage.check_counts(console::clock()).await {
            Ok(counts) => {
                app.metrics.recheck_due(&counts, console::clock());
                counts.next
            }
            Err(_) => None,
        };
        // an upload is looked at when it comes
        let changed = versions.changed();
        if timeout(until(next), either(changed, app.watching.recheck.notified())).await == Ok(Err(())) {
            return;
        }
    }
}

/// Whichever comes first: a change, or its end as an error, or being woken.
async fn either<E>(
    changed: impl Future<Output = Result<(), E>>,
    woken: impl Future<Output = ()>,
) -> Result<(), ()> {
    let (mut changed, mut woken) = (pin!(changed), pin!(woken));
    poll_fn(|context| match changed.as_mut().poll(context) {
        Poll::Ready(changed) => Poll::Ready(changed.map_err(drop)),
        Poll::Pending => woken.as_mut().poll(context).map(Ok),
    })
    .await
}

/// Sends whatever is due, each channel by itself, until it is dropped.
pub async fn deliver(app: &Arc<App>) {
    let mut lanes = JoinSet::new();
    for channel in &app.watching.channels {
        lanes.spawn(deliver_by(Arc::clone(app), Arc::clone(channel)));
    }
    while let Some(ended) = lanes.join_next().await {
        if let Err(error) = ended {
            tracing::error!(what = %escaped(&error.to_string()), "a channel stands still");
        }
    }
}

/// Downloads lists whenever one is due, until it is dropped; nothing where nothing may be fetched.
pub async fn download(app: &App) {
    let Some(fetcher) = &app.fetcher else { return };
    let watching = &app.watching;
    let mut lists = Lists::of(&app.storage, &app.pool, fetcher, (&app.node, watching.names()));
    loop {
        let next = match lists.step(console::clock()).await {
            Ok(step) => {
                if step.raised > 0 {
                    watching.wake_delivery();
                }
                step.next
            }
            Err(fault) => {
                tracing::error!(what = %escaped(&fault.to_string()), "lists could not be looked after");
                None
            }
        };
        pause(next, &watching.download).await;
    }
}

/// Writes down how those that are asked for revocation status answer, until it is dropped.
pub async fn record(app: &App) {
    let Some(fetcher) = &app.fetcher else { return };
    let recorder = Recorder::of(&app.storage, &app.pool, fetcher);
    let mut every = interval(Duration::from_secs(weather::EVERY));
    loop {
        every.tick().await;
        let now = console::clock();
        match recorder.record(now).await {
            Ok(seen) => app.metrics.weather(&seen),
            Err(fault) => {
                tracing::error!(what = %escaped(&fault.to_string()), "the weather could not be written down");
            }
        }
        match app.storage.taken_lists().await {
            Ok(lists) => app.metrics.lists(&lists, now),
            Err(fault) => {
                tracing::error!(what = %escaped(&fault.to_string()), "lists could not be counted");
            }
        }
    }
}

/// Records what verdicts rested on, until it is dropped; several at a time, because they come in bursts.
pub async fn keep_evidence(app: &App) {
    loop {
        app.ledger.noted().await;
        tokio::time::sleep(RECORDING).await;
        let waiting = app.ledger.take();
        let kept = app.storage.record_evidence(&waiting.notes(), &waiting.bodies, Bounds::default()).await;
        if let Err(fault) = kept {
            tracing::error!(what = %escaped(&fault.to_string()), "what verdicts rested on could not be recorded");
            app.ledger.give_back(waiting);
            tokio::time::sleep(RECORDING_AGAIN).await;
        }
    }
}

async fn deliver_by(app: Arc<App>, channel: Arc<Channel>) {
    let mut woken = app.watching.deliver.subscribe();
    loop {
        let now = console::clock();
        if let Err(fault) = deliver_once(&app, &channel, now).await {
            let channel = channel.name();
            tracing::error!(channel, what = %escaped(&fault.to_string()), "alarms could not be taken from the outbox");
        }
        let queues = count(&app, console::clock()).await.unwrap_or_default();
        let next = queues.iter().filter(|queue| kind(&queue.channel) == channel.name());
        let next = next.filter_map(|queue| queue.next_at).min();
        // being woken, being late, and that there is nobody left who could wake come to the same
        let _either = timeout(until(next), woken.changed()).await;
    }
}

async fn deliver_once(app: &App, channel: &Arc<Channel>, now: i64) -> Result<(), WatchFault> {
    if matches!(**channel, Channel::Mail(_)) {
        recipients::address(&app.storage, &app.pool, now).await?;
    }
    for attempt in outbox::empty(&app.storage, channel, now).await? {
        match &attempt.fault {
            None => app.metrics.delivered(&attempt.channel, "delivered", attempt.alarms),
            Some(why) => {
                app.metrics.delivered(&attempt.channel, "failed", attempt.alarms);
                let (channel, alarms) = (attempt.channel, attempt.alarms);
                tracing::warn!(channel, alarms, why = %escaped(why), "alarms wait in the outbox");
            }
        }
    }
    Ok(())
}

/// Forgets what is over, until it is dropped.
pub async fn forget(app: &App) {
    loop {
        match prune::step(&app.storage, &app.node, app.keep_days, console::clock()).await {
            Ok(Some(forgotten)) if forgotten > 0 => {
                tracing::info!(forgotten, "alarms that were over are forgotten")
            }
            Ok(_) => {}
            Err(fault) => {
                tracing::error!(what = %escaped(&fault.to_string()), "alarms that are over could not be forgotten");
            }
        }
        tokio::time::sleep(FORGETTING).await;
    }
}

/// Forgets capsules that are too old or too many, until it is dropped; nothing where none are recorded here, because what is
/// kept is the configuration's.
pub async fn forget_capsules(app: &App) {
    let Some(recorder) = &app.recorder else { return };
    loop {
        let forgotten =
            capsules::forget(&app.storage, &app.node, recorder.settings(), console::clock()).await;
        if let Err(fault) = forgotten {
            tracing::error!(what = %escaped(&fault.to_string()), "capsules could not be forgotten");
        }
        tokio::time::sleep(FORGETTING_CAPSULES).await;
    }
}

/// Sets what Prometheus reads, and gives what waits.
async fn count(app: &App, now: i64) -> Result<Vec<Queue>, StorageFault> {
    let queues = app.storage.queues().await?;
    let last = expiry::last(&app.storage).await?;
    let mut depths: Vec<(String, i64, i64)> =
        app.watching.names().into_iter().map(|name| (name, 0, 0)).collect();
    for queue in &queues {
        let age = queue.oldest.map_or(0, |oldest| now.saturating_sub(oldest));
        let name = kind(&queue.channel);
        match depths.iter_mut().find(|(known, ..)| known == name) {
            Some((_, depth, oldest)) => {
                (*depth, *oldest) = (depth.saturating_add(queue.depth), age.max(*oldest));
            }
            None => depths.push((name.to_owned(), queue.depth, age)),
        }
    }
    app.metrics.waiting(&depths);
    if let Some(last) = last {
        app.metrics.expiring(&last, now);
    }
    app.metrics.soonest(app.storage.soonest_places(SOONEST).await?, now);
    Ok(queues)
}

/// Waits until `next`, until somebody wakes us, or for a round.
async fn pause(next: Option<i64>, wake: &Notify) {
    // being woken and being late come to the same
    let _either = timeout(until(next), wake.notified()).await;
}

/// The time until `next`, a round at most.
fn until(next: Option<i64>) -> Duration {
    let seconds = next.map_or(ROUND, |next| next.saturating_sub(console::clock()).clamp(1, ROUND));
    Duration::from_secs(u64::try_from(seconds).unwrap_or(1))
}
