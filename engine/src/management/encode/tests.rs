//! What is written is read back by this crate's own decoders, and is refused where the host gives something else.

use super::*;
use crate::budget::{Budget, Limits};
use crate::certificate::Certificate;
use crate::certificate::signing_request::SigningRequest;
use crate::management::issuance::plan_request;
use crate::management::returned::verify_possession;
use crate::management::sample::{AT, catalogue, cluster, fields, for_many, key, sign};
use crate::management::self_signed::{SelfSignedFields, plan_self_signed};
use crate::signature::{SignatureError, SignedData, verify};

fn request(purpose: &str) -> Unsigned {
    let cluster = cluster();
    plan_request(&cluster, &catalogue(&cluster), &for_many(purpose)).1.unwrap()
}

fn self_signed(purpose: &str, years: u8) -> Unsigned {
    let cluster = cluster();
    let fields = SelfSignedFields { common: fields(purpose), years: Some(years) };
    plan_self_signed(&cluster, &catalogue(&cluster), &fields).1.unwrap()
}

fn validity_of(not_before: i64, years: u8) -> Option<(String, String)> {
    let encoded = validity(Instant::from_unix(not_before), years)?;
    let mut reader = Reader::new(&encoded);
    let mut inner = reader.nested(der::SEQUENCE, "validity").unwrap();
    let mut next = || {
        let (time, form) = inner.time("time").unwrap();
        format!("{time} {form:?}")
    };
    Some((next(), next()))
}

#[test]
fn a_request_is_read_back_and_signed_by_its_own_key() {
    // R-CSR-1
    for purpose in ["tomcat", "tomcat-ECDSA"] {
        let unsigned = request(purpose);
        let der = sign(&unsigned);
        let read = SigningRequest::decode(&der).unwrap();
        let possession = verify_possession(&read, &mut Budget::new(Limits::DEFAULT));
        assert_eq!(possession, Ok(unsigned.algorithm));
        assert_eq!(read.public_key.der, key(unsigned.key).subject_public_key_info());
        let mut forged = der.clone();
        *forged.last_mut().unwrap() ^= 1;
        let forged = SigningRequest::decode(&forged).unwrap();
        let possession = verify_possession(&forged, &mut Budget::new(Limits::DEFAULT));
        assert_eq!(possession, Err(SignatureError::Invalid));
    }
}

#[test]
fn a_certificate_is_read_back_and_signed_by_its_own_key() {
    for purpose in ["tomcat", "CallManager-ECDSA", "CAPF"] {
        let unsigned = self_signed(purpose, 5);
        let read = Certificate::decode(&sign(&unsigned)).unwrap();
        let signed = SignedData {
            message: read.signed_part(),
            algorithm: &read.signature_algorithm,
            signature: &read.signature,
        };
        let verified = verify(&signed, &read.public_key, None, &mut Budget::new(Limits::DEFAULT));
        assert_eq!(verified, Ok(unsigned.algorithm));
        assert!(read.is_self_issued() && read.signed_algorithm == read.signature_algorithm);
        assert_eq!((read.serial_number.len(), read.serial_number[0]), (20, 0x45));
        assert_eq!(read.validity.not_before, AT);
        let identifier = read.extensions.subject_key_identifier.unwrap();
        assert_eq!(identifier, Sha256::digest(&read.public_key.octets)[..20]);
    }
}

#[test]
fn only_an_authority_has_basic_constraints() {
    let capf = Certificate::decode(&sign(&self_signed("CAPF", 5))).unwrap();
    assert!(capf.extensions.basic_constraints.unwrap().ca);
    assert!(capf.extensions.is_critical(&oid::BASIC_CONSTRAINTS));
    let tomcat = Certificate::decode(&sign(&self_signed("tomcat", 5))).unwrap();
    assert_eq!(tomcat.extensions.basic_constraints, None);
    assert!(tomcat.extensions.is_critical(&oid::KEY_USAGE));
}

#[test]
fn serial_numbers_are_positive_and_as_long_as_the_random_octets() {
    for (length, sound) in [(0, false), (7, false), (8, true), (20, true), (21, false)] {
        for octet in [0x00, 0x7f, 0x80, 0xff] {
            let random = vec![octet; length];
            match serial_number(&random) {
                Ok(encoded) => {
                    let content = Reader::new(&encoded).positive_integer("serialNumber").unwrap().to_vec();
                    assert!(sound && content.len() == length);
                }
                Err(unfit) => {
                    assert!(!sound);
                    assert_eq!((unfit.code(), unfit.details().len()), ("unsigned.serial", 3));
                }
            }
        }
    }
}

#[test]
fn validity_ends_on_the_same_date_years_later() {
    // R-SS-18, R-SS-19
    let year = |text: &str| Instant::from_generalized_time(text.as_bytes()).unwrap().unix();
    let check = |from: &str, years, expected: [&str; 2]| {
        let (not_before, not_after) = validity_of(year(from), years).unwrap();
        assert_eq!([not_before.as_str(), not_after.as_str()], expected);
    };
    check("20261121120000Z", 5, ["2026-11-21T12:00:00Z UtcTime", "2031-11-21T12:00:00Z UtcTime"]);
    // RFC 5280 4.1.2.5: the last year of UTCTime and the first of GeneralizedTime.
    check("20391231235959Z", 10, ["2039-12-31T23:59:59Z UtcTime", "2049-12-31T23:59:59Z UtcTime"]);
    check("20400101000000Z", 10, ["2040-01-01T00:00:00Z UtcTime", "2050-01-01T00:00:00Z GeneralizedTime"]);
    // A leap day that the last year lacks, and one that it has.
    check("20280229010203Z", 5, ["2028-02-29T01:02:03Z UtcTime", "2033-02-28T01:02:03Z UtcTime"]);
    check("20280229010203Z", 20, ["2028-02-29T01:02:03Z UtcTime", "2048-02-29T01:02:03Z UtcTime"]);
    check("19491231235959Z", 5, ["1949-12-31T23:59:59Z GeneralizedTime", "1954-12-31T23:59:59Z UtcTime"]);
    assert_eq!(validity_of(year("99951231235959Z"), 5), None);
    assert_eq!(validity_of(i64::MAX, 5), None);
    assert_eq!(validity_of(i64::MIN, 5), None);
}

#[test]
fn a_key_that_was_not_planned_is_refused() {
    let unsigned = request("tomcat");
    let particulars = Particulars { serial: &[], not_before: AT };
    let give = |key: &[u8]| unsigned.to_be_signed(key, &particulars).unwrap_err();
    for other in ["rsa-3072", "rsa-2047"] {
        let unfit = give(&pki::key::Key::rsa(other).subject_public_key_info());
        assert_eq!((unfit.code(), unfit.details().len()), ("unsigned.key-other", 2));
    }
    assert_eq!(give(&pki::key::Key::p256("host").subject_public_key_info()).code(), "unsigned.key-other");
    let sound = pki::key::Key::rsa("rsa-2048-1").subject_public_key_info();
    assert!(unsigned.to_be_signed(&sound, &particulars).is_ok());
    assert_eq!(give(&[sound, vec![0]].concat()).code(), "unsigned.key-malformed");
    assert_eq!(give(&[]).details().len(), 3);
}

#[test]
fn nothing_is_assembled_with_an_algorithm_that_is_not_used() {
    for algorithm in
        [SignatureAlgorithm::RsaPkcs1Sha1, SignatureAlgorithm::EcdsaSha1, SignatureAlgorithm::DsaSha256]
    {
        assert_eq!(assemble(&[5, 0], algorithm, &[1]), None);
    }
    let expected = [0x30, 18, 5, 0, 0x30, 10, 6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2, 3, 2, 0, 1];
    assert_eq!(assemble(&[5, 0], SignatureAlgorithm::EcdsaSha256, &[1]).unwrap(), expected);
}

#[test]
fn a_moment_out_of_reach_is_no_validity() {
    let unsigned = self_signed("tomcat", 20);
    let late = Instant::from_generalized_time(b"99991231235959Z").unwrap();
    let key = key(unsigned.key).subject_public_key_info();
    let refused = unsigned.to_be_signed(&key, &Particulars { serial: &[1; 16], not_before: late });
    assert_eq!(refused, Err(Unfit::Validity));
    assert!(Unfit::Validity.details().is_empty() && Unfit::Validity.code() == "unsigned.validity");
}
