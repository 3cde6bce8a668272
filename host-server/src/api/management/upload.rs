//! Certificates are uploaded into trust stores and slots, and taken out of trust stores. A form and a JSON document say
//! the same.

use std::collections::BTreeMap;

use axum::extract::multipart::Multipart;
use axum::extract::{FromRequest, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use data_encoding::{BASE64, HEXLOWER};
use serde::Deserialize;
use utoipa::ToSchema;

use super::certificate::{KindWord, fingerprint};
use super::plan::WriteOutcome;
use super::{Editor, Order, Terms, WriteQuery, carry_out, situation};
use crate::accounts::Permission;
use crate::api::Shared;
use crate::api::error::{ApiError, Problem};
use crate::api::extract::{Body, InPath, InQuery, in_time, media_type, of_multipart};
use crate::component::contract::management as wit;
use crate::storage::Room;

/// Certificates that are to be put somewhere.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct UploadRequest {
    /// PEM, or base64 of DER or PKCS #7.
    file: String,
    /// A slot for our own certificate, or a trust store.
    kind: KindWord,
    /// The slot or store, such as `tomcat` or `tomcat-trust`.
    room: String,
    /// The node that it is done on; the publisher where none is named.
    node: Option<String>,
    /// What is written beside the certificates.
    #[serde(default)]
    #[schema(max_length = 1000)]
    description: String,
    /// Certificates that were deleted or replaced before are wanted back.
    #[serde(default)]
    revive: bool,
    /// How the key-usage tables are read: `ucm-compat` or `strict-pkix`; as the policy says where it is left out.
    usage_profile: Option<String>,
    /// Names that were not asked for: `refuse` or `warn`; as the policy says where it is left out.
    extra_names: Option<String>,
}

/// The same as a form.
#[derive(ToSchema)]
#[schema(rename_all = "kebab-case")]
#[expect(dead_code, reason = "only its description is used")]
struct UploadForm {
    /// The file: certificates as PEM, DER or PKCS #7, told apart by content.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    /// A slot for our own certificate, or a trust store.
    kind: KindWord,
    /// The slot or store.
    room: String,
    /// The node that it is done on; the publisher where none is named.
    node: Option<String>,
    /// What is written beside the certificates.
    description: Option<String>,
    /// `true` where certificates that were deleted or replaced before are wanted back.
    revive: Option<String>,
    /// How the key-usage tables are read: `ucm-compat` or `strict-pkix`; as the policy says where it is left out.
    usage_profile: Option<String>,
    /// Names that were not asked for: `refuse` or `warn`; as the policy says where it is left out.
    extra_names: Option<String>,
}

/// An upload in either form.
pub struct Upload {
    file: Vec<u8>,
    asked: UploadRequest,
}

impl FromRequest<Shared> for Upload {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &Shared) -> Result<Self, ApiError> {
        if media_type(request.headers()).as_deref() == Some("multipart/form-data") {
            return in_time(state, of_form(request, state)).await?;
        }
        let Body(asked) = Body::<UploadRequest>::from_request(request, state).await?;
        Ok(Self { file: octets(&asked.file)?, asked })
    }
}

async fn of_form(request: Request, state: &Shared) -> Result<Upload, ApiError> {
    let unusable = |detail: String| ApiError::new(StatusCode::BAD_REQUEST, "request.form", detail);
    let form = Multipart::from_request(request, state).await;
    let mut form = form.map_err(|rejection| unusable(rejection.body_text()))?;
    let (mut file, mut parts) = (None, BTreeMap::new());
    while let Some(part) = form.next_field().await.map_err(of_multipart)? {
        let name = part.name().unwrap_or_default().to_owned();
        if name == "file" {
            file = Some(part.bytes().await.map_err(of_multipart)?.to_vec());
        } else if parts.insert(name.clone(), part.text().await.map_err(of_multipart)?).is_some() {
            return Err(unusable(format!("the form has two parts named `{name}`")));
        }
    }
    let file = file.ok_or_else(|| unusable("the form has no part named `file`".to_owned()))?;
    let mut take = |name: &str| parts.remove(name).filter(|text| !text.is_empty());
    let kind = match take("kind").as_deref() {
        Some("identity") => KindWord::Identity,
        Some("trust") => KindWord::Trust,
        _ => return Err(unusable("expected a part `kind` that is `identity` or `trust`".to_owned())),
    };
    let revive = match take("revive").as_deref() {
        None | Some("false") => false,
        Some("true") => true,
        Some(_) => return Err(unusable("`revive` is `true` or `false`".to_owned())),
    };
    let asked = UploadRequest {
        file: String::new(),
        kind,
        room: take("room").ok_or_else(|| unusable("the form has no part named `room`".to_owned()))?,
        node: take("node"),
        description: take("description").unwrap_or_default(),
        revive,
        usage_profile: take("usage-profile"),
        extra_names: take("extra-names"),
    };
    match parts.keys().find(|name| !PARTS.contains(&name.as_str())) {
        Some(unknown) => Err(unusable(format!("there is no part named `{unknown}`"))),
        None => Ok(Upload { file, asked }),
    }
}

/// The parts of a form besides the file.
const PARTS: [&str; 7] = ["kind", "room", "node", "description", "revive", "usage-profile", "extra-names"];

/// PEM as it is, anything else as base64. What the octets are is the engine's answer.
fn octets(text: &str) -> Result<Vec<u8>, ApiError> {
    if text.contains("-----BEGIN ") {
        return Ok(text.as_bytes().to_vec());
    }
    let plain: String = text.chars().filter(|letter| !letter.is_ascii_whitespace()).collect();
    let expected = "expected PEM, or base64 of DER or PKCS #7";
    let unusable =
        || ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "request.value", expected).about("file");
    BASE64.decode(plain.as_bytes()).map_err(|_| unusable())
}

/// Puts certificates into a trust store or a slot. A trust store needs the permission `trust.manage` too.
#[utoipa::path(
    post,
    path = "/api/v1/certificates",
    operation_id = "upload",
    tag = "certificates",
    params(WriteQuery, ("If-Match" = Option<String>, Header, description = "The version that was seen.")),
    request_body(description = "The file, and where it goes.", content(
        (UploadRequest = "application/json"), (UploadForm = "multipart/form-data"))),
    responses(
        (status = 200, description = "It was done, or would be; `ETag` is the version.", body = WriteOutcome),
        (status = 409, description = "Others kept changing the state.", body = Problem,
            content_type = "application/problem+json"),
        (status = 422, description = "It is refused, with the whole plan, and nothing was changed.",
            body = Problem, content_type = "application/problem+json")
    )
)]
pub(in crate::api) async fn upload(
    State(app): State<Shared>,
    terms: Terms,
    Upload { file, asked }: Upload,
) -> Result<Response, ApiError> {
    if asked.kind == KindWord::Trust {
        terms.require(Permission::ManageTrust)?;
    }
    let subject = asked.room.clone();
    let operation = wit::Operation::Upload(wit::Upload {
        room: room(asked.kind, asked.room),
        node: asked.node,
        file,
        revive: asked.revive,
        usage_profile: asked.usage_profile,
        extra_names: asked.extra_names,
    });
    let order = Order::new(operation, "certificate.uploaded", subject);
    carry_out(&app, &terms, &Order { description: asked.description, ..order }).await
}

/// Where a certificate is taken from.
#[derive(Clone, Debug, Deserialize)]
pub struct DeletionPath {
    pub(super) kind: KindWord,
    pub(super) room: String,
    pub(super) fingerprint: String,
}

/// The node of a change, and whether it is only to be shown.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DeletionQuery {
    /// Show what would be done, and change nothing.
    #[serde(default, deserialize_with = "super::switch")]
    #[param(value_type = bool, required = false)]
    pub(super) dry_run: bool,
    /// The node that it is done on: of a deletion the publisher, of a description every one, where none is named.
    pub(super) node: Option<String>,
}

/// Takes a certificate out of a trust store, wherever the store's rule says. The plan of a dry run says what would no
/// longer be vouched for.
#[utoipa::path(
    delete,
    path = "/api/v1/certificates/{kind}/{room}/{fingerprint}",
    operation_id = "delete-certificate",
    tag = "certificates",
    params(
        ("kind" = KindWord, Path, description = "A slot, which cannot be emptied, or a trust store."),
        ("room" = String, Path, description = "The slot or store."),
        ("fingerprint" = String, Path, description = "SHA-256 of its encoding, in hexadecimal."),
        DeletionQuery,
        ("If-Match" = Option<String>, Header, description = "The version that was seen.")
    ),
    responses(
        (status = 200, description = "It was done, or would be; `ETag` is the version.", body = WriteOutcome),
        (status = 409, description = "Others kept changing the state.", body = Problem,
            content_type = "application/problem+json"),
        (status = 422, description = "It is refused, with the whole plan, and nothing was changed.",
            body = Problem, content_type = "application/problem+json")
    )
)]
pub(in crate::api) async fn delete(
    State(app): State<Shared>,
    Editor(by, seen): Editor,
    InPath(path): InPath<DeletionPath>,
    InQuery(query): InQuery<DeletionQuery>,
) -> Result<Response, ApiError> {
    let terms = Terms::new(by, seen, &WriteQuery { dry_run: query.dry_run });
    let expected = "expected SHA-256 in hexadecimal: 64 digits";
    let unusable =
        || ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "request.value", expected).about("fingerprint");
    let fingerprint = fingerprint(&path.fingerprint).ok_or_else(unusable)?;
    let subject = format!("{} {}", path.room, HEXLOWER.encode(&fingerprint));
    let operation = wit::Operation::Delete(wit::Deletion {
        room: room(path.kind, path.room),
        node: query.node,
        fingerprint: fingerprint.to_vec(),
    });
    carry_out(&app, &terms, &Order::new(operation, "certificate.deleted", subject)).await
}

fn room(kind: KindWord, name: String) -> wit::Room {
    situation::room(&Room { usage: kind.usage(), name })
}
