//! An operation in two steps: what it would do is asked of the server and shown, and it is done only when somebody says
//! so, and only if nothing has changed in between.

use sycamore::futures::spawn_local_scoped;
use sycamore::prelude::*;
use sycamore::reactive::NodeHandle;

use super::busy;
use super::notice::{self, Weight};
use crate::document::outcome::Outcome;
use crate::server::{Asked, Failure, changes};
use crate::text::{common, trial};

/// A write that can be tried.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Write {
    /// The method.
    pub(crate) method: &'static str,
    /// The address, with the query if there is one.
    pub(crate) path: String,
    /// The document that is sent.
    pub(crate) body: Option<serde_json::Value>,
}

impl Write {
    fn asked(&self, path: String) -> Asked {
        let asked = Asked::write(self.method, path);
        match &self.body {
            Some(body) => asked.json(body),
            None => asked,
        }
    }

    fn trial(&self) -> Asked {
        let sign = if self.path.contains('?') { '&' } else { '?' };
        self.asked(format!("{}{sign}dry_run", self.path))
    }
}

/// How far it has come.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Stage {
    /// Nothing was asked.
    Begin,
    /// What it would do is being found out.
    Waiting,
    /// It is being done.
    Doing,
    /// This would be done.
    Tried(Outcome),
    /// This was done.
    Done(Outcome),
    /// There is no answer, or a refusal.
    Failed(Failure),
}

/// An operation.
#[derive(Clone, Copy)]
pub(crate) struct Trial {
    /// How far it has come.
    pub(crate) stage: Signal<Stage>,
    write: Signal<Option<Write>>,
    /// What the trial was of.
    version: Signal<Option<String>>,
    /// Counts what was asked for, so that an answer that comes late takes no newer one's place.
    turn: Signal<u32>,
    /// Answers are awaited for as long as the page that has made this is shown.
    scope: NodeHandle,
    concerns: &'static [&'static str],
}

impl Trial {
    /// An operation that changes these things.
    pub(crate) fn new(concerns: &'static [&'static str]) -> Self {
        Self {
            stage: create_signal(Stage::Begin),
            write: create_signal(None),
            version: create_signal(None),
            turn: create_signal(0),
            scope: use_current_scope(),
            concerns,
        }
    }

    /// Asks what it would do, unless something is being done: whatever is shown then belongs to that.
    pub(crate) fn try_out(self, write: Write) {
        if self.stage.with_untracked(|stage| *stage == Stage::Doing) {
            return;
        }
        let asked = write.trial();
        self.write.set(Some(write));
        let turn = self.next_turn();
        self.stage.set(Stage::Waiting);
        let answered = async move {
            let answer = asked.versioned::<Outcome>().await;
            if self.turn.get_untracked() != turn {
                return;
            }
            let stage = match answer {
                Ok((outcome, version)) => {
                    self.version.set(version);
                    Stage::Tried(outcome)
                }
                Err(failure) => Stage::Failed(failure),
            };
            self.stage.set(stage);
        };
        self.scope.run_in(|| spawn_local_scoped(answered));
    }

    /// Asks again.
    pub(crate) fn try_again(self) {
        if let Some(write) = self.write.get_clone_untracked() {
            self.try_out(write);
        }
    }

    /// Does what was tried, once, and if nothing has changed since.
    pub(crate) fn carry_out(self) {
        if !self.stage.with_untracked(|stage| matches!(stage, Stage::Tried(_))) {
            return;
        }
        let Some(write) = self.write.get_clone_untracked() else { return };
        let version = self.version.get_clone_untracked();
        let asked = write.asked(write.path.clone()).if_match(version.as_deref());
        let turn = self.next_turn();
        self.stage.set(Stage::Doing);
        let answered = async move {
            let stage = match asked.document::<Outcome>().await {
                Ok(outcome) => Stage::Done(outcome),
                Err(failure) => Stage::Failed(failure),
            };
            if matches!(stage, Stage::Done(_)) {
                self.concerns.iter().for_each(|thing| changes::changed(thing));
            }
            if self.turn.get_untracked() == turn {
                self.stage.set(stage);
            }
        };
        self.scope.run_in(|| spawn_local_scoped(answered));
    }

    fn next_turn(self) -> u32 {
        let turn = self.turn.get_untracked().wrapping_add(1);
        self.turn.set(turn);
        turn
    }

    /// Forgets everything, the answer to come too.
    pub(crate) fn reset(self) {
        self.next_turn();
        self.stage.set(Stage::Begin);
        self.write.set(None);
    }

    /// Why it was not done, and a way to ask again: where something has changed in between, what would be done now may
    /// be something else.
    pub(crate) fn failed(self, failure: &Failure) -> View {
        let said = notice::failure(failure);
        let again = move |_| self.try_again();
        view! {
            (said)
            div(class="buttons") { button(r#type="button", on:click=again) { (trial::AGAIN) } }
        }
    }
}

/// What is shown while an answer is awaited.
pub(crate) fn waiting() -> View {
    busy::busy(common::LOADING)
}

/// What is shown while it is being done.
pub(crate) fn doing() -> View {
    busy::busy(trial::DOING)
}

/// A plan as it was tried: a refusal first.
pub(crate) fn tried(outcome: &Outcome) -> View {
    let (plan, made) = (super::plan::plan(&outcome.plan), super::made::planned(&outcome.plan.unsigned));
    let refused = if outcome.plan.refused {
        notice::notice(Weight::Bad, trial::REFUSED, View::new())
    } else {
        View::new()
    };
    let nothing = outcome
        .plan
        .findings
        .is_empty()
        .then(|| notice::notice(Weight::Good, common::NO_FINDINGS, View::new()));
    view! {
        (refused)
        (nothing)
        (made)
        (plan)
    }
}

/// An operation as it goes on: what would be done, with a button to do it; and what was done, with what was made.
pub(crate) fn panel(trial: Trial, carry_out: &'static str, done: &'static str) -> View {
    let shown = move || match trial.stage.get_clone() {
        Stage::Begin => View::new(),
        Stage::Waiting => waiting(),
        Stage::Doing => doing(),
        Stage::Tried(outcome) => {
            let (tried, id) = (tried(&outcome), super::field::identifier());
            super::focus::focus(id.clone());
            let act = move |_| trial.carry_out();
            let button = (!outcome.plan.refused)
                .then(|| view! { button(r#type="button", class="primary", on:click=act) { (carry_out) } });
            view! {
                h2(id=id, tabindex="-1") { (trial::PREVIEWED) }
                (tried)
                div(class="buttons") { (button) }
            }
        }
        Stage::Done(outcome) => {
            let good = notice::notice(Weight::Good, done, View::new());
            let (made, plan) = (super::made::made(&outcome.made), super::plan::done(&outcome.plan));
            let id = super::field::identifier();
            super::focus::focus(id.clone());
            view! { div(id=id, tabindex="-1") { (good) (made) (plan) } }
        }
        Stage::Failed(failure) => trial.failed(&failure),
    };
    view! { div(class="panel", aria-live="polite") { (shown()) } }
}
