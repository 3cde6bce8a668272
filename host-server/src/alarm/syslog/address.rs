//! Where a syslog receiver is, as it is written in the configuration: `udp://host:514`, `tcp://host`, `tls://[::1]`.

use std::fmt;

/// How a receiver is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// RFC 6587.
    Tcp,
    /// RFC 5425.
    Tls,
    /// RFC 5426.
    Udp,
}

/// A receiver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// How it is reached.
    pub transport: Transport,
    /// A name, or an address without brackets.
    pub host: String,
    /// The port.
    pub port: u16,
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = match self.transport {
            Transport::Tcp => "tcp",
            Transport::Tls => "tls",
            Transport::Udp => "udp",
        };
        let (open, close) = if self.host.contains(':') { ("[", "]") } else { ("", "") };
        write!(f, "{scheme}://{open}{}{close}:{}", self.host, self.port)
    }
}

impl Address {
    /// Reads an address. Without a port it is the one that is registered, or in use: 514, 514 and 6514.
    ///
    /// # Errors
    /// What was found and what was expected.
    pub fn read(text: &str) -> Result<Self, String> {
        let shown: String = text.chars().take(100).collect();
        let wrong = || {
            format!(
                "found `{}`; expected udp://HOST:PORT, tcp://HOST:PORT or tls://HOST:PORT",
                shown.escape_debug()
            )
        };
        let (scheme, rest) = text.split_once("://").ok_or_else(wrong)?;
        let (transport, usual) = match scheme {
            "tcp" => (Transport::Tcp, 514),
            "tls" => (Transport::Tls, 6514),
            "udp" => (Transport::Udp, 514),
            _ => return Err(wrong()),
        };
        let (host, port) = host_and_port(rest, usual).ok_or_else(wrong)?;
        Ok(Self { transport, host, port })
    }
}

/// `HOST`, `HOST:PORT`, `[ADDRESS]` or `[ADDRESS]:PORT`, and the port that is usual where there is none.
pub(in crate::alarm) fn host_and_port(text: &str, usual: u16) -> Option<(String, u16)> {
    let (host, port) = match text.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?,
        None => text.split_at(text.find(':').unwrap_or(text.len())),
    };
    let port = match port.strip_prefix(':') {
        Some(digits) => digits.parse().ok().filter(|port| *port > 0)?,
        None if port.is_empty() => usual,
        None => return None,
    };
    let plain = |octet: u8| octet.is_ascii_alphanumeric() || b".-_:%".contains(&octet);
    let is_host = !host.is_empty() && host.len() <= 253 && host.bytes().all(plain);
    is_host.then(|| (host.to_owned(), port))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_with_and_without_a_port() {
        for (text, again) in [
            ("udp://logs.example.org", "udp://logs.example.org:514"),
            ("tcp://192.0.2.1:601", "tcp://192.0.2.1:601"),
            ("tls://[2001:db8::1]", "tls://[2001:db8::1]:6514"),
            ("tls://[::1]:1", "tls://[::1]:1"),
        ] {
            assert_eq!(Address::read(text).map(|address| address.to_string()), Ok(again.to_owned()));
        }
    }

    #[test]
    fn anything_else_is_told_what_was_expected() {
        for text in [
            "",
            "logs.example.org",
            "http://a",
            "udp://",
            "udp://:514",
            "udp://a:0",
            "udp://a:65536",
            "udp://a:",
            "udp://a:1/b",
            "udp://a b",
            "udp://[::1",
            "udp://[::1]x",
            "udp://a\r\nb",
            "UDP://a",
        ] {
            let wrong = Address::read(text).unwrap_err();
            assert!(wrong.contains("expected udp://HOST:PORT") && !wrong.contains('\n'), "{wrong}");
        }
    }
}
