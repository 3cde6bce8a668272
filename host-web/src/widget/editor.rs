//! A text of many lines, with their numbers beside it: the browser's own text area, so that everything it can do with keys,
//! clipboard and screen readers stays. Lines with something wrong have a sign beside their number.

use sycamore::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlTextAreaElement;

use super::field;

/// An editor: its label, its text, and the area itself, for [`go_to`].
#[derive(Clone, Copy)]
pub(crate) struct Editor {
    /// The label.
    pub(crate) label: &'static str,
    /// The text.
    pub(crate) value: Signal<String>,
    /// The area.
    pub(crate) area: NodeRef,
}

/// The editor of so many rows; `wrong` gives the lines, from 1, with something wrong in them.
pub(crate) fn editor(
    editor: Editor,
    rows: &'static str,
    wrong: impl Fn() -> Vec<usize> + Clone + 'static,
) -> View {
    let Editor { label, value, area } = editor;
    let id = field::identifier();
    let (labelled, gutter) = (id.clone(), create_node_ref());
    let marked = wrong.clone();
    let numbers = move || value.with(|text| numbered(text, &marked()));
    let is_wrong = move || (!wrong().is_empty()).then_some("true");
    let scrolled = move |_: web_sys::Event| {
        if let (Some(area), Some(gutter)) = (element(area), element(gutter)) {
            gutter.set_scroll_top(area.scroll_top());
        }
    };
    view! {
        div(class="field editor") {
            label(r#for=id) { (label) }
            div(class="numbered", spellcheck="false") {
                pre(class="numbers", aria-hidden="true", r#ref=gutter) { (numbers()) }
                textarea(id=labelled, r#ref=area, rows=rows, wrap="off", autocomplete="off",
                    autocapitalize="off", aria-invalid=is_wrong(), bind:value=value, on:scroll=scrolled)
            }
        }
    }
}

fn element(node: NodeRef) -> Option<web_sys::Element> {
    node.try_get().and_then(|node| node.dyn_into().ok())
}

fn numbered(text: &str, wrong: &[usize]) -> String {
    let lines = text.split('\n').count();
    let line = |number: usize| {
        if wrong.contains(&number) { format!("✕ {number}\n") } else { format!("{number}\n") }
    };
    (1..=lines).map(line).collect()
}

/// Moves the caret to a line and a column, both from 1, and marks so many characters there.
pub(crate) fn go_to(editor: Editor, (line, column): (usize, usize), length: usize) {
    let area = editor.area.try_get().and_then(|node| node.dyn_into::<HtmlTextAreaElement>().ok());
    let Some(area) = area else { return };
    let text = editor.value.get_clone_untracked();
    let (begin, end) = (offset(&text, line, column), offset(&text, line, column.saturating_add(length)));
    let _focused = area.focus();
    let _placed = area.set_selection_range(begin, end);
    let lines = i32::try_from(text.split('\n').count()).unwrap_or(i32::MAX).max(1);
    let above = i32::try_from(line).unwrap_or(0).saturating_sub(1);
    let height = area.scroll_height().checked_div(lines).unwrap_or(0);
    // in the middle, as far as there is something above
    area.set_scroll_top(above.saturating_mul(height).saturating_sub(area.client_height() / 2));
}

/// Where a line and a column are, counted as text areas count. A column beyond its line is the line's end.
fn offset(text: &str, line: usize, column: usize) -> u32 {
    let units = |text: &str| text.encode_utf16().count();
    let mut lines = text.split_inclusive('\n');
    let above: usize = lines.by_ref().take(line.saturating_sub(1)).map(units).sum();
    let rest = lines.next().unwrap_or_default().trim_end_matches('\n');
    let before: usize = rest.chars().take(column.saturating_sub(1)).map(char::len_utf16).sum();
    u32::try_from(above.saturating_add(before)).unwrap_or(u32::MAX)
}
