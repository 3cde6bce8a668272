//! The certificate request in a file, DER or PEM (RFC 7468 7), told from other things by its shape and label alone. What
//! it says is [`super::super::signing_request`]'s.

use super::recognise;
use super::{Lines, MAXIMUM_OCTETS, Refused, boundary, read_block, read_bundle};

/// Finds the one request in a file, as DER.
///
/// # Errors
/// [`Refused`], which names what the file is instead, or where it is damaged.
pub fn read_request(file: &[u8]) -> Result<Vec<u8>, Refused> {
    if file.len() > MAXIMUM_OCTETS {
        return Err(Refused::TooLarge { limit: MAXIMUM_OCTETS });
    }
    if is_request(file) {
        return Ok(file.to_vec());
    }
    let text = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
    let mut found = None;
    let mut lines = Lines::new(text);
    while let Some((number, line)) = lines.next() {
        let Some(label) = boundary(line, "-----BEGIN ") else { continue };
        let label = label.map_err(|()| Refused::PemBoundary { line: number })?;
        match recognise::label(label, number) {
            Refused::CertificateRequest { .. } => {}
            // whoever gave a key away must know
            key @ Refused::PrivateKey { .. } => return Err(key),
            _ => return Err(other(file)),
        }
        let octets = read_block(&mut lines, label, number)?;
        if found.replace(octets).is_some() {
            return Err(Refused::TooManyCertificates { limit: 1 });
        }
    }
    found.ok_or_else(|| other(file))
}

fn is_request(octets: &[u8]) -> bool {
    matches!(recognise::der(octets), Some(Refused::CertificateRequest { .. }))
}

/// What a file is that is no request.
fn other(file: &[u8]) -> Refused {
    read_bundle(file).err().unwrap_or(Refused::Certificate { line: None })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::certificate::pem::block;
    use crate::certificate::sample::{Sample, sequence, tlv};
    use crate::der;

    fn request() -> Vec<u8> {
        let info = sequence(&[tlv(der::INTEGER, &[0]), sequence(&[]), sequence(&[]), tlv(0xa0, &[])]);
        sequence(&[info, sequence(&[]), tlv(der::BIT_STRING, &[0])])
    }

    #[test]
    fn a_request_is_found_as_der_and_in_pem_with_text_around_it() {
        let der = request();
        assert_eq!(read_request(&der), Ok(der.clone()));
        for label in ["CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"] {
            let text = format!("\u{feff}from cm1\n{}the end\n", block(label, &der));
            assert_eq!(read_request(text.as_bytes()), Ok(der.clone()), "{label}");
        }
    }

    #[test]
    fn other_things_are_told_as_what_they_are() {
        let code = |file: &[u8]| read_request(file).unwrap_err().code();
        let (request, certificate) = (request(), Sample::default().encode());
        let two = block("CERTIFICATE REQUEST", &request).repeat(2);
        let with_key = [block("CERTIFICATE REQUEST", &request), block("PRIVATE KEY", &[5, 0])].concat();
        for (file, expected) in [
            (certificate.clone(), "input.certificate"),
            (block("CERTIFICATE", &certificate).into_bytes(), "input.certificate"),
            (block("PRIVATE KEY", &[5, 0]).into_bytes(), "input.private-key"),
            (with_key.into_bytes(), "input.private-key"),
            (two.into_bytes(), "input.too-many-certificates"),
            (b"-----BEGIN CERTIFICATE REQUEST-----\nMII".to_vec(), "input.pem-unfinished"),
            (b"hello".to_vec(), "input.text"),
            (Vec::new(), "input.empty"),
        ] {
            assert_eq!(code(&file), expected);
        }
    }
}
