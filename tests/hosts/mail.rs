//! Alarms on their way by mail: a real mail server, in the open, by STARTTLS and over TLS, one that is another, one that
//! does not offer what is required, and what it is told about hostile subjects.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use host_server::alarm::{Batch, Channel};
use host_server::config::Alarms;
use host_server::storage::Setback;
use pki::certificate::Sketch;
use pki::key::Key;

use crate::setting::run;
use crate::smtp::MailServer;
use crate::syslog::{alarm_about, pem};

fn configured(scheme: &str, port: u16, authority: Option<PathBuf>) -> Alarms {
    Alarms {
        smtp: Some(format!("{scheme}://127.0.0.1:{port}")),
        smtp_ca: authority,
        mail_from: Some("assayer@example.org".to_owned()),
        ..Alarms::default()
    }
}

fn send(alarms: &Alarms, subjects: &[&str]) -> Result<(), Setback> {
    let channel = Channel::of(alarms, "n1.example").unwrap().remove(0);
    let alarms: Vec<_> = subjects
        .iter()
        .enumerate()
        .map(|(index, subject)| alarm_about(&index.to_string(), subject))
        .collect();
    let alarms: Vec<_> = alarms.iter().collect();
    run(channel.send(&Batch { lane: "mail:ops@example.org", alarms: &alarms, more: 0, now: 0 }))
}

fn refused(sent: Result<(), Setback>, why: &str) {
    let Err(Setback::Refused(found)) = sent else { panic!("{sent:?}") };
    assert!(found.contains(why), "{found}");
}

/// A file that only its owner may read.
fn password(text: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("assayer-password-{}-{}", std::process::id(), text.len()));
    std::fs::write(&path, text).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    path
}

// R-MON-14, R-MON-15
#[test]
fn r_mon_15_a_digest_arrives_with_headers_of_ours_alone() {
    let Some(server) = MailServer::start("plain") else { return };
    let hostile = format!("CN=a\r\nBcc: everybody@example.org\r\n\r\n.\r\n{}", "x".repeat(10_000));
    assert_eq!(send(&configured("smtp", server.port, None), &[&hostile, "CN=ä"]), Ok(()));
    let taken = server.taken();
    assert_eq!((taken.len(), taken[0].to()), (1, "ops@example.org"));
    assert_eq!(taken[0].0["from"], "assayer@example.org");
    assert_eq!(taken[0].0["to"].as_array().unwrap().len(), 1);
    assert_eq!(taken[0].header("Subject"), "2 certificates need attention: 2 expire soon");
    assert_eq!(taken[0].header("Auto-Submitted"), "auto-generated");
    assert_eq!(taken[0].header("Date"), "Mon, 21 Sep 2026 14:13:20 +0000");
    assert!(!taken[0].head().contains("Bcc") && !taken[0].head().contains("CN="), "{}", taken[0].head());
    let body = taken[0].body();
    assert!(body.contains("CN=ä") && body.contains(r"CN=a\u{d}\u{a}Bcc:"), "{body}");
    assert!(
        body.lines().all(|line| line.chars().count() <= 100 && !line.chars().any(char::is_control)),
        "{body}"
    );
    for told in
        ["   Serial number: 0a\n", "   Owner: alice\n", "   Used: tomcat\n", "   What to do: Renew it\n"]
    {
        assert!(body.contains(told), "{told}: {body}");
    }
    assert_eq!(taken[0].alarms(), ["0", "1"]);
}

#[test]
fn tls_is_required_where_it_is_asked_for_and_of_the_configured_authority() {
    let Some(starttls) = MailServer::start("starttls") else { return };
    let (Some(smtps), Some(plain)) = (MailServer::start("smtps"), MailServer::start("plain")) else { return };
    let other = pem("mail-other", &Sketch::ca("other").key(Key::p256("other-root")).issue());
    for (scheme, server) in [("smtp+starttls", &starttls), ("smtps", &smtps)] {
        refused(send(&configured(scheme, server.port, Some(other.clone())), &["CN=a"]), "certificate");
        assert!(server.taken().is_empty());
        assert_eq!(send(&configured(scheme, server.port, Some(server.authority())), &["CN=a"]), Ok(()));
        let taken = server.taken();
        assert_eq!((taken.len(), &taken[0].0["tls"]), (1, &serde_json::json!(true)));
    }
    // the roots of this machine are others
    refused(send(&configured("smtps", smtps.port, None), &["CN=a"]), "certificate");
    refused(
        send(&configured("smtp+starttls", plain.port, Some(starttls.authority())), &["CN=a"]),
        "STARTTLS is not supported",
    );
    assert!(plain.taken().is_empty());
    std::fs::remove_file(other).unwrap();
}

#[test]
fn a_password_is_told_over_tls_and_a_wrong_one_is_said() {
    let Some(server) = MailServer::start("starttls") else { return };
    let right = password("correct horse");
    let wrong = password("wrong");
    let alarms = |file: &PathBuf| Alarms {
        smtp_user: Some("alice".to_owned()),
        smtp_password_file: Some(file.clone()),
        ..configured("smtp+starttls", server.port, Some(server.authority()))
    };
    refused(send(&alarms(&wrong), &["CN=a"]), "535");
    assert_eq!(send(&alarms(&right), &["CN=a"]), Ok(()));
    assert_eq!(server.taken()[0].0["user"], "alice");
    std::fs::set_permissions(&right, std::fs::Permissions::from_mode(0o644)).unwrap();
    let exposed = Channel::of(&alarms(&right), "n1").map(drop).unwrap_err();
    assert!(exposed.starts_with("alarms.smtp-password-file: ") && exposed.contains("chmod 600"), "{exposed}");
    for file in [right, wrong] {
        std::fs::remove_file(file).unwrap();
    }
}

#[test]
fn what_the_server_says_is_told_and_what_it_may_have_taken_is_told_apart() {
    let Some(mut server) = MailServer::start("plain") else { return };
    let alarms = configured("smtp", server.port, None);
    server.tell("reply", "451 come again");
    refused(send(&alarms, &["CN=a"]), "come again");
    server.tell("reply", "554 never");
    refused(send(&alarms, &["CN=a"]), "never");
    server.tell("reply", "");
    server.tell("refused", "ops@example.org");
    refused(send(&alarms, &["CN=a"]), "no such mailbox");
    server.tell("refused", "");
    assert!(server.taken().is_empty());
    server.tell("vanish", "yes");
    assert!(matches!(send(&alarms, &["CN=a"]), Err(Setback::Unknown(_))));
    assert_eq!(server.taken().len(), 1);
    server.stop();
    refused(send(&alarms, &["CN=a"]), "smtp://127.0.0.1:");
}
