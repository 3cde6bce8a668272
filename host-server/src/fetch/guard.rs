//! Which addresses and ports may be reached. Everything that is not globally reachable unicast is refused,
//! because whoever writes a certificate writes the URIs in it, and must not be able to send this host to its own
//! loopback, its cloud's metadata service or its neighbours.
//!
//! It judges addresses only, after a name was resolved and again after a connection was made; it never resolves
//! anything itself. A deployment whose responders live inside allows their ranges by name.

mod registry;

use std::collections::BTreeSet;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

pub use self::registry::Block;

/// What may be reached. The default is the public internet on the ports of HTTP.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Guard {
    /// Ranges that may be reached although the registries say otherwise.
    pub allowed: Vec<Prefix>,
    /// The ports that may be reached.
    pub ports: Ports,
}

/// The ports that may be reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ports {
    /// Every port. For deployments whose responders listen where they please.
    Any,
    /// These.
    These(BTreeSet<u16>),
}

impl Default for Ports {
    /// Those of `http` and `https`.
    fn default() -> Self {
        Self::These(BTreeSet::from([80, 443]))
    }
}

/// Why an address may not be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Forbidden {
    /// The address.
    pub address: IpAddr,
    /// What it is, such as `loopback`.
    pub name: &'static str,
    /// The document that makes it so.
    pub source: &'static str,
}

impl fmt::Display for Forbidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is {} ({})", self.address, self.name, self.source)
    }
}

impl std::error::Error for Forbidden {}

impl Guard {
    /// Whether an address may be connected to.
    ///
    /// An IPv4 address inside an IPv6 address is judged as well, and allowing the outer range does not allow the
    /// inner address: a deployment behind NAT64 allows `64:ff9b::/96` and still does not reach `10.0.0.1`.
    ///
    /// # Errors
    /// [`Forbidden`] names the block that the address lies in.
    pub fn check_address(&self, address: IpAddr) -> Result<(), Forbidden> {
        let allowed = self.allowed.iter().any(|prefix| prefix.contains(address));
        if let (false, Some((name, source))) = (allowed, special(address)) {
            return Err(Forbidden { address, name, source });
        }
        let IpAddr::V6(outer) = address else { return Ok(()) };
        registry::embedded(outer).into_iter().flatten().try_for_each(|inner| self.check_address(inner.into()))
    }

    /// Whether a port may be connected to.
    #[must_use]
    pub fn permits_port(&self, port: u16) -> bool {
        match &self.ports {
            Ports::Any => port != 0,
            Ports::These(ports) => ports.contains(&port),
        }
    }
}

/// The name and source of the narrowest special block an address lies in.
fn special(address: IpAddr) -> Option<(&'static str, &'static str)> {
    let rows = registry::IPV4.iter().chain(registry::IPV6).chain(registry::BESIDE);
    let inside = rows.filter(|block| block.prefix.contains(address));
    if let Some(block) = inside.max_by_key(|block| block.prefix.length()) {
        return Some((block.name, block.source));
    }
    let outside = address.is_ipv6() && !registry::GLOBAL_UNICAST.prefix.contains(address);
    outside.then_some((registry::UNASSIGNED, registry::GLOBAL_UNICAST.source))
}

/// A range of addresses, as `10.0.0.0/8` or `fd00::/8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prefix {
    /// Of IPv4.
    V4 {
        /// The first address.
        bits: u32,
        /// How many leading bits are fixed, at most 32.
        length: u8,
    },
    /// Of IPv6.
    V6 {
        /// The first address.
        bits: u128,
        /// How many leading bits are fixed, at most 128.
        length: u8,
    },
}

impl Prefix {
    /// Whether an address lies in it. An IPv4 address lies in no range of IPv6, mapped or not.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        match (*self, address) {
            (Self::V4 { bits, length }, IpAddr::V4(address)) => {
                (bits ^ address.to_bits()) & mask_of_ipv4(length) == 0
            }
            (Self::V6 { bits, length }, IpAddr::V6(address)) => {
                (bits ^ address.to_bits()) & mask_of_ipv6(length) == 0
            }
            _ => false,
        }
    }

    fn length(self) -> u8 {
        match self {
            Self::V4 { length, .. } | Self::V6 { length, .. } => length,
        }
    }
}

fn mask_of_ipv4(length: u8) -> u32 {
    // a shift by the whole width is no shift at all in Rust: no fixed bit means an empty mask
    u32::MAX.checked_shl(32_u32.saturating_sub(length.into())).unwrap_or(0)
}

fn mask_of_ipv6(length: u8) -> u128 {
    u128::MAX.checked_shl(128_u32.saturating_sub(length.into())).unwrap_or(0)
}

impl fmt::Display for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::V4 { bits, length } => write!(f, "{}/{length}", Ipv4Addr::from_bits(bits)),
            Self::V6 { bits, length } => write!(f, "{}/{length}", Ipv6Addr::from_bits(bits)),
        }
    }
}

/// A text that is no range of addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoPrefix {
    /// It is not an address, a slash and a length.
    Form,
    /// The length is more than the address has bits.
    Length,
    /// Bits after the length are set: either the address or the length is a slip.
    HostBits,
}

impl fmt::Display for NoPrefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Form => "expected an address, a slash and a length, such as `10.0.0.0/8`",
            Self::Length => "the length is more than the address has bits",
            Self::HostBits => "bits after the length are set",
        })
    }
}

impl std::error::Error for NoPrefix {}

impl FromStr for Prefix {
    type Err = NoPrefix;

    fn from_str(text: &str) -> Result<Self, NoPrefix> {
        let (address, length) = text.split_once('/').ok_or(NoPrefix::Form)?;
        if !length.bytes().all(|octet| octet.is_ascii_digit()) {
            return Err(NoPrefix::Form);
        }
        let length: u8 = length.parse().map_err(|_| NoPrefix::Form)?;
        let (prefix, most, host_bits) = match address.parse().map_err(|_| NoPrefix::Form)? {
            IpAddr::V4(address) => {
                let bits = address.to_bits();
                (Self::V4 { bits, length }, 32, bits & !mask_of_ipv4(length) != 0)
            }
            IpAddr::V6(address) => {
                let bits = address.to_bits();
                (Self::V6 { bits, length }, 128, bits & !mask_of_ipv6(length) != 0)
            }
        };
        match (length > most, host_bits) {
            (true, _) => Err(NoPrefix::Length),
            (false, true) => Err(NoPrefix::HostBits),
            (false, false) => Ok(prefix),
        }
    }
}

#[cfg(test)]
mod tests;
