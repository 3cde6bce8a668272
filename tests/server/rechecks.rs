//! What is judged again, over HTTP: connections are registered, seen to be cut, and ended; certificates are looked at when
//! they come, and when somebody asks.

use std::time::{Duration, Instant};

use base64ct::{Base64, Encoding};
use pki::certificate::{Issued, Sketch};
use serde_json::{Value, json};

use crate::client::{Asked, Reply};
use crate::management::{done, fingerprint, on_both, token, upload};
use crate::process::Server;
use crate::trusted::put_policy;

const POLICY: &str =
    "[revocation]\nsources = []\n[periodic]\nvalidity-check = \"True\"\nvalidity-check-hours = 1\n";

/// root -> a leaf that is good for another day, and one that expired yesterday
fn family() -> [Issued; 3] {
    let days = |count: i64| {
        let moment = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24 * count);
        moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    };
    let root = Sketch::ca("root").valid(&days(-100), &days(100)).issue();
    let good =
        Sketch::leaf("good").valid(&days(-9), &days(1)).dns("ldap.example.org").issued_by(&root).issue();
    let over =
        Sketch::leaf("over").valid(&days(-9), &days(-1)).dns("cti.example.org").issued_by(&root).issue();
    [root, good, over]
}

fn form(class: &str, leaf: &Issued) -> Value {
    json!({ "class": class, "peer": "ldap.example.org", "certificate": Base64::encode_string(&leaf.der),
        "store": "tomcat-trust", "purpose": "server-auth" })
}

fn until(server: &Server, path: &str, fits: impl Fn(&Value) -> bool) -> Value {
    let started = Instant::now();
    loop {
        let found = done(&server.get(path));
        if fits(&found) {
            return found;
        }
        assert!(started.elapsed() < Duration::from_secs(120), "{found}");
        std::thread::yield_now();
    }
}

#[track_caller]
fn problem(reply: &Reply, status: u16, code: &str) {
    assert_eq!((reply.status, &reply.json()["code"]), (status, &json!(code)), "{}", reply.text());
}

// R-OCSP-8, R-OCSP-22, R-REV-4
#[test]
fn a_connection_is_registered_judged_told_to_be_cut_and_ended() {
    on_both(|server| {
        let [root, good, over] = family();
        done(&put_policy(server, POLICY));
        done(&upload(server, &root.der, "trust", "tomcat-trust"));
        let path = format!("/api/v1/checks?fingerprint={}", fingerprint(&root.der));
        let root_check = until(server, &path, |page| page["items"][0]["status"] == "not-asked");
        let item = &root_check["items"][0];
        assert_eq!(
            (&item["kind"], &item["room"], &item["times"]),
            (&json!("trust"), &json!("tomcat-trust"), &json!(1))
        );
        assert_eq!((&item["decision"], &item["next-check"]), (&json!("allow"), &json!(null)));
        let made: Vec<Value> = [form("ldap", &good), form("cti", &over)]
            .iter()
            .map(|form| {
                let reply = server.post("/api/v1/connections", form);
                assert_eq!(reply.status, 201, "{}", reply.text());
                reply.json()
            })
            .collect();
        let path = |number: usize| format!("/api/v1/connections/{}", made[number]["id"].as_str().unwrap());
        let good = until(server, &path(0), |found| found["state"] != "unjudged");
        assert_eq!(
            (&good["state"], &good["why"], &good["registered-by"]),
            (&json!("good"), &json!(null), &json!("administrator"))
        );
        let cut = until(server, &path(1), |found| found["state"] != "unjudged");
        assert_eq!(cut["state"], "cut");
        assert!(cut["why"].as_str().unwrap().contains("validity.expired"), "{cut}");
        let listed = |query: &str| {
            done(&server.get(&format!("/api/v1/connections{query}")))["items"].as_array().unwrap().len()
        };
        assert_eq!(
            [listed(""), listed("?state=cut"), listed("?class=ldap"), listed("?class=ipsec")],
            [2, 1, 1, 0]
        );
        let first = done(&server.get("/api/v1/connections?limit=1"));
        assert_eq!(listed(&format!("?limit=5&after={}", first["next"].as_str().unwrap())), 1);
        let alarms = done(&server.get("/api/v1/alarms?kind=connection.cut"));
        assert_eq!(alarms["items"].as_array().unwrap().len(), 1);
        let alarm = &alarms["items"][0];
        assert_eq!((&alarm["state"], &alarm["severity"]), (&json!("open"), &json!("critical")));
        let sentence = alarm["event"]["sentence"].as_str().unwrap();
        assert!(sentence.contains("CTI connection to ldap.example.org"), "{sentence}");
        // it is looked at again when somebody asks, and told once all the same
        let asked = server.post("/api/v1/checks/runs", &json!({ "kind": "connection" }));
        assert_eq!((asked.status, &asked.json()["due"]), (202, &json!(2)), "{}", asked.text());
        until(server, "/api/v1/checks?kind=connection", |page| {
            page["items"].as_array().unwrap().iter().all(|item| item["times"] == 2)
        });
        assert_eq!(
            done(&server.get("/api/v1/alarms?kind=connection.cut"))["items"].as_array().unwrap().len(),
            1
        );
        let ended = done(&server.ask(Asked::new("DELETE", &path(1))));
        assert_eq!(ended["state"], "ended");
        assert_eq!(done(&server.ask(Asked::new("DELETE", &path(1))))["ended-at"], ended["ended-at"]);
        assert_eq!(done(&server.get("/api/v1/alarms?kind=connection.cut"))["items"][0]["state"], "resolved");
        assert_eq!([listed(""), listed("?state=ended")], [1, 2]);
        watched(server, &root);
    });
}

/// What the service says of itself, and what was written down.
fn watched(server: &Server, root: &Issued) {
    let monitor = done(&server.get("/api/v1/monitor"))["rechecks"].clone();
    assert_eq!(
        (&monitor["certificates"], &monitor["due"], &monitor["every-seconds"]),
        (&json!(2), &json!(0), &json!(null))
    );
    // nothing is fetched on this server, and that is said where something is to be looked at again
    assert_eq!(monitor["status"], "degraded");
    assert!(monitor["why"].as_str().unwrap().contains("fetch.online"), "{monitor}");
    assert!(monitor["next-run"].is_string() && monitor["last-run"].is_string(), "{monitor}");
    let started = Instant::now();
    loop {
        let metrics = server.get("/metrics").text().to_owned();
        let has = |line: &str| metrics.lines().any(|found| found == line);
        let of_root_and_connections = "assayer_rechecks_total{outcome=\"not-asked\"} 5";
        if has(of_root_and_connections) && has("assayer_rechecks_due 0") {
            break;
        }
        assert!(started.elapsed() < Duration::from_secs(120), "{metrics}");
    }
    let audit = server.get("/api/v1/audit?limit=100").json();
    let items = audit["items"].as_array().unwrap();
    let count = |what: &str| items.iter().filter(|item| item["what"] == what).count();
    assert_eq!(
        (count("connection.registered"), count("connection.ended"), count("check.run-requested")),
        (2, 1, 1)
    );
    let of_root =
        |item: &&Value| item["what"] == "certificate.checked" && item["subject"] == fingerprint(&root.der);
    let written: Vec<&Value> = items.iter().filter(of_root).collect();
    assert_eq!(written.len(), 1);
    assert_eq!(written[0]["details"]["status"], "not-asked");
    assert_eq!(written[0]["details"]["verdict"].as_str().map(str::len), Some(64));
}

#[test]
fn what_cannot_be_registered_is_refused_with_its_reason() {
    let server = Server::start();
    let [root, good, _] = family();
    done(&upload(&server, &root.der, "trust", "tomcat-trust"));
    let post = |form: &Value| server.post("/api/v1/connections", form);
    let with = |name: &str, value: Value| {
        let mut form = form("ldap", &good);
        form[name] = value;
        form
    };
    problem(&post(&with("store", json!("nowhere"))), 422, "store.unknown");
    problem(&post(&with("peer", json!(" "))), 422, "request.value");
    problem(&post(&with("peer", json!("a\nb"))), 422, "request.value");
    problem(&post(&with("certificate", json!("!"))), 422, "request.value");
    problem(&post(&with("chain", json!(["!"]))), 422, "request.value");
    assert_eq!(post(&with("certificate", json!("AAAA"))).status, 422);
    // R-REV-4: there are three kinds
    assert_eq!(post(&with("class", json!("sip"))).status, 422);
    problem(&server.get("/api/v1/connections/nothing"), 404, "connection.missing");
    problem(&server.ask(Asked::new("DELETE", "/api/v1/connections/nothing")), 404, "connection.missing");
    problem(&server.get("/api/v1/connections?after=nothing"), 422, "request.value");
    problem(&server.get("/api/v1/checks?fingerprint=zz"), 422, "request.value");
    problem(&server.get("/api/v1/checks?after=x"), 422, "request.value");
    let viewer = token(&server, "viewer");
    for asked in [
        Asked::new("POST", "/api/v1/connections").json(&form("ldap", &good)),
        Asked::new("DELETE", "/api/v1/connections/1"),
        Asked::new("POST", "/api/v1/checks/runs").json(&json!({})),
    ] {
        let reply = server.send(&asked.header("authorization", &format!("Bearer {viewer}")));
        problem(&reply, 403, "access.permission");
    }
    assert_eq!(done(&server.get("/api/v1/connections"))["items"], json!([]));
}

// R-REV-10
#[test]
fn the_settings_stand_in_the_group_of_the_documents() {
    let settings = &crate::contract::description()["components"]["schemas"]["PolicySettings"]["properties"];
    let group = &settings["periodic"];
    assert_eq!(group["title"], "Certificate Revocation and Expiry");
    for parameter in ["check", "every", "unit", "validity-check", "validity-check-hours", "long-lived"] {
        assert!(group["properties"][parameter]["description"].is_string(), "{parameter}");
    }
}
