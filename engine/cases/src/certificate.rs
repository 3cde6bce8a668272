//! Certificates, lists and answers that are signed (RFC 5280 4.1, 5.1; RFC 6960 4.2.1), true or as wrong as a case needs.

use crate::key::{Key, algorithm, identifier};
use crate::moment::{generalized_time, time};
use crate::{der, extension};

const OCSP_BASIC: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 0x30, 1, 1];
const NONCE: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 0x30, 1, 2];

/// Somebody with a name and a key.
#[derive(Clone, Debug)]
pub struct Party {
    /// The encoding of its name.
    pub name: Vec<u8>,
    /// Its key.
    pub key: Key,
}

/// What a certificate says.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The encoding of the subject's name.
    pub subject: Vec<u8>,
    /// SubjectPublicKeyInfo.
    pub public_key_info: Vec<u8>,
    /// The magnitude of the serial number.
    pub serial: Vec<u8>,
    /// The first moment of its validity.
    pub not_before: i64,
    /// The last one.
    pub not_after: i64,
    /// Its extensions; a certificate without any is one of version 1.
    pub extensions: Vec<Vec<u8>>,
}

/// What becomes of a signature.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Signature {
    /// Nothing.
    #[default]
    True,
    /// One bit of it is another.
    Broken,
    /// Another key than the one of who is named makes it.
    Stranger,
}

/// What is said of a certificate's revocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It is not revoked.
    Good,
    /// It was revoked then, for the reason with this number (RFC 5280 5.3.1).
    Revoked {
        /// When.
        at: i64,
        /// The number of the reason.
        reason: u8,
    },
    /// Nothing is known of it.
    Unknown,
}

/// How long an answer or a list holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holds {
    /// From when on.
    pub from: i64,
    /// Until when.
    pub until: i64,
}

impl Party {
    /// Issues a certificate.
    #[must_use]
    pub fn issue(&self, plan: &Plan, signature: Signature) -> Vec<u8> {
        let version_three = !plan.extensions.is_empty();
        let signed_part = der::sequence(&[
            if version_three { der::context(0, &der::small(2)) } else { Vec::new() },
            der::unsigned(&plan.serial),
            algorithm(),
            self.name.clone(),
            der::sequence(&[time(plan.not_before), time(plan.not_after)]),
            plan.subject.clone(),
            plan.public_key_info.clone(),
            if version_three { der::context(3, &der::sequence(&plan.extensions)) } else { Vec::new() },
        ]);
        der::sequence(&self.signed(signed_part, signature))
    }

    /// Signs a list of revoked certificates: serial numbers, moments and numbers of reasons.
    #[must_use]
    pub fn list(&self, revoked: &[(Vec<u8>, i64, u8)], holds: Holds, signature: Signature) -> Vec<u8> {
        let entry = |(serial, at, reason): &(Vec<u8>, i64, u8)| {
            let extensions = der::sequence(&[extension::reason_code(*reason)]);
            der::sequence(&[der::unsigned(serial), time(*at), extensions])
        };
        let entries: Vec<Vec<u8>> = revoked.iter().map(entry).collect();
        let extensions = der::sequence(&[
            extension::authority_key_identifier(&identifier(self.key.point())),
            extension::crl_number(),
        ]);
        let signed_part = der::sequence(&[
            der::small(1),
            algorithm(),
            self.name.clone(),
            time(holds.from),
            time(holds.until),
            // RFC 5280 5.1.2.6: where nothing is revoked the list is left out
            if entries.is_empty() { Vec::new() } else { der::sequence(&entries) },
            der::context(0, &extensions),
        ]);
        der::sequence(&self.signed(signed_part, signature))
    }

    /// Answers a request; `under_name` is whose answer it is said to be, and `certificate` goes with it.
    #[must_use]
    pub fn answer(&self, asked: &Asked<'_>, answer: &Answer<'_>) -> Vec<u8> {
        let Answer { status, holds, signature, .. } = answer;
        let single = der::sequence(&[
            asked.certificate_id.to_vec(),
            encoding(*status),
            generalized_time(holds.from),
            der::context(0, &generalized_time(holds.until)),
        ]);
        let nonce = asked.nonce.map(|nonce| {
            let value = der::octets(&der::octets(nonce));
            der::context(1, &der::sequence(&[der::sequence(&[der::oid(NONCE), value])]))
        });
        let signed_part = der::sequence(&[
            der::context(1, answer.under_name.unwrap_or(&self.name)),
            generalized_time(holds.from),
            der::sequence(&[single]),
            nonce.unwrap_or_default(),
        ]);
        let mut parts = self.signed(signed_part, *signature);
        if let Some(certificate) = answer.certificate {
            parts.push(der::context(0, &der::sequence(&[certificate.to_vec()])));
        }
        let basic = der::sequence(&[der::oid(OCSP_BASIC), der::octets(&der::sequence(&parts))]);
        der::sequence(&[der::element(0x0a, &[0]), der::context(0, &basic)])
    }

    fn signed(&self, signed_part: Vec<u8>, signature: Signature) -> Vec<Vec<u8>> {
        match signature {
            Signature::True => self.key.sign(signed_part),
            Signature::Stranger => Key::of_name(self.key.point(), "stranger").sign(signed_part),
            Signature::Broken => {
                let mut parts = self.key.sign(signed_part);
                // the last octet belongs to an INTEGER, which is one still
                if let Some(last) = parts.last_mut().and_then(|signature| signature.last_mut()) {
                    *last ^= 1;
                }
                parts
            }
        }
    }
}

fn encoding(status: Status) -> Vec<u8> {
    match status {
        Status::Good => vec![0x80, 0],
        Status::Unknown => vec![0x82, 0],
        Status::Revoked { at, reason } => {
            let reason = der::context(0, &der::element(0x0a, &[reason]));
            der::context(1, &[generalized_time(at), reason].concat())
        }
    }
}

/// An answer to an OCSP request.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    /// What it says.
    pub status: Status,
    /// How long it holds.
    pub holds: Holds,
    /// What becomes of its signature.
    pub signature: Signature,
    /// The name it is given under; the signer's own where this is `None`.
    pub under_name: Option<&'a [u8]>,
    /// A certificate that goes with it.
    pub certificate: Option<&'a [u8]>,
}

/// What an OCSP request asks (RFC 6960 4.1.1).
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// CertID, whole.
    pub certificate_id: &'a [u8],
    /// The serial number in it.
    pub serial: &'a [u8],
    /// The content of the nonce.
    pub nonce: Option<&'a [u8]>,
}

impl<'a> Asked<'a> {
    /// The first certificate of a request, and its nonce.
    #[must_use]
    pub fn read(request: &'a [u8]) -> Option<Self> {
        let signed = der::inside(der::inside(request, 0x30)?, 0x30)?;
        let list = der::first(signed)?;
        let certificate_id = der::first(der::inside(list.content, 0x30)?)?;
        let algorithm = der::first(certificate_id.content)?;
        let key_hash = der::first(der::first(algorithm.rest)?.rest)?;
        let serial = der::inside(key_hash.rest, 0x02)?;
        Some(Self { certificate_id: certificate_id.whole, serial, nonce: nonce(list.rest) })
    }
}

/// The content of the nonce's extnValue, an OCTET STRING's.
fn nonce(extensions: &[u8]) -> Option<&[u8]> {
    let mut rest = der::inside(der::inside(extensions, 0xa2)?, 0x30)?;
    while let Some(extension) = der::first(rest) {
        let kind = der::first(extension.content)?;
        if kind.content == NONCE {
            return der::inside(der::inside(kind.rest, 0x04)?, 0x04);
        }
        rest = extension.rest;
    }
    None
}
