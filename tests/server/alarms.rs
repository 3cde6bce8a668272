//! What expires, from a certificate that is uploaded to the syslog receiver and back to the answer.

use std::io::Read;
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use pki::certificate::Sketch;
use serde_json::{Value, json};

use crate::client::{Asked, Reply};
use crate::management::{token, upload};
use crate::process::Server;

/// A subject that would be a second line of a log, or a second message.
const HOSTILE: &str = "CN=soon\r\n<0>1 - injected";

/// Everything that connections to a port bring, one after the other.
fn receive(listener: TcpListener) -> Receiver<String> {
    let (sender, received) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut text = String::new();
            let read = stream.and_then(|mut stream| stream.read_to_string(&mut text));
            if read.is_err() || sender.send(text).is_err() {
                return;
            }
        }
    });
    received
}

fn configuration(port: u16) -> String {
    format!("[alarms]\nsyslog = \"tcp://127.0.0.1:{port}\"\n")
}

/// A server that keeps an authority that expires in twelve hours.
pub(crate) fn serve(configuration: &str) -> Server {
    let server = Server::configured(configuration);
    let hours = |count| {
        let moment = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(count);
        moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    };
    let soon =
        Sketch::ca("soon").subject(HOSTILE).valid(&hours(-48), &hours(12)).dns("a.example").issue().der;
    let reply = upload(&server, &soon, "trust", "tomcat-trust");
    assert_eq!(reply.status, 200, "{}", reply.text());
    server
}

pub(crate) fn look(server: &Server) {
    let reply = server.ask(Asked::new("POST", "/api/v1/monitor/runs"));
    assert_eq!(reply.status, 202, "{}", reply.text());
}

/// Asks again until the answer is as it should be.
pub(crate) fn until(server: &Server, path: &str, fits: impl Fn(&Value) -> bool) -> Value {
    let started = Instant::now();
    loop {
        let reply = server.get(path);
        assert_eq!(reply.status, 200, "{}", reply.text());
        if fits(&reply.json()) {
            return reply.json();
        }
        assert!(started.elapsed() < Duration::from_secs(120), "{}", reply.text());
        std::thread::yield_now();
    }
}

fn answer(server: &Server, id: &str, answer: &Value) -> Reply {
    server.ask(Asked::new("PATCH", &format!("/api/v1/alarms/{id}")).json(answer))
}

#[track_caller]
pub(crate) fn problem(reply: &Reply, status: u16, code: &str) {
    assert_eq!((reply.status, &reply.json()["code"]), (status, &json!(code)), "{}", reply.text());
}

// R-MON-1, R-MON-2, R-MON-3, R-MON-5, R-MON-15
#[test]
fn what_expires_is_told_listed_and_answered() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let received = receive(listener);
    let server = serve(&configuration(port));
    // a fresh server runs it, and tells nothing before it has looked
    let fresh = until(&server, "/api/v1/monitor", |monitor| monitor["status"] == "running");
    assert_eq!(
        (&fresh["found"], &fresh["last-run"], &fresh["queue-depth"]),
        (&json!(null), &json!(null), &json!(0))
    );
    assert_eq!(fresh["channels"][0]["name"], "syslog");
    assert_eq!(server.get("/api/v1/alarms").json(), json!({ "items": [], "next": null }));
    look(&server);
    let message = received.recv_timeout(Duration::from_secs(120)).unwrap();
    assert!(message.contains(">1 ") && message.contains(" expiry.last-day [alarm@32473 id=\""), "{message}");
    assert!(!message.chars().any(char::is_control), "{message:?}");
    let monitor = until(&server, "/api/v1/monitor", |monitor| monitor["channels"][0]["delivered"] == 1);
    let found = &monitor["found"];
    assert_eq!(
        (&found["certificates"], &found["last-day"], &found["raised"]),
        (&json!(1), &json!(1), &json!(1))
    );
    assert_eq!((&monitor["status"], &monitor["queue-depth"]), (&json!("running"), &json!(0)));
    let list = server.get("/api/v1/alarms?state=open&kind=expiry.last-day").json();
    let alarm = &list["items"][0];
    let id = alarm["id"].as_str().unwrap();
    assert!(message.contains(&format!("id=\"{id}\"")), "{message}");
    let certificate = &alarm["certificate"];
    assert_eq!(
        (&certificate["days-left"], &certificate["places"][0]["owner"]),
        (&json!(0), &json!("administrator"))
    );
    assert!(certificate["alternative-names"].to_string().contains("a.example"), "{certificate}");
    assert!(!certificate["sentence"].as_str().unwrap().chars().any(char::is_control));
    answers(&server, id);
    // the same look again finds the same, and tells nothing
    look(&server);
    until(&server, "/api/v1/monitor", |monitor| monitor["found"]["raised"] == 0);
    assert!(received.try_recv().is_err());
    let metrics = server.get("/metrics").text().to_owned();
    for line in [
        "assayer_certificates_expiring{stage=\"last-day\"} 1",
        "assayer_certificate_soonest_expiry_days 0",
        "assayer_alarm_queue_depth{channel=\"syslog\"} 0",
        "assayer_alarm_deliveries_total{channel=\"syslog\",outcome=\"delivered\"} 1",
    ] {
        assert!(metrics.lines().any(|found| found == line), "{line}: {metrics}");
    }
    let (log, _) = server.stop();
    let lines: Vec<&str> = log.lines().filter(|line| line.contains("injected")).collect();
    assert!(lines.len() == 1 && lines[0].contains(id) && !lines[0].starts_with("<0>"), "{log}");
}

fn answers(server: &Server, id: &str) {
    let viewer = token(server, "viewer");
    let asked = Asked::new("PATCH", &format!("/api/v1/alarms/{id}")).json(&json!({ "answer": "resolve" }));
    problem(
        &server.send(&asked.header("authorization", &format!("Bearer {viewer}"))),
        403,
        "access.permission",
    );
    problem(&answer(server, "nothing", &json!({ "answer": "resolve" })), 404, "alarm.missing");
    problem(&server.get("/api/v1/alarms/nothing"), 404, "alarm.missing");
    problem(&answer(server, id, &json!({ "answer": "snooze" })), 422, "request.value");
    problem(
        &answer(server, id, &json!({ "answer": "snooze", "until": "2020-01-01T00:00:00Z" })),
        422,
        "request.value",
    );
    problem(&server.get("/api/v1/alarms?after=nothing"), 422, "request.value");
    let tomorrow = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24);
    let tomorrow = tomorrow.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let put_off = answer(server, id, &json!({ "answer": "snooze", "until": tomorrow })).json();
    assert_eq!((&put_off["state"], &put_off["snoozed-until"]), (&json!("open"), &json!(tomorrow)));
    let known = answer(server, id, &json!({ "answer": "acknowledge" })).json();
    assert_eq!((&known["state"], &known["answered-by"]), (&json!("acknowledged"), &json!("administrator")));
    assert_eq!(answer(server, id, &json!({ "answer": "resolve" })).json()["state"], "resolved");
    problem(&answer(server, id, &json!({ "answer": "acknowledge" })), 409, "alarm.resolved");
    assert_eq!(server.get(&format!("/api/v1/alarms/{id}")).json()["state"], "resolved");
    let audit = server.get("/api/v1/audit").json();
    let acts: Vec<&str> =
        audit["items"].as_array().unwrap().iter().map(|item| item["what"].as_str().unwrap()).collect();
    for act in ["alarm.snoozed", "alarm.acknowledged", "alarm.resolved", "monitor.run-requested"] {
        assert!(acts.contains(&act), "{act}: {acts:?}");
    }
}

#[test]
fn an_alarm_waits_for_a_receiver_that_is_not_there() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let server = serve(&configuration(port));
    look(&server);
    let waiting =
        until(&server, "/api/v1/monitor", |monitor| monitor["channels"][0]["last-error"].is_string());
    assert_eq!((&waiting["status"], &waiting["queue-depth"]), (&json!("degraded"), &json!(1)));
    let why = waiting["channels"][0]["last-error"].as_str().unwrap();
    assert!(why.starts_with(&format!("tcp://127.0.0.1:{port}: ")), "{why}");
    // it decides all the same
    assert_eq!(server.get("/readyz").status, 200);
    // a restart forgets nothing
    let (log, place) = server.stop();
    assert!(log.contains("alarms wait in the outbox"), "{log}");
    let received = receive(TcpListener::bind(("127.0.0.1", port)).unwrap());
    let file = place.file("assayer.toml", configuration(port));
    let server = Server::at(place, &["--config", &file]);
    let message = received.recv_timeout(Duration::from_secs(120)).unwrap();
    assert_eq!(message.matches("[alarm@32473 ").count(), 1, "{message}");
    drop(server);
}
