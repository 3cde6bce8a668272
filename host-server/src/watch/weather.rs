//! Revocation weather: what this process saw of those that are asked for revocation status is added, each minute, to what
//! every other process saw, and to what Prometheus reads. The certificates that responders answered with are remembered
//! as things that expire. History only: no decision is made by it.

use std::fmt;

use sha2::{Digest, Sha256};

use super::expiry::WatchFault;
use crate::component::pool::Pool;
use crate::component::{Fault, Session};
use crate::fetch::weather::{BOUNDS, Seen, Tally};
use crate::fetch::{Fetcher, Kind};
use crate::storage::{Observed, ObservedKind, Storage, Weather, WeatherCount};

/// How often what was seen is written down, in seconds.
pub const EVERY: u64 = 60;
/// How long it is kept, in seconds: a month and a little.
const KEPT: i64 = 35 * 24 * HOUR;
/// How long a responder's certificate is remembered that no answer came with any more, in seconds.
const REMEMBERED: i64 = 30 * 24 * HOUR;
const HOUR: i64 = 3_600;
/// Certificates of one response that are looked at.
const CERTIFICATES: usize = 4;

/// Writes down what one process sees.
pub struct Recorder {
    storage: Storage,
    pool: Pool,
    fetcher: Fetcher,
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder").finish_non_exhaustive()
    }
}

impl Recorder {
    /// For what `fetcher` asks.
    #[must_use]
    pub fn of(storage: &Storage, pool: &Pool, fetcher: &Fetcher) -> Self {
        Self { storage: storage.clone(), pool: pool.clone(), fetcher: fetcher.clone() }
    }

    /// Writes down what was seen since the last time, as of the hour of `now`; gives it.
    ///
    /// # Errors
    /// [`WatchFault`]; what could not be written is kept for the next time.
    pub async fn record(&self, now: i64) -> Result<Seen, WatchFault> {
        let seen = self.fetcher.weather().take();
        let hour = now.div_euclid(HOUR).saturating_mul(HOUR);
        let of = |((kind, authority), tally): (&(Kind, String), &Tally)| row((*kind, authority), tally, hour);
        let rows: Vec<Weather> = seen.tallies.iter().map(of).collect();
        let counts: Vec<WeatherCount> = seen
            .tallies
            .iter()
            .flat_map(|((kind, authority), tally)| counts((*kind, authority), tally))
            .collect();
        let before = hour.saturating_sub(KEPT);
        if let Err(fault) = self.storage.add_weather(&rows, &counts, (hour, before)).await {
            self.fetcher.weather().give_back(&seen);
            return Err(fault.into());
        }
        self.observe(&seen, now).await?;
        Ok(seen)
    }

    /// Remembers the certificates that responders answered with.
    async fn observe(&self, seen: &Seen, now: i64) -> Result<(), WatchFault> {
        let responses: Vec<_> = seen.responses.values().cloned().collect();
        let met = move |session: &mut Session| -> Result<Vec<Observed>, Fault> {
            let mut met = Vec::new();
            for (uri, response) in &responses {
                met.extend(responders(session, uri, response)?);
            }
            Ok(met)
        };
        let met = if seen.responses.is_empty() { Vec::new() } else { self.pool.ask(met).await? };
        Ok(self.storage.observe_responders(&met, (now, now.saturating_sub(REMEMBERED))).await?)
    }
}

/// The certificates that a response carries, but for authorities: those are kept in stores.
fn responders(session: &mut Session, uri: &str, response: &[u8]) -> Result<Vec<Observed>, Fault> {
    let mut met = Vec::new();
    let certificates = session.read_response(response)?.unwrap_or_default();
    for certificate in certificates.iter().take(CERTIFICATES) {
        let Ok(keys) = session.index_keys(certificate)? else { continue };
        if !keys.authority {
            met.push(Observed {
                watched: Sha256::digest(certificate).into(),
                kind: ObservedKind::Responder,
                subject: keys.subject,
                serial: keys.serial_number,
                place: uri.to_owned(),
                begins: keys.not_before,
                expires: keys.not_after,
            });
        }
    }
    Ok(met)
}

fn row((kind, authority): (Kind, &str), tally: &Tally, hour: i64) -> Weather {
    let whole = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let milliseconds = |took: std::time::Duration| i64::try_from(took.as_millis()).unwrap_or(i64::MAX);
    Weather {
        hour,
        kind: kind.name().to_owned(),
        authority: authority.to_owned(),
        requests: whole(tally.requests),
        failures: tally.failures.values().map(|count| whole(*count)).fold(0, i64::saturating_add),
        cached: whole(tally.cached),
        milliseconds: milliseconds(tally.total),
        slowest: milliseconds(tally.slowest),
        this_update: tally.believed.map(|(this_update, _)| this_update),
        fresh_until: tally.believed.map(|(_, fresh_until)| fresh_until),
    }
}

fn counts((kind, authority): (Kind, &str), tally: &Tally) -> Vec<WeatherCount> {
    let failed = tally.failures.iter().map(|(reason, count)| (format!("failed {reason}"), *count));
    let bounds = BOUNDS.iter().map(u64::to_string).chain([String::from("longer")]);
    let within = bounds.zip(tally.within).map(|(bound, count)| (format!("within {bound}"), count));
    let count = |(counted, requests): (String, u64)| WeatherCount {
        kind: kind.name().to_owned(),
        authority: authority.to_owned(),
        counted,
        requests: i64::try_from(requests).unwrap_or(i64::MAX),
    };
    failed.chain(within).filter(|(_, count)| *count > 0).map(count).collect()
}

/// A bound that so many of a hundred requests stayed within, in milliseconds, by how many stayed within each; `None` where
/// there was none, or where it lies beyond all bounds.
#[must_use]
pub fn quantile(counts: &[WeatherCount], hundredths: i64) -> Option<u64> {
    let of = |bound: u64| {
        let name = format!("within {bound}");
        counts.iter().filter(|count| count.counted == name).map(|count| count.requests).sum::<i64>()
    };
    let within = counts.iter().filter(|count| count.counted.starts_with("within "));
    let all = within.map(|count| count.requests).fold(0, i64::saturating_add);
    let wanted = all.saturating_mul(hundredths).saturating_add(99).div_euclid(100).max(1);
    let mut passed: i64 = 0;
    BOUNDS.into_iter().find(|bound| {
        passed = passed.saturating_add(of(*bound));
        passed >= wanted
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn within(bound: &str, requests: i64) -> WeatherCount {
        WeatherCount { counted: format!("within {bound}"), requests, ..WeatherCount::default() }
    }

    #[test]
    fn quantiles_are_bounds_that_so_many_stayed_within() {
        let counts = [within("5", 50), within("100", 49), within("longer", 1)];
        let failed =
            WeatherCount { counted: "failed timeout".to_owned(), requests: 7, ..WeatherCount::default() };
        let counts: Vec<_> = counts.into_iter().chain([failed]).collect();
        for (hundredths, expected) in
            [(0, Some(5)), (50, Some(5)), (51, Some(100)), (99, Some(100)), (100, None)]
        {
            assert_eq!(quantile(&counts, hundredths), expected, "{hundredths}");
        }
        assert_eq!(quantile(&[], 50), None);
        assert_eq!(quantile(&[within("60000", 1)], 99), Some(60_000));
    }
}
