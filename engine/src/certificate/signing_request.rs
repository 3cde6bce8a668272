//! Signing requests, PKCS #10 (RFC 2986 4): decoding only. What a request may contain is for `management`, and whether
//! its signature is its own key's for whoever holds a budget.
//!
//! Encodings are DER as strict as for certificates: attributes are there, if only as an empty list, in order, none
//! twice, and an extensionRequest (RFC 2985 5.4.2) has one value. Attributes of other types are kept by type alone.

use std::ops::Range;

use super::extension::Extensions;
use super::name::Name;
use super::public_key::PublicKey;
use super::{AlgorithmIdentifier, Signed};
use crate::der::{self, Decoded, Element, Malformed, Problem, Reader};
use crate::oid::{self, Oid};

/// No request is longer: it holds less than a certificate, whose usual cap this is.
pub const MAXIMUM_OCTETS: usize = 64 * 1024;

/// A decoded request. Its existence means well-formed DER; it says nothing about truth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SigningRequest {
    /// The whole encoding.
    pub der: Vec<u8>,
    /// The distinguished name that is asked for; may be empty.
    pub subject: Name,
    /// The public key that is to be certified.
    pub public_key: PublicKey,
    /// The types of all attributes, in order.
    pub attributes: Vec<Oid>,
    /// The extensions that are asked for; none where there is no extensionRequest.
    pub extensions: Extensions,
    /// The signature algorithm.
    pub signature_algorithm: AlgorithmIdentifier,
    /// The signature's octets.
    pub signature: Vec<u8>,
    /// Where the signed part lies in `der`, tag and length included.
    signed_part: Range<usize>,
}

impl SigningRequest {
    /// Decodes one request; nothing may follow it (RFC 2986 4.2).
    ///
    /// # Errors
    /// [`Malformed`], with the offset in `der` of what is wrong.
    pub fn decode(der: &[u8]) -> Decoded<Self> {
        if der.len() > MAXIMUM_OCTETS {
            let problem = Problem::TooLarge { limit: MAXIMUM_OCTETS };
            return Err(Malformed { offset: 0, field: "certificationRequest", problem });
        }
        let names = ["certificationRequest", "certificationRequestInfo", "signature"];
        let signed = Signed::open(der, names)?;
        let mut reader = Reader::inside(&signed.part);
        decode_version(&mut reader)?;
        let subject = Name::decode(&mut reader, "subject")?;
        let public_key = PublicKey::decode(&mut reader)?;
        let (attributes, extensions) = decode_attributes(&mut reader)?;
        reader.finish("certificationRequestInfo")?;
        Ok(Self {
            der: der.to_vec(),
            subject,
            public_key,
            attributes,
            extensions,
            signed_part: signed.place(),
            signature_algorithm: signed.algorithm,
            signature: signed.signature,
        })
    }

    /// The signed part, exactly as it stands in the input.
    #[must_use]
    pub fn signed_part(&self) -> &[u8] {
        self.der.get(self.signed_part.clone()).unwrap_or_default()
    }
}

/// RFC 2986 4.1: v1, which is 0, is the only version.
fn decode_version(reader: &mut Reader<'_>) -> Decoded<()> {
    let at = reader.clone();
    match reader.integer("version")? {
        [0] => Ok(()),
        _ => Err(at.malformed("version", Problem::UnsupportedVersion)),
    }
}

/// `[0] IMPLICIT SET OF Attribute`, RFC 2986 4.1.
fn decode_attributes(reader: &mut Reader<'_>) -> Decoded<(Vec<Oid>, Extensions)> {
    let mut inner = reader.nested(der::context_constructed(0), "attributes")?;
    let mut kinds: Vec<Oid> = Vec::new();
    let mut extensions = Extensions::default();
    let mut last: &[u8] = &[];
    while !inner.is_empty() {
        let attribute = inner.element(der::SEQUENCE, "attributes.attribute")?;
        // X.690 11.6: ascending order of the encodings. Equal types would begin alike, but not stand side by side.
        if attribute.encoded < last {
            return Err(attribute.malformed("attributes", Problem::UnorderedSet));
        }
        last = attribute.encoded;
        let kind = decode_attribute(&attribute, &mut extensions)?;
        if kinds.contains(&kind) {
            return Err(attribute.malformed("attributes", Problem::Duplicate));
        }
        kinds.push(kind);
        if kinds.len() > MAXIMUM_ATTRIBUTES {
            return Err(attribute.malformed("attributes", Problem::TooLarge { limit: MAXIMUM_ATTRIBUTES }));
        }
    }
    Ok((kinds, extensions))
}

/// RFC 2985 defines five attributes of requests; others add a few. The bound keeps the search for a type that stands
/// twice linear.
const MAXIMUM_ATTRIBUTES: usize = 32;

fn decode_attribute(attribute: &Element<'_>, extensions: &mut Extensions) -> Decoded<Oid> {
    let mut inner = Reader::inside(attribute);
    let kind = inner.oid("attributes.type")?;
    let mut values = inner.nested(der::SET, "attributes.values")?;
    inner.finish("attributes.attribute")?;
    if values.is_empty() {
        return Err(values.malformed("attributes.values", Problem::Empty));
    }
    if kind == oid::EXTENSION_REQUEST {
        // RFC 2985 5.4.2: SINGLE VALUE TRUE.
        *extensions = Extensions::decode(&mut values)?;
        values.finish("extensionRequest")?;
    } else {
        while !values.is_empty() {
            values.any("attributes.values")?;
        }
    }
    Ok(kind)
}

#[cfg(test)]
mod tests;
