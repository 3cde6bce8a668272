//! thisUpdate, nextUpdate and maximum age, shared by OCSP responses and CRLs (RFC 6960 3.2 (5) and (6), 4.2.2.1;
//! RFC 5280 5.1.2.4, 5.1.2.5; RFC 5019 4). It knows no source and reads no clock.

use crate::settings::revocation::FreshnessSettings;
use crate::time::Instant;

/// The interval in which an answer says it is to be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UpdateWindow {
    /// thisUpdate.
    pub this_update: Instant,
    /// nextUpdate.
    pub next_update: Option<Instant>,
}

/// Up to when an answer is used, and what bounds it: the sooner of nextUpdate and the maximum age.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FreshnessBound {
    /// The last moment at which it is fresh, clock skew not counted.
    pub until: Instant,
    /// Which of the two this is.
    pub by: BoundedBy,
}

/// What bounds the use of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BoundedBy {
    /// The maximum age of the settings, counted from thisUpdate.
    MaximumAge,
    /// The answer's own nextUpdate.
    NextUpdate,
}

impl BoundedBy {
    /// The stable word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::MaximumAge => "maximum-age",
            Self::NextUpdate => "next-update",
        }
    }
}

/// Why an answer is not fresh.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotFresh {
    /// nextUpdate lies before thisUpdate.
    Reversed(UpdateWindow),
    /// nextUpdate has passed.
    Stale {
        /// nextUpdate.
        next_update: Instant,
        /// The moment of the question.
        at: Instant,
    },
    /// thisUpdate is longer ago than the maximum age, and nextUpdate has not passed.
    TooOld {
        /// thisUpdate.
        this_update: Instant,
        /// The maximum age in seconds.
        maximum_age_seconds: u32,
        /// The moment of the question.
        at: Instant,
    },
    /// thisUpdate has not come yet.
    TooSoon {
        /// thisUpdate.
        this_update: Instant,
        /// The moment of the question.
        at: Instant,
    },
}

/// The answer is fresh at `at`. Every end is inclusive, and moved outwards by the clock skew.
///
/// # Errors
/// [`NotFresh`].
pub fn check_freshness(
    window: UpdateWindow,
    at: Instant,
    settings: &FreshnessSettings,
) -> Result<FreshnessBound, NotFresh> {
    let this_update = window.this_update;
    if window.next_update.is_some_and(|next| next < this_update) {
        return Err(NotFresh::Reversed(window));
    }
    // RFC 6960 4.2.2.1: a thisUpdate later than the local time is unreliable.
    if this_update > later(at, settings.clock_skew_seconds) {
        return Err(NotFresh::TooSoon { this_update, at });
    }
    let bound = bound(window, settings);
    if at <= later(bound.until, settings.clock_skew_seconds) {
        return Ok(bound);
    }
    let maximum_age_seconds = settings.maximum_age_seconds;
    Err(match window.next_update {
        // The answer says it of itself, whatever the settings say of its age.
        Some(next_update) if at > later(next_update, settings.clock_skew_seconds) => {
            NotFresh::Stale { next_update, at }
        }
        _ => NotFresh::TooOld { this_update, maximum_age_seconds, at },
    })
}

fn bound(window: UpdateWindow, settings: &FreshnessSettings) -> FreshnessBound {
    let oldest = later(window.this_update, settings.maximum_age_seconds);
    match window.next_update {
        Some(next) if next <= oldest => FreshnessBound { until: next, by: BoundedBy::NextUpdate },
        _ => FreshnessBound { until: oldest, by: BoundedBy::MaximumAge },
    }
}

/// The moment this many seconds after `moment`.
pub(super) fn later(moment: Instant, seconds: u32) -> Instant {
    Instant::from_unix(moment.unix().saturating_add(i64::from(seconds)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SETTINGS: FreshnessSettings =
        FreshnessSettings { maximum_age_seconds: 1_000, clock_skew_seconds: 10 };

    fn at(seconds: i64) -> Instant {
        Instant::from_unix(seconds)
    }

    fn check(this_update: i64, next_update: Option<i64>, moment: i64) -> Result<FreshnessBound, NotFresh> {
        let window = UpdateWindow { this_update: at(this_update), next_update: next_update.map(at) };
        check_freshness(window, at(moment), &SETTINGS)
    }

    fn until(seconds: i64, by: BoundedBy) -> Result<FreshnessBound, NotFresh> {
        Ok(FreshnessBound { until: at(seconds), by })
    }

    #[test]
    fn next_update_bounds_where_it_comes_first() {
        for moment in [-10, 0, 500, 510] {
            assert_eq!(check(0, Some(500), moment), until(500, BoundedBy::NextUpdate), "{moment}");
        }
        let stale = NotFresh::Stale { next_update: at(500), at: at(511) };
        assert_eq!(check(0, Some(500), 511), Err(stale));
        assert_eq!(check(0, Some(1_000), 5), until(1_000, BoundedBy::NextUpdate));
    }

    #[test]
    fn the_maximum_age_bounds_a_later_or_absent_next_update() {
        for next in [None, Some(1_001), Some(i64::MAX)] {
            assert_eq!(check(0, next, 1_010), until(1_000, BoundedBy::MaximumAge), "{next:?}");
            let old = NotFresh::TooOld { this_update: at(0), maximum_age_seconds: 1_000, at: at(1_011) };
            assert_eq!(check(0, next, 1_011), Err(old), "{next:?}");
        }
    }

    #[test]
    fn a_this_update_to_come_is_refused_beyond_the_skew() {
        assert!(check(0, None, -10).is_ok());
        assert_eq!(check(0, None, -11), Err(NotFresh::TooSoon { this_update: at(0), at: at(-11) }));
    }

    #[test]
    fn a_reversed_window_is_never_fresh() {
        for moment in [-10, 0, 5, 10_000] {
            assert!(matches!(check(5, Some(4), moment), Err(NotFresh::Reversed(_))), "{moment}");
        }
        assert_eq!(check(5, Some(5), 5), until(5, BoundedBy::NextUpdate));
    }

    #[test]
    fn extreme_moments_do_not_wrap() {
        assert_eq!(check(i64::MAX, None, i64::MAX), until(i64::MAX, BoundedBy::MaximumAge));
        assert!(check(i64::MIN, Some(i64::MAX), i64::MAX).is_err());
    }
}
