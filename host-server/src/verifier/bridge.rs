//! From a call that waits to a question that does not: each runs on threads of the verifier's own, is waited for no longer
//! than was said, and goes on to its end all the same, so that its place is taken until then.

use std::io;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::Duration;

use tokio::runtime::{Builder, Handle, Runtime, RuntimeFlavor};
use tokio::sync::Semaphore;

use super::Undecided;

/// Most questions under way at once. One that fetches holds a thread, which does little but wait.
const AT_ONCE: usize = 128;
/// Threads beside those: sessions that compute, and names that are looked up.
const OTHERS: usize = 64 + 64;

/// Threads, and how long to wait for them.
pub(super) struct Bridge {
    /// `None` only while it is dropped.
    runtime: Option<Runtime>,
    room: Arc<Semaphore>,
    patience: Duration,
}

impl Bridge {
    /// Starts the threads that drive questions. Those that compute or wait are started when they are needed.
    pub(super) fn start(patience: Duration) -> io::Result<Self> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .max_blocking_threads(AT_ONCE.saturating_add(OTHERS))
            .thread_name("assayer-verifier")
            .enable_all()
            .build()?;
        Ok(Self { runtime: Some(runtime), room: Arc::new(Semaphore::new(AT_ONCE)), patience })
    }

    /// Waits for the end of a question.
    pub(super) fn ask<T: Send + 'static>(
        &self,
        question: impl Future<Output = T> + Send + 'static,
    ) -> Result<T, Undecided> {
        let runtime = self.runtime.as_ref().ok_or(Undecided::Panicked)?;
        let place = Arc::clone(&self.room).try_acquire_owned().map_err(|_| Undecided::TooMany)?;
        let (tell, told) = mpsc::channel();
        runtime.spawn(async move {
            // INVARIANT: given back when the question has ended, however long anybody waits for it; the threads it
            // may hold are counted by this
            let _place = place;
            let _nobody_waits = tell.send(question.await);
        });
        self.wait(&told)
    }

    fn wait<T: Send>(&self, told: &Receiver<T>) -> Result<T, Undecided> {
        let wait = || told.recv_timeout(self.patience);
        let is_worker_of_many =
            Handle::try_current().is_ok_and(|handle| handle.runtime_flavor() == RuntimeFlavor::MultiThread);
        let answer = if is_worker_of_many { tokio::task::block_in_place(wait) } else { wait() };
        answer.map_err(|error| match error {
            RecvTimeoutError::Timeout => Undecided::Late(self.patience),
            // a panic drops what would have told
            RecvTimeoutError::Disconnected => Undecided::Panicked,
        })
    }
}

impl Drop for Bridge {
    /// Where it is dropped may be a place that must not wait, such as a task.
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(60);

    fn many() -> Runtime {
        Builder::new_multi_thread().worker_threads(1).build().unwrap()
    }

    fn one() -> Runtime {
        Builder::new_current_thread().build().unwrap()
    }

    #[test]
    fn it_answers_wherever_it_is_asked() {
        let bridge = Arc::new(Bridge::start(LONG).unwrap());
        assert_eq!(bridge.ask(async { 7 }).unwrap(), 7);
        for runtime in [many(), one()] {
            let bridge = Arc::clone(&bridge);
            // within the runtime's own thread, and, where it has any, on a worker
            assert_eq!(runtime.block_on(async { bridge.ask(async { 7 }).unwrap() }), 7);
            let on_worker = async move { bridge.ask(async { 7 }).unwrap() };
            assert_eq!(runtime.block_on(runtime.spawn(on_worker)).unwrap(), 7);
        }
    }

    #[test]
    fn a_panic_is_an_error() {
        let bridge = Bridge::start(LONG).unwrap();
        let asked: Result<(), _> = bridge.ask(async { panic!("a test") });
        assert!(matches!(asked, Err(Undecided::Panicked)), "{asked:?}");
        assert_eq!(bridge.ask(async { 7 }).unwrap(), 7);
    }

    #[test]
    fn nobody_waits_longer_than_was_said_and_the_place_stays_taken() {
        let mut bridge = Bridge::start(Duration::from_millis(10)).unwrap();
        let (go, gone) = tokio::sync::watch::channel(false);
        for _ in 0..AT_ONCE {
            let mut gone = gone.clone();
            let asked = bridge.ask(async move { gone.wait_for(|gone| *gone).await.is_ok() });
            assert!(matches!(asked, Err(Undecided::Late(_))), "{asked:?}");
        }
        assert!(matches!(bridge.ask(async { 7 }), Err(Undecided::TooMany)));
        go.send_replace(true);
        let all = bridge.runtime.as_ref().unwrap().block_on(bridge.room.acquire_many(128)).map(drop);
        assert!(all.is_ok());
        bridge.patience = LONG;
        assert_eq!(bridge.ask(async { 7 }).unwrap(), 7);
    }

    #[test]
    fn it_may_be_dropped_in_a_task() {
        let bridge = Bridge::start(LONG).unwrap();
        one().block_on(async move { drop(bridge) });
    }
}
