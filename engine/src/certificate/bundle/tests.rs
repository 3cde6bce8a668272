//! Every form of file that is accepted, and every one that is refused, by code and line.

use super::*;
use crate::certificate::sample::{Sample, encode_name, identifier, sequence, tlv, version};
use crate::finding::{Detail, Value};

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn base64(octets: &[u8]) -> String {
    let mut out = String::new();
    for group in octets.chunks(3) {
        let mut padded = [0; 4];
        padded.iter_mut().skip(1).zip(group).for_each(|(place, octet)| *place = *octet);
        let value = u32::from_be_bytes(padded);
        let sextets = [18, 12, 6, 0].map(|shift| usize::try_from((value >> shift) & 0x3f).unwrap());
        let characters = sextets.map(|sextet| char::from(ALPHABET[sextet]));
        let kept = group.len().saturating_add(1);
        out.extend(&characters[..kept]);
        out.extend(std::iter::repeat_n('=', 3_usize.saturating_sub(group.len())));
    }
    out
}

pub(super) fn pem(label: &str, octets: &[u8]) -> String {
    let text = base64(octets);
    let lines: Vec<&str> =
        text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

fn certificate(serial_number: u8) -> Vec<u8> {
    Sample { serial_number: vec![2, 1, serial_number], ..Sample::default() }.encode()
}

fn pkcs7(certificates: &[Vec<u8>], signers: &[u8]) -> Vec<u8> {
    let signed_data = sequence(&[
        vec![2, 1, 1],
        tlv(0x31, &[]),
        sequence(&[identifier(&oid::PKCS7_DATA)]),
        tlv(0xa0, &certificates.concat()),
        tlv(0x31, signers),
    ]);
    sequence(&[identifier(&oid::SIGNED_DATA), tlv(0xa0, &signed_data)])
}

fn code(file: &[u8]) -> &'static str {
    read_bundle(file).unwrap_err().code()
}

fn bundle(form: Form, certificates: &[Vec<u8>]) -> Result<Bundle, Refused> {
    Ok(Bundle { form, certificates: certificates.to_vec() })
}

// R-TS-4
#[test]
fn one_certificate_as_der() {
    assert_eq!(read_bundle(&certificate(1)), bundle(Form::Der, &[certificate(1)]));
    let trailing = read_bundle(&[certificate(1), b"\n".to_vec()].concat()).unwrap_err();
    assert!(matches!(trailing, Refused::Malformed { certificate: 0, ref malformed }
        if malformed.problem == Problem::TrailingData));
}

// R-TS-4, R-TS-5
#[test]
fn several_blocks_of_pem_with_text_and_any_line_ends() {
    let (one, two) = (pem("CERTIFICATE", &certificate(1)), pem("X509 CERTIFICATE", &certificate(2)));
    let expected = bundle(Form::Pem, &[certificate(1), certificate(2)]);
    let text = format!("0 s:CN = one\n{one}\nbetween\n{two}after");
    assert_eq!(read_bundle(text.as_bytes()), expected);
    assert_eq!(read_bundle(text.replace('\n', "\r\n").as_bytes()), expected);
    assert_eq!(read_bundle(text.replace('\n', "\r").as_bytes()), expected);
    assert_eq!(read_bundle(format!("\u{feff}{one}  {two}").as_bytes()), expected);
    assert_eq!(read_bundle(text.replace("\n", " \t\n  ").as_bytes()), expected);
}

// R-TS-5: as PEM; R-TS-6: as DER (D-9)
#[test]
fn pkcs7_as_der_and_pem() {
    let list = [certificate(1), certificate(2)];
    let message = pkcs7(&list, &[]);
    assert_eq!(read_bundle(&message), bundle(Form::Pkcs7Der, &list));
    for label in ["PKCS7", "CMS"] {
        assert_eq!(read_bundle(pem(label, &message).as_bytes()), bundle(Form::Pkcs7Pem, &list));
    }
    let mixed = format!("{}{}", pem("PKCS7", &message), pem("CERTIFICATE", &certificate(3)));
    assert_eq!(
        read_bundle(mixed.as_bytes()),
        bundle(Form::Pem, &[list.to_vec(), vec![certificate(3)]].concat())
    );
}

#[test]
fn pkcs7_that_is_no_list_of_certificates() {
    assert_eq!(read_bundle(&pkcs7(&[], &[0x30, 0])), Err(Refused::SignedMessage));
    assert_eq!(code(&pem_octets("PKCS7", &pkcs7(&[], &[]))), "input.no-certificate");
    for choice in [0xa0, 0xa1, 0xa2, 0xa3] {
        let message = pkcs7(&[certificate(1), tlv(choice, &[5, 0])], &[]);
        assert_eq!(read_bundle(&message), Err(Refused::AttributeCertificate { line: None }));
    }
    let broken = read_bundle(&pkcs7(&[certificate(1), tlv(0x30, &[5, 0])], &[])).unwrap_err();
    assert!(matches!(broken, Refused::Malformed { certificate: 1, .. }));
    let other = sequence(&[identifier(&oid::PKCS7_DATA), tlv(0xa0, &tlv(4, &[0; 200]))]);
    assert!(
        matches!(read_bundle(&other), Err(Refused::Malformed { ref malformed, .. }) if malformed.field == "contentType")
    );
    let indefinite = [&[0x30, 0x80][..], &identifier(&oid::SIGNED_DATA), &[0xa0, 0x80, 0, 0, 0, 0]].concat();
    assert!(matches!(read_bundle(&indefinite), Err(Refused::Malformed { ref malformed, .. })
        if malformed.problem == Problem::LengthNotDefinite));
}

fn pem_octets(label: &str, octets: &[u8]) -> Vec<u8> {
    pem(label, octets).into_bytes()
}

#[test]
fn pem_that_is_damaged_says_which_line() {
    let sound = pem("CERTIFICATE", &certificate(1));
    let lines = sound.lines().count();
    for (file, refused) in [
        (sound.replacen("\nMI", "\nM!", 1), Refused::PemBase64 { line: 2 }),
        (sound.replacen("\nMI", "\nProc-Type: 4\nMI", 1), Refused::PemBase64 { line: 2 }),
        (sound.replacen("\nMI", "\nI", 1), Refused::PemBase64 { line: lines }),
        (
            sound.replace("-----END CERTIFICATE-----", ""),
            Refused::PemUnfinished { line: 1, label: "CERTIFICATE".to_owned() },
        ),
        (
            format!("x\n-----BEGIN CERTIFICATE-----\n{sound}"),
            Refused::PemUnfinished { line: 2, label: "CERTIFICATE".to_owned() },
        ),
        (sound.replace("BEGIN CERTIFICATE-----", "BEGIN CERTIFICATE---"), Refused::PemBoundary { line: 1 }),
        (sound.replace("END CERTIFICATE-----", "END CERTIFICATE"), Refused::PemBoundary { line: lines }),
        (
            sound.replace("END CERTIFICATE", "END PKCS7"),
            Refused::PemMismatch { line: lines, begin: "CERTIFICATE".to_owned(), end: "PKCS7".to_owned() },
        ),
    ] {
        assert_eq!(read_bundle(file.as_bytes()), Err(refused), "{file}");
    }
    let empty = read_bundle(b"-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----").unwrap_err();
    assert!(matches!(empty, Refused::Malformed { certificate: 0, .. }));
}

#[test]
fn pem_of_another_kind_is_refused_by_name_even_beside_certificates() {
    for (label, expected) in [
        ("PRIVATE KEY", "input.private-key"),
        ("RSA PRIVATE KEY", "input.private-key"),
        ("EC PRIVATE KEY", "input.private-key"),
        ("ENCRYPTED PRIVATE KEY", "input.private-key"),
        ("OPENSSH PRIVATE KEY", "input.private-key"),
        ("PGP PRIVATE KEY BLOCK", "input.private-key"),
        ("PUBLIC KEY", "input.public-key"),
        ("RSA PUBLIC KEY", "input.public-key"),
        ("CERTIFICATE REQUEST", "input.certificate-request"),
        ("NEW CERTIFICATE REQUEST", "input.certificate-request"),
        ("X509 CRL", "input.crl"),
        ("TRUSTED CERTIFICATE", "input.trusted-certificate"),
        ("ATTRIBUTE CERTIFICATE", "input.attribute-certificate"),
        ("DH PARAMETERS", "input.pem-label"),
        ("certificate", "input.pem-label"),
        ("", "input.pem-label"),
    ] {
        let block = pem(label, &[0; 40]);
        assert_eq!(code(block.as_bytes()), expected, "{label}");
        let beside = format!("{}{block}", pem("CERTIFICATE", &certificate(1)));
        assert_eq!(code(beside.as_bytes()), expected, "{label}");
    }
}

// R-TS-4, D-9: PKCS #12 among them
#[test]
fn der_of_another_kind_is_refused_by_name() {
    let algorithm = sequence(&[identifier(&oid::RSA_ENCRYPTION), vec![5, 0]]);
    let long = |tag| tlv(tag, &[1; 130]);
    let name = encode_name(&[]);
    let data = sequence(&[identifier(&oid::PKCS7_DATA), tlv(0xa0, &long(4))]);
    let signed = |fields: &[Vec<u8>]| sequence(&[sequence(fields), algorithm.clone(), long(3)]);
    let number = |value| vec![2, 1, value];
    let time = tlv(0x17, b"260101000000Z");
    for (file, expected) in [
        (sequence(&[number(3), data]), "input.pkcs12"),
        (sequence(&[number(0), algorithm.clone(), long(4)]), "input.private-key"),
        (sequence(&[number(0), algorithm.clone(), tlv(4, &[1; 8])]), "input.private-key"),
        (sequence(&[algorithm.clone(), long(4)]), "input.private-key"),
        (sequence(&[number(1), tlv(4, &[7; 32])]), "input.private-key"),
        (sequence(&[number(0), long(2), number(3), long(2)]), "input.private-key"),
        (sequence(&[algorithm.clone(), long(3)]), "input.public-key"),
        (sequence(&[long(2), number(3)]), "input.public-key"),
        (sequence(&[vec![0x0a, 1, 0], tlv(0xa0, &long(4))]), "input.ocsp-response"),
        (signed(&[number(0), name.clone(), algorithm.clone(), tlv(0xa0, &[])]), "input.certificate-request"),
        (signed(&[number(0), name.clone(), algorithm.clone()]), "input.certificate-request"),
        (signed(&[number(1), algorithm.clone(), name.clone(), time.clone()]), "input.crl"),
        (signed(&[algorithm.clone(), name.clone(), time.clone()]), "input.crl"),
        (signed(&[version(7), number(1)]), "input.malformed"),
        (vec![0x04, 1, 0], "input.malformed"),
        (vec![0x30, 0], "input.malformed"),
    ] {
        assert_eq!(code(&file), expected, "{file:x?}");
    }
}

// R-TS-4, D-9: key stores of Java among them
#[test]
fn files_of_another_kind_are_refused_by_name() {
    let utf16: Vec<u8> = "-----BEGIN".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = "-----BEGIN".encode_utf16().flat_map(u16::to_be_bytes).collect();
    for (file, expected) in [
        (&b""[..], "input.empty"),
        (b" \r\n\t", "input.empty"),
        (b"\xfe\xed\xfe\xed\0\0\0\x02", "input.jks"),
        (b"\xce\xce\xce\xce\0\0\0\x02", "input.jceks"),
        (b"\xff\xfe-\0-\0", "input.utf16"),
        (&utf16, "input.utf16"),
        (&big, "input.utf16"),
        (b"<!DOCTYPE html><p>404", "input.html"),
        (b"\n<HTML>", "input.html"),
        (b"\xef\xbb\xbf<html>", "input.html"),
        (b"<?xml version='1.0'?><a/>", "input.xml"),
        (b"{\"error\": 1}", "input.json"),
        (b"[1]", "input.json"),
        (b"ssh-rsa AAAA", "input.ssh-key"),
        (b"ecdsa-sha2-nistp256 AAAA", "input.ssh-key"),
        (b"---- BEGIN SSH2 PUBLIC KEY ----", "input.ssh-key"),
        (b"PuTTY-User-Key-File-2: ssh-rsa", "input.private-key"),
        (b"hello", "input.text"),
        (b"0 is the first character of DER too", "input.text"),
        (b"MIIB", "input.text"),
        (b"\x00\x01\x02\x03\xff", "input.malformed"),
    ] {
        assert_eq!(code(file), expected, "{file:?}");
    }
}

#[test]
fn size_and_number_are_bounded() {
    let limit = vec![b'x'; MAXIMUM_OCTETS];
    assert_eq!(code(&limit), "input.text");
    let larger = vec![b'x'; MAXIMUM_OCTETS + 1];
    assert_eq!(read_bundle(&larger), Err(Refused::TooLarge { limit: MAXIMUM_OCTETS }));
    let many = |count| pkcs7(&vec![certificate(1); count], &[]);
    assert_eq!(read_bundle(&many(MAXIMUM_CERTIFICATES)).unwrap().certificates.len(), MAXIMUM_CERTIFICATES);
    let refused = Refused::TooManyCertificates { limit: MAXIMUM_CERTIFICATES };
    assert_eq!(read_bundle(&many(MAXIMUM_CERTIFICATES + 1)), Err(refused));
}

#[test]
fn details_name_what_was_found() {
    let number = |name, value| Detail { name, value: Value::Number(value) };
    let text = |name, value: &str| Detail { name, value: Value::text(value) };
    let mismatch = Refused::PemMismatch { line: 9, begin: "A".to_owned(), end: "B".repeat(100) };
    assert_eq!(
        mismatch.details(),
        [number("line", 9), text("expected", "A"), text("found", &"B".repeat(64))]
    );
    let key = Refused::PrivateKey { line: Some(3), label: Some("PRIVATE KEY".to_owned()) };
    assert_eq!(key.details(), [number("line", 3), text("label", "PRIVATE KEY")]);
    assert_eq!(Refused::TooLarge { limit: 5 }.details(), [number("limit", 5)]);
    assert_eq!(Refused::Html.details(), []);
    let malformed = Malformed { offset: 4, field: "issuer", problem: Problem::Truncated };
    let refused = Refused::Malformed { certificate: 2, malformed };
    assert_eq!(refused.details()[..2], [number("certificate", 2), text("problem", "truncated")]);
}
