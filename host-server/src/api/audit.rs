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
use crate::audit::{Record, Wanted};
use crate::cli::question::{moment, shown};

/// The most records in one answer, and how many there are where nobody says.
const MOST: u16 = 500;
const USUAL: u16 = 100;

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

/// Which records: every criterion holds of each of them.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AuditQuery {
    /// The account, or the part of the program, contains this, in any case.
    who: Option<String>,
    /// The act contains this, such as `token.`, in any case.
    what: Option<String>,
    /// What it was done to contains this, in any case.
    subject: Option<String>,
    /// It happened at this moment or later (RFC 3339).
    from: Option<String>,
    /// It happened before this moment (RFC 3339).
    until: Option<String>,
    /// How many at most.
    #[param(minimum = 1, maximum = 500, default = 100)]
    limit: Option<u16>,
    /// Where the last page ended: its `next`.
    after: Option<String>,
}

impl AuditQuery {
    fn wanted(self) -> Result<Wanted, ApiError> {
        let time = |name: &str, text: Option<String>| {
            let read = text.filter(|text| !text.is_empty()).map(|text| moment(&text)).transpose();
            read.map_err(|expected| unusable(name, expected))
        };
        Ok(Wanted {
            who: self.who,
            what: self.what,
            subject: self.subject,
            from: time("from", self.from)?,
            until: time("until", self.until)?,
        })
    }
}

/// The audit, the newest record first: all of it, or what every criterion holds of.
#[utoipa::path(
    get,
    path = "/api/v1/audit",
    operation_id = "audit",
    tag = "administration",
    params(AuditQuery),
    responses(
        (status = 200, description = "A page of the audit.", body = AuditPage),
        (status = 422, description = "`after` is not the `next` of a page, or a moment is none.", body = super::error::Problem,
            content_type = "application/problem+json")
    )
)]
pub(super) async fn audit(
    State(app): State<Shared>,
    InQuery(query): InQuery<AuditQuery>,
) -> Result<Json<AuditPage>, ApiError> {
    let before = query.after.as_deref().map_or(Ok(i64::MAX), str::parse);
    let before = before.map_err(|_| unusable("after", "expected the `next` of a page".to_owned()))?;
    let most = i64::from(query.limit.unwrap_or(USUAL).clamp(1, MOST));
    let found = app.audit.before(before, most, &query.wanted()?).await.map_err(of_storage)?;
    // a page that is not full is the last, whatever lies between what is wanted
    let is_full = i64::try_from(found.len()).unwrap_or(i64::MAX) >= most;
    let next = found.last().map(|record| record.sequence).filter(|last| is_full && *last > 1);
    Ok(Json(AuditPage {
        items: found.iter().map(document).collect(),
        next: next.map(|next| next.to_string()),
    }))
}

fn unusable(input: &str, expected: String) -> ApiError {
    ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "request.value", expected).about(input)
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
