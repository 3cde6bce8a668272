//! Our own certificates: made anew with the key length they have, self-signed with another, or taken over for another
//! purpose (R-SHOW-13, R-SS-3, R-REUSE-3); each with what has to be restarted (R-SVC-21).

use serde_json::{Map, Value, json};
use sycamore::futures::spawn_local_scoped;
use sycamore::prelude::*;

use super::issue::{self, Kind};
use crate::document::catalogue::{Catalogue, Nodes};
use crate::document::entry::{Entry, Listed};
use crate::place::Place;
use crate::server::load::load;
use crate::server::{Asked, changes, session};
use crate::text::{self, certificates, common, own};
use crate::widget::loaded::loaded;
use crate::widget::trial::{self, Trial, Write};
use crate::widget::{dialog, field, time, validity};

/// The purposes whose certificate can be taken over. R-REUSE-3
const SOURCES: [&str; 2] = ["tomcat", "tomcat-ECDSA"];

/// A slot.
#[derive(Clone, Debug, PartialEq)]
struct Slot {
    purpose: String,
    node: Option<String>,
}

/// The page.
pub(crate) fn page(place: Place) -> View {
    let node = place.asked("node").map(str::to_owned);
    let wanted = place.asked("regenerate").map(|purpose| Slot { purpose: purpose.to_owned(), node });
    let asked = wanted.filter(|_| session::may("identities.manage"));
    let wanted = create_signal(None);
    spawn_local_scoped(async move {
        // the dialog can be opened once it is on the page
        changes::wait(0).await;
        wanted.set(asked);
    });
    let listed = load(&["certificates"], || {
        Asked::get("/api/v1/certificates?kind=identity&limit=500").document::<Listed>()
    });
    let table = loaded(listed, move |listed: &Listed| table(listed, wanted));
    let (dialog, form, reuse) = (dialog(wanted), issue::form(Kind::SelfSigned), reuse());
    view! {
        h1 { (own::NAME) }
        (table)
        h2 { (own::SELF_SIGNED) }
        p(class="aside") { (own::SELF_SIGNED_SAID) }
        (form)
        h2 { (own::REUSE) }
        p(class="aside") { (own::REUSE_SAID) }
        (reuse)
        (dialog)
    }
}

fn table(listed: &Listed, wanted: Signal<Option<Slot>>) -> View {
    if listed.items.is_empty() {
        return view! { p { (common::NOTHING_FOUND) } };
    }
    let rows: Vec<View> = listed.items.iter().map(|entry| row(entry, wanted)).collect();
    view! {
        div(class="scrolled", tabindex="0", role="region", aria-label=own::NAME) {
            table {
                thead { tr {
                    th(scope="col") { (own::PURPOSE) }
                    th(scope="col") { (certificates::NODE) }
                    th(scope="col") { (certificates::COMMON_NAME) }
                    th(scope="col") { (certificates::KEY_TYPE) }
                    th(scope="col") { (certificates::EXPIRES) }
                    th(scope="col") { (certificates::ACTIONS) }
                } }
                tbody { (rows) }
            }
        }
    }
}

fn row(entry: &Entry, wanted: Signal<Option<Slot>>) -> View {
    let slot = Slot { purpose: entry.room.clone(), node: entry.node.clone() };
    let label = slot.said(own::REGENERATE_THIS);
    let (purpose, node) = (entry.room.clone(), issue::node_said(entry.node.as_deref()));
    let (address, name) = (format!("#/certificates/{}", entry.fingerprint), entry.called());
    let key_type = entry.key_type.clone();
    let (validity, end) =
        (validity::at_a_glance(&entry.not_before, &entry.not_after), time::moment(&entry.not_after));
    let ask = move |_| wanted.set(Some(slot.clone()));
    let action = session::may("identities.manage").then(|| {
        view! { button(r#type="button", aria-label=label, on:click=ask) { (own::REGENERATE) } }
    });
    view! {
        tr {
            th(scope="row") { (purpose) }
            td { (node) }
            td { a(href=address) { (name) } }
            td { (key_type) }
            td { (validity) (end) }
            td { (action) }
        }
    }
}

impl Slot {
    fn said(&self, sentence: &str) -> String {
        let node = issue::node_said(self.node.as_deref());
        text::with(sentence, &[("purpose", &self.purpose), ("node", &node)])
    }

    fn write(&self) -> Write {
        let body = Some(json!({ "slots": [{ "purpose": self.purpose, "node": self.node }] }));
        Write { method: "POST", path: "/api/v1/regenerations".to_owned(), body }
    }
}

/// Making anew: what it would do, and then what it did.
fn dialog(wanted: Signal<Option<Slot>>) -> View {
    let (is_open, trial) = (create_signal(false), Trial::new(&["certificates", "requests"]));
    create_effect(move || {
        if let Some(slot) = wanted.get_clone() {
            trial.try_out(slot.write());
            is_open.set(true);
        }
    });
    create_effect(move || {
        if !is_open.get() && wanted.with_untracked(Option::is_some) {
            wanted.set(None);
            trial.reset();
        }
    });
    let title = move || wanted.get_clone().map(|slot| slot.said(own::REGENERATE_THIS)).unwrap_or_default();
    dialog::dialog(is_open, view! { (title()) }, move || {
        let panel = trial::panel(trial, own::REGENERATE, own::REGENERATED);
        let close = move |_| is_open.set(false);
        view! {
            p { (own::REGENERATE_SAID) }
            (panel)
            div(class="buttons") { button(r#type="button", on:click=close) { (common::CLOSE) } }
        }
    })
}

/// One certificate for two purposes: which pairs there may be is the engine's to say.
fn reuse() -> View {
    if !session::may("identities.manage") {
        return View::new();
    }
    let catalogue = load(&["cluster"], || Asked::get("/api/v1/catalogue").document::<Catalogue>());
    let nodes = load(&["nodes"], || Asked::get("/api/v1/nodes").document::<Nodes>());
    let [source, target, node] = [SOURCES[0], "", ""].map(|word| create_signal(word.to_owned()));
    let trial = Trial::new(&["certificates"]);
    create_effect(move || {
        source.track();
        target.track();
        node.track();
        trial.reset();
    });
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let mut body = Map::new();
        for (word, value) in [("source", source), ("target", target), ("node", node)] {
            let value = value.get_clone();
            if !value.is_empty() {
                body.insert(word.to_owned(), json!(value));
            }
        }
        let body = Some(Value::Object(body));
        trial.try_out(Write { method: "POST", path: "/api/v1/reuse".to_owned(), body });
    };
    let purposes = loaded(catalogue, move |catalogue| purposes(catalogue, source, target));
    let nodes = loaded(nodes, move |nodes| issue::node_choice(node, nodes));
    let panel = trial::panel(trial, own::REUSE_DO, own::REUSED);
    view! {
        form(class="filters", on:submit=submit) {
            (purposes)
            (nodes)
            button(r#type="submit", class="primary") { (text::trial::PREVIEW) }
        }
        (panel)
    }
}

fn purposes(catalogue: &Catalogue, source: Signal<String>, target: Signal<String>) -> View {
    let same = |name: &str| (name.to_owned(), name.to_owned());
    let names: Vec<&str> = catalogue.purposes.iter().map(|purpose| purpose.name.as_str()).collect();
    let sources = SOURCES.into_iter().filter(|known| names.contains(known)).map(same).collect();
    let targets: Vec<&str> = names.into_iter().filter(|name| !SOURCES.contains(name)).collect();
    if target.with_untracked(String::is_empty) {
        target.set(targets.first().copied().unwrap_or_default().to_owned());
    }
    let source = field::choice(own::SOURCE, source, sources);
    let target = field::choice(own::TARGET, target, targets.into_iter().map(same).collect());
    view! { (source) (target) }
}
