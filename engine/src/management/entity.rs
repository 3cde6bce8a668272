//! What identifies a certificate among others: the entity it is for, and the keys a host may store beside it so that
//! it finds the entries that bear on an operation without sending all of them.
//!
//! An entity is a subject, compared as RFC 5280 7.1 asks: neither serial number nor signature algorithm nor key is
//! part of it (R-TS-17, D-8). What a host sends in [`Cluster::entries`](super::cluster::Cluster):
//!
//! - an upload to a trust store: of that store, and of the store its roots are copied to, the entries whose subject key
//!   is the subject key or the issuer key of an uploaded certificate, and those of its common name; where an entry of
//!   an uploaded subject is another certificate, also the entries of that store, and of the identity slots, whose issuer
//!   key is that subject key;
//! - an upload for an identity: all of the purpose's slots, and of its trust store and the store that one is copied to
//!   as above, with every issuer up to the root;
//! - a deletion: the entries of the fingerprint; of the same store and of the identity slots those whose issuer key
//!   leads, step by step, back to its subject key, and those of the same store that share a subject with one of them or
//!   with itself: who has another issuer of that name keeps its chain;
//! - a reuse: the slots of both purposes, and of the second one's trust store the entries whose subject key is the
//!   issuer key of one in the slots;
//! - a regeneration and a self-signed certificate: the purpose's slots; to place what was made, also the entries of its
//!   subject key;
//! - completeness: the identity slots, their issuers up to the root, and every entry of their fingerprints;
//! - an exchange: the identity slots, and every entry of their subject keys;
//! - a node that joins, counts and an upgrade: the whole of the stores they name;
//! - a request: none.
//!
//! Sending more changes no outcome. Of the tombstones go those of the fingerprints that are uploaded, or held by a
//! joining node or by the entries it would receive. All pending requests go with every operation.

use sha2::{Digest, Sha256};

use super::cluster::Room;
use crate::certificate::Certificate;
use crate::certificate::name::Name;
use crate::certificate::public_key::{KeyMaterial, bit_length};
use crate::finding::trace::hexadecimal;
use crate::oid;
use crate::settings::KeyUsageBit;
use crate::time::Instant;

pub use crate::trust::stored::is_authority;

/// The values of a certificate that hosts index, sort and filter by (R-TS-23, R-SHOW-1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keys {
    /// SHA-256 of the subject in its comparable form: equal for one entity.
    pub subject_key: [u8; 32],
    /// The same of the issuer.
    pub issuer_key: [u8; 32],
    /// The most specific common name of the subject.
    pub common_name: Option<String>,
    /// Kind and size of the key in words, such as `rsa 2048` and `p-256`.
    pub key: String,
    /// The length of an RSA modulus in bits.
    pub modulus_bits: Option<usize>,
    /// The serial number in lower-case hexadecimal.
    pub serial_number: String,
    /// notBefore.
    pub not_before: Instant,
    /// notAfter.
    pub not_after: Instant,
    /// Whether it lies in an identity slot or a trust store.
    pub usage: Usage,
    /// It belongs to a certificate authority.
    pub is_authority: bool,
}

/// What a certificate is here for (R-SHOW-2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Usage {
    /// It proves who we are.
    Identity,
    /// It is believed.
    Trust,
}

impl Keys {
    /// The keys of a certificate that lies in `room`.
    #[must_use]
    pub fn of(certificate: &Certificate, room: &Room) -> Self {
        Self {
            subject_key: certificate.subject.key(),
            issuer_key: certificate.issuer.key(),
            common_name: common_name(&certificate.subject).map(str::to_owned),
            key: certificate.public_key.describe(),
            modulus_bits: modulus_bits(certificate),
            serial_number: hexadecimal(&certificate.serial_number),
            not_before: certificate.validity.not_before,
            not_after: certificate.validity.not_after,
            usage: match room {
                Room::Identity(_) => Usage::Identity,
                Room::Trust(_) => Usage::Trust,
            },
            is_authority: is_authority(certificate),
        }
    }
}

/// SHA-256 of the public key, a whole SubjectPublicKeyInfo: equal for all certificates of one key.
#[must_use]
pub fn public_key_fingerprint(certificate: &Certificate) -> [u8; 32] {
    Sha256::digest(&certificate.public_key.der).into()
}

/// What is looked for in a list of certificates; what is not given does not narrow it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Criteria {
    /// A part of the common name, in any case.
    pub common_name: Option<String>,
    /// Expires at this moment or before it.
    pub expires_by: Option<Instant>,
    /// The beginning of the kind of key, such as `rsa`.
    pub key: Option<String>,
    /// Identity or trust.
    pub usage: Option<Usage>,
}

impl Criteria {
    /// Whether a certificate meets all of them (R-SHOW-3).
    #[must_use]
    pub fn admit(&self, keys: &Keys) -> bool {
        let name = keys.common_name.as_deref().unwrap_or_default().to_lowercase();
        self.common_name.as_ref().is_none_or(|part| name.contains(&part.to_lowercase()))
            && self.expires_by.is_none_or(|limit| keys.not_after <= limit)
            && self.key.as_ref().is_none_or(|kind| keys.key.starts_with(kind.as_str()))
            && self.usage.is_none_or(|usage| usage == keys.usage)
    }
}

/// The most specific common name: the last in the encoding.
#[must_use]
pub fn common_name(name: &Name) -> Option<&str> {
    let attributes = name.rdns.iter().flat_map(|rdn| &rdn.attributes);
    attributes.rev().find(|attribute| attribute.kind == oid::COMMON_NAME)?.text.as_deref()
}

/// Two different subjects of the same common name: different entities that people may take for one (D-8).
#[must_use]
pub fn shares_only_common_name(one: &Name, other: &Name) -> bool {
    let words = |name| {
        let text = common_name(name).unwrap_or_default().to_lowercase();
        text.split_whitespace().map(str::to_owned).collect::<Vec<_>>()
    };
    let own = words(one);
    !own.is_empty() && one != other && own == words(other)
}

/// An authority whose key may sign certificates (RFC 5280 4.2.1.3).
#[must_use]
pub fn may_issue(certificate: &Certificate) -> bool {
    let usage = certificate.extensions.key_usage;
    is_authority(certificate) && usage.is_none_or(|usage| usage.has(KeyUsageBit::KeyCertSign))
}

/// The length of an RSA modulus; `None` for other keys.
#[must_use]
pub fn modulus_bits(certificate: &Certificate) -> Option<usize> {
    match &certificate.public_key.material {
        KeyMaterial::Rsa { modulus, .. } => Some(bit_length(modulus)),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
