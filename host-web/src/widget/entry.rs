//! More fields of forms: a line with suggestions, a day, many lines, something that is shown and cannot be changed.

use sycamore::prelude::*;

use super::field::identifier;

/// A line of text with words that are suggested.
pub(crate) fn suggested(label: &'static str, value: Signal<String>, words: &[&'static str]) -> View {
    let (id, list) = (identifier(), identifier());
    let (field, suggestions) = (id.clone(), list.clone());
    let options: Vec<View> = words
        .iter()
        .map(|word| {
            let word = *word;
            view! { option(value=word) }
        })
        .collect();
    view! {
        div(class="field") {
            label(r#for=id) { (label) }
            input(id=field, r#type="text", list=list, bind:value=value, autocomplete="off")
            datalist(id=suggestions) { (options) }
        }
    }
}

/// A day.
pub(crate) fn day(label: &'static str, value: Signal<String>) -> View {
    let id = identifier();
    let field = id.clone();
    view! {
        div(class="field") {
            label(r#for=id) { (label) }
            input(id=field, r#type="date", bind:value=value)
        }
    }
}

/// A line of text with a hint below it.
pub(crate) fn hinted(label: &'static str, value: Signal<String>, hint: &'static str) -> View {
    let (id, below) = (identifier(), identifier());
    let (field, described_by) = (id.clone(), below.clone());
    view! {
        div(class="field") {
            label(r#for=id) { (label) }
            input(id=field, r#type="text", bind:value=value, autocomplete="off", aria-describedby=described_by)
            span(class="hint", id=below) { (hint) }
        }
    }
}

/// Several lines, with a hint below them.
pub(crate) fn lines(label: &'static str, value: Signal<String>, hint: &'static str) -> View {
    let (id, below) = (identifier(), identifier());
    let (field, described_by) = (id.clone(), below.clone());
    view! {
        div(class="field") {
            label(r#for=id) { (label) }
            textarea(id=field, rows="4", bind:value=value, aria-describedby=described_by)
            span(class="hint", id=below) { (hint) }
        }
    }
}

/// What follows from something else: shown, never changed.
pub(crate) fn fixed(label: &'static str, value: impl Into<String>) -> View {
    let id = identifier();
    let (field, value) = (id.clone(), value.into());
    view! {
        div(class="field") {
            label(r#for=id) { (label) }
            input(id=field, r#type="text", readonly=true, value=value)
        }
    }
}
