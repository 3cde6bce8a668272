//! Something that takes a while: what it is, in words that are announced once, and a bar that moves. It shows itself only
//! when half a second has gone by (the style says so), so that nothing flickers where the answer is there at once.

use sycamore::prelude::*;

use super::field;

/// What is under way.
pub(crate) fn busy(said: &'static str) -> View {
    let (id, labelled_by) = (field::identifier(), field::identifier());
    let label = labelled_by.clone();
    // how far it is nobody knows: a bar without a value says that it goes on
    view! {
        div(class="busy", id=id) {
            p(role="status", id=label) { (said) }
            progress(aria-labelledby=labelled_by)
        }
    }
}
