//! The certificate that the server itself shows over TLS, where it is one of those that it looks after: found in its
//! slot, its key unsealed, the chain behind it put together, and all of it exchanged when the slot holds another. New
//! connections get the new certificate; those that there are live on.
//!
//! Of what is in a slot, what can be served is served: a certificate in use whose key is here. Whether clients believe it
//! is theirs to say. Chains are put together by the keys that the engine indexes certificates by.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::server::{ClientHello, ParsedCertificate, ResolvesServerCert};
use tokio_rustls::rustls::sign::CertifiedKey;

use crate::app::App;
use crate::cli::console;
use crate::cli::question::shown;
use crate::keys::{KeyFault, seal, tls};
use crate::storage::{Fingerprint, Held, StorageFault};

/// Most certificates of a chain.
const LONGEST_CHAIN: usize = 10;

/// What is shown, as TLS asks for it.
pub struct Shown {
    /// The identity purpose.
    purpose: String,
    chosen: RwLock<Option<Chosen>>,
}

#[derive(Clone)]
struct Chosen {
    /// The chain, the server's own certificate first.
    fingerprints: Vec<Fingerprint>,
    key: Arc<CertifiedKey>,
}

impl fmt::Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shown").field("purpose", &self.purpose).finish_non_exhaustive()
    }
}

impl ResolvesServerCert for Shown {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        self.chosen().map(|chosen| chosen.key)
    }
}

/// Why nothing of a slot can be served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IdentityFault {
    /// It holds nothing for this node.
    Empty,
    /// What it holds has expired, at this moment.
    Expired(i64),
    /// What it holds is not in use yet.
    Waiting,
    /// There is no passphrase to open the key with.
    NoPassphrase,
    /// No key of what it holds is kept here.
    NoKey,
    /// The key cannot be opened.
    Key(KeyFault),
    /// TLS cannot use it.
    Unusable(String),
    /// The storage failed.
    Storage(StorageFault),
}

impl fmt::Display for IdentityFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the slot holds no certificate for this node"),
            Self::Expired(at) => write!(f, "its certificate expired at {}", shown(*at)),
            Self::Waiting => f.write_str("its certificate is not in use yet"),
            Self::NoPassphrase => {
                f.write_str("there is no passphrase for private keys; give it with --passphrase-file")
            }
            Self::NoKey => f.write_str("the private key of its certificate is not kept here"),
            Self::Key(fault) => fault.fmt(f),
            Self::Unusable(what) => write!(f, "TLS cannot use its certificate ({what})"),
            Self::Storage(fault) => fault.fmt(f),
        }
    }
}

impl std::error::Error for IdentityFault {}

impl From<StorageFault> for IdentityFault {
    fn from(fault: StorageFault) -> Self {
        Self::Storage(fault)
    }
}

impl Shown {
    /// Nothing yet, of an identity purpose.
    #[must_use]
    pub fn of(purpose: &str) -> Self {
        Self { purpose: purpose.to_owned(), chosen: RwLock::new(None) }
    }

    /// The identity purpose.
    #[must_use]
    pub fn purpose(&self) -> &str {
        &self.purpose
    }

    fn chosen(&self) -> Option<Chosen> {
        self.chosen.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Looks into the slot, and shows what it holds from now on where that is something else: whether it is.
    ///
    /// # Errors
    /// As [`IdentityFault`] says; what was shown before stays.
    pub async fn look(&self, app: &App) -> Result<bool, IdentityFault> {
        let (own, issuers) = app.storage.identity(&self.purpose).await?;
        let own: Vec<Held> = own.into_iter().filter(|held| held.entry.place.is_on(&app.node)).collect();
        let issuers = issuers.into_iter().filter(|held| held.entry.place.is_on(&app.node)).collect();
        let held = usable(own, console::clock())?;
        let chain = chain(held, issuers);
        let fingerprints: Vec<Fingerprint> = chain.iter().map(|held| held.entry.facts.fingerprint).collect();
        if self.chosen().is_some_and(|chosen| chosen.fingerprints == fingerprints) {
            return Ok(false);
        }
        let key = Arc::new(open(app, &chain).await?);
        *self.chosen.write().unwrap_or_else(PoisonError::into_inner) = Some(Chosen { fingerprints, key });
        Ok(true)
    }
}

/// The one that came last, of those that are in use and have not expired.
fn usable(own: Vec<Held>, now: i64) -> Result<Held, IdentityFault> {
    let mut why = IdentityFault::Empty;
    let mut best: Option<Held> = None;
    for held in own {
        if held.entry.facts.not_after < now {
            why = IdentityFault::Expired(held.entry.facts.not_after);
        } else if held.entry.active_from.is_some_and(|moment| moment > now) {
            why = IdentityFault::Waiting;
        } else if best.as_ref().is_none_or(|best| best.entry.id < held.entry.id) {
            best = Some(held);
        }
    }
    best.ok_or(why)
}

/// The certificate and those of its issuers that are kept, without the root, which clients have or do not believe.
fn chain(own: Held, issuers: Vec<Held>) -> Vec<Held> {
    let mut chain = vec![own];
    while let Some(last) = chain.last().filter(|_| chain.len() < LONGEST_CHAIN) {
        let wanted = &last.entry.facts.issuer_key;
        let is_next = |held: &&Held| {
            let facts = &held.entry.facts;
            facts.subject_key == *wanted && facts.issuer_key != facts.subject_key
        };
        let is_new = |held: &&Held| {
            chain.iter().all(|known| known.entry.facts.fingerprint != held.entry.facts.fingerprint)
        };
        let Some(next) = issuers.iter().filter(is_next).find(is_new).cloned() else { break };
        chain.push(next);
    }
    chain
}

/// The key of a chain's first certificate, unsealed, on a thread that may compute.
async fn open(app: &App, chain: &[Held]) -> Result<CertifiedKey, IdentityFault> {
    let passphrase = app.passphrase.clone().ok_or(IdentityFault::NoPassphrase)?;
    let chain: Vec<_> = chain.iter().map(|held| CertificateDer::from(held.der.clone())).collect();
    let id = key_id(chain.first())?;
    let sealed = app.storage.sealed_key(&id).await?.ok_or(IdentityFault::NoKey)?;
    let approval = app.approval;
    let opened = tokio::task::spawn_blocking(move || {
        let key = seal::open(&sealed.sealed, &passphrase, approval)?;
        tls::signing_key(&key)
    });
    let key = opened.await.unwrap_or(Err(KeyFault::Damaged)).map_err(IdentityFault::Key)?;
    let certified = CertifiedKey::new(chain, key);
    certified.keys_match().map_err(|error| IdentityFault::Unusable(error.to_string()))?;
    Ok(certified)
}

/// The name under which the key of a certificate is kept: the SHA-256 of its public key.
fn key_id(certificate: Option<&CertificateDer<'_>>) -> Result<String, IdentityFault> {
    let certificate = certificate.ok_or(IdentityFault::Empty)?;
    let parsed = ParsedCertificate::try_from(certificate);
    let parsed = parsed.map_err(|error| IdentityFault::Unusable(error.to_string()))?;
    Ok(HEXLOWER.encode(&Sha256::digest(parsed.subject_public_key_info())))
}
