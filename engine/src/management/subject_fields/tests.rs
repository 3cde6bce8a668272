//! Fields at and beyond their bounds, and the DER of a subject.

use super::*;
use crate::certificate::name::Name;
use crate::der::Reader;

fn fields() -> SubjectFields {
    let some = |text: &str| Some(text.to_owned());
    SubjectFields {
        country: some("GB"),
        state: some("Surrey"),
        locality: some("Guildford"),
        organization: some("Example Ltd"),
        organizational_unit: some("Voice"),
        ..SubjectFields::default()
    }
}

fn found(fields: &SubjectFields, common_name: &str) -> Vec<(&'static str, Value)> {
    let mut plan = Plan::default();
    fields.check(&mut plan, common_name);
    plan.findings.iter().map(|finding| (finding.code.as_str(), finding.details[0].value.clone())).collect()
}

fn subject(fields: &SubjectFields) -> String {
    let encoded = fields.encode("cm1");
    Name::decode(&mut Reader::new(&encoded), "subject").unwrap().to_string()
}

#[test]
fn the_unit_is_left_out_unless_it_is_included() {
    // R-CSR-15, R-CSR-16, R-SS-5
    assert_eq!(subject(&fields()), "CN=cm1,O=Example Ltd,L=Guildford,ST=Surrey,C=GB");
    let included = SubjectFields { include_organizational_unit: true, ..fields() };
    assert_eq!(subject(&included), "CN=cm1,OU=Voice,O=Example Ltd,L=Guildford,ST=Surrey,C=GB");
    let nothing = SubjectFields { organizational_unit: None, ..included };
    let missing = [("issuance.field-missing", Value::text("organizationalUnit"))];
    assert_eq!(found(&nothing, "cm1"), missing);
}

#[test]
fn a_request_needs_country_locality_and_organization() {
    // R-CSR-3
    let needed = |fields: &SubjectFields| -> Vec<Value> {
        let mut plan = Plan::default();
        fields.check_needed(&mut plan);
        assert!(plan.findings.iter().all(|finding| finding.code == Code::FieldMissing));
        plan.findings.iter().map(|finding| finding.details[0].value.clone()).collect()
    };
    assert!(needed(&SubjectFields { state: None, ..fields() }).is_empty());
    assert_eq!(needed(&SubjectFields::default()), ["country", "locality", "organization"].map(Value::text));
}

#[test]
fn lengths_are_bounded_in_characters() {
    // RFC 5280 appendix A.1; both sides of each bound.
    let check = |set: fn(&mut SubjectFields, String), maximum: usize, name: &str| {
        let with = |length: usize| {
            let mut fields = SubjectFields { include_organizational_unit: true, ..fields() };
            set(&mut fields, "é".repeat(length));
            found(&fields, "cm1")
        };
        assert!(with(maximum).is_empty(), "{name}");
        assert_eq!(with(maximum + 1), [("issuance.field-too-long", Value::text(name))]);
    };
    check(|fields, text| fields.state = Some(text), 128, "state");
    check(|fields, text| fields.locality = Some(text), 128, "locality");
    check(|fields, text| fields.organization = Some(text), 64, "organization");
    check(|fields, text| fields.organizational_unit = Some(text), 64, "organizationalUnit");
    assert!(found(&fields(), &"a".repeat(64)).is_empty());
    let long = [("issuance.field-too-long", Value::text("commonName"))];
    assert_eq!(found(&fields(), &"a".repeat(65)), long);
}

#[test]
fn a_country_is_two_capitals() {
    let with = |text: &str| found(&SubjectFields { country: Some(text.to_owned()), ..fields() }, "cm1");
    assert!(with("DE").is_empty());
    for text in ["", "G", "gb", "G1", "G ", "ÄÖ", "*A"] {
        assert_eq!(with(text), [("issuance.field-invalid", Value::text("country"))], "{text}");
    }
    assert_eq!(with("GBR"), [("issuance.field-too-long", Value::text("country"))]);
}

#[test]
fn text_holds_nothing_that_is_not_seen() {
    for text in
        ["", " ", "a ", " a", "a\0b", "a\nb", "a\u{7f}", "a\u{85}b", "a\u{202e}b", "a\u{200b}b", "a\u{feff}b"]
    {
        let with = SubjectFields { organization: Some(text.to_owned()), ..fields() };
        let expected = [("issuance.field-invalid", Value::text("organization"))];
        assert_eq!(found(&with, "cm1"), expected, "{text:?}");
    }
    for text in ["Bücher & Söhne", "日本", "O'Neill, Inc. \"A\"+B"] {
        assert!(found(&SubjectFields { organization: Some(text.to_owned()), ..fields() }, "cm1").is_empty());
    }
}

#[test]
fn a_common_name_is_no_wildcard() {
    // R-TS-8
    assert_eq!(found(&fields(), "*.ex.com"), [("issuance.wildcard-requested", Value::text("commonName"))]);
    assert_eq!(found(&fields(), ""), [("issuance.field-invalid", Value::text("commonName"))]);
}

#[test]
fn host_names_are_written_as_they_are_asked_for() {
    let check = |text: &str| {
        let mut plan = Plan::default();
        let sound = check_host_name(&mut plan, "domains", text);
        assert_eq!(sound, plan.findings.is_empty());
        plan.findings.first().map(|finding| finding.code.as_str())
    };
    for text in ["cm1", "cm1.ex.com", "xn--bcher-kva.example", "1cm.ex.com"] {
        assert_eq!(check(text), None, "{text}");
    }
    // R-TS-8
    for text in ["*.ex.com", "*", "cm*.ex.com", "cm1.*.com"] {
        assert_eq!(check(text), Some("issuance.wildcard-requested"), "{text}");
    }
    for text in
        ["", "bücher.example", "cm1.ex.com.", "cm_1.ex.com", "-a.ex.com", "192.0.2.1", "a b", "a\0.ex.com"]
    {
        assert_eq!(check(text), Some("issuance.host-name-invalid"), "{text}");
    }
    let label = |length: usize| format!("{}.com", "a".repeat(length));
    assert_eq!((check(&label(63)), check(&label(64))), (None, Some("issuance.host-name-invalid")));
}
