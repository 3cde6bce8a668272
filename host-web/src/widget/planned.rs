//! A change that is tried before it is made: a dialog shows its plan, and a button makes it, unless something has changed
//! since.

use serde_json::Value;
use sycamore::prelude::*;

use super::deed::Deed;
use super::dialog::dialog;
use super::loaded::loaded;
use super::notice::{Weight, notice};
use super::plan;
use crate::document::outcome::Outcome;
use crate::server::Asked;
use crate::server::load::load;
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
    fn asked(&self, query: &str) -> Asked {
        let asked = Asked::write(self.method, format!("{}{query}", self.path));
        match &self.body {
            Some(body) => asked.json(body),
            None => asked,
        }
    }
}

/// The dialog of a page: open while there is a change to be looked at.
pub(crate) fn planned(change: Signal<Option<Change>>, deed: Deed) -> View {
    let is_open = create_signal(false);
    create_effect(move || is_open.set(change.with(Option::is_some)));
    create_effect(move || {
        if !is_open.get() && change.with_untracked(Option::is_some) {
            change.set(None);
        }
    });
    let title = move || change.with(|change| change.as_ref().map_or("", |change| change.title));
    let title = view! { (title()) };
    dialog(is_open, title, move || {
        change.get_clone_untracked().map_or_else(View::new, |wanted| body(wanted, change, deed))
    })
}

fn body(wanted: Change, change: Signal<Option<Change>>, deed: Deed) -> View {
    let tried = wanted.clone();
    let known = load(&[], move || tried.asked("?dry_run").versioned::<Outcome>());
    let shown = loaded(known, move |(outcome, version): &(Outcome, Option<String>)| {
        let explained = plan::plan(&outcome.plan);
        let refused = outcome.plan.refused;
        let nothing = if outcome.plan.effects.is_empty() && outcome.plan.findings.is_empty() {
            notice(Weight::Note, common::NO_FINDINGS, View::new())
        } else {
            View::new()
        };
        let (wanted, version, title) = (wanted.clone(), version.clone(), wanted.title);
        let make = move |_: web_sys::MouseEvent| {
            let done = wanted.done.clone();
            let asked = wanted.asked("").if_match(version.as_deref());
            deed.start(THINGS, asked.document::<Outcome>(), move |_| done);
            change.set(None);
        };
        view! {
            (nothing)
            (explained)
            div(class="buttons") {
                button(r#type="button", class="primary", disabled=refused, on:click=make) { (title) }
            }
        }
    });
    let cancel = move |_: web_sys::MouseEvent| change.set(None);
    view! {
        (shown)
        div(class="buttons") { button(r#type="button", on:click=cancel) { (common::CANCEL) } }
    }
}
