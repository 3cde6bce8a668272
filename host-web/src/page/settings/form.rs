//! The form: each setting under its name in the documents. It shows what is in force, and writes only what was changed.

use std::rc::Rc;

use sycamore::prelude::*;
use toml_edit::DocumentMut;

use super::InForce;
use super::proposal::{self, Editing};
use crate::document::policy::{self, Kind, ON, Setting};
use crate::server::session;
use crate::text::{self, settings};
use crate::widget::field;
use crate::widget::notice::{Weight, notice};

const MONITOR: Setting = Setting("monitoring", "monitor", Kind::Enabled);
const START: Setting = Setting("monitoring", "start-days", Kind::Number);
const FREQUENCY: Setting = Setting("monitoring", "every", Kind::Number);
const FREQUENCY_UNIT: Setting = Setting("monitoring", "unit", Kind::Text);
const E_MAIL: Setting = Setting("monitoring", "e-mail", Kind::Enabled);
const ADDRESSES: Setting = Setting("monitoring", "addresses", Kind::Text);
const LSC: Setting = Setting("monitoring", "locally-significant", Kind::Enabled);
const OCSP: Setting = Setting("revocation", "sources", Kind::Listed("ocsp"));
const OCSP_URI: Setting = Setting("ocsp", "uri", Kind::Text);
const OCSP_CONFIGURED: Setting = Setting("ocsp", "configured", Kind::Lines);
const CRL: Setting = Setting("revocation", "sources", Kind::Listed("crl"));
const CRL_URI: Setting = Setting("crl", "uri", Kind::Text);
const CRL_CONFIGURED: Setting = Setting("crl", "configured", Kind::Lines);
const CHECK: Setting = Setting("periodic", "check", Kind::Enabled);
const EVERY: Setting = Setting("periodic", "every", Kind::Number);
const UNIT: Setting = Setting("periodic", "unit", Kind::Text);
const VALIDITY_CHECK: Setting = Setting("periodic", "validity-check", Kind::Enabled);
const VALIDITY_HOURS: Setting = Setting("periodic", "validity-check-hours", Kind::Number);
const COMMON_CRITERIA: Setting = Setting("", "common-criteria", Kind::Flag);
const FIPS: Setting = Setting("", "fips", Kind::Flag);

/// What is entered for a setting.
enum Held {
    Switch(Signal<bool>),
    Words(Signal<String>),
}

struct Entry {
    setting: Setting,
    /// What is in force.
    was: String,
    held: Held,
}

impl Entry {
    fn now(&self) -> String {
        match self.held {
            Held::Switch(signal) => {
                if signal.get_untracked() {
                    ON.to_owned()
                } else {
                    String::new()
                }
            }
            Held::Words(signal) => signal.get_clone_untracked(),
        }
    }
}

/// The form's entries, over what is in force.
struct Form {
    settings: DocumentMut,
    entries: Vec<Entry>,
}

impl Form {
    fn switch(&mut self, setting: Setting) -> Signal<bool> {
        let was = setting.of(&self.settings);
        let signal = create_signal(was == ON);
        self.entries.push(Entry { setting, was, held: Held::Switch(signal) });
        signal
    }

    fn words(&mut self, setting: Setting) -> Signal<String> {
        let was = setting.of(&self.settings);
        let signal = create_signal(was.clone());
        self.entries.push(Entry { setting, was, held: Held::Words(signal) });
        signal
    }

    /// The document with what was changed in it.
    fn written(&self, document: &str) -> Result<String, String> {
        let mut written = policy::read(document)?;
        for entry in &self.entries {
            let now = entry.now();
            if now != entry.was {
                entry.setting.write(&mut written, &self.settings, &now);
            }
        }
        Ok(written.to_string())
    }
}

/// The part of the page.
pub(super) fn part(in_force: &InForce, saved: Signal<u32>) -> View {
    let settings = match policy::read(&in_force.settings)
        .and_then(|known| policy::read(&in_force.document).map(|_| known))
    {
        Ok(settings) => settings,
        Err(why) => {
            let title = text::with(settings::FORM_UNREADABLE, &[("why", &why)]);
            return notice(Weight::Warning, title, View::new());
        }
    };
    let mut form = Form { settings, entries: Vec::new() };
    let fields = [monitor(&mut form), ocsp(&mut form), crl(&mut form), expiry(&mut form), modes(&mut form)];
    let fields: Vec<View> = fields.into();
    let editing = Editing::new(in_force.clone(), saved);
    let form = Rc::new(form);
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        // the form could be read when it was shown, and nobody else holds the document
        if let Ok(written) = form.written(&editing.document()) {
            editing.review(written);
        }
    };
    let may = session::may("policy.manage");
    let dialog = proposal::dialog(editing);
    let said = editing.deed.said();
    view! {
        form(on:submit=submit) {
            div { (fields) }
            (said)
            p(class="aside") { (settings::KEPT) }
            div(class="buttons") {
                button(r#type="submit", class="primary", disabled=!may || editing.deed.is_busy()) { (settings::REVIEW) }
            }
        }
        (dialog)
    }
}

fn group(legend: &'static str, fields: Vec<View>) -> View {
    view! {
        fieldset {
            legend { (legend) }
            (fields)
        }
    }
}

/// R-MON-9 to R-MON-13.
fn monitor(form: &mut Form) -> View {
    let monitor = form.switch(MONITOR);
    let (start, frequency, unit) = (form.words(START), form.words(FREQUENCY), form.words(FREQUENCY_UNIT));
    let (e_mail, addresses, lsc) = (form.switch(E_MAIL), form.words(ADDRESSES), form.switch(LSC));
    group(
        settings::MONITOR,
        vec![
            field::switch(settings::ENABLE_MONITOR, monitor),
            number(settings::START, start),
            number(settings::FREQUENCY, frequency),
            field::choice(settings::FREQUENCY_UNIT, unit, units()),
            field::switch(settings::E_MAIL, e_mail),
            field::line(settings::ADDRESSES, addresses),
            field::switch(settings::LSC, lsc),
        ],
    )
}

/// R-OCSP-10 to R-OCSP-15: one switch, and of the places a URI comes from exactly one.
fn ocsp(form: &mut Form) -> View {
    let (is_on, uri, configured) = (form.switch(OCSP), form.words(OCSP_URI), form.words(OCSP_CONFIGURED));
    group(
        settings::OCSP,
        vec![
            field::switch(settings::ENABLE_OCSP, is_on),
            one_of(settings::OCSP_FROM, uri, &settings::OCSP_URIS),
            uris(settings::OCSP_CONFIGURED, configured, uri),
        ],
    )
}

/// R-CRL-12, R-CRL-13.
fn crl(form: &mut Form) -> View {
    let (is_on, uri, configured) = (form.switch(CRL), form.words(CRL_URI), form.words(CRL_CONFIGURED));
    group(
        settings::CRL,
        vec![
            field::switch(settings::ENABLE_CRL, is_on),
            one_of(settings::CRL_FROM, uri, &settings::CRL_URIS),
            uris(settings::CRL_CONFIGURED, configured, uri),
        ],
    )
}

/// The group has its name from R-REV-10; a number (R-REV-2) of hours or days (R-REV-3).
fn expiry(form: &mut Form) -> View {
    let (check, every, unit) = (form.switch(CHECK), form.words(EVERY), form.words(UNIT));
    let (validity, hours) = (form.switch(VALIDITY_CHECK), form.words(VALIDITY_HOURS));
    group(
        settings::EXPIRY,
        vec![
            field::switch(settings::ENABLE_CHECK, check),
            number(settings::EVERY, every),
            field::choice(settings::EVERY_UNIT, unit, units()),
            field::switch(settings::VALIDITY_CHECK, validity),
            number(settings::VALIDITY_HOURS, hours),
            view! { p(class="aside") { (settings::PRECEDENCE) } },
        ],
    )
}

fn modes(form: &mut Form) -> View {
    let (common_criteria, fips) = (form.switch(COMMON_CRITERIA), form.switch(FIPS));
    group(
        settings::MODES,
        vec![
            field::switch(settings::COMMON_CRITERIA, common_criteria),
            field::switch(settings::FIPS, fips),
            view! { p(class="aside") { (settings::MODES_MEAN) } },
        ],
    )
}

fn units() -> Vec<(String, String)> {
    settings::UNITS.map(|(word, said)| (word.to_owned(), said.to_owned())).to_vec()
}

fn number(label: &'static str, value: Signal<String>) -> View {
    let id = field::identifier();
    let other = id.clone();
    view! {
        div(class="field") {
            label(r#for=id) { (label) }
            input(id=other, class="short", r#type="text", inputmode="numeric", autocomplete="off", bind:value=value)
        }
    }
}

/// Exactly one of these (R-OCSP-13).
fn one_of(legend: &'static str, value: Signal<String>, words: &[(&'static str, &'static str)]) -> View {
    let name = field::identifier();
    let choices: Vec<View> = words
        .iter()
        .map(|&(word, said)| {
            let name = name.clone();
            let chosen = value.get_clone_untracked() == word;
            let choose = move |_: web_sys::Event| value.set(word.to_owned());
            view! {
                label(class="radio") {
                    input(r#type="radio", name=name, value=word, checked=chosen, on:change=choose)
                    span { (said) }
                }
            }
        })
        .collect();
    view! {
        fieldset {
            legend { (legend) }
            (choices)
        }
    }
}

/// Needed where they are what is used (R-OCSP-15, R-CRL-13).
fn uris(label: &'static str, value: Signal<String>, from: Signal<String>) -> View {
    let id = field::identifier();
    let other = id.clone();
    let is_needed = move || from.with(|from| from == "configured");
    view! {
        div(class="field") {
            label(r#for=id) { (label) }
            textarea(id=other, rows="2", autocomplete="off", required=is_needed(), bind:value=value)
        }
    }
}
