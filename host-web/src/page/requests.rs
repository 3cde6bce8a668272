//! Requests that wait for their certificates, and new ones (R-CSR-5).

use sycamore::futures::spawn_local_scoped;
use sycamore::prelude::*;

use super::issue::{self, Kind};
use crate::document::offer::{Pending, Request};
use crate::place::Place;
use crate::server::load::load;
use crate::server::{Asked, Failure, changes, encoded, session};
use crate::text::{self, common, requests};
use crate::widget::loaded::loaded;
use crate::widget::notice::{self, Weight};
use crate::widget::{dialog, made};

/// The page.
pub(crate) fn page(_: Place) -> View {
    let dropped = create_signal(None::<Request>);
    let pending = load(&["requests"], || Asked::get("/api/v1/requests").document::<Pending>());
    let pending = loaded(pending, move |pending: &Pending| {
        if pending.items.is_empty() {
            return view! { p { (requests::NONE_PENDING) } };
        }
        let items: Vec<View> = pending.items.iter().map(|request| waiting(request, dropped)).collect();
        items.into()
    });
    let (dialog, form) = (dialog(dropped), issue::form(Kind::Request));
    view! {
        h1 { (requests::NAME) }
        h2 { (requests::PENDING) }
        (pending)
        h2 { (requests::NEW) }
        p(class="aside") { (requests::NEW_SAID) }
        (form)
        (dialog)
    }
}

fn said(sentence: &str, request: &Request) -> String {
    let node = issue::node_said(request.node.as_deref());
    text::with(sentence, &[("purpose", &request.purpose), ("node", &node)])
}

fn waiting(request: &Request, dropped: Signal<Option<Request>>) -> View {
    let heading = said(requests::REQUEST_FOR, request);
    let name = format!("{}-{}.csr", request.purpose, request.node.as_deref().unwrap_or("ms"));
    let (pem, key) = (made::pem(&heading, &request.pem, create_signal(name)), request.key.clone());
    let drop = session::may("identities.manage").then(|| {
        let (target, label) = (request.clone(), said(requests::DROP_THIS, request));
        let ask = move |_| dropped.set(Some(target.clone()));
        view! {
            button(r#type="button", class="dangerous", aria-label=label, on:click=ask) { (requests::DROP) }
        }
    });
    view! {
        section(class="card") {
            h3 { (heading) }
            dl(class="values") { dt { (requests::KEY) } dd(class="mono") { (key) } }
            details {
                summary { (requests::PEM) }
                (pem)
            }
            div(class="buttons") { (drop) }
        }
    }
}

/// The question whether a request is to be dropped.
fn dialog(dropped: Signal<Option<Request>>) -> View {
    let (is_open, failed) = (create_signal(false), create_signal(None::<Failure>));
    let is_dropping = create_signal(false);
    create_effect(move || {
        if dropped.with(Option::is_some) {
            failed.set(None);
            is_open.set(true);
        }
    });
    create_effect(move || {
        if !is_open.get() && dropped.with_untracked(Option::is_some) {
            dropped.set(None);
        }
    });
    let title =
        move || dropped.get_clone().map(|request| said(requests::DROP_THIS, &request)).unwrap_or_default();
    let act = move |_| {
        let Some(request) = dropped.get_clone_untracked() else { return };
        if is_dropping.replace(true) {
            return;
        }
        let node = request.node.iter().map(|node| format!("?node={}", encoded(node))).collect::<String>();
        let asked = Asked::write("DELETE", format!("/api/v1/requests/{}{node}", encoded(&request.purpose)));
        spawn_local_scoped(async move {
            let answer = asked.document::<serde_json::Value>().await;
            is_dropping.set(false);
            match answer {
                Ok(_) => {
                    changes::changed("requests");
                    is_open.set(false);
                }
                Err(failure) => failed.set(Some(failure)),
            }
        });
    };
    dialog::dialog(is_open, view! { (title()) }, move || {
        let warning = notice::notice(Weight::Warning, requests::DROP_SAID, View::new());
        let failure = move || failed.get_clone().map(|failure| notice::failure(&failure));
        let cancel = move |_| is_open.set(false);
        view! {
            (warning)
            (failure())
            div(class="buttons") {
                button(r#type="button", class="dangerous", disabled=is_dropping.get(), on:click=act) { (requests::DROP) }
                button(r#type="button", on:click=cancel) { (common::CANCEL) }
            }
        }
    })
}
