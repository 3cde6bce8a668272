//! The table of the list: columns that can be sorted by, validity at a glance, what uses each certificate.

use std::collections::BTreeMap;

use sycamore::prelude::*;

use crate::document::catalogue::Catalogue;
use crate::document::entry::{Entry, Listed};
use crate::page::deletion::Doomed;
use crate::place::Place;
use crate::server::load::Loaded;
use crate::server::session;
use crate::text::{self, certificates, common};
use crate::widget::{time, validity};

/// What uses each room, by kind and name.
pub(super) type Users = BTreeMap<(String, String), String>;

/// What uses the rooms of a catalogue; nothing is known before it is here.
pub(super) fn users(catalogue: &Loaded<Catalogue>) -> Users {
    let Loaded::Here(catalogue) = catalogue else { return Users::new() };
    let slots = catalogue.purposes.iter().map(|purpose| ("identity", &purpose.name));
    let stores = catalogue.trust_stores.iter().map(|store| ("trust", &store.name));
    slots
        .chain(stores)
        .map(|(kind, name)| ((kind.to_owned(), name.clone()), catalogue.users(kind, name).join(", ")))
        .collect()
}

/// The table.
pub(super) fn table(place: &Place, listed: &Listed, users: &Users, doomed: Signal<Option<Doomed>>) -> View {
    if listed.items.is_empty() {
        return view! { p { (common::NOTHING_FOUND) } };
    }
    let head: Vec<View> = [
        column(place, Some("common-name"), certificates::COMMON_NAME),
        column(place, Some("kind"), certificates::USAGE),
        column(place, None, certificates::ROOM),
        column(place, None, certificates::USED_BY),
        column(place, None, certificates::NODE),
        column(place, Some("key-type"), certificates::KEY_TYPE),
        column(place, Some("expiry"), certificates::EXPIRES),
        column(place, None, certificates::ACTIONS),
    ]
    .into();
    let rows: Vec<View> = listed.items.iter().map(|entry| row(entry, users, doomed)).collect();
    view! {
        div(class="scrolled", tabindex="0", role="region", aria-label=certificates::NAME) {
            table {
                thead { tr { (head) } }
                tbody { (rows) }
            }
        }
    }
}

/// A column's head: by a button in it the list is sorted, and turned round when it already is (R-SHOW-1).
fn column(place: &Place, key: Option<&'static str>, name: &'static str) -> View {
    let Some(key) = key else { return view! { th(scope="col") { (name) } } };
    // the list comes by common name where nothing is asked for
    let is_sorted = place.asked("sort").unwrap_or("common-name") == key;
    let is_descending = place.asked("direction") == Some("descending");
    let (sorted, sign) = match (is_sorted, is_descending) {
        (false, _) => ("none", "↕"),
        (true, false) => ("ascending", "↑"),
        (true, true) => ("descending", "↓"),
    };
    let direction = if is_sorted && !is_descending { "descending" } else { "ascending" };
    let kept = place.query.iter().filter(|(name, _)| name != "sort" && name != "direction").cloned();
    let order = [("sort", key), ("direction", direction)];
    let order = order.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let query: Vec<(String, String)> = kept.chain(order).collect();
    let said = text::with(common::SORTED_BY, &[("name", name)]);
    let sort = move |_| super::go(query.clone());
    view! {
        th(scope="col", aria-sort=sorted) {
            button(r#type="button", class="sort", title=said, on:click=sort) {
                (name) " " span(aria-hidden="true") { (sign) }
            }
        }
    }
}

fn row(entry: &Entry, users: &Users, doomed: Signal<Option<Doomed>>) -> View {
    let usage = if entry.is_identity() { certificates::IDENTITY } else { certificates::TRUST };
    let address = format!("#/certificates/{}", entry.fingerprint);
    let node = entry.node.clone().unwrap_or_else(|| common::EVERY_NODE.to_owned());
    let used = users.get(&(entry.kind.clone(), entry.room.clone())).cloned().unwrap_or_default();
    let (validity, end) =
        (validity::at_a_glance(&entry.not_before, &entry.not_after), time::moment(&entry.not_after));
    let (name, room, key_type) = (entry.called(), entry.room.clone(), entry.key_type.clone());
    let action = action(entry, doomed);
    view! {
        tr {
            th(scope="row") { a(href=address) { (name) } }
            td { (usage) }
            td { (room) }
            td(class="users") { (used) }
            td { (node) }
            td { (key_type) }
            td { (validity) (end) }
            td { (action) }
        }
    }
}

/// Trust certificates can be deleted from here (R-SHOW-13, R-DEL-9).
fn action(entry: &Entry, doomed: Signal<Option<Doomed>>) -> View {
    if entry.is_identity() || !session::may("trust.manage") {
        return View::new();
    }
    let target = Doomed::of(entry);
    let label = text::with(certificates::DELETE_THIS, &[("name", &entry.called()), ("room", &entry.room)]);
    let ask = move |_| doomed.set(Some(target.clone()));
    view! { button(r#type="button", class="dangerous", aria-label=label, on:click=ask) { (certificates::DELETE) } }
}
