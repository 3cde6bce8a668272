//! The form of a question about the files, and its verdict.

use std::collections::BTreeSet;
use std::rc::Rc;

use data_encoding::HEXLOWER;
use sycamore::futures::spawn_local_scoped;
use sycamore::prelude::*;
use wasm_bindgen::JsCast;

use super::file::{Certificate, File};
use super::judge::{self, Judged, Question, Reach, Undecided};
use super::snapshot::Known;
use super::take::Taken;
use super::{order, snapshot};
use crate::server::load::Loaded;
use crate::server::{changes, session};
use crate::text::{self, judge as said};
use crate::widget::notice::{Weight, engine_problem, failure, notice};
use crate::widget::{busy, chain, field, time, verdict};

/// What the form holds.
#[derive(Clone, Copy)]
struct Form {
    taken: Taken,
    target: Signal<String>,
    store: Signal<String>,
    anchors: Signal<BTreeSet<String>>,
    purpose: Signal<String>,
    purposes: Signal<Vec<String>>,
    name: Signal<String>,
    reach: Signal<bool>,
    state: Signal<State>,
}

/// How far the answer has come.
#[derive(Clone, PartialEq)]
enum State {
    Idle,
    Deciding,
    Decided(Box<Result<Judged, Undecided>>),
}

/// The form and the verdict; nothing while there is no certificate.
pub(crate) fn section(taken: Taken, known: Known) -> View {
    let form = Form {
        taken,
        target: create_signal(String::new()),
        store: create_signal(String::new()),
        anchors: create_signal(BTreeSet::new()),
        purpose: create_signal(String::new()),
        purposes: create_signal(Vec::new()),
        name: create_signal(String::new()),
        reach: create_signal(false),
        state: create_signal(State::Idle),
    };
    create_effect(move || {
        let store = form.store.get_clone();
        spawn_local_scoped(async move {
            let policy = policy(&store).await;
            form.purposes.set(judge::purposes(&policy).await.unwrap_or_default());
        });
    });
    let shown = move || {
        let files = taken.files.get_clone();
        form.state.set_silent(State::Idle);
        let has_some = files.iter().any(|file| !file.certificates().is_empty());
        if has_some { whole(form, known, &files) } else { View::new() }
    };
    view! { (shown()) }
}

/// The policy in force; the defaults where the server says none.
async fn policy(store: &str) -> String {
    if store.is_empty() {
        return String::new();
    }
    let snapshot = snapshot::at_hand(&format!("trust:{store}")).await;
    snapshot.map(|snapshot| snapshot.policy.clone()).unwrap_or_default()
}

fn whole(form: Form, known: Known, files: &[Rc<File>]) -> View {
    let certificates: Vec<Certificate> = files.iter().flat_map(|file| file.certificates()).cloned().collect();
    let targets = targets(&certificates);
    let first = targets.first().map(|(word, _)| word.clone()).unwrap_or_default();
    if !targets.iter().any(|(word, _)| form.target.with_untracked(|target| target == word)) {
        form.target.set(first);
    }
    let target = field::choice(said::TARGET, form.target, targets);
    let trust = move || trust(form, known);
    let anchors = anchors(form, &certificates);
    let purpose = move || purpose(form);
    let name = field::line(said::CARRIED_NAME, form.name);
    let reach = move || reach(form);
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        submitted(form);
    };
    let answer = move || answer(&form.state.get_clone());
    view! {
        section(class="card decide") {
            h2 { (said::NAME) }
            form(on:submit=submit) {
                div(class="columns") {
                    (target)
                    (trust())
                    (purpose())
                    (name)
                }
                (anchors)
                (reach())
                button(r#type="submit", class="primary") { (said::DECIDE) }
            }
            div(aria-live="polite") { (answer()) }
        }
    }
}

/// Every certificate once, targets of chains first.
fn targets(certificates: &[Certificate]) -> Vec<(String, String)> {
    let heads = order::chains(certificates).into_iter().filter_map(|chain| chain.first().copied());
    let mut words: Vec<(String, String)> = Vec::new();
    for number in heads.chain(0..certificates.len()) {
        let Some(certificate) = certificates.get(number) else { continue };
        let word = HEXLOWER.encode(&certificate.keys.fingerprint);
        if !words.iter().any(|(known, _)| *known == word) {
            words.push((word, chain::named(&certificate.keys.subject)));
        }
    }
    words
}

fn trust(form: Form, known: Known) -> View {
    let mut words = vec![(String::new(), said::FILES.to_owned())];
    if let Loaded::Here(Some((catalogue, _))) = known.get_clone() {
        words.extend(catalogue.trust_stores.into_iter().map(|store| {
            let shown = text::with(said::STORE, &[("store", &store.name)]);
            (store.name, shown)
        }));
    }
    field::choice(said::TRUST, form.store, words)
}

fn purpose(form: Form) -> View {
    let known = form.purposes.get_clone();
    let words = known.into_iter().map(|name| (name.clone(), name));
    let words = [(String::new(), said::ANY_PURPOSE.to_owned())].into_iter().chain(words).collect();
    field::choice(said::PURPOSE, form.purpose, words)
}

/// Self-issued certificates of the files, each of which may be trusted for this preview. None is by itself.
fn anchors(form: Form, certificates: &[Certificate]) -> View {
    let mut seen = BTreeSet::new();
    let mut boxes: Vec<View> = Vec::new();
    for certificate in certificates.iter().filter(|certificate| certificate.is_self_issued()) {
        let word = HEXLOWER.encode(&certificate.keys.fingerprint);
        if seen.insert(word.clone()) {
            boxes.push(anchor(form, word, chain::named(&certificate.keys.subject)));
        }
    }
    let is_shown = move || form.store.with(String::is_empty);
    let content = if boxes.is_empty() {
        view! { p(class="aside") { (said::NO_ANCHORS) } }
    } else {
        boxes.into()
    };
    view! {
        fieldset(hidden=!is_shown()) {
            legend { (said::ANCHORS) }
            (content)
        }
    }
}

fn anchor(form: Form, word: String, subject: String) -> View {
    let is_chosen = form.anchors.with_untracked(|anchors| anchors.contains(&word));
    let change = move |event: web_sys::Event| {
        let input = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
        let is_chosen = input.is_some_and(|input| input.checked());
        form.anchors.update(|anchors| {
            if is_chosen {
                anchors.insert(word.clone())
            } else {
                anchors.remove(&word)
            };
        });
    };
    view! {
        label(class="switch") {
            input(r#type="checkbox", checked=is_chosen, on:change=change)
            span { (subject) }
        }
    }
}

/// Only a trust store of the server's is fetched for, and only for whoever may ask.
fn reach(form: Form) -> View {
    if form.store.with(String::is_empty) || !session::may("decide") {
        return View::new();
    }
    field::switch(said::REACH, form.reach)
}

fn submitted(form: Form) {
    if form.state.with_untracked(|state| *state == State::Deciding) {
        return;
    }
    form.state.set(State::Deciding);
    spawn_local_scoped(async move {
        // what is under way is painted before the engine has the page's one thread
        changes::wait(0).await;
        let answer = decided(form).await;
        // other files are there by now, of which nothing is decided
        if form.state.with_untracked(|state| *state == State::Deciding) {
            form.state.set(State::Decided(Box::new(answer)));
        }
    });
}

async fn decided(form: Form) -> Result<Judged, Undecided> {
    let store = form.store.get_clone_untracked();
    let known = if store.is_empty() {
        None
    } else {
        let snapshot = snapshot::fresh(&format!("trust:{store}")).await.map_err(Undecided::Server)?;
        Some((store, snapshot))
    };
    let octets = |word: &String| HEXLOWER.decode(word.as_bytes()).unwrap_or_default();
    let filled = |signal: Signal<String>| {
        let text = signal.get_clone_untracked().trim().to_owned();
        (!text.is_empty()).then_some(text)
    };
    let is_local = known.is_none();
    let anchors = form.anchors.with_untracked(|anchors| anchors.iter().map(octets).collect());
    let question = Question {
        files: form.taken.files.get_clone_untracked(),
        target: form.target.with_untracked(octets),
        anchors: if is_local { anchors } else { Vec::new() },
        reach: if !is_local && form.reach.get_untracked() { Reach::Server } else { Reach::Nowhere },
        policy: known.as_ref().map(|(_, snapshot)| snapshot.policy.clone()).unwrap_or_default(),
        store: known,
        purpose: filled(form.purpose),
        name: filled(form.name),
        at: time::now(),
    };
    judge::judge(&question).await
}

fn answer(state: &State) -> View {
    let answer = match state {
        State::Idle => return View::new(),
        State::Deciding => return busy::busy(said::DECIDING),
        State::Decided(answer) => answer,
    };
    match answer.as_ref() {
        Ok(judged) => judged_view(judged),
        Err(Undecided::Engine(problem)) => engine_problem(problem),
        Err(Undecided::Server(reason)) => failure(reason),
        Err(Undecided::NoTarget) => notice(Weight::Bad, said::NO_TARGET, View::new()),
    }
}

fn judged_view(judged: &Judged) -> View {
    let shown = verdict::verdict(&judged.verdict);
    if judged.unasked == 0 {
        return shown;
    }
    let more = text::with(said::NOT_ASKED_MORE, &[("number", &judged.unasked.to_string())]);
    let unasked = notice(Weight::Warning, said::NOT_ASKED, view! { p { (more) } });
    view! { (unasked) (shown) }
}
