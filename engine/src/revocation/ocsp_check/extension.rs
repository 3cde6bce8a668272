//! The extensions of a response (RFC 6960 4.4, RFC 9654): what must be understood is, what is claimed is kept for
//! the report. Whether the response is authentic is not known here.

use super::{OcspQuestion, OcspRejected};
use crate::certificate::AlgorithmIdentifier;
use crate::certificate::extension::Extensions;
use crate::der::{self, Decoded, Malformed, Reader};
use crate::oid::{self, Oid};
use crate::revocation::RevocationReason;
use crate::revocation::ocsp::{BasicResponse, CertificateStatus, IdentifierHash, generalized_time};
use crate::settings::revocation::NoncePolicy;
use crate::time::Instant;

/// What a response says about the certificate ever having been issued (R-CC-8).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Issuance {
    /// Its hash is named: this very certificate is known to the responder.
    Asserted,
    /// It was never issued: revoked with certificateHold as of 1970-01-01 (RFC 6960 2.2).
    Denied,
    /// Nothing: good means not revoked, no more.
    NotStated,
}

impl Issuance {
    /// The stable word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Asserted => "asserted",
            Self::Denied => "denied",
            Self::NotStated => "not-stated",
        }
    }
}

/// An extension of an accepted response, for the report (R-CC-10).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SurfacedExtension {
    /// Its type.
    pub kind: Oid,
    /// Its criticality.
    pub critical: bool,
    /// Whether it is about all entries or one.
    pub place: ExtensionPlace,
    /// The content of extnValue.
    pub value: Vec<u8>,
    /// What it claims, where that is understood.
    pub claim: ExtensionClaim,
}

/// Where in a response an extension stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExtensionPlace {
    /// responseExtensions.
    Response,
    /// singleExtensions.
    SingleResponse,
}

/// What an extension claims.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExtensionClaim {
    /// Revocation is kept on record back to this moment (RFC 6960 4.4.4).
    ArchiveCutoff(Instant),
    /// The responder knows the certificate with this hash, which is the one asked about (Common PKI 2.0).
    CertificateHash,
    /// Certificates that were never issued are reported as revoked (RFC 6960 4.4.8).
    ExtendedRevoke,
    /// The nonce (RFC 9654 2.1).
    Nonce,
    /// Nothing that is understood here.
    NotUnderstood,
}

impl ExtensionClaim {
    /// The stable word; `None` where the claim is not understood.
    #[must_use]
    pub fn word(&self) -> Option<&'static str> {
        Some(match self {
            Self::ArchiveCutoff(_) => "archive-cutoff",
            Self::CertificateHash => "certificate-hash",
            Self::ExtendedRevoke => "extended-revoke",
            Self::Nonce => "nonce",
            Self::NotUnderstood => return None,
        })
    }
}

/// Extensions of responses that are understood. Certificate timestamps and CRL references restrict nothing.
const KNOWN: [Oid; 6] = [
    oid::OCSP_NONCE,
    oid::OCSP_CRL_REFERENCE,
    oid::OCSP_ARCHIVE_CUTOFF,
    oid::OCSP_EXTENDED_REVOKE,
    oid::CERTIFICATE_HASH,
    oid::OCSP_CERTIFICATE_TIMESTAMPS,
];

/// A critical extension that is not known makes the response, or its entry, unusable. RFC 6960 4.4, RFC 5280
/// 4.2; attack case O-23.
pub(super) fn check_critical(extensions: &Extensions, place: ExtensionPlace) -> Result<(), OcspRejected> {
    let unknown = extensions.all.iter().find(|one| one.critical && !KNOWN.contains(&one.kind));
    match unknown {
        Some(extension) => {
            Err(OcspRejected::UnknownCriticalExtension { kind: extension.kind.clone(), place })
        }
        None => Ok(()),
    }
}

/// Longest nonce, RFC 9654 2.1.
const MAXIMUM_NONCE_OCTETS: usize = 128;

/// The nonce is as the policy asks. RFC 9654 2.1; attack case O-27. A second nonce does not decode.
pub(super) fn check_nonce(question: &OcspQuestion<'_>, response: &BasicResponse) -> Result<(), OcspRejected> {
    let policy = question.settings.nonce;
    if policy == NoncePolicy::Off {
        return Ok(());
    }
    let Some(extension) = response.extensions.find(&oid::OCSP_NONCE) else {
        return if policy == NoncePolicy::Required { Err(OcspRejected::NonceMissing) } else { Ok(()) };
    };
    let nonce = octet_string(&extension.value, extension.offset).map_err(OcspRejected::Malformed)?;
    if nonce.is_empty() || nonce.len() > MAXIMUM_NONCE_OCTETS {
        return Err(OcspRejected::NonceLength { octets: nonce.len() });
    }
    match question.nonce {
        Some(sent) if sent[..] == *nonce => Ok(()),
        Some(_) => Err(OcspRejected::NonceMismatch),
        // A response to somebody else's request: nothing was sent that it could be compared with.
        None if policy == NoncePolicy::Required => Err(OcspRejected::NonceMissing),
        None => Ok(()),
    }
}

fn octet_string(value: &[u8], offset: usize) -> Decoded<&[u8]> {
    let mut reader = Reader::new(value);
    let nonce = reader.element(der::OCTET_STRING, "ocspNonce").map(|element| element.content);
    let nonce = nonce.and_then(|content| reader.finish("ocspNonce").map(|()| content));
    nonce.map_err(|malformed| at_offset(malformed, offset))
}

fn at_offset(malformed: Malformed, offset: usize) -> Malformed {
    Malformed { offset: malformed.offset.saturating_add(offset), ..malformed }
}

/// RFC 6960 2.2 with 4.4.8; R-CC-8.
pub(super) fn issuance(status: &CertificateStatus, extensions: &[SurfacedExtension]) -> Issuance {
    let claims = |claim: ExtensionClaim| extensions.iter().any(|extension| extension.claim == claim);
    match status {
        CertificateStatus::Revoked(revocation)
            if revocation.reason == Some(RevocationReason::CertificateHold) && revocation.at.unix() == 0 =>
        {
            Issuance::Denied
        }
        _ if claims(ExtensionClaim::CertificateHash) => Issuance::Asserted,
        _ => Issuance::NotStated,
    }
}

/// Every extension with what it claims. R-CC-10.
pub(super) fn surface(
    question: &OcspQuestion<'_>,
    extensions: &Extensions,
    place: ExtensionPlace,
) -> Result<Vec<SurfacedExtension>, OcspRejected> {
    let surfaced = extensions.all.iter().map(|extension| {
        let claim = claim(question, &extension.kind, &extension.value).map_err(|reason| match reason {
            OcspRejected::Malformed(malformed) => {
                OcspRejected::Malformed(at_offset(malformed, extension.offset))
            }
            other => other,
        })?;
        let (kind, value) = (extension.kind.clone(), extension.value.clone());
        Ok(SurfacedExtension { kind, critical: extension.critical, place, value, claim })
    });
    surfaced.collect()
}

fn claim(question: &OcspQuestion<'_>, kind: &Oid, value: &[u8]) -> Result<ExtensionClaim, OcspRejected> {
    match oid::label(kind) {
        Some("ocspArchiveCutoff") => {
            let mut reader = Reader::new(value);
            let read = generalized_time(&mut reader, "ocspArchiveCutoff");
            let time = read.and_then(|time| reader.finish("ocspArchiveCutoff").map(|()| time));
            time.map(ExtensionClaim::ArchiveCutoff).map_err(OcspRejected::Malformed)
        }
        Some("certHash") => check_certificate_hash(question, value).map(|()| ExtensionClaim::CertificateHash),
        Some("ocspExtendedRevoke") => Ok(ExtensionClaim::ExtendedRevoke),
        Some("ocspNonce") => Ok(ExtensionClaim::Nonce),
        _ => Ok(ExtensionClaim::NotUnderstood),
    }
}

/// The hash is the certificate's: an authority that gave a serial number twice is found out here (Common PKI
/// 2.0 part 4).
fn check_certificate_hash(question: &OcspQuestion<'_>, value: &[u8]) -> Result<(), OcspRejected> {
    let (algorithm, hash) = decode_certificate_hash(value).map_err(OcspRejected::Malformed)?;
    let expected =
        IdentifierHash::identified_by(&algorithm).map(|known| known.digest(&question.certificate.der));
    if expected.as_deref() == Some(hash) { Ok(()) } else { Err(OcspRejected::CertificateHashMismatch) }
}

fn decode_certificate_hash(value: &[u8]) -> Decoded<(AlgorithmIdentifier, &[u8])> {
    let mut outer = Reader::new(value);
    let mut inner = outer.nested(der::SEQUENCE, "certHash")?;
    outer.finish("certHash")?;
    let algorithm = AlgorithmIdentifier::decode(&mut inner, "certHash.hashAlgorithm")?;
    let hash = inner.element(der::OCTET_STRING, "certHash.certificateHash")?.content;
    inner.finish("certHash")?;
    Ok((algorithm, hash))
}
