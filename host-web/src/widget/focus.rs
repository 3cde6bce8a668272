//! The focus: moved to where the next step is, and kept where what had it is made anew or is there no longer, so that
//! nobody who works by keyboard is sent back to the beginning of the page.

use sycamore::futures::spawn_local;
use wasm_bindgen::JsCast;
use web_sys::{Document, Element, HtmlElement};

use crate::server::changes;

/// The part of the page that is not its frame.
const MAIN: &str = "main";

/// Moves the focus to this element as soon as it is on the page.
pub(crate) fn focus(identifier: String) {
    spawn_local(async move {
        changes::wait(0).await;
        if let Some(document) = document() {
            give(document.get_element_by_id(&identifier));
        }
    });
}

/// Moves the focus to the page.
pub(crate) fn main() {
    if let Some(document) = document() {
        give(document.get_element_by_id(MAIN));
    }
}

/// If nothing has the focus after what is under way, the page gets it.
pub(crate) fn keep() {
    spawn_local(async {
        changes::wait(0).await;
        if active().is_none() {
            main();
        }
    });
}

/// What has the focus is about to be made anew, perhaps: what then stands in its place with the same words gets it, or the
/// page.
pub(crate) fn remember() {
    let Some((path, words)) = active().and_then(|active| Some((path(&active)?, words(&active)))) else {
        return;
    };
    spawn_local(async move {
        changes::wait(0).await;
        if active().is_some() {
            return;
        }
        let again = document().and_then(|document| document.query_selector(&path).ok().flatten());
        match again.filter(|again| self::words(again) == words) {
            Some(again) => give(Some(again)),
            None => main(),
        }
    });
}

fn document() -> Option<Document> {
    web_sys::window().and_then(|window| window.document())
}

fn active() -> Option<Element> {
    document().and_then(|document| document.active_element()).filter(|active| active.tag_name() != "BODY")
}

fn give(element: Option<Element>) {
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _focused = element.focus();
    }
}

/// Where an element is in the page, as a selector; nothing for what is outside of it.
fn path(element: &Element) -> Option<String> {
    let mut path = String::new();
    let mut at = element.clone();
    while at.id() != MAIN {
        let mut place = 1_usize;
        let mut before = at.previous_element_sibling();
        while let Some(sibling) = before {
            place = place.saturating_add(1);
            before = sibling.previous_element_sibling();
        }
        path = format!(" > :nth-child({place}){path}");
        at = at.parent_element()?;
    }
    Some(format!("#{MAIN}{path}"))
}

/// What an element is and says.
fn words(element: &Element) -> (String, Option<String>, Option<String>) {
    (element.tag_name(), element.get_attribute("aria-label"), element.text_content())
}
