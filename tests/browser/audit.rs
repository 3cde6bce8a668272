//! What was done: read, filtered, and taken away as a file.

use crate::admin::at;
use crate::axe::accessible;
use crate::browser::Browser;
use crate::console::clean;
use crate::place::Place::{Label, Role, Text};
use crate::site::{AUDITOR, Site, VIEWER};

#[test]
fn an_auditor_finds_a_record_and_takes_all_of_them_away() {
    let Some(browser) = Browser::start() else { return };
    let site = Site::start();
    at(&browser, &site, (AUDITOR, "#/audit"));
    browser.wait_for(Text("policy.set"));
    browser.type_into("What", "ACCOUNT.created");
    browser.click(Role("button", "Apply"));
    browser.wait_until_gone(Text("policy.set"));
    browser.wait_for(Text("account.created"));
    assert!(browser.address().ends_with("#/audit?what=ACCOUNT.created"), "{}", browser.address());
    browser.type_into("About", AUDITOR);
    browser.press("Enter");
    browser.wait_for(Text("1 record on this page"));
    let address = browser.address();
    browser.reload();
    browser.wait_for(Text("1 record on this page"));
    assert_eq!((browser.address(), browser.property(Label("About"), "value")), (address, AUDITOR.into()));
    accessible(&browser);
    browser.screenshot("audit");
    browser.click(Role("button", "Export everything"));
    let file = String::from_utf8(browser.downloaded("assayer-audit.jsonl")).unwrap();
    let records: Vec<serde_json::Value> =
        file.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(records.iter().any(|record| record["what"] == "policy.set"), "{file}");
    assert!(records.iter().any(|record| record["sequence"] == 1), "{file}");
    clean(&browser);
}

#[test]
fn whoever_may_not_read_it_is_not_led_there() {
    let Some(browser) = Browser::start() else { return };
    let site = Site::start();
    at(&browser, &site, (VIEWER, "#/"));
    browser.wait_for(Role("link", "Alarms"));
    assert!(!browser.shows(Role("link", "Audit")));
    assert!(!browser.shows(Role("link", "Accounts")));
    clean(&browser);
}
