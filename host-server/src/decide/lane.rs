//! One asking for everybody who asks the same at the same time. Who comes while it is under way shares the next one and
//! not this: its answer may be older than their question, and a certificate may have been revoked in between.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::time::Instant;

/// Questions under way, by their names.
#[derive(Debug)]
pub(super) struct Lanes<K: Ord + Clone, T: Clone>(Mutex<BTreeMap<K, Arc<Lane<T>>>>);

#[derive(Debug)]
struct Lane<T> {
    turn: tokio::sync::Mutex<()>,
    /// When the latest asking began, and what came of it.
    latest: Mutex<Option<(Instant, T)>>,
}

impl<K: Ord + Clone, T: Clone> Default for Lanes<K, T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Ord + Clone, T: Clone> Lanes<K, T> {
    /// What came of an asking that began after this was called: somebody else's or, where there is none, this one.
    pub(super) async fn ask(&self, name: K, asking: impl Future<Output = T>) -> T {
        let arrived = Instant::now();
        let stay = Stay { lanes: self, lane: self.enter(name.clone()), name };
        let _turn = stay.lane.turn.lock().await;
        let latest = stay.lane.latest().clone();
        if let Some((_, came)) = latest.filter(|(begun, _)| *begun > arrived) {
            return came;
        }
        let begun = Instant::now();
        let came = asking.await;
        *stay.lane.latest() = Some((begun, came.clone()));
        came
    }

    fn enter(&self, name: K) -> Arc<Lane<T>> {
        let fresh = || Arc::new(Lane { turn: tokio::sync::Mutex::new(()), latest: Mutex::new(None) });
        Arc::clone(self.lanes().entry(name).or_insert_with(fresh))
    }

    fn lanes(&self) -> MutexGuard<'_, BTreeMap<K, Arc<Lane<T>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Lane<T> {
    fn latest(&self) -> MutexGuard<'_, Option<(Instant, T)>> {
        self.latest.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Somebody in a lane. The last to leave closes it, however it ends.
struct Stay<'l, K: Ord + Clone, T: Clone> {
    lanes: &'l Lanes<K, T>,
    lane: Arc<Lane<T>>,
    name: K,
}

impl<K: Ord + Clone, T: Clone> Drop for Stay<'_, K, T> {
    fn drop(&mut self) {
        let mut lanes = self.lanes.lanes();
        // the map's and this one; whoever enters does so under the same lock
        if Arc::strong_count(&self.lane) <= 2 {
            lanes.remove(&self.name);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tokio::sync::{Semaphore, oneshot};

    use super::*;

    fn run<T>(future: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_time()
            .build()
            .unwrap()
            .block_on(future)
    }

    #[test]
    fn whoever_comes_while_it_is_asked_shares_the_next_asking() {
        run(async {
            let lanes: Arc<Lanes<u8, usize>> = Arc::default();
            let (count, gate) = (Arc::new(AtomicUsize::new(0)), Arc::new(Semaphore::new(0)));
            let (begun, has_begun) = oneshot::channel();
            let asking = |begun: Option<oneshot::Sender<()>>| {
                let (lanes, count, gate) = (Arc::clone(&lanes), Arc::clone(&count), Arc::clone(&gate));
                tokio::spawn(async move {
                    let ask = async move {
                        let number = count.fetch_add(1, Ordering::SeqCst);
                        if let Some(begun) = begun {
                            begun.send(()).unwrap();
                        }
                        gate.acquire().await.unwrap().forget();
                        number
                    };
                    lanes.ask(1, ask).await
                })
            };
            let first = asking(Some(begun));
            has_begun.await.unwrap();
            let later: Vec<_> = (0..8).map(|_| asking(None)).collect();
            let waiting = || lanes.lanes().get(&1).map_or(0, Arc::strong_count);
            // the map's, the first's and those of the eight
            while waiting() < 10 {
                tokio::task::yield_now().await;
            }
            gate.add_permits(9);
            assert_eq!(first.await.unwrap(), 0);
            for one in later {
                assert_eq!(one.await.unwrap(), 1);
            }
            assert_eq!(count.load(Ordering::SeqCst), 2);
            assert!(lanes.lanes().is_empty());
        });
    }

    #[test]
    fn whoever_goes_away_ends_it_for_nobody_else() {
        run(async {
            let lanes: Lanes<u8, usize> = Lanes::default();
            let never = lanes.ask(1, std::future::pending());
            assert!(tokio::time::timeout(std::time::Duration::from_millis(1), never).await.is_err());
            assert!(lanes.lanes().is_empty());
            assert_eq!(lanes.ask(1, async { 7 }).await, 7);
            assert_eq!(lanes.ask(2, async { 8 }).await, 8);
            assert!(lanes.lanes().is_empty());
        });
    }
}
