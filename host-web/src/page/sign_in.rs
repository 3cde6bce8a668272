//! Signing in: a name and a password, or a token that somebody has.

use sycamore::futures::spawn_local_scoped;
use sycamore::prelude::*;

use crate::server::{Failure, session};
use crate::text::frame;
use crate::widget::{field, notice};

/// What the form holds.
#[derive(Clone, Copy)]
struct Form {
    account: Signal<String>,
    /// The password or, where `by_token`, the token.
    secret: Signal<String>,
    by_token: Signal<bool>,
    is_busy: Signal<bool>,
    failed: Signal<Option<Failure>>,
}

/// The form.
pub(crate) fn sign_in() -> View {
    let form = Form {
        account: create_signal(String::new()),
        secret: create_signal(String::new()),
        by_token: create_signal(false),
        is_busy: create_signal(false),
        failed: create_signal(None),
    };
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if !form.is_busy.get() {
            form.is_busy.set(true);
            spawn_local_scoped(submitted(form));
        }
    };
    let said = move || form.failed.with(|failed| failed.as_ref().map_or_else(View::new, notice::failure));
    let fields = move || if form.by_token.get() { token_field(form) } else { password_fields(form) };
    let other = move || if form.by_token.get() { frame::BY_PASSWORD } else { frame::BY_TOKEN };
    let turn = move |_| form.by_token.set(!form.by_token.get());
    view! {
        div(class="sign-in") {
            h1 { (frame::BRAND) }
            p { (frame::SIGN_IN_INTRODUCTION) }
            (said())
            form(on:submit=submit) {
                (fields())
                button(r#type="submit", class="primary", disabled=form.is_busy.get()) { (frame::SIGN_IN) }
            }
            p(class="aside") { button(r#type="button", class="link", on:click=turn) { (other()) } }
        }
    }
}

async fn submitted(form: Form) {
    let secret = form.secret.get_clone_untracked();
    let signed_in = if form.by_token.get_untracked() {
        session::take(&secret).await
    } else {
        session::sign_in(&form.account.get_clone_untracked(), &secret).await
    };
    // whoever is signed in sees another page by now, and the form is no more
    if !form.is_busy.is_alive() {
        return;
    }
    batch(|| {
        form.is_busy.set(false);
        form.secret.set(String::new());
        form.failed.set(signed_in.err());
    });
}

fn password_fields(form: Form) -> View {
    let (account_id, password_id) = (field::identifier(), field::identifier());
    let (account_field, password_field) = (account_id.clone(), password_id.clone());
    view! {
        div(class="field") {
            label(r#for=account_id) { (frame::ACCOUNT) }
            input(id=account_field, name="account", autocomplete="username", autocapitalize="none",
                required=true, bind:value=form.account)
        }
        div(class="field") {
            label(r#for=password_id) { (frame::PASSWORD) }
            input(id=password_field, name="password", r#type="password", autocomplete="current-password",
                required=true, bind:value=form.secret)
        }
    }
}

fn token_field(form: Form) -> View {
    let id = field::identifier();
    let field = id.clone();
    view! {
        div(class="field") {
            label(r#for=id) { (frame::TOKEN) }
            input(id=field, name="token", r#type="password", autocomplete="off", required=true,
                bind:value=form.secret)
        }
    }
}
