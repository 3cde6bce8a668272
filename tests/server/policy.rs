//! Policy documents: put in force, tried first, read back as they were written, and kept.

use serde_json::{Value, json};

use crate::client::{Asked, Reply};
use crate::management::{done, token};
use crate::process::Server;
use crate::trusted::put_policy;

const PATH: &str = "/api/v1/policies/deployment";
const TEXT: &str = "# ours\n[revocation]\nsources = []\n";

fn etag(reply: &Reply) -> String {
    reply.header("etag").unwrap().to_owned()
}

#[test]
fn a_document_is_put_in_force_read_back_and_kept() {
    let server = Server::start();
    let none = done(&server.get(PATH));
    assert_eq!((&none["number"], &none["document"]), (&json!(null), &json!("")));
    let seen = etag(&server.get(PATH));
    let shown =
        done(&server.ask(Asked::new("PUT", &format!("{PATH}?dry_run")).body("application/toml", TEXT)));
    assert_eq!(shown["applied"], false);
    assert!(shown["settings"].as_str().unwrap().contains("[revocation]"), "{shown}");
    assert_eq!(etag(&server.get(PATH)), seen);
    let put = |text: &str, seen: &str| {
        let asked = Asked::new("PUT", PATH).json(&json!({ "document": text }));
        server.ask(asked.header("if-match", seen))
    };
    let first = put(TEXT, &seen);
    assert_eq!(done(&first)["applied"], true);
    assert_eq!(put(TEXT, &seen).status, 412);
    let second = put("", &etag(&first));
    assert_eq!(second.status, 200, "{}", second.text());
    done(&put_policy(&server, TEXT));
    let read = server.ask(Asked::new("GET", PATH).header("accept", "application/toml"));
    assert_eq!((read.media_type(), read.text()), ("application/toml", TEXT));
    let history = done(&server.get(&format!("{PATH}/versions")));
    let numbers: Vec<&Value> =
        history["items"].as_array().unwrap().iter().map(|one| &one["number"]).collect();
    assert_eq!(numbers, [3, 2, 1]);
    assert_eq!(
        (&history["items"][0]["active"], &history["items"][1]["active"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(history["items"][2]["added-by"], "administrator");
    let list = done(&server.get("/api/v1/policies"));
    assert_eq!(list["items"], json!([{ "scope": "deployment", "number": 3, "versions": 3 }]));
    assert!(server.get("/api/v1/audit").text().contains("policy.set"));
}

#[test]
fn a_document_that_cannot_be_used_leaves_the_one_in_force() {
    let server = Server::start();
    done(&put_policy(&server, TEXT));
    let before = etag(&server.get(PATH));
    for (text, line, column) in [
        ("[revocation]\nsource = []\n", 2, 1),
        ("\n\n[revocation]\nundetermined = 7\n", 4, 16),
        ("= 1\n", 1, 1),
    ] {
        let refused = put_policy(&server, text);
        let problem = refused.json();
        assert_eq!((refused.status, &problem["input"]), (422, &json!("document")), "{problem}");
        assert_eq!((&problem["line"], &problem["column"]), (&json!(line), &json!(column)), "{problem}");
    }
    // a certificate that is believed would be too large under it
    let root = pki::certificate::Sketch::ca("root").key(pki::key::Key::rsa("rsa-2048-1")).issue();
    done(&crate::management::upload(&server, &root.der, "trust", "tomcat-trust"));
    let small = put_policy(&server, "[limits]\ncertificate-octets = 512\n");
    assert_eq!((small.status, &small.json()["code"]), (422, &json!("policy.stores")), "{}", small.text());
    let read = server.ask(Asked::new("GET", PATH).header("accept", "application/toml"));
    assert_eq!(read.text(), TEXT);
    assert_ne!(before, etag(&read));
}

// R-OCSP-20, R-OCSP-21
#[test]
fn saving_a_document_with_ocsp_on_says_what_to_restart() {
    let server = Server::start();
    let node = server.get("/api/v1/nodes").json()["items"][0]["name"].clone();
    let off = [TEXT, "[revocation]\nsources = [\"crl\"]\n"];
    for text in off {
        assert_eq!(done(&put_policy(&server, text))["advice"], json!([]), "{text}");
    }
    let on = ["", "[revocation]\nsources = [\"crl\", \"ocsp\"]\n"];
    for text in on {
        let dry = Asked::new("PUT", &format!("{PATH}?dry_run")).body("application/toml", text);
        let (shown, saved) = (done(&server.ask(dry)), done(&put_policy(&server, text)));
        assert_eq!(shown["advice"], saved["advice"]);
        let services: Vec<&str> =
            saved["advice"].as_array().unwrap().iter().filter_map(|one| one["service"].as_str()).collect();
        let expected = [
            "Cisco Syslog Agent",
            "FileBeat",
            "Cisco CallManager",
            "Cisco Intercluster Lookup Service",
            "Cisco Location Bandwidth Manager",
        ];
        assert_eq!(services, expected);
        let manager = json!({ "service": "Cisco CallManager", "kind": "feature", "nodes": [node],
            "rules": ["R-OCSP-20", "R-OCSP-18"] });
        assert_eq!(saved["advice"][2], manager);
    }
    // subsequent changes are saved with it on, and again with it off
    assert_eq!(done(&put_policy(&server, TEXT))["advice"], json!([]));
}

#[test]
fn there_is_one_scope_and_who_may_change_it() {
    let server = Server::start();
    let cluster = done(&server.get("/api/v1/cluster"));
    for scope in ["cluster", "x"] {
        let path = format!("/api/v1/policies/{scope}");
        let put = server.ask(Asked::new("PUT", &path).body("application/toml", TEXT));
        assert_eq!((put.status, &put.json()["code"]), (404, &json!("policy.unknown-scope")));
        assert_eq!(server.get(&path).status, 404);
        assert_eq!(server.get(&format!("{path}/versions")).status, 404);
    }
    assert_eq!(done(&server.get("/api/v1/cluster")), cluster);
    for role in ["viewer", "operator", "auditor"] {
        let bearer = format!("Bearer {}", token(&server, role));
        let put = Asked::new("PUT", PATH).body("application/toml", TEXT).header("authorization", &bearer);
        assert_eq!(server.send(&put).status, 403, "{role}");
        let get = Asked::new("GET", PATH).header("authorization", &bearer);
        assert_eq!(server.send(&get).status, 200, "{role}");
    }
    let other = server.ask(Asked::new("PUT", PATH).body("application/pdf", TEXT));
    assert_eq!(other.status, 415);
}

#[test]
fn whoever_tries_too_often_from_one_address_is_told_when_to_come_again() {
    let server = Server::start();
    let attempt = |account: &str| {
        let body = json!({ "account": account, "password": "not the password" });
        server.send(&Asked::new("POST", "/api/v1/sign-in").json(&body))
    };
    for number in 0..10 {
        assert_eq!(attempt(&format!("nobody-{number}")).status, 401);
    }
    for account in ["administrator", "nobody"] {
        let refused = attempt(account);
        assert_eq!((refused.status, &refused.json()["code"]), (429, &json!("sign-in.too-many")));
        let seconds: u64 = refused.header("retry-after").unwrap().parse().unwrap();
        assert!((1..=7).contains(&seconds), "{seconds}");
    }
    assert_eq!(server.get("/api/v1/caller").status, 200);
}
