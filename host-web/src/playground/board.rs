//! What lies on the bench, for as long as the visit lasts: leaving the page and coming back loses nothing.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use engine_capsule::Digest;
use sycamore::prelude::*;
use sycamore::reactive::{NodeHandle, use_current_scope};

use super::check::{self, Standing};
use super::judge::Judgement;
use super::recorded::{Decision, Pool};
use super::run;

/// A document that the engine accepts; each has a number of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Accepted {
    /// Its text.
    pub(crate) document: Rc<str>,
    /// Its number.
    pub(crate) edition: u32,
}

/// A file that is no decision that could be judged, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unusable {
    /// Its name, possibly hostile.
    pub(crate) name: String,
    /// Why.
    pub(crate) reason: String,
}

/// What is looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Chosen {
    /// A decision, by its place.
    Decision(usize),
    /// A case, by its name.
    Case(String),
}

/// How far something has come, of how much.
pub(crate) type Progress = Option<(usize, usize)>;

/// Everything on the bench.
#[derive(Clone, Copy)]
pub(crate) struct Board {
    /// The document as it is typed.
    pub(crate) text: Signal<String>,
    /// What the engine says of it.
    pub(crate) standing: Signal<Standing>,
    /// The last that was accepted.
    pub(crate) accepted: Signal<Option<Accepted>>,
    /// The decisions, in the order they came.
    pub(crate) decisions: Signal<Vec<Rc<Decision>>>,
    /// Files that are none.
    pub(crate) unusable: Signal<Vec<Unusable>>,
    /// What became of each decision; the same places.
    pub(crate) judgements: Signal<Vec<Option<Rc<Judgement>>>>,
    /// Decisions that are read.
    pub(crate) taking: Signal<Progress>,
    /// Decisions that are judged.
    pub(crate) judging: Signal<Progress>,
    /// Whose verdict is shown.
    pub(crate) chosen: Signal<Option<Chosen>>,
    /// The page's own scope: what is begun by an event ends with the page.
    pub(crate) scope: NodeHandle,
}

/// What is kept while other pages are shown.
#[derive(Default)]
struct Held {
    text: Option<String>,
    accepted: Option<Accepted>,
    decisions: Vec<Rc<Decision>>,
    unusable: Vec<Unusable>,
    judgements: Vec<Option<Rc<Judgement>>>,
}

thread_local! {
    static HELD: RefCell<Held> = RefCell::default();
    static POOL: RefCell<Pool> = RefCell::default();
}

/// The bench with what was on it before, and whether that was anything.
pub(crate) fn begin() -> (Board, bool) {
    let held = HELD.take();
    let was_there = held.text.is_some();
    let board = Board {
        text: create_signal(held.text.unwrap_or_default()),
        standing: create_signal(Standing::Reading),
        accepted: create_signal(held.accepted),
        decisions: create_signal(held.decisions),
        unusable: create_signal(held.unusable),
        judgements: create_signal(held.judgements),
        taking: create_signal(None),
        judging: create_signal(None),
        chosen: create_signal(None),
        scope: use_current_scope(),
    };
    create_effect(move || check::as_typed(board));
    create_effect(move || run::all(board));
    on_cleanup(move || {
        HELD.set(Held {
            text: Some(board.text.get_clone_untracked()),
            accepted: board.accepted.get_clone_untracked(),
            decisions: board.decisions.get_clone_untracked(),
            unusable: board.unusable.get_clone_untracked(),
            judgements: board.judgements.get_clone_untracked(),
        });
    });
    (board, was_there)
}

impl Board {
    /// Decisions are put beside those that are there; one that is there already is passed over.
    pub(crate) fn add(self, new: Vec<Decision>, unusable: Vec<Unusable>) {
        if !new.is_empty() {
            let mut decisions = self.decisions.get_clone_untracked();
            let mut known: BTreeSet<Digest> = decisions.iter().map(|one| one.root).collect();
            decisions.extend(new.into_iter().filter(|one| known.insert(one.root)).map(Rc::new));
            let count = decisions.len();
            // rows look for their decision as soon as there is a place for what becomes of it
            self.decisions.set(decisions);
            self.judgements.update(|judgements| judgements.resize(count, None));
        }
        if !unusable.is_empty() {
            self.unusable.update(|known| known.extend(unusable));
        }
    }

    /// Takes every decision off the bench.
    pub(crate) fn clear(self) {
        self.chosen.set(None);
        self.judging.set(None);
        self.judgements.set(Vec::new());
        self.decisions.set(Vec::new());
        self.unusable.set(Vec::new());
        POOL.set(Pool::default());
    }

    /// What many decisions share is there once.
    pub(crate) fn pooled<T>(use_pool: impl FnOnce(&mut Pool) -> T) -> T {
        POOL.with_borrow_mut(use_pool)
    }
}
