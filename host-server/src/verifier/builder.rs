//! How a verifier is made: whom it believes, under which policy, and what it may fetch. Everything is tried with the
//! engine before the first handshake, so that a mistake shows when the program starts.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::{DistinguishedName, RootCertStore};

use super::bridge::Bridge;
use super::{Answer, Observer, Verifier};
use crate::component::contract::request::{Mode, TrustRole, Validation};
use crate::component::contract::types::Refusal;
use crate::component::pool::{Pool, Size};
use crate::component::{Engine, Fault, Session, Validator};
use crate::decide::class::Answers;
use crate::decide::{self, Believed, Decider};
use crate::fetch::cache::Bounds;
use crate::fetch::{Fetcher, Settings};
use crate::resolve::{Limits, Reuse};
use crate::trusted::Snapshot;

/// How long a handshake waits unless told otherwise: for one responder to time out and another to answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// Whether a client must show a certificate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClientCertificates {
    /// A client without one is refused.
    #[default]
    Mandatory,
    /// A client without one is let in, and the application sees that it has shown none. One that is shown is judged.
    Optional,
}

/// A verifier in the making.
pub struct Builder {
    anchors: Vec<Vec<u8>>,
    store: Option<(String, Arc<Snapshot>)>,
    policy: Option<String>,
    mode: Mode,
    purpose: Option<String>,
    fetcher: Option<Fetcher>,
    reuse: Reuse,
    decider: Option<Decider>,
    patience: Duration,
    clients: ClientCertificates,
    observer: Option<Observer>,
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("mode", &self.mode)
            .field("purpose", &self.purpose)
            .finish_non_exhaustive()
    }
}

/// Why there is no verifier.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum BuildFault {
    /// The engine cannot be loaded, or failed.
    Engine(Fault),
    /// There is no trust store of this name, or it is too large to decide by.
    NoSuchStore(String),
    /// Nobody is trusted.
    NothingTrusted,
    /// There are no threads to be had.
    Threads(String),
    /// An input that the engine cannot use, by its name, and why.
    Unusable(String, Refusal),
}

impl fmt::Display for BuildFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Engine(fault) => fault.fmt(f),
            Self::NoSuchStore(name) => write!(f, "there is no trust store `{name}` to decide by"),
            Self::NothingTrusted => f.write_str("no trust anchor was given, and none is built in"),
            Self::Threads(error) => write!(f, "no threads can be had: {error}"),
            Self::Unusable(input, refusal) => write!(f, "{input}: {}", refusal.code),
        }
    }
}

impl std::error::Error for BuildFault {}

impl From<Fault> for BuildFault {
    fn from(fault: Fault) -> Self {
        Self::Engine(fault)
    }
}

impl Builder {
    pub(super) fn new() -> Self {
        Self {
            anchors: Vec::new(),
            store: None,
            policy: None,
            mode: Mode::AsWritten,
            purpose: None,
            fetcher: None,
            reuse: Reuse::Fresh,
            decider: None,
            patience: PATIENCE,
            clients: ClientCertificates::default(),
            observer: None,
        }
    }

    /// Trusts the certificates in a file (PEM, DER or PKCS #7), as issuers and as themselves. They are read for each
    /// question: this is for a private authority or a few; hundreds cost milliseconds.
    #[must_use]
    pub fn trust(mut self, file: impl Into<Vec<u8>>) -> Self {
        self.anchors.push(file.into());
        self
    }

    /// Believes a trust store as it was at a version, and decides under the policy in force then, where no other is
    /// given. It is prepared once and kept. It takes the place of what [`trust`](Self::trust) was given; a later
    /// version needs another verifier.
    #[must_use]
    pub fn trust_store(mut self, name: impl Into<String>, snapshot: Arc<Snapshot>) -> Self {
        self.store = Some((name.into(), snapshot));
        self
    }

    /// Decides under a policy document (TOML) instead of the defaults.
    #[must_use]
    pub fn policy(mut self, document: impl Into<String>) -> Self {
        self.policy = Some(document.into());
        self
    }

    /// Reads the policy document in a mode.
    #[must_use]
    pub fn mode(mut self, mode: Mode) -> Self {
        self.mode = mode;
        self
    }

    /// Asks for a purpose by its name in the policy, instead of `server-auth` for servers and `client-auth` for clients.
    #[must_use]
    pub fn purpose(mut self, name: impl Into<String>) -> Self {
        self.purpose = Some(name.into());
        self
    }

    /// Fetches OCSP responses, CRLs and issuers' certificates anew for every handshake: nothing is kept, so that what was
    /// revoked a second ago is refused. A stapled response still counts for as long as the policy says.
    #[must_use]
    pub fn live(self, settings: Settings) -> Self {
        let fetcher = Fetcher::new(Settings { cache: Bounds { entries: 0, octets: 0 }, ..settings });
        Self { reuse: Reuse::NoResponses, ..self.fetching(fetcher) }
    }

    /// Fetches with this, which keeps answers for as long as the engine says that they are fresh.
    #[must_use]
    pub fn fetching(self, fetcher: Fetcher) -> Self {
        Self { fetcher: Some(fetcher), reuse: Reuse::Fresh, ..self }
    }

    /// Asks where others ask too, such as [`App::decider`](crate::app::App::decider), instead of loading an engine of its
    /// own. What may be fetched is the decider's then.
    #[must_use]
    pub fn decider(mut self, decider: Decider) -> Self {
        self.decider = Some(decider);
        self
    }

    /// Waits this long at most for an answer; then the peer is refused. Three quarters of it are for fetching: what did
    /// not come by then is undetermined, and the policy says what follows.
    #[must_use]
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Says whether a client must show a certificate. By default it must.
    #[must_use]
    pub fn clients(mut self, clients: ClientCertificates) -> Self {
        self.clients = clients;
        self
    }

    /// Is told every answer before rustls is, on the thread of the handshake. Where it panics the peer is refused.
    #[must_use]
    pub fn on_answer(mut self, observer: impl Fn(&Answer) + Send + Sync + 'static) -> Self {
        self.observer = Some(Arc::new(observer));
        self
    }

    /// Tries everything and makes the verifier. It computes for some milliseconds, and longer where the engine is loaded.
    ///
    /// # Errors
    /// [`BuildFault`].
    pub fn build(self) -> Result<Verifier, BuildFault> {
        let decider = match self.decider.clone() {
            Some(decider) => decider,
            None => decider(self.fetcher.clone(), self.reuse, self.patience)?,
        };
        let anchors = self.try_out(decider.pool.engine())?;
        let (believed, snapshot) = match self.store {
            Some((name, snapshot)) => (Believed::Store(name), Some(snapshot)),
            None => (Believed::Anchors(anchors.clone()), None),
        };
        Ok(Verifier {
            decider,
            hints: if snapshot.is_some() { Vec::new() } else { hints(&anchors) },
            believed,
            snapshot,
            policy: self.policy,
            mode: self.mode,
            purpose: self.purpose,
            clients: self.clients,
            observer: self.observer,
            algorithms: aws_lc_rs::default_provider().signature_verification_algorithms,
            bridge: Bridge::start(self.patience).map_err(|error| BuildFault::Threads(error.to_string()))?,
        })
    }

    /// Has the engine read everything once, and gives the anchors one by one (DER).
    fn try_out(&self, engine: &Engine) -> Result<Vec<Vec<u8>>, BuildFault> {
        let mut session = engine.session()?;
        let in_force = self.store.as_ref().map(|(_, snapshot)| snapshot.policy.as_str());
        let policy = self.policy.as_deref().or(in_force).unwrap_or_default();
        let validator =
            session.validator(policy, self.mode)?.map_err(|refusal| unusable("policy", refusal))?;
        let anchors = match &self.store {
            Some((name, snapshot)) if snapshot.has(name) => Vec::new(),
            Some((name, _)) => return Err(BuildFault::NoSuchStore(name.clone())),
            None => self.try_anchors(&mut session, &validator)?,
        };
        if let (Some(purpose), Some(some)) = (&self.purpose, anchors.first()) {
            try_purpose(&mut session, &validator, purpose, some)?;
        }
        Ok(anchors)
    }

    fn try_anchors(&self, session: &mut Session, validator: &Validator) -> Result<Vec<Vec<u8>>, BuildFault> {
        let mut anchors = Vec::new();
        for (place, file) in self.anchors.iter().enumerate() {
            let input = format!("anchors {}", place.saturating_add(1));
            let refused = |refusal| unusable(&input, refusal);
            let found = session.read_bundle(file)?.map_err(refused)?;
            for anchor in found.certificates {
                session.add_anchor(validator, &anchor, TrustRole::IssuerAndLeaf)?.map_err(refused)?;
                anchors.push(anchor);
            }
        }
        if anchors.is_empty() { Err(BuildFault::NothingTrusted) } else { Ok(anchors) }
    }
}

/// A purpose that the policy does not know would refuse every peer. Any certificate will do to ask for it.
fn try_purpose(
    session: &mut Session,
    validator: &Validator,
    purpose: &str,
    certificate: &[u8],
) -> Result<(), BuildFault> {
    let question = Validation {
        target: certificate.to_vec(),
        untrusted: Vec::new(),
        at: 0,
        purpose: Some(purpose.to_owned()),
        names: Vec::new(),
        nonce_seed: None,
        answers_signature_checks: false,
    };
    let asked = session.evaluate(validator, &question, &[])?;
    asked.map(drop).map_err(|refusal| unusable("purpose", refusal))
}

/// An engine of its own, with one instance for each processor.
fn decider(fetcher: Option<Fetcher>, reuse: Reuse, patience: Duration) -> Result<Decider, Fault> {
    let processors = std::thread::available_parallelism().map_or(2, usize::from).min(64);
    let size = Size {
        sessions: u32::try_from(processors).unwrap_or(2),
        // the bridge lets in fewer
        queue: 1024,
        patience,
        memory: if fetcher.is_some() { decide::ONLINE.memory } else { 0 },
    };
    Ok(Decider {
        pool: Pool::load(size)?,
        fetcher,
        told: |reason| reason,
        reuse,
        // what could not be had in time is undetermined, and there is time left to say what follows
        limits: Limits { total: patience / 4 * 3, ..Limits::default() },
        policy_name: None,
        ledger: None,
        recorder: None,
        comparer: None,
        answers: Answers::Cached,
    })
}

/// The names of anchors, for clients that choose a certificate by them. Nothing is decided by a hint, so rustls may read
/// them, and one that it cannot read is left out.
fn hints(anchors: &[Vec<u8>]) -> Vec<DistinguishedName> {
    let mut store = RootCertStore::empty();
    store.add_parsable_certificates(anchors.iter().map(|der| CertificateDer::from(der.as_slice())));
    store.subjects()
}

fn unusable(input: &str, refusal: Refusal) -> BuildFault {
    BuildFault::Unusable(input.to_owned(), refusal)
}
