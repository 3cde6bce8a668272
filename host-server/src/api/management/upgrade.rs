//! Upgrades to another release: what it does not take along leaves the trust stores, and the catalogue is that release's
//! from then on, in one change.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;

use super::plan::WriteOutcome;
use super::{Order, Terms, WriteQuery, carry_out};
use crate::accounts::Permission;
use crate::api::Shared;
use crate::api::error::{ApiError, Problem};
use crate::api::extract::Body;
use crate::component::contract::management as wit;

/// An upgrade.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpgradeForm {
    /// The release, such as `12.5(1)SU6`, `14` or `15SU3`.
    #[schema(max_length = 64)]
    release: String,
}

/// Goes over to another release. The plan names what does not go along.
#[utoipa::path(
    post,
    path = "/api/v1/upgrades",
    operation_id = "upgrade",
    tag = "administration",
    params(WriteQuery, ("If-Match" = Option<String>, Header, description = "The version that was seen.")),
    request_body(content = UpgradeForm, description = "The release."),
    responses(
        (status = 200, description = "It was done, or would be; `ETag` is the version.", body = WriteOutcome),
        (status = 409, description = "Others kept changing the state.", body = Problem,
            content_type = "application/problem+json"),
        (status = 422, description = "It is refused, with the whole plan, and nothing was changed.",
            body = Problem, content_type = "application/problem+json")
    )
)]
pub(in crate::api) async fn upgrade(
    State(app): State<Shared>,
    terms: Terms,
    Body(form): Body<UpgradeForm>,
) -> Result<Response, ApiError> {
    // what is left behind is taken out of trust stores
    terms.require(Permission::ManageTrust)?;
    let operation = wit::Operation::Upgrade(form.release.clone());
    let order = Order::new(operation, "cluster.upgraded", form.release.clone());
    carry_out(&app, &terms, &Order { release: Some(form.release), ..order }).await
}
