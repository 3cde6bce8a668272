//! Questions about certificates: the engine's own documents, the same as the command line prints.

use std::fs;

use serde_json::{Value, json};

use crate::client::Asked;
use crate::contract::project;
use crate::process::{Server, assayer, on_both, run};

const AT: &str = "2026-11-21T12:00:00Z";

pub(crate) fn sample(name: &str) -> String {
    fs::read_to_string(project().join("tests/samples").join(name)).unwrap()
}

fn sample_path(name: &str) -> String {
    project().join("tests/samples").join(name).to_str().unwrap().to_owned()
}

pub(crate) fn question() -> Value {
    json!({
        "certificate": sample("leaf.pem"),
        "untrusted": [sample("issuing.pem")],
        "anchors": [sample("root.pem")],
        "at": AT,
    })
}

#[test]
fn it_is_up_ready_and_counts() {
    on_both(|server| {
        assert_eq!(server.get("/healthz").json(), json!({ "status": "up" }));
        assert_eq!(server.get("/readyz").json(), json!({ "status": "ready" }));
        assert_eq!(server.get("/readyz").json(), json!({ "status": "ready" }));
        assert_eq!(server.post("/api/v1/verify", &question()).status, 200);
        let counted = server.get("/metrics");
        assert_eq!(counted.media_type(), "application/openmetrics-text");
        for line in [
            "assayer_requests_total{method=\"GET\",path=\"/readyz\",status=\"200\"} 2",
            "assayer_decisions_total{decision=\"allow\",purpose=\"none\"} 1",
            "# EOF",
        ] {
            assert!(counted.text().contains(line), "{line}\n{}", counted.text());
        }
        let head = server.send(&Asked::new("HEAD", "/healthz"));
        assert_eq!((head.status, head.body.len()), (200, 0));
    });
}

#[test]
fn the_engine_is_the_one_of_the_command_line() {
    let (_, told, _) = run(&mut assayer(&["engine", "info", "--format", "json"]));
    let mut expected: Value = serde_json::from_str(&told).unwrap();
    expected["signatures"] = json!(host_server::signature::library());
    let found = Server::start().get("/api/v1/engine").json();
    assert_eq!(found, expected);
    assert_eq!(found["imports"], json!([]));
}

#[test]
fn a_verdict_is_the_document_of_the_command_line_byte_for_byte() {
    let server = Server::start();
    let (leaf, issuing, root) =
        (sample_path("leaf.pem"), sample_path("issuing.pem"), sample_path("root.pem"));
    let base = ["verify", &leaf, "--untrusted", &issuing, "--anchors", &root, "--at", AT, "--format", "json"];
    for (change, options, decision) in [
        (json!({}), &[][..], "allow"),
        (
            json!({ "names": ["www.example.org", "192.0.2.1"] }),
            &["--name", "www.example.org", "--name", "192.0.2.1"],
            "allow",
        ),
        (json!({ "names": ["www.example.com"] }), &["--name", "www.example.com"], "deny"),
        (json!({ "purpose": "client-auth" }), &["--purpose", "client-auth"], "deny"),
        (json!({ "mode": "common-criteria" }), &["--cc"], "deny"),
        (json!({ "untrusted": [] }), &[], "deny"),
    ] {
        let mut question = question();
        for (name, value) in change.as_object().unwrap() {
            question[name] = value.clone();
        }
        let reply = server.post("/api/v1/verify", &question);
        assert_eq!(reply.status, 200, "{}", reply.text());
        assert_eq!(reply.json()["decision"], decision, "{change}");
        let mut arguments = base.to_vec();
        if change.get("untrusted").is_some() {
            arguments.retain(|argument| *argument != "--untrusted" && *argument != issuing);
        }
        arguments.extend(options);
        let (_, printed, errors) = run(&mut assayer(&arguments));
        assert_eq!(printed.trim_end(), reply.text(), "{change} {errors}");
    }
}

#[test]
fn certificates_come_as_pem_or_as_base64_of_der() {
    on_both(|server| {
        let der = |name: &str| sample(name).lines().filter(|line| !line.starts_with('-')).collect::<String>();
        let mut question = question();
        question["certificate"] = json!(der("leaf.pem"));
        question["untrusted"] = json!([der("issuing.pem")]);
        question["anchors"] = json!([der("root.pem")]);
        assert_eq!(server.post("/api/v1/verify", &question).json()["decision"], "allow");
        // what came along with the certificate helps to build the path
        question["certificate"] = json!(sample("chain.pem"));
        question["untrusted"] = json!([]);
        assert_eq!(server.post("/api/v1/verify", &question).json()["decision"], "allow");
    });
}

#[test]
fn nothing_is_fetched_and_the_verdict_says_offline() {
    let server = Server::start();
    let leaf = pki::certificate::Sketch::leaf("leaf").dns("www.example.org");
    let root = pki::certificate::Sketch::ca("root").issue();
    let leaf = leaf.issued_by(&root).issue();
    let question = json!({
        "certificate": encoded(&leaf.der), "anchors": [encoded(&root.der)], "at": pki::certificate::AT,
        "policy": "[ocsp]\nconfigured = [\"http://127.0.0.1:9/\"]\nuri = \"configured\"\n",
    });
    let reply = server.post("/api/v1/verify", &question);
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert!(reply.text().contains("offline"), "{}", reply.text());
}

fn encoded(der: &[u8]) -> String {
    use base64ct::{Base64, Encoding};
    Base64::encode_string(der)
}

#[test]
fn a_file_is_described_raw_or_in_a_form() {
    on_both(|server| {
        let (_, printed, _) = run(&mut assayer(&["inspect", &sample_path("leaf.pem"), "--format", "json"]));
        let raw = |name: &str, media_type: &str| {
            server.ask(Asked::new("POST", "/api/v1/inspect").body(media_type, sample(name)))
        };
        let reply = raw("leaf.pem", "application/octet-stream");
        assert_eq!((reply.status, reply.text()), (200, printed.trim_end()));
        assert_eq!(raw("leaf.pem", "application/x-pem-file; charset=utf-8").text(), printed.trim_end());
        let several = raw("chain.pem", "application/pem-certificate-chain").json();
        assert_eq!(several["certificates"].as_array().unwrap().len(), 2);
        let form = format!(
            "--b\r\ncontent-disposition: form-data; name=\"note\"\r\n\r\nx\r\n\
             --b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"leaf.pem\"\r\n\r\n{}\r\n--b--\r\n",
            sample("leaf.pem")
        );
        let asked = Asked::new("POST", "/api/v1/inspect").body("multipart/form-data; boundary=b", form);
        assert_eq!(server.ask(asked).text(), printed.trim_end());
    });
}
