//! A question before something that cannot be taken back: what would be done, and a button that does it.

use std::rc::Rc;

use sycamore::prelude::*;

use super::deed::Deed;
use super::dialog::dialog;
use crate::text::common;

/// What is asked.
#[derive(Clone)]
pub(crate) struct Question {
    title: &'static str,
    sentence: String,
    act: Rc<dyn Fn(Deed)>,
}

impl Question {
    /// Asks `sentence`; `title` names the deed, on the button too, and `act` does it.
    pub(crate) fn new(title: &'static str, sentence: String, act: impl Fn(Deed) + 'static) -> Self {
        Self { title, sentence, act: Rc::new(act) }
    }
}

/// The dialog of a page: open while there is a question.
pub(crate) fn confirm(asked: Signal<Option<Question>>, deed: Deed) -> View {
    let is_open = create_signal(false);
    create_effect(move || is_open.set(asked.with(Option::is_some)));
    create_effect(move || {
        // the dialog was closed with Escape
        if !is_open.get() && asked.with_untracked(Option::is_some) {
            asked.set(None);
        }
    });
    let title = move || asked.with(|asked| asked.as_ref().map_or("", |question| question.title));
    let title = view! { (title()) };
    dialog(is_open, title, move || {
        asked.get_clone_untracked().map_or_else(View::new, |question| body(question, asked, deed))
    })
}

fn body(question: Question, asked: Signal<Option<Question>>, deed: Deed) -> View {
    let Question { title, sentence, act } = question;
    let done = move |_: web_sys::MouseEvent| {
        act(deed);
        asked.set(None);
    };
    let cancel = move |_: web_sys::MouseEvent| asked.set(None);
    view! {
        p { (sentence) }
        div(class="buttons") {
            button(r#type="button", class="dangerous", on:click=done) { (title) }
            button(r#type="button", on:click=cancel) { (common::CANCEL) }
        }
    }
}
