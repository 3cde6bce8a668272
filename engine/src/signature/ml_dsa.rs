//! ML-DSA-44, -65 and -87 as RFC 9881 uses them in certificates: pure ML-DSA with an empty context string
//! (FIPS 204 algorithm 3). The prehash variants have identifiers of their own and are not for certificates.

use ml_dsa::{EncodedVerifyingKey, MlDsa44, MlDsa65, MlDsa87, MlDsaParams, Signature, VerifyingKey};

use super::{SignatureError, SignedData};
use crate::settings::algorithm::KeyKind;

/// An ML-DSA public key and its parameter set.
pub(super) struct Key<'a> {
    set: Set,
    octets: &'a [u8],
}

#[derive(Clone, Copy)]
enum Set {
    MlDsa44,
    MlDsa65,
    MlDsa87,
}

impl<'a> Key<'a> {
    pub(super) fn new(kind: KeyKind, octets: &'a [u8]) -> Result<Self, SignatureError> {
        // Sizes of FIPS 204 table 2.
        let (set, length) = match kind {
            KeyKind::MlDsa44 => (Set::MlDsa44, 1312),
            KeyKind::MlDsa65 => (Set::MlDsa65, 1952),
            KeyKind::MlDsa87 => (Set::MlDsa87, 2592),
            _ => return Err(SignatureError::KeyUnusable),
        };
        if octets.len() == length { Ok(Self { set, octets }) } else { Err(SignatureError::KeyUnusable) }
    }

    pub(super) fn verify(&self, signed: &SignedData<'_>) -> Result<(), SignatureError> {
        match self.set {
            Set::MlDsa44 => verify_with::<MlDsa44>(self.octets, signed),
            Set::MlDsa65 => verify_with::<MlDsa65>(self.octets, signed),
            Set::MlDsa87 => verify_with::<MlDsa87>(self.octets, signed),
        }
    }
}

fn verify_with<P: MlDsaParams>(octets: &[u8], signed: &SignedData<'_>) -> Result<(), SignatureError> {
    let encoded = EncodedVerifyingKey::<P>::try_from(octets).map_err(|_| SignatureError::KeyUnusable)?;
    // The signature first: it is the cheaper to refuse, and its length is checked before anything expands.
    let signature = Signature::<P>::try_from(signed.signature).map_err(|_| SignatureError::Invalid)?;
    let key = VerifyingKey::<P>::decode(&encoded);
    if key.verify_with_context(signed.message, &[], &signature) {
        Ok(())
    } else {
        Err(SignatureError::Invalid)
    }
}
