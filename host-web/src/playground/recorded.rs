//! Decisions that were recorded, read from their files and verified. What many of them share (policies, those who were
//! believed, evidence) is kept once: a few thousand are to find room in a page.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use engine_capsule::{Capsule, Concerned, Decision as Decided, Digest, Evidence, Record};
use sha2::{Digest as _, Sha256};

use crate::engine::kept::Trust;
use crate::text::{self, playground};
use crate::widget::chain::named;

/// A decision that was recorded.
pub(crate) struct Decision {
    /// The root of its parts: two with one root are one.
    pub(crate) root: Digest,
    /// The certificate that was asked about, as people know it.
    pub(crate) subject: String,
    /// Everything about it that no other decision shares.
    pub(crate) record: Record,
    /// The policy document that it was made by.
    pub(crate) policy: Rc<str>,
    /// What it rests on besides the policy.
    pub(crate) inputs: Inputs,
    /// Whether this engine decides as was recorded under the policy that was recorded, once that was looked at; why not,
    /// where it does not.
    pub(crate) confirmed: RefCell<Option<Result<(), String>>>,
}

/// What a verdict rests on besides the policy and the question.
#[derive(Clone)]
pub(crate) struct Inputs {
    /// Whom it believes.
    pub(crate) trust: Rc<Trust>,
    /// The evidence.
    pub(crate) evidence: Rc<Vec<Evidence>>,
}

impl PartialEq for Decision {
    fn eq(&self, other: &Self) -> bool {
        self.root == other.root
    }
}

impl Decision {
    /// Reads a capsule, and verifies it.
    ///
    /// # Errors
    /// Why it is no decision that could be judged again, in one sentence.
    pub(crate) fn read(octets: &[u8], pool: &mut Pool) -> Result<Self, String> {
        let capsule = Capsule::read(octets).map_err(|unreadable| unreadable.to_string())?;
        let mut record = Record::of(&capsule).map_err(|incomplete| incomplete.to_string())?;
        let concerned = Concerned::of(&record).map_err(|why| why.to_string())?;
        let subject = if concerned.fingerprint.is_empty() {
            text::with(playground::NO_SUBJECT, &[("root", &capsule.root().to_string())])
        } else {
            named(&concerned.subject)
        };
        let policy = pool.policy(std::mem::take(&mut record.policy));
        let inputs = Inputs {
            trust: pool.trust(Trust::new(std::mem::take(&mut record.trusted))),
            evidence: pool.evidence(std::mem::take(&mut record.evidence)),
        };
        Ok(Self { root: capsule.root(), subject, record, policy, inputs, confirmed: RefCell::default() })
    }

    /// The purpose that was asked for.
    pub(crate) fn purpose(&self) -> Option<&str> {
        self.record.question.purpose.as_deref()
    }

    /// What was decided.
    pub(crate) fn decided(&self) -> Decided {
        self.record.verdict.decision
    }
}

/// What decisions share.
#[derive(Default)]
pub(crate) struct Pool {
    policies: BTreeSet<Rc<str>>,
    trusts: BTreeMap<Digest, Rc<Trust>>,
    evidence: BTreeMap<Digest, Rc<Vec<Evidence>>>,
}

impl Pool {
    fn policy(&mut self, policy: String) -> Rc<str> {
        if let Some(known) = self.policies.get(policy.as_str()) {
            return Rc::clone(known);
        }
        let policy: Rc<str> = Rc::from(policy);
        self.policies.insert(Rc::clone(&policy));
        policy
    }

    fn trust(&mut self, trust: Trust) -> Rc<Trust> {
        Rc::clone(self.trusts.entry(trust.digest).or_insert_with(|| Rc::new(trust)))
    }

    fn evidence(&mut self, evidence: Vec<Evidence>) -> Rc<Vec<Evidence>> {
        // a capsule's own writing, of which there is one
        let text = serde_json::to_vec(&evidence).unwrap_or_default();
        let digest = Digest(Sha256::digest(text).into());
        Rc::clone(self.evidence.entry(digest).or_insert_with(|| Rc::new(evidence)))
    }
}
