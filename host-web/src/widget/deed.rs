//! Something that somebody set going: it is under way, done, or refused. One at a time; what became of it is said in a
//! live region.

use std::future::Future;

use sycamore::futures::spawn_local_scoped;
use sycamore::prelude::*;
use sycamore::reactive::{NodeHandle, use_current_scope};

use super::notice::{self, Weight};
use crate::server::{Answer, Failure, changes};

/// What a page lets people do, and what became of it.
#[derive(Clone, Copy)]
pub(crate) struct Deed {
    is_busy: Signal<bool>,
    outcome: Signal<Option<Result<String, Failure>>>,
    /// The page's own, so that a row that is shown anew does not end what it began.
    scope: NodeHandle,
}

/// Nothing is set going yet. The scope of the caller is the deed's life.
pub(crate) fn deed() -> Deed {
    Deed { is_busy: create_signal(false), outcome: create_signal(None), scope: use_current_scope() }
}

impl Deed {
    /// Sets something going, unless something is. `done` takes the answer and says what was done in a sentence, or in none;
    /// afterwards `things` are asked for again wherever they are shown.
    pub(crate) fn start<T, Asking, Done>(self, things: &'static [&'static str], asking: Asking, done: Done)
    where
        T: 'static,
        Asking: Future<Output = Answer<T>> + 'static,
        Done: FnOnce(T) -> String + 'static,
    {
        if self.is_busy.get_untracked() {
            return;
        }
        self.is_busy.set(true);
        self.scope.run_in(|| {
            spawn_local_scoped(async move {
                let answer = asking.await;
                let is_done = answer.is_ok();
                batch(|| {
                    self.is_busy.set(false);
                    self.outcome.set(Some(answer.map(done)));
                });
                if is_done {
                    things.iter().for_each(|thing| changes::changed(thing));
                }
            });
        });
    }

    /// Whether it is under way.
    pub(crate) fn is_busy(self) -> bool {
        self.is_busy.get()
    }

    /// What is under way, where that takes a while.
    pub(crate) fn under_way(self, said: &'static str) -> View {
        let shown = move || if self.is_busy.get() { super::busy::busy(said) } else { View::new() };
        view! { (shown()) }
    }

    /// What became of the last.
    pub(crate) fn said(self) -> View {
        let shown = move || match &self.outcome.get_clone() {
            None => View::new(),
            // what was done shows itself
            Some(Ok(said)) if said.is_empty() => View::new(),
            Some(Ok(said)) => notice::notice(Weight::Good, said.clone(), View::new()),
            Some(Err(failure)) => notice::failure(failure),
        };
        view! { div(class="outcome", aria-live="polite") { (shown()) } }
    }

    /// Says what was done in another way, and succeeded.
    pub(crate) fn tell(self, done: String) {
        self.outcome.set(Some(Ok(done)));
    }

    /// Forgets what became of it.
    pub(crate) fn forget(self) {
        self.outcome.set(None);
    }
}
