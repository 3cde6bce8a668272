//! Rows of each kind that the runner makes itself: what is genuine agrees, what is damaged or missing does not, so
//! that no suite can agree by having nothing judged.

use base64ct::{Base64, Encoding as _};
use pki::certificate::{Issued, Sketch};
use pki::crl::CrlSketch;
use pki::ocsp::{Entry, Response};
use serde_json::{Value, json};

use super::*;

/// 2026-01-01T00:00:00Z, [`pki::certificate::AT`].
const AT: i64 = 1_767_225_600;

fn base64(der: &[u8]) -> String {
    Base64::encode_string(der)
}

fn pem(kind: &str, der: &[u8]) -> String {
    format!("-----BEGIN {kind}-----\n{}\n-----END {kind}-----\n", base64(der))
}

fn outcomes(cases: Vec<Case>) -> Vec<Outcome> {
    let engine = Engine::load(Allocation::OnDemand).unwrap();
    let answers = answer_all(&engine, &cases).unwrap();
    answers.into_iter().map(|answer| answer.unwrap().outcome).collect()
}

fn root_and_leaf() -> (Issued, Issued) {
    let root = Sketch::ca("root").issue();
    let leaf = Sketch::leaf("leaf").dns("a.example").issued_by(&root).issue();
    (root, leaf)
}

fn response(root: &Issued, entry: Entry) -> Response {
    Response::signed_by(root).entry(entry)
}

/// One row for each body, every one expected to be good.
fn rows(bodies: &[Vec<u8>], row: &Value, field: &str, files: Value) -> Vec<u8> {
    let mut files = files;
    let mut tests = Vec::new();
    for (number, body) in bodies.iter().enumerate() {
        let name = format!("body {number}");
        let mut test = row.clone();
        test["id"] = json!(name);
        test[field] = json!(name);
        tests.push(test);
        files[name] = json!(base64(body));
    }
    serde_json::to_vec(&json!({ "tests": tests, "files": files })).unwrap()
}

#[test]
fn a_status_is_what_a_genuine_response_says() {
    let (root, leaf) = root_and_leaf();
    let good = response(&root, Entry::good(&leaf, &root));
    let other = Sketch::leaf("other").issued_by(&root).issue();
    let bodies = [
        good.encode(),
        good.clone().tamper_signature().encode(),
        good.encode()[1..].to_vec(),
        response(&root, Entry::good(&leaf, &root).revoked("2025-06-01T00:00:00Z", None)).encode(),
        response(&root, Entry::good(&other, &root)).encode(),
    ];
    let row = json!({
        "kind": "cert-status", "issuer": "issuer", "cert": "cert", "time_unix": AT,
        "max_age_seconds": 604_800, "expected": "GOOD", "expected_request": null,
    });
    let files = json!({ "issuer": base64(&root.der), "cert": base64(&leaf.der) });
    let cases = crate::ocsp::read(&rows(&bodies, &row, "response", files)).unwrap();
    let unknown = Outcome::Unknown;
    assert_eq!(outcomes(cases), [Outcome::Good, unknown, unknown, Outcome::Revoked, unknown]);
}

#[test]
fn a_path_that_does_not_hold_is_no_status() {
    let (root, leaf) = root_and_leaf();
    let stranger = Sketch::ca("root").key(pki::key::Key::p256("stranger")).issue();
    let body = response(&root, Entry::good(&leaf, &root)).encode();
    let row = json!({
        "kind": "cert-status", "issuer": "issuer", "cert": "cert", "time_unix": AT,
        "max_age_seconds": 604_800, "expected": "UNKNOWN", "expected_request": null,
    });
    let files = json!({ "issuer": base64(&stranger.der), "cert": base64(&leaf.der) });
    let cases = crate::ocsp::read(&rows(&[body], &row, "response", files)).unwrap();
    assert_eq!(outcomes(cases), [Outcome::NotJudged]);
}

#[test]
fn the_request_must_be_the_expected_one() {
    let (root, leaf) = root_and_leaf();
    let body = response(&root, Entry::good(&leaf, &root)).encode();
    let row = json!({
        "kind": "cert-status", "issuer": "issuer", "cert": "cert", "time_unix": AT,
        "max_age_seconds": 604_800, "expected": "GOOD", "expected_request": "cert",
    });
    let files = json!({ "issuer": base64(&root.der), "cert": base64(&leaf.der) });
    let cases = crate::ocsp::read(&rows(&[body], &row, "response", files)).unwrap();
    assert_eq!(run("none", cases), Ok(false));
}

#[test]
fn a_response_is_believed_by_a_genuine_signature_of_a_trusted_issuer() {
    let (root, leaf) = root_and_leaf();
    let good = response(&root, Entry::good(&leaf, &root));
    let stranger = Sketch::ca("stranger").issue();
    let stale = Entry::good(&leaf, &root).next_update(Some("2025-12-31T13:00:00Z"));
    let bodies = [
        good.encode(),
        good.clone().tamper_signature().encode(),
        good.encode()[1..].to_vec(),
        response(&root, stale).encode(),
        response(&stranger, Entry::good(&leaf, &root)).encode(),
    ];
    let row = json!({
        "kind": "response-verify", "trusted": "trusted", "untrusted": null, "time_unix": AT,
        "expected": "SUCCESS",
    });
    let files = json!({ "trusted": base64(pem("CERTIFICATE", &root.der).as_bytes()) });
    let cases = crate::ocsp::read(&rows(&bodies, &row, "response", files)).unwrap();
    let not = Outcome::Disbelieved;
    assert_eq!(outcomes(cases), [Outcome::Believed, not, not, Outcome::Believed, not]);
}

#[test]
fn a_delegate_whose_alternative_names_hold_none_signs_only_where_the_level_lets_it() {
    let (root, leaf) = root_and_leaf();
    let delegate = Sketch::leaf("delegate").eku(&["OCSPSigning"]).issued_by(&root);
    let delegate = delegate.extension("subjectAltName", false, vec![0x30, 0]).issue();
    let body = Response::delegated_to(&delegate).entry(Entry::good(&leaf, &root)).encode();
    let row = json!({
        "kind": "cert-status", "issuer": "issuer", "cert": "cert", "time_unix": AT,
        "max_age_seconds": 604_800, "expected": "GOOD", "expected_request": null,
    });
    let files = json!({ "issuer": base64(&root.der), "cert": base64(&leaf.der) });
    let mut cases = crate::ocsp::read(&rows(&[body.clone(), body], &row, "response", files)).unwrap();
    let lenient = "\"subject-alt-name.syntax\" = \"ignore\"\n";
    assert!(cases[1].policy.contains(lenient));
    cases[1].policy = cases[1].policy.replace(lenient, "");
    assert_eq!(outcomes(cases), [Outcome::Good, Outcome::Unknown]);
}

#[test]
fn a_status_is_what_a_genuine_list_says() {
    let (root, leaf) = root_and_leaf();
    let empty = CrlSketch::by(&root);
    let bodies = [
        empty.issue(),
        empty.clone().tamper_signature().issue(),
        empty.issue()[1..].to_vec(),
        empty.clone().revoke(&leaf.serial).issue(),
    ];
    let row = json!({
        "issuer": "issuer", "issuer2": null, "cert": "cert", "time_unix": AT,
        "max_age_seconds": 604_800, "expected": "GOOD",
    });
    let files = json!({ "issuer": base64(&root.der), "cert": base64(&leaf.der) });
    let cases = crate::crl::read(&rows(&bodies, &row, "crl", files)).unwrap();
    let unknown = Outcome::Unknown;
    assert_eq!(outcomes(cases), [Outcome::Good, unknown, unknown, Outcome::Revoked]);
}

#[test]
fn a_second_key_of_an_authority_speaks_for_it_where_it_may_sign_lists() {
    let (root, leaf) = root_and_leaf();
    let other_key = Sketch::ca("root").key(pki::key::Key::p256("second"));
    for (second, expected) in [
        (other_key.clone().issue(), Outcome::Revoked),
        (other_key.key_usage(&["keyCertSign"]).issue(), Outcome::Unknown),
    ] {
        let body = CrlSketch::by(&second).revoke(&leaf.serial).issue();
        let row = json!({
            "issuer": "issuer", "issuer2": "issuer2", "cert": "cert", "time_unix": AT,
            "max_age_seconds": 604_800, "expected": "REVOKED",
        });
        let files = json!({
            "issuer": base64(&root.der), "issuer2": base64(&second.der), "cert": base64(&leaf.der),
        });
        let cases = crate::crl::read(&rows(&[body], &row, "crl", files)).unwrap();
        assert_eq!(outcomes(cases), [expected]);
    }
}

#[test]
fn a_decision_hangs_on_the_list_that_a_case_brings() {
    let (root, leaf) = root_and_leaf();
    let empty = CrlSketch::by(&root);
    let bodies = [
        empty.issue(),
        empty.clone().tamper_signature().issue(),
        empty.issue()[1..].to_vec(),
        empty.clone().revoke(&leaf.serial).issue(),
        empty.clone().without("cRLNumber").issue(),
    ];
    let cases = bodies.iter().map(|body| {
        json!({
            "id": "case", "features": ["has-crl"], "validation_kind": "CLIENT",
            "trusted_certs": [pem("CERTIFICATE", &root.der)], "untrusted_intermediates": [],
            "peer_certificate": pem("CERTIFICATE", &leaf.der), "validation_time": pki::certificate::AT,
            "expected_result": "SUCCESS", "expected_peer_name": null, "expected_peer_names": [],
            "max_chain_depth": null, "crls": [pem("X509 CRL", body)], "key_usage": [],
        })
    });
    let cases: Vec<Value> = cases.collect();
    let suite = serde_json::to_vec(&json!({ "testcases": cases })).unwrap();
    let cases = crate::limbo::read(&suite).unwrap();
    assert_eq!(outcomes(cases), [Outcome::Allow, Outcome::Deny, Outcome::Deny, Outcome::Deny, Outcome::Deny]);
}
