//! A trust store that has an authority already: the newer certificate of the same name replaces it and the older does not,
//! seen in the preview with the network cut, and done by the server in the same way.

use pki::certificate::{Issued, Sketch};
use serde_json::json;

use crate::axe::accessible;
use crate::browser::Browser;
use crate::certificates::signed_in;
use crate::console::clean;
use crate::look::Network;
use crate::managed::{done, fingerprint, pem, upload};
use crate::place::Place::{Css, Label, Role, Text};
use crate::site::{Site, TRUST_ADMIN};

const STORE: &str = "tomcat-trust (trust store)";

/// One authority, valid from this year on.
fn authority(year: &str, serial: u8) -> Issued {
    let sketch = Sketch::ca("Alpha CA").subject("CN=Alpha CA,O=Example Ltd").serial(&[serial]);
    sketch.valid(&format!("{year}-01-01T00:00:00Z"), "2036-01-01T00:00:00Z").issue()
}

/// Whether the server has it in the store.
fn is_there(site: &Site, certificate: &Issued) -> bool {
    let path = format!("/api/v1/certificates?fingerprint={}", fingerprint(&certificate.der));
    !done(&site.server.get(&path))["items"].as_array().unwrap().is_empty()
}

// R-TS-10 to R-TS-16
#[test]
fn what_is_newer_replaces_and_what_is_older_does_not_here_and_on_the_server() {
    let Some(browser) = Browser::start() else { return };
    let site = Site::start();
    let (existing, newer, older) = (authority("2024", 7), authority("2025", 8), authority("2023", 9));
    done(&upload(&site.server, &existing.der, "trust", "tomcat-trust"));
    signed_in(&browser, &site, TRUST_ADMIN, "/#/preview");
    browser.wait_for(Role("heading", "Preview and upload"));
    browser.drop_files(Css("main"), &[("existing.pem", pem(&[&existing]).as_bytes())]);
    browser.wait_for(Label("Certificate purpose"));
    browser.choose("Certificate purpose", STORE);
    browser.wait_for(Text("This upload would change nothing"));
    // what the server keeps is known by now; from here on nothing is asked of it
    browser.network(Network::Offline);
    browser.drop_files(Css("main"), &[("older.pem", pem(&[&older]).as_bytes())]);
    browser.drop_files(Css("main"), &[("newer.pem", pem(&[&newer]).as_bytes())]);
    browser.wait_for(Text("3 files are shown"));
    browser.choose("File", "older.pem");
    browser.wait_for(Text("This upload would be refused"));
    browser.wait_for(Text("Certificate is not newer"));
    browser.wait_for(Text("R-TS-15"));
    assert!(!browser.shows(Role("button", "Upload to tomcat-trust")));
    browser.screenshot("replacement-refused");
    accessible(&browser);
    browser.choose("File", "newer.pem");
    browser.wait_for(Text("This upload can be done"));
    browser.wait_for(Text("Older certificate is replaced"));
    browser.screenshot("replacement-accepted");
    accessible(&browser);
    assert!(is_there(&site, &existing) && !is_there(&site, &newer));
    // and the server says and does the same
    browser.network(Network::Online);
    // what asked for news meanwhile was refused by the browser
    browser.forget();
    let refused = upload(&site.server, &older.der, "trust", "tomcat-trust");
    assert_eq!((refused.status, &refused.json()["code"]), (422, &json!("replacement.not-newer")));
    browser.click(Role("button", "Upload to tomcat-trust"));
    browser.wait_for(Text("Uploaded"));
    assert!(!is_there(&site, &existing) && is_there(&site, &newer) && !is_there(&site, &older));
    browser.choose("File", "existing.pem");
    browser.wait_for(Text("This upload would be refused"));
    clean(&browser);
    accessible(&browser);
}
