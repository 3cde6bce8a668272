//! A policy as it is typed, and what it decides: with the network cut, and back and forth with the command line.

use std::process::Output;

use serde_json::json;

use crate::admin::at;
use crate::axe::accessible;
use crate::browser::Browser;
use crate::console::clean;
use crate::look::{Motion, Network, Scheme};
use crate::place::Place::{Css, Label, Role, Text};
use crate::process::{Place, Server, assayer};
use crate::site::{Site, TRUST_ADMIN};

const DOCUMENT: &str = "Policy document (TOML)";
const CASES: &str = "Cases (TOML)";
const DECISIONS: &str = "input[type=file][multiple]";
const SUBJECT: &str = "CN=www.example.org,O=Assayer samples";
const DECIDED: &str = "What is decided about CN=www.example.org,O=Assayer samples";
/// A rule of an author's own, which refuses what everything else accepts.
const RULE: &str = "profile = \"rfc5280\"

[[rules]]
id = \"short-lived\"
when = 'target.not_after - target.not_before > duration(\"24h\")'
effect = \"deny\"
message = \"certificates here last a day at most\"
";

fn run(arguments: &[&str]) -> Output {
    assayer(arguments).output().unwrap()
}

/// A decision about the sample chain, recorded by the program, with these further options.
fn recorded(place: &Place, name: &str, options: &[&str]) -> Vec<u8> {
    let samples = concat!(env!("CARGO_MANIFEST_DIR"), "/samples");
    let (chain, root) = (format!("{samples}/chain.pem"), format!("{samples}/root.pem"));
    let path = place.path().join(name).to_str().unwrap().to_owned();
    let asked = ["verify", &chain, "--anchors", &root, "--at", "2026-11-21T12:00:00Z", "--capsule", &path];
    let output = run(&[&asked[..], options].concat());
    assert!(output.status.code().is_some_and(|code| code < 2), "{output:?}");
    std::fs::read(path).unwrap()
}

/// The page with everything loaded, and the network cut.
fn unplugged(browser: &Browser, server: &Server) {
    browser.open(&format!("{}/#/playground", server.uri));
    browser.wait_for(Text("Accepted: what is decided follows this text"));
    browser.wait_for(Text("All 2 cases pass"));
    browser.network(Network::Offline);
}

/// Puts a text into an editor, all at once, as pasting does.
fn write(browser: &Browser, label: &str, text: &str) {
    let script = "const [label, text] = arguments;
        const area = [...document.querySelectorAll('textarea')].find(area => area.labels[0].innerText === label);
        area.value = text;
        area.dispatchEvent(new Event('input', { bubbles: true }));";
    browser.wait_for(Label(label));
    browser.script(script, &[json!(label), json!(text)]);
}

#[test]
fn typing_flips_a_verdict_and_names_the_rule() {
    let Some(browser) = Browser::start() else { return };
    let (server, place) = (Server::start(), Place::new());
    let name = recorded(&place, "name.capsule", &["--name", "www.example.org"]);
    let auth = recorded(&place, "auth.capsule", &["--purpose", "server-auth"]);
    let denied = recorded(&place, "denied.capsule", &["--name", "www.example.net"]);
    unplugged(&browser, &server);
    browser.choose_files(DECISIONS, &[("name", &name), ("auth", &auth), ("denied", &denied)]);
    browser.wait_for(Text("3 decisions: none flips"));
    browser.wait_for(Text("as recorded, to the byte"));
    browser.type_into(DOCUMENT, RULE);
    browser.wait_for(Text("3 decisions: 2 flip"));
    browser.wait_for(Text("refuses: rule short-lived: certificates here last a day at most"));
    browser.screenshot("playground-flips");
    browser.click(Role("button", SUBJECT));
    browser.wait_for(Text("This was allowed, and is denied under this policy"));
    assert_eq!(browser.focused(), ("heading".to_owned(), DECIDED.to_owned()));
    browser.wait_for(Text("Deny: it may not be trusted"));
    browser.wait_for(Text("What would change it"));
    browser.click(Text("As it was recorded"));
    browser.wait_for(Text("Allow: it may be trusted"));
    accessible(&browser);
    browser.choose("Show", "What flips");
    browser.wait_until("document.querySelectorAll('table.decisions tbody tr').length === 2");
    // broken text: what was decided last stays, and says so
    write(&browser, DOCUMENT, &format!("{RULE}\nmesage = \"again\"\n"));
    browser.wait_for(Text("One thing is wrong. Verdicts are those of the last text that was accepted."));
    browser.wait_for(Text("did you mean \"message\"?"));
    browser.wait_for(Text("3 decisions: 2 flip"));
    browser.click(Role("button", "Line 9, column 1"));
    let marked = "(area => area.value.slice(area.selectionStart, area.selectionEnd))(document.activeElement)";
    browser.wait_until(&format!("{marked} === 'mesage'"));
    browser.screenshot("playground-refused");
    accessible(&browser);
    write(&browser, DOCUMENT, "profil = \"rfc5280\"\n");
    browser.click(Role("button", "Write profile instead"));
    browser.wait_for(Text("3 decisions: none flips"));
    clean(&browser);
    accessible(&browser);
}

#[test]
fn what_is_no_whole_decision_is_named_and_stops_nothing() {
    let Some(browser) = Browser::start() else { return };
    let (server, place) = (Server::start(), Place::new());
    let whole = recorded(&place, "whole.capsule", &["--name", "www.example.org"]);
    let text = String::from_utf8(whole.clone()).unwrap();
    let broken = text.replace("\"moment\":17", "\"moment\":16");
    assert_ne!(broken, text);
    let path = place.path().join("redacted.capsule").to_str().unwrap().to_owned();
    let from = place.path().join("whole.capsule").to_str().unwrap().to_owned();
    let redacted = run(&["capsule", "redact", &from, "--part", "question/names", "--out", &path]);
    assert!(redacted.status.success(), "{redacted:?}");
    let redacted = std::fs::read(path).unwrap();
    unplugged(&browser, &server);
    browser.drop_files(
        Css("main"),
        &[
            ("broken\u{202e}", broken.as_bytes()),
            ("redacted", &redacted),
            ("nothing", b""),
            ("whole", &whole),
            ("picture.png", b"\x89PNG"),
            ("cut", &whole[..1_000]),
            ("again", &whole),
        ],
    );
    browser.wait_for(Text("5 files could not be used"));
    browser.wait_for(Text("part `question/moment` was altered"));
    browser.wait_for(Text("left out were question/names/00001"));
    browser.wait_for(Text("ends after 1000 octets"));
    browser.wait_for(Text("One decision: none flips"));
    assert!(!browser.text(Css("main")).contains('\u{202e}'));
    browser.click(Role("button", "Clear away"));
    browser.wait_until_gone(Text("One decision"));
    browser.drop_files(Css("main"), &[("whole", &whole), ("policy.toml", RULE.as_bytes())]);
    browser.wait_for(Text("One decision: one flips"));
    browser.click(Role("button", "Bring back what was there before"));
    browser.wait_for(Text("One decision: none flips"));
    clean(&browser);
    accessible(&browser);
}

#[test]
fn what_is_shared_is_decided_again_by_the_program_and_by_the_page() {
    let Some(browser) = Browser::start() else { return };
    let (server, place) = (Server::start(), Place::new());
    let whole = recorded(&place, "whole.capsule", &["--name", "www.example.org"]);
    unplugged(&browser, &server);
    browser.choose_files(DECISIONS, &[("whole", &whole)]);
    write(&browser, DOCUMENT, RULE);
    browser.wait_for(Text("One decision: one flips"));
    browser.click(Role("button", SUBJECT));
    browser.click(Role("button", "Download as a capsule"));
    browser.wait_for(Text("assayer capsule replay decides it again"));
    let shared = browser.downloaded("CNwww.example.orgOAssayer samples.capsule");
    browser.click(Role("button", "a leaf that is revoked"));
    browser.wait_for(Role("heading", "Case a leaf that is revoked"));
    browser.click(Role("button", "Download as a capsule"));
    let case = browser.downloaded("a leaf that is revoked.capsule");
    let files = [("shared.capsule", &shared), ("case.capsule", &case)];
    for (name, octets) in files {
        let replayed = run(&["capsule", "replay", &place.file(name, octets)]);
        let said = String::from_utf8_lossy(&replayed.stdout).into_owned();
        assert!(replayed.status.success() && said.starts_with("same"), "{name}: {replayed:?}");
    }
    // and the other way: this page decides as the program did, and as it did itself
    browser.click(Role("button", "Clear away"));
    browser.choose_files(DECISIONS, &[("shared", &shared)]);
    browser.wait_for(Text("One decision: none flips"));
    browser.wait_for(Text("as recorded, to the byte"));
    clean(&browser);
    accessible(&browser);
}

#[test]
fn cases_pass_and_fail_as_they_are_typed() {
    let Some(browser) = Browser::start() else { return };
    let server = Server::start();
    unplugged(&browser, &server);
    write(&browser, DOCUMENT, RULE);
    browser.wait_for(Text("One of 2 cases fails"));
    browser.wait_for(Text("expected allow, found deny"));
    browser.wait_for(Text("Rule short-lived speaks in every case that it is asked about"));
    browser.click(Role("button", "a leaf"));
    browser.wait_for(Role("heading", "Case a leaf"));
    browser.wait_for(Text("Deny: it may not be trusted"));
    browser.screenshot("playground-cases");
    accessible(&browser);
    write(&browser, CASES, "at = 2026-11-22T12:00:00Z\nchain = [{ name = \"root\" }, { nam = \"leaf\" }]\n");
    browser.wait_for(Text("What is shown is of the last cases that could be read."));
    browser.wait_for(Text("did you mean \"name\"?"));
    browser.click(Role("button", "Line 2, column 31"));
    clean(&browser);
    accessible(&browser);
}

/// Makes every `evaluate` trap once when `assayerTrap` is set, as a fault of the engine would.
const TRAP: &str = "const make = WebAssembly.instantiate;
    WebAssembly.instantiate = async (module, imports) => {
      const made = await make(module, imports);
      if (!(made instanceof WebAssembly.Instance)) return made;
      const exports = { ...made.exports };
      for (const name of Object.keys(exports).filter(name => name.endsWith('validator.evaluate'))) {
        exports[name] = (...given) => {
          if (!globalThis.assayerTrap) return made.exports[name](...given);
          globalThis.assayerTrap = false;
          throw new WebAssembly.RuntimeError('unreachable');
        };
      }
      return { exports };
    };";

#[test]
fn a_trap_is_told_as_our_fault_and_the_next_is_judged() {
    let Some(browser) = Browser::start() else { return };
    let (server, place) = (Server::start(), Place::new());
    let whole = recorded(&place, "whole.capsule", &["--name", "www.example.org"]);
    browser.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": TRAP }));
    browser.open(&format!("{}/#/playground", server.uri));
    browser.wait_for(Text("All 2 cases pass"));
    browser.script("globalThis.assayerTrap = true;", &[]);
    browser.choose_files(DECISIONS, &[("whole", &whole)]);
    browser.wait_for(Text("the fault is ours"));
    write(&browser, DOCUMENT, RULE);
    browser.wait_for(Text("One decision: one flips"));
    clean(&browser);
}

#[test]
fn whoever_is_signed_in_begins_with_the_policy_in_force() {
    let Some(browser) = Browser::start() else { return };
    let site = Site::start();
    at(&browser, &site, (TRUST_ADMIN, "#/playground"));
    browser.wait_until("document.querySelector('textarea')?.value.startsWith(\"# the tests' own\")");
    browser.wait_for(Text("Accepted: what is decided follows this text"));
    browser.click(Role("button", "Fetch from the server"));
    browser.wait_for(Text("The server has recorded nothing."));
    browser.choose("Start from", "Profile ndcpp-4.0");
    browser.click(Role("button", "Load"));
    browser.wait_until("document.querySelector('textarea').value.startsWith('profile = \"ndcpp-4.0\"')");
    browser.click(Role("button", "Write out every key"));
    browser.wait_until("document.querySelector('textarea').value.includes('[revocation]')");
    browser.wait_for(Text("Accepted: what is decided follows this text"));
    for (scheme, size) in [(Scheme::Light, (1280, 900)), (Scheme::Dark, (380, 800))] {
        browser.emulate(scheme, Motion::Reduced, size);
        browser.screenshot(&format!("playground-{}", size.0));
        accessible(&browser);
    }
    clean(&browser);
}

#[test]
fn what_the_server_recorded_is_fetched_and_judged() {
    let Some(browser) = Browser::start() else { return };
    let server = Server::configured("[capsules]\nrecord = \"all\"\n");
    let sample = |name: &str| {
        let path = format!("{}/samples/{name}", env!("CARGO_MANIFEST_DIR"));
        std::fs::read_to_string(path).unwrap()
    };
    for purpose in [json!(null), json!("server-auth")] {
        let question = json!({
            "certificate": sample("leaf.pem"),
            "untrusted": [sample("issuing.pem")],
            "anchors": [sample("root.pem")],
            "at": "2026-11-21T12:00:00Z",
            "purpose": purpose,
        });
        assert_eq!(server.post("/api/v1/verify", &question).status, 200);
    }
    // they are written down when there is time for it
    let begun = std::time::Instant::now();
    while server.get("/api/v1/capsules").json()["items"].as_array().map_or(0, Vec::len) < 2 {
        assert!(begun.elapsed() < std::time::Duration::from_secs(60), "they are never written down");
        std::thread::yield_now();
    }
    browser.open(&format!("{}/", server.uri));
    browser.script("sessionStorage.setItem('assayer-token', arguments[0])", &[json!(server.token)]);
    browser.open(&format!("{}/healthz", server.uri));
    browser.open(&format!("{}/#/playground", server.uri));
    browser.wait_for(Text("Accepted: what is decided follows this text"));
    browser.click(Role("button", "Fetch from the server"));
    browser.wait_for(Text("2 decisions: none flips"));
    browser.wait_for(Text("as recorded, to the byte"));
    write(&browser, DOCUMENT, RULE);
    browser.wait_for(Text("2 decisions: 2 flip"));
    clean(&browser);
    accessible(&browser);
}
