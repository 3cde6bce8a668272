//! The component in Chromium says what it says in wasmtime, to the octet: every scenario's verdict and trace hash, every
//! certificate's description, every plan that the tests of management make. One page asks all of it.

use host_server::component::contract::management::{Cluster, Operation};
use pki::scenario::Run;
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::cases::{every_certificate, runs};
use crate::component::{self, Answer};
use crate::console::clean;
use crate::planned::management::{self, own, sample};
use crate::process::Server;
use crate::shape;

/// How many cases one script is given: a message to a browser has its limits.
const AT_ONCE: usize = 100;

/// A page of a server with the component in it.
pub(crate) struct Page {
    pub(crate) browser: Browser,
    assets: String,
    /// SHA-256 of the core module that runs in it.
    sha256: String,
}

impl Page {
    pub(crate) fn open(browser: Browser, server: &Server) -> Self {
        browser.open(&format!("{}/", server.uri));
        let script = "return new URL('.', document.querySelector('script[src]').src).href.slice(0, -1)";
        let assets = browser.script(script, &[]).as_str().unwrap().to_owned();
        assert!(assets.contains("/assets/"), "{assets}");
        let mut page = Self { browser, assets, sha256: String::new() };
        page.sha256 = page.ask("describe", &[])["sha256"].as_str().unwrap().to_owned();
        page
    }

    fn ask(&self, act: &str, cases: &[Value]) -> Value {
        let arguments = [json!(self.assets), json!(act), json!(cases)];
        self.browser.script(include_str!("parity.js"), &arguments)
    }

    /// What the component in the page says of every case.
    pub(crate) fn answers(&self, act: &str, cases: &[Value]) -> Vec<Value> {
        let asked = cases.chunks(AT_ONCE).map(|cases| self.ask(act, cases));
        let mut answers = Vec::new();
        for mut said in asked {
            assert_eq!(said["sha256"], self.sha256);
            answers.append(said["answers"].as_array_mut().unwrap());
        }
        assert_eq!(answers.len(), cases.len());
        answers
    }
}

#[test]
fn the_component_says_the_same_in_a_browser() {
    let Some(browser) = Browser::start() else { return };
    let server = Server::start();
    let page = Page::open(browser, &server);
    // what runs in the page is what runs in the server
    let engine = component::engine();
    assert_eq!(page.sha256, engine.info().core_module_sha256);
    assert_eq!(server.get("/api/v1/engine").json()["core-module-sha256"], page.sha256);
    verdicts(&page);
    descriptions(&page);
    plans(&page);
    clean(&page.browser);
}

fn verdicts(page: &Page) {
    let runs = runs();
    let cases: Vec<Value> = runs.iter().map(|(_, run)| case(run)).collect();
    let engine = component::engine();
    let mut decided = 0;
    for ((name, run), said) in runs.iter().zip(page.answers("judge", &cases)) {
        let expected = match component::ask(&mut engine.session().unwrap(), run) {
            Answer::Decided { allows, document, trace_hash } => {
                decided += 1;
                let trace: String = trace_hash.iter().map(|octet| format!("{octet:02x}")).collect();
                json!({ "allows": allows, "document": document, "trace": trace })
            }
            Answer::Refused(code, input) => json!({ "refused": [code, input] }),
        };
        assert_eq!(said, expected, "{name}: {}", run.title);
    }
    assert!(decided > 300, "{decided}");
    println!("{} questions, {decided} of them decided: the same in the browser", runs.len());
}

fn case(run: &Run) -> Value {
    let anchors = [(&run.anchors, "issuer"), (&run.trusted_leaves, "leaf"), (&run.distrusted, "distrusted")];
    let anchors = anchors.iter().flat_map(|(list, role)| list.iter().map(move |der| (der, role)));
    let responders = run.responders.iter();
    json!({
        "policy": run.settings,
        "anchors": anchors.map(|(der, role)| json!([shape::octets(der), role])).collect::<Value>(),
        "responders": responders.map(|(responder, issuer)| {
            json!([shape::octets(responder), issuer.as_deref().map(shape::octets)])
        }).collect::<Value>(),
        "question": shape::question(&component::question(run)),
        "evidence": component::supplied(run).iter().map(shape::item).collect::<Value>(),
    })
}

fn descriptions(page: &Page) {
    let certificates = every_certificate();
    let cases: Vec<Value> = certificates.iter().map(|(_, der)| shape::octets(der)).collect();
    let engine = component::engine();
    let mut session = engine.session().unwrap();
    for ((name, der), said) in certificates.iter().zip(page.answers("describe", &cases)) {
        let expected = match session.describe_document(der).unwrap() {
            Ok(document) => json!({ "document": document }),
            Err(refusal) => json!({ "refused": [refusal.code, refusal.input] }),
        };
        assert_eq!(said, expected, "{name}");
    }
    println!("{} descriptions: the same in the browser", certificates.len());
}

fn plans(page: &Page) {
    // whatever these tests plan is planned in the browser too
    for test in [
        management::the_worked_example_of_the_reference_documents,
        management::a_returned_certificate_takes_its_slot_and_says_what_to_restart,
        management::a_returned_certificate_is_held_to_its_request,
        management::uploads_to_trust_stores,
        management::deletions_and_what_comes_back,
        management::a_self_signed_certificate_is_placed_only_if_it_is_the_planned_one,
        management::requests_and_the_octets_to_be_signed,
        management::reuse_regeneration_completeness_exchange_and_upgrade,
        management::a_node_leaves_and_another_is_the_publisher,
        own::from_the_request_to_the_restart,
        own::names_that_nobody_asked_for,
        own::the_catalogue_its_forms_and_a_certificate_made_here,
    ] {
        test();
    }
    let planned = sample::PLANNED.take();
    let case = |(policy, cluster, operation, _): &(String, Cluster, Operation, String)| {
        json!({
            "policy": policy,
            "cluster": shape::cluster(cluster),
            "operation": shape::operation(operation),
            "at": shape::integer(sample::now()),
        })
    };
    let cases: Vec<Value> = planned.iter().map(case).collect();
    for ((_, _, operation, document), said) in planned.iter().zip(page.answers("plan", &cases)) {
        assert_eq!(said, json!({ "document": document }), "{operation:?}");
    }
    assert!(planned.len() > 50, "{}", planned.len());
    println!("{} plans: the same in the browser", planned.len());
}
