//! The newest decisions that the candidate would have made otherwise, each with its certificate and what does it.

use sycamore::prelude::*;

use super::PATH;
use crate::document::candidate::{Cause, Flip, Flips};
use crate::place::Place;
use crate::server::load::load;
use crate::server::{Asked, encoded, session};
use crate::text::{self, candidate};
use crate::widget::deed::{Deed, deed};
use crate::widget::loaded::loaded;
use crate::widget::notice::{Weight, badge};
use crate::widget::{download, table};

/// Where the part is.
const ADDRESS: &str = "#/settings/candidate";

/// The part of the page.
pub(super) fn part(place: &Place) -> View {
    if !session::may("reasons.read") {
        return view! { p(class="aside") { (candidate::MAY_NOT_READ) } };
    }
    let after = place.asked("after").map(|after| format!("&after={}", encoded(after))).unwrap_or_default();
    let is_first = after.is_empty();
    let path = format!("{PATH}/flips?limit=50{after}");
    let known = load(&["candidate", "policy"], move || Asked::get(path.clone()).document());
    let deed = deed();
    let shown = loaded(known, move |flips: &Flips| list(flips, is_first, deed));
    let said = deed.said();
    view! {
        section {
            h2 { (candidate::FLIPS) }
            (said)
            (shown)
        }
    }
}

fn list(flips: &Flips, is_first: bool, deed: Deed) -> View {
    let mut links: Vec<View> = Vec::new();
    if !is_first {
        links.push(view! { a(href=ADDRESS) { (candidate::NEWEST) } });
    }
    if let Some(next) = &flips.next {
        let address = format!("{ADDRESS}?after={}", encoded(next));
        links.push(view! { a(href=address) { (candidate::OLDER) } });
    }
    if flips.items.is_empty() {
        return view! {
            p(class="aside") { (candidate::NO_FLIPS_LISTED) }
            (links)
        };
    }
    let columns = [
        candidate::CERTIFICATE,
        candidate::CHANGE,
        candidate::WHY,
        candidate::PURPOSE,
        candidate::WHEN,
        candidate::DECISION,
    ];
    let rows = flips.items.iter().map(|flip| row(flip, deed)).collect();
    let table = table::table(candidate::FLIPS, &columns, rows);
    view! {
        (table)
        div(class="buttons") { (links) }
    }
}

fn row(flip: &Flip, deed: Deed) -> View {
    let purpose = flip.purpose.as_deref().unwrap_or(candidate::NO_PURPOSE);
    let causes: Vec<View> = flip.causes.iter().map(cause).collect();
    let node = engine_wording::escape(&flip.node);
    let moment = table::moment(Some(&flip.decided_at));
    table::row(vec![
        table::row_head(certificate(flip)),
        table::cell(change(flip)),
        table::cell(view! { ul { (causes) } }),
        table::cell(table::text(Some(purpose))),
        table::cell(view! { p { (moment) } p(class="aside") { (node) } }),
        table::cell(capsule(flip, deed)),
    ])
}

fn certificate(flip: &Flip) -> View {
    let address = format!("#/certificates/{}", flip.fingerprint);
    let short: String = flip.fingerprint.chars().take(16).collect();
    // text of certificates could mislead
    let name =
        if flip.subject.is_empty() { format!("{short}…") } else { engine_wording::escape(&flip.subject) };
    let whole = flip.fingerprint.clone();
    view! { a(href=address, title=whole) { (name) } }
}

fn change(flip: &Flip) -> View {
    let key = if flip.candidate.is_none() { "none" } else { flip.decision.as_str() };
    let found = candidate::BECOMES.iter().find(|(known, _)| *known == key);
    let words = badge(Weight::Bad, found.map_or("", |(_, words)| *words));
    let more = if flip.asks_for_more { badge(Weight::Warning, candidate::ASKED_MORE) } else { View::new() };
    view! { (words) " " (more) }
}

fn cause(cause: &Cause) -> View {
    let (sentence, code) = (cause.sentence.clone(), cause.code.clone());
    let rules = cause.rules.join(", ");
    view! {
        li {
            p { (sentence) }
            p(class="aside") { code { (code) } " " (rules) }
        }
    }
}

/// The decision as the file that the command line shows and decides again.
fn capsule(flip: &Flip, deed: Deed) -> View {
    let Some(root) = flip.capsule.clone() else { return table::text(None) };
    let label = text::with(candidate::SAVE_CAPSULE_OF, &[("moment", &flip.decided_at)]);
    let save = move |_: web_sys::MouseEvent| {
        let (path, name) = (format!("/api/v1/capsules/{root}"), format!("{root}.capsule"));
        deed.start(&[], Asked::get(path).octets("application/json"), move |octets| {
            download::save(&name, "application/json", &octets);
            String::new()
        });
    };
    view! { button(r#type="button", aria-label=label, on:click=save) { (candidate::SAVE_CAPSULE) } }
}
