//! Types of the contract to types of the engine and back; no defaults, no decisions.

use crate::bindings::exports::assayer::engine::types::Refusal;

pub(crate) fn incomplete() -> Refusal {
    Refusal { code: "engine.incomplete".to_owned(), input: "engine".to_owned(), details: Vec::new() }
}
