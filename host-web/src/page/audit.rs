//! What was done, by whom and when: a page at a time, of all of it or of what was asked for, and all of it as a file, one
//! record a line. What is asked for is in the address, and the server finds it among all records.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sycamore::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

use crate::place::{self, Place};
use crate::server::load::load;
use crate::server::{Answer, Asked, Failure, encoded};
use crate::text::{self, audit, common};
use crate::widget::deed::deed;
use crate::widget::loaded::loaded;
use crate::widget::notice::{Weight, badge};
use crate::widget::{entry, field, table};

/// A page of records, the newest first.
#[derive(Clone, Debug, Deserialize, PartialEq)]
struct Records {
    items: Vec<Record>,
    next: Option<String>,
}

/// A record; its hash holds that of the one before.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq)]
struct Record {
    sequence: u64,
    time: String,
    who: String,
    what: String,
    subject: String,
    outcome: String,
    details: Value,
    previous: String,
    hash: String,
}

/// Criteria, by their names in the address and in the API's query.
const CRITERIA: [&str; 5] = ["who", "what", "subject", "from", "until"];
/// Where a page begins.
const AFTER: &str = "after";

/// The page.
pub(crate) fn page(place: Place) -> View {
    let path = path(&place);
    let known = load(&["audit"], move || Asked::get(path.clone()).document());
    let (deed, written) = (deed(), create_signal(0_usize));
    let filters = filters(&place);
    let here = place.clone();
    let shown = loaded(known, move |records: &Records| rows(&here, records));
    let export = move |_: web_sys::MouseEvent| {
        deed.start(&[], exported(written), |number| {
            text::with(audit::EXPORTED, &[("number", &number.to_string()), ("file", audit::FILE)])
        });
    };
    let newest = if place.asked(AFTER).is_none() {
        View::new()
    } else {
        let address = turned(&place, None);
        view! { a(class="button", href=address) { (audit::NEWEST) } }
    };
    let (said, under_way) = (deed.said(), deed.under_way(audit::EXPORTING));
    let so_far = move || match written.get() {
        0 => String::new(),
        number => text::with(audit::SO_FAR, &[("number", &number.to_string())]),
    };
    view! {
        h1 { (audit::NAME) }
        (filters)
        div(class="buttons") {
            button(r#type="button", disabled=deed.is_busy(), on:click=export) { (audit::EXPORT) }
            (newest)
        }
        (under_way)
        p(class="aside", hidden=!deed.is_busy()) { (so_far()) }
        (said)
        (shown)
    }
}

/// What is asked of the server: every criterion of the address, all of which have to be met.
fn path(place: &Place) -> String {
    let mut path = "/api/v1/audit?limit=100".to_owned();
    let known = |name: &&(String, String)| CRITERIA.contains(&name.0.as_str()) || name.0 == AFTER;
    for (name, value) in place.query.iter().filter(known).filter(|(_, value)| !value.is_empty()) {
        // a day begins at midnight; links may name the moment
        let is_day = ["from", "until"].contains(&name.as_str()) && !value.contains('T');
        let value = if is_day { format!("{value}T00:00:00Z") } else { value.clone() };
        path.push_str(&format!("&{name}={}", encoded(&value)));
    }
    path
}

/// The form; what is entered becomes the address.
fn filters(place: &Place) -> View {
    let entered =
        CRITERIA.map(|name| (name, create_signal(place.asked(name).unwrap_or_default().to_owned())));
    let [who, what, subject, from, until] = entered.map(|(_, value)| value);
    let apply = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let criteria = entered.map(|(name, value)| (name.to_owned(), value.get_clone().trim().to_owned()));
        let query = criteria.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        place::go(&at(query));
    };
    let clear = |_: web_sys::MouseEvent| place::go(&at(Vec::new()));
    let (who, what) = (field::line(audit::WHO, who), entry::suggested(audit::WHAT, what, &audit::ACTS));
    let subject = field::line(audit::SUBJECT, subject);
    let (from, until) = (entry::day(audit::FROM, from), entry::day(audit::UNTIL, until));
    view! {
        form(class="filters", role="search", aria-label=audit::FILTERS, on:submit=apply) {
            (who)
            (what)
            (subject)
            (from)
            (until)
            button(r#type="submit", class="primary") { (common::APPLY) }
            button(r#type="button", on:click=clear) { (audit::CLEAR) }
        }
    }
}

fn at(query: Vec<(String, String)>) -> String {
    Place { page: "audit".to_owned(), rest: Vec::new(), query }.address()
}

/// The address of another page of what is asked for: the newest, or what follows a record.
fn turned(place: &Place, after: Option<&str>) -> String {
    let kept = place.query.iter().filter(|(name, _)| name != AFTER).cloned();
    let after = after.map(|after| (AFTER.to_owned(), after.to_owned()));
    at(kept.chain(after).collect())
}

fn rows(place: &Place, records: &Records) -> View {
    let more = records.next.as_deref().map(|next| {
        let address = turned(place, Some(next));
        view! { p { a(class="button", href=address) { (audit::OLDER) } } }
    });
    let more = more.unwrap_or_default();
    let columns = [audit::TIME, audit::WHO, audit::WHAT, audit::SUBJECT, audit::OUTCOME, audit::DETAILS];
    let table = table::table(audit::NAME, &columns, records.items.iter().map(row).collect());
    let count = text::counted(records.items.len(), audit::COUNT_ONE, audit::COUNT);
    view! {
        p(class="aside", role="status") { (count) }
        (table)
        (more)
    }
}

fn row(record: &Record) -> View {
    let weight = if record.outcome == "done" { Weight::Good } else { Weight::Warning };
    table::row(vec![
        table::row_head(table::moment(Some(&record.time))),
        table::cell(table::text(Some(&record.who))),
        table::cell(table::text(Some(&record.what))),
        table::cell(table::text(Some(&record.subject))),
        table::cell(badge(weight, record.outcome.clone())),
        table::cell(details(record)),
    ])
}

fn details(record: &Record) -> View {
    let number = text::with(audit::NUMBER, &[("number", &record.sequence.to_string())]);
    let details = serde_json::to_string_pretty(&record.details).unwrap_or_default();
    let pairs = table::values(vec![
        (audit::HASH, table::text(Some(&record.hash))),
        (audit::PREVIOUS, table::text(Some(&record.previous))),
    ]);
    view! {
        details {
            summary { (audit::SHOW) }
            p { (number) }
            pre(tabindex="0") { (details) }
            (pairs)
        }
    }
}

/// Everything there is, as a file; how many records, and how many so far.
async fn exported(written: Signal<usize>) -> Answer<usize> {
    let mut lines = String::new();
    let mut number = 0_usize;
    let mut after = String::new();
    loop {
        let path = format!("/api/v1/audit?limit=500{after}");
        let records: Records = Asked::get(path).document().await?;
        for record in &records.items {
            lines.push_str(&serde_json::to_string(record).unwrap_or_default());
            lines.push('\n');
            number = number.saturating_add(1);
        }
        written.set(number);
        match records.next {
            Some(next) => after = format!("&after={}", encoded(&next)),
            None => break,
        }
    }
    save(&lines).map_err(|error| Failure::Unreadable(format!("{error:?}")))?;
    Ok(number)
}

fn save(lines: &str) -> Result<(), JsValue> {
    let parts = js_sys::Array::of1(&JsValue::from_str(lines));
    let blob = web_sys::Blob::new_with_str_sequence(&parts)?;
    let address = web_sys::Url::create_object_url_with_blob(&blob)?;
    let document = web_sys::window().and_then(|window| window.document());
    if let Some(document) = document {
        let link: web_sys::HtmlAnchorElement = document.create_element("a")?.unchecked_into();
        link.set_href(&address);
        link.set_download(audit::FILE);
        link.click();
    }
    web_sys::Url::revoke_object_url(&address)
}
