//! keyUsage as a set of bits (RFC 5280 4.2.1.3).

use crate::der::{self, Decoded, Problem, Reader};
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

impl KeyUsage {
    /// Reads `KeyUsage ::= BIT STRING`; a bit beyond the nine defined ones is refused.
    pub(crate) fn decode(reader: &mut Reader<'_>) -> Decoded<Self> {
        let named = decode_named_bits(reader, der::BIT_STRING, "keyUsage")?;
        let mut usage = Self::EMPTY;
        for (bit, _) in KeyUsageBit::ALL {
            // Named bits are counted from the top bit of the first octet (X.680 22.4).
            if named & (mask(bit).reverse_bits()) != 0 {
                usage = usage.with(bit);
            }
        }
        Ok(usage)
    }
}

/// Reads a named bit list of nine bits, as KeyUsage and ReasonFlags are: bit 0 is the top bit of the result.
/// Trailing zero bits are tolerated, see the deviations in [`super`].
pub(crate) fn decode_named_bits(reader: &mut Reader<'_>, tag: der::Tag, field: &'static str) -> Decoded<u16> {
    let at = reader.clone();
    let (octets, _) = reader.bit_string(tag, field)?;
    let mut octets = octets.iter().copied();
    let (first, second) = (octets.next().unwrap_or_default(), octets.next().unwrap_or_default());
    if second & 0x7f != 0 || octets.any(|octet| octet != 0) {
        return Err(at.malformed(field, Problem::OutOfRange));
    }
    Ok(u16::from_be_bytes([first, second]))
}

fn mask(bit: KeyUsageBit) -> u16 {
    KeyUsageBit::ALL.iter().position(|(known, _)| *known == bit).map_or(0, |position| 1 << position)
}
