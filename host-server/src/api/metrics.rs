//! What is counted, and how Prometheus reads it. Whoever has something to count has a struct of gauges and counters that
//! registers itself, as `Watched` does. Labels come from closed sets, or are bounded in number: whoever reads this needs
//! no token, so a certificate is told by the beginning of its fingerprint and its place, never by what stands in it, and
//! mail by one name for all its recipients.

mod weather;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use data_encoding::HEXLOWER;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::text::encode;
use prometheus_client::encoding::{DescriptorEncoder, EncodeLabelSet, EncodeMetric};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use self::weather::Sky;
use super::Shared;
use super::error::ApiError;
use crate::fetch::weather::Seen;
use crate::storage::{CandidateCounts, CheckCounts, CheckStatus, KeptList, Soonest};
use crate::watch::expiry::Outcome;
use crate::watch::recheck::Step;

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
    purpose: &'static str,
}

/// Classes are those of the configuration.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct ClientDecided {
    class: String,
    decision: &'static str,
    source: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct ClientUndecided {
    class: String,
    outcome: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Expiring {
    stage: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Delivered {
    channel: String,
    outcome: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Waiting {
    channel: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Certificate {
    fingerprint: String,
    place: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Checked {
    outcome: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Loads {
    outcome: &'static str,
}

/// The purposes that every policy has; what a deployment adds is counted as `other`, because a question may bring a
/// policy of its own, and with it any number of names.
const PURPOSES: [&str; 7] = [
    "client-auth",
    "code-signing",
    "email-protection",
    "ipsec",
    "ocsp-signing",
    "server-auth",
    "time-stamping",
];

/// A purpose as a label.
pub(crate) fn label(purpose: Option<&str>) -> &'static str {
    let known = |purpose| PURPOSES.into_iter().find(|known| *known == purpose).unwrap_or("other");
    purpose.map_or("none", known)
}

/// The counters of one server.
pub struct Metrics {
    registry: Registry,
    answered: Family<Answered, Counter>,
    duration: Histogram,
    decided: Family<Decided, Counter>,
    loads: Family<Loads, Counter>,
    version: Gauge,
    clients: Clients,
    watched: Watched,
    rechecks: Rechecks,
    sky: Sky,
    capsules: Family<Checked, Counter>,
    compared: Family<Checked, Counter>,
}

/// What is judged again.
#[derive(Default)]
struct Rechecks {
    done: Family<Checked, Counter>,
    statuses: Family<Checked, Gauge>,
    due: Gauge,
    late: Gauge,
}

impl Rechecks {
    fn register(&self, registry: &mut Registry) {
        let done = "Certificates in use that were looked at again, by what came of it";
        registry.register("rechecks", done, self.done.clone());
        let statuses = "Certificates in use by their status when they were looked at last";
        registry.register("certificate_statuses", statuses, self.statuses.clone());
        registry.register(
            "rechecks_due",
            "Certificates that are due to be looked at again",
            self.due.clone(),
        );
        let late = "How long the one that is due longest has been due";
        registry.register("rechecks_late_seconds", late, self.late.clone());
    }
}

/// Decisions for other servers.
struct Clients {
    decided: Family<ClientDecided, Counter>,
    undecided: Family<ClientUndecided, Counter>,
    duration: Histogram,
}

impl Clients {
    fn register(registry: &mut Registry) -> Self {
        let all = Self {
            decided: Family::default(),
            undecided: Family::default(),
            duration: Histogram::new(BOUNDS),
        };
        let decided =
            "Decisions about clients of other servers, and whether they were made for an earlier question";
        registry.register("client_decisions", decided, all.decided.clone());
        let undecided =
            "Questions about clients of other servers that were turned away or could not be decided";
        registry.register("client_decisions_missing", undecided, all.undecided.clone());
        let duration = "Time until a client of another server was decided about";
        registry.register("client_decision_duration_seconds", duration, all.duration.clone());
        all
    }
}

/// What is watched and what waits.
#[derive(Default)]
struct Watched {
    expiring: Family<Expiring, Gauge>,
    days: Gauge,
    end: Gauge,
    soonest: Arc<Days>,
    depth: Family<Waiting, Gauge>,
    age: Family<Waiting, Gauge>,
    delivered: Family<Delivered, Counter>,
}

/// The days that are left to the certificates that expire first. Those there are change from look to look, so they are
/// told as they are and none is left over from before.
#[derive(Debug, Default)]
struct Days(Mutex<Vec<(Certificate, i64)>>);

impl Collector for Days {
    fn encode(&self, mut encoder: DescriptorEncoder) -> Result<(), fmt::Error> {
        let help = "Days until a certificate expires, of the hundred that expire first; less than nought once it has";
        let mut encoder =
            encoder.encode_descriptor("certificate_expiry_days", help, None, MetricType::Gauge)?;
        for (certificate, days) in self.0.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            ConstGauge::new(*days).encode(encoder.encode_family(certificate)?)?;
        }
        Ok(())
    }
}

impl Watched {
    fn register(&self, registry: &mut Registry) {
        let stages = "Certificates at the last look, by how far they have come";
        registry.register("certificates_expiring", stages, self.expiring.clone());
        let days = "Days until the first certificate expires; less than nought where one has";
        registry.register("certificate_soonest_expiry_days", days, self.days.clone());
        let end = "When the first certificate expires, in seconds since 1970-01-01T00:00:00Z";
        registry.register("certificate_soonest_expiry_timestamp_seconds", end, self.end.clone());
        registry.register_collector(Box::new(Arc::clone(&self.soonest)));
        let depth = "Alarms that wait in the outbox, by channel";
        registry.register("alarm_queue_depth", depth, self.depth.clone());
        let age = "How long the oldest alarm has waited in the outbox, by channel";
        registry.register("alarm_queue_oldest_seconds", age, self.age.clone());
        let delivered = "Alarms that a channel was given, by what came of it";
        registry.register("alarm_deliveries", delivered, self.delivered.clone());
    }
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
        registry.register(
            "decisions",
            "Certificates decided about, by decision and purpose",
            decided.clone(),
        );
        let (loads, version) = (Family::<Loads, Counter>::default(), Gauge::default());
        registry.register("state_loads", "Versions of the state that were to be loaded", loads.clone());
        registry.register("state_version", "The version of the state that is decided by", version.clone());
        let build = Family::<Vec<(&'static str, &'static str)>, Counter>::default();
        let labels = vec![("version", env!("CARGO_PKG_VERSION")), ("engine", engine)];
        build.get_or_create(&labels).inc();
        registry.register("build", "The release and the engine that run", build);
        let clients = Clients::register(&mut registry);
        let watched = Watched::default();
        watched.register(&mut registry);
        let rechecks = Rechecks::default();
        rechecks.register(&mut registry);
        let sky = Sky::default();
        sky.register(&mut registry);
        let capsules = Family::<Checked, Counter>::default();
        let help = "Decisions that were to be recorded as capsules, by what came of it";
        registry.register("capsules", help, capsules.clone());
        let compared = Family::<Checked, Counter>::default();
        let help = "Decisions that were to be compared with what a candidate policy makes of them, by what came of it";
        registry.register("candidate_comparisons", help, compared.clone());
        Self {
            registry,
            answered,
            duration,
            decided,
            loads,
            version,
            clients,
            watched,
            rechecks,
            sky,
            capsules,
            compared,
        }
    }

    /// Counts decisions that were to be compared with what a candidate policy makes of them.
    pub(crate) fn compared(&self, counts: &CandidateCounts) {
        for (outcome, count) in counts.each() {
            let count = u64::try_from(count).unwrap_or_default();
            self.compared.get_or_create(&Checked { outcome }).inc_by(count);
        }
    }

    /// Counts decisions that were to be recorded.
    pub(crate) fn capsules(&self, outcome: &'static str, count: u64) {
        self.capsules.get_or_create(&Checked { outcome }).inc_by(count);
    }

    /// Adds what was seen of those that are asked for revocation status.
    pub(crate) fn weather(&self, seen: &Seen) {
        self.sky.add(seen);
    }

    /// How old the lists are that are watched, and how long they are good.
    pub(crate) fn lists(&self, lists: &[KeptList], now: i64) {
        self.sky.lists(lists, now);
    }

    /// Counts what was looked at again.
    pub(crate) fn rechecked(&self, step: &Step) {
        for (status, count) in &step.found {
            self.rechecks.done.get_or_create(&Checked { outcome: status.word() }).inc_by(*count);
        }
        if step.failed > 0 {
            self.rechecks.done.get_or_create(&Checked { outcome: "failed" }).inc_by(step.failed);
        }
    }

    /// What is due to be looked at again, and what is known of the rest.
    pub(crate) fn recheck_due(&self, counts: &CheckCounts, now: i64) {
        self.rechecks.due.set(counts.due);
        self.rechecks.late.set(counts.oldest.map_or(0, |oldest| now.saturating_sub(oldest)));
        for status in CheckStatus::ALL {
            let found = counts.statuses.iter().find(|(known, _)| known == status);
            let count = found.map_or(0, |(_, count)| *count);
            self.rechecks.statuses.get_or_create(&Checked { outcome: status.word() }).set(count);
        }
    }

    /// What the last look at what expires found.
    pub(crate) fn expiring(&self, last: &Outcome, now: i64) {
        let stages =
            [("approaching", last.approaching), ("last-day", last.last_day), ("expired", last.expired)];
        for (stage, count) in stages {
            self.watched
                .expiring
                .get_or_create(&Expiring { stage })
                .set(i64::try_from(count).unwrap_or(i64::MAX));
        }
        if let Some(soonest) = last.soonest {
            self.watched.end.set(soonest);
            self.watched.days.set(soonest.saturating_sub(now).div_euclid(86_400));
        }
    }

    /// The certificates that expire first.
    pub(crate) fn soonest(&self, soonest: Vec<Soonest>, now: i64) {
        let told = |one: Soonest| {
            let days = one.not_after.saturating_sub(now).div_euclid(86_400);
            let mut fingerprint = HEXLOWER.encode(&one.fingerprint);
            fingerprint.truncate(16);
            (Certificate { fingerprint, place: one.place }, days)
        };
        *self.watched.soonest.0.lock().unwrap_or_else(PoisonError::into_inner) =
            soonest.into_iter().map(told).collect();
    }

    /// How many alarms wait by channel, and for how many seconds the oldest of them.
    pub(crate) fn waiting(&self, depths: &[(String, i64, i64)]) {
        for (channel, depth, age) in depths {
            let waiting = Waiting { channel: channel.clone() };
            self.watched.depth.get_or_create(&waiting).set(*depth);
            self.watched.age.get_or_create(&waiting).set(*age);
        }
    }

    /// Counts alarms that a channel was given.
    pub(crate) fn delivered(&self, channel: &str, outcome: &'static str, alarms: usize) {
        let count = u64::try_from(alarms).unwrap_or(u64::MAX);
        let delivered = Delivered { channel: channel.to_owned(), outcome };
        self.watched.delivered.get_or_create(&delivered).inc_by(count);
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

    /// Counts a decision about a client of another server.
    pub(super) fn told(&self, class: &str, decision: &'static str, source: &'static str, duration: Duration) {
        let label = ClientDecided { class: class.to_owned(), decision, source };
        self.clients.decided.get_or_create(&label).inc();
        self.clients.duration.observe(duration.as_secs_f64());
    }

    /// Counts a question about a client of another server that was not decided.
    pub(super) fn untold(&self, class: &str, outcome: &'static str) {
        let label = ClientUndecided { class: class.to_owned(), outcome };
        self.clients.undecided.get_or_create(&label).inc();
    }

    /// Counts a decision, by what the certificate was to be good for.
    pub(super) fn decided(&self, decision: &'static str, purpose: &'static str) {
        self.decided.get_or_create(&Decided { decision, purpose }).inc();
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
