//! What an administrator wrote beside a certificate, changed; it is to be seen at once (R-UP-16, R-RGN-7).

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::certificate::{self, EntryDocument, KindWord, fingerprint, of_list};
use super::upload::{DeletionPath, DeletionQuery};
use super::{SeenVersion, TRIES, Terms, WriteQuery, answer, commit, conflict};
use crate::accounts::Permission;
use crate::api::Shared;
use crate::api::access::Called;
use crate::api::error::{ApiError, Problem, of_storage};
use crate::api::extract::{Body, InPath, InQuery};
use crate::api::version::stale;
use crate::audit::{AuditRecord, Details};
use crate::storage::{Change, Entry, Filter, Fingerprint, Query};

/// The most characters of a description.
const LONGEST: usize = 1000;

/// What is written beside a certificate from now on.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DescriptionForm {
    /// The text; an empty one takes it away.
    #[schema(max_length = 1000)]
    description: String,
}

/// The certificate in its places, as it is described now, or would be.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DescribedDocument {
    /// It was done; false for a dry run.
    applied: bool,
    /// Where it lies.
    items: Vec<EntryDocument>,
}

/// Changes what is written beside a certificate: on one node, or wherever it lies in the slot or store. For a trust
/// store the permission `trust.manage` is needed too.
#[utoipa::path(
    patch,
    path = "/api/v1/certificates/{kind}/{room}/{fingerprint}",
    operation_id = "describe",
    tag = "certificates",
    params(
        ("kind" = KindWord, Path, description = "A slot, or a trust store."),
        ("room" = String, Path, description = "The slot or store."),
        ("fingerprint" = String, Path, description = "SHA-256 of its encoding, in hexadecimal."),
        DeletionQuery,
        ("If-Match" = Option<String>, Header, description = "The version that was seen.")
    ),
    request_body(content = DescriptionForm, description = "The text."),
    responses(
        (status = 200, description = "It was done, or would be; `ETag` is the version.", body = DescribedDocument),
        (status = 409, description = "Others kept changing the state.", body = Problem,
            content_type = "application/problem+json")
    )
)]
pub(in crate::api) async fn describe(
    State(app): State<Shared>,
    by: Called,
    seen: SeenVersion,
    InPath(path): InPath<DeletionPath>,
    InQuery(query): InQuery<DeletionQuery>,
    Body(form): Body<DescriptionForm>,
) -> Result<Response, ApiError> {
    let terms = Terms::new(by, seen, &WriteQuery { dry_run: query.dry_run });
    if path.kind == KindWord::Trust {
        terms.require(Permission::ManageTrust)?;
    }
    if form.description.chars().count() > LONGEST {
        return Err(unusable("description", "expected 1000 characters at most"));
    }
    let expected = "expected SHA-256 in hexadecimal: 64 digits";
    let asked = fingerprint(&path.fingerprint).ok_or_else(|| unusable("fingerprint", expected))?;
    for _ in 0..TRIES {
        let version = app.storage.version().await.map_err(of_storage)?;
        terms.check(version)?;
        let found = find(&app, &path, query.node.as_deref(), asked).await?;
        let items = |applied| DescribedDocument { applied, items: described(&found, &form.description) };
        if terms.dry_run {
            return Ok(answer(version, items(false)));
        }
        let change = |entry: &Entry| Change::Describe {
            place: entry.place.clone(),
            fingerprint: asked,
            description: form.description.clone(),
        };
        let changes: Vec<Change> = found.iter().map(change).collect();
        let subject = format!("{} {}", path.room, HEXLOWER.encode(&asked));
        let (who, now) = terms.by.by();
        let details = Details::none().text("description", &form.description);
        let record = AuditRecord::done(now, who, "certificate.described", &subject).with_details(details);
        match commit(&app, version, &changes, record).await? {
            Some(version) => return Ok(answer(version, items(true))),
            None if terms.seen.is_some() => return Err(stale()),
            None => {}
        }
    }
    Err(conflict("others kept changing the state; try again"))
}

/// Where the certificate lies: in the slot or store on one node, or on all.
async fn find(
    app: &Shared,
    path: &DeletionPath,
    node: Option<&str>,
    fingerprint: Fingerprint,
) -> Result<Vec<Entry>, ApiError> {
    let filter = Filter {
        fingerprint: Some(fingerprint),
        usage: Some(path.kind.usage()),
        room: Some(path.room.clone()),
        ..Filter::default()
    };
    let query = Query { filter, size: 500, ..Query::default() };
    let mut entries = app.storage.list(&query).await.map_err(of_list)?.entries;
    entries.retain(|entry| node.is_none_or(|node| entry.place.node.as_deref() == Some(node)));
    if entries.is_empty() {
        let detail = "the certificate does not lie there";
        return Err(ApiError::new(StatusCode::NOT_FOUND, "certificate.missing", detail));
    }
    Ok(entries)
}

fn described(found: &[Entry], description: &str) -> Vec<EntryDocument> {
    let with = |entry: &Entry| Entry { description: description.to_owned(), ..entry.clone() };
    found.iter().map(|entry| certificate::entry(&with(entry))).collect()
}

fn unusable(input: &str, expected: &'static str) -> ApiError {
    ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "request.value", expected).about(input)
}
