//! A server that answers as badly as it is told, and a proxy that spoils the answers of a good one.
//!
//! A script looks at each request and gives the steps to take on its connection; after the last one the connection
//! is closed. Dropping the server ends every connection and joins every thread.
//!
//! ```ignore
//! // answers 200 with a body that stops half-way, and then says nothing more
//! let server = FaultServer::start(|_| vec![Step::Send(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nha".to_vec()), Step::Stall]);
//! // the first 100 octets of what the responder at `upstream` answers, then a reset
//! let proxy = FaultServer::start(move |_| vec![Step::Relay { upstream, octets: 100 }, Step::Reset]);
//! ```

use std::collections::BTreeMap;
use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// One thing to do on a connection.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// Sends these octets.
    Send(Vec<u8>),
    /// Sends these octets again and again, until the peer has had enough.
    Endless(Vec<u8>),
    /// Sends these octets one by one, with a pause after each.
    Trickle(Vec<u8>, Duration),
    /// Says nothing until the peer goes away.
    Stall,
    /// Resets the connection instead of closing it.
    Reset,
    /// Passes the request on to a good server, and at most so many octets of its answer back.
    Relay {
        /// The good server.
        upstream: SocketAddr,
        /// How much of its answer; `usize::MAX` for all of it.
        octets: usize,
    },
}

/// A request as it was received.
#[derive(Clone, Debug, Default)]
pub(crate) struct Received {
    /// Which connection this is, from 0.
    pub(crate) number: usize,
    /// The request line and header fields.
    pub(crate) head: String,
    /// The body, as long as its `Content-Length` says.
    pub(crate) body: Vec<u8>,
}

impl Received {
    /// The path of the request line.
    pub(crate) fn path(&self) -> &str {
        self.head.split(' ').nth(1).unwrap_or_default()
    }

    /// The value of a header field.
    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        let mut fields = self.head.lines().skip(1).filter_map(|line| line.split_once(':'));
        fields.find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    }
}

/// What a server does with a request.
type Script = dyn Fn(&Received) -> Vec<Step> + Send + Sync;

/// The server.
pub(crate) struct FaultServer {
    address: SocketAddr,
    shared: Arc<Shared>,
    accepting: Option<JoinHandle<()>>,
}

struct Shared {
    script: Box<Script>,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    stopping: bool,
    accepted: usize,
    received: Vec<Received>,
    /// Second handles of the sockets of each connection, to end what blocks on them.
    streams: BTreeMap<usize, Vec<TcpStream>>,
    serving: Vec<JoinHandle<()>>,
}

impl FaultServer {
    /// Starts on a free port of 127.0.0.1.
    pub(crate) fn start(script: impl Fn(&Received) -> Vec<Step> + Send + Sync + 'static) -> Self {
        Self::start_at("127.0.0.1:0", script)
    }

    /// Starts at an address of the loopback interface.
    pub(crate) fn start_at(
        address: &str,
        script: impl Fn(&Received) -> Vec<Step> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind(address).expect("a free port");
        let address = listener.local_addr().expect("an address");
        let shared =
            Arc::new(Shared { script: Box::new(script), state: Mutex::default(), changed: Condvar::new() });
        let accepting = thread::spawn({
            let shared = Arc::clone(&shared);
            move || accept(&listener, &shared)
        });
        Self { address, shared, accepting: Some(accepting) }
    }

    /// A server that gives every request the same answer and closes.
    pub(crate) fn answering(answer: Vec<u8>) -> Self {
        Self::start(move |_| vec![Step::Send(answer.clone())])
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// A URI on it.
    pub(crate) fn uri(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// How many connections it has accepted.
    pub(crate) fn accepted(&self) -> usize {
        self.shared.state.lock().unwrap().accepted
    }

    /// The requests it has received, in the order they were complete.
    pub(crate) fn received(&self) -> Vec<Received> {
        self.shared.state.lock().unwrap().received.clone()
    }

    /// Waits until so many requests were received.
    pub(crate) fn wait_for_requests(&self, number: usize) {
        let state = self.shared.state.lock().unwrap();
        let waited = self
            .shared
            .changed
            .wait_timeout_while(state, Duration::from_secs(60), |state| state.received.len() < number);
        assert!(!waited.unwrap().1.timed_out(), "fewer than {number} requests came");
    }
}

impl Drop for FaultServer {
    fn drop(&mut self) {
        self.shared.state.lock().unwrap().stopping = true;
        // wakes the thread that accepts
        let _woken = TcpStream::connect(self.address);
        if let Some(accepting) = self.accepting.take() {
            let accepted = accepting.join();
            assert!(accepted.is_ok() || thread::panicking(), "the accepting thread panicked");
        }
        let (streams, serving) = {
            let mut state = self.shared.state.lock().unwrap();
            (std::mem::take(&mut state.streams), std::mem::take(&mut state.serving))
        };
        for stream in streams.into_values().flatten() {
            let _gone = stream.shutdown(Shutdown::Both);
        }
        for serving in serving {
            let served = serving.join();
            // a second panic would end the program before the first one is told
            assert!(served.is_ok() || thread::panicking(), "a serving thread panicked");
        }
    }
}

impl Shared {
    fn remember(&self, number: usize, stream: &TcpStream) {
        let second = stream.try_clone().expect("a second handle");
        let mut state = self.state.lock().unwrap();
        if state.stopping {
            // too late to be found by who ends the others
            let _gone = second.shutdown(Shutdown::Both);
        }
        state.streams.entry(number).or_default().push(second);
    }
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    for stream in listener.incoming() {
        let Ok(stream) = stream else { continue };
        let mut state = shared.state.lock().unwrap();
        if state.stopping {
            return;
        }
        let number = state.accepted;
        state.accepted += 1;
        drop(state);
        shared.remember(number, &stream);
        let serving = thread::spawn({
            let shared = Arc::clone(shared);
            move || {
                // whatever the peer does to a connection ends that connection only
                let _ended = serve(stream, number, &shared);
                shared.state.lock().unwrap().streams.remove(&number);
            }
        });
        shared.state.lock().unwrap().serving.push(serving);
    }
}

fn serve(mut stream: TcpStream, number: usize, shared: &Shared) -> std::io::Result<()> {
    let received = receive(&mut stream, number)?;
    {
        let mut state = shared.state.lock().unwrap();
        state.received.push(received.clone());
        shared.changed.notify_all();
    }
    for step in (shared.script)(&received) {
        if let Step::Reset = step {
            return reset(&stream);
        }
        take(step, &mut stream, &received, shared)?;
    }
    stream.shutdown(Shutdown::Both)
}

/// Reads one request.
fn receive(stream: &mut TcpStream, number: usize) -> std::io::Result<Received> {
    let mut head = Vec::new();
    let mut octet = [0];
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut octet)?;
        head.push(octet[0]);
    }
    let head = String::from_utf8(head).map_err(|_| ErrorKind::InvalidData)?;
    let mut received = Received { number, head, body: Vec::new() };
    let length = received.field("content-length").map_or(0, |value| value.parse().expect("a length"));
    received.body.resize(length, 0);
    stream.read_exact(&mut received.body)?;
    Ok(received)
}

fn take(step: Step, stream: &mut TcpStream, received: &Received, shared: &Shared) -> std::io::Result<()> {
    match step {
        Step::Send(octets) => stream.write_all(&octets),
        Step::Endless(octets) => loop {
            stream.write_all(&octets)?;
        },
        Step::Trickle(octets, pause) => octets.iter().try_for_each(|octet| {
            thread::sleep(pause);
            stream.write_all(&[*octet])
        }),
        Step::Stall => std::io::copy(stream, &mut std::io::sink()).map(drop),
        Step::Reset => reset(stream),
        Step::Relay { upstream, octets } => {
            let good = TcpStream::connect(upstream)?;
            shared.remember(received.number, &good);
            relay(stream, received, good, octets)
        }
    }
}

/// Closing a socket that does not linger resets its connection.
fn reset(stream: &TcpStream) -> std::io::Result<()> {
    socket2::SockRef::from(stream).set_linger(Some(Duration::ZERO))
}

fn relay(
    stream: &mut TcpStream,
    received: &Received,
    mut good: TcpStream,
    octets: usize,
) -> std::io::Result<()> {
    good.write_all(received.head.as_bytes())?;
    good.write_all(&received.body)?;
    let mut left = octets;
    let mut buffer = [0; 4_096];
    while left > 0 {
        let read = good.read(&mut buffer)?.min(left);
        if read == 0 {
            break;
        }
        stream.write_all(&buffer[..read])?;
        left -= read;
    }
    Ok(())
}

/// An answer with status 200 whose length is declared.
pub(crate) fn good(content_type: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    answer(&format!("HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nContent-Length: {length}"), body)
}

/// A head without its empty line, and a body.
pub(crate) fn answer(head: &str, body: &[u8]) -> Vec<u8> {
    [head.as_bytes(), b"\r\n\r\n", body].concat()
}

/// An address of the loopback interface where nobody listens, for as long as the listener lives: its port is taken,
/// but on another address.
pub(crate) fn refusing() -> (TcpListener, SocketAddr) {
    let holder = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = holder.local_addr().expect("an address").port();
    (holder, SocketAddr::from(([127, 77, 0, 1], port)))
}

#[test]
fn a_relay_spoils_the_answer_of_a_good_server() {
    let upstream = FaultServer::answering(good("text/plain", b"hello"));
    let address = upstream.address();
    let proxy = FaultServer::start(move |received| match received.path() {
        "/all" => vec![Step::Relay { upstream: address, octets: usize::MAX }],
        _ => vec![Step::Relay { upstream: address, octets: 17 }],
    });
    let ask = |path: &str| {
        let mut stream = TcpStream::connect(proxy.address()).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        answer
    };
    assert_eq!(ask("/all"), good("text/plain", b"hello"));
    assert_eq!(ask("/part"), b"HTTP/1.1 200 OK\r\n");
    upstream.wait_for_requests(2);
    assert_eq!(upstream.received().len(), 2);
    assert_eq!(upstream.received()[0].path(), "/all");
}
