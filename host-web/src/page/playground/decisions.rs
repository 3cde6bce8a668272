//! Recorded decisions: how they come in, how many flip by purpose, which files are none, and the list of them.

use std::rc::Rc;

use engine_capsule::{Class, Counts, Tally};
use engine_wording::escape;
use sycamore::futures::spawn_local_scoped;
use sycamore::prelude::*;

use super::table::{self, Filter};
use crate::playground::board::{Board, Progress, Unusable};
use crate::playground::judge::Judgement;
use crate::playground::take;
use crate::server::{Failure, session};
use crate::text::{self, playground};
use crate::widget::field;
use crate::widget::notice::{Weight, failure, notice};

/// How many can be fetched at once.
const COUNTS: [&str; 4] = ["100", "500", "2000", "10000"];

/// The part of the page.
pub(super) fn part(board: Board) -> View {
    let filter = create_signal(Filter::EVERYTHING.to_owned());
    let (door, standing, counts) = (door(board), standing(board), counts(board));
    let (unusable, list) = (unusable(board), table::part(board, filter));
    view! {
        section(class="card") {
            h2 { (playground::DECISIONS) }
            (door)
            (standing)
            (unusable)
            (counts)
            (list)
        }
    }
}

/// Where decisions come in: dropped anywhere on the page, chosen here, or fetched.
fn door(board: Board) -> View {
    let id = field::identifier();
    let other = id.clone();
    let chosen = move |event: web_sys::Event| take::decisions(board, take::chosen(&event));
    let fetch = if session::may("reasons.read") { fetch(board) } else { View::new() };
    view! {
        p(class="aside") { (playground::DROP) }
        div(class="filters") {
            div(class="field") {
                label(r#for=id) { (playground::CHOOSE) }
                input(id=other, r#type="file", multiple=true, on:change=chosen)
            }
            (fetch)
        }
    }
}

fn fetch(board: Board) -> View {
    let (count, is_busy) =
        (create_signal(COUNTS.first().copied().unwrap_or_default().to_owned()), create_signal(false));
    let why = create_signal(None::<Failure>);
    let is_empty = create_signal(false);
    let words = COUNTS.iter().map(|count| ((*count).to_owned(), (*count).to_owned())).collect();
    let choice = field::choice(playground::NEWEST, count, words);
    let fetched = move |_: web_sys::MouseEvent| {
        let wanted = count.with_untracked(|count| count.parse().unwrap_or(1));
        is_busy.set(true);
        why.set(None);
        board.scope.run_in(|| {
            spawn_local_scoped(async move {
                match take::newest(board, wanted).await {
                    Ok(found) => is_empty.set(found == 0),
                    Err(failure) => why.set(Some(failure)),
                }
                board.taking.set(None);
                is_busy.set(false);
            });
        });
    };
    let told = move || match why.get_clone() {
        Some(why) => failure(&why),
        None if is_empty.get() => notice(Weight::Note, playground::NOTHING_RECORDED, View::new()),
        None => View::new(),
    };
    view! {
        (choice)
        button(r#type="button", disabled=is_busy.get(), on:click=fetched) { (playground::FETCH) }
        div(class="wide", aria-live="polite") { (told()) }
    }
}

/// How many there are and how many flip, and how far reading and judging have come.
fn standing(board: Board) -> View {
    let tally = create_selector(move || all_counts(board).all());
    let summary = move || {
        let count = board.decisions.with(Vec::len);
        if count == 0 {
            return String::new();
        }
        let flips = usize::try_from(tally.get().flips()).unwrap_or(usize::MAX);
        let flips = match flips {
            0 => playground::NO_FLIPS.to_owned(),
            flips => text::counted(flips, playground::FLIPS_ONE, playground::FLIPS),
        };
        format!("{}: {flips}", text::counted(count, playground::ONE, playground::MANY))
    };
    let progress = move || {
        let taking = board.taking.get().map(|_| far(playground::TAKING, board.taking.get()));
        taking.or_else(|| board.judging.get().map(|_| far(playground::JUDGING, board.judging.get())))
    };
    let bar = move || progress().unwrap_or_default();
    let clear = move || {
        if board.decisions.with(Vec::is_empty) && board.unusable.with(Vec::is_empty) {
            return View::new();
        }
        view! { button(r#type="button", on:click=move |_| board.clear()) { (playground::CLEAR) } }
    };
    view! {
        div(class="buttons") {
            p(role="status", class="summary-of-decisions") { (summary()) }
            (bar())
            (clear())
        }
    }
}

fn far(sentence: &'static str, progress: Progress) -> View {
    let Some((done, all)) = progress else { return View::new() };
    let words = [("done", done.to_string()), ("all", all.to_string())];
    let said = text::with(sentence, &words.each_ref().map(|(name, value)| (*name, value.as_str())));
    let label = said.clone();
    view! {
        span(class="far") {
            progress(max=all.to_string(), value=done.to_string(), aria-label=label) {}
            " " (said)
        }
    }
}

/// Under what a decision counts.
pub(super) fn class(judgement: &Judgement) -> Class {
    judgement.outcome.as_ref().map_or(Class::Undecided, engine_capsule::Outcome::class)
}

fn all_counts(board: Board) -> Tally {
    let mut tally = Tally::default();
    board.decisions.with(|decisions| {
        board.judgements.with(|judgements| {
            for (decision, judgement) in decisions.iter().zip(judgements) {
                if let Some(judgement) = judgement {
                    tally.add(decision.purpose(), class(judgement));
                }
            }
        });
    });
    tally
}

fn counts(board: Board) -> View {
    let tally = create_selector(move || all_counts(board));
    let shown = move || {
        let tally = tally.get_clone();
        if tally.all().total() == 0 {
            return View::new();
        }
        let all = tally.all();
        // what nobody has is not shown
        let classes: Vec<Class> =
            all.each().into_iter().filter(|(_, count)| *count > 0).map(|(class, _)| class).collect();
        let mut rows: Vec<View> =
            tally.purposes().map(|(purpose, counts)| row(purpose, counts, &classes)).collect();
        if rows.len() > 1 {
            rows.push(row_of(playground::ALL.to_owned(), &all, &classes));
        }
        let heads: Vec<View> = classes
            .iter()
            .map(|class| word(*class))
            .map(|word| view! { th(scope="col") { (word) } })
            .collect();
        view! {
            div(class="scrolled", tabindex="0", role="region", aria-label=playground::BY_PURPOSE) {
                table(class="counts") {
                    thead { tr { th(scope="col") { (playground::PURPOSE) } (heads) } }
                    tbody { (rows) }
                }
            }
        }
    };
    view! { (shown()) }
}

/// A class in words.
pub(super) fn word(class: Class) -> &'static str {
    playground::CLASSES.iter().find(|(word, _)| *word == class.word()).map_or("", |(_, said)| said)
}

fn row(purpose: Option<&str>, counts: &Counts, classes: &[Class]) -> View {
    row_of(purpose.map_or_else(|| playground::NO_PURPOSE.to_owned(), escape), counts, classes)
}

fn row_of(name: String, counts: &Counts, classes: &[Class]) -> View {
    let cells: Vec<View> = counts
        .each()
        .into_iter()
        .filter(|(class, _)| classes.contains(class))
        .map(|(_, count)| view! { td { (count) } })
        .collect();
    view! { tr { th(scope="row") { (name) } (cells) } }
}

fn unusable(board: Board) -> View {
    let shown = move || {
        let unusable = board.unusable.get_clone();
        if unusable.is_empty() {
            return View::new();
        }
        let title = text::counted(unusable.len(), playground::UNUSABLE_ONE, playground::UNUSABLE);
        let items: Vec<View> = unusable.iter().map(named).collect();
        notice(Weight::Bad, title, view! { ul(class="unusable", tabindex="0") { (items) } })
    };
    view! { (shown()) }
}

fn named(unusable: &Unusable) -> View {
    let (name, reason) = (escape(&unusable.name), escape(&unusable.reason));
    view! { li { strong { (name) } ": " (reason) } }
}

/// The judgement at a place, looked at again only where something of it is another.
pub(super) fn judgement(board: Board, place: usize) -> ReadSignal<Option<Rc<Judgement>>> {
    create_selector(move || board.judgements.with(|all| all.get(place).cloned().flatten()))
}
