//! Decisions: asking for one with its whole explanation, and what was found when certificates in use were judged again.

mod ask;
mod tables;

use sycamore::prelude::*;

use crate::place::Place;
use crate::text::decisions;
use crate::widget::tabs::{Tab, tabs};

/// The page.
pub(crate) fn page(place: Place) -> View {
    let part = place.rest.first().cloned().unwrap_or_default();
    let tab = |address, name, word: &str| Tab { address, name, is_current: part == word };
    let parts = tabs(
        decisions::PARTS,
        vec![
            tab("#/decisions", decisions::ASK, ""),
            tab("#/decisions/checks", decisions::CHECKS, "checks"),
            tab("#/decisions/connections", decisions::CONNECTIONS, "connections"),
            tab("#/decisions/weather", decisions::WEATHER, "weather"),
            tab("#/decisions/lists", decisions::LISTS, "lists"),
        ],
    );
    let shown = match part.as_str() {
        "checks" => tables::checks(&place),
        "connections" => tables::connections(),
        "weather" => tables::weather(),
        "lists" => tables::lists(),
        _ => ask::part(),
    };
    view! {
        h1 { (decisions::NAME) }
        (parts)
        (shown)
    }
}
