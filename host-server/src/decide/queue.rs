//! A bounded room in which things wait until they are taken away. Whoever brings something never waits, and is told where
//! there is no room.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// How much may wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bounds {
    /// So many things.
    pub(super) things: usize,
    /// So many octets of all of them.
    pub(super) octets: usize,
}

/// The room.
pub(super) struct Queue<T> {
    bounds: Bounds,
    waiting: Mutex<Waiting<T>>,
    noted: Notify,
}

struct Waiting<T> {
    things: VecDeque<(T, usize)>,
    /// Those that there is room kept for, whether they stand here already or not.
    count: usize,
    octets: usize,
}

impl<T> fmt::Debug for Queue<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Queue").field("bounds", &self.bounds).finish_non_exhaustive()
    }
}

impl<T> Queue<T> {
    pub(super) fn new(bounds: Bounds) -> Self {
        let waiting = Waiting { things: VecDeque::new(), count: 0, octets: 0 };
        Self { bounds, waiting: Mutex::new(waiting), noted: Notify::new() }
    }

    /// Puts in what `make` gives, where there is room for so many octets of it; whether there was. It is made while nobody
    /// else is held up.
    pub(super) fn offer(&self, octets: usize, make: impl FnOnce() -> T) -> bool {
        {
            let mut waiting = self.waiting();
            let after = waiting.octets.saturating_add(octets);
            if waiting.count >= self.bounds.things || after > self.bounds.octets {
                return false;
            }
            waiting.octets = after;
            waiting.count = waiting.count.saturating_add(1);
        }
        let thing = make();
        self.waiting().things.push_back((thing, octets));
        self.wake();
        true
    }

    /// Waits until there is something.
    pub(super) async fn noted(&self) {
        self.noted.notified().await;
    }

    /// Has [`noted`](Self::noted) return.
    pub(super) fn wake(&self) {
        self.noted.notify_one();
    }

    /// Takes away the first of what waits; where others are left, [`noted`](Self::noted) returns again.
    pub(super) fn take(&self, most: usize) -> Vec<T> {
        let mut waiting = self.waiting();
        let count = waiting.things.len().min(most);
        let taken: Vec<(T, usize)> = waiting.things.drain(..count).collect();
        let octets = taken.iter().fold(0_usize, |sum, (_, octets)| sum.saturating_add(*octets));
        waiting.octets = waiting.octets.saturating_sub(octets);
        waiting.count = waiting.count.saturating_sub(count);
        if !waiting.things.is_empty() {
            self.wake();
        }
        taken.into_iter().map(|(thing, _)| thing).collect()
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting<T>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_finds_no_room_is_not_even_made() {
        let queue = Queue::new(Bounds { things: 2, octets: 10 });
        assert!(queue.offer(4, || 1) && queue.offer(6, || 2));
        assert!(!queue.offer(0, || panic!("two are the most")));
        assert_eq!(queue.take(1), [1]);
        assert!(!queue.offer(5, || panic!("ten octets are the most")));
        assert!(queue.offer(4, || 3));
        assert_eq!(queue.take(9), [2, 3]);
        assert!(queue.offer(10, || 4));
        assert_eq!(queue.take(9), [4]);
        assert!(queue.take(9).is_empty());
        let none = Queue::new(Bounds { things: 0, octets: 10 });
        assert!(!none.offer(0, || 1));
    }
}
