//! The demonstration's throw-away PKI: keys, certificates and a CRL, in memory. Everything it makes is sound except
//! where a step says otherwise (RFC 5280 4, 5).

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::der;
use crate::cli::Failure;

const EC_PUBLIC_KEY: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];
const P_256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
const ECDSA_WITH_SHA256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2];
const COMMON_NAME: &[u8] = &[0x55, 4, 3];
const AUTHORITY_INFO_ACCESS: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 1, 1];
const ACCESS_BY_OCSP: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 0x30, 1];
const OCSP_NO_CHECK: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 0x30, 1, 5];
const OCSP_SIGNING: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 9];
const SERVER_AUTH: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 1];
const SECONDS_A_DAY: i64 = 86_400;

/// Somebody with a name, a key and a certificate.
#[derive(Debug)]
pub(super) struct Party {
    /// The encoding of its name.
    pub(super) name: Vec<u8>,
    /// Its certificate, DER.
    pub(super) certificate: Vec<u8>,
    key: EcdsaKeyPair,
}

/// A certificate that the authority revoked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Revoked {
    /// Its serial number.
    pub(super) serial: u8,
    /// The number of the reason, RFC 5280 5.3.1.
    pub(super) reason: u8,
}

/// Where the status of a certificate is to be had.
#[derive(Clone, Debug, Default)]
pub(super) struct Sources {
    /// A responder.
    pub(super) ocsp: Option<String>,
    /// A CRL.
    pub(super) crl: Option<String>,
}

impl Party {
    /// An authority of its own.
    ///
    /// # Errors
    /// When the system gives no key.
    pub(super) fn authority(name: &str, now: i64) -> Result<Self, Failure> {
        let key = key()?;
        let name = distinguished_name(name);
        let basic_constraints = der::sequence(&[der::element(0x01, &[0xff])]);
        // digitalSignature, keyCertSign and cRLSign
        let usage = der::element(0x03, &[1, 0x86]);
        let extensions = [
            extension(&[0x55, 0x1d, 0x13], Critical::Yes, &basic_constraints),
            extension(&[0x55, 0x1d, 0x0f], Critical::Yes, &usage),
        ];
        let certificate = issue(&Signer { name: &name, key: &key }, &name, &key, (1, now), &extensions)?;
        Ok(Self { name, certificate, key })
    }

    /// A responder that this authority delegates to (RFC 6960 4.2.2.2).
    ///
    /// # Errors
    /// When the system gives no key.
    pub(super) fn delegate(&self, name: &str, now: i64) -> Result<Self, Failure> {
        let extensions = [
            digital_signature(),
            extension(&[0x55, 0x1d, 0x25], Critical::No, &der::sequence(&[der::oid(OCSP_SIGNING)])),
            extension(OCSP_NO_CHECK, Critical::No, &[0x05, 0]),
        ];
        self.issue_to(name, (2, now), &extensions)
    }

    /// A server whose status is to be had from these sources.
    ///
    /// # Errors
    /// When the system gives no key.
    pub(super) fn server(
        &self,
        name: &str,
        serial: u8,
        sources: &Sources,
        now: i64,
    ) -> Result<Self, Failure> {
        let dns = der::sequence(&[der::element(0x82, name.as_bytes())]);
        let mut extensions = vec![
            digital_signature(),
            extension(&[0x55, 0x1d, 0x25], Critical::No, &der::sequence(&[der::oid(SERVER_AUTH)])),
            extension(&[0x55, 0x1d, 0x11], Critical::No, &dns),
        ];
        if let Some(uri) = &sources.ocsp {
            let access = der::sequence(&[der::oid(ACCESS_BY_OCSP), der::element(0x86, uri.as_bytes())]);
            extensions.push(extension(AUTHORITY_INFO_ACCESS, Critical::No, &der::sequence(&[access])));
        }
        if let Some(uri) = &sources.crl {
            let full_name = der::context(0, &der::context(0, &der::element(0x86, uri.as_bytes())));
            let points = der::sequence(&[der::sequence(&[full_name])]);
            extensions.push(extension(&[0x55, 0x1d, 0x1f], Critical::No, &points));
        }
        self.issue_to(name, (serial, now), &extensions)
    }

    fn issue_to(&self, name: &str, what: (u8, i64), extensions: &[Vec<u8>]) -> Result<Self, Failure> {
        let key = key()?;
        let name = distinguished_name(name);
        let signer = Signer { name: &self.name, key: &self.key };
        let certificate = issue(&signer, &name, &key, what, extensions)?;
        Ok(Self { name, certificate, key })
    }

    /// Its list of revoked certificates.
    ///
    /// # Errors
    /// When the system gives no randomness.
    pub(super) fn crl(&self, revoked: &[Revoked], now: i64) -> Result<Vec<u8>, Failure> {
        let entries: Vec<Vec<u8>> = revoked
            .iter()
            .map(|one| {
                let reason = extension(&[0x55, 0x1d, 0x15], Critical::No, &der::element(0x0a, &[one.reason]));
                let at = time(now.saturating_sub(SECONDS_A_DAY));
                der::sequence(&[der::small(one.serial), at, der::sequence(&[reason])])
            })
            .collect();
        let extensions = [
            authority_key_identifier(&self.key),
            extension(&[0x55, 0x1d, 0x14], Critical::No, &der::small(1)),
        ];
        let list = der::sequence(&[
            der::small(1),
            algorithm(),
            self.name.clone(),
            time(now),
            time(now.saturating_add(SECONDS_A_DAY)),
            der::sequence(&entries),
            der::context(0, &der::sequence(&extensions)),
        ]);
        self.sign(list)
    }

    /// The signed part, the algorithm and the signature.
    ///
    /// # Errors
    /// When the system gives no randomness.
    pub(super) fn sign(&self, signed_part: Vec<u8>) -> Result<Vec<u8>, Failure> {
        Ok(der::sequence(&self.signature_over(signed_part)?))
    }

    /// The same as parts, for what has more after them.
    ///
    /// # Errors
    /// When the system gives no randomness.
    pub(super) fn signature_over(&self, signed_part: Vec<u8>) -> Result<Vec<Vec<u8>>, Failure> {
        sign(&self.key, signed_part)
    }
}

/// Who signs a certificate.
struct Signer<'a> {
    name: &'a [u8],
    key: &'a EcdsaKeyPair,
}

fn issue(
    signer: &Signer<'_>,
    subject: &[u8],
    key: &EcdsaKeyPair,
    (serial, now): (u8, i64),
    extensions: &[Vec<u8>],
) -> Result<Vec<u8>, Failure> {
    let identifiers = [
        extension(&[0x55, 0x1d, 0x0e], Critical::No, &der::octets(&identifier(key))),
        authority_key_identifier(signer.key),
    ];
    let validity =
        [time(now.saturating_sub(SECONDS_A_DAY)), time(now.saturating_add(SECONDS_A_DAY.saturating_mul(7)))];
    let public_key = der::sequence(&[
        der::sequence(&[der::oid(EC_PUBLIC_KEY), der::oid(P_256)]),
        der::bits(key.public_key().as_ref()),
    ]);
    let signed_part = der::sequence(&[
        der::context(0, &der::small(2)),
        der::small(serial),
        algorithm(),
        signer.name.to_vec(),
        der::sequence(&validity),
        subject.to_vec(),
        public_key,
        der::context(3, &der::sequence(&[extensions, &identifiers].concat())),
    ]);
    Ok(der::sequence(&sign(signer.key, signed_part)?))
}

fn sign(key: &EcdsaKeyPair, signed_part: Vec<u8>) -> Result<Vec<Vec<u8>>, Failure> {
    let signature = key
        .sign(&SystemRandom::new(), &signed_part)
        .map_err(|_| Failure::Fault("nothing can be signed".to_owned()))?;
    Ok(vec![signed_part, algorithm(), der::bits(signature.as_ref())])
}

fn key() -> Result<EcdsaKeyPair, Failure> {
    EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING)
        .map_err(|_| Failure::Fault("no key can be made".to_owned()))
}

fn algorithm() -> Vec<u8> {
    der::sequence(&[der::oid(ECDSA_WITH_SHA256)])
}

fn distinguished_name(name: &str) -> Vec<u8> {
    let attribute = der::sequence(&[der::oid(COMMON_NAME), der::element(0x0c, name.as_bytes())]);
    der::sequence(&[der::element(0x31, &attribute)])
}

/// RFC 7093 2, method 1: the first 160 bits of SHA-256 over the key.
fn identifier(key: &EcdsaKeyPair) -> Vec<u8> {
    Sha256::digest(key.public_key().as_ref()).into_iter().take(20).collect()
}

fn authority_key_identifier(key: &EcdsaKeyPair) -> Vec<u8> {
    let content = der::sequence(&[der::element(0x80, &identifier(key))]);
    extension(&[0x55, 0x1d, 0x23], Critical::No, &content)
}

fn digital_signature() -> Vec<u8> {
    extension(&[0x55, 0x1d, 0x0f], Critical::Yes, &der::element(0x03, &[7, 0x80]))
}

/// Whether an extension is critical.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Critical {
    Yes,
    No,
}

fn extension(kind: &[u8], critical: Critical, value: &[u8]) -> Vec<u8> {
    let critical = if critical == Critical::Yes { der::element(0x01, &[0xff]) } else { Vec::new() };
    der::sequence(&[der::oid(kind), critical, der::octets(value)])
}

/// A Time: UTCTime, as RFC 5280 4.1.2.5 has it until 2049.
fn time(seconds: i64) -> Vec<u8> {
    der::element(0x17, moment(seconds).strftime("%y%m%d%H%M%SZ").to_string().as_bytes())
}

/// A GeneralizedTime.
pub(super) fn generalized_time(seconds: i64) -> Vec<u8> {
    der::element(0x18, moment(seconds).strftime("%Y%m%d%H%M%SZ").to_string().as_bytes())
}

fn moment(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap_or_default()
}
