//! Decisions that a server recorded, decided again by the component in Chromium: the same documents, byte for byte, and the
//! same trace hashes. `ASSAYER_BROWSER_CAPSULES` says how many, where more are wanted than there is time for always.

use std::path::PathBuf;

use engine_capsule::{Answer, Capsule, Evidence, Mode, Record, Role, Trusted};
use host_server::capsule::form;
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::console::clean;
use crate::parity::Page;
use crate::place::Place::{Css, Text};
use crate::process::Server;
use crate::question::Place;
use crate::recorded;
use crate::shape::{integer, octets, question, variant};

/// Decisions where nobody says otherwise.
const USUAL: usize = 1_200;
/// The environment variable that may say otherwise.
const VARIABLE: &str = "ASSAYER_BROWSER_CAPSULES";

fn wanted() -> usize {
    let said = std::env::var(VARIABLE).ok();
    said.map_or(USUAL, |said| said.parse().unwrap_or_else(|_| panic!("{VARIABLE} is no number: {said}")))
}

/// The files of a directory, in the order of their names.
fn files(directory: &std::path::Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn what_a_server_recorded_is_decided_again_in_a_browser_to_the_byte() {
    let Some(browser) = Browser::start() else { return };
    let (server, place) = (Server::start(), Place::new());
    let directory = place.0.join("recorded");
    let count = recorded::into(&directory, wanted());
    let page = Page::open(browser, &server);
    let files = files(&directory);
    assert_eq!(files.len(), count);
    let begun = std::time::Instant::now();
    for some in files.chunks(500) {
        let records: Vec<Record> = some.iter().map(|path| record(path)).collect();
        let cases: Vec<Value> = records.iter().map(case).collect();
        for ((record, said), path) in records.iter().zip(page.answers("again", &cases)).zip(some) {
            let expected = json!({
                "allows": record.verdict.decision == engine_capsule::Decision::Allow,
                "document": record.document,
                "trace": record.verdict.trace.to_string(),
            });
            assert_eq!(said, expected, "{}", path.display());
        }
    }
    println!("{count} recorded decisions: the same in the browser, after {:?}", begun.elapsed());
    clean(&page.browser);
}

/// A few hundred at once: read, verified and judged in slices, while somebody types.
#[test]
fn hundreds_of_decisions_are_judged_while_somebody_types() {
    let Some(browser) = Browser::start() else { return };
    let (server, place) = (Server::start(), Place::new());
    let directory = place.0.join("recorded");
    recorded::into(&directory, 200);
    let texts: Vec<Vec<u8>> =
        files(&directory).iter().take(200).map(|path| std::fs::read(path).unwrap()).collect();
    let names: Vec<String> = (0..texts.len()).map(|number| format!("{number}.capsule")).collect();
    let given: Vec<(&str, &[u8])> =
        names.iter().zip(&texts).map(|(name, text)| (name.as_str(), text.as_slice())).collect();
    browser.open(&format!("{}/#/playground", server.uri));
    browser.wait_for(Text("All 2 cases pass"));
    browser.choose_files("input[type=file][multiple]", &given);
    browser.wait_for(Text("200 decisions"));
    // what is out of date is given up, and nobody waits for it
    browser.type_into("Policy document (TOML)", "profile = \"rfc5280\"\n# typed\n");
    browser.wait_until("document.querySelector('progress') === null");
    let counted = "[...document.querySelectorAll('table.counts tbody tr:last-child td')]
        .reduce((sum, cell) => sum + Number(cell.innerText), 0) === 200";
    browser.wait_until(counted);
    let counts = browser.text(Css("table.counts"));
    assert!(!counts.contains("Could not be judged"), "{counts}");
    assert!(!browser.shows(Text("could not be used")));
    browser.screenshot("playground-hundreds");
    clean(&browser);
}

fn record(path: &std::path::Path) -> Record {
    let capsule = Capsule::read(&std::fs::read(path).unwrap()).unwrap();
    Record::of(&capsule).unwrap()
}

fn case(record: &Record) -> Value {
    json!({
        "policy": record.policy,
        "mode": match record.mode {
            Mode::AsWritten => "as-written",
            Mode::CommonCriteria => "common-criteria",
        },
        "trusted": record.trusted.iter().map(trusted).collect::<Value>(),
        "question": question(&form::validation(record)),
        "evidence": record.evidence.iter().map(evidence).collect::<Value>(),
    })
}

fn trusted(trusted: &Trusted) -> Value {
    match trusted {
        Trusted::Anchor { role, certificate } => {
            let role = match role {
                Role::Issuer => "issuer",
                Role::Leaf => "leaf",
                Role::IssuerAndLeaf => "issuer-and-leaf",
                Role::Distrusted => "distrusted",
            };
            json!(["anchor", octets(&certificate.0), role])
        }
        Trusted::Stored { active_from, at, certificate } => {
            json!(["stored", octets(&certificate.0), active_from.map(integer), integer(*at)])
        }
        Trusted::Responder { issuer, certificate } => {
            json!(["responder", octets(&certificate.0), issuer.as_ref().map(|issuer| octets(&issuer.0))])
        }
    }
}

fn evidence(evidence: &Evidence) -> Value {
    let answered = |from: &Answer| json!({ "requestId": from.request, "body": octets(&from.body.0) });
    match evidence {
        Evidence::Certificate(certificate) => variant("certificate", octets(&certificate.0)),
        Evidence::IssuerCertificates(answer) => variant("issuer-certificates", answered(answer)),
        Evidence::OcspResponse(answer) => variant("ocsp-response", answered(answer)),
        Evidence::Crl(answer) => variant("crl", answered(answer)),
        // the words of a capsule are the contract's
        Evidence::Unavailable { request, reason } => {
            variant("unavailable", json!({ "requestId": request, "reason": reason }))
        }
    }
}
