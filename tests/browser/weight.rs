//! How much a first visit loads, and how long people wait. What is measured in octets is held to a limit; times are only
//! reported, because they are the machine's as much as ours.

use std::io::Write;

use crate::browser::Browser;
use crate::console::clean;
use crate::managed::pem;
use crate::place::Place::{Css, Role};
use crate::process::Server;
use crate::site::chain;

/// Most octets of a first visit, compressed: the page, its code, the engine.
const VISIT: u64 = 1_200_000;
/// Of these the engine's.
const ENGINE: u64 = 500_000;

/// Says something even where the test passes.
fn report(line: &str) {
    let _ = writeln!(std::io::stderr(), "report: {line}");
}

#[test]
fn a_first_visit_is_light() {
    let Some(browser) = Browser::start() else { return };
    let server = Server::start();
    browser.open(&format!("{}/", server.uri));
    browser.wait_for(Role("button", "Sign in"));
    // the engine is loaded beside the page, so that previews work when the network is gone
    browser.wait_until("performance.getEntriesByType('resource').some(one => one.name.includes('engine.core.wasm') && one.responseEnd)");
    let script = "return ['navigation', 'resource'].flatMap(kind => performance.getEntriesByType(kind))
        .filter(one => !new URL(one.name).pathname.startsWith('/api/'))
        .map(one => [new URL(one.name).pathname.split('/').pop() || '/', one.encodedBodySize, one.decodedBodySize, one.responseEnd])";
    let loaded = browser.script(script, &[]);
    let (mut visit, mut engine) = (0, 0);
    for one in loaded.as_array().into_iter().flatten() {
        let [octets, whole] = [1, 2].map(|place| one[place].as_u64().unwrap());
        let name = one[0].as_str().unwrap();
        assert!(octets > 0, "{name} has no content, or its size is kept from us");
        report(&format!(
            "{name}: {octets} octets of {whole}, there after {:.0} ms",
            one[3].as_f64().unwrap()
        ));
        visit += octets;
        if name.ends_with(".wasm") && name.starts_with("engine") {
            engine += octets;
        }
    }
    report(&format!(
        "a first visit loads {visit} octets (at most {VISIT}), the engine {engine} (at most {ENGINE})"
    ));
    assert!(visit <= VISIT && engine <= ENGINE, "{loaded}");
    // both halves must be there, or nothing was measured
    assert!(engine > 100_000 && visit > engine, "{loaded}");
    clean(&browser);
}

#[test]
fn a_chain_of_three_is_shown_without_a_server() {
    let Some(browser) = Browser::start() else { return };
    let server = Server::start();
    browser.open(&format!("{}/#/preview", server.uri));
    browser.wait_for(Role("heading", "Preview and upload"));
    let file = pem(&chain().iter().rev().collect::<Vec<_>>());
    for time in ["the first time", "again"] {
        browser.script("performance.clearMarks()", &[]);
        browser.drop_files(Css("main"), &[("chain.pem", file.as_bytes())]);
        browser.wait_until("performance.getEntriesByName('preview-shown').length");
        let marks = browser.performance_marks();
        let at = |name: &str| marks.iter().find(|(found, _, _)| found == name).unwrap().1;
        let waited = at("preview-shown") - at("drop");
        report(&format!("from the drop to the preview of a chain of three, {time}: {waited:.0} ms"));
        assert!(waited > 0.0, "{marks:?}");
    }
    clean(&browser);
}
