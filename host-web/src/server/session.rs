//! Who is signed in: a token, kept for this tab and no longer, and what it allows.

use std::cell::Cell;

use serde::{Deserialize, Serialize};
use sycamore::prelude::*;

use super::{Answer, Asked};

/// The token's name in the tab's storage.
const TOKEN: &str = "assayer-token";

/// Who is calling, and what they may do.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub(crate) struct Caller {
    /// The account.
    pub(crate) account: String,
    /// Its role.
    pub(crate) role: String,
    /// What the token allows, in the words of the API.
    pub(crate) permissions: Vec<String>,
}

/// Where a visit stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Session {
    /// The token at hand is being looked at.
    Looking,
    /// Nobody is signed in.
    Nobody,
    /// This one is.
    In(Caller),
}

thread_local! {
    static SESSION: Cell<Option<Signal<Session>>> = const { Cell::new(None) };
}

/// Where this visit stands; made by the frame, once.
pub(crate) fn begin() -> Signal<Session> {
    let session = create_signal(Session::Looking);
    SESSION.set(Some(session));
    sycamore::futures::spawn_local(async move { session.set(look().await) });
    session
}

async fn look() -> Session {
    if token().is_none() {
        return Session::Nobody;
    }
    Asked::get("/api/v1/caller").document().await.map_or(Session::Nobody, Session::In)
}

/// Whether the caller may do what this permission is for.
pub(crate) fn may(permission: &str) -> bool {
    SESSION.get().is_some_and(|session| {
        session.with(|session| {
            matches!(session, Session::In(caller) if caller.permissions.iter().any(|known| known == permission))
        })
    })
}

/// The token at hand.
pub(crate) fn token() -> Option<String> {
    storage().and_then(|storage| storage.get_item(TOKEN).ok().flatten())
}

/// Signs in.
///
/// # Errors
/// [`super::Failure`] when name or password are not right, or the server cannot be had.
pub(crate) async fn sign_in(account: &str, password: &str) -> Answer<()> {
    #[derive(Serialize)]
    struct SignIn<'a> {
        account: &'a str,
        password: &'a str,
    }
    #[derive(Deserialize)]
    struct Issued {
        secret: String,
    }
    let asked = Asked::write("POST", "/api/v1/sign-in").json(&SignIn { account, password });
    let issued: Issued = asked.document().await?;
    take(&issued.secret).await
}

/// Takes a token that somebody has, such as the one that a server's first start prints.
///
/// # Errors
/// [`super::Failure`] when it is not good, or the server cannot be had.
pub(crate) async fn take(token: &str) -> Answer<()> {
    if let Some(storage) = storage() {
        let _kept = storage.set_item(TOKEN, token.trim());
    }
    let caller = Asked::get("/api/v1/caller").document().await;
    if caller.is_err() {
        end();
    }
    let caller = caller?;
    if let Some(session) = SESSION.get() {
        session.set(Session::In(caller));
    }
    Ok(())
}

/// Forgets the token: it ended, or its owner leaves.
pub(crate) fn end() {
    if let Some(storage) = storage() {
        let _gone = storage.remove_item(TOKEN);
    }
    if let Some(session) = SESSION.get()
        && session.get_clone_untracked() != Session::Nobody
    {
        session.set(Session::Nobody);
    }
}

fn storage() -> Option<web_sys::Storage> {
    web_sys::window().and_then(|window| window.session_storage().ok().flatten())
}
