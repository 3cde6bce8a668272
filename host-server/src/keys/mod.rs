//! Key pairs: made, encrypted at rest, used to sign requests and certificates. The only place that sees a private
//! key; no private key ever enters the engine, which makes the octets that are signed here.
//!
//! It decides nothing about what may be signed, with which key or under which name: that is the engine's plan. The
//! arithmetic is AWS-LC's, whose validated module does all of it where the program is built with `fips`; but for the
//! pairs of curve and hash that it does not compute, which are [`digest`]'s and refused in FIPS mode.
//!
//! RFC 5958 (PKCS #8), RFC 8018 (PBES2), RFC 8017 8.2 (RSASSA-PKCS1-v1_5), SEC 1 4.1 (ECDSA), RFC 6979.

pub mod generate;
pub mod seal;
pub mod passphrase;
mod digest;
pub mod tls;

use std::fmt;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P384_SHA384_ASN1_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm,
    KeyPair, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RsaEncoding, RsaKeyPair,
};
use zeroize::Zeroizing;

/// The key pairs that are made (R-CSR-19, R-CSR-23): which of them a purpose may have is the engine's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// RSA, 2048 bits.
    Rsa2048,
    /// RSA, 3072 bits.
    Rsa3072,
    /// RSA, 4096 bits.
    Rsa4096,
    /// ECDSA on P-256.
    P256,
    /// ECDSA on P-384.
    P384,
}

impl KeyKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::Rsa2048, Self::Rsa3072, Self::Rsa4096, Self::P256, Self::P384];

    /// Its name, as the engine describes such a key.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Rsa2048 => "rsa 2048",
            Self::Rsa3072 => "rsa 3072",
            Self::Rsa4096 => "rsa 4096",
            Self::P256 => "p-256",
            Self::P384 => "p-384",
        }
    }
}

/// The signature algorithms there are keys for, by their words in the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureAlgorithmWord {
    /// `rsa-pkcs1-sha256`.
    RsaPkcs1Sha256,
    /// `rsa-pkcs1-sha384`.
    RsaPkcs1Sha384,
    /// `rsa-pkcs1-sha512`.
    RsaPkcs1Sha512,
    /// `ecdsa-sha256`.
    EcdsaSha256,
    /// `ecdsa-sha384`.
    EcdsaSha384,
    /// `ecdsa-sha512`.
    EcdsaSha512,
}

impl SignatureAlgorithmWord {
    /// Every algorithm.
    pub const ALL: [Self; 6] = [
        Self::RsaPkcs1Sha256,
        Self::RsaPkcs1Sha384,
        Self::RsaPkcs1Sha512,
        Self::EcdsaSha256,
        Self::EcdsaSha384,
        Self::EcdsaSha512,
    ];

    /// The word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::RsaPkcs1Sha256 => "rsa-pkcs1-sha256",
            Self::RsaPkcs1Sha384 => "rsa-pkcs1-sha384",
            Self::RsaPkcs1Sha512 => "rsa-pkcs1-sha512",
            Self::EcdsaSha256 => "ecdsa-sha256",
            Self::EcdsaSha384 => "ecdsa-sha384",
            Self::EcdsaSha512 => "ecdsa-sha512",
        }
    }

    /// The algorithm of a word; `None` for one that nothing here signs with.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.word() == word)
    }

    fn rsa(self) -> Option<&'static dyn RsaEncoding> {
        match self {
            Self::RsaPkcs1Sha256 => Some(&RSA_PKCS1_SHA256),
            Self::RsaPkcs1Sha384 => Some(&RSA_PKCS1_SHA384),
            Self::RsaPkcs1Sha512 => Some(&RSA_PKCS1_SHA512),
            Self::EcdsaSha256 | Self::EcdsaSha384 | Self::EcdsaSha512 => None,
        }
    }
}

/// Which cryptography may be used around a key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Approval {
    /// Whatever is considered sound.
    #[default]
    Any,
    /// Only what the validated module approves of, computed by it.
    Fips,
}

/// Why something about a key could not be done. None of them holds anything of a key or of a passphrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyFault {
    /// The library made no key.
    Generate,
    /// A key of this kind does not sign with this algorithm.
    Mismatch {
        /// The key's kind.
        kind: KeyKind,
        /// The algorithm that was asked for.
        algorithm: SignatureAlgorithmWord,
    },
    /// FIPS mode does not approve of how the key would sign with this hash.
    UnapprovedPair,
    /// The library signed nothing.
    Sign,
    /// The library encoded or encrypted nothing.
    Seal,
    /// The sealed key is not an EncryptedPrivateKeyInfo, or was cut or altered where that can be told.
    Damaged,
    /// The passphrase is another one. An alteration of the encrypted octets cannot be told from that.
    WrongPassphrase,
    /// It is encrypted in a way that is not opened here, or at a cost beyond all reason.
    UnsupportedEncryption,
    /// It is encrypted in a way that FIPS mode does not approve of.
    NotApproved,
    /// It was opened and holds a key of another kind.
    UnsupportedKey,
}

impl fmt::Display for KeyFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Generate => f.write_str("no key pair could be made"),
            Self::Mismatch { kind, algorithm } => {
                write!(f, "a key of kind `{}` does not sign with `{}`", kind.name(), algorithm.word())
            }
            Self::UnapprovedPair => f.write_str(
                "in FIPS mode a P-256 key signs with SHA256 and a P-384 key with SHA384: the validated module computes \
                 no other pair",
            ),
            Self::Sign => f.write_str("nothing could be signed"),
            Self::Seal => f.write_str("the key could not be encrypted"),
            Self::Damaged => f.write_str("the private key's file is damaged; restore it from a backup"),
            Self::WrongPassphrase => f.write_str(
                "the passphrase does not open the private key; give the one that it was made with (or, if it \
                 is the right one, the file is damaged)",
            ),
            Self::UnsupportedEncryption => f.write_str(
                "the private key is encrypted in a way that is not opened here; expected PKCS #8 with PBES2",
            ),
            Self::NotApproved => f.write_str(
                "the private key is encrypted in a way that FIPS mode does not approve of; expected PBES2 with \
                 PBKDF2-HMAC-SHA256 and AES-256-CBC",
            ),
            Self::UnsupportedKey => f.write_str(
                "the private key is of another kind; expected RSA of 2048, 3072 or 4096 bits, P-256 or P-384",
            ),
        }
    }
}

impl std::error::Error for KeyFault {}

/// A private key, ready to sign. The library wipes its memory when it is dropped.
pub struct PrivateKey {
    kind: KeyKind,
    pair: Pair,
}

enum Pair {
    Rsa(RsaKeyPair),
    Ecdsa(EcdsaKeyPair),
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrivateKey({})", self.kind.name())
    }
}

impl PrivateKey {
    /// What kind of key it is.
    #[must_use]
    pub fn kind(&self) -> KeyKind {
        self.kind
    }

    /// The public key, a whole SubjectPublicKeyInfo (DER).
    ///
    /// # Errors
    /// [`KeyFault::Seal`] when the library cannot encode it.
    pub fn subject_public_key_info(&self) -> Result<Vec<u8>, KeyFault> {
        let encoded: Result<PublicKeyX509Der<'_>, _> = match &self.pair {
            Pair::Rsa(pair) => pair.public_key().as_der(),
            Pair::Ecdsa(pair) => pair.public_key().as_der(),
        };
        encoded.map(|encoded| encoded.as_ref().to_vec()).map_err(|_| KeyFault::Seal)
    }

    /// Signs octets that the engine made. An ECDSA signature is in the ASN.1 form that certificates hold. It computes
    /// for some milliseconds.
    ///
    /// # Errors
    /// [`KeyFault::Mismatch`] when the key does not fit the algorithm, [`KeyFault::UnapprovedPair`] when `approval` is
    /// for the validated module alone and it does not compute this, [`KeyFault::Sign`] when the library fails.
    pub fn sign(
        &self,
        algorithm: SignatureAlgorithmWord,
        message: &[u8],
        approval: Approval,
    ) -> Result<Vec<u8>, KeyFault> {
        let mismatch = KeyFault::Mismatch { kind: self.kind, algorithm };
        match &self.pair {
            Pair::Rsa(pair) => {
                let encoding = algorithm.rsa().ok_or(mismatch)?;
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(encoding, &SystemRandom::new(), message, &mut signature)
                    .map_err(|_| KeyFault::Sign)?;
                Ok(signature)
            }
            Pair::Ecdsa(pair) => {
                if algorithm.rsa().is_some() {
                    return Err(mismatch);
                }
                if !signs_with(self.kind, algorithm) {
                    return digest::sign((self.kind, pair), algorithm, message, approval);
                }
                let signature = pair.sign(&SystemRandom::new(), message).map_err(|_| KeyFault::Sign)?;
                Ok(signature.as_ref().to_vec())
            }
        }
    }

    /// The key as it is, unencrypted: for [`seal`] alone.
    fn encoded(&self) -> Result<Zeroizing<Vec<u8>>, KeyFault> {
        match &self.pair {
            Pair::Rsa(pair) => {
                let encoded: Pkcs8V1Der<'_> = pair.as_der().map_err(|_| KeyFault::Seal)?;
                Ok(Zeroizing::new(encoded.as_ref().to_vec()))
            }
            Pair::Ecdsa(pair) => {
                let encoded = pair.to_pkcs8v1().map_err(|_| KeyFault::Seal)?;
                Ok(Zeroizing::new(encoded.as_ref().to_vec()))
            }
        }
    }

    /// Reads an unencrypted key: for [`seal`] alone. The library knows a key of which kind it is.
    fn decode(encoded: &[u8]) -> Result<Self, KeyFault> {
        for kind in [KeyKind::P256, KeyKind::P384] {
            if let Some(Ok(pair)) = curve(kind).map(|curve| EcdsaKeyPair::from_pkcs8(curve, encoded)) {
                return Ok(Self { kind, pair: Pair::Ecdsa(pair) });
            }
        }
        let pair = RsaKeyPair::from_pkcs8(encoded).map_err(|_| KeyFault::UnsupportedKey)?;
        let kind = match pair.public_modulus_len() {
            256 => KeyKind::Rsa2048,
            384 => KeyKind::Rsa3072,
            512 => KeyKind::Rsa4096,
            _ => return Err(KeyFault::UnsupportedKey),
        };
        Ok(Self { kind, pair: Pair::Rsa(pair) })
    }
}

/// The library signs on a curve with the hash of its strength and no other; [`digest`] does the rest.
fn signs_with(kind: KeyKind, algorithm: SignatureAlgorithmWord) -> bool {
    matches!(
        (kind, algorithm),
        (KeyKind::P256, SignatureAlgorithmWord::EcdsaSha256)
            | (KeyKind::P384, SignatureAlgorithmWord::EcdsaSha384)
    )
}

fn curve(kind: KeyKind) -> Option<&'static EcdsaSigningAlgorithm> {
    match kind {
        KeyKind::P256 => Some(&ECDSA_P256_SHA256_ASN1_SIGNING),
        KeyKind::P384 => Some(&ECDSA_P384_SHA384_ASN1_SIGNING),
        KeyKind::Rsa2048 | KeyKind::Rsa3072 | KeyKind::Rsa4096 => None,
    }
}

#[cfg(test)]
mod tests;
