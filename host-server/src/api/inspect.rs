//! What is in a file: every field and extension of its certificates. Nothing is judged and nothing is kept.

use axum::extract::State;
use axum::response::Response;

use super::Shared;
use super::document::{self, Inspection};
use super::error::ApiError;
use super::extract::File;
use crate::component::contract::types::Refusal;
use crate::component::{Answer, Session};

/// A file in a form.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "only its description is used")]
struct FileForm {
    /// The file: certificates as PEM, DER or PKCS #7, told apart by content.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Shows every field and extension of the certificates in a file: PEM, DER or PKCS #7.
#[utoipa::path(
    post,
    path = "/api/v1/inspect",
    operation_id = "inspect",
    tag = "decisions",
    request_body(description = "The file, as the body or in a form.", content(
        (String = "application/octet-stream"), (FileForm = "multipart/form-data"))),
    responses((status = 200, description = "The engine's own document; for several certificates, a list of them.",
        body = Inspection, content_type = "application/json"))
)]
pub(super) async fn inspect(State(app): State<Shared>, File(file): File) -> Result<Response, ApiError> {
    let described = app.pool.ask(move |session| describe(session, &file)).await?;
    described.map(document::answer).map_err(|refusal| document::refused("file", &refusal))
}

/// The engine's own document for a single certificate; for several an object with the list of them.
fn describe(session: &mut Session, file: &[u8]) -> Answer<String> {
    let bundle = match session.read_bundle(file)? {
        Ok(bundle) => bundle,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let mut documents = Vec::new();
    for (place, certificate) in bundle.certificates.iter().enumerate() {
        match session.describe_document(certificate)? {
            Ok(document) => documents.push(document),
            Err(refusal) => return Ok(Err(at(refusal, place))),
        }
    }
    Ok(Ok(match documents.as_slice() {
        [single] => single.clone(),
        several => format!("{{\"certificates\":[{}]}}", several.join(",")),
    }))
}

fn at(refusal: Refusal, place: usize) -> Refusal {
    Refusal { input: format!("certificate {}", place.saturating_add(1)), ..refusal }
}
