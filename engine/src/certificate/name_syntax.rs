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
        let last = text.rsplit('.').next().unwrap_or_default();
        if is_number(last) { Err(NameFault::NumericLastLabel) } else { Ok(Self(text)) }
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

/// RFC 1123 2.1: the highest label is alphabetic, so dotted decimal is never a host name. Hexadecimal neither:
/// the resolvers of RFC 6943 3.1.1 take `0x7f000001` for an address.
fn is_number(label: &str) -> bool {
    let hexadecimal = label.strip_prefix("0x").or_else(|| label.strip_prefix("0X"));
    match hexadecimal {
        Some(digits) => digits.bytes().all(|octet| octet.is_ascii_hexdigit()),
        None => label.bytes().all(|octet| octet.is_ascii_digit()),
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
    /// What follows the scheme and its colon.
    specific_part: &'a str,
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
        Ok(Self { scheme, host, specific_part: rest })
    }

    /// The host that a URI-ID names (RFC 9525 6.1.1): that of the authority or, as SIP has none, its equivalent
    /// there. A SIP URI with a user names that user, not the host (RFC 5922 7.1).
    #[must_use]
    pub fn service_host(&self) -> Option<Host<'a>> {
        let is_sip = self.scheme.eq_ignore_ascii_case("sip") || self.scheme.eq_ignore_ascii_case("sips");
        let sip_host =
            || self.specific_part.split([';', '?']).next().filter(|host| !host.contains(['@', '/']));
        self.host.or_else(|| if is_sip { authority_host(sip_host()?).ok() } else { None })
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

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(parse: fn(&str) -> Option<NameFault>, cases: &[(&str, Option<NameFault>)]) {
        for (text, expected) in cases {
            assert_eq!(parse(text), *expected, "{text:?}");
        }
    }

    #[test]
    fn a_host_name_has_the_preferred_syntax() {
        use NameFault::{Character, Empty, EmptyLabel, Hyphen, NumericLastLabel, TooLong, Wildcard};
        let label = |length: usize| "a".repeat(length);
        let (most, beyond) = (label(63), label(64));
        let longest = [label(63), label(63), label(63), label(61)].join(".");
        let too_long = [label(63), label(63), label(63), label(62)].join(".");
        assert_eq!((longest.len(), too_long.len()), (253, 254));
        faults(
            |text| DnsName::parse(text).err(),
            &[
                ("example.com", None),
                ("EXAMPLE.Com", None),
                ("localhost", None),
                ("1.example", None),
                ("4a.a-b--c.9z", None),
                ("xn--bliss-1b3c148a.example.com", None),
                (&most, None),
                (&beyond, Some(TooLong)),
                (&longest, None),
                (&too_long, Some(TooLong)),
                ("", Some(Empty)),
                (".", Some(EmptyLabel)),
                (".example.com", Some(EmptyLabel)),
                ("a..example.com", Some(EmptyLabel)),
                ("example.com.", Some(EmptyLabel)),
                ("-a.example", Some(Hyphen)),
                ("a-.example", Some(Hyphen)),
                ("xn--", Some(Hyphen)),
                ("foo_bar.example.com", Some(Character)),
                ("exa mple.com", Some(Character)),
                (" example.com", Some(Character)),
                ("example.com\0.evil.example", Some(Character)),
                ("example.com\0", Some(Character)),
                ("\u{1f61c}.example.com", Some(Character)),
                ("ex\u{e4}mple.com", Some(Character)),
                ("https://example.com", Some(Character)),
                ("example.com:443", Some(Character)),
                ("*.example.com", Some(Wildcard)),
                ("8.8.8.8", Some(NumericLastLabel)),
                ("example.1", Some(NumericLastLabel)),
                ("2130706433", Some(NumericLastLabel)),
                ("0x7f000001", Some(NumericLastLabel)),
                ("a.0X7F", Some(NumericLastLabel)),
                ("0xg", None),
                ("::1", Some(Character)),
            ],
        );
    }

    #[test]
    fn a_wildcard_is_the_whole_left_most_label() {
        use NameFault::{Empty, EmptyLabel, NumericLastLabel, Wildcard};
        faults(
            |text| PresentedDnsName::parse(text).err(),
            &[
                ("*.example.com", None),
                ("*.com", None),
                ("example.com", None),
                ("*", Some(Wildcard)),
                ("*.", Some(Empty)),
                ("*..com", Some(EmptyLabel)),
                ("*.*.com", Some(Wildcard)),
                ("ba*.example.com", Some(Wildcard)),
                ("*a.example.com", Some(Wildcard)),
                ("foo.*.example.com", Some(Wildcard)),
                ("xn--*-1b3c148a.example.com", Some(Wildcard)),
                ("*.0.2.1", Some(NumericLastLabel)),
                ("192.0.2.*", Some(Wildcard)),
            ],
        );
    }

    #[test]
    fn below_means_whole_labels() {
        let name = |text| DnsName::parse(text).unwrap();
        for (one, base, below) in [
            ("a.example.com", "example.com", true),
            ("b.a.EXAMPLE.com", "Example.COM", true),
            ("example.com", "example.com", false),
            ("notexample.com", "example.com", false),
            ("com", "example.com", false),
            ("example.com.evil.example", "example.com", false),
        ] {
            assert_eq!(name(one).is_below(name(base)), below, "{one} {base}");
        }
        assert_eq!(name("a.b.c").labels(), 3);
        assert_eq!(name("a.b.c").parent().map(DnsName::as_str), Some("b.c"));
        assert!(name("localhost").parent().is_none());
    }

    #[test]
    fn a_mailbox_is_a_local_part_and_a_host() {
        use NameFault::{Address, Character, Empty, EmptyLabel, LocalPart, NumericLastLabel, TooLong};
        let (most, beyond) =
            (format!("{}@a.example", "l".repeat(64)), format!("{}@a.example", "l".repeat(65)));
        faults(
            |text| Mailbox::parse(text).err(),
            &[
                ("user@example.com", None),
                ("*@example.com", None),
                ("a.b+c=d@localhost", None),
                ("\"a@b c\"@example.com", None),
                ("\"a\\\"b\\\\\"@example.com", None),
                ("user@[192.0.2.1]", None),
                ("user@[IPv6:2001:db8::1]", None),
                (&most, None),
                (&beyond, Some(TooLong)),
                ("", Some(LocalPart)),
                ("example.com", Some(LocalPart)),
                ("@example.com", Some(LocalPart)),
                (".a@example.com", Some(LocalPart)),
                ("a.@example.com", Some(LocalPart)),
                ("a..b@example.com", Some(LocalPart)),
                ("a b@example.com", Some(LocalPart)),
                ("a\0@example.com", Some(LocalPart)),
                ("us\u{e9}r@example.com", Some(LocalPart)),
                ("\"a@example.com", Some(LocalPart)),
                ("\"a\\\"@example.com", Some(LocalPart)),
                ("\"a\"b@example.com", Some(LocalPart)),
                ("\"a\0\"@example.com", Some(LocalPart)),
                ("\"", Some(LocalPart)),
                ("a@", Some(Empty)),
                ("a@b@example.com", Some(Character)),
                ("a@example.com\0", Some(Character)),
                ("a@example.com.", Some(EmptyLabel)),
                ("a@192.0.2.1", Some(NumericLastLabel)),
                ("a@[192.0.2.1", Some(Address)),
                ("a@[192.0.2.256]", Some(Address)),
                ("a@[2001:db8::1]", Some(Address)),
                ("a@[]", Some(Address)),
            ],
        );
    }

    #[test]
    fn mailboxes_are_equal_by_meaning() {
        for (one, other, equal) in [
            ("user@example.com", "user@EXAMPLE.com", true),
            ("user@example.com", "User@example.com", false),
            ("user@example.com", "\"user\"@example.com", true),
            ("user@example.com", "\"us\\er\"@example.com", true),
            ("\"a\\\\\"@example.com", "\"a\"@example.com", false),
            ("user@example.com", "user@a.example.com", false),
            ("user@[192.0.2.1]", "user@[192.0.2.1]", true),
            ("user@[192.0.2.1]", "user@[192.0.2.2]", false),
            ("user@[192.0.2.1]", "user@example.com", false),
        ] {
            let equals = Mailbox::parse(one).unwrap().equals(&Mailbox::parse(other).unwrap());
            assert_eq!(equals, equal, "{one} {other}");
        }
    }

    #[test]
    fn a_uri_has_a_scheme_and_a_host_that_nobody_can_misread() {
        use NameFault::{Address, Character, Empty, EmptyLabel, NumericLastLabel, Port, Scheme};
        faults(
            |text| Uri::parse(text).err(),
            &[
                ("http://example.com", None),
                ("HTTP+x.y-z://user:pw@example.com:8080/a?b#c", None),
                ("http://[2001:db8::1]:443/", None),
                ("http://192.0.2.1/", None),
                ("http://example.com:/", None),
                ("urn:uuid:1", None),
                ("file:///a", None),
                ("http://a.example/%41", None),
                ("", Some(Scheme)),
                ("example.com", Some(Scheme)),
                ("//example.com/", Some(Scheme)),
                ("1http://example.com", Some(Scheme)),
                (":a", Some(Scheme)),
                ("http:", Some(Empty)),
                ("http://:80/", Some(Empty)),
                ("http://user@/", Some(Empty)),
                ("http://example.com:80a/", Some(Port)),
                ("http://example.com:80:80/", Some(Port)),
                ("http://[::1]x/", Some(Port)),
                ("http://a@b@example.com/", Some(Character)),
                ("http://[::1]@example.com/", Some(Character)),
                ("http://example.com\\@evil.example/", Some(Character)),
                ("http://exa mple.com", Some(Character)),
                ("http://example.com\0/", Some(Character)),
                ("http://\u{e4}.example/", Some(Character)),
                ("http://ex%61mple.com/", Some(Character)),
                ("http://example.com/%4", Some(Character)),
                ("http://example.com/%zz", Some(Character)),
                ("http://example.com./", Some(EmptyLabel)),
                ("http://[fe80::1%25eth0]/", Some(Address)),
                ("http://[::1/", Some(Address)),
                ("http://[v1.a]/", Some(Address)),
                ("http://[192.0.2.1]/", Some(Address)),
                ("http://127.1/", Some(NumericLastLabel)),
                ("http://2130706433/", Some(NumericLastLabel)),
            ],
        );
    }

    #[test]
    fn the_host_of_a_uri_is_that_of_its_authority() {
        let host = |text| match Uri::parse(text).unwrap().host {
            Some(Host::Name(name)) => name.as_str().to_owned(),
            Some(Host::Address(address)) => address.to_string(),
            None => "none".to_owned(),
        };
        for (text, expected) in [
            ("http://good.example#@evil.example/", "good.example"),
            ("http://good.example?@evil.example/", "good.example"),
            ("http://good.example/@evil.example", "good.example"),
            ("http://good.example@evil.example/", "evil.example"),
            ("http://good.example:1@evil.example:2/", "evil.example"),
            ("http://[::1]:1/", "::1"),
            ("http://192.0.2.1:1/", "192.0.2.1"),
            ("mailto:a@example.com", "none"),
            ("urn:example:a", "none"),
            ("file:///a", "none"),
        ] {
            assert_eq!(host(text), expected, "{text}");
        }
    }

    #[test]
    fn a_sip_uri_names_a_host_without_an_authority() {
        let host = |text| Uri::parse(text).unwrap().service_host().is_some();
        for (text, expected) in [
            ("sip:voice.example", true),
            ("SIPS:voice.example:5061;transport=tls", true),
            ("https://voice.example/", true),
            ("sip:alice@voice.example", false),
            ("sip:voice.example/a", false),
            ("tel:1", false),
            ("xmpp:voice.example", false),
        ] {
            assert_eq!(host(text), expected, "{text}");
        }
    }

    #[test]
    fn an_entry_has_the_syntax_of_its_own_form() {
        let oid = crate::oid::COMMON_NAME;
        for (name, expected) in [
            (GeneralName::DnsName("*.example.com".into()), Ok(())),
            (GeneralName::DnsName("8.8.8.8".into()), Err(NameFault::NumericLastLabel)),
            (GeneralName::Rfc822Name("a@example.com".into()), Ok(())),
            (GeneralName::Rfc822Name("example.com".into()), Err(NameFault::LocalPart)),
            (GeneralName::Uri("urn:a".into()), Ok(())),
            (GeneralName::Uri("a".into()), Err(NameFault::Scheme)),
            (GeneralName::IpAddress(vec![0; 3]), Err(NameFault::Address)),
            (GeneralName::IpAddress(vec![0; 4]), Ok(())),
            (GeneralName::IpAddress(vec![0; 5]), Err(NameFault::Address)),
            (GeneralName::IpAddress(vec![0; 15]), Err(NameFault::Address)),
            (GeneralName::IpAddress(vec![0; 16]), Ok(())),
            (GeneralName::IpAddress(vec![0; 17]), Err(NameFault::Address)),
            (GeneralName::IpAddress(vec![]), Err(NameFault::Address)),
            (GeneralName::RegisteredId(oid), Ok(())),
        ] {
            assert_eq!(check_syntax(&name), expected, "{name:?}");
        }
    }
}
