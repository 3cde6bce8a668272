//! Something that a page shows: asked for when it is first looked at, and again whenever it has changed.

use std::future::Future;

use sycamore::futures::spawn_local_scoped;
use sycamore::prelude::*;

use super::{Answer, Failure, changes};

/// How far the answer has come.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Loaded<T> {
    /// It has been asked for.
    Waiting,
    /// It is here.
    Here(T),
    /// There is none.
    Failed(Failure),
}

/// Asks now, and again when one of `things` changes or a signal that `ask` reads does. What was here stays until the
/// next answer is.
pub(crate) fn load<T, Asking, Ask>(things: &'static [&'static str], ask: Ask) -> ReadSignal<Loaded<T>>
where
    T: Clone + PartialEq + 'static,
    Asking: Future<Output = Answer<T>> + 'static,
    Ask: Fn() -> Asking + 'static,
{
    let state = create_signal(Loaded::Waiting);
    create_effect(move || {
        changes::follow(things);
        let asking = ask();
        spawn_local_scoped(async move {
            let answer = match asking.await {
                Ok(answer) => Loaded::Here(answer),
                Err(failure) => Loaded::Failed(failure),
            };
            // nothing moves on the page where nothing has changed
            if state.with_untracked(|before| *before != answer) {
                state.set(answer);
            }
        });
    });
    *state
}
