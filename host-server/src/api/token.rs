//! Tokens: listed, made, revoked. A secret is shown once, in the answer to its making.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Shared;
use super::access::Called;
use super::account::of_account;
use super::error::{ApiError, of_storage};
use super::extract::{Body, InPath, InQuery};
use crate::accounts::{NewToken, Permission, Scope, Secret, Token};
use crate::cli::question::{moment, shown};

/// A token, without its secret.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub struct TokenDocument {
    /// Its number, which is no secret.
    id: String,
    /// Whose it is.
    account: String,
    /// What it may of what its account may; null is all of it.
    permissions: Option<Vec<String>>,
    /// What it is for.
    description: String,
    /// When it was made.
    created_at: String,
    /// By whom.
    created_by: String,
    /// When it ends.
    expires_at: String,
    /// When it was revoked; null where it was not.
    revoked_at: Option<String>,
    /// When it was used last, to the minute; null where it was not.
    last_used_at: Option<String>,
}

/// A token with its secret, which is shown once.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct IssuedToken {
    /// The token.
    token: TokenDocument,
    /// What is sent as `Authorization: Bearer`. It is kept nowhere.
    secret: String,
}

impl IssuedToken {
    pub(super) fn of((token, secret): (Token, Secret)) -> Self {
        Self { token: document(token), secret: secret.reveal().to_owned() }
    }
}

/// Tokens.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct TokenList {
    /// The newest first.
    items: Vec<TokenDocument>,
}

/// A token that is asked for.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct TokenRequest {
    /// Whose it is to be.
    account: String,
    /// What it may of what its account may, such as `read` and `decide`; all of it where this is left out.
    permissions: Option<Vec<String>>,
    /// What it is for.
    #[serde(default)]
    #[schema(max_length = 200)]
    description: String,
    /// When it ends (RFC 3339): within a year.
    #[schema(example = "2027-01-01T00:00:00Z")]
    expires_at: String,
}

/// Whose tokens are wanted.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TokenQuery {
    /// Those of this account alone.
    account: Option<String>,
}

/// The tokens of an account, or of all.
#[utoipa::path(
    get,
    path = "/api/v1/tokens",
    operation_id = "tokens",
    tag = "administration",
    params(TokenQuery),
    responses((status = 200, description = "The tokens, the newest first.", body = TokenList))
)]
pub(super) async fn tokens(
    State(app): State<Shared>,
    InQuery(query): InQuery<TokenQuery>,
) -> Result<Json<TokenList>, ApiError> {
    let account = query.account.as_deref().filter(|account| !account.is_empty());
    let found = app.accounts.tokens(account).await.map_err(of_storage)?;
    Ok(Json(TokenList { items: found.into_iter().map(document).collect() }))
}

/// Makes a token.
#[utoipa::path(
    post,
    path = "/api/v1/tokens",
    operation_id = "make-token",
    tag = "administration",
    request_body(content = TokenRequest, description = "The token."),
    responses(
        (status = 201, description = "It was made; its secret is shown here and never again.", body = IssuedToken),
        (status = 404, description = "There is no such account, or it is disabled.",
            body = super::error::Problem, content_type = "application/problem+json")
    )
)]
pub(super) async fn make(
    State(app): State<Shared>,
    called: Called,
    Body(request): Body<TokenRequest>,
) -> Result<Response, ApiError> {
    let new = NewToken {
        expires_at: moment(&request.expires_at).map_err(|expected| unusable("expires-at", expected))?,
        scope: scope(request.permissions)?,
        account: request.account,
        description: request.description.chars().take(200).collect(),
    };
    let made = app.accounts.create_token(&new, called.by()).await.map_err(of_account)?;
    Ok((StatusCode::CREATED, Json(IssuedToken::of(made))).into_response())
}

/// Revokes a token: it ends now.
#[utoipa::path(
    delete,
    path = "/api/v1/tokens/{id}",
    operation_id = "revoke-token",
    tag = "administration",
    params(("id" = String, Path, description = "The token's number.")),
    responses((status = 204, description = "It is revoked, now or since before."))
)]
pub(super) async fn revoke(
    State(app): State<Shared>,
    called: Called,
    InPath(id): InPath<String>,
) -> Result<StatusCode, ApiError> {
    app.accounts.revoke(&id, called.by()).await.map_err(of_account)?;
    Ok(StatusCode::NO_CONTENT)
}

fn scope(permissions: Option<Vec<String>>) -> Result<Scope, ApiError> {
    let Some(words) = permissions else { return Ok(Scope::All) };
    let known = words.iter().map(|word| Permission::from_word(word).ok_or(word));
    let permissions: Result<Vec<_>, _> = known.collect();
    permissions.map(Scope::Only).map_err(|word| {
        let all: Vec<_> = Permission::ALL.iter().map(|permission| permission.word()).collect();
        unusable(
            "permissions",
            format!("there is no permission `{word}`; expected any of {}", all.join(", ")),
        )
    })
}

fn unusable(input: &str, expected: String) -> ApiError {
    ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "request.value", expected).about(input)
}

fn document(token: Token) -> TokenDocument {
    TokenDocument {
        id: token.id,
        account: token.account,
        permissions: match token.scope {
            Scope::All => None,
            Scope::Only(permissions) => {
                Some(permissions.iter().map(|permission| permission.word().to_owned()).collect())
            }
        },
        description: token.description,
        created_at: shown(token.created_at),
        created_by: token.created_by,
        expires_at: shown(token.expires_at),
        revoked_at: token.revoked_at.map(shown),
        last_used_at: token.last_used_at.map(shown),
    }
}
