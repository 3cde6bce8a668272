//! The engine's arithmetic beside the host's: each signature is verified by the engine alone, and again with the
//! host's answer where the engine asks for one. Both must end in the same, error and charge included.

use std::collections::BTreeMap;

use ::engine::budget::{Budget, Limits, Spent};
use ::engine::certificate::public_key::PublicKey;
use ::engine::certificate::{AlgorithmIdentifier, Certificate};
use ::engine::outsourced::Outsourced;
use ::engine::settings::algorithm::SignatureAlgorithm;
use ::engine::signature::{SignatureError, SignedData, verify};
use host_server::component::contract::evidence::SignatureCheck;
use pki::algorithm::Algorithm;
use pki::certificate::Sketch;

/// What a key and an algorithm are to the engine, read from a certificate that holds both.
pub(crate) struct Signer {
    key: PublicKey,
    algorithm: AlgorithmIdentifier,
}

impl Signer {
    /// `None` when the engine does not read such a key.
    pub(crate) fn new(subject_public_key_info: &[u8], algorithm: Algorithm) -> Option<Self> {
        let identifier = algorithm.identifier();
        let holder = Sketch::leaf("holder").public_key_info(subject_public_key_info);
        let holder = holder.inner_algorithm(&identifier).outer_algorithm(&identifier).signature(&[0]);
        let holder = Certificate::decode(&holder.issue().der).ok()?;
        Some(Self { key: holder.public_key, algorithm: holder.signature_algorithm })
    }

    /// The outcome and the charge.
    fn verified(&self, message: &[u8], signature: &[u8], budget: &mut Budget) -> Outcome {
        let signed = SignedData { message, algorithm: &self.algorithm, signature };
        let outcome = verify(&signed, &self.key, None, budget);
        (outcome, budget.spent())
    }
}

type Outcome = (Result<SignatureAlgorithm, SignatureError>, Spent);

/// Who did the arithmetic, and what came of it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// By the host, and valid.
    pub(crate) valid: usize,
    /// By the host, and invalid.
    pub(crate) invalid: usize,
    /// The host was not asked: not offered, or refused before any arithmetic.
    pub(crate) kept: usize,
    differing: Vec<String>,
}

impl Tally {
    /// Verifies both ways.
    pub(crate) fn add(&mut self, name: &str, signer: &Signer, message: &[u8], signature: &[u8]) {
        let own = signer.verified(message, signature, &mut Budget::new(Limits::DEFAULT));
        let mut asking = Budget::outsourcing(Limits::DEFAULT, Outsourced::offered(BTreeMap::new()));
        let first = signer.verified(message, signature, &mut asking);
        let [check] = asking.outsourced().wanted() else {
            self.kept += 1;
            return self.compare(name, &own, &first);
        };
        assert!(first.0.is_ok(), "{name}: assumed until the host answers");
        let verifies = host_server::signature::verifies(&SignatureCheck {
            id: check.id.clone(),
            algorithm: check.algorithm.to_owned(),
            key: check.key.clone(),
            message: check.message.clone(),
            signature: check.signature.clone(),
        });
        let Some(verifies) = verifies else {
            return self.differing.push(format!("{name}: the host cannot do what it is offered"));
        };
        *(if verifies { &mut self.valid } else { &mut self.invalid }) += 1;
        let answers = BTreeMap::from([(check.id.clone(), verifies)]);
        let mut answered = Budget::outsourcing(Limits::DEFAULT, Outsourced::offered(answers));
        let second = signer.verified(message, signature, &mut answered);
        assert!(!answered.outsourced().awaits(), "{name}: asked again");
        self.compare(name, &own, &second);
    }

    fn compare(&mut self, name: &str, own: &Outcome, other: &Outcome) {
        if own != other {
            self.differing.push(format!("{name}: {own:?}, with the host {other:?}"));
        }
    }

    /// Nothing differed.
    pub(crate) fn agree(self) -> (usize, usize, usize) {
        assert_eq!(self.differing, Vec::<String>::new());
        (self.valid, self.invalid, self.kept)
    }
}
