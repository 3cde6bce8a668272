//! Requests for certificates as files, made elsewhere: every field is shown, with the network cut, and nothing of them is
//! taken for a certificate.

use std::process::Command;

use crate::axe::accessible;
use crate::browser::Browser;
use crate::console::clean;
use crate::place::Place::Text;
use crate::preview::{alone, unplugged};
use crate::site::Site;

/// A request as OpenSSL makes it.
fn request(form: &str) -> Vec<u8> {
    let asked = format!(
        "req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout /dev/null -subj /CN=cm1.example \
         -addext extendedKeyUsage=serverAuth -addext subjectAltName=DNS:cm1.example -outform {form}"
    );
    let made = Command::new("openssl").args(asked.split_whitespace()).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    made.stdout
}

// RFC 2986 4; R-SHOW-4, R-SHOW-7
#[test]
fn a_request_shows_every_field_it_has() {
    let Some(browser) = Browser::start() else { return };
    let site = Site::start();
    unplugged(&browser, &site);
    for form in ["PEM", "DER"] {
        alone(&browser, &format!("cm1.{form}"), &request(form));
        browser.wait_for(Text("not yet a certificate"));
        browser.click(Text("Every field and extension"));
        for shown in ["CN=cm1.example", "p-256", "Extended Key Usage", "2.5.29.37", "serverAuth", "dNSName"] {
            browser.wait_for(Text(shown));
        }
    }
    browser.screenshot("preview-request");
    clean(&browser);
    accessible(&browser);
    // cut off in its middle
    let octets = request("DER");
    alone(&browser, "cut.csr", &octets[..octets.len() / 2]);
    browser.wait_for(Text("cut.csr"));
    assert!(!browser.shows(Text("CN=cm1.example")));
    clean(&browser);
}
