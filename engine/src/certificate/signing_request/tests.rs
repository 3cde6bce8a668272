//! Requests as they should be, and every way a part of one can be wrong.

use super::*;
use crate::certificate::sample::{self, identifier, sequence, tlv};

/// The parts of a request, in order; the default is sound and has no attributes.
struct Parts {
    version: Vec<u8>,
    attributes: Vec<u8>,
    tail: Vec<u8>,
}

impl Default for Parts {
    fn default() -> Self {
        Self { version: vec![2, 1, 0], attributes: vec![0xa0, 0], tail: Vec::new() }
    }
}

impl Parts {
    fn info(&self) -> Vec<u8> {
        let subject = sample::encode_name(&[&[sample::utf8(&oid::COMMON_NAME, "cm1")]]);
        let key = sample::public_key(&oid::ED25519, &[], &[9; 32]);
        sequence(&[self.version.clone(), subject, key, self.attributes.clone(), self.tail.clone()])
    }

    fn encode(&self) -> Vec<u8> {
        let algorithm = sequence(&[identifier(&oid::ED25519)]);
        sequence(&[self.info(), algorithm, tlv(der::BIT_STRING, &[&[0][..], &[5; 64]].concat())])
    }
}

fn attribute(kind: &Oid, values: &[Vec<u8>]) -> Vec<u8> {
    sequence(&[identifier(kind), tlv(der::SET, &values.concat())])
}

fn with(attributes: &[Vec<u8>]) -> Parts {
    Parts { attributes: tlv(0xa0, &attributes.concat()), ..Parts::default() }
}

fn requested(list: &[Vec<u8>]) -> Vec<u8> {
    attribute(&oid::EXTENSION_REQUEST, &[sequence(list)])
}

fn key_usage() -> Vec<u8> {
    sample::critical(&oid::KEY_USAGE, &[3, 2, 7, 0x80])
}

#[track_caller]
fn check_refused(parts: &Parts, field: &str, problem: Problem) {
    let malformed = SigningRequest::decode(&parts.encode()).unwrap_err();
    assert_eq!((malformed.field, malformed.problem), (field, problem));
}

#[test]
fn a_sound_request_is_decoded_whole() {
    // R-CSR-1
    let parts = with(&[requested(&[key_usage()])]);
    let request = SigningRequest::decode(&parts.encode()).unwrap();
    assert_eq!(request.der, parts.encode());
    assert_eq!(request.signed_part(), parts.info());
    assert_eq!(request.subject.to_string(), "CN=cm1");
    assert_eq!(request.public_key.describe(), "ed25519");
    assert_eq!(request.attributes, [oid::EXTENSION_REQUEST]);
    assert!(request.extensions.key_usage.is_some() && request.extensions.is_critical(&oid::KEY_USAGE));
    assert_eq!(request.signature, [5; 64]);
}

#[test]
fn attributes_may_be_none_but_not_absent() {
    let request = SigningRequest::decode(&Parts::default().encode()).unwrap();
    assert_eq!((request.attributes, request.extensions), (Vec::new(), Extensions::default()));
    let absent = Parts { attributes: Vec::new(), ..Parts::default() };
    check_refused(&absent, "attributes", Problem::UnexpectedTag { expected: 0xa0, found: None });
}

#[test]
fn another_version_is_refused() {
    let parts = Parts { version: vec![2, 1, 1], ..Parts::default() };
    check_refused(&parts, "version", Problem::UnsupportedVersion);
}

#[test]
fn attributes_are_in_order_and_stand_once() {
    let challenge = Oid::from_dotted("1.2.840.113549.1.9.7").unwrap();
    let password = attribute(&challenge, &[tlv(der::UTF8_STRING, b"secret")]);
    let both = [password.clone(), requested(&[key_usage()])];
    let request = SigningRequest::decode(&with(&both).encode()).unwrap();
    assert_eq!(request.attributes, [challenge.clone(), oid::EXTENSION_REQUEST]);
    let turned = [both[1].clone(), both[0].clone()];
    check_refused(&with(&turned), "attributes", Problem::UnorderedSet);
    check_refused(&with(&[password.clone(), password]), "attributes", Problem::Duplicate);
    check_refused(&with(&[attribute(&challenge, &[])]), "attributes.values", Problem::Empty);
}

#[test]
fn one_extension_request_with_one_list() {
    let twice = attribute(&oid::EXTENSION_REQUEST, &[sequence(&[key_usage()]), sequence(&[key_usage()])]);
    check_refused(&with(&[twice]), "extensionRequest", Problem::TrailingData);
    let same = requested(&[key_usage(), key_usage()]);
    check_refused(&with(&[same]), "extensions", Problem::Duplicate);
    check_refused(&with(&[requested(&[])]), "extensions", Problem::Empty);
}

#[test]
fn nothing_follows_and_size_and_number_are_bounded() {
    let tail = Parts { tail: vec![5, 0], ..Parts::default() };
    check_refused(&tail, "certificationRequestInfo", Problem::TrailingData);
    let long = [Parts::default().encode(), vec![0; MAXIMUM_OCTETS]].concat();
    let problem = Problem::TooLarge { limit: MAXIMUM_OCTETS };
    assert_eq!(SigningRequest::decode(&long).unwrap_err().problem, problem);
    let many = |count: u8| {
        let kind = |number: u8| Oid::from_content(&[0x2a, number]).unwrap();
        let list: Vec<_> = (0..count).map(|number| attribute(&kind(number), &[vec![5, 0]])).collect();
        SigningRequest::decode(&with(&list).encode())
    };
    assert_eq!(many(32).unwrap().attributes.len(), MAXIMUM_ATTRIBUTES);
    assert_eq!(many(33).unwrap_err().problem, Problem::TooLarge { limit: MAXIMUM_ATTRIBUTES });
}

#[test]
fn every_shorter_or_changed_request_is_refused_or_read_but_never_panics() {
    let der = with(&[requested(&[key_usage()])]).encode();
    for end in 0..der.len() {
        assert!(SigningRequest::decode(&der[..end]).is_err(), "{end}");
    }
    for position in 0..der.len() {
        for value in [0x00, 0x01, 0x30, 0x7f, 0x80, 0xa0, 0xff] {
            let mut changed = der.clone();
            changed[position] = value;
            let _ = SigningRequest::decode(&changed);
        }
    }
}
