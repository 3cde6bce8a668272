//! The demonstration's own web server, on loopback and a free port: an OCSP responder (RFC 6960) with several signers,
//! one for each path, and a CRL. It reads each request and answers what the authority's records say.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use engine_cases::certificate::{self, Answer, Asked, Holds, Signature};
use engine_cases::moment::DAY;

use super::authority::Party;

/// Longest request that is read.
const MAXIMUM_OCTETS: u64 = 16 * 1024;
/// How long an answer holds.
const SECONDS_AN_ANSWER_HOLDS: i64 = 3600;

/// What the records say about a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    /// It is not revoked.
    Good,
    /// It is revoked, for the reason with this number (RFC 5280 5.3.1).
    Revoked(u8),
    /// There is no such certificate.
    Unknown,
}

impl Status {
    /// The word of RFC 6960 2.2.
    fn word(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Revoked(6) => "revoked (on hold)",
            Self::Revoked(_) => "revoked",
            Self::Unknown => "unknown",
        }
    }

    /// As an answer says it: what is revoked was a day before.
    fn said(self, now: i64) -> certificate::Status {
        match self {
            Self::Good => certificate::Status::Good,
            Self::Unknown => certificate::Status::Unknown,
            Self::Revoked(reason) => certificate::Status::Revoked { at: now.saturating_sub(DAY), reason },
        }
    }
}

/// Somebody who signs answers, at a path.
#[derive(Debug)]
pub(super) struct Desk {
    /// The path.
    pub(super) path: &'static str,
    /// Whose key signs.
    pub(super) signer: Party,
    /// The name it answers under; its own where this is `None`.
    pub(super) under_name: Option<Vec<u8>>,
    /// Whether its certificate goes with the answer.
    pub(super) sends_certificate: bool,
}

/// What the server answers from.
#[derive(Debug)]
pub(super) struct Records {
    /// The signers.
    pub(super) desks: Vec<Desk>,
    /// The status of each serial number.
    pub(super) statuses: Vec<(u8, Status)>,
    /// The authority's CRL.
    pub(super) crl: Vec<u8>,
    /// The moment.
    pub(super) now: i64,
}

/// The server; it ends when this is dropped.
#[derive(Debug)]
pub(super) struct Server {
    address: SocketAddr,
    heard: Arc<Mutex<Vec<String>>>,
    ends: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

/// A free port on loopback.
///
/// # Errors
/// When there is none.
pub(super) fn listener() -> io::Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
}

impl Server {
    /// Starts to answer.
    ///
    /// # Errors
    /// When no thread can be had.
    pub(super) fn start(listener: TcpListener, records: Records) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let (heard, ends) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicBool::new(false)));
        let (log, end) = (Arc::clone(&heard), Arc::clone(&ends));
        let serve = move || {
            for stream in listener.incoming() {
                if end.load(Ordering::Acquire) {
                    return;
                }
                let Ok(mut stream) = stream else { continue };
                // Whoever goes away before it has its answer learns that on its own side.
                let _ = answer(&mut stream, &records, &log);
            }
        };
        let thread = thread::Builder::new().name("assayer-demo".to_owned()).spawn(serve)?;
        Ok(Self { address, heard, ends, thread: Some(thread) })
    }

    /// What it was asked since this was last called, and what it answered.
    pub(super) fn heard(&self) -> Vec<String> {
        std::mem::take(&mut self.heard.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.ends.store(true, Ordering::Release);
        // Wakes the thread, which is waiting for a connection.
        let woken = TcpStream::connect(self.address);
        if let (Ok(_), Some(thread)) = (woken, self.thread.take()) {
            let _ = thread.join();
        }
    }
}

/// Reads one request, writes down what it was, and answers it.
fn answer(stream: &mut TcpStream, records: &Records, log: &Mutex<Vec<String>>) -> io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    stream.set_write_timeout(Some(Duration::from_secs(5)))?;
    let (path, body) = request(stream)?;
    let (line, answer) = if path == "/demo.crl" {
        ("GET of the CRL; sent the CRL".to_owned(), Some(("application/pkix-crl", records.crl.clone())))
    } else {
        match ocsp(&path, &body, records) {
            Some((line, response)) => (line, Some(("application/ocsp-response", response))),
            None => ("something that is not there".to_owned(), None),
        }
    };
    // Before the answer goes out: whoever has it may look here at once.
    log.lock().unwrap_or_else(PoisonError::into_inner).push(line);
    match answer {
        Some((kind, body)) => send(stream, "200 OK", kind, &body),
        None => send(stream, "404 Not Found", "text/plain", b""),
    }
}

/// What an OCSP request was, and the response to it.
fn ocsp(path: &str, body: &[u8], records: &Records) -> Option<(String, Vec<u8>)> {
    let desk = records.desks.iter().find(|desk| desk.path == path)?;
    let asked = Asked::read(body)?;
    let known = records.statuses.iter().find(|(serial, _)| asked.serial == [*serial]);
    let status = known.map_or(Status::Unknown, |(_, status)| *status);
    let response = respond(desk, &asked, status, records.now);
    Some((format!("{}; answered {}", told(&asked), status.word()), response))
}

/// The path and the body.
fn request(stream: &mut TcpStream) -> io::Result<(String, Vec<u8>)> {
    let mut read = Vec::new();
    let mut stream = stream.take(MAXIMUM_OCTETS);
    loop {
        let mut octets = [0; 1024];
        let count = stream.read(&mut octets)?;
        read.extend(octets.iter().take(count));
        let Some(end) = read.windows(4).position(|four| four == b"\r\n\r\n") else {
            if count == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            continue;
        };
        let (head, body) = read.split_at(end.saturating_add(4));
        let head = String::from_utf8_lossy(head);
        let length = head.lines().filter_map(|line| line.split_once(':'));
        let mut length = length.filter(|(name, _)| name.eq_ignore_ascii_case("content-length"));
        let length: usize = length.next_back().and_then(|(_, value)| value.trim().parse().ok()).unwrap_or(0);
        if body.len() >= length || count == 0 {
            return Ok((head.split(' ').nth(1).unwrap_or_default().to_owned(), body.to_vec()));
        }
    }
}

fn send(stream: &mut TcpStream, status: &str, kind: &str, body: &[u8]) -> io::Result<()> {
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
    );
    stream.write_all(&[head.as_bytes(), body].concat())
}

/// What a request is about, in a few words.
fn told(asked: &Asked<'_>) -> String {
    let serial: String = asked.serial.iter().map(|octet| format!("{octet:02x}")).collect();
    match asked.nonce {
        Some(nonce) => format!("OCSP request about serial {serial}, nonce of {} octets", nonce.len()),
        None => format!("OCSP request about serial {serial}, without a nonce"),
    }
}

/// A response (RFC 6960 4.2.1).
fn respond(desk: &Desk, asked: &Asked<'_>, status: Status, now: i64) -> Vec<u8> {
    let answer = Answer {
        status: status.said(now),
        holds: Holds { from: now, until: now.saturating_add(SECONDS_AN_ANSWER_HOLDS) },
        signature: Signature::True,
        under_name: desk.under_name.as_deref(),
        certificate: desk.sends_certificate.then_some(desk.signer.certificate.as_slice()),
    };
    desk.signer.party.answer(asked, &answer)
}
