//! Every version of the document: who saved it, and when.

use sycamore::prelude::*;

use super::DEPLOYMENT;
use crate::document::policy::{History, Version};
use crate::server::Asked;
use crate::server::load::load;
use crate::text::settings;
use crate::widget::loaded::loaded;
use crate::widget::notice::{Weight, badge, notice};
use crate::widget::table;

/// The part of the page.
pub(super) fn part() -> View {
    let known = load(&["policy"], || Asked::get(format!("{DEPLOYMENT}/versions")).document());
    loaded(known, |history: &History| {
        if history.items.is_empty() {
            return notice(Weight::Note, settings::NO_VERSIONS, View::new());
        }
        let mut items: Vec<&Version> = history.items.iter().collect();
        items.sort_by_key(|version| std::cmp::Reverse(version.number));
        let columns = [settings::NUMBER, settings::SAVED_AT, settings::SAVED_BY, settings::DOCUMENT];
        table::table(settings::VERSIONS, &columns, items.into_iter().map(row).collect())
    })
}

fn row(version: &Version) -> View {
    let number = version.number.map(|number| number.to_string()).unwrap_or_default();
    let active = if version.active { badge(Weight::Good, settings::ACTIVE) } else { View::new() };
    let document = version.document.clone();
    table::row(vec![
        table::row_head(view! { (number) " " (active) }),
        table::cell(table::moment(version.added_at.as_deref())),
        table::cell(table::text(version.added_by.as_deref())),
        table::cell(view! {
            details {
                summary { (settings::SHOW_DOCUMENT) }
                pre(tabindex="0") { (document) }
            }
        }),
    ])
}
