//! The JSON outputs against the schemas in the repository, and what a script may rely on: exit statuses, one
//! document on standard output, nothing else there.

use std::fs;

use jsonschema::Validator;
use serde_json::Value;

use crate::command::{Place, project};

const SAMPLES: &str = "tests/samples";
const AT: &str = "--at 2026-11-21T12:00:00Z";

pub(crate) fn schema(name: &str) -> Validator {
    let text = fs::read_to_string(project().join("host-server/schema").join(name)).unwrap();
    jsonschema::validator_for(&serde_json::from_str(&text).unwrap()).unwrap()
}

pub(crate) fn check(schema: &Validator, text: &str) -> Value {
    let document: Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    let errors: Vec<String> =
        schema.iter_errors(&document).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{}\n{text}", errors.join("\n"));
    document
}

#[test]
fn verdicts_meet_their_schema() {
    let schema = schema("verdict.schema.json");
    let anchors = format!("--anchors {SAMPLES}/root.pem");
    let mut place = Place::new("verdicts");
    for (options, status, decision) in [
        (format!("{SAMPLES}/chain.pem {anchors} {AT}"), 0, "allow"),
        (format!("{SAMPLES}/root.pem {anchors} {AT}"), 0, "allow"),
        (format!("{SAMPLES}/leaf.pem {anchors} {AT}"), 1, "deny"),
        (format!("{SAMPLES}/chain.pem {anchors} --at 2023-12-31T23:59:59Z"), 1, "deny"),
        (format!("{SAMPLES}/chain.pem {anchors} {AT} --name www.example.com"), 1, "deny"),
        (format!("{SAMPLES}/chain.pem {anchors} {AT} --purpose client-auth"), 1, "deny"),
        (format!("{SAMPLES}/expired.pem --untrusted {SAMPLES}/issuing.pem {anchors} {AT}"), 1, "deny"),
    ] {
        let (found, text) = place.run(&format!("assayer verify {options} --format json"));
        assert_eq!(found, status, "{options}: {text}");
        assert_eq!(check(&schema, &text)["decision"], decision, "{options}");
    }
}

#[test]
fn verdicts_about_revocation_meet_their_schema() {
    let schema = schema("verdict.schema.json");
    let mut place = Place::new("revocation");
    let (status, page) = place.run("assayer demo --keep kept");
    assert_eq!(status, 0, "{page}");
    for (options, status, revocation) in [
        ("good.demo.der --crl kept/demo.crl", 0, "good"),
        ("good.demo.der --crl kept --cc", 0, "good"),
        ("stolen.demo.der --crl kept/demo.crl", 1, "revoked"),
        ("good.demo.der --ocsp kept/demo.crl", 0, "undetermined"),
        ("good.demo.der", 0, "undetermined"),
        ("good.demo.der --online", 0, "undetermined"),
        ("good.demo.der --cc", 1, "undetermined"),
    ] {
        let command = format!("assayer verify kept/{options} --anchors kept/authority.der --format json");
        let (found, text) = place.run(&format!("{command} 2>/dev/null"));
        assert_eq!(found, status, "{options}: {text}");
        let document = check(&schema, &text);
        assert_eq!(document["path"][0]["status"]["status"], revocation, "{options}");
        assert!(!document["path"][0]["checks"].as_array().unwrap().is_empty(), "{options}");
    }
}

#[test]
fn the_schema_refuses_an_allow_with_a_reason_to_deny() {
    let schema = schema("verdict.schema.json");
    let anchors = format!("--anchors {SAMPLES}/root.pem");
    let (_, text) = Place::new("contradiction")
        .run(&format!("assayer verify {SAMPLES}/leaf.pem {anchors} {AT} --format json"));
    let mut document = check(&schema, &text);
    document["decision"] = Value::from("allow");
    assert!(!schema.is_valid(&document));
}

#[test]
fn descriptions_meet_their_schema() {
    let schema = schema("inspect.schema.json");
    let mut place = Place::new("descriptions");
    for (file, several) in [("leaf.pem", false), ("chain.pem", true)] {
        let (status, text) = place.run(&format!("assayer inspect {SAMPLES}/{file} --format json"));
        assert_eq!(status, 0, "{text}");
        assert_eq!(check(&schema, &text)["certificates"].is_array(), several);
    }
}

#[test]
fn exit_statuses_say_how_it_ended() {
    let mut place = Place::new("statuses");
    let anchors = format!("--anchors {SAMPLES}/root.pem");
    for (options, status) in [
        (format!("verify {SAMPLES}/chain.pem {anchors} {AT}"), 0),
        (format!("verify - {anchors} {AT} < {SAMPLES}/chain.pem"), 0),
        (format!("verify {SAMPLES}/chain.pem --anchors {SAMPLES} {AT}"), 0),
        (format!("verify {SAMPLES}/leaf.pem {anchors} {AT}"), 1),
        (format!("verify {SAMPLES}/chain.pem {anchors} {AT} --purpose no-such"), 2),
        (format!("verify {SAMPLES}/chain.pem {AT}"), 2),
        (format!("verify {SAMPLES}/chain.pem {anchors} {AT} --crl a.crl"), 2),
        (format!("verify {SAMPLES}/chain.pem {anchors} {AT} --crl {SAMPLES}/root.pem"), 2),
        (format!("verify {SAMPLES}/chain.pem {anchors} {AT} --cc"), 1),
        (format!("verify {SAMPLES}/chain.pem {anchors} {AT} --capsule a"), 0),
        (format!("verify {SAMPLES}/chain.pem --anchors /no/such"), 2),
        (format!("verify {SAMPLES}/chain.pem {anchors} --at tomorrow"), 2),
        ("inspect /dev/zero".to_owned(), 2),
        ("inspect /bin/sh".to_owned(), 2),
        ("inspect /dev/null".to_owned(), 2),
        (format!("inspect {SAMPLES}/chain.pem"), 0),
    ] {
        let (found, text) = place.run(&format!("assayer {options}"));
        assert_eq!(found, status, "{options}: {text}");
        assert!(!text.contains("panicked"), "{text}");
        assert!(status != 2 || text.lines().count() == 1 || text.contains("tomorrow"), "{options}: {text}");
    }
}

#[test]
fn a_directory_passes_over_what_is_no_certificate_and_a_named_file_must_be_one() {
    let mut place = Place::new("directory");
    let verify = format!("assayer verify {SAMPLES}/chain.pem {AT} --anchors");
    place.run(&format!(
        "mkdir some none empty; cp {SAMPLES}/root.pem some; echo junk | tee some/a.pem > none/a.pem"
    ));
    let (status, text) = place.run(&format!("{verify} some"));
    assert_eq!(status, 0, "{text}");
    assert!(
        text.starts_with("assayer: note: some/a.pem: ") && text.contains("; passed over\nALLOW"),
        "{text}"
    );
    for (anchors, line) in [
        ("some/a.pem", "assayer: some/a.pem: "),
        ("none", "assayer: note: none/a.pem: "),
        ("empty", "assayer: empty: is a directory without certificate files; "),
    ] {
        let (status, text) = place.run(&format!("{verify} {anchors}"));
        assert_eq!(status, 2, "{text}");
        assert!(text.starts_with(line), "{text}");
    }
}

#[test]
fn a_pipe_that_closes_early_is_no_failure() {
    let (_, text) = Place::new("pipe")
        .run(&format!("for i in 1 2 3 4 5; do assayer inspect {SAMPLES}/chain.pem | true; done; echo end"));
    assert_eq!(text, "end\n");
}

#[test]
fn a_full_disk_is_a_fault_and_no_answer() {
    let command = format!("assayer verify {SAMPLES}/chain.pem --anchors {SAMPLES}/root.pem {AT} > /dev/full");
    let (status, text) = Place::new("full").run(&command);
    assert_eq!(status, 3, "{text}");
}
