//! TLS with a certificate from files, as OpenSSL sees it.

use std::io::Write;
use std::process::{Command, Stdio};

use crate::process::{Place, Server, assayer, run};

/// A certificate for this machine and its key, made by OpenSSL.
fn certificate(place: &Place) -> (String, String) {
    let file = |name: &str| place.path().join(name).to_str().unwrap().to_owned();
    let (certificate, key) = (file("server.pem"), file("server.key"));
    let mut command = Command::new("openssl");
    command.args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]);
    command.args(["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]);
    command.args(["-addext", "basicConstraints=critical,CA:FALSE"]);
    command.args(["-days", "2", "-keyout", &key, "-out", &certificate]);
    let (status, _, errors) = run(&mut command);
    assert_eq!(status, Some(0), "{errors}");
    (certificate, key)
}

pub(crate) fn server() -> (Server, String) {
    let place = Place::new();
    let (certificate, key) = certificate(&place);
    let server = Server::at(place, &["--tls-certificate", &certificate, "--tls-key", &key]);
    (server, certificate)
}

/// OpenSSL as a client: what it prints, and what it was answered.
pub(crate) fn s_client(server: &Server, certificate: &str, options: &[&str]) -> (bool, String) {
    let address = server.address().to_string();
    let mut command = Command::new("openssl");
    command.args([
        "s_client",
        "-connect",
        &address,
        "-CAfile",
        certificate,
        "-verify_return_error",
        "-ign_eof",
    ]);
    command.args(["-servername", "localhost", "-verify_hostname", "localhost"]).args(options);
    let mut client =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let request = b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    let _ = client.stdin.take().unwrap().write_all(request);
    let output = client.wait_with_output().unwrap();
    (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn it_speaks_tls_1_2_and_1_3_and_nothing_older() {
    let (server, certificate) = server();
    assert!(server.uri.starts_with("https://127.0.0.1:"), "{}", server.uri);
    for (option, version) in [("-tls1_2", "TLSv1.2"), ("-tls1_3", "TLSv1.3")] {
        let (_, said) = s_client(&server, &certificate, &[option]);
        assert!(said.contains(version) && said.contains("Verify return code: 0 (ok)"), "{said}");
        assert!(said.contains("HTTP/1.1 200 OK") && said.contains("{\"status\":\"up\"}"), "{said}");
        assert!(said.contains("strict-transport-security: max-age=31536000"), "{said}");
    }
    let (success, said) = s_client(&server, &certificate, &["-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"]);
    assert!(!success && !said.contains("HTTP/1.1"), "{said}");
}

#[test]
fn a_client_that_is_no_tls_client_changes_nothing_for_others() {
    let (server, certificate) = server();
    let mut plain = crate::client::connect(server.address());
    plain.write_all(b"GET /healthz HTTP/1.1\r\n\r\n").unwrap();
    let (success, said) = s_client(&server, &certificate, &[]);
    assert!(success && said.contains("HTTP/1.1 200 OK"), "{said}");
    let (log, _) = server.stop();
    assert!(log.contains("uri=\"https://127.0.0.1:"), "{log}");
}

#[test]
fn a_key_that_is_not_the_certificates_is_refused() {
    let (one, other) = (Place::new(), Place::new());
    let (certificate_file, _) = certificate(&one);
    let (_, key) = certificate(&other);
    let data = one.data();
    let mut command = assayer(&["serve", "--listen", "127.0.0.1:0", "--data", &data]);
    command.args(["--tls-certificate", &certificate_file, "--tls-key", &key]);
    let (status, _, errors) = run(&mut command);
    assert_eq!((status, errors.lines().count()), (Some(2), 1), "{errors}");
    assert!(errors.contains("expected the key of the first certificate"), "{errors}");
}
