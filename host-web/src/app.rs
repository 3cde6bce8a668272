//! The frame around every page: who is signed in, the menu, the page of the place one is at, and whether this page and
//! the server decide with the same engine.

use serde::Deserialize;
use sycamore::futures::spawn_local;
use sycamore::prelude::*;

use crate::engine;
use crate::page::{self, PAGES, Page};
use crate::place::{self, Place};
use crate::server::session::{self, Session};
use crate::server::{Asked, changes};
use crate::text::{self, frame};
use crate::widget::focus;
use crate::widget::notice::{Weight, badge};

/// The engine of the server, as far as it is compared.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct ServerEngine {
    core_module_sha256: String,
}

/// Whether this page runs the server's engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sameness {
    Unknown,
    Same,
    Other,
}

/// The whole of what one sees.
pub(crate) fn frame() -> View {
    let session = session::begin();
    let live = changes::begin();
    let place = place::followed();
    // loaded at once, so that previews work when the network is gone
    spawn_local(async { drop(engine::engine().await) });
    let sameness = create_signal(Sameness::Unknown);
    create_effect(move || {
        if matches!(session.get_clone(), Session::In(_)) {
            spawn_local(changes::listen());
            spawn_local(async move { sameness.set(compared().await) });
        }
    });
    let is_first = create_signal(true);
    create_effect(move || {
        place.track();
        // at first nothing has the focus, and one begins at the beginning
        if !is_first.replace_silent(false) {
            focus::keep();
        }
    });
    let (menu, standing) = (menu(session, place), standing(session, live, sameness));
    let content = content(session, place);
    view! {
        a(class="skip", href="#main", on:click=skip) { (frame::SKIP) }
        header(class="top") {
            a(class="brand", href="#/") { (frame::BRAND) }
            (menu)
            (standing)
        }
        main(id="main", tabindex="-1") { (content) }
    }
}

/// Moves the focus to the page: the address is for places.
fn skip(event: web_sys::MouseEvent) {
    event.prevent_default();
    focus::main();
}

async fn compared() -> Sameness {
    let ours = engine::core_module_sha256().await;
    let theirs = Asked::get("/api/v1/engine").document::<ServerEngine>().await;
    match (ours, theirs) {
        (Ok(ours), Ok(theirs)) if ours == theirs.core_module_sha256 => Sameness::Same,
        (Ok(_), Ok(_)) => Sameness::Other,
        _ => Sameness::Unknown,
    }
}

fn menu(session: Signal<Session>, place: ReadSignal<Place>) -> View {
    let items = move || {
        let is_in = matches!(session.get_clone(), Session::In(_));
        let shown = PAGES.iter().filter(|page| (is_in && session::may(page.permission)) || page.is_open);
        shown.map(|page| item(page, place)).collect::<Vec<View>>()
    };
    view! { nav(aria-label=frame::MENU) { ul { (items()) } } }
}

fn item(page: &'static Page, place: ReadSignal<Place>) -> View {
    let address = format!("#/{}", page.word);
    let current = move || place.with(|place| (place.page == page.word).then_some("page"));
    view! { li { a(href=address, aria-current=current()) { (page.name) } } }
}

fn standing(session: Signal<Session>, live: ReadSignal<bool>, sameness: Signal<Sameness>) -> View {
    let shown = move || match session.get_clone() {
        Session::In(caller) => {
            let words = [("account", caller.account.as_str()), ("role", caller.role.as_str())];
            let who = text::with(frame::SIGNED_IN_AS, &words);
            view! {
                (of_engine(sameness.get()))
                (if live.get() { badge(Weight::Good, frame::LIVE) } else { badge(Weight::Warning, frame::NOT_LIVE) })
                span(class="who") { (who) }
                button(r#type="button", on:click=|_| session::end()) { (frame::SIGN_OUT) }
            }
        }
        _ => View::new(),
    };
    view! { div(class="standing") { (shown()) } }
}

fn of_engine(sameness: Sameness) -> View {
    let (weight, said) = match sameness {
        Sameness::Same => (Weight::Good, frame::SAME_ENGINE),
        Sameness::Other => (Weight::Bad, frame::OTHER_ENGINE),
        Sameness::Unknown => (Weight::Note, frame::UNKNOWN_ENGINE),
    };
    let engine = badge(weight, frame::ENGINE);
    view! { span(title=said) { (engine) span(class="hidden") { (said) } } }
}

fn content(session: Signal<Session>, place: ReadSignal<Place>) -> View {
    let shown = move || {
        let here = place.get_clone();
        let session = session.get_clone();
        let Some(page) = PAGES.iter().find(|page| page.word == here.page) else { return no_such_page() };
        titled(page.name);
        match session {
            Session::Looking => view! { p(role="status") { (frame::LOOKING) } },
            Session::Nobody if !page.is_open => page::sign_in(),
            _ => (page.show)(here),
        }
    };
    view! { (shown()) }
}

fn titled(name: &str) {
    if let Some(document) = web_sys::window().and_then(|window| window.document()) {
        document.set_title(&format!("{name} · {}", frame::BRAND));
    }
}

fn no_such_page() -> View {
    view! {
        h1 { (frame::NO_SUCH_PAGE) }
        p { a(href="#/") { (frame::TO_OVERVIEW) } }
    }
}
