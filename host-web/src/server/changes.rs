//! What has changed on the server since: one stream of events for the whole page, one counter for each thing that pages
//! show.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use js_sys::{Reflect, Uint8Array};
use serde::Deserialize;
use sycamore::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::ReadableStreamDefaultReader;

use super::{Answer, Asked, Failure, session};

/// How long to wait before asking again where the stream ended, in milliseconds: at first, and at most.
const PAUSES: (i32, i32) = (1_000, 60_000);
/// The thing that stands for all.
const EVERYTHING: &str = "everything";

thread_local! {
    static COUNTERS: RefCell<BTreeMap<&'static str, Signal<u32>>> = const { RefCell::new(BTreeMap::new()) };
    /// The last event that was heard: the next stream goes on from there.
    static LAST: RefCell<Option<String>> = const { RefCell::new(None) };
    static LIVE: Cell<Option<Signal<bool>>> = const { Cell::new(None) };
}

/// Things that change, in the words of the stream.
pub(crate) const THINGS: [&str; 13] = [
    "certificates",
    "requests",
    "policy",
    "candidate",
    "nodes",
    "cluster",
    "accounts",
    "alarms",
    "monitor",
    "checks",
    "lists",
    "audit",
    "connections",
];

/// Makes the counters; the frame does, once.
pub(crate) fn begin() -> ReadSignal<bool> {
    let live = create_signal(false);
    LIVE.set(Some(live));
    COUNTERS.with_borrow_mut(|counters| {
        for thing in THINGS {
            counters.insert(thing, create_signal(0));
        }
    });
    *live
}

/// Makes whoever reads this run again when one of these things changes.
pub(crate) fn follow(things: &[&str]) {
    COUNTERS.with_borrow(|counters| {
        for counter in things.iter().filter_map(|thing| counters.get(thing)) {
            counter.track();
        }
    });
}

/// This thing has changed.
pub(crate) fn changed(thing: &str) {
    let concerned: Vec<Signal<u32>> = COUNTERS.with_borrow(|counters| {
        let named = counters.iter().filter(|(known, _)| **known == thing || thing == EVERYTHING);
        named.map(|(_, counter)| *counter).collect()
    });
    // one by one: what is heard belongs to no part of the page, in which alone signals can be set together
    for counter in concerned {
        counter.set(counter.get_untracked().wrapping_add(1));
    }
}

/// Follows the stream for as long as somebody is signed in; asks again when it ends, ever more seldom.
pub(crate) async fn listen() {
    let (mut pause, longest) = PAUSES;
    while session::token().is_some() {
        if stream().await.is_ok() {
            pause = PAUSES.0;
        }
        set_live(false);
        wait(pause).await;
        pause = pause.saturating_mul(2).min(longest);
    }
}

async fn stream() -> Answer<()> {
    let asked = Asked::get("/api/v1/events").after(LAST.with_borrow(Clone::clone));
    let response = asked.send_accepting("text/event-stream").await?;
    let body = response.body().ok_or(Failure::Unreachable)?;
    let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
    set_live(true);
    let mut rest = String::new();
    loop {
        let part = JsFuture::from(reader.read()).await.map_err(|_| Failure::Unreachable)?;

        let get = |name: &str| Reflect::get(&part, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED);
        if get("done").is_truthy() {
            return Ok(());
        }
        let octets = get("value").unchecked_into::<Uint8Array>().to_vec();
        rest.push_str(&String::from_utf8_lossy(&octets));
        while let Some((event, after)) = rest.split_once("\n\n") {
            heard(event);
            rest = after.to_owned();
        }
    }
}

/// One event: what it says has changed.
fn heard(event: &str) {
    #[derive(Deserialize)]
    struct Changed {
        what: String,
    }
    if let Some(id) = event.lines().find_map(|line| line.strip_prefix("id:")) {
        LAST.set(Some(id.trim().to_owned()));
    }
    if !event.lines().any(|line| line.strip_prefix("event:").is_some_and(|kind| kind.trim() == "changed")) {
        return;
    }
    let data: String = event.lines().filter_map(|line| line.strip_prefix("data:")).collect();
    match serde_json::from_str(data.trim()) {
        Ok(Changed { what }) => changed(&what),
        // something has changed, and nobody can say what: whatever is shown is asked for again
        Err(error) => {
            web_sys::console::warn_2(
                &"an event of the server cannot be read:".into(),
                &error.to_string().into(),
            );
            changed(EVERYTHING);
        }
    }
}

fn set_live(is_live: bool) {
    if let Some(live) = LIVE.get()
        && live.get_untracked() != is_live
    {
        live.set(is_live);
    }
}

/// Waits for so many milliseconds.
pub(crate) async fn wait(milliseconds: i32) {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        if let Some(window) = web_sys::window() {
            let _timer = window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds);
        }
    });
    let _waited = JsFuture::from(promise).await;
}
