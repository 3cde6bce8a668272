//! The first page: does anything need somebody? One sentence says so; then come the matters, the most urgent first,
//! each with the way to where it is dealt with; then the quiet figures (R-MON-3).

mod matters;

pub(crate) use matters::weight;

use sycamore::prelude::*;

use crate::document::alarm::Alarms;
use crate::document::summary::{Monitor, Policy, Summary};
use crate::place::Place;
use crate::server::Asked;
use crate::server::load::load;
use crate::text::{self, overview};
use crate::widget::loaded::loaded;
use crate::widget::notice::{Weight, badge, notice};
use crate::widget::table;

/// What it shows follows any of these.
const THINGS: &[&str] =
    &["alarms", "monitor", "nodes", "certificates", "requests", "policy", "checks", "lists", "cluster"];

/// The page.
pub(crate) fn page(_: Place) -> View {
    let known = load(THINGS, || async {
        let summary: Summary = Asked::get("/api/v1/summary").document().await?;
        let alarms: Alarms = Asked::get("/api/v1/alarms?state=open&limit=500").document().await?;
        Ok((summary, alarms))
    });
    let shown = loaded(known, |(summary, alarms): &(Summary, Alarms)| whole(summary, alarms));
    view! {
        h1 { (overview::NAME) }
        (shown)
    }
}

fn whole(summary: &Summary, alarms: &Alarms) -> View {
    let matters = matters::of(summary, &alarms.items);
    let (needed, figures) = (needed(&matters), figures(summary));
    view! {
        (needed)
        section(class="card") {
            h2 { (overview::FIGURES) }
            (figures)
        }
    }
}

fn needed(matters: &[matters::Matter]) -> View {
    let Some(worst) = matters.first() else {
        return notice(Weight::Good, overview::NOTHING_NEEDED, View::new());
    };
    let title = text::counted(matters.len(), overview::NEEDED_ONE, overview::NEEDED);
    // said as a status whatever it weighs: the page is not an interruption
    let sentence =
        notice(if worst.weight == Weight::Bad { Weight::Warning } else { worst.weight }, title, View::new());
    let rows: Vec<View> = matters.iter().map(matter).collect();
    view! {
        (sentence)
        section(class="card") {
            h2 { (overview::MATTERS) }
            ul(class="findings") { (rows) }
        }
    }
}

fn matter(matter: &matters::Matter) -> View {
    let word = match matter.weight {
        Weight::Bad => overview::URGENT,
        Weight::Warning => overview::SOON,
        _ => overview::IN_TIME,
    };
    let (weight, said) = (badge(matter.weight, word), matter.said.clone());
    let address = matter.address.clone();
    view! { li { (weight) " " a(href=address) { (said) } } }
}

fn figures(summary: &Summary) -> View {
    let monitor = &summary.monitor;
    let found = monitor.found.clone().unwrap_or_default();
    let watched = table::text(monitor.found.as_ref().map(|found| found.certificates.to_string()).as_deref());
    let mut pairs = policy(&summary.policy);
    pairs.extend([
        (
            overview::MONITOR,
            service(&monitor.status, monitor.last_run.as_deref(), monitor.next_run.as_deref()),
        ),
        (overview::RECHECKS, rechecks(monitor)),
        (overview::WATCHED, watched),
        (overview::SOONEST, table::moment(found.soonest_expiry.as_deref())),
        (overview::NODES, nodes(summary)),
        (overview::ANSWERED_BY, table::text(Some(&summary.node))),
    ]);
    table::values(pairs)
}

fn policy(policy: &Policy) -> Vec<(&'static str, View)> {
    let number = policy.number.map_or_else(
        || overview::POLICY_NONE.to_owned(),
        |number| text::with(overview::POLICY_NUMBER, &[("number", &number.to_string())]),
    );
    let mode = policy.common_criteria.map(|is_on| if is_on { overview::ON } else { overview::OFF });
    vec![
        (overview::POLICY, view! { a(href="#/settings") { (number) } }),
        (overview::PROFILE, table::text(policy.profile.as_deref())),
        (overview::COMMON_CRITERIA, table::text(mode)),
    ]
}

fn rechecks(monitor: &Monitor) -> View {
    let rechecks = &monitor.rechecks;
    service(&rechecks.status, rechecks.last_run.as_deref(), rechecks.next_run.as_deref())
}

fn nodes(summary: &Summary) -> View {
    let (all, behind) = (summary.nodes.all, summary.nodes.behind.len());
    let current = all.saturating_sub(behind).to_string();
    let said = text::with(overview::NODES_CURRENT, &[("current", &current), ("all", &all.to_string())]);
    view! { a(href="#/nodes") { (said) } }
}

/// The status of a service, in a word, and when it runs (R-MON-3).
pub(crate) fn service(status: &str, last: Option<&str>, next: Option<&str>) -> View {
    let word = overview::STATUSES.iter().find(|(known, _)| *known == status);
    let word = word.map_or_else(|| status.to_owned(), |(_, word)| (*word).to_owned());
    let weight = match status {
        "running" => Weight::Good,
        "degraded" => Weight::Bad,
        _ => Weight::Note,
    };
    let status = badge(weight, word);
    let (last, next) = (table::moment(last), table::moment(next));
    view! {
        (status) " "
        span(class="aside") { (overview::LAST_RUN) " " (last) ", " (overview::NEXT_RUN) " " (next) }
    }
}
