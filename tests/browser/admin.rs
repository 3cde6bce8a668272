//! What the tests of administrators' pages share: somebody signed in, at a page.

use crate::browser::Browser;
use crate::place::Place::{Role, Text};
use crate::site::{PASSWORD, Site};

/// Signs somebody in, and goes to a place.
#[track_caller]
pub(crate) fn at(browser: &Browser, site: &Site, (who, place): (&str, &str)) {
    browser.open(&site.uri("/"));
    browser.type_into("Account", who);
    browser.type_into("Password", PASSWORD);
    browser.click(Role("button", "Sign in"));
    browser.wait_for(Text(who));
    go(browser, place);
}

/// Goes to a place, as a link would.
pub(crate) fn go(browser: &Browser, place: &str) {
    browser.script("location.hash = arguments[0]", &[place.into()]);
}
