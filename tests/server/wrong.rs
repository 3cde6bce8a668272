//! Requests that are wrong in one way each: every one is told which, as a problem document.

use serde_json::{Value, json};

use crate::client::Asked;
use crate::decisions::{question, sample};
use crate::process::{Server, on_both};

/// The status and the code of what a request is told.
fn told(server: &Server, asked: Asked) -> (u16, String) {
    let reply = server.ask(asked);
    (reply.status, reply.json()["code"].as_str().unwrap_or_default().to_owned())
}

#[test]
fn paths_and_methods_that_there_are_not() {
    on_both(|server| {
        for path in ["/nope", "/api/v1/nope", "/api/v2/engine", "/%00", "/api/v1/engine/"] {
            assert_eq!(
                told(&server, Asked::new("GET", path)),
                (404, "request.not-found".to_owned()),
                "{path}"
            );
        }
        for (method, path, allow) in [
            ("POST", "/healthz", "GET,HEAD"),
            ("DELETE", "/openapi.json", "GET,HEAD"),
            ("BREW", "/metrics", "GET,HEAD"),
        ] {
            let reply = server.send(&Asked::new(method, path));
            assert_eq!((reply.status, reply.header("allow")), (405, Some(allow)), "{method} {path}");
        }
        for path in ["/api/v1/inspect", "/api/v1/verify"] {
            let reply = server.ask(Asked::new("GET", path));
            assert_eq!((reply.status, reply.header("allow")), (405, Some("POST")), "{path}");
        }
    });
}

#[test]
fn questions_that_cannot_be_read_or_used() {
    on_both(|server| {
        let send = |media_type: &str, body: &str| {
            told(&server, Asked::new("POST", "/api/v1/verify").body(media_type, body))
        };
        let with = |name: &str, value: Value| {
            let mut question = question();
            question[name] = value;
            told(&server, Asked::new("POST", "/api/v1/verify").json(&question))
        };
        let code = |status: u16, code: &str| (status, code.to_owned());
        assert_eq!(send("application/json", "{"), code(400, "request.json"));
        assert_eq!(send("application/json", ""), code(400, "request.json"));
        assert_eq!(send("application/json", "\u{0}"), code(400, "request.json"));
        assert_eq!(send("application/json", "{}"), code(422, "request.json-data"));
        assert_eq!(send("text/plain", "{}"), code(415, "request.media-type"));
        assert_eq!(told(&server, Asked::new("POST", "/api/v1/verify")), code(415, "request.media-type"));
        assert_eq!(with("certificat", json!("")), code(422, "request.json-data"));
        assert_eq!(with("mode", json!("strict")), code(422, "request.json-data"));
        assert_eq!(with("names", json!([""])), code(422, "request.value"));
        assert_eq!(with("at", json!("yesterday")), code(422, "request.value"));
        assert_eq!(with("anchors", json!([])), code(422, "request.value"));
        assert_eq!(with("certificate", json!("%%")), code(422, "request.value"));
        assert_eq!(with("certificate", json!("")), code(422, "input.empty"));
        assert_eq!(with("anchors", json!(["AAAA"])).0, 422);
        assert_eq!(with("untrusted", json!([sample("leaf.pem"), "AAAA"])).0, 422);
        assert_eq!(with("purpose", json!("web")), code(422, "question.unknown-purpose"));
        assert_eq!(with("policy", json!("nonsense")).0, 422);
        let private = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
        let (status, found) = with("certificate", json!(private));
        assert_eq!(status, 422);
        assert!(found.starts_with("input."), "{found}");
    });
}

#[test]
fn a_refused_input_is_named() {
    on_both(|server| {
        let mut question = question();
        question["untrusted"] = json!([sample("issuing.pem"), "AAAA"]);
        let problem = server.post("/api/v1/verify", &question).json();
        assert_eq!(problem["input"], "untrusted 2", "{problem}");
        question["untrusted"] = json!([]);
        question["policy"] = json!("[levels]\nx = 1\n");
        let problem = server.post("/api/v1/verify", &question).json();
        assert_eq!(problem["input"], "policy", "{problem}");
        assert!(problem["detail"].as_str().unwrap().contains("line 2"), "{problem}");
    });
}

#[test]
fn files_that_cannot_be_read() {
    on_both(|server| {
        let send = |media_type: &str, body: &str| {
            told(&server, Asked::new("POST", "/api/v1/inspect").body(media_type, body))
        };
        let code = |status: u16, code: &str| (status, code.to_owned());
        assert_eq!(send("application/octet-stream", ""), code(422, "input.empty"));
        assert_eq!(send("application/octet-stream", "no certificate"), code(422, "input.text"));
        assert_eq!(send("application/json", "{}"), code(415, "request.media-type"));
        assert_eq!(told(&server, Asked::new("POST", "/api/v1/inspect")), code(415, "request.media-type"));
        assert_eq!(send("multipart/form-data", "x"), code(400, "request.form"));
        assert_eq!(send("multipart/form-data; boundary=b", "x"), code(400, "request.form"));
        assert_eq!(send("multipart/form-data; boundary=b", "--b--\r\n"), code(400, "request.form"));
        let other = "--b\r\ncontent-disposition: form-data; name=\"other\"\r\n\r\nx\r\n--b--\r\n";
        assert_eq!(send("multipart/form-data; boundary=b", other), code(400, "request.form"));
        let cut = "--b\r\ncontent-disposition: form-data; name=\"file\"\r\n\r\nx";
        assert_eq!(send("multipart/form-data; boundary=b", cut), code(400, "request.form"));
    });
}

#[test]
fn every_answer_has_the_headers_that_keep_browsers_out() {
    on_both(|server| {
        for path in ["/healthz", "/nope", "/api/v1/engine"] {
            let reply = server.get(path);
            for (name, value) in [
                ("cache-control", "no-store"),
                ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
                ("x-content-type-options", "nosniff"),
                ("x-frame-options", "DENY"),
                ("referrer-policy", "no-referrer"),
            ] {
                assert_eq!(reply.header(name), Some(value), "{path}");
            }
            // no browser is told to use TLS by somebody without it
            assert_eq!(reply.header("strict-transport-security"), None);
        }
    });
}
