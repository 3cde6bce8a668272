//! What a host signs: the DER of a signing request (RFC 2986 4.1) or of a self-signed certificate (RFC 5280 4.1) before
//! its signature, and both put together with it. The host makes the key and signs; no private key is ever seen here,
//! and nothing is drawn or read: serial number and moment are arguments.

use sha2::{Digest as _, Sha256};

use super::key_choice::KeyChoice;
use super::key_usage_table::Usages;
use crate::certificate::public_key::PublicKey;
use crate::der::{self, Decoded, Malformed, Reader, write};
use crate::finding::{Detail, Value};
use crate::oid::{self, Oid};
use crate::settings::KeyUsageBit;
use crate::settings::algorithm::SignatureAlgorithm;
use crate::time::Instant;

/// A request or certificate that was planned and waits for its key and signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsigned {
    /// The identity purpose.
    pub purpose: String,
    /// The node it is for; `None` for many servers.
    pub node: Option<String>,
    /// The key that the host makes.
    pub key: KeyChoice,
    /// The algorithm that the host signs with.
    pub algorithm: SignatureAlgorithm,
    /// A request or a certificate.
    pub form: Form,
    pub(super) content: Content,
}

/// What is to be signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A signing request, PKCS #10.
    Request,
    /// A certificate, valid for so many years.
    SelfSigned {
        /// From the moment of issue.
        years: u8,
    },
}

/// The fields that requests and certificates share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Content {
    /// The subject's DER.
    pub(super) subject: Vec<u8>,
    /// keyUsage and extKeyUsage.
    pub(super) usages: Usages,
    /// subjectAltName: one encoded GeneralName after another; left out when empty.
    pub(super) names: Vec<u8>,
}

/// What a host draws and reads for a certificate; a request uses neither.
#[derive(Clone, Copy, Debug)]
pub struct Particulars<'a> {
    /// Random octets for the serial number: 8 to 20 of them (RFC 5280 4.1.2.2).
    pub serial: &'a [u8],
    /// The first moment of validity.
    pub not_before: Instant,
}

/// Why there is nothing to sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// The public key is not one.
    KeyMalformed(Malformed),
    /// The public key is of another type or length than planned.
    KeyOther {
        /// As planned.
        expected: String,
        /// As given.
        found: String,
    },
    /// Too few or too many random octets for a serial number.
    Serial {
        /// How many.
        found: usize,
    },
    /// The validity would begin or end in a year that cannot be written.
    Validity,
}

impl Unfit {
    /// A stable word for this cause.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::KeyMalformed(_) => "unsigned.key-malformed",
            Self::KeyOther { .. } => "unsigned.key-other",
            Self::Serial { .. } => "unsigned.serial",
            Self::Validity => "unsigned.validity",
        }
    }

    /// The values compared.
    #[must_use]
    pub fn details(&self) -> Vec<Detail> {
        match self {
            Self::KeyMalformed(malformed) => vec![
                Detail { name: "field", value: Value::text(malformed.field) },
                Detail { name: "offset", value: Value::count(malformed.offset) },
                Detail { name: "problem", value: Value::text(malformed.code()) },
            ],
            Self::KeyOther { expected, found } => vec![
                Detail { name: "expected", value: Value::text(expected) },
                Detail { name: "found", value: Value::text(found) },
            ],
            Self::Serial { found } => vec![
                Detail { name: "found", value: Value::count(*found) },
                Detail { name: "minimum", value: Value::count(MINIMUM_SERIAL) },
                Detail { name: "maximum", value: Value::count(MAXIMUM_SERIAL) },
            ],
            Self::Validity => Vec::new(),
        }
    }
}

/// The CA/Browser Forum asks for 64 bits that nobody can foresee (7.1).
const MINIMUM_SERIAL: usize = 8;
/// RFC 5280 4.1.2.2.
const MAXIMUM_SERIAL: usize = 20;

impl Unsigned {
    /// The octets to be signed with the key whose SubjectPublicKeyInfo is `public_key`.
    ///
    /// # Errors
    /// [`Unfit`]: the key is not the planned one, or a particular cannot be used.
    pub fn to_be_signed(&self, public_key: &[u8], particulars: &Particulars<'_>) -> Result<Vec<u8>, Unfit> {
        let key = read_key(public_key).map_err(Unfit::KeyMalformed)?;
        if !self.key.fits(&key) {
            let (expected, found) = (self.key.describe(), key.describe());
            return Err(Unfit::KeyOther { expected, found });
        }
        match self.form {
            Form::Request => Ok(self.content.request_info(&key)),
            Form::SelfSigned { years } => {
                let serial = serial_number(particulars.serial)?;
                let validity = validity(particulars.not_before, years).ok_or(Unfit::Validity)?;
                let identifier = algorithm_identifier(self.algorithm).unwrap_or_default();
                Ok(self.content.certificate_info(&key, [serial, identifier, validity]))
            }
        }
    }
}

/// Puts the signed octets and their signature together; `None` for an algorithm that nothing is signed with here.
#[must_use]
pub fn assemble(to_be_signed: &[u8], algorithm: SignatureAlgorithm, signature: &[u8]) -> Option<Vec<u8>> {
    let identifier = algorithm_identifier(algorithm)?;
    Some(write::sequence(&[to_be_signed.to_vec(), identifier, write::octet_aligned_bit_string(signature)]))
}

fn read_key(encoded: &[u8]) -> Decoded<PublicKey> {
    let mut reader = Reader::new(encoded);
    let key = PublicKey::decode(&mut reader)?;
    reader.finish("subjectPublicKeyInfo")?;
    Ok(key)
}

impl Content {
    /// CertificationRequestInfo, with one attribute: extensionRequest (RFC 2985 5.4.2).
    fn request_info(&self, key: &PublicKey) -> Vec<u8> {
        let extensions = write::set_of_one(&write::sequence(&self.extensions()));
        let attribute = write::sequence(&[write::object_identifier(&oid::EXTENSION_REQUEST), extensions]);
        write::sequence(&[
            write::element(der::INTEGER, &[0]),
            self.subject.clone(),
            key.der.clone(),
            write::element(der::context_constructed(0), &attribute),
        ])
    }

    /// TBSCertificate of version 3, whose issuer is its subject.
    fn certificate_info(&self, key: &PublicKey, [serial, algorithm, validity]: [Vec<u8>; 3]) -> Vec<u8> {
        let version = write::element(der::context_constructed(0), &write::element(der::INTEGER, &[2]));
        let identifier = write::element(der::OCTET_STRING, &key_identifier(key));
        let mut extensions = self.extensions();
        extensions.push(extension(&oid::SUBJECT_KEY_IDENTIFIER, Criticality::NotCritical, &identifier));
        let extensions = write::element(der::context_constructed(3), &write::sequence(&extensions));
        write::sequence(&[
            version,
            serial,
            algorithm,
            self.subject.clone(),
            validity,
            self.subject.clone(),
            key.der.clone(),
            extensions,
        ])
    }

    fn extensions(&self) -> Vec<Vec<u8>> {
        let mut list = Vec::new();
        if self.usages.key.has(KeyUsageBit::KeyCertSign) {
            // RFC 5280 4.2.1.3: with keyCertSign, cA MUST be asserted; 4.2.1.9: and be critical.
            let constraints = write::sequence(&[write::element(der::BOOLEAN, &[0xff])]);
            list.push(extension(&oid::BASIC_CONSTRAINTS, Criticality::Critical, &constraints));
        }
        // RFC 5280 4.2.1.3: SHOULD be critical.
        let bits = self.usages.key.bits().fold(0, |bits: u16, bit| bits | named_bit(bit));
        list.push(extension(&oid::KEY_USAGE, Criticality::Critical, &write::named_bits(bits)));
        if !self.usages.extended.is_empty() {
            let kinds: Vec<_> = self.usages.extended.iter().map(write::object_identifier).collect();
            list.push(extension(
                &oid::EXTENDED_KEY_USAGE,
                Criticality::NotCritical,
                &write::sequence(&kinds),
            ));
        }
        if !self.names.is_empty() {
            let names = write::element(der::SEQUENCE, &self.names);
            list.push(extension(&oid::SUBJECT_ALT_NAME, Criticality::NotCritical, &names));
        }
        list
    }
}

/// Whether an extension is critical; the default, which is not, is never written (X.690 11.5).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Criticality {
    Critical,
    NotCritical,
}

fn extension(kind: &Oid, criticality: Criticality, value: &[u8]) -> Vec<u8> {
    let critical =
        if criticality == Criticality::Critical { write::element(der::BOOLEAN, &[0xff]) } else { Vec::new() };
    write::sequence(&[write::object_identifier(kind), critical, write::element(der::OCTET_STRING, value)])
}

/// A dNSName as it stands in subjectAltName.
pub(super) fn dns_name(name: &str) -> Vec<u8> {
    write::element(der::context(2), name.as_bytes())
}

/// Bit 0 of keyUsage is the top bit (X.680 22.4).
fn named_bit(bit: KeyUsageBit) -> u16 {
    let position = KeyUsageBit::ALL.iter().position(|(known, _)| *known == bit);
    position.map_or(0, |position| 0x8000 >> position)
}

/// RFC 7093 2 (1): the first 160 bits of SHA-256 over the key, so that SHA-1 is not needed even for this.
fn key_identifier(key: &PublicKey) -> Vec<u8> {
    Sha256::digest(&key.octets).into_iter().take(20).collect()
}

/// A positive INTEGER as long as the random octets: the top bit is cleared, the next one set.
fn serial_number(random: &[u8]) -> Result<Vec<u8>, Unfit> {
    match random {
        [first, rest @ ..] if (MINIMUM_SERIAL..=MAXIMUM_SERIAL).contains(&random.len()) => {
            Ok(write::element(der::INTEGER, &[&[(first & 0x7f) | 0x40], rest].concat()))
        }
        _ => Err(Unfit::Serial { found: random.len() }),
    }
}

/// Validity from a moment to the same date and time so many years later (R-SS-19); from 29 February to the 28th.
fn validity(not_before: Instant, years: u8) -> Option<Vec<u8>> {
    let text = generalized(not_before)?;
    let (year, rest) = text.split_at_checked(4)?;
    let later = year.parse::<u16>().ok()?.checked_add(u16::from(years))?;
    // Read back, so that a date that no calendar has is seen.
    let moment = |rest: &str| Instant::from_generalized_time([&later.to_string(), rest].concat().as_bytes());
    let not_after = moment(rest).or_else(|| moment(&rest.replacen("0229", "0228", 1)))?;
    Some(write::sequence(&[time(not_before)?, time(not_after)?]))
}

/// RFC 5280 4.1.2.5: UTCTime through 2049, GeneralizedTime from 2050.
fn time(moment: Instant) -> Option<Vec<u8>> {
    let text = generalized(moment)?;
    let (century, short) = text.split_at_checked(2)?;
    let two_digits = match century {
        "19" => short >= "50",
        "20" => short < "50",
        _ => false,
    };
    Some(if two_digits {
        write::element(der::UTC_TIME, short.as_bytes())
    } else {
        write::element(der::GENERALIZED_TIME, text.as_bytes())
    })
}

/// `YYYYMMDDHHMMSSZ`; `None` for a year of more or fewer than four digits.
fn generalized(moment: Instant) -> Option<String> {
    let text: String =
        moment.to_string().chars().filter(|letter| !matches!(letter, '-' | ':' | 'T')).collect();
    let read = Instant::from_generalized_time(text.as_bytes());
    (read == Some(moment)).then_some(text)
}

fn algorithm_identifier(algorithm: SignatureAlgorithm) -> Option<Vec<u8>> {
    let (kind, parameters) = match algorithm {
        // RFC 4055 5: NULL.
        SignatureAlgorithm::RsaPkcs1Sha256 => (oid::SHA256_WITH_RSA, write::null()),
        SignatureAlgorithm::RsaPkcs1Sha384 => (oid::SHA384_WITH_RSA, write::null()),
        SignatureAlgorithm::RsaPkcs1Sha512 => (oid::SHA512_WITH_RSA, write::null()),
        // RFC 5758 3.2: absent.
        SignatureAlgorithm::EcdsaSha256 => (oid::ECDSA_WITH_SHA256, Vec::new()),
        SignatureAlgorithm::EcdsaSha384 => (oid::ECDSA_WITH_SHA384, Vec::new()),
        SignatureAlgorithm::EcdsaSha512 => (oid::ECDSA_WITH_SHA512, Vec::new()),
        _ => return None,
    };
    Some(write::sequence(&[write::object_identifier(&kind), parameters]))
}

#[cfg(test)]
mod tests;
