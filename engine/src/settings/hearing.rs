//! How status information is heard *against* a certificate where the FIPS profile or Common Criteria mode keeps it
//! from being believed. Without this the modes could allow what is denied without them: an answer that revokes, and
//! that only they silence, would leave the word to another that says good (DT-6).

use super::algorithm::{KeyKind, SignatureAlgorithm};
use super::revocation::DesignatedUsage;
use super::{AlgorithmSettings, Fips, Mode, Settings};
use crate::finding::{Code, Level};

impl Settings {
    /// The settings under which such information is heard; `None` where no mode silences anything. They are wider than
    /// any document: every algorithm that can be verified, and no rule that a document could have relaxed. Nothing is
    /// ever allowed by them.
    #[must_use]
    pub fn hearing(&self) -> Option<Self> {
        if self.mode == Mode::Standard && self.fips == Fips::Off {
            return None;
        }
        let mut wide = self.clone();
        wide.algorithms = AlgorithmSettings {
            signatures: SignatureAlgorithm::ALL.iter().copied().collect(),
            keys: KeyKind::ALL.iter().copied().collect(),
            rsa_minimum_bits: 0,
            rsa_maximum_bits: u32::MAX,
            dsa_minimum_bits: 0,
        };
        wide.ocsp.designated_usage = DesignatedUsage::Any;
        for code in Code::ALL.iter().filter(|code| !code.is_fixed()) {
            // Only fixed codes refuse a level.
            let _ = wide.levels.set(*code, Level::Ignore);
        }
        Some(wide)
    }
}
