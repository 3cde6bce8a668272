//! The document: where it comes from, the text, what the engine says of it, and what can be done with it.

use std::cell::RefCell;

use sycamore::futures::spawn_local_scoped;
use sycamore::prelude::*;

use crate::document::policy::Version;
use crate::engine;
use crate::playground::board::Board;
use crate::playground::check::{Mistake, Standing};
use crate::playground::take;
use crate::server::{Asked, Failure, session};
use crate::text::{self, playground};
use crate::widget::editor::{self, Editor, editor};
use crate::widget::notice::{engine_problem, failure};
use crate::widget::{download, field};

/// Where the deployment's document is.
const DEPLOYMENT: &str = "/api/v1/policies/deployment";
/// The word of the choice for it.
const IN_FORCE: &str = "in-force";
/// The engine's profiles (`profile` of a policy document).
const PROFILES: [&str; 6] = ["rfc5280", "public-web", "uc-legacy", "ndcpp-2.2e", "ndcpp-3.0e", "ndcpp-4.0"];

/// Why something could not be done.
#[derive(Clone)]
enum Reason {
    /// The server gave no answer.
    Server(Failure),
    /// The engine gave none.
    Engine(engine::Problem),
}

/// What is told of the last thing that could not be done.
type Trouble = Option<Reason>;

fn told(reason: &Reason) -> View {
    match reason {
        Reason::Server(why) => failure(why),
        Reason::Engine(problem) => engine_problem(problem),
    }
}

thread_local! {
    /// What was in the editor before something else was loaded.
    static FORMER: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Loads what somebody begins with: the policy in force, where one may read it.
pub(super) fn begin(board: Board) {
    if session::may("read") {
        // whoever types before it is there keeps what was typed
        let fetched = async move {
            let version = Asked::get(DEPLOYMENT).document::<Version>().await;
            let document = version.ok().map(|version| version.document).filter(|text| !text.is_empty());
            if board.text.with_untracked(String::is_empty) {
                board.text.set(document.unwrap_or_else(|| playground::BEGIN.to_owned()));
            }
        };
        board.scope.run_in(|| spawn_local_scoped(fetched));
    } else {
        board.text.set(playground::BEGIN.to_owned());
    }
}

/// Puts a text into the editor; what was there can be brought back.
pub(super) fn replace(board: Board, text: &str) {
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    let former = board.text.get_clone_untracked();
    if former != text {
        FORMER.set(Some(former));
        board.text.set(text);
    }
}

/// Opens a file.
fn open(board: Board, file: web_sys::File) {
    let opened = async move {
        if let Ok(octets) = take::read(&file).await {
            replace(board, &String::from_utf8_lossy(&octets));
        }
    };
    board.scope.run_in(|| spawn_local_scoped(opened));
}

/// The part of the page.
pub(super) fn part(board: Board) -> View {
    let area = Editor { label: playground::DOCUMENT, value: board.text, area: create_node_ref() };
    let said = create_signal(None);
    let (source, tools) = (source(board, said), tools(board, said));
    let wrong = move || {
        board.standing.with(|standing| match standing {
            Standing::Refused(mistakes) => mistakes.iter().map(|mistake| mistake.line).collect(),
            _ => Vec::new(),
        })
    };
    let text = editor(area, "24", wrong);
    let standing = standing(board, area);
    let said = move || said.get_clone().as_ref().map(told).unwrap_or_default();
    view! {
        section(class="card") {
            h2 { (playground::POLICY) }
            (source)
            (text)
            (standing)
            (tools)
            div(aria-live="polite") { (said()) }
        }
    }
}

fn source(board: Board, said: Signal<Trouble>) -> View {
    let may = session::may("read");
    let in_force = may.then(|| (IN_FORCE.to_owned(), playground::IN_FORCE.to_owned()));
    let profiles =
        PROFILES.iter().map(|name| ((*name).to_owned(), text::with(playground::PROFILE, &[("name", name)])));
    let words: Vec<(String, String)> = in_force.into_iter().chain(profiles).collect();
    let wanted = create_signal(words.first().map(|(word, _)| word.clone()).unwrap_or_default());
    let choice = field::choice(playground::START_FROM, wanted, words);
    let load = move |_: web_sys::MouseEvent| {
        said.set(None);
        board.scope.run_in(|| spawn_local_scoped(load(board, wanted.get_clone_untracked(), said)));
    };
    let (id, chosen) = (field::identifier(), move |event: web_sys::Event| {
        if let Some(file) = take::chosen(&event).into_iter().next() {
            open(board, file);
        }
    });
    let other = id.clone();
    view! {
        div(class="filters") {
            (choice)
            button(r#type="button", on:click=load) { (playground::LOAD) }
            div(class="field") {
                label(r#for=id) { (playground::OPEN) }
                input(id=other, r#type="file", accept=".toml,text/plain", on:change=chosen)
            }
        }
    }
}

async fn load(board: Board, wanted: String, said: Signal<Trouble>) {
    if wanted != IN_FORCE {
        return replace(board, &format!("profile = \"{wanted}\"\n"));
    }
    match Asked::get(DEPLOYMENT).document::<Version>().await {
        Ok(version) => replace(board, &version.document),
        Err(why) => said.set(Some(Reason::Server(why))),
    }
}

/// What the engine says of the text, for the eyes and, once it settles, for a screen reader.
fn standing(board: Board, area: Editor) -> View {
    let is_older = move || board.accepted.with(Option::is_some);
    let summary = move || {
        board.standing.with(|standing| match standing {
            Standing::Reading => playground::READING.to_owned(),
            Standing::Accepted => playground::ACCEPTED.to_owned(),
            Standing::Refused(mistakes) => {
                let count = text::counted(mistakes.len(), playground::REFUSED_ONE, playground::REFUSED);
                let rest = if is_older() { playground::STALE } else { playground::NONE_YET };
                format!("{count}. {rest}")
            }
            Standing::Failed(reason) => text::with(playground::FAULT, &[("reason", reason)]),
        })
    };
    let class = move || {
        board.standing.with(|standing| match standing {
            Standing::Reading => "standing-of-text note",
            Standing::Accepted => "standing-of-text good",
            Standing::Refused(_) | Standing::Failed(_) => "standing-of-text bad",
        })
    };
    let mistakes = move || {
        let mistakes = match board.standing.get_clone() {
            Standing::Refused(mistakes) => mistakes,
            _ => Vec::new(),
        };
        mistakes.into_iter().map(|mistake| wrong(area, mistake)).collect::<Vec<View>>()
    };
    view! {
        p(class=class(), role="status") { (summary()) }
        ol(class="mistakes") { (mistakes()) }
    }
}

pub(super) fn wrong(area: Editor, mistake: Mistake) -> View {
    let place = [("line", mistake.line.to_string()), ("column", mistake.column.to_string())];
    let place = place.each_ref().map(|(name, value)| (*name, value.as_str()));
    let button = text::with(playground::GO_TO, &place);
    let (at, length) = ((mistake.line, mistake.column), mistake.found.as_deref().map_or(0, characters));
    let sentence = mistake.sentence.clone();
    let about = mistake.about.join(" · ");
    let mend = mend(area, &mistake);
    view! {
        li {
            button(r#type="button", class="link", on:click=move |_| editor::go_to(area, at, length)) { (button) }
            p { (sentence) }
            (mend)
            p(class="aside") { code { (about) } }
        }
    }
}

fn characters(text: &str) -> usize {
    text.chars().count()
}

/// The nearest word, written in the place of the slip where that is just what stands there.
fn mend(area: Editor, mistake: &Mistake) -> View {
    let (Some(nearest), Some(found)) = (mistake.nearest.clone(), mistake.found.clone()) else {
        return View::new();
    };
    let label = text::with(playground::REPLACE, &[("word", &nearest)]);
    let at = (mistake.line, mistake.column);
    let write = move |_: web_sys::MouseEvent| {
        if let Some(text) = mended(&area.value.get_clone_untracked(), at, (&found, &nearest)) {
            area.value.set(text);
        }
        editor::go_to(area, at, characters(&nearest));
    };
    view! { button(r#type="button", class="small", on:click=write) { (label) } }
}

/// The text with a word instead of the one that stands at a place, or just behind a quotation mark there.
fn mended(text: &str, (line, column): (usize, usize), (found, nearest): (&str, &str)) -> Option<String> {
    let above: usize = text.split_inclusive('\n').take(line.checked_sub(1)?).map(str::len).sum();
    let in_line: usize = text.get(above..)?.chars().take(column.checked_sub(1)?).map(char::len_utf8).sum();
    let (before, rest) = text.split_at_checked(above.checked_add(in_line)?)?;
    let quote = rest.chars().next().filter(|sign| matches!(sign, '"' | '\'')).map_or(0, char::len_utf8);
    let (mark, rest) = rest.split_at_checked(quote)?;
    let after = rest.strip_prefix(found)?;
    Some(format!("{before}{mark}{nearest}{after}"))
}

fn tools(board: Board, said: Signal<Trouble>) -> View {
    let has_former = create_signal(false);
    create_effect(move || {
        board.text.track();
        has_former.set(FORMER.with_borrow(Option::is_some));
    });
    let bring_back = move |_: web_sys::MouseEvent| {
        if let Some(former) = FORMER.take() {
            replace(board, &former);
        }
    };
    let save = move |_: web_sys::MouseEvent| {
        let text = board.text.get_clone_untracked();
        download::save(playground::FILE, "application/toml", text.as_bytes());
    };
    let write_out = move |_: web_sys::MouseEvent| {
        board.scope.run_in(|| spawn_local_scoped(write_out(board, said)));
    };
    let is_broken = move || board.standing.with(|standing| *standing != Standing::Accepted);
    let back = move || {
        if !has_former.get() {
            return View::new();
        }
        view! { button(r#type="button", on:click=bring_back) { (playground::BRING_BACK) } }
    };
    view! {
        div(class="buttons") {
            button(r#type="button", on:click=save) { (playground::DOWNLOAD) }
            button(r#type="button", disabled=is_broken(), on:click=write_out) { (playground::WRITE_OUT) }
            (back())
        }
    }
}

/// The document with every key, as the engine writes it.
async fn write_out(board: Board, said: Signal<Trouble>) {
    let text = board.text.get_clone_untracked();
    let settings = match engine::engine().await {
        Ok(engine) => engine.validator(&text).and_then(|validator| validator.settings()),
        Err(problem) => Err(problem),
    };
    match settings {
        Ok(settings) => replace(board, &settings),
        Err(problem) => said.set(Some(Reason::Engine(problem))),
    }
}
