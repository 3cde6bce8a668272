//! What a first page says: whether anything needs somebody. It gathers what the other resources say in full; what is due,
//! expiring or in force is theirs and the engine's to say.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Shared;
use super::error::{ApiError, of_storage};
use super::monitor::{self, MonitorDocument};
use super::{health, node};
use crate::cli::console;
use crate::cli::question::shown;
use crate::component::Session;
use crate::component::contract::request::Mode;
use crate::storage::{AlarmState, Severity, StorageFault, Usage};

const DAY: i64 = 86_400;

/// Whether anything needs somebody.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Summary {
    /// The moment it is of.
    at: String,
    /// The version of what is managed.
    version: i64,
    /// SHA-256 of the engine that decides, in hexadecimal.
    engine: String,
    /// The node that says so.
    node: String,
    /// Why it cannot decide, as `/readyz` says it; null where it can.
    unready: Option<String>,
    /// Alarms that are not resolved.
    alarms: AlarmCounts,
    /// Certificates that end, by the calendar.
    ending: EndingCounts,
    /// Requests that wait for their certificates.
    requests: WaitingRequests,
    /// The nodes, and those that decide with an earlier version.
    nodes: NodeCounts,
    /// The lists that are watched.
    lists: ListCounts,
    /// The policy in force.
    policy: PolicySummary,
    /// What watches what expires, what it found by the settings, and what is judged again.
    monitor: MonitorDocument,
}

/// Alarms that are not resolved, by how bad they are.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct AlarmCounts {
    /// Something does not work now.
    critical: OpenCounts,
    /// Something will not work before long.
    error: OpenCounts,
    /// There is time.
    warning: OpenCounts,
    /// Somebody may want to know.
    notice: OpenCounts,
}

/// Alarms of one severity.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct OpenCounts {
    /// Nobody answered yet, or only put it off.
    open: i64,
    /// Somebody knows.
    acknowledged: i64,
}

/// Certificates that end, each counted once for what it is here for.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
pub struct EndingCounts {
    /// Our own.
    identity: EndingWithin,
    /// Those that are believed.
    trust: EndingWithin,
}

/// Certificates by when they end. One that ends within 7 days is counted among those within 30 and 90 days too.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub struct EndingWithin {
    /// They have ended.
    ended: i64,
    /// They end within 7 days.
    within_7_days: i64,
    /// They end within 30 days.
    within_30_days: i64,
    /// They end within 90 days.
    within_90_days: i64,
}

/// Requests that wait.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct WaitingRequests {
    /// The oldest first.
    items: Vec<WaitingDocument>,
}

/// A request that waits.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct WaitingDocument {
    /// The identity purpose.
    purpose: String,
    /// The node; null for a multi-server request.
    node: Option<String>,
    /// Since when.
    since: String,
}

/// The nodes.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct NodeCounts {
    /// How many there are.
    all: usize,
    /// The names of those that decide with an earlier version, or never said with which.
    behind: Vec<String>,
}

/// The lists that are watched.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
pub struct ListCounts {
    /// From how many places they are downloaded.
    watched: usize,
    /// From how many of these nothing was taken the last time.
    troubled: usize,
}

/// The policy in force.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub struct PolicySummary {
    /// The number of the document; null where the defaults hold.
    number: Option<i64>,
    /// The profile it stands on.
    profile: Option<String>,
    /// Common Criteria mode is on; null where the document cannot be read.
    common_criteria: Option<bool>,
}

/// Whether anything needs somebody.
#[utoipa::path(
    get,
    path = "/api/v1/summary",
    operation_id = "summary",
    tag = "monitoring",
    responses((status = 200, description = "The summary.", body = Summary))
)]
pub(super) async fn summary(State(app): State<Shared>) -> Result<Json<Summary>, ApiError> {
    let now = console::clock();
    let lists = app.storage.list_sources().await.map_err(of_storage)?;
    let (version, all, behind) = node::list(&app).await.map_err(of_storage)?.summed_up();
    let unready = health::check(&app).await.err();
    Ok(Json(Summary {
        at: shown(now),
        version,
        engine: app.pool.engine().info().sha256.to_owned(),
        node: app.node.clone(),
        unready: unready.map(|error| error.problem("").detail),
        alarms: alarms(&app).await.map_err(of_storage)?,
        ending: EndingCounts {
            identity: ending(&app, Usage::Identity, now).await.map_err(of_storage)?,
            trust: ending(&app, Usage::Trust, now).await.map_err(of_storage)?,
        },
        requests: requests(&app).await.map_err(of_storage)?,
        nodes: NodeCounts { all, behind },
        lists: ListCounts {
            watched: lists.len(),
            troubled: lists.iter().filter(|list| !list.trouble.is_empty()).count(),
        },
        policy: policy(&app).await?,
        monitor: monitor::document(&app).await?,
    }))
}

async fn alarms(app: &Shared) -> Result<AlarmCounts, StorageFault> {
    let mut counts = AlarmCounts::default();
    for found in app.storage.unresolved_alarms().await? {
        let of_severity = match found.severity {
            Severity::Critical => &mut counts.critical,
            Severity::Error => &mut counts.error,
            Severity::Notice => &mut counts.notice,
            Severity::Warning => &mut counts.warning,
        };
        match found.state {
            AlarmState::Acknowledged => of_severity.acknowledged = found.count,
            AlarmState::Open => of_severity.open = found.count,
            AlarmState::Resolved => {}
        }
    }
    Ok(counts)
}

async fn ending(app: &Shared, usage: Usage, now: i64) -> Result<EndingWithin, StorageFault> {
    // the last moment of a validity belongs to it
    let within = |days: i64| {
        let end = now.saturating_add(days.saturating_mul(DAY)).saturating_add(1);
        app.storage.ending(usage, (now, end))
    };
    Ok(EndingWithin {
        ended: app.storage.ending(usage, (i64::MIN, now)).await?,
        within_7_days: within(7).await?,
        within_30_days: within(30).await?,
        within_90_days: within(90).await?,
    })
}

async fn requests(app: &Shared) -> Result<WaitingRequests, StorageFault> {
    let waiting = app.storage.waiting_requests().await?;
    let document = |waiting: crate::storage::Waiting| WaitingDocument {
        purpose: waiting.purpose,
        node: waiting.node,
        since: shown(waiting.since),
    };
    Ok(WaitingRequests { items: waiting.into_iter().map(document).collect() })
}

/// Of the settings that the engine makes of a document, the two that are told.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct InForce {
    profile: String,
    common_criteria: bool,
}

async fn policy(app: &Shared) -> Result<PolicySummary, ApiError> {
    let stored = app.storage.active_policy("").await.map_err(of_storage)?;
    let (number, document) = match stored {
        Some(stored) => (Some(stored.number), stored.document),
        None => (None, String::new()),
    };
    let settings = move |session: &mut Session| match session.validator(&document, Mode::AsWritten)? {
        Ok(validator) => session.settings(&validator).map(Some),
        Err(_) => Ok(None),
    };
    let settings = app.pool.ask(settings).await?;
    let in_force: Option<InForce> = settings.and_then(|settings| toml::from_str(&settings).ok());
    let common_criteria = in_force.as_ref().map(|in_force| in_force.common_criteria);
    Ok(PolicySummary { number, profile: in_force.map(|in_force| in_force.profile), common_criteria })
}
