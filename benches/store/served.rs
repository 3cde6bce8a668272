//! The same store behind a real `assayer serve`: one connection, one request after another, as an administrator's page
//! sends them.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use super::{AUTHORITIES, CALLS, CERTIFICATES, Row, authority, leaf, row, said};

/// A server that is gone at the end.
pub(crate) struct Server {
    child: Child,
    stream: BufReader<TcpStream>,
    /// Where it listens.
    pub(crate) address: String,
    pub(crate) token: String,
}

/// Measures pages and uploads over HTTP.
pub(super) fn measure(directory: &Path) -> Result<Vec<Row>, String> {
    let mut server = Server::start(directory, &[])?;
    let mut rows = Vec::new();
    for (work, query) in LISTS {
        let mut times = Vec::new();
        let mut entries = 0;
        for _ in 0..CALLS {
            let start = Instant::now();
            let page = server.ask("GET", &format!("/api/v1/certificates?limit=100{query}"), "")?;
            times.push(start.elapsed());
            entries = page.get("items").and_then(|items| items.as_array()).map_or(0, Vec::len);
        }
        rows.push(row(work, times, entries));
    }
    rows.push(server.uploads("HTTP: upload of a peer's certificate", |issuers, number| {
        Ok(leaf(issuers, 2_000_000 + number * 10 + 2)?.issue().der)
    })?);
    rows.push(
        server.uploads("HTTP: upload of an authority", |_, number| Ok(authority(3_000_000 + number).der))?,
    );
    rows.push(server.deletions()?);
    Ok(rows)
}

/// Filters as the storage's own list has them.
const LISTS: [(&str, &str); 5] = [
    ("HTTP: first page by common name", ""),
    ("HTTP: common name contains, many, by expiry", "&common_name=host-1&sort=expiry"),
    ("HTTP: common name contains, one, by common name", "&common_name=T-77777.EX"),
    ("HTTP: common name contains, none, by key type", "&common_name=nowhere&sort=key-type"),
    (
        "HTTP: every criterion, by common name",
        "&common_name=7.example&kind=trust&room=tomcat-trust&key_type=rsa%202048&expires_after=2027-01-15T08:00:00Z",
    ),
];

impl Server {
    /// Starts one on a directory, with further options.
    pub(crate) fn start(directory: &Path, options: &[&str]) -> Result<Self, String> {
        let program = std::env::current_exe().map_err(said)?.with_file_name("assayer");
        let mut command = Command::new(&program);
        command.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(directory).args(options);
        let child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let mut child = child.map_err(|error| format!("{}: {error}; build it first", program.display()))?;
        let mut lines = BufReader::new(child.stdout.take().ok_or("no output")?).lines();
        let mut token = String::new();
        while let Some(Ok(line)) = lines.next() {
            if let Some(word) = line.split_whitespace().find(|word| word.starts_with("assayer_")) {
                word.clone_into(&mut token);
            }
            if let Some(address) = line.strip_prefix("listening on http://") {
                let stream = BufReader::new(TcpStream::connect(address).map_err(said)?);
                stream.get_ref().set_nodelay(true).map_err(said)?;
                return Ok(Self { child, stream, address: address.to_owned(), token });
            }
        }
        let _ = child.kill();
        let _ = child.wait();
        Err("the server did not start".to_owned())
    }

    /// Sends a request and reads its answer, which must be a success.
    pub(crate) fn ask(&mut self, method: &str, path: &str, body: &str) -> Result<serde_json::Value, String> {
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            self.token,
            body.len()
        );
        self.stream.get_mut().write_all(request.as_bytes()).map_err(said)?;
        let (mut line, mut length, mut status) = (String::new(), 0, String::new());
        while line != "\r\n" {
            line.clear();
            self.stream.read_line(&mut line).map_err(said)?;
            let lower = line.to_ascii_lowercase();
            if let Some(value) = lower.strip_prefix("content-length:") {
                length = value.trim().parse().map_err(said)?;
            }
            if lower.starts_with("http/1.1") {
                status.clone_from(&line);
            }
        }
        let mut octets = vec![0; length];
        self.stream.read_exact(&mut octets).map_err(said)?;
        match status.contains(" 200 ") {
            true => serde_json::from_slice(&octets).map_err(said),
            false => Err(format!("{}{}", status, String::from_utf8_lossy(&octets))),
        }
    }

    /// Uploads to a trust store.
    fn uploads(
        &mut self,
        work: &'static str,
        made: impl Fn(&[super::Issued], u32) -> Result<Vec<u8>, String>,
    ) -> Result<Row, String> {
        let issuers: Vec<super::Issued> = (0..AUTHORITIES).map(authority).collect();
        let mut times = Vec::new();
        for number in 0..CALLS {
            let file = base64(&made(&issuers, number)?);
            let body = serde_json::json!({ "file": file, "kind": "trust", "room": "tomcat-trust" });
            let start = Instant::now();
            self.ask("POST", "/api/v1/certificates", &body.to_string())?;
            times.push(start.elapsed());
        }
        Ok(row(work, times, 1))
    }

    /// Takes authorities out that a hundred certificates rest on.
    fn deletions(&mut self) -> Result<Row, String> {
        let mut times = Vec::new();
        for number in (0..AUTHORITIES).filter(|number| number % 10 == 2).take(CALLS as usize) {
            let path = format!("/api/v1/certificates?common_name=Authority%20{number}&limit=500");
            let page = self.ask("GET", &path, "")?;
            let named = |item: &&serde_json::Value| item["common-name"] == format!("Authority {number}");
            let items = page["items"].as_array().ok_or("no items")?;
            let found = items.iter().find(named).ok_or("no such authority")?;
            let fingerprint = found["fingerprint"].as_str().unwrap_or_default();
            let start = Instant::now();
            let path = format!("/api/v1/certificates/trust/tomcat-trust/{fingerprint}");
            self.ask("DELETE", &path, "")?;
            times.push(start.elapsed());
        }
        Ok(row(
            "HTTP: deletion of an authority above a hundred",
            times,
            CERTIFICATES as usize / AUTHORITIES as usize,
        ))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Base64 (RFC 4648 4).
pub(crate) fn base64(octets: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in octets.chunks(3) {
        let octet = |place: usize| u32::from(three.get(place).copied().unwrap_or(0));
        let bits = (octet(0) << 16) | (octet(1) << 8) | octet(2);
        for place in 0..4 {
            let letter = LETTERS.get((bits >> (18 - 6 * place)) as usize & 63).copied().unwrap_or(b'=');
            text.push(if place <= three.len() { char::from(letter) } else { '=' });
        }
    }
    text
}
