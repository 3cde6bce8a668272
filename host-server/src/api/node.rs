//! The nodes, and which of them has loaded which version of what is managed (R-TRB-4).

use axum::Json;
use axum::extract::State;
use axum::http::header::ETAG;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Shared;
use super::error::{ApiError, of_storage};
use super::extract::InPath;
use super::version::tag;
use crate::cli::question::shown;
use crate::storage::{Loaded, Node, StorageFault};
use axum::http::StatusCode;

/// A node.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub struct NodeDocument {
    /// Its name.
    name: String,
    /// `publisher` or `subscriber`.
    role: String,
    /// The version it decides with; null where it never said so.
    loaded_version: Option<i64>,
    /// That is the newest version.
    is_current: bool,
    /// When it was heard of last; null where it never was.
    last_seen: Option<String>,
    /// It is the node that answers.
    is_this: bool,
}

/// The nodes.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct NodeList {
    /// The newest version of what is managed.
    version: i64,
    /// By name.
    items: Vec<NodeDocument>,
}

/// The nodes, and which version each decides with.
#[utoipa::path(
    get,
    path = "/api/v1/nodes",
    operation_id = "nodes",
    tag = "administration",
    responses((status = 200, description = "The nodes; `ETag` is the newest version.", body = NodeList))
)]
pub(super) async fn nodes(State(app): State<Shared>) -> Result<Response, ApiError> {
    let list = list(&app).await.map_err(of_storage)?;
    Ok(([(ETAG, tag(list.version))], Json(list)).into_response())
}

/// One node.
#[utoipa::path(
    get,
    path = "/api/v1/nodes/{name}",
    operation_id = "node",
    tag = "administration",
    params(("name" = String, Path, description = "The node's name.")),
    responses((status = 200, description = "The node.", body = NodeDocument))
)]
pub(super) async fn node(
    State(app): State<Shared>,
    InPath(name): InPath<String>,
) -> Result<Json<NodeDocument>, ApiError> {
    let list = list(&app).await.map_err(of_storage)?;
    let missing = || ApiError::new(StatusCode::NOT_FOUND, "node.missing", "there is no such node");
    list.items.into_iter().find(|node| node.name == name).map(Json).ok_or_else(missing)
}

impl NodeList {
    /// The newest version of what is managed, how many nodes there are, and the names of those that do not decide with it.
    pub(super) fn summed_up(self) -> (i64, usize, Vec<String>) {
        let all = self.items.len();
        let behind = self.items.into_iter().filter(|node| !node.is_current).map(|node| node.name);
        (self.version, all, behind.collect())
    }
}

pub(super) async fn list(app: &Shared) -> Result<NodeList, StorageFault> {
    let version = app.storage.version().await?.0;
    let loaded = app.storage.loaded().await?;
    let nodes = app.storage.nodes().await?;
    let document = |node: Node| {
        let said: Option<&Loaded> = loaded.iter().find(|loaded| loaded.node == node.name);
        NodeDocument {
            is_this: node.name == app.node,
            name: node.name,
            role: node.role.word().to_owned(),
            loaded_version: said.map(|loaded| loaded.version.0),
            is_current: said.is_some_and(|loaded| loaded.version.0 >= version),
            last_seen: said.map(|loaded| shown(loaded.seen)),
        }
    };
    Ok(NodeList { version, items: nodes.into_iter().map(document).collect() })
}
