//! The one error type of the API: problem details (RFC 9457) with a stable `code`. What went wrong inside goes to the
//! log only; a client learns what it can act on.
//!
//! An error travels to the outermost layer as an extension of an empty answer, and becomes a document there, where
//! the number of the request is known.

use std::borrow::Cow;

use axum::body::Body;
use axum::http::header::{ALLOW, CONTENT_TYPE, ETAG, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::management::PlanDocument;
use super::version::tag;
use crate::component::pool::Unanswered;
use crate::storage::StorageFault;

/// The media type of problem details.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// Why a request was not answered (RFC 9457).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// Always `about:blank`: the status says of which kind it is, the code what exactly.
    #[serde(rename = "type")]
    pub kind: String,
    /// The status in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What was found and what was expected.
    pub detail: String,
    /// The number of this request, under which the log has it.
    pub instance: String,
    /// Stable machine code.
    pub code: String,
    /// Which part of the request it is about, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input: Option<String>,
    /// The line of a document that it is about, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// The column, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<u64>,
    /// The plan that was refused, where there is one: every finding, with what was found and what would be accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<PlanDocument>)]
    pub plan: Option<Value>,
}

/// An error on its way out.
#[derive(Clone, Debug)]
pub struct ApiError {
    status: StatusCode,
    code: Cow<'static, str>,
    detail: Cow<'static, str>,
    input: Option<String>,
    retry_after: Option<u64>,
    /// Line and column in a document.
    place: Option<Box<(u64, u64)>>,
    /// A refused plan, and the version of the state it was made from.
    plan: Option<Box<(Value, i64)>>,
}

/// The most of what was found that is repeated to whoever sent it.
const LONGEST_DETAIL: usize = 500;

impl ApiError {
    /// An error with its status, its stable code and a sentence.
    #[must_use]
    pub fn new(
        status: StatusCode,
        code: impl Into<Cow<'static, str>>,
        detail: impl Into<Cow<'static, str>>,
    ) -> Self {
        let mut detail = detail.into();
        if let Some((end, _)) = detail.char_indices().nth(LONGEST_DETAIL) {
            detail.to_mut().truncate(end);
        }
        Self { status, code: code.into(), detail, input: None, retry_after: None, place: None, plan: None }
    }

    /// The same, about one part of the request.
    #[must_use]
    pub fn about(mut self, input: impl Into<String>) -> Self {
        self.input = Some(input.into());
        self
    }

    /// The same, at a line and a column of a document.
    #[must_use]
    pub(super) fn at(mut self, place: Option<(u64, u64)>) -> Self {
        self.place = place.map(Box::new);
        self
    }

    /// Too many came from one place; it may come again after so many seconds.
    #[must_use]
    pub(super) fn too_many(seconds: u64) -> Self {
        let detail =
            "too many attempts to sign in came from this address; `Retry-After` says when to try again";
        let error = Self::new(StatusCode::TOO_MANY_REQUESTS, "sign-in.too-many", detail);
        Self { retry_after: Some(seconds.max(1)), ..error }
    }

    /// The same, and it may be asked again after so many seconds.
    #[must_use]
    pub(super) fn again_after(self, seconds: u64) -> Self {
        Self { retry_after: Some(seconds), ..self }
    }

    /// The same, with the plan that was refused and the version of the state it was made from.
    #[must_use]
    pub(super) fn with_plan(mut self, plan: Value, version: i64) -> Self {
        self.plan = Some(Box::new((plan, version)));
        self
    }

    /// Something of ours: the log has it, the client has its number.
    #[must_use]
    pub fn fault(what: impl std::fmt::Display) -> Self {
        tracing::error!(what = %escaped(&what.to_string()), "fault");
        let detail = "the server failed; its log says why under the number of this request";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "server.fault", detail)
    }

    /// There is too much to do.
    #[must_use]
    pub fn overloaded() -> Self {
        let detail = "there are more questions than can be answered; ask again later";
        let error = Self::new(StatusCode::SERVICE_UNAVAILABLE, "server.overloaded", detail);
        Self { retry_after: Some(1), ..error }
    }

    /// It took too long.
    #[must_use]
    pub fn too_slow() -> Self {
        let detail = "the answer took too long and was given up";
        let error = Self::new(StatusCode::SERVICE_UNAVAILABLE, "server.timeout", detail);
        Self { retry_after: Some(5), ..error }
    }

    /// What a bare status means, for whatever was answered without one of ours.
    #[must_use]
    pub fn of_status(status: StatusCode) -> Self {
        let (code, detail) = match status {
            StatusCode::NOT_FOUND => ("request.not-found", "there is nothing under this path"),
            StatusCode::METHOD_NOT_ALLOWED => {
                ("request.method", "this path does not take this method; `Allow` names those it takes")
            }
            StatusCode::PAYLOAD_TOO_LARGE => ("request.too-large", "the body is too large"),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => ("request.media-type", "the body is of another media type"),
            status if status.is_server_error() => ("server.fault", "the server failed"),
            _ => ("request.unusable", "the request cannot be used"),
        };
        Self::new(status, code, detail)
    }

    /// Its status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Its code.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// The document, with the number of the request.
    #[must_use]
    pub fn problem(&self, instance: &str) -> Problem {
        Problem {
            kind: "about:blank".to_owned(),
            title: self.status.canonical_reason().unwrap_or("Error").to_owned(),
            status: self.status.as_u16(),
            detail: self.detail.to_string(),
            instance: instance.to_owned(),
            code: self.code.to_string(),
            input: self.input.clone(),
            line: self.place.as_ref().map(|place| place.0),
            column: self.place.as_ref().map(|place| place.1),
            plan: self.plan.as_ref().map(|refused| refused.0.clone()),
        }
    }

    /// The whole answer, keeping what an earlier one said is allowed, and was decided.
    pub(super) fn render(&self, instance: &str, earlier: &Response) -> Response {
        let body = serde_json::to_vec(&self.problem(instance)).unwrap_or_default();
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
        if let Some(seconds) = self.retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if let Some((_, version)) = self.plan.as_deref() {
            headers.insert(ETAG, tag(*version));
        }
        if let Some(allow) = earlier.headers().get(ALLOW) {
            headers.insert(ALLOW, allow.clone());
        }
        for (name, value) in earlier.headers() {
            if name.as_str().starts_with("x-assayer-") {
                headers.insert(name.clone(), value.clone());
            }
        }
        if self.status == StatusCode::UNAUTHORIZED {
            // RFC 6750 3
            headers.insert("www-authenticate", HeaderValue::from_static("Bearer realm=\"assayer\""));
        }
        response
    }
}

impl std::fmt::Display for ApiError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.code, self.detail)
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = self.status;
        response.extensions_mut().insert(self);
        response
    }
}

impl From<Unanswered> for ApiError {
    fn from(unanswered: Unanswered) -> Self {
        match unanswered {
            Unanswered::Overloaded => Self::overloaded(),
            ours => Self::fault(ours),
        }
    }
}

/// The storage failed: for a time, or for good.
pub(super) fn of_storage(fault: StorageFault) -> ApiError {
    match fault {
        StorageFault::DiskFull => {
            tracing::error!(what = %escaped(&fault.to_string()), "fault");
            let detail = "no space is left for the database: nothing was changed; make room and try again";
            ApiError::new(StatusCode::INSUFFICIENT_STORAGE, "server.storage-full", detail)
        }
        StorageFault::Busy | StorageFault::Unreachable(_) => {
            tracing::error!(what = %escaped(&fault.to_string()), "fault");
            let detail = "the storage cannot be used at the moment; the log says why";
            let error = ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "server.storage", detail);
            ApiError { retry_after: Some(5), ..error }
        }
        other => ApiError::fault(other),
    }
}

/// Text for a log: without characters that could move a cursor or end a line.
#[must_use]
pub fn escaped(text: &str) -> String {
    let escape = |letter: char| -> Box<dyn Iterator<Item = char>> {
        if letter.is_control() {
            Box::new(letter.escape_default())
        } else {
            Box::new(std::iter::once(letter))
        }
    };
    text.chars().flat_map(escape).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_detail_is_bounded_and_a_fault_tells_nothing_of_itself() {
        let long = ApiError::new(StatusCode::BAD_REQUEST, "request.json", "é".repeat(501));
        assert_eq!(long.problem("x").detail.chars().count(), 500);
        let fault = ApiError::fault("the password is hunter2").problem("urn:uuid:1");
        assert!(!fault.detail.contains("hunter2"));
        assert_eq!((fault.status, fault.code.as_str()), (500, "server.fault"));
    }

    #[test]
    fn control_characters_do_not_reach_a_log() {
        assert_eq!(escaped("a\r\nb\u{1b}[31mc\u{9b}"), "a\\r\\nb\\u{1b}[31mc\\u{9b}");
        assert_eq!(escaped("plain é"), "plain é");
    }
}
