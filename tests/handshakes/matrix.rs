//! The four statuses, in both modes, at both ends of a handshake (R-CC-1 to R-CC-6, R-OCSP-18), and a certificate that is
//! revoked between two handshakes (R-OCSP-19).

use host_server::component::contract::request::Mode;
use host_server::verifier::rustls::{CertificateError, HandshakeKind};
use host_server::verifier::{Answer, Builder};

use std::sync::{Arc, Mutex};

use crate::realm::Realm;
use crate::shake::{
    End, NAME, admitted, judging_client, judging_server, plain_client, plain_server, refused,
    resuming_server, shake, turned_away, verifier,
};

/// What is to become of a leaf: with the mode off, and on.
type Row = (&'static str, Expected, Expected);

#[derive(Clone, Copy, Debug)]
enum Expected {
    Admitted,
    Revoked,
    StatusUnknown,
}

use Expected::{Admitted, Revoked, StatusUnknown};

/// The table of the design. Where nobody can be reached, `unreachable` is the row.
const TABLE: [Row; 5] = [
    ("good", Admitted, Admitted),
    ("revoked", Revoked, Revoked),
    ("held", Revoked, Revoked),
    ("unlisted", Admitted, StatusUnknown),
    ("unreachable", Admitted, StatusUnknown),
];

const MODES: [Mode; 2] = [Mode::AsWritten, Mode::CommonCriteria];
const STRICT: &str = "[revocation]\nundetermined = \"deny\"\n";

/// Sets the scene for a row and names the leaf.
fn leaf(realm: &Realm, row: &'static str) -> &'static str {
    if row == "unreachable" {
        realm.unreachable();
        return "good";
    }
    realm.reachable();
    row
}

#[track_caller]
fn check(judging: &End, judged: &End, expected: Expected) {
    match expected {
        Admitted => {
            admitted(judging);
            admitted(judged);
        }
        Revoked => refused(judging, CertificateError::Revoked),
        StatusUnknown => refused(judging, CertificateError::UnknownRevocationStatus),
    }
    if !matches!(expected, Admitted) {
        turned_away(judged);
    }
}

fn expected((_, off, on): Row, mode: Mode) -> Expected {
    match mode {
        Mode::AsWritten => off,
        Mode::CommonCriteria => on,
    }
}

// R-CC-1, R-CC-2, R-CC-4, R-OCSP-18
#[test]
fn a_client_follows_the_table_about_its_server() {
    let realm = Realm::new();
    for mode in MODES {
        let client = judging_client(verifier(&realm).mode(mode));
        for row in TABLE {
            let server = plain_server(&realm, leaf(&realm, row.0), Vec::new());
            let (served, judging) = shake(&server, &client, NAME);
            check(&judging, &served, expected(row, mode));
        }
    }
}

// R-CC-1, R-CC-2, R-CC-4, R-OCSP-18
#[test]
fn a_server_follows_the_table_about_its_clients() {
    let realm = Realm::new();
    for mode in MODES {
        let server = judging_server(&realm, verifier(&realm).mode(mode));
        for row in TABLE {
            // the server's own certificate is believed by rustls, which asks nobody
            let client = plain_client(&realm, Some(leaf(&realm, row.0)));
            let (judging, shown) = shake(&server, &client, NAME);
            check(&judging, &shown, expected(row, mode));
        }
    }
}

#[test]
fn the_setting_decides_where_nobody_answers() {
    let realm = Realm::new();
    realm.unreachable();
    let strict = |builder: Builder| builder.policy(STRICT);
    let (_, judging) =
        shake(&plain_server(&realm, "good", Vec::new()), &judging_client(strict(verifier(&realm))), NAME);
    refused(&judging, CertificateError::UnknownRevocationStatus);
    let server = judging_server(&realm, strict(verifier(&realm)));
    let (judging, _) = shake(&server, &plain_client(&realm, Some("good")), NAME);
    refused(&judging, CertificateError::UnknownRevocationStatus);
}

// R-OCSP-19
#[test]
fn what_was_revoked_a_second_ago_is_refused() {
    let realm = Realm::new();
    let client = judging_client(verifier(&realm));
    let server = judging_server(&realm, verifier(&realm));
    let shown = plain_client(&realm, Some("good"));
    let (judging, judged) = shake(&server, &shown, NAME);
    check(&judging, &judged, Admitted);
    let plain = plain_server(&realm, "good", Vec::new());
    admitted(&shake(&plain, &client, NAME).1);
    realm.revoke_good();
    refused(&shake(&server, &shown, NAME).0, CertificateError::Revoked);
    refused(&shake(&plain, &client, NAME).1, CertificateError::Revoked);
}

/// Why servers are to be told `always_ask_clients`: rustls by itself lets a client come back that nobody has asked about
/// again.
#[test]
fn a_session_that_is_resumed_asks_nobody() {
    let realm = Realm::new();
    let server = Arc::new(resuming_server(&realm, verifier(&realm)));
    let asking = judging_server(&realm, verifier(&realm));
    let client = plain_client(&realm, Some("good"));
    admitted(&shake(&server, &client, NAME).1);
    let asked = realm.ocsp.received().len();
    let (_, back) = shake(&server, &client, NAME);
    assert_eq!((back.kind, realm.ocsp.received().len()), (Some(HandshakeKind::Resumed), asked));
    // the same client with its tickets at a server that always asks
    for _ in 0..2 {
        let (_, back) = shake(&asking, &client, NAME);
        admitted(&back);
        assert_eq!(back.kind, Some(HandshakeKind::Full));
    }
    assert_eq!(realm.ocsp.received().len(), asked + 2);
}

#[test]
fn the_application_gets_the_whole_verdict() {
    let realm = Realm::new();
    let answers: Arc<Mutex<Vec<Answer>>> = Arc::default();
    let keep = Arc::clone(&answers);
    let server = judging_server(
        &realm,
        verifier(&realm).on_answer(move |answer| keep.lock().unwrap().push(answer.clone())),
    );
    for leaf in ["good", "revoked"] {
        shake(&server, &plain_client(&realm, Some(leaf)), NAME);
    }
    let answers = answers.lock().unwrap();
    let codes: Vec<Vec<&str>> = answers.iter().map(Answer::codes).collect();
    assert_eq!(codes, [vec![], vec!["revocation.revoked"]]);
    for answer in answers.iter() {
        let decided = answer.outcome.as_ref().unwrap();
        assert_eq!(decided.verdict.path[0].fingerprint, answer.certificate);
        assert!(decided.verdict.document.contains("trace"), "the whole document");
        assert_eq!(decided.asked.iter().filter(|asked| asked.what == "ocsp-response").count(), 1);
        assert_eq!(answer.peer.to_string(), "a client");
    }
}
