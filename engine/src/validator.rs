//! What many evaluations share, parsed once: settings, trust store, designated responders and CRLs.

use crate::certificate::Certificate;
use crate::der::Malformed;
use crate::request;
use crate::revocation::crl_index::IndexedCrl;
use crate::revocation::crl_memory::CrlMemory;
use crate::revocation::supplied;
use crate::settings::document::{self, DocumentError};
use crate::settings::{Mode, Settings};
use crate::time::Instant;
use crate::trust::TrustRole;
use crate::trust::store::TrustStore;
use crate::trust::stored::StoredAs;

/// What many evaluations share.
#[derive(Clone, Debug)]
pub struct Validator {
    settings: Settings,
    hearing: Option<Settings>,
    settings_hash: [u8; 32],
    store: TrustStore,
    responders: Vec<DesignatedResponder>,
    crls: Vec<IndexedCrl>,
    crl_memory: CrlMemory,
}

/// A certificate that may sign OCSP responses by the Trusted Responder Model (R-OCSP-5).
#[derive(Clone, Debug)]
pub struct DesignatedResponder {
    /// The certificate.
    pub certificate: Certificate,
    /// Whose certificates it answers about; `None` for any issuer's.
    pub issuer: Option<Certificate>,
}

impl Validator {
    /// Under a policy document, read in a mode; empty text means the defaults.
    ///
    /// # Errors
    /// [`DocumentError`] with line and column.
    pub fn new(policy: &str, mode: Mode) -> Result<Self, DocumentError> {
        document::parse_in_mode(policy, mode).map(Self::with_settings)
    }

    /// Under settings that are ready.
    #[must_use]
    pub fn with_settings(settings: Settings) -> Self {
        let settings_hash = document::settings_hash(&settings);
        Self {
            hearing: settings.hearing(),
            settings,
            settings_hash,
            store: TrustStore::default(),
            responders: Vec::new(),
            crls: Vec::new(),
            crl_memory: CrlMemory::default(),
        }
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

    /// Believes a certificate (DER) of a trust store as far as its kind allows at a moment: a store says of none of its
    /// certificates what it is there for (R-TS-1, R-TS-2, D-29).
    ///
    /// # Errors
    /// [`Malformed`] when it is not a certificate, or too large.
    pub fn add_stored(
        &mut self,
        der: &[u8],
        active_from: Option<Instant>,
        at: Instant,
    ) -> Result<StoredAs, Malformed> {
        let certificate: Certificate = request::decode(der, &self.settings)?;
        let stored = StoredAs::of(&certificate, active_from, at);
        match (stored, stored.role()) {
            (_, Some(role)) => self.store.add(certificate, role),
            (StoredAs::Candidate, None) => self.store.add_candidate(certificate),
            (_, None) => {}
        }
        Ok(stored)
    }

    /// Designates a certificate (DER) to sign OCSP responses about certificates of `issuer` (DER), or of any issuer
    /// (R-OCSP-5, R-OCSP-16).
    ///
    /// # Errors
    /// [`Malformed`] when one of them is not a certificate, or too large.
    pub fn designate_responder(&mut self, der: &[u8], issuer: Option<&[u8]>) -> Result<(), Malformed> {
        let certificate = request::decode(der, &self.settings)?;
        let issuer = issuer.map(|der| request::decode(der, &self.settings)).transpose()?;
        self.responders.push(DesignatedResponder { certificate, issuer });
        Ok(())
    }

    /// Keeps a CRL (DER) as evidence for every evaluation. The same one again changes nothing.
    ///
    /// # Errors
    /// [`Malformed`] when it is not a CRL, or too large.
    pub fn add_crl(&mut self, der: Vec<u8>) -> Result<(), Malformed> {
        supplied::check_size(&der, self.settings.limits.crl_octets)?;
        let crl = IndexedCrl::decode(der)?;
        if !self.crls.iter().any(|known| known.list().fingerprint == crl.list().fingerprint) {
            self.crl_memory.keep(crl.list().fingerprint);
            self.crls.push(crl);
        }
        Ok(())
    }

    /// The designated responders.
    #[must_use]
    pub fn responders(&self) -> &[DesignatedResponder] {
        &self.responders
    }

    /// The CRLs it keeps.
    #[must_use]
    pub fn crls(&self) -> &[IndexedCrl] {
        &self.crls
    }

    /// What is known about the signatures of the CRLs it keeps.
    #[must_use]
    pub fn crl_memory(&self) -> &CrlMemory {
        &self.crl_memory
    }

    /// The settings in force.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The settings under which status information that a mode silences is heard against a certificate.
    #[must_use]
    pub fn hearing(&self) -> Option<&Settings> {
        self.hearing.as_ref()
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
