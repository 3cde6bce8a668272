//! Every decision under the document, in slices short enough that typing stays smooth. Another document, or more
//! decisions, end what is out of date and begin anew with what is not judged yet.

use std::rc::Rc;

use sycamore::futures::spawn_local_scoped;

use super::board::{Accepted, Board, Chosen};
use super::judge::{self, Judgement};
use super::recorded::Decision;
use crate::server::changes;

/// Milliseconds for which the page waits at most: a frame of its screen.
const SLICE: f64 = 12.0;
/// Milliseconds between two pictures of how far it has come.
const SHOWN: f64 = 250.0;
/// Faults one after another after which the engine is given up: something is wrong that another try does not mend.
const FAULTS: usize = 5;

/// Milliseconds of this visit.
pub(super) fn clock() -> f64 {
    web_sys::window().and_then(|window| window.performance()).map_or(0.0, |performance| performance.now())
}

/// Lets the page do what waits, once a slice is over.
pub(super) struct Slices {
    begun: f64,
    shown: f64,
}

impl Slices {
    /// The first begins.
    pub(super) fn begin() -> Self {
        let now = clock();
        Self { begun: now, shown: now }
    }

    /// Whether it is time to show how far things have come.
    pub(super) fn is_picture(&mut self) -> bool {
        let is_picture = clock() - self.shown > SHOWN;
        if is_picture {
            self.shown = clock();
        }
        is_picture
    }

    /// Waits where the slice is over.
    pub(super) async fn rest(&mut self) {
        if clock() - self.begun > SLICE {
            changes::wait(0).await;
            self.begun = clock();
        }
    }
}

/// Judges what is not judged under the document in force.
pub(crate) fn all(board: Board) {
    let accepted = board.accepted.get_clone();
    let decisions = board.decisions.get_clone();
    let Some(accepted) = accepted else { return };
    let waiting = waiting(board, &accepted, &decisions);
    if waiting.is_empty() {
        return board.judging.set(None);
    }
    spawn_local_scoped(async move {
        judge_all(board, &accepted, &decisions, waiting).await;
        board.judging.set(None);
    });
}

/// What is not judged yet: the one that is looked at first, then those together that believe the same.
fn waiting(board: Board, accepted: &Accepted, decisions: &[Rc<Decision>]) -> Vec<usize> {
    let mut waiting: Vec<usize> = board.judgements.with_untracked(|judgements| {
        let is_judged = |place: usize| {
            let judgement = judgements.get(place).and_then(Option::as_ref);
            judgement.is_some_and(|judgement| judgement.edition == accepted.edition)
        };
        (0..decisions.len()).filter(|place| !is_judged(*place)).collect()
    });
    let chosen = board.chosen.get_clone_untracked();
    let trust = |place: usize| decisions.get(place).map(|decision| decision.inputs.trust.digest);
    waiting.sort_by_key(|place| (chosen != Some(Chosen::Decision(*place)), trust(*place), *place));
    waiting
}

async fn judge_all(board: Board, accepted: &Accepted, decisions: &[Rc<Decision>], waiting: Vec<usize>) {
    let (mut done, mut slices, mut faults) = (Vec::new(), Slices::begin(), 0_usize);
    let total = waiting.len();
    for (number, place) in waiting.into_iter().enumerate() {
        let Some(decision) = decisions.get(place) else { continue };
        let judgement = judge::of_decision(decision, accepted).await;
        faults = if judgement.outcome.is_err() { faults.saturating_add(1) } else { 0 };
        done.push((place, Rc::new(judgement)));
        if faults >= FAULTS {
            break;
        }
        if slices.is_picture() {
            put(board, &mut done);
            board.judging.set(Some((number.saturating_add(1), total)));
        }
        slices.rest().await;
    }
    put(board, &mut done);
}

/// Shows what is judged.
fn put(board: Board, done: &mut Vec<(usize, Rc<Judgement>)>) {
    board.judgements.update(|judgements| {
        for (place, judgement) in done.drain(..) {
            if let Some(known) = judgements.get_mut(place) {
                *known = Some(judgement);
            }
        }
    });
}
