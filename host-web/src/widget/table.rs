//! A table that scrolls by itself where it is too wide, and pairs of a name and a value.

use sycamore::prelude::*;

use super::time;
use crate::text::common;

/// A table with a name for screen readers; a sentence where there is no row.
pub(crate) fn table(name: &'static str, columns: &[&'static str], rows: Vec<View>) -> View {
    if rows.is_empty() {
        return view! { p(class="aside") { (common::NOTHING_FOUND) } };
    }
    let heads: Vec<View> = columns.iter().map(|column| head(column)).collect();
    view! {
        div(class="scrolled", tabindex="0", role="region", aria-label=name) {
            table {
                thead { tr { (heads) } }
                tbody { (rows) }
            }
        }
    }
}

fn head(column: &'static str) -> View {
    view! { th(scope="col") { (column) } }
}

/// A column of buttons has a name as well, for those who hear it.
pub(crate) fn cell(content: impl Into<View>) -> View {
    let content = content.into();
    view! { td { (content) } }
}

/// The cell that a row is known by.
pub(crate) fn row_head(content: impl Into<View>) -> View {
    let content = content.into();
    view! { th(scope="row") { (content) } }
}

/// A row.
pub(crate) fn row(cells: Vec<View>) -> View {
    view! { tr { (cells) } }
}

/// Names and values.
pub(crate) fn values(pairs: Vec<(&'static str, View)>) -> View {
    let pairs: Vec<View> = pairs
        .into_iter()
        .map(|(name, value)| {
            view! {
                dt { (name) }
                dd { (value) }
            }
        })
        .collect();
    view! { dl(class="values") { (pairs) } }
}

/// A moment, or a dash where there is none.
pub(crate) fn moment(moment: Option<&str>) -> View {
    moment.map_or_else(dash, time::moment)
}

/// Text, or a dash where there is none.
pub(crate) fn text(text: Option<&str>) -> View {
    match text {
        Some(text) if !text.is_empty() => {
            let text = engine_wording::escape(text);
            view! { (text) }
        }
        _ => dash(),
    }
}

fn dash() -> View {
    view! {
        span(aria-hidden="true") { "–" }
        span(class="hidden") { (common::NONE) }
    }
}
