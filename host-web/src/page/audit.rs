//! What was done, by whom and when: a page at a time, filtered as one types, and all of it as a file, one record a line.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sycamore::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

use crate::place::Place;
use crate::server::load::load;
use crate::server::{Answer, Asked, Failure, encoded};
use crate::text::{self, audit};
use crate::widget::deed::deed;
use crate::widget::loaded::loaded;
use crate::widget::notice::{Weight, badge};
use crate::widget::{field, table};

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

impl Record {
    /// Whether it contains a text, in any case.
    fn contains(&self, wanted: &str) -> bool {
        let details = self.details.to_string();
        [&self.who, &self.what, &self.subject, &self.outcome, &self.time, &details]
            .iter()
            .any(|text| text.to_lowercase().contains(wanted))
    }
}

/// The page.
pub(crate) fn page(place: Place) -> View {
    let after = place.asked("after").map(|after| format!("&after={}", encoded(after))).unwrap_or_default();
    let is_first = after.is_empty();
    let path = format!("/api/v1/audit?limit=100{after}");
    let known = load(&["audit"], move || Asked::get(path.clone()).document());
    let (wanted, deed) = (create_signal(String::new()), deed());
    let filter = field::line(audit::FILTER, wanted);
    let shown = loaded(known, move |records: &Records| rows(records, wanted));
    let export = move |_: web_sys::MouseEvent| {
        deed.start(&[], exported(), |number| {
            text::with(audit::EXPORTED, &[("number", &number.to_string()), ("file", audit::FILE)])
        });
    };
    let newest = if is_first {
        View::new()
    } else {
        view! { a(class="button", href="#/audit") { (audit::NEWEST) } }
    };
    let said = deed.said();
    view! {
        h1 { (audit::NAME) }
        div(class="filters") {
            (filter)
            button(r#type="button", disabled=deed.is_busy(), on:click=export) { (audit::EXPORT) }
            (newest)
        }
        p(class="aside") { (audit::FILTER_HINT) }
        (said)
        (shown)
    }
}

fn rows(records: &Records, wanted: Signal<String>) -> View {
    let items = records.items.clone();
    let more = records.next.as_ref().map(|next| {
        let address = format!("#/audit?after={}", encoded(next));
        view! { p { a(class="button", href=address) { (audit::OLDER) } } }
    });
    let more = more.unwrap_or_default();
    let shown = move || {
        let wanted = wanted.get_clone().to_lowercase();
        let rows = items.iter().filter(|record| record.contains(&wanted)).map(row).collect();
        let columns = [audit::TIME, audit::WHO, audit::WHAT, audit::SUBJECT, audit::OUTCOME, audit::DETAILS];
        table::table(audit::NAME, &columns, rows)
    };
    view! {
        div(aria-live="polite") { (shown()) }
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

/// Everything there is, as a file; how many records.
async fn exported() -> Answer<usize> {
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
