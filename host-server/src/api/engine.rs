//! What the engine is that decides here, so that anybody can compare it with the one they have.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Shared;

/// The component that decides.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub struct EngineDocument {
    /// The release it belongs to.
    version: String,
    /// SHA-256 of its bytes, in hexadecimal.
    sha256: String,
    /// SHA-256 of its core module, in hexadecimal: what a browser that has the pages open computes of its own.
    core_module_sha256: String,
    /// Its size, in octets.
    size: u64,
    /// What it imports: nothing.
    imports: Vec<String>,
    /// What it exports.
    exports: Vec<String>,
    /// The library that answers its signature checks.
    signatures: String,
}

/// The engine that decides.
#[utoipa::path(
    get,
    path = "/api/v1/engine",
    operation_id = "engine",
    tag = "decisions",
    responses((status = 200, description = "The component.", body = EngineDocument))
)]
pub(super) async fn engine(State(app): State<Shared>) -> Json<EngineDocument> {
    let info = app.pool.engine().info();
    Json(EngineDocument {
        version: info.version.to_owned(),
        sha256: info.sha256.to_owned(),
        core_module_sha256: info.core_module_sha256.to_owned(),
        size: u64::try_from(info.size).unwrap_or(u64::MAX),
        imports: info.imports,
        exports: info.exports,
        signatures: crate::signature::library().to_owned(),
    })
}
