//! Looking after certificates, trust stores and requests over HTTP. Every write has one shape, `carry_out`: read the
//! state with its version, let the engine plan, show the plan or apply its effects on that very version, and plan again
//! where somebody was faster. What may be done the engine says; no rule about certificates is here.
//!
//! In reading order: what of the state bears on an operation, what a plan is made from, the plan as a document, its effects as changes, keys and signatures; then
//! one file for each subject.

pub mod slice;
pub mod situation;
mod plan;
pub mod change;
mod make;
pub mod cluster;
pub mod policy;
pub mod candidate;
pub mod node_policy;
pub mod certificate;
pub mod upload;
pub mod describe;
pub mod snapshot;
pub mod offer;
pub mod request;
pub mod issue;
pub mod first;
pub mod join;
pub mod membership;
pub mod upgrade;

use std::sync::Arc;

use axum::Json;
use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::header::{ETAG, IF_MATCH};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Deserializer};

use self::make::{Items, Keys};
use self::plan::Planned;
use self::situation::Situation;
use super::Shared;
use super::access::Called;
use super::error::{ApiError, of_storage};
use super::extract::InQuery;
use super::version::{stale, tag};
use crate::accounts::Permission;
use crate::audit::{AuditRecord, Details, Outcome};
use crate::component::contract::management::Operation;
use crate::storage::{ApplyFault, Change, Node, Origin, Usage, Version};

pub use self::make::MadeDocument;
pub use self::plan::{PlanDocument, WriteOutcome};

/// How often a write is planned anew because somebody else changed the state in between.
const TRIES: usize = 10;

/// What a write is to do.
pub(super) struct Order {
    /// The operation.
    operation: Arc<Operation>,
    /// The act, as the audit calls it.
    act: &'static str,
    /// What it is done to, as the audit calls it.
    subject: String,
    /// What is written beside certificates that are stored.
    description: String,
    /// A node that is added first.
    joining: Option<Node>,
    /// The release that is set with it.
    release: Option<String>,
}

impl Order {
    fn new(operation: Operation, act: &'static str, subject: impl Into<String>) -> Self {
        Self {
            operation: Arc::new(operation),
            act,
            subject: subject.into(),
            description: String::new(),
            joining: None,
            release: None,
        }
    }
}

/// Who writes, on which version, and whether it is only to be shown.
pub(super) struct Terms {
    by: Called,
    seen: Option<i64>,
    dry_run: bool,
}

impl Terms {
    fn new(by: Called, SeenVersion(seen): SeenVersion, query: &WriteQuery) -> Self {
        Self { by, seen, dry_run: query.dry_run }
    }

    fn check(&self, version: Version) -> Result<(), ApiError> {
        if self.seen.is_none_or(|seen| seen == version.0) { Ok(()) } else { Err(stale()) }
    }

    fn require(&self, permission: Permission) -> Result<(), ApiError> {
        if self.by.0.may(permission) {
            return Ok(());
        }
        let detail = format!("the token does not allow this: `{}` is needed", permission.word());
        Err(ApiError::new(StatusCode::FORBIDDEN, "access.permission", detail))
    }
}

impl FromRequestParts<Shared> for Terms {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, ApiError> {
        let Editor(by, seen) = Editor::from_request_parts(parts, app).await?;
        let InQuery(query) = InQuery::<WriteQuery>::from_request_parts(parts, app).await?;
        Ok(Self::new(by, seen, &query))
    }
}

/// Whether a write is only to be shown.
#[derive(Clone, Copy, Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WriteQuery {
    /// Show what would be done, and change nothing.
    #[serde(default, deserialize_with = "switch")]
    #[param(value_type = bool, required = false)]
    dry_run: bool,
}

/// A switch of a query: alone, `true` or `false`.
fn switch<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    match String::deserialize(deserializer)?.as_str() {
        "" | "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(serde::de::Error::custom("expected `true` or `false`")),
    }
}

/// The version of the cluster's state that a change is made to, where `If-Match` names one.
#[derive(Clone, Copy, Debug)]
pub struct SeenVersion(Option<i64>);

impl FromRequestParts<Shared> for SeenVersion {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &Shared) -> Result<Self, ApiError> {
        let Some(value) = parts.headers.get(IF_MATCH) else { return Ok(Self(None)) };
        let text = value.to_str().unwrap_or_default().trim();
        let version = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        match (text, version.and_then(|digits| digits.parse().ok())) {
            ("*", _) => Ok(Self(None)),
            (_, Some(version)) => Ok(Self(Some(version))),
            _ => Err(stale()),
        }
    }
}

/// Who writes, and the version that was seen: for a write whose query says more than whether it is only to be shown.
pub(super) struct Editor(Called, SeenVersion);

impl FromRequestParts<Shared> for Editor {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, ApiError> {
        let by = Called::from_request_parts(parts, app).await?;
        Ok(Self(by, SeenVersion::from_request_parts(parts, app).await?))
    }
}

/// The shape of every write.
///
/// # Errors
/// A refusal by the engine with its plan, a version that is not the one seen, others who were faster every time.
pub(super) async fn carry_out(app: &Shared, terms: &Terms, order: &Order) -> Result<Response, ApiError> {
    let mut keys = Keys::default();
    for _ in 0..TRIES {
        let situation = Situation::read(app, order).await?;
        terms.check(situation.version())?;
        let planned = plan::plan(app, &situation, order).await?;
        if terms.dry_run {
            return Ok(answer(situation.version(), planned.outcome(false, Vec::new())));
        }
        if planned.is_refused() {
            return Err(refused(app, terms, (order, &situation), &planned).await?);
        }
        // before any key is made
        if planned.changes.iter().any(believes) {
            terms.require(Permission::ManageTrust)?;
        }
        let items = make::items(app, (&situation, order), &planned, &mut keys).await?;
        let applied = match &items {
            Some(items) => apply(app, terms, (order, &situation), &planned, items).await?,
            None => None,
        };
        match applied.zip(items) {
            Some((version, items)) => return Ok(answer(version, planned.outcome(true, items.documents))),
            None if terms.seen.is_some() => return Err(stale()),
            None => {}
        }
    }
    Err(conflict("others kept changing the state; try again"))
}

/// Applies what was planned and made; `None` where the state is another by now.
async fn apply(
    app: &Shared,
    terms: &Terms,
    (order, situation): (&Order, &Situation),
    planned: &Planned,
    items: &Items,
) -> Result<Option<Version>, ApiError> {
    let joining = order.joining.iter().filter(|_| situation.is_joined);
    let joining = joining.map(|node| Change::AddNode { name: node.name.clone(), role: node.role });
    let mut changes: Vec<Change> =
        joining.chain(planned.changes.iter().cloned()).chain(items.changes.iter().cloned()).collect();
    changes.extend(dropped_keys(situation, &planned.changes));
    if let Some(release) = &order.release {
        changes.push(situation.settings.clone().upgraded(release)?);
    }
    if changes.is_empty() {
        return Ok(Some(situation.version()));
    }
    if changes.iter().any(believes) {
        terms.require(Permission::ManageTrust)?;
    }
    commit(app, situation.version(), &changes, record(terms, order, change::details(&changes))).await
}

/// The keys of requests that go with their node: nobody could use them any more.
fn dropped_keys(situation: &Situation, changes: &[Change]) -> Vec<Change> {
    let leaving = changes.iter().filter_map(|change| match change {
        Change::RemoveNode { name } => Some(name.as_str()),
        _ => None,
    });
    let leaving: Vec<&str> = leaving.collect();
    let requests = situation.requests().iter();
    let gone = requests.filter(|request| request.node.as_deref().is_some_and(|node| leaving.contains(&node)));
    gone.map(|request| Change::DropKey { id: request.key_id.clone() }).collect()
}

/// Makes changes real on a version; `None` where the state is another by now.
async fn commit(
    app: &Shared,
    version: Version,
    changes: &[Change],
    record: AuditRecord,
) -> Result<Option<Version>, ApiError> {
    match app.storage.apply(version, changes, record).await {
        Ok(version) => Ok(Some(version)),
        Err(ApplyFault::Stale { .. }) => Ok(None),
        Err(ApplyFault::Storage(fault)) => Err(of_storage(fault)),
        Err(fault @ ApplyFault::OtherFingerprint) => Err(ApiError::fault(fault)),
        Err(fault) => Err(conflict(fault.to_string())),
    }
}

/// Puts a document in force in a scope, or shows that it could be: the version then.
///
/// # Errors
/// A version that is not the one seen, and others who were faster every time.
async fn put_document(
    app: &Shared,
    terms: &Terms,
    (scope, document): (&str, &str),
    record: &AuditRecord,
) -> Result<Version, ApiError> {
    for _ in 0..TRIES {
        let version = app.storage.version().await.map_err(of_storage)?;
        terms.check(version)?;
        if terms.dry_run {
            return Ok(version);
        }
        let change = Change::PutPolicy { scope: scope.to_owned(), document: document.to_owned() };
        match commit(app, version, &[change], record.clone()).await? {
            Some(version) => return Ok(version),
            None if terms.seen.is_some() => return Err(stale()),
            None => {}
        }
    }
    Err(conflict("others kept changing the state; try again"))
}

/// Whether a change makes somebody believed who was not: more than filling our own slots. What the engine copies from
/// a slot by a rule is no such thing.
fn believes(change: &Change) -> bool {
    match change {
        Change::Store(new) => new.place.room.usage == Usage::Trust && new.origin != Origin::Copied,
        Change::Revive { place, .. } => place.room.usage == Usage::Trust,
        _ => false,
    }
}

fn record(terms: &Terms, order: &Order, details: Details) -> AuditRecord {
    let (who, now) = terms.by.by();
    AuditRecord::done(now, who, order.act, &order.subject).with_details(details)
}

/// A refusal as problem details with the whole plan; it is written down.
async fn refused(
    app: &Shared,
    terms: &Terms,
    (order, situation): (&Order, &Situation),
    planned: &Planned,
) -> Result<ApiError, ApiError> {
    let details = Details::none().list("findings", planned.denials().map(|finding| finding.code.clone()));
    let record = record(terms, order, details).with_outcome(Outcome::Refused);
    app.audit.append(record).await.map_err(of_storage)?;
    let (code, sentence) = planned.first_denial();
    let error = ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, code, sentence);
    Ok(error.with_plan(planned.document.clone(), situation.version().0))
}

fn conflict(detail: impl Into<std::borrow::Cow<'static, str>>) -> ApiError {
    ApiError::new(StatusCode::CONFLICT, "state.conflict", detail)
}

/// An answer of a version of the state.
fn answer<T: serde::Serialize>(version: Version, body: T) -> Response {
    ([(ETAG, tag(version.0))], Json(body)).into_response()
}
