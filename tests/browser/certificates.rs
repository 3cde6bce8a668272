//! The list of certificates and one certificate: filters that combine, sorting, what is shown, what is kept.

use serde_json::json;

use crate::axe::accessible;
use crate::browser::Browser;
use crate::client::Asked;
use crate::console::clean;
use crate::look::{Motion, Scheme};
use crate::managed::fingerprint;
use crate::place::Place::{Css, Label, Role, Text};
use crate::site::{PASSWORD, Site, TRUST_ADMIN};

/// Signs somebody in and opens a page.
pub(crate) fn signed_in(browser: &Browser, site: &Site, account: &str, page: &str) {
    let who = json!({ "account": account, "password": PASSWORD });
    let issued = site.server.send(&Asked::new("POST", "/api/v1/sign-in").json(&who)).json();
    browser.open(&site.uri("/healthz"));
    browser.script("sessionStorage.setItem('assayer-token', arguments[0])", &[issued["secret"].clone()]);
    browser.open(&site.uri(page));
}

/// Names in the first column, in their order.
fn names(browser: &Browser) -> Vec<String> {
    let script = "return [...document.querySelectorAll('main tbody th')].map(cell => cell.innerText.trim())";
    serde_json::from_value(browser.script(script, &[])).unwrap()
}

// R-SHOW-1 R-SHOW-2 R-SHOW-3
#[test]
fn filters_combine_and_stay_in_the_address() {
    let Some(browser) = Browser::start() else { return };
    let site = Site::start();
    signed_in(&browser, &site, TRUST_ADMIN, "/#/certificates");
    browser.wait_for(Role("link", "Ending Root"));
    browser.choose("Usage", "Identity");
    browser.click(Role("button", "Apply"));
    browser.wait_until_gone(Role("link", "Ending Root"));
    browser.wait_for(Text("1 certificate"));
    assert!(browser.address().ends_with("#/certificates?kind=identity"), "{}", browser.address());
    browser.choose("Usage", "Trust");
    browser.choose("Slot or store", "tomcat-trust");
    browser.type_into("Common name", "site");
    browser.click(Role("button", "Apply"));
    browser.wait_for(Text("2 certificates"));
    assert_eq!(names(&browser), ["Site Issuing CA", "Site Root"]);
    browser.type_into("Key type", "rsa 1024");
    browser.click(Role("button", "Apply"));
    browser.wait_for(Text("Nothing found"));
    let address = browser.address();
    browser.reload();
    browser.wait_for(Text("Nothing found"));
    assert_eq!(
        (browser.address(), browser.property(Label("Common name"), "value")),
        (address, "site".into())
    );
    browser.click(Role("button", "Clear"));
    browser.wait_for(Role("link", "Ending Root"));
    clean(&browser);
    accessible(&browser);
    browser.screenshot("certificates");
}

// R-SHOW-1
#[test]
fn columns_sort_and_turn_round() {
    let Some(browser) = Browser::start() else { return };
    let site = Site::start();
    signed_in(&browser, &site, TRUST_ADMIN, "/#/certificates?kind=trust");
    browser.wait_for(Css("th[aria-sort=ascending]"));
    let ascending = names(&browser);
    browser.click(Css("th[aria-sort=ascending] button"));
    browser.wait_for(Css("th[aria-sort=descending]"));
    let mut descending = names(&browser);
    descending.reverse();
    assert_eq!(ascending, descending);
    browser.open(&site.uri("/#/certificates?kind=trust&sort=expiry"));
    browser.wait_until("document.querySelector('main tbody th').innerText.trim() === 'Ending Root'");
    browser.emulate(Scheme::Dark, Motion::Reduced, (380, 800));
    accessible(&browser);
    browser.screenshot("certificates-phone");
    clean(&browser);
}

// R-SHOW-4 R-SHOW-7 R-SHOW-10 R-SHOW-11 R-SHOW-12 R-RGN-7
#[test]
fn a_certificate_is_shown_described_and_kept() {
    let Some(browser) = Browser::start() else { return };
    let site = Site::start();
    let address = format!("/#/certificates/{}", fingerprint(&site.issuing.der));
    signed_in(&browser, &site, TRUST_ADMIN, &address);
    browser.wait_for(Role("heading", "Site Issuing CA"));
    for shown in ["IssuerDN", "SubjectDN", "SHA-1 Fingerprint", "In tomcat-trust (every node)"] {
        browser.wait_for(Text(shown));
    }
    browser.type_into("Description", "keeps the shop open");
    browser.click(Role("button", "Save"));
    browser.wait_until("document.querySelector('main input[maxlength]').value === 'keeps the shop open'");
    browser.reload();
    browser.wait_until("document.querySelector('main input[maxlength]')?.value === 'keeps the shop open'");
    browser.type_into("File name", "copy");
    browser.click(Role("button", "Download DER"));
    assert_eq!(browser.downloaded("copy.cer"), site.issuing.der);
    browser.click(Role("button", "Download PEM"));
    assert!(browser.downloaded("copy.pem").starts_with(b"-----BEGIN CERTIFICATE-----"));
    accessible(&browser);
    browser.screenshot("certificate");
    // what issued it is one click away
    browser.click(Role("link", "Site Root"));
    browser.wait_for(Role("heading", "Site Root"));
    browser.wait_for(Text("Issued by itself"));
    clean(&browser);
}
