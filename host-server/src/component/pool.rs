//! Sessions for a server: as many at once as there are turns, and a bounded queue before them. A question that brings
//! everything with it gets a fresh instance; one that shares what others share gets one where that is ready, of which
//! as many are kept as there are turns. Questions are answered on threads that may compute.
//!
//! There are turns for two shares, so that neither decisions for other servers nor everything else waits for the other;
//! the processors are divided between them by the system. What is judged beside decisions has one turn besides.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::bindings::exports::assayer::engine::types::Refusal;
use super::kept::{Kept, Recipe, Shelf};
use super::limits::Ceilings;
use super::{Allocation, Answer, Engine, Fault, Session, Validator};

/// How large a pool is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Sessions at once.
    pub sessions: u32,
    /// Questions that may wait.
    pub queue: usize,
    /// How long one waits at most.
    pub patience: Duration,
    /// The most memory that any session may have.
    pub memory: usize,
}

/// How long a question in the background waits for its turn.
const BACKGROUND: Duration = Duration::from_secs(60);

/// The right to be answered: a turn, a place in the house, and for those in the background the way in.
type Turn = (OwnedSemaphorePermit, OwnedSemaphorePermit, Option<OwnedSemaphorePermit>);

/// The pool. Cheap to clone.
#[derive(Clone)]
pub struct Pool {
    engine: Engine,
    size: Size,
    /// Who is in the house: waiting or being answered.
    places: Arc<Semaphore>,
    /// Who is being answered.
    turns: Arc<Semaphore>,
    /// Sessions that are ready for what questions share.
    shelf: Arc<Shelf>,
    /// Who of those that nobody waits for may come in.
    gate: Option<Arc<Semaphore>>,
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool").field("size", &self.size).finish_non_exhaustive()
    }
}

/// Decisions for other servers, and everything else.
const SHARES: u32 = 2;
/// Sessions that are kept for what is judged beside decisions, and slots for them and for its one turn.
const KEPT_BESIDE: usize = 2;
const SLOTS_BESIDE: u32 = 3;

/// Why a question was not answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unanswered {
    /// There are more questions than can be answered; ask again later.
    Overloaded,
    /// Something of ours is broken.
    Fault(Fault),
    /// What was to be done in the session panicked.
    Panicked,
}

impl fmt::Display for Unanswered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Overloaded => f.write_str("there are more questions than can be answered"),
            Self::Fault(fault) => fault.fmt(f),
            Self::Panicked => f.write_str("the program failed while it answered"),
        }
    }
}

impl std::error::Error for Unanswered {}

impl Pool {
    /// Loads the engine with slots for that many sessions.
    ///
    /// # Errors
    /// [`Fault`] when it cannot be loaded.
    pub fn load(size: Size) -> Result<Self, Fault> {
        let sessions = size.sessions.max(1);
        let memory = size.memory.max(Ceilings::DEFAULT.memory);
        // for two shares, and as many again for those that are kept
        let slots = sessions.saturating_mul(SHARES).saturating_mul(2).saturating_add(SLOTS_BESIDE);
        let engine = Engine::load(Allocation::Pooled { sessions: slots, memory })?;
        let kept = usize::try_from(sessions.saturating_mul(SHARES)).unwrap_or(1);
        Ok(Self::of(engine, size, Arc::new(Shelf::new(kept))))
    }

    /// The other share: as many turns of its own, and a queue of its own before them. What is kept is shared. INVARIANT:
    /// it is asked for once, or there are more turns than slots.
    #[must_use]
    pub fn other_share(&self, queue: usize) -> Self {
        Self::of(self.engine.clone(), Size { queue, ..self.size }, Arc::clone(&self.shelf))
    }

    /// One turn of its own, with no queue, for what is judged beside decisions: it takes no turn, no place and no session
    /// that is kept from anybody. INVARIANT: it is asked for once, or there are more turns than slots.
    #[must_use]
    pub fn beside(&self) -> Self {
        let size = Size { sessions: 1, queue: 0, patience: BACKGROUND, ..self.size };
        Self::of(self.engine.clone(), size, Arc::new(Shelf::new(KEPT_BESIDE)))
    }

    fn of(engine: Engine, size: Size, shelf: Arc<Shelf>) -> Self {
        let turns = usize::try_from(size.sessions.max(1)).unwrap_or(1);
        let places = turns.saturating_add(size.queue).min(Semaphore::MAX_PERMITS);
        let (places, turns) = (Arc::new(Semaphore::new(places)), Arc::new(Semaphore::new(turns)));
        Self { engine, size, places, turns, shelf, gate: None }
    }

    /// The same pool for work that nobody waits for: only as many of its questions as there are turns are in the house at
    /// a time, the others wait outside, for as long as it takes, and take nobody's place in the queue.
    #[must_use]
    pub fn in_background(&self) -> Self {
        let turns = usize::try_from(self.size.sessions.max(1)).unwrap_or(1);
        let size = Size { patience: BACKGROUND, ..self.size };
        Self { gate: Some(Arc::new(Semaphore::new(turns))), size, ..self.clone() }
    }

    /// The engine that answers.
    #[must_use]
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Does something in a session of its own. It is done to its end even if nobody waits for it any more, and its
    /// slot is taken until then.
    ///
    /// # Errors
    /// [`Unanswered`].
    pub async fn ask<T, W>(&self, work: W) -> Result<T, Unanswered>
    where
        T: Send + 'static,
        W: FnOnce(&mut Session) -> Result<T, Fault> + Send + 'static,
    {
        self.ask_within(Ceilings::DEFAULT, work).await
    }

    /// The same under other ceilings.
    ///
    /// # Errors
    /// [`Unanswered`].
    pub async fn ask_within<T, W>(&self, ceilings: Ceilings, work: W) -> Result<T, Unanswered>
    where
        T: Send + 'static,
        W: FnOnce(&mut Session) -> Result<T, Fault> + Send + 'static,
    {
        let turn = self.turn().await?;
        let engine = self.engine.clone();
        let answering = tokio::task::spawn_blocking(move || {
            // INVARIANT: dropped after the session, so that there is a slot for whoever has a turn
            let _turn = turn;
            let mut session = engine.session_within(ceilings)?;
            work(&mut session)
        });
        match answering.await {
            Ok(answer) => answer.map_err(Unanswered::Fault),
            Err(_) => Err(Unanswered::Panicked),
        }
    }

    /// Does something in a session that has a validator ready, prepared by `prepare` unless one is kept that was
    /// prepared by the same recipe.
    ///
    /// # Errors
    /// [`Unanswered`]; within it, what `prepare` cannot use.
    pub async fn ask_prepared<T, P, W>(
        &self,
        recipe: Recipe,
        prepare: P,
        work: W,
    ) -> Result<Result<T, Refusal>, Unanswered>
    where
        T: Send + 'static,
        P: FnOnce(&mut Session) -> Answer<Validator> + Send + 'static,
        W: FnOnce(&mut Session, &Validator) -> Result<T, Fault> + Send + 'static,
    {
        let turn = self.turn().await?;
        let (engine, shelf) = (self.engine.clone(), Arc::clone(&self.shelf));
        let answering = tokio::task::spawn_blocking(move || {
            // INVARIANT: dropped after the session is, or stands on the shelf
            let _turn = turn;
            let kept = match shelf.take(&recipe) {
                Some(kept) => kept,
                None => {
                    let mut session = engine.session_within(recipe.ceilings)?;
                    match prepare(&mut session)? {
                        Ok(validator) => {
                            let prepared = session.memory();
                            Kept { recipe, session, validator, prepared }
                        }
                        Err(refusal) => return Ok(Err(refusal)),
                    }
                }
            };
            let Kept { recipe, mut session, validator, prepared } = kept;
            let answer = work(&mut session, &validator)?;
            shelf.put(Kept { recipe, session, validator, prepared });
            Ok(Ok(answer))
        });
        match answering.await {
            Ok(answer) => answer.map_err(Unanswered::Fault),
            Err(_) => Err(Unanswered::Panicked),
        }
    }

    /// Lets go of every session that is kept and was prepared with what came before a generation.
    pub fn forget_before(&self, generation: u64) {
        self.shelf.forget_before(generation);
    }

    async fn turn(&self) -> Result<Turn, Unanswered> {
        let gate = match &self.gate {
            Some(gate) => Some(Arc::clone(gate).acquire_owned().await.map_err(|_| Unanswered::Overloaded)?),
            None => None,
        };
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| Unanswered::Overloaded)?;
        let turn = timeout(self.size.patience, Arc::clone(&self.turns).acquire_owned()).await;
        match turn {
            Ok(Ok(turn)) => Ok((turn, place, gate)),
            _ => Err(Unanswered::Overloaded),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;
    use crate::component::contract::request::Mode;

    fn pool(queue: usize, patience: Duration) -> Pool {
        Pool::load(Size { sessions: 1, queue, patience, memory: 0 }).unwrap()
    }

    fn run<T>(future: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_time()
            .build()
            .unwrap()
            .block_on(future)
    }

    #[test]
    fn a_question_more_than_there_is_room_for_is_told_so_at_once() {
        run(async {
            let pool = pool(1, Duration::from_secs(60));
            let (release, released) = mpsc::channel::<()>();
            let (begun, has_begun) = tokio::sync::oneshot::channel();
            let one = pool.clone();
            let first = tokio::spawn(async move {
                one.ask(move |session| {
                    begun.send(()).unwrap();
                    released.recv().unwrap();
                    Ok(session.read_bundle(b"")?.unwrap_err().code)
                })
                .await
            });
            has_begun.await.unwrap();
            let two = pool.clone();
            let second = tokio::spawn(async move { two.ask(|session| Ok(session.is_broken())).await });
            while pool.places.available_permits() > 0 {
                tokio::task::yield_now().await;
            }
            assert_eq!(pool.ask(|_| Ok(())).await, Err(Unanswered::Overloaded));
            release.send(()).unwrap();
            assert_eq!(first.await.unwrap(), Ok("input.empty".to_owned()));
            assert_eq!(second.await.unwrap(), Ok(false));
            assert_eq!(pool.ask(|_| Ok(())).await, Ok(()));
        });
    }

    #[test]
    fn one_share_that_is_full_leaves_the_other_its_turns() {
        run(async {
            let pool = pool(0, Duration::ZERO);
            let other = pool.other_share(0);
            for (full, free) in [(&pool, &other), (&other, &pool)] {
                let (release, released) = mpsc::channel::<()>();
                let (begun, has_begun) = tokio::sync::oneshot::channel();
                let taken = full.clone();
                let first = tokio::spawn(async move {
                    taken
                        .ask(move |_| {
                            begun.send(()).unwrap();
                            released.recv().unwrap();
                            Ok(())
                        })
                        .await
                });
                has_begun.await.unwrap();
                assert_eq!(full.ask(|_| Ok(())).await, Err(Unanswered::Overloaded));
                assert_eq!(free.ask(|_| Ok(())).await, Ok(()));
                release.send(()).unwrap();
                assert_eq!(first.await.unwrap(), Ok(()));
            }
        });
    }

    #[test]
    fn whoever_waits_too_long_is_told_so() {
        run(async {
            let pool = pool(5, Duration::ZERO);
            let (release, released) = mpsc::channel::<()>();
            let (begun, has_begun) = tokio::sync::oneshot::channel();
            let one = pool.clone();
            let first = tokio::spawn(async move {
                one.ask(move |_| {
                    begun.send(()).unwrap();
                    released.recv().unwrap();
                    Ok(())
                })
                .await
            });
            has_begun.await.unwrap();
            assert_eq!(pool.ask(|_| Ok(())).await, Err(Unanswered::Overloaded));
            release.send(()).unwrap();
            assert_eq!(first.await.unwrap(), Ok(()));
        });
    }

    #[test]
    fn what_was_prepared_is_kept_until_its_generation_is_over_or_it_fails() {
        let recipe = |generation| Recipe { generation, name: String::new(), ceilings: Ceilings::DEFAULT };
        let prepare = |session: &mut Session| session.validator("", Mode::AsWritten);
        let never = |_: &mut Session| -> Answer<Validator> { panic!("it was kept") };
        run(async {
            let pool = pool(0, Duration::ZERO);
            let settings = |session: &mut Session, validator: &Validator| session.settings(validator);
            let first = pool.ask_prepared(recipe(1), prepare, settings).await.unwrap().unwrap();
            let again = pool.ask_prepared(recipe(1), never, settings).await.unwrap().unwrap();
            assert_eq!(first, again);
            // another slot than the one that is kept
            assert_eq!(pool.ask(|_| Ok(())).await, Ok(()));
            assert_eq!(
                pool.ask_prepared(recipe(2), never, settings).await.unwrap_err(),
                Unanswered::Panicked
            );
            pool.forget_before(2);
            assert_eq!(
                pool.ask_prepared(recipe(1), never, settings).await.unwrap_err(),
                Unanswered::Panicked
            );
            assert!(pool.ask_prepared(recipe(2), prepare, settings).await.unwrap().is_ok());
            let failed: Result<Result<(), _>, _> =
                pool.ask_prepared(recipe(2), never, |_, _| Err(Fault::Broken)).await;
            assert_eq!(failed.unwrap_err(), Unanswered::Fault(Fault::Broken));
            assert_eq!(
                pool.ask_prepared(recipe(2), never, settings).await.unwrap_err(),
                Unanswered::Panicked
            );
            let refuse = |session: &mut Session| session.validator("nonsense", Mode::AsWritten);
            assert!(pool.ask_prepared(recipe(3), refuse, settings).await.unwrap().is_err());
        });
    }

    #[test]
    fn a_panic_is_told_and_its_slot_is_free_again() {
        run(async {
            let pool = pool(0, Duration::ZERO);
            let panicked: Result<(), _> = pool.ask(|_| panic!("a test")).await;
            assert_eq!(panicked, Err(Unanswered::Panicked));
            assert_eq!(pool.ask(|_| Ok(())).await, Ok(()));
        });
    }
}
