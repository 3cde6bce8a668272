//! Asking for a decision, and the whole of why.

use crate::admin::{at, go};
use crate::axe::accessible;
use crate::browser::Browser;
use crate::console::clean;
use crate::managed::pem;
use crate::place::Place::{Label, Role, Text};
use crate::site::{OPERATOR, Site};

const CERTIFICATE: &str = "Certificate (PEM, or base64; further ones help to build a path)";

#[test]
fn a_certificate_is_judged_with_the_whole_of_why() {
    let Some(browser) = Browser::start() else { return };
    let site = Site::start();
    at(&browser, &site, (OPERATOR, "#/decisions"));
    browser.wait_for(Label("Trust store"));
    // what is in the store is trusted, what is not is not
    browser.type_into(CERTIFICATE, &pem(&[&site.issuing]));
    browser.click(Role("button", "Decide"));
    browser.wait_for(Role("heading", "The decision and why"));
    browser.wait_for(Text("Site Root"));
    accessible(&browser);
    browser.screenshot("decision");
    browser.choose_files("input[type=file]", &[("chain.pem", site.chain_pem().as_bytes())]);
    browser.wait_until("document.querySelector('textarea').value.split('BEGIN').length === 4");
    browser.click(Role("button", "Decide"));
    browser.wait_until("document.querySelector('.verdict .notice.bad') !== null");
    clean(&browser);
    browser.screenshot("decision-refused");
}

#[test]
fn what_was_found_in_the_background_has_its_tables() {
    let Some(browser) = Browser::start() else { return };
    let site = Site::start();
    at(&browser, &site, (OPERATOR, "#/decisions/checks"));
    browser.wait_for(Label("Status"));
    for (part, shown) in
        [("connections", "Connections"), ("weather", "In the last hour"), ("lists", "Lists watched")]
    {
        go(&browser, &format!("#/decisions/{part}"));
        browser.wait_for(Text(shown));
        accessible(&browser);
    }
    clean(&browser);
}
