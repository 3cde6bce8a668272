//! Whether it was signed: [`verify`] is the only door to cryptography. Which algorithms are acceptable is
//! for settings and policy; this module says only whether the arithmetic holds.
//!
//! Implements RFC 5280 6.1.3 (a)(1) for one signature, with the algorithms of RFC 3279, RFC 4055, RFC 5758,
//! RFC 8410 and RFC 9881. Nothing is negotiable by the signer: the hash always follows from the identifier,
//! is always computed here, and the key must belong to the identifier's family.
//!
//! A host may have offered to do the arithmetic of common algorithms (`answer`): then it is asked, and its
//! answer stands for the equation. Everything else, and every check it has not been asked, is computed here.
//!
//! Charged work is the arithmetic. Hashing is linear in the message, whose size is capped where it enters.

mod answer;
mod cost;
mod dsa;
mod ecdsa;
mod eddsa;
mod identify;
mod ml_dsa;
mod rsa;
#[cfg(test)]
mod tests;

use sha1::Sha1;
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};

use crate::budget::{Budget, BudgetExceeded};
use crate::certificate::AlgorithmIdentifier;
use crate::certificate::public_key::{DsaParameters, KeyMaterial, PublicKey};
use crate::settings::algorithm::{KeyKind, SignatureAlgorithm};

pub use cost::cost;
pub use identify::{Unidentified, identify};

/// A message with the signature over it, as certificates, CRLs and OCSP responses carry them.
#[derive(Clone, Copy, Debug)]
pub struct SignedData<'a> {
    /// The signed octets, exactly as they stand in the input.
    pub message: &'a [u8],
    /// The signature algorithm and its parameters.
    pub algorithm: &'a AlgorithmIdentifier,
    /// The signature's octets, without the unused-bits octet.
    pub signature: &'a [u8],
}

/// Why a signature was not verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureError {
    /// The algorithm or its parameters are not supported; nothing was computed or charged.
    AlgorithmUnsupported,
    /// The budget has no room for this verification; nothing was computed.
    BudgetExceeded(BudgetExceeded),
    /// The signature is not one by this key over this message.
    Invalid,
    /// The key belongs to another family than the algorithm, or is restricted to other parameters.
    KeyMismatch,
    /// The key is of the right family but is not a sound key: out of bounds, off its curve, incomplete.
    KeyUnusable,
}

/// A hash function that some identifier names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hash {
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    fn digest(self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha1 => Sha1::digest(message).to_vec(),
            Self::Sha224 => Sha224::digest(message).to_vec(),
            Self::Sha256 => Sha256::digest(message).to_vec(),
            Self::Sha384 => Sha384::digest(message).to_vec(),
            Self::Sha512 => Sha512::digest(message).to_vec(),
        }
    }
}

/// A signature algorithm taken apart into what is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scheme {
    RsaPkcs1(Hash),
    RsaPss(Hash),
    Ecdsa(Hash),
    Edwards(KeyKind),
    MlDsa(KeyKind),
    Dsa(Hash),
}

fn scheme(algorithm: SignatureAlgorithm) -> Scheme {
    match algorithm {
        SignatureAlgorithm::RsaPkcs1Sha1 => Scheme::RsaPkcs1(Hash::Sha1),
        SignatureAlgorithm::RsaPkcs1Sha224 => Scheme::RsaPkcs1(Hash::Sha224),
        SignatureAlgorithm::RsaPkcs1Sha256 => Scheme::RsaPkcs1(Hash::Sha256),
        SignatureAlgorithm::RsaPkcs1Sha384 => Scheme::RsaPkcs1(Hash::Sha384),
        SignatureAlgorithm::RsaPkcs1Sha512 => Scheme::RsaPkcs1(Hash::Sha512),
        SignatureAlgorithm::RsaPssSha256 => Scheme::RsaPss(Hash::Sha256),
        SignatureAlgorithm::RsaPssSha384 => Scheme::RsaPss(Hash::Sha384),
        SignatureAlgorithm::RsaPssSha512 => Scheme::RsaPss(Hash::Sha512),
        SignatureAlgorithm::EcdsaSha1 => Scheme::Ecdsa(Hash::Sha1),
        SignatureAlgorithm::EcdsaSha224 => Scheme::Ecdsa(Hash::Sha224),
        SignatureAlgorithm::EcdsaSha256 => Scheme::Ecdsa(Hash::Sha256),
        SignatureAlgorithm::EcdsaSha384 => Scheme::Ecdsa(Hash::Sha384),
        SignatureAlgorithm::EcdsaSha512 => Scheme::Ecdsa(Hash::Sha512),
        SignatureAlgorithm::Ed25519 => Scheme::Edwards(KeyKind::Ed25519),
        SignatureAlgorithm::Ed448 => Scheme::Edwards(KeyKind::Ed448),
        SignatureAlgorithm::MlDsa44 => Scheme::MlDsa(KeyKind::MlDsa44),
        SignatureAlgorithm::MlDsa65 => Scheme::MlDsa(KeyKind::MlDsa65),
        SignatureAlgorithm::MlDsa87 => Scheme::MlDsa(KeyKind::MlDsa87),
        SignatureAlgorithm::DsaSha1 => Scheme::Dsa(Hash::Sha1),
        SignatureAlgorithm::DsaSha224 => Scheme::Dsa(Hash::Sha224),
        SignatureAlgorithm::DsaSha256 => Scheme::Dsa(Hash::Sha256),
    }
}

/// A key that fits the algorithm and is within the bounds of its arithmetic, which has not begun.
enum Fitted<'a> {
    RsaPkcs1(Hash, rsa::Key<'a>),
    RsaPss(Hash, rsa::Key<'a>),
    Ecdsa(Hash, ecdsa::Key<'a>),
    Edwards(eddsa::Key<'a>),
    MlDsa(ml_dsa::Key<'a>),
    Dsa(Hash, dsa::Key<'a>),
}

/// Verifies one signature and names the algorithm it was made with. `inherited` are the working public key
/// parameters of RFC 5280 6.1.4 (d) to (f), which only a DSA key without its own uses. The cost is charged
/// before the arithmetic; what can be refused without arithmetic is refused without a charge. Where the budget's
/// [`Outsourced`](crate::outsourced::Outsourced) awaits answers afterwards, `Ok` is an assumption.
///
/// # Errors
/// [`SignatureError`].
pub fn verify(
    signed: &SignedData<'_>,
    key: &PublicKey,
    inherited: Option<&DsaParameters>,
    budget: &mut Budget,
) -> Result<SignatureAlgorithm, SignatureError> {
    let algorithm = identify(signed.algorithm).map_err(|_| SignatureError::AlgorithmUnsupported)?;
    let fitted = fit(algorithm, key, inherited)?;
    budget.signature(cost(key, inherited)).map_err(SignatureError::BudgetExceeded)?;
    match answer::ask(algorithm, signed, key, &fitted, budget.outsourced_mut()) {
        Some(answered) => answered,
        None => fitted.compute(signed),
    }?;
    Ok(algorithm)
}

impl Fitted<'_> {
    /// The arithmetic.
    fn compute(&self, signed: &SignedData<'_>) -> Result<(), SignatureError> {
        match self {
            Self::RsaPkcs1(hash, key) => key.verify_pkcs1(*hash, signed),
            Self::RsaPss(hash, key) => key.verify_pss(*hash, signed),
            Self::Ecdsa(hash, key) => key.verify(*hash, signed),
            Self::Edwards(key) => key.verify(signed),
            Self::MlDsa(key) => key.verify(signed),
            Self::Dsa(hash, key) => key.verify(*hash, signed),
        }
    }
}

fn fit<'a>(
    algorithm: SignatureAlgorithm,
    key: &'a PublicKey,
    inherited: Option<&'a DsaParameters>,
) -> Result<Fitted<'a>, SignatureError> {
    match (scheme(algorithm), &key.material) {
        // RFC 4055 1.2: a key restricted to PSS signs nothing else.
        (Scheme::RsaPkcs1(hash), KeyMaterial::Rsa { modulus, exponent, pss: false }) => {
            Ok(Fitted::RsaPkcs1(hash, rsa::Key::new(modulus, exponent)?))
        }
        (Scheme::RsaPss(hash), KeyMaterial::Rsa { modulus, exponent, pss }) => {
            // RFC 4055 3.3: parameters in the key bind its signatures.
            if *pss && !identify::key_allows_pss(&key.algorithm, hash) {
                return Err(SignatureError::KeyMismatch);
            }
            Ok(Fitted::RsaPss(hash, rsa::Key::new(modulus, exponent)?))
        }
        (Scheme::Ecdsa(hash), KeyMaterial::Ec(curve)) => {
            Ok(Fitted::Ecdsa(hash, ecdsa::Key::new(*curve, &key.octets)?))
        }
        // RFC 5480 2.1.1: explicit parameters must not be used; a curve we do not know is no better.
        (Scheme::Ecdsa(_), KeyMaterial::EcExplicit | KeyMaterial::EcUnsupported(_)) => {
            Err(SignatureError::KeyUnusable)
        }
        (Scheme::Edwards(wanted), KeyMaterial::Edwards(kind)) if wanted == *kind => {
            Ok(Fitted::Edwards(eddsa::Key::new(*kind, &key.octets)?))
        }
        (Scheme::MlDsa(wanted), KeyMaterial::MlDsa(kind)) if wanted == *kind => {
            Ok(Fitted::MlDsa(ml_dsa::Key::new(*kind, &key.octets)?))
        }
        (Scheme::Dsa(hash), KeyMaterial::Dsa { y, parameters }) => {
            let parameters = parameters.as_ref().or(inherited).ok_or(SignatureError::KeyUnusable)?;
            Ok(Fitted::Dsa(hash, dsa::Key::new(y, parameters)?))
        }
        _ => Err(SignatureError::KeyMismatch),
    }
}
