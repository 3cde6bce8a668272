//! What a question is judged with: a policy, whom it believes, and a validator made of both in some session of the pool.

use sha2::{Digest, Sha256};
use std::sync::Arc;

use super::{Asked, Believed, Unusable, numbered};
use crate::component::contract::evidence::{Answered, Item};
use crate::component::contract::request::{Mode, TrustRole, Validation};
use crate::component::contract::types::Refusal;
use crate::component::kept::Recipe;
use crate::component::limits::Ceilings;
use crate::component::pool::{Pool, Unanswered};
use crate::component::{Answer, Fault, Session, Validator};
use crate::resolve::Reuse;
use crate::trusted::{Candidate, Snapshot};

/// What a question is judged with, in any session.
#[derive(Clone)]
pub(super) struct Bench {
    pub(super) policy: String,
    pub(super) mode: Mode,
    pub(super) believed: Believed,
    pub(super) snapshot: Option<Arc<Snapshot>>,
    pub(super) ceilings: Ceilings,
    /// SHA-256 of the certificate asked about, as it was sent.
    pub(super) target: [u8; 32],
    /// Whether others ask under this policy too.
    pub(super) sharing: Sharing,
}

/// Whether others ask under a policy, so that a validator of it is kept.
#[derive(Clone)]
pub(super) enum Sharing {
    /// Nobody does.
    Alone,
    /// It is the one in force.
    InForce,
    /// It never changes, and has this name.
    Under(Arc<str>),
}

/// What the engine found in the inputs.
pub(super) struct Read {
    pub(super) validation: Validation,
    pub(super) evidence: Vec<Item>,
}

impl Bench {
    /// Does something with a validator that is kept, or made for this question alone.
    pub(super) async fn with_validator<T: Send + 'static>(
        self,
        pool: &Pool,
        work: impl FnOnce(&mut Session, &Validator) -> Result<Result<T, Unusable>, Fault> + Send + 'static,
    ) -> Result<Result<T, Unusable>, Unanswered> {
        let shared = self.shared();
        let Some(recipe) = shared else {
            let ceilings = self.ceilings;
            return pool
                .ask_within(ceilings, move |session| match self.prepare(session)? {
                    Ok(validator) => work(session, &validator),
                    Err(unusable) => Ok(Err(unusable)),
                })
                .await;
        };
        let prepare = move |session: &mut Session| {
            Ok(self.prepare(session)?.map_err(|Unusable(input, refusal)| Refusal { input, ..refusal }))
        };
        let answered = pool.ask_prepared(recipe, prepare, work).await?;
        Ok(answered.unwrap_or_else(|refusal| Err(Unusable(refusal.input.clone(), refusal))))
    }

    /// The candidate policy beside the one in force, where the question is judged under that.
    pub(super) fn candidate(&self) -> Option<&Arc<Candidate>> {
        match self.sharing {
            Sharing::InForce => self.snapshot.as_ref()?.candidate.as_ref(),
            Sharing::Alone | Sharing::Under(_) => None,
        }
    }

    /// The same with another policy document, which many ask under.
    pub(super) fn under(self, policy: String, name: String) -> Self {
        Self { policy, sharing: Sharing::Under(name.into()), ..self }
    }

    /// What is shared with other questions, if all of it is.
    fn shared(&self) -> Option<Recipe> {
        match (&self.snapshot, &self.believed) {
            (Some(snapshot), Believed::Store(store)) => {
                let recipe = snapshot.recipe(store, self.mode, self.ceilings);
                match &self.sharing {
                    Sharing::Alone => None,
                    Sharing::InForce => Some(recipe),
                    // no store has such a name
                    Sharing::Under(name) => {
                        Some(Recipe { name: format!("{}\n{name}", recipe.name), ..recipe })
                    }
                }
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
            (Believed::StoreBeside(store), Some(snapshot)) => {
                let prepared =
                    snapshot.prepare_beside(session, (store, &self.target), (&self.policy, self.mode))?;
                return Ok(prepared.map_err(of_policy));
            }
            (Believed::Store(_) | Believed::StoreBeside(_), None) => &[][..],
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
pub(super) fn read(session: &mut Session, asked: &Asked) -> Result<Result<Read, Unusable>, Fault> {
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

impl Bench {
    /// Under what an answer from the cache must have been accepted: the settings, and whom they apply to.
    pub(super) fn scope(&self, settings: &str, reuse: Reuse) -> Vec<u8> {
        let mut digest = Sha256::new();
        digest.update(settings.as_bytes());
        if let Reuse::SamePeriod(period) = reuse {
            digest.update(period.to_be_bytes());
        }
        match &self.believed {
            Believed::Anchors(anchors) => {
                anchors.iter().for_each(|anchor| digest.update(Sha256::digest(anchor)))
            }
            Believed::Store(store) | Believed::StoreBeside(store) => digest.update(store.as_bytes()),
        }
        digest.finalize().to_vec()
    }
}
