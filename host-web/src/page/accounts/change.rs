//! Making an account, and changing the role or the password of one.

use serde_json::{Map, Value, json};
use sycamore::prelude::*;

use super::{Account, THINGS, path};
use crate::server::Asked;
use crate::text::{self, accounts, common};
use crate::widget::deed::Deed;
use crate::widget::dialog::dialog;
use crate::widget::field;

fn roles() -> Vec<(String, String)> {
    accounts::ROLES.map(|(word, said)| (word.to_owned(), said.to_owned())).to_vec()
}

fn password(label: &'static str, value: Signal<String>) -> View {
    let id = field::identifier();
    let other = id.clone();
    view! {
        div(class="field") {
            label(r#for=id) { (label) }
            input(id=other, r#type="password", autocomplete="new-password", minlength="12", bind:value=value)
        }
    }
}

/// The form of a new one.
pub(super) fn new(deed: Deed) -> View {
    let words = |text: &str| create_signal(text.to_owned());
    let (name, role, secret) = (words(""), words("viewer"), words(""));
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let mut account = Map::new();
        account.insert("name".to_owned(), json!(name.get_clone()));
        account.insert("role".to_owned(), json!(role.get_clone()));
        if !secret.with(String::is_empty) {
            account.insert("password".to_owned(), json!(secret.get_clone()));
        }
        let asked = Asked::write("POST", "/api/v1/accounts").json(&Value::Object(account));
        deed.start(THINGS, asked.document::<Account>(), move |account| {
            name.set(String::new());
            secret.set(String::new());
            text::with(accounts::MADE_NOW, &[("name", &account.name)])
        });
    };
    let (name, role) = (field::line(accounts::NEW_NAME, name), field::choice(accounts::ROLE, role, roles()));
    let secret = password(accounts::PASSWORD, secret);
    view! {
        form(class="card", on:submit=submit) {
            h2 { (accounts::NEW) }
            (name)
            (role)
            (secret)
            div(class="buttons") {
                button(r#type="submit", class="primary", disabled=deed.is_busy()) { (accounts::MAKE) }
            }
        }
    }
}

/// The dialog that changes one: its name and its role.
pub(super) fn dialog_of(changed: Signal<Option<(String, String)>>, deed: Deed) -> View {
    let is_open = create_signal(false);
    create_effect(move || is_open.set(changed.with(Option::is_some)));
    create_effect(move || {
        if !is_open.get() && changed.with_untracked(Option::is_some) {
            changed.set(None);
        }
    });
    let title = move || {
        let name = changed.get_clone().map(|(name, _)| name).unwrap_or_default();
        text::with(accounts::CHANGE_OF, &[("name", &name)])
    };
    let title = view! { (title()) };
    dialog(is_open, title, move || {
        changed.get_clone_untracked().map_or_else(View::new, |who| body(who, changed, deed))
    })
}

fn body((name, was): (String, String), changed: Signal<Option<(String, String)>>, deed: Deed) -> View {
    let (role, secret) = (create_signal(was.clone()), create_signal(String::new()));
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let mut change = Map::new();
        if role.with(|role| *role != was) {
            change.insert("role".to_owned(), json!(role.get_clone()));
        }
        if !secret.with(String::is_empty) {
            change.insert("password".to_owned(), json!(secret.get_clone()));
        }
        deed.start(THINGS, super::changed(path(&name), Value::Object(change)), |account| {
            text::with(accounts::CHANGED, &[("name", &account.name)])
        });
        changed.set(None);
    };
    let cancel = move |_: web_sys::MouseEvent| changed.set(None);
    let (role, secret) =
        (field::choice(accounts::ROLE, role, roles()), password(accounts::NEW_PASSWORD, secret));
    view! {
        form(on:submit=submit) {
            (role)
            (secret)
            div(class="buttons") {
                button(r#type="submit", class="primary") { (accounts::SAVE) }
                button(r#type="button", on:click=cancel) { (common::CANCEL) }
            }
        }
    }
}
