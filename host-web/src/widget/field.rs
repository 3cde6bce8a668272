//! Fields of forms: a label, the control, and what is wrong with what was entered.

use sycamore::prelude::*;

/// A line of text.
pub(crate) fn line(label: &'static str, value: Signal<String>) -> View {
    let id = identifier();
    let other = id.clone();
    view! {
        div(class="field") {
            label(r#for=id) { (label) }
            input(id=other, r#type="text", bind:value=value, autocomplete="off")
        }
    }
}

/// A choice of words, each with what people read for it.
pub(crate) fn choice(label: &'static str, value: Signal<String>, words: Vec<(String, String)>) -> View {
    let id = identifier();
    let other = id.clone();
    let options: Vec<View> = words
        .into_iter()
        .map(|(word, said)| {
            let chosen = value.get_clone_untracked() == word;
            view! { option(value=word, selected=chosen) { (said) } }
        })
        .collect();
    view! {
        div(class="field") {
            label(r#for=id) { (label) }
            select(id=other, bind:value=value) { (options) }
        }
    }
}

/// Something that is on or off.
pub(crate) fn switch(label: &'static str, value: Signal<bool>) -> View {
    view! {
        label(class="switch") {
            input(r#type="checkbox", bind:checked=value)
            span { (label) }
        }
    }
}

/// A name that no other element of the page has.
pub(crate) fn identifier() -> String {
    thread_local! {
        static NEXT: std::cell::Cell<u32> = const { std::cell::Cell::new(0) };
    }
    let number = NEXT.get();
    NEXT.set(number.wrapping_add(1));
    format!("field-{number}")
}
