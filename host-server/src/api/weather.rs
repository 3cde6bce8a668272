//! Revocation weather: how those that are asked for revocation status answered in the last hour, day and week, wherever
//! they were asked from.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Shared;
use super::access::Called;
use super::error::{ApiError, of_storage};
use super::reason::{GENERIC, Insight};
use crate::cli::console;
use crate::cli::question::shown;
use crate::storage::{Weather, WeatherCount};
use crate::watch::weather::quantile;

const HOUR: i64 = 3_600;

/// Revocation weather.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub struct WeatherDocument {
    /// In the last hour: the hour that began last, and the one before it.
    last_hour: Vec<WeatherOf>,
    /// In the last 24 hours.
    last_day: Vec<WeatherOf>,
    /// In the last seven days.
    last_week: Vec<WeatherOf>,
}

/// How one of them answered.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub struct WeatherOf {
    /// What was asked for: `ocsp-response`, `crl` or `issuer-certificate`.
    kind: String,
    /// Host and port.
    authority: String,
    /// Requests that went out.
    requests: i64,
    /// Of these, those that brought nothing.
    failures: i64,
    /// The same by why, as exactly as the caller may learn it.
    reasons: Vec<FailureCount>,
    /// Answers that were at hand still.
    cached: i64,
    /// Half of the requests took at most so many milliseconds; null where there were none, and for who may not learn why
    /// requests fail, which the time would tell.
    median_milliseconds: Option<u64>,
    /// All but one in a hundred took at most so long; null where there were none, or where that is longer than any bound.
    slow_milliseconds: Option<u64>,
    /// How long the slowest took.
    slowest_milliseconds: Option<i64>,
    /// thisUpdate of the newest answer that was believed.
    this_update: Option<String>,
    /// Until when it is fresh.
    fresh_until: Option<String>,
}

/// Requests that failed for one reason.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct FailureCount {
    /// Why: a stable code.
    reason: String,
    /// How many.
    count: i64,
}

/// How those that are asked for revocation status answer.
#[utoipa::path(
    get,
    path = "/api/v1/weather",
    operation_id = "weather",
    tag = "monitoring",
    responses((status = 200, description = "The weather.", body = WeatherDocument))
)]
pub(super) async fn weather(
    State(app): State<Shared>,
    by: Called,
) -> Result<Json<WeatherDocument>, ApiError> {
    let insight = Insight::of(&by.0);
    let hour = console::clock().div_euclid(HOUR).saturating_mul(HOUR);
    let mut spans = Vec::new();
    for hours in [1, 24, 7 * 24] {
        let seen = app.storage.weather(hour.saturating_sub(HOUR.saturating_mul(hours))).await;
        spans.push(documents(&seen.map_err(of_storage)?, insight));
    }
    let mut spans = spans.into_iter();
    let mut next = || spans.next().unwrap_or_default();
    Ok(Json(WeatherDocument { last_hour: next(), last_day: next(), last_week: next() }))
}

fn documents((seen, counts): &(Vec<Weather>, Vec<WeatherCount>), insight: Insight) -> Vec<WeatherOf> {
    let of = |one: &Weather| {
        let own = counts.iter().filter(|count| count.kind == one.kind && count.authority == one.authority);
        document(one, &own.cloned().collect::<Vec<_>>(), insight)
    };
    seen.iter().map(of).collect()
}

fn document(seen: &Weather, counts: &[WeatherCount], insight: Insight) -> WeatherOf {
    let is_exact = insight == Insight::Exact;
    WeatherOf {
        kind: seen.kind.clone(),
        authority: seen.authority.clone(),
        requests: seen.requests,
        failures: seen.failures,
        reasons: reasons(seen, counts, insight),
        cached: seen.cached,
        median_milliseconds: quantile(counts, 50).filter(|_| is_exact),
        slow_milliseconds: quantile(counts, 99).filter(|_| is_exact),
        slowest_milliseconds: Some(seen.slowest).filter(|_| is_exact),
        this_update: seen.this_update.map(shown),
        fresh_until: seen.fresh_until.map(shown),
    }
}

/// Who may not learn which reason it was learns one for all of them (F-06).
fn reasons(seen: &Weather, counts: &[WeatherCount], insight: Insight) -> Vec<FailureCount> {
    if insight == Insight::Generic {
        let all = FailureCount { reason: GENERIC.to_owned(), count: seen.failures };
        return Some(all).filter(|all| all.count > 0).into_iter().collect();
    }
    let named = |count: &WeatherCount| {
        let reason = count.counted.strip_prefix("failed ")?.to_owned();
        Some(FailureCount { reason, count: count.requests })
    };
    counts.iter().filter_map(named).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_viewer_learns_that_requests_failed_and_an_operator_why() {
        let seen = Weather { requests: 5, failures: 3, ..Weather::default() };
        let count = |counted: &str, requests| WeatherCount {
            counted: counted.to_owned(),
            requests,
            ..WeatherCount::default()
        };
        let counts = [count("failed connection", 1), count("failed timeout", 2), count("within 5", 5)];
        let told = |insight| -> Vec<(String, i64)> {
            let reasons = document(&seen, &counts, insight).reasons;
            reasons.into_iter().map(|one| (one.reason, one.count)).collect()
        };
        assert_eq!(told(Insight::Generic), [("unavailable".to_owned(), 3)]);
        assert_eq!(told(Insight::Exact), [("connection".to_owned(), 1), ("timeout".to_owned(), 2)]);
        assert_eq!(document(&seen, &counts, Insight::Exact).median_milliseconds, Some(5));
        let viewed = document(&seen, &counts, Insight::Generic);
        assert_eq!((viewed.median_milliseconds, viewed.slowest_milliseconds), (None, None));
        assert_eq!(document(&Weather::default(), &[], Insight::Generic).reasons.len(), 0);
    }
}
