//! The service that watches what expires (R-MON-1, R-MON-3): whether it runs, when it looked and looks, what it found,
//! and what still waits to be delivered.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Shared;
use super::access::Called;
use super::channel::{self, ChannelDocument};
use super::error::{ApiError, of_storage};
use crate::audit::AuditRecord;
use crate::cli::console;
use crate::cli::question::shown;
use crate::component::contract::request::Mode;
use crate::storage::CheckStatus;
use crate::watch::expiry::{JOB, LEASE, Outcome};
use crate::watch::recheck;

/// A check that is due for longer, in seconds, is late.
const LATE: i64 = 3_600;

/// The service.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub struct MonitorDocument {
    /// What is to be said of it in a word.
    status: StatusWord,
    /// When it looks next; null where it does not.
    next_run: Option<String>,
    /// When it looked last; null where it never did.
    last_run: Option<String>,
    /// The node that looked last, or looks now.
    node: Option<String>,
    /// What it found then.
    found: Option<FoundDocument>,
    /// Judging again what is in use.
    rechecks: RecheckDocument,
    /// Alarms that wait to be delivered.
    queue_depth: i64,
    /// The ways out, those that are configured here and those that something waits for.
    channels: Vec<ChannelDocument>,
}

/// How the service is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StatusWord {
    /// It does not look, its last look failed, or alarms wait because a channel fails.
    Degraded,
    /// The policy in force watches nothing.
    Off,
    /// It looks when it is time.
    Running,
}

/// What a look found.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub struct FoundDocument {
    /// Certificates that are kept, each counted once.
    certificates: i64,
    /// Of these, those that expire before long.
    approaching: u64,
    /// Those that expire within a day.
    last_day: u64,
    /// Those that have expired.
    expired: u64,
    /// When the first of all expires, or expired.
    soonest_expiry: Option<String>,
    /// Alarms that it raised.
    raised: u64,
    /// Why it failed; null where it did not.
    fault: Option<String>,
}

/// Judging again what is in use.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub struct RecheckDocument {
    /// What is to be said of it in a word. New certificates are looked at once even where it is off.
    status: StatusWord,
    /// Why it is degraded; null where it is not.
    why: Option<String>,
    /// How many seconds there are between two looks at a certificate that is kept; null where there is one only.
    every_seconds: Option<i64>,
    /// When a certificate was looked at last.
    last_run: Option<String>,
    /// When the next is looked at.
    next_run: Option<String>,
    /// Certificates that are looked at, each place counted.
    certificates: i64,
    /// Of these, those that are due now.
    due: i64,
    /// Since when the first of them is.
    due_since: Option<String>,
    /// Those whose status could not be found out the last time.
    failing: i64,
    /// Those that are revoked.
    revoked: i64,
}

/// The service that watches what expires.
#[utoipa::path(
    get,
    path = "/api/v1/monitor",
    operation_id = "monitor",
    tag = "monitoring",
    responses((status = 200, description = "The service.", body = MonitorDocument))
)]
pub(super) async fn monitor(State(app): State<Shared>) -> Result<Json<MonitorDocument>, ApiError> {
    document(&app).await.map(Json)
}

/// Has what expires looked at now instead of at the next time.
#[utoipa::path(
    post,
    path = "/api/v1/monitor/runs",
    operation_id = "look-now",
    tag = "monitoring",
    responses((status = 202, description = "It will be looked at by whichever node comes first.",
        body = MonitorDocument))
)]
pub(super) async fn look(
    State(app): State<Shared>,
    called: Called,
) -> Result<(StatusCode, Json<MonitorDocument>), ApiError> {
    let (by, now) = called.by();
    let record = AuditRecord::done(now, by, "monitor.run-requested", JOB);
    app.audit.append(record).await.map_err(of_storage)?;
    app.storage.schedule(JOB, now).await.map_err(of_storage)?;
    app.watching.wake();
    Ok((StatusCode::ACCEPTED, Json(document(&app).await?)))
}

/// The service as it is now.
///
/// # Errors
/// What the storage and the engine can do wrong.
pub(super) async fn document(app: &Shared) -> Result<MonitorDocument, ApiError> {
    let now = console::clock();
    let watches = watches(app, now).await?;
    let job = app.storage.job(JOB).await.map_err(of_storage)?;
    let queues = app.storage.queues().await.map_err(of_storage)?;
    let channels = channel::of(app, &queues).await?;
    let found: Option<Outcome> = job.as_ref().and_then(|job| serde_json::from_str(&job.outcome).ok());
    let is_late = job.as_ref().is_none_or(|job| now.saturating_sub(job.due_at.max(job.owned_until)) > LEASE);
    let has_failed = found.as_ref().is_some_and(|found| found.fault.is_some())
        || channels.iter().any(ChannelDocument::has_failed);
    let status = match watches {
        Some(false) => StatusWord::Off,
        Some(true) if app.watching.is_running(now) && !is_late && !has_failed => StatusWord::Running,
        Some(true) | None => StatusWord::Degraded,
    };
    Ok(MonitorDocument {
        status,
        next_run: job.as_ref().filter(|_| status != StatusWord::Off).map(|job| shown(job.due_at)),
        last_run: job.as_ref().and_then(|job| job.finished_at).map(shown),
        node: job.map(|job| job.owner).filter(|owner| !owner.is_empty()),
        found: found.map(of_outcome),
        rechecks: rechecks(app, now).await?,
        queue_depth: channels.iter().map(ChannelDocument::waiting).sum(),
        channels,
    })
}

/// Whether the policy in force watches anything; `None` where it cannot be read.
async fn watches(app: &Shared, now: i64) -> Result<Option<bool>, ApiError> {
    let policy = app.storage.active_policy("").await.map_err(of_storage)?;
    let policy = policy.map(|policy| policy.document).unwrap_or_default();
    let asked =
        move |session: &mut crate::component::Session| match session.validator(&policy, Mode::AsWritten)? {
            Ok(validator) => Ok(Some(session.watch_seconds(&validator, None, now)?.is_some())),
            Err(_) => Ok(None),
        };
    Ok(app.pool.ask(asked).await?)
}

/// Judging again what is in use (R-REV-1).
async fn rechecks(app: &Shared, now: i64) -> Result<RecheckDocument, ApiError> {
    let counts = app.storage.check_counts(now).await.map_err(of_storage)?;
    let cadence = recheck::cadence(&app.storage, &app.pool).await;
    let is_late = counts.oldest.is_some_and(|oldest| now.saturating_sub(oldest) > LATE);
    let why = match &cadence {
        Err(fault) => Some(fault.to_string()),
        Ok(_) if !app.watching.is_rechecking(now) => Some("it does not run on this node".to_owned()),
        Ok(_) if is_late => Some("checks are due for longer than an hour".to_owned()),
        Ok(cadence) if app.fetcher.is_none() && cadence.is_on() => Some(
            "nothing is fetched here, so that no status can be had; `fetch.online = true` makes it"
                .to_owned(),
        ),
        Ok(_) => None,
    };
    let status = match (&why, &cadence) {
        (Some(_), _) => StatusWord::Degraded,
        (None, Ok(cadence)) if cadence.is_on() => StatusWord::Running,
        (None, _) => StatusWord::Off,
    };
    let revoked = counts.statuses.iter().find(|(status, _)| *status == CheckStatus::Revoked);
    Ok(RecheckDocument {
        status,
        why,
        every_seconds: cadence.ok().and_then(|cadence| cadence.kept),
        last_run: counts.last.map(shown),
        next_run: counts.next.map(shown),
        certificates: counts.all,
        due: counts.due,
        due_since: counts.oldest.map(shown),
        failing: counts.failing,
        revoked: revoked.map_or(0, |(_, count)| *count),
    })
}

fn of_outcome(found: Outcome) -> FoundDocument {
    FoundDocument {
        certificates: found.certificates,
        approaching: found.approaching,
        last_day: found.last_day,
        expired: found.expired,
        soonest_expiry: found.soonest.map(shown),
        raised: found.raised,
        fault: found.fault,
    }
}
