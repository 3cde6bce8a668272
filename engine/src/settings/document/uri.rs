//! Which URIs a document may name as a source of revocation status: what a host can fetch by itself and nothing else
//! (RFC 3986 3, RFC 9110 4.2). Where a fetch may go, and what an address resolves to, is the host's to judge.

use std::net::Ipv6Addr;

/// Longest accepted URI, in octets. Ours: several times the longest that authorities publish.
pub const MAXIMUM_OCTETS: usize = 1024;

/// Why a URI cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UriProblem {
    /// A character that stands in no URI, or `%` without two hexadecimal digits (RFC 3986 2).
    Character,
    /// A fragment, which is never sent (RFC 9110 4.2.5).
    Fragment,
    /// No host, or one that is neither a name nor an address (RFC 3986 3.2.2).
    Host,
    /// Longer than [`MAXIMUM_OCTETS`].
    Length,
    /// A port that is no number from 1 to 65535.
    Port,
    /// Not absolute, or neither `http` nor `https`.
    Scheme,
    /// User information, which hides the host from readers and hands out a secret (RFC 9110 4.2.4).
    UserInformation,
}

impl UriProblem {
    /// Every problem.
    pub const ALL: [Self; 7] = [
        Self::Character,
        Self::Fragment,
        Self::Host,
        Self::Length,
        Self::Port,
        Self::Scheme,
        Self::UserInformation,
    ];

    /// The stable word for this problem.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Character => "character",
            Self::Fragment => "fragment",
            Self::Host => "host",
            Self::Length => "length",
            Self::Port => "port",
            Self::Scheme => "scheme",
            Self::UserInformation => "user-information",
        }
    }
}

/// An absolute `http` or `https` URI with a host and without user information or fragment.
///
/// # Errors
/// The first [`UriProblem`] that is met.
pub(super) fn check(uri: &str) -> Result<(), UriProblem> {
    if uri.len() > MAXIMUM_OCTETS {
        return Err(UriProblem::Length);
    }
    check_characters(uri)?;
    let (scheme, rest) = uri.split_once("://").ok_or(UriProblem::Scheme)?;
    if !["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known)) {
        return Err(UriProblem::Scheme);
    }
    if rest.contains('#') {
        return Err(UriProblem::Fragment);
    }
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    if authority.contains('@') {
        return Err(UriProblem::UserInformation);
    }
    check_authority(authority)
}

/// RFC 3986 2: unreserved and reserved characters, and octets as `%` with two digits. Quotation marks and backslashes
/// are neither, so a URI can be written back as it is.
fn check_characters(uri: &str) -> Result<(), UriProblem> {
    let known = |octet: u8| octet.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&octet);
    let hexadecimal = |pair: &str| pair.len() == 2 && pair.bytes().all(|octet| octet.is_ascii_hexdigit());
    let escapes = uri.split('%').skip(1);
    if uri.bytes().all(known) && escapes.into_iter().all(|rest| rest.get(..2).is_some_and(hexadecimal)) {
        return Ok(());
    }
    Err(UriProblem::Character)
}

fn check_authority(authority: &str) -> Result<(), UriProblem> {
    let (host, port) = match authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, rest)) => {
            address.parse::<Ipv6Addr>().map_err(|_| UriProblem::Host)?;
            (
                address,
                if rest.is_empty() { None } else { Some(rest.strip_prefix(':').ok_or(UriProblem::Host)?) },
            )
        }
        None => {
            let (host, port) =
                authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port)));
            check_host(host)?;
            (host, port)
        }
    };
    if host.is_empty() {
        return Err(UriProblem::Host);
    }
    // Digits alone: `parse` would take a sign.
    let sound = |port: &str| {
        port.bytes().all(|octet| octet.is_ascii_digit()) && port.parse::<u16>().is_ok_and(|number| number > 0)
    };
    if port.is_none_or(sound) { Ok(()) } else { Err(UriProblem::Port) }
}

/// Letters, digits, hyphens and underscores between dots: host names in use and IPv4 addresses (RFC 1123 2.1).
fn check_host(host: &str) -> Result<(), UriProblem> {
    let plain = |octet: u8| octet.is_ascii_alphanumeric() || octet == b'-' || octet == b'_';
    // One dot at the end is the root of the DNS.
    let labels = host.strip_suffix('.').unwrap_or(host);
    let sound = labels.split('.').all(|label| !label.is_empty() && label.bytes().all(plain));
    if sound { Ok(()) } else { Err(UriProblem::Host) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_host_can_fetch_is_accepted() {
        for uri in [
            "http://ocsp.example",
            "HTTPS://ocsp.example/",
            "http://ocsp.example.:80/a?b=c&d=%20",
            "http://192.0.2.1:65535/",
            "http://[2001:db8::1]",
            "https://[2001:db8::1]:1/a%2Fb",
            "http://a_b-c/;x='(1)'?http://u@v:0/",
        ] {
            assert_eq!(check(uri), Ok(()), "{uri}");
        }
    }

    #[test]
    fn every_other_uri_has_its_problem() {
        use UriProblem as P;
        for (uri, problem) in [
            ("", P::Scheme),
            ("ocsp.example", P::Scheme),
            ("//ocsp.example/", P::Scheme),
            ("/a", P::Scheme),
            ("http:ocsp.example", P::Scheme),
            ("ftp://ocsp.example/", P::Scheme),
            ("ldap://ocsp.example/", P::Scheme),
            ("file:///etc/passwd", P::Scheme),
            ("xhttp://ocsp.example/", P::Scheme),
            ("http://", P::Host),
            ("http:///a", P::Host),
            ("http://:80/", P::Host),
            ("http://a..b/", P::Host),
            ("http://.a/", P::Host),
            ("http://./", P::Host),
            ("http://a%2eb/", P::Host),
            ("http://[2001:db8::1/", P::Host),
            ("http://[192.0.2.1]/", P::Host),
            ("http://[::1]x/", P::Host),
            ("http://[]/", P::Host),
            ("http://2001:db8::1/", P::Port),
            ("http://a:/", P::Port),
            ("http://a:0/", P::Port),
            ("http://a:65536/", P::Port),
            ("http://a:+80/", P::Port),
            ("http://[::1]:/", P::Port),
            ("http://user@a/", P::UserInformation),
            ("http://user:word@a/", P::UserInformation),
            ("http://a.example@b.example/", P::UserInformation),
            ("http://a/#b", P::Fragment),
            ("http://a#b", P::Fragment),
            ("http://a/ b", P::Character),
            (" http://a/", P::Character),
            ("http://a/\n", P::Character),
            ("http://a/\u{0}", P::Character),
            ("http://a/\"", P::Character),
            ("http://a\\b/", P::Character),
            ("http://ä.example/", P::Character),
            ("http://a/%2", P::Character),
            ("http://a/%", P::Character),
            ("http://a/%2ä", P::Character),
            ("http://a/%zz", P::Character),
            ("http://a/<b>", P::Character),
        ] {
            assert_eq!(check(uri), Err(problem), "{uri:?}");
        }
    }

    #[test]
    fn a_uri_is_read_up_to_its_longest_form() {
        let uri = |octets: usize| format!("http://a/{:b<1$}", "", octets.saturating_sub("http://a/".len()));
        assert_eq!(check(&uri(MAXIMUM_OCTETS)), Ok(()));
        assert_eq!(check(&uri(MAXIMUM_OCTETS + 1)), Err(UriProblem::Length));
    }

    #[test]
    fn every_problem_has_a_word_of_its_own() {
        let words: std::collections::BTreeSet<_> =
            UriProblem::ALL.iter().map(|problem| problem.word()).collect();
        assert_eq!(words.len(), UriProblem::ALL.len());
    }
}
