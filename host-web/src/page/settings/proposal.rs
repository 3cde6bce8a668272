//! A document before it is saved: the engine of the server tries it, people see what would change and what has to be
//! restarted, and only then it is saved, unless somebody was faster.

use sycamore::futures::spawn_local_scoped;
use sycamore::prelude::*;
use sycamore::reactive::{NodeHandle, use_current_scope};

use super::{InForce, THINGS};
use crate::document::policy::{Difference, Outcome, Restart, differences};
use crate::server::{Asked, Failure};
use crate::text::{common, settings};
use crate::widget::deed::{Deed, deed};
use crate::widget::dialog;
use crate::widget::notice::{Weight, failure, notice};
use crate::widget::table;

/// Somebody at work on a document.
#[derive(Clone, Copy)]
pub(super) struct Editing {
    in_force: Signal<InForce>,
    /// What was tried and would be saved.
    proposed: Signal<Option<(String, Outcome)>>,
    /// One is being tried.
    is_reviewing: Signal<bool>,
    /// Counts what was saved.
    saved: Signal<u32>,
    /// What to restart after it was.
    restart: Signal<Vec<Restart>>,
    /// Trying and saving.
    pub(super) deed: Deed,
    /// Why the last one was refused.
    pub(super) refused: Signal<Option<Failure>>,
    scope: NodeHandle,
}

impl Editing {
    /// Nothing is proposed yet.
    pub(super) fn new(in_force: InForce, saved: Signal<u32>) -> Self {
        Self {
            in_force: create_signal(in_force),
            proposed: create_signal(None),
            is_reviewing: create_signal(false),
            saved,
            restart: create_signal(Vec::new()),
            deed: deed(),
            refused: create_signal(None),
            scope: use_current_scope(),
        }
    }

    /// The document in force.
    pub(super) fn document(self) -> String {
        self.in_force.with_untracked(|in_force| in_force.document.clone())
    }

    /// Tries a document, and shows what it would change.
    pub(super) fn review(self, document: String) {
        if self.is_reviewing.replace(true) {
            return;
        }
        self.deed.forget();
        self.refused.set(None);
        let path = self.in_force.with_untracked(|in_force| format!("{}?dry_run", in_force.path));
        let asked = Asked::write("PUT", path).text("application/toml", &document);
        self.scope.run_in(|| {
            spawn_local_scoped(async move {
                let answer = asked.document::<Outcome>().await;
                self.is_reviewing.set(false);
                match answer {
                    Ok(outcome) => self.proposed.set(Some((document, outcome))),
                    Err(failure) => self.refused.set(Some(failure)),
                }
            });
        });
    }

    fn save(self) {
        let Some((document, _)) = self.proposed.get_clone_untracked() else { return };
        let (path, version) =
            self.in_force.with_untracked(|in_force| (in_force.path.clone(), in_force.version.clone()));
        let asked =
            Asked::write("PUT", path).text("application/toml", &document).if_match(version.as_deref());
        let asking = async move { asked.versioned::<Outcome>().await };
        self.proposed.set(None);
        self.deed.start(THINGS, asking, move |(outcome, version)| {
            self.in_force.update(|in_force| {
                in_force.version = version;
                in_force.document = document;
                in_force.settings = outcome.settings;
            });
            if outcome.advice.is_empty() {
                self.saved.update(|saved| *saved = saved.wrapping_add(1));
            } else {
                self.restart.set(outcome.advice);
            }
            settings::SAVED.to_owned()
        });
    }
}

/// The dialogs: what would change, and what to restart once it is saved.
pub(super) fn dialog(editing: Editing) -> View {
    let (is_open, is_told) = (create_signal(false), create_signal(false));
    create_effect(move || is_open.set(editing.proposed.with(Option::is_some)));
    create_effect(move || {
        if !is_open.get() && editing.proposed.with_untracked(Option::is_some) {
            editing.proposed.set(None);
        }
    });
    create_effect(move || is_told.set(editing.restart.with(|restart| !restart.is_empty())));
    create_effect(move || {
        if !is_told.get() && editing.restart.with_untracked(|restart| !restart.is_empty()) {
            editing.restart.set(Vec::new());
            editing.saved.update(|saved| *saved = saved.wrapping_add(1));
        }
    });
    let refused = move || editing.refused.get_clone().as_ref().map_or_else(View::new, failure);
    let review = dialog::dialog(is_open, settings::PROPOSAL.into(), move || proposed(editing));
    let told = dialog::dialog(is_told, settings::SAVED_TITLE.into(), move || told(editing, is_told));
    view! {
        div(aria-live="polite") { (refused()) }
        (review)
        (told)
    }
}

fn proposed(editing: Editing) -> View {
    let Some((document, outcome)) = editing.proposed.get_clone_untracked() else { return View::new() };
    let (before, was) =
        editing.in_force.with_untracked(|in_force| (in_force.settings.clone(), in_force.document.clone()));
    let found = differences(&before, &outcome.settings);
    let changes = if found.is_empty() {
        let said = if was == document { settings::NOTHING_CHANGED } else { settings::NO_EFFECT };
        notice(Weight::Note, said, View::new())
    } else {
        let columns = [settings::SETTING, settings::BEFORE, settings::AFTER];
        table::table(settings::PROPOSAL, &columns, found.iter().map(difference).collect())
    };
    let advice = restart(&outcome.advice);
    let is_same = was == document;
    let save = move |_: web_sys::MouseEvent| editing.save();
    let cancel = move |_: web_sys::MouseEvent| editing.proposed.set(None);
    view! {
        (changes)
        (advice)
        details {
            summary { (settings::WRITTEN) }
            pre(tabindex="0") { (document) }
        }
        div(class="buttons") {
            button(r#type="button", class="primary", disabled=is_same, on:click=save) { (settings::SAVE) }
            button(r#type="button", on:click=cancel) { (common::CANCEL) }
        }
    }
}

/// The popup after saving (R-OCSP-20): only where the server, that is the engine, says so (R-OCSP-21).
fn told(editing: Editing, is_told: Signal<bool>) -> View {
    let advice = restart(&editing.restart.get_clone_untracked());
    let close = move |_: web_sys::MouseEvent| is_told.set(false);
    view! {
        p { (settings::SAVED) }
        (advice)
        div(class="buttons") { button(r#type="button", class="primary", on:click=close) { (common::CLOSE) } }
    }
}

fn difference(difference: &Difference) -> View {
    let name = difference.name.clone();
    // as the engine writes it, in which nothing is hidden: a setting's value is its own or was accepted by it
    let value = |value: &Option<String>| match value.clone() {
        Some(value) => table::cell(view! { code { (value) } }),
        None => table::cell(table::text(None)),
    };
    let (before, after) = (value(&difference.before), value(&difference.after));
    table::row(vec![table::row_head(view! { code { (name) } }), before, after])
}

fn restart(advice: &[Restart]) -> View {
    if advice.is_empty() {
        return View::new();
    }
    let rows = advice.iter().map(|one| {
        let kind = settings::KINDS.iter().find(|(word, _)| *word == one.kind).map_or("", |(_, said)| said);
        table::row(vec![
            table::row_head(table::text(Some(&one.service))),
            table::cell(kind),
            table::cell(table::text(Some(&one.nodes.join(", ")))),
        ])
    });
    let columns = [settings::SERVICE, settings::KIND, settings::ON_NODES];
    let table = table::table(settings::RESTART, &columns, rows.collect());
    view! {
        h3 { (settings::RESTART) }
        (table)
    }
}
