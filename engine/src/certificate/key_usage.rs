//! keyUsage as a set of bits (RFC 5280 4.2.1.3).

use crate::settings::KeyUsageBit;

/// The asserted bits of keyUsage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KeyUsage(u16);

impl KeyUsage {
    /// No bit asserted.
    pub const EMPTY: Self = Self(0);

    /// With `bit` asserted as well.
    #[must_use]
    pub fn with(self, bit: KeyUsageBit) -> Self {
        Self(self.0 | mask(bit))
    }

    /// Whether `bit` is asserted.
    #[must_use]
    pub fn has(self, bit: KeyUsageBit) -> bool {
        self.0 & mask(bit) != 0
    }

    /// The asserted bits in the RFC's order.
    pub fn bits(self) -> impl Iterator<Item = KeyUsageBit> {
        KeyUsageBit::ALL.into_iter().map(|(bit, _)| bit).filter(move |bit| self.has(*bit))
    }
}

fn mask(bit: KeyUsageBit) -> u16 {
    KeyUsageBit::ALL.iter().position(|(known, _)| *known == bit).map_or(0, |position| 1 << position)
}
