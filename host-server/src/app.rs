//! `App`: the parts of one server, wired together, and this node among others.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;

use crate::accounts::attempts::Attempts;
use crate::accounts::{Accounts, Secret};
use crate::alarm::Channel;
use crate::api;
use crate::api::health::Readiness;
use crate::api::metrics::Metrics;
use crate::audit::{AuditLog, AuditRecord};
use crate::cli::console;
use crate::component::Fault;
use crate::component::pool::{Pool, Size};
use crate::config::{Configuration, Limits, TlsSource};
use crate::decide::candidate::Comparer;
use crate::decide::class::Answers;
use crate::decide::desk::Desk;
use crate::decide::ledger::Ledger;
use crate::decide::recorder::Recorder;
use crate::decide::{self, Decider};
use crate::fetch::Fetcher;
use crate::identity::{IdentityFault, Shown};
use crate::keys::passphrase::Passphrase;
use crate::keys::seal;
use crate::keys::{Approval, KeyFault};
use crate::news::News;
use crate::resolve::{self, Reuse};
use crate::storage::{ApplyFault, Change, Location, Node, NodeRole, Storage, StorageFault};
use crate::trusted::View;
use crate::watch::Watching;

/// How often joining is tried while others change the state.
const TRIES: usize = 20;

/// The parts of one server.
pub struct App {
    /// Answers questions.
    pub pool: Pool,
    /// What is kept.
    pub storage: Storage,
    /// Who may.
    pub accounts: Accounts,
    /// Who did what.
    pub audit: AuditLog,
    /// This node's name.
    pub node: String,
    /// Opens and makes private keys; without it there are none to use and none can be made.
    pub passphrase: Option<Arc<Passphrase>>,
    /// Which cryptography may be used around private keys.
    pub approval: Approval,
    /// What it decides by.
    pub trusted: View,
    /// Fetches what questions need, where that is allowed.
    pub fetcher: Option<Fetcher>,
    /// What verdicts rested on, until it is recorded.
    pub ledger: Arc<Ledger>,
    /// Where decisions wait to be recorded, where any are.
    pub recorder: Option<Arc<Recorder>>,
    /// Where decisions wait to be compared with what a candidate policy makes of them.
    pub comparer: Arc<Comparer>,
    /// Decides for other servers.
    pub desk: Desk,
    /// The certificate that it shows, where that is one of its own.
    pub shown: Option<Arc<Shown>>,
    /// Turns at gathering for questions that are judged elsewhere.
    pub gathering: Semaphore,
    /// Who tried to sign in from where.
    pub attempts: Attempts,
    /// When it was put together.
    pub started: Instant,
    /// Counts.
    pub metrics: Metrics,
    /// How much one client may ask for.
    pub limits: Limits,
    /// Whether clients come over TLS.
    pub is_tls: bool,
    /// When it was last known to be ready.
    pub readiness: Readiness,
    /// Watching what expires.
    pub watching: Watching,
    /// Who listens for what changes.
    pub news: News,
    /// How many days alarms that are over are kept.
    pub keep_days: u32,
    /// The published description.
    pub description: String,
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App").field("node", &self.node).finish_non_exhaustive()
    }
}

/// Why a server cannot be put together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AppFault {
    /// The engine cannot be loaded.
    Engine(Fault),
    /// The storage cannot be used.
    Storage(StorageFault),
    /// The private keys that are kept cannot be opened.
    Keys(KeyFault),
    /// Alarms cannot get out as they are to: the configuration's place, and what was expected.
    Alarms(String),
    /// A client class cannot be decided by: its name, and what was expected.
    Class(String),
    /// This node could not join the others, who kept changing the state.
    Crowded,
}

impl fmt::Display for AppFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Engine(fault) => fault.fmt(f),
            Self::Storage(fault) => fault.fmt(f),
            Self::Keys(fault) => fault.fmt(f),
            Self::Alarms(fault) | Self::Class(fault) => f.write_str(fault),
            Self::Crowded => {
                f.write_str("this node could not join: others kept changing the state; try again")
            }
        }
    }
}

impl std::error::Error for AppFault {}

impl From<StorageFault> for AppFault {
    fn from(fault: StorageFault) -> Self {
        Self::Storage(fault)
    }
}

impl App {
    /// Puts a server together. At the very first start it makes an account that may manage accounts, and gives its
    /// token, which is to be shown once and never again.
    ///
    /// # Errors
    /// [`AppFault`].
    pub async fn open(
        configuration: &Configuration,
        location: &Location,
        passphrase: Option<Passphrase>,
    ) -> Result<(Self, Option<Secret>), AppFault> {
        let storage = Storage::open(location).await?;
        let approval = configuration.keys.mode.approval();
        if let Some(passphrase) = &passphrase {
            check_passphrase(&storage, passphrase, approval).await?;
        }
        let node = join(&storage, location, configuration.node.name.as_deref()).await?;
        let accounts = Accounts::of(&storage);
        let first = accounts.first_start(console::clock()).await?;
        let watching =
            Channel::of(&configuration.alarms, &node).map(Watching::new).map_err(AppFault::Alarms)?;
        let pool = Pool::load(size(configuration)).map_err(AppFault::Engine)?;
        let fetcher = configuration.fetch.fetcher();
        let ledger = Arc::new(Ledger::default());
        let recorder = Recorder::of(configuration.capsules).map(Arc::new);
        let comparer = Arc::new(Comparer::new(configuration.candidate, pool.beside()));
        let noting = (&ledger, recorder.as_ref(), &comparer);
        let desk = Desk::open(&configuration.decide, &pool, fetcher.clone(), noting)
            .await
            .map_err(AppFault::Class)?;
        let app = Self {
            metrics: Metrics::new(pool.engine().info().sha256),
            pool,
            audit: AuditLog::of(&storage),
            accounts,
            storage,
            node,
            passphrase: passphrase.map(Arc::new),
            approval,
            trusted: View::default(),
            fetcher,
            ledger,
            recorder,
            comparer,
            desk,
            shown: shown(configuration),
            gathering: Semaphore::new(api::evidence::AT_ONCE),
            attempts: Attempts::default(),
            started: Instant::now(),
            limits: configuration.limits,
            is_tls: configuration.tls.is_some(),
            readiness: Readiness::default(),
            watching,
            news: News::default(),
            keep_days: configuration.alarms.keep_days,
            description: api::description(),
        };
        Ok((app, first))
    }

    /// Answers questions with what this server has.
    #[must_use]
    pub fn decider(&self) -> Decider {
        Decider {
            pool: self.pool.clone(),
            fetcher: self.fetcher.clone(),
            told: |reason| reason,
            reuse: Reuse::Fresh,
            limits: resolve::Limits::default(),
            policy_name: None,
            ledger: Some(Arc::clone(&self.ledger)),
            recorder: self.recorder.clone(),
            comparer: Some(Arc::clone(&self.comparer)),
            answers: Answers::Cached,
        }
    }

    /// Whether the storage answers.
    ///
    /// # Errors
    /// Why it does not.
    pub async fn check_storage(&self) -> Result<(), StorageFault> {
        self.storage.version().await.map(drop)
    }

    /// Shows another certificate where its slot holds another by now. What cannot be served leaves what is.
    pub async fn identity_changed(&self) {
        let Some(shown) = &self.shown else { return };
        match shown.look(self).await {
            Ok(true) => tracing::info!(identity = shown.purpose(), "another certificate is served"),
            Ok(false) => {}
            Err(fault) => {
                tracing::error!(identity = shown.purpose(), %fault, "the slot's certificate is not served");
            }
        }
    }

    /// Finds the certificate to be shown, and makes a first one where its slot is empty.
    ///
    /// # Errors
    /// One line that says what is wrong.
    pub async fn identity_first(self: &Arc<Self>) -> Result<(), String> {
        let Some(shown) = &self.shown else { return Ok(()) };
        let mut looked = shown.look(self).await;
        if looked == Err(IdentityFault::Empty) && self.passphrase.is_none() {
            looked = Err(IdentityFault::NoPassphrase);
        }
        if looked == Err(IdentityFault::Empty) {
            let made = api::management::first::self_signed(self, shown.purpose()).await;
            made.map_err(|error| {
                format!("tls.identity `{}`: no certificate could be made: {error}", shown.purpose())
            })?;
            tracing::info!(identity = shown.purpose(), "a self-signed certificate was made");
            looked = shown.look(self).await;
        }
        looked.map(drop).map_err(|fault| format!("tls.identity `{}`: {fault}", shown.purpose()))
    }
}

fn shown(configuration: &Configuration) -> Option<Arc<Shown>> {
    match configuration.tls.as_ref()?.source() {
        Ok(TlsSource::Identity(purpose)) => Some(Arc::new(Shown::of(purpose))),
        _ => None,
    }
}

fn size(configuration: &Configuration) -> Size {
    Size {
        sessions: configuration.engine.sessions(),
        queue: configuration.engine.queue,
        patience: Duration::from_millis(configuration.engine.wait_milliseconds),
        memory: if configuration.fetch.online { decide::ONLINE.memory } else { 0 },
    }
}

/// Opens one of the keys that are kept, so that a wrong passphrase shows at start and not when a key is needed.
async fn check_passphrase(
    storage: &Storage,
    passphrase: &Passphrase,
    approval: Approval,
) -> Result<(), AppFault> {
    for request in storage.requests().await? {
        let Some(key) = storage.sealed_key(&request.key_id).await? else { continue };
        // nothing else runs yet that would have to wait for this
        return seal::open(&key.sealed, passphrase, approval).map(drop).map_err(AppFault::Keys);
    }
    Ok(())
}

/// Finds this node among those that are kept, or adds it: the first is the publisher, as in the documents.
async fn join(storage: &Storage, location: &Location, wanted: Option<&str>) -> Result<String, AppFault> {
    for _ in 0..TRIES {
        let version = storage.version().await?;
        let nodes = storage.nodes().await?;
        let name = match (wanted, nodes.as_slice(), location) {
            (Some(name), _, _) => name.to_owned(),
            // an embedded database has one node, however its machine is called now
            (None, [only], Location::Directory(_)) => only.name.clone(),
            (None, _, _) => machine(),
        };
        if nodes.iter().any(|node| node.name == name) {
            return Ok(name);
        }
        let joining = Node { role: role_beside(&nodes), name };
        let record = AuditRecord::done(console::clock(), "server", "node.added", &joining.name);
        let change = Change::AddNode { name: joining.name.clone(), role: joining.role };
        match storage.apply(version, &[change], record).await {
            Ok(_) => return Ok(joining.name),
            Err(ApplyFault::Storage(fault)) => return Err(fault.into()),
            // somebody was faster: look again
            Err(_) => {}
        }
    }
    Err(AppFault::Crowded)
}

fn role_beside(nodes: &[Node]) -> NodeRole {
    if nodes.iter().any(|node| node.role == NodeRole::Publisher) {
        NodeRole::Subscriber
    } else {
        NodeRole::Publisher
    }
}

/// The machine's name, as far as it is one.
fn machine() -> String {
    let told = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let plain = |letter: &char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '_');
    let name: String = told.trim().chars().filter(plain).take(253).collect();
    if name.is_empty() { "node".to_owned() } else { name }
}
