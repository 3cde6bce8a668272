//! The matters that need somebody, gathered from what the server says of each: what is due or ended is the server's and
//! the engine's to say, here it is put in order.

use crate::document::alarm::Alarm;
use crate::document::summary::{Monitor, Summary, Within};
use crate::place::Place;
use crate::text::{self, common, overview};
use crate::widget::notice::Weight;
use crate::widget::time;

/// So many alarms are named; the rest are counted.
const NAMED_ALARMS: usize = 8;
const DAY: i64 = 86_400;

/// A matter that needs somebody.
pub(super) struct Matter {
    /// How urgent it is.
    pub(super) weight: Weight,
    /// What is the matter.
    pub(super) said: String,
    /// Where it is dealt with.
    pub(super) address: String,
}

/// All of them, the most urgent first.
pub(super) fn of(summary: &Summary, open: &[Alarm]) -> Vec<Matter> {
    let mut matters = Vec::new();
    if let Some(why) = &summary.unready {
        matters.push(matter(Weight::Bad, text::with(overview::UNREADY, &[("why", why)]), "#/nodes"));
    }
    alarms(&mut matters, open);
    services(&mut matters, &summary.monitor);
    ending(&mut matters, ("identity", &ENDS_IDENTITY), summary.ending.identity);
    ending(&mut matters, ("trust", &ENDS_TRUST), summary.ending.trust);
    for name in &summary.nodes.behind {
        let said = text::with(overview::NODE_BEHIND, &[("name", name)]);
        matters.push(matter(Weight::Warning, said, "#/nodes"));
    }
    if summary.lists.troubled > 0 {
        let said =
            text::counted(summary.lists.troubled, overview::LISTS_TROUBLED_ONE, overview::LISTS_TROUBLED);
        matters.push(matter(Weight::Warning, said, "#/decisions/lists"));
    }
    requests(&mut matters, summary);
    matters.sort_by_key(|matter| match matter.weight {
        Weight::Bad => 0,
        Weight::Warning => 1,
        _ => 2,
    });
    matters
}

fn matter(weight: Weight, said: String, address: &str) -> Matter {
    Matter { weight, said, address: address.to_owned() }
}

/// How much an alarm weighs.
pub(crate) fn weight(severity: &str) -> Weight {
    match severity {
        "critical" | "error" => Weight::Bad,
        "warning" => Weight::Warning,
        _ => Weight::Note,
    }
}

fn alarms(matters: &mut Vec<Matter>, open: &[Alarm]) {
    for alarm in open.iter().take(NAMED_ALARMS) {
        let title = alarm.told().map_or(alarm.kind.as_str(), |told| told.title.as_str());
        let place = Place { page: "alarms".to_owned(), rest: vec![alarm.id.clone()], query: Vec::new() };
        let said = format!("{title}: {}", engine_wording::escape(&alarm.subject));
        matters.push(Matter { weight: weight(&alarm.severity), said, address: place.address() });
    }
    let more = open.len().saturating_sub(NAMED_ALARMS);
    if more > 0 {
        let said = text::counted(more, overview::ONE_MORE_ALARM, overview::MORE_ALARMS);
        matters.push(matter(Weight::Warning, said, "#/alarms"));
    }
}

fn services(matters: &mut Vec<Matter>, monitor: &Monitor) {
    if monitor.status != "running" {
        let said = text::with(overview::MONITOR_NOT_RUNNING, &[("status", &monitor.status)]);
        matters.push(matter(Weight::Bad, said, "#/alarms/channels"));
    }
    if let Some(why) = monitor.found.as_ref().and_then(|found| found.fault.as_deref()) {
        let said = text::with(overview::MONITOR_FAILED, &[("why", why)]);
        matters.push(matter(Weight::Bad, said, "#/alarms/channels"));
    }
    let rechecks = &monitor.rechecks;
    if let Some(why) = &rechecks.why {
        let said = text::with(overview::RECHECKS_DEGRADED, &[("why", why)]);
        matters.push(matter(Weight::Bad, said, "#/decisions/checks"));
    }
    if rechecks.revoked > 0 {
        let said = text::counted(rechecks.revoked, overview::REVOKED_ONE, overview::REVOKED);
        matters.push(matter(Weight::Bad, said, "#/decisions/checks?status=revoked"));
    }
    if rechecks.failing > 0 {
        let said = text::counted(rechecks.failing, overview::FAILING_ONE, overview::FAILING);
        matters.push(matter(Weight::Warning, said, "#/decisions/checks?status=undetermined"));
    }
    for channel in &monitor.channels {
        if let Some(why) = &channel.last_error {
            let said = text::with(overview::CHANNEL_FAILS, &[("name", &channel.name), ("why", why)]);
            matters.push(matter(Weight::Warning, said, "#/alarms/channels"));
        }
    }
}

/// Sentences for one and for many: ended, within a week, within a month.
type Ends = [(&'static str, &'static str); 3];
const ENDS_IDENTITY: Ends = [
    (overview::ENDED_IDENTITY_ONE, overview::ENDED_IDENTITY),
    (overview::WEEK_IDENTITY_ONE, overview::WEEK_IDENTITY),
    (overview::MONTH_IDENTITY_ONE, overview::MONTH_IDENTITY),
];
const ENDS_TRUST: Ends = [
    (overview::ENDED_TRUST_ONE, overview::ENDED_TRUST),
    (overview::WEEK_TRUST_ONE, overview::WEEK_TRUST),
    (overview::MONTH_TRUST_ONE, overview::MONTH_TRUST),
];

fn ending(matters: &mut Vec<Matter>, (kind, sentences): (&str, &Ends), within: Within) {
    let [ended, week, month] = sentences;
    let now = time::now();
    let steps = [
        (Weight::Bad, within.ended, ended, 0),
        (Weight::Warning, within.week, week, 7),
        (Weight::Note, within.month.saturating_sub(within.week), month, 30),
    ];
    for (weight, number, (one, many), days) in steps {
        if number > 0 {
            let before = time::written(now.saturating_add(DAY.saturating_mul(days)));
            let query = [("kind", kind), ("expires_before", &before)];
            let query = query.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
            let place = Place { page: "certificates".to_owned(), rest: Vec::new(), query };
            matters.push(Matter { weight, said: text::counted(number, one, many), address: place.address() });
        }
    }
}

fn requests(matters: &mut Vec<Matter>, summary: &Summary) {
    for waiting in &summary.requests.items {
        let node = waiting.node.as_deref().unwrap_or(common::EVERY_NODE);
        let day = waiting.since.split('T').next().unwrap_or_default();
        let values = [("purpose", waiting.purpose.as_str()), ("node", node), ("since", day)];
        matters.push(matter(Weight::Note, text::with(overview::REQUEST_WAITS, &values), "#/requests"));
    }
}
