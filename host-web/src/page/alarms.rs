//! Alarms: what is the matter, what to do, and what became of it; and the channels they leave by.

mod channels;
mod one;

use sycamore::prelude::*;

use crate::document::alarm::{Alarm, Alarms};
use crate::place::{self, Place};
use crate::server::load::load;
use crate::server::{Asked, encoded};
use crate::text::{alarms, common};
use crate::widget::loaded::loaded;
use crate::widget::notice::{Weight, badge};
use crate::widget::tabs::{Tab, tabs};
use crate::widget::{field, table, time};

/// The page.
pub(crate) fn page(place: Place) -> View {
    let part = place.rest.first().cloned().unwrap_or_default();
    let of_channels = part == "channels";
    let parts = tabs(
        alarms::PARTS,
        vec![
            Tab { address: "#/alarms", name: alarms::NAME, is_current: !of_channels },
            Tab { address: "#/alarms/channels", name: alarms::CHANNELS, is_current: of_channels },
        ],
    );
    let shown = match part.as_str() {
        "" => list(&place),
        "channels" => channels::part(),
        id => one::part(id.to_owned()),
    };
    view! {
        h1 { (alarms::NAME) }
        (parts)
        (shown)
    }
}

/// Alarms of one state, the newest first.
fn list(place: &Place) -> View {
    let state = place.asked("state").unwrap_or("open").to_owned();
    let after = place.asked("after").map(|after| format!("&after={}", encoded(after)));
    let of_state = if state == "all" { String::new() } else { format!("&state={}", encoded(&state)) };
    let path = format!("/api/v1/alarms?limit=100{of_state}{}", after.unwrap_or_default());
    let known = load(&["alarms"], move || Asked::get(path.clone()).document());
    let chosen = create_signal(state.clone());
    let apply = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        go(&[("state", &chosen.get_clone())]);
    };
    let words = alarms::STATES.iter().chain([&("all", common::ALL)]);
    let words = words.map(|(word, said)| ((*word).to_owned(), (*said).to_owned())).collect();
    let field = field::choice(alarms::STATE, chosen, words);
    let shown = loaded(known, move |page: &Alarms| rows(page, &state));
    view! {
        form(class="filters", on:submit=apply) {
            (field)
            button(r#type="submit") { (common::APPLY) }
        }
        (shown)
    }
}

fn go(query: &[(&str, &str)]) {
    place::go(&address(query));
}

fn address(query: &[(&str, &str)]) -> String {
    let query = query.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Place { page: "alarms".to_owned(), rest: Vec::new(), query }.address()
}

fn rows(page: &Alarms, state: &str) -> View {
    if page.items.is_empty() {
        return view! { p(class="aside") { (alarms::NONE_OF_STATE) } };
    }
    let rows: Vec<View> = page.items.iter().map(row).collect();
    let columns = [alarms::WHAT, alarms::SEVERITY, alarms::ABOUT, alarms::STATE, alarms::RAISED];
    let table = table::table(alarms::NAME, &columns, rows);
    let more = page.next.as_ref().map(|next| {
        let address = address(&[("state", state), ("after", next)]);
        view! { p { a(class="button", href=address) { (common::MORE) } } }
    });
    let more = more.unwrap_or_default();
    view! {
        (table)
        (more)
    }
}

fn row(alarm: &Alarm) -> View {
    let title = alarm.told().map_or(&alarm.kind, |told| &told.title).clone();
    let address = format!("#/alarms/{}", encoded(&alarm.id));
    table::row(vec![
        table::row_head(view! { a(href=address) { (title) } }),
        table::cell(severity(&alarm.severity)),
        table::cell(table::text(Some(&alarm.subject))),
        table::cell(state_of(alarm)),
        table::cell(time::moment(&alarm.raised_at)),
    ])
}

/// The severity, in a word.
fn severity(severity: &str) -> View {
    let word = alarms::SEVERITIES.iter().find(|(known, _)| *known == severity);
    let word = word.map_or_else(|| severity.to_owned(), |(_, word)| (*word).to_owned());
    badge(super::overview::weight(severity), word)
}

fn state_of(alarm: &Alarm) -> View {
    let word = alarms::STATES.iter().find(|(known, _)| *known == alarm.state).map_or("", |(_, word)| word);
    let weight = if alarm.state == "resolved" { Weight::Good } else { Weight::Note };
    badge(weight, word)
}
