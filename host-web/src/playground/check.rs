//! What the engine says of the document while somebody types: everything that is wrong with it, each with its place, or
//! that it is accepted. The last one that was accepted stays in force while the text is broken.

use std::rc::Rc;

use sycamore::futures::spawn_local_scoped;

use super::board::{Accepted, Board};
use crate::engine::contract::{Refusal, Value};
use crate::engine::{self, Problem, said};
use crate::server::changes;

/// Whoever types is not interrupted: the document is looked at when so many milliseconds have passed without a key.
const PAUSE: i32 = 150;

/// What the engine says of the document.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Standing {
    /// It is being looked at.
    Reading,
    /// It is accepted.
    Accepted,
    /// It is not, because of this.
    Refused(Vec<Mistake>),
    /// The engine failed: our fault.
    Failed(String),
}

/// Something that is wrong with a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Mistake {
    /// The line, from 1.
    pub(crate) line: usize,
    /// The column, from 1, in characters.
    pub(crate) column: usize,
    /// What was expected, and the nearest word.
    pub(crate) sentence: String,
    /// The key, and a stable code.
    pub(crate) about: Vec<String>,
    /// What the word there would have to be, if it is a slip.
    pub(crate) nearest: Option<String>,
    /// The word that is there.
    pub(crate) found: Option<String>,
}

/// Looks at the document once nobody has typed for a moment. What is typed meanwhile ends it.
pub(crate) fn as_typed(board: Board) {
    let text = board.text.get_clone();
    spawn_local_scoped(async move {
        changes::wait(PAUSE).await;
        let standing = standing(&text).await;
        let is_another = board
            .accepted
            .with_untracked(|accepted| accepted.as_ref().is_none_or(|accepted| *accepted.document != *text));
        if standing == Standing::Accepted && is_another {
            let last = board.accepted.with_untracked(|accepted| accepted.as_ref().map(|one| one.edition));
            let edition = last.map_or(0, |last| last.wrapping_add(1));
            board.accepted.set(Some(Accepted { document: Rc::from(text), edition }));
        }
        if board.standing.with_untracked(|known| *known != standing) {
            board.standing.set(standing);
        }
    });
}

async fn standing(text: &str) -> Standing {
    let found = match engine::engine().await {
        Ok(engine) => engine.problems(text),
        Err(problem) => Err(problem),
    };
    match found {
        Ok(found) if found.is_empty() => Standing::Accepted,
        Ok(found) => Standing::Refused(found.iter().map(mistake).collect()),
        Err(Problem::Refused(refusal)) => Standing::Refused(vec![mistake(&refusal)]),
        Err(Problem::Fault(reason)) => Standing::Failed(reason),
    }
}

fn mistake(refusal: &Refusal) -> Mistake {
    let detail = |name: &str| refusal.details.iter().find(|detail| detail.name == name);
    let number = |name: &str| match detail(name).map(|detail| &detail.value) {
        Some(Value::Number(number)) => usize::try_from(*number).unwrap_or(1),
        _ => 1,
    };
    let word = |name: &str| match detail(name).map(|detail| &detail.value) {
        Some(Value::Text(text)) => Some(text.clone()),
        _ => None,
    };
    Mistake {
        line: number("line"),
        column: number("column"),
        sentence: said::sentence(refusal),
        about: word("key").into_iter().chain([refusal.code.clone()]).collect(),
        nearest: word("nearest"),
        found: word("found"),
    }
}
