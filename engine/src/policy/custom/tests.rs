//! Every fact of a path in hand, and what findings say of rules.

use super::*;
use crate::evaluate::{Outcome, evaluate};
use crate::expression::fact::{Presence, TABLE};
use crate::request::{Question, Request};
use crate::settings::Mode;
use crate::trust::TrustRole;
use crate::validator::Validator;
use crate::verdict::{Decision, Sealed};
use pki::certificate::Sketch;

/// 2025-06-01T00:00:00Z, within every validity of the fixtures.
const AT: i64 = 1_748_736_000;

/// root -> leaf, asked about with `policy`.
fn verdict(policy: &str) -> Sealed {
    let root = Sketch::ca("root").path_length(3).issue();
    let leaf = Sketch::leaf("leaf")
        .subject("C=DE,O=Org,O=Other,OU=Unit,CN=leaf")
        .dns("a.example")
        .ip("192.0.2.1")
        .mail("m@a.example")
        .uri("sip:a.example")
        .eku(&["serverAuth", "1.3.6.1.5.5.7.3.20"])
        .key_usage(&["digitalSignature"])
        .policies(&["1.2.3"])
        .issued_by(&root)
        .issue();
    let mut validator =
        Validator::new(policy, Mode::Standard).unwrap_or_else(|error| panic!("{policy}\n{error:?}"));
    validator.add_anchor(&root.der, TrustRole::Issuer).unwrap();
    let names = vec![crate::path::identity::ReferenceIdentifier::dns("a.example").unwrap()];
    let question =
        Question { target: &leaf.der, at: AT, purpose: Some("server-auth"), names, ..Question::default() };
    let request = Request::new(&question, validator.settings()).unwrap();
    let Outcome::Decided(sealed) = evaluate(&validator, &request, &[]).unwrap() else {
        panic!("not decided")
    };
    *sealed
}

fn rule(each: &str, when: &str, effect: &str) -> String {
    format!(
        "[[rules]]\nid = \"r\"\neach = {each:?}\nwhen = '''{when}'''\neffect = {effect:?}\nmessage = \"say\"\n"
    )
}

/// The findings of own rules: code, position, details in words.
fn found(policy: &str) -> Vec<(&'static str, Option<usize>, Vec<String>)> {
    let findings = verdict(policy).verdict.findings.into_iter().filter(|one| one.finding.code.is_custom());
    findings
        .map(|one| {
            let details = one.finding.details.iter().map(|detail| match &detail.value {
                Value::Text(text) => format!("{}: {text}", detail.name),
                other => panic!("{other:?}"),
            });
            let position = one.finding.subject.map(|subject| subject.position);
            (one.finding.code.as_str(), position, details.collect())
        })
        .collect()
}

#[test]
fn every_fact_is_what_the_stages_found() {
    let cases = [
        "at == timestamp('2025-06-01T00:00:00Z')",
        "mode == 'standard' && purpose == 'server-auth' && names == ['a.example']",
        "size(path) == 2 && size(status) == 2",
        "target.fingerprint == path[0].fingerprint && anchor.fingerprint == path[1].fingerprint",
        "size(target.fingerprint) == 64 && target.fingerprint != anchor.fingerprint",
        "target.subject.text.contains('CN=leaf') && target.issuer.text == anchor.subject.text",
        "target.subject.common_name == ['leaf'] && target.subject.organization == ['Org', 'Other']",
        "target.subject.organizational_unit == ['Unit'] && target.subject.country == ['DE']",
        "size(target.subject.state) + size(target.subject.locality) + size(target.subject.mail) == 0",
        "size(target.subject.device_number) + size(target.subject.domain_component) == 0",
        "size(target.serial_number) > 0 && size(target.serial_number) % 2 == 0",
        "target.not_before < at && at < target.not_after",
        "target.key.kind == 'p-256' && target.key.bits == 256",
        "target.signature_algorithm == 'ecdsa-sha256'",
        "target.key_usage == ['digitalSignature'] && 'keyCertSign' in anchor.key_usage",
        "target.extended_key_usage == ['serverAuth', '1.3.6.1.5.5.7.3.20'] && !has(anchor.extended_key_usage)",
        "target.dns_names == ['a.example'] && target.ip_addresses == ['192.0.2.1']",
        "target.mail_addresses == ['m@a.example'] && target.uris == ['sip:a.example']",
        "!target.is_authority && anchor.is_authority && !has(target.path_length) && anchor.path_length == 3",
        "target.policies == ['1.2.3'] && size(anchor.policies) == 0",
        "!target.self_issued && anchor.self_issued",
        "target.extensions.exists_one(e, e.oid == '2.5.29.17' && !e.critical)",
        "anchor.extensions.exists(e, e.oid == '2.5.29.19' && e.critical)",
        "status[0].status == 'undetermined' && status[1].status == 'not-asked'",
        "!has(status[0].source) && !has(status[0].model) && !has(status[0].fresh_until)",
    ];
    for case in cases {
        let told = found(&rule("path", case, "inform"));
        assert_eq!(told.first().map(|one| one.0), Some("custom.noticed"), "{case}: {told:?}");
    }
    for (each, count) in [("certificate.self_issued == (position == 1)", 2), ("position == 0", 1)] {
        assert_eq!(found(&rule("certificate", each, "inform")).len(), count, "{each}");
    }
    // no fact is left out
    let all = cases.join(" ");
    for row in TABLE.iter().filter(|row| row.presence != Presence::EachCertificate) {
        assert!(all.contains(row.name), "{}", row.name);
    }
}

#[test]
fn a_finding_says_which_rule_why_and_what_would_help() {
    let when = "names.exists(n, n == 'a.example') && size(path) < 3";
    let sealed = verdict(&rule("path", when, "deny"));
    assert_eq!(sealed.verdict.decision, Decision::Deny);
    let [denied] =
        &sealed.verdict.findings.iter().filter(|one| one.finding.code.is_custom()).collect::<Vec<_>>()[..]
    else {
        panic!("{:?}", sealed.verdict.findings)
    };
    assert_eq!(denied.finding.rules(), ["own:r"]);
    assert_eq!(denied.counterfactual.as_ref().map(|change| change.change), Some("other-value"));
    let told = found(&rule("path", when, "deny"));
    let expected = [
        "rule: r",
        "effect: deny",
        "message: say",
        "expression: names.exists(n, n == \"a.example\") && size(path) < 3",
        "because: n is \"a.example\"",
        "because: size(path) is 2",
        "turnedPart: size(path)",
        "turnedFrom: 2",
        "turnedTo: 3",
    ];
    assert_eq!(told, [("custom.denied", None, expected.map(str::to_owned).to_vec())]);
    // all of it is hashed
    let other = verdict(&rule("path", when, "deny").replace("\"say\"", "\"tell\""));
    assert_ne!(sealed.trace_hash, other.trace_hash);
    assert!(sealed.document.contains("own:r") && sealed.document.contains("size(path) is 2"));
    assert_eq!(sealed.document, verdict(&rule("path", when, "deny")).document);
}

#[test]
fn each_certificate_is_told_about_in_its_place() {
    let told = found(&rule("certificate", "certificate.path_length == 3", "deny"));
    let codes: Vec<_> = told.iter().map(|(code, position, _)| (*code, *position)).collect();
    assert_eq!(codes, [("custom.failed", Some(0)), ("custom.denied", Some(1))]);
    assert!(told[0].2.contains(&"failure: absent".to_owned()), "{told:?}");
    assert!(told[0].2.contains(&"because: certificate.path_length is absent".to_owned()), "{told:?}");
}

/// What rules say of the same path twice is told twice: they are different rules.
#[test]
fn rules_are_asked_in_their_order_and_share_the_budget() {
    let two =
        ["b", "a"].map(|id| rule("path", "size(path) == 2", "warn").replace("\"r\"", &format!("{id:?}")));
    let ids: Vec<_> = found(&two.concat()).into_iter().map(|(_, _, details)| details[0].clone()).collect();
    assert_eq!(ids, ["rule: b", "rule: a"]);
    let tight = |steps: u32| found(&format!("limits.rule-steps = {steps}\n{}", two.concat()));
    let needed = (1..200).find(|steps| tight(*steps).iter().all(|one| one.0 == "custom.warned")).unwrap();
    assert_eq!(tight(needed - 1).last().unwrap().0, "custom.unevaluated");
}

#[test]
fn an_allow_holds_no_longer_than_what_rules_were_asked_about() {
    let until = |policy: &str| verdict(policy).verdict.holds_until.map(|until| until.unix());
    let timeless = until(&rule("path", "size(path) > 9", "deny"));
    assert!(timeless.is_some_and(|until| until > AT) && timeless == until(""));
    let timed = rule("path", "target.not_after - at < duration('1h')", "deny");
    assert_eq!(until(&timed), Some(AT));
    // a rule that is not asked has no say
    assert_eq!(until(&format!("{timed}purposes = [\"client-auth\"]\n")), timeless);
}
