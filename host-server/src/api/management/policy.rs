//! Policy documents: read, tried and put in force. The engine reads them; one that it refuses, or under which a trust
//! store could not be used, never takes the place of the one in force.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request, State};
use axum::http::header::{ACCEPT, CONTENT_TYPE, ETAG};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Terms, WriteQuery, answer, cluster, node_policy, put_document, situation};
use crate::api::Shared;
use crate::api::document;
use crate::api::error::{ApiError, Problem, of_storage};
use crate::api::extract::{InPath, in_time, media_type};
use crate::api::version::tag;
use crate::audit::{AuditRecord, Details};
use crate::cli::question::shown;
use crate::component::contract::management::Advice;
use crate::component::contract::request::Mode;
use crate::storage::{PolicyDocument, StorageFault, Version};
use crate::trusted::LoadFault;

/// The one scope there is: decisions and plans of the whole deployment. Other documents that are kept the same way,
/// such as the settings of the cluster, are none of these.
pub(super) const DEPLOYMENT: &str = "deployment";
/// The same as it is kept.
pub(super) const STORED: &str = "";
const TOML: &str = "application/toml";

/// A policy document, one version of it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub struct PolicyVersion {
    /// Its number, from 1; null where none was ever put in force and the defaults hold.
    number: Option<i64>,
    /// It is the one in force.
    active: bool,
    /// The document (TOML), as it was written.
    document: String,
    /// When it was stored.
    added_at: Option<String>,
    /// By whom.
    added_by: Option<String>,
}

/// The policies there are.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PolicyList {
    /// One for each scope.
    items: Vec<PolicyItem>,
}

/// The policy of a scope.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub struct PolicyItem {
    /// What it is for: `deployment`, the whole of it.
    scope: &'static str,
    /// The number of the one in force; null where the defaults hold.
    number: Option<i64>,
    /// How many versions are kept.
    versions: usize,
}

/// Every version of a policy.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PolicyHistory {
    /// The latest first.
    items: Vec<PolicyVersion>,
}

/// A policy document to put in force.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyForm {
    /// The document (TOML). Its settings are those of the schema `PolicySettings`.
    document: String,
}

/// What became of a document.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub struct PolicyOutcome {
    /// It is in force; false for a dry run.
    pub(super) applied: bool,
    /// Everything that it says, and every default beside it, as one document (TOML).
    pub(super) settings: String,
    /// What has to be restarted so that TLS clients ask by OCSP in real time; nothing where OCSP is off in the document.
    pub(super) advice: Vec<RestartAdvice>,
}

/// A service to restart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub struct RestartAdvice {
    /// Its name.
    service: String,
    /// `feature` or `network`.
    kind: String,
    /// The nodes that it is to be restarted on.
    nodes: Vec<String>,
    /// Identifiers in the rule catalogue.
    rules: Vec<String>,
}

/// The policies there are.
#[utoipa::path(
    get,
    path = "/api/v1/policies",
    operation_id = "policies",
    tag = "decisions",
    responses((status = 200, description = "The scopes; `ETag` is the version.", body = PolicyList))
)]
pub(in crate::api) async fn policies(State(app): State<Shared>) -> Result<Response, ApiError> {
    let (version, versions) = versions(&app).await.map_err(of_storage)?;
    let active = versions.iter().find(|one| one.active);
    let number = active.map(|one| one.number);
    let item = PolicyItem { scope: DEPLOYMENT, number, versions: versions.len() };
    Ok(answer(version, PolicyList { items: vec![item] }))
}

/// The policy in force.
#[utoipa::path(
    get,
    path = "/api/v1/policies/{scope}",
    operation_id = "policy",
    tag = "decisions",
    params(("scope" = String, Path, description = "`deployment`.")),
    responses((status = 200, description = "The document in force, as JSON or, where `Accept` says so, as it was \
        written; `ETag` is the version.",
        content((PolicyVersion = "application/json"), (String = "application/toml"))))
)]
pub(in crate::api) async fn policy(
    State(app): State<Shared>,
    InPath(scope): InPath<String>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    known(&scope)?;
    let (version, versions) = versions(&app).await.map_err(of_storage)?;
    let found = versions.into_iter().find(|one| one.active).map(PolicyVersion::of);
    let found = found.unwrap_or_else(PolicyVersion::none);
    let accepted = headers.get(ACCEPT).and_then(|accepted| accepted.to_str().ok()).unwrap_or_default();
    if accepted.split([',', ';']).any(|media_type| media_type.trim().eq_ignore_ascii_case(TOML)) {
        return Ok(([(ETAG, tag(version.0)), (CONTENT_TYPE, toml())], found.document).into_response());
    }
    Ok(answer(version, found))
}

fn toml() -> axum::http::HeaderValue {
    axum::http::HeaderValue::from_static(TOML)
}

/// Every version of a policy.
#[utoipa::path(
    get,
    path = "/api/v1/policies/{scope}/versions",
    operation_id = "policy-versions",
    tag = "decisions",
    params(("scope" = String, Path, description = "`deployment`.")),
    responses((status = 200, description = "The versions; `ETag` is the version of the state.", body = PolicyHistory))
)]
pub(in crate::api) async fn history(
    State(app): State<Shared>,
    InPath(scope): InPath<String>,
) -> Result<Response, ApiError> {
    known(&scope)?;
    let (version, versions) = versions(&app).await.map_err(of_storage)?;
    Ok(answer(version, PolicyHistory { items: versions.into_iter().map(PolicyVersion::of).collect() }))
}

/// Puts a policy in force for every decision from then on.
#[utoipa::path(
    put,
    path = "/api/v1/policies/{scope}",
    operation_id = "set-policy",
    tag = "decisions",
    params(
        ("scope" = String, Path, description = "`deployment`."),
        WriteQuery,
        ("If-Match" = Option<String>, Header, description = "The version that was seen.")
    ),
    request_body(description = "The document.",
        content((PolicyForm = "application/json"), (String = "application/toml"))),
    responses(
        (status = 200, description = "It is in force, or would be; `ETag` is the version.", body = PolicyOutcome),
        (status = 409, description = "Others kept changing the state.", body = Problem,
            content_type = "application/problem+json"),
        (status = 422, description = "The document cannot be used: `line` and `column` say where, `detail` what was \
            expected. The one in force stays.", body = Problem, content_type = "application/problem+json")
    )
)]
pub(in crate::api) async fn set(
    State(app): State<Shared>,
    InPath(scope): InPath<String>,
    terms: Terms,
    Written(text): Written,
) -> Result<Response, ApiError> {
    known(&scope)?;
    let (settings, advice) = checked(&app, &text).await?;
    let (who, now) = terms.by.by();
    let details = Details::none().text("document", &text);
    let record = AuditRecord::done(now, who, "policy.set", &scope).with_details(details);
    let version = put_document(&app, &terms, (STORED, &text), &record).await?;
    Ok(answer(version, PolicyOutcome { applied: !terms.dry_run, settings, advice }))
}

/// Everything that a document is held to before it may come into force: what it amounts to, and what follows from saving it.
///
/// # Errors
/// Why it cannot.
pub(super) async fn checked(app: &Shared, text: &str) -> Result<(String, Vec<RestartAdvice>), ApiError> {
    let found = tried(app, text).await?;
    node_policy::check_all(app, text).await?;
    cluster::keeps_rooms(app, text).await?;
    Ok(found)
}

/// Has the engine read a document, and every trust store under it: what it amounts to, and what follows from saving it.
pub(super) async fn tried(app: &Shared, text: &str) -> Result<(String, Vec<RestartAdvice>), ApiError> {
    let cluster = situation::nodes(app, text).await?;
    let document = text.to_owned();
    let read = app.pool.ask(move |session| match session.validator(&document, Mode::AsWritten)? {
        Ok(validator) => {
            let settings = session.settings(&validator)?;
            Ok(session.restart_advice(&validator, &cluster)?.map(|advice| (settings, advice)))
        }
        Err(refusal) => Ok(Err(refusal)),
    });
    let (settings, advice) = read.await?.map_err(|refusal| document::refused("document", &refusal))?;
    let known = *app.storage.watch().borrow();
    if let Some(snapshot) = app.trusted.current(known).await {
        snapshot.under(app, text.to_owned()).await.map_err(|fault| match fault {
            LoadFault::Engine(unanswered) => unanswered.into(),
            other => {
                let detail = format!("under this document a trust store could not be used: {other}");
                ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "policy.stores", detail).about("document")
            }
        })?;
    }
    Ok((settings, by_service(advice)))
}

/// One row for each service, with its nodes, in the order of the advice (R-OCSP-20, R-OCSP-21).
fn by_service(advice: Vec<Advice>) -> Vec<RestartAdvice> {
    let mut rows: Vec<RestartAdvice> = Vec::new();
    for one in advice {
        let service = one.concerning.unwrap_or_default();
        match rows.iter_mut().find(|row| row.service == service) {
            Some(row) => row.nodes.extend(one.node),
            None => rows.push(RestartAdvice {
                service,
                kind: one.service_kind.unwrap_or_default(),
                nodes: one.node.into_iter().collect(),
                rules: one.rules,
            }),
        }
    }
    rows
}

fn known(scope: &str) -> Result<(), ApiError> {
    if scope == DEPLOYMENT {
        return Ok(());
    }
    let detail = format!("there is no policy of this scope; expected `{DEPLOYMENT}`");
    Err(ApiError::new(StatusCode::NOT_FOUND, "policy.unknown-scope", detail))
}

async fn versions(app: &Shared) -> Result<(Version, Vec<PolicyDocument>), StorageFault> {
    // where they are later ones than the version, a change on that version is refused as stale
    let version = app.storage.version().await?;
    Ok((version, app.storage.policies(STORED).await?))
}

impl PolicyVersion {
    fn of(stored: PolicyDocument) -> Self {
        Self {
            number: Some(stored.number),
            active: stored.active,
            document: stored.document,
            added_at: Some(shown(stored.added_at)),
            added_by: Some(stored.added_by),
        }
    }

    /// The defaults.
    fn none() -> Self {
        Self { number: None, active: true, document: String::new(), added_at: None, added_by: None }
    }
}

/// A document that was sent, as text or wrapped.
#[derive(Debug)]
pub(in crate::api) struct Written(pub(super) String);

impl FromRequest<Shared> for Written {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &Shared) -> Result<Self, ApiError> {
        match media_type(request.headers()).as_deref() {
            Some("application/json") => {
                let crate::api::extract::Body(form) =
                    crate::api::extract::Body::<PolicyForm>::from_request(request, app).await?;
                Ok(Self(form.document))
            }
            Some(TOML | "text/plain") => {
                let octets = in_time(app, Bytes::from_request(request, app)).await?;
                let octets = octets.map_err(|rejection| ApiError::of_status(rejection.status()))?;
                let text = String::from_utf8(octets.to_vec());
                text.map(Self).map_err(|_| {
                    let detail = "the document is not UTF-8";
                    ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "request.value", detail).about("document")
                })
            }
            _ => {
                let detail = "expected a document as application/toml, text/plain or application/json";
                Err(ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "request.media-type", detail))
            }
        }
    }
}
