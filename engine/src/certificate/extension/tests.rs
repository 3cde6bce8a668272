//! Every known extension decoded, and refused in each way its type allows, through whole certificates.

use super::*;
use crate::certificate::sample::{
    Sample, critical, encode_name, extension, identifier, printable, sequence, tlv,
};
use crate::certificate::{Certificate, name::Name};
use crate::settings::KeyUsageBit;

fn decoded(kind: &Oid, value: &[u8]) -> Decoded<Extensions> {
    Certificate::decode(&Sample::with_extensions(&[extension(kind, value)]).encode())
        .map(|certificate| certificate.extensions)
}

/// The field and the problem, after a check that the offset points into the value.
fn refused(kind: &Oid, value: &[u8]) -> (&'static str, Problem) {
    let whole = Sample::with_extensions(&[extension(kind, value)]).encode();
    let malformed = Certificate::decode(&whole).unwrap_err();
    let start = whole.windows(value.len()).rposition(|window| window == value).unwrap();
    let end = start.saturating_add(value.len());
    assert!((start..=end).contains(&malformed.offset), "{malformed:?} outside {start}");
    (malformed.field, malformed.problem)
}

fn dns(name: &[u8]) -> Vec<u8> {
    tlv(0x82, name)
}

fn number(tag: u8, value: u8) -> Vec<u8> {
    vec![tag, 1, value]
}

#[test]
fn criticality_order_and_raw_values_are_kept() {
    let unknown = Oid::from_dotted("1.2.3.4").unwrap();
    let list = [critical(&unknown, b"not DER"), extension(&oid::OCSP_NO_CHECK, &[5, 0])];
    let whole = Sample::with_extensions(&list).encode();
    let extensions = Certificate::decode(&whole).unwrap().extensions;
    assert!(extensions.is_critical(&unknown) && !extensions.is_critical(&oid::OCSP_NO_CHECK));
    let raw = extensions.find(&unknown).unwrap();
    assert_eq!(raw.value, b"not DER");
    assert_eq!(whole[raw.offset..raw.offset + 7], *b"not DER");
    assert!(extensions.ocsp_no_check && extensions.all.len() == 2);
    assert!(extensions.find(&oid::KEY_USAGE).is_none() && !extensions.is_critical(&oid::KEY_USAGE));
}

#[test]
fn an_extension_that_stands_twice_is_refused_known_or_not() {
    for kind in [oid::OCSP_NO_CHECK, Oid::from_dotted("1.2.3.4").unwrap()] {
        let twice = [extension(&kind, &[5, 0]), critical(&kind, &[5, 0])];
        let malformed = Certificate::decode(&Sample::with_extensions(&twice).encode()).unwrap_err();
        assert_eq!((malformed.field, malformed.problem), ("extensions", Problem::Duplicate));
    }
}

#[test]
fn criticality_false_is_left_out_in_der() {
    let value = tlv(der::OCTET_STRING, &[5, 0]);
    for (boolean, problem) in [(0x00, Problem::EncodedDefault), (0x01, Problem::BooleanNotCanonical)] {
        let encoded = sequence(&[identifier(&oid::OCSP_NO_CHECK), number(1, boolean), value.clone()]);
        let malformed = Certificate::decode(&Sample::with_extensions(&[encoded]).encode()).unwrap_err();
        assert_eq!((malformed.field, malformed.problem), ("extensions.critical", problem));
    }
}

#[test]
fn key_identifiers() {
    let subject = decoded(&oid::SUBJECT_KEY_IDENTIFIER, &[4, 2, 1, 2]).unwrap();
    assert_eq!(subject.subject_key_identifier, Some(vec![1, 2]));
    let trailing = refused(&oid::SUBJECT_KEY_IDENTIFIER, &[4, 2, 1, 2, 5, 0]);
    assert_eq!(trailing, ("subjectKeyIdentifier", Problem::TrailingData));

    let kind = &oid::AUTHORITY_KEY_IDENTIFIER;
    let (key, issuer, serial) = (tlv(0x80, b"k"), tlv(0xa1, &dns(b"a")), number(0x82, 9));
    let whole = decoded(kind, &sequence(&[key.clone(), issuer.clone(), serial.clone()])).unwrap();
    let identifier = whole.authority_key_identifier.unwrap();
    assert_eq!(identifier.key_identifier, Some(b"k".to_vec()));
    assert_eq!(identifier.issuer, Some(vec![GeneralName::DnsName("a".to_owned())]));
    assert_eq!(identifier.serial_number, Some(vec![9]));
    assert!(
        decoded(kind, &sequence(&[])).unwrap().authority_key_identifier.unwrap().key_identifier.is_none()
    );
    for half in [vec![key.clone(), issuer], vec![serial]] {
        assert_eq!(refused(kind, &sequence(&half)), ("authorityKeyIdentifier", Problem::Incomplete));
    }
    let empty = refused(kind, &sequence(&[tlv(0xa1, &[]), number(0x82, 9)]));
    assert_eq!(empty, ("authorityKeyIdentifier.authorityCertIssuer", Problem::Empty));
    let padded = refused(kind, &sequence(&[tlv(0x82, &[0, 9])]));
    assert_eq!(padded, ("authorityKeyIdentifier.authorityCertSerialNumber", Problem::IntegerNotMinimal));
}

#[test]
fn key_usage_bits_count_from_the_top() {
    let bits = |value: &[u8]| decoded(&oid::KEY_USAGE, value).unwrap().key_usage.unwrap();
    let usage = bits(&[3, 2, 5, 0xa0]);
    assert!(usage.has(KeyUsageBit::DigitalSignature) && usage.has(KeyUsageBit::KeyEncipherment));
    assert_eq!(usage.bits().count(), 2);
    let usage = bits(&[3, 3, 7, 0x06, 0x80]);
    let expected = [KeyUsageBit::KeyCertSign, KeyUsageBit::CrlSign, KeyUsageBit::DecipherOnly];
    assert_eq!(usage.bits().collect::<Vec<_>>(), expected);
    assert_eq!(bits(&[3, 2, 0, 0x01]).bits().collect::<Vec<_>>(), [KeyUsageBit::EncipherOnly]);
}

#[test]
fn key_usage_may_end_in_zero_bits_but_has_no_tenth_bit() {
    let bits = |value: &[u8]| decoded(&oid::KEY_USAGE, value).unwrap().key_usage.unwrap().bits().count();
    assert_eq!((bits(&[3, 2, 0, 0x80]), bits(&[3, 3, 0, 0x80, 0]), bits(&[3, 1, 0])), (1, 1, 0));
    for value in [&[3, 3, 6, 0x80, 0x40][..], &[3, 4, 0, 0x80, 0, 1]] {
        assert_eq!(refused(&oid::KEY_USAGE, value), ("keyUsage", Problem::OutOfRange));
    }
    assert_eq!(refused(&oid::KEY_USAGE, &[3, 2, 5, 0xa1]), ("keyUsage", Problem::BitStringPadding));
}

#[test]
fn basic_constraints() {
    let read = |value: &[u8]| {
        let constraints = decoded(&oid::BASIC_CONSTRAINTS, value).unwrap().basic_constraints.unwrap();
        (constraints.ca, constraints.path_length)
    };
    assert_eq!(read(&[0x30, 0]), (false, None));
    assert_eq!(read(&[0x30, 3, 1, 1, 0xff]), (true, None));
    assert_eq!(read(&[0x30, 6, 1, 1, 0xff, 2, 1, 0]), (true, Some(0)));
    assert_eq!(read(&[0x30, 3, 2, 1, 3]), (false, Some(3)));
    assert_eq!(read(&[0x30, 10, 1, 1, 0xff, 2, 5, 1, 0, 0, 0, 0]), (true, Some(u32::MAX)));
    for (value, field, problem) in [
        (&[0x30, 3, 1, 1, 0][..], "basicConstraints.cA", Problem::EncodedDefault),
        (&[0x30, 3, 1, 1, 1], "basicConstraints.cA", Problem::BooleanNotCanonical),
        (&[0x30, 6, 1, 1, 0xff, 2, 1, 0xff], "basicConstraints.pathLenConstraint", Problem::OutOfRange),
        (&[0x30, 6, 2, 1, 0, 1, 1, 0xff], "basicConstraints", Problem::TrailingData),
    ] {
        assert_eq!(refused(&oid::BASIC_CONSTRAINTS, value), (field, problem));
    }
}

#[test]
fn lists_that_must_have_an_element() {
    for (kind, field) in [
        (&oid::ISSUER_ALT_NAME, "issuerAltName"),
        (&oid::EXTENDED_KEY_USAGE, "extKeyUsage"),
        (&oid::CERTIFICATE_POLICIES, "certificatePolicies"),
        (&oid::POLICY_MAPPINGS, "policyMappings"),
        (&oid::AUTHORITY_INFO_ACCESS, "authorityInfoAccess"),
        (&oid::SUBJECT_INFO_ACCESS, "subjectInfoAccess"),
        (&oid::CRL_DISTRIBUTION_POINTS, "cRLDistributionPoints"),
        (&oid::FRESHEST_CRL, "freshestCRL"),
    ] {
        assert_eq!(refused(kind, &[0x30, 0]), (field, Problem::Empty));
    }
}

#[test]
fn alternative_names_without_a_name_are_for_others_to_judge() {
    let extensions = decoded(&oid::SUBJECT_ALT_NAME, &[0x30, 0]).unwrap();
    assert_eq!(extensions.subject_alt_name, Some(Vec::new()));
}

#[test]
fn policies_may_repeat_here_and_keep_their_qualifiers() {
    let qualifier = sequence(&[identifier(&oid::QT_CPS), tlv(der::IA5_STRING, b"http://cps")]);
    let policy = sequence(&[identifier(&oid::ANY_POLICY), sequence(&[qualifier])]);
    let list = decoded(&oid::CERTIFICATE_POLICIES, &sequence(&[policy.clone(), policy])).unwrap();
    let list = list.certificate_policies.unwrap();
    assert_eq!((list.len(), &list[0]), (2, &list[1]));
    assert_eq!(list[0].qualifiers, [(oid::QT_CPS, tlv(der::IA5_STRING, b"http://cps"))]);
    let empty = sequence(&[sequence(&[identifier(&oid::ANY_POLICY), sequence(&[])])]);
    let refusal = refused(&oid::CERTIFICATE_POLICIES, &empty);
    assert_eq!(refusal, ("certificatePolicies.policyQualifiers", Problem::Empty));
}

#[test]
fn policy_mappings_and_constraints() {
    let pair = sequence(&[identifier(&oid::ANY_POLICY), identifier(&oid::QT_CPS)]);
    let mappings = decoded(&oid::POLICY_MAPPINGS, &sequence(&[pair])).unwrap().policy_mappings.unwrap();
    assert_eq!((&mappings[0].issuer_domain, &mappings[0].subject_domain), (&oid::ANY_POLICY, &oid::QT_CPS));
    let read = |value: &[u8]| {
        let constraints = decoded(&oid::POLICY_CONSTRAINTS, value).unwrap().policy_constraints.unwrap();
        (constraints.require_explicit_policy, constraints.inhibit_policy_mapping)
    };
    assert_eq!(read(&[0x30, 0]), (None, None));
    assert_eq!(read(&sequence(&[number(0x80, 0), number(0x81, 2)])), (Some(0), Some(2)));
    let swapped = refused(&oid::POLICY_CONSTRAINTS, &sequence(&[number(0x81, 0), number(0x80, 2)]));
    assert_eq!(swapped, ("policyConstraints", Problem::TrailingData));
    assert_eq!(decoded(&oid::INHIBIT_ANY_POLICY, &[2, 1, 0]).unwrap().inhibit_any_policy, Some(0));
    assert_eq!(refused(&oid::INHIBIT_ANY_POLICY, &[2, 1, 0xff]), ("inhibitAnyPolicy", Problem::OutOfRange));
}

fn constraints(parts: &[Vec<u8>]) -> Vec<u8> {
    sequence(parts)
}

fn subtree(tag: u8, parts: &[Vec<u8>]) -> Vec<u8> {
    tlv(tag, &sequence(parts))
}

#[test]
fn name_constraints() {
    let read = |value: &[u8]| decoded(&oid::NAME_CONSTRAINTS, value).unwrap().name_constraints.unwrap();
    let neither = read(&constraints(&[]));
    assert!(neither.permitted.is_empty() && neither.excluded.is_empty());
    let both = read(&constraints(&[subtree(0xa0, &[dns(b"a")]), subtree(0xa1, &[tlv(0x87, &[1; 32])])]));
    assert_eq!(both.permitted, [Subtree { base: GeneralName::DnsName("a".to_owned()), has_bounds: false }]);
    assert_eq!(both.excluded[0].base, GeneralName::IpAddress(vec![1; 32]));
    for bounds in [vec![number(0x80, 1)], vec![number(0x81, 0)], vec![number(0x80, 1), number(0x81, 2)]] {
        let parts = [vec![dns(b"a")], bounds].concat();
        assert!(read(&constraints(&[subtree(0xa0, &parts)])).permitted[0].has_bounds);
    }
}

#[test]
fn name_constraints_that_are_malformed() {
    let (permitted, excluded) =
        ("nameConstraints.permittedSubtrees.base", "nameConstraints.excludedSubtrees.base");
    for (value, field, problem) in [
        (tlv(0xa0, &[]), permitted, Problem::Empty),
        (tlv(0xa1, &[]), excluded, Problem::Empty),
        (subtree(0xa0, &[tlv(0x87, &[1; 4])]), permitted, Problem::OutOfRange),
        (subtree(0xa1, &[tlv(0x87, &[1; 16])]), excluded, Problem::OutOfRange),
        (subtree(0xa0, &[dns(b"\x80")]), permitted, Problem::InvalidCharacter),
        (subtree(0xa0, &[dns(b"a"), number(0x80, 0)]), "nameConstraints.minimum", Problem::EncodedDefault),
        (subtree(0xa0, &[dns(b"a"), number(0x82, 0)]), permitted, Problem::TrailingData),
    ] {
        assert_eq!(refused(&oid::NAME_CONSTRAINTS, &constraints(&[value])), (field, problem));
    }
}

#[test]
fn information_access() {
    let one = sequence(&[identifier(&oid::AD_OCSP), tlv(0x86, b"http://o")]);
    let list =
        decoded(&oid::AUTHORITY_INFO_ACCESS, &sequence(&[one])).unwrap().authority_info_access.unwrap();
    let expected =
        AccessDescription { method: oid::AD_OCSP, location: GeneralName::Uri("http://o".to_owned()) };
    assert_eq!(list, [expected]);
    let half = sequence(&[sequence(&[identifier(&oid::AD_OCSP)])]);
    assert_eq!(refused(&oid::AUTHORITY_INFO_ACCESS, &half), ("authorityInfoAccess", Problem::Truncated));
}

#[test]
fn distribution_points() {
    let read = |value: Vec<u8>| {
        let list = decoded(&oid::CRL_DISTRIBUTION_POINTS, &sequence(&[value])).unwrap();
        list.crl_distribution_points.unwrap().remove(0)
    };
    let uri = tlv(0x86, b"http://c");
    let full = tlv(0xa0, &tlv(0xa0, &uri));
    let issuer = tlv(0xa2, &dns(b"i"));
    let point = read(sequence(&[full, vec![0x81, 2, 1, 0x06], issuer]));
    let uri = GeneralName::Uri("http://c".to_owned());
    assert_eq!(point.name, Some(DistributionPointName::Full(vec![uri])));
    assert_eq!(point.reasons, Some(0x0600));
    assert_eq!(point.crl_issuer, [GeneralName::DnsName("i".to_owned())]);

    let attribute = printable(&oid::COMMON_NAME, "x");
    let point = read(sequence(&[tlv(0xa0, &tlv(0xa1, &attribute))]));
    assert_eq!(point.name, Some(DistributionPointName::RelativeToIssuer(attribute)));
    assert_eq!(read(sequence(&[])), DistributionPoint { name: None, reasons: None, crl_issuer: vec![] });
}

#[test]
fn distribution_points_that_are_malformed() {
    for (value, problem) in [
        (tlv(0xa0, &tlv(0xa0, &[])), Problem::Empty),
        (tlv(0xa0, &tlv(0xa1, &[])), Problem::Empty),
        (tlv(0xa2, &[]), Problem::Empty),
        (tlv(0xa0, &[tlv(0xa0, &dns(b"a")), tlv(0xa0, &dns(b"a"))].concat()), Problem::TrailingData),
        (vec![0x81, 3, 6, 0, 0x40], Problem::OutOfRange),
    ] {
        let refusal = refused(&oid::CRL_DISTRIBUTION_POINTS, &sequence(&[sequence(&[value])]));
        assert_eq!(refusal, ("cRLDistributionPoints", problem));
    }
}

#[test]
fn extended_key_usage_and_no_check() {
    let list = sequence(&[identifier(&oid::KP_SERVER_AUTH), identifier(&oid::KP_OCSP_SIGNING)]);
    let purposes = decoded(&oid::EXTENDED_KEY_USAGE, &list).unwrap().extended_key_usage.unwrap();
    assert_eq!(purposes, [oid::KP_SERVER_AUTH, oid::KP_OCSP_SIGNING]);
    assert_eq!(refused(&oid::OCSP_NO_CHECK, &[5, 1, 0]), ("ocspNoCheck", Problem::TrailingData));
    assert_eq!(refused(&oid::OCSP_NO_CHECK, &[5, 0, 5, 0]), ("ocspNoCheck", Problem::TrailingData));
}

fn names(list: &[Vec<u8>]) -> Vec<GeneralName> {
    decoded(&oid::SUBJECT_ALT_NAME, &sequence(list)).unwrap().subject_alt_name.unwrap()
}

#[test]
fn every_form_of_general_name() {
    let directory = encode_name(&[&[printable(&oid::COMMON_NAME, "d")]]);
    let other = tlv(0xa0, &[identifier(&oid::USER_ID), tlv(0xa0, &[5, 0])].concat());
    let list = names(&[
        other,
        tlv(0x81, b"a@b"),
        dns(b"h"),
        tlv(0xa3, &[5, 0]),
        tlv(0xa4, &directory),
        tlv(0xa5, &[5, 0]),
        tlv(0x86, b"u:"),
        tlv(0x87, &[1; 4]),
        tlv(0x87, &[1; 16]),
        tlv(0x88, oid::ANY_POLICY.content()),
    ]);
    let name = Name::decode(&mut Reader::new(&directory), "").unwrap();
    let expected = [
        GeneralName::OtherName(oid::USER_ID, vec![5, 0]),
        GeneralName::Rfc822Name("a@b".to_owned()),
        GeneralName::DnsName("h".to_owned()),
        GeneralName::X400Address(tlv(0xa3, &[5, 0])),
        GeneralName::DirectoryName(name),
        GeneralName::EdiPartyName(tlv(0xa5, &[5, 0])),
        GeneralName::Uri("u:".to_owned()),
        GeneralName::IpAddress(vec![1; 4]),
        GeneralName::IpAddress(vec![1; 16]),
        GeneralName::RegisteredId(oid::ANY_POLICY),
    ];
    assert_eq!(list, expected);
}

#[test]
fn a_nul_in_a_name_is_kept_so_that_it_never_compares_equal() {
    assert_eq!(names(&[dns(b"a.example\0.evil")]), [GeneralName::DnsName("a.example\0.evil".to_owned())]);
}

#[test]
fn general_names_that_are_malformed() {
    let directory = encode_name(&[]);
    let tag = |found| Problem::UnexpectedTag { expected: 0x82, found: Some(found) };
    for (name, problem) in [
        (tlv(0x87, &[1; 5]), Problem::OutOfRange),
        (tlv(0x87, &[1; 8]), Problem::OutOfRange),
        (tlv(0x87, &[]), Problem::OutOfRange),
        (dns("é".as_bytes()), Problem::InvalidCharacter),
        (tlv(0x81, b"\xff"), Problem::InvalidCharacter),
        (tlv(0xa4, &[directory.clone(), directory].concat()), Problem::TrailingData),
        (tlv(0x88, &[0x80]), Problem::InvalidObjectIdentifier),
        (tlv(0xa2, b"a"), tag(0xa2)),
        (tlv(0x89, b"a"), tag(0x89)),
        (tlv(0x16, b"a"), tag(0x16)),
        (tlv(0xa0, &identifier(&oid::USER_ID)), Problem::UnexpectedTag { expected: 0xa0, found: None }),
    ] {
        assert_eq!(refused(&oid::SUBJECT_ALT_NAME, &sequence(&[name])), ("subjectAltName", problem));
    }
}

#[test]
fn no_two_identifiers_share_a_label_that_selects_a_decoder() {
    // `decode_known` goes by label: one that two identifiers shared would send a value to the wrong decoder.
    let kinds = [
        oid::AUTHORITY_INFO_ACCESS,
        oid::AUTHORITY_KEY_IDENTIFIER,
        oid::BASIC_CONSTRAINTS,
        oid::CERTIFICATE_POLICIES,
        oid::CRL_DISTRIBUTION_POINTS,
        oid::EXTENDED_KEY_USAGE,
        oid::FRESHEST_CRL,
        oid::INHIBIT_ANY_POLICY,
        oid::ISSUER_ALT_NAME,
        oid::KEY_USAGE,
        oid::NAME_CONSTRAINTS,
        oid::OCSP_NO_CHECK,
        oid::POLICY_CONSTRAINTS,
        oid::POLICY_MAPPINGS,
        oid::SUBJECT_ALT_NAME,
        oid::SUBJECT_INFO_ACCESS,
        oid::SUBJECT_KEY_IDENTIFIER,
    ];
    let labels: BTreeSet<_> = kinds.iter().map(|kind| oid::label(kind).unwrap()).collect();
    assert_eq!(labels.len(), kinds.len());
    // Each refuses a value of a type none of them has.
    for kind in kinds {
        assert!(decoded(&kind, &[0x0a, 1, 0]).is_err(), "{kind}");
    }
    assert!(decoded(&oid::USER_ID, &[0x0a, 1, 0]).is_ok());
}
