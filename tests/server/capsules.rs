//! What a server records of its decisions: chosen by the configuration, listed, fetched, and decided again by the command
//! line, whatever was asked and however.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::client::Asked;
use crate::clients::{CLASSES, World};
use crate::decisions::question;
use crate::process::{Place, Server, assayer, run};

const ALL: &str = "[capsules]\nrecord = \"all\"\n";

/// The list, once so many were written down.
fn listed(server: &Server, query: &str, count: usize) -> Vec<Value> {
    let begun = Instant::now();
    loop {
        let page = server.get(&format!("/api/v1/capsules{query}"));
        assert_eq!(page.status, 200, "{}", page.text());
        let items = page.json()["items"].as_array().unwrap().clone();
        if items.len() >= count || begun.elapsed() > Duration::from_secs(60) {
            return items;
        }
        std::thread::yield_now();
    }
}

#[test]
fn decisions_are_recorded_listed_and_decided_again() {
    let server = Server::configured(ALL);
    let mut denied = question();
    denied["purpose"] = json!("client-auth");
    let verdicts: Vec<String> = [question(), denied]
        .iter()
        .map(|question| server.post("/api/v1/verify", question).text().to_owned())
        .collect();
    let items = listed(&server, "", 2);
    assert_eq!(items.len(), 2);
    assert_eq!((&items[0]["decision"], &items[1]["decision"]), (&json!("deny"), &json!("allow")));
    assert_eq!((&items[0]["purpose"], &items[1]["purpose"]), (&json!("client-auth"), &Value::Null));
    let place = Place::new();
    for (item, verdict) in items.iter().zip(verdicts.iter().rev()) {
        let file = server.get(&format!("/api/v1/capsules/{}", item["id"].as_str().unwrap()));
        assert_eq!(file.json()["root"], item["id"]);
        assert!(file.text().len() == usize::try_from(item["octets"].as_i64().unwrap()).unwrap());
        let token = server.token.as_deref().unwrap();
        assert!(!file.text().contains(token) && !file.text().contains("PRIVATE"));
        let path = place.file("a.capsule", file.text());
        let (status, said, errors) = run(&mut assayer(&["capsule", "replay", &path]));
        assert_eq!(status, Some(0), "{said}{errors}");
        let shown = run(&mut assayer(&["capsule", "show", &path, "--format", "json"])).1;
        let shown: Value = serde_json::from_str(&shown).unwrap();
        let verdict: Value = serde_json::from_str(verdict).unwrap();
        assert_eq!(shown[0]["trace-hash"], verdict["trace-hash"]);
        assert_eq!(item["trace-hash"], verdict["trace-hash"]);
    }
    assert_eq!(listed(&server, "?decision=deny", 1).len(), 1);
    assert_eq!(listed(&server, "?purpose=client-auth", 1).len(), 1);
    assert_eq!(listed(&server, "?since=2999-01-01T00:00:00Z", 0).len(), 0);
    let page = server.get("/api/v1/capsules?limit=1").json();
    let next = page["next"].as_str().unwrap();
    assert_eq!(listed(&server, &format!("?after={next}"), 1), items[1..]);
    assert!(server.get("/metrics").text().contains("assayer_capsules_total{outcome=\"recorded\"} 2"));
}

#[test]
fn nothing_is_recorded_unless_it_is_said_and_what_is_wrong_is_refused() {
    let server = Server::start();
    assert_eq!(server.post("/api/v1/verify", &question()).status, 200);
    assert_eq!(server.get("/api/v1/capsules").json(), json!({ "items": [], "next": null }));
    assert_eq!(server.get("/api/v1/capsules/00").status, 404);
    assert_eq!(server.get(&format!("/api/v1/capsules/{}", "00".repeat(32))).status, 404);
    for query in ["?after=x", "?since=yesterday"] {
        assert_eq!(server.get(&format!("/api/v1/capsules{query}")).status, 422, "{query}");
    }
    assert_eq!(server.send(&Asked::new("GET", "/api/v1/capsules")).status, 401);
}

#[test]
fn what_waits_when_it_stops_is_written_down() {
    let server = Server::configured(ALL);
    for _ in 0..5 {
        assert_eq!(server.post("/api/v1/verify", &question()).status, 200);
    }
    let token = server.token.clone();
    let (_, place) = server.stop();
    let mut again = Server::at(place, &[]);
    again.token = token;
    assert_eq!(again.get("/api/v1/capsules").json()["items"].as_array().unwrap().len(), 5);
}

/// What was fetched is in the capsule, and what could not be; who answered signature checks is not.
#[test]
fn live_decisions_for_other_servers_are_decided_again_offline() {
    let world = World::with(&format!("{ALL}\n{CLASSES}"));
    for (class, leaf) in [("live", "good"), ("strict", "good"), ("live", "revoked"), ("strict", "unlisted")] {
        world.decided(class, leaf);
    }
    // nobody answers any more
    world.instead(Vec::new());
    world.decided("live", "good");
    let items = listed(&world.server, "?purpose=client-auth", 5);
    assert_eq!(items.len(), 5);
    let denied = items.iter().filter(|item| item["decision"] == "deny").count();
    assert_eq!(denied, 2, "{items:?}");
    let place = Place::new();
    let mut evidence = String::new();
    for (number, item) in items.iter().enumerate() {
        let file = world.server.get(&format!("/api/v1/capsules/{}", item["id"].as_str().unwrap()));
        evidence.push_str(file.text());
        place.file(&format!("{number}.capsule"), file.text());
    }
    for word in ["ocsp-response", "unavailable", "nonce-seed", "\"stored\""] {
        assert!(evidence.contains(word), "{word}");
    }
    let directory = place.path().to_str().unwrap();
    for options in [&[][..], &["--host-signatures"]] {
        let (status, said, errors) = run(assayer(&["capsule", "replay", directory]).args(options));
        assert_eq!(status, Some(0), "{said}{errors}");
        assert!(said.contains("5 decided again: 5 the same"), "{said}");
    }
}
