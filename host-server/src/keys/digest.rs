//! ECDSA with a hash that is not the one of the curve's strength, such as P-256 with SHA-512: a purpose may ask for it
//! (R-CSR-21), and AWS-LC computes it for none of its keys. RustCrypto's curves do, which the engine verifies with, and
//! with nonces that follow from key and message (RFC 6979), so that no randomness is needed. Never in FIPS mode.
//!
//! SEC 1 4.1.3 (a longer hash is cut to the length of the order), RFC 6979 3.2.

use aws_lc_rs::encoding::{AsBigEndian, EcPrivateKeyBin};
use aws_lc_rs::signature::EcdsaKeyPair;
use p256::ecdsa::signature::hazmat::PrehashSigner;
use sha2::{Digest, Sha256, Sha384, Sha512};
use zeroize::Zeroizing;

use super::{Approval, KeyFault, KeyKind, SignatureAlgorithmWord};

/// Signs the hash of a message.
///
/// # Errors
/// [`KeyFault::UnapprovedPair`] in FIPS mode, [`KeyFault::Mismatch`] for a key or an algorithm that is no curve's.
pub(super) fn sign(
    (kind, pair): (KeyKind, &EcdsaKeyPair),
    algorithm: SignatureAlgorithmWord,
    message: &[u8],
    approval: Approval,
) -> Result<Vec<u8>, KeyFault> {
    if approval == Approval::Fips {
        return Err(KeyFault::UnapprovedPair);
    }
    let hash = match algorithm {
        SignatureAlgorithmWord::EcdsaSha256 => Sha256::digest(message).to_vec(),
        SignatureAlgorithmWord::EcdsaSha384 => Sha384::digest(message).to_vec(),
        SignatureAlgorithmWord::EcdsaSha512 => Sha512::digest(message).to_vec(),
        _ => return Err(KeyFault::Mismatch { kind, algorithm }),
    };
    let scalar: EcPrivateKeyBin<'_> = pair.private_key().as_be_bytes().map_err(|_| KeyFault::Sign)?;
    let scalar = Zeroizing::new(scalar.as_ref().to_vec());
    let signature = match kind {
        KeyKind::P256 => {
            let key = p256::ecdsa::SigningKey::from_slice(&scalar).map_err(|_| KeyFault::Sign)?;
            let signed: Result<p256::ecdsa::Signature, _> = key.sign_prehash(&hash);
            signed.map(|signature| signature.to_der().as_bytes().to_vec())
        }
        KeyKind::P384 => {
            let key = p384::ecdsa::SigningKey::from_slice(&scalar).map_err(|_| KeyFault::Sign)?;
            let signed: Result<p384::ecdsa::Signature, _> = key.sign_prehash(&hash);
            signed.map(|signature| signature.to_der().as_bytes().to_vec())
        }
        _ => return Err(KeyFault::Mismatch { kind, algorithm }),
    };
    signature.map_err(|_| KeyFault::Sign)
}
