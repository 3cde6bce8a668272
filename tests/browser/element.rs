//! The custom element in somebody else's form: the package that the build leaves, served as it is by somebody who knows
//! nothing of it, under a strict policy.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::axe::accessible;
use crate::browser::Browser;
use crate::console::clean;
use crate::fault::{FaultServer, Step, answer};
use crate::managed::pem;
use crate::place::Place::{Role, Text};
use crate::site::chain;

/// The package of the custom element, in the target directory that this test was built into.
fn package() -> PathBuf {
    let program = std::env::current_exe().unwrap();
    program.ancestors().nth(3).unwrap().join("assayer-preview")
}

/// A server of files: those of the package, and trust anchors beside them.
pub(crate) fn somebody(anchors: String) -> FaultServer {
    let policy =
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'";
    FaultServer::start(move |received| {
        let name = received.path().trim_start_matches('/').to_owned();
        let content = match name.as_str() {
            "anchors.pem" => Some(anchors.clone().into_bytes()),
            _ => std::fs::read(package().join(&name)).ok(),
        };
        let Some(content) = content else {
            return vec![Step::Send(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".to_vec())];
        };
        let kind = match name.rsplit('.').next() {
            Some("html") => "text/html",
            Some("js") => "text/javascript",
            Some("css") => "text/css",
            Some("wasm") => "application/wasm",
            _ => "application/octet-stream",
        };
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nContent-Security-Policy: {policy}; \
             img-src 'self' data:",
            content.len()
        );
        vec![Step::Send(answer(&head, &content))]
    })
}

/// Keeps what the element tells.
const LISTEN: &str = "window.told = []; for (const type of ['assayer-preview', 'assayer-fault'])
    document.addEventListener(type, event => window.told.push({ type, detail: event.detail }));";

pub(crate) fn told(browser: &Browser, number: usize) -> Value {
    browser.wait_until(&format!("window.told.length > {number}"));
    browser.script(&format!("return window.told[{number}]"), &[])
}

/// Opens the example, and keeps what the element tells.
pub(crate) fn open(browser: &Browser, server: &FaultServer) {
    browser.open(&server.uri("/example.html"));
    browser.wait_until("document.querySelector('assayer-preview').shadowRoot?.querySelector('.element')");
    browser.script(LISTEN, &[]);
}

#[test]
fn a_form_of_somebody_elses_says_what_is_about_to_be_sent() {
    let Some(browser) = Browser::start() else { return };
    let [root, issuing, leaf] = chain();
    let server = somebody(pem(&[&root]));
    open(&browser, &server);
    assert!(browser.script("return document.getElementById('send').disabled", &[]) == true);

    browser.choose_files("#certificate", &[("chain.pem", pem(&[&leaf, &issuing]).as_bytes())]);
    let shown = told(&browser, 0);
    assert_eq!(shown["type"], "assayer-preview", "{shown}");
    assert_eq!(shown["detail"]["verdict"]["decision"], "allow", "{shown}");
    assert_eq!(shown["detail"]["files"][0]["kind"], "certificates");
    assert_eq!(shown["detail"]["files"][0]["fingerprints"].as_array().unwrap().len(), 2);
    let document = shown["detail"]["verdict"]["document"].as_str().unwrap();
    assert!(document.starts_with("{\"trace-hash\":"), "{document}");
    browser.wait_until("!document.getElementById('send').disabled");
    browser.screenshot("element");
    accessible(&browser);

    // a stranger's: the form cannot be sent, and the next choice starts afresh
    let stranger = pki::certificate::Sketch::leaf("Stranger").subject("CN=Stranger").issue();
    browser.script("document.getElementById('certificate').value = ''", &[]);
    browser.choose_files("#certificate", &[("stranger.pem", pem(&[&stranger]).as_bytes())]);
    let shown = told(&browser, 1);
    assert_eq!(shown["detail"]["verdict"]["decision"], "deny", "{shown}");
    assert_eq!(shown["detail"]["files"].as_array().unwrap().len(), 1);
    browser.wait_until("document.getElementById('send').disabled");
    clean(&browser);
}

#[test]
fn files_that_are_no_certificates_are_named_and_an_address_that_fails_is_a_fault() {
    let Some(browser) = Browser::start() else { return };
    let [root, _, leaf] = chain();
    let server = somebody(pem(&[&root]));
    open(&browser, &server);
    browser.choose_files("#certificate", &[("picture.png", b"\x89PNG\r\n\x1a\n"), ("empty", b"")]);
    let shown = told(&browser, 0);
    let kinds: Vec<&Value> =
        shown["detail"]["files"].as_array().unwrap().iter().map(|file| &file["kind"]).collect();
    assert_eq!(kinds, ["unknown", "unknown"], "{shown}");
    assert_eq!(shown["detail"]["verdict"], Value::Null);

    let script = "document.querySelector('assayer-preview').setAttribute('anchors', arguments[0])";
    browser.script(script, &[json!("gone.pem")]);
    browser.choose_files("#certificate", &[("leaf.pem", pem(&[&leaf]).as_bytes())]);
    browser.wait_until("window.told.some(told => told.type === 'assayer-fault')");
    // and the element goes on
    browser.script(script, &[json!("anchors.pem")]);
    browser.wait_until("window.told.at(-1).detail.verdict?.decision === 'deny'");
    assert!(browser.shows(Role("heading", "Send us your certificate")));
    assert!(!browser.shows(Text("The fault is ours")));
}

/// Types, description and example go with it, and nothing of the pages that it does not need.
#[test]
fn the_package_is_whole() {
    let package = package();
    let manifest: Value =
        serde_json::from_slice(&std::fs::read(package.join("package.json")).unwrap()).unwrap();
    assert_eq!(manifest["name"], "assayer-preview");
    for name in ["main", "types", "customElements"] {
        let file = manifest[name].as_str().unwrap();
        assert!(package.join(file).is_file(), "{name}: {file}");
    }
    for needed in ["page.js", "page_bg.wasm", "engine.js", "engine.core.wasm", "style.css", "README.md"] {
        assert!(package.join(needed).is_file(), "{needed}");
    }
    assert!(!package.join("index.html").exists());
}
