//! What is wrong at start is one clear line and exit status 2.

use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;

use host_server::audit::AuditRecord;
use host_server::keys::KeyKind;
use host_server::keys::generate::generate_blocking;
use host_server::keys::passphrase::Passphrase;
use host_server::keys::seal::seal;
use host_server::storage::{Change, Location, PendingRequest, SealedKey, Storage};

use crate::process::{Place, Server, assayer, run};

fn refused(arguments: &[&str], environment: &[(&str, &str)], line: &str) {
    let place = Place::new();
    let data = place.data();
    let mut command = assayer(&["serve", "--data", &data]);
    command.args(arguments).envs(environment.iter().copied());
    let (status, output, errors) = run(&mut command);
    assert_eq!((status, output.as_str()), (Some(2), ""), "{arguments:?}: {errors}");
    assert_eq!(errors.lines().count(), 1, "{errors}");
    assert!(errors.contains(line), "{errors}");
}

#[test]
fn a_port_in_use_is_one_line() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    refused(&["--listen", &address], &[], &format!("{address}: the address is in use"));
    refused(&["--listen", "192.0.2.1:0", "--insecure-http"], &[], "the address is not one of this machine");
}

#[test]
fn plain_http_for_others_needs_words() {
    refused(&["--listen", "0.0.0.0:0"], &[], "--insecure-http");
    let place = Place::new();
    let data = place.data();
    let mut command = assayer(&["serve", "--data", &data, "--listen", "0.0.0.0:0", "--insecure-http"]);
    let server = Server::spawn(&mut command, place);
    assert!(server.uri.starts_with("http://0.0.0.0:"), "{}", server.uri);
}

#[test]
fn a_wrong_configuration_says_where_and_what_was_expected() {
    let place = Place::new();
    let file = place.file("assayer.toml", "[limits]\nbody = 'large'\n");
    refused(
        &["--config", &file],
        &[],
        &format!("{file}: line 2, column 8: invalid type: string \"large\", expected usize"),
    );
    refused(&["--config", "/no/such.toml"], &[], "/no/such.toml: ");
}

#[test]
fn files_of_no_use_are_one_line() {
    let place = Place::new();
    let leaf = crate::contract::project().join("tests/samples/leaf.pem");
    let leaf = leaf.to_str().unwrap();
    let missing = ["--tls-certificate", "/no/such.pem", "--tls-key", "/no/such.key"];
    refused(&missing, &[], "/no/such.pem: ");
    refused(
        &["--tls-certificate", leaf, "--tls-key", leaf],
        &[],
        "expected an unencrypted private key as PEM",
    );
    let empty = place.file("empty.pem", "");
    refused(&["--tls-certificate", &empty, "--tls-key", leaf], &[], "holds no certificate");
}

#[test]
fn a_passphrase_is_refused_when_weak_exposed_or_absent_where_it_is_needed() {
    let place = Place::new();
    let file = place.file("passphrase", "correct horse battery\n");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    refused(&["--passphrase-file", &file], &[], "may be read by others (mode 644)");
    refused(&[], &[("ASSAYER_PASSPHRASE", "thirteen long")], "the passphrase has 13 octets; expected 14");
    refused(&[], &[("ASSAYER_PASSPHRASE", "passwordpassword")], "is one pattern");
    let fips = place.file("fips.toml", "[keys]\nmode = 'fips'\n");
    refused(&["--config", &fips], &[], "FIPS mode needs a passphrase");
    if !host_server::signature::is_validated() {
        let with = [("ASSAYER_PASSPHRASE", "correct horse battery")];
        refused(&["--config", &fips], &with, "this program was built without the validated module");
    }
}

/// A request that waits, with its key under a passphrase.
fn keep_a_key(directory: &str, words: &str) {
    let passphrase = Passphrase::new(words.as_bytes().to_vec().into()).unwrap();
    let sealed = seal(&generate_blocking(KeyKind::P256).unwrap(), &passphrase).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let storage = Storage::open(&Location::Directory(directory.into())).await.unwrap();
        let key = SealedKey {
            id: "key".to_owned(),
            purpose: "tomcat".to_owned(),
            algorithm: "p-256".to_owned(),
            sealed,
        };
        let request = PendingRequest {
            purpose: "tomcat".to_owned(),
            node: None,
            der: vec![0x30, 0],
            key_id: "key".to_owned(),
        };
        let changes = [Change::PutKey(key), Change::PutRequest(request)];
        let record = AuditRecord::done(0, "test", "request.made", "tomcat");
        let version = storage.version().await.unwrap();
        storage.apply(version, &changes, record).await.unwrap();
        storage.close().await;
    });
}

#[test]
fn a_passphrase_that_does_not_open_the_keys_shows_at_start() {
    let place = Place::new();
    keep_a_key(&place.data(), "correct horse battery");
    let data = place.data();
    let start = |words: &str| {
        let mut command = assayer(&["serve", "--listen", "127.0.0.1:0", "--data", &data]);
        command.env("ASSAYER_PASSPHRASE", words);
        command
    };
    let (status, output, errors) = run(&mut start("another horse battery"));
    assert_eq!((status, output.as_str(), errors.lines().count()), (Some(2), "", 1), "{errors}");
    assert!(errors.contains("the passphrase does not open the private key"), "{errors}");
    assert!(!errors.contains("horse"), "{errors}");
    let server = Server::spawn(&mut start("correct horse battery"), place);
    let (log, place) = server.stop();
    assert!(!log.contains("horse") && !log.contains("no passphrase"), "{log}");
    let (log, _) = Server::at(place, &[]).stop();
    assert!(log.contains("there is no passphrase for private keys"), "{log}");
}

#[test]
fn completions_name_the_commands() {
    for shell in ["bash", "zsh", "fish"] {
        let (status, output, _) = run(&mut assayer(&["completions", shell]));
        assert_eq!(status, Some(0));
        assert!(output.contains("tls-certificate") && output.contains("inspect"), "{shell}");
    }
    assert_eq!(run(&mut assayer(&["completions", "abacus"])).0, Some(2));
}
