//! A verdict about a certificate that is sent with everything to judge it by. Nothing is fetched and nothing is kept;
//! the answer is the engine's own document, byte for byte.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use data_encoding::BASE64;
use serde::Deserialize;
use utoipa::ToSchema;

use super::Shared;
use super::document::{self, VerdictDocument};
use super::error::ApiError;
use super::extract::Body;
use crate::cli::{console, question};
use crate::component::contract::request::{Mode, ReferenceIdentifier, TrustRole, Validation};
use crate::component::contract::types::Refusal;
use crate::component::contract::verdict::{Decision, Verdict};
use crate::component::{Fault, Session, Validator};
use crate::resolve::{self, Means, Unresolved};
use crate::signature;

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
    /// Trust anchors. There are no others.
    #[schema(min_items = 1)]
    anchors: Vec<String>,
    /// What the certificate is to be used for, by its name in the policy, such as `server-auth`.
    purpose: Option<String>,
    /// Names of which it must carry one: DNS name, IP address, mailbox or URI.
    #[serde(default)]
    names: Vec<String>,
    /// The moment of validation (RFC 3339). Default: now.
    #[schema(example = "2026-11-21T12:00:00Z")]
    at: Option<String>,
    /// A policy document (TOML) instead of the defaults.
    #[serde(default)]
    policy: String,
    /// The mode that it is read in.
    #[serde(default)]
    mode: VerifyMode,
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

/// A question with everything decoded that is not the engine's to decode.
struct Asked {
    certificate: Vec<u8>,
    untrusted: Vec<Vec<u8>>,
    anchors: Vec<Vec<u8>>,
    purpose: Option<String>,
    names: Vec<ReferenceIdentifier>,
    at: i64,
    policy: String,
    mode: Mode,
}

/// An input that cannot be used, by its name in the request.
struct Unusable(String, Refusal);

/// Decides whether a certificate may be trusted, by what is sent and nothing else.
#[utoipa::path(
    post,
    path = "/api/v1/verify",
    operation_id = "verify",
    tag = "decisions",
    request_body(content = VerifyRequest, description = "The question."),
    responses((status = 200, description = "The verdict, allow or deny: the engine's own document.",
        body = VerdictDocument, content_type = "application/json"))
)]
pub(super) async fn verify(
    State(app): State<Shared>,
    Body(request): Body<VerifyRequest>,
) -> Result<Response, ApiError> {
    let asked = asked(request)?;
    let runtime = tokio::runtime::Handle::current();
    let judged = app.pool.ask(move |session| decide(session, asked, &runtime)).await?;
    let verdict = judged.map_err(|Unusable(input, refusal)| document::refused(&input, &refusal))?;
    app.metrics.decided(match verdict.decision {
        Decision::Allow => "allow",
        Decision::Deny => "deny",
    });
    Ok(document::answer(verdict.document))
}

fn asked(request: VerifyRequest) -> Result<Asked, ApiError> {
    if request.anchors.is_empty() {
        return Err(unusable("anchors", "expected at least one trust anchor; none is built in".to_owned()));
    }
    let names: Result<Vec<_>, _> = request.names.iter().map(|name| question::name(name)).collect();
    let at = request.at.as_deref().map(question::moment).transpose();
    Ok(Asked {
        certificate: octets("certificate", &request.certificate)?,
        untrusted: every("untrusted", &request.untrusted)?,
        anchors: every("anchors", &request.anchors)?,
        purpose: request.purpose,
        names: names.map_err(|expected| unusable("names", expected))?,
        at: at.map_err(|expected| unusable("at", expected))?.unwrap_or_else(console::clock),
        policy: request.policy,
        mode: match request.mode {
            VerifyMode::AsWritten => Mode::AsWritten,
            VerifyMode::CommonCriteria => Mode::CommonCriteria,
        },
    })
}

fn every(input: &str, texts: &[String]) -> Result<Vec<Vec<u8>>, ApiError> {
    texts.iter().enumerate().map(|(place, text)| octets(&numbered(input, place), text)).collect()
}

/// PEM as it is, anything else as base64. What the octets are is the engine's answer.
fn octets(input: &str, text: &str) -> Result<Vec<u8>, ApiError> {
    if text.contains("-----BEGIN ") {
        return Ok(text.as_bytes().to_vec());
    }
    let plain: String = text.chars().filter(|letter| !letter.is_ascii_whitespace()).collect();
    let expected = "expected PEM, or base64 of DER or PKCS #7";
    BASE64.decode(plain.as_bytes()).map_err(|_| unusable(input, expected.to_owned()))
}

fn unusable(input: &str, expected: String) -> ApiError {
    ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "request.value", expected).about(input)
}

fn numbered(input: &str, place: usize) -> String {
    format!("{input} {}", place.saturating_add(1))
}

fn decide(
    session: &mut Session,
    asked: Asked,
    runtime: &tokio::runtime::Handle,
) -> Result<Result<Verdict, Unusable>, Fault> {
    let prepared = prepare(session, asked)?;
    let (validator, validation) = match prepared {
        Ok(prepared) => prepared,
        Err(unusable) => return Ok(Err(unusable)),
    };
    let mut question = resolve::Question { session, validator: &validator, validation: &validation };
    let means = Means { signatures: Some(signature::answer), ..Means::offline(validation.at) };
    let resolved = runtime.block_on(resolve::resolve(&mut question, Vec::new(), &means));
    match resolved {
        Ok(resolved) => Ok(Ok(resolved.verdict)),
        Err(Unresolved::Refused(refusal)) => Ok(Err(Unusable(refusal.input.clone(), refusal))),
        Err(Unresolved::Fault(fault)) => Err(fault),
        Err(other) => Err(Fault::Trap(other.to_string())),
    }
}

fn prepare(session: &mut Session, asked: Asked) -> Result<Result<(Validator, Validation), Unusable>, Fault> {
    let named = |input: &str| {
        let input = input.to_owned();
        move |refusal| Unusable(input, refusal)
    };
    let mut target = match session.read_bundle(&asked.certificate)? {
        Ok(bundle) => bundle.certificates.into_iter(),
        Err(refusal) => return Ok(Err(named("certificate")(refusal))),
    };
    let validator = match session.validator(&asked.policy, asked.mode)? {
        Ok(validator) => validator,
        Err(refusal) => return Ok(Err(named("policy")(refusal))),
    };
    for (place, file) in asked.anchors.iter().enumerate() {
        if let Err(refusal) = trust(session, &validator, file)? {
            return Ok(Err(named(&numbered("anchors", place))(refusal)));
        }
    }
    let certificate = target.next().unwrap_or_default();
    let mut untrusted: Vec<Vec<u8>> = target.collect();
    for (place, file) in asked.untrusted.iter().enumerate() {
        match session.read_bundle(file)? {
            Ok(bundle) => untrusted.extend(bundle.certificates),
            Err(refusal) => return Ok(Err(named(&numbered("untrusted", place))(refusal))),
        }
    }
    let validation = Validation {
        target: certificate,
        untrusted,
        at: asked.at,
        purpose: asked.purpose,
        names: asked.names,
        nonce_seed: None,
        answers_signature_checks: true,
    };
    Ok(Ok((validator, validation)))
}

/// Whoever names a certificate as an anchor trusts it both as an issuer and as itself.
fn trust(session: &mut Session, validator: &Validator, file: &[u8]) -> crate::component::Answer<()> {
    let bundle = match session.read_bundle(file)? {
        Ok(bundle) => bundle,
        Err(refusal) => return Ok(Err(refusal)),
    };
    for certificate in &bundle.certificates {
        let trusted = session.add_anchor(validator, certificate, TrustRole::IssuerAndLeaf)?;
        if trusted.is_err() {
            return Ok(trusted);
        }
    }
    Ok(Ok(()))
}
