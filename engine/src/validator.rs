//! What many evaluations share, parsed once: settings and trust store.

use crate::certificate::Certificate;
use crate::der::Malformed;
use crate::request;
use crate::settings::Settings;
use crate::settings::document::{self, DocumentError};
use crate::trust::TrustRole;
use crate::trust::store::TrustStore;

/// Settings and trust store of many evaluations.
#[derive(Clone, Debug)]
pub struct Validator {
    settings: Settings,
    settings_hash: [u8; 32],
    store: TrustStore,
}

impl Validator {
    /// Under a policy document; empty text means the defaults.
    ///
    /// # Errors
    /// [`DocumentError`] with line and column.
    pub fn new(policy: &str) -> Result<Self, DocumentError> {
        document::parse(policy).map(Self::with_settings)
    }

    /// Under settings that are ready.
    #[must_use]
    pub fn with_settings(settings: Settings) -> Self {
        let settings_hash = document::settings_hash(&settings);
        Self { settings, settings_hash, store: TrustStore::default() }
    }

    /// Trusts, or distrusts, a certificate (DER).
    ///
    /// # Errors
    /// [`Malformed`] when it is not a certificate, or too large.
    pub fn add_anchor(&mut self, der: &[u8], role: TrustRole) -> Result<(), Malformed> {
        let certificate: Certificate = request::decode(der, &self.settings)?;
        self.store.add(certificate, role);
        Ok(())
    }

    /// The settings in force.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// SHA-256 of the settings in their canonical form.
    #[must_use]
    pub fn settings_hash(&self) -> [u8; 32] {
        self.settings_hash
    }

    /// Whom it trusts.
    #[must_use]
    pub fn store(&self) -> &TrustStore {
        &self.store
    }
}
