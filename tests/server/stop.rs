//! How it ends: what is under way is answered, nothing new is taken, and the log tells no secrets.

use std::io::Write;
use std::net::TcpStream;

use crate::client::{Asked, connect, reply};
use crate::decisions::question;
use crate::process::Server;

#[test]
fn both_signals_stop_it_and_what_is_under_way_is_answered() {
    for signal in ["-TERM", "-INT"] {
        let server = Server::start();
        let mut asked = Asked::new("POST", "/api/v1/verify").json(&question());
        if let Some(token) = &server.token {
            asked = asked.header("authorization", &format!("Bearer {token}"));
        }
        let octets = asked.octets();
        let (first, rest) = octets.split_at(octets.len() - 10);
        let mut stream = connect(server.address());
        stream.write_all(first).unwrap();
        // the head was read when the server asks for the rest; a request answered later proves that it was
        assert_eq!(server.get("/healthz").status, 200);
        server.signal(signal);
        let address = server.address();
        while TcpStream::connect(address).is_ok() {
            std::thread::yield_now();
        }
        stream.write_all(rest).unwrap();
        let answer = reply(&mut stream);
        assert_eq!((answer.status, answer.json()["decision"].as_str()), (200, Some("allow")), "{signal}");
        let (status, log, _) = server.ended();
        assert_eq!(status, Some(0), "{log}");
        assert!(log.contains("stopping") && log.contains("stopped"), "{log}");
    }
}

#[test]
fn the_log_has_a_line_for_each_request_and_no_secrets() {
    let server = Server::configured("[log]\nformat = 'json'\n");
    let secret = Asked::new("GET", "/healthz?token=hunter2").header("authorization", "Bearer hunter2");
    let number = server.send(&secret).header("x-request-id").unwrap().to_owned();
    server.send(&Asked::new("POST", "/api/v1/nope").json(&serde_json::json!({ "password": "hunter2" })));
    let (log, _) = server.stop();
    assert!(!log.contains("hunter2"), "{log}");
    let events: Vec<serde_json::Value> =
        log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let answered: Vec<_> = events.iter().filter(|event| event["message"] == "answered").collect();
    assert_eq!(answered.len(), 2, "{log}");
    assert_eq!(answered[0]["request"], format!("urn:uuid:{number}"));
    assert_eq!((&answered[0]["path"], &answered[0]["status"]), (&"/healthz".into(), &200.into()));
    assert_eq!(answered[1]["path"], "(none)");
}
