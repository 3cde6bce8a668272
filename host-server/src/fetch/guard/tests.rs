use super::registry::{BESIDE, IPV4, IPV6, UNASSIGNED};
use super::*;

fn address(text: &str) -> IpAddr {
    text.parse().unwrap()
}

fn refused(text: &str) -> Option<&'static str> {
    Guard::default().check_address(address(text)).err().map(|forbidden| forbidden.name)
}

fn allowing(prefixes: &[&str]) -> Guard {
    Guard { allowed: prefixes.iter().map(|text| text.parse().unwrap()).collect(), ports: Ports::default() }
}

/// First and last address of a prefix.
fn ends(prefix: Prefix) -> [IpAddr; 2] {
    match prefix {
        Prefix::V4 { bits, length } => {
            [bits, bits | !mask_of_ipv4(length)].map(|bits| Ipv4Addr::from_bits(bits).into())
        }
        Prefix::V6 { bits, length } => {
            [bits, bits | !mask_of_ipv6(length)].map(|bits| Ipv6Addr::from_bits(bits).into())
        }
    }
}

#[test]
fn every_row_is_refused_from_its_first_address_to_its_last() {
    // the registries' own count, the row with two addresses standing for two
    assert_eq!((IPV4.len(), IPV6.len()), (26, 25));
    for block in IPV4.iter().chain(IPV6).chain(BESIDE) {
        for end in ends(block.prefix) {
            assert!(Guard::default().check_address(end).is_err(), "{end} in {block:?}");
        }
        // a row with host bits set would match nothing it is meant for
        assert_eq!(block.prefix.to_string().parse(), Ok(block.prefix), "{block:?}");
    }
}

#[test]
fn addresses_just_outside_the_rows_may_be_reached() {
    let outside = [
        "1.0.0.0",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.0",
        "169.253.255.255",
        "169.255.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "191.255.255.255",
        "192.0.1.0",
        "192.0.3.0",
        "192.31.195.255",
        "192.31.197.0",
        "192.52.192.255",
        "192.52.194.0",
        "192.88.98.255",
        "192.88.100.0",
        "192.167.255.255",
        "192.169.0.0",
        "192.175.47.255",
        "192.175.49.0",
        "198.17.255.255",
        "198.20.0.0",
        "198.51.99.255",
        "198.51.101.0",
        "203.0.112.255",
        "203.0.114.0",
        "223.255.255.255",
        "2000::",
        "2001:200::",
        "2001:db7:ffff::",
        "2001:db9::",
        "2003::",
        "2620:4f:7fff::",
        "2620:4f:8001::",
        "3ffd:ffff::",
        "3fff:1000::",
    ];
    for text in outside {
        assert_eq!(refused(text), None, "{text}");
    }
}

#[test]
fn the_narrowest_row_gives_the_name() {
    for (text, name) in [
        ("127.0.0.1", "loopback"),
        ("169.254.169.254", "link local"),
        ("0.0.0.0", "this host on this network"),
        ("0.1.2.3", "this network"),
        ("255.255.255.255", "limited broadcast"),
        ("250.0.0.1", "reserved"),
        ("224.0.0.251", "multicast"),
        ("239.255.255.250", "multicast"),
        ("::1", "loopback address"),
        ("::", "unspecified address"),
        ("::127.0.0.1", "IPv4-compatible address"),
        ("fe80::1", "link-local unicast"),
        ("fec0::1", "site local"),
        ("fd00:ec2::254", "unique local"),
        ("ff02::1", "multicast"),
        ("2001::1", "Teredo"),
        ("2001:1::1", "port control protocol anycast"),
        ("4000::1", UNASSIGNED),
        ("1::1", UNASSIGNED),
    ] {
        assert_eq!(refused(text), Some(name), "{text}");
    }
}

#[test]
fn an_ipv4_address_in_disguise_is_refused_whatever_it_is() {
    for inner in ["8.8.8.8", "10.0.0.1"] {
        assert_eq!(refused(&format!("::ffff:{inner}")), Some("IPv4-mapped address"));
        assert_eq!(refused(&format!("::ffff:0:{inner}")), Some("IPv4-translated address"));
        assert_eq!(refused(&format!("64:ff9b::{inner}")), Some("IPv4-IPv6 translation"));
        assert_eq!(refused(&format!("64:ff9b:1::{inner}")), Some("IPv4-IPv6 translation, local use"));
    }
    assert_eq!(refused("2002:808:808::1"), Some("6to4"));
    assert_eq!(refused("2001:0:808:808::f7f7:f7f7"), Some("Teredo"));
}

#[test]
fn allowing_an_outer_range_does_not_allow_the_address_inside() {
    let guard = allowing(&["64:ff9b::/96", "::ffff:0:0/96", "2002::/16", "2001::/32"]);
    for reachable in ["64:ff9b::8.8.8.8", "::ffff:8.8.8.8", "2002:808:808::1", "2001:0:808:808::f7f7:f7f7"] {
        assert_eq!(guard.check_address(address(reachable)), Ok(()), "{reachable}");
    }
    for (text, name) in [
        ("64:ff9b::10.0.0.1", "private use"),
        ("::ffff:127.0.0.1", "loopback"),
        ("2002:a9fe:a9fe::1", "link local"),
        // the server, then the client, which is written with every bit flipped
        ("2001:0:a00:1::f7f7:f7f7", "private use"),
        ("2001:0:808:808::80ff:fffe", "loopback"),
    ] {
        assert_eq!(guard.check_address(address(text)).unwrap_err().name, name, "{text}");
    }
}

#[test]
fn an_allowed_range_is_reached_and_its_neighbours_are_not() {
    let guard = allowing(&["10.1.0.0/16", "fd00:1::/32", "127.0.0.1/32", "::1/128"]);
    for text in ["10.1.0.0", "10.1.255.255", "fd00:1::1", "127.0.0.1", "::1", "8.8.8.8"] {
        assert_eq!(guard.check_address(address(text)), Ok(()), "{text}");
    }
    for text in ["10.0.255.255", "10.2.0.0", "fd00:2::1", "127.0.0.2", "::2", "::ffff:10.1.0.1"] {
        assert!(guard.check_address(address(text)).is_err(), "{text}");
    }
}

#[test]
fn ports_are_those_of_http_unless_configured() {
    let usual = Guard::default();
    for (port, permitted) in [(80, true), (443, true), (0, false), (22, false), (8080, false)] {
        assert_eq!(usual.permits_port(port), permitted, "{port}");
    }
    let any = Guard { ports: Ports::Any, ..Guard::default() };
    assert!(any.permits_port(1) && any.permits_port(65535) && !any.permits_port(0));
    let own = Guard { ports: Ports::These(BTreeSet::from([8080])), ..Guard::default() };
    assert!(own.permits_port(8080) && !own.permits_port(80));
}

#[test]
fn prefixes_are_read_strictly() {
    for text in ["0.0.0.0/0", "10.0.0.0/8", "192.0.2.1/32", "::/0", "fd00::/8", "::1/128"] {
        assert_eq!(text.parse::<Prefix>().unwrap().to_string(), text);
    }
    for (text, expected) in [
        ("10.0.0.0", NoPrefix::Form),
        ("10.0.0/8", NoPrefix::Form),
        ("010.0.0.0/8", NoPrefix::Form),
        ("10.0.0.0/", NoPrefix::Form),
        ("10.0.0.0/+8", NoPrefix::Form),
        ("10.0.0.0/256", NoPrefix::Form),
        ("fe80::%1/64", NoPrefix::Form),
        ("10.0.0.0/33", NoPrefix::Length),
        ("::/129", NoPrefix::Length),
        ("10.0.0.1/8", NoPrefix::HostBits),
        ("fd00::1/8", NoPrefix::HostBits),
    ] {
        assert_eq!(text.parse::<Prefix>(), Err(expected), "{text}");
    }
    assert!("0.0.0.0/0".parse::<Prefix>().unwrap().contains(address("255.255.255.255")));
    assert!(!"0.0.0.0/0".parse::<Prefix>().unwrap().contains(address("::")));
}
