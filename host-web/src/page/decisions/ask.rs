//! Asking the server whether a certificate may be trusted, and the whole of why.

use serde::{Deserialize, Serialize};
use sycamore::futures::spawn_local_scoped;
use sycamore::prelude::*;
use sycamore::reactive::use_current_scope;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlInputElement;

use crate::document::verdict::Verdict;
use crate::server::Asked;
use crate::server::load::load;
use crate::text::decisions;
use crate::widget::deed::deed;
use crate::widget::loaded::loaded;
use crate::widget::{field, verdict};

/// The question, as the API takes it.
#[derive(Serialize)]
struct Question {
    certificate: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    store: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    anchors: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    purpose: Option<String>,
    names: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<String>,
    mode: String,
    online: bool,
}

/// The stores of the catalogue, by name.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "kebab-case")]
struct Catalogue {
    trust_stores: Vec<Store>,
}

#[derive(Clone, Debug, Deserialize, PartialEq)]
struct Store {
    name: String,
}

/// What is entered.
#[derive(Clone, Copy)]
struct Form {
    certificate: Signal<String>,
    store: Signal<String>,
    anchors: Signal<String>,
    purpose: Signal<String>,
    names: Signal<String>,
    at: Signal<String>,
    mode: Signal<String>,
    is_online: Signal<bool>,
}

impl Form {
    fn question(self) -> Question {
        let given = |signal: Signal<String>| {
            let text = signal.get_clone_untracked().trim().to_owned();
            (!text.is_empty()).then_some(text)
        };
        let store = given(self.store);
        Question {
            certificate: self.certificate.get_clone_untracked(),
            anchors: if store.is_none() { given(self.anchors).into_iter().collect() } else { Vec::new() },
            store,
            purpose: given(self.purpose),
            names: self.names.get_clone_untracked().split_whitespace().map(str::to_owned).collect(),
            at: given(self.at),
            mode: self.mode.get_clone_untracked(),
            online: self.is_online.get_untracked(),
        }
    }
}

/// The part of the page.
pub(super) fn part() -> View {
    let words = |text: &str| create_signal(text.to_owned());
    let form = Form {
        certificate: words(""),
        store: words("tomcat-trust"),
        anchors: words(""),
        purpose: words(""),
        names: words(""),
        at: words(""),
        mode: words("as-written"),
        is_online: create_signal(false),
    };
    let (deed, answer) = (deed(), create_signal(None::<Verdict>));
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        answer.set(None);
        let asked = Asked::write("POST", "/api/v1/verify").json(&form.question());
        deed.start(&[], asked.document::<Verdict>(), move |verdict| {
            answer.set(Some(verdict));
            // nothing green beside a verdict but the verdict's own
            String::new()
        });
    };
    let (fields, said) = (fields(form), deed.said());
    let under_way = deed.under_way(decisions::DECIDING);
    let shown = move || {
        let Some(known) = answer.get_clone() else { return View::new() };
        let explained = verdict::verdict(&known);
        view! {
            section(class="card") {
                h2 { (decisions::VERDICT) }
                (explained)
            }
        }
    };
    view! {
        form(class="card", on:submit=submit) {
            h2 { (decisions::QUESTION) }
            (fields)
            div(class="buttons") {
                button(r#type="submit", class="primary", disabled=deed.is_busy()) { (decisions::DECIDE) }
            }
        }
        (under_way)
        (said)
        (shown())
    }
}

fn fields(form: Form) -> View {
    let certificate = area(decisions::CERTIFICATE, form.certificate, true);
    let file = file(form.certificate);
    let known = load(&["cluster", "policy"], || Asked::get("/api/v1/catalogue").document());
    let store = loaded(known, move |catalogue: &Catalogue| {
        let none = (String::new(), decisions::NO_STORE.to_owned());
        let stores = catalogue.trust_stores.iter().map(|store| (store.name.clone(), store.name.clone()));
        field::choice(decisions::STORE, form.store, stores.chain([none]).collect())
    });
    let anchors = move || {
        if form.store.with(String::is_empty) {
            area(decisions::ANCHORS, form.anchors, false)
        } else {
            View::new()
        }
    };
    let modes = decisions::MODES.map(|(word, said)| (word.to_owned(), said.to_owned())).to_vec();
    let (purpose, names) =
        (field::line(decisions::PURPOSE, form.purpose), field::line(decisions::NAMES, form.names));
    let (at, mode) = (field::line(decisions::AT, form.at), field::choice(decisions::MODE, form.mode, modes));
    let online = field::switch(decisions::ONLINE, form.is_online);
    view! {
        (certificate)
        (file)
        (store)
        (anchors())
        div(class="columns") {
            (purpose)
            (names)
            (at)
            (mode)
        }
        (online)
    }
}

fn area(label: &'static str, value: Signal<String>, is_needed: bool) -> View {
    let id = field::identifier();
    let other = id.clone();
    view! {
        div(class="field") {
            label(r#for=id) { (label) }
            textarea(id=other, rows="6", autocomplete="off", required=is_needed, bind:value=value)
        }
    }
}

/// A file stands in the field above as text: PEM as it is, anything else as base64.
fn file(certificate: Signal<String>) -> View {
    let id = field::identifier();
    let other = id.clone();
    let scope = use_current_scope();
    let chosen = move |event: web_sys::Event| {
        let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        let Some(file) = input.and_then(|input| input.files()).and_then(|files| files.get(0)) else { return };
        scope.run_in(|| {
            spawn_local_scoped(async move {
                if let Ok(buffer) = JsFuture::from(file.array_buffer()).await {
                    certificate.set(as_text(js_sys::Uint8Array::new(&buffer).to_vec()));
                }
            });
        });
    };
    view! {
        div(class="field") {
            label(r#for=id) { (decisions::FILE) }
            input(id=other, r#type="file", on:change=chosen)
        }
    }
}

fn as_text(octets: Vec<u8>) -> String {
    let base64 = |octets: &[u8]| data_encoding::BASE64.encode(octets);
    match String::from_utf8(octets) {
        Ok(text) if text.contains("-----BEGIN") => text,
        Ok(text) => base64(text.as_bytes()),
        Err(error) => base64(error.as_bytes()),
    }
}
