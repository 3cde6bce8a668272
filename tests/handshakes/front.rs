//! What stands on both sides of a web server that asks us: `assayer serve` with client classes, an application that must
//! not be reached by anybody else, and clients that show certificates.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use host_server::verifier::rustls::pki_types::ServerName;
use host_server::verifier::rustls::{ClientConfig, ClientConnection, StreamOwned};
use serde_json::json;

use crate::client::Asked;
use crate::contract::project;
use crate::fault::{FaultServer, good};
use crate::process::{Place, Server};
use crate::realm::Realm;
use crate::shake::NAME;

/// The classes that tests ask for: the same clients in both modes, and where nobody answering denies.
pub(crate) const CLASSES: [&str; 3] = ["off", "on", "strict"];

/// A server that decides about the realm's leaves and asks its responder at the moment of the question. `more` is
/// further configuration.
pub(crate) fn assayer(realm: &Realm, more: &str) -> Server {
    let place = Place::new();
    let policy = place.file("strict.toml", "[revocation]\nundetermined = \"deny\"\n");
    let class = |name: &str, rest: &str| {
        format!(
            "[[decide.class]]\nname = \"{name}\"\nstore = \"tomcat-trust\"\npurpose = \"client-auth\"\n{rest}\n"
        )
    };
    let configuration = [
        more.to_owned(),
        format!(
            "[fetch]\nonline = true\nallow = [\"127.0.0.0/8\"]\nports = [{}]\n",
            realm.ocsp.address().port()
        ),
        class("off", ""),
        class("on", "mode = \"common-criteria\""),
        class("strict", &format!("policy = \"{policy}\"")),
    ];
    let file = place.file("assayer.toml", configuration.concat());
    let server = Server::at(place, &["--config", &file]);
    let upload = json!({ "file": pem(realm, "ca"), "kind": "trust", "room": "tomcat-trust" });
    let uploaded = server.post("/api/v1/certificates", &upload);
    assert_eq!(uploaded.status, 200, "{}", uploaded.text());
    server
}

pub(crate) fn pem(realm: &Realm, name: &str) -> String {
    String::from_utf8(realm.pem(name)).unwrap()
}

/// A question as nginx puts it, without nginx.
pub(crate) fn auth_request(realm: &Realm, class: &str, leaf: &str) -> Asked {
    Asked::new("GET", &format!("/v1/decide/auth-request/{class}"))
        .header("x-client-cert", &escaped(realm, leaf))
}

/// PEM as nginx escapes it for a header.
pub(crate) fn escaped(realm: &Realm, leaf: &str) -> String {
    let plain = |octet: u8| octet.is_ascii_alphanumeric() || b"-._~".contains(&octet);
    let escape =
        |octet: u8| if plain(octet) { char::from(octet).to_string() } else { format!("%{octet:02X}") };
    realm.pem(leaf).into_iter().map(escape).collect()
}

/// What only admitted clients are to reach.
pub(crate) fn application() -> FaultServer {
    FaultServer::answering(good("text/plain", b"hello"))
}

/// A program that listens where it is told to, stopped at the end.
pub(crate) struct Listening {
    process: Child,
    pub(crate) addresses: Vec<SocketAddr>,
}

impl Listening {
    /// Starts a program on so many free ports, and waits for a line of its log.
    pub(crate) fn start(ports: usize, is_ready: &str, command: impl Fn(&[SocketAddr]) -> Command) -> Self {
        // A port that was free a moment ago may be taken by now: then the program ends, and others are tried.
        for _ in 0..20 {
            let free: Vec<TcpListener> =
                (0..ports).map(|_| TcpListener::bind("127.0.0.1:0").unwrap()).collect();
            let addresses: Vec<SocketAddr> = free.iter().map(|one| one.local_addr().unwrap()).collect();
            drop(free);
            match Self::spawn(command(&addresses), is_ready) {
                Ok(process) => return Self { process, addresses },
                Err(log) if log.contains("ddress already in use") => {}
                Err(log) => panic!("it did not start: {log}"),
            }
        }
        panic!("no ports could be had")
    }

    fn spawn(mut command: Command, is_ready: &str) -> Result<Child, String> {
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut process = command.spawn().expect("the program");
        let mut lines = BufReader::new(process.stderr.take().unwrap()).lines().map_while(Result::ok);
        let mut log = String::new();
        let is_up = lines.by_ref().any(|line| {
            log.push_str(&line);
            log.push('\n');
            line.contains(is_ready)
        });
        if !is_up {
            let _ended = process.wait();
            return Err(log);
        }
        std::thread::spawn(move || lines.for_each(drop));
        Ok(process)
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        // in good order, so that the processes it has made end too
        let number = self.process.id().to_string();
        let _asked = Command::new("kill").args(["-TERM", &number]).status();
        let _ended = self.process.wait();
    }
}

/// A connection over TLS on which requests follow each other.
pub(crate) struct Line(StreamOwned<ClientConnection, TcpStream>);

impl Line {
    pub(crate) fn open(address: SocketAddr, client: &Arc<ClientConfig>) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        let name = ServerName::try_from(NAME).unwrap();
        Self(StreamOwned::new(ClientConnection::new(Arc::clone(client), name).unwrap(), stream))
    }

    /// Sends a request with further headers: the answer's status and body.
    pub(crate) fn get(&mut self, headers: &str) -> std::io::Result<(u16, String)> {
        write!(self.0, "GET / HTTP/1.1\r\nHost: {NAME}\r\n{headers}\r\n")?;
        self.0.flush()?;
        let (mut head, mut octet) = (Vec::new(), [0]);
        while !head.ends_with(b"\r\n\r\n") {
            self.0.read_exact(&mut octet)?;
            head.push(octet[0]);
        }
        let head = String::from_utf8(head).unwrap().to_ascii_lowercase();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length:")).unwrap_or("0");
        let mut body = vec![0; length.trim().parse().unwrap()];
        self.0.read_exact(&mut body)?;
        Ok((status, String::from_utf8_lossy(&body).into_owned()))
    }
}

/// One request on a connection of its own: the status alone.
#[track_caller]
pub(crate) fn status(address: SocketAddr, client: &Arc<ClientConfig>, headers: &str) -> u16 {
    Line::open(address, client).get(headers).unwrap().0
}

/// The first block of README in this language that mentions a word.
pub(crate) fn of_readme(language: &str, word: &str) -> String {
    let readme = std::fs::read_to_string(project().join("README.md")).unwrap();
    let fence = format!("```{language}\n");
    let mut blocks = readme.split(&fence).skip(1).filter_map(|rest| rest.split("```").next());
    blocks.find(|block| block.contains(word)).expect("the configuration in README").to_owned()
}
