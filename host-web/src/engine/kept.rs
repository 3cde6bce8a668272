//! Validators that many questions share: one for each policy document, mode and list of those who are believed, prepared
//! once and given back when others are wanted more. A trap takes all of them with it, being of one instance.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use engine_capsule::{Digest, Mode, Trusted};
use sha2::{Digest as _, Sha256};

use super::{Answer, Validator, engine, recorded};

/// The most that are kept: documents come and go as somebody types, and deployments have a few trust stores.
const MOST: usize = 16;

/// Whom a decision believed, with a hash that is the same for the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Trust {
    /// The hash.
    pub(crate) digest: Digest,
    /// In the order in which the engine is told.
    pub(crate) list: Vec<Trusted>,
}

impl Trust {
    /// With its hash.
    pub(crate) fn new(list: Vec<Trusted>) -> Self {
        let mut hash = Sha256::new();
        for one in &list {
            // a capsule's own writing, of which there is one
            let text = serde_json::to_vec(one).unwrap_or_default();
            hash.update(u64::try_from(text.len()).unwrap_or(u64::MAX).to_be_bytes());
            hash.update(text);
        }
        Self { digest: Digest(hash.finalize().into()), list }
    }
}

/// What a validator is made of.
#[derive(Clone, Debug)]
pub(crate) struct Terms {
    /// The policy document.
    pub(crate) policy: Rc<str>,
    /// The mode that it is read in.
    pub(crate) mode: Mode,
    /// Whom it believes.
    pub(crate) trust: Rc<Trust>,
}

impl PartialEq for Terms {
    fn eq(&self, other: &Self) -> bool {
        self.mode == other.mode && self.trust.digest == other.trust.digest && self.policy == other.policy
    }
}

thread_local! {
    /// The one that was used last comes first.
    static KEPT: RefCell<VecDeque<(Terms, Rc<Validator>)>> = const { RefCell::new(VecDeque::new()) };
}

/// The validator of these terms, made where it is not there yet.
///
/// # Errors
/// [`Problem`](super::Problem) where the engine cannot use the document or whoever is believed, or fails.
pub(crate) async fn validator(terms: &Terms) -> Answer<Rc<Validator>> {
    let engine = engine().await?;
    let known = KEPT.with_borrow_mut(|kept| {
        let place = kept.iter().position(|(known, _)| known == terms)?;
        let found = kept.remove(place)?;
        let validator = Rc::clone(&found.1);
        kept.push_front(found);
        Some(validator)
    });
    if let Some(known) = known {
        return Ok(known);
    }
    let made = engine.validator_in(&terms.policy, recorded::mode(terms.mode))?;
    recorded::believe(&made, &terms.trust.list)?;
    let made = Rc::new(made);
    let past = KEPT.with_borrow_mut(|kept| {
        kept.push_front((terms.clone(), Rc::clone(&made)));
        kept.split_off(MOST.min(kept.len()))
    });
    // given back to the engine only now: what that does is not done while the list is held
    drop(past);
    Ok(made)
}

/// Forgets all of them: the instance that they are of is gone.
pub(super) fn forget() {
    let gone = KEPT.with_borrow_mut(std::mem::take);
    drop(gone);
}
