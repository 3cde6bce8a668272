//! OCSP responses from a sketch (RFC 6960 4.2.1), true or as wrong as a test needs. A sketch starts as one
//! fresh entry signed by whoever is named, at [`crate::certificate::AT`], and is changed from there.

use sha1::Sha1;
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};

use crate::algorithm::{Algorithm, Hash};
use crate::certificate::Issued;
use crate::extension::Extension;
use crate::key::Key;
use crate::time::{self, Form};
use crate::{der, name};

/// producedAt and thisUpdate of a sketch that does not say otherwise.
pub const THIS_UPDATE: &str = "2025-12-31T12:00:00Z";
/// nextUpdate of a sketch that does not say otherwise.
pub const NEXT_UPDATE: &str = "2026-01-02T12:00:00Z";

/// The type of the nonce extension, RFC 9654 2.1.
pub const NONCE: &str = "1.3.6.1.5.5.7.48.1.2";

const TAG_ENUMERATED: u8 = 0x0a;

/// What a response says about one certificate.
#[derive(Clone, Debug)]
pub struct Entry {
    hash: Vec<u8>,
    issuer_name_hash: Vec<u8>,
    issuer_key_hash: Vec<u8>,
    serial: Vec<u8>,
    status: Vec<u8>,
    this_update: Vec<u8>,
    next_update: Option<Vec<u8>>,
    extensions: Vec<Extension>,
    issuer: Issued,
}

impl Entry {
    /// `certificate`, issued by `issuer`, is good; CertID with SHA-1.
    #[must_use]
    pub fn good(certificate: &Issued, issuer: &Issued) -> Self {
        let entry = Self {
            hash: Vec::new(),
            issuer_name_hash: Vec::new(),
            issuer_key_hash: Vec::new(),
            serial: certificate.serial.clone(),
            status: der::implicit(0, &[]),
            this_update: time::encode(THIS_UPDATE, Form::Generalized),
            next_update: Some(time::encode(NEXT_UPDATE, Form::Generalized)),
            extensions: Vec::new(),
            issuer: issuer.clone(),
        };
        entry.hash(Hash::Sha1)
    }

    /// Revoked at this moment instead, with the number of a CRLReason.
    #[must_use]
    pub fn revoked(mut self, at: &str, reason: Option<u8>) -> Self {
        let reason = reason.map(|number| der::explicit(0, &der::value(TAG_ENUMERATED, &[number])));
        let content = [time::encode(at, Form::Generalized), reason.unwrap_or_default()].concat();
        self.status = der::implicit_constructed(1, &content);
        self
    }

    /// Unknown instead.
    #[must_use]
    pub fn unknown(self) -> Self {
        self.status(&der::implicit(2, &[]))
    }

    /// With this whole encoding of certStatus.
    #[must_use]
    pub fn status(mut self, encoding: &[u8]) -> Self {
        self.status = encoding.to_vec();
        self
    }

    /// With a CertID of this hash.
    #[must_use]
    pub fn hash(mut self, hash: Hash) -> Self {
        self.hash = der::sequence(&[der::oid(hash.oid()), der::null()]);
        self.issuer_name_hash = digest(hash, &self.issuer.subject);
        self.issuer_key_hash = digest(hash, &self.issuer.key.public_octets());
        self
    }

    /// With this AlgorithmIdentifier in the CertID, whatever hash the rest uses.
    #[must_use]
    pub fn hash_algorithm(mut self, identifier: &[u8]) -> Self {
        self.hash = identifier.to_vec();
        self
    }

    /// With these octets as issuerNameHash.
    #[must_use]
    pub fn issuer_name_hash(mut self, octets: &[u8]) -> Self {
        self.issuer_name_hash = octets.to_vec();
        self
    }

    /// With these octets as issuerKeyHash.
    #[must_use]
    pub fn issuer_key_hash(mut self, octets: &[u8]) -> Self {
        self.issuer_key_hash = octets.to_vec();
        self
    }

    /// With these content octets as serialNumber.
    #[must_use]
    pub fn serial(mut self, content: &[u8]) -> Self {
        self.serial = content.to_vec();
        self
    }

    /// With this thisUpdate, RFC 3339 in UTC.
    #[must_use]
    pub fn this_update(mut self, text: &str) -> Self {
        self.this_update = time::encode(text, Form::Generalized);
        self
    }

    /// With this whole encoding of thisUpdate.
    #[must_use]
    pub fn this_update_raw(mut self, encoding: &[u8]) -> Self {
        self.this_update = encoding.to_vec();
        self
    }

    /// With this nextUpdate, or none.
    #[must_use]
    pub fn next_update(mut self, text: Option<&str>) -> Self {
        self.next_update = text.map(|text| time::encode(text, Form::Generalized));
        self
    }

    /// With this single extension as well.
    #[must_use]
    pub fn extension(mut self, kind: &str, critical: bool, value: &[u8]) -> Self {
        self.extensions.push(Extension::new(kind, critical, value.to_vec()));
        self
    }

    fn encode(&self) -> Vec<u8> {
        let id = der::sequence(&[
            self.hash.clone(),
            der::octet_string(&self.issuer_name_hash),
            der::octet_string(&self.issuer_key_hash),
            der::integer(&self.serial),
        ]);
        let next = self.next_update.as_ref().map(|next| der::explicit(0, next));
        let extensions = encode_extensions(&self.extensions);
        der::sequence(&[
            id,
            self.status.clone(),
            self.this_update.clone(),
            next.unwrap_or_default(),
            extensions,
        ])
    }
}

/// What a response is to hold.
#[derive(Clone, Debug)]
pub struct Response {
    key: Key,
    algorithm: Algorithm,
    algorithm_identifier: Option<Vec<u8>>,
    version: Option<u8>,
    responder: Vec<u8>,
    produced_at: String,
    entries: Vec<Entry>,
    extensions: Vec<Extension>,
    certificates: Vec<Vec<u8>>,
    tampered: bool,
    kind: String,
    status: u8,
}

impl Response {
    /// Signed with this certificate's key and naming it by its subject; the certificate is not brought along.
    #[must_use]
    pub fn signed_by(signer: &Issued) -> Self {
        Self {
            key: signer.key.clone(),
            algorithm: signer.key.algorithm(),
            algorithm_identifier: None,
            version: None,
            responder: der::explicit(1, &signer.subject),
            produced_at: THIS_UPDATE.to_owned(),
            entries: Vec::new(),
            extensions: Vec::new(),
            certificates: Vec::new(),
            tampered: false,
            kind: "1.3.6.1.5.5.7.48.1.1".to_owned(),
            status: 0,
        }
    }

    /// The same, with the certificate brought along, as delegates do.
    #[must_use]
    pub fn delegated_to(signer: &Issued) -> Self {
        Self::signed_by(signer).certificate(&signer.der)
    }

    /// With this entry as well.
    #[must_use]
    pub fn entry(mut self, entry: Entry) -> Self {
        self.entries.push(entry);
        self
    }

    /// Names its signer by the hash of its key.
    #[must_use]
    pub fn by_key(self) -> Self {
        let hash = self.key.identifier();
        self.by_key_hash(&hash)
    }

    /// Names its signer by this key hash.
    #[must_use]
    pub fn by_key_hash(mut self, octets: &[u8]) -> Self {
        self.responder = der::explicit(2, &der::octet_string(octets));
        self
    }

    /// Names its signer by this name, as [`name::distinguished`] reads it.
    #[must_use]
    pub fn by_name(mut self, text: &str) -> Self {
        self.responder = der::explicit(1, &name::distinguished(text));
        self
    }

    /// With this producedAt, RFC 3339 in UTC.
    #[must_use]
    pub fn produced_at(mut self, text: &str) -> Self {
        text.clone_into(&mut self.produced_at);
        self
    }

    /// With this number written out as version.
    #[must_use]
    pub fn version(mut self, number: u8) -> Self {
        self.version = Some(number);
        self
    }

    /// With a nonce of these octets.
    #[must_use]
    pub fn nonce(self, octets: &[u8]) -> Self {
        self.extension(NONCE, false, &der::octet_string(octets))
    }

    /// With this response extension as well.
    #[must_use]
    pub fn extension(mut self, kind: &str, critical: bool, value: &[u8]) -> Self {
        self.extensions.push(Extension::new(kind, critical, value.to_vec()));
        self
    }

    /// With this encoding of a certificate in certs as well.
    #[must_use]
    pub fn certificate(mut self, encoding: &[u8]) -> Self {
        self.certificates.push(encoding.to_vec());
        self
    }

    /// Signed with this algorithm.
    #[must_use]
    pub fn algorithm(mut self, algorithm: Algorithm) -> Self {
        self.algorithm = algorithm;
        self
    }

    /// With this whole encoding of signatureAlgorithm, whatever was signed with.
    #[must_use]
    pub fn algorithm_identifier(mut self, encoding: &[u8]) -> Self {
        self.algorithm_identifier = Some(encoding.to_vec());
        self
    }

    /// Signed with this key, whoever it says it is.
    #[must_use]
    pub fn key(mut self, key: Key) -> Self {
        self.algorithm = key.algorithm();
        self.key = key;
        self
    }

    /// With one bit of the signature changed.
    #[must_use]
    pub fn tamper_signature(mut self) -> Self {
        self.tampered = true;
        self
    }

    /// Of this response type, dotted decimal.
    #[must_use]
    pub fn kind(mut self, dotted: &str) -> Self {
        dotted.clone_into(&mut self.kind);
        self
    }

    /// With this responseStatus, although a response follows.
    #[must_use]
    pub fn status(mut self, number: u8) -> Self {
        self.status = number;
        self
    }

    /// The whole OCSPResponse.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let version = self.version.map(|number| der::explicit(0, &der::integer(&[number])));
        let entries: Vec<Vec<u8>> = self.entries.iter().map(Entry::encode).collect();
        let signed = der::sequence(&[
            version.unwrap_or_default(),
            self.responder.clone(),
            time::encode(&self.produced_at, Form::Generalized),
            der::sequence(&entries),
            encode_extensions(&self.extensions),
        ]);
        let mut signature = self.key.sign(self.algorithm, &signed);
        if let (true, Some(last)) = (self.tampered, signature.last_mut()) {
            *last ^= 1;
        }
        let certificates = match self.certificates.as_slice() {
            [] => Vec::new(),
            some => der::explicit(0, &der::sequence(some)),
        };
        let basic = der::sequence(&[
            signed,
            self.algorithm_identifier.clone().unwrap_or_else(|| self.algorithm.identifier()),
            der::bit_string(0, &signature),
            certificates,
        ]);
        let bytes = der::sequence(&[der::oid(&self.kind), der::octet_string(&basic)]);
        der::sequence(&[der::value(TAG_ENUMERATED, &[self.status]), der::explicit(0, &bytes)])
    }
}

/// An OCSPResponse with this responseStatus and nothing else.
#[must_use]
pub fn failed(status: u8) -> Vec<u8> {
    der::sequence(&[der::value(TAG_ENUMERATED, &[status])])
}

/// The hash of `octets`.
#[must_use]
pub fn digest(hash: Hash, octets: &[u8]) -> Vec<u8> {
    match hash {
        Hash::Sha1 => Sha1::digest(octets).to_vec(),
        Hash::Sha224 => Sha224::digest(octets).to_vec(),
        Hash::Sha256 => Sha256::digest(octets).to_vec(),
        Hash::Sha384 => Sha384::digest(octets).to_vec(),
        Hash::Sha512 => Sha512::digest(octets).to_vec(),
    }
}

/// `[1] EXPLICIT Extensions OPTIONAL`.
fn encode_extensions(list: &[Extension]) -> Vec<u8> {
    if list.is_empty() {
        return Vec::new();
    }
    let encoded: Vec<Vec<u8>> = list.iter().map(Extension::encode).collect();
    der::explicit(1, &der::sequence(&encoded))
}
