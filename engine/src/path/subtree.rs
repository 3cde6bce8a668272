//! One subtree of a name constraint against one name (RFC 5280 4.2.1.10), for the five forms processed here.
//! Both are read once into [`Base`] and [`Sound`]; comparing them allocates nothing.
//!
//! Where the RFC is silent:
//! - dNSName `.example.com` holds the names with at least one more label, as it does for mail and URIs.
//! - An empty rfc822Name or URI base holds every name of its form, as an empty dNSName does.
//! - A wildcard name stands for every name it may match: it is in a permitted subtree when all of these are,
//!   and in an excluded one when any of these is.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::certificate::general_name::GeneralName;
use crate::certificate::name::Name;
use crate::certificate::name_syntax::{DnsName, Host, Mailbox, NameFault, PresentedDnsName, Uri, address_of};

/// A form of name whose constraints are processed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Address,
    Directory,
    Dns,
    Mail,
    Uri,
}

impl Form {
    pub(super) const ALL: [Self; 5] = [Self::Directory, Self::Dns, Self::Address, Self::Mail, Self::Uri];

    /// `None` for a form whose constraints are not processed.
    pub(super) fn of(name: &GeneralName) -> Option<Self> {
        match name {
            GeneralName::DirectoryName(_) => Some(Self::Directory),
            GeneralName::DnsName(_) => Some(Self::Dns),
            GeneralName::IpAddress(_) => Some(Self::Address),
            GeneralName::Rfc822Name(_) => Some(Self::Mail),
            GeneralName::Uri(_) => Some(Self::Uri),
            GeneralName::OtherName(..)
            | GeneralName::X400Address(_)
            | GeneralName::EdiPartyName(_)
            | GeneralName::RegisteredId(_) => None,
        }
    }

    /// The RFC's word.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Address => "iPAddress",
            Self::Directory => "directoryName",
            Self::Dns => "dNSName",
            Self::Mail => "rfc822Name",
            Self::Uri => "uniformResourceIdentifier",
        }
    }
}

/// A name that can be compared with a subtree.
#[derive(Clone, Copy, Debug)]
pub(super) enum Sound<'a> {
    Address(IpAddr),
    Directory(&'a Name),
    Dns(PresentedDnsName<'a>),
    Mail(Mailbox<'a>),
    /// The host of a URI.
    Uri(DnsName<'a>),
}

impl<'a> Sound<'a> {
    /// Reads an entry of subjectAltName. `None` when nothing can be said about it: its syntax is wrong, or
    /// it is a URI without a host name, which RFC 5280 4.2.1.10 has rejected once URIs are constrained.
    pub(super) fn read(name: &'a GeneralName) -> Option<Self> {
        match name {
            GeneralName::DirectoryName(name) => Some(Self::Directory(name)),
            GeneralName::DnsName(text) => PresentedDnsName::parse(text).ok().map(Self::Dns),
            GeneralName::IpAddress(octets) => address_of(octets).map(Self::Address),
            GeneralName::Rfc822Name(text) => Mailbox::parse(text).ok().map(Self::Mail),
            GeneralName::Uri(text) => match Uri::parse(text).ok()?.host? {
                Host::Name(host) => Some(Self::Uri(host)),
                Host::Address(_) => None,
            },
            GeneralName::OtherName(..)
            | GeneralName::X400Address(_)
            | GeneralName::EdiPartyName(_)
            | GeneralName::RegisteredId(_) => None,
        }
    }
}

/// A set of host names.
#[derive(Clone, Copy, Debug)]
pub(super) enum Hosts<'a> {
    /// Every name.
    All,
    /// Names with at least one label more.
    Below(DnsName<'a>),
    /// One name.
    Exactly(DnsName<'a>),
    /// One name and those below it.
    Within(DnsName<'a>),
}

impl<'a> Hosts<'a> {
    /// `host` is what a base without a leading dot means.
    fn read(text: &'a str, host: fn(DnsName<'a>) -> Self) -> Result<Self, NameFault> {
        match text.strip_prefix('.') {
            None if text.is_empty() => Ok(Self::All),
            None => DnsName::parse(text).map(host),
            Some(domain) => DnsName::parse(domain).map(Self::Below),
        }
    }

    fn holds(self, name: DnsName<'_>) -> bool {
        match self {
            Self::All => true,
            Self::Below(base) => name.is_below(base),
            Self::Exactly(base) => name.equals(base),
            Self::Within(base) => name.equals(base) || name.is_below(base),
        }
    }

    /// Every name with one label more than `parent`.
    fn holds_all_under(self, parent: DnsName<'_>) -> bool {
        match self {
            Self::All => true,
            Self::Below(base) | Self::Within(base) => parent.equals(base) || parent.is_below(base),
            Self::Exactly(_) => false,
        }
    }

    /// Some name with one label more than `parent`.
    fn holds_some_under(self, parent: DnsName<'_>) -> bool {
        let one_of_them = match self {
            Self::Exactly(base) | Self::Within(base) => {
                base.parent().is_some_and(|above| above.equals(parent))
            }
            Self::All | Self::Below(_) => false,
        };
        one_of_them || self.holds_all_under(parent)
    }
}

/// The base of a subtree, read.
#[derive(Clone, Copy, Debug)]
pub(super) enum Base<'a> {
    Address4 { network: u32, mask: u32 },
    Address6 { network: u128, mask: u128 },
    Directory(&'a Name),
    Dns(Hosts<'a>),
    Mailbox(Mailbox<'a>),
    MailHosts(Hosts<'a>),
    UriHosts(Hosts<'a>),
}

/// Why a base cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BaseFault {
    /// An iPAddress of neither 8 nor 32 octets.
    Length,
    /// A mask with a one after a zero.
    Mask,
    /// The text has not the syntax of its form.
    Syntax(NameFault),
    /// The form is not processed here.
    Unsupported,
}

impl BaseFault {
    /// The stable word for this fault.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Length => "length",
            Self::Mask => "mask",
            Self::Syntax(fault) => fault.as_str(),
            Self::Unsupported => "unsupported",
        }
    }
}

impl<'a> Base<'a> {
    /// Reads the base of a GeneralSubtree, RFC 5280 4.2.1.10.
    pub(super) fn read(base: &'a GeneralName) -> Result<Self, BaseFault> {
        match base {
            GeneralName::DirectoryName(name) => Ok(Self::Directory(name)),
            GeneralName::DnsName(text) => {
                Hosts::read(text, Hosts::Within).map(Self::Dns).map_err(BaseFault::Syntax)
            }
            GeneralName::IpAddress(octets) => read_network(octets),
            GeneralName::Rfc822Name(text) if text.contains('@') => {
                Mailbox::parse(text).map(Self::Mailbox).map_err(BaseFault::Syntax)
            }
            GeneralName::Rfc822Name(text) => {
                Hosts::read(text, Hosts::Exactly).map(Self::MailHosts).map_err(BaseFault::Syntax)
            }
            GeneralName::Uri(text) => {
                Hosts::read(text, Hosts::Exactly).map(Self::UriHosts).map_err(BaseFault::Syntax)
            }
            GeneralName::OtherName(..)
            | GeneralName::X400Address(_)
            | GeneralName::EdiPartyName(_)
            | GeneralName::RegisteredId(_) => Err(BaseFault::Unsupported),
        }
    }

    /// Everything that `name` stands for lies in this subtree: what a permitted subtree asks.
    pub(super) fn holds_all(&self, name: &Sound<'_>) -> bool {
        match (self, name) {
            (Self::Dns(hosts), Sound::Dns(PresentedDnsName::Wildcard(parent))) => {
                hosts.holds_all_under(*parent)
            }
            _ => self.holds_name(name),
        }
    }

    /// Something that `name` stands for lies in this subtree: what an excluded subtree asks.
    pub(super) fn holds_some(&self, name: &Sound<'_>) -> bool {
        match (self, name) {
            (Self::Dns(hosts), Sound::Dns(PresentedDnsName::Wildcard(parent))) => {
                hosts.holds_some_under(*parent)
            }
            // An IPv4 address in IPv6 clothing reaches the host that the IPv4 subtree excludes (RFC 4291 2.5.5.2).
            (Self::Address4 { .. }, Sound::Address(IpAddr::V6(address))) => {
                address.to_ipv4_mapped().is_some_and(|mapped| self.holds_name(&Sound::Address(mapped.into())))
            }
            _ => self.holds_name(name),
        }
    }

    fn holds_name(&self, name: &Sound<'_>) -> bool {
        match (self, name) {
            (Self::Address4 { network, mask }, Sound::Address(IpAddr::V4(address))) => {
                address.to_bits() & mask == *network
            }
            (Self::Address6 { network, mask }, Sound::Address(IpAddr::V6(address))) => {
                address.to_bits() & mask == *network
            }
            (Self::Directory(base), Sound::Directory(name)) => name.is_within(base),
            (Self::Dns(hosts), Sound::Dns(PresentedDnsName::Exact(name))) => hosts.holds(*name),
            (Self::Mailbox(base), Sound::Mail(mailbox)) => base.equals(mailbox),
            (Self::MailHosts(Hosts::All), Sound::Mail(_)) => true,
            (Self::MailHosts(hosts), Sound::Mail(Mailbox { host: Host::Name(host), .. })) => {
                hosts.holds(*host)
            }
            (Self::UriHosts(hosts), Sound::Uri(host)) => hosts.holds(*host),
            _ => false,
        }
    }
}

/// Address and mask, 8 or 32 octets; the mask as of a CIDR prefix (RFC 5280 4.2.1.10, RFC 4632 3.1).
fn read_network<'a>(octets: &[u8]) -> Result<Base<'a>, BaseFault> {
    if let Ok([a, b, c, d, mask @ ..]) = <[u8; 8]>::try_from(octets) {
        let (address, mask) = (Ipv4Addr::new(a, b, c, d).to_bits(), u32::from_be_bytes(mask));
        let contiguous = mask.leading_ones() == mask.count_ones();
        return if contiguous {
            Ok(Base::Address4 { network: address & mask, mask })
        } else {
            Err(BaseFault::Mask)
        };
    }
    let (address, mask) = octets.split_at_checked(16).ok_or(BaseFault::Length)?;
    let address = <[u8; 16]>::try_from(address).map_err(|_| BaseFault::Length)?;
    let mask = <[u8; 16]>::try_from(mask).map(u128::from_be_bytes).map_err(|_| BaseFault::Length)?;
    let contiguous = mask.leading_ones() == mask.count_ones();
    let network = Ipv6Addr::from(address).to_bits() & mask;
    if contiguous { Ok(Base::Address6 { network, mask }) } else { Err(BaseFault::Mask) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oid;

    fn dns(text: &str) -> GeneralName {
        GeneralName::DnsName(text.to_owned())
    }

    fn mail(text: &str) -> GeneralName {
        GeneralName::Rfc822Name(text.to_owned())
    }

    fn uri(text: &str) -> GeneralName {
        GeneralName::Uri(text.to_owned())
    }

    fn address(text: &str) -> GeneralName {
        let octets = match text.parse().unwrap() {
            IpAddr::V4(address) => address.octets().to_vec(),
            IpAddr::V6(address) => address.octets().to_vec(),
        };
        GeneralName::IpAddress(octets)
    }

    fn network(base: &str, mask: &str) -> GeneralName {
        let (GeneralName::IpAddress(base), GeneralName::IpAddress(mask)) = (address(base), address(mask))
        else {
            panic!("an address");
        };
        GeneralName::IpAddress([base, mask].concat())
    }

    fn check(base: &GeneralName, name: &GeneralName, all: bool, some: bool) {
        let (base_read, sound) = (Base::read(base).unwrap(), Sound::read(name).unwrap());
        assert_eq!(
            (base_read.holds_all(&sound), base_read.holds_some(&sound)),
            (all, some),
            "{base:?} {name:?}"
        );
    }

    #[test]
    fn a_dns_subtree_holds_names_with_labels_added() {
        for (base, name, holds) in [
            ("example.com", "example.com", true),
            ("example.com", "foo.bar.example.com", true),
            ("EXAMPLE.com", "foo.example.COM", true),
            ("example.com", "not-example.com", false),
            ("example.com", "notexample.com", false),
            ("example.com", "com", false),
            ("example.com", "example.com.evil.example", false),
            ("host.example.com", "host1.example.com", false),
            (".example.com", "example.com", false),
            (".example.com", "a.example.com", true),
            (".example.com", "b.a.Example.com", true),
            (".example.com", "aexample.com", false),
            ("", "anything.example", true),
            ("localhost", "test.localhost", true),
        ] {
            check(&dns(base), &dns(name), holds, holds);
        }
    }

    #[test]
    fn a_wildcard_counts_for_every_name_it_may_match() {
        for (base, name, all, some) in [
            ("example.com", "*.example.com", true, true),
            ("EXAMPLE.com", "*.Example.COM", true, true),
            ("com", "*.example.com", true, true),
            (".com", "*.example.com", true, true),
            (".example.com", "*.example.com", true, true),
            ("", "*.example.com", true, true),
            ("foo.example.com", "*.example.com", false, true),
            ("FOO.example.com", "*.EXAMPLE.com", false, true),
            (".foo.example.com", "*.example.com", false, false),
            ("bar.foo.example.com", "*.example.com", false, false),
            ("foo.example.com", "*.com", false, false),
            ("example.com", "*.com", false, true),
            ("other.com", "*.example.com", false, false),
            ("foo.notexample.com", "*.example.com", false, false),
        ] {
            check(&dns(base), &dns(name), all, some);
        }
    }

    #[test]
    fn a_mail_subtree_is_a_mailbox_a_host_or_a_domain() {
        for (base, name, holds) in [
            ("foo@example.com", "foo@example.com", true),
            ("foo@example.com", "foo@EXAMPLE.com", true),
            ("foo@example.com", "\"foo\"@example.com", true),
            ("foo@example.com", "Foo@example.com", false),
            ("foo@example.com", "bar@example.com", false),
            ("foo@example.com", "foo@a.example.com", false),
            ("*@example.com", "*@example.com", true),
            ("*@example.com", "user@example.com", false),
            ("*@example.com", "*@subdomain.example.com", false),
            ("user*@example.com", "user*@example.com", true),
            ("user*@example.com", "user1@example.com", false),
            ("example.com", "foo@Example.com", true),
            ("example.com", "foo@a.example.com", false),
            ("example.com", "foo@notexample.com", false),
            (".example.com", "foo@a.EXAMPLE.com", true),
            (".example.com", "foo@b.a.example.com", true),
            (".example.com", "foo@example.com", false),
            ("example.com", "foo@[192.0.2.1]", false),
            ("foo@[192.0.2.1]", "foo@[192.0.2.1]", true),
            ("", "foo@[192.0.2.1]", true),
            ("", "foo@example.com", true),
        ] {
            check(&mail(base), &mail(name), holds, holds);
        }
    }

    #[test]
    fn a_uri_subtree_is_a_host_or_a_domain() {
        for (base, name, holds) in [
            ("example.com", "https://EXAMPLE.com:8443/a", true),
            ("example.com", "https://user@example.com/", true),
            ("example.com", "https://example.com@evil.example/", false),
            ("example.com", "https://a.example.com/", false),
            (".example.com", "https://a.example.com/", true),
            (".example.com", "https://example.com/", false),
            (".example.com", "https://evil.example/.example.com", false),
            ("", "https://a.example/", true),
        ] {
            check(&uri(base), &uri(name), holds, holds);
        }
        for unreadable in
            ["urn:a", "file:///a", "https://192.0.2.1/", "https://[::1]/", "mailto:a@example.com", "a b"]
        {
            assert!(Sound::read(&uri(unreadable)).is_none(), "{unreadable}");
        }
    }

    #[test]
    fn a_network_holds_the_addresses_under_its_mask() {
        let (all4, all6) = (network("0.0.0.0", "0.0.0.0"), network("::", "::"));
        let four = network("192.0.2.0", "255.255.255.0");
        let six = network("2001:db8::", "ffff:ffff::");
        for (base, name, holds) in [
            (&four, "192.0.2.0", true),
            (&four, "192.0.2.255", true),
            (&four, "192.0.3.0", false),
            (&four, "192.0.1.255", false),
            (&four, "::1", false),
            (&network("192.0.2.9", "255.255.255.0"), "192.0.2.1", true),
            (&network("192.0.2.1", "255.255.255.255"), "192.0.2.1", true),
            (&network("192.0.2.1", "255.255.255.255"), "192.0.2.2", false),
            (&all4, "1.2.3.4", true),
            (&all4, "::1", false),
            (&all6, "::1", true),
            (&all6, "1.2.3.4", false),
            (&six, "2001:db8:ffff::", true),
            (&six, "2001:db9::", false),
            (&network("::1", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"), "::1", true),
        ] {
            check(base, &address(name), holds, holds);
        }
        check(&four, &address("::ffff:192.0.2.1"), false, true);
        check(&four, &address("::ffff:192.0.3.1"), false, false);
    }

    #[test]
    fn a_directory_subtree_is_an_initial_part() {
        let name = |parts: &[&str]| {
            let attributes: Vec<_> =
                parts.iter().map(|part| (oid::ORGANIZATIONAL_UNIT_NAME, *part)).collect();
            GeneralName::DirectoryName(Name::of_attributes(&attributes))
        };
        for (base, subject, holds) in [
            (name(&["a", "b"]), name(&["a", "b", "c"]), true),
            (name(&["a", "b"]), name(&["A", "B"]), true),
            (name(&["a", "b"]), name(&["a"]), false),
            (name(&["a", "b"]), name(&["x", "a", "b"]), false),
            (name(&["a", "b"]), name(&["a", "x", "b"]), false),
            (name(&[]), name(&["a"]), true),
        ] {
            check(&base, &subject, holds, holds);
        }
    }

    #[test]
    fn forms_never_meet() {
        check(&dns("example.com"), &mail("a@example.com"), false, false);
        check(&dns(""), &address("192.0.2.1"), false, false);
        check(&mail("example.com"), &dns("example.com"), false, false);
        check(&uri("example.com"), &dns("example.com"), false, false);
    }

    #[test]
    fn a_base_with_the_wrong_syntax_is_refused() {
        use NameFault::{Character, EmptyLabel, LocalPart, NumericLastLabel, Wildcard};
        let syntax = |fault| Some(BaseFault::Syntax(fault));
        for (base, fault) in [
            (dns(""), None),
            (dns("*.example.com"), syntax(Wildcard)),
            (dns("example.com."), syntax(EmptyLabel)),
            (dns("..example.com"), syntax(EmptyLabel)),
            (dns("."), syntax(NameFault::Empty)),
            (dns("exam ple"), syntax(Character)),
            (dns("192.0.2.1"), syntax(NumericLastLabel)),
            (mail("invalid@invalid@example.com"), syntax(Character)),
            (mail("@example.com"), syntax(LocalPart)),
            (mail("*.example.com"), syntax(Wildcard)),
            (mail("example.com."), syntax(EmptyLabel)),
            (uri("https://example.com"), syntax(Character)),
            (uri("example.com:443"), syntax(Character)),
            (uri("example.com."), syntax(EmptyLabel)),
            (uri("*.example.com"), syntax(Wildcard)),
            (uri("192.0.2.1"), syntax(NumericLastLabel)),
            (network("192.0.2.0", "255.0.255.0"), Some(BaseFault::Mask)),
            (network("192.0.2.0", "0.255.255.255"), Some(BaseFault::Mask)),
            (network("::", "ffff::1"), Some(BaseFault::Mask)),
            (address("127.0.0.1"), Some(BaseFault::Length)),
            (address("::1"), Some(BaseFault::Length)),
            (GeneralName::IpAddress(vec![0; 0]), Some(BaseFault::Length)),
            (GeneralName::IpAddress(vec![0; 31]), Some(BaseFault::Length)),
            (GeneralName::IpAddress(vec![0; 33]), Some(BaseFault::Length)),
            (GeneralName::RegisteredId(oid::COMMON_NAME), Some(BaseFault::Unsupported)),
        ] {
            assert_eq!(Base::read(&base).err(), fault, "{base:?}");
        }
    }
}
