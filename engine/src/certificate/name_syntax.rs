//! The syntax of the names that stand as text in a GeneralName: DNS names, mailboxes and URIs (RFC 5280
//! 4.2.1.6; RFC 1034 3.5 and RFC 1123 2.1; RFC 5321 4.1.2; RFC 3986 3). A value of one of these types is
//! sound, so those who compare names never look at the syntax again.
//!
//! Nothing is matched here: subtrees and reference identifiers are the path's. Labels are compared as the
//! ASCII they are; no A-label is ever decoded.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::general_name::GeneralName;

/// Longest DNS name as text: 255 octets on the wire (RFC 1035 2.3.4) less the first length and the root.
const MAXIMUM_NAME: usize = 253;
/// Longest label, RFC 1035 2.3.4.
const MAXIMUM_LABEL: usize = 63;
/// Longest local part of a mailbox, RFC 5321 4.5.3.1.1.
const MAXIMUM_LOCAL_PART: usize = 64;

/// Why a text has not the syntax of its form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameFault {
    /// An address of neither 4 nor 16 octets, or a literal that does not spell one.
    Address,
    /// A character that the form does not know, such as NUL, a space or an underscore.
    Character,
    /// Nothing at all.
    Empty,
    /// A label without characters: a leading, trailing or doubled dot.
    EmptyLabel,
    /// A label that begins or ends with a hyphen.
    Hyphen,
    /// A URI without the host that is needed here.
    HostMissing,
    /// A mailbox whose local part is neither a dot-atom nor a quoted string.
    LocalPart,
    /// A last label of digits, as only an IPv4 address has.
    NumericLastLabel,
    /// A port that is not a number.
    Port,
    /// A URI that does not begin with a scheme.
    Scheme,
    /// Longer than the form allows.
    TooLong,
    /// A `*` that is not the whole left-most label, or stands where no wildcard may.
    Wildcard,
}

impl NameFault {
    /// The stable word for this fault.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Character => "character",
            Self::Empty => "empty",
            Self::EmptyLabel => "empty-label",
            Self::Hyphen => "hyphen",
            Self::HostMissing => "host-missing",
            Self::LocalPart => "local-part",
            Self::NumericLastLabel => "numeric-last-label",
            Self::Port => "port",
            Self::Scheme => "scheme",
            Self::TooLong => "too-long",
            Self::Wildcard => "wildcard",
        }
    }
}

/// Whether an entry of subjectAltName has the syntax of its form (RFC 5280 4.2.1.6). Forms without a syntax
/// beyond their encoding always have.
///
/// # Errors
/// The fault.
pub fn check_syntax(name: &GeneralName) -> Result<(), NameFault> {
    match name {
        GeneralName::DnsName(text) => PresentedDnsName::parse(text).map(drop),
        GeneralName::Rfc822Name(text) => Mailbox::parse(text).map(drop),
        GeneralName::Uri(text) => Uri::parse(text).map(drop),
        GeneralName::IpAddress(octets) => address_of(octets).map(drop).ok_or(NameFault::Address),
        GeneralName::OtherName(..)
        | GeneralName::X400Address(_)
        | GeneralName::DirectoryName(_)
        | GeneralName::EdiPartyName(_)
        | GeneralName::RegisteredId(_) => Ok(()),
    }
}

/// The address that an iPAddress of a name holds: 4 octets or 16 (RFC 5280 4.2.1.6).
#[must_use]
pub fn address_of(octets: &[u8]) -> Option<IpAddr> {
    let four = <[u8; 4]>::try_from(octets).map(IpAddr::from);
    four.or_else(|_| <[u8; 16]>::try_from(octets).map(IpAddr::from)).ok()
}

/// A host name in the preferred name syntax of RFC 1034 3.5, as RFC 1123 2.1 amends it: letters, digits and
/// hyphens, no trailing dot, and no last label that would make it an IPv4 address.
#[derive(Clone, Copy, Debug)]
pub struct DnsName<'a>(&'a str);

impl<'a> DnsName<'a> {
    /// Reads a host name.
    ///
    /// # Errors
    /// The first fault found.
    pub fn parse(text: &'a str) -> Result<Self, NameFault> {
        if text.is_empty() {
            return Err(NameFault::Empty);
        }
        if text.len() > MAXIMUM_NAME {
            return Err(NameFault::TooLong);
        }
        text.split('.').try_for_each(check_label)?;
        // RFC 1123 2.1: the highest label is alphabetic, so dotted decimal is never a host name.
        let last = text.rsplit('.').next().unwrap_or_default();
        if last.bytes().all(|octet| octet.is_ascii_digit()) {
            Err(NameFault::NumericLastLabel)
        } else {
            Ok(Self(text))
        }
    }

    /// The name as it stands.
    #[must_use]
    pub fn as_str(self) -> &'a str {
        self.0
    }

    /// How many labels it has; at least one.
    #[must_use]
    pub fn labels(self) -> usize {
        self.0.split('.').count()
    }

    /// The name without its left-most label.
    #[must_use]
    pub fn parent(self) -> Option<Self> {
        self.0.split_once('.').map(|(_, parent)| Self(parent))
    }

    /// The same name, letter case aside (RFC 5280 7.2).
    #[must_use]
    pub fn equals(self, other: DnsName<'_>) -> bool {
        self.0.eq_ignore_ascii_case(other.0)
    }

    /// At least one label to the left of `base`.
    #[must_use]
    pub fn is_below(self, base: DnsName<'_>) -> bool {
        let name = self.0.as_bytes();
        let Some(prefix) = name.len().checked_sub(base.0.len()) else { return false };
        let (left, right) = name.split_at_checked(prefix).unwrap_or_default();
        left.ends_with(b".") && right.eq_ignore_ascii_case(base.0.as_bytes())
    }
}

fn check_label(label: &str) -> Result<(), NameFault> {
    if label.is_empty() {
        return Err(NameFault::EmptyLabel);
    }
    if label.contains('*') {
        return Err(NameFault::Wildcard);
    }
    if !label.bytes().all(|octet| octet.is_ascii_alphanumeric() || octet == b'-') {
        return Err(NameFault::Character);
    }
    if label.starts_with('-') || label.ends_with('-') {
        return Err(NameFault::Hyphen);
    }
    if label.len() > MAXIMUM_LABEL { Err(NameFault::TooLong) } else { Ok(()) }
}

/// A DNS name as a certificate presents it: a host name, or `*.` before one.
#[derive(Clone, Copy, Debug)]
pub enum PresentedDnsName<'a> {
    /// One host name.
    Exact(DnsName<'a>),
    /// Every name with exactly one label more than this one (RFC 9525 6.3).
    Wildcard(DnsName<'a>),
}

impl<'a> PresentedDnsName<'a> {
    /// Reads a dNSName. A wildcard is the whole left-most label or nothing: `a*.example` and
    /// `xn--*.example` are refused, and so is a bare `*`.
    ///
    /// # Errors
    /// The first fault found.
    pub fn parse(text: &'a str) -> Result<Self, NameFault> {
        if text.len() > MAXIMUM_NAME {
            return Err(NameFault::TooLong);
        }
        match text.strip_prefix("*.") {
            Some(parent) => DnsName::parse(parent).map(Self::Wildcard),
            None => DnsName::parse(text).map(Self::Exact),
        }
    }
}

/// The host of a mailbox or a URI.
#[derive(Clone, Copy, Debug)]
pub enum Host<'a> {
    /// An address literal.
    Address(IpAddr),
    /// A host name.
    Name(DnsName<'a>),
}

impl Host<'_> {
    /// The same host: names regardless of case, addresses by value.
    #[must_use]
    pub fn equals(self, other: Host<'_>) -> bool {
        match (self, other) {
            (Self::Address(one), Host::Address(another)) => one == another,
            (Self::Name(one), Host::Name(another)) => one.equals(another),
            (Self::Address(_), Host::Name(_)) | (Self::Name(_), Host::Address(_)) => false,
        }
    }
}

/// A mailbox, `local-part@host` (RFC 5321 4.1.2).
#[derive(Clone, Copy, Debug)]
pub struct Mailbox<'a> {
    local_part: &'a str,
    /// What stands after the `@`.
    pub host: Host<'a>,
}

impl<'a> Mailbox<'a> {
    /// Reads a mailbox.
    ///
    /// # Errors
    /// The first fault found.
    pub fn parse(text: &'a str) -> Result<Self, NameFault> {
        let (local_part, host) = split_mailbox(text).ok_or(NameFault::LocalPart)?;
        if local_part.len() > MAXIMUM_LOCAL_PART {
            return Err(NameFault::TooLong);
        }
        Ok(Self { local_part, host: mail_host(host)? })
    }

    /// The same mailbox: local parts octet for octet, hosts regardless of case (RFC 5280 7.5).
    #[must_use]
    pub fn equals(&self, other: &Mailbox<'_>) -> bool {
        self.host.equals(other.host) && self.local_octets().eq(other.local_octets())
    }

    /// What the local part means: quotes and backslashes are no part of it (RFC 5321 4.1.2), so that a
    /// quoted spelling never escapes a comparison.
    fn local_octets(&self) -> impl Iterator<Item = u8> + '_ {
        let unquoted = self.local_part.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        let mut escaped = false;
        unquoted.unwrap_or(self.local_part).bytes().filter(move |octet| {
            escaped = *octet == b'\\' && !escaped;
            !escaped
        })
    }
}

/// The local part, as it stands, and what follows its `@`. `None` when there is no sound local part.
fn split_mailbox(text: &str) -> Option<(&str, &str)> {
    if text.starts_with('"') {
        let (quoted, rest) = text.split_at_checked(quoted_length(text)?)?;
        return rest.strip_prefix('@').map(|host| (quoted, host));
    }
    let (local_part, host) = text.split_once('@')?;
    let sound = local_part.split('.').all(|atom| !atom.is_empty() && atom.bytes().all(is_atom_text));
    sound.then_some((local_part, host))
}

/// atext, RFC 5322 3.2.3.
fn is_atom_text(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&octet)
}

/// How long the Quoted-string at the beginning of `text` is, both quotes included (RFC 5321 4.1.2).
fn quoted_length(text: &str) -> Option<usize> {
    let mut escaped = false;
    for (position, octet) in text.bytes().enumerate().skip(1) {
        match octet {
            b' '..=b'~' if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return position.checked_add(1),
            b' '..=b'~' => {}
            _ => return None,
        }
    }
    None
}

fn mail_host(text: &str) -> Result<Host<'_>, NameFault> {
    let Some(literal) = text.strip_prefix('[') else { return DnsName::parse(text).map(Host::Name) };
    let literal = literal.strip_suffix(']').ok_or(NameFault::Address)?;
    let address = match literal.split_at_checked(5) {
        Some((tag, address)) if tag.eq_ignore_ascii_case("IPv6:") => {
            address.parse::<Ipv6Addr>().map(IpAddr::V6)
        }
        _ => literal.parse::<Ipv4Addr>().map(IpAddr::V4),
    };
    address.map(Host::Address).map_err(|_| NameFault::Address)
}

/// An absolute URI (RFC 3986 3), as far as names are compared by it.
#[derive(Clone, Copy, Debug)]
pub struct Uri<'a> {
    /// The scheme.
    pub scheme: &'a str,
    /// The host of the authority; `None` without an authority, or with an empty one as in `file:///a`.
    pub host: Option<Host<'a>>,
}

impl<'a> Uri<'a> {
    /// Reads a URI. RFC 5280 4.2.1.6: it is absolute, and the host of its authority is a fully qualified
    /// domain name or an IP address. An address with a zone is neither.
    ///
    /// # Errors
    /// The first fault found.
    pub fn parse(text: &'a str) -> Result<Self, NameFault> {
        check_uri_characters(text)?;
        let (scheme, rest) = text.split_once(':').ok_or(NameFault::Scheme)?;
        let starts_with_letter = scheme.starts_with(|first: char| first.is_ascii_alphabetic());
        if !starts_with_letter
            || !scheme.bytes().all(|octet| octet.is_ascii_alphanumeric() || b"+-.".contains(&octet))
        {
            return Err(NameFault::Scheme);
        }
        if rest.is_empty() {
            return Err(NameFault::Empty);
        }
        let authority = rest.strip_prefix("//").and_then(|rest| rest.split(['/', '?', '#']).next());
        let host = authority.filter(|authority| !authority.is_empty()).map(authority_host).transpose()?;
        Ok(Self { scheme, host })
    }
}

/// RFC 3986 2: reserved and unreserved characters, and `%` with two hexadecimal digits. A backslash is none of
/// them, so nobody can take it for a slash.
fn check_uri_characters(text: &str) -> Result<(), NameFault> {
    let allowed = |octet: u8| octet.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&octet);
    let escape = |rest: &str| rest.bytes().take(2).filter(u8::is_ascii_hexdigit).count() == 2;
    let sound = text.bytes().all(allowed) && text.split('%').skip(1).all(escape);
    if sound { Ok(()) } else { Err(NameFault::Character) }
}

/// `[ userinfo "@" ] host [ ":" port ]`, RFC 3986 3.2.
fn authority_host(authority: &str) -> Result<Host<'_>, NameFault> {
    let host_and_port = match authority.split_once('@') {
        Some((userinfo, _)) if userinfo.contains(['[', ']']) => return Err(NameFault::Character),
        Some((_, rest)) => rest,
        None => authority,
    };
    if let Some(rest) = host_and_port.strip_prefix('[') {
        let (literal, port) = rest.split_once(']').ok_or(NameFault::Address)?;
        check_port(port.strip_prefix(':').or_else(|| port.is_empty().then_some("")))?;
        return literal
            .parse::<Ipv6Addr>()
            .map(|address| Host::Address(address.into()))
            .map_err(|_| NameFault::Address);
    }
    let (host, port) = host_and_port.split_once(':').unwrap_or((host_and_port, ""));
    check_port(Some(port))?;
    match host.parse::<Ipv4Addr>() {
        Ok(address) => Ok(Host::Address(address.into())),
        Err(_) => DnsName::parse(host).map(Host::Name),
    }
}

/// `*DIGIT`, RFC 3986 3.2.3; `None` is something else than a port after an IPv6 address.
fn check_port(port: Option<&str>) -> Result<(), NameFault> {
    let sound = port.is_some_and(|port| port.bytes().all(|octet| octet.is_ascii_digit()));
    if sound { Ok(()) } else { Err(NameFault::Port) }
}
