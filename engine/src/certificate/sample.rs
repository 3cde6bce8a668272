//! Certificates made by hand for unit tests: a sound one, and any of its parts exchanged.

use crate::der;
use crate::oid::{self, Oid};

/// One element.
pub(crate) fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let significant: Vec<u8> = length.into_iter().skip_while(|octet| *octet == 0).collect();
    let header = match significant.as_slice() {
        [] => vec![tag, 0],
        [short] if *short < 0x80 => vec![tag, *short],
        long => [&[tag, 0x80 | u8::try_from(long.len()).unwrap()], long].concat(),
    };
    [header.as_slice(), content].concat()
}

/// An attribute of a name.
pub(crate) fn attribute(kind: &Oid, tag: u8, value: &[u8]) -> Vec<u8> {
    tlv(0x30, &[tlv(0x06, kind.content()), tlv(tag, value)].concat())
}

/// An attribute as PrintableString.
pub(crate) fn printable(kind: &Oid, text: &str) -> Vec<u8> {
    attribute(kind, der::PRINTABLE_STRING, text.as_bytes())
}

/// An attribute as UTF8String.
pub(crate) fn utf8(kind: &Oid, text: &str) -> Vec<u8> {
    attribute(kind, der::UTF8_STRING, text.as_bytes())
}

/// A distinguished name.
pub(crate) fn encode_name(rdns: &[&[Vec<u8>]]) -> Vec<u8> {
    let sets: Vec<Vec<u8>> = rdns.iter().map(|attributes| tlv(0x31, &attributes.concat())).collect();
    tlv(0x30, &sets.concat())
}

/// Several elements, one after another, in one.
pub(crate) fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    tlv(der::SEQUENCE, &parts.concat())
}

/// An OBJECT IDENTIFIER.
pub(crate) fn identifier(oid: &Oid) -> Vec<u8> {
    tlv(der::OBJECT_IDENTIFIER, oid.content())
}

/// An extension that is not critical.
pub(crate) fn extension(kind: &Oid, value: &[u8]) -> Vec<u8> {
    sequence(&[identifier(kind), tlv(der::OCTET_STRING, value)])
}

/// A critical extension.
pub(crate) fn critical(kind: &Oid, value: &[u8]) -> Vec<u8> {
    sequence(&[identifier(kind), vec![1, 1, 0xff], tlv(der::OCTET_STRING, value)])
}

/// The extensions field of a certificate.
pub(crate) fn extensions(list: &[Vec<u8>]) -> Vec<u8> {
    tlv(der::context_constructed(3), &sequence(list))
}

/// A SubjectPublicKeyInfo.
pub(crate) fn public_key(algorithm: &Oid, parameters: &[u8], key: &[u8]) -> Vec<u8> {
    let algorithm = sequence(&[identifier(algorithm), parameters.to_vec()]);
    sequence(&[algorithm, tlv(der::BIT_STRING, &[&[0], key].concat())])
}

/// The encoded parts of a certificate, in order. The default is sound: version 3, Ed25519, no extensions.
pub(crate) struct Sample {
    pub(crate) version: Vec<u8>,
    pub(crate) serial_number: Vec<u8>,
    pub(crate) signed_algorithm: Vec<u8>,
    pub(crate) issuer: Vec<u8>,
    pub(crate) validity: Vec<u8>,
    pub(crate) subject: Vec<u8>,
    pub(crate) public_key: Vec<u8>,
    /// What follows the key: unique identifiers and extensions.
    pub(crate) tail: Vec<u8>,
    pub(crate) algorithm: Vec<u8>,
    pub(crate) signature: Vec<u8>,
}

/// The version field.
pub(crate) fn version(number: u8) -> Vec<u8> {
    vec![0xa0, 3, 2, 1, number]
}

impl Default for Sample {
    fn default() -> Self {
        let ed25519 = sequence(&[identifier(&oid::ED25519)]);
        Self {
            version: version(2),
            serial_number: vec![2, 1, 7],
            signed_algorithm: ed25519.clone(),
            issuer: encode_name(&[&[printable(&oid::COMMON_NAME, "Sample CA")]]),
            validity: sequence(&[tlv(der::UTC_TIME, b"260101000000Z"), tlv(der::UTC_TIME, b"270101000000Z")]),
            subject: encode_name(&[&[printable(&oid::COMMON_NAME, "Sample")]]),
            public_key: public_key(&oid::ED25519, &[], &[9; 32]),
            tail: Vec::new(),
            algorithm: ed25519,
            signature: tlv(der::BIT_STRING, &[&[0][..], &[5; 64]].concat()),
        }
    }
}

impl Sample {
    /// A sound certificate with these extensions.
    pub(crate) fn with_extensions(list: &[Vec<u8>]) -> Self {
        Self { tail: extensions(list), ..Self::default() }
    }

    /// TBSCertificate.
    pub(crate) fn signed_part(&self) -> Vec<u8> {
        let parts = [
            &self.version,
            &self.serial_number,
            &self.signed_algorithm,
            &self.issuer,
            &self.validity,
            &self.subject,
            &self.public_key,
            &self.tail,
        ];
        tlv(der::SEQUENCE, &parts.map(Vec::as_slice).concat())
    }

    /// The whole certificate.
    pub(crate) fn encode(&self) -> Vec<u8> {
        sequence(&[self.signed_part(), self.algorithm.clone(), self.signature.clone()])
    }
}
