//! Tokens: what programs and people sign in with. The secret of a new one is shown once, and kept nowhere.

use serde::Deserialize;
use serde_json::{Map, Value, json};
use sycamore::prelude::*;

use super::{Accounts, THINGS};
use crate::server::load::load;
use crate::server::{Asked, encoded};
use crate::text::{self, accounts};
use crate::widget::confirm::{Question, confirm};
use crate::widget::deed::{Deed, deed};
use crate::widget::loaded::loaded;
use crate::widget::notice::{Weight, badge};
use crate::widget::{field, table, time};

const DAY: i64 = 86_400;

/// The tokens.
#[derive(Clone, Debug, Deserialize, PartialEq)]
struct Tokens {
    items: Vec<Token>,
}

#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "kebab-case")]
struct Token {
    id: String,
    account: String,
    description: String,
    permissions: Option<Vec<String>>,
    expires_at: String,
    revoked_at: Option<String>,
    last_used_at: Option<String>,
}

/// A token that was just made.
#[derive(Deserialize)]
struct Issued {
    secret: String,
}

/// The part of the page.
pub(super) fn part() -> View {
    let (deed, asked) = (deed(), create_signal(None));
    let known = load(THINGS, || Asked::get("/api/v1/tokens").document());
    let shown = loaded(known, move |tokens: &Tokens| {
        let columns = [
            accounts::DESCRIPTION,
            accounts::ACCOUNT,
            accounts::STATE,
            accounts::MAY,
            accounts::EXPIRES,
            accounts::LAST_USED,
            accounts::ACTIONS,
        ];
        table::table(accounts::TOKENS, &columns, tokens.items.iter().map(|token| row(token, asked)).collect())
    });
    let secret = create_signal(None::<String>);
    let (said, new, question) = (deed.said(), new(deed, secret), confirm(asked, deed));
    let once = move || secret.get_clone().map_or_else(View::new, once);
    view! {
        (said)
        div(aria-live="polite") { (once()) }
        (shown)
        (new)
        (question)
    }
}

fn row(token: &Token, asked: Signal<Option<Question>>) -> View {
    let is_over = time::seconds(&token.expires_at).is_some_and(|end| end < time::now());
    let (weight, word) = match (&token.revoked_at, is_over) {
        (Some(_), _) => (Weight::Note, accounts::REVOKED),
        (None, true) => (Weight::Note, accounts::ENDED),
        (None, false) => (Weight::Good, accounts::VALID),
    };
    let may =
        token.permissions.as_ref().map_or_else(|| accounts::MAY_ALL.to_owned(), |known| known.join(", "));
    let action = if weight == Weight::Good { revoke(token, asked) } else { View::new() };
    let name = if token.description.is_empty() { &token.id } else { &token.description };
    table::row(vec![
        table::row_head(table::text(Some(name))),
        table::cell(table::text(Some(&token.account))),
        table::cell(badge(weight, word)),
        table::cell(may),
        table::cell(table::moment(Some(&token.expires_at))),
        table::cell(table::moment(token.last_used_at.as_deref())),
        table::cell(action),
    ])
}

fn revoke(token: &Token, asked: Signal<Option<Question>>) -> View {
    let (id, name) = (token.id.clone(), format!("{} {}", token.description, token.id));
    let label = text::with(accounts::REVOKE_OF, &[("name", &name)]);
    let ask = move |_: web_sys::MouseEvent| {
        let path = format!("/api/v1/tokens/{}", encoded(&id));
        let (said, done) = (accounts::REVOKE_ASKED, accounts::REVOKED_NOW);
        let [said, done] = [said, done].map(|sentence| text::with(sentence, &[("name", &name)]));
        asked.set(Some(Question::new(accounts::REVOKE, said, move |deed| {
            let done = done.clone();
            deed.start(THINGS, Asked::write("DELETE", path.clone()).document::<Value>(), move |_| done);
        })));
    };
    view! { button(r#type="button", class="dangerous", aria-label=label, on:click=ask) { (accounts::REVOKE) } }
}

/// The form of a new one.
fn new(deed: Deed, secret: Signal<Option<String>>) -> View {
    let words = |text: &str| create_signal(text.to_owned());
    let (account, description, days, scope) = (words(""), words(""), words("90"), words(""));
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let days: i64 = days.get_clone().parse().unwrap_or(1);
        let end = time::written(time::now().saturating_add(DAY.saturating_mul(days)));
        let mut token = Map::new();
        token.insert("account".to_owned(), json!(account.get_clone()));
        token.insert("description".to_owned(), json!(description.get_clone()));
        token.insert("expires-at".to_owned(), json!(end));
        let scope: Vec<String> = scope.get_clone().split_whitespace().map(str::to_owned).collect();
        if !scope.is_empty() {
            token.insert("permissions".to_owned(), json!(scope));
        }
        let asked = Asked::write("POST", "/api/v1/tokens").json(&Value::Object(token));
        deed.start(THINGS, asked.document::<Issued>(), move |issued| {
            secret.set(Some(issued.secret));
            accounts::TOKEN_MADE.to_owned()
        });
    };
    let known = load(THINGS, || Asked::get("/api/v1/accounts?limit=500").document());
    let of = loaded(known, move |known: &Accounts| {
        let names: Vec<String> = known.items.iter().map(|account| account.name.clone()).collect();
        if !names.iter().any(|name| account.with_untracked(|chosen| chosen == name)) {
            account.set(names.first().cloned().unwrap_or_default());
        }
        let names = names.into_iter().map(|name| (name.clone(), name)).collect();
        field::choice(accounts::OF_ACCOUNT, account, names)
    });
    let spans = accounts::SPANS.map(|(word, said)| (word.to_owned(), said.to_owned())).to_vec();
    let (description, scope) =
        (field::line(accounts::DESCRIPTION, description), field::line(accounts::SCOPE, scope));
    let days = field::choice(accounts::HOLDS, days, spans);
    view! {
        form(class="card", on:submit=submit) {
            h2 { (accounts::NEW_TOKEN) }
            (of)
            (description)
            (days)
            (scope)
            div(class="buttons") {
                button(r#type="submit", class="primary", disabled=deed.is_busy()) { (accounts::MAKE_TOKEN) }
            }
        }
    }
}

/// The secret, this once.
fn once(secret: String) -> View {
    let is_copied = create_signal(false);
    let copied = secret.clone();
    let copy = move |_: web_sys::MouseEvent| {
        if let Some(window) = web_sys::window() {
            let _promise = window.navigator().clipboard().write_text(&copied);
            is_copied.set(true);
        }
    };
    let word = move || if is_copied.get() { accounts::COPIED } else { accounts::COPY };
    view! {
        section(class="card") {
            h2 { (accounts::SECRET) }
            p { (accounts::SECRET_MEANS) }
            code(class="secret") { (secret) }
            div(class="buttons") { button(r#type="button", on:click=copy) { (word()) } }
        }
    }
}
