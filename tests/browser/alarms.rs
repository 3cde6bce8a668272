//! Alarms and the channels they leave by.

use crate::admin::{at, go};
use crate::axe::accessible;
use crate::browser::Browser;
use crate::console::clean;
use crate::place::Place::{Css, Role, Text};
use crate::site::{Site, TRUST_ADMIN, VIEWER};

#[test]
fn an_alarm_is_raised_read_and_acknowledged() {
    let Some(browser) = Browser::start() else { return };
    let site = Site::start();
    at(&browser, &site, (TRUST_ADMIN, "#/alarms/channels"));
    // R-MON-3
    browser.wait_for(Text("Running"));
    // R-MON-16: set for the product by itself
    browser.wait_for(Role("link", "Certificate monitor settings"));
    browser.click(Role("button", "Run now"));
    browser.wait_for(Text("The monitor runs"));
    go(&browser, "#/alarms");
    browser.wait_for(Css("tbody th a"));
    accessible(&browser);
    browser.screenshot("alarms");
    browser.click(Css("tbody th a"));
    browser.wait_for(Role("heading", "What to do"));
    browser.click(Role("button", "Acknowledge"));
    browser.wait_for(Text("The alarm is acknowledged"));
    clean(&browser);
    accessible(&browser);
    browser.screenshot("alarm");
}

#[test]
fn whoever_may_only_look_answers_nothing() {
    let Some(browser) = Browser::start() else { return };
    let site = Site::start();
    at(&browser, &site, (VIEWER, "#/alarms/channels"));
    browser.wait_for(Text("Running"));
    assert!(!browser.shows(Role("button", "Run now")));
    clean(&browser);
}
