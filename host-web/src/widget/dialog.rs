//! A question that has to be answered before anything happens: the browser's own dialog, which keeps the focus inside
//! and ends with Escape.

use sycamore::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlDialogElement;

use super::{field, focus};

/// A dialog that is open for as long as `is_open` is true.
pub(crate) fn dialog(is_open: Signal<bool>, title: View, body: impl Fn() -> View + 'static) -> View {
    let element = create_node_ref();
    let heading = field::identifier();
    let labelled_by = heading.clone();
    create_effect(move || {
        let wanted = is_open.get();
        let Some(node) = element.try_get() else { return };
        let dialog: HtmlDialogElement = node.unchecked_into();
        if wanted && !dialog.open() {
            let _shown = dialog.show_modal();
        } else if !wanted && dialog.open() {
            dialog.close();
        }
    });
    let content = move || if is_open.get() { body() } else { View::new() };
    let closed = move |_: web_sys::Event| {
        is_open.set(false);
        // the browser gives it back to what opened the dialog, which may be there no longer
        focus::keep();
    };
    view! {
        dialog(r#ref=element, aria-labelledby=labelled_by, on:close=closed) {
            h2(id=heading) { (title) }
            (content())
        }
    }
}
