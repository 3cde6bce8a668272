//! Accounts and tokens: made, changed, disabled, revoked.

use crate::admin::{at, go};
use crate::axe::accessible;
use crate::browser::Browser;
use crate::console::clean;
use crate::place::Place::{Css, Role, Text};
use crate::site::{PASSWORD, Site, TRUST_ADMIN};

#[test]
fn an_account_is_made_changed_and_disabled() {
    let Some(browser) = Browser::start() else { return };
    let site = Site::start();
    at(&browser, &site, (TRUST_ADMIN, "#/accounts"));
    browser.type_into("Name", "zoe");
    browser.type_into("Password (at least 12 characters; empty: tokens only)", PASSWORD);
    browser.click(Role("button", "Make the account"));
    browser.wait_for(Text("The account zoe is made"));
    browser.click(Role("button", "Change zoe"));
    browser.fill(Css("dialog input[type=password]"), "another long password");
    accessible(&browser);
    browser.click(Css("dialog .primary"));
    browser.wait_for(Text("zoe is changed"));
    browser.click(Role("button", "Disable zoe"));
    browser.wait_for(Text("Neither its password nor its tokens work"));
    // nothing happens before it is said
    browser.press("Escape");
    browser.wait_until_gone(Text("Neither its password nor its tokens work"));
    browser.click(Role("button", "Disable zoe"));
    browser.click(Css("dialog button.dangerous"));
    browser.wait_for(Text("zoe is disabled"));
    browser.wait_for(Role("button", "Enable zoe"));
    clean(&browser);
    accessible(&browser);
    browser.screenshot("accounts");
}

#[test]
fn the_secret_of_a_token_is_shown_once() {
    let Some(browser) = Browser::start() else { return };
    let site = Site::start();
    at(&browser, &site, (TRUST_ADMIN, "#/accounts/tokens"));
    browser.choose("For the account", "viewer");
    browser.type_into("What it is for", "dashboard");
    browser.click(Role("button", "Make the token"));
    browser.wait_for(Role("heading", "The token, shown this once"));
    let secret = browser.text(Css("code.secret"));
    assert!(secret.starts_with("assayer_"), "{secret}");
    accessible(&browser);
    go(&browser, "#/accounts");
    browser.wait_for(Role("button", "Disable viewer"));
    go(&browser, "#/accounts/tokens");
    browser.wait_for(Text("dashboard"));
    assert!(!browser.shows(Css("code.secret")));
    clean(&browser);
    accessible(&browser);
    browser.screenshot("tokens");
}
