//! Sessions that are kept with a validator ready in them, so that what many questions share is parsed once. A validator
//! remembers nothing of a question; all the same a session that failed, or that a question made large, is let go.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use super::limits::Ceilings;
use super::{Session, Validator};

/// What a validator was prepared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipe {
    /// Grows with everything that validators are prepared with; those of an earlier one are let go.
    pub generation: u64,
    /// Which of that generation.
    pub name: String,
    /// How far the session may go.
    pub ceilings: Ceilings,
}

/// A session with a validator that lives in it.
pub(super) struct Kept {
    pub(super) recipe: Recipe,
    pub(super) session: Session,
    pub(super) validator: Validator,
    /// The memory it had when the validator was ready.
    pub(super) prepared: usize,
}

/// A session that grew more than this was made so by one question, and few others need as much.
const GROWTH: usize = 32 * 1024 * 1024;

/// Sessions that nobody uses at the moment, the longest unused first.
pub(super) struct Shelf {
    most: usize,
    kept: Mutex<(u64, VecDeque<Kept>)>,
}

impl fmt::Debug for Shelf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shelf").field("most", &self.most).finish_non_exhaustive()
    }
}

impl Shelf {
    pub(super) fn new(most: usize) -> Self {
        Self { most, kept: Mutex::new((0, VecDeque::new())) }
    }

    /// One that was prepared so, if there is one.
    pub(super) fn take(&self, recipe: &Recipe) -> Option<Kept> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let place = kept.1.iter().rposition(|one| one.recipe == *recipe)?;
        kept.1.remove(place)
    }

    /// Keeps one for the next question. INVARIANT: no more than `most` stand here.
    pub(super) fn put(&self, one: Kept) {
        let has_grown = one.session.memory() > one.prepared.saturating_add(GROWTH);
        if one.session.is_broken() || has_grown {
            return;
        }
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if one.recipe.generation < kept.0 || self.most == 0 {
            return;
        }
        if kept.1.len() >= self.most {
            drop(kept.1.pop_front());
        }
        kept.1.push_back(one);
    }

    /// Lets go of everything that was prepared with what came before a generation.
    pub(super) fn forget_before(&self, generation: u64) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.0 = kept.0.max(generation);
        kept.1.retain(|one| one.recipe.generation >= generation);
    }
}
