//! One alarm: everything that is known of it, and the answers to it.

use serde::Serialize;
use sycamore::prelude::*;

use super::{severity, state_of};
use crate::document::alarm::{Alarm, Told, Used};
use crate::server::load::load;
use crate::server::{Asked, encoded, session};
use crate::text::{self, alarms, common};
use crate::widget::deed::{Deed, deed};
use crate::widget::loaded::loaded;
use crate::widget::{field, table, time};

const DAY: i64 = 86_400;

/// The part of the page.
pub(super) fn part(id: String) -> View {
    let path = format!("/api/v1/alarms/{}", encoded(&id));
    let asked = path.clone();
    let known = load(&["alarms"], move || Asked::get(asked.clone()).document());
    let shown = loaded(known, whole);
    let answers = if session::may("alarms.manage") { answers(path) } else { View::new() };
    view! {
        p { a(href="#/alarms") { "← " (alarms::BACK) } }
        (shown)
        (answers)
    }
}

fn whole(alarm: &Alarm) -> View {
    let told = alarm.told().cloned().unwrap_or_default();
    let title = if told.title.is_empty() { alarm.kind.clone() } else { told.title.clone() };
    let (sentence, action) = (told.sentence.clone(), told.action.clone());
    let mut pairs = vec![
        (alarms::SEVERITY, severity(&alarm.severity)),
        (alarms::STATE, state_of(alarm)),
        (alarms::ABOUT, table::text(Some(&alarm.subject))),
        (alarms::RAISED, time::moment(&alarm.raised_at)),
    ];
    if let Some((when, who)) = alarm.answered_at.as_deref().zip(alarm.answered_by.as_deref()) {
        let said = text::with(alarms::ANSWERED_BY, &[("when", when), ("who", who)]);
        pairs.push((alarms::ANSWERED, table::text(Some(&said))));
    }
    if let Some(until) = &alarm.snoozed_until {
        pairs.push((alarms::SNOOZED, time::moment(until)));
    }
    let kind = alarm.kind.clone();
    pairs.extend(details(&told));
    pairs.push((alarms::KIND, view! { code { (kind) } }));
    let pairs = table::values(pairs);
    view! {
        section(class="card") {
            h2 { (title) }
            p { (sentence) }
            h3 { (alarms::TO_DO) }
            p { (action) }
            (pairs)
        }
    }
}

fn details(told: &Told) -> Vec<(&'static str, View)> {
    let mut pairs = Vec::new();
    if let Some(fingerprint) = told.fingerprint.clone() {
        let address = format!("#/certificates/{fingerprint}");
        pairs.push((alarms::CERTIFICATE, view! { a(href=address, class="mono") { (fingerprint) } }));
    }
    if let Some(serial) = &told.serial_number {
        pairs.push((alarms::SERIAL, table::text(Some(serial))));
    }
    if let Some(end) = &told.not_after {
        pairs.push((alarms::ENDS, time::moment(end)));
    }
    if !told.places.is_empty() {
        pairs.push((alarms::PLACES, listed(told.places.iter().map(place).collect())));
    }
    if !told.services.is_empty() {
        pairs.push((alarms::SERVICES, listed(told.services.clone())));
    }
    pairs
}

fn place(place: &Used) -> String {
    let node = place.node.as_deref().unwrap_or(common::EVERY_NODE);
    text::with(alarms::PLACE, &[("room", &place.room), ("kind", &place.kind), ("node", node)])
}

fn listed(lines: Vec<String>) -> View {
    let items: Vec<View> = lines
        .into_iter()
        .map(|line| {
            let line = engine_wording::escape(&line);
            view! { li { (line) } }
        })
        .collect();
    view! { ul { (items) } }
}

/// What somebody answers.
#[derive(Serialize)]
struct Answer {
    answer: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<String>,
}

fn answers(path: String) -> View {
    let deed = deed();
    let days = create_signal("7".to_owned());
    let spans = alarms::SPANS.map(|(word, said)| (word.to_owned(), said.to_owned())).to_vec();
    let span = field::choice(alarms::SNOOZE_FOR, days, spans);
    let [acknowledge, resolve, snooze] = ["acknowledge", "resolve", "snooze"].map(|answer| {
        let path = path.clone();
        move |_: web_sys::MouseEvent| {
            let days: i64 = days.get_clone().parse().unwrap_or(1);
            let until = time::now().saturating_add(DAY.saturating_mul(days));
            let until = (answer == "snooze").then(|| time::written(until));
            send(deed, &path, Answer { answer, until });
        }
    });
    let said = deed.said();
    view! {
        section(class="card") {
            h2 { (alarms::ANSWER) }
            p(class="aside") { (alarms::ANSWERS_MEAN) }
            (said)
            div(class="buttons") {
                button(r#type="button", class="primary", disabled=deed.is_busy(), on:click=acknowledge) { (alarms::ACKNOWLEDGE) }
                button(r#type="button", disabled=deed.is_busy(), on:click=resolve) { (alarms::RESOLVE) }
            }
            div(class="filters") {
                (span)
                button(r#type="button", disabled=deed.is_busy(), on:click=snooze) { (alarms::SNOOZE) }
            }
        }
    }
}

fn send(deed: Deed, path: &str, answer: Answer) {
    let word = answer.answer;
    let asked = Asked::write("PATCH", path).json(&answer);
    deed.start(&["alarms"], asked.document::<Alarm>(), move |_| {
        alarms::ANSWERED_SO.iter().find(|(known, _)| *known == word).map_or("", |(_, said)| said).to_owned()
    });
}
