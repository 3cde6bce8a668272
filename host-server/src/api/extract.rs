//! What a handler takes from a request, with every way it can be wrong as problem details.

use axum::body::Bytes;
use axum::extract::multipart::MultipartError;
use axum::extract::rejection::{BytesRejection, JsonRejection};
use axum::extract::{FromRequest, FromRequestParts, Json, Multipart, Path, Query, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;
use tokio::time::timeout;

use super::Shared;
use super::error::ApiError;

/// A JSON body.
#[derive(Clone, Debug)]
pub struct Body<T>(pub T);

/// The parameters of a path.
#[derive(Clone, Debug)]
pub struct InPath<T>(pub T);

/// The parameters of a query string.
#[derive(Clone, Debug)]
pub struct InQuery<T>(pub T);

/// A file: the whole body, or the first file of a form.
#[derive(Clone, Debug)]
pub struct File(pub Bytes);

impl<T: DeserializeOwned> FromRequest<Shared> for Body<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &Shared) -> Result<Self, ApiError> {
        let read = Json::<T>::from_request(request, state);
        let Json(value) = in_time(state, read).await?.map_err(of_json)?;
        Ok(Self(value))
    }
}

impl<T: DeserializeOwned + Send> FromRequestParts<Shared> for InPath<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &Shared) -> Result<Self, ApiError> {
        let read = Path::<T>::from_request_parts(parts, state).await;
        read.map(|Path(value)| Self(value)).map_err(|rejection| {
            ApiError::new(StatusCode::BAD_REQUEST, "request.path", rejection.body_text())
        })
    }
}

impl<T: DeserializeOwned> FromRequestParts<Shared> for InQuery<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &Shared) -> Result<Self, ApiError> {
        let read = Query::<T>::from_request_parts(parts, state).await;
        read.map(|Query(value)| Self(value)).map_err(|rejection| {
            ApiError::new(StatusCode::BAD_REQUEST, "request.query", rejection.body_text())
        })
    }
}

/// Media types under which a file may come as the whole body. What it is, is told by its content.
const FILE_TYPES: [&str; 8] = [
    "application/octet-stream",
    "application/pkix-cert",
    "application/x-x509-ca-cert",
    "application/x-pem-file",
    "application/pem-certificate-chain",
    "application/pkcs7-mime",
    "application/x-pkcs7-certificates",
    "text/plain",
];

impl FromRequest<Shared> for File {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &Shared) -> Result<Self, ApiError> {
        let octets = match media_type(request.headers()).as_deref() {
            Some("multipart/form-data") => in_time(state, of_form(request, state)).await??,
            Some(known) if FILE_TYPES.contains(&known) => {
                in_time(state, Bytes::from_request(request, state)).await?.map_err(of_bytes)?
            }
            found => {
                let found = found.unwrap_or("none");
                let detail = format!(
                    "the body is of media type {found}; expected {} or multipart/form-data",
                    FILE_TYPES.join(", ")
                );
                return Err(ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "request.media-type", detail));
            }
        };
        if octets.is_empty() {
            let detail = "the file is empty; expected certificates as PEM, DER or PKCS #7";
            return Err(ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "input.empty", detail).about("file"));
        }
        Ok(Self(octets))
    }
}

/// The first file of a form.
async fn of_form(request: Request, state: &Shared) -> Result<Bytes, ApiError> {
    let form = Multipart::from_request(request, state).await;
    let mut form = form
        .map_err(|rejection| ApiError::new(StatusCode::BAD_REQUEST, "request.form", rejection.body_text()))?;
    while let Some(part) = form.next_field().await.map_err(of_multipart)? {
        if part.name() == Some("file") {
            return part.bytes().await.map_err(of_multipart);
        }
    }
    Err(ApiError::new(StatusCode::BAD_REQUEST, "request.form", "the form has no part named `file`"))
}

/// Waits for a body no longer than for any other.
pub(super) async fn in_time<T>(state: &Shared, reading: impl Future<Output = T>) -> Result<T, ApiError> {
    let limit = state.limits.receive();
    timeout(limit, reading).await.map_err(|_| {
        let detail = format!("the body did not come within {} s", limit.as_secs());
        ApiError::new(StatusCode::REQUEST_TIMEOUT, "request.slow", detail)
    })
}

/// The media type of a body, without its parameters.
pub(super) fn media_type(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    Some(value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
}

fn of_json(rejection: JsonRejection) -> ApiError {
    let code = match &rejection {
        JsonRejection::JsonDataError(_) => "request.json-data",
        JsonRejection::JsonSyntaxError(_) => "request.json",
        JsonRejection::MissingJsonContentType(_) => "request.media-type",
        JsonRejection::BytesRejection(_) => return of_body(rejection.status()),
        _ => "request.unusable",
    };
    ApiError::new(rejection.status(), code, rejection.body_text())
}

fn of_bytes(rejection: BytesRejection) -> ApiError {
    of_body(rejection.status())
}

/// A form that cannot be read.
pub(super) fn of_multipart(error: MultipartError) -> ApiError {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return of_body(error.status());
    }
    ApiError::new(StatusCode::BAD_REQUEST, "request.form", error.body_text())
}

/// A body that could not be read: too large, or cut off.
fn of_body(status: StatusCode) -> ApiError {
    if status == StatusCode::PAYLOAD_TOO_LARGE {
        return ApiError::of_status(status);
    }
    ApiError::new(StatusCode::BAD_REQUEST, "request.body", "the body could not be read to its end")
}
