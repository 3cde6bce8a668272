//! The stream of what has changed: what cannot be read is told on the console, and everything is asked for again.

use serde_json::json;

use crate::browser::Browser;
use crate::certificates::signed_in;
use crate::place::Place::{Role, Text};
use crate::site::{Site, TRUST_ADMIN};

/// Gives the page a stream that the test writes, and counts how often the list of certificates is asked for.
const STREAM: &str = "globalThis.lists = 0; const ask = window.fetch;
    window.fetch = (path, ...rest) => {
      if (String(path).startsWith('/api/v1/certificates?')) globalThis.lists += 1;
      if (path !== '/api/v1/events') return ask(path, ...rest);
      const body = new ReadableStream({ start(stream) {
        globalThis.tell = text => stream.enqueue(new TextEncoder().encode(text));
      } });
      return Promise.resolve(new Response(body, { headers: { 'content-type': 'text/event-stream' } }));
    };";

#[test]
fn an_event_that_cannot_be_read_is_told_and_everything_is_asked_for_again() {
    let Some(browser) = Browser::start() else { return };
    let site = Site::start();
    browser.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": STREAM }));
    signed_in(&browser, &site, TRUST_ADMIN, "/#/certificates");
    browser.wait_for(Role("link", "Ending Root"));
    browser.wait_for(Text("Live"));
    let lists = || browser.script("return globalThis.lists", &[]).as_u64().unwrap();
    let before = lists();
    // what says hello or nothing at all changes nothing
    browser.script("globalThis.tell('event: hello\\ndata: {\"version\":1}\\n\\n: still here\\n\\n')", &[]);
    browser
        .script("globalThis.tell('event: changed\\ndata: {\"what\":\"alarms\",\"version\":1}\\n\\n')", &[]);
    assert_eq!(lists(), before);
    browser.script("globalThis.tell('event: changed\\ndata: not to be read\\n\\n')", &[]);
    browser.wait_until(&format!("globalThis.lists > {before}"));
    let said = browser.console();
    assert!(
        said.iter().any(|message| message.text.contains("an event of the server cannot be read")),
        "{said:?}"
    );
    browser.wait_for(Role("link", "Ending Root"));
}
