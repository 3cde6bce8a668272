//! The candidate policy: proposed, followed as decisions come in, promoted after a question, dropped.

use pki::certificate::Issued;
use serde_json::{Value, json};

use crate::admin::at;
use crate::axe::accessible;
use crate::browser::Browser;
use crate::client::Asked;
use crate::console::{clean, clean_but_for};
use crate::managed::{done, pem};
use crate::place::Place::{Css, Role, Text};
use crate::site::{Site, TRUST_ADMIN, VIEWER};

/// The site's policy, and a rule that denies what it believes.
const DENIES: &str = "[revocation]\nsources = []\n\n[[rules]]\nid = \"nobody\"\neach = \"certificate\"\nwhen = 'certificate.key.bits > 0'\n\
                      effect = \"deny\"\nmessage = \"nobody is let in\"\n";
const PAGE: &str = "#/settings/candidate";

fn decide(site: &Site, certificate: &Issued) -> Value {
    let question = json!({ "certificate": pem(&[certificate]), "store": "tomcat-trust" });
    done(&site.server.post("/api/v1/verify", &question))
}

fn candidate(site: &Site) -> Value {
    done(&site.server.get("/api/v1/policies/candidate"))
}

#[test]
fn a_candidate_is_proposed_followed_and_promoted() {
    let Some(browser) = Browser::start() else { return };
    let site = Site::start();
    at(&browser, &site, (TRUST_ADMIN, PAGE));
    browser.wait_for(Text("There is no candidate policy"));
    accessible(&browser);
    browser.type_into("Policy document (TOML)", "[revocation]\nsource = []\n");
    browser.click(Role("button", "Propose"));
    browser.wait_for(Text("line 2"));
    assert_eq!(candidate(&site)["candidate"], Value::Null);
    browser.type_into("Policy document (TOML)", DENIES);
    browser.click(Role("button", "Propose"));
    browser.wait_for(Text("It is the candidate, and decides nothing"));
    browser.wait_for(Role("button", "Promote"));
    // what is decided meanwhile shows by itself, and is decided by the policy in force
    assert_eq!(decide(&site, &site.issuing)["decision"], "allow");
    browser.wait_for(Text("nobody is let in"));
    browser.wait_for(Text("allow becomes deny"));
    browser.wait_for(Role("link", "O=Example Ltd,CN=Site Issuing CA"));
    browser.wait_for(Text("own:nobody"));
    accessible(&browser);
    browser.screenshot("candidate");
    // two steps, of which the first can be taken back
    browser.click(Role("button", "Promote"));
    browser.wait_for(Text("every decision is made by it"));
    accessible(&browser);
    browser.screenshot("candidate-promote");
    browser.press("Escape");
    browser.wait_until_gone(Css("dialog[open]"));
    assert_eq!(candidate(&site)["active"], 1);
    browser.click(Role("button", "Promote"));
    browser.click(Css("dialog[open] button.dangerous"));
    browser.wait_for(Text("The candidate is in force"));
    browser.wait_for(Text("There is no candidate policy"));
    assert_eq!(candidate(&site), json!({ "active": 2, "candidate": null }));
    assert_eq!(decide(&site, &site.issuing)["decision"], "deny");
    clean_but_for(&browser, &["status of 422"]);
}

#[test]
fn a_candidate_is_dropped_and_whoever_may_only_look_sees_no_button() {
    let Some(browser) = Browser::start() else { return };
    let site = Site::start();
    let proposed = Asked::new("PUT", "/api/v1/policies/candidate").body("application/toml", DENIES);
    done(&site.server.ask(proposed));
    // another policy comes into force meanwhile
    let policy = Asked::new("PUT", "/api/v1/policies/deployment").body("application/toml", "# another\n");
    done(&site.server.ask(policy));
    at(&browser, &site, (VIEWER, PAGE));
    browser.wait_for(Text("Another policy came into force since"));
    browser.wait_for(Text("may be read with the permission reasons.read"));
    assert!(!browser.shows(Role("button", "Promote")) && !browser.shows(Role("button", "Propose")));
    accessible(&browser);
    clean(&browser);
    browser.click(Role("button", "Sign out"));
    at(&browser, &site, (TRUST_ADMIN, PAGE));
    browser.click(Role("button", "Drop"));
    browser.wait_for(Text("the policy in force stays"));
    browser.click(Css("dialog[open] button.dangerous"));
    browser.wait_for(Text("The candidate is dropped"));
    browser.wait_for(Text("There is no candidate policy"));
    assert_eq!(candidate(&site), json!({ "active": 2, "candidate": null }));
    clean(&browser);
}
