//! What is known of a certificate's revocation, and a look at it now.

use serde::{Deserialize, Serialize};
use sycamore::futures::spawn_local_scoped;
use sycamore::prelude::*;

use crate::document::certificate::{Check, Checks};
use crate::server::load::load;
use crate::server::{Answer, Asked, encoded, session};
use crate::text::{self, certificate};
use crate::widget::loaded::loaded;
use crate::widget::notice::{self, Weight, badge};
use crate::widget::time;

#[derive(Serialize)]
struct Run {
    fingerprint: String,
}

#[derive(Clone, Deserialize)]
struct Due {
    due: usize,
}

/// What is known of it.
pub(super) fn checks(fingerprint: &str) -> View {
    let path = format!("/api/v1/checks?fingerprint={}", encoded(fingerprint));
    let checks = load(&["checks"], move || Asked::get(path.clone()).document::<Checks>());
    let shown = loaded(checks, |checks: &Checks| {
        if checks.items.is_empty() {
            return view! { p { (certificate::NOT_CHECKED) } };
        }
        let items: Vec<View> = checks.items.iter().map(check).collect();
        view! { ul(class="findings") { (items) } }
    });
    let run = if session::may("alarms.manage") { run(fingerprint.to_owned()) } else { View::new() };
    view! {
        section(class="card") {
            h2 { (certificate::CHECKS) }
            (shown)
            (run)
        }
    }
}

fn check(from: &Check) -> View {
    let known = certificate::STATUSES.iter().find(|(word, _)| *word == from.status);
    let said = known.map_or_else(|| from.status.clone(), |(_, said)| (*said).to_owned());
    let weight = match from.status.as_str() {
        "good" => Weight::Good,
        "revoked" => Weight::Bad,
        "not-asked" => Weight::Note,
        _ => Weight::Warning,
    };
    let (status, room) = (badge(weight, said), from.room.clone());
    let decision = from.decision.as_deref().map(|decision| {
        let is_allowed = decision == "allow";
        let (weight, said) = if is_allowed {
            (Weight::Good, certificate::ALLOWED)
        } else {
            (Weight::Bad, certificate::DENIED)
        };
        badge(weight, said)
    });
    let detail = engine_wording::escape(from.detail.as_deref().unwrap_or_default());
    let last = moment(certificate::LAST_CHECKED, from.last_checked.as_deref());
    let next = moment(certificate::NEXT_CHECK, from.next_check.as_deref());
    view! {
        li {
            (status) " " (decision) " " (room)
            p { (detail) }
            p(class="aside") { (last) (next) }
        }
    }
}

fn moment(label: &'static str, at: Option<&str>) -> View {
    let Some(at) = at else { return View::new() };
    let at = time::moment(at);
    view! { (label) " " (at) " " }
}

fn run(fingerprint: String) -> View {
    let (answer, is_asking) = (create_signal(None::<Answer<Due>>), create_signal(false));
    let ask = move |_| {
        if is_asking.replace(true) {
            return;
        }
        let asked =
            Asked::write("POST", "/api/v1/checks/runs").json(&Run { fingerprint: fingerprint.clone() });
        spawn_local_scoped(async move {
            let due = asked.document::<Due>().await;
            is_asking.set(false);
            answer.set(Some(due));
        });
    };
    let said = move || {
        answer.with(|answer| match answer {
            None => View::new(),
            Some(Ok(Due { due })) => {
                let said = text::counted(*due, certificate::DUE_ONE, certificate::DUE);
                view! { p(role="status") { (said) } }
            }
            Some(Err(failure)) => notice::failure(failure),
        })
    };
    view! {
        div(class="buttons") { button(r#type="button", disabled=is_asking.get(), on:click=ask) { (certificate::CHECK_NOW) } }
        (said())
    }
}
