//! Deleting: nothing goes before its impact was shown and the word was typed.

use crate::axe::accessible;
use crate::browser::Browser;
use crate::certificates::signed_in;
use crate::console::clean;
use crate::managed::fingerprint;
use crate::place::Place::{Css, Label, Role, Text};
use crate::site::{OPERATOR, Site, TRUST_ADMIN};

/// Whether the server still has the root.
fn is_there(site: &Site) -> bool {
    let path = format!("/api/v1/certificates?fingerprint={}", fingerprint(&site.root.der));
    !site.server.get(&path).json()["items"].as_array().unwrap().is_empty()
}

// R-DEL-4 R-DEL-5 R-DEL-9
#[test]
fn a_certificate_goes_in_two_steps() {
    let Some(browser) = Browser::start() else { return };
    let site = Site::start();
    signed_in(&browser, &site, TRUST_ADMIN, "/#/certificates?kind=trust");
    browser.click(Role("button", "Delete Site Root from tomcat-trust"));
    browser.wait_for(Text("Deleting can affect how the system operates"));
    browser.wait_for(Text("Chain would be broken"));
    accessible(&browser);
    browser.screenshot("deletion");
    // one can still leave, and nothing was done
    browser.press("Escape");
    browser.wait_until_gone(Css("dialog[open]"));
    assert!(is_there(&site));
    browser.click(Role("button", "Delete Site Root from tomcat-trust"));
    browser.click(Role("button", "Go on"));
    browser.wait_for(Text("Deleting cannot be undone"));
    assert_eq!(browser.property(Css("dialog button[type=submit]"), "disabled"), true);
    browser.type_into("Type delete to confirm", "delet");
    assert_eq!(browser.property(Css("dialog button[type=submit]"), "disabled"), true);
    assert!(is_there(&site));
    browser.fill(Label("Type delete to confirm"), "delete");
    browser.press("Enter");
    browser.wait_for(Text("Site Root was deleted from tomcat-trust"));
    assert!(!is_there(&site));
    browser.press("Escape");
    browser.wait_until_gone(Role("link", "Site Root"));
    clean(&browser);
    accessible(&browser);
}

// R-SHOW-13
#[test]
fn who_may_not_delete_is_not_asked() {
    let Some(browser) = Browser::start() else { return };
    let site = Site::start();
    signed_in(&browser, &site, OPERATOR, "/#/certificates?kind=trust");
    browser.wait_for(Role("link", "Site Root"));
    assert!(!browser.shows(Css("main button.dangerous")));
    clean(&browser);
}

// R-DEL-3, R-DEL-4, R-DEL-5, R-DEL-9
#[test]
fn a_certificate_goes_by_keyboard_alone_with_its_impact_read_first() {
    let Some(browser) = Browser::start() else { return };
    let site = Site::start();
    signed_in(&browser, &site, TRUST_ADMIN, "/#/certificates?kind=trust");
    browser.wait_for(Role("button", "Delete Site Root from tomcat-trust"));
    browser.reach("button", "Delete Site Root from tomcat-trust");
    browser.press("Enter");
    browser.wait_for(Text("Chain would be broken"));
    browser.wait_until("document.activeElement.innerText === 'Step 1 of 2: what this would do'");
    // what it would break is named: the authority that it vouches for
    assert!(browser.text(Css("dialog[open]")).contains("Site Issuing CA"));
    browser.screenshot("deletion-keyboard");
    // leaving leads back to the button, and nothing was done
    browser.press("Escape");
    browser.wait_until_gone(Css("dialog[open]"));
    let button = ("button".to_owned(), "Delete Site Root from tomcat-trust".to_owned());
    assert_eq!(browser.focused(), button);
    assert!(is_there(&site));
    browser.press("Enter");
    browser.wait_until("document.activeElement.innerText === 'Step 1 of 2: what this would do'");
    browser.reach("button", "Go on");
    browser.press("Enter");
    browser.wait_until("document.activeElement.matches('dialog input')");
    assert_eq!(browser.focused(), ("textbox".to_owned(), "Type delete to confirm".to_owned()));
    // Enter does nothing before the word is there
    browser.press("Enter");
    assert!(is_there(&site));
    browser.type_keys("delete");
    browser.press("Enter");
    browser.wait_for(Text("Site Root was deleted from tomcat-trust"));
    browser.wait_until("document.activeElement.matches('dialog button')");
    assert_eq!(browser.focused(), ("button".to_owned(), "Close".to_owned()));
    assert!(!is_there(&site));
    browser.press("Enter");
    browser.wait_until_gone(Css("dialog[open]"));
    // what had the focus is gone: the page has it, and the next Tab is in the page
    browser.wait_until("document.activeElement.id === 'main'");
    browser.press("Tab");
    browser.wait_until("document.activeElement.closest('main')");
    clean(&browser);
    accessible(&browser);
}
