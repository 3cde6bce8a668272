//! Versions of what can be edited: `ETag` on the way out, `If-Match` on the way in (RFC 9110 13.1.1), so that nobody
//! overwrites what they have not seen.

use axum::extract::FromRequestParts;
use axum::http::header::IF_MATCH;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};

use super::Shared;
use super::error::ApiError;

/// The version that a change is made to. A request without one is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IfMatch(pub i64);

impl FromRequestParts<Shared> for IfMatch {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &Shared) -> Result<Self, ApiError> {
        let mut values = parts.headers.get_all(IF_MATCH).iter();
        let missing = "`If-Match` is missing: what is edited must be named in its version, as `ETag` gave it";
        let missing = || ApiError::new(StatusCode::PRECONDITION_REQUIRED, "request.if-match", missing);
        let value = values.next().and_then(|value| value.to_str().ok()).ok_or_else(missing)?.trim();
        // any version at all is what this is there to prevent
        if value == "*" {
            return Err(missing());
        }
        let version = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        version.and_then(|digits| digits.parse().ok()).map(Self).ok_or_else(stale)
    }
}

/// It is another version by now.
pub(super) fn stale() -> ApiError {
    let detail = "it was changed in between: `If-Match` names another version; look at it again";
    ApiError::new(StatusCode::PRECONDITION_FAILED, "request.stale", detail)
}

/// A version as `ETag`.
pub(super) fn tag(version: i64) -> HeaderValue {
    HeaderValue::from_str(&format!("\"{version}\"")).unwrap_or(HeaderValue::from_static("\"\""))
}
