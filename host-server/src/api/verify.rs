//! A verdict about a certificate: by anchors that are sent with it, or by a trust store of ours. Nothing is kept; the
//! answer is the engine's own document, byte for byte.

pub(super) mod inputs;

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;

use super::Shared;
use super::access::Called;
use super::document::{self, VerdictDocument};
use super::error::{ApiError, Problem};
use super::extract::Body;
use super::metrics;
use super::reason::{self, Insight};
use crate::cli::console;
use crate::component::contract::request::Mode;
use crate::component::contract::verdict::Decision;
use crate::decide::{Asked, Decider, Undecided};
use crate::storage::LARGEST;
use crate::trusted::Snapshot;

/// A question. Certificates are PEM, or base64 of DER or PKCS #7; a file may hold several.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schema(example = json!({
    "certificate": include_str!("question/leaf.pem"),
    "untrusted": [include_str!("question/issuing.pem")],
    "anchors": [include_str!("question/root.pem")],
    "names": ["www.example.org"],
    "at": "2026-11-21T12:00:00Z"
}))]
pub struct VerifyRequest {
    /// The certificate asked about; further ones in the file help to build a path.
    certificate: String,
    /// Certificates that may help to build a path.
    #[serde(default)]
    untrusted: Vec<String>,
    /// Trust anchors. Either these or `store`; there are no others.
    #[serde(default)]
    anchors: Vec<String>,
    /// A trust store, by its name in the catalogue. Its self-issued authorities are trust anchors, its other authorities
    /// help to build a path, and what is no authority is trusted as itself.
    #[schema(example = "tomcat-trust")]
    store: Option<String>,
    /// What the certificate is to be used for, by its name in the policy, such as `server-auth`.
    purpose: Option<String>,
    /// Names of which it must carry one: DNS name, IP address, mailbox or URI.
    #[serde(default)]
    names: Vec<String>,
    /// The moment of validation (RFC 3339). Default: now.
    #[schema(example = "2026-11-21T12:00:00Z")]
    at: Option<String>,
    /// A policy document (TOML). Default: the one in force.
    policy: Option<String>,
    /// The mode that it is read in.
    #[serde(default)]
    mode: VerifyMode,
    /// Certificate revocation lists: PEM, or base64 of DER.
    #[serde(default)]
    crls: Vec<String>,
    /// OCSP responses: base64 of DER.
    #[serde(default)]
    ocsp_responses: Vec<String>,
    /// Fetch what is missing, where the server is configured to.
    #[serde(default)]
    online: bool,
}

/// The mode that a policy document is read in.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum VerifyMode {
    /// As it is written.
    #[default]
    AsWritten,
    /// Common Criteria mode is turned on, whatever it says.
    CommonCriteria,
}

impl VerifyMode {
    pub(super) fn of_contract(self) -> Mode {
        match self {
            Self::AsWritten => Mode::AsWritten,
            Self::CommonCriteria => Mode::CommonCriteria,
        }
    }
}

/// The version of the state that a decision rests on.
const VERSION: HeaderName = HeaderName::from_static("assayer-version");

/// Decides whether a certificate may be trusted.
#[utoipa::path(
    post,
    path = "/api/v1/verify",
    operation_id = "verify",
    tag = "decisions",
    request_body(content = VerifyRequest, description = "The question."),
    responses(
        (status = 200, description = "The verdict, allow or deny: the engine's own document.",
            body = VerdictDocument, content_type = "application/json",
            headers(("assayer-version" = i64, description = "The version of the state it was decided on, where a trust \
                store or the policy in force was used."))),
        (status = 409, description = "It is to fetch, and the server is not configured to.", body = Problem,
            content_type = "application/problem+json")
    )
)]
pub(super) async fn verify(
    State(app): State<Shared>,
    Called(caller): Called,
    Body(request): Body<VerifyRequest>,
) -> Result<Response, ApiError> {
    let asked = inputs::asked(request)?;
    let purpose = metrics::label(asked.purpose.as_deref());
    let snapshot = snapshot(&app, &asked).await?;
    let version = snapshot.as_ref().map(|snapshot| snapshot.version.0);
    let decider = Decider { told: reason::told(Insight::of(&caller)), ..app.decider() };
    let verdict = decider.decide(asked, snapshot, console::clock()).await.map_err(of_undecided)?.verdict;
    let decision = match verdict.decision {
        Decision::Allow => "allow",
        Decision::Deny => "deny",
    };
    app.metrics.decided(decision, purpose);
    let mut response = document::answer(verdict.document);
    if let Some(version) = version {
        response.headers_mut().insert(VERSION, HeaderValue::from(version));
    }
    Ok(response)
}

pub(super) fn of_undecided(undecided: Undecided) -> ApiError {
    match undecided {
        Undecided::Offline => {
            let detail = "this server fetches nothing; `fetch.online = true` in its configuration makes it";
            ApiError::new(StatusCode::CONFLICT, "fetch.offline", detail).about("online")
        }
        Undecided::Unusable(input, refusal) => document::refused(&input, &refusal),
        Undecided::Unanswered(unanswered) => unanswered.into(),
        Undecided::Broken(what) => ApiError::fault(what),
    }
}

/// What this node decides by, where the question asks for any of it.
async fn snapshot(app: &Shared, asked: &Asked) -> Result<Option<Arc<Snapshot>>, ApiError> {
    let store = asked.store();
    if store.is_none() && asked.policy.is_some() {
        return Ok(None);
    }
    in_use(app, store).await.map(Some)
}

/// What this node decides by, where it has the trust store of this name.
///
/// # Errors
/// That it has none, or one that holds too much, or that nothing could be loaded.
pub(super) async fn in_use(app: &Shared, store: Option<&str>) -> Result<Arc<Snapshot>, ApiError> {
    let known = *app.storage.watch().borrow();
    let Some(snapshot) = app.trusted.current(known).await else {
        let detail = "the state could not be loaded, so nothing can be decided by it; the log says why";
        return Err(ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "server.not-ready", detail));
    };
    if let Some(store) = store.filter(|store| snapshot.is_too_large(store)) {
        let detail = format!(
            "the trust store `{store}` holds more than {LARGEST} certificates, the most that are decided by; take out \
             what is of no use any more, or send `anchors`"
        );
        return Err(ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "store.too-large", detail).about("store"));
    }
    if let Some(store) = store.filter(|store| !snapshot.has(store)) {
        let detail = format!("there is no trust store `{store}`; `/api/v1/catalogue` has those there are");
        return Err(ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "store.unknown", detail).about("store"));
    }
    Ok(snapshot)
}
