//! The cases: the file as it is typed, what is wrong with it, which cases pass, failures in full, and what of the policy no
//! case exercises.

use std::rc::Rc;

use engine_cases::{Difference, Finding};
use engine_wording::escape;
use sycamore::futures::spawn_local_scoped;
use sycamore::prelude::*;

use super::{document, table};
use crate::playground::board::{Board, Chosen};
use crate::playground::cases::{Cases, Tried};
use crate::playground::take;
use crate::text::{self, playground};
use crate::widget::editor::{Editor, editor};
use crate::widget::notice::{Weight, badge, notice};
use crate::widget::{download, field, focus};

/// The part of the page.
pub(super) fn part(board: Board, cases: Cases) -> View {
    let area = Editor { label: playground::CASES_FILE, value: cases.text, area: create_node_ref() };
    let wrong =
        move || cases.reading.with(|reading| reading.mistakes.iter().map(|mistake| mistake.line).collect());
    let (text, standing, results) = (editor(area, "14", wrong), standing(cases, area), results(board, cases));
    let (lacking, source) = (lacking(cases), source(board, cases));
    view! {
        section(class="card") {
            h2 { (playground::CASES) }
            p(class="aside") { (playground::CASES_MEAN) }
            (source)
            (text)
            (standing)
            (results)
            (lacking)
        }
    }
}

fn source(board: Board, cases: Cases) -> View {
    let id = field::identifier();
    let other = id.clone();
    let chosen = move |event: web_sys::Event| {
        let Some(file) = take::chosen(&event).into_iter().next() else { return };
        let opened = async move {
            if let Ok(octets) = take::read(&file).await {
                cases.text.set(String::from_utf8_lossy(&octets).replace("\r\n", "\n"));
            }
        };
        board.scope.run_in(|| spawn_local_scoped(opened));
    };
    let save = move |_: web_sys::MouseEvent| {
        let text = cases.text.get_clone_untracked();
        download::save(playground::CASES_NAME, "application/toml", text.as_bytes());
    };
    view! {
        div(class="filters") {
            div(class="field") {
                label(r#for=id) { (playground::OPEN_CASES) }
                input(id=other, r#type="file", accept=".toml,text/plain", on:change=chosen)
            }
            button(r#type="button", on:click=save) { (playground::DOWNLOAD) }
        }
    }
}

fn standing(cases: Cases, area: Editor) -> View {
    let failed =
        move || cases.results.with(|all| (all.len(), all.iter().filter(|one| !one.has_passed()).count()));
    let summary = move || {
        let reading = cases.reading.get_clone();
        if !reading.is_read {
            return playground::READING.to_owned();
        }
        if !reading.mistakes.is_empty() {
            let count = text::counted(reading.mistakes.len(), playground::REFUSED_ONE, playground::REFUSED);
            return format!("{count}. {}", playground::CASES_STALE);
        }
        match failed() {
            (all, 0) => text::counted(all, playground::PASSED_ONE, playground::PASSED),
            (all, failed) => {
                let sentence = if failed == 1 { playground::FAILED_ONE } else { playground::FAILED };
                let words = [("number", failed.to_string()), ("all", all.to_string())];
                text::with(sentence, &words.each_ref().map(|(name, value)| (*name, value.as_str())))
            }
        }
    };
    let class = move || {
        let reading = cases.reading.get_clone();
        match (reading.is_read, reading.mistakes.is_empty() && failed().1 == 0) {
            (false, _) => "standing-of-text note",
            (true, true) => "standing-of-text good",
            (true, false) => "standing-of-text bad",
        }
    };
    let mistakes = move || {
        let mistakes = cases.reading.get_clone().mistakes;
        mistakes.into_iter().map(|mistake| document::wrong(area, mistake)).collect::<Vec<View>>()
    };
    view! {
        p(class=class(), role="status") { (summary()) }
        ol(class="mistakes") { (mistakes()) }
    }
}

fn results(board: Board, cases: Cases) -> View {
    let items = move || {
        let results = cases.results.get_clone();
        results.iter().map(|tried| result(board, tried)).collect::<Vec<View>>()
    };
    view! { ul(class="findings cases") { (items()) } }
}

fn result(board: Board, tried: &Rc<Tried>) -> View {
    let (weight, word) = if tried.has_passed() {
        (Weight::Good, playground::PASSES)
    } else {
        (Weight::Bad, playground::FAILS)
    };
    let (badge, name, wanted) = (badge(weight, word), escape(&tried.case.name), tried.case.name.clone());
    let choose = move |_: web_sys::MouseEvent| {
        board.chosen.set(Some(Chosen::Case(wanted.clone())));
        focus::focus(table::CHOSEN.to_owned());
    };
    let differences = differences(tried);
    view! {
        li {
            (badge) " " button(r#type="button", class="link", on:click=choose) { (name) }
            (differences)
        }
    }
}

/// How a case differs from what is expected of it; nothing where it passes.
pub(super) fn differences(tried: &Tried) -> View {
    let found = match &tried.outcome {
        Ok(found) => found,
        Err(reason) => {
            let reason = escape(reason);
            return view! { p { (reason) } };
        }
    };
    let items: Vec<View> = found.iter().map(difference).collect();
    if items.is_empty() {
        return View::new();
    }
    view! { ul { (items) } }
}

fn difference(difference: &Difference) -> View {
    let certificate = difference.certificate.as_deref().map(escape).unwrap_or_default();
    let (expected, found) = (escape(&difference.expected), escape(&difference.found));
    let values = [
        ("field", difference.field),
        ("certificate", certificate.as_str()),
        ("expected", expected.as_str()),
        ("found", found.as_str()),
    ];
    let sentence = if certificate.is_empty() { playground::EXPECTED } else { playground::OF_CASE };
    let said = text::with(sentence, &values);
    let findings: Vec<View> = difference
        .findings
        .iter()
        .map(of_finding)
        .map(|said| view! { span(class="beside") { (said) } })
        .collect();
    view! { li { (said) (findings) } }
}

fn of_finding(finding: &Finding) -> String {
    let values: Vec<(&str, String)> =
        finding.details.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
    engine_wording::sentence(&finding.code, &values)
}

fn lacking(cases: Cases) -> View {
    let shown = move || {
        let lacking = cases.lacking.get_clone();
        if lacking.is_empty() {
            return View::new();
        }
        let items: Vec<View> = lacking.into_iter().map(|one| view! { li { (one) } }).collect();
        notice(Weight::Note, playground::LACKING, view! { ul { (items) } })
    };
    view! { (shown()) }
}
