//! What people see: the server's pages in a real Chromium without a window, driven over WebDriver.
//!
//! A test of a page starts a [`site::Site`] and a [`browser::Browser`], does what a person would do, and ends with
//! [`console::clean`] and [`axe::accessible`]:
//!
//! ```ignore
//! #[test]
//! fn a_list_is_filtered_by_keyboard_alone() {
//!     let Some(browser) = Browser::start() else { return };
//!     let site = Site::start();
//!     site.sign_in(&browser, site::OPERATOR);
//!     browser.click(Role("link", "Certificates"));
//!     browser.wait_for(Text("Ending Root"));
//!     browser.type_into("Common name", "issuing");
//!     browser.press("Tab Tab Tab");
//!     assert_eq!(browser.focused(), ("button".into(), "Apply".into()));
//!     browser.press("Enter");
//!     browser.wait_until_gone(Text("Ending Root"));
//!     browser.drop_files(Css("main"), &[("chain.pem", site.chain_pem().as_bytes())]);
//!     browser.screenshot("upload");
//!     clean(&browser);
//!     accessible(&browser);
//! }
//! ```
//!
//! Everything waits: a click waits for its element to be there, shown and enabled, `wait_for` waits for what it names, and
//! what does not come within half a minute stops the test with what the page shows instead. So no test sleeps. One test has
//! one browser; two run at a time. Where there is no Chromium, `Browser::start` says so in one line and gives none.
//!
//! A new page goes into the table of `looks`, too, which shows each page by day and by night, wide and narrow, to axe.
//!
//! Pictures are in `target/screenshots`.

#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests: what goes wrong must stop the test"
)]

#[path = "../server/client.rs"]
mod client;
#[path = "../server/contract.rs"]
mod contract;
#[path = "../storage/postgres.rs"]
mod postgres;
#[path = "../server/process.rs"]
#[expect(dead_code, reason = "the tests of the server use the rest")]
mod process;
#[path = "../server/managed.rs"]
mod managed;
#[path = "../hosts/fault.rs"]
#[expect(dead_code, reason = "the tests of fetching use the rest")]
mod fault;
#[path = "../engine/cases.rs"]
mod cases;
#[path = "../parity/component.rs"]
#[expect(dead_code, reason = "the tests of parity use the rest")]
mod component;
mod chromium;
mod session;
mod browser;
mod place;
mod files;
mod look;
mod console;
mod axe;
mod site;
mod own;
mod shape;
#[path = "../parity"]
mod planned {
    pub(crate) mod management;
}
mod parity;
#[path = "../capsules/question.rs"]
mod question;
#[path = "../capsules/recorded.rs"]
#[expect(dead_code, reason = "how many there are, tests of capsules ask otherwise")]
mod recorded;
mod capsules;
mod looks;
mod weight;
mod certificates;
mod deletion;
mod requests;
mod element;
mod preview;
mod status;
mod asked;
mod upload;
mod replacement;
mod returned;
mod large;
mod events;
mod admin;
mod overview;
mod alarms;
mod settings;
mod candidates;
mod decisions;
mod playground;
mod nodes;
mod audit;
mod accounts;
