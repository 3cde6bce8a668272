//! A password for a token that ends soon, and who the token's owner is.

use std::net::{IpAddr, Ipv4Addr};

use axum::Json;
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Shared;
use super::access::{Called, of_sign_in};
use super::account::of_account;
use super::error::ApiError;
use super::extract::Body;
use super::token::IssuedToken;
use crate::accounts::{NewToken, Permission, Scope, Secret};
use crate::cli::console;
use crate::listen::Peer;

/// How long a token from a password is good for, in seconds: a working day.
const LIFE: i64 = 10 * 60 * 60;

/// A name and a password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SignIn {
    /// The account.
    #[schema(max_length = 64)]
    account: String,
    /// Its password.
    #[schema(max_length = 1024, format = Password)]
    password: String,
}

/// The address that a request came from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Caller(IpAddr);

impl FromRequestParts<Shared> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &Shared) -> Result<Self, ApiError> {
        let peer = parts.extensions.get::<Peer>().map(|peer| peer.0.ip());
        // whoever comes from nowhere shares one address
        Ok(Self(peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED))))
    }
}

/// Gives a token that ends soon for a password.
#[utoipa::path(
    post,
    path = "/api/v1/sign-in",
    operation_id = "sign-in",
    tag = "administration",
    request_body(content = SignIn, description = "Name and password."),
    responses(
        (status = 200, description = "A token; its secret is shown here and never again.", body = IssuedToken),
        (status = 401, description = "The name or the password is not right, or the account may not be used now.",
            body = super::error::Problem, content_type = "application/problem+json"),
        (status = 429, description = "Too many attempts came from this address; `Retry-After` says when to try again.",
            body = super::error::Problem, content_type = "application/problem+json")
    )
)]
pub(super) async fn sign_in(
    State(app): State<Shared>,
    Caller(address): Caller,
    Body(SignIn { account, password }): Body<SignIn>,
) -> Result<Json<IssuedToken>, ApiError> {
    let now = console::clock();
    // before anything is looked at, so that all who come too often are told the same
    let counted = app.attempts.count(address, app.started.elapsed());
    counted.map_err(|wait| ApiError::too_many(wait.as_secs().saturating_add(1)))?;
    let account = app.accounts.sign_in(&account, Secret::of(password), now).await.map_err(of_sign_in)?;
    app.attempts.give_back(address);
    let new = NewToken {
        account: account.name.clone(),
        scope: Scope::All,
        description: "signed in".to_owned(),
        expires_at: now.saturating_add(LIFE),
    };
    let made = app.accounts.create_token(&new, (&account.name, now)).await.map_err(of_account)?;
    Ok(Json(IssuedToken::of(made)))
}

/// Who is calling.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub struct CallerDocument {
    /// The account.
    account: String,
    /// Its role.
    role: String,
    /// What the token allows.
    permissions: Vec<String>,
    /// The token's number.
    token: String,
}

/// Who is calling, and what the token allows.
#[utoipa::path(
    get,
    path = "/api/v1/caller",
    operation_id = "caller",
    tag = "administration",
    responses((status = 200, description = "The caller.", body = CallerDocument))
)]
pub(super) async fn caller(Called(caller): Called) -> Json<CallerDocument> {
    let permissions = Permission::ALL.iter().filter(|permission| caller.may(**permission));
    Json(CallerDocument {
        account: caller.account.name.clone(),
        role: caller.account.role.word().to_owned(),
        permissions: permissions.map(|permission| permission.word().to_owned()).collect(),
        token: caller.token.id.clone(),
    })
}
