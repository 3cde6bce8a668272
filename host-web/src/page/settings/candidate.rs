//! The candidate policy: proposed, followed as decisions come in, and promoted or dropped after a question.

mod flips;

use sycamore::futures::spawn_local_scoped;
use sycamore::prelude::*;
use sycamore::reactive::use_current_scope;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlInputElement;

use super::DEPLOYMENT;
use crate::document::candidate::{Candidate, Counts, Purpose, Standing};
use crate::document::policy::Version;
use crate::place::Place;
use crate::server::load::load;
use crate::server::{Asked, session};
use crate::text::{self, candidate};
use crate::widget::confirm::{Question, confirm};
use crate::widget::deed::{Deed, deed};
use crate::widget::loaded::loaded;
use crate::widget::notice::{Weight, notice};
use crate::widget::{field, table};

/// Where the candidate is.
const PATH: &str = "/api/v1/policies/candidate";
/// What is asked for again when the candidate is another, or has become the policy.
const THINGS: &[&str] = &["candidate", "policy", "nodes", "monitor", "lists"];

/// What the parts of the page share.
#[derive(Clone, Copy)]
struct Shared {
    deed: Deed,
    asked: Signal<Option<Question>>,
    /// The version of the candidate that is shown; 0 where there is none.
    seen: Signal<u64>,
}

/// The part of the page.
pub(super) fn part(place: &Place) -> View {
    let shared = Shared { deed: deed(), asked: create_signal(None), seen: create_signal(0) };
    let known = load(&["candidate", "policy"], || Asked::get(PATH).document());
    let shown = loaded(known, move |standing: &Standing| {
        shared.seen.set(standing.candidate.as_ref().map_or(0, |candidate| candidate.version));
        of(standing, shared)
    });
    let flips = flips::part(place);
    let (said, question) = (shared.deed.said(), confirm(shared.asked, shared.deed));
    let proposal = proposal(shared);
    view! {
        p(class="aside") { (candidate::MEANS) }
        (said)
        (question)
        (shown)
        (flips)
        (proposal)
    }
}

fn of(standing: &Standing, shared: Shared) -> View {
    let Some(found) = &standing.candidate else {
        return notice(Weight::Note, candidate::NO_CANDIDATE, View::new());
    };
    let policy = |number: Option<u64>| match number {
        Some(number) => text::with(candidate::POLICY, &[("number", &number.to_string())]),
        None => candidate::DEFAULTS.to_owned(),
    };
    let values = table::values(vec![
        (candidate::VERSION, table::text(Some(&found.version.to_string()))),
        (candidate::PROPOSED, table::moment(Some(&found.proposed_at))),
        (candidate::BY, table::text(Some(&found.proposed_by))),
        (candidate::AGAINST, table::text(Some(&policy(found.against)))),
        (candidate::COMPARED, table::text(Some(&found.total.compared.to_string()))),
        (candidate::NOTED, table::moment(found.noted_at.as_deref())),
    ]);
    let (told, counts) = (told(standing.active, found), counts(found));
    let document = found.document.clone();
    let buttons = buttons(standing, found, shared);
    view! {
        section {
            h2 { (candidate::STANDING) }
            (values)
            (told)
            (counts)
            details {
                summary { (candidate::DOCUMENT) }
                pre(tabindex="0") { (document) }
            }
            (buttons)
        }
    }
}

/// What somebody has to know before they promote it.
fn told(active: Option<u64>, found: &Candidate) -> View {
    let Counts { compared, allow_to_deny, deny_to_allow, asks_for_more, cannot_be_asked, .. } = found.total;
    let flips = allow_to_deny.saturating_add(deny_to_allow).saturating_add(cannot_be_asked);
    let flips = match (compared, flips) {
        (0, _) => notice(Weight::Note, candidate::NOTHING_YET, View::new()),
        (_, 0) if asks_for_more == 0 => notice(Weight::Good, candidate::NO_FLIPS, View::new()),
        (_, 0) => View::new(),
        (_, flips) => {
            let said = text::with(candidate::SOME_FLIPS, &[("number", &flips.to_string())]);
            notice(Weight::Warning, said, View::new())
        }
    };
    let changed = if found.active_changed {
        let number = active.unwrap_or(0).to_string();
        let means = text::with(candidate::ACTIVE_CHANGED_MEANS, &[("number", &number)]);
        notice(Weight::Warning, candidate::ACTIVE_CHANGED, view! { p { (means) } })
    } else {
        View::new()
    };
    let (dropped, undecided) = (found.total.dropped, found.total.undecided);
    let unknown = if dropped > 0 || undecided > 0 {
        let (dropped, undecided) = (dropped.to_string(), undecided.to_string());
        let means = text::with(candidate::DROPPED_MEANS, &[("dropped", &dropped), ("undecided", &undecided)]);
        notice(Weight::Warning, candidate::DROPPED, view! { p { (means) } })
    } else {
        View::new()
    };
    // what changes by itself is told to those who hear the page
    view! { div(aria-live="polite") { (changed) (flips) (unknown) } }
}

fn counts(found: &Candidate) -> View {
    if found.purposes.is_empty() {
        return View::new();
    }
    let columns = [
        candidate::PURPOSE,
        candidate::COUNTED,
        candidate::ALLOW_TO_DENY,
        candidate::DENY_TO_ALLOW,
        candidate::OTHERWISE,
        candidate::ASKS,
        candidate::CANNOT,
        candidate::UNKNOWN,
    ];
    let purpose = |one: &Purpose| {
        let name = one.purpose.clone().unwrap_or_else(|| candidate::NO_PURPOSE.to_owned());
        row(name, one.counts)
    };
    let mut rows: Vec<View> = found.purposes.iter().map(purpose).collect();
    if rows.len() > 1 {
        rows.push(row(candidate::ALL_PURPOSES.to_owned(), found.total));
    }
    let table = table::table(candidate::BY_PURPOSE, &columns, rows);
    view! {
        h3 { (candidate::BY_PURPOSE) }
        (table)
    }
}

fn row(name: String, counts: Counts) -> View {
    let numbers = [
        counts.compared,
        counts.allow_to_deny,
        counts.deny_to_allow,
        counts.otherwise,
        counts.asks_for_more,
        counts.cannot_be_asked,
        counts.undecided.saturating_add(counts.dropped),
    ];
    let cells = numbers.into_iter().map(|number| table::cell(table::text(Some(&number.to_string()))));
    table::row([table::row_head(table::text(Some(&name)))].into_iter().chain(cells).collect())
}

fn buttons(standing: &Standing, found: &Candidate, shared: Shared) -> View {
    if !session::may("policy.manage") {
        return View::new();
    }
    let (version, tag) = (found.version.to_string(), format!("\"{}\"", found.version));
    let total = found.total;
    let sentence = text::with(
        candidate::PROMOTE_ASKED,
        &[
            ("version", &version),
            ("compared", &total.compared.to_string()),
            ("denied", &total.allow_to_deny.to_string()),
            ("allowed", &total.deny_to_allow.to_string()),
            ("asks", &total.asks_for_more.to_string()),
        ],
    );
    // whoever is told that another policy came into force says that they replace that one
    let replaces = standing.active.filter(|_| found.active_changed);
    let query = replaces.map(|number| format!("?replaces={number}")).unwrap_or_default();
    let seen = tag.clone();
    let promote = Question::new(candidate::PROMOTE, sentence, move |deed: Deed| {
        let asked = Asked::write("POST", format!("{PATH}/promotion{query}")).if_match(Some(&seen));
        deed.start(THINGS, asked.document::<serde_json::Value>(), |_| candidate::PROMOTED.to_owned());
    });
    let sentence = text::with(candidate::DROP_ASKED, &[("version", &version)]);
    let drop = Question::new(candidate::DROP, sentence, move |deed: Deed| {
        let asked = Asked::write("DELETE", PATH).if_match(Some(&tag));
        deed.start(THINGS, asked.document::<serde_json::Value>(), |_| candidate::WAS_DROPPED.to_owned());
    });
    let asked = shared.asked;
    let ask_promote = move |_: web_sys::MouseEvent| asked.set(Some(promote.clone()));
    let ask_drop = move |_: web_sys::MouseEvent| asked.set(Some(drop.clone()));
    view! {
        div(class="buttons") {
            button(r#type="button", class="primary", on:click=ask_promote, disabled=shared.deed.is_busy()) {
                (candidate::PROMOTE)
            }
            button(r#type="button", on:click=ask_drop, disabled=shared.deed.is_busy()) { (candidate::DROP) }
        }
    }
}

/// A form that begins with the document in force. What others do meanwhile changes nothing under somebody's hands.
fn proposal(shared: Shared) -> View {
    if !session::may("policy.manage") {
        return View::new();
    }
    let written = create_signal(String::new());
    let in_force = load(&[], || Asked::get(DEPLOYMENT).document());
    let shown = loaded(in_force, move |in_force: &Version| {
        written.set(in_force.document.clone());
        form(shared, written)
    });
    let replaces = move || {
        if shared.seen.get() == 0 {
            View::new()
        } else {
            view! { p(class="aside") { (candidate::REPLACES_CANDIDATE) } }
        }
    };
    view! {
        section {
            h2 { (candidate::PROPOSE_TITLE) }
            (replaces())
            (shown)
        }
    }
}

fn form(shared: Shared, written: Signal<String>) -> View {
    let (id, file) = (field::identifier(), field::identifier());
    let (other_id, other_file) = (id.clone(), file.clone());
    let scope = use_current_scope();
    let take = move |event: web_sys::Event| {
        let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        let Some(file) = input.and_then(|input| input.files()).and_then(|files| files.get(0)) else { return };
        scope.run_in(|| {
            spawn_local_scoped(async move {
                if let Ok(buffer) = JsFuture::from(file.array_buffer()).await {
                    let octets = js_sys::Uint8Array::new(&buffer).to_vec();
                    written.set(String::from_utf8_lossy(&octets).into_owned());
                }
            });
        });
    };
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let asked = Asked::write("PUT", PATH).text("application/toml", &written.get_clone_untracked());
        // nobody replaces a candidate that they have not seen
        let asked = asked.if_match(Some(&format!("\"{}\"", shared.seen.get_untracked())));
        shared
            .deed
            .start(THINGS, asked.document::<serde_json::Value>(), |_| candidate::WAS_PROPOSED.to_owned());
    };
    view! {
        form(on:submit=submit) {
            div(class="field") {
                label(r#for=id) { (candidate::TEXT) }
                textarea(id=other_id, rows="14", autocomplete="off", wrap="off", bind:value=written)
            }
            div(class="field") {
                label(r#for=file) { (candidate::FILE) }
                input(id=other_file, r#type="file", on:change=take)
            }
            div(class="buttons") {
                button(r#type="submit", class="primary", disabled=shared.deed.is_busy()) { (candidate::PROPOSE) }
            }
        }
    }
}
