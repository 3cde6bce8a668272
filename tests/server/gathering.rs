//! Evidence for a question that a page judges: the page asks its own engine, has gathered here what that needs, and comes
//! to the verdict that the server comes to. Nothing is fetched that the engine here did not ask for.

use base64ct::{Base64, Encoding};
use host_server::component::contract::evaluate::Outcome;
use host_server::component::contract::evidence::{Answered, Item, Need, Unavailable, UnavailableReason};
use host_server::component::contract::request::{Mode, Validation};
use host_server::component::contract::verdict::{Decision, RevocationStatus, Verdict};
use host_server::component::{Allocation, Engine, Session, Validator};
use pki::certificate::Sketch;
use pki::extension::information_access;
use pki::key::Key;
use serde_json::{Value, json};

use crate::client::{Asked, Reply};
use crate::clients::World;
use crate::fault::Step;
use crate::management::{done, token};
use crate::process::Server;

const PATH: &str = "/api/v1/evidence";
const SEED: [u8; 32] = [7; 32];

/// A page with an engine, the trust store, and no network but the server.
struct Page {
    session: Session,
    validator: Validator,
    at: i64,
}

impl Page {
    fn new(world: &World) -> Self {
        let told = done(&world.server.get("/api/v1/snapshot?room=trust:tomcat-trust"));
        let mut session = Engine::load(Allocation::OnDemand).unwrap().session().unwrap();
        let validator =
            session.validator(told["policy"].as_str().unwrap(), Mode::AsWritten).unwrap().unwrap();
        let at = told["at"].as_i64().unwrap();
        for entry in told["cluster"]["entries"].as_array().unwrap() {
            let der = Base64::decode_vec(entry["certificate"].as_str().unwrap()).unwrap();
            session.add_stored(&validator, &der, None, at).unwrap().unwrap();
        }
        Self { session, validator, at }
    }

    fn question(&self, target: &[u8]) -> Validation {
        Validation {
            target: target.to_vec(),
            untrusted: Vec::new(),
            at: self.at,
            purpose: Some("client-auth".to_owned()),
            names: Vec::new(),
            nonce_seed: Some(SEED.to_vec()),
            answers_signature_checks: false,
        }
    }

    fn needs(&mut self, target: &[u8]) -> Vec<Need> {
        let question = self.question(target);
        match self.session.evaluate(&self.validator, &question, &[]).unwrap().unwrap() {
            Outcome::Needs(needs) => needs,
            Outcome::Decided(verdict) => panic!("{}", verdict.document),
        }
    }

    fn decided(&mut self, target: &[u8], items: &[Item]) -> Verdict {
        let question = self.question(target);
        match self.session.evaluate(&self.validator, &question, items).unwrap().unwrap() {
            Outcome::Decided(verdict) => verdict,
            Outcome::Needs(needs) => panic!("{needs:?}"),
        }
    }

    fn asked(&self, target: &[u8]) -> Value {
        json!({
            "store": "tomcat-trust", "target": Base64::encode_string(target), "at": self.at, "purpose": "client-auth",
            "nonce-seed": Base64::encode_string(&SEED)
        })
    }
}

fn answered(value: &Value) -> Answered {
    let body = Base64::decode_vec(value["body"].as_str().unwrap()).unwrap();
    Answered { request_id: value["request-id"].as_str().map(str::to_owned), body }
}

fn item(value: &Value) -> Item {
    let (name, content) = value.as_object().unwrap().iter().next().unwrap();
    match name.as_str() {
        "ocsp-response" => Item::OcspResponse(answered(content)),
        "crl" => Item::Crl(answered(content)),
        "issuer-certificates" => Item::IssuerCertificates(answered(content)),
        "unavailable" => {
            let reason = match content["reason"].as_str().unwrap() {
                "connection" => UnavailableReason::Connection,
                "timeout" => UnavailableReason::Timeout,
                other => panic!("{other}"),
            };
            let request_id = content["request-id"].as_str().unwrap().to_owned();
            Item::Unavailable(Unavailable { request_id, reason })
        }
        other => panic!("{other}"),
    }
}

fn items(gathered: &Value) -> Vec<Item> {
    gathered["items"].as_array().unwrap().iter().map(item).collect()
}

#[test]
fn a_page_judges_by_what_was_gathered_what_the_server_judges() {
    let world = World::new();
    let mut page = Page::new(&world);
    for (leaf, decision) in [("good", Decision::Allow), ("revoked", Decision::Deny)] {
        let target = world.der(leaf);
        let needs = page.needs(&target);
        let gathered = done(&world.server.post(PATH, &page.asked(&target)));
        assert_eq!(gathered["asked"][0]["id"], needs[0].id, "{gathered}");
        assert_eq!(
            (&gathered["asked"][0]["what"], &gathered["asked"][0]["reason"]),
            (&json!("ocsp-response"), &json!(null))
        );
        assert_eq!(gathered["items"][0]["ocsp-response"]["request-id"], needs[0].id);
        let verdict = page.decided(&target, &items(&gathered));
        assert_eq!(verdict.decision, decision, "{}", verdict.document);
        let status = &verdict.path[0].status;
        assert_eq!(matches!(status, RevocationStatus::Good), leaf == "good", "{status:?}");
        assert_eq!(world.decided("live", leaf)["decision"], if leaf == "good" { "allow" } else { "deny" });
    }
    // what could not be had is evidence as well, and ends the question
    world.instead(vec![Step::Reset]);
    let target = world.der("unlisted");
    let gathered = done(&world.server.post(PATH, &page.asked(&target)));
    let first = &gathered["items"][0]["unavailable"];
    assert_eq!(
        (&first["reason"], &gathered["asked"][0]["reason"]),
        (&json!("connection"), &json!("connection"))
    );
    let verdict = page.decided(&target, &items(&gathered));
    assert!(matches!(verdict.path[0].status, RevocationStatus::Undetermined(_)), "{}", verdict.document);
}

#[test]
fn nothing_is_fetched_for_what_leads_to_no_store() {
    let world = World::new();
    let page = Page::new(&world);
    let other = Sketch::ca("Other CA")
        .key(Key::p256("other"))
        .valid("2020-01-01T00:00:00Z", "2040-01-01T00:00:00Z")
        .issue();
    let leaf =
        Sketch::leaf("leaf").valid("2020-01-01T00:00:00Z", "2040-01-01T00:00:00Z").eku(&["clientAuth"]);
    let leaf = leaf
        .extension(
            "1.3.6.1.5.5.7.1.1",
            false,
            information_access("1.3.6.1.5.5.7.48.1", &world.ocsp.uri("/ocsp")),
        )
        .issued_by(&other)
        .issue();
    let before = world.ocsp.accepted();
    let mut asked = page.asked(&leaf.der);
    for untrusted in [json!([]), json!([Base64::encode_string(&other.der)])] {
        asked["untrusted"] = untrusted;
        let gathered = done(&world.server.post(PATH, &asked));
        assert_eq!((&gathered["items"], &gathered["asked"]), (&json!([]), &json!([])));
    }
    assert_eq!(world.ocsp.accepted(), before);
}

fn code(reply: &Reply) -> (u16, String) {
    (reply.status, reply.json()["code"].as_str().unwrap_or_default().to_owned())
}

#[test]
fn who_may_not_and_what_cannot_be_asked_is_refused() {
    let world = World::new();
    let page = Page::new(&world);
    let question = page.asked(&world.der("good"));
    let with = |name: &str, value: Value| {
        let mut question = question.clone();
        question[name] = value;
        code(&world.server.post(PATH, &question))
    };
    assert_eq!(with("store", json!("no-such-trust")), (422, "store.unknown".to_owned()));
    assert_eq!(with("target", json!("?")), (422, "request.value".to_owned()));
    assert_eq!(with("nonce-seed", json!("AAAA")), (422, "request.value".to_owned()));
    assert_eq!(with("target", json!("AAAA")).0, 422);
    assert_eq!(with("names", json!([{ "dns": "a.example" }])).0, 200);
    assert_eq!(with("uri", json!("http://127.0.0.1/")), (422, "request.json-data".to_owned()));
    for role in ["viewer", "auditor"] {
        let token = token(&world.server, role);
        let asked =
            Asked::new("POST", PATH).json(&question).header("authorization", &format!("Bearer {token}"));
        assert_eq!(code(&world.server.send(&asked)), (403, "access.permission".to_owned()), "{role}");
    }
    let offline = Server::start();
    assert_eq!(code(&offline.post(PATH, &question)), (409, "fetch.offline".to_owned()));
}
