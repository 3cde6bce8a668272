//! A change that is tried before it is made: a dialog shows its plan, and a button makes it, unless something has changed
//! since. Once it is made the dialog closes, and the page says so.

use serde_json::Value;
use sycamore::prelude::*;

use super::deed::Deed;
use super::dialog::dialog;
use super::trial::{self, Stage, Trial, Write};
use crate::text::common;

/// The change.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Change {
    /// Names it, on the button too.
    pub(crate) title: &'static str,
    /// The method.
    pub(crate) method: &'static str,
    /// The path.
    pub(crate) path: String,
    /// What is sent.
    pub(crate) body: Option<Value>,
    /// Said when it is made.
    pub(crate) done: String,
}

/// What may have changed by it.
const THINGS: &[&str] = &["nodes", "certificates", "requests"];

impl Change {
    fn write(&self) -> Write {
        Write { method: self.method, path: self.path.clone(), body: self.body.clone() }
    }
}

/// The dialog of a page: open while there is a change to be looked at. `deed` says what was made.
pub(crate) fn planned(change: Signal<Option<Change>>, deed: Deed) -> View {
    let (is_open, trial) = (create_signal(false), Trial::new(THINGS));
    create_effect(move || {
        if let Some(wanted) = change.get_clone() {
            trial.try_out(wanted.write());
            is_open.set(true);
        } else {
            is_open.set(false);
        }
    });
    create_effect(move || {
        // the dialog was closed with Escape
        if !is_open.get() && change.with_untracked(Option::is_some) {
            change.set(None);
            trial.reset();
        }
    });
    create_effect(move || {
        let is_done = trial.stage.with(|stage| matches!(stage, Stage::Done(_)));
        if let Some(made) = change.get_clone_untracked().filter(|_| is_done) {
            deed.tell(made.done);
            change.set(None);
            trial.reset();
        }
    });
    let title = move || change.with(|change| change.as_ref().map_or("", |change| change.title));
    let title = view! { (title()) };
    dialog(is_open, title, move || {
        let title = change.with_untracked(|change| change.as_ref().map_or("", |change| change.title));
        let panel = trial::panel(trial, title, title);
        let cancel = move |_: web_sys::MouseEvent| is_open.set(false);
        view! {
            (panel)
            div(class="buttons") { button(r#type="button", on:click=cancel) { (common::CANCEL) } }
        }
    })
}
