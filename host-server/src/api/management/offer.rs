//! What the form of a request, or of a self-signed certificate, shows for a purpose before anything is entered: the
//! engine's choices, as one depends on the other (R-CSR-27, R-SS-18).

use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Situation, answer};
use crate::api::Shared;
use crate::api::document;
use crate::api::error::{ApiError, Problem};
use crate::api::extract::{InPath, InQuery};
use crate::component::contract::management::Offered;

/// What a form shows.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub struct OfferDocument {
    /// The identity purpose.
    purpose: String,
    /// The node it is for; null for many servers.
    node: Option<String>,
    /// The one key type: `rsa` or `ec`.
    key_type: String,
    /// Key lengths, each with the hashes that go with it.
    lengths: Vec<LengthDocument>,
    /// Many servers may share the certificate.
    multi_server: bool,
    /// It is asked for on the publisher only.
    publisher_only: bool,
    /// The host names are shown.
    names: bool,
    /// The years of validity, the first chosen beforehand; none for a request.
    years: Vec<u8>,
    /// The common name that is shown before anything is entered; null where there is no such node.
    common_name: Option<String>,
}

/// A key length.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LengthDocument {
    /// In bits.
    bits: u16,
    /// `SHA256`, `SHA384` or `SHA512`.
    hashes: Vec<String>,
}

/// For which form, and for which node.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OfferQuery {
    /// The node; many servers where none is named.
    node: Option<String>,
    /// The form; that of a request where this is left out.
    #[param(inline)]
    form: Option<FormWord>,
}

/// A form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FormWord {
    /// Of a signing request.
    Request,
    /// Of a self-signed certificate.
    SelfSigned,
}

/// What the form for a purpose shows.
#[utoipa::path(
    get,
    path = "/api/v1/offers/{purpose}",
    operation_id = "offer",
    tag = "certificates",
    params(("purpose" = String, Path, description = "The identity purpose."), OfferQuery),
    responses(
        (status = 200, description = "The choices; `ETag` is the version.", body = OfferDocument),
        (status = 422, description = "There is no such purpose, or no such form for it.", body = Problem,
            content_type = "application/problem+json")
    )
)]
pub(in crate::api) async fn offer(
    State(app): State<Shared>,
    InPath(purpose): InPath<String>,
    InQuery(query): InQuery<OfferQuery>,
) -> Result<Response, ApiError> {
    let situation = Situation::without_certificates(&app).await?;
    let (cluster, name, node) = (situation.cluster(), purpose.clone(), query.node.clone());
    let policy = situation.policy.clone();
    let offered = app.pool.ask(move |session| match query.form {
        Some(FormWord::SelfSigned) => {
            session.offer_for_self_signed(&policy, &cluster, &name, node.as_deref())
        }
        None | Some(FormWord::Request) => {
            session.offer_for_request(&policy, &cluster, &name, node.as_deref())
        }
    });
    let offered = offered.await?.map_err(|refusal| document::refused(&refusal.input, &refusal))?;
    Ok(answer(situation.version(), shown(purpose, query.node, offered)))
}

fn shown(purpose: String, node: Option<String>, from: Offered) -> OfferDocument {
    let length = |(bits, hashes)| LengthDocument { bits, hashes };
    OfferDocument {
        purpose,
        node,
        key_type: from.key_type,
        lengths: from.lengths.into_iter().map(length).collect(),
        multi_server: from.multi_server,
        publisher_only: from.publisher_only,
        names: from.names,
        years: from.years,
        common_name: from.common_name,
    }
}
