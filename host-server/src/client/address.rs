//! Where a server is: scheme, host and port of a URL, and whether a token may be sent there. Plain HTTP is for this
//! machine alone, unless somebody said otherwise in so many words.

use std::fmt;
use std::net::IpAddr;

use hyper::Uri;

/// Where a server is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// Whether it is asked over TLS.
    pub transport: Transport,
    /// The name or address.
    pub host: String,
    /// The port.
    pub port: u16,
}

/// How a server is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// Over TLS.
    Secured,
    /// In the open, on this machine.
    Local,
    /// In the open, wherever it is.
    Open,
}

/// Whether plain HTTP may leave this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlainHttp {
    /// It may.
    Anywhere,
    /// It may not.
    ThisMachine,
}

impl Address {
    /// Reads a URL.
    ///
    /// # Errors
    /// What was expected.
    pub fn of_url(url: &str, plain: PlainHttp) -> Result<Self, String> {
        let uri: Uri = url.parse().map_err(|error| format!("is no URL ({error}); {EXPECTED}"))?;
        let transport = match (uri.scheme_str(), plain) {
            (Some("https"), _) => Transport::Secured,
            (Some("http"), PlainHttp::Anywhere) => Transport::Open,
            (Some("http"), PlainHttp::ThisMachine) => Transport::Local,
            _ => return Err(format!("is neither http nor https; {EXPECTED}")),
        };
        let authority = uri.authority().map(|authority| authority.as_str()).unwrap_or_default();
        if authority.contains('@') || !matches!(uri.path(), "" | "/") || uri.query().is_some() {
            return Err(format!("holds more than a server; {EXPECTED}"));
        }
        let host = uri.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']').to_owned();
        let usual = if transport == Transport::Secured { 443 } else { 80 };
        let address = Self { transport, host, port: uri.port_u16().unwrap_or(usual) };
        if transport == Transport::Local && !address.is_local_by_name() {
            return Err(OPEN.to_owned());
        }
        Ok(address)
    }

    /// The host is this machine, as far as its name says. What the name leads to is looked at when it is connected.
    fn is_local_by_name(&self) -> bool {
        let address = self.host.parse::<IpAddr>().map(|address| address.is_loopback());
        address.unwrap_or_else(|_| self.host.eq_ignore_ascii_case("localhost"))
    }

    /// Host and port, as a request names them.
    #[must_use]
    pub fn authority(&self) -> String {
        if self.host.contains(':') {
            format!("[{}]:{}", self.host, self.port)
        } else {
            format!("{}:{}", self.host, self.port)
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.transport == Transport::Secured { "https" } else { "http" };
        write!(f, "{scheme}://{}", self.authority())
    }
}

const EXPECTED: &str = "expected a server such as https://node-1.example.org:8443";
/// What is told to whoever would send a token in the open.
pub(super) const OPEN: &str = "would send the token over plain http to another machine; expected https, this machine, \
                               or the words --insecure-http";

#[cfg(test)]
mod tests {
    use super::*;

    fn read(url: &str) -> Result<String, String> {
        Address::of_url(url, PlainHttp::ThisMachine).map(|address| address.to_string())
    }

    #[test]
    fn a_server_is_scheme_host_and_port() {
        for (url, expected) in [
            ("http://127.0.0.1:8443", "http://127.0.0.1:8443"),
            ("http://localhost/", "http://localhost:80"),
            ("http://[::1]:9", "http://[::1]:9"),
            ("https://node.example", "https://node.example:443"),
        ] {
            assert_eq!(read(url).as_deref(), Ok(expected));
        }
        for none in [
            "",
            "node.example",
            "ftp://localhost",
            "https://a:b@node.example",
            "https://node.example/api",
            "https://node.example?x",
            "http://",
        ] {
            assert!(read(none).is_err(), "{none}");
        }
    }

    #[test]
    fn a_token_leaves_this_machine_over_tls_or_with_these_words() {
        for url in
            ["http://192.0.2.1", "http://node.example", "http://localhost.example", "http://[2001:db8::1]"]
        {
            assert_eq!(read(url), Err(OPEN.to_owned()), "{url}");
            assert!(Address::of_url(url, PlainHttp::Anywhere).is_ok(), "{url}");
        }
    }
}
