//! Settings: the form under the documents' names, the whole document, and what is shown before anything is saved.

use crate::admin::{at, go};
use crate::axe::accessible;
use crate::browser::Browser;
use crate::console::{clean, clean_but_for};
use crate::managed::done;
use crate::place::Place::{Label, Role, Text};
use crate::site::{Site, TRUST_ADMIN, VIEWER};

/// The document in force.
fn document(site: &Site) -> String {
    let policy = done(&site.server.get("/api/v1/policies/deployment"));
    policy.get("document").and_then(serde_json::Value::as_str).unwrap().to_owned()
}

// R-REV-2, R-REV-3, R-REV-10, R-OCSP-21, R-OCSP-24
#[test]
fn a_setting_is_changed_and_the_authors_comment_stays() {
    let Some(browser) = Browser::start() else { return };
    let site = Site::start();
    at(&browser, &site, (TRUST_ADMIN, "#/settings"));
    browser.wait_for(Text("Cisco Unified OS Administration"));
    browser.wait_for(Text("Certificate Revocation and Expiry"));
    accessible(&browser);
    browser.screenshot("settings");
    browser.click(Label("Enable Revocation Check"));
    browser.type_into("Check Every", "6");
    browser.choose("Unit of Check Every", "Days");
    browser.click(Role("button", "Review the changes"));
    browser.wait_for(Text("periodic.every"));
    // OCSP is off here: nothing is to be restarted
    assert!(!browser.shows(Text("Restart these services")));
    accessible(&browser);
    browser.screenshot("settings-review");
    browser.click(Role("button", "Save"));
    browser.wait_until_gone(Text("periodic.every"));
    go(&browser, "#/settings/versions");
    browser.wait_for(Text("in force"));
    browser.wait_for(Text("trust-admin"));
    clean(&browser);
    accessible(&browser);
    let document = document(&site);
    assert!(document.starts_with("# the tests' own\n"), "{document}");
    for line in ["check = \"enabled\"", "every = 6", "unit = \"days\"", "sources = []"] {
        assert!(document.contains(line), "{document}");
    }
}

// R-OCSP-20, R-OCSP-13
#[test]
fn saving_with_ocsp_enabled_asks_for_restarts() {
    let Some(browser) = Browser::start() else { return };
    let site = Site::start();
    at(&browser, &site, (TRUST_ADMIN, "#/settings"));
    browser.click(Label("Enable OCSP"));
    browser.click(Label("Use OCSP URI from Certificate, and the configured one where it names none"));
    browser.click(Label("Use OCSP URI from Certificate"));
    let chosen = browser.script("return document.querySelectorAll('input[type=radio]:checked').length", &[]);
    // one of the OCSP URI, one of the CRL distribution point
    assert_eq!(chosen, 2);
    browser.click(Role("button", "Review the changes"));
    browser.wait_for(Text("revocation.sources"));
    browser.click(Role("button", "Save"));
    browser.wait_for(Role("heading", "Saved"));
    browser.wait_for(Text("Cisco CallManager"));
    accessible(&browser);
    browser.screenshot("settings-restart");
    browser.click(Role("button", "Close"));
    browser.wait_until_gone(Text("Cisco CallManager"));
    clean(&browser);
    assert!(document(&site).contains("sources = [\"ocsp\"]"), "{}", document(&site));
}

// R-OCSP-15, R-CRL-12, R-CRL-13, R-REV-2
#[test]
fn what_cannot_be_is_refused_with_its_place() {
    let Some(browser) = Browser::start() else { return };
    let site = Site::start();
    let before = document(&site);
    at(&browser, &site, (TRUST_ADMIN, "#/settings"));
    browser.click(Label("Use Configured OCSP URI"));
    browser.click(Role("button", "Review the changes"));
    // the browser itself asks for what is needed
    browser.wait_until("document.activeElement.matches('textarea:invalid')");
    browser.click(Label("Use OCSP URI from Certificate"));
    browser.click(Label("Enable CRL"));
    browser.click(Label("Use Configured CRL Distribution Point URI"));
    browser.click(Role("button", "Review the changes"));
    browser.wait_until("document.activeElement.matches('textarea:invalid')");
    browser.click(Label("Use the CRL Distribution Point from Certificate"));
    for number in ["0", "-3", "soon"] {
        browser.type_into("Check Every", number);
        browser.click(Role("button", "Review the changes"));
        browser.wait_for(Text("periodic.every"));
        assert!(!browser.shows(Role("button", "Save")), "{number}");
    }
    go(&browser, "#/settings/document");
    browser.type_into("Policy document (TOML)", "[ocsp]\nuri = \"nowhere\"\n");
    browser.click(Role("button", "Review the changes"));
    browser.wait_for(Text("line 2"));
    browser.screenshot("settings-refused");
    clean_but_for(&browser, &["status of 422"]);
    assert_eq!(document(&site), before);
}

#[test]
fn whoever_may_only_look_changes_nothing() {
    let Some(browser) = Browser::start() else { return };
    let site = Site::start();
    at(&browser, &site, (VIEWER, "#/settings"));
    browser.wait_for(Text("Changing them needs the permission policy.manage"));
    browser.wait_for(Label("Check Every"));
    assert_eq!(browser.property(Role("button", "Review the changes"), "disabled"), true);
    clean(&browser);
}

// R-OCSP-20, R-OCSP-21
#[test]
fn settings_are_saved_with_their_restarts_by_keyboard_alone() {
    let Some(browser) = Browser::start() else { return };
    let site = Site::start();
    at(&browser, &site, (TRUST_ADMIN, "#/settings"));
    browser.wait_for(Label("Enable OCSP"));
    browser.reach("checkbox", "Enable OCSP");
    browser.press("Space");
    browser.reach("button", "Review the changes");
    browser.press("Enter");
    browser.wait_for(Text("revocation.sources"));
    browser.wait_until("document.activeElement.closest('dialog')");
    browser.screenshot("settings-keyboard");
    browser.press("Escape");
    browser.wait_until_gone(Text("revocation.sources"));
    assert_eq!(browser.focused(), ("button".to_owned(), "Review the changes".to_owned()));
    browser.press("Enter");
    browser.wait_for(Text("revocation.sources"));
    browser.reach("button", "Save");
    browser.press("Enter");
    browser.wait_for(Role("heading", "Saved"));
    browser.wait_for(Text("Cisco CallManager"));
    browser.wait_until("document.activeElement.closest('dialog')");
    browser.reach("button", "Close");
    browser.press("Enter");
    browser.wait_until_gone(Text("Cisco CallManager"));
    browser.wait_until("document.activeElement.closest('main')");
    assert!(document(&site).contains("sources = [\"ocsp\"]"), "{}", document(&site));
    clean(&browser);
    accessible(&browser);
}
