//! What one client may ask for at most, and what it is told when it asks for more.

use std::io::Write;
use std::thread;

use crate::client::{Asked, connect, reply};
use crate::decisions::{question, sample};
use crate::process::Server;

#[test]
fn a_body_up_to_the_limit_is_read_and_one_octet_more_is_not() {
    let server = Server::configured("[limits]\nbody = 2048\n");
    let inspect = |length: usize| {
        let mut file = sample("leaf.pem");
        file.push_str(&"\n".repeat(length - file.len()));
        server.ask(Asked::new("POST", "/api/v1/inspect").body("application/octet-stream", file))
    };
    assert_eq!(inspect(2048).status, 200);
    let refused = inspect(2049);
    assert_eq!((refused.status, refused.json()["code"].as_str()), (413, Some("request.too-large")));
    // also where its length is not told in advance
    let chunks = format!("801\r\n{}\r\n0\r\n\r\n", "x".repeat(2049));
    let asked = Asked::new("POST", "/api/v1/inspect")
        .header("transfer-encoding", "chunked")
        .header("content-length", "")
        .body("application/octet-stream", chunks);
    let octets = String::from_utf8(signed(&server, asked).octets()).unwrap();
    let mut stream = connect(server.address());
    let _ = stream.write_all(octets.replace("content-length: \r\n", "").as_bytes());
    assert_eq!(reply(&mut stream).status, 413);
    let mut large = question();
    large["policy"] = serde_json::json!(" ".repeat(4096));
    assert_eq!(server.post("/api/v1/verify", &large).status, 413);
    let form = format!(
        "--b\r\ncontent-disposition: form-data; name=\"file\"\r\n\r\n{}\r\n--b--\r\n",
        "x".repeat(4096)
    );
    let asked = Asked::new("POST", "/api/v1/inspect").body("multipart/form-data; boundary=b", form);
    assert_eq!(server.ask(asked).status, 413);
}

/// The request as the administrator.
fn signed(server: &Server, asked: Asked) -> Asked {
    match &server.token {
        Some(token) => asked.header("authorization", &format!("Bearer {token}")),
        None => asked,
    }
}

#[test]
fn a_body_that_does_not_come_is_not_waited_for() {
    let server = Server::configured("[limits]\nreceive-seconds = 1\n");
    let asked = Asked::new("POST", "/api/v1/inspect")
        .header("content-type", "application/octet-stream")
        .header("content-length", "10");
    let asked = signed(&server, asked);
    let mut stream = connect(server.address());
    stream.write_all(&asked.octets()).unwrap();
    stream.write_all(b"12345").unwrap();
    let told = reply(&mut stream);
    assert_eq!((told.status, told.json()["code"].as_str()), (408, Some("request.slow")));
    // and neither is a head
    let mut stream = connect(server.address());
    stream.write_all(b"GET /healthz HTTP/1.1\r\n").unwrap();
    let mut rest = Vec::new();
    let _ended = std::io::Read::read_to_end(&mut stream, &mut rest);
    assert!(!String::from_utf8_lossy(&rest).contains(" 200 "), "{rest:?}");
    assert_eq!(server.get("/healthz").status, 200);
}

#[test]
fn a_request_that_takes_too_long_is_given_up() {
    let server = Server::configured("[limits]\nrequest-seconds = 1\nreceive-seconds = 60\n");
    let asked = Asked::new("POST", "/api/v1/inspect")
        .header("content-type", "application/octet-stream")
        .header("content-length", "10");
    let mut stream = connect(server.address());
    stream.write_all(&signed(&server, asked).octets()).unwrap();
    let told = reply(&mut stream);
    assert_eq!((told.status, told.json()["code"].as_str()), (503, Some("server.timeout")));
    assert_eq!(told.header("retry-after"), Some("5"));
}

#[test]
fn more_questions_than_there_is_room_for_are_told_to_come_again() {
    let server = Server::configured("[engine]\ninstances = 1\nqueue = 0\n");
    // each takes a while: the same certificate often enough to fill most of a file
    let file = sample("leaf.pem").repeat(2000);
    let asked = signed(&server, Asked::new("POST", "/api/v1/inspect").body("application/octet-stream", file));
    let replies: Vec<_> = thread::scope(|scope| {
        let waiting: Vec<_> = (0..24).map(|_| scope.spawn(|| server.send(&asked))).collect();
        waiting.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let (refused, answered): (Vec<_>, Vec<_>) = replies.into_iter().partition(|reply| reply.status == 503);
    assert!(!refused.is_empty(), "nobody was refused");
    assert!(!answered.is_empty(), "nobody was answered");
    for reply in refused {
        assert_eq!(reply.header("retry-after"), Some("1"));
        assert_eq!(reply.json()["code"], "server.overloaded");
    }
    assert_eq!(server.get("/readyz").status, 200);
}

#[test]
fn heads_beyond_all_reason_are_refused_and_the_server_goes_on() {
    let server = Server::start();
    let large = Asked::new("GET", "/healthz").header("x-large", &"x".repeat(64 * 1024));
    assert_eq!(large.send(server.address()).status, 431);
    let many =
        (0..65).fold(Asked::new("GET", "/healthz"), |asked, number| asked.header(&format!("x-{number}"), ""));
    assert_eq!(many.send(server.address()).status, 431);
    let mut stream = connect(server.address());
    stream.write_all(b"\x16\x03\x01 hello\r\n\r\n").unwrap();
    assert_eq!(reply(&mut stream).status, 400);
    assert_eq!(server.get("/healthz").status, 200);
}
