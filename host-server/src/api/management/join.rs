//! Nodes that join, and what is missing on which node.

use axum::extract::State;
use axum::response::Response;
use data_encoding::BASE64;
use serde::Deserialize;
use utoipa::ToSchema;

use super::certificate::KindWord;
use super::plan::{PlanDocument, WriteOutcome};
use super::{Order, Situation, Terms, WriteQuery, answer, carry_out, plan, situation};
use crate::api::Shared;
use crate::api::error::{ApiError, Problem};
use crate::api::extract::Body;
use crate::component::contract::management as wit;
use crate::storage::{Node, NodeRole, Room};
use axum::http::StatusCode;

/// A node that joins, or comes back.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct JoinForm {
    /// Its name.
    #[schema(min_length = 1, max_length = 253, pattern = "^[A-Za-z0-9._-]+$")]
    name: String,
    /// The certificates it holds in its trust stores.
    #[serde(default)]
    view: Vec<ViewForm>,
}

/// A certificate that a joining node holds.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ViewForm {
    /// The trust store.
    room: String,
    /// The certificate: base64 of DER.
    certificate: String,
}

/// Adds a node, or takes one back, and merges what it holds with what the cluster has: nothing that was deleted comes
/// back by it.
#[utoipa::path(
    post,
    path = "/api/v1/nodes",
    operation_id = "join",
    tag = "administration",
    params(WriteQuery, ("If-Match" = Option<String>, Header, description = "The version that was seen.")),
    request_body(content = JoinForm, description = "The node, and what it holds."),
    responses(
        (status = 200, description = "It was done, or would be; `ETag` is the version.", body = WriteOutcome),
        (status = 409, description = "Others kept changing the state.", body = Problem,
            content_type = "application/problem+json"),
        (status = 422, description = "It is refused, with the whole plan, and nothing was changed.",
            body = Problem, content_type = "application/problem+json")
    )
)]
pub(in crate::api) async fn join(
    State(app): State<Shared>,
    terms: Terms,
    Body(form): Body<JoinForm>,
) -> Result<Response, ApiError> {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '_');
    if form.name.is_empty() || form.name.len() > 253 || !form.name.chars().all(plain) {
        return Err(unusable("name", "expected 1 to 253 letters, digits, `.`, `-` and `_`"));
    }
    let view: Result<Vec<_>, _> = form.view.into_iter().map(|one| entry(one, &form.name)).collect();
    let operation = wit::Operation::Join(wit::Joining { node: form.name.clone(), view: view? });
    let joining = Node { name: form.name.clone(), role: NodeRole::Subscriber };
    let order = Order::new(operation, "node.joined", form.name);
    carry_out(&app, &terms, &Order { joining: Some(joining), ..order }).await
}

fn entry(from: ViewForm, node: &str) -> Result<wit::Entry, ApiError> {
    let plain: String = from.certificate.chars().filter(|letter| !letter.is_ascii_whitespace()).collect();
    let certificate = BASE64.decode(plain.as_bytes());
    let room = Room { usage: KindWord::Trust.usage(), name: from.room };
    Ok(wit::Entry {
        place: wit::Place { room: situation::room(&room), node: Some(node.to_owned()) },
        certificate: certificate.map_err(|_| unusable("view", "expected base64 of DER"))?,
        origin: wit::Origin::Copied,
        active_from: None,
    })
}

fn unusable(input: &str, expected: &'static str) -> ApiError {
    ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "request.value", expected).about(input)
}

/// Which certificates nodes lack.
#[utoipa::path(
    get,
    path = "/api/v1/completeness",
    operation_id = "completeness",
    tag = "administration",
    responses(
        (status = 200, description = "What was found; `ETag` is the version.", body = PlanDocument),
        (status = 422, description = "The cluster is larger than can be looked through.", body = Problem,
            content_type = "application/problem+json")
    )
)]
pub(in crate::api) async fn completeness(State(app): State<Shared>) -> Result<Response, ApiError> {
    look(&app, wit::Operation::Completeness).await
}

/// Which copies of nodes' certificates are missing or differ on other nodes.
#[utoipa::path(
    get,
    path = "/api/v1/exchange",
    operation_id = "exchange",
    tag = "administration",
    responses(
        (status = 200, description = "What was found; `ETag` is the version.", body = PlanDocument),
        (status = 422, description = "The cluster is larger than can be looked through.", body = Problem,
            content_type = "application/problem+json")
    )
)]
pub(in crate::api) async fn exchange(State(app): State<Shared>) -> Result<Response, ApiError> {
    look(&app, wit::Operation::Exchange).await
}

/// Shows what an operation finds that changes nothing.
async fn look(app: &Shared, operation: wit::Operation) -> Result<Response, ApiError> {
    let order = Order::new(operation, "", "");
    let situation = Situation::read(app, &order).await?;
    let planned = plan::plan(app, &situation, &order).await?;
    Ok(answer(situation.version(), planned.document))
}
