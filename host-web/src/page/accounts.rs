//! Accounts: who may do what; and their tokens.

mod change;
mod tokens;

use serde::Deserialize;
use serde_json::{Value, json};
use sycamore::prelude::*;

use crate::place::Place;
use crate::server::load::load;
use crate::server::{Answer, Asked, encoded};
use crate::text::{self, accounts};
use crate::widget::confirm::{Question, confirm};
use crate::widget::deed::{Deed, deed};
use crate::widget::loaded::loaded;
use crate::widget::notice::{Weight, badge};
use crate::widget::table;
use crate::widget::tabs::{Tab, tabs};

/// What is asked for again when something was changed here.
const THINGS: &[&str] = &["accounts"];

/// The accounts.
#[derive(Clone, Debug, Deserialize, PartialEq)]
struct Accounts {
    items: Vec<Account>,
}

#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "kebab-case")]
struct Account {
    name: String,
    role: String,
    disabled: bool,
    has_password: bool,
    created_at: String,
    created_by: String,
}

/// The page.
pub(crate) fn page(place: Place) -> View {
    let of_tokens = place.rest.first().is_some_and(|part| part == "tokens");
    let parts = tabs(
        accounts::PARTS,
        vec![
            Tab { address: "#/accounts", name: accounts::NAME, is_current: !of_tokens },
            Tab { address: "#/accounts/tokens", name: accounts::TOKENS, is_current: of_tokens },
        ],
    );
    let shown = if of_tokens { tokens::part() } else { list() };
    view! {
        h1 { (accounts::NAME) }
        (parts)
        (shown)
    }
}

/// What the rows of the list can set going.
#[derive(Clone, Copy)]
struct Doing {
    deed: Deed,
    asked: Signal<Option<Question>>,
    changed: Signal<Option<(String, String)>>,
}

fn list() -> View {
    let doing = Doing { deed: deed(), asked: create_signal(None), changed: create_signal(None) };
    let known = load(THINGS, || Asked::get("/api/v1/accounts?limit=500").document());
    let shown = loaded(known, move |accounts: &Accounts| {
        let columns = [
            accounts::ACCOUNT,
            accounts::ROLE,
            accounts::STATE,
            accounts::MADE,
            accounts::MADE_BY,
            accounts::ACTIONS,
        ];
        table::table(accounts::NAME, &columns, accounts.items.iter().map(|one| row(one, doing)).collect())
    });
    let (said, new) = (doing.deed.said(), change::new(doing.deed));
    let (question, changing) =
        (confirm(doing.asked, doing.deed), change::dialog_of(doing.changed, doing.deed));
    view! {
        (said)
        (shown)
        (new)
        (question)
        (changing)
    }
}

fn row(account: &Account, doing: Doing) -> View {
    let (weight, word) = match (account.disabled, account.has_password) {
        (true, _) => (Weight::Warning, accounts::DISABLED),
        (false, true) => (Weight::Good, accounts::ENABLED),
        (false, false) => (Weight::Note, accounts::TOKENS_ONLY),
    };
    table::row(vec![
        table::row_head(table::text(Some(&account.name))),
        table::cell(table::text(Some(&account.role))),
        table::cell(badge(weight, word)),
        table::cell(table::moment(Some(&account.created_at))),
        table::cell(table::text(Some(&account.created_by))),
        table::cell(actions(account, doing)),
    ])
}

fn actions(account: &Account, doing: Doing) -> View {
    let named = |sentence: &str| text::with(sentence, &[("name", &account.name)]);
    let change_label = named(accounts::CHANGE_OF);
    let who = (account.name.clone(), account.role.clone());
    let change = move |_: web_sys::MouseEvent| doing.changed.set(Some(who.clone()));
    let turned = if account.disabled { enable(account, doing) } else { disable(account, doing) };
    view! {
        div(class="actions") {
            button(r#type="button", aria-label=change_label, on:click=change) { (accounts::CHANGE) }
            (turned)
        }
    }
}

fn disable(account: &Account, doing: Doing) -> View {
    let name = account.name.clone();
    let label = text::with(accounts::DISABLE_OF, &[("name", &name)]);
    let ask = move |_: web_sys::MouseEvent| {
        let (name, path) = (name.clone(), path(&name));
        let said = text::with(accounts::DISABLE_ASKED, &[("name", &name)]);
        doing.asked.set(Some(Question::new(accounts::DISABLE, said, move |deed| {
            let done = text::with(accounts::DISABLED_NOW, &[("name", &name)]);
            deed.start(THINGS, changed(path.clone(), json!({ "disabled": true })), move |_| done);
        })));
    };
    view! { button(r#type="button", class="dangerous", aria-label=label, on:click=ask) { (accounts::DISABLE) } }
}

fn enable(account: &Account, doing: Doing) -> View {
    let name = account.name.clone();
    let label = text::with(accounts::ENABLE_OF, &[("name", &name)]);
    let enable = move |_: web_sys::MouseEvent| {
        let done = text::with(accounts::ENABLED_NOW, &[("name", &name)]);
        let asking = changed(path(&name), json!({ "disabled": false }));
        doing.deed.start(THINGS, asking, move |_| done);
    };
    view! { button(r#type="button", aria-label=label, on:click=enable) { (accounts::ENABLE) } }
}

/// Changes an account as it is now: an account is changed only by whoever names the version seen.
async fn changed(path: String, change: Value) -> Answer<Account> {
    let (_, version) = Asked::get(path.clone()).versioned::<Account>().await?;
    Asked::write("PATCH", path).json(&change).if_match(version.as_deref()).document().await
}

fn path(name: &str) -> String {
    format!("/api/v1/accounts/{}", encoded(name))
}
