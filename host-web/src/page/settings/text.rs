//! A document as a whole: its text, checked by the server's engine before it is saved, with the place of what is wrong.

use serde::Deserialize;
use sycamore::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlTextAreaElement;

use super::proposal::{self, Editing};
use super::{InForce, of_node};
use crate::server::load::load;
use crate::server::{Asked, Failure, encoded, session};
use crate::text::{self, settings};
use crate::widget::field;
use crate::widget::loaded::loaded;

/// An editor of what is in force.
pub(super) fn editor(in_force: &InForce, label: String, saved: Signal<u32>) -> View {
    let editing = Editing::new(in_force.clone(), saved);
    let written = create_signal(in_force.document.clone());
    let area = create_node_ref();
    let id = field::identifier();
    let other = id.clone();
    create_effect(move || {
        // the cursor is where the fault is
        let place = editing.refused.with(|failure| failure.as_ref().and_then(place_of));
        if let (Some(place), Some(node)) = (place, area.try_get()) {
            let area: HtmlTextAreaElement = node.unchecked_into();
            let _focused = area.focus();
            let at = offset(&written.get_clone_untracked(), place);
            let _placed = area.set_selection_range(at, at.saturating_add(1));
        }
    });
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        editing.review(written.get_clone_untracked());
    };
    let is_wrong = move || editing.refused.with(|failure| failure.is_some().then_some("true"));
    let may = session::may("policy.manage");
    let (said, dialog) = (editing.deed.said(), proposal::dialog(editing));
    let effective = in_force.settings.clone();
    view! {
        (said)
        (dialog)
        form(on:submit=submit) {
            div(class="field") {
                label(r#for=id) { (label) }
                textarea(id=other, r#ref=area, rows="22", autocomplete="off", wrap="off",
                    readonly=!may, aria-invalid=is_wrong(), bind:value=written)
            }
            div(class="buttons") {
                button(r#type="submit", class="primary", disabled=!may || editing.deed.is_busy()) { (settings::REVIEW) }
            }
        }
        details {
            summary { (settings::EFFECTIVE) }
            pre(tabindex="0") { (effective) }
        }
    }
}

fn place_of(failure: &Failure) -> Option<(u64, u64)> {
    match failure {
        Failure::Refused(problem) => problem.line.zip(problem.column),
        _ => None,
    }
}

/// Where a line and a column are, counted as text areas count.
fn offset(text: &str, (line, column): (u64, u64)) -> u32 {
    let (line, column) = (usize::try_from(line).unwrap_or(1), usize::try_from(column).unwrap_or(1));
    let before = line.saturating_sub(1);
    let units = |text: &str| text.encode_utf16().count();
    let lines: usize = text.split_inclusive('\n').take(before).map(units).sum();
    u32::try_from(lines.saturating_add(column.saturating_sub(1))).unwrap_or(0)
}

/// A node, by name.
#[derive(Clone, Debug, Deserialize, PartialEq)]
struct Node {
    name: String,
}

/// The nodes.
#[derive(Clone, Debug, Deserialize, PartialEq)]
struct Nodes {
    items: Vec<Node>,
}

/// What nodes have of their own (R-CRL-14).
pub(super) fn nodes(chosen: Option<String>) -> View {
    let known = load(&["nodes"], || Asked::get("/api/v1/nodes").document());
    let current = chosen.clone();
    let list = loaded(known, move |nodes: &Nodes| {
        let items: Vec<View> = nodes
            .items
            .iter()
            .map(|node| {
                let (name, address) =
                    (node.name.clone(), format!("#/settings/nodes/{}", encoded(&node.name)));
                let is_current = (current.as_ref() == Some(&name)).then_some("true");
                view! { li { a(href=address, aria-current=is_current) { (name) } } }
            })
            .collect();
        view! { nav(aria-label=settings::NODES) { ul { (items) } } }
    });
    let own = chosen.map(own).unwrap_or_default();
    view! {
        (list)
        (own)
    }
}

fn own(name: String) -> View {
    let saved = create_signal(0);
    let label = text::with(settings::NODE_TEXT, &[("node", &name)]);
    let known = load(&[], move || {
        saved.track();
        let name = name.clone();
        async move { of_node(&name).await }
    });
    let shown = loaded(known, move |in_force: &InForce| editor(in_force, label.clone(), saved));
    view! {
        p(class="aside") { (settings::NODE_HINT) }
        (shown)
    }
}
