//! What nginx (`auth_request`) and Envoy (`ext_authz`) ask before they serve a client: the certificate in a header, the
//! answer in the status. Both take anything but the one status of an allow for a no, and so does everything here.
//!
//! Any method is answered alike, and any path below Envoy's: they are the client's, who decides nothing by them.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use super::{class, header, of_untold, tell, xfcc};
use crate::api::Shared;
use crate::api::access::Called;
use crate::api::error::{ApiError, Problem};
use crate::api::reason::Insight;
use crate::cli::said;
use crate::decide::Undecided;
use crate::decide::decision::{Decision, Keeping};
use crate::decide::desk::{Inquiry, Untold};

const DECISION: HeaderName = HeaderName::from_static("x-assayer-decision");
const CODE: HeaderName = HeaderName::from_static("x-assayer-code");
const TRACE: HeaderName = HeaderName::from_static("x-assayer-trace");

/// Where in a path the class stands.
const AUTH_REQUEST: &str = "/v1/decide/auth-request/";
const EXT_AUTHZ: &str = "/v1/decide/ext-authz/";

/// Whether nginx is to serve a client (`auth_request`). Any method is answered alike.
#[utoipa::path(
    get,
    path = "/v1/decide/auth-request/{class}",
    operation_id = "auth-request",
    tag = "decisions",
    params(
        ("class" = String, Path, description = "The client class."),
        ("X-Client-Cert" = Option<String>, Header, description = "The certificate: `$ssl_client_escaped_cert`."),
        ("X-Client-Verify" = Option<String>, Header, description = "`$ssl_client_verify`; `NONE` is no certificate.")
    ),
    responses(
        (status = 204, description = "Allow.", headers(
            ("x-assayer-decision" = String, description = "`allow`."),
            ("x-assayer-code" = String, description = "The first code, where there is any."),
            ("x-assayer-trace" = String, description = "SHA-256 over the canonical trace."))),
        (status = 401, description = "There is no certificate, or no valid token.", body = Problem,
            content_type = "application/problem+json"),
        (status = 403, description = "Deny, or the token does not allow this.", body = Problem,
            content_type = "application/problem+json", headers(
            ("x-assayer-decision" = String, description = "`deny`."),
            ("x-assayer-code" = String, description = "The first code."),
            ("x-assayer-trace" = String, description = "SHA-256 over the canonical trace, where there is one.")))
    )
)]
pub(in crate::api) async fn auth_request(
    State(app): State<Shared>,
    called: Called,
    request: Request,
) -> Result<Response, ApiError> {
    let client = header::certificate(request.headers())?;
    let client = client.map(|certificate| xfcc::Client { certificate, ..xfcc::Client::default() });
    answer(&app, &called, (below(&request, AUTH_REQUEST), client), StatusCode::NO_CONTENT).await
}

/// Whether Envoy is to serve a client (`ext_authz` over HTTP). Any method is answered alike, and any path below this.
#[utoipa::path(
    get,
    path = "/v1/decide/ext-authz/{class}",
    operation_id = "ext-authz",
    tag = "decisions",
    params(
        ("class" = String, Path, description = "The client class."),
        ("x-forwarded-client-cert" = Option<String>, Header, description = "What Envoy says of its client; the last \
            element counts, and it must have `Cert` or `Chain`.")
    ),
    responses(
        (status = 200, description = "Allow.", headers(
            ("x-assayer-decision" = String, description = "`allow`."),
            ("x-assayer-code" = String, description = "The first code, where there is any."),
            ("x-assayer-trace" = String, description = "SHA-256 over the canonical trace."))),
        (status = 401, description = "There is no certificate, or no valid token.", body = Problem,
            content_type = "application/problem+json"),
        (status = 403, description = "Deny, or the token does not allow this.", body = Problem,
            content_type = "application/problem+json", headers(
            ("x-assayer-decision" = String, description = "`deny`."),
            ("x-assayer-code" = String, description = "The first code."),
            ("x-assayer-trace" = String, description = "SHA-256 over the canonical trace, where there is one.")))
    )
)]
pub(in crate::api) async fn ext_authz(
    State(app): State<Shared>,
    called: Called,
    request: Request,
) -> Result<Response, ApiError> {
    let client = xfcc::client(request.headers())?;
    answer(&app, &called, (below(&request, EXT_AUTHZ), client), StatusCode::OK).await
}

/// The class in a path: the segment behind a prefix. What a client wrote behind that is never looked at.
fn below(request: &Request, prefix: &str) -> String {
    let rest = request.uri().path().strip_prefix(prefix).unwrap_or_default();
    rest.split('/').next().unwrap_or_default().to_owned()
}

async fn answer(
    app: &Shared,
    Called(caller): &Called,
    (name, client): (String, Option<xfcc::Client>),
    allowed: StatusCode,
) -> Result<Response, ApiError> {
    let class = class(app, &name)?;
    let Some(client) = client else {
        let detail = "the client showed no certificate";
        return Err(ApiError::new(StatusCode::UNAUTHORIZED, "decide.no-certificate", detail));
    };
    let inquiry = Inquiry {
        certificate: client.certificate,
        chain: client.chain.into_iter().collect(),
        names: Vec::new(),
        insight: Insight::of(caller),
        keeping: Keeping::Summary,
    };
    match tell(app, &class, inquiry).await {
        Ok(told) if told.decision.allows => {
            of_hash(client.hash.as_deref(), &told.decision)?;
            let mut response = Response::new(Body::empty());
            *response.status_mut() = allowed;
            mark(response.headers_mut(), "allow", told.decision.codes().next(), &told.decision.trace);
            Ok(response)
        }
        Ok(told) => Ok(denied(&told.decision)),
        // the client's certificate is none: that is its fault, and no failure of ours
        Err(Untold::Undecided(Undecided::Unusable(input, refusal))) if super::is_sent(&input) => {
            let sentence = said::refusal("certificate", &refusal).to_string();
            Ok(refused(sentence, Some(&refusal.code), ""))
        }
        Err(untold) => Err(of_untold(&class, untold)),
    }
}

/// A hash that is told with a certificate must be its own: otherwise somebody put the two together.
fn of_hash(told: Option<&str>, decision: &Decision) -> Result<(), ApiError> {
    match told {
        Some(hash) if !hash.eq_ignore_ascii_case(&decision.fingerprint) => {
            Err(header::unusable("x-forwarded-client-cert", "expected the Hash of the certificate"))
        }
        _ => Ok(()),
    }
}

fn denied(decision: &Decision) -> Response {
    let reason = decision.reasons.first();
    let sentence = reason.map(|reason| reason.sentence.clone()).unwrap_or_default();
    refused(sentence, decision.codes().next(), &decision.trace)
}

fn refused(sentence: String, code: Option<&str>, trace: &str) -> Response {
    let detail = if sentence.is_empty() { "the certificate may not be trusted".to_owned() } else { sentence };
    let mut response = ApiError::new(StatusCode::FORBIDDEN, "decide.denied", detail).into_response();
    mark(response.headers_mut(), "deny", code, trace);
    response
}

fn mark(headers: &mut HeaderMap, decision: &'static str, code: Option<&str>, trace: &str) {
    headers.insert(DECISION, HeaderValue::from_static(decision));
    for (name, value) in [(CODE, code.unwrap_or_default()), (TRACE, trace)] {
        if let (false, Ok(value)) = (value.is_empty(), HeaderValue::from_str(value)) {
            headers.insert(name, value);
        }
    }
}
