//! The ways that alarms go out by, of a whole server: each by itself, tried, given up, counted, and looked after from a
//! terminal; and that what `deploy/` has for Prometheus and Grafana is about what a server shows.

use std::collections::BTreeSet;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::alarms::{look, problem, serve, until};
use crate::client::Asked;
use crate::management::token;
use crate::process::{Place, Server, assayer, run};
use crate::smtp::MailServer;

/// Ports where nobody listens.
struct Closed {
    syslog: u16,
    webhook: u16,
}

fn closed() -> Closed {
    let port = || TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    Closed { syslog: port(), webhook: port() }
}

/// A configuration with a channel of each kind, of which mail alone is there.
fn configuration(closed: &Closed, mail: u16, secret: &str) -> String {
    format!(
        "[alarms]\nsyslog = \"tcp://127.0.0.1:{}\"\nsmtp = \"smtp://127.0.0.1:{mail}\"\n\
         mail-from = \"assayer@example.org\"\n\
         [[alarms.webhook]]\nname = \"chat\"\nurl = \"http://127.0.0.1:{}/\"\nsecret-file = \"{secret}\"\n",
        closed.syslog, closed.webhook
    )
}

fn secret(place: &Place) -> String {
    let file = place.file("secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
    file
}

fn tell_by_mail(server: &Server, addresses: &str) {
    let policy = format!("[monitoring]\ne-mail = \"enabled\"\naddresses = \"{addresses}\"\n");
    let put = Asked::new("PUT", "/api/v1/policies/deployment").body("application/toml", policy);
    let reply = server.ask(put);
    assert_eq!(reply.status, 200, "{}", reply.text());
}

fn channel<'a>(monitor: &'a Value, name: &str) -> &'a Value {
    let channels = monitor["channels"].as_array().unwrap();
    channels.iter().find(|channel| channel["name"] == name).unwrap_or_else(|| panic!("{name}: {monitor}"))
}

/// A command of the terminal: its status and what it says.
fn monitor(server: &Server, arguments: &[&str]) -> (i32, String) {
    let mut command = assayer(&[&["monitor"], arguments].concat());
    command.env("ASSAYER_SERVER", &server.uri).env("ASSAYER_TOKEN", server.token.as_deref().unwrap());
    let (status, output, errors) = run(command.env("LC_ALL", "C.UTF-8"));
    assert!(!errors.contains("panicked"), "{errors}");
    (status.unwrap(), output + &errors)
}

// R-MON-11, R-MON-14, R-MON-15, R-MON-17
#[test]
fn one_way_that_is_not_there_delays_no_other() {
    let Some(mail) = MailServer::start("plain") else { return };
    let (place, closed) = (Place::new(), closed());
    let server = serve(&configuration(&closed, mail.port, &secret(&place)));
    let fresh = until(&server, "/api/v1/monitor", |monitor| monitor["status"] == "running");
    for name in ["syslog", "mail", "webhook:chat"] {
        assert_eq!(channel(&fresh, name)["is-configured"], true);
    }
    tell_by_mail(&server, "ops@example.org");
    look(&server);
    let taken = mail.await_taken(1);
    assert_eq!(taken[0].to(), "ops@example.org");
    assert_eq!(taken[0].header("Subject"), "1 certificate needs attention: 1 expires within a day");
    assert!(taken[0].body().contains(r"CN=soon\0D\0A\<0\>1"), "{}", taken[0].body());
    let shown = until(&server, "/api/v1/monitor", |monitor| {
        let has_failed = |name: &str| channel(monitor, name)["last-error"].is_string();
        has_failed("syslog")
            && has_failed("webhook:chat")
            && monitor["channels"].to_string().contains("mail:ops")
            && channel(monitor, "mail:ops@example.org")["delivered"] == 1
    });
    assert_eq!((&shown["status"], &shown["queue-depth"]), (&json!("degraded"), &json!(2)));
    let id = server.get("/api/v1/alarms").json()["items"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(taken[0].alarms(), [id.as_str()]);
    tried(&server, &mail);
    by_terminal(&server, &id);
    counted(&server);
    let (log, _) = given_up(server, &closed, mail.port);
    assert!(!log.contains("panicked"), "{log}");
}

fn tried(server: &Server, mail: &MailServer) {
    let viewer = token(server, "viewer");
    let asked = || Asked::new("POST", "/api/v1/monitor/test");
    problem(
        &server.send(&asked().header("authorization", &format!("Bearer {viewer}"))),
        403,
        "access.permission",
    );
    let reply = server.ask(asked());
    assert_eq!(reply.status, 200, "{}", reply.text());
    let trial = reply.json();
    let names: Vec<_> =
        trial["channels"].as_array().unwrap().iter().map(|one| (&one["name"], &one["taken"])).collect();
    assert_eq!(
        names,
        [
            (&json!("mail:ops@example.org"), &json!(true)),
            (&json!("syslog"), &json!(false)),
            (&json!("webhook:chat"), &json!(false))
        ]
    );
    let mails = mail.await_taken(2);
    assert!(mails[1].body().contains("nothing is the matter"), "{}", mails[1].body());
    assert_eq!(mails[1].alarms(), [trial["id"].as_str().unwrap()]);
    // it is kept nowhere
    assert_eq!(server.get("/api/v1/alarms").json()["items"].as_array().map(Vec::len), Some(1));
}

fn by_terminal(server: &Server, id: &str) {
    let (status, page) = monitor(server, &["status"]);
    assert_eq!(status, 0, "{page}");
    for told in
        ["degraded", "mail:ops@example.org  1 delivered, 0 waiting", "syslog  0 delivered, 1 waiting since "]
    {
        assert!(page.contains(told), "{told}: {page}");
    }
    let (status, page) = monitor(server, &["alarms", "--state", "open"]);
    assert!(status == 0 && page.contains(id) && page.ends_with("1 alarm\n"), "{page}");
    assert!(!page.contains('\r') && page.contains(r"CN=soon\0D\0A"), "{page:?}");
    let (_, page) = monitor(server, &["alarm", id]);
    assert!(page.contains("tomcat-trust") && page.contains("administrator"), "{page}");
    let (status, page) = monitor(server, &["test"]);
    assert!(status == 1 && page.contains("syslog  NOT TAKEN"), "{page}");
    let (_, document) = monitor(server, &["status", "--json"]);
    assert_eq!(serde_json::from_str::<Value>(&document).unwrap()["status"], "degraded");
    let (status, page) = monitor(server, &["snooze", id, "--until", "2020-01-01T00:00:00Z"]);
    assert!(status == 2 && page.contains("request.value"), "{page}");
    let tomorrow =
        (jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24)).strftime("%Y-%m-%dT%H:%M:%SZ");
    let (_, page) = monitor(server, &["snooze", id, "--until", &tomorrow.to_string()]);
    assert!(page.contains("not told again before"), "{page}");
    assert!(monitor(server, &["acknowledge", id]).1.contains("  acknowledged  "));
    assert!(monitor(server, &["resolve", id]).1.contains("  resolved  "));
    let (status, page) = monitor(server, &["resolve", id]);
    assert!(status == 2 && page.contains("alarm.resolved"), "{page}");
    assert_eq!(monitor(server, &["run"]).0, 0);
}

/// What waits for a way that is there no more, and for one that is.
fn given_up(server: Server, closed: &Closed, mail: u16) -> (String, Place) {
    let token = server.token.clone();
    let path = |name: &str| Asked::new("DELETE", &format!("/api/v1/monitor/channels/{name}"));
    problem(&server.ask(path("webhook:chat")), 409, "channel.configured");
    problem(&server.ask(path("nothing")), 404, "channel.missing");
    let (_, place) = server.stop();
    let text = configuration(closed, mail, "s").split("[[").next().unwrap().to_owned();
    let file = place.file("assayer.toml", text);
    let mut server = Server::at(place, &["--config", &file]);
    server.token = token;
    let shown = server.get("/api/v1/monitor").json();
    assert_eq!(
        (&channel(&shown, "webhook:chat")["is-configured"], &channel(&shown, "webhook:chat")["waiting"]),
        (&json!(false), &json!(1))
    );
    let (status, page) = monitor(&server, &["drop", "webhook:chat"]);
    assert!(status == 0 && page.contains("1 that waited for webhook:chat"), "{page}");
    problem(&server.ask(path("webhook:chat")), 404, "channel.missing");
    let acts = server.get("/api/v1/audit").text().to_owned();
    assert!(acts.contains("channel.dropped") && acts.contains("monitor.tested"), "{acts}");
    server.stop()
}

fn project(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name)
}

/// Every name of ours in a text: metrics as queries name them.
fn named(text: &str) -> BTreeSet<String> {
    let words = text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
    words.filter(|word| word.starts_with("assayer_")).map(str::to_owned).collect()
}

/// The names that a server shows, as Prometheus knows them.
fn counted(server: &Server) {
    let certificate = include_str!("../samples/leaf.pem");
    let root = include_str!("../samples/root.pem");
    let decided = server.post(
        "/api/v1/verify",
        &json!({ "certificate": certificate, "anchors": [root], "purpose": "server-auth" }),
    );
    assert_eq!(decided.status, 200, "{}", decided.text());
    let text = server.get("/metrics").text().to_owned();
    for line in [
        "assayer_alarm_queue_depth{channel=\"mail\"} 0",
        "assayer_alarm_queue_depth{channel=\"syslog\"} 1",
        "assayer_alarm_deliveries_total{channel=\"mail\",outcome=\"delivered\"} 1",
        "assayer_decisions_total{decision=\"deny\",purpose=\"server-auth\"} 1",
    ] {
        assert!(text.lines().any(|found| found == line), "{line}: {text}");
    }
    // a certificate by the beginning of its fingerprint and its place, and nobody's address
    let day = text.lines().find(|line| line.starts_with("assayer_certificate_expiry_days{")).unwrap();
    assert!(day.ends_with("\",place=\"trust/tomcat-trust\"} 0"), "{day}");
    assert!(!text.contains("ops@example.org") && !text.contains("CN="), "{text}");
    let shown: BTreeSet<String> = text
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split(['{', ' ']).next().map(str::to_owned))
        .collect();
    for file in ["deploy/alert-rules.yml", "deploy/alert-rules-test.yml", "deploy/grafana-dashboard.json"] {
        let named = named(&std::fs::read_to_string(project(file)).unwrap());
        assert!(!named.is_empty());
        let unknown: Vec<_> = named.difference(&shown).collect();
        assert!(unknown.is_empty(), "{file}: {unknown:?} of {shown:?}");
    }
}

/// Installed by `.ci/test`; where it cannot be, this says so and passes.
#[test]
fn promtool_takes_the_rules_and_their_tests() {
    if Command::new("promtool").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_err()
    {
        eprintln!("NOT RUN: there is no promtool; .ci/test installs it");
        return;
    }
    for arguments in [["check", "rules", "alert-rules.yml"], ["test", "rules", "alert-rules-test.yml"]] {
        let mut command = Command::new("promtool");
        let (status, output, errors) = run(command.args(arguments).current_dir(project("deploy")));
        assert_eq!(status, Some(0), "{output}{errors}");
    }
}

#[test]
fn the_dashboard_is_one() {
    let text = std::fs::read_to_string(project("deploy/grafana-dashboard.json")).unwrap();
    let dashboard: Value = serde_json::from_str(&text).unwrap();
    let panels = dashboard["panels"].as_array().unwrap();
    assert!(
        panels.iter().all(|panel| panel["targets"].as_array().is_some_and(|targets| !targets.is_empty()))
    );
    let ids: BTreeSet<_> = panels.iter().map(|panel| panel["id"].as_i64().unwrap()).collect();
    assert_eq!(ids.len(), panels.len());
}
