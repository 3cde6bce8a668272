//! How much a fetch may take. Every number is a default that a deployment may change; none means "no limit".

use std::time::Duration;

/// How much a fetch may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Longest time for one connection, its TLS handshake included.
    pub connect: Duration,
    /// Longest time from sending a request to the end of the head of its answer.
    pub head: Duration,
    /// Longest silence within a body.
    pub idle: Duration,
    /// Longest time for everything, redirects and waiting for one's turn included.
    pub total: Duration,
    /// The same for a CRL, which may be some hundred times as large.
    pub total_for_crl: Duration,
    /// Most redirects.
    pub redirects: usize,
    /// Most header fields of an answer.
    pub header_fields: usize,
    /// Largest head of an answer in octets; less than 8 KiB counts as 8 KiB.
    pub header_octets: usize,
    /// Largest body in octets, where the request does not say less.
    pub octets: u32,
    /// Most addresses of one name that are tried.
    pub addresses: usize,
    /// Most connections at once.
    pub connections: usize,
    /// Most connections at once to one responder, so that a dead one cannot hold all of them.
    pub connections_to_one: usize,
}

impl Default for Limits {
    /// Chromium gives a certificate fetch 15 s; OpenSSL takes CRLs of up to 32 MiB; Boulder's validation authority
    /// follows 10 redirects, and a responder that needs more than 5 is none.
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(4),
            head: Duration::from_secs(6),
            idle: Duration::from_secs(4),
            total: Duration::from_secs(15),
            total_for_crl: Duration::from_secs(60),
            redirects: 5,
            header_fields: 64,
            header_octets: 16 * 1024,
            octets: 32 * 1024 * 1024,
            addresses: 4,
            connections: 64,
            connections_to_one: 4,
        }
    }
}
