//! What is known of each responder (host and port): its circuit breaker, and whose turn it is. One dead responder
//! takes the turns of its own waiters only.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Semaphore;
use tokio::time::Instant;

use crate::component::contract::evidence::UnavailableReason;

use super::breaker::{Breaker, Patience, Sign};
use super::failure::{Failure, reason_name};
use super::target::{Host, Target};

/// The most responders that are remembered. Certificates name as many as somebody cares to write into them.
const REMEMBERED: usize = 1_024;

/// Every responder that was asked lately.
#[derive(Debug)]
pub(super) struct Responders {
    patience: Patience,
    turns: usize,
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    by_origin: BTreeMap<(Host, u16), (u64, Arc<Responder>)>,
    next: u64,
}

/// One responder.
#[derive(Debug)]
pub(super) struct Responder {
    breaker: Mutex<Breaker>,
    /// One permit for each connection there may be to it.
    pub(super) turns: Semaphore,
}

impl Responders {
    pub(super) fn new(patience: Patience, turns: usize) -> Self {
        Self { patience, turns, known: Mutex::default() }
    }

    /// The responder that a request goes to.
    pub(super) fn of(&self, target: &Target) -> Arc<Responder> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let origin = (target.host.clone(), target.port);
        if let Some((_, responder)) = known.by_origin.get(&origin) {
            return Arc::clone(responder);
        }
        known.make_room();
        let responder = Arc::new(Responder {
            breaker: Mutex::new(Breaker::new(self.patience)),
            turns: Semaphore::new(self.turns),
        });
        let place = known.next;
        known.next = place.wrapping_add(1);
        known.by_origin.insert(origin, (place, Arc::clone(&responder)));
        responder
    }

    /// How many are remembered.
    #[cfg(test)]
    fn len(&self) -> usize {
        self.known.lock().unwrap().by_origin.len()
    }
}

impl Known {
    /// Forgets, when there are too many, those that nobody waits for: the untroubled, or else the one known longest.
    fn make_room(&mut self) {
        if self.by_origin.len() < REMEMBERED {
            return;
        }
        self.by_origin.retain(|_, (_, responder)| responder.is_in_use() || !responder.is_untroubled());
        if self.by_origin.len() < REMEMBERED {
            return;
        }
        let idle = self.by_origin.iter().filter(|(_, (_, responder))| !responder.is_in_use());
        let oldest = idle.min_by_key(|(_, (place, _))| *place).map(|(origin, _)| origin.clone());
        if let Some(origin) = oldest {
            self.by_origin.remove(&origin);
        }
    }
}

impl Responder {
    /// Turns a request away at once where the responder is left alone.
    pub(super) fn check(&self) -> Result<(), Failure> {
        self.breaker().refuses(Instant::now()).map_or(Ok(()), |reason| Err(left_alone(reason)))
    }

    /// Begins a request, unless the responder is left alone.
    pub(super) fn begin(&self) -> Result<Trial<'_>, Failure> {
        self.breaker().admit(Instant::now()).map_err(left_alone)?;
        Ok(Trial { responder: self, answered: AtomicBool::new(false), sign: Sign::None })
    }

    fn breaker(&self) -> std::sync::MutexGuard<'_, Breaker> {
        self.breaker.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_untroubled(self: &Arc<Self>) -> bool {
        self.breaker().is_untroubled()
    }

    fn is_in_use(self: &Arc<Self>) -> bool {
        Arc::strong_count(self) > 1
    }
}

/// What a responder failed with is also why it is left alone.
fn left_alone(reason: UnavailableReason) -> Failure {
    Failure::new(reason, format!("left alone for a while after failures in a row ({})", reason_name(reason)))
}

/// A request under way. However it ends, even by being dropped, the breaker learns of it.
#[derive(Debug)]
pub(super) struct Trial<'a> {
    responder: &'a Responder,
    /// Whether the responder has answered anything at all. What happens afterwards (a redirect to a dead host, a body
    /// that does not end) is the doing of whoever chose the path, and says nothing about the responder.
    pub(super) answered: AtomicBool,
    sign: Sign,
}

impl Trial<'_> {
    /// Ends with what came.
    pub(super) fn end<T>(mut self, outcome: &Result<T, Failure>) {
        self.sign = match outcome {
            Err(failure) if !self.answered.load(Ordering::Relaxed) => sign(failure.reason),
            _ => Sign::Alive,
        };
    }
}

impl Drop for Trial<'_> {
    fn drop(&mut self) {
        self.responder.breaker().learn(self.sign, Instant::now());
    }
}

/// What a failure says about the responder.
fn sign(reason: UnavailableReason) -> Sign {
    use UnavailableReason as Reason;
    match reason {
        Reason::NameResolution | Reason::Connection | Reason::Timeout => Sign::Dead(reason),
        // a head that is too large is one all the same
        Reason::TooLarge | Reason::Redirect | Reason::HttpStatus | Reason::ContentType => Sign::Alive,
        // not even tried
        Reason::Offline | Reason::ForbiddenAddress | Reason::UnsupportedUri | Reason::CrossOrigin => {
            Sign::None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(number: usize) -> Target {
        Target::parse(&format!("http://r{number}.example/")).unwrap()
    }

    fn fail(responder: &Responder, times: usize) {
        for _ in 0..times {
            let trial = responder.begin().unwrap();
            trial.end(&Err::<(), _>(Failure::timeout("test")));
        }
    }

    #[test]
    fn paths_of_one_host_and_port_share_a_responder_and_others_do_not() {
        let responders = Responders::new(Patience::default(), 1);
        let of = |uri: &str| responders.of(&Target::parse(uri).unwrap());
        assert!(Arc::ptr_eq(&of("http://a.example/x"), &of("http://A.example:80/y")));
        assert!(!Arc::ptr_eq(&of("http://a.example/"), &of("http://a.example:81/")));
        assert!(!Arc::ptr_eq(&of("http://a.example/"), &of("http://b.example/")));
    }

    #[test]
    fn a_responder_that_failed_is_left_alone_for_the_reason_it_failed() {
        let responders = Responders::new(Patience::default(), 1);
        let dead = responders.of(&target(1));
        fail(&dead, 3);
        assert_eq!(dead.check().unwrap_err().reason, UnavailableReason::Timeout);
        assert_eq!(dead.begin().unwrap_err().reason, UnavailableReason::Timeout);
        assert_eq!(responders.of(&target(2)).check(), Ok(()));
    }

    #[test]
    fn a_wrong_answer_is_a_sign_of_life_and_a_dropped_request_is_none() {
        let responders = Responders::new(Patience::default(), 1);
        let responder = responders.of(&target(1));
        fail(&responder, 2);
        drop(responder.begin().unwrap());
        let status = Failure::new(UnavailableReason::HttpStatus, "status 404");
        responder.begin().unwrap().end(&Err::<(), _>(status));
        fail(&responder, 2);
        assert_eq!(responder.check(), Ok(()));
        // it answered, and then the body did not come
        let answered = responder.begin().unwrap();
        answered.answered.store(true, Ordering::Relaxed);
        answered.end(&Err::<(), _>(Failure::timeout("test")));
        fail(&responder, 2);
        assert_eq!(responder.check(), Ok(()));
    }

    #[test]
    fn no_more_are_remembered_than_there_is_room_for() {
        let responders = Responders::new(Patience::default(), 1);
        let troubled = responders.of(&target(0));
        fail(&troubled, 3);
        drop(troubled);
        for number in 1..3 * REMEMBERED {
            responders.of(&target(number));
            assert!(responders.len() <= REMEMBERED);
        }
        // untroubled ones were forgotten first
        assert!(responders.of(&target(0)).check().is_err());
        for number in 0..3 * REMEMBERED {
            fail(&responders.of(&target(number + 10_000)), 1);
            assert!(responders.len() <= REMEMBERED);
        }
    }
}
