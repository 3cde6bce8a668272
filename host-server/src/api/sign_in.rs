//! A password for a token that ends soon, and who the token's owner is.

use axum::Json;
use axum::extract::State;
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
            body = super::error::Problem, content_type = "application/problem+json")
    )
)]
pub(super) async fn sign_in(
    State(app): State<Shared>,
    Body(SignIn { account, password }): Body<SignIn>,
) -> Result<Json<IssuedToken>, ApiError> {
    let now = console::clock();
    let account = app.accounts.sign_in(&account, Secret::of(password), now).await.map_err(of_sign_in)?;
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
