//! Ours, through the component: alone, and with the signature checks answered by the host. The second is what a
//! server does: it asks, answers what the engine wants to know, and asks again.

use host_server::component::contract::evaluate::Outcome;
use host_server::component::contract::evidence::{Item, Wanted};
use host_server::component::contract::request::{Mode, ReferenceIdentifier, TrustRole, Validation};
use host_server::component::contract::verdict::Decision;
use host_server::component::contract::verdict::Verdict;
use host_server::component::{Allocation, Engine, Session, Validator};
use host_server::signature;

use crate::chains::{AT, Chain, NAME};

pub(crate) struct Ours {
    session: Session,
    validator: Validator,
    question: Validation,
}

impl Ours {
    /// Alone: the component verifies every signature.
    pub(crate) fn alone(chain: &Chain) -> Result<Self, String> {
        Self::new(chain, false)
    }

    /// The host answers the checks it is asked.
    pub(crate) fn answered(chain: &Chain) -> Result<Self, String> {
        Self::new(chain, true)
    }

    fn new(chain: &Chain, answers_signature_checks: bool) -> Result<Self, String> {
        let mut session = Engine::load(Allocation::OnDemand)
            .and_then(|engine| engine.session())
            .map_err(|fault| fault.to_string())?;
        let validator = session
            .validator("", Mode::AsWritten)
            .map_err(|fault| fault.to_string())?
            .map_err(|refusal| format!("{refusal:?}"))?;
        session
            .add_anchor(&validator, &chain.root, TrustRole::Issuer)
            .map_err(|fault| fault.to_string())?
            .map_err(|refusal| format!("{refusal:?}"))?;
        let question = Validation {
            target: chain.leaf.clone(),
            untrusted: vec![chain.intermediate.clone()],
            at: AT,
            purpose: Some("server-auth".to_owned()),
            names: vec![ReferenceIdentifier::Dns(NAME.to_owned())],
            nonce_seed: None,
            answers_signature_checks,
        };
        Ok(Self { session, validator, question })
    }

    pub(crate) fn judge(&mut self) -> Result<(), String> {
        match self.resolve(&[])? {
            verdict if verdict.decision == Decision::Allow => Ok(()),
            verdict => Err(format!("not allowed: {}", verdict.document)),
        }
    }

    fn resolve(&mut self, evidence: &[Item]) -> Result<Verdict, String> {
        let outcome = self
            .session
            .evaluate(&self.validator, &self.question, evidence)
            .map_err(|fault| fault.to_string())?
            .map_err(|refusal| format!("{refusal:?}"))?;
        let needs = match outcome {
            Outcome::Decided(verdict) => return Ok(verdict),
            Outcome::Needs(needs) => needs,
        };
        let mut answers = Vec::new();
        for need in &needs {
            match &need.what {
                Wanted::SignatureChecks(checks) => answers.extend(signature::answer(&need.id, checks)),
                other => return Err(format!("asked for {other:?}")),
            }
        }
        if !evidence.is_empty() || answers.is_empty() {
            return Err(format!("asked again for {needs:?}"));
        }
        self.resolve(&answers)
    }
}
