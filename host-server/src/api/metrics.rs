//! What is counted, and how Prometheus reads it. Labels come from closed sets only.

use std::fmt;
use std::time::Duration;

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use super::Shared;
use super::error::ApiError;

/// The media type of what Prometheus reads.
pub(super) const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Bounds of the durations, in seconds.
const BOUNDS: [f64; 10] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0];

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Answered {
    method: &'static str,
    path: String,
    status: u16,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Decided {
    decision: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Loads {
    outcome: &'static str,
}

/// The counters of one server.
pub struct Metrics {
    registry: Registry,
    answered: Family<Answered, Counter>,
    duration: Histogram,
    decided: Family<Decided, Counter>,
    loads: Family<Loads, Counter>,
    version: Gauge,
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Metrics")
    }
}

impl Metrics {
    /// Counters at nought.
    #[must_use]
    pub fn new(engine: &'static str) -> Self {
        let mut registry = Registry::with_prefix("assayer");
        let answered = Family::<Answered, Counter>::default();
        let duration = Histogram::new(BOUNDS);
        let decided = Family::<Decided, Counter>::default();
        registry.register("requests", "Requests answered", answered.clone());
        registry.register("request_duration_seconds", "Time until a request was answered", duration.clone());
        registry.register("decisions", "Certificates decided about", decided.clone());
        let (loads, version) = (Family::<Loads, Counter>::default(), Gauge::default());
        registry.register("state_loads", "Versions of the state that were to be loaded", loads.clone());
        registry.register("state_version", "The version of the state that is decided by", version.clone());
        let build = Family::<Vec<(&'static str, &'static str)>, Counter>::default();
        let labels = vec![("version", env!("CARGO_PKG_VERSION")), ("engine", engine)];
        build.get_or_create(&labels).inc();
        registry.register("build", "The release and the engine that run", build);
        Self { registry, answered, duration, decided, loads, version }
    }

    /// Counts an answered request.
    pub(super) fn answered(&self, method: &'static str, path: &str, status: u16, duration: Duration) {
        self.answered.get_or_create(&Answered { method, path: path.to_owned(), status }).inc();
        self.duration.observe(duration.as_secs_f64());
    }

    /// Counts a version that came into use.
    pub(crate) fn loaded(&self, version: i64) {
        self.loads.get_or_create(&Loads { outcome: "loaded" }).inc();
        self.version.set(version);
    }

    /// Counts a version that could not be loaded.
    pub(crate) fn not_loaded(&self) {
        self.loads.get_or_create(&Loads { outcome: "failed" }).inc();
    }

    /// Counts a decision.
    pub(super) fn decided(&self, decision: &'static str) {
        self.decided.get_or_create(&Decided { decision }).inc();
    }
}

/// Counters for Prometheus.
#[utoipa::path(
    get,
    path = "/metrics",
    operation_id = "metrics",
    tag = "health",
    responses((status = 200, description = "The counters, as OpenMetrics text.",
        content_type = "application/openmetrics-text", body = String))
)]
pub(super) async fn metrics(State(app): State<Shared>) -> Result<Response, ApiError> {
    let mut text = String::new();
    encode(&mut text, &app.metrics.registry).map_err(ApiError::fault)?;
    Ok(([(CONTENT_TYPE, OPEN_METRICS)], text).into_response())
}
