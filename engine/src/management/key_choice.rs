//! Which keys and hash functions are offered for a purpose, and what speaks against a choice (R-CSR-19 to R-CSR-28,
//! R-SS-11 to R-SS-17, D-12, D-13). Keys that exist already are judged by the settings' algorithms, not here.

use super::cluster::Features;
use super::code::ManagementCode as Code;
use super::plan::{About, Plan};
use super::purpose::{IdentityPurpose, KeyType};
use crate::certificate::public_key::{KeyMaterial, PublicKey, bit_length};
use crate::finding::Value;
use crate::settings::algorithm::{KeyKind, SignatureAlgorithm};

/// A key to be made and the hash function it signs with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyChoice {
    /// Its family.
    pub key_type: KeyType,
    /// Its length in bits: of the modulus, or of the curve.
    pub bits: u16,
    /// The hash function.
    pub hash: Hash,
}

/// A hash function that may be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hash {
    /// SHA-1: known so that it can be refused by name.
    Sha1,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl Hash {
    /// Reads the word used in requests.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Sha1, Self::Sha256, Self::Sha384, Self::Sha512].into_iter().find(|hash| hash.word() == word)
    }

    /// The word used in requests.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Sha1 => "SHA1",
            Self::Sha256 => "SHA256",
            Self::Sha384 => "SHA384",
            Self::Sha512 => "SHA512",
        }
    }
}

/// The type of a key that exists; `None` for a family that no purpose has.
pub(super) fn type_of(key: &PublicKey) -> Option<KeyType> {
    match &key.material {
        KeyMaterial::Rsa { .. } => Some(KeyType::Rsa),
        KeyMaterial::Ec(_) | KeyMaterial::EcExplicit | KeyMaterial::EcUnsupported(_) => Some(KeyType::Ec),
        KeyMaterial::Edwards(_)
        | KeyMaterial::MlDsa(_)
        | KeyMaterial::Dsa { .. }
        | KeyMaterial::Unsupported => None,
    }
}

/// RSA keys of this length are offered for old peers only, and not at all in FIPS mode (D-13).
const LEGACY_BITS: u16 = 1024;
/// Above this length some phones do not register (R-CSR-24).
const PHONE_BITS: u16 = 2048;

/// Lengths offered, and the hashes that go with each. The documents leave the lengths of curves out (D-13).
const OFFERED: &[(KeyType, u16, &[Hash])] = &[
    (KeyType::Ec, 256, &[Hash::Sha256, Hash::Sha384, Hash::Sha512]),
    (KeyType::Ec, 384, &[Hash::Sha384, Hash::Sha512]),
    (KeyType::Rsa, LEGACY_BITS, &[Hash::Sha256, Hash::Sha384, Hash::Sha512]),
    (KeyType::Rsa, 2048, &[Hash::Sha256, Hash::Sha384, Hash::Sha512]),
    (KeyType::Rsa, 3072, &[Hash::Sha256, Hash::Sha384, Hash::Sha512]),
    (KeyType::Rsa, 4096, &[Hash::Sha256, Hash::Sha384, Hash::Sha512]),
];

/// A length that a form shows, with the hashes that it then shows (R-CSR-27).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OfferedLength {
    /// In bits.
    pub bits: u16,
    /// The hash functions, the first one chosen beforehand.
    pub hashes: &'static [Hash],
}

/// The lengths that a form shows for keys of a type.
#[must_use]
pub fn offered_lengths(key_type: KeyType, features: Features) -> Vec<OfferedLength> {
    let rows = OFFERED.iter().filter(|(of, bits, _)| {
        *of == key_type && !(needs_fips(features) && of == &KeyType::Rsa && *bits == LEGACY_BITS)
    });
    rows.map(|(_, bits, hashes)| OfferedLength { bits: *bits, hashes }).collect()
}

/// D-2: Common Criteria mode is FIPS mode and more.
fn needs_fips(features: Features) -> bool {
    features.fips || features.common_criteria
}

/// Reports what speaks against `choice` for `purpose`.
pub(super) fn check_key(plan: &mut Plan, purpose: &IdentityPurpose, choice: KeyChoice, features: Features) {
    let KeyChoice { key_type, bits, hash } = choice;
    if key_type != purpose.key_type {
        let details = vec![
            ("field", Value::text("keyType")),
            ("purpose", Value::text(&purpose.name)),
            ("found", Value::text(key_type.word())),
            ("accepted", Value::text(purpose.key_type.word())),
        ];
        return plan.report(Code::KeyTypeNotOfPurpose, About::OPERATION, details);
    }
    let Some((_, _, hashes)) = OFFERED.iter().find(|(of, length, _)| *of == key_type && *length == bits)
    else {
        let accepted = offered_lengths(key_type, features).into_iter().map(|offer| u64::from(offer.bits));
        return plan.report(Code::KeyLengthNotOffered, About::OPERATION, lengths(choice, accepted));
    };
    check_length(plan, purpose, choice, features);
    let accepted = hashes.iter().map(|hash| ("accepted", Value::text(hash.word())));
    let length = ("keyLength", Value::Number(u64::from(bits)));
    let found = [("field", Value::text("hash")), ("found", Value::text(hash.word())), length];
    let details = || found.clone().into_iter().chain(accepted.clone()).collect();
    if hash == Hash::Sha1 {
        plan.report(Code::HashBroken, About::OPERATION, details());
    } else if !hashes.contains(&hash) {
        plan.report(Code::HashTooWeak, About::OPERATION, details());
    }
}

fn check_length(plan: &mut Plan, purpose: &IdentityPurpose, choice: KeyChoice, features: Features) {
    let rsa = choice.key_type == KeyType::Rsa;
    let accepted = || {
        let better = offered_lengths(choice.key_type, features).into_iter();
        better.map(|offer| u64::from(offer.bits)).filter(|bits| *bits > u64::from(LEGACY_BITS))
    };
    if rsa && choice.bits == LEGACY_BITS {
        let code = if needs_fips(features) { Code::KeyTooShortForFips } else { Code::KeyLengthLegacy };
        plan.report(code, About::OPERATION, lengths(choice, accepted()));
    }
    if rsa && purpose.name == "CallManager" && choice.bits > PHONE_BITS {
        let accepted = [u64::from(PHONE_BITS)].into_iter();
        plan.report(Code::KeyLengthPhones, About::OPERATION, lengths(choice, accepted));
    }
}

fn lengths(choice: KeyChoice, accepted: impl Iterator<Item = u64>) -> Vec<(&'static str, Value)> {
    let found = [
        ("field", Value::text("keyLength")),
        ("keyType", Value::text(choice.key_type.word())),
        ("found", Value::Number(u64::from(choice.bits))),
    ];
    found.into_iter().chain(accepted.map(|bits| ("accepted", Value::Number(bits)))).collect()
}

impl KeyChoice {
    /// The choice that keeps the type and length of a key that exists (R-RGN-6), with the hash that a form would
    /// choose beforehand; `None` for a key that is not offered.
    #[must_use]
    pub fn like(key: &PublicKey) -> Option<Self> {
        let (key_type, bits) = size(key)?;
        let (.., hashes) = OFFERED.iter().find(|(of, length, _)| *of == key_type && *length == bits)?;
        hashes.first().map(|hash| Self { key_type, bits, hash: *hash })
    }

    /// Whether a key is of this type and length.
    #[must_use]
    pub fn fits(self, key: &PublicKey) -> bool {
        size(key) == Some((self.key_type, self.bits))
    }

    /// Type and length in words, such as `rsa 2048`.
    #[must_use]
    pub fn describe(self) -> String {
        [self.key_type.word(), " ", &self.bits.to_string()].concat()
    }

    /// The algorithm a host signs with; `None` with SHA-1, which it never does.
    #[must_use]
    pub fn algorithm(self) -> Option<SignatureAlgorithm> {
        match (self.key_type, self.hash) {
            (_, Hash::Sha1) => None,
            (KeyType::Rsa, Hash::Sha256) => Some(SignatureAlgorithm::RsaPkcs1Sha256),
            (KeyType::Rsa, Hash::Sha384) => Some(SignatureAlgorithm::RsaPkcs1Sha384),
            (KeyType::Rsa, Hash::Sha512) => Some(SignatureAlgorithm::RsaPkcs1Sha512),
            (KeyType::Ec, Hash::Sha256) => Some(SignatureAlgorithm::EcdsaSha256),
            (KeyType::Ec, Hash::Sha384) => Some(SignatureAlgorithm::EcdsaSha384),
            (KeyType::Ec, Hash::Sha512) => Some(SignatureAlgorithm::EcdsaSha512),
        }
    }
}

/// Type and length of a key that may sign with PKCS #1 v1.5 or ECDSA.
fn size(key: &PublicKey) -> Option<(KeyType, u16)> {
    match &key.material {
        KeyMaterial::Rsa { modulus, pss: false, .. } => {
            Some((KeyType::Rsa, u16::try_from(bit_length(modulus)).ok()?))
        }
        KeyMaterial::Ec(KeyKind::P256) => Some((KeyType::Ec, 256)),
        KeyMaterial::Ec(KeyKind::P384) => Some((KeyType::Ec, 384)),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
