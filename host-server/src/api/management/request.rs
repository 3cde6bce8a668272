//! Signing requests: made with a key of ours, shown, downloaded as PEM (R-CSR-2, R-CSR-5), dropped.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::certificate::file;
use super::make::{REQUEST, pem};
use super::plan::WriteOutcome;
use super::{Editor, Order, TRIES, Terms, WriteQuery, answer, carry_out, commit, conflict};
use crate::api::Shared;
use crate::api::error::{ApiError, Problem, of_storage};
use crate::api::extract::{Body, InPath, InQuery};
use crate::api::version::stale;
use crate::audit::{AuditRecord, Details};
use crate::component::contract::management as wit;
use crate::storage::{Change, PendingRequest, StorageFault, Version};

/// The fields of a form for a request.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RequestForm {
    /// The identity purpose, such as `tomcat`.
    purpose: String,
    /// The node it is for; every node of the cluster where none is named.
    node: Option<String>,
    /// The subject.
    #[serde(default)]
    subject: SubjectForm,
    /// The host names to be protected; those that follow from the node where this is left out.
    domains: Option<Vec<String>>,
    /// The parent domain, which is protected as well.
    parent_domain: Option<String>,
    /// The key to be made.
    key: KeyForm,
    /// How the key-usage tables are read: `ucm-compat` or `strict-pkix`; as the policy says where it is left out.
    usage_profile: Option<String>,
}

/// The fields of a subject.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct SubjectForm {
    /// countryName, two letters.
    country: Option<String>,
    /// stateOrProvinceName.
    state: Option<String>,
    /// localityName.
    locality: Option<String>,
    /// organizationName.
    organization: Option<String>,
    /// organizationalUnitName.
    organizational_unit: Option<String>,
    /// Include the organisational unit.
    include_organizational_unit: bool,
    /// commonName; the one that follows from the node where this is left out.
    common_name: Option<String>,
}

/// The key to be made, and the hash it signs with.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct KeyForm {
    /// `rsa` or `ec`.
    #[serde(rename = "type")]
    key_type: String,
    /// Its length in bits.
    bits: u16,
    /// `SHA256`, `SHA384` or `SHA512`.
    hash: String,
}

/// A request that waits for its certificate.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub struct PendingDocument {
    /// The identity purpose.
    purpose: String,
    /// The node; null for many servers.
    node: Option<String>,
    /// SHA-256 of its public key, in hexadecimal, under which its key is kept.
    key: String,
    /// It, as PEM.
    pem: String,
}

/// The requests that wait.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PendingList {
    /// By purpose and node.
    items: Vec<PendingDocument>,
}

/// Which request of a purpose.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PendingQuery {
    /// The node; the one for many servers where none is named.
    node: Option<String>,
}

/// Which request of a purpose, and whether it is only to be shown.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DropQuery {
    /// Show what would be done, and change nothing.
    #[serde(default, deserialize_with = "super::switch")]
    #[param(value_type = bool, required = false)]
    dry_run: bool,
    /// The node; the one for many servers where none is named.
    node: Option<String>,
}

impl RequestForm {
    pub(super) fn fields(self) -> wit::RequestFields {
        let subject = self.subject;
        wit::RequestFields {
            purpose: self.purpose,
            node: self.node,
            subject: wit::SubjectFields {
                country: subject.country,
                state: subject.state,
                locality: subject.locality,
                organization: subject.organization,
                organizational_unit: subject.organizational_unit,
                include_organizational_unit: subject.include_organizational_unit,
                common_name: subject.common_name,
            },
            domains: self.domains,
            parent_domain: self.parent_domain,
            key: wit::KeyChoice { key_type: self.key.key_type, bits: self.key.bits, hash: self.key.hash },
            usage_profile: self.usage_profile,
        }
    }

    pub(super) fn place(&self) -> String {
        format!("{} on {}", self.purpose, self.node.as_deref().unwrap_or("every node"))
    }
}

/// Makes a key and a signing request, which takes the place of one for the same purpose and node (R-CSR-4).
#[utoipa::path(
    post,
    path = "/api/v1/requests",
    operation_id = "make-request",
    tag = "certificates",
    params(WriteQuery, ("If-Match" = Option<String>, Header, description = "The version that was seen.")),
    request_body(content = RequestForm, description = "The fields of the request."),
    responses(
        (status = 200, description = "It was made, or would be; `ETag` is the version.", body = WriteOutcome),
        (status = 409, description = "The server has no passphrase, or others kept changing the state.",
            body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "It is refused, with the whole plan, and nothing was changed.",
            body = Problem, content_type = "application/problem+json")
    )
)]
pub(in crate::api) async fn make(
    State(app): State<Shared>,
    terms: Terms,
    Body(form): Body<RequestForm>,
) -> Result<Response, ApiError> {
    let place = form.place();
    let order = Order::new(wit::Operation::Request(form.fields()), "request.made", place);
    carry_out(&app, &terms, &order).await
}

/// The requests that wait for their certificates.
#[utoipa::path(
    get,
    path = "/api/v1/requests",
    operation_id = "requests",
    tag = "certificates",
    responses((status = 200, description = "The requests; `ETag` is the version.", body = PendingList))
)]
pub(in crate::api) async fn requests(State(app): State<Shared>) -> Result<Response, ApiError> {
    let version = app.storage.version().await.map_err(of_storage)?;
    let waiting = app.storage.requests().await.map_err(of_storage)?;
    Ok(answer(version, PendingList { items: waiting.into_iter().map(document).collect() }))
}

/// The request of a purpose, as PEM.
#[utoipa::path(
    get,
    path = "/api/v1/requests/{purpose}",
    operation_id = "request",
    tag = "certificates",
    params(("purpose" = String, Path, description = "The identity purpose."), PendingQuery),
    responses((status = 200, description = "The request.", body = String,
        content_type = "application/x-pem-file"))
)]
pub(in crate::api) async fn request(
    State(app): State<Shared>,
    InPath(purpose): InPath<String>,
    InQuery(query): InQuery<PendingQuery>,
) -> Result<Response, ApiError> {
    let (version, found) = find(&app, &purpose, query.node.as_deref()).await.map_err(of_storage)?;
    let found = found.ok_or_else(missing)?;
    // R-CSR-5: under the name of its purpose, as far as a header can hold it
    let plain = |letter: &char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_');
    let name = format!("{}.csr", found.purpose.chars().filter(plain).collect::<String>());
    Ok(file(version, "application/x-pem-file", &name, pem(REQUEST, &found.der).into_bytes()))
}

/// Drops the request of a purpose, and the key it was made with.
#[utoipa::path(
    delete,
    path = "/api/v1/requests/{purpose}",
    operation_id = "drop-request",
    tag = "certificates",
    params(
        ("purpose" = String, Path, description = "The identity purpose."),
        DropQuery,
        ("If-Match" = Option<String>, Header, description = "The version that was seen.")
    ),
    responses(
        (status = 200, description = "It was dropped, or would be; `ETag` is the version.",
            body = PendingDocument),
        (status = 409, description = "Others kept changing the state.", body = Problem,
            content_type = "application/problem+json")
    )
)]
pub(in crate::api) async fn drop_request(
    State(app): State<Shared>,
    Editor(by, seen): Editor,
    InPath(purpose): InPath<String>,
    InQuery(query): InQuery<DropQuery>,
) -> Result<Response, ApiError> {
    let terms = Terms::new(by, seen, &WriteQuery { dry_run: query.dry_run });
    for _ in 0..TRIES {
        let (version, found) = find(&app, &purpose, query.node.as_deref()).await.map_err(of_storage)?;
        terms.check(version)?;
        let found = found.ok_or_else(missing)?;
        if terms.dry_run {
            return Ok(answer(version, document(found)));
        }
        let changes = [
            Change::DropRequest { purpose: found.purpose.clone(), node: found.node.clone() },
            Change::DropKey { id: found.key_id.clone() },
        ];
        let (who, now) = terms.by.by();
        let details = Details::none().text("key", &found.key_id);
        let record = AuditRecord::done(now, who, "request.dropped", &purpose).with_details(details);
        match commit(&app, version, &changes, record).await? {
            Some(version) => return Ok(answer(version, document(found))),
            None if terms.seen.is_some() => return Err(stale()),
            None => {}
        }
    }
    Err(conflict("others kept changing the state; try again"))
}

/// A request, and a version of the state that is not later than it.
async fn find(
    app: &Shared,
    purpose: &str,
    node: Option<&str>,
) -> Result<(Version, Option<PendingRequest>), StorageFault> {
    let version = app.storage.version().await?;
    let waiting = app.storage.requests().await?;
    let found = waiting.into_iter().find(|one| one.purpose == purpose && one.node.as_deref() == node);
    Ok((version, found))
}

fn missing() -> ApiError {
    ApiError::new(StatusCode::NOT_FOUND, "request.missing", "no such request waits for its certificate")
}

fn document(from: PendingRequest) -> PendingDocument {
    let pem = pem(REQUEST, &from.der);
    PendingDocument { purpose: from.purpose, node: from.node, key: from.key_id, pem }
}
