//! Every page by day and by night, on a wide screen and on a phone: without an error, open to everybody as far as axe can
//! tell, and never wider than the screen. Pictures of all of them are in `target/screenshots`.

use crate::axe::accessible;
use crate::browser::Browser;
use crate::console::clean;
use crate::look::{Motion, Scheme};
use crate::place::Place::{self, Css, Role, Text};
use crate::site::{PASSWORD, Site, TRUST_ADMIN};

/// A page: its name in pictures, its address, and what is shown when it is there with all it has to show.
type Page = (&'static str, &'static str, Place<'static>);

/// Every page that needs somebody who is signed in.
const PAGES: &[Page] = &[
    ("overview", "#/", Role("heading", "Overview")),
    ("certificates", "#/certificates", Text("Ending Root")),
    ("certificates-none", "#/certificates?common_name=nobody", Text("Nothing found")),
    ("preview", "#/preview", Role("heading", "Preview and upload")),
    ("alarms", "#/alarms", Role("heading", "Alarms")),
    ("alarms-channels", "#/alarms/channels", Text("Running")),
    ("settings", "#/settings", Text("Certificate Revocation and Expiry")),
    ("settings-document", "#/settings/document", Text("Everything in force")),
    ("settings-candidate", "#/settings/candidate", Role("button", "Propose")),
    ("settings-versions", "#/settings/versions", Text("in force")),
    ("decisions", "#/decisions", Role("button", "Decide")),
    ("playground", "#/playground", Text("Accepted: what is decided follows this text")),
    ("nodes", "#/nodes", Text("answers here")),
    ("nodes-cluster", "#/nodes/cluster", Text("Switched on")),
    ("audit", "#/audit", Text("policy.set")),
    ("accounts", "#/accounts", Role("button", "Disable viewer")),
    ("tokens", "#/accounts/tokens", Role("button", "Make the token")),
    ("no-such-page", "#/no-such-page", Role("heading", "There is no such page")),
];

const SIZES: [(u32, u32); 2] = [(1280, 900), (380, 800)];

/// Looks at what is open in every way.
#[track_caller]
fn look(browser: &Browser, name: &str, there: Place<'_>) {
    for scheme in [Scheme::Light, Scheme::Dark] {
        for size in SIZES {
            browser.emulate(scheme, Motion::Reduced, size);
            browser.wait_for(there);
            browser.screenshot(&format!("{name}-{}-{}", scheme.word(), size.0));
            accessible(browser);
            let widest = browser.script("return document.documentElement.scrollWidth", &[]);
            assert!(widest.as_u64() <= Some(u64::from(size.0)), "{name} is {widest} wide of {}", size.0);
        }
    }
    clean(browser);
}

#[test]
fn every_page_is_in_order_however_one_looks_at_it() {
    let Some(browser) = Browser::start() else { return };
    let site = Site::start();
    browser.open(&site.uri("/"));
    look(&browser, "sign-in", Role("button", "Sign in"));
    site.sign_in(&browser, TRUST_ADMIN);
    for (name, address, there) in PAGES {
        browser.open(&site.uri(&format!("/{address}")));
        look(&browser, name, *there);
    }
    browser.open(&site.uri("/#/preview"));
    browser.wait_for(Role("heading", "Preview and upload"));
    browser.drop_files(Css("main"), &[("chain.pem", site.chain_pem().as_bytes())]);
    look(&browser, "preview-chain", Text("CN=New Issuing CA"));
}

#[test]
fn one_signs_in_reaches_a_page_and_signs_out_by_keyboard_alone() {
    let Some(browser) = Browser::start() else { return };
    let site = Site::start();
    browser.open(&site.uri("/"));
    browser.wait_for(Role("button", "Sign in"));
    browser.press("Tab");
    assert_eq!(browser.focused(), ("link".to_owned(), "Skip to the page".to_owned()));
    browser.press("Enter Tab");
    assert_eq!(browser.focused(), ("textbox".to_owned(), "Account".to_owned()));
    browser.type_keys(TRUST_ADMIN);
    browser.press("Tab");
    browser.type_keys(PASSWORD);
    browser.press("Enter");
    browser.wait_for(Role("heading", "Overview"));
    browser.reach("link", "Certificates");
    browser.press("Enter");
    browser.wait_for(Text("Site Issuing CA"));
    assert!(browser.address().ends_with("#/certificates"), "{}", browser.address());
    assert_eq!(browser.text(Css("nav [aria-current=page]")), "Certificates");
    browser.reach("button", "Sign out");
    browser.press("Enter");
    browser.wait_for(Role("button", "Sign in"));
    assert!(!browser.shows(Text("Site Issuing CA")));
    clean(&browser);
}
