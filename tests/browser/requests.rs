//! Requests and our own certificates: fields that depend on each other, what it would do, what was made.

use crate::axe::accessible;
use crate::browser::Browser;
use crate::certificates::signed_in;
use crate::console::clean;
use crate::managed::NODE;
use crate::place::Place::{Css, Label, Role, Text};
use crate::site::{Site, TRUST_ADMIN};

fn options(browser: &Browser, label: &str) -> String {
    browser.text(Label(label)).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// How many requests wait.
fn waiting(site: &Site) -> usize {
    site.server.get("/api/v1/requests").json()["items"].as_array().unwrap().len()
}

fn fill(browser: &Browser) {
    for (label, text) in
        [("Organization", "Example Ltd"), ("Locality", "London"), ("Country (two letters)", "GB")]
    {
        browser.type_into(label, text);
    }
}

// R-CSR-8 R-CSR-9 R-CSR-12 R-CSR-14 R-CSR-18 R-CSR-27
#[test]
fn fields_depend_on_each_other() {
    let Some(browser) = Browser::start() else { return };
    let site = Site::start();
    signed_in(&browser, &site, TRUST_ADMIN, "/#/requests");
    browser.choose("Certificate Purpose", "CallManager-ECDSA");
    browser.wait_until("[...document.querySelectorAll('input[readonly]')].some(one => one.value === 'EC')");
    browser.choose("Key Length", "384");
    browser.wait_until("![...document.querySelectorAll('option')].some(one => one.value === 'SHA256')");
    assert_eq!(options(&browser, "Hash Algorithm"), "SHA384 SHA512");
    browser.choose("Key Length", "256");
    browser.wait_until("[...document.querySelectorAll('option')].some(one => one.value === 'SHA256')");
    assert_eq!(options(&browser, "Hash Algorithm"), "SHA256 SHA384 SHA512");
    browser.choose("Distribution", "Multi-server (SAN)");
    let many = "[...document.querySelectorAll('input')].some(one => one.value === 'cm1-EC-ms.ex.com')";
    browser.wait_until(many);
    browser.wait_for(Label("Parent Domain"));
    // a purpose that no two servers may share falls back on a node
    browser.choose("Certificate Purpose", "ipsec");
    browser.wait_until(
        "![...document.querySelectorAll('option')].some(one => one.label === 'Multi-server (SAN)')",
    );
    assert_eq!(browser.property(Label("Distribution"), "value"), NODE);
    clean(&browser);
    accessible(&browser);
}

// R-CSR-5
#[test]
fn a_request_is_previewed_made_and_dropped() {
    let Some(browser) = Browser::start() else { return };
    let site = Site::start();
    signed_in(&browser, &site, TRUST_ADMIN, "/#/requests");
    browser.choose("Certificate Purpose", "tomcat");
    browser.wait_for(Label("Key Length"));
    browser.click(Role("button", "Preview"));
    browser.wait_for(Text("The field country must be filled in"));
    assert!(!browser.shows(Role("button", "Make the request")));
    fill(&browser);
    browser.click(Role("button", "Preview"));
    browser.wait_for(Text("What would be made"));
    assert_eq!(waiting(&site), 1);
    accessible(&browser);
    browser.screenshot("request-preview");
    browser.click(Role("button", "Make the request"));
    browser.wait_for(Text("The request was made"));
    assert_eq!(waiting(&site), 2);
    browser.wait_for(Role("button", &format!("Drop the request for tomcat ({NODE})")));
    browser.click(Css(".panel button:nth-of-type(2)"));
    let kept = browser.downloaded(&format!("tomcat-{NODE}.csr"));
    let held = site.server.get(&format!("/api/v1/requests/tomcat?node={NODE}"));
    assert_eq!(String::from_utf8(kept).unwrap(), held.text());
    browser.click(Role("button", &format!("Drop the request for tomcat ({NODE})")));
    browser.wait_for(Text("This cannot be undone"));
    browser.click(Css("dialog[open] button.dangerous"));
    browser.wait_until_gone(Css("dialog[open]"));
    assert_eq!(waiting(&site), 1);
    clean(&browser);
}

// R-CSR-13 R-SS-3 R-SS-4 R-SS-6 R-SS-11 R-SS-16 R-SVC-21 R-SHOW-13
#[test]
fn a_certificate_is_made_anew_with_advice() {
    let Some(browser) = Browser::start() else { return };
    let site = Site::start();
    signed_in(&browser, &site, TRUST_ADMIN, "/#/own");
    browser.wait_for(Label("Key Length"));
    assert_eq!(options(&browser, "Key Length"), "1024 2048 3072 4096");
    assert_eq!(options(&browser, "Validity Period (years)"), "5 10 20");
    browser.wait_for(Label("Domains"));
    browser.choose("Certificate Purpose", "CAPF");
    browser.wait_until_gone(Label("Domains"));
    accessible(&browser);
    browser.screenshot("own");
    let before =
        site.server.get("/api/v1/certificates?kind=identity").json()["items"][0]["fingerprint"].clone();
    browser.click(Role("button", &format!("Regenerate tomcat ({NODE})")));
    browser.wait_for(Text("restart Cisco Tomcat"));
    browser.wait_for(Text("network service"));
    browser.click(Css("dialog[open] button.primary"));
    browser.wait_for(Text("The certificate was made anew"));
    let after =
        site.server.get("/api/v1/certificates?kind=identity").json()["items"][0]["fingerprint"].clone();
    assert_ne!(before, after);
    // R-CSR-13, R-SS-4: the file is called as the certificate is, and with its serial number where another has its name
    let listed = site.server.get("/api/v1/certificates?limit=500").json();
    let listed = listed["items"].as_array().unwrap();
    let own = listed.iter().find(|one| one["fingerprint"] == after).unwrap();
    let is_taken =
        listed.iter().any(|one| one["common-name"] == own["common-name"] && one["fingerprint"] != after);
    let [name, serial] = ["common-name", "serial-number"].map(|part| own[part].as_str().unwrap());
    let name = if is_taken { format!("{name}_{serial}.pem") } else { format!("{name}.pem") };
    browser.wait_for(Text(&name));
    browser.click(Css("dialog[open] .notice button:nth-of-type(2)"));
    assert!(browser.downloaded(&name).starts_with(b"-----BEGIN CERTIFICATE-----"));
    accessible(&browser);
    clean(&browser);
}

// R-REUSE-3
#[test]
fn a_tomcat_certificate_is_reused_by_the_purpose_that_goes_with_it() {
    let Some(browser) = Browser::start() else { return };
    let site = Site::start();
    signed_in(&browser, &site, TRUST_ADMIN, "/#/own");
    browser.wait_for(Label("Tomcat type"));
    assert_eq!(options(&browser, "Tomcat type"), "tomcat tomcat-ECDSA");
    browser.choose("Replaces the certificate of", "CallManager-ECDSA");
    browser.click(Css("form.filters button.primary"));
    browser.wait_for(Text("This is refused: nothing would be done"));
    assert!(!browser.shows(Role("button", "Replace it")));
    browser.choose("Replaces the certificate of", "CallManager");
    browser.click(Css("form.filters button.primary"));
    browser.wait_for(Role("button", "Replace it"));
    accessible(&browser);
    clean(&browser);
}
