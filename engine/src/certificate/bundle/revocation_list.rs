//! The certificate revocation lists in a file, DER or PEM. They are told from other things by their shape alone:
//! whether one decodes, and what it is worth, is found out where it is judged (RFC 5280 5, 6.3).

use super::recognise;
use super::{Lines, MAXIMUM_CERTIFICATES, Refused, boundary, read_block};
use crate::der;

/// Largest accepted file in octets: the largest list that is looked at, in PEM, and room for a few small ones.
const MAXIMUM_OCTETS: usize = 64 * 1024 * 1024;

/// Finds the revocation lists in a file, as DER and in the order of the file; at least one.
///
/// # Errors
/// [`Refused`], which names what the file is instead, or where it is damaged.
pub fn read_crls(file: &[u8]) -> Result<Vec<Vec<u8>>, Refused> {
    if file.len() > MAXIMUM_OCTETS {
        return Err(Refused::TooLarge { limit: MAXIMUM_OCTETS });
    }
    if let Some(refused) = recognise::by_first_octets(file) {
        return Err(instead(refused, None));
    }
    let text = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
    match file {
        _ if is_list(file) => Ok(vec![file.to_vec()]),
        // DER with a length in the long form is no text, whatever text it may hold.
        [der::SEQUENCE, 0x80..=0xff, ..] => Err(other(file, None)),
        _ if recognise::has_pem_boundary(text) => read_pem(text),
        _ => Err(other(file, None)),
    }
}

fn read_pem(text: &[u8]) -> Result<Vec<Vec<u8>>, Refused> {
    let mut found = Vec::new();
    let mut lines = Lines::new(text);
    while let Some((number, line)) = lines.next() {
        let Some(label) = boundary(line, "-----BEGIN ") else { continue };
        let label = label.map_err(|()| Refused::PemBoundary { line: number })?;
        match label {
            "X509 CRL" | "CRL" => {}
            "CERTIFICATE" | "X509 CERTIFICATE" => return Err(Refused::Certificate { line: Some(number) }),
            _ => return Err(instead(recognise::label(label, number), Some(number))),
        }
        let octets = read_block(&mut lines, label, number)?;
        if !is_list(&octets) {
            return Err(other(&octets, Some(number)));
        }
        if found.len() >= MAXIMUM_CERTIFICATES {
            return Err(Refused::TooManyCertificates { limit: MAXIMUM_CERTIFICATES });
        }
        found.push(octets);
    }
    if found.is_empty() { Err(Refused::NotRevocationList { line: None, instead: None }) } else { Ok(found) }
}

fn is_list(octets: &[u8]) -> bool {
    matches!(recognise::der(octets), Some(Refused::RevocationList { .. }))
}

/// What octets are that are no revocation list.
fn other(octets: &[u8], line: Option<usize>) -> Refused {
    if recognise::is_certificate(octets) {
        return Refused::Certificate { line };
    }
    match recognise::der(octets).or_else(|| recognise::text(octets)) {
        Some(refused) => instead(refused, line),
        None => Refused::NotRevocationList { line, instead: None },
    }
}

/// A private key is always told as what it is: whoever gave it away must know. The rest is told as what it is in
/// place of a revocation list.
fn instead(refused: Refused, line: Option<usize>) -> Refused {
    match refused {
        Refused::PrivateKey { .. } => refused,
        Refused::PemLabel { .. } => Refused::NotRevocationList { line, instead: None },
        other => Refused::NotRevocationList { line, instead: Some(other.code()) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::certificate::sample::Sample;

    fn list(name: &str) -> Vec<u8> {
        let issuer = pki::certificate::Sketch::ca(name).issue();
        pki::crl::CrlSketch::by(&issuer).issue()
    }

    fn pem(label: &str, octets: &[u8]) -> Vec<u8> {
        super::super::tests::pem(label, octets).into_bytes()
    }

    fn code(file: &[u8]) -> &'static str {
        read_crls(file).unwrap_err().code()
    }

    #[test]
    fn lists_are_found_as_der_and_in_pem_with_text_around_them() {
        let (one, two) = (list("one"), list("two"));
        assert_eq!(read_crls(&one), Ok(vec![one.clone()]));
        let file = [b"text\n".to_vec(), pem("X509 CRL", &one), pem("CRL", &two), b"end\n".to_vec()].concat();
        assert_eq!(read_crls(&file), Ok(vec![one, two]));
    }

    #[test]
    fn a_certificate_is_refused_as_one_in_every_form() {
        let certificate = Sample::default().encode();
        assert_eq!(read_crls(&certificate), Err(Refused::Certificate { line: None }));
        let beside = [pem("X509 CRL", &list("one")), pem("CERTIFICATE", &certificate)].concat();
        assert!(matches!(read_crls(&beside), Err(Refused::Certificate { line: Some(line) }) if line > 1));
        assert_eq!(read_crls(&pem("X509 CRL", &certificate)), Err(Refused::Certificate { line: Some(1) }));
    }

    #[test]
    fn a_list_hidden_as_text_in_other_der_is_not_found() {
        let text = [b"\n".to_vec(), pem("X509 CRL", &list("one"))].concat();
        let hiding = crate::certificate::sample::tlv(der::SEQUENCE, &text);
        assert!(recognise::has_pem_boundary(&hiding));
        assert_eq!(code(&hiding), "input.no-crl");
    }

    #[test]
    fn other_things_are_told_as_what_they_are() {
        let told = |file: &[u8], code| {
            let line = None;
            assert_eq!(read_crls(file), Err(Refused::NotRevocationList { line, instead: Some(code) }));
        };
        told(b"", "input.empty");
        told(b"<!DOCTYPE html><html>", "input.html");
        told(b"words", "input.text");
        assert_eq!(code(b"\x30\x03\x02\x01\x01"), "input.no-crl");
        assert_eq!(code(&pem("PRIVATE KEY", b"x")), "input.private-key");
        let label = Refused::NotRevocationList { line: Some(1), instead: None };
        assert_eq!(read_crls(&pem("OTHER", b"x")), Err(label));
    }

    #[test]
    fn a_damaged_block_is_told_with_its_line() {
        let mut file = pem("X509 CRL", &list("one"));
        let begin = b"-----BEGIN X509 CRL-----\n".len();
        file[begin] = b'!';
        assert_eq!(read_crls(&file), Err(Refused::PemBase64 { line: 2 }));
        assert_eq!(read_crls(&file[..begin + 3]).unwrap_err().code(), "input.pem-base64");
    }
}
