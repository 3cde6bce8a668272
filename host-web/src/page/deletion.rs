//! Deleting a trust certificate, in two steps: what it would break and what has to be restarted, then a confirmation that
//! says that it cannot be undone (R-DEL-4, R-DEL-5, R-DEL-9). Deleted is only what was looked at, and only if nothing has
//! changed since.

use sycamore::prelude::*;

use crate::document::entry::Entry;
use crate::document::outcome::Outcome;
use crate::server::encoded;
use crate::text::{self, common, deletion};
use crate::widget::notice::{Weight, notice};
use crate::widget::trial::{self, Stage, Trial, Write};
use crate::widget::{dialog, field, focus, plan};

/// What somebody wants to delete.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Doomed {
    kind: String,
    room: String,
    node: Option<String>,
    fingerprint: String,
    name: String,
}

impl Doomed {
    /// A certificate in its place.
    pub(super) fn of(entry: &Entry) -> Self {
        Self {
            kind: entry.kind.clone(),
            room: entry.room.clone(),
            node: entry.node.clone(),
            fingerprint: entry.fingerprint.clone(),
            name: entry.called(),
        }
    }

    fn write(&self) -> Write {
        let path = [&self.kind, &self.room, &self.fingerprint].map(|part| encoded(part)).join("/");
        let node = self.node.iter().map(|node| format!("?node={}", encoded(node))).collect::<String>();
        Write { method: "DELETE", path: format!("/api/v1/certificates/{path}{node}"), body: None }
    }

    fn said(&self, sentence: &str) -> String {
        let node = self.node.as_deref().unwrap_or(common::EVERY_NODE);
        text::with(sentence, &[("name", &self.name), ("room", &self.room), ("node", node)])
    }
}

/// The dialog's parts.
#[derive(Clone, Copy)]
struct Parts {
    doomed: Signal<Option<Doomed>>,
    trial: Trial,
    is_open: Signal<bool>,
    /// The impact was read.
    is_read: Signal<bool>,
    /// What was typed to confirm.
    typed: Signal<String>,
}

/// Where lists and pages put what somebody wants to delete.
pub(super) fn asked() -> Signal<Option<Doomed>> {
    create_signal(None)
}

/// The dialog; `after` is called when something was deleted and the dialog is closed.
pub(super) fn dialog(doomed: Signal<Option<Doomed>>, after: impl Fn() + 'static) -> View {
    let parts = Parts {
        doomed,
        trial: Trial::new(&["certificates"]),
        is_open: create_signal(false),
        is_read: create_signal(false),
        typed: create_signal(String::new()),
    };
    create_effect(move || {
        if let Some(wanted) = doomed.get_clone() {
            parts.typed.set(String::new());
            parts.is_read.set(false);
            parts.trial.try_out(wanted.write());
            parts.is_open.set(true);
        }
    });
    create_effect(move || {
        if !parts.is_open.get() && doomed.with_untracked(Option::is_some) {
            let is_done = parts.trial.stage.with_untracked(|stage| matches!(stage, Stage::Done(_)));
            doomed.set(None);
            parts.trial.reset();
            if is_done {
                after();
            }
        }
    });
    let title = move || doomed.with(|doomed| doomed.as_ref().map(|doomed| doomed.said(deletion::TITLE)));
    let title = view! { (title().unwrap_or_default()) };
    dialog::dialog(parts.is_open, title, move || {
        let step = move || step(parts);
        view! { (step()) }
    })
}

fn step(parts: Parts) -> View {
    let is_read = parts.is_read.get();
    let Some(doomed) = parts.doomed.get_clone() else { return View::new() };
    match parts.trial.stage.get_clone() {
        Stage::Begin | Stage::Waiting => trial::waiting(),
        Stage::Doing => trial::doing(),
        Stage::Tried(_) if is_read => confirmation(parts, &doomed),
        Stage::Tried(outcome) => impact(parts, &outcome),
        Stage::Done(outcome) => done(parts, &doomed, &outcome),
        Stage::Failed(failure) => {
            let failed = parts.trial.failed(&failure);
            let close = close(parts, common::CLOSE);
            view! { (failed) (close) }
        }
    }
}

/// The first step. R-DEL-4
fn impact(parts: Parts, outcome: &Outcome) -> View {
    let caution = notice(Weight::Warning, deletion::CAUTION, view! { p { (deletion::CAUTION_SAID) } });
    let (plan, close) = (trial::tried(outcome), close(parts, common::CANCEL));
    let refused = outcome.plan.refused;
    let go_on = move |_| {
        parts.is_read.set(true);
    };
    let id = field::identifier();
    focus::focus(id.clone());
    let go_on = (!refused).then(|| {
        view! { button(r#type="button", on:click=go_on) { (deletion::GO_ON) } }
    });
    view! {
        h3(id=id, tabindex="-1") { (deletion::IMPACT) }
        (caution)
        (plan)
        div(class="buttons") { (go_on) (close) }
    }
}

/// The second. R-DEL-5, R-DEL-9
fn confirmation(parts: Parts, doomed: &Doomed) -> View {
    let said = doomed.said(deletion::FOR_GOOD_SAID);
    let warning = notice(Weight::Warning, deletion::FOR_GOOD, view! { p { (said) } });
    let (id, close) = (field::identifier(), close(parts, common::CANCEL));
    let input = id.clone();
    focus::focus(id.clone());
    let is_confirmed = move || parts.typed.with(|typed| typed.trim() == deletion::WORD);
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if is_confirmed() {
            parts.trial.carry_out();
        }
    };
    let back = move |_| parts.is_read.set(false);
    view! {
        form(on:submit=submit) {
            h3 { (deletion::CONFIRM) }
            (warning)
            div(class="field") {
                label(r#for=id) { (deletion::TYPE_WORD) }
                input(id=input, autocomplete="off", autocapitalize="none", bind:value=parts.typed)
            }
            div(class="buttons") {
                button(r#type="submit", class="dangerous", disabled=!is_confirmed()) { (deletion::DELETE) }
                button(r#type="button", on:click=back) { (deletion::BACK) }
                (close)
            }
        }
    }
}

fn done(parts: Parts, doomed: &Doomed, outcome: &Outcome) -> View {
    let done = notice(Weight::Good, doomed.said(deletion::DONE), View::new());
    let (plan, id) = (plan::done(&outcome.plan), field::identifier());
    focus::focus(id.clone());
    let close = move |_| parts.is_open.set(false);
    view! {
        (done)
        (plan)
        div(class="buttons") { button(r#type="button", id=id, class="primary", on:click=close) { (common::CLOSE) } }
    }
}

fn close(parts: Parts, name: &'static str) -> View {
    let close = move |_| parts.is_open.set(false);
    view! { button(r#type="button", on:click=close) { (name) } }
}
