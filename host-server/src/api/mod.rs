//! The HTTP API: the router, in the order of the published description. Handlers parse, ask and render; no rule and
//! no storage is here.

pub mod error;
pub mod extract;
mod request;
pub mod access;
pub mod metrics;
pub mod health;
pub mod document;
pub mod engine;
pub mod inspect;
pub mod verify;
pub mod evidence;
pub mod decide;
pub mod capsule;
pub mod flip;
pub mod reason;
pub mod page;
pub mod version;
pub mod sign_in;
pub mod account;
pub mod token;
pub mod audit;
pub mod node;
pub mod alarm;
pub mod channel;
pub mod monitor;
pub mod check;
pub mod connection;
pub mod list;
pub mod weather;
pub mod event;
pub mod summary;
pub mod common_criteria;
pub mod management;
mod pages;
mod description;

use std::any::Any;
use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use tower_http::catch_panic::CatchPanicLayer;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use self::error::ApiError;
use crate::app::App;

/// What every handler shares.
pub type Shared = Arc<App>;

/// Every route, described and in the order of the description.
fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::with_openapi(description::Description::openapi())
        .routes(routes!(health::health))
        .routes(routes!(health::ready))
        .routes(routes!(metrics::metrics))
        .routes(routes!(health::description))
        .routes(routes!(engine::engine))
        .routes(routes!(inspect::inspect))
        .routes(routes!(verify::verify))
        .routes(routes!(evidence::evidence))
        .routes(routes!(decide::decide))
        .routes(routes!(decide::proxy::auth_request))
        .routes(routes!(decide::proxy::ext_authz))
        .routes(routes!(capsule::capsules))
        .routes(routes!(capsule::capsule))
        .merge(policies())
        .routes(routes!(sign_in::sign_in))
        .routes(routes!(sign_in::caller))
        .routes(routes!(account::accounts, account::make))
        .routes(routes!(account::account, account::change))
        .routes(routes!(token::tokens, token::make))
        .routes(routes!(token::revoke))
        .routes(routes!(audit::audit))
        .routes(routes!(node::nodes, management::join::join))
        .routes(routes!(node::node, management::membership::set_role, management::membership::leave))
        .routes(routes!(management::node_policy::read, management::node_policy::set))
        .routes(routes!(management::upgrade::upgrade))
        .routes(routes!(management::join::completeness))
        .routes(routes!(management::join::exchange))
        .routes(routes!(management::cluster::cluster, management::cluster::set))
        .routes(routes!(management::cluster::catalogue))
        .routes(routes!(management::certificate::certificates, management::upload::upload))
        .routes(routes!(management::certificate::certificate))
        .routes(routes!(management::upload::delete, management::describe::describe))
        .routes(routes!(management::snapshot::snapshot))
        .routes(routes!(management::offer::offer))
        .routes(routes!(management::request::requests, management::request::make))
        .routes(routes!(management::request::request, management::request::drop_request))
        .routes(routes!(management::issue::self_signed))
        .routes(routes!(management::issue::regenerate))
        .routes(routes!(management::issue::reuse))
        .routes(routes!(alarm::alarms))
        .routes(routes!(alarm::alarm, alarm::answer))
        .routes(routes!(monitor::monitor))
        .routes(routes!(monitor::look))
        .routes(routes!(channel::test))
        .routes(routes!(channel::drop_channel))
        .routes(routes!(check::checks))
        .routes(routes!(check::run))
        .routes(routes!(connection::connections, connection::register))
        .routes(routes!(connection::connection, connection::end))
        .routes(routes!(list::lists))
        .routes(routes!(list::download))
        .routes(routes!(weather::weather))
        .routes(routes!(common_criteria::common_criteria))
        .routes(routes!(event::events))
        .routes(routes!(summary::summary))
}

/// Policies, those in force and the one that is only compared with.
fn policies() -> OpenApiRouter<Shared> {
    use management::{candidate, policy};
    OpenApiRouter::new()
        .routes(routes!(policy::policies))
        .routes(routes!(policy::policy, policy::set))
        .routes(routes!(policy::history))
        .routes(routes!(candidate::standing, candidate::propose, candidate::drop_candidate))
        .routes(routes!(candidate::promote))
        .routes(routes!(flip::flips))
}

/// The published description, as it is served and committed.
#[must_use]
pub fn description() -> String {
    let (_, collected) = routes().split_for_parts();
    description::document(&collected)
}

/// The whole service.
pub fn router(app: Shared) -> Router {
    let (router, _) = routes().split_for_parts();
    router
        // proxies ask with the method of their client, and Envoy with the path too
        .route("/v1/decide/auth-request/{class}", any(decide::proxy::auth_request))
        .route("/v1/decide/ext-authz/{class}", any(decide::proxy::ext_authz))
        .route("/v1/decide/ext-authz/{class}/", any(decide::proxy::ext_authz))
        .route("/v1/decide/ext-authz/{class}/{*rest}", any(decide::proxy::ext_authz))
        .fallback(|| async { ApiError::of_status(StatusCode::NOT_FOUND) })
        .method_not_allowed_fallback(|| async { ApiError::of_status(StatusCode::METHOD_NOT_ALLOWED) })
        .layer(middleware::from_fn_with_state(Arc::clone(&app), access::guard))
        // behind no guard: a page asks for the password
        .route("/", get(pages::index))
        .route("/assets/{*file}", get(pages::asset))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(DefaultBodyLimit::max(app.limits.body))
        .layer(middleware::from_fn_with_state(Arc::clone(&app), request::observe))
        .with_state(app)
}

/// A handler that panicked: the request fails, the server goes on.
fn panicked(panic: Box<dyn Any + Send>) -> Response {
    let words = panic.downcast_ref::<&str>().copied();
    let words = words.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    ApiError::fault(words.unwrap_or("a handler panicked")).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_a_fault_that_tells_nothing_of_itself() {
        let panics: [Box<dyn Any + Send>; 3] =
            [Box::new("a secret"), Box::new("a secret".to_owned()), Box::new(7)];
        for panic in panics {
            let response = panicked(panic);
            assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
            let problem = response.extensions().get::<ApiError>().unwrap().problem("urn:uuid:1");
            assert_eq!(problem.code, "server.fault");
            assert!(!problem.detail.contains("secret"));
        }
    }
}
