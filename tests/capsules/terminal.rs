//! `assayer verify --capsule` and `assayer capsule` as a script uses them: what is printed, and how they end.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::question::Place;

fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Runs the program in a place, with the samples beside it: its status and everything that it said.
pub(crate) fn assayer(place: &Place, arguments: &str) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_assayer-under-test"));
    let arguments = arguments.replace("SAMPLES", project().join("tests/samples").to_str().unwrap());
    let output = command.args(arguments.split_whitespace()).current_dir(&place.0).output().unwrap();
    let text = [output.stdout, output.stderr].map(|octets| String::from_utf8(octets).unwrap()).concat();
    (output.status.code().unwrap(), text)
}

const QUESTION: &str = "verify SAMPLES/leaf.pem --untrusted SAMPLES/issuing.pem --anchors SAMPLES/root.pem \
                        --at 2026-11-21T12:00:00Z --purpose server-auth --name www.example.org --format json";

/// A capsule of the question, by the name `a.capsule`.
fn saved(place: &Place) -> String {
    let (status, text) = assayer(place, &format!("{QUESTION} --capsule a.capsule"));
    assert_eq!(status, 0, "{text}");
    fs::read_to_string(place.0.join("a.capsule")).unwrap()
}

pub(crate) fn put(place: &Place, name: &str, octets: impl AsRef<[u8]>) {
    fs::write(place.0.join(name), octets).unwrap();
}

#[test]
fn a_decision_is_saved_shown_and_decided_again() {
    let place = Place::new();
    let text = saved(&place);
    let schema = fs::read_to_string(project().join("engine/capsule/schema/capsule.schema.json")).unwrap();
    let schema = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
    let document: Value = serde_json::from_str(&text).unwrap();
    assert!(schema.is_valid(&document), "{text}");
    for word in ["PRIVATE", "assayer_"] {
        assert!(!text.contains(word), "{word}");
    }
    let (_, verdict) = assayer(&place, QUESTION);
    let parts = document["parts"].as_array().unwrap();
    let part = |name: &str| &parts.iter().find(|part| part["name"] == name).unwrap()["content"];
    // the document in it is the one that was printed
    assert_eq!(part("verdict/document")["document"], verdict.trim_end());
    assert_eq!(part("question/names/00001")["name"]["dns"], "www.example.org");
    let (status, page) = assayer(&place, "capsule show a.capsule");
    assert_eq!(status, 0, "{page}");
    for line in
        ["ALLOW  CN=www.example.org", "all there", "for server-auth as www.example.org", "trust anchors: 1"]
    {
        assert!(page.contains(line), "{line}\n{page}");
    }
    let (status, page) = assayer(&place, "capsule replay a.capsule");
    assert_eq!(status, 0, "{page}");
    assert!(page.contains("1 decided again: 1 the same, 0 otherwise, 0 unreadable"), "{page}");
    let (status, page) = assayer(&place, "capsule replay a.capsule --host-signatures --format json");
    let outcome: Value = serde_json::from_str(&page).unwrap();
    assert_eq!((status, &outcome["same"]), (0, &Value::from(1)), "{page}");
}

#[test]
fn a_file_that_is_there_is_not_replaced_and_nothing_is_printed_then() {
    let place = Place::new();
    let text = saved(&place);
    let (status, said) = assayer(&place, &format!("{QUESTION} --capsule a.capsule"));
    assert_eq!(
        (status, said.as_str()),
        (2, "assayer: a.capsule: is there already; name a file that is not\n")
    );
    assert_eq!(fs::read_to_string(place.0.join("a.capsule")).unwrap(), text);
    let (status, said) = assayer(&place, &format!("{QUESTION} --capsule -"));
    assert_eq!(status, 2, "{said}");
}

#[test]
fn evidence_policy_mode_and_denies_are_decided_again() {
    let place = Place::new();
    let (status, page) = assayer(&place, "demo --keep kept");
    assert_eq!(status, 0, "{page}");
    put(&place, "policy.toml", "[revocation]\nundetermined = \"deny\"\n");
    let base = "--anchors kept/authority.der --format json --capsule";
    for (number, (options, status)) in [
        ("kept/good.demo.der --crl kept/demo.crl", 0),
        ("kept/stolen.demo.der --crl kept/demo.crl", 1),
        ("kept/good.demo.der --ocsp kept/demo.crl", 0),
        ("kept/good.demo.der --cc", 1),
        ("kept/good.demo.der --policy policy.toml", 1),
        // nothing can be reached, and that is evidence
        ("kept/good.demo.der --online", 0),
        ("kept/good.demo.der --responder kept/authority.der", 0),
    ]
    .into_iter()
    .enumerate()
    {
        let (found, text) = assayer(&place, &format!("verify {options} {base} {number}.capsule"));
        assert_eq!(found, status, "{options}: {text}");
    }
    let (status, text) = assayer(&place, "capsule replay .");
    assert_eq!(status, 0, "{text}");
    assert!(text.contains("7 decided again: 7 the same"), "{text}");
}

#[test]
fn what_is_left_out_can_be_shown_and_not_decided_again() {
    let place = Place::new();
    let text = saved(&place);
    let redact = "capsule redact a.capsule --part question/names --part verdict/document --out b.capsule";
    assert_eq!(assayer(&place, redact), (0, String::new()));
    let redacted = fs::read_to_string(place.0.join("b.capsule")).unwrap();
    assert!(text.contains("www.example.org") && !redacted.contains("www.example.org"));
    let root = |text: &str| serde_json::from_str::<Value>(text).unwrap()["root"].clone();
    assert_eq!(root(&redacted), root(&text));
    let (status, page) = assayer(&place, "capsule show b.capsule");
    assert_eq!(status, 0, "{page}");
    assert!(page.contains("left out: question/names/00001, verdict/document"), "{page}");
    let (status, page) = assayer(&place, "capsule replay b.capsule a.capsule");
    assert_eq!(status, 2, "{page}");
    assert!(page.contains("1 the same, 0 otherwise, 1 unreadable"), "{page}");
    let (status, line) = assayer(&place, "capsule redact a.capsule --part question/name --out c.capsule");
    assert_eq!(status, 2);
    assert!(line.starts_with("assayer: --part: there is no part `question/name` in a.capsule"), "{line}");
    // who recorded it plays no role in the decision
    assayer(&place, "capsule redact a.capsule --part about/recording --out d.capsule");
    assert_eq!(assayer(&place, "capsule replay d.capsule").0, 0);
}

#[test]
fn a_capsule_that_was_forged_decides_otherwise_and_says_what_differs() {
    let place = Place::new();
    let text = saved(&place);
    // sealed anew over another question: every hash is right
    let mut capsule = engine_capsule::Capsule::read(text.as_bytes()).unwrap();
    let mut record = engine_capsule::Record::of(&capsule).unwrap();
    record.question.at += 200 * 365 * 86_400;
    record.engine.sha256 = engine_capsule::Digest([0; 32]);
    capsule = record.seal(|| engine_capsule::Salt([1; 16])).unwrap();
    put(&place, "forged.capsule", capsule.print());
    assert_eq!(assayer(&place, "capsule show forged.capsule").0, 0);
    let (status, page) = assayer(&place, "capsule replay forged.capsule");
    assert_eq!(status, 1, "{page}");
    for line in [
        "decision: allow became deny",
        "finding new: validity.expired (certificate 0)",
        "trace: another hash",
        "engine: decided by 0000",
        "0 the same, 1 otherwise",
    ] {
        assert!(page.contains(line), "{line}\n{page}");
    }
}

#[test]
fn what_is_no_capsule_is_one_clear_line() {
    let place = Place::new();
    let text = saved(&place);
    put(&place, "empty.capsule", "");
    put(&place, "picture.capsule", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR");
    put(&place, "cut.capsule", &text[..text.len() / 2]);
    put(&place, "newer.capsule", text.replacen("\"version\":1,", "\"version\":2,", 1));
    put(&place, "altered.capsule", text.replacen("server-auth", "client-auth", 1));
    put(&place, "pretty.capsule", text.replacen("{\"format\"", "{\n\"format\"", 1));
    for (file, line) in [
        ("empty", "is empty"),
        ("picture", "is no capsule"),
        ("cut", "ends after "),
        ("newer", "is a capsule of format version 2; this program reads version 1"),
        ("altered", "part `question/purpose` was altered: it does not have its hash"),
        ("pretty", "is not written as a capsule is, from octet 1 on"),
        ("missing", "there is no such file"),
    ] {
        for command in ["show", "redact --part trust --out out"] {
            let (status, said) = assayer(&place, &format!("capsule {command} {file}.capsule"));
            assert_eq!(status, 2, "{file}: {said}");
            let begins = format!("assayer: {file}.capsule: {line}");
            assert!(said.starts_with(&begins) && said.lines().count() == 1, "{said}");
        }
        let (status, said) = assayer(&place, &format!("capsule replay {file}.capsule"));
        assert_eq!(status, 2, "{file}: {said}");
        assert!(said.contains(line) && said.contains("1 unreadable"), "{file}: {said}");
    }
    // the others are shown all the same
    let (status, said) = assayer(&place, "capsule show a.capsule picture.capsule");
    assert_eq!(status, 2);
    assert!(said.contains("ALLOW") && said.contains("picture.capsule: is no capsule"), "{said}");
    let (status, said) = assayer(&place, "capsule replay .");
    assert_eq!(status, 2, "{said}");
    assert!(said.contains("1 the same, 0 otherwise, 6 unreadable"), "{said}");
}
