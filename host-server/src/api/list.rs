//! The lists of revoked certificates that are watched: where they come from, how old they are, and when they lapse.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Shared;
use super::access::Called;
use super::error::{ApiError, of_storage};
use super::reason::{GENERIC, Insight};
use crate::audit::AuditRecord;
use crate::cli::console;
use crate::cli::question::shown;
use crate::storage::{KeptList, ListSource};

/// The lists that are watched.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct WatchedLists {
    /// Where they are downloaded, in the order of their URIs.
    items: Vec<WatchedList>,
}

/// A place from which lists are downloaded.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub struct WatchedList {
    /// The URI, configured or named by a certificate that is kept.
    uri: String,
    /// When it is downloaded next.
    next_download: String,
    /// It is being downloaded.
    is_under_way: bool,
    /// When that was tried last; null where it never was.
    last_try: Option<String>,
    /// Why nothing was taken then: a stable code, as exact as the caller may learn it; null where something was.
    trouble: Option<String>,
    /// Since when nothing was.
    trouble_since: Option<String>,
    /// What was taken, by each issuer.
    lists: Vec<TakenList>,
}

/// A list that was taken.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub struct TakenList {
    /// Its issuer.
    issuer: String,
    /// cRLNumber, hexadecimal.
    number: Option<String>,
    /// thisUpdate.
    this_update: String,
    /// nextUpdate.
    next_update: Option<String>,
    /// When it was downloaded.
    downloaded_at: String,
    /// SHA-256 of it, in hexadecimal.
    sha256: String,
}

/// The lists of revoked certificates that are watched.
#[utoipa::path(
    get,
    path = "/api/v1/lists",
    operation_id = "lists",
    tag = "monitoring",
    responses((status = 200, description = "The lists.", body = WatchedLists))
)]
pub(super) async fn lists(State(app): State<Shared>, by: Called) -> Result<Json<WatchedLists>, ApiError> {
    let insight = Insight::of(&by.0);
    let sources = app.storage.list_sources().await.map_err(of_storage)?;
    let taken = app.storage.taken_lists().await.map_err(of_storage)?;
    let items = sources.into_iter().map(|source| document(source, &taken, insight)).collect();
    Ok(Json(WatchedLists { items }))
}

/// Has every list downloaded now instead of at its next time.
#[utoipa::path(
    post,
    path = "/api/v1/lists/runs",
    operation_id = "run-lists",
    tag = "monitoring",
    responses((status = 202, description = "They are due now.", body = WatchedLists))
)]
pub(super) async fn download(
    state: State<Shared>,
    by: Called,
) -> Result<(StatusCode, Json<WatchedLists>), ApiError> {
    let (name, now) = by.by();
    let app = &state.0;
    app.audit
        .append(AuditRecord::done(now, name, "lists.run-requested", "lists"))
        .await
        .map_err(of_storage)?;
    app.storage.hurry_lists(console::clock()).await.map_err(of_storage)?;
    app.watching.wake_downloads();
    Ok((StatusCode::ACCEPTED, lists(state, by.clone()).await?))
}

fn document(source: ListSource, taken: &[KeptList], insight: Insight) -> WatchedList {
    // what the engine says of a list is no secret; what the network says is
    let is_shown = source.trouble.starts_with("crl.") || insight == Insight::Exact;
    let trouble = if is_shown { source.trouble.clone() } else { GENERIC.to_owned() };
    let of = |list: &KeptList| TakenList {
        issuer: list.issuer.clone(),
        number: Some(list.number.clone()).filter(|number| !number.is_empty()),
        this_update: shown(list.this_update),
        next_update: list.next_update.map(shown),
        downloaded_at: shown(list.downloaded_at),
        sha256: data_encoding::HEXLOWER.encode(&list.sha256),
    };
    WatchedList {
        lists: taken.iter().filter(|list| list.uri == source.uri).map(of).collect(),
        next_download: shown(source.due_at),
        is_under_way: source.is_taken,
        last_try: source.tried_at.map(shown),
        trouble: (!source.trouble.is_empty()).then_some(trouble),
        trouble_since: source.trouble_since.map(shown),
        uri: source.uri,
    }
}
