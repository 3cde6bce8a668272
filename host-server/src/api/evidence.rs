//! Gathers for a question that is judged in a browser what its engine would ask for, and the browser cannot fetch. The
//! engine here says what that is, of certificates that lead to a trust store of ours and under the policy in force, so that
//! nobody fetches through us what they like. Nothing is judged.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use data_encoding::BASE64;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use utoipa::ToSchema;

use super::Shared;
use super::access::Called;
use super::error::{ApiError, Problem};
use super::extract::Body;
use super::reason::{self, Insight};
use super::verify::{self, VerifyMode};
use crate::cli::console;
use crate::component::contract::evidence::{Answered, Item};
use crate::component::contract::request::{ReferenceIdentifier, Validation};
use crate::decide::Decider;
use crate::decide::gather::Gathering;
use crate::fetch::failure::reason_name;
use crate::resolve::{Asked, Limits};

/// The most questions that are gathered for at once: each may hold many octets.
pub(crate) const AT_ONCE: usize = 4;
/// The most things that are fetched for one question.
const MOST: usize = 32;
/// How long everything together may take, in seconds: less than a request may.
const LONGEST: u64 = 45;

/// A question, as the contract's `validation`. Octets are base64.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct EvidenceRequest {
    /// The trust store that is believed.
    #[schema(example = "tomcat-trust")]
    store: String,
    /// The certificate asked about: base64 of DER.
    target: String,
    /// Certificates that may help to build a path: base64 of DER.
    #[serde(default)]
    untrusted: Vec<String>,
    /// The moment of validation, in seconds since 1970-01-01T00:00:00Z.
    at: i64,
    /// The purpose, by its name in the policy.
    purpose: Option<String>,
    /// The reference identifiers.
    #[serde(default)]
    names: Vec<NameDocument>,
    /// 32 octets from which nonces are made: base64. They must be those of the question that is judged, or its engine asks
    /// for something else.
    nonce_seed: Option<String>,
    /// The mode that the policy in force is read in.
    #[serde(default)]
    mode: VerifyMode,
}

/// A name that is asked for.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NameDocument {
    /// A DNS name.
    Dns(String),
    /// An IP address: base64 of 4 or 16 octets.
    Ip(String),
    /// A mailbox.
    Mail(String),
    /// A URI whose host is compared.
    Uri(String),
}

/// What was gathered.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EvidenceDocument {
    /// The version of the state that the question was asked by.
    version: i64,
    /// The evidence, as the contract's items, in the order it was asked for.
    items: Vec<ItemDocument>,
    /// What was asked for, in that order.
    asked: Vec<AskedDocument>,
}

/// A piece of evidence.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ItemDocument {
    /// An OCSP response.
    OcspResponse(AnsweredDocument),
    /// A CRL.
    Crl(AnsweredDocument),
    /// What came for an issuer's certificate.
    IssuerCertificates(AnsweredDocument),
    /// Nothing could be had.
    Unavailable(UnavailableDocument),
}

/// A body and the request it answers.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub struct AnsweredDocument {
    /// The `id` of the request.
    request_id: Option<String>,
    /// The body, undecoded: base64.
    body: String,
}

/// Something that was tried in vain.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub struct UnavailableDocument {
    /// The `id` of the request.
    request_id: String,
    /// Why, in the contract's word.
    reason: &'static str,
}

/// Something that was asked for.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AskedDocument {
    /// The request's `id`.
    id: String,
    /// `ocsp-response`, `crl` or `issuer-certificate`.
    what: &'static str,
    /// Where it was to be had.
    uri: String,
    /// Why nothing came; null where something did.
    reason: Option<&'static str>,
}

/// Gathers what a question needs.
///
/// The question is put to the engine here, by a trust store and under the policy in force, and what it asks for is fetched
/// under guard: at most 32 things, 8 MiB and 45 s. What is above is told to be unavailable, and asked for no more. No verdict
/// is told and nothing is kept; the same engine judges by these items what it judges by here.
#[utoipa::path(
    post,
    path = "/api/v1/evidence",
    operation_id = "evidence",
    tag = "decisions",
    request_body(content = EvidenceRequest, description = "The question."),
    responses(
        (status = 200, description = "What could be had, and what could not.", body = EvidenceDocument),
        (status = 409, description = "The server is not configured to fetch.", body = Problem,
            content_type = "application/problem+json")
    )
)]
pub(super) async fn evidence(
    State(app): State<Shared>,
    Called(caller): Called,
    Body(request): Body<EvidenceRequest>,
) -> Result<Json<EvidenceDocument>, ApiError> {
    let gathering = gathering(request)?;
    let _turn = app.gathering.try_acquire().map_err(|_| ApiError::overloaded())?;
    let snapshot = verify::in_use(&app, Some(&gathering.store)).await?;
    let version = snapshot.version.0;
    let limits = Limits { requests: MOST, total: Duration::from_secs(LONGEST), ..Limits::default() };
    let told = reason::told(Insight::of(&caller));
    let decider = Decider { told, limits, ledger: None, ..app.decider() };
    let gathered = decider.gather(gathering, snapshot, console::clock()).await;
    let gathered = gathered.map_err(verify::of_undecided)?;
    Ok(Json(EvidenceDocument {
        version,
        items: gathered.items.into_iter().filter_map(item).collect(),
        asked: gathered.asked.into_iter().map(asked).collect(),
    }))
}

fn gathering(request: EvidenceRequest) -> Result<Gathering, ApiError> {
    let untrusted: Result<Vec<_>, _> =
        request.untrusted.iter().map(|certificate| octets("untrusted", certificate)).collect();
    let names: Result<Vec<_>, _> = request.names.into_iter().map(name).collect();
    let seed = request.nonce_seed.map(|seed| octets("nonce-seed", &seed)).transpose()?;
    if seed.as_ref().is_some_and(|seed| seed.len() != 32) {
        return Err(unusable("nonce-seed", "expected 32 octets as base64"));
    }
    Ok(Gathering {
        validation: Validation {
            target: octets("target", &request.target)?,
            untrusted: untrusted?,
            at: request.at,
            purpose: request.purpose,
            names: names?,
            nonce_seed: seed,
            answers_signature_checks: false,
        },
        store: request.store,
        mode: request.mode.of_contract(),
    })
}

fn name(name: NameDocument) -> Result<ReferenceIdentifier, ApiError> {
    Ok(match name {
        NameDocument::Dns(name) => ReferenceIdentifier::Dns(name),
        NameDocument::Ip(address) => ReferenceIdentifier::Ip(octets("names", &address)?),
        NameDocument::Mail(mailbox) => ReferenceIdentifier::Mail(mailbox),
        NameDocument::Uri(uri) => ReferenceIdentifier::Uri(uri),
    })
}

fn octets(input: &str, text: &str) -> Result<Vec<u8>, ApiError> {
    BASE64.decode(text.as_bytes()).map_err(|_| unusable(input, "expected base64"))
}

fn unusable(input: &str, expected: &'static str) -> ApiError {
    ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "request.value", expected).about(input)
}

fn item(item: Item) -> Option<ItemDocument> {
    let answered =
        |came: Answered| AnsweredDocument { request_id: came.request_id, body: BASE64.encode(&came.body) };
    match item {
        Item::OcspResponse(came) => Some(ItemDocument::OcspResponse(answered(came))),
        Item::Crl(came) => Some(ItemDocument::Crl(answered(came))),
        Item::IssuerCertificates(came) => Some(ItemDocument::IssuerCertificates(answered(came))),
        Item::Unavailable(gone) => {
            let reason = reason_name(gone.reason);
            Some(ItemDocument::Unavailable(UnavailableDocument { request_id: gone.request_id, reason }))
        }
        // the browser's engine verifies by itself, and no certificate is added here
        Item::Certificate(_) | Item::Signature(_) => None,
    }
}

fn asked(asked: Asked) -> AskedDocument {
    AskedDocument {
        id: asked.id,
        what: asked.what,
        uri: asked.uri,
        reason: asked.outcome.err().map(reason_name),
    }
}
