//! The form of an upload: the file, where it goes, the plan as soon as both are known, and the button that sends it
//! (R-UP-15, R-UP-16). Sent is what was planned, and nothing else.

use std::rc::Rc;

use engine_wording::escape;
use sycamore::futures::spawn_local_scoped;
use sycamore::prelude::*;

use super::file::File;
use super::snapshot::{self, Known};
use super::take::Taken;
use super::upload::{self, Basis, Difference, Outcome, Planned, Unplanned, Wanted};
use crate::document::catalogue::Catalogue;
use crate::engine::contract::{Cluster, Room};
use crate::server::load::Loaded;
use crate::server::{Failure, changes, session};
use crate::text::{self, upload as said};
use crate::widget::notice::{Weight, engine_problem, failure, notice};
use crate::widget::{busy, chain, field, focus, plan, time};

/// What the form holds.
#[derive(Clone, Copy)]
struct Form {
    taken: Taken,
    file: Signal<String>,
    room: Signal<String>,
    node: Signal<String>,
    description: Signal<String>,
    revive: Signal<bool>,
    planned: Signal<Option<Rc<Result<Planned, Unplanned>>>>,
    sent: Signal<Sent>,
    /// The server is asked what an upload would do.
    is_asking: Signal<bool>,
    /// Counts what was asked for, so that an answer that comes late takes no newer one's place.
    turn: Signal<u32>,
}

/// How far the upload itself is.
#[derive(Clone, Debug, PartialEq)]
enum Sent {
    Not,
    Sending,
    Done(Outcome),
    Stale(Difference),
    Failed(Failure),
}

/// The form, the plan and what became of it; nothing while there is no certificate.
pub(crate) fn section(taken: Taken, known: Known) -> View {
    let form = Form {
        taken,
        file: create_signal(String::new()),
        room: create_signal(String::new()),
        node: create_signal(String::new()),
        description: create_signal(String::new()),
        revive: create_signal(false),
        planned: create_signal(None),
        sent: create_signal(Sent::Not),
        is_asking: create_signal(false),
        turn: create_signal(0),
    };
    create_effect(move || follow(form));
    create_effect(move || {
        form.room.track();
        form.file.track();
        // what became of one upload says nothing of another
        if form.sent.with_untracked(|sent| *sent != Sent::Sending) {
            form.sent.set(Sent::Not);
        }
    });
    create_effect(move || replan(form));
    let shown = move || {
        let files = taken.files.get_clone();
        let has_some = files.iter().any(|file| !file.certificates().is_empty());
        if has_some { whole(form, known, &files) } else { View::new() }
    };
    view! { (shown()) }
}

/// What is kept of the room is asked for again when the server says that something changed.
fn follow(form: Form) {
    changes::follow(&["certificates", "requests", "policy", "nodes"]);
    let room = form.room.get_clone_untracked();
    if snapshot::kept(&room).is_none() || matches!(form.sent.get_clone_untracked(), Sent::Sending) {
        return;
    }
    spawn_local_scoped(async move {
        let fresh = snapshot::fresh(&room).await;
        if fresh.is_ok() {
            form.turn.update(|turn| *turn = turn.wrapping_add(1));
        }
    });
}

/// Plans again when anything that the plan depends on is another.
fn replan(form: Form) {
    form.turn.track();
    let Some(wanted) = wanted(form) else {
        form.planned.set(None);
        return;
    };
    // what is on the page must not be of something else, with a button to do it
    if form.planned.with_untracked(|planned| of_another(planned.as_deref(), &wanted)) {
        form.planned.set(None);
    }
    spawn_local_scoped(async move {
        let planned = upload::planned(&wanted, time::now()).await;
        show(form, &wanted, planned);
    });
}

fn of_another(planned: Option<&Result<Planned, Unplanned>>, wanted: &Wanted) -> bool {
    planned.is_some_and(|planned| planned.as_ref().map_or(true, |planned| planned.wanted != *wanted))
}

/// Shows a plan if it still is of what the form says.
fn show(form: Form, wanted: &Wanted, planned: Result<Planned, Unplanned>) {
    if untrack(|| self::wanted(form)).is_some_and(|now| now == *wanted) {
        form.planned.set(Some(Rc::new(planned)));
    }
}

/// Asks the server for a plan: once, and only when somebody says so, because the file is sent to it.
fn ask(form: Form) {
    let Some(wanted) = untrack(|| wanted(form)) else { return };
    if form.is_asking.replace(true) {
        return;
    }
    spawn_local_scoped(async move {
        let planned = upload::asked(&wanted).await;
        form.is_asking.set(false);
        show(form, &wanted, planned);
    });
}

/// What the form says; nothing while no place is chosen.
fn wanted(form: Form) -> Option<Wanted> {
    let room = form.room.get_clone();
    let files = form.taken.files.get_clone();
    let file = match form.file.get_clone().parse::<usize>() {
        Ok(number) => files.get(number).map(|file| file.octets.clone())?,
        Err(_) => upload::together(&files),
    };
    let node = form.node.get_clone();
    let wanted = Wanted {
        room,
        node: (!node.is_empty()).then_some(node),
        file,
        // it is no part of the plan
        description: String::new(),
        revive: form.revive.get(),
    };
    (!wanted.room.is_empty()).then_some(wanted)
}

fn whole(form: Form, known: Known, files: &[Rc<File>]) -> View {
    let choices = choices(files);
    if !choices.iter().any(|(word, _)| form.file.with_untracked(|file| file == word)) {
        form.file.set(choices.first().map(|(word, _)| word.clone()).unwrap_or_default());
    }
    let file = field::choice(said::FILE, form.file, choices);
    let description = field::line(said::DESCRIPTION, form.description);
    let revive = field::switch(said::REVIVE, form.revive);
    let room = move || match known.get_clone() {
        Loaded::Here(Some((catalogue, _))) => rooms(form, &catalogue),
        Loaded::Failed(reason) => failure(&reason),
        Loaded::Here(None) | Loaded::Waiting => View::new(),
    };
    let node = move || nodes(form, known);
    let (is_out, result) = (move || !session::may("read"), move || result(&form.sent.get_clone()));
    // cloned first: nothing that follows signals can be made while one is being looked at
    let plan = move || shown(form, form.planned.get_clone().as_deref());
    view! {
        section(class="card upload") {
            h2 { (said::NAME) }
            p(hidden=!is_out()) { (said::SIGN_IN) " " a(href="#/") { (said::TO_SIGN_IN) } }
            div(class="columns", hidden=is_out()) {
                (file)
                (room())
                (node())
                (description)
            }
            div(hidden=is_out()) { (revive) }
            div(aria-live="polite") { (result()) (plan()) }
        }
    }
}

/// Every file with certificates and, where there are several, all of them together.
fn choices(files: &[Rc<File>]) -> Vec<(String, String)> {
    let numbered = files.iter().enumerate().filter(|(_, file)| !file.certificates().is_empty());
    let mut choices: Vec<(String, String)> =
        numbered.map(|(number, file)| (number.to_string(), escape(&file.name))).collect();
    if choices.len() > 1 {
        choices.push(("all".to_owned(), said::ALL_FILES.to_owned()));
    }
    choices
}

fn rooms(form: Form, catalogue: &Catalogue) -> View {
    let word = |kind: &str, sentence: &str, name: &str| {
        (format!("{kind}:{name}"), text::with(sentence, &[("name", name)]))
    };
    let mut words = vec![(String::new(), said::CHOOSE.to_owned())];
    words.extend(catalogue.purposes.iter().map(|purpose| word("identity", said::SLOT, &purpose.name)));
    words.extend(catalogue.trust_stores.iter().map(|store| word("trust", said::STORE, &store.name)));
    field::choice(said::ROOM, form.room, words)
}

/// The nodes, where there are several.
fn nodes(form: Form, known: Known) -> View {
    let Loaded::Here(Some((_, nodes))) = known.get_clone() else { return View::new() };
    let names = nodes.names();
    if names.len() < 2 {
        return View::new();
    }
    let words = names.into_iter().map(|name| (name.clone(), name));
    let words = [(String::new(), said::PUBLISHER.to_owned())].into_iter().chain(words).collect();
    field::choice(said::NODE, form.node, words)
}

fn shown(form: Form, planned: Option<&Result<Planned, Unplanned>>) -> View {
    let planned = match planned {
        None if form.room.with(String::is_empty) => return View::new(),
        None => return busy::busy(said::PLANNING),
        Some(Err(Unplanned::Engine(problem))) => return engine_problem(problem),
        Some(Err(Unplanned::Server(reason))) if upload::is_too_large(reason) => return too_large(form),
        Some(Err(Unplanned::Server(reason))) => return failure(reason),
        Some(Ok(planned)) => planned,
    };
    let (weight, title) = match (planned.plan.refused, planned.plan.effects.is_empty()) {
        (true, _) => (Weight::Bad, said::WOULD_REFUSE),
        (false, true) => (Weight::Note, said::WOULD_CHANGE_NOTHING),
        (false, false) => (Weight::Good, said::WOULD_DO),
    };
    let made = match &planned.basis {
        Basis::Snapshot(_) => said::MADE_HERE,
        Basis::Server(_) => said::MADE_THERE,
    };
    let head = notice(weight, title, view! { p { (made) } });
    let around = planned.basis.cluster().map(|cluster| around(planned, cluster)).unwrap_or_default();
    let (plan, send) = (plan::plan(&planned.plan), send(form, planned));
    let id = field::identifier();
    if matches!(planned.basis, Basis::Server(_)) {
        // the button that asked for it is there no longer
        focus::focus(id.clone());
    }
    view! { div(id=id, tabindex="-1") { (head) } (around) (plan) (send) }
}

/// The server keeps more than is planned with here: it can be asked itself, which says what that means.
fn too_large(form: Form) -> View {
    let asked = move |_: web_sys::MouseEvent| ask(form);
    let may = may(&form.room.get_clone_untracked());
    let asking = move || if form.is_asking.get() { busy::busy(said::ASKING) } else { View::new() };
    let button = if may {
        view! {
            p { (said::ASK_MEANS) }
            div(class="buttons") {
                button(r#type="button", class="primary", disabled=form.is_asking.get(), on:click=asked) { (said::ASK) }
            }
        }
    } else {
        view! { p { (said::MAY_NOT) } }
    };
    notice(Weight::Note, said::TOO_LARGE, view! { (button) (asking()) })
}

/// What stays in the room, and whether a request waits for the certificate (R-UP-19, R-UP-27, R-UP-28).
fn around(planned: &Planned, cluster: &Cluster) -> View {
    let Some(room) = snapshot::room(&planned.wanted.room) else { return View::new() };
    let there = cluster.entries.iter().filter(|entry| entry.place.room == room).count();
    let (Room::Identity(name) | Room::Trust(name)) = &room;
    let taken_out = planned.plan.effects.iter();
    let taken_out = taken_out.filter(|effect| effect.effect == "remove" && effect.name == *name).count();
    let stays = there.saturating_sub(taken_out);
    let sentence = if stays == 1 { said::STAYS_ONE } else { said::STAYS };
    let stays = text::with(sentence, &[("number", &stays.to_string()), ("room", name)]);
    let waits =
        matches!(&room, Room::Identity(name) if cluster.requests.iter().any(|one| one.purpose == *name));
    let pending = if waits {
        view! { p { (said::PENDING) } }
    } else {
        View::new()
    };
    view! { p(class="aside") { (stays) } (pending) }
}

/// The button that sends, for whoever may.
fn send(form: Form, planned: &Planned) -> View {
    let room = planned.wanted.room.clone();
    if !may(&room) {
        return notice(Weight::Note, said::MAY_NOT, View::new());
    }
    if planned.plan.refused {
        return View::new();
    }
    let name = room.split_once(':').map_or("", |(_, name)| name);
    let label = text::with(said::UPLOAD, &[("room", name)]);
    let is_sending = move || form.sent.with(|sent| *sent == Sent::Sending);
    view! {
        div(class="buttons") {
            button(r#type="button", class="primary", disabled=is_sending(), on:click=move |_| sent(form)) { (label) }
        }
    }
}

/// Whether whoever is here may upload to a room.
fn may(room: &str) -> bool {
    session::may("identities.manage") && (!room.starts_with("trust:") || session::may("trust.manage"))
}

/// Sends what was planned: once.
fn sent(form: Form) {
    let Some(planned) = form.planned.get_clone_untracked() else { return };
    if form.sent.with_untracked(|sent| *sent == Sent::Sending) {
        return;
    }
    form.sent.set(Sent::Sending);
    let description = form.description.get_clone_untracked();
    spawn_local_scoped(async move {
        let Ok(planned) = planned.as_ref() else { return };
        let became = match upload::upload(planned, description).await {
            Ok(outcome) => Sent::Done(outcome),
            Err(reason) if upload::is_stale(&reason) => stale(planned).await,
            Err(reason) => Sent::Failed(reason),
        };
        if planned.basis.cluster().is_some() {
            let _fresh = snapshot::fresh(&planned.wanted.room).await;
        }
        form.sent.set(became);
        form.turn.update(|turn| *turn = turn.wrapping_add(1));
    });
}

async fn stale(planned: &Planned) -> Sent {
    let Some(before) = planned.basis.cluster() else { return Sent::Stale(Difference::default()) };
    match snapshot::fresh(&planned.wanted.room).await {
        Ok(fresh) => Sent::Stale(upload::difference(before, &fresh.cluster).await),
        Err(reason) => Sent::Failed(reason),
    }
}

fn result(sent: &Sent) -> View {
    match sent {
        Sent::Not => View::new(),
        Sent::Sending => busy::busy(said::UPLOADING),
        Sent::Failed(reason) => led_to(failure(reason)),
        Sent::Done(outcome) => {
            let done = plan::done(&outcome.plan);
            led_to(notice(Weight::Good, said::DONE, done))
        }
        Sent::Stale(difference) => {
            let line = |sentence: &str, subject: &String| {
                let line = text::with(sentence, &[("subject", &chain::named(subject))]);
                view! { li { (line) } }
            };
            let came = difference.came.iter().map(|subject| line(said::CAME, subject));
            let lines: Vec<View> =
                came.chain(difference.went.iter().map(|subject| line(said::WENT, subject))).collect();
            led_to(notice(Weight::Warning, said::STALE, view! { p { (said::STALE_MORE) } ul { (lines) } }))
        }
    }
}

/// What became of it has the focus: the button that was pressed is made anew with the plan.
fn led_to(said: View) -> View {
    let id = field::identifier();
    focus::focus(id.clone());
    view! { div(id=id, tabindex="-1") { (said) } }
}
