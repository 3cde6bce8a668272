//! The outermost layer: gives a request its number, ends it in time, makes every error a problem document, sets the
//! headers every answer has, counts it and writes one line about it. Bodies, tokens and query strings are never
//! written down.

use std::time::{Duration, Instant};

use aws_lc_rs::rand;
use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{CONTENT_TYPE, HeaderName};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use data_encoding::HEXLOWER;
use tokio::time::timeout;

use super::Shared;
use super::error::{ApiError, PROBLEM_JSON};

/// What every answer says to a browser: nothing here is a page, may be framed, guessed at or kept.
const HEADERS: [(&str, &str); 6] = [
    ("cache-control", "no-store"),
    ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
    ("cross-origin-resource-policy", "same-origin"),
    ("referrer-policy", "no-referrer"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
];

/// Runs around every request.
pub(super) async fn observe(State(app): State<Shared>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let number = number();
    let method = method_name(request.method());
    let path = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let path = path.unwrap_or_else(|| "(none)".to_owned());
    let answered = timeout(app.limits.request(), next.run(request)).await;
    let response =
        answered.unwrap_or_else(|_| axum::response::IntoResponse::into_response(ApiError::too_slow()));
    let mut response = finished(response, &number);
    set_headers(&app, &mut response, &number);
    note(&app, (method, &path, &number), response.status(), started.elapsed());
    response
}

/// An error as a document; whatever else there is, as it is.
fn finished(response: Response, number: &str) -> Response {
    let status = response.status();
    if let Some(error) = response.extensions().get::<ApiError>() {
        return error.render(number, &response);
    }
    let is_problem = response.headers().get(CONTENT_TYPE).is_some_and(|found| found == PROBLEM_JSON);
    if (status.is_client_error() || status.is_server_error()) && !is_problem {
        return ApiError::of_status(status).render(number, &response);
    }
    response
}

fn set_headers(app: &Shared, response: &mut Response, number: &str) {
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.entry(HeaderName::from_static(name)).or_insert(HeaderValue::from_static(value));
    }
    if app.is_tls {
        let year = HeaderValue::from_static("max-age=31536000");
        headers.insert("strict-transport-security", year);
    }
    if let Ok(number) = HeaderValue::from_str(number.trim_start_matches("urn:uuid:")) {
        headers.insert("x-request-id", number);
    }
}

fn note(app: &Shared, request: (&'static str, &str, &str), status: StatusCode, duration: Duration) {
    let (method, path, number) = request;
    app.metrics.answered(method, path, status.as_u16(), duration);
    let milliseconds = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
    tracing::info!(method, path, status = status.as_u16(), milliseconds, request = number, "answered");
}

/// A method by its name; those of other protocols all have one, so that nobody can fill logs and metrics with them.
fn method_name(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}

/// A random UUID (RFC 9562 5.4), as a URN. Without randomness, which has other effects, all are alike.
fn number() -> String {
    let mut octets = [0_u8; 16];
    let _filled = rand::fill(&mut octets);
    let mut value = u128::from_be_bytes(octets);
    value = (value & !(0xf << 76)) | (4 << 76);
    value = (value & !(0x3 << 62)) | (2 << 62);
    let text = HEXLOWER.encode(&value.to_be_bytes());
    let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
    let parts = [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)];
    format!("urn:uuid:{}", parts.join("-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_random_uuids() {
        let (one, other) = (number(), number());
        assert_ne!(one, other);
        let text = one.strip_prefix("urn:uuid:").unwrap();
        let lengths: Vec<usize> = text.split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12]);
        assert_eq!(text.as_bytes()[14], b'4');
        assert!(b"89ab".contains(&text.as_bytes()[19]), "{text}");
    }

    #[test]
    fn methods_of_other_protocols_have_one_name() {
        assert_eq!(method_name(&Method::GET), "GET");
        assert_eq!(method_name(&Method::from_bytes(b"BREW").unwrap()), "other");
    }
}
