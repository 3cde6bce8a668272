//! Whether the server is up, and whether it can decide.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Shared;
use super::error::{ApiError, escaped};
use crate::component::contract::evaluate::Outcome;
use crate::component::contract::request::{Mode, TrustRole, Validation};
use crate::component::contract::verdict::Decision;
use crate::component::{Fault, Session};

/// That the server is there.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Health {
    /// `up` or `ready`.
    status: String,
}

/// Whether the process answers at all.
#[utoipa::path(
    get,
    path = "/healthz",
    operation_id = "health",
    tag = "health",
    responses((status = 200, description = "The process answers.", body = Health))
)]
pub(super) async fn health() -> Json<Health> {
    Json(Health { status: "up".to_owned() })
}

/// Whether it can decide: the engine answers a question whose answer is known, the storage is open, and the newest
/// version of what is decided by was loaded and tried.
#[utoipa::path(
    get,
    path = "/readyz",
    operation_id = "ready",
    tag = "health",
    responses((status = 200, description = "It can decide.", body = Health))
)]
pub(super) async fn ready(State(app): State<Shared>) -> Result<Json<Health>, ApiError> {
    check(&app).await?;
    Ok(Json(Health { status: "ready".to_owned() }))
}

/// Whether it can decide.
///
/// # Errors
/// Why it cannot.
pub(super) async fn check(app: &Shared) -> Result<(), ApiError> {
    app.trusted.check().map_err(|why| {
        tracing::error!(what = %escaped(&why), "not ready");
        unready("the newest version of the state could not be loaded; the log says why")
    })?;
    if !app.readiness.is_recent() {
        let allowed = app.pool.ask(known_question).await?;
        if !allowed {
            return Err(unready("the engine gave another answer to the known question"));
        }
        app.check_storage().await.map_err(|why| {
            tracing::error!(%why, "not ready");
            unready("the storage does not answer")
        })?;
        app.readiness.was_ready();
    }
    Ok(())
}

fn unready(why: &'static str) -> ApiError {
    ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "server.not-ready", why)
}

/// When it was last known to be ready, so that a question that anybody may ask costs no more than one answer a second.
#[derive(Debug, Default)]
pub struct Readiness(Mutex<Option<Instant>>);

impl Readiness {
    fn is_recent(&self) -> bool {
        let at = self.0.lock().ok().and_then(|at| *at);
        at.is_some_and(|at| at.elapsed() < Duration::from_secs(1))
    }

    fn was_ready(&self) {
        if let Ok(mut at) = self.0.lock() {
            *at = Some(Instant::now());
        }
    }
}

/// A question whose answer is known: a chain of three that is allowed at this moment.
fn known_question(session: &mut Session) -> Result<bool, Fault> {
    const MOMENT: i64 = 1_795_262_400;
    let files = [
        include_bytes!("question/root.pem").as_slice(),
        include_bytes!("question/issuing.pem"),
        include_bytes!("question/leaf.pem"),
    ];
    let mut chain = Vec::new();
    for file in files {
        chain.extend(session.read_bundle(file)?.map(|bundle| bundle.certificates).unwrap_or_default());
    }
    let [root, issuing, leaf] = chain.as_slice() else { return Ok(false) };
    let policy = "[revocation]\nsources = []\n";
    let Ok(validator) = session.validator(policy, Mode::AsWritten)? else { return Ok(false) };
    if session.add_anchor(&validator, root, TrustRole::Issuer)?.is_err() {
        return Ok(false);
    }
    let question = Validation {
        target: leaf.clone(),
        untrusted: vec![issuing.clone()],
        at: MOMENT,
        purpose: None,
        names: Vec::new(),
        nonce_seed: None,
        answers_signature_checks: false,
    };
    let outcome = session.evaluate(&validator, &question, &[])?;
    Ok(matches!(outcome, Ok(Outcome::Decided(verdict)) if verdict.decision == Decision::Allow))
}

/// This description.
#[utoipa::path(
    get,
    path = "/openapi.json",
    operation_id = "description",
    tag = "health",
    responses((status = 200, description = "The OpenAPI description of this server.", body = Object))
)]
pub(super) async fn description(State(app): State<Shared>) -> Response {
    ([(CONTENT_TYPE, "application/json")], app.description.clone()).into_response()
}
