//! A place that a certificate lies in: how it came there, what uses it, what was written beside it, and what can be done
//! there (R-SHOW-13).

use serde::{Deserialize, Serialize};
use sycamore::futures::spawn_local_scoped;
use sycamore::prelude::*;

use crate::document::catalogue::Catalogue;
use crate::document::entry::Entry;
use crate::page::deletion::Doomed;
use crate::server::load::Loaded;
use crate::server::{Asked, Failure, changes, encoded, session};
use crate::text::{self, certificate, certificates, common};
use crate::widget::{field, notice, time};

/// The place.
pub(super) fn place(
    entry: &Entry,
    catalogue: ReadSignal<Loaded<Catalogue>>,
    doomed: Signal<Option<Doomed>>,
) -> View {
    let usage = if entry.is_identity() { certificates::IDENTITY } else { certificates::TRUST };
    let node = entry.node.as_deref().unwrap_or(common::EVERY_NODE);
    let heading = text::with(certificate::IN_ROOM, &[("room", &entry.room), ("node", node)]);
    let origin = certificate::ORIGINS.iter().find(|(word, _)| *word == entry.origin);
    let origin = origin.map_or_else(|| entry.origin.clone(), |(_, said)| (*said).to_owned());
    let (since, by) = (time::moment(&entry.added_at), entry.added_by.clone());
    let active = entry.active_from.as_deref().map(|from| {
        let moment = time::moment(from);
        view! { dt { (certificate::ACTIVE_FROM) } dd { (moment) } }
    });
    let (kind, room) = (entry.kind.clone(), entry.room.clone());
    let users = move || catalogue.with(|catalogue| users(catalogue, &kind, &room));
    let (description, actions) = (description(entry), actions(entry, doomed));
    view! {
        section(class="card") {
            h2 { (heading) }
            dl(class="values") {
                dt { (certificates::USAGE) } dd { (usage) }
                dt { (certificates::USED_BY) } dd { (users()) }
                dt { (certificate::ORIGIN) } dd { (origin) }
                dt { (certificate::SINCE) } dd { (since) " " (certificate::BY) " " (by) }
                (active)
            }
            (description)
            (actions)
        }
    }
}

fn users(catalogue: &Loaded<Catalogue>, kind: &str, room: &str) -> String {
    match catalogue {
        Loaded::Here(catalogue) => {
            let users = catalogue.users(kind, room);
            if users.is_empty() { common::NONE.to_owned() } else { users.join(", ") }
        }
        _ => String::new(),
    }
}

/// What can be done there: trust certificates are deleted, self-signed ones made anew.
fn actions(entry: &Entry, doomed: Signal<Option<Doomed>>) -> View {
    if entry.is_identity() {
        if !session::may("identities.manage") {
            return View::new();
        }
        let node = entry.node.iter().map(|node| format!("&node={}", encoded(node))).collect::<String>();
        let address = format!("#/own?regenerate={}{node}", encoded(&entry.room));
        return view! { div(class="buttons") { a(class="button", href=address) { (certificate::REGENERATE) } } };
    }
    if !session::may("trust.manage") {
        return View::new();
    }
    let target = Doomed::of(entry);
    let label = text::with(certificates::DELETE_THIS, &[("name", &entry.called()), ("room", &entry.room)]);
    let ask = move |_| doomed.set(Some(target.clone()));
    view! {
        div(class="buttons") {
            button(r#type="button", class="dangerous", on:click=ask) { (label) }
        }
    }
}

/// What was written beside it: changed at once, for everybody who looks at it (R-RGN-7).
fn description(entry: &Entry) -> View {
    let written = engine_wording::escape(&entry.description);
    if !session::may("identities.manage") {
        let written = if written.is_empty() { common::NONE.to_owned() } else { written };
        return view! { p { strong { (certificate::DESCRIPTION) } " " (written) } };
    }
    let (value, failed) = (create_signal(entry.description.clone()), create_signal(None::<Failure>));
    let said = create_signal("");
    let path = [&entry.kind, &entry.room, &entry.fingerprint].map(|part| encoded(part)).join("/");
    let node = entry.node.iter().map(|node| format!("?node={}", encoded(node))).collect::<String>();
    let path = format!("/api/v1/certificates/{path}{node}");
    let save = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let asked = Asked::write("PATCH", path.clone()).json(&Description { description: value.get_clone() });
        spawn_local_scoped(async move {
            let answer = asked.document::<Described>().await;
            said.set(if answer.is_ok() { certificate::SAVED } else { "" });
            let is_done = answer.is_ok();
            failed.set(answer.err());
            if is_done {
                changes::changed("certificates");
            }
        });
    };
    let failure = move || failed.with(|failed| failed.as_ref().map(notice::failure));
    let id = field::identifier();
    let input = id.clone();
    view! {
        form(class="filters", on:submit=save) {
            div(class="field wide") {
                label(r#for=id) { (certificate::DESCRIPTION) }
                input(id=input, maxlength="1000", autocomplete="off", bind:value=value)
            }
            button(r#type="submit") { (certificate::SAVE) }
            span(role="status") { (said.get()) }
        }
        (failure())
    }
}

#[derive(Serialize)]
struct Description {
    description: String,
}

/// The answer; what is shown is loaded anew.
#[derive(Deserialize)]
struct Described {}
