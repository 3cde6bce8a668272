//! Accounts: listed, made, looked at, changed. Every change is audited where it is made.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{ETAG, LOCATION};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Shared;
use super::access::Called;
use super::error::{ApiError, Problem, of_storage};
use super::extract::{Body, InPath, InQuery};
use super::page::PageQuery;
use super::version::{IfMatch, stale, tag};
use crate::accounts::{Account, AccountEdit, AccountFault, Role, Secret};
use crate::cli::question::shown;

/// An account.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub struct AccountDocument {
    /// Its name.
    name: String,
    /// Its role.
    role: RoleWord,
    /// It may do nothing until it is enabled again.
    disabled: bool,
    /// It can sign in with a password.
    has_password: bool,
    /// When it was made.
    created_at: String,
    /// By whom.
    created_by: String,
}

/// The four roles.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RoleWord {
    /// Reads what was done, and changes nothing.
    Auditor,
    /// Looks after identities, requests and monitoring.
    Operator,
    /// Decides whom to believe, by which policy, and who may do what.
    TrustAdmin,
    /// Looks, and asks for decisions.
    Viewer,
}

/// A page of accounts.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct AccountPage {
    /// The accounts, by name.
    items: Vec<AccountDocument>,
    /// Where the next page begins; null where there is none.
    next: Option<String>,
}

/// An account that is to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct NewAccount {
    /// Its name.
    #[schema(min_length = 1, max_length = 64, pattern = "^[A-Za-z0-9._@-]+$")]
    name: String,
    /// Its role.
    role: RoleWord,
    /// Its password; without one it has tokens alone.
    #[schema(min_length = 12, max_length = 1024, format = Password)]
    password: Option<String>,
}

/// What is changed of an account; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct AccountChange {
    /// Its role.
    role: Option<RoleWord>,
    /// Whether it may do nothing.
    disabled: Option<bool>,
    /// Its password. Setting one lifts a lock.
    #[schema(min_length = 12, max_length = 1024, format = Password)]
    password: Option<String>,
}

/// The accounts, by name.
#[utoipa::path(
    get,
    path = "/api/v1/accounts",
    operation_id = "accounts",
    tag = "administration",
    params(PageQuery),
    responses((status = 200, description = "A page of accounts.", body = AccountPage))
)]
pub(super) async fn accounts(
    State(app): State<Shared>,
    InQuery(page): InQuery<PageQuery>,
) -> Result<Json<AccountPage>, ApiError> {
    let mut rest = app.accounts.list().await.map_err(of_storage)?;
    rest.retain(|account| page.after().is_none_or(|after| account.name.as_str() > after));
    let more = rest.len() > page.most();
    rest.truncate(page.most());
    let next = rest.last().filter(|_| more).map(|account| account.name.clone());
    Ok(Json(AccountPage { items: rest.into_iter().map(document).collect(), next }))
}

/// Makes an account.
#[utoipa::path(
    post,
    path = "/api/v1/accounts",
    operation_id = "make-account",
    tag = "administration",
    request_body(content = NewAccount, description = "The account."),
    responses(
        (status = 201, description = "It was made.", body = AccountDocument),
        (status = 409, description = "There is one of this name.", body = Problem,
            content_type = "application/problem+json")
    )
)]
pub(super) async fn make(
    State(app): State<Shared>,
    called: Called,
    Body(new): Body<NewAccount>,
) -> Result<Response, ApiError> {
    let password = new.password.map(Secret::of);
    let made = app.accounts.create(&new.name, role(new.role), password, called.by()).await;
    let made = made.map_err(of_account)?;
    // a name holds nothing that a path could not
    let place = format!("/api/v1/accounts/{}", made.name);
    Ok((StatusCode::CREATED, [(LOCATION, place)], answer(made)).into_response())
}

/// One account.
#[utoipa::path(
    get,
    path = "/api/v1/accounts/{name}",
    operation_id = "account",
    tag = "administration",
    params(("name" = String, Path, description = "The account's name.")),
    responses((status = 200, description = "The account; `ETag` is its version.", body = AccountDocument))
)]
pub(super) async fn account(
    State(app): State<Shared>,
    InPath(name): InPath<String>,
) -> Result<Response, ApiError> {
    let found = app.accounts.find(&name).await.map_err(of_storage)?;
    found.map(answer).ok_or_else(|| of_account(AccountFault::Missing))
}

/// Changes an account.
#[utoipa::path(
    patch,
    path = "/api/v1/accounts/{name}",
    operation_id = "change-account",
    tag = "administration",
    params(
        ("name" = String, Path, description = "The account's name."),
        ("If-Match" = String, Header, description = "The version that is changed, as `ETag` gave it.")
    ),
    request_body(content = AccountChange, description = "What is changed."),
    responses(
        (status = 200, description = "It was changed.", body = AccountDocument),
        (status = 409, description = "It is the last account that may manage accounts.", body = Problem,
            content_type = "application/problem+json")
    )
)]
pub(super) async fn change(
    State(app): State<Shared>,
    called: Called,
    InPath(name): InPath<String>,
    IfMatch(expected): IfMatch,
    Body(change): Body<AccountChange>,
) -> Result<Response, ApiError> {
    let edit = AccountEdit {
        role: change.role.map(role),
        disabled: change.disabled,
        password: change.password.map(Secret::of),
    };
    let changed = app.accounts.edit(&name, expected, edit, called.by()).await;
    changed.map(answer).map_err(of_account)
}

fn answer(account: Account) -> Response {
    ([(ETAG, tag(account.version))], Json(document(account))).into_response()
}

fn document(account: Account) -> AccountDocument {
    AccountDocument {
        role: match account.role {
            Role::Auditor => RoleWord::Auditor,
            Role::Operator => RoleWord::Operator,
            Role::TrustAdmin => RoleWord::TrustAdmin,
            Role::Viewer => RoleWord::Viewer,
        },
        name: account.name,
        disabled: account.disabled,
        has_password: account.has_password,
        created_at: shown(account.created_at),
        created_by: account.created_by,
    }
}

fn role(word: RoleWord) -> Role {
    match word {
        RoleWord::Auditor => Role::Auditor,
        RoleWord::Operator => Role::Operator,
        RoleWord::TrustAdmin => Role::TrustAdmin,
        RoleWord::Viewer => Role::Viewer,
    }
}

/// Why accounts or tokens are not as somebody wants them.
pub(super) fn of_account(fault: AccountFault) -> ApiError {
    let detail = fault.to_string();
    let (status, code) = match fault {
        AccountFault::Storage(fault) => return of_storage(fault),
        AccountFault::Stale(_) => return stale(),
        AccountFault::Crowded => return ApiError::overloaded(),
        AccountFault::LastAdministrator => (StatusCode::CONFLICT, "account.last-administrator"),
        AccountFault::Taken => (StatusCode::CONFLICT, "account.taken"),
        AccountFault::Missing => (StatusCode::NOT_FOUND, "account.missing"),
        AccountFault::Name => (StatusCode::UNPROCESSABLE_ENTITY, "account.name"),
        AccountFault::Password(_) => (StatusCode::UNPROCESSABLE_ENTITY, "account.password"),
        AccountFault::Lifetime => (StatusCode::UNPROCESSABLE_ENTITY, "token.lifetime"),
    };
    ApiError::new(status, code, detail)
}
