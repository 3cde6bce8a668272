//! The channels that alarms leave by, and the monitor that raises them: its status (R-MON-3), a run and a trial message
//! now. It is set for each product by itself (R-MON-16).

use serde::Deserialize;
use sycamore::prelude::*;

use crate::document::summary::{Channel, Monitor};
use crate::page::overview;
use crate::server::load::load;
use crate::server::{Asked, encoded, session};
use crate::text::{self, alarms, common};
use crate::widget::confirm::{Question, confirm};
use crate::widget::deed::{Deed, deed};
use crate::widget::loaded::loaded;
use crate::widget::notice::{Weight, badge, notice};
use crate::widget::table;

/// What became of a trial message.
#[derive(Deserialize)]
struct Trial {
    channels: Vec<Tried>,
}

#[derive(Deserialize)]
struct Tried {
    name: String,
    taken: bool,
    why: Option<String>,
}

/// What was dropped.
#[derive(Deserialize)]
struct Dropped {
    dropped: u64,
    name: String,
}

/// The part of the page.
pub(super) fn part() -> View {
    let known = load(&["monitor", "alarms", "policy"], || Asked::get("/api/v1/monitor").document());
    let (deed, asked) = (deed(), create_signal(None));
    let shown = loaded(known, move |monitor: &Monitor| whole(monitor, asked));
    let buttons = if session::may("alarms.manage") { buttons(deed) } else { View::new() };
    let (said, confirm) = (deed.said(), confirm(asked, deed));
    let under_way = deed.under_way(common::UNDER_WAY);
    view! {
        (said)
        (buttons)
        (under_way)
        (shown)
        (confirm)
    }
}

fn buttons(deed: Deed) -> View {
    let run = move |_: web_sys::MouseEvent| {
        let asked = Asked::write("POST", "/api/v1/monitor/runs");
        deed.start(&["monitor", "alarms"], asked.document::<Monitor>(), |_| alarms::RUN_BEGAN.to_owned());
    };
    let test = move |_: web_sys::MouseEvent| {
        let asked = Asked::write("POST", "/api/v1/monitor/test");
        deed.start(&["monitor"], asked.document::<Trial>(), |trial| tried(&trial));
    };
    view! {
        div(class="buttons") {
            button(r#type="button", disabled=deed.is_busy(), on:click=run) { (alarms::RUN_NOW) }
            button(r#type="button", disabled=deed.is_busy(), on:click=test) { (alarms::TRY) }
        }
    }
}

fn tried(trial: &Trial) -> String {
    let taken = trial.channels.iter().filter(|channel| channel.taken).count().to_string();
    let refusals: String = trial
        .channels
        .iter()
        .filter_map(|channel| Some((channel.name.as_str(), channel.why.as_deref()?)))
        .map(|(name, why)| text::with(alarms::TRIAL_REFUSED, &[("name", name), ("why", why)]))
        .collect();
    let all = trial.channels.len().to_string();
    text::with(alarms::TRIED, &[("taken", &taken), ("all", &all), ("refusals", &refusals)])
}

fn whole(monitor: &Monitor, asked: Signal<Option<Question>>) -> View {
    let rechecks = &monitor.rechecks;
    let status = overview::service(&monitor.status, monitor.last_run.as_deref(), monitor.next_run.as_deref());
    let again =
        overview::service(&rechecks.status, rechecks.last_run.as_deref(), rechecks.next_run.as_deref());
    let mut pairs = vec![(alarms::SERVICE, status), (alarms::RECHECKS, again)];
    if let Some(fault) = monitor.found.as_ref().and_then(|found| found.fault.as_deref()) {
        pairs.push((alarms::FAULT, table::text(Some(fault))));
    }
    let (pairs, channels) = (table::values(pairs), channels(&monitor.channels, asked));
    view! {
        section(class="card") {
            h2 { (alarms::MONITOR) }
            (pairs)
            p(class="aside") { (alarms::SET_IN) " " a(href="#/settings") { (alarms::TO_SETTINGS) } }
        }
        section {
            h2 { (alarms::CHANNELS) }
            (channels)
        }
    }
}

fn channels(channels: &[Channel], asked: Signal<Option<Question>>) -> View {
    if channels.is_empty() {
        return notice(Weight::Note, alarms::NO_CHANNEL, View::new());
    }
    let rows = channels.iter().map(|channel| row(channel, asked)).collect();
    let columns = [
        alarms::CHANNEL,
        alarms::CHANNEL_STATE,
        alarms::WAITING,
        alarms::DELIVERED,
        alarms::LAST_DELIVERED,
        alarms::ACTIONS,
    ];
    table::table(alarms::CHANNELS, &columns, rows)
}

fn row(channel: &Channel, asked: Signal<Option<Question>>) -> View {
    let (weight, word) = match (&channel.last_error, channel.is_configured) {
        (Some(_), _) => (Weight::Bad, alarms::FAILS),
        (None, false) => (Weight::Note, alarms::NOT_HERE),
        (None, true) => (Weight::Good, alarms::WORKS),
    };
    let (standing, why) = (badge(weight, word), channel.last_error.clone().unwrap_or_default());
    let action = if channel.waiting > 0 && session::may("alarms.manage") {
        drop_button(channel, asked)
    } else {
        View::new()
    };
    table::row(vec![
        table::row_head(table::text(Some(&channel.name))),
        table::cell(view! { (standing) " " (why) }),
        table::cell(channel.waiting.to_string()),
        table::cell(channel.delivered.to_string()),
        table::cell(table::moment(channel.last_delivered.as_deref())),
        table::cell(action),
    ])
}

fn drop_button(channel: &Channel, asked: Signal<Option<Question>>) -> View {
    let (name, number) = (channel.name.clone(), channel.waiting.to_string());
    let label = text::with(alarms::DROP_OF, &[("name", &name)]);
    let ask = move |_: web_sys::MouseEvent| {
        let path = format!("/api/v1/monitor/channels/{}", encoded(&name));
        let said = text::with(alarms::DROP_ASKED, &[("number", &number), ("name", &name)]);
        asked.set(Some(Question::new(alarms::DROP, said, move |deed: Deed| {
            let asked = Asked::write("DELETE", path.clone());
            deed.start(&["monitor"], asked.document::<Dropped>(), |dropped| {
                let number = dropped.dropped.to_string();
                text::with(alarms::DROPPED, &[("number", &number), ("name", &dropped.name)])
            });
        })));
    };
    view! { button(r#type="button", class="dangerous", aria-label=label, on:click=ask) { (alarms::DROP) } }
}
