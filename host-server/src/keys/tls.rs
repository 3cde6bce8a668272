//! A key as TLS signs with it. It goes into the same library, which keeps it and wipes its memory.

use std::sync::Arc;

use tokio_rustls::rustls::crypto::aws_lc_rs::sign::any_supported_type;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::rustls::sign::SigningKey;

use super::{KeyFault, PrivateKey};

/// The key for handshakes.
///
/// # Errors
/// [`KeyFault::Seal`] when the library cannot hand it on, [`KeyFault::UnsupportedKey`] when TLS cannot sign with it.
pub fn signing_key(key: &PrivateKey) -> Result<Arc<dyn SigningKey>, KeyFault> {
    let encoded = key.encoded()?;
    let der = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(encoded.as_slice()));
    any_supported_type(&der).map_err(|_| KeyFault::UnsupportedKey)
}
