//! Alarms on their way to syslog receivers: real sockets, over UDP, TCP and TLS, receivers that are not there, and
//! rsyslog where it is installed.

use std::io::{Read, Write};
use std::net::{TcpListener, UdpSocket};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use host_server::alarm::document::{ExpiryDetails, PlaceDetails};
use host_server::alarm::{Batch, Channel};
use host_server::config::Alarms;
use host_server::storage::{Alarm, AlarmState, Severity, Stage};
use pki::certificate::{Issued, Sketch};
use pki::key::Key;
use tokio_rustls::rustls::{ServerConnection, StreamOwned};

use crate::setting::run;
use crate::tls::{root, server_config};

/// A subject that would be a second message, or a second field, of whoever takes it as it is.
const HOSTILE: &str = "CN=a\r\n<0>1 - - - - - - x\"] \u{1b}[31m";

fn alarm(id: &str) -> Alarm {
    alarm_about(id, HOSTILE)
}

/// An alarm about a certificate that expires in a week.
pub(crate) fn alarm_about(id: &str, subject: &str) -> Alarm {
    let place = PlaceDetails {
        kind: "identity".to_owned(),
        room: "tomcat".to_owned(),
        node: None,
        owner: "alice".to_owned(),
        description: String::new(),
    };
    let details = ExpiryDetails {
        title: "Certificate expires soon".to_owned(),
        sentence: "The certificate expires in 7 days".to_owned(),
        action: "Renew it".to_owned(),
        fingerprint: "ab".repeat(32),
        subject: subject.to_owned(),
        alternative_names: vec!["a.example".to_owned()],
        serial_number: "0a".to_owned(),
        not_before: "2026-01-01T00:00:00Z".to_owned(),
        not_after: "2027-01-01T00:00:00Z".to_owned(),
        days_left: 7,
        times: 1,
        places: vec![place],
    };
    Alarm {
        id: id.to_owned(),
        watched: [0xab; 32],
        code: "expiry.approaching".to_owned(),
        stage: Some(Stage::Approaching),
        severity: Severity::Warning,
        subject: subject.to_owned(),
        document: serde_json::to_string(&details).unwrap(),
        raised_at: 1_790_000_000,
        state: AlarmState::Open,
        snoozed_until: None,
        answered_at: None,
        answered_by: String::new(),
    }
}

fn channel(address: &str, authority: Option<PathBuf>) -> Channel {
    let alarms = Alarms { syslog: Some(address.to_owned()), syslog_ca: authority, ..Alarms::default() };
    Channel::of(&alarms, "n1.example").unwrap().remove(0)
}

fn sent(channel: &Channel, ids: &[&str]) -> Result<(), String> {
    let alarms: Vec<_> = ids.iter().map(|id| alarm(id)).collect();
    let alarms: Vec<_> = alarms.iter().collect();
    let sent = run(channel.send(&Batch { lane: "syslog", alarms: &alarms, more: 0, now: 0 }));
    sent.map_err(|setback| setback.to_string())
}

/// One line, with the id and the subject where they belong.
fn check(message: &str, id: &str) {
    assert!(
        message
            .starts_with("<28>1 2026-09-21T14:13:20Z n1.example assayer - expiry.approaching [alarm@32473 ")
    );
    assert!(message.contains(&format!(" id=\"{id}\" subject=\"CN=a\\\\u{{d}}\\\\u{{a}}<0>1")), "{message}");
    assert!(!message.chars().any(char::is_control), "{message:?}");
}

/// What came in frames of RFC 6587 3.4.1.
fn frames(octets: &[u8]) -> Vec<String> {
    let (mut rest, mut frames) = (octets, Vec::new());
    while !rest.is_empty() {
        let space = rest.iter().position(|octet| *octet == b' ').unwrap();
        let length: usize = std::str::from_utf8(&rest[..space]).unwrap().parse().unwrap();
        frames.push(String::from_utf8(rest[space + 1..space + 1 + length].to_vec()).unwrap());
        rest = &rest[space + 1 + length..];
    }
    frames
}

// R-MON-15
#[test]
fn r_mon_15_by_udp_each_alarm_is_a_datagram() {
    let receiver = UdpSocket::bind("127.0.0.1:0").unwrap();
    receiver.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let channel = channel(&format!("udp://{}", receiver.local_addr().unwrap()), None);
    assert_eq!(sent(&channel, &["1", "2"]), Ok(()));
    for id in ["1", "2"] {
        let mut octets = [0; 4096];
        let length = receiver.recv(&mut octets).unwrap();
        assert!(length <= 2048);
        check(std::str::from_utf8(&octets[..length]).unwrap(), id);
    }
}

#[test]
fn by_tcp_alarms_are_counted_frames_and_the_connection_ends() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let receiving = thread::spawn(move || {
        let mut octets = Vec::new();
        listener.accept().unwrap().0.read_to_end(&mut octets).unwrap();
        octets
    });
    assert_eq!(sent(&channel(&format!("tcp://localhost:{}", address.port()), None), &["1", "2"]), Ok(()));
    let frames = frames(&receiving.join().unwrap());
    assert_eq!(frames.len(), 2);
    check(&frames[0], "1");
    check(&frames[1], "2");
}

#[test]
fn whoever_is_not_there_or_breaks_off_has_taken_nothing() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for scheme in ["tcp", "udp"] {
        let why = sent(&channel(&format!("{scheme}://{closed}"), None), &["1"]).unwrap_err();
        assert!(why.starts_with(&format!("{scheme}://127.0.0.1:{}: ", closed.port())), "{why}");
    }
    let why = sent(&channel("tcp://nobody.invalid:1", None), &["1"]).unwrap_err();
    assert!(why.starts_with("tcp://nobody.invalid:1: "), "{why}");
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let breaking = thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let socket = socket2::SockRef::from(&stream);
        socket.set_linger(Some(Duration::ZERO)).unwrap();
    });
    assert!(sent(&channel(&format!("tcp://{address}"), None), &["1"]).is_err());
    breaking.join().unwrap();
}

pub(crate) fn leaf(root: &Issued) -> Issued {
    let leaf = Sketch::leaf("tls-leaf").key(Key::p256("tls-leaf"));
    let leaf = leaf.valid("2020-01-01T00:00:00Z", "2120-01-01T00:00:00Z");
    leaf.ip("127.0.0.1").eku(&["serverAuth"]).issued_by(root).issue()
}

/// A receiver over TLS that takes what as many connections send.
fn tls_receiver(connections: usize) -> (u16, JoinHandle<Vec<Vec<u8>>>) {
    let config = server_config(&leaf(&root()));
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let receiving = thread::spawn(move || {
        let receive = |_| {
            let (stream, _) = listener.accept().unwrap();
            let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut octets = Vec::new();
            let mut stream = StreamOwned::new(connection, stream);
            // a client that does not believe the certificate goes away, and that is its right
            let _ended = stream.read_to_end(&mut octets);
            stream.conn.send_close_notify();
            let _ended = stream.flush();
            octets
        };
        (0..connections).map(receive).collect()
    });
    (port, receiving)
}

/// The certificate as a PEM file of its own.
pub(crate) fn pem(name: &str, issued: &Issued) -> PathBuf {
    use base64ct::Encoding;
    let text = base64ct::Base64::encode_string(&issued.der);
    let lines: Vec<&str> =
        text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    let path = std::env::temp_dir().join(format!("assayer-syslog-{}-{name}.pem", std::process::id()));
    let block = format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"));
    std::fs::write(&path, block).unwrap();
    path
}

#[test]
fn by_tls_only_a_receiver_under_the_configured_authority_is_given_anything() {
    let (port, receiving) = tls_receiver(2);
    let authority = pem("authority", &root());
    let other = pem("other", &Sketch::ca("other").key(Key::p256("other-root")).issue());
    let address = format!("tls://127.0.0.1:{port}");
    let why = sent(&channel(&address, Some(other.clone())), &["1"]).unwrap_err();
    assert!(why.contains("TLS: "), "{why}");
    assert_eq!(sent(&channel(&address, Some(authority.clone())), &["2", "3"]), Ok(()));
    let received = receiving.join().unwrap();
    assert!(received[0].is_empty());
    let frames = frames(&received[1]);
    assert_eq!(frames.len(), 2);
    check(&frames[1], "3");
    for file in [authority, other] {
        std::fs::remove_file(file).unwrap();
    }
}

#[test]
fn authorities_that_cannot_be_read_are_said_at_start() {
    let refused = |authority: Option<PathBuf>| {
        let alarms =
            Alarms { syslog: Some("tls://127.0.0.1".to_owned()), syslog_ca: authority, ..Alarms::default() };
        Channel::of(&alarms, "n").map(drop).unwrap_err()
    };
    assert!(refused(None).starts_with("alarms.syslog-ca: expected a file"));
    assert!(refused(Some("/nowhere/ca.pem".into())).contains("/nowhere/ca.pem: "));
    let empty = std::env::temp_dir().join(format!("assayer-syslog-{}-empty.pem", std::process::id()));
    std::fs::write(&empty, "nothing").unwrap();
    assert!(refused(Some(empty.clone())).contains("holds no certificate"));
    std::fs::remove_file(empty).unwrap();
}

/// rsyslog in the foreground with a configuration of its own.
struct Rsyslog {
    child: Child,
    directory: PathBuf,
    port: u16,
}

impl Rsyslog {
    /// `None` where it is not installed.
    fn start() -> Option<Self> {
        let program = ["/usr/sbin/rsyslogd", "/usr/bin/rsyslogd"]
            .into_iter()
            .find(|path| PathBuf::from(path).exists())?;
        let directory = std::env::temp_dir().join(format!("assayer-rsyslog-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&directory);
        std::fs::create_dir_all(&directory).unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let here = directory.display();
        let configuration = format!(
            "global(workDirectory=\"{here}\" parser.escapeControlCharactersOnReceive=\"on\")\n\
             module(load=\"imtcp\")\nmodule(load=\"imudp\")\n\
             input(type=\"imtcp\" port=\"{port}\" address=\"127.0.0.1\")\n\
             input(type=\"imudp\" port=\"{port}\" address=\"127.0.0.1\")\n\
             template(name=\"parts\" type=\"string\" string=\"%HOSTNAME%|%APP-NAME%|%MSGID%|%STRUCTURED-DATA%|%msg%\\n\")\n\
             action(type=\"omfile\" file=\"{here}/out\" template=\"parts\")\n"
        );
        std::fs::write(directory.join("conf"), configuration).unwrap();
        let child = Command::new(program)
            .args(["-n", "-i", "NONE", "-f"])
            .arg(directory.join("conf"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Some(Self { child, directory, port })
    }

    /// The lines it has written, once there are so many.
    fn lines(&self, count: usize) -> Vec<String> {
        let started = Instant::now();
        loop {
            let text = std::fs::read_to_string(self.directory.join("out")).unwrap_or_default();
            let lines: Vec<String> = text.lines().map(str::to_owned).collect();
            if lines.len() >= count {
                return lines;
            }
            assert!(started.elapsed() < Duration::from_secs(60), "{text}");
            thread::yield_now();
        }
    }
}

impl Drop for Rsyslog {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.directory);
    }
}

/// Installed by `.ci/test`; where it cannot be, this says so and passes.
// R-MON-15
#[test]
fn rsyslog_reads_what_is_sent() {
    let Some(rsyslog) = Rsyslog::start() else {
        eprintln!("NOT RUN: there is no rsyslogd; .ci/test installs it");
        return;
    };
    let started = Instant::now();
    let by_tcp = channel(&format!("tcp://127.0.0.1:{}", rsyslog.port), None);
    // it takes a moment to listen
    while let Err(why) = sent(&by_tcp, &["1", "2"]) {
        assert!(started.elapsed() < Duration::from_secs(60), "{why}");
    }
    assert_eq!(sent(&channel(&format!("udp://127.0.0.1:{}", rsyslog.port), None), &["3"]), Ok(()));
    let lines = rsyslog.lines(3);
    assert_eq!(lines.len(), 3);
    for (line, id) in lines.iter().zip(["1", "2", "3"]) {
        assert!(line.starts_with("n1.example|assayer|expiry.approaching|[alarm@32473 "), "{line}");
        assert!(line.contains(&format!(" id=\"{id}\"")), "{line}");
        assert!(line.ends_with("The certificate expires in 7 days. Renew it."), "{line}");
    }
}
