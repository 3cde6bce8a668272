//! The crate as a host uses it: files read and refused, chains issued, answers given, verdicts compared.

use std::collections::BTreeSet;

use engine_capsule::{Evidence, Inputs, Mode, Reason, Trusted};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::{Case, Known, Need, Prepared, Sought, der, read};

const TOP: &str = "at = 2026-11-22T12:00:00Z\npurpose = \"server-auth\"\nnames = [\"dns:www.example.org\"]\n\
                   chain = [{ name = \"root\" }, { name = \"ca\" }, { name = \"leaf\", dns = [\"www.example.org\"] }]\n";

fn cases(text: &str) -> Vec<Case> {
    read(text, None).unwrap_or_else(|problems| panic!("{problems:?}"))
}

/// The file with one case of these lines.
fn file(lines: &str) -> String {
    format!("{TOP}[[cases]]\nname = \"a\"\n{lines}\n")
}

fn one(lines: &str) -> Prepared {
    prepare(&cases(&file(&format!("{lines}\nexpect = \"allow\"")))[0])
}

fn prepare(case: &Case) -> Prepared {
    case.prepare("", |given| Ok(vec![given.text.clone().into_bytes()])).unwrap()
}

/// Line, column, code and nearest word of the first mistake.
fn wrong(text: &str) -> (usize, usize, &'static str, Option<String>) {
    let problem = read(text, None).expect_err(text).remove(0);
    assert!(!problem.message.is_empty());
    (problem.line, problem.column, problem.code, problem.nearest)
}

fn near(word: &str) -> Option<String> {
    Some(word.to_owned())
}

#[test]
fn a_case_has_what_the_file_says_and_what_it_says_itself() {
    let text = format!(
        "{TOP}ocsp = \"good\"\n[[cases]]\nname = \"a\"\nexpect = \"allow\"\n[[cases]]\nname = \"b\"\nnote = \"n\"\n\
         at = \"2027-01-01T00:00:00Z\"\npurpose = \"\"\nmode = \"common-criteria\"\nexpect = {{ codes = [\"x.y\"] }}\n"
    );
    let cases = cases(&text);
    let [a, b] = cases.as_slice() else { panic!("{cases:?}") };
    assert_eq!(
        (a.line, a.at, a.purpose.as_deref(), a.mode),
        (6, 1_795_348_800, Some("server-auth"), Mode::AsWritten)
    );
    assert_eq!((b.line, b.at, b.purpose.as_deref(), b.mode), (9, 1_798_761_600, None, Mode::CommonCriteria));
    assert_eq!((b.note.as_deref(), b.names.len(), b.expected.decision), (Some("n"), 1, None));
}

#[test]
fn every_mistake_has_its_place_and_the_nearest_word() {
    for (lines, found) in [
        ("purpos = \"x\"", (7, 1, "cases.unknown-key", near("purpose"))),
        ("expect = \"alow\"", (7, 10, "cases.unknown-word", near("allow"))),
        ("expect = {}", (7, 10, "cases.empty", None)),
        ("expect = 1", (7, 10, "cases.wrong-type", None)),
        ("expect = { statuses = { lef = \"good\" } }", (7, 25, "cases.unknown-word", near("leaf"))),
        ("expect = { statuses = \"god\" }", (7, 23, "cases.unknown-word", near("good"))),
        ("expect = { codes = [{ severity = \"deny\" }] }", (7, 21, "cases.missing-key", None)),
        (
            "expect = { codes = [{ code = \"x\", certificate = \"roof\" }] }",
            (7, 49, "cases.unknown-word", near("root")),
        ),
        ("at = 2026-11-22", (7, 6, "cases.form", None)),
        ("at = \"noon\"", (7, 6, "cases.form", None)),
        ("names = [\"www.example.org\"]", (7, 10, "cases.form", None)),
        ("ocsp = \"goood\"", (7, 8, "cases.unknown-word", near("good"))),
        ("ocsp = { lead = \"good\" }", (7, 8, "cases.unknown-word", near("leaf"))),
        ("crl = \"unknown\"", (7, 7, "cases.unknown-word", None)),
        ("unavailable = \"time-out\"", (7, 15, "cases.unknown-word", near("timeout"))),
        ("change.lef.ca = true", (7, 8, "cases.unknown-word", near("leaf"))),
        ("change.leaf.kay = true", (7, 13, "cases.unknown-key", near("key"))),
        ("change.leaf.key = \"p-255\"", (7, 19, "cases.unknown-word", near("p-256"))),
        ("change.leaf.key = \"rsa 9000\"", (7, 19, "cases.out-of-range", None)),
        ("change.leaf.signed-by = \"roof\"", (7, 25, "cases.unknown-word", near("root"))),
        ("change.leaf.key-usage = [\"keyCertSing\"]", (7, 26, "cases.unknown-word", near("keyCertSign"))),
        ("change.leaf.key-usage = [\"cRLSign\", \"cRLSign\"]", (7, 37, "cases.duplicate", None)),
        (
            "change.leaf.extended-key-usage = [\"serverauth\"]",
            (7, 35, "cases.unknown-word", near("serverAuth")),
        ),
        ("change.leaf.serial = \"abc\"", (7, 22, "cases.form", None)),
        ("change.leaf.subject = \"leaf\"", (7, 23, "cases.form", None)),
        ("change.leaf.policies = [\"1\"]", (7, 25, "cases.form", None)),
        ("change.ca.key = \"rsa 2048\"", (7, 17, "cases.rsa-authority", None)),
        ("chain = []", (7, 9, "cases.empty", None)),
        ("chain = [{ name = \"a\" }, { name = \"a\" }]", (7, 35, "cases.duplicate", None)),
        ("chain = [{ ca = true }]", (7, 10, "cases.missing-key", None)),
        ("chain = [{ name = \"a\", key = \"rsa 2048\" }]", (7, 30, "cases.rsa-authority", None)),
        ("chain = [{ name = \"a\" }]\nanchors = [\"a.pem\"]", (8, 1, "cases.contradiction", None)),
        ("certificate = \"a.pem\"", (5, 1, "cases.missing-key", None)),
        (
            "certificate = \"a.pem\"\nanchors = [\"b.pem\"]\nocsp = \"good\"",
            (9, 8, "cases.contradiction", None),
        ),
    ] {
        let expect = if lines.contains("expect") { "" } else { "\nexpect = \"allow\"" };
        assert_eq!(wrong(&file(&format!("{lines}{expect}"))), found, "{lines}");
    }
    for (text, found) in [
        ("at = 1\n[[case", (2, 7, "cases.syntax", None)),
        ("at = 1\nat = 2", (2, 1, "cases.duplicate", None)),
        ("", (1, 1, "cases.missing-key", None)),
        ("purpos = \"x\"\ncases = []", (1, 1, "cases.unknown-key", near("purpose"))),
        (
            "[[cases]]\nname = \"a\"\nchain = [{ name = \"a\" }]\nexpect = \"deny\"",
            (1, 1, "cases.missing-key", None),
        ),
    ] {
        assert_eq!(wrong(text), found, "{text}");
    }
    let twice = format!("{}expect = \"deny\"\n[[cases]]\nname = \"a\"\nexpect = \"deny\"\n", file(""));
    assert_eq!(wrong(&twice), (10, 8, "cases.duplicate", None));
    // all of them at once, in their order
    let problems = read(&file("purpos = \"x\"\nexpect = \"maybe\""), None).unwrap_err();
    assert_eq!(problems.iter().map(|problem| problem.line).collect::<Vec<_>>(), [7, 8]);
}

#[test]
fn purposes_rules_and_codes_are_held_to_the_policy() {
    let known = Known::of("[[purposes]]\nname = \"server-auth\"\n[[rules]]\nid = \"long\"\n", ["a.b"]);
    let wrong = |lines: &str| read(&file(lines), Some(&known)).expect_err(lines).remove(0).nearest;
    assert_eq!(wrong("purpose = \"server-aut\"\nexpect = \"allow\""), near("server-auth"));
    assert_eq!(wrong("expect = { codes = [\"a.c\"] }"), near("a.b"));
    assert_eq!(wrong("expect = { without = [{ rule = \"lon\" }] }"), near("long"));
    assert!(read(&file("expect = { codes = [\"a.b\", { rule = \"long\" }] }"), Some(&known)).is_ok());
}

fn certificates(inputs: &Inputs) -> Vec<Vec<u8>> {
    let trusted = inputs.trusted.iter().filter_map(|trusted| match trusted {
        Trusted::Anchor { certificate, .. } => Some(certificate.0.clone()),
        _ => None,
    });
    let others = inputs.question.untrusted.iter().chain([&inputs.question.target]);
    trusted.chain(others.map(|certificate| certificate.0.clone())).collect()
}

#[test]
fn the_same_sketch_is_the_same_octets_and_every_word_changes_them() {
    let plain = certificates(&one("").inputs);
    assert_eq!(plain.len(), 3);
    assert_eq!(plain, certificates(&one("note = \"another\"").inputs));
    let mut seen = BTreeSet::from([plain[2].clone()]);
    for change in [
        "subject = \"CN=b,O=c\"",
        "issuer = \"CN=b\"",
        "key = \"rsa 2048\"",
        "key-name = \"b\"",
        "not-before = -1",
        "not-after = 2060-01-01T00:00:00Z",
        "ca = true",
        "path-length = 0\nchange.leaf.ca = true",
        "key-usage = []",
        "key-usage = [\"decipherOnly\"]",
        "extended-key-usage = [\"any\", \"1.2.3\"]",
        "dns = []",
        "ip = [\"::1\"]",
        "mail = [\"a@example.org\"]",
        "uri = [\"sip:a@example.org\"]",
        "ocsp-uri = \"http://a.example/\"",
        "crl-uri = \"http://a.example/\"",
        "policies = [\"any\"]",
        "permitted = [\"dns:example.org\"]",
        "excluded = [\"ip:10.0.0.0/8\"]",
        "serial = 7",
        "serial = \"00ff\"",
        "signed-by = \"root\"",
        "signature = \"broken\"",
        "signature = \"stranger\"",
        "extensions = [{ oid = \"1.2.3\", critical = true }]",
    ] {
        let changed = certificates(&one(&format!("change.leaf.{change}")).inputs);
        assert_eq!(changed[..2], plain[..2], "{change}");
        assert!(seen.insert(changed[2].clone()), "{change}");
    }
    assert_eq!(certificates(&one("change.ca.trust = \"missing\"").inputs).len(), 2);
}

/// An OCSP request about a serial number.
fn request(nonce: &[u8]) -> Vec<u8> {
    let id = der::sequence(&[
        der::sequence(&[der::oid(&[1])]),
        der::octets(&[1]),
        der::octets(&[2]),
        der::small(5),
    ]);
    let list = der::sequence(&[der::sequence(&[id])]);
    let value = der::octets(&der::octets(nonce));
    let extension = der::sequence(&[der::oid(&[0x2b, 6, 1, 5, 5, 7, 0x30, 1, 2]), value]);
    der::sequence(&[der::sequence(&[list, der::context(2, &der::sequence(&[extension]))])])
}

fn holds(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

#[test]
fn what_the_engine_asks_for_is_answered_as_the_case_says() {
    let asked = |prepared: &Prepared, what: Sought<'_>| {
        let about = Sha256::digest(&prepared.inputs.question.target.0);
        prepared.answer(&Need { id: "1", about: &about, what })
    };
    let body = request(b"nonce-of-the-request");
    let ocsp = Sought::OcspResponse { uri: "http://ocsp.example/", body: &body };
    let response = |lines: &str| match asked(&one(lines), ocsp) {
        Evidence::OcspResponse(answer) => {
            assert_eq!(answer.request.as_deref(), Some("1"));
            answer.body.0
        }
        other => panic!("{lines}: {other:?}"),
    };
    let good = response("ocsp = \"good\"");
    assert!(holds(&good, b"nonce-of-the-request") && good == response("ocsp = \"good\""));
    let mut seen = BTreeSet::from([good]);
    for word in [
        "revoked",
        "on-hold",
        "unknown",
        "expired",
        "future",
        "forged",
        "malformed",
        "good by delegate",
        "good by designated",
        "good by stranger",
        "revoked by delegate",
    ] {
        assert!(seen.insert(response(&format!("ocsp = \"{word}\""))), "{word}");
    }
    let reason = |lines: &str, what| match asked(&one(lines), what) {
        Evidence::Unavailable { reason, .. } => reason,
        other => panic!("{lines}: {other:?}"),
    };
    assert_eq!(reason("", ocsp), Reason::Offline);
    assert_eq!(reason("ocsp = \"timeout\"", ocsp), Reason::Timeout);
    assert_eq!(reason("unavailable = \"connection\"", Sought::Crl), Reason::Connection);
    assert_eq!(reason("ocsp = { ca = \"good\" }", ocsp), Reason::Offline);
    assert_eq!(reason("ocsp = \"good\"", Sought::IssuerCertificate), Reason::Offline);
    // a GET ends in the request, a POST has it in its body
    let address = "http://ocsp.example/MAA%3D";
    assert_eq!(reason("ocsp = \"good\"", Sought::OcspResponse { uri: address, body: &[] }), Reason::Offline);
    let Evidence::Crl(list) = asked(&one("crl = { leaf = \"revoked\" }"), Sought::Crl) else {
        panic!("no list")
    };
    let Evidence::Crl(empty) = asked(&one("crl = \"good\""), Sought::Crl) else { panic!("no list") };
    assert!(list.body.0.len() > empty.body.0.len());
}

#[test]
fn real_certificates_are_read_by_the_host_and_its_complaint_has_their_place() {
    let lines = "certificate = \"leaf.pem\"\nuntrusted = [\"ca.pem\"]\nanchors = [\"\"\"-----BEGIN CERTIFICATE-----\n\"\"\"]\n\
                 ocsp = [\"leaf.ocsp\"]\ncrl = [\"a.crl\", \"b.crl\"]\nexpect = \"allow\"";
    let case = cases(&file(lines)).remove(0);
    let given: Vec<(&str, bool)> =
        case.given().iter().map(|given| (given.text.as_str(), given.is_text())).collect();
    assert_eq!(given.len(), 6);
    assert_eq!((given[0], given[2].1, given[3].0), (("leaf.pem", false), true, "leaf.ocsp"));
    let prepared = prepare(&case);
    assert_eq!(prepared.inputs.question.target.0, b"leaf.pem");
    assert_eq!((prepared.inputs.trusted.len(), prepared.inputs.evidence.len()), (1, 3));
    let problem = case.prepare("", |_| Err("there is no such file".to_owned())).unwrap_err();
    assert_eq!((problem.line, problem.column, problem.code), (7, 15, "cases.file"));
}

#[test]
fn a_verdict_is_compared_member_by_member() {
    let lines = "expect = { decision = \"allow\", codes = [{ code = \"a.b\", certificate = \"leaf\" }, { rule = \"own\" }], \
                 without = [\"c.d\"], statuses = { leaf = \"good\", ca = \"good\" } }";
    let case = cases(&file(lines)).remove(0);
    let prepared = prepare(&case);
    let fingerprint: String = Sha256::digest(&prepared.inputs.question.target.0)
        .iter()
        .map(|octet| format!("{octet:02x}"))
        .collect();
    let mut document = json!({
        "decision": "allow",
        "path": [{ "fingerprint": fingerprint, "status": { "status": "good" } }],
        "findings": [
            { "code": "a.b", "severity": "warn", "position": 0, "certificate": fingerprint, "rules": [],
              "details": [{ "name": "n", "type": "number", "value": 3 }] },
            { "code": "custom.warned", "severity": "warn", "position": null, "rules": ["own:own"] },
        ],
    });
    let fields = |document: &Value| -> Vec<(&'static str, Option<String>, String, String)> {
        let told = |one: crate::Difference| (one.field, one.certificate, one.expected, one.found);
        case.differences(&prepared, document).into_iter().map(told).collect()
    };
    let not_in_path =
        ("statuses", Some("ca".to_owned()), "good".to_owned(), "it is not in the path".to_owned());
    assert_eq!(fields(&document), [not_in_path]);
    document["decision"] = json!("deny");
    document["findings"][0]["code"] = json!("c.d");
    document["findings"][0]["severity"] = json!("deny");
    document["findings"][1]["rules"] = json!(["own:other"]);
    document["path"][0]["status"] = json!({ "status": "undetermined", "reason": "ocsp.x" });
    let found = fields(&document);
    assert_eq!(
        found.iter().map(|one| (one.0, one.2.as_str(), one.3.as_str())).collect::<Vec<_>>(),
        [
            ("decision", "allow", "deny"),
            ("codes", "a.b about leaf", "c.d (deny) about leaf"),
            ("codes", "finding of rule own", "c.d (deny) about leaf"),
            ("without", "no c.d", "c.d (deny) about leaf"),
            ("statuses", "good", "undetermined (ocsp.x)"),
            ("statuses", "good", "it is not in the path"),
        ]
    );
    let decision = &case.differences(&prepared, &document)[0];
    assert_eq!(decision.findings[0].details, [("n".to_owned(), "3".to_owned())]);
}
