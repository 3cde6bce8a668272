//! Revocation lists and OCSP responses as files: what they say of themselves and of certificates beside them, in the page
//! with the network cut and in somebody else's page.

use jiff::{SignedDuration, Timestamp};
use pki::certificate::Sketch;
use pki::crl::CrlSketch;
use pki::key::Key;
use pki::ocsp::{Entry, Response};

use crate::axe::accessible;
use crate::browser::Browser;
use crate::console::clean;
use crate::element;
use crate::managed::pem;
use crate::place::Place::{Css, Role, Text};
use crate::preview::{alone, unplugged};
use crate::site::{Site, chain};

/// A moment so many days from now.
fn day(days: i64) -> String {
    let moment = Timestamp::now() + SignedDuration::from_hours(24 * days);
    moment.strftime("%Y-%m-%dT00:00:00Z").to_string()
}

/// Drops a file beside those that are there.
fn beside(browser: &Browser, name: &str, octets: &[u8]) {
    browser.drop_files(Css("main"), &[(name, octets)]);
    browser.wait_for(Text("2 files are shown"));
}

// RFC 5280 5.1, 6.3.3
#[test]
fn a_revocation_list_says_what_it_is_and_what_it_says_of_certificates_beside_it() {
    let Some(browser) = Browser::start() else { return };
    let site = Site::start();
    unplugged(&browser, &site);
    let [root, issuing, leaf] = chain();
    let sketch = CrlSketch::by(&issuing).this_update(&day(-1)).next_update(&day(6));
    let revoking = sketch.clone().revoke_because(&leaf.serial, 1);
    alone(&browser, "list.crl", &revoking.issue());
    browser.wait_for(Text("One certificate revocation list (CRL)"));
    for shown in
        ["CN=New Issuing CA", "CRL number", "2.5.29.20", "This update", "Next update", "SHA-256 Fingerprint"]
    {
        browser.wait_for(Text(shown));
    }
    browser.wait_for(Text("No certificate of this name is among the files"));
    browser.wait_for(Text("Nothing to ask about"));
    accessible(&browser);
    beside(&browser, "chain.pem", pem(&[&leaf, &issuing, &root]).as_bytes());
    browser.wait_for(Text("A certificate of this name is among the files"));
    browser.wait_for(Text("says revoked, signed by O=Example Ltd,CN=New Issuing CA"));
    browser.wait_for(Text("its private key is no longer secret"));
    browser.screenshot("preview-list-revoked");
    accessible(&browser);
    // signed by nobody who is there
    alone(&browser, "forged.crl", &revoking.signed_with(&Key::p256("somebody")).issue());
    beside(&browser, "chain.pem", pem(&[&leaf, &issuing, &root]).as_bytes());
    browser.wait_for(Css(".file ul.findings li"));
    assert!(!browser.text(Css("main")).contains("says revoked"));
    // of yesterday's, and overdue
    let old = sketch.this_update(&day(-9)).next_update(&day(-2));
    alone(&browser, "old.crl", &old.issue());
    browser.wait_for(Text("a newer list is due"));
    clean(&browser);
    accessible(&browser);
}

// RFC 6960 3.2, 4.2.1
#[test]
fn an_ocsp_response_says_what_it_says_of_certificates_beside_it() {
    let Some(browser) = Browser::start() else { return };
    let site = Site::start();
    unplugged(&browser, &site);
    let [root, issuing, leaf] = chain();
    let entry = Entry::good(&leaf, &issuing).this_update(&day(-1)).next_update(Some(day(6).as_str()));
    let response = Response::signed_by(&issuing).produced_at(&day(-1)).entry(entry.clone());
    alone(&browser, "answer.der", &response.encode());
    browser.wait_for(Text("An OCSP response."));
    browser.wait_for(Text("Nothing to ask about"));
    accessible(&browser);
    beside(&browser, "chain.pem", pem(&[&leaf, &issuing, &root]).as_bytes());
    browser.wait_for(Text("says good, signed by O=Example Ltd,CN=New Issuing CA"));
    browser.screenshot("preview-response-good");
    accessible(&browser);
    let revoked = Response::signed_by(&issuing).produced_at(&day(-1)).entry(entry.revoked(&day(-3), Some(1)));
    alone(&browser, "revoked.der", &revoked.encode());
    beside(&browser, "chain.pem", pem(&[&leaf, &issuing, &root]).as_bytes());
    browser.wait_for(Text("says revoked, signed by"));
    // whoever else signed it is not believed
    let stranger = Sketch::leaf("Stranger").subject("CN=Stranger").issue();
    let forged = Response::signed_by(&stranger).produced_at(&day(-1)).entry(Entry::good(&leaf, &issuing));
    alone(&browser, "forged.der", &forged.encode());
    beside(&browser, "chain.pem", pem(&[&leaf, &issuing, &root]).as_bytes());
    browser.wait_for(Css(".file ul.findings li"));
    assert!(!browser.text(Css("main")).contains("says good"));
    clean(&browser);
    accessible(&browser);
}

#[test]
fn lists_and_responses_count_in_somebody_elses_page() {
    let Some(browser) = Browser::start() else { return };
    let [root, issuing, leaf] = chain();
    let server = element::somebody(pem(&[&root]));
    element::open(&browser, &server);
    let list =
        CrlSketch::by(&issuing).this_update(&day(-1)).next_update(&day(6)).revoke(&leaf.serial).issue();
    let entry = Entry::good(&leaf, &issuing).this_update(&day(-1)).next_update(Some(day(6).as_str()));
    let response = Response::signed_by(&issuing).produced_at(&day(-1)).entry(entry).encode();
    let certificates = pem(&[&leaf, &issuing]);
    let files: [(&str, &[u8]); 3] =
        [("chain.pem", certificates.as_bytes()), ("list.crl", &list), ("answer.der", &response)];
    browser.choose_files("#certificate", &files);
    let shown = element::told(&browser, 0);
    let kinds: Vec<&str> = shown["detail"]["files"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|file| file["kind"].as_str())
        .collect();
    assert_eq!(kinds, ["certificates", "revocation-list", "ocsp-response"], "{shown}");
    browser.wait_for(Text("One certificate revocation list (CRL)"));
    browser.wait_for(Text("says revoked, signed by"));
    browser.wait_for(Text("says good, signed by"));
    browser.screenshot("element-status");
    accessible(&browser);
    // whoever drops what is no certificate is told so, and the page goes on
    browser.script("document.getElementById('certificate').value = ''", &[]);
    let key = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIEXAMPLESECRETEXAMPLESECRETEXAMPLESECRET\n-----END PRIVATE KEY-----\n";
    browser.choose_files("#certificate", &[("key.pem", key.as_bytes())]);
    assert_eq!(element::told(&browser, 1)["detail"]["files"][0]["kind"], "private-key");
    browser.wait_for(Text("must not be uploaded anywhere"));
    browser.wait_for(Role("heading", "Send us your certificate"));
    clean(&browser);
}
