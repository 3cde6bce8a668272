//! The focus, moved to where the next step is: what had it is there no longer.

use sycamore::futures::spawn_local;
use wasm_bindgen::JsCast;

use crate::server::changes;

/// Moves the focus to this element as soon as it is on the page.
pub(crate) fn focus(identifier: String) {
    spawn_local(async move {
        changes::wait(0).await;
        let document = web_sys::window().and_then(|window| window.document());
        let element = document.and_then(|document| document.get_element_by_id(&identifier));
        if let Some(element) = element.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
            let _focused = element.focus();
        }
    });
}
