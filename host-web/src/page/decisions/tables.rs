//! What was found when certificates in use were judged again: checks, connections, responders, and lists watched.

use serde::Deserialize;
use sycamore::prelude::*;

use crate::place::{self, Place};
use crate::server::load::load;
use crate::server::{Asked, encoded, session};
use crate::text::{self, common, decisions};
use crate::widget::deed::deed;
use crate::widget::loaded::loaded;
use crate::widget::notice::{Weight, badge};
use crate::widget::{field, table};

/// A page of things.
#[derive(Clone, Debug, Deserialize, PartialEq)]
struct Page<T> {
    items: Vec<T>,
}

/// A certificate in use that was looked at.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "kebab-case")]
struct Check {
    fingerprint: String,
    room: String,
    status: String,
    decision: Option<String>,
    detail: Option<String>,
    last_checked: Option<String>,
    next_check: Option<String>,
}

/// The checks of the last looks, of one status or of all.
pub(super) fn checks(place: &Place) -> View {
    let status = place.asked("status").unwrap_or_default().to_owned();
    let query = if status.is_empty() { String::new() } else { format!("&status={}", encoded(&status)) };
    let path = format!("/api/v1/checks?limit=500{query}");
    let known = load(&["checks"], move || Asked::get(path.clone()).document());
    let chosen = create_signal(status);
    let apply = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let query = vec![("status".to_owned(), chosen.get_clone())];
        place::go(&Place { page: "decisions".to_owned(), rest: vec!["checks".to_owned()], query }.address());
    };
    let words = [("", common::ALL)].into_iter().chain(decisions::STATUSES);
    let words = words.map(|(word, said)| (word.to_owned(), said.to_owned())).collect();
    let filter = field::choice(decisions::STATUS, chosen, words);
    let now = run("/api/v1/checks/runs", &["checks"], decisions::CHECK_NOW, |answer: &serde_json::Value| {
        let due = answer.get("due").map(ToString::to_string).unwrap_or_default();
        text::with(decisions::CHECKING, &[("number", &due)])
    });
    let shown = loaded(known, |page: &Page<Check>| {
        let columns = [
            decisions::FINGERPRINT,
            decisions::ROOM,
            decisions::STATUS,
            decisions::DECISION,
            decisions::DETAIL,
            decisions::LAST,
            decisions::NEXT,
        ];
        table::table(decisions::CHECKS, &columns, page.items.iter().map(check).collect())
    });
    view! {
        form(class="filters", on:submit=apply) {
            (filter)
            button(r#type="submit") { (common::APPLY) }
        }
        (now)
        (shown)
    }
}

fn check(check: &Check) -> View {
    let decision = check.decision.as_deref().unwrap_or_default();
    table::row(vec![
        table::row_head(certificate(&check.fingerprint)),
        table::cell(table::text(Some(&check.room))),
        table::cell(word(&decisions::STATUSES, &check.status)),
        table::cell(word(&decisions::DECISIONS, decision)),
        table::cell(table::text(check.detail.as_deref())),
        table::cell(table::moment(check.last_checked.as_deref())),
        table::cell(table::moment(check.next_check.as_deref())),
    ])
}

fn certificate(fingerprint: &str) -> View {
    let address = format!("#/certificates/{fingerprint}");
    let short: String = fingerprint.chars().take(16).collect();
    let whole = fingerprint.to_owned();
    view! { a(href=address, class="mono", title=whole) { (short) "…" } }
}

/// A word of the API for people, with a weight.
fn word(words: &[(&str, &'static str)], word: &str) -> View {
    let Some((_, said)) = words.iter().find(|(known, _)| *known == word) else {
        return table::text(Some(word));
    };
    let weight = match word {
        "good" | "allow" => Weight::Good,
        "revoked" | "deny" | "cut" => Weight::Bad,
        "unknown" | "undetermined" => Weight::Warning,
        _ => Weight::Note,
    };
    badge(weight, *said)
}

/// A button that has the server do something now.
fn run(
    path: &'static str,
    things: &'static [&'static str],
    name: &'static str,
    done: fn(&serde_json::Value) -> String,
) -> View {
    if !session::may("alarms.manage") {
        return View::new();
    }
    let deed = deed();
    let start = move |_: web_sys::MouseEvent| {
        let asked = Asked::write("POST", path).json(&serde_json::Map::new());
        deed.start(things, asked.document::<serde_json::Value>(), move |answer| done(&answer));
    };
    let (said, under_way) = (deed.said(), deed.under_way(common::UNDER_WAY));
    view! {
        div(class="buttons") { button(r#type="button", disabled=deed.is_busy(), on:click=start) { (name) } }
        (under_way)
        (said)
    }
}

/// A connection that lasts.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "kebab-case")]
struct Connection {
    peer: String,
    class: String,
    subject: String,
    state: String,
    why: Option<String>,
    registered_at: String,
}

/// Connections that last long.
pub(super) fn connections() -> View {
    let known = load(&["connections"], || Asked::get("/api/v1/connections?limit=500").document());
    loaded(known, |page: &Page<Connection>| {
        let columns = [
            decisions::PEER,
            decisions::CLASS,
            decisions::SUBJECT,
            decisions::STATE,
            decisions::DETAIL,
            decisions::SINCE,
        ];
        let rows = page.items.iter().map(|connection| {
            table::row(vec![
                table::row_head(table::text(Some(&connection.peer))),
                table::cell(table::text(Some(&connection.class))),
                table::cell(table::text(Some(&connection.subject))),
                table::cell(word(&decisions::CONNECTION_STATES, &connection.state)),
                table::cell(table::text(connection.why.as_deref())),
                table::cell(table::moment(Some(&connection.registered_at))),
            ])
        });
        table::table(decisions::CONNECTIONS, &columns, rows.collect())
    })
}

/// How responders do.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "kebab-case")]
struct Weather {
    last_hour: Vec<Responder>,
    last_day: Vec<Responder>,
    last_week: Vec<Responder>,
}

#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "kebab-case")]
struct Responder {
    authority: String,
    kind: String,
    requests: u64,
    failures: u64,
    median_milliseconds: Option<u64>,
    slow_milliseconds: Option<u64>,
    fresh_until: Option<String>,
    reasons: Vec<Reason>,
}

#[derive(Clone, Debug, Deserialize, PartialEq)]
struct Reason {
    reason: String,
    count: u64,
}

/// How responders did.
pub(super) fn weather() -> View {
    let known = load(&["checks", "lists"], || Asked::get("/api/v1/weather").document());
    loaded(known, |weather: &Weather| {
        let spans = [
            (decisions::HOUR, &weather.last_hour),
            (decisions::DAY, &weather.last_day),
            (decisions::WEEK, &weather.last_week),
        ];
        let spans: Vec<View> = spans.into_iter().map(|(name, responders)| span(name, responders)).collect();
        view! { (spans) }
    })
}

fn span(name: &'static str, responders: &[Responder]) -> View {
    let columns = [
        decisions::AUTHORITY,
        decisions::KIND,
        decisions::REQUESTS,
        decisions::FAILURES,
        decisions::MEDIAN,
        decisions::SLOW,
        decisions::FRESH,
    ];
    let table = table::table(name, &columns, responders.iter().map(responder).collect());
    view! {
        h2 { (name) }
        (table)
    }
}

fn responder(responder: &Responder) -> View {
    let took = |milliseconds: Option<u64>| {
        let said = milliseconds
            .map(|number| text::with(decisions::MILLISECONDS, &[("number", &number.to_string())]));
        table::cell(table::text(said.as_deref()))
    };
    let reasons: Vec<String> = responder
        .reasons
        .iter()
        .map(|why| {
            text::with(decisions::REASON, &[("reason", &why.reason), ("number", &why.count.to_string())])
        })
        .collect();
    let (failures, reasons) = (responder.failures.to_string(), reasons.join(", "));
    table::row(vec![
        table::row_head(table::text(Some(&responder.authority))),
        table::cell(table::text(Some(&responder.kind))),
        table::cell(responder.requests.to_string()),
        table::cell(view! { (failures) " " span(class="aside") { (reasons) } }),
        took(responder.median_milliseconds),
        took(responder.slow_milliseconds),
        table::cell(table::moment(responder.fresh_until.as_deref())),
    ])
}

/// A place that lists are downloaded from.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "kebab-case")]
struct Watched {
    uri: String,
    last_try: Option<String>,
    next_download: String,
    trouble: Option<String>,
    lists: Vec<Taken>,
}

#[derive(Clone, Debug, Deserialize, PartialEq)]
struct Taken {
    issuer: String,
    number: Option<String>,
}

/// The lists that are watched for changes.
pub(super) fn lists() -> View {
    let known = load(&["lists"], || Asked::get("/api/v1/lists").document());
    let now =
        run("/api/v1/lists/runs", &["lists"], decisions::DOWNLOAD, |_| decisions::DOWNLOADING.to_owned());
    let shown = loaded(known, |page: &Page<Watched>| {
        let columns =
            [decisions::URI, decisions::TAKEN, decisions::TROUBLE, decisions::LAST, decisions::NEXT];
        table::table(decisions::LISTS, &columns, page.items.iter().map(watched).collect())
    });
    view! {
        (now)
        (shown)
    }
}

fn watched(watched: &Watched) -> View {
    let lists = watched.lists.iter().map(|list| {
        let number = list.number.as_deref().unwrap_or_default();
        text::with(decisions::LIST, &[("issuer", &list.issuer), ("number", number)])
    });
    let lists = lists.collect::<Vec<_>>().join("; ");
    let trouble = match watched.trouble.as_deref() {
        Some(trouble) => badge(Weight::Warning, trouble.to_owned()),
        None => badge(Weight::Good, decisions::GOOD),
    };
    table::row(vec![
        table::row_head(table::text(Some(&watched.uri))),
        table::cell(table::text(Some(&lists))),
        table::cell(trouble),
        table::cell(table::moment(watched.last_try.as_deref())),
        table::cell(table::moment(Some(&watched.next_download))),
    ])
}
