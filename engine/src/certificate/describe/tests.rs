//! Descriptions of certificates made by hand: labels, values, bounds.

use super::*;
use crate::certificate::sample::{
    Sample, critical, encode_name, extension, identifier, printable, public_key, sequence, tlv, utf8,
};
use crate::der;

fn lines(sample: &Sample) -> Vec<Field> {
    describe(&Certificate::decode(&sample.encode()).unwrap())
}

fn value<'a>(fields: &'a [Field], label: &str) -> Option<&'a str> {
    fields.iter().find(|field| field.label == label).map(|field| field.value.as_str())
}

/// The lines below the one called `heading`, as depth, label and value.
fn below(fields: &[Field], heading: &str) -> Vec<(u8, String, String)> {
    let mut rest = fields.iter().skip_while(|field| field.label != heading);
    let depth = rest.next().unwrap().depth;
    let inside = rest.take_while(|field| field.depth > depth);
    inside.map(|field| (field.depth, field.label.clone(), field.value.clone())).collect()
}

fn line(depth: u8, label: &str, value: &str) -> (u8, String, String) {
    (depth, label.to_owned(), value.to_owned())
}

// R-SHOW-4 to R-SHOW-9: the names administrators know. R-SHOW-12: fingerprints. R-TS-36: holder, key and signature.
#[test]
fn fields_stand_under_the_names_administrators_know() {
    let key =
        public_key(&oid::RSA_ENCRYPTION, &[5, 0], &sequence(&[tlv(2, &[0x70; 128]), tlv(2, &[1, 0, 1])]));
    let fields = lines(&Sample { public_key: key, ..Sample::default() });
    let top: Vec<&str> =
        fields.iter().filter(|field| field.depth == 0).map(|field| field.label.as_str()).collect();
    assert_eq!(
        top,
        [
            "Version",
            "Serial Number",
            "Signature Algorithm",
            "IssuerDN",
            "Start Date",
            "Final Date",
            "SubjectDN",
            "Public Key",
            "Signature",
            "SHA-256 Fingerprint",
            "SHA-1 Fingerprint"
        ]
    );
    for (label, expected) in [
        ("Version", "3"),
        ("Serial Number", "07"),
        ("Signature Algorithm", "Ed25519"),
        ("IssuerDN", "CN=Sample CA"),
        ("Start Date", "2026-01-01T00:00:00Z"),
        ("Final Date", "2027-01-01T00:00:00Z"),
        ("SubjectDN", "CN=Sample"),
        ("Public Key", "rsa 1023"),
        ("Exponent", "010001"),
    ] {
        assert_eq!(value(&fields, label), Some(expected), "{label}");
    }
    assert_eq!(value(&fields, "Modulus"), Some("70".repeat(128).as_str()));
    assert_eq!(value(&fields, "SHA-1 Fingerprint").unwrap().len(), 40);
    assert_eq!(value(&fields, "SHA-256 Fingerprint").unwrap().len(), 64);
    assert_eq!(below(&fields, "SubjectDN"), [line(1, "CN", "Sample")]);
}

// R-SHOW-10: extensions by name and by identifier.
#[test]
fn extensions_show_name_identifier_and_criticality() {
    let unknown = Oid::from_dotted("1.2.3.4").unwrap();
    let fields = lines(&Sample::with_extensions(&[
        critical(&oid::KEY_USAGE, &[3, 2, 5, 0xa0]),
        extension(
            &oid::EXTENDED_KEY_USAGE,
            &sequence(&[identifier(&oid::KP_SERVER_AUTH), identifier(&unknown)]),
        ),
        extension(&unknown, &[1, 2, 3]),
    ]));
    let find = |label: &str| fields.iter().find(|field| field.label == label).unwrap();
    let usage = find("Key Usage");
    assert_eq!((usage.oid.as_ref(), usage.critical), (Some(&oid::KEY_USAGE), Some(true)));
    assert_eq!(usage.value, "digitalSignature, keyEncipherment");
    let purposes = below(&fields, "Extended Key Usage");
    assert_eq!(purposes, [line(2, "Purpose", "serverAuth"), line(2, "Purpose", "1.2.3.4")]);
    assert_eq!(find("Purpose").oid, Some(oid::KP_SERVER_AUTH));
    assert_eq!(find("1.2.3.4").critical, Some(false));
    assert_eq!(below(&fields, "1.2.3.4"), [line(2, "Value", "010203")]);
}

#[test]
fn known_extensions_are_shown_value_by_value() {
    let uri = tlv(0x86, b"http://x");
    let fields = lines(&Sample::with_extensions(&[
        extension(&oid::BASIC_CONSTRAINTS, &[0x30, 6, 1, 1, 0xff, 2, 1, 2]),
        extension(&oid::SUBJECT_ALT_NAME, &sequence(&[tlv(0x82, b"a\0b"), tlv(0x87, &[10, 0, 0, 1])])),
        extension(
            &oid::NAME_CONSTRAINTS,
            &sequence(&[tlv(0xa1, &sequence(&[tlv(0x87, &[10, 0, 0, 0, 255, 0, 0, 0])]))]),
        ),
        extension(
            &oid::AUTHORITY_INFO_ACCESS,
            &sequence(&[sequence(&[identifier(&oid::AD_OCSP), uri.clone()])]),
        ),
        extension(
            &oid::CRL_DISTRIBUTION_POINTS,
            &sequence(&[sequence(&[tlv(0xa0, &tlv(0xa0, &uri)), vec![0x81, 2, 1, 0x42]])]),
        ),
        extension(
            &oid::CERTIFICATE_POLICIES,
            &sequence(&[sequence(&[
                identifier(&oid::ANY_POLICY),
                sequence(&[sequence(&[identifier(&oid::QT_CPS), tlv(der::IA5_STRING, b"http://cps")])]),
            ])]),
        ),
        extension(&oid::SIGNED_CERTIFICATE_TIMESTAMPS, &tlv(4, &[0, 7, 0, 1, 9, 0, 2, 8, 8])),
        extension(&oid::AUTHORITY_KEY_IDENTIFIER, &sequence(&[tlv(0x80, &[0xab])])),
        extension(&oid::INHIBIT_ANY_POLICY, &[2, 1, 1]),
        extension(&oid::OCSP_NO_CHECK, &[5, 0]),
    ]));
    assert_eq!(below(&fields, "Basic Constraints"), [line(2, "CA", "true"), line(2, "Path Length", "2")]);
    let names = below(&fields, "Subject Alternative Name");
    assert_eq!(names, [line(2, "dNSName", r"a\00b"), line(2, "iPAddress", "10.0.0.1")]);
    let constraints = below(&fields, "Name Constraints");
    assert_eq!(constraints, [line(2, "Excluded", ""), line(3, "iPAddress", "10.0.0.0/255.0.0.0")]);
    let access = below(&fields, "Authority Information Access");
    assert_eq!(access[1], line(3, "uniformResourceIdentifier", "http://x"));
    let points = below(&fields, "CRL Distribution Points");
    assert_eq!(points[2], line(3, "Reasons", "keyCompromise, certificateHold"));
    let policies = below(&fields, "Certificate Policies");
    assert_eq!(policies, [line(2, "Policy", "anyPolicy"), line(3, "cps", "http://cps")]);
    assert_eq!(below(&fields, "Signed Certificate Timestamps")[0], line(2, "Count", "2"));
    assert_eq!(below(&fields, "Authority Key Identifier"), [line(2, "Key Identifier", "ab")]);
    assert_eq!(value(&fields, "Inhibit Any Policy"), Some("1"));
    assert_eq!(value(&fields, "OCSP No Check"), Some("present"));
}

#[test]
fn a_list_of_timestamps_that_does_not_add_up_is_only_octets() {
    for list in [&[0, 8, 0, 1, 9][..], &[0, 3, 0, 2, 9], &[0, 3, 0, 1, 9, 9], &[0]] {
        let fields =
            lines(&Sample::with_extensions(&[extension(&oid::SIGNED_CERTIFICATE_TIMESTAMPS, &tlv(4, list))]));
        let below = below(&fields, "Signed Certificate Timestamps");
        assert_eq!((below.len(), below[0].1.as_str()), (1, "Value"));
    }
}

#[test]
fn huge_values_are_cut_with_their_length() {
    assert_eq!(octets(&[0xab; MAXIMUM_SHOWN]), "ab".repeat(MAXIMUM_SHOWN));
    let cut = octets(&[0xab; MAXIMUM_SHOWN + 1]);
    assert_eq!(cut, format!("{}… {} octets", "ab".repeat(MAXIMUM_SHOWN), MAXIMUM_SHOWN + 1));
    assert_eq!(text(&"x".repeat(MAXIMUM_SHOWN)), "x".repeat(MAXIMUM_SHOWN));
    assert!(text(&"x".repeat(MAXIMUM_SHOWN + 1)).ends_with("x… 1025 octets"));
    assert_eq!(text(&"\0".repeat(5000)).chars().filter(|c| *c == '\\').count(), 342);
    let subject = encode_name(&[&[utf8(&oid::COMMON_NAME, &"y".repeat(9000))]]);
    let fields = lines(&Sample { subject, ..Sample::default() });
    assert!(value(&fields, "SubjectDN").unwrap().ends_with("y… 9003 octets"));
}

#[test]
fn too_many_lines_are_counted_and_the_fingerprints_stay() {
    let names = vec![tlv(0x82, b"a"); 10_000];
    let fields = lines(&Sample::with_extensions(&[extension(&oid::SUBJECT_ALT_NAME, &sequence(&names))]));
    assert_eq!(fields.len(), MAXIMUM_FIELDS + 3);
    // 13 lines stand before the names and 1 behind them.
    assert_eq!(value(&fields, "…"), Some(format!("{} lines", 10_000 + 14 - MAXIMUM_FIELDS).as_str()));
    assert_eq!(fields.last().unwrap().label, "SHA-1 Fingerprint");
}

#[test]
fn an_outer_algorithm_that_differs_is_shown() {
    let algorithm = sequence(&[identifier(&oid::SHA256_WITH_RSA), vec![5, 0]]);
    let fields = lines(&Sample { algorithm, ..Sample::default() });
    assert_eq!(value(&fields, "Outer Signature Algorithm"), Some("sha256WithRSAEncryption"));
}

#[test]
fn a_named_curve_and_other_parameters() {
    let ec = |parameters: &[u8], key: &[u8]| {
        let public_key = public_key(&oid::EC_PUBLIC_KEY, parameters, key);
        lines(&Sample { public_key, ..Sample::default() })
    };
    let point = [&[4][..], &[1; 64]].concat();
    assert_eq!(
        below(&ec(&identifier(&oid::SECP256R1), &point), "Public Key")[0],
        line(1, "Curve", "secp256r1")
    );
    assert_eq!(below(&ec(&[0x30, 1, 0xff], &[1]), "Public Key")[0], line(1, "Parameters", "3001ff"));
}

#[test]
fn the_document_nests_and_escapes() {
    let subject =
        encode_name(&[&[printable(&oid::COUNTRY_NAME, "GB"), utf8(&oid::COMMON_NAME, "a\"\u{202e}</b>")]]);
    let Ok(certificate) = Certificate::decode(&Sample { subject, ..Sample::default() }.encode()) else {
        panic!("the attributes stand in DER order");
    };
    let document = describe_document(&certificate);
    assert_eq!(document, describe_document(&certificate));
    let json: serde_json::Value = serde_json::from_str(&document).unwrap();
    let fields = json["fields"].as_array().unwrap();
    assert_eq!(fields[0], serde_json::json!({"label": "Version", "value": "3"}));
    let subject = fields.iter().find(|field| field["label"] == "SubjectDN").unwrap();
    assert_eq!(subject["fields"][1]["oid"], "2.5.4.3");
    assert_eq!(subject["fields"][1]["value"], "a\"\\E2\\80\\AE</b>");
    assert!(document.starts_with(r#"{"fields":[{"label":"Version","value":"3"},{"label":"Serial Number""#));
}

#[test]
fn a_request_is_described_as_a_certificate_is() {
    // sorted as a SET is: the shorter attribute first
    let nickname = Oid::from_dotted("1.2.3").unwrap();
    let attribute = |kind: &Oid, value: Vec<u8>| sequence(&[identifier(kind), tlv(der::SET, &value)]);
    let asked = attribute(&oid::EXTENSION_REQUEST, sequence(&[critical(&oid::KEY_USAGE, &[3, 2, 5, 0xa0])]));
    let attributes = [attribute(&nickname, tlv(der::UTF8_STRING, b"x")), asked].concat();
    let info = sequence(&[
        tlv(der::INTEGER, &[0]),
        encode_name(&[&[utf8(&oid::COMMON_NAME, "cm1")]]),
        public_key(&oid::ED25519, &[], &[9; 32]),
        tlv(der::context_constructed(0), &attributes),
    ]);
    let der = sequence(&[
        info,
        sequence(&[identifier(&oid::ED25519)]),
        tlv(der::BIT_STRING, &[&[0][..], &[5; 64]].concat()),
    ]);
    let fields = describe_request(&SigningRequest::decode(&der).unwrap());
    for (label, expected) in [
        ("Version", "1"),
        ("SubjectDN", "CN=cm1"),
        ("CN", "cm1"),
        ("Attribute", "1.2.3"),
        ("Key Usage", "digitalSignature, keyEncipherment"),
        ("Signature Algorithm", "Ed25519"),
    ] {
        assert_eq!(value(&fields, label), Some(expected), "{label}: {fields:?}");
    }
    assert_eq!(value(&fields, "SHA-256 Fingerprint").map(str::len), Some(64));
    assert_eq!(value(&fields, "IssuerDN"), None);
}
