//! What belongs to looking after a cluster besides its certificates, the same on both databases: the role of the
//! publisher, nodes that leave, upgrades, what forms offer, descriptions.

use pki::certificate::Sketch;
use serde_json::{Value, json};

use crate::client::{Asked, Reply};
use crate::management::{
    NODE, done, done_by_people, fields, fingerprint, listed, on_both, refused, token, upload, version,
};
use crate::process::Server;

const OTHER: &str = "cm2.ex.com";

fn roles(server: &Server) -> Vec<(String, String)> {
    let word = |value: &Value| value.as_str().unwrap().to_owned();
    let nodes = done(&server.get("/api/v1/nodes"));
    let items = nodes["items"].as_array().unwrap();
    items.iter().map(|node| (word(&node["name"]), word(&node["role"]))).collect()
}

fn pair(first: &str, second: &str) -> Vec<(String, String)> {
    vec![(NODE.to_owned(), first.to_owned()), (OTHER.to_owned(), second.to_owned())]
}

fn set_role(server: &Server, node: &str, query: &str, role: &str) -> Reply {
    let asked = Asked::new("PATCH", &format!("/api/v1/nodes/{node}{query}"));
    server.ask(asked.json(&json!({ "role": role })))
}

fn leave(server: &Server, node: &str, query: &str) -> Reply {
    server.ask(Asked::new("DELETE", &format!("/api/v1/nodes/{node}{query}")))
}

// R-REP-8: whatever is asked, one node is the publisher
#[test]
fn there_is_one_publisher_before_and_after_every_change() {
    on_both(|server| {
        done(&server.post("/api/v1/nodes", &json!({ "name": OTHER })));
        assert_eq!(roles(server), pair("publisher", "subscriber"));
        let shown = done(&set_role(server, OTHER, "?dry_run", "publisher"));
        let kinds: Vec<&Value> =
            shown["plan"]["effects"].as_array().unwrap().iter().map(|one| &one["effect"]).collect();
        assert_eq!(
            (json!(kinds), &shown["applied"]),
            (json!(["make-subscriber", "make-publisher"]), &json!(false))
        );
        assert_eq!(roles(server), pair("publisher", "subscriber"));
        refused(&set_role(server, NODE, "", "subscriber"), "role.publisher-needed");
        refused(&set_role(server, "cm9.ex.com", "", "publisher"), "management.node-unknown");
        assert_eq!(set_role(server, OTHER, "", "king").status, 422);
        done(&set_role(server, OTHER, "", "publisher"));
        assert_eq!(roles(server), pair("subscriber", "publisher"));
        let before = version(server);
        done(&set_role(server, OTHER, "", "publisher"));
        assert_eq!(version(server), before);
        let stale =
            Asked::new("PATCH", &format!("/api/v1/nodes/{NODE}")).json(&json!({ "role": "publisher" }));
        assert_eq!(server.ask(stale.header("if-match", "\"0\"")).status, 412);
        assert_eq!(done_by_people(server)[0]["what"], "node.role-set");
    });
}

// R-REP-8, R-REP-7
#[test]
fn a_node_leaves_with_what_is_its_alone_and_the_publisher_does_not() {
    on_both(|server| {
        done(&server.post("/api/v1/nodes", &json!({ "name": OTHER })));
        let there = |purpose: &str| {
            let mut fields = fields(purpose);
            fields["node"] = json!(OTHER);
            fields
        };
        done(&server.post("/api/v1/self-signed", &json!({ "fields": there("tomcat"), "years": 5 })));
        done(&server.post("/api/v1/requests", &there("ipsec")));
        let root = Sketch::ca("root").issue().der;
        done(&upload(server, &root, "trust", "tomcat-trust"));
        let slot = format!("?kind=identity&room=tomcat&node={OTHER}");
        assert_eq!(listed(server, &slot).len(), 1);
        refused(&leave(server, NODE, ""), "leaving.publisher");
        let shown = done(&leave(server, OTHER, "?dry_run=true"));
        let codes: Vec<&Value> =
            shown["plan"]["findings"].as_array().unwrap().iter().map(|one| &one["code"]).collect();
        assert!(codes.contains(&&json!("leaving.certificate")), "{shown}");
        assert_eq!(roles(server).len(), 2);
        done(&leave(server, OTHER, ""));
        assert_eq!(roles(server), [(NODE.to_owned(), "publisher".to_owned())]);
        assert!(listed(server, &slot).is_empty());
        assert_eq!(done(&server.get("/api/v1/requests"))["items"], json!([]));
        assert_eq!(listed(server, "?kind=trust&room=tomcat-trust"), [fingerprint(&root)]);
        refused(&leave(server, OTHER, ""), "management.node-unknown");
        // and may come back, empty
        done(&server.post("/api/v1/nodes", &json!({ "name": OTHER })));
        assert!(listed(server, &slot).is_empty());
    });
}

// R-TS-9
#[test]
fn an_upgrade_leaves_expired_certificates_behind_and_sets_the_release() {
    on_both(|server| {
        let settings = |release: &str| json!({ "product": "ucm", "release": release, "features": ["fips"] });
        done(&server.ask(Asked::new("PUT", "/api/v1/cluster").json(&settings("12.5(1)SU5"))));
        let (good, soon) = (Sketch::ca("good").issue().der, Sketch::ca("soon"));
        // valid for as long as it takes to get in: an upload takes no expired certificate
        let end = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(3);
        let end = end.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        let soon = soon.valid("2020-01-01T00:00:00Z", &end).issue().der;
        for root in [&good, &soon] {
            done(&upload(server, root, "trust", "tomcat-trust"));
        }
        let upgrade = |query: &str, release: &str| {
            server.post(&format!("/api/v1/upgrades{query}"), &json!({ "release": release }))
        };
        assert_eq!(upgrade("", "the newest").status, 422);
        loop {
            let shown = done(&upgrade("?dry_run", "15"));
            if shown["plan"]["findings"] != json!([]) {
                assert_eq!(shown["plan"]["findings"][0]["code"], "upgrade.expired");
                break;
            }
            std::thread::yield_now();
        }
        assert_eq!(done(&server.get("/api/v1/cluster")), settings("12.5(1)SU5"));
        assert_eq!(done(&upgrade("", "15"))["applied"], true);
        assert_eq!(done(&server.get("/api/v1/cluster")), settings("15"));
        assert_eq!(listed(server, "?kind=trust"), [fingerprint(&good)]);
    });
}

// R-CSR-20, R-CSR-27, R-SS-18
#[test]
fn forms_offer_what_goes_together() {
    let server = Server::with(&["--node", NODE]);
    let offer = |path: &str| server.get(&format!("/api/v1/offers/{path}"));
    let curve = done(&offer(&format!("tomcat-ECDSA?node={NODE}")));
    assert_eq!((&curve["key-type"], &curve["common-name"]), (&json!("ec"), &json!("cm1-EC.ex.com")));
    assert_eq!(curve["lengths"][1], json!({ "bits": 384, "hashes": ["SHA384", "SHA512"] }));
    assert_eq!(curve["years"], json!([]));
    let own = done(&offer("tomcat?form=self-signed"));
    assert_eq!((&own["years"], &own["common-name"]), (&json!([5, 10, 20]), &json!("cm1-ms.ex.com")));
    assert_eq!(done(&offer("tomcat?node=nowhere"))["common-name"], json!(null));
    for (path, code) in [("web", "operation.unknown-word"), ("ITLRecovery", "operation.request-not-offered")]
    {
        let reply = offer(path);
        assert_eq!((reply.status, &reply.json()["code"]), (422, &json!(code)));
    }
    assert_eq!(offer("tomcat?form=letter").status, 400);
}

// R-UP-16, R-RGN-7: what is written is seen at once
#[test]
fn a_description_is_changed_where_the_certificate_lies() {
    on_both(|server| {
        let root = Sketch::ca("root").issue().der;
        done(&upload(server, &root, "trust", "tomcat-trust"));
        let path = format!("/api/v1/certificates/trust/tomcat-trust/{}", fingerprint(&root));
        let write = |query: &str, text: &str| {
            Asked::new("PATCH", &format!("{path}{query}")).json(&json!({ "description": text }))
        };
        let read = || done(&server.get("/api/v1/certificates"))["items"][0]["description"].clone();
        let shown = done(&server.ask(write("?dry_run", "never")));
        assert_eq!((&shown["applied"], &shown["items"][0]["description"]), (&json!(false), &json!("never")));
        assert_eq!(read(), "");
        let seen = version(server);
        done(&server.ask(write("", "the authority of the lab").header("if-match", &seen)));
        assert_eq!(read(), "the authority of the lab");
        assert_eq!(server.ask(write("", "late").header("if-match", &seen)).status, 412);
        assert_eq!(server.ask(write("?node=cm9.ex.com", "x")).status, 404);
        assert_eq!(server.ask(write("", &"x".repeat(1001))).status, 422);
        done(&server.ask(write("", &"é".repeat(1000))));
        let elsewhere = path.replace("tomcat-trust", "ipsec-trust");
        let elsewhere = Asked::new("PATCH", &elsewhere).json(&json!({ "description": "x" }));
        assert_eq!(server.ask(elsewhere).status, 404);
        // whom to believe is not an operator's to write about
        let operator = token(server, "operator");
        let asked = write("", "mine").header("authorization", &format!("Bearer {operator}"));
        assert_eq!(server.send(&asked).status, 403);
        let newest = server.get("/api/v1/audit").json();
        let acts: Vec<&Value> =
            newest["items"].as_array().unwrap().iter().map(|item| &item["what"]).collect();
        assert!(acts.contains(&&json!("certificate.described")), "{acts:?}");
    });
}
