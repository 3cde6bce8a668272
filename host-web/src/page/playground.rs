//! The playground: a policy document as it is typed, and beside it what it decides about decisions that were recorded and about
//! cases of its author's. Everything is judged in this page.

mod document;
mod decisions;
mod table;
mod cases;
mod chosen;

use sycamore::futures::spawn_local_scoped;
use sycamore::prelude::*;
use web_sys::DragEvent;

use crate::engine;
use crate::place::Place;
use crate::playground::board::{self, Board};
use crate::playground::cases::Cases;
use crate::playground::take;
use crate::preview::take::listen;
use crate::text::playground;

/// The page.
pub(crate) fn page(_: Place) -> View {
    let (board, was_there) = board::begin();
    if !was_there {
        document::begin(board);
    }
    // loaded at once, so that verdicts can be shared when the network is gone
    spawn_local_scoped(async { drop(engine::component_sha256().await) });
    let tried = crate::playground::cases::begin(board);
    let (document, decisions) = (document::part(board), decisions::part(board));
    let (cases, chosen) = (cases::part(board, tried), chosen::part(board, tried));
    let is_over = create_signal(false);
    let class = move || if is_over.get() { "playground over" } else { "playground" };
    listen("dragover", move |event: DragEvent| {
        event.prevent_default();
        is_over.set(true);
    });
    listen("dragleave", move |_: DragEvent| is_over.set(false));
    listen("drop", move |event: DragEvent| {
        event.prevent_default();
        is_over.set(false);
        drop_in(board, tried, take::listed(event.data_transfer().and_then(|carried| carried.files())));
    });
    view! {
        div(class=class()) {
            h1 { (playground::NAME) }
            p { (playground::INTRODUCTION) }
            div(class="bench") {
                (document)
                (decisions)
                (cases)
            }
            (chosen)
        }
    }
}

/// A document is for one of the editors, by what is in it, and anything else a decision, or named as none.
fn drop_in(board: Board, cases: Cases, files: Vec<web_sys::File>) {
    let is_document = |file: &web_sys::File| file.name().to_ascii_lowercase().ends_with(".toml");
    let (documents, rest): (Vec<_>, Vec<_>) = files.into_iter().partition(is_document);
    take::decisions(board, rest);
    board.scope.run_in(|| {
        spawn_local_scoped(async move {
            for file in documents {
                let Ok(octets) = take::read(&file).await else { continue };
                let text = String::from_utf8_lossy(&octets).replace("\r\n", "\n");
                if text.lines().any(|line| line.trim_start().starts_with("[[cases]]")) {
                    cases.text.set(text);
                } else {
                    document::replace(board, &text);
                }
            }
        });
    });
}
