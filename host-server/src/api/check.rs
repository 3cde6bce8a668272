//! What is judged again (R-REV): what is known of each certificate that is in use, and having it looked at now.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Shared;
use super::access::Called;
use super::error::{ApiError, Problem, of_storage};
use super::extract::{Body, InQuery};
use crate::audit::{AuditRecord, Details};
use crate::cli::question::shown;
use crate::storage::{Check, CheckFilter, CheckStatus, CheckUsage, Decided, Fingerprint};

/// The most checks in one answer, and how many there are where nobody says.
const MOST: u16 = 500;
const USUAL: u16 = 100;

/// What a certificate is in use for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CheckUseWord {
    /// It lies behind a connection.
    Connection,
    /// It proves who we are.
    Identity,
    /// It is believed.
    Trust,
}

/// What is known of a certificate's revocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CheckStatusWord {
    /// It was not revoked when it was looked at last.
    Good,
    /// The settings do not ask for it, or nobody above it could revoke it.
    NotAsked,
    /// It, or an authority above it, is revoked or on hold.
    Revoked,
    /// It was not looked at yet.
    Unchecked,
    /// Nobody usable answered.
    Undetermined,
    /// A responder does not know it.
    Unknown,
}

/// What is known of a certificate that is in use.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub struct CheckDocument {
    /// What the certificate is in use for.
    kind: CheckUseWord,
    /// The slot or the store; the class of a connection.
    room: String,
    /// The connection's number; null where it is none.
    connection: Option<String>,
    /// SHA-256 of the certificate, in hexadecimal.
    fingerprint: String,
    /// What is known of its revocation.
    status: CheckStatusWord,
    /// Details of that: why it is undetermined or refused, or the revocation.
    detail: Option<String>,
    /// Since when the status is this one.
    since: Option<String>,
    /// `allow` or `deny`; null where there was no verdict yet.
    decision: Option<String>,
    /// The hash of that verdict's trace, in hexadecimal.
    verdict_hash: Option<String>,
    /// When it was looked at last.
    last_checked: Option<String>,
    /// How often it was looked at.
    times: i64,
    /// When it is looked at next; null where it is not.
    next_check: Option<String>,
    /// Why: `upload`, `schedule` or `asked`.
    reason: String,
    /// How often in a row its status could not be found out.
    failures: i64,
}

/// A page of checks.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct CheckPage {
    /// Those that came first, first.
    items: Vec<CheckDocument>,
    /// Where the next page begins; null where there is none.
    next: Option<String>,
}

/// Which checks, and which part of the list.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CheckQuery {
    /// With this status.
    #[param(inline)]
    status: Option<CheckStatusWord>,
    /// Of what is in use for this.
    #[param(inline)]
    kind: Option<CheckUseWord>,
    /// In this slot or store, or of this class.
    room: Option<String>,
    /// Of the certificate with this SHA-256, in hexadecimal.
    fingerprint: Option<String>,
    /// How many at most.
    #[param(minimum = 1, maximum = 500, default = 100)]
    limit: Option<u16>,
    /// Where the last page ended: its `next`.
    after: Option<String>,
}

/// What is to be looked at now.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct CheckRun {
    /// What is in use for this; everything where it is left out.
    kind: Option<CheckUseWord>,
    /// What lies in this slot or store, or is of this class.
    room: Option<String>,
    /// The certificate with this SHA-256, in hexadecimal.
    fingerprint: Option<String>,
}

/// How much is looked at now.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct CheckRunDocument {
    /// How many certificates.
    due: u64,
}

/// What is known of the certificates that are in use.
#[utoipa::path(
    get,
    path = "/api/v1/checks",
    operation_id = "checks",
    tag = "monitoring",
    params(CheckQuery),
    responses(
        (status = 200, description = "A page.", body = CheckPage),
        (status = 422, description = "`after` is not the `next` of a page, or `fingerprint` is none.", body = Problem,
            content_type = "application/problem+json")
    )
)]
pub(super) async fn checks(
    State(app): State<Shared>,
    InQuery(query): InQuery<CheckQuery>,
) -> Result<Json<CheckPage>, ApiError> {
    let after = query.after.as_deref().map(str::parse).transpose();
    let filter = CheckFilter {
        status: query.status.map(status),
        usage: query.kind.map(usage),
        room: query.room.filter(|room| !room.is_empty()),
        fingerprint: query.fingerprint.as_deref().map(fingerprint).transpose()?,
        after: after.map_err(|_| unusable("after", "expected the `next` of a page"))?.unwrap_or_default(),
    };
    let most = i64::from(query.limit.unwrap_or(USUAL).clamp(1, MOST));
    let mut found = app.storage.checks(&filter, most.saturating_add(1)).await.map_err(of_storage)?;
    let more = found.len() > usize::try_from(most).unwrap_or(1);
    found.truncate(usize::try_from(most).unwrap_or(1));
    let next = found.last().filter(|_| more).map(|last| last.id.to_string());
    Ok(Json(CheckPage { items: found.into_iter().map(shown_as).collect(), next }))
}

/// Has certificates that are in use looked at now instead of at the next time.
#[utoipa::path(
    post,
    path = "/api/v1/checks/runs",
    operation_id = "check-now",
    tag = "monitoring",
    request_body(content = CheckRun, description = "Which."),
    responses((status = 202, description = "They will be looked at by whichever node comes first.",
        body = CheckRunDocument))
)]
pub(super) async fn run(
    State(app): State<Shared>,
    called: Called,
    Body(run): Body<CheckRun>,
) -> Result<(StatusCode, Json<CheckRunDocument>), ApiError> {
    let (by, now) = called.by();
    let filter = CheckFilter {
        usage: run.kind.map(usage),
        room: run.room.clone().filter(|room| !room.is_empty()),
        fingerprint: run.fingerprint.as_deref().map(fingerprint).transpose()?,
        ..CheckFilter::default()
    };
    let due = app.storage.ask_for_checks(&filter, now).await.map_err(of_storage)?;
    let details = Details::none().number("due", i64::try_from(due).unwrap_or(i64::MAX));
    let subject = run.fingerprint.or(run.room).unwrap_or_default();
    let record = AuditRecord::done(now, by, "check.run-requested", &subject).with_details(details);
    app.audit.append(record).await.map_err(of_storage)?;
    app.watching.wake_recheck();
    Ok((StatusCode::ACCEPTED, Json(CheckRunDocument { due })))
}

fn fingerprint(text: &str) -> Result<Fingerprint, ApiError> {
    let octets = HEXLOWER.decode(text.to_ascii_lowercase().as_bytes()).ok();
    let found = octets.and_then(|octets| octets.try_into().ok());
    found.ok_or_else(|| unusable("fingerprint", "expected SHA-256 in hexadecimal: 64 digits"))
}

fn unusable(input: &str, expected: &'static str) -> ApiError {
    ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "request.value", expected).about(input)
}

fn status(word: CheckStatusWord) -> CheckStatus {
    match word {
        CheckStatusWord::Good => CheckStatus::Good,
        CheckStatusWord::NotAsked => CheckStatus::NotAsked,
        CheckStatusWord::Revoked => CheckStatus::Revoked,
        CheckStatusWord::Unchecked => CheckStatus::Unchecked,
        CheckStatusWord::Undetermined => CheckStatus::Undetermined,
        CheckStatusWord::Unknown => CheckStatus::Unknown,
    }
}

fn usage(word: CheckUseWord) -> CheckUsage {
    match word {
        CheckUseWord::Connection => CheckUsage::Connection,
        CheckUseWord::Identity => CheckUsage::Identity,
        CheckUseWord::Trust => CheckUsage::Trust,
    }
}

fn shown_as(from: Check) -> CheckDocument {
    let filled = |text: String| Some(text).filter(|text| !text.is_empty());
    CheckDocument {
        kind: match from.usage {
            CheckUsage::Connection => CheckUseWord::Connection,
            CheckUsage::Identity => CheckUseWord::Identity,
            CheckUsage::Trust => CheckUseWord::Trust,
        },
        status: match from.status {
            CheckStatus::Good => CheckStatusWord::Good,
            CheckStatus::NotAsked => CheckStatusWord::NotAsked,
            CheckStatus::Revoked => CheckStatusWord::Revoked,
            CheckStatus::Unchecked => CheckStatusWord::Unchecked,
            CheckStatus::Undetermined => CheckStatusWord::Undetermined,
            CheckStatus::Unknown => CheckStatusWord::Unknown,
        },
        room: from.room,
        connection: filled(from.connection),
        fingerprint: HEXLOWER.encode(&from.fingerprint),
        detail: filled(from.detail),
        since: from.since.map(shown),
        decision: from.decision.map(Decided::word).map(str::to_owned),
        verdict_hash: filled(HEXLOWER.encode(&from.verdict)),
        last_checked: from.checked_at.map(shown),
        times: from.times,
        next_check: from.due_at.map(shown),
        reason: from.reason.word().to_owned(),
        failures: from.failures,
    }
}
