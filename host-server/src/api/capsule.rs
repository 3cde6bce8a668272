//! Decisions that were recorded: listed the newest first, and each as the file that `assayer capsule` reads. What is in
//! one tells of the network inside, so whoever may not read reasons may not read capsules.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Shared;
use super::document::{self, CapsuleFile};
use super::error::{ApiError, Problem, of_storage};
use super::extract::{InPath, InQuery};
use crate::cli::question::{moment, shown};
use crate::storage::{CapsuleEntry, CapsuleFilter, Fingerprint};

/// The most capsules in one answer, and how many there are where nobody says.
const MOST: u16 = 500;
const USUAL: u16 = 100;

/// What was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CapsuleDecision {
    /// The certificate may be trusted.
    Allow,
    /// It may not.
    Deny,
}

/// A decision that was recorded.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub struct CapsuleDocument {
    /// The root over its parts, in hexadecimal: what it is asked for by.
    id: String,
    /// When it was recorded.
    recorded_at: String,
    /// What was decided.
    decision: CapsuleDecision,
    /// The purpose; null where none was asked for.
    purpose: Option<String>,
    /// SHA-256 of the certificate that was asked about, in hexadecimal.
    fingerprint: String,
    /// The hash of the verdict's trace, in hexadecimal.
    trace_hash: String,
    /// How large the file is.
    octets: i64,
}

/// A page of capsules.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct CapsulePage {
    /// The newest first.
    items: Vec<CapsuleDocument>,
    /// Where the next page begins; null where there is none.
    next: Option<String>,
}

/// Which capsules, and which part of the list.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CapsuleQuery {
    /// Of these decisions.
    #[param(inline)]
    decision: Option<CapsuleDecision>,
    /// Of questions with this purpose.
    purpose: Option<String>,
    /// Recorded at this moment (RFC 3339) or later.
    since: Option<String>,
    /// How many at most.
    #[param(minimum = 1, maximum = 500, default = 100)]
    limit: Option<u16>,
    /// Where the last page ended: its `next`.
    after: Option<String>,
}

/// The decisions that were recorded.
#[utoipa::path(
    get,
    path = "/api/v1/capsules",
    operation_id = "capsules",
    tag = "decisions",
    params(CapsuleQuery),
    responses(
        (status = 200, description = "A page.", body = CapsulePage),
        (status = 422, description = "`after` is not the `next` of a page, or `since` is no moment.", body = Problem,
            content_type = "application/problem+json")
    )
)]
pub(super) async fn capsules(
    State(app): State<Shared>,
    InQuery(query): InQuery<CapsuleQuery>,
) -> Result<Json<CapsulePage>, ApiError> {
    let before = query.after.as_deref().map_or(Ok(i64::MAX), str::parse);
    let filter = CapsuleFilter {
        allows: query.decision.map(|decision| decision == CapsuleDecision::Allow),
        purpose: query.purpose,
        since: query.since.as_deref().map(since).transpose()?,
        before: before.map_err(|_| unusable("after", "expected the `next` of a page".to_owned()))?,
    };
    let most = i64::from(query.limit.unwrap_or(USUAL).clamp(1, MOST));
    let mut found = app.storage.capsules(&filter, most.saturating_add(1)).await.map_err(of_storage)?;
    let more = found.len() > usize::try_from(most).unwrap_or(1);
    found.truncate(usize::try_from(most).unwrap_or(1));
    let next = found.last().filter(|_| more).map(|last| last.number.to_string());
    Ok(Json(CapsulePage { items: found.iter().map(shown_as).collect(), next }))
}

/// One decision that was recorded, as the file that `assayer capsule` shows and decides again.
#[utoipa::path(
    get,
    path = "/api/v1/capsules/{id}",
    operation_id = "capsule",
    tag = "decisions",
    params(("id" = String, Path, description = "The root over its parts, in hexadecimal.")),
    responses((status = 200, description = "The capsule, byte for byte.", body = CapsuleFile,
        content_type = "application/json"))
)]
pub(super) async fn capsule(
    State(app): State<Shared>,
    InPath(id): InPath<String>,
) -> Result<Response, ApiError> {
    let root = HEXLOWER.decode(id.as_bytes()).ok().and_then(|octets| Fingerprint::try_from(octets).ok());
    let found = match root {
        Some(root) => app.storage.capsule(&root).await.map_err(of_storage)?,
        None => None,
    };
    found.map(document::answer).ok_or_else(|| ApiError::of_status(StatusCode::NOT_FOUND))
}

fn since(text: &str) -> Result<i64, ApiError> {
    moment(text).map_err(|expected| unusable("since", expected))
}

fn unusable(input: &str, expected: String) -> ApiError {
    ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "request.value", expected).about(input)
}

fn shown_as(entry: &CapsuleEntry) -> CapsuleDocument {
    CapsuleDocument {
        id: HEXLOWER.encode(&entry.root),
        recorded_at: shown(entry.recorded_at),
        decision: if entry.allows { CapsuleDecision::Allow } else { CapsuleDecision::Deny },
        purpose: Some(entry.purpose.clone()).filter(|purpose| !purpose.is_empty()),
        fingerprint: HEXLOWER.encode(&entry.certificate),
        trace_hash: HEXLOWER.encode(&entry.trace),
        octets: entry.octets,
    }
}
