//! The desk: decides about clients of other servers. A decision that may be told again is told again; whatever else is
//! asked is let in by the gate, asked once for everybody who asks the same, and decided as any other question.
//!
//! No decision is audited: one for every connection of every server would bury what people did, and make each wait for the
//! database. Each is counted and logged with the hash of its trace, by which it can be made again.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::timeout;

use super::cache::{Cache, Edition, Key};
use super::candidate::Comparer;
use super::class::{Class, Decisions};
use super::decision::{Decision, Keeping, breaks_promise};
use super::gate::{Gate, Place, Room};
use super::lane::Lanes;
use super::ledger::Ledger;
use super::recorder::Recorder;
use super::{Asked, Believed, Decider, Undecided};
use crate::api::reason::{self, Insight};
use crate::app::App;
use crate::cli::{console, said};
use crate::component::contract::request::ReferenceIdentifier;
use crate::component::pool::{Pool, Unanswered};
use crate::fetch::Fetcher;
use crate::resolve::{Limits, Reuse};
use crate::trusted::{Snapshot, View};

/// What another server asks about a client.
#[derive(Clone, Debug)]
pub struct Inquiry {
    /// The client's certificate: PEM, DER or PKCS #7.
    pub certificate: Vec<u8>,
    /// What the client sent with it.
    pub chain: Vec<Vec<u8>>,
    /// Names of which it must carry one, where the class has none of its own.
    pub names: Vec<ReferenceIdentifier>,
    /// How much whoever asks may learn of why a fetch failed.
    pub insight: Insight,
    /// Whether the whole document is wanted.
    pub keeping: Keeping,
}

/// A decision, and whether it was made for this question.
#[derive(Clone, Debug)]
pub struct Told {
    /// The decision.
    pub decision: Arc<Decision>,
    /// It was made for another question.
    pub from_cache: bool,
}

/// Why there is no decision.
#[derive(Clone, Debug)]
pub enum Untold {
    /// There are more questions than can be answered.
    Overloaded,
    /// The state could not be loaded.
    NotReady,
    /// The store of the class is not there, or holds too much to be decided by.
    Store(String),
    /// The class is live, and under the policy nobody was asked about the certificate.
    NotLive,
    /// The question could not be decided.
    Undecided(Undecided),
}

impl fmt::Display for Untold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Overloaded => f.write_str("there are more questions than can be answered"),
            Self::NotReady => f.write_str("the state could not be loaded"),
            Self::Store(name) => write!(f, "the trust store `{name}` cannot be decided by"),
            Self::NotLive => f.write_str("the class is live and the policy asks nobody"),
            Self::Undecided(undecided) => undecided.fmt(f),
        }
    }
}

impl std::error::Error for Untold {}

/// What is under way, by what was asked and how it is answered.
type Number = (Key, Keeping);

/// The desk of one server.
pub struct Desk {
    classes: BTreeMap<String, Arc<Class>>,
    /// The share of decisions for other servers.
    pool: Pool,
    fetcher: Option<Fetcher>,
    gate: Gate,
    limits: Limits,
    cache: Mutex<Cache>,
    lanes: Lanes<Number, Result<Arc<Decision>, Untold>>,
    ledger: Arc<Ledger>,
    recorder: Option<Arc<Recorder>>,
    comparer: Arc<Comparer>,
}

impl fmt::Debug for Desk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Desk").field("classes", &self.classes.keys()).finish_non_exhaustive()
    }
}

impl Desk {
    /// Reads the classes and has the engine read their policies.
    ///
    /// # Errors
    /// One line: the class, its file and what was expected.
    pub async fn open(
        form: &Decisions,
        pool: &Pool,
        fetcher: Option<Fetcher>,
        (ledger, recorder, comparer): (&Arc<Ledger>, Option<&Arc<Recorder>>, &Arc<Comparer>),
    ) -> Result<Self, String> {
        let mut classes = BTreeMap::new();
        for form in &form.classes {
            let class = Class::read(form)?;
            try_policy(&class, pool).await?;
            classes.insert(class.name.clone(), Arc::new(class));
        }
        let patience = Duration::from_millis(form.wait_milliseconds);
        Ok(Self {
            classes,
            pool: pool.other_share(form.at_once),
            fetcher,
            gate: Gate::new(Room { at_once: form.at_once, queue: form.queue, patience }),
            limits: Limits { total: Duration::from_secs(form.answer_seconds), ..Limits::default() },
            cache: Mutex::new(Cache::new(form.cache_entries)),
            lanes: Lanes::default(),
            ledger: Arc::clone(ledger),
            recorder: recorder.cloned(),
            comparer: Arc::clone(comparer),
        })
    }

    /// The class of this name.
    #[must_use]
    pub fn class(&self, name: &str) -> Option<Arc<Class>> {
        self.classes.get(name).cloned()
    }

    /// Decides about a client of a class.
    ///
    /// # Errors
    /// [`Untold`]; then nobody is to be let in.
    pub async fn tell(&self, app: &App, class: &Arc<Class>, inquiry: Inquiry) -> Result<Told, Untold> {
        let snapshot = standing(app, class).await?;
        let number = (key(class, &inquiry), inquiry.keeping);
        if inquiry.keeping == Keeping::Summary
            && let Some(decision) = self.cache().find(edition(&snapshot), number.0, console::clock())
        {
            return Ok(Told { decision, from_cache: true });
        }
        let place = self.gate.enter().ok_or(Untold::Overloaded)?;
        let asking = self.decide(app, class, inquiry, (number.0, place));
        // whoever is before may take as long for it as this one will
        let asked = timeout(self.longest(), self.lanes.ask(number, asking)).await;
        let decision = asked.unwrap_or(Err(Untold::Overloaded))?;
        Ok(Told { decision, from_cache: false })
    }

    /// The longest that a question is in the house: another asking, a turn, and its own.
    fn longest(&self) -> Duration {
        self.limits.total.saturating_mul(2).saturating_add(Duration::from_secs(5))
    }

    /// Decides anew and keeps what may be told again.
    async fn decide(
        &self,
        app: &App,
        class: &Arc<Class>,
        inquiry: Inquiry,
        (key, place): (Key, Place),
    ) -> Result<Arc<Decision>, Untold> {
        let turn = self.gate.turn(place).await.ok_or(Untold::Overloaded)?;
        // what is in use now, after the wait
        let snapshot = standing(app, class).await?;
        let (edition, keeping) = (edition(&snapshot), inquiry.keeping);
        let (decider, class) = (self.decider(class, &inquiry), Arc::clone(class));
        let deciding = tokio::spawn(async move {
            // INVARIANT: held until it is decided, even where nobody waits any more
            let _turn = turn;
            decide(&decider, &class, inquiry, snapshot).await
        });
        let decision = deciding.await.unwrap_or(Err(Untold::Undecided(Unanswered::Panicked.into())))?;
        let decision = Arc::new(decision);
        if keeping == Keeping::Summary {
            self.cache().put(edition, key, &decision);
        }
        Ok(decision)
    }

    fn decider(&self, class: &Class, inquiry: &Inquiry) -> Decider {
        Decider {
            pool: self.pool.clone(),
            fetcher: self.fetcher.clone(),
            told: reason::told(inquiry.insight),
            // of a class whose answers are repeated too: what `cache-seconds` says is then all the age there is
            reuse: Reuse::NoResponses,
            limits: self.limits,
            policy_name: Some(class.name.as_str().into()),
            ledger: Some(Arc::clone(&self.ledger)),
            recorder: self.recorder.clone(),
            comparer: Some(Arc::clone(&self.comparer)),
            answers: class.answers,
        }
    }

    fn cache(&self) -> MutexGuard<'_, Cache> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn decide(
    decider: &Decider,
    class: &Class,
    inquiry: Inquiry,
    snapshot: Arc<Snapshot>,
) -> Result<Decision, Untold> {
    let (now, version) = (console::clock(), snapshot.version.0);
    let asked = Asked {
        certificate: inquiry.certificate,
        untrusted: inquiry.chain,
        believed: Believed::Store(class.store.clone()),
        purpose: Some(class.purpose.clone()),
        names: if class.names.is_empty() { inquiry.names } else { class.names.clone() },
        at: now,
        policy: class.policy.clone(),
        mode: class.mode,
        crls: Vec::new(),
        responses: Vec::new(),
        online: decider.fetcher.is_some(),
    };
    let resolved = decider.decide(asked, Some(snapshot), now).await.map_err(|undecided| match undecided {
        Undecided::Unanswered(Unanswered::Overloaded) => Untold::Overloaded,
        undecided => Untold::Undecided(undecided),
    })?;
    if breaks_promise(class.answers, &resolved.verdict) {
        return Err(Untold::NotLive);
    }
    Ok(Decision::of(class, resolved.verdict, version, inquiry.keeping))
}

/// What is decided by at this moment.
async fn standing(app: &App, class: &Class) -> Result<Arc<Snapshot>, Untold> {
    let view: &View = &app.trusted;
    let known = *app.storage.watch().borrow();
    let snapshot = view.current(known).await.ok_or(Untold::NotReady)?;
    if snapshot.has(&class.store) { Ok(snapshot) } else { Err(Untold::Store(class.store.clone())) }
}

fn edition(snapshot: &Snapshot) -> Edition {
    Edition { version: snapshot.version.0, generation: snapshot.generation() }
}

/// A class never changes while the server runs, so its name stands for all of it.
fn key(class: &Class, inquiry: &Inquiry) -> Key {
    let insight: &[u8] = match inquiry.insight {
        Insight::Exact => b"exact",
        Insight::Generic => b"generic",
    };
    let names: Vec<String> = inquiry.names.iter().map(|name| format!("{name:?}")).collect();
    let names_key = Key::of(names.iter().map(String::as_bytes));
    let head = [class.name.as_bytes(), insight, names_key.octets(), inquiry.certificate.as_slice()];
    Key::of(head.into_iter().chain(inquiry.chain.iter().map(Vec::as_slice)))
}

/// Has the engine read the policy of a class.
async fn try_policy(class: &Class, pool: &Pool) -> Result<(), String> {
    let Some(policy) = class.policy.clone() else { return Ok(()) };
    let mode = class.mode;
    let tried = pool.ask(move |session| Ok(session.validator(&policy, mode)?.map(drop))).await;
    let told = |what: String| format!("decide.class `{}`: {what}", class.name);
    match tried {
        Ok(Ok(())) => Ok(()),
        Ok(Err(refusal)) => Err(told(said::refusal("policy", &refusal).to_string())),
        Err(unanswered) => Err(told(unanswered.to_string())),
    }
}
