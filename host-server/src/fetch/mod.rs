//! Answers what the engine asks for over HTTP: a body, or the one reason why there is none. Parses no ASN.1 and
//! judges no content; whether an answer is worth anything, and for how long, is the engine's to say.
//!
//! In the order of a request: the [`cache`] of answers the engine has accepted before; single flight, so that
//! everybody who waits for one thing waits for one connection; the `responder`'s turn and its circuit breaker;
//! then `http`, which goes through [`target`], [`guard`] and [`connection`] again on every hop, within
//! [`limits`].

pub mod guard;
pub mod target;
pub mod limits;
pub mod failure;
pub mod connection;
mod tls;
mod http;
mod ocsp;
mod crl;
mod issuer;
pub mod breaker;
mod responder;
pub mod cache;
mod flight;
pub mod weather;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hyper::body::Bytes;
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout};

use crate::component::contract::evidence::{HttpMethod, Need, Retrieval, Wanted};

use self::breaker::Patience;
use self::cache::{Accepted, Bounds, Cache, Key};
use self::connection::{ConnectLog, Connector, Names, SystemNames};
use self::failure::Failure;
use self::flight::Flights;
use self::guard::Guard;
use self::http::WithoutType;
use self::limits::Limits;
use self::responder::Responders;
use self::target::Target;
use self::tls::Tls;
use self::weather::Observer;

pub use self::tls::Roots;
pub(crate) use self::tls::connector;

/// How to fetch. The defaults are right for the public internet.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What may be reached.
    pub guard: Guard,
    /// How much a fetch may take.
    pub limits: Limits,
    /// When a responder is left alone.
    pub patience: Patience,
    /// How many accepted answers are kept.
    pub cache: Bounds,
    /// Whom a server over `https` must be certified by.
    pub roots: Roots,
    /// Who finds the addresses of names.
    pub names: Arc<dyn Names>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            guard: Guard::default(),
            limits: Limits::default(),
            patience: Patience::default(),
            cache: Bounds::default(),
            roots: Roots::default(),
            names: Arc::new(SystemNames),
        }
    }
}

/// What is fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// An OCSP response.
    OcspResponse,
    /// A CRL.
    Crl,
    /// An issuer certificate, or a bundle with one in it.
    IssuerCertificate,
}

impl Kind {
    /// Its name in the contract.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.expectation().name
    }

    fn expectation(self) -> &'static Expectation {
        match self {
            Self::OcspResponse => &ocsp::EXPECTATION,
            Self::Crl => &crl::EXPECTATION,
            Self::IssuerCertificate => &issuer::EXPECTATION,
        }
    }
}

/// What is particular to a kind.
struct Expectation {
    /// Its name in the contract.
    name: &'static str,
    /// The media type of a body that is sent.
    sent: &'static str,
    /// What to ask for.
    accept: &'static str,
    /// The media types that an answer may have.
    types: &'static [&'static str],
    /// What to make of an answer that names none.
    without_type: WithoutType,
    /// Which limit on time applies.
    total: Total,
}

/// Which limit on the whole time applies.
#[derive(Clone, Copy)]
enum Total {
    Usual,
    OfCrl,
}

/// One thing to fetch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// What it is.
    pub kind: Kind,
    /// Where it is, as in the certificate or the settings.
    pub uri: String,
    /// How to ask for it.
    pub method: HttpMethod,
    /// What to send with `post`.
    pub body: Bytes,
    /// The largest answer that is of use.
    pub maximum_octets: u32,
    /// Under what an answer from the cache must have been accepted, such as the hash of the settings in force: what
    /// is fresh under one policy may be stale under another.
    pub scope: Bytes,
}

impl Request {
    /// What a need asks to be fetched; `None` when it asks for something that no network can give.
    #[must_use]
    pub fn of(need: &Need) -> Option<Self> {
        match &need.what {
            Wanted::OcspResponse(how) => Some(Self::new(Kind::OcspResponse, how)),
            Wanted::Crl(how) => Some(Self::new(Kind::Crl, how)),
            Wanted::IssuerCertificate(how) => Some(Self::new(Kind::IssuerCertificate, how)),
            Wanted::SignatureChecks(_) => None,
        }
    }

    fn new(kind: Kind, how: &Retrieval) -> Self {
        Self {
            kind,
            uri: how.uri.clone(),
            method: how.method,
            body: Bytes::from(how.body.clone()),
            maximum_octets: how.maximum_octets,
            scope: Bytes::new(),
        }
    }

    /// Names everything that is sent, what is expected back, and for whom.
    #[must_use]
    pub fn key(&self) -> Key {
        let method: &[u8] = match self.method {
            HttpMethod::Get => b"get",
            HttpMethod::Post => b"post",
        };
        Key::of(&[self.kind.name().as_bytes(), method, self.uri.as_bytes(), &self.body, &self.scope])
    }

    fn total(&self, limits: &Limits) -> Duration {
        match self.kind.expectation().total {
            Total::Usual => limits.total,
            Total::OfCrl => limits.total_for_crl,
        }
    }
}

/// What came of a request.
#[derive(Clone, Debug)]
pub struct Fetched {
    /// The request.
    pub request: Request,
    /// The body, or why there is none.
    pub outcome: Result<Bytes, Failure>,
    /// Where it came from.
    pub source: Source,
    /// How long it took.
    pub duration: Duration,
}

/// Where an answer came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// From answers accepted before.
    Cache,
    /// From the network, or from the attempt to reach it.
    Network,
}

/// Fetches. Cheap to clone; all clones share cache, breakers and limits. Needs a tokio runtime with its I/O and time
/// drivers.
#[derive(Clone, Debug)]
pub struct Fetcher {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    connector: Connector,
    responders: Responders,
    connections: Semaphore,
    flights: Flights,
    cache: Mutex<Cache>,
    weather: Observer,
}

impl Fetcher {
    /// A fetcher that has accepted nothing yet.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        let Settings { guard, limits, patience, cache, roots, names } = settings;
        let connector = Connector { guard, limits, names, tls: Tls::new(roots), log: ConnectLog::default() };
        let shared = Shared {
            connector,
            responders: Responders::new(patience, limits.connections_to_one.max(1)),
            connections: Semaphore::new(limits.connections.max(1)),
            flights: Flights::default(),
            cache: Mutex::new(Cache::new(cache)),
            weather: Observer::default(),
        };
        Self { shared: Arc::new(shared) }
    }

    /// Fetches, or finds an answer that was accepted before and is fresh at `now`, in seconds since 1970.
    pub async fn fetch(&self, request: &Request, now: i64) -> Fetched {
        let begun = Instant::now();
        if let Some(body) = self.cache().find(request.key(), now) {
            self.shared.weather.cached(request);
            let outcome = within(body, request.maximum_octets);
            return Fetched {
                request: request.clone(),
                outcome,
                source: Source::Cache,
                duration: begun.elapsed(),
            };
        }
        self.fetch_anew(request).await
    }

    /// Fetches whatever may be in the cache: for who wants an answer newer than the one that is there.
    pub async fn fetch_anew(&self, request: &Request) -> Fetched {
        let begun = Instant::now();
        let shared = Arc::clone(&self.shared);
        let owned = request.clone();
        let flight = async move { shared.fly(&owned).await };
        let outcome = self.shared.flights.join((request.key(), request.maximum_octets), flight).await;
        Fetched { request: request.clone(), outcome, source: Source::Network, duration: begun.elapsed() }
    }

    /// Fetches at this moment, whatever may be in the cache or on its way: for who may not share an answer to what was
    /// asked a moment ago.
    pub async fn fetch_alone(&self, request: &Request) -> Fetched {
        let begun = Instant::now();
        let outcome = self.shared.fly(request).await;
        Fetched { request: request.clone(), outcome, source: Source::Network, duration: begun.elapsed() }
    }

    /// Keeps an answer, because the engine has accepted it. Nothing else puts anything into the cache.
    pub fn accepted(&self, fetched: &Fetched, accepted: Accepted, now: i64) {
        if let Ok(body) = &fetched.outcome {
            self.shared.weather.believed(&fetched.request, (body, accepted));
            self.cache().keep(fetched.request.key(), body.clone(), accepted, now);
        }
    }

    /// How many answers and octets are kept.
    #[must_use]
    pub fn kept(&self) -> Bounds {
        self.cache().size()
    }

    /// Every address a connection was tried to.
    #[must_use]
    pub fn connect_log(&self) -> ConnectLog {
        self.shared.connector.log.clone()
    }

    /// How those that were asked answered.
    #[must_use]
    pub fn weather(&self) -> &Observer {
        &self.shared.weather
    }

    fn cache(&self) -> std::sync::MutexGuard<'_, Cache> {
        self.shared.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An answer from the cache is under the cap of whoever asks now.
fn within(body: Bytes, most: u32) -> Result<Bytes, Failure> {
    if usize::try_from(most).is_ok_and(|most| body.len() > most) {
        return Err(Failure::too_large(format!("more than {most} octets")));
    }
    Ok(body)
}

impl Shared {
    /// One request on its way: waits for its turn, then goes.
    async fn fly(&self, request: &Request) -> Result<Bytes, Failure> {
        let begun = Instant::now();
        let total = request.total(&self.connector.limits);
        let responder = self.responders.of(&Target::parse(&request.uri)?);
        responder.check()?;
        let turn = async { (responder.turns.acquire().await, self.connections.acquire().await) };
        let _turn = timeout(total, turn).await.map_err(|_| Failure::timeout("no turn in time"))?;
        // While this one waited, those before it may have found the responder dead.
        let trial = responder.begin()?;
        let rest = total.saturating_sub(begun.elapsed());
        let sent = Instant::now();
        let outcome = timeout(rest, http::fetch(&self.connector, request, &trial.answered)).await;
        let outcome = outcome.unwrap_or_else(|_| Err(Failure::timeout("not finished in time")));
        trial.end(&outcome);
        self.weather.asked(request, (&outcome, sent.elapsed()));
        outcome
    }
}
