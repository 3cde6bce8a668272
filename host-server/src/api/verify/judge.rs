//! A question put to the engine. One that fetches nothing is judged in one turn; one that fetches takes a turn for each
//! round only, so that nobody waits for a responder but whoever asked for it.

use std::sync::{Arc, mpsc};
use std::time::Duration;

use axum::http::StatusCode;
use sha2::{Digest, Sha256};
use tokio::runtime::Handle;

use super::inputs::{Asked, Believed, numbered};
use crate::api::Shared;
use crate::api::document;
use crate::api::error::ApiError;
use crate::api::reason::{self, Insight};
use crate::cli::{console, revocation};
use crate::component::contract::evidence::{Answered, Item};
use crate::component::contract::request::{Mode, TrustRole, Validation};
use crate::component::contract::types::Refusal;
use crate::component::contract::verdict::Verdict;
use crate::component::kept::Recipe;
use crate::component::limits::Ceilings;
use crate::component::pool::Unanswered;
use crate::component::{Answer, Fault, Session, Validator};
use crate::fetch::cache::Accepted;
use crate::resolve::{self, Judge, Means, Question, Step, Unresolved};
use crate::signature;
use crate::trusted::Snapshot;

/// Memory and time for a question with lists that were fetched.
pub(crate) const ONLINE: Ceilings = Ceilings { memory: 1024 * 1024 * 1024, time: Duration::from_secs(120) };

/// An input that cannot be used, by its name in the request.
struct Unusable(String, Refusal);

/// What a question is judged with, in any session.
#[derive(Clone)]
struct Bench {
    policy: String,
    mode: Mode,
    believed: Believed,
    snapshot: Option<Arc<Snapshot>>,
    ceilings: Ceilings,
    /// The policy is the one in force, so that others ask under it too.
    is_shared: bool,
}

/// What the engine found in the inputs.
struct Read {
    validation: Validation,
    evidence: Vec<Item>,
}

/// The verdict.
///
/// # Errors
/// An input that the engine cannot use, and no answer.
pub(super) async fn judge(
    app: &Shared,
    (mut asked, snapshot): (Asked, Option<Arc<Snapshot>>),
    insight: Insight,
) -> Result<Verdict, ApiError> {
    let in_force = snapshot.as_ref().map(|snapshot| snapshot.policy.clone());
    let bench = Bench {
        is_shared: asked.policy.is_none(),
        policy: asked.policy.take().or(in_force).unwrap_or_default(),
        mode: asked.mode,
        believed: asked.believed.clone(),
        snapshot,
        ceilings: if asked.online { ONLINE } else { Ceilings::DEFAULT },
    };
    let runtime = Handle::current();
    if asked.online {
        return online(app, asked, bench, insight).await;
    }
    let judged = bench.clone().with_validator(app, move |session, validator| {
        let read = match read(session, &asked)? {
            Ok(read) => read,
            Err(unusable) => return Ok(Err(unusable)),
        };
        let means = Means { signatures: Some(signature::answer), ..Means::offline(read.validation.at) };
        let mut question = Question { session, validator, validation: &read.validation };
        decided(runtime.block_on(resolve::resolve(&mut question, read.evidence, &means)))
    });
    judged.await?.map_err(|Unusable(input, refusal)| document::refused(&input, &refusal))
}

impl Bench {
    /// Does something with a validator that is kept, or made for this question alone.
    async fn with_validator<T: Send + 'static>(
        self,
        app: &Shared,
        work: impl FnOnce(&mut Session, &Validator) -> Result<Result<T, Unusable>, Fault> + Send + 'static,
    ) -> Result<Result<T, Unusable>, Unanswered> {
        let shared = self.shared();
        let Some(recipe) = shared else {
            let ceilings = self.ceilings;
            return app
                .pool
                .ask_within(ceilings, move |session| match self.prepare(session)? {
                    Ok(validator) => work(session, &validator),
                    Err(unusable) => Ok(Err(unusable)),
                })
                .await;
        };
        let prepare = move |session: &mut Session| {
            Ok(self.prepare(session)?.map_err(|Unusable(input, refusal)| Refusal { input, ..refusal }))
        };
        let answered = app.pool.ask_prepared(recipe, prepare, work).await?;
        Ok(answered.unwrap_or_else(|refusal| Err(Unusable(refusal.input.clone(), refusal))))
    }

    /// What is shared with other questions, if all of it is.
    fn shared(&self) -> Option<Recipe> {
        match (&self.snapshot, &self.believed) {
            (Some(snapshot), Believed::Store(store)) if self.is_shared => {
                Some(snapshot.recipe(store, self.mode, self.ceilings))
            }
            _ => None,
        }
    }

    fn prepare(&self, session: &mut Session) -> Result<Result<Validator, Unusable>, Fault> {
        let of_policy = |refusal| Unusable("policy".to_owned(), refusal);
        let anchors = match (&self.believed, &self.snapshot) {
            (Believed::Store(store), Some(snapshot)) => {
                let prepared = snapshot.prepare(session, store, (&self.policy, self.mode))?;
                return Ok(prepared.map_err(of_policy));
            }
            (Believed::Store(_), None) => &[][..],
            (Believed::Anchors(anchors), _) => anchors,
        };
        let validator = match session.validator(&self.policy, self.mode)? {
            Ok(validator) => validator,
            Err(refusal) => return Ok(Err(of_policy(refusal))),
        };
        for (place, file) in anchors.iter().enumerate() {
            if let Err(refusal) = trust(session, &validator, file)? {
                return Ok(Err(Unusable(numbered("anchors", place), refusal)));
            }
        }
        Ok(Ok(validator))
    }
}

/// Whoever names a certificate as an anchor trusts it both as an issuer and as itself.
fn trust(session: &mut Session, validator: &Validator, file: &[u8]) -> Answer<()> {
    let bundle = match session.read_bundle(file)? {
        Ok(bundle) => bundle,
        Err(refusal) => return Ok(Err(refusal)),
    };
    for certificate in &bundle.certificates {
        let trusted = session.add_anchor(validator, certificate, TrustRole::IssuerAndLeaf)?;
        if trusted.is_err() {
            return Ok(trusted);
        }
    }
    Ok(Ok(()))
}

/// Finds certificates and lists in what was sent.
fn read(session: &mut Session, asked: &Asked) -> Result<Result<Read, Unusable>, Fault> {
    let mut target = match session.read_bundle(&asked.certificate)? {
        Ok(bundle) => bundle.certificates.into_iter(),
        Err(refusal) => return Ok(Err(Unusable("certificate".to_owned(), refusal))),
    };
    let certificate = target.next().unwrap_or_default();
    let mut untrusted: Vec<Vec<u8>> = target.collect();
    for (place, file) in asked.untrusted.iter().enumerate() {
        match session.read_bundle(file)? {
            Ok(bundle) => untrusted.extend(bundle.certificates),
            Err(refusal) => return Ok(Err(Unusable(numbered("untrusted", place), refusal))),
        }
    }
    let mut evidence = Vec::new();
    let supplied = |body: Vec<u8>| Answered { request_id: None, body };
    for (place, file) in asked.crls.iter().enumerate() {
        match session.read_crls(file)? {
            Ok(lists) => evidence.extend(lists.into_iter().map(|list| Item::Crl(supplied(list)))),
            Err(refusal) => return Ok(Err(Unusable(numbered("crls", place), refusal))),
        }
    }
    evidence.extend(asked.responses.iter().cloned().map(|body| Item::OcspResponse(supplied(body))));
    let validation = Validation {
        target: certificate,
        untrusted,
        at: asked.at,
        purpose: asked.purpose.clone(),
        names: asked.names.clone(),
        nonce_seed: None,
        answers_signature_checks: true,
    };
    Ok(Ok(Read { validation, evidence }))
}

fn decided(
    resolved: Result<resolve::Resolved<Verdict>, Unresolved>,
) -> Result<Result<Verdict, Unusable>, Fault> {
    match resolved {
        Ok(resolved) => Ok(Ok(resolved.verdict)),
        Err(Unresolved::Refused(refusal)) => Ok(Err(Unusable(refusal.input.clone(), refusal))),
        Err(Unresolved::Fault(fault)) => Err(fault),
        Err(other) => Err(Fault::Trap(other.to_string())),
    }
}

/// The verdict with whatever can be fetched.
async fn online(app: &Shared, asked: Asked, bench: Bench, insight: Insight) -> Result<Verdict, ApiError> {
    let Some(fetcher) = app.fetcher.clone() else {
        let detail = "this server fetches nothing; `fetch.online = true` in its configuration makes it";
        return Err(ApiError::new(StatusCode::CONFLICT, "fetch.offline", detail).about("online"));
    };
    let seed =
        revocation::nonce_seed_of_system().map_err(|failure| ApiError::fault(format!("{failure:?}")))?;
    let begin = bench.clone().with_validator(app, move |session, validator| {
        let settings = session.settings(validator)?;
        Ok(read(session, &asked)?.map(|read| (read, settings)))
    });
    let (mut read, settings) =
        begin.await?.map_err(|Unusable(input, refusal)| document::refused(&input, &refusal))?;
    read.validation.nonce_seed = Some(seed);
    let means = Means {
        fetcher: Some(fetcher),
        signatures: Some(signature::answer),
        // what was accepted under other settings, or by the word of others, is nothing here
        scope: bench.scope(&settings),
        told: reason::told(insight),
        ..Means::offline(console::clock())
    };
    let (app, runtime) = (Arc::clone(app), Handle::current());
    let judged = tokio::task::spawn_blocking(move || {
        let mut rounds =
            Rounds { app, bench, validation: read.validation, runtime: runtime.clone(), failed: None };
        let resolved = runtime.block_on(resolve::resolve(&mut rounds, read.evidence, &means));
        match rounds.failed {
            Some(unanswered) => Err(unanswered),
            None => decided(resolved).map_err(Unanswered::Fault),
        }
    });
    let judged = judged.await.unwrap_or(Err(Unanswered::Panicked));
    judged?.map_err(|Unusable(input, refusal)| document::refused(&input, &refusal))
}

impl Bench {
    /// Under what an answer from the cache must have been accepted: the settings, and whom they apply to.
    fn scope(&self, settings: &str) -> Vec<u8> {
        let mut digest = Sha256::new();
        digest.update(settings.as_bytes());
        match &self.believed {
            Believed::Anchors(anchors) => {
                anchors.iter().for_each(|anchor| digest.update(Sha256::digest(anchor)))
            }
            Believed::Store(store) => digest.update(store.as_bytes()),
        }
        digest.finalize().to_vec()
    }
}

/// A judge that takes a turn for each round.
struct Rounds {
    app: Shared,
    bench: Bench,
    validation: Validation,
    runtime: Handle,
    failed: Option<Unanswered>,
}

impl Judge for Rounds {
    type Verdict = Verdict;

    fn evaluate(&mut self, evidence: &[Item]) -> Answer<Step<Verdict>> {
        let (app, bench) = (Arc::clone(&self.app), self.bench.clone());
        let (validation, evidence) = (self.validation.clone(), evidence.to_vec());
        let (tell, told) = mpsc::channel();
        self.runtime.spawn(async move {
            let stepped = bench.with_validator(&app, move |session, validator| {
                let mut question = Question { session, validator, validation: &validation };
                let stepped = question.evaluate(&evidence)?;
                Ok(stepped.map_err(|refusal| Unusable(refusal.input.clone(), refusal)))
            });
            let _nobody_waits = tell.send(stepped.await);
        });
        match told.recv().unwrap_or(Err(Unanswered::Panicked)) {
            Ok(stepped) => Ok(stepped.map_err(|Unusable(input, refusal)| Refusal { input, ..refusal })),
            Err(unanswered) => {
                let fault = Fault::Trap(unanswered.to_string());
                self.failed = Some(unanswered);
                Err(fault)
            }
        }
    }

    fn accepted(&self, verdict: &Verdict) -> Vec<(String, Accepted)> {
        resolve::accepted(verdict)
    }
}
