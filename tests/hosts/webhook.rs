//! Alarms on their way by HTTP: a receiver that verifies the signature as the specification has it, and receivers that
//! answer otherwise, point elsewhere, are another or are not there.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::{self, JoinHandle};

use base64ct::{Base64, Encoding};
use host_server::alarm::{Batch, Channel};
use host_server::config::{Alarms, Webhook};
use host_server::storage::Setback;
use pki::certificate::Sketch;
use pki::key::Key;
use serde_json::Value;
use sha2::{Digest, Sha256};
use tokio_rustls::rustls::{ServerConnection, StreamOwned};

use crate::setting::run;
use crate::syslog::{alarm_about, leaf, pem};
use crate::tls::{root, server_config};

const SECRET: [u8; 32] = [7; 32];
const NOW: i64 = 1_790_000_000;

/// A request, as it came.
struct Request {
    head: String,
    body: String,
}

impl Request {
    fn header(&self, name: &str) -> &str {
        let found = self.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        found.unwrap_or_else(|| panic!("{name}: {}", self.head))
    }
}

/// Reads one request and gives this answer.
fn serve(mut stream: impl Read + Write, answer: &str) -> Option<Request> {
    let mut octets = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let length = stream.read(&mut buffer).ok().filter(|length| *length > 0)?;
        octets.extend_from_slice(&buffer[..length]);
        let text = String::from_utf8(octets.clone()).unwrap();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let request = Request { head: head.to_ascii_lowercase(), body: body.to_owned() };
        if request.header("content-length").parse() == Ok(body.len()) {
            stream.write_all(format!("HTTP/1.1 {answer}\r\ncontent-length: 0\r\n\r\n").as_bytes()).unwrap();
            return Some(request);
        }
    }
}

/// A receiver that gives these answers, one a connection.
fn receiver(answers: &'static [&'static str]) -> (u16, JoinHandle<Vec<Request>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let received = thread::spawn(move || {
        answers.iter().filter_map(|answer| serve(listener.accept().unwrap().0, answer)).collect()
    });
    (port, received)
}

/// A secret in a file of its own.
fn secret() -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let path = std::env::temp_dir().join(format!("assayer-webhook-{}-{number}", std::process::id()));
    std::fs::write(&path, format!("whsec_{}\n", Base64::encode_string(&SECRET))).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    path
}

fn send(url: &str, ca: Option<PathBuf>, ids: &[&str]) -> Result<(), Setback> {
    let secret_file = secret();
    let webhook = Webhook {
        name: "chat".to_owned(),
        url: url.to_owned(),
        secret_file: secret_file.clone(),
        ca,
        insecure: false,
    };
    let alarms = Alarms { webhook: vec![webhook], ..Alarms::default() };
    let channel = Channel::of(&alarms, "n1").unwrap().remove(0);
    std::fs::remove_file(secret_file).unwrap();
    assert_eq!(channel.name(), "webhook:chat");
    let alarms: Vec<_> = ids.iter().map(|id| alarm_about(id, "CN=a\r\nb: c")).collect();
    let alarms: Vec<_> = alarms.iter().collect();
    run(channel.send(&Batch { lane: "webhook:chat", alarms: &alarms, more: 0, now: NOW }))
}

/// RFC 2104, written by somebody else than whom is tested.
fn hmac(key: &[u8], message: &[u8]) -> Vec<u8> {
    let pad = |octet: u8| -> Vec<u8> {
        (0..64).map(|index| key.get(index).copied().unwrap_or(0) ^ octet).collect()
    };
    let inner = Sha256::new().chain_update(pad(0x36)).chain_update(message).finalize();
    Sha256::new().chain_update(pad(0x5c)).chain_update(inner).finalize().to_vec()
}

#[test]
fn what_is_sent_is_signed_as_the_specification_has_it() {
    let (port, received) = receiver(&["200 OK", "204 No Content", "200 OK"]);
    let url = format!("http://127.0.0.1:{port}/in?room=1");
    for ids in [&["1", "2"][..], &["2", "1"], &["3"]] {
        assert_eq!(send(&url, None, ids), Ok(()));
    }
    let received = received.join().unwrap();
    for request in &received {
        assert!(request.head.starts_with("post /in?room=1 http/1.1\r\n"), "{}", request.head);
        assert_eq!(request.header("content-type"), "application/json");
        let (id, timestamp) = (request.header("webhook-id"), request.header("webhook-timestamp"));
        assert_eq!(timestamp, NOW.to_string());
        let signed = hmac(&SECRET, format!("{id}.{timestamp}.{}", request.body).as_bytes());
        // of a header in lower case, so compared without case
        let expected = format!("v1,{}", Base64::encode_string(&signed)).to_ascii_lowercase();
        assert_eq!(request.header("webhook-signature"), expected);
    }
    let alarms: Value = serde_json::from_str(&received[0].body).unwrap();
    assert_eq!((&alarms[0]["id"], &alarms[1]["id"]), (&Value::from("1"), &Value::from("2")));
    assert_eq!(alarms[0]["certificate"]["subject"], "CN=a\r\nb: c");
    // the same alarms are the same message
    assert_eq!(received[0].header("webhook-id"), received[1].header("webhook-id"));
    assert_ne!(received[0].header("webhook-id"), received[2].header("webhook-id"));
}

#[test]
fn only_a_success_is_one_and_nobody_is_asked_elsewhere() {
    let (port, received) =
        receiver(&["302 Found\r\nlocation: http://127.0.0.1:1/", "410 Gone", "500 Broken"]);
    let url = format!("http://127.0.0.1:{port}/");
    for why in ["answered 302: it points elsewhere", "answered 410: it is gone", "answered 500"] {
        let Err(Setback::Refused(found)) = send(&url, None, &["1"]) else { panic!("{why}") };
        assert!(found.starts_with(&format!("http://127.0.0.1:{port}: {why}")), "{found}");
    }
    assert_eq!(received.join().unwrap().len(), 3);
}

#[test]
fn whoever_breaks_off_may_have_it_and_whoever_is_not_there_has_not() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let breaking = thread::spawn(move || drop(listener.accept().unwrap()));
    assert!(matches!(send(&url, None, &["1"]), Err(Setback::Unknown(_))));
    breaking.join().unwrap();
    assert!(matches!(send(&url, None, &["1"]), Err(Setback::Refused(_))));
}

#[test]
fn over_tls_only_a_receiver_under_the_configured_authority_is_told() {
    let config = server_config(&leaf(&root()));
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://127.0.0.1:{}/", listener.local_addr().unwrap().port());
    let receiving = thread::spawn(move || {
        let one = || {
            let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            serve(StreamOwned::new(connection, listener.accept().unwrap().0), "200 OK")
        };
        (one(), one())
    });
    let other = pem("webhook-other", &Sketch::ca("other").key(Key::p256("other-root")).issue());
    let authority = pem("webhook-authority", &root());
    let Err(Setback::Refused(why)) = send(&url, Some(other.clone()), &["1"]) else { panic!() };
    assert!(why.contains("TLS: "), "{why}");
    assert_eq!(send(&url, Some(authority.clone()), &["1"]), Ok(()));
    let (refused, taken) = receiving.join().unwrap();
    assert!(refused.is_none() && taken.is_some());
    for file in [other, authority] {
        std::fs::remove_file(file).unwrap();
    }
}
