//! The first page: does anything need somebody?

use crate::admin::at;
use crate::axe::accessible;
use crate::browser::Browser;
use crate::console::clean;
use crate::place::Place::{Role, Text};
use crate::site::{Site, TRUST_ADMIN};

#[test]
fn what_needs_somebody_is_named_with_the_way_to_it() {
    let Some(browser) = Browser::start() else { return };
    let site = Site::start();
    at(&browser, &site, (TRUST_ADMIN, "#/"));
    browser.wait_for(Role("heading", "What needs somebody"));
    // a certificate of the site ends within five days
    browser.wait_for(Text("One trusted certificate ends within 7 days"));
    // R-MON-3: the status of the service
    browser.wait_for(Text("Running"));
    clean(&browser);
    accessible(&browser);
    browser.screenshot("overview");
    browser.click(Role("link", "One trusted certificate ends within 7 days"));
    browser.wait_for(Text("Ending Root"));
    clean(&browser);
}
