//! One version of what is decided by: the policy in force and the trust stores as this node has them. It is tried whole,
//! with the engine, before anything is decided by it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use engine_capsule::{Octets, Trusted};
use sha2::{Digest, Sha256};

use crate::api::error::escaped;
use crate::api::management::{cluster, node_policy};
use crate::app::App;
use crate::cli::said;
use crate::component::contract::request::Mode;
use crate::component::contract::types::Refusal;
use crate::component::kept::Recipe;
use crate::component::limits::Ceilings;
use crate::component::pool::Unanswered;
use crate::component::{Answer, Session, Validator};
use crate::storage::{Basis, CandidateDocument, OwnPolicy, StorageFault, Version};

/// One version of what is decided by.
#[derive(Debug)]
pub struct Snapshot {
    /// The version of the state.
    pub version: Version,
    /// The policy document in force; the defaults where it is empty.
    pub policy: String,
    /// The policy that is only judged by beside it, if there is one.
    pub candidate: Option<Arc<Candidate>>,
    /// Every trust store there is, by name.
    stores: BTreeMap<String, Arc<Store>>,
    /// Those that hold too much to be decided by.
    too_large: BTreeSet<String>,
    /// Another where anything else than the version is another than before.
    generation: u64,
    /// The moment for which certificates are in use or not.
    at: i64,
}

/// A policy that nothing is decided by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The version of the state that it was proposed with.
    pub version: i64,
    /// The document as it would hold on this node, or why it cannot: that keeps nobody from deciding.
    pub policy: Result<String, String>,
}

/// The certificates of a trust store on this node.
type Store = Vec<Stored>;

#[derive(Debug, PartialEq, Eq)]
struct Stored {
    der: Vec<u8>,
    active_from: Option<i64>,
}

/// Why a version cannot be loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoadFault {
    /// The engine gave no answer.
    Engine(Unanswered),
    /// The settings of the cluster cannot be read.
    Settings(String),
    /// The storage failed.
    Storage(StorageFault),
    /// The engine cannot use the policy, or a certificate of a store.
    Unusable(String),
}

impl fmt::Display for LoadFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Engine(unanswered) => unanswered.fmt(f),
            Self::Settings(what) | Self::Unusable(what) => f.write_str(what),
            Self::Storage(fault) => fault.fmt(f),
        }
    }
}

impl std::error::Error for LoadFault {}

impl From<StorageFault> for LoadFault {
    fn from(fault: StorageFault) -> Self {
        Self::Storage(fault)
    }
}

impl Snapshot {
    /// Loads the version that there is now. What is as it was `before` keeps its generation, and with it what was
    /// prepared.
    ///
    /// # Errors
    /// As [`LoadFault`] says.
    pub(super) async fn load(app: &Arc<App>, before: Option<&Self>, now: i64) -> Result<Self, LoadFault> {
        let basis = app.storage.basis(cluster::SCOPE, &app.node).await?;
        let of_deployment = basis.policy.clone().unwrap_or_default();
        let names = cluster::store_names(app, basis.settings.as_deref(), &of_deployment).await;
        let names = names.map_err(|error| LoadFault::Settings(error.to_string()))?;
        let policy = on_node(app, of_deployment, &basis).await?;
        let candidate = candidate(app, &basis).await;
        let loaded = Self {
            version: basis.version,
            policy,
            candidate,
            too_large: basis.too_large.clone(),
            stores: stores(basis, names, &app.node),
            generation: app.trusted.next_generation(),
            at: now,
        };
        if let Some(before) = before.filter(|before| before.is_same(&loaded)) {
            return Ok(Self { generation: before.generation, at: before.at, ..loaded });
        }
        loaded.try_out(app).await?;
        Ok(loaded)
    }

    /// The same stores under another policy, tried and not put in use.
    ///
    /// # Errors
    /// As [`LoadFault`] says.
    pub async fn under(&self, app: &App, policy: String) -> Result<(), LoadFault> {
        let other = Self {
            version: self.version,
            policy,
            candidate: None,
            stores: self.stores.clone(),
            too_large: self.too_large.clone(),
            // nobody asks for it, and it is let go with the next one
            generation: app.trusted.next_generation(),
            at: self.at,
        };
        other.try_out(app).await
    }

    /// Whether there is a trust store of this name that can be decided by.
    #[must_use]
    pub fn has(&self, store: &str) -> bool {
        self.stores.contains_key(store) && !self.is_too_large(store)
    }

    /// Whether a trust store holds too much to be decided by.
    #[must_use]
    pub fn is_too_large(&self, store: &str) -> bool {
        self.too_large.contains(store)
    }

    /// What a validator for a trust store is prepared with.
    #[must_use]
    pub fn recipe(&self, store: &str, mode: Mode, ceilings: Ceilings) -> Recipe {
        let mode = match mode {
            Mode::AsWritten => "as-written",
            Mode::CommonCriteria => "common-criteria",
        };
        Recipe { generation: self.generation, name: format!("{mode} {store}"), ceilings }
    }

    /// Prepares a validator for a trust store.
    ///
    /// # Errors
    /// [`Fault`](crate::component::Fault).
    pub fn prepare(
        &self,
        session: &mut Session,
        store: &str,
        (policy, mode): (&str, Mode),
    ) -> Answer<Validator> {
        self.prepare_with(session, store, (policy, mode), |_| true)
    }

    /// The same as if the store did not hold the certificate of this SHA-256.
    ///
    /// # Errors
    /// [`Fault`](crate::component::Fault).
    pub fn prepare_beside(
        &self,
        session: &mut Session,
        (store, without): (&str, &[u8; 32]),
        terms: (&str, Mode),
    ) -> Answer<Validator> {
        self.prepare_with(session, store, terms, |der| <[u8; 32]>::from(Sha256::digest(der)) != *without)
    }

    fn prepare_with(
        &self,
        session: &mut Session,
        store: &str,
        (policy, mode): (&str, Mode),
        holds: impl Fn(&[u8]) -> bool,
    ) -> Answer<Validator> {
        let validator = match session.validator(policy, mode)? {
            Ok(validator) => validator,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let stored = self.stores.get(store).into_iter().flat_map(|store| store.iter());
        for stored in stored.filter(|stored| holds(&stored.der)) {
            let added = session.add_stored(&validator, &stored.der, stored.active_from, self.at)?;
            if let Err(refusal) = added {
                return Ok(Err(refusal));
            }
        }
        Ok(Ok(validator))
    }

    /// The certificates of a trust store as a capsule has them, in the order in which the engine is told; without the one of
    /// this SHA-256.
    #[must_use]
    pub fn trusted(&self, store: &str, without: Option<&[u8; 32]>) -> Vec<Trusted> {
        let stored = self.stores.get(store).into_iter().flat_map(|store| store.iter());
        let holds =
            |der: &[u8]| without.is_none_or(|without| <[u8; 32]>::from(Sha256::digest(der)) != *without);
        let told = stored.filter(|stored| holds(&stored.der)).map(|stored| Trusted::Stored {
            active_from: stored.active_from,
            at: self.at,
            certificate: Octets(stored.der.clone()),
        });
        told.collect()
    }

    /// What another generation begins with.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// When the next certificate comes into use (D-29).
    pub(super) fn next_activation(&self) -> Option<i64> {
        let moments = self.stores.values().flat_map(|store| store.iter().filter_map(|one| one.active_from));
        moments.filter(|moment| *moment > self.at).min()
    }

    fn is_same(&self, other: &Self) -> bool {
        let activated = self.next_activation().is_some_and(|moment| moment <= other.at);
        !activated
            && self.policy == other.policy
            && self.stores == other.stores
            && self.too_large == other.too_large
    }

    /// Prepares a validator for every store that holds anything, and for none where none does.
    async fn try_out(&self, app: &App) -> Result<(), LoadFault> {
        let filled = self.stores.iter().filter(|(_, store)| !store.is_empty()).map(|(name, _)| name.as_str());
        let mut names: Vec<&str> = filled.collect();
        if names.is_empty() {
            names.push("");
        }
        for name in names {
            let part = self.only(name);
            let recipe = self.recipe(name, Mode::AsWritten, Ceilings::DEFAULT);
            let store = name.to_owned();
            let prepare =
                move |session: &mut Session| part.prepare(session, &store, (&part.policy, Mode::AsWritten));
            let tried = app.pool.ask_prepared(recipe, prepare, |_, _| Ok(())).await;
            tried.map_err(LoadFault::Engine)?.map_err(|refusal| unusable(name, &refusal))?;
        }
        Ok(())
    }

    /// One store of it.
    fn only(&self, store: &str) -> Self {
        let stores = self.stores.get(store).map(|found| (store.to_owned(), Arc::clone(found)));
        Self {
            version: self.version,
            policy: self.policy.clone(),
            candidate: None,
            stores: stores.into_iter().collect(),
            too_large: BTreeSet::new(),
            generation: self.generation,
            at: self.at,
        }
    }
}

/// What holds on this node of a policy of the deployment: what it has of its own stands over it.
async fn on_node(app: &App, of_deployment: String, basis: &Basis) -> Result<String, LoadFault> {
    match &basis.own {
        None => Ok(of_deployment),
        Some(own) => of_node(app, of_deployment, (own, basis.settings.as_deref())).await,
    }
}

/// The candidate as it would hold here, in the place of the deployment's policy.
async fn candidate(app: &App, basis: &Basis) -> Option<Arc<Candidate>> {
    let CandidateDocument { version, document } = basis.candidate.clone()?;
    let policy = on_node(app, document, basis).await.map_err(|fault| fault.to_string());
    if let Err(what) = &policy {
        let what = escaped(what);
        tracing::warn!(version, what, "the candidate policy cannot be judged by on this node");
    }
    Some(Arc::new(Candidate { version, policy }))
}

/// The policy of this node where it has one of its own.
async fn of_node(
    app: &App,
    of_deployment: String,
    (own, settings): (&OwnPolicy, Option<&str>),
) -> Result<String, LoadFault> {
    let release = cluster::release(settings).map_err(|error| LoadFault::Settings(error.to_string()))?;
    let combined = node_policy::combined(app, (of_deployment, own.document.clone()), (release, own.role));
    let combined = combined.await.map_err(LoadFault::Engine)?;
    combined
        .map_err(|refusal| LoadFault::Unusable(said::refusal("policy of this node", &refusal).to_string()))
}

fn stores(basis: Basis, names: BTreeSet<String>, node: &str) -> BTreeMap<String, Arc<Store>> {
    let mut stores: BTreeMap<String, Store> = names.into_iter().map(|name| (name, Store::new())).collect();
    for one in basis.certificates.into_iter().filter(|one| one.place.is_on(node)) {
        let stored = Stored { der: one.der, active_from: one.active_from };
        stores.entry(one.place.room.name).or_default().push(stored);
    }
    stores.into_iter().map(|(name, store)| (name, Arc::new(store))).collect()
}

fn unusable(store: &str, refusal: &Refusal) -> LoadFault {
    let input = if refusal.input == "settings" { "policy" } else { store };
    LoadFault::Unusable(said::refusal(input, refusal).to_string())
}
