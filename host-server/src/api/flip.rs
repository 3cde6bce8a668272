//! The newest decisions that a candidate policy would have made otherwise, with the findings that make it. They say why, so
//! whoever may not read reasons may not read them.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use data_encoding::HEXLOWER;
use engine_capsule::Cause;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Shared;
use super::capsule::CapsuleDecision;
use super::error::{ApiError, Problem, of_storage};
use super::extract::InQuery;
use crate::cli::question::shown;
use crate::storage::{Fingerprint, Flip, FlipFilter, Outcome};

/// The most flips in one answer, and how many there are where nobody says.
const MOST: u16 = 500;
const USUAL: u16 = 100;

/// A decision that the candidate would have made otherwise.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub struct CandidateFlip {
    /// When it was decided.
    decided_at: String,
    /// The node that decided.
    node: String,
    /// SHA-256 of the certificate that was asked about, in hexadecimal.
    fingerprint: String,
    /// Its subject; empty where no path was tried.
    subject: String,
    /// Its serial number, in hexadecimal; empty where no path was tried.
    serial_number: String,
    /// The purpose; null where none was asked for.
    purpose: Option<String>,
    /// What was decided.
    decision: CapsuleDecision,
    /// What the candidate makes of it; null where it cannot be asked, and so would let in nobody.
    #[schema(required)]
    candidate: Option<CapsuleDecision>,
    /// The candidate asks for evidence that was not at hand; this is what it decides where that cannot be had.
    asks_for_more: bool,
    /// The findings that make it another.
    causes: Vec<CandidateCause>,
    /// The capsule of the decision, where one was recorded and is still kept.
    capsule: Option<String>,
}

/// A finding that makes a decision another.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub struct CandidateCause {
    /// `new`: it denies under the candidate. `gone`: it denied, and does not under the candidate.
    change: String,
    /// Stable machine code.
    code: String,
    /// Identifiers in the rule catalogue; of a rule of the deployment's own, its name after `own:`.
    rules: Vec<String>,
    /// The clause that it rests on.
    clause: String,
    /// The place of its certificate in the path; null for the question as a whole.
    position: Option<u64>,
    /// What it says.
    sentence: String,
    /// What it weighs under the other of both policies, where it is found there too and does not deny.
    elsewhere: Option<String>,
}

/// A page of flips.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CandidateFlips {
    /// The newest first.
    items: Vec<CandidateFlip>,
    /// Where the next page begins; null where there is none.
    next: Option<String>,
}

/// Which flips, and which part of the list.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FlipQuery {
    /// Of these decisions.
    #[param(inline)]
    decision: Option<CapsuleDecision>,
    /// Of questions with this purpose; empty for those without one.
    purpose: Option<String>,
    /// About this certificate: its SHA-256, in hexadecimal.
    fingerprint: Option<String>,
    /// How many at most.
    #[param(minimum = 1, maximum = 500, default = 100)]
    limit: Option<u16>,
    /// Where the last page ended: its `next`.
    after: Option<String>,
}

/// The newest decisions that the candidate would have made otherwise: a thousand of them are kept.
#[utoipa::path(
    get,
    path = "/api/v1/policies/candidate/flips",
    operation_id = "flips",
    tag = "decisions",
    params(FlipQuery),
    responses(
        (status = 200, description = "A page; empty where there is no candidate.", body = CandidateFlips),
        (status = 422, description = "`after` is not the `next` of a page, or `fingerprint` is none.", body = Problem,
            content_type = "application/problem+json")
    )
)]
pub(super) async fn flips(
    State(app): State<Shared>,
    InQuery(query): InQuery<FlipQuery>,
) -> Result<Json<CandidateFlips>, ApiError> {
    let before = query.after.as_deref().map_or(Ok(i64::MAX), str::parse);
    let candidate = app.storage.candidate().await.map_err(of_storage)?;
    let filter = FlipFilter {
        candidate: candidate.map_or(0, |candidate| candidate.version),
        allows: query.decision.map(|decision| decision == CapsuleDecision::Allow),
        purpose: query.purpose,
        certificate: query.fingerprint.as_deref().map(fingerprint).transpose()?,
        before: before.map_err(|_| unusable("after", "expected the `next` of a page"))?,
    };
    let most = i64::from(query.limit.unwrap_or(USUAL).clamp(1, MOST));
    let mut found = app.storage.flips(&filter, most.saturating_add(1)).await.map_err(of_storage)?;
    let more = found.len() > usize::try_from(most).unwrap_or(1);
    found.truncate(usize::try_from(most).unwrap_or(1));
    let next = found.last().filter(|_| more).map(|last| last.number.to_string());
    Ok(Json(CandidateFlips { items: found.into_iter().map(document).collect(), next }))
}

fn fingerprint(text: &str) -> Result<Fingerprint, ApiError> {
    let octets = HEXLOWER.decode(text.as_bytes()).ok().and_then(|octets| octets.try_into().ok());
    octets.ok_or_else(|| unusable("fingerprint", "expected 64 hexadecimal digits"))
}

fn unusable(input: &str, expected: &'static str) -> ApiError {
    ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "request.value", expected).about(input)
}

fn document(Flip { flip, capsule, .. }: Flip) -> CandidateFlip {
    let causes: Vec<Cause> = serde_json::from_str(&flip.causes).unwrap_or_default();
    CandidateFlip {
        decided_at: shown(flip.decided_at),
        node: flip.node,
        fingerprint: HEXLOWER.encode(&flip.certificate),
        subject: flip.subject,
        serial_number: flip.serial,
        purpose: Some(flip.purpose).filter(|purpose| !purpose.is_empty()),
        decision: decision(flip.decision).unwrap_or(CapsuleDecision::Deny),
        candidate: decision(flip.would_be),
        asks_for_more: flip.asks_for_more,
        causes: causes.into_iter().map(cause).collect(),
        capsule: capsule.map(|root| HEXLOWER.encode(&root)),
    }
}

fn decision(outcome: Outcome) -> Option<CapsuleDecision> {
    match outcome {
        Outcome::Allow => Some(CapsuleDecision::Allow),
        Outcome::Deny => Some(CapsuleDecision::Deny),
        Outcome::Nothing => None,
    }
}

fn cause(cause: Cause) -> CandidateCause {
    CandidateCause {
        change: match cause.change {
            engine_capsule::Change::New => "new".to_owned(),
            engine_capsule::Change::Gone => "gone".to_owned(),
        },
        code: cause.code,
        rules: cause.rules,
        clause: cause.clause,
        position: cause.position,
        sentence: cause.sentence,
        elsewhere: cause.elsewhere,
    }
}
