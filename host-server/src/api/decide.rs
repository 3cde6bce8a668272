//! Decisions for other servers, in real time: a question as JSON, and two endpoints that a web server asks before it serves
//! a client. Every answer but a plain allow shuts the client out, whatever it is: whoever asks needs to know nothing else.

mod header;
mod xfcc;
pub(super) mod proxy;

use std::sync::Arc;
use std::time::Instant;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Shared;
use super::access::Called;
use super::document::{self, VerdictDocument};
use super::error::{ApiError, Problem, escaped};
use super::extract::{Body, InQuery};
use super::reason::Insight;
use super::verify::inputs;
use crate::cli::question::{name, shown};
use crate::decide::Undecided;
use crate::decide::class::Class;
use crate::decide::decision::{Decision, Keeping};
use crate::decide::desk::{Inquiry, Told, Untold};

/// A question about a client of another server. Certificates are PEM, or base64 of DER or PKCS #7.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schema(example = json!({
    "class": "syslog",
    "certificate": include_str!("question/leaf.pem"),
    "chain": [include_str!("question/issuing.pem")]
}))]
pub struct DecideRequest {
    /// The client's certificate.
    certificate: String,
    /// What the client sent with it.
    #[serde(default)]
    chain: Vec<String>,
    /// The client class, as it is configured.
    class: String,
    /// Names of which the certificate must carry one, where the class does not say so itself.
    #[serde(default)]
    names: Vec<String>,
}

/// How much is told.
#[derive(Clone, Copy, Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DecideQuery {
    /// `full` adds the engine's own document, and has the question decided anew.
    #[serde(default)]
    #[param(inline)]
    verdict: Verdict,
}

/// Whether the engine's document is told.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// With the whole document.
    Full,
    /// Without.
    #[default]
    Summary,
}

/// A decision about a client.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub struct DecisionDocument {
    /// `allow` or `deny`.
    decision: &'static str,
    /// The certificate's revocation status: `good`, `revoked`, `unknown`, `undetermined` or `not-asked`.
    status: &'static str,
    /// The codes of the reasons, in their order.
    codes: Vec<String>,
    /// What refuses it first, then what somebody should look at.
    reasons: Vec<ReasonDocument>,
    /// The client class.
    class: String,
    /// What the certificate is to be used for.
    purpose: String,
    /// The trust store that it was decided by.
    store: String,
    /// SHA-256 of the settings that it was decided under, in hexadecimal.
    policy: String,
    /// The version of the state that it was decided on.
    version: i64,
    /// SHA-256 over the canonical trace, in hexadecimal.
    trace: String,
    /// The last moment at which this answer may be used; of a live class the moment of the decision itself.
    fresh_until: String,
    /// It was made for an earlier question.
    from_cache: bool,
    /// The engine's own document, where it was asked for: put in as it is, because its hash covers its octets.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<VerdictDocument>)]
    verdict: Option<()>,
}

/// Why.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ReasonDocument {
    /// Stable machine code.
    code: String,
    /// The same as a sentence.
    sentence: String,
}

/// Decides whether a client of another server is to be let in.
#[utoipa::path(
    post,
    path = "/v1/decide",
    operation_id = "decide",
    tag = "decisions",
    params(DecideQuery),
    request_body(content = DecideRequest, description = "The question."),
    responses(
        (status = 200, description = "The decision, allow or deny.", body = DecisionDocument),
        (status = 404, description = "There is no such client class.", body = Problem,
            content_type = "application/problem+json")
    )
)]
pub(super) async fn decide(
    State(app): State<Shared>,
    Called(caller): Called,
    InQuery(query): InQuery<DecideQuery>,
    Body(request): Body<DecideRequest>,
) -> Result<Response, ApiError> {
    let class = class(&app, &request.class)?;
    if !class.names.is_empty() && !request.names.is_empty() {
        let detail = "the client class says which names are asked for; expected none";
        return Err(ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "request.value", detail).about("names"));
    }
    let names: Result<Vec<_>, _> = request.names.iter().map(|text| name(text)).collect();
    let inquiry = Inquiry {
        certificate: inputs::octets("certificate", &request.certificate)?,
        chain: inputs::every("chain", &request.chain)?,
        names: names.map_err(|expected| inputs::unusable("names", expected))?,
        insight: Insight::of(&caller),
        keeping: match query.verdict {
            Verdict::Full => Keeping::Document,
            Verdict::Summary => Keeping::Summary,
        },
    };
    let told = tell(&app, &class, inquiry).await.map_err(|untold| of_untold(&class, untold))?;
    answer(&class, &told)
}

/// The document, and in it the engine's own as it is.
fn answer(class: &Class, told: &Told) -> Result<Response, ApiError> {
    let mut text = serde_json::to_string(&DecisionDocument::of(class, told)).map_err(ApiError::fault)?;
    if let Some(verdict) = &told.decision.document {
        text.truncate(text.trim_end_matches('}').len());
        text.push_str(&format!(",\"verdict\":{verdict}}}"));
    }
    Ok(document::answer(text))
}

impl DecisionDocument {
    fn of(class: &Class, told: &Told) -> Self {
        let decision = &told.decision;
        let reason = |reason: &crate::decide::decision::Reason| ReasonDocument {
            code: reason.code.clone(),
            sentence: reason.sentence.clone(),
        };
        Self {
            decision: decision.word(),
            status: decision.status,
            codes: decision.codes().map(str::to_owned).collect(),
            reasons: decision.reasons.iter().map(reason).collect(),
            class: class.name.clone(),
            purpose: class.purpose.clone(),
            store: class.store.clone(),
            policy: decision.policy.clone(),
            version: decision.version,
            trace: decision.trace.clone(),
            fresh_until: shown(decision.fresh_until),
            from_cache: told.from_cache,
            verdict: None,
        }
    }
}

/// The class of this name.
fn class(app: &Shared, name: &str) -> Result<Arc<Class>, ApiError> {
    app.desk.class(name).ok_or_else(|| {
        let detail =
            "there is no client class of this name; `[[decide.class]]` in the configuration makes one";
        ApiError::new(StatusCode::NOT_FOUND, "decide.unknown-class", detail).about("class")
    })
}

/// Asks the desk; counts and logs what it says.
async fn tell(app: &Shared, class: &Arc<Class>, inquiry: Inquiry) -> Result<Told, Untold> {
    let begun = Instant::now();
    let told = app.desk.tell(app, class, inquiry).await;
    match &told {
        Ok(told) => {
            let source = if told.from_cache { "cache" } else { "live" };
            app.metrics.told(&class.name, told.decision.word(), source, begun.elapsed());
            note(class, &told.decision, source);
        }
        Err(untold) => {
            let outcome = if matches!(untold, Untold::Overloaded) { "overloaded" } else { "failed" };
            app.metrics.untold(&class.name, outcome);
        }
    }
    told
}

/// Who is shut out is told at a level that is on; everybody else would fill the log.
fn note(class: &Class, decision: &Decision, source: &str) {
    let (class, subject) = (class.name.as_str(), escaped(&decision.subject));
    let (code, trace) = (decision.codes().next().unwrap_or_default(), decision.trace.as_str());
    if decision.allows {
        tracing::debug!(class, subject, code, trace, source, "allowed");
    } else {
        tracing::info!(class, subject, code, trace, source, "denied");
    }
}

fn of_untold(class: &Class, untold: Untold) -> ApiError {
    match untold {
        Untold::Overloaded => ApiError::overloaded(),
        Untold::NotReady => {
            let detail = "the state could not be loaded, so nothing can be decided by it; the log says why";
            ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "server.not-ready", detail).again_after(1)
        }
        Untold::Store(store) => {
            tracing::error!(
                class = class.name,
                store,
                "no decisions: there is no such trust store, or too much in it"
            );
            let detail = format!(
                "the trust store `{store}` of this client class is not there, or holds more than can be decided by"
            );
            ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, "decide.store", detail).about("class")
        }
        Untold::NotLive => {
            tracing::error!(class = class.name, "no decisions: the class is live and its policy asks nobody");
            let detail = "this client class is live, and under its policy nobody is asked about the certificate; \
                          switch OCSP on in the policy, or set `answers = \"cached\"`";
            ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, "decide.not-live", detail).about("class")
        }
        Untold::Undecided(undecided) => of_undecided(undecided),
    }
}

/// What was sent cannot be used; anything else is ours.
fn of_undecided(undecided: Undecided) -> ApiError {
    match undecided {
        Undecided::Unusable(input, refusal) if is_sent(&input) => {
            document::refused(&input.replace("untrusted", "chain"), &refusal)
        }
        Undecided::Unanswered(unanswered) => unanswered.into(),
        other => ApiError::fault(other),
    }
}

/// Whether an input comes from whoever asks, and not from the class.
fn is_sent(input: &str) -> bool {
    ["certificate", "untrusted", "names", "target"].iter().any(|sent| input.starts_with(sent))
}
