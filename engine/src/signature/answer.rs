//! Which checks a host may answer, and what its answer means. The answer replaces the arithmetic and nothing
//! else: whatever this module's siblings refuse for another reason than the equation is refused before.
//!
//! Offered are the algorithms that every current library computes, in the sizes where their libraries draw the
//! same lines as ours:
//!
//! - RSASSA-PKCS1-v1_5 and RSASSA-PSS with SHA-256, SHA-384 and SHA-512, keys of 2048 to 8192 bits in whole
//!   octets, exponent 65537, not restricted to PSS (RFC 4055 1.2);
//! - ECDSA on P-256, P-384 and P-521 with SHA-256, SHA-384 and SHA-512, uncompressed points;
//! - Ed25519.
//!
//! Everything else is computed here: SHA-1 and SHA-224, DSA, Ed448, ML-DSA, and signatures over more than
//! [`LARGEST_MESSAGE`].

use sha2::{Digest, Sha256};

use super::{Fitted, Hash, SignatureError, SignedData};
use crate::certificate::public_key::{KeyMaterial, PublicKey};
use crate::finding::trace;
use crate::outsourced::{Answer, Check, Outsourced};
use crate::settings::algorithm::SignatureAlgorithm;

/// The longest message that is handed out, in octets. It is copied several times on its way to the host; a CRL
/// of many megabytes is better hashed where it lies.
const LARGEST_MESSAGE: usize = 256 * 1024;

/// The outcome of a check by the host's answer or, where it has yet to answer, by assumption: the check is then
/// noted in `outsourced`, and what follows from it is void. `None` where the arithmetic is ours.
///
/// # Errors
/// [`SignatureError`], the same that the arithmetic here would end in.
pub(super) fn ask(
    algorithm: SignatureAlgorithm,
    signed: &SignedData<'_>,
    key: &PublicKey,
    fitted: &Fitted<'_>,
    outsourced: &mut Outsourced,
) -> Option<Result<(), SignatureError>> {
    if !outsourced.concerns_anybody() || !is_offered(fitted, key, signed) {
        return None;
    }
    if let Err(refused) = check_form(fitted, signed.signature) {
        return Some(Err(refused));
    }
    let id = identifier(algorithm, signed, key);
    match outsourced.answer(&id) {
        Answer::Verifies => Some(Ok(())),
        Answer::Fails => Some(Err(SignatureError::Invalid)),
        Answer::Missing if outsourced.asks() => {
            outsourced.want(Check {
                id,
                algorithm: algorithm.word(),
                key: key.der.clone(),
                message: signed.message.to_vec(),
                signature: signed.signature.to_vec(),
            });
            Some(Ok(()))
        }
        Answer::Missing => None,
    }
}

fn is_offered(fitted: &Fitted<'_>, key: &PublicKey, signed: &SignedData<'_>) -> bool {
    // A key bound to PSS has another identifier, which libraries read in their own ways.
    let is_bound_to_pss = matches!(key.material, KeyMaterial::Rsa { pss: true, .. });
    let is_current = |hash: &Hash| matches!(hash, Hash::Sha256 | Hash::Sha384 | Hash::Sha512);
    let is_common = match fitted {
        Fitted::RsaPkcs1(hash, key) | Fitted::RsaPss(hash, key) => is_current(hash) && key.is_offered(),
        Fitted::Ecdsa(hash, key) => is_current(hash) && key.is_offered(),
        Fitted::Edwards(key) => key.is_offered(),
        Fitted::MlDsa(_) | Fitted::Dsa(..) => false,
    };
    is_common && !is_bound_to_pss && signed.message.len() <= LARGEST_MESSAGE
}

/// Refuses what is no sound key, or no signature of its form, so that only the equation is left.
fn check_form(fitted: &Fitted<'_>, signature: &[u8]) -> Result<(), SignatureError> {
    match fitted {
        Fitted::RsaPkcs1(_, key) | Fitted::RsaPss(_, key) => key.check_form(signature),
        Fitted::Ecdsa(_, key) => key.check_form(signature),
        Fitted::Edwards(key) => key.check_form(signature),
        Fitted::MlDsa(_) | Fitted::Dsa(..) => Ok(()),
    }
}

/// SHA-256 over everything that the check depends on. Each part stands behind its length, so that no two checks
/// run together into the same octets.
fn identifier(algorithm: SignatureAlgorithm, signed: &SignedData<'_>, key: &PublicKey) -> String {
    let mut hash = Sha256::new();
    for part in [algorithm.word().as_bytes(), &key.der, signed.message, signed.signature] {
        // No part has 2^64 octets; a length that did not fit would still be told apart by the others.
        hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(part);
    }
    trace::hexadecimal(&hash.finalize())
}
