//! Tells those who show something that it is out of date: which part of what is kept is another by now, and never what is
//! in it. One task of the process looks (`follow`), however many listen; a listener that is too slow is told that
//! everything may be another.

pub mod follow;
pub mod listener;

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, broadcast, watch};
use tokio::time::timeout;

use crate::storage::{Part, Position, Pulse};

/// The most listeners of one process: each has a connection of its own.
pub const LISTENERS: usize = 128;
/// Tellings that are kept for a listener who is slow.
const BACKLOG: usize = 32;
/// How long whoever joins waits for a look.
const PATIENCE: Duration = Duration::from_secs(5);

/// What became another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changed {
    /// Too much to say what.
    Everything,
    /// These.
    Parts(BTreeSet<Part>),
}

/// What all listeners are told once.
#[derive(Clone, Debug)]
pub struct Telling {
    /// The number of the look that found it.
    number: u64,
    /// How it stands since.
    pub pulse: Pulse,
    /// What became another.
    pub changed: Changed,
}

/// How it stood at a look.
#[derive(Clone, Debug)]
struct Standing {
    number: u64,
    /// The last of those who wanted a look that this was for.
    wanted: u64,
    pulse: Pulse,
}

/// What the task and the listeners share.
pub struct News {
    tell: broadcast::Sender<Arc<Telling>>,
    standing: watch::Sender<Option<Standing>>,
    wanted: AtomicU64,
    wake: Notify,
    over: watch::Sender<bool>,
    room: Arc<Semaphore>,
}

/// Who listens, with everything that is told after `pulse`.
pub struct Subscription {
    /// How it stood when it began.
    pub pulse: Pulse,
    number: u64,
    told: broadcast::Receiver<Arc<Telling>>,
    over: watch::Receiver<bool>,
    _place: OwnedSemaphorePermit,
}

/// Why nobody more can listen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deaf {
    /// As many listen as may.
    Crowded,
    /// What is kept could not be looked at, or the server stops.
    Unanswered,
}

impl Default for News {
    fn default() -> Self {
        Self {
            tell: broadcast::Sender::new(BACKLOG),
            standing: watch::Sender::new(None),
            wanted: AtomicU64::new(0),
            wake: Notify::new(),
            over: watch::Sender::new(false),
            room: Arc::new(Semaphore::new(LISTENERS)),
        }
    }
}

impl fmt::Debug for News {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("News").field("listeners", &self.tell.receiver_count()).finish_non_exhaustive()
    }
}

impl News {
    /// Begins to listen: from how it stands at a look that is made for it.
    ///
    /// # Errors
    /// [`Deaf`].
    pub async fn subscribe(&self) -> Result<Subscription, Deaf> {
        let place = Arc::clone(&self.room).try_acquire_owned().map_err(|_| Deaf::Crowded)?;
        let (told, over) = (self.tell.subscribe(), self.over.subscribe());
        let wanted = self.wanted.fetch_add(1, Ordering::Relaxed).saturating_add(1);
        self.wake.notify_one();
        let mut standing = self.standing.subscribe();
        let looked =
            standing.wait_for(|standing| standing.as_ref().is_some_and(|standing| standing.wanted >= wanted));
        let looked = timeout(PATIENCE, looked).await.ok().and_then(Result::ok);
        let standing = looked.and_then(|standing| standing.clone()).ok_or(Deaf::Unanswered)?;
        Ok(Subscription { pulse: standing.pulse, number: standing.number, told, over, _place: place })
    }

    /// Ends every listening, for a stop that waits for requests under way.
    pub fn end(&self) {
        self.over.send_replace(true);
    }

    /// Waits until somebody listens.
    async fn listened(&self) {
        while self.tell.receiver_count() == 0 {
            self.wake.notified().await;
        }
    }

    /// A look found how it stands, and what became another since the one before it.
    fn put(&self, (pulse, wanted): (Pulse, u64), changed: Option<Changed>) {
        let number = self.standing.borrow().as_ref().map_or(0, |before| before.number).saturating_add(1);
        // before anybody is told: who joins in between begins with it, and leaves the telling out
        self.standing.send_replace(Some(Standing { number, wanted, pulse: pulse.clone() }));
        if let Some(changed) = changed {
            // nobody left to be told is no failure
            let _listeners = self.tell.send(Arc::new(Telling { number, pulse, changed }));
        }
    }

    fn position(&self) -> Option<Position> {
        self.standing.borrow().as_ref().map(|standing| standing.pulse.position.clone())
    }
}

#[cfg(test)]
mod tests;
