//! What nginx and Envoy ask, JSON beside it, and everything that can be wrong with it: nothing but an allow is one.

use serde_json::json;

use crate::client::{Asked, Reply};
use crate::clients::{World, escaped};
use crate::management::{fingerprint, token};
use crate::process::{Place, assayer, run};

fn code(reply: &Reply) -> (u16, String) {
    (reply.status, reply.json()["code"].as_str().unwrap_or_default().to_owned())
}

fn is(reply: &Reply, status: u16, expected: &str) {
    assert_eq!(code(reply), (status, expected.to_owned()), "{}", reply.text());
}

#[test]
fn a_question_that_cannot_be_answered_is_told_so_in_a_problem() {
    let world = World::new();
    let good = json!({ "class": "live", "certificate": world.pem("good") });
    let with = |name: &str, value: serde_json::Value| {
        let mut question = good.clone();
        question[name] = value;
        world.server.post("/v1/decide", &question)
    };
    is(&with("class", json!("no-such")), 404, "decide.unknown-class");
    is(&with("class", json!("nowhere")), 500, "decide.store");
    is(&with("certificate", json!("garbage!")), 422, "request.value");
    assert_eq!(with("certificate", json!("AAAA")).status, 422);
    assert_eq!(with("chain", json!(["AAAA"])).status, 422);
    is(&with("names", json!([""])), 422, "request.value");
    is(&with("policy", json!("")), 422, "request.json-data");
    let asked = Asked::new("POST", "/v1/decide").json(&good);
    is(&world.server.send(&asked), 401, "access.token");
    let auditor = format!("Bearer {}", token(&world.server, "auditor"));
    is(&world.server.send(&asked.clone().header("authorization", &auditor)), 403, "access.permission");
    let viewer = format!("Bearer {}", token(&world.server, "viewer"));
    let allowed = world.server.send(&asked.header("authorization", &viewer));
    assert_eq!((allowed.status, &allowed.json()["decision"]), (200, &json!("allow")), "{}", allowed.text());
    // a name that it does not carry
    let named = with("names", json!(["www.example.org"]));
    assert_eq!((named.status, &named.json()["decision"]), (200, &json!("deny")), "{}", named.text());
    // and who has the issuer in the store needs no chain, but may send one
    let chain = with("chain", json!([world.pem("ca")]));
    assert_eq!(chain.json()["decision"], "allow");
}

#[test]
fn nginx_is_told_by_the_status_whatever_its_client_asks_for() {
    let world = World::new();
    for method in ["GET", "HEAD", "POST", "DELETE", "PROPFIND"] {
        let asked = Asked { method: method.to_owned(), ..world.nginx("live", "good") };
        let allowed = world.server.ask(asked);
        assert_eq!((allowed.status, allowed.body.len()), (204, 0), "{method}");
        assert_eq!(allowed.header("x-assayer-decision"), Some("allow"));
    }
    let verified = world.nginx("live", "good").header("x-client-verify", "FAILED:unable to get issuer");
    assert_eq!(world.server.ask(verified).status, 204);
    let denied = world.server.ask(world.nginx("live", "revoked"));
    is(&denied, 403, "decide.denied");
    assert_eq!(denied.header("x-assayer-code"), Some("revocation.revoked"));
    assert_eq!(denied.header("x-assayer-trace").map(str::len), Some(64));
}

#[test]
fn nothing_that_nginx_did_not_write_lets_anybody_in() {
    let world = World::new();
    let path = "/v1/decide/auth-request/live";
    let with = |value: &str| world.server.ask(Asked::new("GET", path).header("x-client-cert", value));
    is(&world.server.ask(Asked::new("GET", path)), 401, "decide.no-certificate");
    is(&with(""), 401, "decide.no-certificate");
    let none = world.nginx("live", "good").header("x-client-verify", "NONE");
    is(&world.server.ask(none), 401, "decide.no-certificate");
    let good = escaped(&world.pem("good"));
    is(&with("garbage"), 400, "request.header");
    is(&with("%ZZ"), 400, "request.header");
    is(&with(&format!("{good}{good}")), 400, "request.header");
    let twice = world.nginx("live", "good").header("x-client-cert", &good);
    is(&world.server.ask(twice), 400, "request.header");
    // PEM with nothing of a certificate in it is what the client showed
    let empty = escaped("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    let denied = with(&empty);
    is(&denied, 403, "decide.denied");
    assert_eq!(denied.header("x-assayer-decision"), Some("deny"));
    assert!(denied.header("x-assayer-code").is_some());
    is(&world.server.ask(world.nginx("no-such", "good")), 404, "decide.unknown-class");
    is(&world.server.ask(world.nginx("nowhere", "good")), 500, "decide.store");
    is(&world.server.send(&world.nginx("live", "good")), 401, "access.token");
    let auditor = format!("Bearer {}", token(&world.server, "auditor"));
    let refused = world.server.send(&world.nginx("live", "good").header("authorization", &auditor));
    is(&refused, 403, "access.permission");
    let large = Asked::new("GET", path).header("x-client-cert", &"A".repeat(100_000));
    assert_eq!(large.send(world.server.address()).status, 431);
    assert_eq!(world.server.ask(world.nginx("live", "good")).status, 204);
}

#[test]
fn envoy_is_told_by_the_status_whatever_path_its_client_asks_for() {
    let world = World::new();
    for path in ["", "/", "/index.html", "/a/../b", "/%FF%00", "/a/b/c/d", "//"] {
        let allowed = world.server.ask(world.envoy("live", path, "good"));
        assert_eq!((allowed.status, allowed.body.len()), (200, 0), "{path} {}", allowed.text());
        assert_eq!(allowed.header("x-assayer-decision"), Some("allow"));
    }
    // a path of the client's names no class
    let denied = world.server.ask(world.envoy("strict", "/../live/", "unlisted"));
    assert_eq!((denied.status, denied.header("x-assayer-code")), (403, Some("revocation.unknown")));
    for method in ["GET", "OPTIONS", "PROPFIND"] {
        let asked = Asked { method: method.to_owned(), ..world.envoy("live", "/x", "good") };
        assert_eq!(world.server.ask(asked).status, 200, "{method}");
    }
}

#[test]
fn hostile_forwarded_headers_let_nobody_in() {
    let world = World::new();
    let (good, revoked) = (escaped(&world.pem("good")), escaped(&world.pem("revoked")));
    let with = |value: &str| {
        let asked = Asked::new("GET", "/v1/decide/ext-authz/live/");
        world.server.ask(asked.header("x-forwarded-client-cert", value))
    };
    is(&world.server.ask(Asked::new("GET", "/v1/decide/ext-authz/live/")), 401, "decide.no-certificate");
    // the last element is the nearest peer's, whatever a client sent before it
    assert_eq!(with(&format!("Cert=\"{revoked}\",Cert=\"{good}\"")).status, 200);
    is(&with(&format!("Cert=\"{good}\",Cert=\"{revoked}\"")), 403, "decide.denied");
    let hidden = format!("Subject=\"\\\",Cert=\\\"{good}\\\"\";Cert=\"{revoked}\"");
    is(&with(&hidden), 403, "decide.denied");
    let hash = |leaf: &str| fingerprint(&world.der(leaf));
    assert_eq!(with(&format!("Hash={};Cert=\"{good}\"", hash("good"))).status, 200);
    is(&with(&format!("Hash={};Cert=\"{good}\"", hash("revoked"))), 400, "request.header");
    let both = format!("{good}{}", escaped(&world.pem("ca")));
    assert_eq!(with(&format!("Chain=\"{both}\"")).status, 200);
    assert_eq!(with(&format!("Cert=\"{good}\";Chain=\"{both}\"")).status, 200);
    for wrong in [
        format!("Cert=\"{both}\""),
        format!("Cert=\"{good}\";Cert=\"{good}\""),
        format!("Cert=\"{good}"),
        format!("Cert=\"{good}\"x"),
        format!("Cert=\"{good}\","),
        format!("Subject=\"CN=good\";Hash={}", hash("good")),
        "garbage".to_owned(),
    ] {
        is(&with(&wrong), 400, "request.header");
    }
    let twice = Asked::new("GET", "/v1/decide/ext-authz/live")
        .header("x-forwarded-client-cert", &format!("Cert=\"{revoked}\""))
        .header("x-forwarded-client-cert", &format!("Cert=\"{good}\""));
    is(&world.server.ask(twice), 400, "request.header");
    is(&world.server.send(&world.envoy("live", "/", "good")), 401, "access.token");
    is(&world.server.ask(world.envoy("no-such", "/", "good")), 404, "decide.unknown-class");
    is(&world.server.ask(world.envoy("nowhere", "/", "good")), 500, "decide.store");
}

#[test]
fn a_class_that_cannot_be_decided_by_stops_the_start_in_one_line() {
    let place = Place::new();
    let policy = place.file("own.toml", "\n[revocation]\nsource = []\n");
    let class = "[[decide.class]]\nname = 'sip'\nstore = 'CallManager-trust'\npurpose = 'client-auth'\n";
    let refused = |configuration: &str| {
        let file = place.file("assayer.toml", configuration);
        let mut command = assayer(&["serve", "--listen", "127.0.0.1:0", "--config", &file, "--data"]);
        let (status, _, errors) = run(command.arg(place.data()));
        assert_eq!(status, Some(2), "{errors}");
        errors.lines().last().unwrap_or_default().to_owned()
    };
    let told = refused(&format!("{class}answers = 'cached'\npolicy = '{policy}'\n"));
    assert!(told.contains("decide.class `sip`") && told.contains("line 3"), "{told}");
    let told = refused(class);
    assert!(told.contains("live answers ask by OCSP; expected `fetch.online = true`"), "{told}");
}
