//! Who is calling and what they may do: one table of permissions for every route, and a guard before all of them that
//! lets nothing pass that is not in it. Whoever is refused learns the same of every reason.

use std::sync::Arc;

use axum::extract::{FromRequestParts, MatchedPath, Request, State};
use axum::http::header::{ALLOW, AUTHORIZATION};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::Shared;
use super::error::{ApiError, of_storage};
use crate::accounts::{Caller, Permission, SignInRefused};
use crate::audit::{AuditRecord, Details, Outcome};
use crate::cli::console;

/// Routes for which nobody needs a token.
pub(super) const OPEN: [(&str, &str); 5] = [
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/metrics"),
    ("GET", "/openapi.json"),
    ("POST", "/api/v1/sign-in"),
];

/// What every other route needs.
pub(super) const PERMISSIONS: [(&str, &str, Permission); 73] = [
    ("GET", "/api/v1/engine", Permission::Read),
    ("POST", "/api/v1/inspect", Permission::Read),
    ("POST", "/api/v1/verify", Permission::Decide),
    // it fetches, and tells what came
    ("POST", "/api/v1/evidence", Permission::ManageIdentities),
    ("POST", "/v1/decide", Permission::Decide),
    ("GET", "/v1/decide/auth-request/{class}", Permission::Decide),
    ("GET", "/v1/decide/ext-authz/{class}", Permission::Decide),
    // a capsule has the exact reasons in it
    ("GET", "/api/v1/capsules", Permission::ReadReasons),
    ("GET", "/api/v1/capsules/{id}", Permission::ReadReasons),
    ("GET", "/api/v1/policies", Permission::Read),
    ("GET", "/api/v1/policies/{scope}", Permission::Read),
    ("PUT", "/api/v1/policies/{scope}", Permission::ManagePolicy),
    ("GET", "/api/v1/policies/{scope}/versions", Permission::Read),
    ("GET", "/api/v1/policies/candidate", Permission::Read),
    ("PUT", "/api/v1/policies/candidate", Permission::ManagePolicy),
    ("DELETE", "/api/v1/policies/candidate", Permission::ManagePolicy),
    ("POST", "/api/v1/policies/candidate/promotion", Permission::ManagePolicy),
    // as capsules do, they say why
    ("GET", "/api/v1/policies/candidate/flips", Permission::ReadReasons),
    ("GET", "/api/v1/caller", Permission::Read),
    ("GET", "/api/v1/accounts", Permission::ManageAccounts),
    ("POST", "/api/v1/accounts", Permission::ManageAccounts),
    ("GET", "/api/v1/accounts/{name}", Permission::ManageAccounts),
    ("PATCH", "/api/v1/accounts/{name}", Permission::ManageAccounts),
    ("GET", "/api/v1/tokens", Permission::ManageAccounts),
    ("POST", "/api/v1/tokens", Permission::ManageAccounts),
    ("DELETE", "/api/v1/tokens/{id}", Permission::ManageAccounts),
    ("GET", "/api/v1/audit", Permission::ReadAudit),
    ("GET", "/api/v1/nodes", Permission::Read),
    ("POST", "/api/v1/nodes", Permission::ManageNodes),
    ("GET", "/api/v1/nodes/{name}", Permission::Read),
    ("PATCH", "/api/v1/nodes/{name}", Permission::ManageNodes),
    ("DELETE", "/api/v1/nodes/{name}", Permission::ManageNodes),
    ("GET", "/api/v1/nodes/{name}/policy", Permission::Read),
    ("PUT", "/api/v1/nodes/{name}/policy", Permission::ManagePolicy),
    ("POST", "/api/v1/upgrades", Permission::ManagePolicy),
    ("GET", "/api/v1/completeness", Permission::Read),
    ("GET", "/api/v1/exchange", Permission::Read),
    ("GET", "/api/v1/cluster", Permission::Read),
    ("PUT", "/api/v1/cluster", Permission::ManagePolicy),
    ("GET", "/api/v1/catalogue", Permission::Read),
    ("GET", "/api/v1/certificates", Permission::Read),
    // a trust store asks for `ManageTrust` besides
    ("POST", "/api/v1/certificates", Permission::ManageIdentities),
    ("GET", "/api/v1/certificates/{fingerprint}", Permission::Read),
    ("DELETE", "/api/v1/certificates/{kind}/{room}/{fingerprint}", Permission::ManageTrust),
    ("PATCH", "/api/v1/certificates/{kind}/{room}/{fingerprint}", Permission::ManageIdentities),
    ("GET", "/api/v1/snapshot", Permission::Read),
    ("GET", "/api/v1/offers/{purpose}", Permission::Read),
    ("GET", "/api/v1/requests", Permission::Read),
    ("POST", "/api/v1/requests", Permission::ManageIdentities),
    ("GET", "/api/v1/requests/{purpose}", Permission::Read),
    ("DELETE", "/api/v1/requests/{purpose}", Permission::ManageIdentities),
    ("POST", "/api/v1/self-signed", Permission::ManageIdentities),
    ("POST", "/api/v1/regenerations", Permission::ManageIdentities),
    ("POST", "/api/v1/reuse", Permission::ManageIdentities),
    ("GET", "/api/v1/alarms", Permission::Read),
    ("GET", "/api/v1/alarms/{id}", Permission::Read),
    ("PATCH", "/api/v1/alarms/{id}", Permission::ManageAlarms),
    ("GET", "/api/v1/monitor", Permission::Read),
    ("POST", "/api/v1/monitor/runs", Permission::ManageAlarms),
    ("POST", "/api/v1/monitor/test", Permission::ManageAlarms),
    ("DELETE", "/api/v1/monitor/channels/{name}", Permission::ManageAlarms),
    ("GET", "/api/v1/checks", Permission::Read),
    ("POST", "/api/v1/checks/runs", Permission::ManageAlarms),
    ("GET", "/api/v1/connections", Permission::Read),
    ("POST", "/api/v1/connections", Permission::ManageAlarms),
    ("GET", "/api/v1/connections/{id}", Permission::Read),
    ("DELETE", "/api/v1/connections/{id}", Permission::ManageAlarms),
    ("GET", "/api/v1/lists", Permission::Read),
    ("POST", "/api/v1/lists/runs", Permission::ManageAlarms),
    ("GET", "/api/v1/weather", Permission::Read),
    ("GET", "/api/v1/weather/common-criteria", Permission::Read),
    ("GET", "/api/v1/summary", Permission::Read),
    // what is told besides asks for the permission to read that
    ("GET", "/api/v1/events", Permission::Read),
];

/// Routes that take any method, as the row for GET says: a proxy asks with the method of its client.
pub(super) const ANY_METHOD: [&str; 2] = ["/v1/decide/auth-request/{class}", "/v1/decide/ext-authz/{class}"];

/// The path that stands in the tables for those below it: Envoy appends the path of its client.
fn described(path: &str) -> &str {
    match path {
        "/v1/decide/ext-authz/{class}/" | "/v1/decide/ext-authz/{class}/{*rest}" => {
            "/v1/decide/ext-authz/{class}"
        }
        path => path,
    }
}

/// Who is calling, for a handler behind the guard.
#[derive(Clone, Debug)]
pub struct Called(pub Arc<Caller>);

impl Called {
    /// The account's name and the time, for what is written down about a change.
    #[must_use]
    pub fn by(&self) -> (&str, i64) {
        (&self.0.account.name, console::clock())
    }
}

impl FromRequestParts<Shared> for Called {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &Shared) -> Result<Self, ApiError> {
        parts.extensions.get::<Self>().cloned().ok_or_else(unauthorised)
    }
}

/// Runs before every handler.
pub(super) async fn guard(State(app): State<Shared>, mut request: Request, next: Next) -> Response {
    // a path that there is not is told so to everybody: the description is public
    let Some(path) = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned()) else {
        return next.run(request).await;
    };
    match needed(request.method(), &path) {
        Needed::Nothing => next.run(request).await,
        Needed::OtherMethod(allowed) => other_method(&allowed),
        Needed::Permission(permission) => {
            match admit(&app, request.headers(), (request.method(), &path), permission).await {
                Ok(caller) => {
                    request.extensions_mut().insert(Called(Arc::new(caller)));
                    next.run(request).await
                }
                Err(refused) => refused.into_response(),
            }
        }
    }
}

enum Needed {
    Nothing,
    OtherMethod(String),
    Permission(Permission),
}

/// What a request needs. What is in no table is answered by nobody.
fn needed(method: &Method, path: &str) -> Needed {
    let path = described(path);
    let is_get = method == Method::HEAD || ANY_METHOD.contains(&path);
    let method = if is_get { "GET" } else { method.as_str() };
    if OPEN.contains(&(method, path)) {
        return Needed::Nothing;
    }
    let found = PERMISSIONS.iter().find(|(known, route, _)| (*known, *route) == (method, path));
    if let Some((_, _, permission)) = found {
        return Needed::Permission(*permission);
    }
    let protected = PERMISSIONS.iter().map(|(known, route, _)| (*known, *route));
    let mut allowed = Vec::new();
    for (known, _) in OPEN.into_iter().chain(protected).filter(|(_, route)| *route == path) {
        allowed.push(known);
        if known == "GET" {
            allowed.push("HEAD");
        }
    }
    Needed::OtherMethod(allowed.join(","))
}

fn other_method(allowed: &str) -> Response {
    let mut response = ApiError::of_status(StatusCode::METHOD_NOT_ALLOWED).into_response();
    if let Ok(allowed) = HeaderValue::from_str(allowed) {
        response.headers_mut().insert(ALLOW, allowed);
    }
    response
}

async fn admit(
    app: &Shared,
    headers: &HeaderMap,
    (method, path): (&Method, &str),
    permission: Permission,
) -> Result<Caller, ApiError> {
    let token = bearer(headers).ok_or_else(unauthorised)?;
    let caller = app.accounts.authenticate(token, console::clock()).await.map_err(of_sign_in)?;
    if caller.may(permission) {
        return Ok(caller);
    }
    if !method.is_safe() {
        let details = Details::none().text("permission", permission.word()).text("token", &caller.token.id);
        let record = AuditRecord::done(console::clock(), &caller.account.name, "request.refused", path);
        let record = record.with_outcome(Outcome::Refused).with_details(details);
        app.audit.append(record).await.map_err(of_storage)?;
    }
    Err(ApiError::new(StatusCode::FORBIDDEN, "access.permission", "the token does not allow this"))
}

/// The token of `Authorization: Bearer` (RFC 6750 2.1); a second such header makes none valid.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let (value, None) = (values.next()?, values.next()) else { return None };
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// No token, or one that is not valid for whatever reason.
pub(super) fn unauthorised() -> ApiError {
    let detail = "there is no valid token; send one as `Authorization: Bearer`";
    ApiError::new(StatusCode::UNAUTHORIZED, "access.token", detail)
}

pub(super) fn of_sign_in(refused: SignInRefused) -> ApiError {
    match refused {
        SignInRefused::Crowded => ApiError::overloaded(),
        SignInRefused::Refused => unauthorised(),
        SignInRefused::Storage(fault) => of_storage(fault),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_bearer_token_is_read_and_nothing_else() {
        let read = |values: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(AUTHORIZATION, HeaderValue::from_static(value));
            }
            bearer(&headers).map(str::to_owned)
        };
        assert_eq!(read(&["Bearer abc"]), Some("abc".to_owned()));
        assert_eq!(read(&["bearer abc"]), Some("abc".to_owned()));
        for none in [&[][..], &["abc"], &["Basic abc"], &["Bearer"], &["Bearer a", "Bearer b"]] {
            assert_eq!(read(none), None, "{none:?}");
        }
    }

    #[test]
    fn every_described_route_is_in_one_table_and_every_row_is_a_route() {
        let description: serde_json::Value = serde_json::from_str(&super::super::description()).unwrap();
        let mut described = Vec::new();
        for (path, item) in description["paths"].as_object().unwrap() {
            described
                .extend(item.as_object().unwrap().keys().map(|method| (method.to_uppercase(), path.clone())));
        }
        let open = OPEN.iter().map(|(method, path)| ((*method).to_owned(), (*path).to_owned()));
        let protected =
            PERMISSIONS.iter().map(|(method, path, _)| ((*method).to_owned(), (*path).to_owned()));
        let mut tables: Vec<_> = open.chain(protected).collect();
        described.sort();
        tables.sort();
        assert_eq!(described, tables);
    }

    #[test]
    fn a_proxy_needs_the_permission_whatever_its_client_does() {
        let decides =
            |method: &Method, path| matches!(needed(method, path), Needed::Permission(Permission::Decide));
        for path in [
            "/v1/decide/ext-authz/{class}",
            "/v1/decide/ext-authz/{class}/",
            "/v1/decide/ext-authz/{class}/{*rest}",
        ] {
            for method in [Method::GET, Method::POST, Method::from_bytes(b"PROPFIND").unwrap()] {
                assert!(decides(&method, path), "{method} {path}");
            }
        }
        assert!(decides(&Method::DELETE, "/v1/decide/auth-request/{class}"));
        assert!(
            matches!(needed(&Method::PUT, "/v1/decide"), Needed::OtherMethod(allowed) if allowed == "POST")
        );
    }

    #[test]
    fn a_method_without_a_row_is_answered_by_nobody() {
        assert!(matches!(needed(&Method::HEAD, "/healthz"), Needed::Nothing));
        assert!(matches!(needed(&Method::HEAD, "/api/v1/audit"), Needed::Permission(Permission::ReadAudit)));
        let Needed::OtherMethod(allowed) = needed(&Method::DELETE, "/api/v1/accounts") else { panic!() };
        assert_eq!(allowed, "GET,HEAD,POST");
    }
}
