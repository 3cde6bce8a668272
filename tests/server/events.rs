//! What changed, as it changes: who is told what, here and from another node, for how long, and what was missed.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use pki::certificate::Sketch;
use serde_json::{Value, json};

use crate::client::{Asked, connect};
use crate::management::{NODE, done, serve, token, upload};
use crate::postgres;
use crate::process::{Place, Server, assayer, on_both};
use crate::trusted::put_policy;

/// An event, or a comment where it has no name.
#[derive(Debug, Default)]
struct Event {
    id: Option<String>,
    name: String,
    data: Value,
}

/// Somebody who listens.
struct Ear {
    stream: BufReader<TcpStream>,
    /// What came and was not read yet, without the framing of chunks.
    text: String,
    /// The last id there was.
    id: String,
}

impl Ear {
    /// Begins to listen with a token, behind an event; the status where that is refused.
    fn try_with(server: &Server, token: &str, last: Option<&str>) -> Result<Self, u16> {
        let asked = Asked::new("GET", "/api/v1/events").header("authorization", &format!("Bearer {token}"));
        let asked = last.into_iter().fold(asked, |asked, last| asked.header("last-event-id", last));
        let mut stream = connect(server.address());
        stream.write_all(&asked.octets()).unwrap();
        let mut stream = BufReader::new(stream);
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert!(stream.read_line(&mut head).unwrap() > 0, "{head}");
        }
        if !head.starts_with("HTTP/1.1 200 ") {
            return Err(head.split(' ').nth(1).unwrap().parse().unwrap());
        }
        let head = head.to_lowercase();
        for line in ["content-type: text/event-stream", "cache-control: no-store", "x-accel-buffering: no"] {
            assert!(head.contains(line), "{line} of {head}");
        }
        Ok(Self { stream, text: String::new(), id: String::new() })
    }

    fn with(server: &Server, token: &str, last: Option<&str>) -> (Self, Event) {
        let mut ear = Self::try_with(server, token, last).unwrap();
        let hello = ear.next().unwrap();
        assert_eq!(hello.name, "hello");
        (ear, hello)
    }

    fn of(server: &Server) -> (Self, Event) {
        Self::with(server, server.token.as_deref().unwrap(), None)
    }

    /// The next event or comment; `None` at the end.
    fn next(&mut self) -> Option<Event> {
        while !self.text.contains("\n\n") {
            let chunk = self.chunk()?;
            self.text.push_str(&chunk);
        }
        let (block, rest) = self.text.split_once("\n\n").unwrap();
        let mut event = Event::default();
        for line in block.lines() {
            match line.split_once(": ") {
                Some(("id", id)) => event.id = Some(id.to_owned()),
                Some(("event", name)) => event.name = name.to_owned(),
                Some(("data", data)) => event.data = serde_json::from_str(data).unwrap(),
                _ => assert_eq!(line, ":"),
            }
        }
        self.text = rest.to_owned();
        self.id = event.id.clone().unwrap_or(std::mem::take(&mut self.id));
        Some(event)
    }

    fn chunk(&mut self) -> Option<String> {
        let mut size = String::new();
        self.stream.read_line(&mut size).unwrap();
        let size = usize::from_str_radix(size.trim(), 16).ok().filter(|size| *size > 0)?;
        let mut octets = vec![0; size + 2];
        self.stream.read_exact(&mut octets).unwrap();
        octets.truncate(size);
        Some(String::from_utf8(octets).unwrap())
    }

    /// What is told until all of these were; nothing that may not be told is among it.
    #[track_caller]
    fn told(&mut self, expected: &[&str], never: &[&str]) -> i64 {
        let (begun, mut left) = (Instant::now(), expected.iter().copied().collect::<BTreeSet<_>>());
        let mut version = 0;
        while !left.is_empty() {
            assert!(begun.elapsed() < Duration::from_secs(30), "{left:?} were not told");
            let event = self.next().unwrap();
            if event.name.is_empty() {
                continue;
            }
            assert_eq!(event.name, "changed");
            let what = event.data["what"].as_str().unwrap().to_owned();
            assert!(!never.contains(&what.as_str()), "{event:?}");
            left.remove(what.as_str());
            version = event.data["version"].as_i64().unwrap();
        }
        version
    }

    /// Up to the end of what is told.
    fn rest(mut self) -> Vec<Event> {
        std::iter::from_fn(|| self.next()).collect()
    }
}

fn root(name: &str) -> Vec<u8> {
    Sketch::ca(name).issue().der
}

#[test]
fn who_listens_is_told_what_changed_and_of_what_they_may_read_alone() {
    on_both(|server| {
        let (mut ear, hello) = Ear::of(server);
        let engine = server.get("/api/v1/engine").json();
        assert_eq!(hello.data["engine"], engine["sha256"]);
        assert!(hello.id.is_some() && hello.data["node"].is_string());
        let (mut viewer, _) = Ear::with(server, &token(server, "viewer"), None);
        let (mut auditor, _) = Ear::with(server, &token(server, "auditor"), None);
        ear.told(&["accounts", "audit"], &["certificates", "policy"]);
        let before = hello.data["version"].as_i64().unwrap();
        done(&upload(server, &root("one"), "trust", "tomcat-trust"));
        assert_eq!(ear.told(&["certificates", "audit"], &["policy"]), before + 1);
        // that this node has loaded it is no change of the state, and told as well
        viewer.told(&["certificates", "nodes"], &["accounts", "audit", "policy"]);
        auditor.told(&["certificates", "audit"], &["accounts", "policy"]);
        done(&put_policy(server, "[revocation]\nretry-seconds = 301\n"));
        assert_eq!(ear.told(&["policy", "audit"], &["everything"]), before + 2);
        assert_eq!(viewer.told(&["policy"], &["accounts", "audit"]), before + 2);
        let candidate = Asked::new("PUT", "/api/v1/policies/candidate").body("application/toml", "# next\n");
        done(&server.ask(candidate));
        assert_eq!(viewer.told(&["policy", "candidate"], &["accounts", "audit", "everything"]), before + 3);
    });
}

#[test]
fn who_comes_back_is_told_what_was_missed() {
    on_both(|server| {
        let (mut ear, hello) = Ear::of(server);
        let token = server.token.as_deref().unwrap();
        done(&put_policy(server, "[revocation]\nretry-seconds = 301\n"));
        ear.told(&["policy"], &[]);
        // the position goes with the last event of a telling; a comment comes after all of them
        let before = hello.id.unwrap();
        drop(ear);
        let missed = |last: &str| {
            let (mut ear, hello) = Ear::with(server, token, Some(last));
            let mut told = Vec::new();
            while ear.id.is_empty() {
                told.push(ear.next().unwrap().data["what"].as_str().unwrap().to_owned());
            }
            (told, hello.id.is_some(), ear.id)
        };
        let (told, with_hello, now) = missed(&before);
        assert!(told.contains(&"policy".to_owned()) && told.contains(&"audit".to_owned()), "{told:?}");
        assert!(!told.contains(&"certificates".to_owned()) && !with_hello, "{told:?}");
        let (told, with_hello, _) = missed(&now);
        assert!(with_hello || !told.contains(&"policy".to_owned()), "{told:?}");
        for other in ["nonsense", "9999999-00000000-00000000-00000000-00000000-00000000-00000000-00000000"] {
            assert_eq!(missed(other).0, ["everything"]);
        }
    });
}

#[test]
fn what_another_node_changes_is_told_here() {
    let database = postgres::server();
    let url = database.database();
    let first = serve(Some(&url));
    let mut command = assayer(&["serve", "--listen", "127.0.0.1:0", "--node", "cm2.ex.com"]);
    let mut second = Server::spawn(command.env("ASSAYER_DATABASE_URL", &url), Place::new());
    second.token.clone_from(&first.token);
    let (mut ear, hello) = Ear::of(&second);
    assert_eq!(hello.data["node"], "cm2.ex.com");
    done(&upload(&first, &root("one"), "trust", "tomcat-trust"));
    ear.told(&["certificates", "nodes"], &["policy", "everything"]);
    // also what goes without a change of the state
    let made = first.post("/api/v1/accounts", &json!({ "name": "bob", "role": "viewer" }));
    assert_eq!(made.status, 201);
    ear.told(&["accounts"], &["policy", "everything"]);
    assert_eq!(first.get(&format!("/api/v1/nodes/{NODE}")).status, 200);
}

#[test]
fn it_ends_with_the_token_and_with_the_server() {
    let server = Server::start();
    let until = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(3);
    let short =
        json!({ "account": "administrator", "expires-at": until.strftime("%Y-%m-%dT%H:%M:%SZ").to_string() });
    let secret = |asked: &Value| {
        let made = server.post("/api/v1/tokens", asked).json();
        let word = |value: &Value| value.as_str().unwrap().to_owned();
        (word(&made["secret"]), word(&made["token"]["id"]))
    };
    let long = json!({ "account": "administrator", "expires-at": "2027-01-01T00:00:00Z" });
    let ((short, _), (long, id)) = (secret(&short), secret(&long));
    let ((short, _), (revoked, _), (stopped, _)) =
        (Ear::with(&server, &short, None), Ear::with(&server, &long, None), Ear::of(&server));
    assert!(short.rest().iter().all(|event| event.name != "hello"));
    assert_eq!(server.ask(Asked::new("DELETE", &format!("/api/v1/tokens/{id}"))).status, 204);
    // the token may not read of accounts any more, that of its own end included
    assert!(revoked.rest().iter().all(|event| event.name != "hello"));
    assert_eq!(Ear::try_with(&server, &long, None).err(), Some(401));
    let begun = Instant::now();
    server.signal("-TERM");
    drop(stopped.rest());
    let (status, log, _) = server.ended();
    assert_eq!(status, Some(0), "{log}");
    assert!(!log.contains("cut off") && begun.elapsed() < Duration::from_secs(15), "{log}");
}

#[test]
fn it_is_never_silent_for_long_and_there_is_room_for_so_many() {
    let server = Server::start();
    let (mut ear, _) = Ear::of(&server);
    let token = server.token.as_deref().unwrap();
    let mut others: Vec<Ear> = (1..128).map(|_| Ear::with(&server, token, None).0).collect();
    assert_eq!(Ear::try_with(&server, token, None).err(), Some(503));
    others.pop();
    let begun = Instant::now();
    while Ear::try_with(&server, token, None).is_err() {
        assert!(begun.elapsed() < Duration::from_secs(20), "nobody made room");
        std::thread::yield_now();
    }
    // other requests are answered beside them, and counted ones are those that have begun
    assert!(server.get("/metrics").text().contains("path=\"/api/v1/events\",status=\"200\""));
    let begun = Instant::now();
    while !ear.next().unwrap().name.is_empty() {
        assert!(begun.elapsed() < Duration::from_secs(40), "no comment came");
    }
}
