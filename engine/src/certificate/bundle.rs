//! Recognises PEM, DER and PKCS #7 by content and yields certificates; refuses the rest with a reason.
//!
//! PEM is read as RFC 7468 asks of a lax parser: several blocks, text around them, any line ends. DER and
//! PKCS #7 (RFC 5652, certificates only) are strict DER. A file's name is never looked at, and a file that
//! also holds anything but certificates, a private key above all, is refused whole.

mod base64;
mod recognise;
mod refused;
mod revocation_list;
mod request;

use super::Certificate;
use crate::der::{self, Malformed, Problem, Reader};
use crate::oid;
use base64::Base64;
pub use refused::Refused;
pub use request::read_request;
pub use revocation_list::read_crls;

/// Largest accepted file in octets: a thousand certificates of usual size, in PEM.
pub const MAXIMUM_OCTETS: usize = 4 * 1024 * 1024;

/// Most certificates in one file; public root programmes have below 300.
pub const MAXIMUM_CERTIFICATES: usize = 1000;

/// Forms of file that hold certificates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// One certificate, DER.
    Der,
    /// One or more PEM blocks (RFC 7468).
    Pem,
    /// PKCS #7 certificates-only message, DER.
    Pkcs7Der,
    /// The same in PEM.
    Pkcs7Pem,
}

/// What a file turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bundle {
    /// Its form.
    pub form: Form,
    /// Its certificates as DER, in the order of the file; at least one, and each decodes.
    pub certificates: Vec<Vec<u8>>,
}

/// Finds the certificates in a file, whatever its form; told apart by content.
///
/// # Errors
/// [`Refused`], which names what the file is instead, or where it is damaged.
pub fn read_bundle(file: &[u8]) -> Result<Bundle, Refused> {
    if file.len() > MAXIMUM_OCTETS {
        return Err(Refused::TooLarge { limit: MAXIMUM_OCTETS });
    }
    if let Some(refused) = recognise::by_first_octets(file) {
        return Err(refused);
    }
    let text = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
    match file {
        // A certificate is longer than 127 octets, so its length is in the long form, which is no text.
        [der::SEQUENCE, 0x80..=0xff, ..] => read_der(file),
        _ if recognise::has_pem_boundary(text) => read_pem(text),
        _ => read_der(file).map_err(|refused| recognise::text(text).unwrap_or(refused)),
    }
}

/// Certificates as they are found, counted and decoded one by one.
#[derive(Default)]
struct Found(Vec<Vec<u8>>);

impl Found {
    fn push(&mut self, der: &[u8]) -> Result<(), Refused> {
        if self.0.len() >= MAXIMUM_CERTIFICATES {
            return Err(Refused::TooManyCertificates { limit: MAXIMUM_CERTIFICATES });
        }
        let certificate = self.0.len();
        Certificate::decode(der).map_err(|malformed| Refused::Malformed { certificate, malformed })?;
        self.0.push(der.to_vec());
        Ok(())
    }

    fn into_bundle(self, form: Form) -> Result<Bundle, Refused> {
        if self.0.is_empty() {
            Err(Refused::NoCertificate)
        } else {
            Ok(Bundle { form, certificates: self.0 })
        }
    }
}

fn read_der(file: &[u8]) -> Result<Bundle, Refused> {
    let mut found = Found::default();
    if recognise::is_pkcs7(file) {
        read_pkcs7(file, &mut found)?;
        return found.into_bundle(Form::Pkcs7Der);
    }
    found.push(file).map_err(|refused| recognise::der(file).unwrap_or(refused))?;
    found.into_bundle(Form::Der)
}

/// RFC 5652 3, 5.1: a ContentInfo that holds a SignedData without signers.
fn read_pkcs7(message: &[u8], found: &mut Found) -> Result<(), Refused> {
    let malformed = |malformed| Refused::Malformed { certificate: 0, malformed };
    der::check_nesting(message).map_err(malformed)?;
    let signed_data = open_content_info(message).map_err(malformed)?;
    let (certificates, signers) = split_signed_data(signed_data).map_err(malformed)?;
    if !signers.is_empty() {
        return Err(Refused::SignedMessage);
    }
    let Some(mut certificates) = certificates else { return Ok(()) };
    while !certificates.is_empty() {
        let choice = certificates.any("certificates").map_err(malformed)?;
        // RFC 5652 10.2.2: anything else than a SEQUENCE is an attribute, extended or other certificate.
        if choice.tag != der::SEQUENCE {
            return Err(Refused::AttributeCertificate { line: None });
        }
        found.push(choice.encoded)?;
    }
    Ok(())
}

fn open_content_info(message: &[u8]) -> Result<Reader<'_>, Malformed> {
    let mut input = Reader::new(message);
    let mut outer = input.nested(der::SEQUENCE, "contentInfo")?;
    input.finish("contentInfo")?;
    let at = outer.clone();
    if outer.oid("contentType")? != oid::SIGNED_DATA {
        return Err(at.malformed("contentType", Problem::OutOfRange));
    }
    let mut explicit = outer.nested(der::context_constructed(0), "content")?;
    outer.finish("contentInfo")?;
    let signed_data = explicit.nested(der::SEQUENCE, "signedData")?;
    explicit.finish("content")?;
    Ok(signed_data)
}

/// The certificates and the signers of a SignedData. Revocation lists beside them are passed over.
fn split_signed_data(mut signed_data: Reader<'_>) -> Result<(Option<Reader<'_>>, Reader<'_>), Malformed> {
    signed_data.integer("signedData.version")?;
    signed_data.element(der::SET, "digestAlgorithms")?;
    signed_data.element(der::SEQUENCE, "encapContentInfo")?;
    let certificates = signed_data.optional(der::context_constructed(0), "certificates")?;
    signed_data.optional(der::context_constructed(1), "crls")?;
    let signers = signed_data.nested(der::SET, "signerInfos")?;
    signed_data.finish("signedData")?;
    Ok((certificates.map(|element| Reader::inside(&element)), signers))
}

/// What a PEM block holds, by its label (RFC 7468 5 to 9).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Content {
    Certificate,
    Pkcs7,
}

fn content_of(label: &str, line: usize) -> Result<Content, Refused> {
    match label {
        "CERTIFICATE" | "X509 CERTIFICATE" => Ok(Content::Certificate),
        "PKCS7" | "CMS" | "PKCS #7 SIGNED DATA" => Ok(Content::Pkcs7),
        _ => Err(recognise::label(label, line)),
    }
}

fn read_pem(file: &[u8]) -> Result<Bundle, Refused> {
    let mut found = Found::default();
    let mut form = Form::Pkcs7Pem;
    let mut lines = Lines::new(file);
    while let Some((number, line)) = lines.next() {
        let Some(label) = boundary(line, "-----BEGIN ") else { continue };
        let label = label.map_err(|()| Refused::PemBoundary { line: number })?;
        let content = content_of(label, number)?;
        let octets = read_block(&mut lines, label, number)?;
        match content {
            Content::Certificate => {
                form = Form::Pem;
                found.push(&octets)?;
            }
            Content::Pkcs7 => read_pkcs7(&octets, &mut found)?,
        }
    }
    found.into_bundle(form)
}

/// The octets between a BEGIN line and its END line.
fn read_block(lines: &mut Lines<'_>, label: &str, begin: usize) -> Result<Vec<u8>, Refused> {
    let unfinished = || Refused::PemUnfinished { line: begin, label: label.to_owned() };
    let mut decoder = Base64::default();
    for (number, line) in lines {
        if boundary(line, "-----BEGIN ").is_some() {
            return Err(unfinished());
        }
        match boundary(line, "-----END ") {
            None => decoder.feed(line).map_err(|()| Refused::PemBase64 { line: number })?,
            Some(Ok(end)) if end == label => {
                return decoder.finish().ok_or(Refused::PemBase64 { line: number });
            }
            Some(Ok(end)) => {
                return Err(Refused::PemMismatch {
                    line: number,
                    begin: label.to_owned(),
                    end: end.to_owned(),
                });
            }
            Some(Err(())) => return Err(Refused::PemBoundary { line: number }),
        }
    }
    Err(unfinished())
}

/// The label of a boundary line; `Err` when it starts like one and does not end like one.
fn boundary<'a>(line: &'a [u8], prefix: &str) -> Option<Result<&'a str, ()>> {
    let rest = line.trim_ascii().strip_prefix(prefix.as_bytes())?;
    let label = rest.strip_suffix(b"-----").and_then(|label| std::str::from_utf8(label).ok());
    Some(label.ok_or(()))
}

/// The lines of a file with their numbers from 1. Ends are LF, CR LF, or CR alone where there is no LF.
struct Lines<'a> {
    rest: Option<&'a [u8]>,
    end: u8,
    number: usize,
}

impl<'a> Lines<'a> {
    fn new(file: &'a [u8]) -> Self {
        let end = if file.contains(&b'\n') { b'\n' } else { b'\r' };
        Self { rest: Some(file), end, number: 0 }
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = (usize, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.rest?;
        let mut parts = rest.splitn(2, |octet| *octet == self.end);
        let line = parts.next()?;
        self.rest = parts.next();
        self.number = self.number.saturating_add(1);
        Some((self.number, line))
    }
}

#[cfg(test)]
mod tests;
