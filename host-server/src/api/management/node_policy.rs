//! What a node has of its own instead of parts of the deployment's policy: whether CRLs are a source there, and where they
//! come from (R-CRL-14). What it may say, and in which release a node may have it, the engine says.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use super::policy::{PolicyForm, Written, tried};
use super::{Terms, WriteQuery, answer, cluster, put_document, situation};
use crate::api::Shared;
use crate::api::document;
use crate::api::error::{ApiError, Problem, of_storage};
use crate::api::extract::InPath;
use crate::app::App;
use crate::audit::{AuditRecord, Details};
use crate::cli::question::shown;
use crate::component::contract::request::Mode;
use crate::component::contract::types::Refusal;
use crate::component::pool::Unanswered;
use crate::storage::{NodeRole, own_scope};

/// What a node has of its own.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub struct NodePolicy {
    /// Its own document (TOML), as it was written; empty where it has none.
    document: String,
    /// The deployment's policy with that over it, as one complete document (TOML).
    settings: String,
    /// When it was stored; null where there never was one.
    added_at: Option<String>,
    /// By whom.
    added_by: Option<String>,
}

/// What became of a node's own document.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub struct NodePolicyOutcome {
    /// It is in force; false for a dry run.
    applied: bool,
    /// The deployment's policy with it over it, as one complete document (TOML).
    settings: String,
}

/// What a node has of its own.
#[utoipa::path(
    get,
    path = "/api/v1/nodes/{name}/policy",
    operation_id = "node-policy",
    tag = "decisions",
    params(("name" = String, Path, description = "The node's name.")),
    responses((status = 200, description = "Its own document, and what holds there; `ETag` is the version.",
        body = NodePolicy))
)]
pub(in crate::api) async fn read(
    State(app): State<Shared>,
    InPath(name): InPath<String>,
) -> Result<Response, ApiError> {
    let version = app.storage.version().await.map_err(of_storage)?;
    let role = role(&app, &name).await?;
    let stored = app.storage.active_policy(&own_scope(&name)).await.map_err(of_storage)?;
    let own = stored.as_ref().map(|stored| stored.document.clone()).unwrap_or_default();
    let settings = settings(&app, &own, role).await?;
    let body = NodePolicy {
        document: own,
        settings,
        added_at: stored.as_ref().map(|stored| shown(stored.added_at)),
        added_by: stored.map(|stored| stored.added_by),
    };
    Ok(answer(version, body))
}

/// Puts what a node has of its own in force there; an empty document ends it.
#[utoipa::path(
    put,
    path = "/api/v1/nodes/{name}/policy",
    operation_id = "set-node-policy",
    tag = "decisions",
    params(
        ("name" = String, Path, description = "The node's name."),
        WriteQuery,
        ("If-Match" = Option<String>, Header, description = "The version that was seen.")
    ),
    request_body(description = "The document: `[crl]` with `enabled`, `uri` and `configured`.",
        content((PolicyForm = "application/json"), (String = "application/toml"))),
    responses(
        (status = 200, description = "It is in force, or would be; `ETag` is the version.", body = NodePolicyOutcome),
        (status = 409, description = "Others kept changing the state.", body = Problem,
            content_type = "application/problem+json"),
        (status = 422, description = "The document cannot be used, or the release is too early for one on this node.",
            body = Problem, content_type = "application/problem+json")
    )
)]
pub(in crate::api) async fn set(
    State(app): State<Shared>,
    InPath(name): InPath<String>,
    terms: Terms,
    Written(text): Written,
) -> Result<Response, ApiError> {
    let role = role(&app, &name).await?;
    let settings = settings(&app, &text, role).await?;
    tried(&app, &settings).await?;
    let (who, now) = terms.by.by();
    let details = Details::none().text("document", &text);
    let record = AuditRecord::done(now, who, "policy.set", &format!("node {name}")).with_details(details);
    let version = put_document(&app, &terms, (&own_scope(&name), &text), &record).await?;
    Ok(answer(version, NodePolicyOutcome { applied: !terms.dry_run, settings }))
}

/// Whether what every node has of its own can stand with another policy of the deployment.
///
/// # Errors
/// The first node whose document cannot.
pub(super) async fn check_all(app: &Shared, of_deployment: &str) -> Result<(), ApiError> {
    let release = release(app).await?;
    for node in app.storage.nodes().await.map_err(of_storage)? {
        let stored = app.storage.active_policy(&own_scope(&node.name)).await.map_err(of_storage)?;
        let Some(own) = stored.map(|stored| stored.document).filter(|own| !own.trim().is_empty()) else {
            continue;
        };
        let documents = (of_deployment.to_owned(), own);
        combined(app, documents, (release.clone(), node.role)).await?.map_err(|refusal| {
            let input = format!("policy of the node {}", node.name);
            document::refused(&input, &refusal)
        })?;
    }
    Ok(())
}

/// The deployment's policy with a node's own document over it, as one complete document.
///
/// # Errors
/// No answer.
pub(crate) async fn combined(
    app: &App,
    (of_deployment, own): (String, String),
    (release, role): (String, NodeRole),
) -> Result<Result<String, Refusal>, Unanswered> {
    let role = situation::role(role);
    app.pool
        .ask(move |session| match session.validator(&of_deployment, Mode::AsWritten)? {
            Ok(validator) => session.node_policy(&validator, &own, (&release, role)),
            Err(refusal) => Ok(Err(refusal)),
        })
        .await
}

/// What would hold on a node; one that has nothing of its own may be of any release.
async fn settings(app: &Shared, own: &str, role: NodeRole) -> Result<String, ApiError> {
    let of_deployment = cluster::in_force(app).await?;
    // whatever the release: the publisher may always have one, and this one says nothing
    let role = if own.trim().is_empty() { NodeRole::Publisher } else { role };
    let documents = (of_deployment, own.to_owned());
    let combined = combined(app, documents, (release(app).await?, role)).await?;
    combined.map_err(|refusal| document::refused("document", &refusal))
}

async fn release(app: &Shared) -> Result<String, ApiError> {
    let stored = app.storage.active_policy(cluster::SCOPE).await.map_err(of_storage)?;
    cluster::release(stored.as_ref().map(|stored| stored.document.as_str()))
}

async fn role(app: &Shared, name: &str) -> Result<NodeRole, ApiError> {
    let nodes = app.storage.nodes().await.map_err(of_storage)?;
    let found = nodes.into_iter().find(|node| node.name == name).map(|node| node.role);
    found.ok_or_else(|| ApiError::new(StatusCode::NOT_FOUND, "node.missing", "there is no such node"))
}
