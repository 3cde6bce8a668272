//! What a file is when it is no certificate: by its first octets, by its words, by the shape of its DER, by
//! its PEM label. It names the thing and reads none of its values.

use super::Refused;
use crate::der::{self, Element, Reader, Tag};
use crate::oid;

/// Files known by how they begin.
pub(super) fn by_first_octets(file: &[u8]) -> Option<Refused> {
    match file {
        _ if file.iter().all(u8::is_ascii_whitespace) => Some(Refused::Empty),
        [0xfe, 0xed, 0xfe, 0xed, ..] => Some(Refused::Jks),
        [0xce, 0xce, 0xce, 0xce, ..] => Some(Refused::Jceks),
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Some(Refused::Utf16),
        [0, 0x09..=0x7e, 0, ..] | [0x09..=0x7e, 0, 0x09..=0x7e, 0, ..] => Some(Refused::Utf16),
        _ => None,
    }
}

/// Whether a line starts like a PEM boundary.
pub(super) fn has_pem_boundary(file: &[u8]) -> bool {
    let lines = file.split(|octet| matches!(octet, b'\n' | b'\r'));
    lines.map(<[u8]>::trim_ascii_start).any(|line| line.starts_with(b"-----BEGIN "))
}

/// Text without PEM; `None` when it is not text.
pub(super) fn text(file: &[u8]) -> Option<Refused> {
    let is_binary = |text: &str| text.chars().any(|one| one.is_control() && !one.is_whitespace());
    let text = std::str::from_utf8(file).ok().filter(|text| !is_binary(text))?.trim_start();
    let opening: String = text.chars().take(512).collect::<String>().to_ascii_lowercase();
    let starts = |words: &[&str]| words.iter().any(|word| opening.starts_with(word));
    Some(match opening.chars().next() {
        Some('<') if opening.contains("<html") || opening.contains("<!doctype html") => Refused::Html,
        Some('<') => Refused::Xml,
        Some('{' | '[') => Refused::Json,
        _ if starts(&["ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-", "---- begin ssh2 "]) => Refused::SshKey,
        _ if starts(&["putty-user-key-file"]) => Refused::PrivateKey { line: Some(1), label: None },
        _ => Refused::Text,
    })
}

/// A PEM label that stands for something else than certificates (RFC 7468 7 to 13).
pub(super) fn label(label: &str, line: usize) -> Refused {
    match label {
        _ if label.ends_with("PRIVATE KEY") || label.ends_with("PRIVATE KEY BLOCK") => {
            Refused::PrivateKey { line: Some(line), label: Some(label.to_owned()) }
        }
        "TRUSTED CERTIFICATE" => Refused::TrustedCertificate { line },
        "ATTRIBUTE CERTIFICATE" => Refused::AttributeCertificate { line: Some(line) },
        "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => Refused::CertificateRequest { line: Some(line) },
        "X509 CRL" | "CRL" => Refused::RevocationList { line: Some(line) },
        "SSH2 PUBLIC KEY" => Refused::SshKey,
        _ if label.ends_with("PUBLIC KEY") => Refused::PublicKey { line: Some(line) },
        _ => Refused::PemLabel { line, label: label.to_owned() },
    }
}

/// Whether DER begins as a ContentInfo: an object identifier is the first element (RFC 5652 3).
pub(super) fn is_pkcs7(file: &[u8]) -> bool {
    let mut reader = Reader::new(file);
    reader.nested(der::SEQUENCE, "").is_ok_and(|inner| inner.peek() == Some(der::OBJECT_IDENTIFIER))
}

/// Whether DER has the shape of a certificate: in its signed part a serial number, an algorithm, a name and a
/// validity, after the version where there is one (RFC 5280 4.1).
pub(super) fn is_certificate(file: &[u8]) -> bool {
    let Ok(outer) = Reader::new(file).element(der::SEQUENCE, "") else { return false };
    let elements = children(&outer);
    let [signed, algorithm, signature] = elements.as_slice() else { return false };
    let tags: Vec<Tag> = children(signed).iter().map(|element| element.tag).collect();
    let fields = tags.strip_prefix(&[der::context_constructed(0)]).unwrap_or(&tags);
    let shape = [der::INTEGER, der::SEQUENCE, der::SEQUENCE, der::SEQUENCE];
    fields.starts_with(&shape) && [algorithm.tag, signature.tag] == [der::SEQUENCE, der::BIT_STRING]
}

/// The kind of DER by the tags of its first elements; `None` when it is nothing known.
pub(super) fn der(file: &[u8]) -> Option<Refused> {
    let outer = Reader::new(file).element(der::SEQUENCE, "").ok()?;
    let elements = children(&outer);
    let tags: Vec<Tag> = elements.iter().map(|element| element.tag).collect();
    let private_key = Refused::PrivateKey { line: None, label: None };
    match tags.as_slice() {
        // PFX: version 3, then a ContentInfo (RFC 7292 4).
        [der::INTEGER, der::SEQUENCE, ..] if second_is_content_info(&elements) => Some(Refused::Pkcs12),
        // PKCS #8 (RFC 5958 2) and its encrypted form (3).
        [der::INTEGER, der::SEQUENCE, der::OCTET_STRING, ..] | [der::SEQUENCE, der::OCTET_STRING] => {
            Some(private_key)
        }
        // SEC 1 (RFC 5915 3).
        [der::INTEGER, der::OCTET_STRING, ..] => Some(private_key),
        [der::INTEGER, der::INTEGER] | [der::SEQUENCE, der::BIT_STRING] => {
            Some(Refused::PublicKey { line: None })
        }
        // PKCS #1 (RFC 8017 A.1.2) and the like for DSA.
        [der::INTEGER, der::INTEGER, der::INTEGER, ..] => Some(private_key),
        [der::ENUMERATED, ..] => Some(Refused::OcspResponse),
        [der::SEQUENCE, der::SEQUENCE, der::BIT_STRING] => signed(&elements),
        _ => None,
    }
}

/// A signed structure that is no certificate, by the fields of its signed part.
fn signed(elements: &[Element<'_>]) -> Option<Refused> {
    let tags: Vec<Tag> = children(elements.first()?).iter().map(|element| element.tag).collect();
    match tags.as_slice() {
        // CertificationRequestInfo: version, subject, key, attributes (RFC 2986 4.1).
        [der::INTEGER, der::SEQUENCE, der::SEQUENCE]
        | [der::INTEGER, der::SEQUENCE, der::SEQUENCE, 0xa0, ..] => {
            Some(Refused::CertificateRequest { line: None })
        }
        // TBSCertList: version?, signature, issuer, thisUpdate (RFC 5280 5.1).
        [der::SEQUENCE, der::SEQUENCE, time, ..] | [der::INTEGER, der::SEQUENCE, der::SEQUENCE, time, ..]
            if matches!(*time, der::UTC_TIME | der::GENERALIZED_TIME) =>
        {
            Some(Refused::RevocationList { line: None })
        }
        _ => None,
    }
}

fn second_is_content_info(elements: &[Element<'_>]) -> bool {
    let kind = elements.get(1).and_then(|element| Reader::inside(element).oid("").ok());
    kind.is_some_and(|kind| kind == oid::PKCS7_DATA || kind == oid::SIGNED_DATA)
}

/// The first elements inside `element`, as far as they can be read.
fn children<'a>(element: &Element<'a>) -> Vec<Element<'a>> {
    let mut reader = Reader::inside(element);
    std::iter::from_fn(|| reader.any("").ok()).take(6).collect()
}
