//! Makes key pairs. Nothing here says which kind is right for what.

use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{EcdsaKeyPair, RsaKeyPair};

use super::{KeyFault, KeyKind, Pair, PrivateKey, curve};

/// Makes a key pair without holding up other tasks: an RSA key of 4096 bits may take a second. Needs a tokio runtime.
///
/// # Errors
/// [`KeyFault::Generate`] when the library makes none.
pub async fn generate(kind: KeyKind) -> Result<PrivateKey, KeyFault> {
    let made = tokio::task::spawn_blocking(move || generate_blocking(kind)).await;
    made.unwrap_or(Err(KeyFault::Generate))
}

/// The same on this thread.
///
/// # Errors
/// [`KeyFault::Generate`] when the library makes none.
pub fn generate_blocking(kind: KeyKind) -> Result<PrivateKey, KeyFault> {
    let pair = match (kind, curve(kind)) {
        (_, Some(curve)) => EcdsaKeyPair::generate(curve).map(Pair::Ecdsa),
        (KeyKind::Rsa2048, None) => RsaKeyPair::generate(KeySize::Rsa2048).map(Pair::Rsa),
        (KeyKind::Rsa3072, None) => RsaKeyPair::generate(KeySize::Rsa3072).map(Pair::Rsa),
        (_, None) => RsaKeyPair::generate(KeySize::Rsa4096).map(Pair::Rsa),
    };
    pair.map(|pair| PrivateKey { kind, pair }).map_err(|_| KeyFault::Generate)
}
