//! Where a request goes: a URI taken apart strictly, before any name is resolved. It refuses what it does not
//! understand instead of repairing it, because two readings of one URI are how a check is passed for one host and
//! the connection made to another.
//!
//! RFC 3986 for the syntax and for relative references (5.2), RFC 9110 4.2 for `http` and `https`. Differences:
//! user information is refused (RFC 9110 4.2.4 asks recipients to distrust it), an empty port too; a host is an
//! IPv4 address in four plain decimals, an IPv6 address in brackets, or a name. Decimal, octal, hexadecimal and
//! short forms of IPv4 addresses, which some resolvers read as addresses, are none of the three.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use hyper::Uri;

/// The longest URI, in octets. Boulder's validation authority takes paths of up to 2,000.
const LONGEST: usize = 2_048;
/// The longest name and the longest label (RFC 1035 2.3.4).
const LONGEST_NAME: usize = 253;
const LONGEST_LABEL: usize = 63;

/// The two schemes there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scheme {
    /// Plain.
    Http,
    /// Over TLS.
    Https,
}

/// A host as it stands in a URI.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Host {
    /// An address.
    Address(IpAddr),
    /// A name in lower case, without a dot at the end.
    Name(String),
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(IpAddr::V4(address)) => write!(f, "{address}"),
            Self::Address(IpAddr::V6(address)) => write!(f, "[{address}]"),
            Self::Name(name) => f.write_str(name),
        }
    }
}

/// A URI that can be requested.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Target {
    /// Its scheme.
    pub scheme: Scheme,
    /// Its host.
    pub host: Host,
    /// Its port, that of the scheme where the URI names none.
    pub port: u16,
    /// Its path and query, as they are sent.
    pub path: String,
}

impl Target {
    /// Takes a URI apart.
    ///
    /// # Errors
    /// [`Unsupported`] says what about it cannot be fetched.
    pub fn parse(uri: &str) -> Result<Self, Unsupported> {
        if uri.len() > LONGEST {
            return Err(Unsupported::Length);
        }
        let uri: Uri = uri.parse().map_err(|_| Unsupported::Syntax)?;
        let scheme = match uri.scheme_str().map(str::to_ascii_lowercase).as_deref() {
            Some("http") => Scheme::Http,
            Some("https") => Scheme::Https,
            Some(_) => return Err(Unsupported::Scheme),
            None => return Err(Unsupported::Syntax),
        };
        let authority = uri.authority().ok_or(Unsupported::Syntax)?.as_str();
        let (host, port) = split_authority(authority)?;
        let port = port.map_or(Ok(scheme.port()), parse_port)?;
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        // a query without a path, as in `http://host?query`
        let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
        Ok(Self { scheme, host: parse_host(host)?, port, path })
    }

    /// The target of a reference found in an answer from here (RFC 3986 5.2.2).
    ///
    /// # Errors
    /// [`Unsupported`] as for [`Target::parse`].
    pub fn join(&self, reference: &str) -> Result<Self, Unsupported> {
        let here = self.authority();
        if has_scheme(reference) {
            Self::parse(reference)
        } else if let Some(rest) = reference.strip_prefix("//") {
            Self::parse(&format!("{}://{rest}", self.scheme.name()))
        } else if reference.starts_with('/') {
            Self::parse(&format!("{}://{here}{reference}", self.scheme.name()))
        } else {
            let path = self.path.split('?').next().unwrap_or_default();
            if reference.is_empty() || reference.starts_with(['?', '#']) {
                return Self::parse(&format!("{}://{here}{path}{reference}", self.scheme.name()));
            }
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            // Dot segments are left to the server: they change nothing about where the request goes.
            Self::parse(&format!("{}://{here}{folder}/{reference}", self.scheme.name()))
        }
    }

    /// Host and port, as the `Host` field says them: the port only where it is not the scheme's own.
    #[must_use]
    pub fn authority(&self) -> String {
        if self.port == self.scheme.port() {
            self.host.to_string()
        } else {
            format!("{}:{}", self.host, self.port)
        }
    }
}

impl Scheme {
    fn port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }
}

/// Why a URI cannot be fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unsupported {
    /// It is longer than any honest one.
    Length,
    /// It is no absolute URI.
    Syntax,
    /// Its scheme is neither `http` nor `https`.
    Scheme,
    /// It holds a user name or a password.
    UserInformation,
    /// Its host is neither a name nor an address in its usual form.
    Host,
    /// Its port is no port.
    Port,
}

impl fmt::Display for Unsupported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Length => "the URI is too long",
            Self::Syntax => "not an absolute URI",
            Self::Scheme => "the scheme is neither `http` nor `https`",
            Self::UserInformation => "the URI holds user information",
            Self::Host => "the host is neither a name nor an address in its usual form",
            Self::Port => "the port is no port",
        })
    }
}

impl std::error::Error for Unsupported {}

/// Whether a reference begins with a scheme (RFC 3986 3.1).
fn has_scheme(reference: &str) -> bool {
    let Some((scheme, _)) = reference.split_once(':') else { return false };
    scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.chars().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '+' | '-' | '.'))
}

/// The host, with its brackets, and the port.
fn split_authority(authority: &str) -> Result<(&str, Option<&str>), Unsupported> {
    if authority.contains('@') {
        return Err(Unsupported::UserInformation);
    }
    let end_of_host = authority.rfind(']').map_or(0, |bracket| bracket.saturating_add(1));
    let (bracketed, rest) = authority.split_at_checked(end_of_host).ok_or(Unsupported::Host)?;
    match (bracketed, rest.split_once(':')) {
        ("", Some((host, port))) => Ok((host, Some(port))),
        ("", None) => Ok((rest, None)),
        (_, Some(("", port))) => Ok((bracketed, Some(port))),
        (_, None) if rest.is_empty() => Ok((bracketed, None)),
        _ => Err(Unsupported::Host),
    }
}

fn parse_port(port: &str) -> Result<u16, Unsupported> {
    let digits = !port.is_empty() && port.bytes().all(|octet| octet.is_ascii_digit());
    match port.parse() {
        Ok(port) if digits && port != 0 => Ok(port),
        _ => Err(Unsupported::Port),
    }
}

fn parse_host(host: &str) -> Result<Host, Unsupported> {
    if let Some(inside) = host.strip_prefix('[') {
        let address = inside.strip_suffix(']').ok_or(Unsupported::Host)?;
        // the standard library's reader takes no zone, which would name an interface of this host
        let address: Ipv6Addr = address.parse().map_err(|_| Unsupported::Host)?;
        return Ok(Host::Address(address.into()));
    }
    // the standard library's reader takes four decimals without leading zeros and nothing else
    if let Ok(address) = host.parse::<Ipv4Addr>() {
        return Ok(Host::Address(address.into()));
    }
    let name = host.strip_suffix('.').unwrap_or(host);
    let sound = name.len() <= LONGEST_NAME && name.split('.').all(is_label) && !ends_in_a_number(name);
    if sound { Ok(Host::Name(name.to_ascii_lowercase())) } else { Err(Unsupported::Host) }
}

/// Letters, digits, hyphens, and the underscore that some networks use.
fn is_label(label: &str) -> bool {
    let letters = |octet: u8| octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'_');
    (1..=LONGEST_LABEL).contains(&label.len()) && label.bytes().all(letters)
}

/// Whether a resolver might read the name as an IPv4 address: its last label is a number in any base. No
/// top-level domain is one.
fn ends_in_a_number(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or_default();
    let hexadecimal = last.strip_prefix("0x").or_else(|| last.strip_prefix("0X"));
    let in_base_16 = |digits: &str| digits.bytes().all(|octet| octet.is_ascii_hexdigit());
    last.bytes().all(|octet| octet.is_ascii_digit()) || hexadecimal.is_some_and(in_base_16)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(scheme: Scheme, host: &str, port: u16, path: &str) -> Target {
        Target { scheme, host: parse_host(host).unwrap(), port, path: path.to_owned() }
    }

    #[test]
    fn uris_of_certificates_are_taken_apart() {
        for (uri, expected) in [
            ("http://ocsp.example.com", target(Scheme::Http, "ocsp.example.com", 80, "/")),
            ("HTTP://OCSP.Example.COM/", target(Scheme::Http, "ocsp.example.com", 80, "/")),
            ("https://crl.example/a/b.crl?x=1", target(Scheme::Https, "crl.example", 443, "/a/b.crl?x=1")),
            ("http://crl.example:8080/c", target(Scheme::Http, "crl.example", 8080, "/c")),
            ("http://crl.example./c", target(Scheme::Http, "crl.example", 80, "/c")),
            ("http://host?query", target(Scheme::Http, "host", 80, "/?query")),
            ("http://host/a#fragment", target(Scheme::Http, "host", 80, "/a")),
            ("http://8.8.8.8/", target(Scheme::Http, "8.8.8.8", 80, "/")),
            ("http://[2003::1]:81/", target(Scheme::Http, "[2003::1]", 81, "/")),
            ("http://1.example/", target(Scheme::Http, "1.example", 80, "/")),
            ("http://0x7f.example/", target(Scheme::Http, "0x7f.example", 80, "/")),
        ] {
            assert_eq!(Target::parse(uri), Ok(expected), "{uri}");
        }
    }

    #[test]
    fn what_cannot_be_fetched_is_refused_and_not_repaired() {
        let long_name = format!("http://{}example/", "a.".repeat(130));
        let long_label = format!("http://{}.example/", "a".repeat(64));
        for (uri, expected) in [
            ("", Unsupported::Syntax),
            ("/path", Unsupported::Syntax),
            ("ocsp.example.com", Unsupported::Syntax),
            ("http://", Unsupported::Syntax),
            ("http:///path", Unsupported::Syntax),
            ("http:ocsp.example.com", Unsupported::Syntax),
            ("http://ho st/", Unsupported::Syntax),
            ("http://host/a b", Unsupported::Syntax),
            ("http://host/\r\nX: y", Unsupported::Syntax),
            ("http://host\\@inner/", Unsupported::Syntax),
            ("http://h\u{f6}st/", Unsupported::Syntax),
            ("ftp://host/", Unsupported::Scheme),
            ("ldap://host/cn=x", Unsupported::Scheme),
            ("gopher://host/", Unsupported::Scheme),
            ("file://host/etc/passwd", Unsupported::Scheme),
            ("http://user@host/", Unsupported::UserInformation),
            ("http://user:word@host/", Unsupported::UserInformation),
            ("http://8.8.8.8@127.0.0.1/", Unsupported::UserInformation),
            ("http://host:/", Unsupported::Port),
            ("http://host:0/", Unsupported::Port),
            ("http://host:65536/", Unsupported::Port),
            ("http://host:+80/", Unsupported::Port),
            (long_name.as_str(), Unsupported::Host),
            (long_label.as_str(), Unsupported::Host),
            ("http://a..example/", Unsupported::Host),
            ("http://[fe80::1%25eth0]/", Unsupported::Host),
            ("http://[::1]x/", Unsupported::Host),
            ("http://ho%73t/", Unsupported::Syntax),
        ] {
            assert_eq!(Target::parse(uri), Err(expected), "{uri}");
        }
        let path = "a".repeat(LONGEST - "http://host/".len());
        assert!(Target::parse(&format!("http://host/{path}")).is_ok());
        assert_eq!(Target::parse(&format!("http://host/{path}a")), Err(Unsupported::Length));
    }

    #[test]
    fn addresses_in_other_clothes_are_no_hosts() {
        for host in [
            "2130706433",
            "017700000001",
            "0x7f000001",
            "0X7F000001",
            "127.1",
            "127.0.1",
            "0177.0.0.1",
            "0x7f.0.0.1",
            "127.0.0.01",
            "127.0.0.1.",
            "127.0.0.256",
            "1.2.3.4.5",
            "0x",
            "host.0x1",
            "a.1",
        ] {
            assert_eq!(Target::parse(&format!("http://{host}/")), Err(Unsupported::Host), "{host}");
        }
    }

    #[test]
    fn references_are_joined_to_where_they_were_found() {
        let base = Target::parse("http://host:81/a/b?q").unwrap();
        for (reference, expected) in [
            ("https://other/c", "https://other/c"),
            ("//other/c", "http://other/c"),
            ("/c?d", "http://host:81/c?d"),
            ("c", "http://host:81/a/c"),
            ("c:d/e", "c:d/e"),
            ("?x", "http://host:81/a/b?x"),
            ("", "http://host:81/a/b"),
        ] {
            assert_eq!(base.join(reference), Target::parse(expected), "{reference}");
        }
        assert_eq!(base.join("file:///etc/passwd"), Target::parse("file:///etc/passwd"));
        assert!(base.join("file:///etc/passwd").is_err());
    }
}
