//! A question as it came: everything decoded that is not the engine's to decode, or why it cannot be used.

use axum::http::StatusCode;
use data_encoding::BASE64;

use super::VerifyRequest;
use crate::api::error::ApiError;
use crate::cli::{console, question};
use crate::decide::{Asked, Believed};

pub(super) fn asked(request: VerifyRequest) -> Result<Asked, ApiError> {
    let believed = match (request.store, request.anchors.is_empty()) {
        (Some(store), true) => Believed::Store(store),
        (None, false) => Believed::Anchors(every("anchors", &request.anchors)?),
        (Some(_), false) => {
            let expected = "found `store` and `anchors`; expected one of them";
            return Err(unusable("anchors", expected.to_owned()));
        }
        (None, true) => {
            let expected = "expected at least one trust anchor, or `store`; none is built in";
            return Err(unusable("anchors", expected.to_owned()));
        }
    };
    let names: Result<Vec<_>, _> = request.names.iter().map(|name| question::name(name)).collect();
    let at = request.at.as_deref().map(question::moment).transpose();
    Ok(Asked {
        certificate: octets("certificate", &request.certificate)?,
        untrusted: every("untrusted", &request.untrusted)?,
        believed,
        purpose: request.purpose,
        names: names.map_err(|expected| unusable("names", expected))?,
        at: at.map_err(|expected| unusable("at", expected))?.unwrap_or_else(console::clock),
        policy: request.policy,
        mode: request.mode.of_contract(),
        crls: every("crls", &request.crls)?,
        responses: every("ocsp-responses", &request.ocsp_responses)?,
        online: request.online,
    })
}

pub(in crate::api) fn every(input: &str, texts: &[String]) -> Result<Vec<Vec<u8>>, ApiError> {
    texts.iter().enumerate().map(|(place, text)| octets(&numbered(input, place), text)).collect()
}

/// PEM as it is, anything else as base64. What the octets are is the engine's answer.
pub(in crate::api) fn octets(input: &str, text: &str) -> Result<Vec<u8>, ApiError> {
    if text.contains("-----BEGIN ") {
        return Ok(text.as_bytes().to_vec());
    }
    let plain: String = text.chars().filter(|letter| !letter.is_ascii_whitespace()).collect();
    let expected = "expected PEM, or base64 of DER or PKCS #7";
    BASE64.decode(plain.as_bytes()).map_err(|_| unusable(input, expected.to_owned()))
}

pub(in crate::api) fn unusable(input: &str, expected: String) -> ApiError {
    ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "request.value", expected).about(input)
}

fn numbered(input: &str, place: usize) -> String {
    format!("{input} {}", place.saturating_add(1))
}
