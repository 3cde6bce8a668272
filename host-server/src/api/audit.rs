//! The audit record, read in pages, the newest first. Whether it holds is for `assayer audit verify`, which does not
//! need this server.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::Shared;
use super::error::{ApiError, of_storage};
use super::extract::InQuery;
use super::page::PageQuery;
use crate::audit::Record;
use crate::cli::question::shown;

/// A record of the audit.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct AuditDocument {
    /// Its place in the chain, from 1 without a gap.
    sequence: i64,
    /// When.
    time: String,
    /// The account, or the part of the program.
    who: String,
    /// The act, such as `token.created`.
    what: String,
    /// What it was done to.
    subject: String,
    /// What became of it: `done`, `failed` or `refused`.
    outcome: String,
    /// What else is known.
    #[schema(value_type = Object)]
    details: Value,
    /// SHA-256 of the record before, in hexadecimal.
    previous: String,
    /// SHA-256 of this record over the one before.
    hash: String,
}

/// A page of the audit.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct AuditPage {
    /// The newest first.
    items: Vec<AuditDocument>,
    /// Where the next page begins; null where there is none.
    next: Option<String>,
}

/// The audit, the newest record first.
#[utoipa::path(
    get,
    path = "/api/v1/audit",
    operation_id = "audit",
    tag = "administration",
    params(PageQuery),
    responses(
        (status = 200, description = "A page of the audit.", body = AuditPage),
        (status = 422, description = "`after` is not the `next` of a page.", body = super::error::Problem,
            content_type = "application/problem+json")
    )
)]
pub(super) async fn audit(
    State(app): State<Shared>,
    InQuery(page): InQuery<PageQuery>,
) -> Result<Json<AuditPage>, ApiError> {
    let before = page.after().map_or(Ok(i64::MAX), str::parse);
    let before = before.map_err(|_| {
        let expected = "expected the `next` of a page";
        ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "request.value", expected).about("after")
    })?;
    let most = i64::try_from(page.most()).unwrap_or(1);
    let found = app.audit.before(before, most).await.map_err(of_storage)?;
    let next = found.last().map(|record| record.sequence).filter(|last| *last > 1);
    Ok(Json(AuditPage {
        items: found.iter().map(document).collect(),
        next: next.map(|next| next.to_string()),
    }))
}

fn document(record: &Record) -> AuditDocument {
    AuditDocument {
        sequence: record.sequence,
        time: shown(record.time),
        who: record.who.clone(),
        what: record.what.clone(),
        subject: record.subject.clone(),
        outcome: record.outcome.word().to_owned(),
        details: record.details_json(),
        previous: HEXLOWER.encode(&record.previous),
        hash: HEXLOWER.encode(&record.hash),
    }
}
