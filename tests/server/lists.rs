//! Lists of revoked certificates from a real authority, `openssl ca`, watched by a real server, to the list of alarms and
//! to a syslog receiver.

use std::collections::BTreeMap;
use std::io::Read;
use std::iter;
use std::net::TcpListener;
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use base64ct::{Base64, Encoding};
use serde_json::{Value, json};

use crate::authority::{Authority, Entry, LEAF};
use crate::client::Asked;
use crate::fault::{FaultServer, Step, good};
use crate::management::{token, upload};
use crate::process::Server;

/// Asks for a run and waits until one that began after it has ended: then the next is due in minutes.
fn run(server: &Server) -> Value {
    let asked = server.ask(Asked::new("POST", "/api/v1/lists/runs"));
    assert_eq!(asked.status, 202, "{}", asked.text());
    let soon = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(60);
    let soon = soon.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let started = Instant::now();
    loop {
        let document = server.get("/api/v1/lists").json();
        let list = &document["items"][0];
        if list["is-under-way"] == false
            && list["next-download"].as_str().is_some_and(|next| next > soon.as_str())
        {
            return list.clone();
        }
        assert!(started.elapsed() < Duration::from_secs(120), "{document}");
        std::thread::yield_now();
    }
}

/// What is told of lists; whether the certificates are revoked is another matter.
fn told(server: &Server) -> Value {
    let alarms = server.get("/api/v1/alarms").json();
    let of_lists = |alarm: &&Value| alarm["kind"].as_str().is_some_and(|kind| kind.starts_with("crl."));
    alarms["items"].as_array().unwrap().iter().filter(of_lists).cloned().collect()
}

/// Registers a connection that lasts with a certificate: its number.
fn registered(server: &Server, der: &[u8]) -> String {
    let form = json!({ "class": "ldap", "peer": "ldap.example.org", "certificate": Base64::encode_string(der),
        "store": "tomcat-trust", "purpose": "server-auth" });
    let made = server.post("/api/v1/connections", &form);
    assert_eq!(made.status, 201, "{}", made.text());
    made.json()["id"].as_str().unwrap().to_owned()
}

// R-REV-4, R-CRL-5, R-CRL-6, R-CRL-7, R-CRL-8, R-CRL-9, R-CRL-10, R-CRL-12
#[test]
fn a_list_that_changes_is_told_once_and_shown_everywhere() {
    let authority = Authority::new();
    let files: Arc<Mutex<BTreeMap<String, Vec<u8>>>> = Arc::default();
    let served = Arc::clone(&files);
    let web = FaultServer::start(move |received| match served.lock().unwrap().get(received.path()) {
        Some(file) => vec![Step::Send(good("application/pkix-crl", file))],
        None => vec![Step::Send(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".to_vec())],
    });
    authority.issue(
        "believed",
        "ca",
        "1001",
        &format!("{LEAF}crlDistributionPoints=URI:{}\n", web.uri("/ca.crl")),
    );
    authority.index(&[("1001", Entry::Valid)]);
    let publish = || files.lock().unwrap().insert("/ca.crl".to_owned(), authority.crl("ca"));
    publish();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (sender, received) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut text = String::new();
            if stream.and_then(|mut stream| stream.read_to_string(&mut text)).is_err()
                || sender.send(text).is_err()
            {
                return;
            }
        }
    });
    let server = Server::configured(&format!(
        "[alarms]\nsyslog = \"tcp://127.0.0.1:{port}\"\n[fetch]\nonline = true\nallow = ['127.0.0.0/8']\nports = [{}]\n",
        web.address().port()
    ));
    for certificate in ["root", "ca", "believed"] {
        let reply = upload(&server, &authority.der(certificate), "trust", "tomcat-trust");
        assert_eq!(reply.status, 200, "{}", reply.text());
    }
    let first = run(&server);
    assert_eq!((&first["uri"], &first["trouble"]), (&json!(web.uri("/ca.crl")), &Value::Null));
    assert_eq!(first["lists"][0]["issuer"], "CN=ca");
    assert_eq!(told(&server), json!([]));
    // issued again with the same
    publish();
    let again = run(&server);
    assert_ne!(again["lists"][0]["sha256"], first["lists"][0]["sha256"]);
    assert_eq!(told(&server), json!([]));
    let connection = registered(&server, &authority.der("believed"));
    authority.index(&[("1001", Entry::Revoked("keyCompromise"))]);
    publish();
    run(&server);
    run(&server);
    let alarms = told(&server);
    let [alarm] = alarms.as_array().unwrap().as_slice() else { panic!("{alarms}") };
    assert_eq!((&alarm["kind"], &alarm["severity"]), (&json!("crl.changed"), &json!("critical")));
    let event = &alarm["event"];
    assert_eq!(event["title"], "CRLChanged");
    assert_eq!(event["list"]["added"]["first"][0]["serial-number"], "1001");
    assert_eq!(event["list"]["connections"], json!([connection]));
    assert!(
        event["sentence"].as_str().unwrap().contains("; connections that last with one of them: 1"),
        "{event}"
    );
    assert_eq!(event["list"]["affected"][0]["places"][0]["room"], "tomcat-trust");
    assert!(event["services"][0].as_str().unwrap().contains("Tomcat"), "{event}");
    let mut messages = iter::from_fn(|| received.recv_timeout(Duration::from_secs(120)).ok());
    let message = messages.find(|message| message.contains(" crl.changed [alarm@32473 ")).unwrap();
    assert!(message.contains("services=\""), "{message}");
    assert!(!received.try_iter().any(|message| message.contains(" crl.")));
    // who may not learn what the network says learns that something is wrong
    files.lock().unwrap().clear();
    assert_eq!(run(&server)["trouble"], "http-status");
    let viewer = token(&server, "viewer");
    let asked = Asked::new("GET", "/api/v1/lists").header("authorization", &format!("Bearer {viewer}"));
    assert_eq!(server.send(&asked).json()["items"][0]["trouble"], "unavailable");
    let weather = server.get("/api/v1/weather");
    assert_eq!(weather.status, 200, "{}", weather.text());
}
