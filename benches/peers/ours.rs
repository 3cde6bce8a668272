//! Ours, through the component.

use host_server::component::contract::evaluate::Outcome;
use host_server::component::contract::request::{ReferenceIdentifier, TrustRole, Validation};
use host_server::component::contract::verdict::Decision;
use host_server::component::{Allocation, Engine, Session, Validator};

use crate::chains::{AT, Chain, NAME};

pub(crate) struct Ours {
    session: Session,
    validator: Validator,
    question: Validation,
}

impl Ours {
    pub(crate) fn new(chain: &Chain) -> Result<Self, String> {
        let mut session = Engine::load(Allocation::OnDemand)
            .and_then(|engine| engine.session())
            .map_err(|fault| fault.to_string())?;
        let validator = session
            .validator("")
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
            answers_signature_checks: false,
        };
        Ok(Self { session, validator, question })
    }

    pub(crate) fn judge(&mut self) -> Result<(), String> {
        let outcome =
            self.session.evaluate(&self.validator, &self.question, &[]).map_err(|fault| fault.to_string())?;
        match outcome {
            Ok(Outcome::Decided(verdict)) if verdict.decision == Decision::Allow => Ok(()),
            other => Err(format!("not allowed: {other:?}")),
        }
    }
}
