use serde_json::json;

use super::*;
use crate::content::{Engine, Mode, Verdict};
use crate::octets::Octets;
use crate::record::Question;

const TARGET: &[u8] = b"a certificate";

fn fingerprint() -> String {
    Digest(Sha256::digest(TARGET).into()).to_string()
}

fn finding(code: &str, severity: &str) -> Value {
    json!({
        "code": code, "severity": severity, "position": 0, "certificate": fingerprint(), "clause": "RFC 5280 6.3",
        "rules": ["R-OCSP-7"], "details": [], "counterfactual": null
    })
}

/// A rule of the deployment's own.
fn own(effect: &str, severity: &str) -> Value {
    json!({
        "code": effect, "severity": severity, "position": null, "certificate": null, "clause": "RFC 5280 6.2",
        "rules": ["own:no-wildcards"], "counterfactual": null,
        "details": [
            { "name": "rule", "type": "text", "value": "no-wildcards" },
            { "name": "message", "type": "text", "value": "wildcards are not for us" },
            { "name": "expression", "type": "text", "value": "target.isWildcard" },
        ]
    })
}

/// A verdict about the path of the target and these authorities.
fn verdict(decision: &str, authorities: &[&str], findings: &[Value]) -> Value {
    let member = |fingerprint: &str, subject: &str| json!({ "fingerprint": fingerprint, "subject": subject, "serial-number": "01" });
    let mut path = vec![member(&fingerprint(), "CN=a")];
    path.extend(authorities.iter().map(|authority| member(authority, "CN=authority")));
    json!({
        "trace-hash": "00", "decision": decision, "at": "2026-01-01T00:00:00Z", "holds-until": null, "path": path,
        "findings": findings, "refused": [], "spent": [{ "limit": "signatures", "spent": 1, "allowed": 9 }],
        "settings-hash": "00"
    })
}

fn between(before: &Value, after: &Value) -> Compared {
    Compared::between(&before.to_string(), &after.to_string()).unwrap()
}

fn told(compared: &Compared) -> Vec<(Change, &str, Option<&str>)> {
    compared
        .causes
        .iter()
        .map(|cause| (cause.change, cause.code.as_str(), cause.elsewhere.as_deref()))
        .collect()
}

#[test]
fn a_flip_is_told_with_the_findings_that_make_it_in_both_directions() {
    let allowed = verdict("allow", &["r"], &[finding("revocation.undetermined", "warn")]);
    let findings =
        [finding("revocation.undetermined", "deny"), finding("a.b", "warn"), finding("c.d", "deny")];
    let denied = verdict("deny", &["r"], &findings);
    let compared = between(&allowed, &denied);
    assert_eq!(compared.class(), Class::AllowToDeny);
    let (code, new) = ("revocation.undetermined", Change::New);
    assert_eq!(told(&compared), [(new, code, Some("warn")), (new, "c.d", None)]);
    let cause = &compared.causes[0];
    assert_eq!((cause.position, cause.clause.as_str()), (Some(0), "RFC 5280 6.3"));
    assert_eq!((cause.rules.as_slice(), &cause.own), (&["R-OCSP-7".to_owned()][..], &None));
    assert_eq!(cause.sentence, engine_wording::sentence(code, &[]));
    assert_eq!(compared.otherwise, Vec::<String>::new());
    let back = between(&denied, &allowed);
    assert_eq!(back.class(), Class::DenyToAllow);
    assert_eq!(told(&back), [(Change::Gone, code, Some("warn")), (Change::Gone, "c.d", None)]);
    let expected =
        Concerned { subject: "CN=a".into(), serial_number: "01".into(), fingerprint: fingerprint() };
    assert_eq!(back.certificate, expected);
}

#[test]
fn a_rule_of_the_deployment_s_own_is_told_by_name_text_and_expression() {
    let allowed = verdict("allow", &["r"], &[own("custom.warned", "warn")]);
    let compared = between(&allowed, &verdict("deny", &["r"], &[own("custom.denied", "deny")]));
    assert_eq!(told(&compared), [(Change::New, "custom.denied", Some("warn"))]);
    let cause = &compared.causes[0];
    let expected = OwnRule {
        rule: "no-wildcards".to_owned(),
        message: "wildcards are not for us".to_owned(),
        expression: "target.isWildcard".to_owned(),
    };
    assert_eq!((cause.position, cause.own.as_ref()), (None, Some(&expected)));
    assert!(cause.sentence.contains("wildcards are not for us"), "{}", cause.sentence);
}

#[test]
fn what_refuses_the_accepted_path_is_the_cause_even_where_another_path_is_shown() {
    let allowed = verdict("allow", &["r"], &[]);
    let mut denied = verdict(
        "deny",
        &["s", "t"],
        &[finding("signature.invalid", "deny"), {
            let mut whole = finding("budget.exceeded", "deny");
            whole["position"] = Value::Null;
            whole
        }],
    );
    denied["refused"] = json!([
        { "certificates": [fingerprint(), "x"], "findings": [finding("validity.expired", "deny")] },
        { "certificates": [fingerprint(), "r"], "findings": [finding("algorithm.refused", "deny")] },
    ]);
    let expected = [(Change::New, "algorithm.refused", None), (Change::New, "budget.exceeded", None)];
    assert_eq!(told(&between(&allowed, &denied)), expected);
    let back = between(&denied, &allowed);
    assert_eq!(
        back.causes.iter().map(|cause| cause.code.as_str()).collect::<Vec<_>>(),
        ["algorithm.refused", "budget.exceeded"]
    );
    // where the accepted path was not tried at all, what is shown is all there is to tell
    denied["refused"] = json!([]);
    assert_eq!(told(&between(&allowed, &denied))[0].1, "signature.invalid");
}

#[test]
fn what_follows_from_the_policy_alone_is_no_difference() {
    let before = verdict("allow", &["r"], &[finding("a.b", "warn")]);
    let mut after = before.clone();
    after["settings-hash"] = json!("01");
    after["trace-hash"] = json!("02");
    after["spent"] = json!([]);
    assert_eq!(between(&before, &after).class(), Class::Same);
    after["holds-until"] = json!("2027-01-01T00:00:00Z");
    let compared = between(&before, &after);
    assert_eq!(compared.class(), Class::Otherwise);
    assert_eq!(compared.otherwise, ["document: differs in holds-until"]);
}

#[test]
fn other_differences_are_told_in_lines() {
    let before = verdict("deny", &["r"], &[finding("a.b", "deny"), finding("c.d", "warn")]);
    let after = verdict("deny", &["r"], &[finding("c.d", "deny"), finding("e.f", "inform")]);
    let compared = between(&before, &after);
    assert_eq!((compared.class(), compared.causes.len()), (Class::Otherwise, 0));
    assert_eq!(
        compared.otherwise,
        [
            "finding gone: a.b (certificate 0)",
            "finding new: e.f (certificate 0)",
            "finding c.d (certificate 0): warn became deny",
        ]
    );
    let mut detailed = before.clone();
    detailed["findings"][0]["details"] = json!([{ "name": "x", "type": "number", "value": 1 }]);
    assert_eq!(between(&before, &detailed).otherwise, ["document: differs in findings[0].details"]);
}

fn record(document: &Value, decision: Decision) -> Record {
    Record {
        engine: Engine { sha256: Digest([0; 32]), version: String::new() },
        recording: None,
        question: Question {
            target: Octets(TARGET.to_vec()),
            untrusted: Vec::new(),
            at: 0,
            purpose: None,
            names: Vec::new(),
            nonce_seed: None,
        },
        policy: String::new(),
        mode: Mode::AsWritten,
        trusted: Vec::new(),
        evidence: Vec::new(),
        verdict: Verdict { decision, settings: Digest([0; 32]), trace: Digest([0; 32]) },
        document: document.to_string(),
    }
}

#[test]
fn a_record_that_contradicts_itself_is_not_compared() {
    let allowed = verdict("allow", &[], &[]);
    let sound = record(&allowed, Decision::Allow);
    assert_eq!(Compared::of(&sound, &allowed.to_string()).unwrap().class(), Class::Same);
    assert_eq!(Concerned::of(&sound).unwrap().subject, "CN=a");
    let compared = |record: &Record, after: &str| Compared::of(record, after).unwrap_err();
    let other = record(&allowed, Decision::Deny);
    assert_eq!(compared(&other, &allowed.to_string()), NotComparable::Contradiction);
    let mut other = sound.clone();
    other.question.target.0.push(0);
    assert_eq!(Concerned::of(&other), Err(NotComparable::Contradiction));
    let mut other = sound.clone();
    for document in ["", "{}", "{\"decision\":\"perhaps\"}"] {
        other.document = document.to_owned();
        assert_eq!(compared(&other, &allowed.to_string()), NotComparable::NoVerdict, "{document}");
        assert_eq!(compared(&sound, document), NotComparable::NoOther, "{document}");
    }
}

#[test]
fn what_becomes_of_a_decision_counts_under_one_class() {
    let (allowed, denied) = (verdict("allow", &[], &[]), verdict("deny", &[], &[finding("a.b", "deny")]));
    let compared = || between(&allowed, &denied);
    let same = || between(&allowed, &allowed);
    let asks = |then: Compared| Outcome::AsksForMore { asked: vec!["a CRL".to_owned()], then };
    let certificate = compared().certificate;
    let none = Outcome::CannotBeAsked { certificate, before: Decision::Allow, reason: String::new() };
    for (outcome, class, is_flip) in [
        (Outcome::Decided(compared()), Class::AllowToDeny, true),
        (Outcome::Decided(same()), Class::Same, false),
        (asks(compared()), Class::AsksForMore, true),
        (asks(same()), Class::AsksForMore, false),
        (none, Class::CannotBeAsked, true),
    ] {
        assert_eq!((outcome.class(), outcome.is_flip()), (class, is_flip), "{outcome:?}");
    }
}

#[test]
fn a_comparison_is_written_and_read_back() {
    let compared =
        between(&verdict("allow", &[], &[]), &verdict("deny", &[], &[own("custom.denied", "deny")]));
    let text = serde_json::to_string(&compared).unwrap();
    assert!(
        text.contains("\"change\":\"new\"") && text.contains("\"own\":{\"rule\":\"no-wildcards\""),
        "{text}"
    );
    assert_eq!(serde_json::from_str::<Compared>(&text).unwrap(), compared);
}
