//! Writes the OCSP request for one certificate (RFC 6960 4.1.1) as a POST body and as a GET address (RFC 6960
//! A.1). The same inputs give the same octets: a nonce comes from the host, and nothing is sent from here.

use super::ocsp::IdentifierHash;
use crate::certificate::Certificate;
use crate::certificate::pem::base64;
use crate::der;
use crate::der::write::{element, sequence};
use crate::oid;
use crate::settings::revocation::RequestHash;

/// The media type of a POST body, RFC 6960 A.1.
pub const REQUEST_MEDIA_TYPE: &str = "application/ocsp-request";
/// The media type a response comes with, RFC 6960 A.2.
pub const RESPONSE_MEDIA_TYPE: &str = "application/ocsp-response";

/// A nonce as it is sent: RFC 9654 2.1 asks a client for 32 octets.
pub type Nonce = [u8; 32];

/// An encoded OCSPRequest about one certificate, unsigned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OcspRequest {
    der: Vec<u8>,
}

impl OcspRequest {
    /// The request about `certificate`, which `issuer` issued. RFC 6960 4.1.1.
    #[must_use]
    pub fn new(
        certificate: &Certificate,
        issuer: &Certificate,
        hash: RequestHash,
        nonce: Option<&Nonce>,
    ) -> Self {
        let request = sequence(&[certificate_id(certificate, issuer, hash)]);
        let list = sequence(&[request]);
        let extensions = nonce.map(|nonce| element(der::context_constructed(2), &nonce_extension(nonce)));
        let signed = sequence(&[list, extensions.unwrap_or_default()]);
        Self { der: sequence(&[signed]) }
    }

    /// The body of a POST.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.der
    }

    /// The address of a GET below `responder`; `None` where POST must be used: the address would have 255
    /// octets or more, or `responder` has a query or a fragment, below which no path can be put, or octets
    /// that no address has. RFC 6960 A.1.
    #[must_use]
    pub fn get_address(&self, responder: &str) -> Option<String> {
        const LIMIT: usize = 255;
        let plain =
            responder.bytes().all(|octet| octet.is_ascii_graphic() && !b"?#\"<>\\^`{|}".contains(&octet));
        // RFC 6960 A.1: {url} "/" {request}; a slash that ends the url is that slash.
        let base = responder.strip_suffix('/').unwrap_or(responder);
        let mut address = String::from(base);
        address.push('/');
        for character in base64(&self.der).chars() {
            match character {
                '+' => address.push_str("%2B"),
                '/' => address.push_str("%2F"),
                '=' => address.push_str("%3D"),
                other => address.push(other),
            }
        }
        (plain && !base.is_empty() && address.len() < LIMIT).then_some(address)
    }
}

/// CertID, RFC 6960 4.1.1: the name as the certificate's issuer field has it, the key without its identifier.
fn certificate_id(certificate: &Certificate, issuer: &Certificate, hash: RequestHash) -> Vec<u8> {
    // RFC 5754 2 leaves the parameters of SHA-2 out; responders expect NULL with SHA-1 (RFC 3370 2.1).
    let (hash, parameters): (_, &[u8]) = match hash {
        RequestHash::Sha1 => (IdentifierHash::Sha1, &[der::NULL, 0]),
        RequestHash::Sha256 => (IdentifierHash::Sha256, &[]),
    };
    let identifier = element(der::OBJECT_IDENTIFIER, hash.oid().content());
    sequence(&[
        sequence(&[identifier, parameters.to_vec()]),
        element(der::OCTET_STRING, &hash.digest(&certificate.issuer.der)),
        element(der::OCTET_STRING, &hash.digest(&issuer.public_key.octets)),
        element(der::INTEGER, &certificate.serial_number),
    ])
}

/// Extensions with a nonce alone, RFC 9654 2.1: the value is an OCTET STRING in the OCTET STRING.
fn nonce_extension(nonce: &Nonce) -> Vec<u8> {
    let value = element(der::OCTET_STRING, &element(der::OCTET_STRING, nonce));
    sequence(&[sequence(&[element(der::OBJECT_IDENTIFIER, oid::OCSP_NONCE.content()), value])])
}

#[cfg(test)]
mod tests {
    use super::*;
    use pki::certificate::Sketch;
    use pki::ocsp::{Entry, Response};

    fn pair() -> (Certificate, Certificate) {
        let root = Sketch::ca("root").issue();
        let leaf = Sketch::leaf("leaf").issued_by(&root).serial(&[0x12, 0x34]).issue();
        (Certificate::decode(&leaf.der).unwrap(), Certificate::decode(&root.der).unwrap())
    }

    fn hexadecimal(octets: &[u8]) -> String {
        octets.iter().map(|octet| format!("{octet:02x}")).collect()
    }

    #[test]
    fn a_request_is_the_certificates_identifier_and_nothing_else() {
        let (leaf, root) = pair();
        let request = OcspRequest::new(&leaf, &root, RequestHash::Sha1, None);
        let name = hexadecimal(&IdentifierHash::Sha1.digest(&root.subject.der));
        let key = hexadecimal(&IdentifierHash::Sha1.digest(&root.public_key.octets));
        let start = "3043 3041 303f 303d 303b 300906052b0e03021a0500".replace(' ', "");
        let expected = format!("{start}0414{name}0414{key}02021234");
        assert_eq!(hexadecimal(request.body()), expected);
    }

    #[test]
    fn sha_256_has_no_parameters_and_a_nonce_is_an_octet_string_in_one() {
        let (leaf, root) = pair();
        let request = OcspRequest::new(&leaf, &root, RequestHash::Sha256, Some(&[0xab; 32]));
        let text = hexadecimal(request.body());
        assert!(text.contains("300b0609608648016503040201") && !text.contains("6086480165030402010500"));
        let nonce = format!("a2333031302f06092b06010505073001020422 0420{}", "ab".repeat(32));
        assert!(text.ends_with(&nonce.replace(' ', "")), "{text}");
    }

    #[test]
    fn the_same_question_is_written_the_same_way() {
        let (leaf, root) = pair();
        let write = |nonce: Option<&Nonce>| OcspRequest::new(&leaf, &root, RequestHash::Sha1, nonce);
        assert_eq!(write(Some(&[1; 32])), write(Some(&[1; 32])));
        assert_ne!(write(Some(&[1; 32])), write(Some(&[2; 32])));
        assert_ne!(write(None), write(Some(&[1; 32])));
    }

    #[test]
    fn a_responder_that_copies_the_identifier_is_about_the_certificate() {
        let root = Sketch::ca("root").issue();
        let leaf = Sketch::leaf("leaf").issued_by(&root).issue();
        let decode = |der: &[u8]| Certificate::decode(der).unwrap();
        let request = OcspRequest::new(&decode(&leaf.der), &decode(&root.der), RequestHash::Sha1, None);
        let response = Response::signed_by(&root).entry(Entry::good(&leaf, &root)).encode();
        // SEQUENCE { SEQUENCE { SEQUENCE { SEQUENCE { CertID: four headers of two octets.
        let id = &request.body()[8..];
        assert!(response.windows(id.len()).any(|window| window == id));
    }

    #[test]
    fn an_address_joins_with_one_slash_and_escapes_base64() {
        let request = OcspRequest { der: vec![0xfb, 0xef, 0xff, 0xff] };
        let expected = Some("http://ocsp.example/a/%2B%2B%2F%2F%2Fw%3D%3D".to_owned());
        assert_eq!(request.get_address("http://ocsp.example/a"), expected);
        assert_eq!(request.get_address("http://ocsp.example/a/"), expected);
        let two = Some("http://ocsp.example/a//%2B%2B%2F%2F%2Fw%3D%3D".to_owned());
        assert_eq!(request.get_address("http://ocsp.example/a//"), two);
        for none in ["", "http://a/?b", "http://a/#b", "http://a b/", "http://é/", "http://a/\n"] {
            assert_eq!(request.get_address(none), None, "{none}");
        }
    }

    #[test]
    fn an_address_of_255_octets_is_not_used() {
        let request = OcspRequest { der: vec![0; 3] };
        let base = |length: usize| format!("http://{}", "a".repeat(length - 7 - 5));
        assert_eq!(request.get_address(&base(254)).map(|address| address.len()), Some(254));
        assert_eq!(request.get_address(&base(255)), None);
    }
}
