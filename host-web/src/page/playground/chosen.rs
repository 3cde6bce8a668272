//! The decision or the case that is looked at: how it stands to what was recorded or expected, the rules that make it flip,
//! its whole verdict, and the verdict that was recorded.

use std::pin::Pin;
use std::rc::Rc;

use engine_capsule::{Cause, Compared, Outcome};
use engine_wording::escape;
use sycamore::futures::spawn_local_scoped;
use sycamore::prelude::*;
use sycamore::reactive::use_current_scope;

use super::decisions::judgement;
use super::{cases, table};
use crate::document::verdict::Verdict;
use crate::engine::Problem;
use crate::playground::board::{Board, Chosen};
use crate::playground::cases::{Cases, Tried};
use crate::playground::judge::{Asked, Judgement, Sameness};
use crate::playground::recorded::Decision;
use crate::playground::share;
use crate::text::{self, playground};
use crate::widget::notice::{Weight, engine_problem, notice};
use crate::widget::{download, time, verdict};

/// The part of the page; nothing where nothing is looked at.
pub(super) fn part(board: Board, cases: Cases) -> View {
    let shown = move || match board.chosen.get_clone() {
        Some(Chosen::Decision(place)) => decision(board, place),
        Some(Chosen::Case(name)) => case(board, cases, name),
        None => View::new(),
    };
    view! { (shown()) }
}

fn decision(board: Board, place: usize) -> View {
    let decision = board.decisions.with_untracked(|decisions| decisions.get(place).cloned());
    let Some(decision) = decision else { return View::new() };
    let title = text::with(playground::CHOSEN, &[("subject", &decision.subject)]);
    let judgement = judgement(board, place);
    let recorded = recorded(&decision);
    let now = move || judgement.get_clone().map(|judgement| now(&judgement)).unwrap_or_default();
    let is_ready = move || judgement.with(|one| one.as_ref().is_some_and(|one| one.judged.is_some()));
    let sharing =
        move || spawn_share(async move { of_decision(board, place).await }, decision.subject.clone());
    let share = share_buttons(board, is_ready, sharing);
    view! {
        section(class="card") {
            h2(id=table::CHOSEN, tabindex="-1") { (title) }
            (share)
            (now())
            (recorded)
        }
    }
}

/// A case: how it differs from what is expected, and its whole verdict.
fn case(board: Board, cases: Cases, name: String) -> View {
    let title = text::with(playground::CHOSEN_CASE, &[("name", &escape(&name))]);
    let wanted = name.clone();
    let tried = create_memo(move || {
        cases.results.with(|all| all.iter().find(|one| one.case.name == wanted).cloned())
    });
    let now = move || tried.get_clone().map(|tried| of_case(&tried)).unwrap_or_default();
    let is_ready = move || tried.with(|one| one.as_ref().is_some_and(|one| one.judged.is_some()));
    let sharing = move || {
        let tried = tried.get_clone_untracked();
        spawn_share(async move { shared_case(tried).await }, name.clone())
    };
    let share = share_buttons(board, is_ready, sharing);
    view! {
        section(class="card") {
            h2(id=table::CHOSEN, tabindex="-1") { (title) }
            (share)
            (now())
        }
    }
}

fn of_case(tried: &Tried) -> View {
    let differences = cases::differences(tried);
    let document = tried.judged.as_ref().map(|judged| judged.verdict.document.as_str());
    let verdict = document.map(shown).unwrap_or_default();
    let note = tried.case.note.as_deref().map(escape);
    let note = note.map(|note| view! { p { (note) } }).unwrap_or_default();
    view! { (note) (differences) (verdict) }
}

fn now(judgement: &Judgement) -> View {
    let head = match &judgement.outcome {
        Ok(outcome) => head(outcome, &judgement.sameness),
        Err(reason) => notice(Weight::Bad, playground::UNDECIDED, {
            let reason = escape(reason);
            view! { p { (reason) } }
        }),
    };
    let document = judgement.judged.as_ref().map(|judged| judged.document.as_str());
    let verdict = document.map(shown).unwrap_or_default();
    view! { (head) (verdict) }
}

/// A verdict document with the widget that every verdict has.
fn shown(document: &str) -> View {
    match serde_json::from_str::<Verdict>(document) {
        Ok(read) => verdict::verdict(&read),
        Err(error) => engine_problem(&Problem::Fault(error.to_string())),
    }
}

fn head(outcome: &Outcome, sameness: &Sameness) -> View {
    match outcome {
        Outcome::Decided(compared) => of_two(compared, sameness),
        Outcome::AsksForMore { asked, then } => {
            let items: Vec<View> = asked.iter().cloned().map(|one| view! { li { (one) } }).collect();
            let more = notice(
                Weight::Warning,
                playground::MORE_TITLE,
                view! { p { (playground::MORE_MEANS) } ul { (items) } },
            );
            let then = of_two(then, sameness);
            view! { (more) (then) }
        }
        Outcome::CannotBeAsked { reason, .. } => {
            let reason = reason.clone();
            notice(Weight::Bad, playground::NOT_ASKED_TITLE, view! { p { (reason) } })
        }
    }
}

fn of_two(compared: &Compared, sameness: &Sameness) -> View {
    let is_flip = compared.before != compared.after;
    let words = if is_flip { &playground::FLIPPED } else { &playground::KEPT };
    let title = words.iter().find(|(word, _)| *word == compared.after.word()).map_or("", |(_, said)| said);
    let lines = match (is_flip, sameness) {
        (true, _) => compared.causes.iter().map(cause).collect(),
        (false, Sameness::Octets) => vec![line(playground::SAME_OCTETS)],
        (false, Sameness::Other(lines)) => {
            let other = line(playground::OTHER_OCTETS);
            std::iter::once(other).chain(lines.iter().map(|one| line(&escape(one)))).collect()
        }
        (false, Sameness::Unexpected) if compared.otherwise.is_empty() => {
            vec![line(playground::SAME_DECISION)]
        }
        (false, Sameness::Unexpected) => compared.otherwise.iter().map(|one| line(&escape(one))).collect(),
    };
    let weight = match (is_flip, sameness) {
        (true, _) | (false, Sameness::Other(_)) => Weight::Warning,
        _ => Weight::Note,
    };
    notice(weight, title, view! { ul { (lines) } })
}

fn line(said: &str) -> View {
    let said = said.to_owned();
    view! { li { (said) } }
}

/// A finding that makes the decision flip, with the rule behind it.
fn cause(cause: &Cause) -> View {
    let said = table::cause(cause);
    let rules = cause.rules.join(" ");
    let values = [("clause", cause.clause.as_str()), ("code", &cause.code), ("rules", &rules)];
    let about = match &cause.own {
        Some(own) => text::with(
            playground::OF_EXPRESSION,
            &[("rule", &escape(&own.rule)), ("expression", &escape(&own.expression))],
        ),
        None => text::with(playground::OF_RULE, &values),
    };
    view! { li { (said) span(class="beside") { code { (about) } } } }
}

fn recorded(decision: &Rc<Decision>) -> View {
    let record = &decision.record;
    let when = record.recording.as_ref().map(|recording| {
        let values = [
            ("moment", time::written(recording.at)),
            ("by", escape(&recording.by)),
            ("version", escape(&record.engine.version)),
        ];
        text::with(playground::RECORDED_WHEN, &values.each_ref().map(|(name, value)| (*name, value.as_str())))
    });
    let when = when.map(|when| view! { p(class="aside") { (when) } }).unwrap_or_default();
    let is_open = create_signal(false);
    let document = record.document.clone();
    // a verdict is large, and most are never looked at
    let verdict = move || if is_open.get() { shown(&document) } else { View::new() };
    view! {
        details(class="card", on:toggle=move |_: web_sys::Event| is_open.set(true)) {
            summary { (playground::AS_RECORDED) }
            (when)
            (verdict())
        }
    }
}

/// What is told of the last thing that was shared.
type Told = Result<bool, Problem>;

/// The verdict as a file that others decide again.
fn share_buttons(
    board: Board,
    is_ready: impl Fn() -> bool + 'static,
    begin: impl Fn() -> Pin<Box<dyn Future<Output = Told>>> + 'static,
) -> View {
    // what is begun here ends when another is looked at
    let (told, scope) = (create_signal(Told::Ok(false)), use_current_scope());
    let share = move |_: web_sys::MouseEvent| {
        told.set(Ok(false));
        let sharing = begin();
        scope.run_in(|| spawn_local_scoped(async move { told.set(sharing.await) }));
    };
    let said = move || match told.get_clone() {
        Err(problem) => engine_problem(&problem),
        Ok(true) => notice(Weight::Good, playground::SHARED, View::new()),
        Ok(false) => View::new(),
    };
    view! {
        div(class="buttons") {
            button(r#type="button", disabled=!is_ready(), on:click=share) { (playground::SHARE) }
            button(r#type="button", on:click=move |_| board.chosen.set(None)) { (playground::CLOSE) }
        }
        div(aria-live="polite") { (said()) }
    }
}

/// Gives a capsule to the person, once it is sealed.
fn spawn_share(
    sealing: impl Future<Output = Result<String, Problem>> + 'static,
    name: String,
) -> Pin<Box<dyn Future<Output = Told>>> {
    Box::pin(async move {
        let text = sealing.await?;
        let name = download::file_name(&name);
        let name = text::with(playground::CAPSULE_FILE, &[("name", &name)]);
        download::save(&name, "application/json", text.as_bytes());
        Ok(true)
    })
}

fn unready() -> Problem {
    Problem::Fault(playground::NOT_READY.to_owned())
}

/// What is shared is of the document in force, or nothing is.
async fn of_decision(board: Board, place: usize) -> Result<String, Problem> {
    let find = || {
        let accepted = board.accepted.get_clone_untracked()?;
        let decision = board.decisions.with_untracked(|all| all.get(place).cloned())?;
        let judgement = board.judgements.with_untracked(|all| all.get(place).cloned().flatten())?;
        (judgement.edition == accepted.edition).then_some((accepted, decision, judgement))
    };
    let (accepted, decision, judgement) = find().ok_or_else(unready)?;
    let judged = judgement.judged.as_ref().ok_or_else(unready)?;
    let asked = Asked {
        policy: &accepted.document,
        mode: decision.record.mode,
        question: &decision.record.question,
        inputs: &decision.inputs,
    };
    share::capsule(asked, judged).await
}

async fn shared_case(tried: Option<Rc<Tried>>) -> Result<String, Problem> {
    let judged = tried.as_ref().and_then(|tried| tried.judged.as_ref().map(|judged| (tried, judged)));
    let (tried, judged) = judged.ok_or_else(unready)?;
    let asked = Asked {
        policy: &judged.policy,
        mode: tried.case.mode,
        question: &judged.question,
        inputs: &judged.inputs,
    };
    share::capsule(asked, &judged.verdict).await
}
