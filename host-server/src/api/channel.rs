//! The ways that alarms go out by: what waits for each and why, a trial of all of them, and the end of what waits for one
//! that there is no more (R-MON-15).

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Shared;
use super::access::Called;
use super::error::{ApiError, Problem, of_storage};
use super::extract::InPath;
use crate::alarm::trial::{self, Tried};
use crate::alarm::{Channel, MAIL, MAIL_TO, recipients};
use crate::audit::{AuditRecord, Details};
use crate::cli::question::shown;
use crate::storage::Queue;
use crate::watch::expiry::WatchFault;

/// A way out.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub struct ChannelDocument {
    /// Its name: `syslog`, `mail:` and a recipient, `webhook:` and its name; `mail` of what has no recipients yet.
    name: String,
    /// It is configured on the node that answers, and of mail, the policy in force names the recipient.
    is_configured: bool,
    /// How many alarms wait for it.
    waiting: i64,
    /// Since when the oldest does.
    oldest: Option<String>,
    /// When the next attempt is made.
    next_attempt: Option<String>,
    /// Why the last attempt failed, or none can be made; null where it did not.
    last_error: Option<String>,
    /// How many alarms it has taken.
    delivered: i64,
    /// When it took the last.
    last_delivered: Option<String>,
}

/// What became of a trial.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub struct TrialDocument {
    /// The number of the alarm that was sent.
    id: String,
    /// The ways it was sent by, those of the node that answers; empty where there is none.
    channels: Vec<TriedDocument>,
}

/// What became of a trial on one way.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub struct TriedDocument {
    /// The name of the way.
    name: String,
    /// It was taken.
    taken: bool,
    /// Why it was not; null where it was.
    why: Option<String>,
}

/// What was given up.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub struct DroppedDocument {
    /// The name of the way.
    name: String,
    /// How many alarms waited for it.
    dropped: i64,
}

impl ChannelDocument {
    /// Whether something is wrong with it.
    pub(super) fn has_failed(&self) -> bool {
        self.last_error.is_some()
    }

    /// How many alarms wait for it.
    pub(super) fn waiting(&self) -> i64 {
        self.waiting
    }
}

/// Sends a harmless alarm by every way out at once, and says what became of it.
#[utoipa::path(
    post,
    path = "/api/v1/monitor/test",
    operation_id = "test-channels",
    tag = "monitoring",
    responses((status = 200, description = "What became of it; a way that did not take it is no failure of the request.",
        body = TrialDocument))
)]
pub(super) async fn test(State(app): State<Shared>, called: Called) -> Result<Json<TrialDocument>, ApiError> {
    let (by, now) = called.by();
    let recipients = if sends_mail(&app) { named(&app).await?.unwrap_or_default() } else { Vec::new() };
    let alarm = trial::alarm(by, now);
    let tried = trial::send(&app.watching.channels, &recipients, &alarm).await;
    let details = Details::none()
        .number("taken", count(tried.iter().filter(|one| one.fault.is_none()).count()))
        .number("refused", count(tried.iter().filter(|one| one.fault.is_some()).count()));
    let record = AuditRecord::done(now, by, "monitor.tested", &alarm.id).with_details(details);
    app.audit.append(record).await.map_err(of_storage)?;
    let channels = tried.into_iter().map(of_tried).collect();
    Ok(Json(TrialDocument { id: alarm.id, channels }))
}

/// Gives up what waits for a way out that there is no more.
#[utoipa::path(
    delete,
    path = "/api/v1/monitor/channels/{name}",
    operation_id = "drop-channel",
    tag = "monitoring",
    params(("name" = String, Path, description = "Its name, as the service shows it.")),
    responses(
        (status = 200, description = "It was given up; the alarms themselves are kept.", body = DroppedDocument),
        (status = 409, description = "It is configured, so that what waits will be sent.", body = Problem,
            content_type = "application/problem+json")
    )
)]
pub(super) async fn drop_channel(
    State(app): State<Shared>,
    called: Called,
    InPath(name): InPath<String>,
) -> Result<Json<DroppedDocument>, ApiError> {
    let queues = app.storage.queues().await.map_err(of_storage)?;
    let channels = of(&app, &queues).await?;
    let missing =
        || ApiError::new(StatusCode::NOT_FOUND, "channel.missing", "nothing waits for such a way out");
    let channel = channels.into_iter().find(|channel| channel.name == name).ok_or_else(missing)?;
    if channel.is_configured {
        let detail = "it is configured, and what waits will be sent; take it out of the configuration, or its recipient \
                      out of the policy, first";
        return Err(ApiError::new(StatusCode::CONFLICT, "channel.configured", detail));
    }
    if channel.waiting == 0 {
        return Err(missing());
    }
    let dropped = app.storage.drop_deliveries(&name, called.by()).await.map_err(of_storage)?;
    Ok(Json(DroppedDocument { name, dropped }))
}

/// The ways out: those that are configured here, and those that anything waits for or went by.
pub(super) async fn of(app: &Shared, queues: &[Queue]) -> Result<Vec<ChannelDocument>, ApiError> {
    let configured = configured(app).await?;
    let has_mail = configured.iter().any(|(name, _)| name == MAIL);
    let mut channels: Vec<ChannelDocument> = Vec::new();
    for queue in queues {
        // what is on its way to its recipients is of no interest where it does not stay
        let is_passing = queue.channel == MAIL && queue.depth == 0;
        let known = configured.iter().find(|(name, _)| *name == queue.channel);
        if !is_passing {
            channels.push(of_queue(queue, known));
        }
    }
    for (name, fault) in configured {
        let is_shown = channels.iter().any(|channel| channel.name == name);
        // of mail its recipients are shown, as long as it has any
        let is_covered = name == MAIL && has_mail && fault.is_none() && channels.iter().any(is_mail);
        if !is_shown && !is_covered {
            channels.push(ChannelDocument {
                name,
                is_configured: fault.is_none(),
                last_error: fault,
                ..ChannelDocument::default()
            });
        }
    }
    Ok(channels)
}

fn is_mail(channel: &ChannelDocument) -> bool {
    channel.name.starts_with(MAIL_TO)
}

fn of_queue(queue: &Queue, known: Option<&(String, Option<String>)>) -> ChannelDocument {
    let why = Some(queue.last_error.clone()).filter(|error| !error.is_empty());
    ChannelDocument {
        name: queue.channel.clone(),
        is_configured: known.is_some_and(|(_, fault)| fault.is_none()),
        waiting: queue.depth,
        oldest: queue.oldest.map(shown),
        next_attempt: queue.next_at.map(shown),
        last_error: why.or_else(|| known.and_then(|(_, fault)| fault.clone())),
        delivered: queue.delivered,
        last_delivered: queue.last_delivered.map(shown),
    }
}

/// The names that alarms can go out under from here, each with what keeps it from it.
async fn configured(app: &Shared) -> Result<Vec<(String, Option<String>)>, ApiError> {
    let recipients = named(app).await?;
    let mut names: Vec<(String, Option<String>)> = Vec::new();
    for channel in &app.watching.channels {
        match **channel {
            Channel::Mail(_) => {
                let fault = recipients.is_none().then(|| UNREADABLE.to_owned());
                let lanes = recipients.iter().flatten().map(|address| (format!("{MAIL_TO}{address}"), None));
                names.extend(lanes);
                names.push((MAIL.to_owned(), fault));
            }
            _ => names.push((channel.name(), None)),
        }
    }
    if !sends_mail(app) && recipients.is_some_and(|recipients| !recipients.is_empty()) {
        names.push((MAIL.to_owned(), Some(NO_SERVER.to_owned())));
    }
    Ok(names)
}

const UNREADABLE: &str = "the policy in force cannot be used, so nobody knows whom to write to";
const NO_SERVER: &str =
    "the policy in force names recipients, and this node has no `alarms.smtp` in its configuration";

fn sends_mail(app: &Shared) -> bool {
    app.watching.channels.iter().any(|channel| matches!(**channel, Channel::Mail(_)))
}

/// The recipients of the policy in force; `None` where it cannot be read.
async fn named(app: &Shared) -> Result<Option<Vec<String>>, ApiError> {
    match recipients::in_force(&app.storage, &app.pool).await {
        Ok(recipients) => Ok(Some(recipients)),
        Err(WatchFault::Storage(fault)) => Err(of_storage(fault)),
        Err(WatchFault::Engine(unanswered)) => Err(unanswered.into()),
        Err(WatchFault::Overtaken | WatchFault::Policy(_)) => Ok(None),
    }
}

fn of_tried(Tried { name, fault }: Tried) -> TriedDocument {
    TriedDocument { name, taken: fault.is_none(), why: fault }
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
