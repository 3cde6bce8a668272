//! Our own certificates: self-signed, made anew, and used for a second purpose.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;

use super::plan::WriteOutcome;
use super::request::RequestForm;
use super::{Order, Terms, WriteQuery, carry_out};
use crate::api::Shared;
use crate::api::error::{ApiError, Problem};
use crate::api::extract::Body;
use crate::component::contract::management as wit;

/// A self-signed certificate that is asked for.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SelfSignedForm {
    /// What requests have too.
    fields: RequestForm,
    /// Years of validity; the default where this is left out.
    years: Option<u8>,
}

/// Certificates that are to be made anew.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RegenerationForm {
    /// Their slots.
    #[schema(min_items = 1)]
    slots: Vec<SlotForm>,
    /// How the key-usage tables are read: `ucm-compat` or `strict-pkix`; as the policy says where it is left out.
    usage_profile: Option<String>,
}

/// A slot.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SlotForm {
    /// The identity purpose.
    purpose: String,
    /// The node; the one for many servers where none is named.
    node: Option<String>,
}

/// One certificate for two purposes.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ReuseForm {
    /// The purpose that has the certificate.
    source: String,
    /// The purpose that takes it over.
    target: String,
    /// The node that it is done on; the publisher where none is named.
    node: Option<String>,
}

/// Makes a key and a self-signed certificate, and puts it into its slot.
#[utoipa::path(
    post,
    path = "/api/v1/self-signed",
    operation_id = "make-self-signed",
    tag = "certificates",
    params(WriteQuery, ("If-Match" = Option<String>, Header, description = "The version that was seen.")),
    request_body(content = SelfSignedForm, description = "The fields of the certificate."),
    responses(
        (status = 200, description = "It was made, or would be; `ETag` is the version.", body = WriteOutcome),
        (status = 409, description = "The server has no passphrase, or others kept changing the state.",
            body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "It is refused, with the whole plan, and nothing was changed.",
            body = Problem, content_type = "application/problem+json")
    )
)]
pub(in crate::api) async fn self_signed(
    State(app): State<Shared>,
    terms: Terms,
    Body(form): Body<SelfSignedForm>,
) -> Result<Response, ApiError> {
    let place = form.fields.place();
    let fields = wit::SelfSignedFields { common: form.fields.fields(), years: form.years };
    let order = Order::new(wit::Operation::SelfSigned(fields), "certificate.self-signed", place);
    carry_out(&app, &terms, &order).await
}

/// Makes certificates anew, with new keys of the same kind.
#[utoipa::path(
    post,
    path = "/api/v1/regenerations",
    operation_id = "regenerate",
    tag = "certificates",
    params(WriteQuery, ("If-Match" = Option<String>, Header, description = "The version that was seen.")),
    request_body(content = RegenerationForm, description = "The slots."),
    responses(
        (status = 200, description = "They were made, or would be; `ETag` is the version.", body = WriteOutcome),
        (status = 409, description = "The server has no passphrase, or others kept changing the state.",
            body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "It is refused, with the whole plan, and nothing was changed.",
            body = Problem, content_type = "application/problem+json")
    )
)]
pub(in crate::api) async fn regenerate(
    State(app): State<Shared>,
    terms: Terms,
    Body(form): Body<RegenerationForm>,
) -> Result<Response, ApiError> {
    let names: Vec<&str> = form.slots.iter().map(|slot| slot.purpose.as_str()).collect();
    let names = names.join(", ");
    let place = |slot: SlotForm| wit::Place { room: wit::Room::Identity(slot.purpose), node: slot.node };
    let operation = wit::Operation::Regenerate(wit::Regeneration {
        places: form.slots.into_iter().map(place).collect(),
        usage_profile: form.usage_profile,
    });
    carry_out(&app, &terms, &Order::new(operation, "certificate.regenerated", names)).await
}

/// Uses one purpose's certificate for another.
#[utoipa::path(
    post,
    path = "/api/v1/reuse",
    operation_id = "reuse",
    tag = "certificates",
    params(WriteQuery, ("If-Match" = Option<String>, Header, description = "The version that was seen.")),
    request_body(content = ReuseForm, description = "From which purpose to which."),
    responses(
        (status = 200, description = "It was done, or would be; `ETag` is the version.", body = WriteOutcome),
        (status = 409, description = "Others kept changing the state.", body = Problem,
            content_type = "application/problem+json"),
        (status = 422, description = "It is refused, with the whole plan, and nothing was changed.",
            body = Problem, content_type = "application/problem+json")
    )
)]
pub(in crate::api) async fn reuse(
    State(app): State<Shared>,
    terms: Terms,
    Body(form): Body<ReuseForm>,
) -> Result<Response, ApiError> {
    let subject = format!("{} for {}", form.source, form.target);
    let operation =
        wit::Operation::Reuse(wit::Reuse { source: form.source, target: form.target, node: form.node });
    carry_out(&app, &terms, &Order::new(operation, "certificate.reused", subject)).await
}
