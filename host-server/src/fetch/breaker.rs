//! A circuit breaker for one responder: after failures in a row it is left alone for a while, so that a dead
//! responder costs the waiting of a few requests and not of all of them.
//!
//! A machine of states with time passed in; it opens no connection. Only what a dead responder does counts as a
//! failure (its name does not resolve, nothing connects, no answer begins in time). An answer of any kind is a sign
//! of life, so that a certificate with a wrong path in its URI, or one that redirects to a dead host, cannot close a
//! responder to all others.

use std::time::Duration;

use tokio::time::Instant;

use crate::component::contract::evidence::UnavailableReason;

/// When a breaker opens, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// Failures in a row that open it.
    pub failures: u32,
    /// How long it stays open at first. Each failed probe doubles it.
    pub first: Duration,
    /// The longest it stays open.
    pub longest: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { failures: 3, first: Duration::from_secs(5), longest: Duration::from_secs(300) }
    }
}

/// The breaker of one responder.
#[derive(Debug)]
pub(super) struct Breaker {
    patience: Patience,
    state: State,
}

#[derive(Debug)]
enum State {
    /// Requests go through; so many of the last ones failed.
    Closed { failures: u32 },
    /// None goes through until then, for this reason.
    Open { until: Instant, waited: Duration, reason: UnavailableReason },
    /// One goes through, to see whether it is back; the others are answered as while it was open.
    Probing { waited: Duration, reason: UnavailableReason },
}

/// How a request that was let through has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    /// The responder answered, whatever it said.
    Alive,
    /// It did not, for this reason.
    Dead(UnavailableReason),
    /// Nothing was learnt about it.
    None,
}

impl Breaker {
    pub(super) fn new(patience: Patience) -> Self {
        Self { patience, state: State::Closed { failures: 0 } }
    }

    /// Why a request that came now would be turned away, if it would.
    pub(super) fn refuses(&self, now: Instant) -> Option<UnavailableReason> {
        match self.state {
            State::Open { until, reason, .. } if now < until => Some(reason),
            State::Probing { reason, .. } => Some(reason),
            State::Open { .. } | State::Closed { .. } => None,
        }
    }

    /// Whether a request may go through now; if not, why the responder is left alone.
    pub(super) fn admit(&mut self, now: Instant) -> Result<(), UnavailableReason> {
        if let Some(reason) = self.refuses(now) {
            return Err(reason);
        }
        if let State::Open { waited, reason, .. } = self.state {
            self.state = State::Probing { waited, reason };
        }
        Ok(())
    }

    /// Learns from a request that was admitted.
    pub(super) fn learn(&mut self, sign: Sign, now: Instant) {
        self.state = match (sign, &self.state) {
            (Sign::Alive, _) => State::Closed { failures: 0 },
            (Sign::None, State::Closed { failures }) => State::Closed { failures: *failures },
            // the probe told nothing: the next request probes
            (Sign::None, State::Probing { waited, reason }) => {
                State::Open { until: now, waited: *waited, reason: *reason }
            }
            (Sign::Dead(reason), State::Closed { failures }) => {
                let failures = failures.saturating_add(1);
                if failures < self.patience.failures {
                    State::Closed { failures }
                } else {
                    self.open(self.patience.first, reason, now)
                }
            }
            (Sign::Dead(reason), State::Probing { waited, .. }) => {
                self.open(waited.saturating_mul(2), reason, now)
            }
            // admitted before it opened: it says nothing new
            (Sign::None | Sign::Dead(_), State::Open { until, waited, reason }) => {
                State::Open { until: *until, waited: *waited, reason: *reason }
            }
        };
    }

    /// Whether nothing would be lost by forgetting it.
    pub(super) fn is_untroubled(&self) -> bool {
        matches!(self.state, State::Closed { failures: 0 })
    }

    fn open(&self, waited: Duration, reason: UnavailableReason, now: Instant) -> State {
        let waited = waited.min(self.patience.longest);
        // A moment that the clock cannot express is as good as one far away, and a short wait is the safe error.
        State::Open { until: now.checked_add(waited).unwrap_or(now), waited, reason }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEAD: Sign = Sign::Dead(UnavailableReason::Timeout);

    fn patience() -> Patience {
        Patience { failures: 3, first: Duration::from_secs(5), longest: Duration::from_secs(15) }
    }

    fn after(start: Instant, seconds: u64) -> Instant {
        start + Duration::from_secs(seconds)
    }

    fn opened(start: Instant) -> Breaker {
        let mut breaker = Breaker::new(patience());
        for _ in 0..3 {
            assert_eq!(breaker.admit(start), Ok(()));
            breaker.learn(DEAD, start);
        }
        breaker
    }

    #[test]
    fn it_opens_at_the_configured_number_of_failures_in_a_row() {
        let start = Instant::now();
        let mut breaker = Breaker::new(patience());
        for sign in [DEAD, DEAD, Sign::Alive, DEAD, DEAD, Sign::None] {
            breaker.learn(sign, start);
            assert_eq!(breaker.admit(start), Ok(()), "{sign:?}");
        }
        breaker.learn(DEAD, start);
        assert_eq!(breaker.admit(start), Err(UnavailableReason::Timeout));
    }

    #[test]
    fn it_stays_open_for_its_time_then_lets_one_probe_through() {
        let start = Instant::now();
        let mut breaker = opened(start);
        assert_eq!(breaker.refuses(after(start, 5)), None, "to ask is not to probe");
        assert!(breaker.admit(after(start, 5) - Duration::from_nanos(1)).is_err());
        assert_eq!(breaker.admit(after(start, 5)), Ok(()));
        assert!(breaker.admit(after(start, 5)).is_err(), "a second probe");
        breaker.learn(Sign::Alive, after(start, 6));
        assert_eq!(breaker.admit(after(start, 6)), Ok(()));
        assert!(breaker.is_untroubled());
    }

    #[test]
    fn a_failed_probe_doubles_the_time_up_to_the_longest() {
        let start = Instant::now();
        let mut breaker = opened(start);
        let mut moment = after(start, 5);
        for wait in [10, 15, 15] {
            assert_eq!(breaker.admit(moment), Ok(()));
            breaker.learn(Sign::Dead(UnavailableReason::Connection), moment);
            let last = after(moment, wait) - Duration::from_nanos(1);
            assert_eq!(breaker.admit(last), Err(UnavailableReason::Connection), "{wait}");
            moment = after(moment, wait);
        }
    }

    #[test]
    fn a_probe_that_told_nothing_gives_its_place_to_the_next() {
        let start = Instant::now();
        let mut breaker = opened(start);
        assert_eq!(breaker.admit(after(start, 5)), Ok(()));
        breaker.learn(Sign::None, after(start, 5));
        assert_eq!(breaker.admit(after(start, 5)), Ok(()));
    }

    #[test]
    fn late_failures_do_not_lengthen_the_wait() {
        let start = Instant::now();
        let mut breaker = opened(start);
        breaker.learn(DEAD, after(start, 4));
        assert_eq!(breaker.admit(after(start, 5)), Ok(()));
    }
}
