//! What was signed: decoding only, no judgement. [`Certificate::decode`] reads a certificate once and whole
//! (RFC 5280 4.1), known extensions included, so that no later stage parses bytes again.
//!
//! Encodings are DER throughout (X.690 10, 11). Where this decoder accepts more than the letter:
//!
//! 1. Named bit lists (keyUsage, reasons) may end in zero bits, which X.690 11.2.2 forbids: many issuers write
//!    the bits at a fixed width, and the set that is meant is never in doubt. Unused bits must be zero.
//! 2. TeletexString is read as Latin-1, as other implementations do: its own repertoire is not used in practice.
//! 3. Attribute values may be empty and of any length: the bounds of RFC 5280 appendix A bear on no decision.
//!
//! otherName, x400Address, ediPartyName, policy qualifiers and algorithm parameters are kept as one element
//! without a look inside, an unknown extension's value as octets of any kind.

pub mod bundle;
pub mod describe;
pub mod extension;
pub mod general_name;
pub mod key_usage;
pub mod name;
pub mod name_syntax;
pub mod pem;
pub mod public_key;
pub mod signing_request;
#[cfg(test)]
pub(crate) mod sample;

use std::ops::Range;

use sha2::{Digest as _, Sha256};

use crate::der::{self, Decoded, Element, Malformed, Problem, Reader};
use crate::oid::Oid;
use crate::time::{Instant, TimeForm};
use extension::Extensions;
use name::Name;
use public_key::PublicKey;

/// A decoded certificate. Its existence means that every field and every known extension is well-formed DER
/// of the right type; it says nothing about truth or trust.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// The whole encoding.
    pub der: Vec<u8>,
    /// SHA-256 of the whole encoding.
    pub fingerprint: [u8; 32],
    /// Version, RFC 5280 4.1.2.1.
    pub version: Version,
    /// The content octets of serialNumber, as encoded: minimal two's complement, any sign.
    pub serial_number: Vec<u8>,
    /// The `signature` field inside the signed part.
    pub signed_algorithm: AlgorithmIdentifier,
    /// Issuer distinguished name.
    pub issuer: Name,
    /// notBefore and notAfter.
    pub validity: Validity,
    /// Subject distinguished name; may be empty.
    pub subject: Name,
    /// The subject's public key, with its encoding.
    pub public_key: PublicKey,
    /// issuerUniqueID is present.
    pub has_issuer_unique_id: bool,
    /// subjectUniqueID is present.
    pub has_subject_unique_id: bool,
    /// The extensions, raw and decoded.
    pub extensions: Extensions,
    /// The signatureAlgorithm field outside the signed part.
    pub signature_algorithm: AlgorithmIdentifier,
    /// The signature's octets.
    pub signature: Vec<u8>,
    /// Where the signed part lies in `der`, tag and length included.
    signed_part: Range<usize>,
}

/// Version of a certificate, RFC 5280 4.1.2.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Version {
    /// v1, the DEFAULT.
    V1,
    /// v2.
    V2,
    /// v3.
    V3,
}

/// The validity period and the forms it was written in, RFC 5280 4.1.2.5.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Validity {
    /// First moment of validity, inclusive.
    pub not_before: Instant,
    /// ASN.1 form of `not_before`.
    pub not_before_form: TimeForm,
    /// Last moment of validity, inclusive.
    pub not_after: Instant,
    /// ASN.1 form of `not_after`.
    pub not_after_form: TimeForm,
}

/// An algorithm and its parameters, undecoded, RFC 5280 4.1.1.2.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlgorithmIdentifier {
    /// The algorithm.
    pub algorithm: Oid,
    /// The whole encoding of the parameters; `None` when absent.
    pub parameters: Option<Vec<u8>>,
}

/// No certificate is longer, whatever the settings say. Callers apply the smaller cap of their settings.
pub const MAXIMUM_OCTETS: usize = 1024 * 1024;

impl Certificate {
    /// subjectAltName is there and holds no name, which RFC 5280 4.2.1.6 forbids.
    #[must_use]
    pub fn has_no_names(&self) -> bool {
        self.extensions.subject_alt_name.as_ref().is_some_and(Vec::is_empty)
    }

    /// Decodes one certificate, known extensions included; nothing may follow it (RFC 5280 4.1).
    ///
    /// # Errors
    /// [`Malformed`], with the offset in `der` of what is wrong.
    pub fn decode(der: &[u8]) -> Decoded<Self> {
        if der.len() > MAXIMUM_OCTETS {
            let problem = Problem::TooLarge { limit: MAXIMUM_OCTETS };
            return Err(Malformed { offset: 0, field: "certificate", problem });
        }
        let signed = Signed::open(der, ["certificate", "tbsCertificate", "signatureValue"])?;
        let fields = SignedFields::decode(Reader::inside(&signed.part))?;
        Ok(Self {
            der: der.to_vec(),
            fingerprint: Sha256::digest(der).into(),
            version: fields.version,
            serial_number: fields.serial_number,
            signed_algorithm: fields.algorithm,
            issuer: fields.issuer,
            validity: fields.validity,
            subject: fields.subject,
            public_key: fields.public_key,
            has_issuer_unique_id: fields.has_issuer_unique_id,
            has_subject_unique_id: fields.has_subject_unique_id,
            extensions: fields.extensions,
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

    /// Issuer and subject are the same name (RFC 5280 3.2, 6.1): self-issued, which says nothing about keys.
    #[must_use]
    pub fn is_self_issued(&self) -> bool {
        self.issuer == self.subject
    }
}

/// What certificates and signing requests have in common (RFC 5280 4.1, RFC 2986 4.2): something signed, by which
/// algorithm, and its signature; nothing follows.
struct Signed<'d> {
    part: Element<'d>,
    algorithm: AlgorithmIdentifier,
    signature: Vec<u8>,
}

impl<'d> Signed<'d> {
    /// The names are those of the whole, of what is signed, and of the signature.
    fn open(der: &'d [u8], [whole, part, signature]: [&'static str; 3]) -> Decoded<Self> {
        der::check_nesting(der)?;
        let mut input = Reader::new(der);
        let mut outer = input.nested(der::SEQUENCE, whole)?;
        input.finish(whole)?;
        let part = outer.element(der::SEQUENCE, part)?;
        let algorithm = AlgorithmIdentifier::decode(&mut outer, "signatureAlgorithm")?;
        let signature = outer.octet_aligned_bit_string(signature)?.to_vec();
        outer.finish(whole)?;
        Ok(Self { part, algorithm, signature })
    }

    /// Where the signed part lies, tag and length included.
    fn place(&self) -> Range<usize> {
        self.part.offset..self.part.offset.saturating_add(self.part.encoded.len())
    }
}

/// TBSCertificate, RFC 5280 4.1.2.
struct SignedFields {
    version: Version,
    serial_number: Vec<u8>,
    algorithm: AlgorithmIdentifier,
    issuer: Name,
    validity: Validity,
    subject: Name,
    public_key: PublicKey,
    has_issuer_unique_id: bool,
    has_subject_unique_id: bool,
    extensions: Extensions,
}

impl SignedFields {
    fn decode(mut reader: Reader<'_>) -> Decoded<Self> {
        let version = Version::decode(&mut reader)?;
        let serial_number = reader.integer("serialNumber")?.to_vec();
        let algorithm = AlgorithmIdentifier::decode(&mut reader, "signature")?;
        let issuer = Name::decode(&mut reader, "issuer")?;
        let validity = Validity::decode(&mut reader)?;
        let subject = Name::decode(&mut reader, "subject")?;
        let public_key = PublicKey::decode(&mut reader)?;
        let has_issuer_unique_id = has_unique_id(&mut reader, (1, "issuerUniqueID"), version)?;
        let has_subject_unique_id = has_unique_id(&mut reader, (2, "subjectUniqueID"), version)?;
        let extensions = decode_extensions(&mut reader, version)?;
        reader.finish("tbsCertificate")?;
        Ok(Self {
            version,
            serial_number,
            algorithm,
            issuer,
            validity,
            subject,
            public_key,
            has_issuer_unique_id,
            has_subject_unique_id,
            extensions,
        })
    }
}

impl Version {
    /// `[0] EXPLICIT INTEGER DEFAULT v1`, RFC 5280 4.1.2.1. v1 written out is refused (X.690 11.5).
    fn decode(reader: &mut Reader<'_>) -> Decoded<Self> {
        let Some(explicit) = reader.optional(der::context_constructed(0), "version")? else {
            return Ok(Self::V1);
        };
        let mut inner = Reader::inside(&explicit);
        let number = inner.integer("version")?;
        inner.finish("version")?;
        match number {
            [0] => Err(explicit.malformed("version", Problem::EncodedDefault)),
            [1] => Ok(Self::V2),
            [2] => Ok(Self::V3),
            _ => Err(explicit.malformed("version", Problem::UnsupportedVersion)),
        }
    }
}

impl Validity {
    fn decode(reader: &mut Reader<'_>) -> Decoded<Self> {
        let mut inner = reader.nested(der::SEQUENCE, "validity")?;
        let (not_before, not_before_form) = inner.time("notBefore")?;
        let (not_after, not_after_form) = inner.time("notAfter")?;
        inner.finish("validity")?;
        Ok(Self { not_before, not_before_form, not_after, not_after_form })
    }
}

impl AlgorithmIdentifier {
    /// Reads `SEQUENCE { algorithm OBJECT IDENTIFIER, parameters ANY OPTIONAL }`; CRLs and responses have it too.
    pub(crate) fn decode(reader: &mut Reader<'_>, field: &'static str) -> Decoded<Self> {
        let mut inner = reader.nested(der::SEQUENCE, field)?;
        let algorithm = inner.oid(field)?;
        let parameters = if inner.is_empty() { None } else { Some(inner.any(field)?.encoded.to_vec()) };
        inner.finish(field)?;
        Ok(Self { algorithm, parameters })
    }
}

/// `[1]` or `[2] IMPLICIT BIT STRING OPTIONAL`, in v2 and v3 only (RFC 5280 4.1.2.8).
fn has_unique_id(
    reader: &mut Reader<'_>,
    (number, field): (u8, &'static str),
    version: Version,
) -> Decoded<bool> {
    let tag = der::context(number);
    if reader.peek() != Some(tag) {
        return Ok(false);
    }
    if version == Version::V1 {
        return Err(reader.malformed(field, Problem::NotInThisVersion));
    }
    reader.bit_string(tag, field).map(|_| true)
}

/// `[3] EXPLICIT Extensions OPTIONAL`, in v3 only (RFC 5280 4.1.2.9).
fn decode_extensions(reader: &mut Reader<'_>, version: Version) -> Decoded<Extensions> {
    let at = reader.clone();
    let Some(explicit) = reader.optional(der::context_constructed(3), "extensions")? else {
        return Ok(Extensions::default());
    };
    if version != Version::V3 {
        return Err(at.malformed("extensions", Problem::NotInThisVersion));
    }
    let mut inner = Reader::inside(&explicit);
    let extensions = Extensions::decode(&mut inner)?;
    inner.finish("extensions")?;
    Ok(extensions)
}

#[cfg(test)]
mod tests {
    use super::sample::{self, Sample, sequence, tlv};
    use super::*;

    fn refused(sample: &Sample) -> (&'static str, Problem) {
        let malformed = Certificate::decode(&sample.encode()).unwrap_err();
        (malformed.field, malformed.problem)
    }

    fn tag(expected: der::Tag, found: der::Tag) -> Problem {
        Problem::UnexpectedTag { expected, found: Some(found) }
    }

    #[test]
    fn a_sound_certificate_is_decoded_whole() {
        let sample = Sample::default();
        let der = sample.encode();
        let certificate = Certificate::decode(&der).unwrap();
        assert_eq!(certificate.der, der);
        assert_eq!(certificate.signed_part(), sample.signed_part());
        assert_eq!(certificate.fingerprint, <[u8; 32]>::from(Sha256::digest(&der)));
        assert_eq!((certificate.version, certificate.serial_number.as_slice()), (Version::V3, &[7][..]));
        assert_eq!(certificate.issuer.to_string(), "CN=Sample CA");
        assert_eq!(certificate.subject.to_string(), "CN=Sample");
        assert_eq!(certificate.validity.not_after.to_string(), "2027-01-01T00:00:00Z");
        assert_eq!(certificate.signed_algorithm, certificate.signature_algorithm);
        assert_eq!(certificate.signature, [5; 64]);
        assert_eq!(certificate.extensions, Extensions::default());
        assert!(!certificate.is_self_issued());
    }

    #[test]
    fn every_shorter_input_is_refused_and_never_panics() {
        let der =
            Sample::with_extensions(&[sample::extension(&crate::oid::KEY_USAGE, &[3, 2, 5, 0xa0])]).encode();
        assert!(Certificate::decode(&der).is_ok());
        for end in 0..der.len() {
            assert!(Certificate::decode(&der[..end]).is_err(), "{end}");
        }
    }

    #[test]
    fn every_changed_octet_is_refused_or_read_but_never_panics() {
        let der =
            Sample::with_extensions(&[sample::extension(&crate::oid::KEY_USAGE, &[3, 2, 5, 0xa0])]).encode();
        for position in 0..der.len() {
            for value in [0x00, 0x01, 0x30, 0x7f, 0x80, 0xa0, 0xff] {
                let mut changed = der.clone();
                changed[position] = value;
                let _ = Certificate::decode(&changed);
            }
        }
    }

    #[test]
    fn versions() {
        let with = |version: Vec<u8>| Sample { version, ..Sample::default() };
        assert_eq!(Certificate::decode(&with(vec![]).encode()).unwrap().version, Version::V1);
        assert_eq!(Certificate::decode(&with(sample::version(1)).encode()).unwrap().version, Version::V2);
        assert_eq!(refused(&with(sample::version(0))), ("version", Problem::EncodedDefault));
        assert_eq!(refused(&with(sample::version(3))), ("version", Problem::UnsupportedVersion));
        assert_eq!(refused(&with(vec![0xa0, 3, 2, 1, 0xff])), ("version", Problem::UnsupportedVersion));
        assert_eq!(refused(&with(vec![0xa0, 5, 2, 1, 2, 5, 0])), ("version", Problem::TrailingData));
    }

    #[test]
    fn extensions_are_in_version_3_only_and_never_an_empty_list() {
        let list = sample::extensions(&[sample::extension(&crate::oid::OCSP_NO_CHECK, &[5, 0])]);
        for version in [vec![], sample::version(1)] {
            let sample = Sample { version, tail: list.clone(), ..Sample::default() };
            assert_eq!(refused(&sample), ("extensions", Problem::NotInThisVersion));
        }
        assert!(Certificate::decode(&Sample { tail: list, ..Sample::default() }.encode()).is_ok());
        assert_eq!(refused(&Sample::with_extensions(&[])), ("extensions", Problem::Empty));
    }

    #[test]
    fn unique_identifiers_are_in_versions_2_and_3_only() {
        let tail = vec![0x81, 2, 0, 1, 0x82, 2, 0, 2];
        let with = |version: Vec<u8>| Sample { version, tail: tail.clone(), ..Sample::default() };
        assert_eq!(refused(&with(vec![])), ("issuerUniqueID", Problem::NotInThisVersion));
        for version in [1, 2] {
            let certificate = Certificate::decode(&with(sample::version(version)).encode()).unwrap();
            assert!(certificate.has_issuer_unique_id && certificate.has_subject_unique_id);
        }
    }

    #[test]
    fn a_serial_number_is_minimal_and_of_any_sign_and_length() {
        let with = |serial_number: Vec<u8>| Sample { serial_number, ..Sample::default() };
        for content in [vec![0], vec![0xff], vec![0x7f; 21], vec![0x7f; 200]] {
            let certificate = Certificate::decode(&with(tlv(2, &content)).encode()).unwrap();
            assert_eq!(certificate.serial_number, content);
        }
        assert_eq!(refused(&with(vec![2, 2, 0, 1])), ("serialNumber", Problem::IntegerNotMinimal));
        assert_eq!(refused(&with(vec![2, 0])), ("serialNumber", Problem::IntegerNotMinimal));
    }

    #[test]
    fn nothing_follows_in_or_after_a_certificate() {
        let sound = Sample::default();
        let after = [sound.encode(), vec![0]].concat();
        let malformed = Certificate::decode(&after).unwrap_err();
        assert_eq!((malformed.offset, malformed.problem), (after.len() - 1, Problem::TrailingData));
        let inside = Sample { signature: [sound.signature, vec![5, 0]].concat(), ..Sample::default() };
        assert_eq!(refused(&inside), ("certificate", Problem::TrailingData));
        let signed = Sample { tail: vec![5, 0], ..Sample::default() };
        assert_eq!(refused(&signed), ("tbsCertificate", Problem::TrailingData));
        // Fields in the wrong order, or twice, are left over as well.
        let list = sample::extensions(&[sample::extension(&crate::oid::OCSP_NO_CHECK, &[5, 0])]);
        let twice = Sample { tail: [list.clone(), list].concat(), ..Sample::default() };
        assert_eq!(refused(&twice), ("tbsCertificate", Problem::TrailingData));
    }

    #[test]
    fn algorithms_have_one_parameter_at_most_and_signatures_whole_octets() {
        let algorithm = sequence(&[sample::identifier(&crate::oid::ED25519), vec![5, 0, 5, 0]]);
        let two = Sample { algorithm, ..Sample::default() };
        assert_eq!(refused(&two), ("signatureAlgorithm", Problem::TrailingData));
        let odd = Sample { signature: vec![3, 2, 1, 2], ..Sample::default() };
        assert_eq!(refused(&odd), ("signatureValue", Problem::BitStringPadding));
        let parts = Sample { signature: vec![0x23, 4, 3, 2, 0, 5], ..Sample::default() };
        assert_eq!(refused(&parts), ("signatureValue", tag(der::BIT_STRING, 0x23)));
    }

    #[test]
    fn indefinite_lengths_are_refused() {
        let der = Sample::default().encode();
        let content = Reader::new(&der).any("").unwrap().content;
        let indefinite = [&[0x30, 0x80][..], content, &[0, 0]].concat();
        assert_eq!(Certificate::decode(&indefinite).unwrap_err().problem, Problem::LengthNotDefinite);
    }

    #[test]
    fn size_and_depth_are_bounded() {
        let huge = vec![0x30; MAXIMUM_OCTETS + 1];
        assert_eq!(
            Certificate::decode(&huge).unwrap_err().problem,
            Problem::TooLarge { limit: MAXIMUM_OCTETS }
        );
        let limit = vec![0x30; MAXIMUM_OCTETS];
        assert_ne!(
            Certificate::decode(&limit).unwrap_err().problem,
            Problem::TooLarge { limit: MAXIMUM_OCTETS }
        );
        let mut deep = vec![5, 0];
        for _ in 0..der::MAXIMUM_DEPTH {
            deep = sequence(&[deep]);
        }
        let sample = Sample { signed_algorithm: deep, ..Sample::default() };
        assert_eq!(refused(&sample), ("nesting", Problem::TooDeep));
    }

    #[test]
    fn times_keep_their_form() {
        let times = [tlv(der::UTC_TIME, b"491231235959Z"), tlv(der::GENERALIZED_TIME, b"99991231235959Z")];
        let sample = Sample { validity: sequence(&times), ..Sample::default() };
        let validity = Certificate::decode(&sample.encode()).unwrap().validity;
        assert_eq!(validity.not_before.to_string(), "2049-12-31T23:59:59Z");
        assert_eq!(validity.not_after.to_string(), "9999-12-31T23:59:59Z");
        assert_eq!(
            (validity.not_before_form, validity.not_after_form),
            (TimeForm::UtcTime, TimeForm::GeneralizedTime)
        );
        let times = [tlv(der::UTC_TIME, b"4912312359Z"), tlv(der::GENERALIZED_TIME, b"99991231235959Z")];
        let sample = Sample { validity: sequence(&times), ..Sample::default() };
        assert_eq!(refused(&sample), ("notBefore", Problem::InvalidTime));
    }
}
