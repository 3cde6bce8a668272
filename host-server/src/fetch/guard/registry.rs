//! The IANA special-purpose address registries, row by row, and what lies beside them. Data only; [`super`]
//! says what follows.
//!
//! RFC 6890 made the two registries, RFC 8190 corrected them, and each row names the document it comes from. A
//! row is here whether or not the registry calls it globally reachable: the reachable ones are relays and sinks
//! that a router nearby answers for (RFC 7723, 8155, 7450, 7535), and none of them serves a CRL.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::Prefix;

/// A block of addresses that is not to be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// Its addresses.
    pub prefix: Prefix,
    /// Its name in the registry.
    pub name: &'static str,
    /// The document that reserves it.
    pub source: &'static str,
}

const fn four(octets: [u8; 4], length: u8, name: &'static str, source: &'static str) -> Block {
    Block { prefix: Prefix::V4 { bits: u32::from_be_bytes(octets), length }, name, source }
}

const fn six(segments: [u16; 8], length: u8, name: &'static str, source: &'static str) -> Block {
    let [a, b, c, d, e, f, g, h] = segments;
    Block {
        prefix: Prefix::V6 { bits: Ipv6Addr::new(a, b, c, d, e, f, g, h).to_bits(), length },
        name,
        source,
    }
}

/// The IANA IPv4 Special-Purpose Address Registry in its own order.
pub(super) const IPV4: &[Block] = &[
    four([0, 0, 0, 0], 8, "this network", "RFC 791 3.2"),
    four([0, 0, 0, 0], 32, "this host on this network", "RFC 1122 3.2.1.3"),
    four([10, 0, 0, 0], 8, "private use", "RFC 1918"),
    four([100, 64, 0, 0], 10, "shared address space", "RFC 6598"),
    four([127, 0, 0, 0], 8, "loopback", "RFC 1122 3.2.1.3"),
    four([169, 254, 0, 0], 16, "link local", "RFC 3927"),
    four([172, 16, 0, 0], 12, "private use", "RFC 1918"),
    four([192, 0, 0, 0], 24, "IETF protocol assignments", "RFC 6890 2.1"),
    four([192, 0, 0, 0], 29, "IPv4 service continuity prefix", "RFC 7335"),
    four([192, 0, 0, 8], 32, "IPv4 dummy address", "RFC 7600"),
    four([192, 0, 0, 9], 32, "port control protocol anycast", "RFC 7723"),
    four([192, 0, 0, 10], 32, "traversal using relays around NAT anycast", "RFC 8155"),
    four([192, 0, 0, 170], 32, "NAT64/DNS64 discovery", "RFC 8880, RFC 7050 2.2"),
    four([192, 0, 0, 171], 32, "NAT64/DNS64 discovery", "RFC 8880, RFC 7050 2.2"),
    four([192, 0, 2, 0], 24, "documentation (TEST-NET-1)", "RFC 5737"),
    four([192, 31, 196, 0], 24, "AS112-v4", "RFC 7535"),
    four([192, 52, 193, 0], 24, "AMT", "RFC 7450"),
    four([192, 88, 99, 0], 24, "deprecated (6to4 relay anycast)", "RFC 7526"),
    four([192, 88, 99, 2], 32, "6a44 relay anycast address", "RFC 6751"),
    four([192, 168, 0, 0], 16, "private use", "RFC 1918"),
    four([192, 175, 48, 0], 24, "direct delegation AS112 service", "RFC 7534"),
    four([198, 18, 0, 0], 15, "benchmarking", "RFC 2544"),
    four([198, 51, 100, 0], 24, "documentation (TEST-NET-2)", "RFC 5737"),
    four([203, 0, 113, 0], 24, "documentation (TEST-NET-3)", "RFC 5737"),
    four([240, 0, 0, 0], 4, "reserved", "RFC 1112 4"),
    four([255, 255, 255, 255], 32, "limited broadcast", "RFC 8190, RFC 919 7"),
];

/// The IANA IPv6 Special-Purpose Address Registry in its own order.
pub(super) const IPV6: &[Block] = &[
    six([0, 0, 0, 0, 0, 0, 0, 1], 128, "loopback address", "RFC 4291"),
    six([0; 8], 128, "unspecified address", "RFC 4291"),
    six([0, 0, 0, 0, 0, 0xffff, 0, 0], 96, "IPv4-mapped address", "RFC 4291"),
    six([0x64, 0xff9b, 0, 0, 0, 0, 0, 0], 96, "IPv4-IPv6 translation", "RFC 6052"),
    six([0x64, 0xff9b, 1, 0, 0, 0, 0, 0], 48, "IPv4-IPv6 translation, local use", "RFC 8215"),
    six([0x100, 0, 0, 0, 0, 0, 0, 0], 64, "discard-only address block", "RFC 6666"),
    six([0x100, 0, 0, 1, 0, 0, 0, 0], 64, "dummy IPv6 prefix", "RFC 9780"),
    six([0x2001, 0, 0, 0, 0, 0, 0, 0], 23, "IETF protocol assignments", "RFC 2928"),
    six([0x2001, 0, 0, 0, 0, 0, 0, 0], 32, "Teredo", "RFC 4380, RFC 8190"),
    six([0x2001, 1, 0, 0, 0, 0, 0, 1], 128, "port control protocol anycast", "RFC 7723"),
    six([0x2001, 1, 0, 0, 0, 0, 0, 2], 128, "traversal using relays around NAT anycast", "RFC 8155"),
    six([0x2001, 1, 0, 0, 0, 0, 0, 3], 128, "DNS-SD service registration anycast", "RFC 9665"),
    six([0x2001, 2, 0, 0, 0, 0, 0, 0], 48, "benchmarking", "RFC 5180"),
    six([0x2001, 3, 0, 0, 0, 0, 0, 0], 32, "AMT", "RFC 7450"),
    six([0x2001, 4, 0x112, 0, 0, 0, 0, 0], 48, "AS112-v6", "RFC 7535"),
    six([0x2001, 0x10, 0, 0, 0, 0, 0, 0], 28, "deprecated (previously ORCHID)", "RFC 4843"),
    six([0x2001, 0x20, 0, 0, 0, 0, 0, 0], 28, "ORCHIDv2", "RFC 7343"),
    six([0x2001, 0x30, 0, 0, 0, 0, 0, 0], 28, "drone remote ID entity tags", "RFC 9374"),
    six([0x2001, 0xdb8, 0, 0, 0, 0, 0, 0], 32, "documentation", "RFC 3849"),
    six([0x2002, 0, 0, 0, 0, 0, 0, 0], 16, "6to4", "RFC 3056"),
    six([0x2620, 0x4f, 0x8000, 0, 0, 0, 0, 0], 48, "direct delegation AS112 service", "RFC 7534"),
    six([0x3fff, 0, 0, 0, 0, 0, 0, 0], 20, "documentation", "RFC 9637"),
    six([0x5f00, 0, 0, 0, 0, 0, 0, 0], 16, "segment routing (SRv6) SIDs", "RFC 9602"),
    six([0xfc00, 0, 0, 0, 0, 0, 0, 0], 7, "unique local", "RFC 4193, RFC 8190"),
    six([0xfe80, 0, 0, 0, 0, 0, 0, 0], 10, "link-local unicast", "RFC 4291"),
];

/// Not in those registries, because not unicast, withdrawn, or an IPv4 address in disguise.
pub(super) const BESIDE: &[Block] = &[
    four([224, 0, 0, 0], 4, "multicast", "RFC 1112 4"),
    six([0; 8], 96, "IPv4-compatible address", "RFC 4291 2.5.5.1"),
    six([0, 0, 0, 0, 0xffff, 0, 0, 0], 96, "IPv4-translated address", "RFC 2765 2.1"),
    six([0x3ffe, 0, 0, 0, 0, 0, 0, 0], 16, "returned 6bone", "RFC 3701"),
    six([0xfec0, 0, 0, 0, 0, 0, 0, 0], 10, "site local", "RFC 3879"),
    six([0xff00, 0, 0, 0, 0, 0, 0, 0], 8, "multicast", "RFC 4291 2.7"),
];

/// The one part of IPv6 that is given out as global unicast.
pub(super) const GLOBAL_UNICAST: Block =
    six([0x2000, 0, 0, 0, 0, 0, 0, 0], 3, "global unicast", "RFC 4291 2.4");

/// The name of what lies outside [`GLOBAL_UNICAST`] and in no row.
pub(super) const UNASSIGNED: &str = "not global unicast";

/// IPv4 addresses inside an IPv6 address: a packet sent to the one may arrive at the other.
///
/// The translation prefix for local use (RFC 8215) is not looked into: where its IPv4 address lies is the
/// operator's choice (RFC 6052 2.2). It is refused whole, and who allows it vouches for all of it.
pub(super) fn embedded(address: Ipv6Addr) -> [Option<Ipv4Addr>; 2] {
    let [first, second, third, fourth, fifth, sixth, seventh, eighth] = address.segments();
    let four = |high: u16, low: u16| Some(Ipv4Addr::from_bits((u32::from(high) << 16) | u32::from(low)));
    let last = four(seventh, eighth);
    match [first, second, third, fourth, fifth, sixth] {
        // these two would be IPv4-compatible, were they not addresses of their own
        _ if address.is_unspecified() || address.is_loopback() => [None, None],
        // mapped, compatible, translated (SIIT), translated (NAT64)
        [0, 0, 0, 0, 0, 0xffff]
        | [0, 0, 0, 0, 0, 0]
        | [0, 0, 0, 0, 0xffff, 0]
        | [0x64, 0xff9b, 0, 0, 0, 0] => [last, None],
        // 6to4 (RFC 3056 2)
        [0x2002, high, low, ..] => [four(high, low), None],
        // Teredo: the server, and the client with every bit flipped (RFC 4380 4)
        [0x2001, 0, high, low, ..] => [four(high, low), four(!seventh, !eighth)],
        _ => [None, None],
    }
}
