//! The list of certificates: filters that combine, sorting, paging, and how long each one still holds
//! (R-SHOW-1 to R-SHOW-3). Everything asked for is in the address, so that it can be kept and sent to others.

mod filters;
mod table;

use sycamore::prelude::*;

use crate::document::catalogue::{Catalogue, Nodes};
use crate::document::entry::Listed;
use crate::page::deletion;
use crate::place::{self, Place};
use crate::server::load::load;
use crate::server::{Asked, encoded};
use crate::text::{self, certificates};
use crate::widget::loaded::loaded;

/// The page's word in addresses.
const WORD: &str = "certificates";
/// Where a page of the list begins. Each page that was turned adds one, so that one can turn back.
const AFTER: &str = "after";
/// Most certificates on a page.
const MOST: usize = 50;

/// The list, or the certificate whose fingerprint the address names.
pub(crate) fn page(place: Place) -> View {
    match place.rest.first().cloned() {
        Some(fingerprint) => super::certificate::page(fingerprint),
        None => list(place),
    }
}

fn list(place: Place) -> View {
    let path = path(&place);
    let listed = load(&["certificates"], move || Asked::get(path.clone()).document::<Listed>());
    let catalogue = load(&["cluster"], || Asked::get("/api/v1/catalogue").document::<Catalogue>());
    let nodes = load(&["nodes"], || Asked::get("/api/v1/nodes").document::<Nodes>());
    let doomed = deletion::asked();
    let filters = filters::filters(&place, catalogue, nodes);
    let here = place.clone();
    let table = loaded(listed, move |listed: &Listed| {
        let users = catalogue.with(table::users);
        let (count, rows) = (count(&here, listed), table::table(&here, listed, &users, doomed));
        let turning = turning(&here, listed.next.as_deref());
        view! {
            p(class="aside", role="status") { (count) }
            (rows)
            (turning)
        }
    });
    let dialog = deletion::dialog(doomed, || {});
    view! {
        h1 { (certificates::NAME) }
        (filters)
        (table)
        (dialog)
    }
}

/// What is asked of the server: every criterion of the address, all of which have to be met (R-SHOW-3).
fn path(place: &Place) -> String {
    let mut path = format!("/api/v1/certificates?limit={MOST}");
    let asked = place.query.iter().filter(|(name, value)| !value.is_empty() && name != AFTER);
    for (name, value) in asked {
        // a day begins at midnight; links may name the moment
        let is_day = name.starts_with("expires_") && !value.contains('T');
        let value = if is_day { format!("{value}T00:00:00Z") } else { value.clone() };
        path.push_str(&format!("&{}={}", encoded(name), encoded(&value)));
    }
    if let Some((_, after)) = place.query.iter().rfind(|(name, _)| name == AFTER) {
        path.push_str(&format!("&{AFTER}={}", encoded(after)));
    }
    path
}

fn count(place: &Place, listed: &Listed) -> String {
    let number = listed.items.len();
    if place.asked(AFTER).is_none() && listed.next.is_none() {
        return text::counted(number, certificates::COUNT_ONE, certificates::COUNT);
    }
    text::counted(number, certificates::ON_THIS_PAGE_ONE, certificates::ON_THIS_PAGE)
}

fn turning(place: &Place, next: Option<&str>) -> View {
    let before = place.asked(AFTER).map(|_| {
        let mut before = place.clone();
        if let Some(last) = before.query.iter().rposition(|(name, _)| name == AFTER) {
            before.query.remove(last);
        }
        turn(certificates::BEFORE, before)
    });
    let next = next.map(|next| {
        let mut following = place.clone();
        following.query.push((AFTER.to_owned(), next.to_owned()));
        turn(certificates::NEXT, following)
    });
    let turns: Vec<View> = before.into_iter().chain(next).collect();
    if turns.is_empty() {
        return View::new();
    }
    view! { nav(class="buttons", aria-label=certificates::PAGES) { (turns) } }
}

fn turn(name: &'static str, to: Place) -> View {
    let address = to.address();
    view! { a(class="button", href=address) { (name) } }
}

/// Goes to the list with these criteria, from its first page on.
fn go(query: Vec<(String, String)>) {
    let query = query.into_iter().filter(|(name, value)| !value.is_empty() && name != AFTER).collect();
    place::go(&Place { page: WORD.to_owned(), rest: Vec::new(), query }.address());
}
