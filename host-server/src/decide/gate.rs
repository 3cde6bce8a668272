//! Who is let in to be decided about: so many at once, so many more that wait and for so long. Whoever is beyond that is
//! told so at once, before the engine or any responder has done anything.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

/// How many are let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// Decisions at once.
    pub at_once: usize,
    /// Questions that may wait.
    pub queue: usize,
    /// How long one waits at most for its turn.
    pub patience: Duration,
}

/// The gate.
#[derive(Debug)]
pub struct Gate {
    room: Room,
    /// Who is in the house: waiting or being answered.
    places: Arc<Semaphore>,
    /// Who is being answered.
    turns: Arc<Semaphore>,
}

/// A place in the house, given back when it is dropped.
#[derive(Debug)]
pub struct Place {
    _permit: OwnedSemaphorePermit,
}

/// A turn, with its place.
#[derive(Debug)]
pub struct Turn {
    _permit: OwnedSemaphorePermit,
    _place: Place,
}

impl Gate {
    /// A gate before so much room.
    #[must_use]
    pub fn new(room: Room) -> Self {
        let turns = room.at_once.clamp(1, Semaphore::MAX_PERMITS);
        let places = turns.saturating_add(room.queue).min(Semaphore::MAX_PERMITS);
        Self { room, places: Arc::new(Semaphore::new(places)), turns: Arc::new(Semaphore::new(turns)) }
    }

    /// A place, where there is one left.
    #[must_use]
    pub fn enter(&self) -> Option<Place> {
        Arc::clone(&self.places).try_acquire_owned().ok().map(|permit| Place { _permit: permit })
    }

    /// A turn for whoever has a place; `None` where none came in time.
    pub async fn turn(&self, place: Place) -> Option<Turn> {
        let turn = timeout(self.room.patience, Arc::clone(&self.turns).acquire_owned()).await;
        Some(Turn { _permit: turn.ok()?.ok()?, _place: place })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gate(at_once: usize, queue: usize, patience: Duration) -> Gate {
        Gate::new(Room { at_once, queue, patience })
    }

    fn run<T>(future: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(future)
    }

    #[test]
    fn one_more_than_there_is_room_for_is_turned_away_at_once_and_let_in_later() {
        run(async {
            let gate = gate(1, 1, Duration::from_secs(60));
            let turn = gate.turn(gate.enter().unwrap()).await.unwrap();
            let waiting = gate.enter().unwrap();
            assert!(gate.enter().is_none());
            drop(turn);
            let next = gate.turn(waiting).await.unwrap();
            assert!(gate.enter().is_some());
            drop(next);
        });
    }

    #[test]
    fn whoever_waits_too_long_gives_the_place_back() {
        run(async {
            let gate = gate(1, 1, Duration::ZERO);
            let turn = gate.turn(gate.enter().unwrap()).await.unwrap();
            assert!(gate.turn(gate.enter().unwrap()).await.is_none());
            assert!(gate.enter().is_some());
            drop(turn);
            assert!(gate.turn(gate.enter().unwrap()).await.is_some());
        });
    }
}
