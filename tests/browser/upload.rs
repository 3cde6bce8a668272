//! An upload: planned in the page by what the server keeps, and done when somebody says so.

use pki::certificate::Sketch;

use crate::axe::accessible;
use crate::browser::Browser;
use crate::console::clean;
use crate::look::Network;
use crate::managed::{done, form, pem, upload};
use crate::place::Place::{Css, Label, Role, Text};
use crate::site::{PASSWORD, Site, TRUST_ADMIN, VIEWER, chain};

const STORE: &str = "tomcat-trust (trust store)";

/// Somebody is signed in, and on the page.
fn signed_in(browser: &Browser, site: &Site, account: &str) {
    browser.open(&site.uri("/"));
    browser.type_into("Account", account);
    browser.type_into("Password", PASSWORD);
    browser.press("Enter");
    browser.wait_for(Role("button", "Sign out"));
    browser.click(Role("link", "Preview and upload"));
    browser.wait_for(Role("heading", "Preview and upload"));
}

fn dropped(browser: &Browser, octets: &[u8]) {
    browser.drop_files(Css("main"), &[("file.pem", octets)]);
    browser.wait_for(Text("One file is shown"));
    browser.wait_for(Label("Certificate purpose"));
}

// R-UP-15, R-UP-16
#[test]
fn certificates_are_planned_in_the_page_and_then_uploaded() {
    let Some(browser) = Browser::start() else { return };
    let site = Site::start();
    signed_in(&browser, &site, TRUST_ADMIN);
    let [root, issuing, _] = chain();
    let file = pem(&[&root, &issuing]);
    dropped(&browser, file.as_bytes());
    browser.type_into("Description", "of the new authority");
    browser.choose("Certificate purpose", STORE);
    browser.wait_for(Text("This upload can be done"));
    let path = "/api/v1/certificates?dry_run=true";
    let theirs =
        done(&site.server.ask(form(path, file.as_bytes(), &[("kind", "trust"), ("room", "tomcat-trust")])));
    let theirs = theirs["plan"]["effects"].as_array().unwrap().len();
    let ours = browser.script("return document.querySelectorAll('.upload ul.findings li').length", &[]);
    assert!(ours.as_u64().unwrap() >= u64::try_from(theirs).unwrap(), "{ours} lines for {theirs} effects");
    // nothing has been sent so far
    assert!(!stored(&site).contains("New Root"));
    browser.screenshot("upload-planned");
    accessible(&browser);
    browser.click(Role("button", "Upload to tomcat-trust"));
    browser.wait_for(Text("Uploaded"));
    browser.wait_for(Text("This upload would change nothing"));
    let stored = stored(&site);
    assert!(stored.contains("New Root") && stored.contains("of the new authority"), "{stored}");
    browser.screenshot("upload-done");
    clean(&browser);
    accessible(&browser);
}

fn stored(site: &Site) -> String {
    done(&site.server.get("/api/v1/certificates?limit=100&room=tomcat-trust")).to_string()
}

#[test]
fn a_plan_is_made_without_a_network_once_the_store_is_known() {
    let Some(browser) = Browser::start() else { return };
    let site = Site::start();
    signed_in(&browser, &site, TRUST_ADMIN);
    let [root, issuing, _] = chain();
    dropped(&browser, pem(&[&root]).as_bytes());
    browser.choose("Certificate purpose", STORE);
    browser.wait_for(Text("This upload can be done"));
    browser.network(Network::Offline);
    browser.drop_files(Css("main"), &[("both.pem", pem(&[&root, &issuing]).as_bytes())]);
    browser.wait_for(Text("2 files are shown"));
    browser.choose("File", "both.pem");
    browser.wait_for(Text("O=Example Ltd,CN=New Issuing CA"));
    browser.wait_for(Text("This upload can be done"));
}

#[test]
fn what_was_changed_meanwhile_is_told_and_nothing_is_uploaded() {
    let Some(browser) = Browser::start() else { return };
    let site = Site::start();
    signed_in(&browser, &site, TRUST_ADMIN);
    let [root, issuing, _] = chain();
    dropped(&browser, pem(&[&root, &issuing]).as_bytes());
    browser.choose("Certificate purpose", STORE);
    browser.wait_for(Text("This upload can be done"));
    // the page hears of no change while its network is gone
    browser.network(Network::Offline);
    let other = Sketch::ca("Other Root").subject("CN=Other Root,O=Example Ltd").issue();
    done(&upload(&site.server, pem(&[&other]).as_bytes(), "trust", "tomcat-trust"));
    let quiet = "const ask = window.fetch;
        window.fetch = (path, ...rest) =>
            /snapshot|events/.test(path) && !globalThis.heard ? Promise.reject(new TypeError('quiet')) : ask(path, ...rest);
        document.addEventListener('click', () => { globalThis.heard = true; }, true);";
    browser.script(quiet, &[]);
    browser.network(Network::Online);
    browser.click(Role("button", "Upload to tomcat-trust"));
    browser.wait_for(Text("this place was changed meanwhile"));
    browser.wait_for(Text("New: O=Example Ltd,CN=Other Root"));
    browser.screenshot("upload-stale");
    assert!(!stored(&site).contains("New Root"));
    accessible(&browser);
}

// R-UP-1
#[test]
fn what_would_be_refused_cannot_be_sent() {
    let Some(browser) = Browser::start() else { return };
    let site = Site::start();
    signed_in(&browser, &site, TRUST_ADMIN);
    let [_, _, leaf] = chain();
    dropped(&browser, pem(&[&leaf]).as_bytes());
    browser.choose("Certificate purpose", "tomcat-ECDSA (our own certificate)");
    browser.wait_for(Text("This upload would be refused"));
    assert!(!browser.shows(Role("button", "Upload to tomcat-ECDSA")));
    browser.screenshot("upload-refused");
    clean(&browser);
    accessible(&browser);
}

#[test]
fn whoever_may_only_look_sees_the_plan_and_no_button() {
    let Some(browser) = Browser::start() else { return };
    let site = Site::start();
    signed_in(&browser, &site, VIEWER);
    let [root, ..] = chain();
    dropped(&browser, pem(&[&root]).as_bytes());
    browser.choose("Certificate purpose", STORE);
    browser.wait_for(Text("Your role does not allow uploads"));
    assert!(!browser.shows(Role("button", "Upload to tomcat-trust")));
    clean(&browser);
    accessible(&browser);
}
