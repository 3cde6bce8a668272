//! Nodes that leave, and which of them is the publisher. What goes with a node, and whether it may go, the engine says.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;

use super::plan::WriteOutcome;
use super::{Order, Terms, WriteQuery, carry_out};
use crate::api::Shared;
use crate::api::error::{ApiError, Problem};
use crate::api::extract::{Body, InPath};
use crate::component::contract::management as wit;

/// The role that a node is to have.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleForm {
    /// `publisher`, and the one that was is a subscriber from then on; or `subscriber`.
    role: NodeRoleWord,
}

/// A role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NodeRoleWord {
    /// The node from which everything is managed.
    Publisher,
    /// Any other.
    Subscriber,
}

/// Gives a node another role. There is exactly one publisher, before and after.
#[utoipa::path(
    patch,
    path = "/api/v1/nodes/{name}",
    operation_id = "set-role",
    tag = "administration",
    params(
        ("name" = String, Path, description = "The node's name."),
        WriteQuery,
        ("If-Match" = Option<String>, Header, description = "The version that was seen.")
    ),
    request_body(content = RoleForm, description = "The role."),
    responses(
        (status = 200, description = "It was done, or would be; `ETag` is the version.", body = WriteOutcome),
        (status = 409, description = "Others kept changing the state.", body = Problem,
            content_type = "application/problem+json"),
        (status = 422, description = "It is refused, with the whole plan, and nothing was changed.",
            body = Problem, content_type = "application/problem+json")
    )
)]
pub(in crate::api) async fn set_role(
    State(app): State<Shared>,
    terms: Terms,
    InPath(name): InPath<String>,
    Body(form): Body<RoleForm>,
) -> Result<Response, ApiError> {
    let role = match form.role {
        NodeRoleWord::Publisher => wit::NodeRole::Publisher,
        NodeRoleWord::Subscriber => wit::NodeRole::Subscriber,
    };
    let operation = wit::Operation::Role(wit::Node { name: name.clone(), role });
    carry_out(&app, &terms, &Order::new(operation, "node.role-set", name)).await
}

/// Takes a node out of the cluster, with every certificate and request that is its alone. What was deleted there does
/// not come back with it. Its server is to be stopped before: one that is started again joins again.
#[utoipa::path(
    delete,
    path = "/api/v1/nodes/{name}",
    operation_id = "leave",
    tag = "administration",
    params(
        ("name" = String, Path, description = "The node's name."),
        WriteQuery,
        ("If-Match" = Option<String>, Header, description = "The version that was seen.")
    ),
    responses(
        (status = 200, description = "It was done, or would be; `ETag` is the version.", body = WriteOutcome),
        (status = 409, description = "Others kept changing the state.", body = Problem,
            content_type = "application/problem+json"),
        (status = 422, description = "It is refused, with the whole plan, and nothing was changed.",
            body = Problem, content_type = "application/problem+json")
    )
)]
pub(in crate::api) async fn leave(
    State(app): State<Shared>,
    terms: Terms,
    InPath(name): InPath<String>,
) -> Result<Response, ApiError> {
    let operation = wit::Operation::Leave(name.clone());
    carry_out(&app, &terms, &Order::new(operation, "node.left", name)).await
}
