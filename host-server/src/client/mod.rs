//! A client of a server's own API: one question, one answer, one connection, within bounds of size and time. It follows
//! no redirect, keeps no cookie and asks no proxy, so that the token goes to the server that was named and nowhere else.
//! What an answer means is not its business.

pub mod address;
pub mod candidate;
pub mod document;
mod exchange;
pub mod post;

use std::fmt;

use hyper::Method;
use zeroize::Zeroizing;

use self::address::Address;
use crate::fetch::Roots;

/// Whom to ask, and as whom.
pub struct Client {
    address: Address,
    token: Zeroizing<String>,
    roots: Roots,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("address", &self.address).finish_non_exhaustive()
    }
}

/// A question.
#[derive(Clone, Debug)]
pub struct Ask {
    /// What is done.
    pub method: Method,
    /// The path and the query, encoded.
    pub path: String,
    /// The media type that is wanted.
    pub accept: &'static str,
    /// The version that was seen, as `ETag` gave it.
    pub seen: Option<String>,
    /// A JSON document.
    pub body: Option<String>,
    /// Most octets of the answer.
    pub largest: usize,
}

/// Most octets of an answer where nobody says otherwise: a page of 500 certificates with long names has fewer.
const LARGEST: usize = 16 * 1024 * 1024;

/// An answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The version of the state (`ETag`).
    pub version: Option<String>,
    /// Its media type, without parameters.
    pub media_type: String,
    /// The body.
    pub body: Vec<u8>,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClientFault {
    /// The server cannot be reached, or is none of ours.
    Unreachable(String),
    /// It was reached and gave no answer in time, or a broken one.
    Unanswered(String),
}

impl fmt::Display for ClientFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable(why) | Self::Unanswered(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for ClientFault {}

impl Client {
    /// A client of one server.
    #[must_use]
    pub fn new(address: Address, token: Zeroizing<String>, roots: Roots) -> Self {
        Self { address, token, roots }
    }

    /// Asks and waits for the answer.
    ///
    /// # Errors
    /// [`ClientFault`]. An answer that refuses is an answer.
    pub fn ask(&self, ask: &Ask) -> Result<Answer, ClientFault> {
        let broken = |error: std::io::Error| ClientFault::Unanswered(error.to_string());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(broken)?;
        runtime.block_on(exchange::exchange(self, ask))
    }
}

impl Ask {
    /// A question that changes nothing, answered in JSON.
    #[must_use]
    pub fn get(path: impl Into<String>) -> Self {
        let (path, accept) = (path.into(), "application/json");
        Self { method: Method::GET, path, accept, seen: None, body: None, largest: LARGEST }
    }

    /// A change, with a document where there is one.
    #[must_use]
    pub fn write(method: Method, path: impl Into<String>, body: Option<&serde_json::Value>) -> Self {
        Self { method, body: body.map(serde_json::Value::to_string), ..Self::get(path) }
    }

    /// The same, answered in another form.
    #[must_use]
    pub fn accepting(self, accept: &'static str) -> Self {
        Self { accept, ..self }
    }

    /// The same, with an answer of so many octets at most.
    #[must_use]
    pub fn up_to(self, largest: usize) -> Self {
        Self { largest, ..self }
    }

    /// The same, with further parameters.
    #[must_use]
    pub fn with(self, parameters: &[(&str, Option<&str>)]) -> Self {
        let mut path = self.path;
        for (name, value) in parameters {
            let Some(value) = value else { continue };
            path.push(if path.contains('?') { '&' } else { '?' });
            path.push_str(&format!("{name}={}", encoded(value)));
        }
        Self { path, ..self }
    }
}

/// Text as a part of a path or query (RFC 3986 2.1): everything but unreserved characters by its octets.
#[must_use]
pub fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for octet in text.bytes() {
        match octet {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                encoded.push(char::from(octet));
            }
            _ => encoded.push_str(&format!("%{octet:02X}")),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_encoded_and_those_without_value_left_out() {
        let ask = Ask::get("/a").with(&[("x", Some("a b&c=é")), ("y", None), ("z", Some(""))]);
        assert_eq!(ask.path, "/a?x=a%20b%26c%3D%C3%A9&z=");
        assert_eq!(encoded("../a-._~%"), "..%2Fa-._~%25");
    }
}
