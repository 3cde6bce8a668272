//! Text that is shown once and never written: no `Debug`, no `Display`, gone from memory when it is dropped.

use std::fmt;

use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use zeroize::Zeroizing;

use crate::storage::StorageFault;

/// A secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes a text.
    #[must_use]
    pub fn of(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The text, for showing it once or sending it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// Octets nobody can guess.
///
/// # Errors
/// When the system has none.
pub(super) fn random<const N: usize>() -> Result<Zeroizing<[u8; N]>, StorageFault> {
    let mut octets = Zeroizing::new([0; N]);
    SystemRandom::new()
        .fill(octets.as_mut_slice())
        .map_err(|_| StorageFault::Broken("the system gives no random octets".to_owned()))?;
    Ok(octets)
}
