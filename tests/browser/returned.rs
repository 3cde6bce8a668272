//! A request that waits on the server, and certificates that an authority made of it or of another: compared in the
//! preview, and the one that fits is uploaded.

use std::process::Command;

use serde_json::json;

use crate::axe::accessible;
use crate::browser::Browser;
use crate::certificates::signed_in;
use crate::console::clean;
use crate::managed::{NODE, done, fields};
use crate::place::Place::{Css, Label, Role, Text};
use crate::process::{Place, run};
use crate::site::{Site, TRUST_ADMIN};

const SLOT: &str = "tomcat (our own certificate)";

/// An authority of OpenSSL's, in a directory of its own.
struct Authority(Place);

fn openssl(arguments: &[&str]) {
    let (status, _, errors) = run(Command::new("openssl").args(arguments));
    assert_eq!(status, Some(0), "{arguments:?}: {errors}");
}

impl Authority {
    fn new() -> Self {
        let authority = Self(Place::new());
        let usage = "keyUsage=critical,keyCertSign,cRLSign";
        let (key, certificate) = (authority.path("ca.key"), authority.path("ca.pem"));
        openssl(
            &["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", &key, "-out", &certificate]
                .into_iter()
                .chain(["-days", "30", "-subj", "/CN=An authority", "-addext", usage])
                .collect::<Vec<_>>(),
        );
        authority
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_str().unwrap().to_owned()
    }

    /// The certificate it makes of a request, with its own behind it. `options` say what it changes.
    fn chain(&self, request: &str, options: &[&str]) -> Vec<u8> {
        let (key, authority, out) = (self.path("ca.key"), self.path("ca.pem"), self.path("out.pem"));
        let ways = ["x509", "-req", "-in", request, "-CA", &authority, "-CAkey", &key, "-CAcreateserial"];
        let ways = ways.into_iter().chain(["-days", "20", "-out", &out]).chain(options.iter().copied());
        openssl(&ways.collect::<Vec<_>>());
        [std::fs::read(out).unwrap(), std::fs::read(authority).unwrap()].concat()
    }

    /// The certificate with these extensions instead of those that were asked for.
    fn with(&self, request: &str, extensions: &str) -> Vec<u8> {
        let file = self.0.file("more.ext", format!("{extensions}\nextendedKeyUsage=serverAuth,clientAuth\n"));
        self.chain(request, &["-extfile", &file])
    }
}

/// Drops a file alone, for the slot.
fn planned(browser: &Browser, octets: &[u8]) {
    if browser.shows(Role("button", "Forget all files")) {
        browser.click(Role("button", "Forget all files"));
        browser.wait_until_gone(Text("One file is shown"));
    }
    browser.drop_files(Css("main"), &[("returned.pem", octets)]);
    browser.wait_for(Label("Certificate purpose"));
    browser.choose("Certificate purpose", SLOT);
    browser.wait_for(Text("A request waits for this slot"));
}

/// The request for the slot, with an organisational unit.
fn requested(site: &Site, authority: &Authority) -> String {
    let mut fields = fields("tomcat");
    fields["subject"]["organizational-unit"] = json!("Telephony");
    fields["subject"]["include-organizational-unit"] = json!(true);
    let made = done(&site.server.post("/api/v1/requests", &fields));
    authority.0.file("tomcat.csr", made["made"][0]["pem"].as_str().unwrap())
}

// R-UP-19, R-UP-27, R-UP-28, D-25, R-UP-8
#[test]
fn a_certificate_is_compared_with_the_request_that_waits_and_the_one_that_fits_is_uploaded() {
    let Some(browser) = Browser::start() else { return };
    let (site, authority) = (Site::start(), Authority::new());
    let request = requested(&site, &authority);
    signed_in(&browser, &site, TRUST_ADMIN, "/#/preview");
    browser.wait_for(Role("heading", "Preview and upload"));

    // a key that was never made here
    let (key, other) = (authority.path("other.key"), authority.path("other.csr"));
    let subject = format!("/C=GB/L=London/O=Example Ltd/CN={NODE}");
    openssl(&["req", "-newkey", "rsa:2048", "-nodes", "-keyout", &key, "-out", &other, "-subj", &subject]);
    let names = format!("subjectAltName=DNS:{NODE},DNS:ex.com");
    planned(
        &browser,
        &authority.with(&other, &format!("{names}\nkeyUsage=critical,digitalSignature,dataEncipherment")),
    );
    browser.wait_for(Text("Nobody requested this certificate"));
    browser.wait_for(Text("This upload would be refused"));
    browser.screenshot("returned-other-key");
    accessible(&browser);

    // a name that nobody asked for
    let usage = "keyUsage=critical,digitalSignature,dataEncipherment";
    planned(&browser, &authority.with(&request, &format!("{names},DNS:elsewhere.example\n{usage}")));
    browser.wait_for(Text("Certificate has extra names"));
    browser.wait_for(Text("elsewhere.example"));
    // and one that was asked for left out
    planned(&browser, &authority.with(&request, &format!("subjectAltName=DNS:{NODE}\n{usage}")));
    browser.wait_for(Text("Requested name is missing"));
    browser.wait_for(Text("This upload would be refused"));
    browser.screenshot("returned-other-names");

    // R-UP-27: data encipherment was asked for and is gone
    planned(&browser, &authority.with(&request, &format!("{names}\nkeyUsage=critical,digitalSignature")));
    browser.wait_for(Text("Data encipherment is missing"));

    // R-UP-19: without the organisational unit it fits
    let fits = authority.chain(&request, &["-copy_extensions", "copyall", "-subj", &subject]);
    planned(&browser, &fits);
    browser.wait_for(Text("This upload can be done"));
    browser.wait_for(Text("Organisational unit left out"));
    browser.screenshot("returned-fits");
    accessible(&browser);
    browser.click(Role("button", "Upload to tomcat"));
    browser.wait_for(Text("Uploaded"));
    let slot = done(&site.server.get("/api/v1/certificates?kind=identity&room=tomcat"));
    assert_eq!(slot["items"][0]["origin"], "issued", "{slot}");
    let waiting = done(&site.server.get("/api/v1/requests"));
    assert!(waiting["items"].as_array().unwrap().iter().all(|one| one["purpose"] != "tomcat"), "{waiting}");
    clean(&browser);
    accessible(&browser);
}
