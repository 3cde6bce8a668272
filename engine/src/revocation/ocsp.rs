//! A decoded OCSP response (RFC 6960 4.2.1); no judgement: that a response decodes says nothing about who
//! signed it or whom it is about.
//!
//! Encodings are DER throughout. Where this decoder accepts more than the letter:
//!
//! 1. `version` may be written out as v1, its DEFAULT, as several responders do. The signature is over the
//!    octets as they stand, and nothing is identified by them.
//! 2. A CRLReason that is not defined is read as no reason: what is revoked stays revoked.
//! 3. `signatureAlgorithm` may leave out the NULL of sha1WithRSAEncryption, as many responders did while SHA-1 was
//!    in use. What is computed is the same, and the settings still have to accept it.
//! 4. A certificate in `certs` that does not decode is kept as what is wrong with it: only a signer's matters.

use sha1::Sha1;
use sha2::{Digest as _, Sha256, Sha384, Sha512};

use super::freshness::UpdateWindow;
use super::{Revocation, RevocationReason};
use crate::certificate::extension::Extensions;
use crate::certificate::name::Name;
use crate::certificate::{AlgorithmIdentifier, Certificate};
use crate::der::{self, Decoded, Malformed, Problem, Reader};
use crate::oid::{self, Oid};
use crate::time::Instant;

/// No response is longer. Real ones stay below 10 KiB; the rest is room for several certificates.
pub const MAXIMUM_OCTETS: usize = 100 * 1024;

/// A decoded OCSPResponse, RFC 6960 4.2.1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OcspResponse {
    /// successful (0) with a BasicOCSPResponse.
    Basic(Box<BasicResponse>),
    /// successful (0) with a response of another type.
    OtherType(Oid),
    /// successful (0) without responseBytes.
    WithoutBytes,
    /// Any other responseStatus. It is not signed and says nothing about a certificate.
    Failed(ErrorStatus),
}

/// A responseStatus other than successful, RFC 6960 4.2.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorStatus {
    /// malformedRequest (1).
    MalformedRequest,
    /// internalError (2).
    InternalError,
    /// tryLater (3).
    TryLater,
    /// sigRequired (5).
    SignatureRequired,
    /// unauthorized (6).
    Unauthorized,
    /// A number that is not defined, 4 among them.
    Undefined(u32),
}

/// A decoded BasicOCSPResponse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BasicResponse {
    /// tbsResponseData, exactly as it stands in the input.
    pub signed_part: Vec<u8>,
    /// The signature algorithm.
    pub signature_algorithm: AlgorithmIdentifier,
    /// The signature's octets.
    pub signature: Vec<u8>,
    /// Who says it signed.
    pub responder: ResponderId,
    /// producedAt.
    pub produced_at: Instant,
    /// The answers, in the order of the encoding.
    pub responses: Vec<SingleResponse>,
    /// responseExtensions.
    pub extensions: Extensions,
    /// certs, each as far as it decodes.
    pub certificates: Vec<Decoded<Certificate>>,
}

/// ResponderID, RFC 6960 4.2.2.3.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResponderId {
    /// byName.
    Name(Name),
    /// byKey: SHA-1 of the key's bits, whatever a subjectKeyIdentifier says.
    Key([u8; 20]),
}

/// SingleResponse, RFC 6960 4.2.1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SingleResponse {
    /// The certificate it is about.
    pub certificate: CertificateId,
    /// certStatus.
    pub status: CertificateStatus,
    /// thisUpdate and nextUpdate.
    pub window: UpdateWindow,
    /// singleExtensions.
    pub extensions: Extensions,
}

/// CertStatus, RFC 6960 4.2.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CertificateStatus {
    /// good.
    Good,
    /// revoked.
    Revoked(Revocation),
    /// unknown.
    Unknown,
}

/// CertID, RFC 6960 4.1.1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateId {
    /// hashAlgorithm.
    pub hash_algorithm: AlgorithmIdentifier,
    /// issuerNameHash.
    pub issuer_name_hash: Vec<u8>,
    /// issuerKeyHash.
    pub issuer_key_hash: Vec<u8>,
    /// The content octets of serialNumber.
    pub serial_number: Vec<u8>,
}

/// The hashes a CertID may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdentifierHash {
    /// SHA-1.
    Sha1,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl IdentifierHash {
    /// Every hash.
    pub const ALL: [Self; 4] = [Self::Sha1, Self::Sha256, Self::Sha384, Self::Sha512];

    /// The hash an algorithm identifier names, its parameters absent or NULL (RFC 5754 2); `None` for another.
    #[must_use]
    pub fn identified_by(algorithm: &AlgorithmIdentifier) -> Option<Self> {
        const NULL: &[u8] = &[0x05, 0x00];
        if algorithm.parameters.as_deref().is_some_and(|parameters| parameters != NULL) {
            return None;
        }
        Self::ALL.into_iter().find(|hash| hash.oid() == algorithm.algorithm)
    }

    /// Its object identifier.
    #[must_use]
    pub fn oid(self) -> Oid {
        match self {
            Self::Sha1 => oid::SHA1,
            Self::Sha256 => oid::SHA256,
            Self::Sha384 => oid::SHA384,
            Self::Sha512 => oid::SHA512,
        }
    }

    /// The hash of `octets`.
    #[must_use]
    pub fn digest(self, octets: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha1 => Sha1::digest(octets).to_vec(),
            Self::Sha256 => Sha256::digest(octets).to_vec(),
            Self::Sha384 => Sha384::digest(octets).to_vec(),
            Self::Sha512 => Sha512::digest(octets).to_vec(),
        }
    }
}

impl OcspResponse {
    /// Decodes one response, whole; nothing may follow it.
    ///
    /// # Errors
    /// [`Malformed`], with the offset in `body` of what is wrong.
    pub fn decode(body: &[u8]) -> Decoded<Self> {
        if body.len() > MAXIMUM_OCTETS {
            let problem = Problem::TooLarge { limit: MAXIMUM_OCTETS };
            return Err(Malformed { offset: 0, field: "ocspResponse", problem });
        }
        der::check_nesting(body)?;
        let mut input = Reader::new(body);
        let mut outer = input.nested(der::SEQUENCE, "ocspResponse")?;
        input.finish("ocspResponse")?;
        let status = outer.small_integer(der::ENUMERATED, "responseStatus")?;
        let bytes = outer.optional(der::context_constructed(0), "responseBytes")?;
        outer.finish("ocspResponse")?;
        match (ErrorStatus::of(status), bytes) {
            // What comes with an error is not signed either: it is not even read (RFC 6960 4.2.1).
            (Some(error), _) => Ok(Self::Failed(error)),
            (None, None) => Ok(Self::WithoutBytes),
            (None, Some(explicit)) => Self::decode_bytes(Reader::inside(&explicit)),
        }
    }

    fn decode_bytes(mut explicit: Reader<'_>) -> Decoded<Self> {
        let mut bytes = explicit.nested(der::SEQUENCE, "responseBytes")?;
        explicit.finish("responseBytes")?;
        let kind = bytes.oid("responseType")?;
        let response = bytes.element(der::OCTET_STRING, "response")?;
        bytes.finish("responseBytes")?;
        if kind != oid::OCSP_BASIC {
            return Ok(Self::OtherType(kind));
        }
        der::check_nesting(response.content)?;
        BasicResponse::decode(Reader::inside(&response)).map(|basic| Self::Basic(Box::new(basic)))
    }
}

impl ErrorStatus {
    fn of(number: u32) -> Option<Self> {
        Some(match number {
            0 => return None,
            1 => Self::MalformedRequest,
            2 => Self::InternalError,
            3 => Self::TryLater,
            5 => Self::SignatureRequired,
            6 => Self::Unauthorized,
            undefined => Self::Undefined(undefined),
        })
    }
}

impl BasicResponse {
    fn decode(mut reader: Reader<'_>) -> Decoded<Self> {
        let mut outer = reader.nested(der::SEQUENCE, "basicOCSPResponse")?;
        reader.finish("basicOCSPResponse")?;
        let signed = outer.element(der::SEQUENCE, "tbsResponseData")?;
        let signature_algorithm = decode_signature_algorithm(&mut outer)?;
        let signature = outer.octet_aligned_bit_string("signature")?.to_vec();
        let certificates = decode_certificates(&mut outer)?;
        outer.finish("basicOCSPResponse")?;
        let mut data = Reader::inside(&signed);
        check_version(&mut data)?;
        let responder = ResponderId::decode(&mut data)?;
        let produced_at = generalized_time(&mut data, "producedAt")?;
        let responses = data.sequence_of(der::SEQUENCE, "responses", SingleResponse::decode)?;
        let extensions = decode_extensions(&mut data, "responseExtensions")?;
        data.finish("tbsResponseData")?;
        Ok(Self {
            signed_part: signed.encoded.to_vec(),
            signature_algorithm,
            signature,
            responder,
            produced_at,
            responses,
            extensions,
            certificates,
        })
    }
}

/// Reads signatureAlgorithm, with the parameters RFC 3279 2.2.1 asks for where they are left out.
fn decode_signature_algorithm(reader: &mut Reader<'_>) -> Decoded<AlgorithmIdentifier> {
    let mut identifier = AlgorithmIdentifier::decode(reader, "signatureAlgorithm")?;
    if identifier.algorithm == oid::SHA1_WITH_RSA && identifier.parameters.is_none() {
        identifier.parameters = Some(vec![der::NULL, 0]);
    }
    Ok(identifier)
}

/// `[0] EXPLICIT SEQUENCE OF Certificate OPTIONAL`.
fn decode_certificates(reader: &mut Reader<'_>) -> Decoded<Vec<Decoded<Certificate>>> {
    let Some(explicit) = reader.optional(der::context_constructed(0), "certs")? else {
        return Ok(Vec::new());
    };
    let mut inner = Reader::inside(&explicit);
    let certificates = inner.sequence_of(der::SEQUENCE, "certs", |certificate| {
        let element = certificate.any("certs")?;
        Ok(Certificate::decode(element.encoded).map_err(|malformed| Malformed {
            offset: malformed.offset.saturating_add(element.offset),
            ..malformed
        }))
    })?;
    inner.finish("certs")?;
    Ok(certificates)
}

/// `[0] EXPLICIT Version DEFAULT v1`; there is no other version.
fn check_version(reader: &mut Reader<'_>) -> Decoded<()> {
    let Some(explicit) = reader.optional(der::context_constructed(0), "version")? else { return Ok(()) };
    let mut inner = Reader::inside(&explicit);
    let number = inner.integer("version")?;
    inner.finish("version")?;
    if number == [0] { Ok(()) } else { Err(explicit.malformed("version", Problem::UnsupportedVersion)) }
}

impl ResponderId {
    fn decode(reader: &mut Reader<'_>) -> Decoded<Self> {
        let by_name = der::context_constructed(1);
        if let Some(explicit) = reader.optional(by_name, "responderID")? {
            let mut inner = Reader::inside(&explicit);
            let name = Name::decode(&mut inner, "responderID.byName")?;
            inner.finish("responderID.byName")?;
            return Ok(Self::Name(name));
        }
        let explicit = reader.element(der::context_constructed(2), "responderID")?;
        let mut inner = Reader::inside(&explicit);
        let hash = inner.element(der::OCTET_STRING, "responderID.byKey")?;
        inner.finish("responderID.byKey")?;
        let octets = <[u8; 20]>::try_from(hash.content)
            .map_err(|_| hash.malformed("responderID.byKey", Problem::OutOfRange))?;
        Ok(Self::Key(octets))
    }
}

impl SingleResponse {
    fn decode(reader: &mut Reader<'_>) -> Decoded<Self> {
        let mut inner = reader.nested(der::SEQUENCE, "singleResponse")?;
        let certificate = CertificateId::decode(&mut inner)?;
        let status = CertificateStatus::decode(&mut inner)?;
        let this_update = generalized_time(&mut inner, "thisUpdate")?;
        let next_update = match inner.optional(der::context_constructed(0), "nextUpdate")? {
            Some(explicit) => Some(explicit_time(Reader::inside(&explicit), "nextUpdate")?),
            None => None,
        };
        let extensions = decode_extensions(&mut inner, "singleExtensions")?;
        inner.finish("singleResponse")?;
        Ok(Self { certificate, status, window: UpdateWindow { this_update, next_update }, extensions })
    }
}

impl CertificateId {
    fn decode(reader: &mut Reader<'_>) -> Decoded<Self> {
        let mut inner = reader.nested(der::SEQUENCE, "certID")?;
        let hash_algorithm = AlgorithmIdentifier::decode(&mut inner, "certID.hashAlgorithm")?;
        let issuer_name_hash = inner.element(der::OCTET_STRING, "certID.issuerNameHash")?.content.to_vec();
        let issuer_key_hash = inner.element(der::OCTET_STRING, "certID.issuerKeyHash")?.content.to_vec();
        let serial_number = inner.integer("certID.serialNumber")?.to_vec();
        inner.finish("certID")?;
        Ok(Self { hash_algorithm, issuer_name_hash, issuer_key_hash, serial_number })
    }
}

impl CertificateStatus {
    fn decode(reader: &mut Reader<'_>) -> Decoded<Self> {
        const FIELD: &str = "certStatus";
        if let Some(revoked) = reader.optional(der::context_constructed(1), FIELD)? {
            return decode_revoked(Reader::inside(&revoked)).map(Self::Revoked);
        }
        let (status, null) = match reader.peek() {
            Some(tag) if tag == der::context(2) => (Self::Unknown, reader.any(FIELD)?),
            _ => (Self::Good, reader.element(der::context(0), FIELD)?),
        };
        if null.content.is_empty() { Ok(status) } else { Err(null.malformed(FIELD, Problem::TrailingData)) }
    }
}

/// RevokedInfo, RFC 6960 4.2.1.
fn decode_revoked(mut reader: Reader<'_>) -> Decoded<Revocation> {
    let at = generalized_time(&mut reader, "revocationTime")?;
    let mut reason = None;
    if let Some(explicit) = reader.optional(der::context_constructed(0), "revocationReason")? {
        let mut inner = Reader::inside(&explicit);
        let number = inner.small_integer(der::ENUMERATED, "revocationReason")?;
        inner.finish("revocationReason")?;
        reason = RevocationReason::from_number(number);
    }
    reader.finish("revoked")?;
    Ok(Revocation { at, reason })
}

fn explicit_time(mut reader: Reader<'_>, field: &'static str) -> Decoded<Instant> {
    let time = generalized_time(&mut reader, field)?;
    reader.finish(field)?;
    Ok(time)
}

/// GeneralizedTime in the form of RFC 5280 4.1.2.5.2, as RFC 6960 4.2.2.1 asks; UTCTime is refused.
pub(super) fn generalized_time(reader: &mut Reader<'_>, field: &'static str) -> Decoded<Instant> {
    let element = reader.element(der::GENERALIZED_TIME, field)?;
    Instant::from_generalized_time(element.content)
        .ok_or_else(|| element.malformed(field, Problem::InvalidTime))
}

/// `[1] EXPLICIT Extensions OPTIONAL`; no extension may stand twice (RFC 6960 4.4, RFC 5280 4.2).
fn decode_extensions(reader: &mut Reader<'_>, field: &'static str) -> Decoded<Extensions> {
    let Some(explicit) = reader.optional(der::context_constructed(1), field)? else {
        return Ok(Extensions::default());
    };
    let mut inner = Reader::inside(&explicit);
    let extensions = Extensions::decode(&mut inner)?;
    inner.finish(field)?;
    Ok(extensions)
}
