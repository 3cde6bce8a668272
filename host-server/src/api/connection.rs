//! Connections that last long (R-REV-4): registered by whoever keeps them up, judged again while they last as often as the
//! settings say, and ended. Nothing is cut here: whoever registered one sees `cut` and is told by an alarm.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use data_encoding::{BASE64, HEXLOWER};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::access::Called;
use super::error::{ApiError, Problem, of_storage};
use super::extract::{Body, InPath, InQuery};
use super::{Shared, document};
use crate::audit::{AuditRecord, Details};
use crate::cli::question::shown;
use crate::component::Session;
use crate::storage::{Class, Connection, ConnectionFilter, ConnectionState, Fingerprint, NewConnection};

/// The most connections in one answer, and how many there are where nobody says.
const MOST: u16 = 500;
const USUAL: u16 = 100;
/// The longest name of another end.
const LONGEST_PEER: usize = 255;
/// The most files of a chain.
const CHAIN: usize = 16;

/// A connection to register.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ConnectionForm {
    /// Its kind.
    class: ClassWord,
    /// The name or the address of the other end.
    #[schema(max_length = 255)]
    peer: String,
    /// The other end's certificate: PEM, or base64 of DER.
    certificate: String,
    /// Certificates that help to build a path.
    #[serde(default)]
    #[schema(max_items = 16)]
    chain: Vec<String>,
    /// The trust store that it is judged by.
    store: String,
    /// What the certificate is used for, by its name in the policy, such as `server-auth`.
    purpose: Option<String>,
}

/// A kind of connection that lasts long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ClassWord {
    /// Computer telephony integration.
    Cti,
    /// IPsec.
    Ipsec,
    /// LDAP.
    Ldap,
}

/// How a connection is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ConnectionWord {
    /// Its certificate is not to be trusted any more: cut it.
    Cut,
    /// It has ended.
    Ended,
    /// Its certificate was to be trusted when it was looked at last.
    Good,
    /// Its certificate was not looked at yet.
    Unjudged,
}

/// A connection.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub struct ConnectionDocument {
    /// Its number.
    id: String,
    /// Its kind.
    class: ClassWord,
    /// The name or the address of the other end.
    peer: String,
    /// How it is.
    state: ConnectionWord,
    /// Why it is to be cut; null where it is not.
    why: Option<String>,
    /// The account that registered it.
    registered_by: String,
    /// When.
    registered_at: String,
    /// When it ended.
    ended_at: Option<String>,
    /// SHA-256 of the other end's certificate, in hexadecimal.
    fingerprint: String,
    /// Its subject.
    subject: String,
    /// Its serial number, in hexadecimal.
    serial_number: String,
    /// The trust store that it is judged by.
    store: String,
    /// What it is used for.
    purpose: Option<String>,
}

/// A page of connections.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ConnectionPage {
    /// The newest first.
    items: Vec<ConnectionDocument>,
    /// Where the next page begins; null where there is none.
    next: Option<String>,
}

/// Which connections, and which part of the list.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ConnectionQuery {
    /// Of this kind.
    #[param(inline)]
    class: Option<ClassWord>,
    /// In this state; `ended` lists those that have ended beside the others.
    #[param(inline)]
    state: Option<ConnectionWord>,
    /// How many at most.
    #[param(minimum = 1, maximum = 500, default = 100)]
    limit: Option<u16>,
    /// Where the last page ended: its `next`.
    after: Option<String>,
}

/// The connections, the newest first.
#[utoipa::path(
    get,
    path = "/api/v1/connections",
    operation_id = "connections",
    tag = "monitoring",
    params(ConnectionQuery),
    responses(
        (status = 200, description = "A page of connections.", body = ConnectionPage),
        (status = 422, description = "`after` is not the `next` of a page.", body = Problem,
            content_type = "application/problem+json")
    )
)]
pub(super) async fn connections(
    State(app): State<Shared>,
    InQuery(query): InQuery<ConnectionQuery>,
) -> Result<Json<ConnectionPage>, ApiError> {
    let expected = "expected the `next` of a page";
    let after = query.after.as_deref().map(|text| cursor(text).ok_or_else(|| unusable("after", expected)));
    let state = match query.state {
        Some(ConnectionWord::Cut) => Some(ConnectionState::Cut),
        Some(ConnectionWord::Good) => Some(ConnectionState::Good),
        Some(ConnectionWord::Unjudged) => Some(ConnectionState::Unjudged),
        Some(ConnectionWord::Ended) | None => None,
    };
    let filter = ConnectionFilter {
        class: query.class.map(class),
        state,
        with_ended: query.state == Some(ConnectionWord::Ended),
        after: after.transpose()?,
    };
    let most = i64::from(query.limit.unwrap_or(USUAL).clamp(1, MOST));
    let mut found = app.storage.connections(&filter, most.saturating_add(1)).await.map_err(of_storage)?;
    let more = found.len() > usize::try_from(most).unwrap_or(1);
    found.truncate(usize::try_from(most).unwrap_or(1));
    let next = found.last().filter(|_| more).map(|last| format!("{}.{}", last.registered_at, last.id));
    Ok(Json(ConnectionPage { items: found.into_iter().map(shown_as).collect(), next }))
}

/// One connection.
#[utoipa::path(
    get,
    path = "/api/v1/connections/{id}",
    operation_id = "connection",
    tag = "monitoring",
    params(("id" = String, Path, description = "The connection's number.")),
    responses((status = 200, description = "The connection.", body = ConnectionDocument))
)]
pub(super) async fn connection(
    State(app): State<Shared>,
    InPath(id): InPath<String>,
) -> Result<Json<ConnectionDocument>, ApiError> {
    let found = app.storage.connection(&id).await.map_err(of_storage)?;
    found.map(|found| Json(shown_as(found))).ok_or_else(missing)
}

/// Registers a connection that lasts long. Its certificate is judged at once, and again as often as the settings say.
#[utoipa::path(
    post,
    path = "/api/v1/connections",
    operation_id = "register-connection",
    tag = "monitoring",
    request_body(content = ConnectionForm, description = "The connection."),
    responses((status = 201, description = "It is registered.", body = ConnectionDocument))
)]
pub(super) async fn register(
    State(app): State<Shared>,
    called: Called,
    Body(form): Body<ConnectionForm>,
) -> Result<(StatusCode, Json<ConnectionDocument>), ApiError> {
    let new = read(&app, form).await?;
    let (by, now) = called.by();
    let details = Details::none()
        .text("class", new.class.word())
        .text("peer", new.peer.clone())
        .text("store", new.store.clone())
        .text("certificate", HEXLOWER.encode(&new.fingerprint));
    let record = AuditRecord::done(now, by, "connection.registered", &new.id).with_details(details);
    app.storage.register(&new, record).await.map_err(of_storage)?;
    app.watching.wake_recheck();
    let found = app.storage.connection(&new.id).await.map_err(of_storage)?;
    let found = found.ok_or_else(|| ApiError::fault("a connection that was registered is not there"))?;
    Ok((StatusCode::CREATED, Json(shown_as(found))))
}

/// Ends a connection: it is not judged any more, and what was told of it is over.
#[utoipa::path(
    delete,
    path = "/api/v1/connections/{id}",
    operation_id = "end-connection",
    tag = "monitoring",
    params(("id" = String, Path, description = "The connection's number.")),
    responses((status = 200, description = "It has ended, now or before.", body = ConnectionDocument))
)]
pub(super) async fn end(
    State(app): State<Shared>,
    called: Called,
    InPath(id): InPath<String>,
) -> Result<Json<ConnectionDocument>, ApiError> {
    let (by, now) = called.by();
    let record = AuditRecord::done(now, by, "connection.ended", &id);
    app.storage.end_connection(&id, record).await.map_err(of_storage)?;
    connection(State(app), InPath(id)).await
}

async fn read(app: &Shared, form: ConnectionForm) -> Result<NewConnection, ApiError> {
    let peer = form.peer.trim().to_owned();
    if peer.is_empty() || peer.chars().count() > LONGEST_PEER || peer.chars().any(char::is_control) {
        return Err(unusable("peer", "expected a name or an address of 1 to 255 characters"));
    }
    let chain: Result<Vec<_>, _> = form.chain.iter().map(|text| octets("chain", text)).collect();
    let chain = chain?;
    if chain.len() > CHAIN {
        return Err(unusable("chain", "expected 16 files at most"));
    }
    let known = *app.storage.watch().borrow();
    let snapshot = app.trusted.current(known).await;
    if !snapshot.is_some_and(|snapshot| snapshot.has(&form.store)) {
        let detail = "there is no trust store of this name that can be decided by; `/api/v1/catalogue` has those there are";
        return Err(ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "store.unknown", detail).about("store"));
    }
    let file = octets("certificate", &form.certificate)?;
    let read = app.pool.ask(move |session: &mut Session| {
        let found = match session.read_bundle(&file)? {
            Ok(bundle) => bundle.certificates.into_iter().next().unwrap_or_default(),
            Err(refusal) => return Ok(Err(refusal)),
        };
        Ok(session.index_keys(&found)?.map(|keys| (found, keys)))
    });
    let (der, keys) = read.await?.map_err(|refusal| document::refused("certificate", &refusal))?;
    let fingerprint: Result<Fingerprint, _> = keys.fingerprint.try_into();
    Ok(NewConnection {
        id: number()?,
        class: class(form.class),
        peer,
        der,
        fingerprint: fingerprint.map_err(|_| ApiError::fault("a fingerprint of the engine's is not one"))?,
        subject: keys.subject,
        serial: keys.serial_number,
        issuer: HEXLOWER.encode(&keys.issuer_key),
        chain,
        store: form.store,
        purpose: form.purpose.unwrap_or_default(),
    })
}

/// A number that nobody can guess.
fn number() -> Result<String, ApiError> {
    let mut octets = [0_u8; 16];
    aws_lc_rs::rand::fill(&mut octets).map_err(|_| ApiError::fault("the system gave no random numbers"))?;
    Ok(HEXLOWER.encode(&octets))
}

/// PEM as it is, anything else as base64. What the octets are is the engine's answer.
fn octets(input: &str, text: &str) -> Result<Vec<u8>, ApiError> {
    if text.contains("-----BEGIN ") {
        return Ok(text.as_bytes().to_vec());
    }
    let plain: String = text.chars().filter(|letter| !letter.is_ascii_whitespace()).collect();
    BASE64.decode(plain.as_bytes()).map_err(|_| unusable(input, "expected PEM, or base64 of DER"))
}

fn cursor(text: &str) -> Option<(i64, String)> {
    let (registered_at, id) = text.split_once('.')?;
    let known = id.len() == 32 && id.bytes().all(|octet| octet.is_ascii_hexdigit());
    registered_at.parse().ok().filter(|_| known).map(|registered_at| (registered_at, id.to_owned()))
}

fn unusable(input: &str, expected: &'static str) -> ApiError {
    ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "request.value", expected).about(input)
}

fn missing() -> ApiError {
    ApiError::new(StatusCode::NOT_FOUND, "connection.missing", "there is no such connection")
}

fn class(word: ClassWord) -> Class {
    match word {
        ClassWord::Cti => Class::Cti,
        ClassWord::Ipsec => Class::Ipsec,
        ClassWord::Ldap => Class::Ldap,
    }
}

fn shown_as(from: Connection) -> ConnectionDocument {
    let state = match (from.ended_at, from.state) {
        (Some(_), _) => ConnectionWord::Ended,
        (None, ConnectionState::Cut) => ConnectionWord::Cut,
        (None, ConnectionState::Good) => ConnectionWord::Good,
        (None, ConnectionState::Unjudged) => ConnectionWord::Unjudged,
    };
    ConnectionDocument {
        id: from.id,
        class: match from.class {
            Class::Cti => ClassWord::Cti,
            Class::Ipsec => ClassWord::Ipsec,
            Class::Ldap => ClassWord::Ldap,
        },
        peer: from.peer,
        state,
        why: Some(from.why).filter(|why| !why.is_empty()),
        registered_by: from.registered_by,
        registered_at: shown(from.registered_at),
        ended_at: from.ended_at.map(shown),
        fingerprint: HEXLOWER.encode(&from.fingerprint),
        subject: from.subject,
        serial_number: from.serial,
        store: from.store,
        purpose: Some(from.purpose).filter(|purpose| !purpose.is_empty()),
    }
}
