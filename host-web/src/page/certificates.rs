//! The list of certificates: filters that combine, sorting, paging, and how long each one still holds
//! (R-SHOW-1 to R-SHOW-3).

use serde::Deserialize;
use sycamore::prelude::*;

use crate::place::{self, Place};
use crate::server::load::load;
use crate::server::{Asked, encoded};
use crate::text::{certificates, common};
use crate::widget::loaded::loaded;
use crate::widget::{field, time};

/// A page of the list.
#[derive(Clone, Debug, Deserialize, PartialEq)]
struct Listed {
    items: Vec<Entry>,
    next: Option<String>,
}

/// A certificate in its place.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "kebab-case")]
struct Entry {
    common_name: String,
    kind: String,
    room: String,
    node: Option<String>,
    key_type: String,
    not_before: String,
    not_after: String,
    fingerprint: String,
}

/// What is asked of the list: names of the API's query, in the order of the form.
const FILTERS: [&str; 5] = ["common_name", "kind", "room", "key_type", "expires_before"];

/// The page.
pub(crate) fn page(place: Place) -> View {
    let query: Vec<String> = place
        .query
        .iter()
        .filter(|(name, value)| !value.is_empty() && FILTERS.contains(&name.as_str()))
        .map(|(name, value)| format!("&{name}={}", encoded(value)))
        .collect();
    let path = format!("/api/v1/certificates?limit=100{}", query.concat());
    let list = load(&["certificates"], move || Asked::get(path.clone()).document());
    let (filters, table) = (filters(&place), loaded(list, table));
    view! {
        h1 { (certificates::NAME) }
        (filters)
        (table)
    }
}

/// The form of the filters: what is entered becomes the address, so that it can be kept and sent to others.
fn filters(place: &Place) -> View {
    let entered = |name: &str| create_signal(place.asked(name).unwrap_or_default().to_owned());
    let [common_name, kind, room] = ["common_name", "kind", "room"].map(entered);
    let apply = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let query = [("common_name", common_name), ("kind", kind), ("room", room)];
        let query = query.map(|(name, value)| (name.to_owned(), value.get_clone()));
        let query = query.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        place::go(&Place { page: "certificates".to_owned(), rest: Vec::new(), query }.address());
    };
    let kinds = [("", common::ALL), ("identity", certificates::IDENTITY), ("trust", certificates::TRUST)];
    let kinds = kinds.map(|(word, said)| (word.to_owned(), said.to_owned())).to_vec();
    let common_name = field::line(certificates::COMMON_NAME, common_name);
    let kind = field::choice(certificates::USAGE, kind, kinds);
    let room = field::line(certificates::ROOM, room);
    view! {
        form(class="filters", on:submit=apply) {
            (common_name)
            (kind)
            (room)
            button(r#type="submit") { (common::APPLY) }
        }
    }
}

fn table(listed: &Listed) -> View {
    if listed.items.is_empty() {
        return view! { p { (common::NOTHING_FOUND) } };
    }
    let rows: Vec<View> = listed.items.iter().cloned().map(row).collect();
    view! {
        div(class="scrolled", tabindex="0") {
            table {
                thead { tr {
                    th(scope="col") { (certificates::COMMON_NAME) }
                    th(scope="col") { (certificates::USAGE) }
                    th(scope="col") { (certificates::ROOM) }
                    th(scope="col") { (certificates::NODE) }
                    th(scope="col") { (certificates::KEY_TYPE) }
                    th(scope="col") { (certificates::EXPIRES) }
                } }
                tbody { (rows) }
            }
        }
    }
}

fn row(entry: Entry) -> View {
    let usage = if entry.kind == "trust" { certificates::TRUST } else { certificates::IDENTITY };
    let address = format!("#/certificates/{}", entry.fingerprint);
    let node = entry.node.unwrap_or_else(|| common::EVERY_NODE.to_owned());
    let (left, end) = (time::left(&entry.not_before, &entry.not_after), time::moment(&entry.not_after));
    let Entry { common_name, room, key_type, .. } = entry;
    view! {
        tr {
            th(scope="row") { a(href=address) { (common_name) } }
            td { (usage) }
            td { (room) }
            td { (node) }
            td { (key_type) }
            td { (left) " " (end) }
        }
    }
}
