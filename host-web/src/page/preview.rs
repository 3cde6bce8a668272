//! Files before they leave the machine: what they are, what would be decided about them, and what an upload would do.

use sycamore::prelude::*;

use crate::place::Place;
use crate::preview::take::{self, Taken};
use crate::preview::{decide, place, show, snapshot};
use crate::text::{self, preview};
use crate::widget::field;

/// The page.
pub(crate) fn page(_: Place) -> View {
    let taken = take::begin();
    let known = snapshot::known();
    let (door, files, decide) = (door(taken), files(taken), decide::section(taken, known));
    let upload = place::section(taken, known);
    view! {
        h1 { (preview::NAME) }
        p { (preview::INTRODUCTION) }
        (door)
        (files)
        (decide)
        (upload)
    }
}

/// Where files come in by mouse, keyboard and clipboard.
fn door(taken: Taken) -> View {
    let class = move || if taken.is_over.get() { "drop over" } else { "drop" };
    let (id, pasted) = (field::identifier(), create_signal(String::new()));
    let (other, area) = (id.clone(), field::identifier());
    let labelled = area.clone();
    let submit = move |_| {
        take::take_text(taken, pasted.get_clone_untracked());
        pasted.set(String::new());
    };
    view! {
        div(class=class()) {
            p { strong { (preview::DROP) } }
            p(class="aside") { (preview::DROP_WHAT) }
            label(r#for=id, class="choose") { (preview::CHOOSE) }
            input(id=other, r#type="file", multiple=true,
                on:change=move |event: web_sys::Event| take::chosen(taken, &event))
        }
        details(class="card") {
            summary { (preview::PASTE) }
            div(class="field") {
                label(r#for=labelled) { (preview::PASTE) }
                textarea(id=area, rows="6", bind:value=pasted)
            }
            button(r#type="button", on:click=submit) { (preview::SHOW_TEXT) }
        }
    }
}

fn files(taken: Taken) -> View {
    let standing = move || {
        let count = taken.files.with(Vec::len);
        match (taken.is_busy.get(), count) {
            (true, _) => preview::READING.to_owned(),
            (false, 0) => String::new(),
            (false, count) => text::counted(count, preview::SHOWN_ONE, preview::SHOWN),
        }
    };
    let shown = move || {
        let files = taken.files.get_clone();
        files.iter().enumerate().map(|(number, file)| show::file(taken, number, file)).collect::<Vec<View>>()
    };
    let forget = move || {
        if taken.files.with(Vec::is_empty) {
            return View::new();
        }
        view! {
            button(r#type="button", on:click=move |_| take::forget(taken, None)) { (preview::FORGET_ALL) }
        }
    };
    view! {
        div(class="buttons") {
            p(role="status", class="standing-of-files") { (standing()) }
            (forget())
        }
        (shown())
    }
}
