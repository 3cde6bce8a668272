//! What settings hold for: a deployment has its own, whatever another one has, and a node may have CRL settings instead
//! of the deployment's.

use base64ct::{Base64, Encoding};
use pki::certificate::{AT, Issued, Sketch};
use serde_json::{Value, json};

use crate::client::{Asked, Reply};
use crate::management::{done, done_by_people, serve, token, upload};
use crate::postgres;
use crate::process::Server;
use crate::trusted::{node, put_policy, until};

/// Nothing is asked, and what is asked and not answered is refused.
const STRICT: &str = "[revocation]\nsources = []\nundetermined = \"deny\"\n";
const OWN: &str =
    "[crl]\nenabled = true\nuri = \"configured\"\nconfigured = [\"http://crl.example.org/a.crl\"]\n";

fn put(server: &Server, path: &str, text: &str) -> Reply {
    server.ask(Asked::new("PUT", path).body("application/toml", text))
}

fn question(leaf: &Issued) -> Value {
    json!({ "certificate": Base64::encode_string(&leaf.der), "store": "tomcat-trust", "at": AT })
}

fn decision(server: &Server, question: &Value) -> Value {
    done(&server.post("/api/v1/verify", question))["decision"].clone()
}

fn set_cluster(server: &Server, product: &str, release: &str) {
    let asked = Asked::new("PUT", "/api/v1/cluster").json(&json!({ "product": product, "release": release }));
    done(&server.ask(asked));
}

// R-CRL-14
#[test]
fn r_crl_14_a_subscriber_asks_for_crls_that_the_deployment_does_not_ask_for() {
    let database = postgres::server();
    let url = database.database();
    let first = node(&url, "node-1", None);
    let second = node(&url, "node-2", first.token.as_deref());
    let root = Sketch::ca("root").issue();
    let question = question(&Sketch::leaf("leaf").issued_by(&root).issue());
    done(&upload(&first, &root.der, "trust", "tomcat-trust"));
    done(&put_policy(&first, STRICT));
    until(&second, &question, "allow");
    // before 15SU3 only the publisher has settings of its own
    let path = "/api/v1/nodes/node-2/policy";
    let early = put(&first, path, OWN);
    assert_eq!(
        (early.status, &early.json()["code"]),
        (422, &json!("operation.release-too-early")),
        "{}",
        early.text()
    );
    let shown = done(&put(&first, "/api/v1/nodes/node-1/policy?dry_run", OWN));
    assert_eq!(shown["applied"], false);
    set_cluster(&first, "ucm", "15SU3");
    let set = done(&put(&first, path, OWN));
    assert!(set["settings"].as_str().unwrap().contains("http://crl.example.org/a.crl"), "{set}");
    // nobody could be asked for the list there, and elsewhere nobody asks
    until(&second, &question, "deny");
    assert_eq!(decision(&first, &question), "allow");
    let read = done(&second.get(path));
    assert_eq!((&read["document"], &read["added-by"]), (&json!(OWN), &json!("administrator")));
    assert_eq!(read["settings"], set["settings"]);
    assert_eq!(done(&first.get("/api/v1/policies/deployment"))["document"], STRICT);
    // what the deployment changes holds there too
    done(&put_policy(&first, "[revocation]\nsources = []\n"));
    until(&second, &question, "allow");
    done(&put_policy(&first, STRICT));
    until(&second, &question, "deny");
    done(&put(&first, path, ""));
    until(&second, &question, "allow");
}

// R-CRL-14
#[test]
fn what_a_node_says_of_its_own_is_checked_before_it_holds() {
    let server = serve(None);
    let path = format!("/api/v1/nodes/{}/policy", crate::management::NODE);
    let nothing = done(&server.get(&path));
    assert_eq!((&nothing["document"], &nothing["added-at"]), (&json!(""), &Value::Null));
    for (text, line) in
        [("profile = \"uc-legacy\"", 1), ("[crl]\n\nenabled = 7", 3), ("[ocsp]\nuri = \"x\"", 1)]
    {
        let problem = put(&server, &path, text);
        assert_eq!((problem.status, &problem.json()["line"]), (422, &json!(line)), "{}", problem.text());
        assert_eq!(problem.json()["input"], "document");
    }
    for missing in ["/api/v1/nodes/nobody/policy", "/api/v1/nodes/node%20x/policy"] {
        assert_eq!(put(&server, missing, OWN).status, 404);
        assert_eq!(server.get(missing).status, 404);
    }
    done(&put(&server, &path, "[crl]\nenabled = true\n"));
    // the deployment cannot take from a node what the node rests on
    let contradiction =
        put_policy(&server, "[revocation]\nsources = [\"ocsp\"]\n[crl]\nuri = \"configured\"\n");
    let problem = contradiction.json();
    assert_eq!(
        (contradiction.status, &problem["code"]),
        (422, &json!("settings.contradiction")),
        "{problem}"
    );
    assert!(problem["input"].as_str().unwrap().contains(crate::management::NODE), "{problem}");
    let stale = Asked::new("PUT", &path).body("application/toml", "").header("if-match", "\"0\"");
    assert_eq!(server.ask(stale).status, 412);
    assert_eq!(done_by_people(&server)[0]["what"], "policy.set");
    let bearer = format!("Bearer {}", token(&server, "operator"));
    let asked = Asked::new("PUT", &path).body("application/toml", "").header("authorization", &bearer);
    assert_eq!(server.send(&asked).status, 403);
}

// R-MON-16, R-OCSP-24
#[test]
fn r_mon_16_and_r_ocsp_24_each_product_has_settings_of_its_own() {
    let (calls, presence) = (serve(None), serve(None));
    set_cluster(&calls, "ucm", "15");
    set_cluster(&presence, "imp", "15");
    let of_calls =
        "[monitoring]\nstart-days = 60\n[ocsp]\nuri = \"configured\"\nconfigured = [\"http://a.example/\"]\n";
    let of_presence = "[monitoring]\nmonitor = \"disabled\"\n[revocation]\nsources = [\"crl\"]\n";
    done(&put_policy(&calls, of_calls));
    let untouched = done(&presence.get("/api/v1/policies/deployment"));
    assert_eq!(untouched["number"], Value::Null);
    done(&put_policy(&presence, of_presence));
    for (server, product, document, status) in
        [(&calls, "ucm", of_calls, "running"), (&presence, "imp", of_presence, "off")]
    {
        assert_eq!(done(&server.get("/api/v1/cluster"))["product"], product);
        assert_eq!(done(&server.get("/api/v1/policies/deployment"))["document"], document);
        let monitor = done(&server.get("/api/v1/monitor"));
        assert_eq!(monitor["status"], status, "{monitor}");
    }
}

#[test]
fn a_policy_keeps_the_stores_that_hold_anything() {
    let server = serve(None);
    let own = "[[stores]]\nname = \"partners\"\nreplicated = true\n";
    done(&put_policy(&server, own));
    done(&put_policy(&server, ""));
    done(&put_policy(&server, own));
    let root = Sketch::ca("root").issue();
    done(&upload(&server, &root.der, "trust", "partners"));
    let refused = put_policy(&server, "");
    let problem = refused.json();
    assert_eq!((refused.status, &problem["code"]), (422, &json!("policy.room-in-use")), "{problem}");
    assert!(problem["detail"].as_str().unwrap().contains("partners"), "{problem}");
    assert_eq!(done(&server.get("/api/v1/policies/deployment"))["document"], own);
    let path = format!("/api/v1/certificates/trust/partners/{}", crate::management::fingerprint(&root.der));
    done(&server.ask(Asked::new("DELETE", &path)));
    done(&put_policy(&server, ""));
}
