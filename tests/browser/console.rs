//! What a browser's console says: nothing of consequence, where a page is in order.

use std::fmt;

use serde_json::{Value, json};

use crate::browser::Browser;

/// How bad a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    Error,
    Warning,
}

/// One message.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    pub(crate) level: Level,
    /// Who says it: `javascript` for uncaught errors and rejections, `security` for violations of the content security
    /// policy, `network` for what could not be loaded, `console-api` for what scripts write, `deprecation`, …
    pub(crate) source: String,
    pub(crate) text: String,
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} ({}): {}", self.level, self.source, self.text)
    }
}

/// Says on the console which directive was violated by what, in words that do not depend on the release of Chromium.
/// DevTools put it into every document before its own scripts, and no policy of the page keeps it out.
const VIOLATIONS: &str = "document.addEventListener('securitypolicyviolation', event => console.error(
    `violation of ${event.effectiveDirective} (${event.disposition}) by ${event.blockedURI || 'inline'} \
at ${event.sourceFile}:${event.lineNumber} ${event.sample}`));";

/// Listens in every document that is opened from now on.
pub(crate) fn listen(browser: &Browser) {
    browser.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": VIOLATIONS }));
}

impl Browser {
    /// Warnings and worse since the start or the last [`Browser::forget`], oldest first.
    pub(crate) fn console(&self) -> Vec<Message> {
        let new = self.session.ask("POST", "/se/log", &json!({ "type": "browser" }));
        let new = new.unwrap_or_else(|failure| panic!("{failure}"));
        let mut said = self.said.borrow_mut();
        said.extend(new.as_array().into_iter().flatten().filter_map(message));
        said.clone()
    }

    /// Forgets what the console has said so far: for what a test provokes, after it has looked at it.
    pub(crate) fn forget(&self) {
        self.console();
        self.said.borrow_mut().clear();
    }
}

fn message(entry: &Value) -> Option<Message> {
    let text = |name: &str| entry[name].as_str().unwrap_or_default().to_owned();
    let level = match entry["level"].as_str()? {
        "SEVERE" => Level::Error,
        "WARNING" => Level::Warning,
        _ => return None,
    };
    Some(Message { level, source: text("source"), text: text("message") })
}

/// Fails where the console has an error, an uncaught exception or a violation of the content security policy.
#[track_caller]
pub(crate) fn clean(browser: &Browser) {
    clean_but_for(browser, &[]);
}

/// The same, but for errors with one of these texts: an answer of 401 that a test asks for is an error to Chromium. Each of
/// them must have been said, so that none is let through that is not expected any more.
#[track_caller]
pub(crate) fn clean_but_for(browser: &Browser, expected: &[&str]) {
    let errors: Vec<Message> =
        browser.console().into_iter().filter(|message| message.level == Level::Error).collect();
    let is_expected = |message: &Message| expected.iter().any(|text| message.text.contains(text));
    let others: Vec<String> =
        errors.iter().filter(|message| !is_expected(message)).map(ToString::to_string).collect();
    assert!(others.is_empty(), "at {} the console says:\n{}", browser.address(), others.join("\n"));
    for text in expected {
        let said = errors.iter().any(|message| message.text.contains(text));
        assert!(said, "the console never said {text:?}");
    }
}
