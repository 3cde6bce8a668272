//! `App`: the parts of one server, wired together. Nothing happens here.

use std::fmt;

use crate::api;
use crate::api::health::Readiness;
use crate::api::metrics::Metrics;
use crate::component::Fault;
use crate::component::pool::{Pool, Size};
use crate::config::{Configuration, Limits};
use std::time::Duration;

/// The parts of one server.
#[derive(Debug)]
pub struct App {
    /// Answers questions.
    pub pool: Pool,
    /// Counts.
    pub metrics: Metrics,
    /// How much one client may ask for.
    pub limits: Limits,
    /// Whether clients come over TLS.
    pub is_tls: bool,
    /// When it was last known to be ready.
    pub readiness: Readiness,
    /// The published description.
    pub description: String,
}

/// Why a server cannot be put together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AppFault {
    /// The engine cannot be loaded.
    Engine(Fault),
}

impl fmt::Display for AppFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Engine(fault) => fault.fmt(f),
        }
    }
}

impl std::error::Error for AppFault {}

impl App {
    /// Puts a server together.
    ///
    /// # Errors
    /// [`AppFault`].
    pub fn new(configuration: &Configuration) -> Result<Self, AppFault> {
        let size = Size {
            sessions: configuration.engine.sessions(),
            queue: configuration.engine.queue,
            patience: Duration::from_millis(configuration.engine.wait_milliseconds),
        };
        let pool = Pool::load(size).map_err(AppFault::Engine)?;
        let metrics = Metrics::new(pool.engine().info().sha256);
        Ok(Self {
            pool,
            metrics,
            limits: configuration.limits,
            is_tls: configuration.tls.is_some(),
            readiness: Readiness::default(),
            description: api::description(),
        })
    }

    /// Whether the storage answers.
    ///
    /// # Errors
    /// Why it does not.
    pub async fn check_storage(&self) -> Result<(), String> {
        Ok(())
    }
}
