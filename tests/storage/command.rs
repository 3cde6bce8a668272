//! `assayer audit`, `backup` and `restore`, as their users meet them: what is printed, and the exit status.

use std::ffi::OsString;
use std::fs;

use host_server::cli::{self, Console, Looks};
use host_server::keys::generate::generate_blocking;
use host_server::keys::passphrase::Passphrase;
use host_server::keys::{Approval, KeyFault, KeyKind, seal};
use host_server::storage::{Change, FILE, PendingRequest, SealedKey, Storage};

use crate::place::{Home, run};
use crate::sample::{apply, entry, nodes, store};

/// Exit status, standard output and standard error.
fn assayer(arguments: &[&str]) -> (u8, String, String) {
    let (mut output, mut errors) = (Vec::new(), Vec::new());
    let mut input = &b""[..];
    let mut console = Console {
        input: &mut input,
        output: &mut output,
        errors: &mut errors,
        looks: Looks::PLAIN,
        now: crate::sample::NOW,
    };
    let exit = cli::run(["assayer"].iter().chain(arguments).map(OsString::from), &mut console);
    (exit.status(), String::from_utf8(output).unwrap(), String::from_utf8(errors).unwrap())
}

async fn fill(home: &Home) {
    let storage = home.open().await;
    nodes(&storage).await;
    for number in 0..3 {
        apply(&storage, &[store(entry(&format!("n{number}")))]).await;
    }
    storage.close().await;
}

fn path(home: &Home, name: &str) -> String {
    let Home::Embedded(directory) = home else { panic!("no directory") };
    directory.0.join(name).to_str().unwrap().to_owned()
}

#[test]
fn an_audit_is_verified_where_it_is_and_as_a_file() {
    let home = Home::embedded();
    run(fill(&home));
    let (data, export) = (path(&home, ""), path(&home, "audit.jsonl"));
    let (status, output, errors) = assayer(&["audit", "verify", "--data", &data]);
    assert_eq!((status, errors.as_str()), (0, ""));
    assert!(output.starts_with("intact   4 records\nhead     "), "{output}");
    let (status, lines, _) = assayer(&["audit", "export", "--data", &data]);
    assert_eq!((status, lines.lines().count()), (0, 4));
    assert_eq!(assayer(&["audit", "export", "--data", &data, "--output", &export]).0, 0);
    assert_eq!(fs::read_to_string(&export).unwrap(), lines);
    // the same head, without the database
    assert_eq!(assayer(&["audit", "verify", &export]), (0, output, String::new()));
    // what is there is not replaced
    assert_eq!(assayer(&["audit", "export", "--data", &data, "--output", &export]).0, 2);
    fs::write(&export, lines.replacen("alice", "malice", 1)).unwrap();
    let broken = "broken   record 1 was changed: its hash does not match\n".to_owned();
    assert_eq!(assayer(&["audit", "verify", &export]), (1, broken, String::new()));
}

#[test]
fn one_flipped_octet_of_the_file_is_found() {
    let home = Home::embedded();
    run(fill(&home));
    let file = path(&home, FILE);
    let mut octets = fs::read(&file).unwrap();
    let place =
        octets.windows(16).position(|found| found == b"alicetest.change").expect("a record in the file");
    octets[place] ^= 1;
    fs::write(&file, octets).unwrap();
    let (status, output, _) = assayer(&["audit", "verify", "--data", &path(&home, "")]);
    assert_eq!(status, 1);
    assert!(output.starts_with("broken   record ") && output.contains("was changed"), "{output}");
}

#[test]
fn an_audit_on_postgresql_is_verified_by_its_url() {
    let home = Home::shared();
    run(fill(&home));
    let Home::Shared { url, .. } = &home else { panic!("no URL") };
    let (status, output, errors) = assayer(&["audit", "verify", "--database", url]);
    assert_eq!((status, errors.as_str()), (0, ""));
    assert!(output.starts_with("intact   4 records\n"), "{output}");
}

#[test]
fn what_cannot_be_read_is_one_line_and_two() {
    let home = Home::embedded();
    let missing = path(&home, "missing");
    let line = format!("assayer: {missing}: there is no such directory; make it, or name another\n");
    assert_eq!(assayer(&["audit", "verify", "--data", &missing]), (2, String::new(), line));
    let (data, none) = (path(&home, ""), path(&home, FILE));
    let line = format!("assayer: {none}: there is no such file; name another\n");
    assert_eq!(assayer(&["audit", "verify", "--data", &data]), (2, String::new(), line.clone()));
    assert_eq!(assayer(&["backup", "--data", &data, &missing]), (2, String::new(), line));
    assert_eq!(assayer(&["audit", "verify", &missing]).0, 2);
    assert_eq!(assayer(&["audit", "verify"]).0, 2);
    assert_eq!(assayer(&["audit", "verify", &missing, "--data", "a"]).0, 2);
    let address =
        "assayer: the database URL cannot be read; expected postgres://USER:PASSWORD@HOST:PORT/NAME\n";
    let (status, _, errors) = assayer(&["audit", "verify", "--database", "http://a:secret@b"]);
    assert_eq!((status, errors.as_str()), (2, address));
    let (status, _, errors) = assayer(&["restore", "--database", "postgres://a:secret@b/c", &missing]);
    assert!(status == 2 && errors.contains("pg_restore") && !errors.contains("secret"), "{errors}");
}

#[test]
fn a_copy_is_made_beside_a_server_and_put_back_without_one() {
    let home = Home::embedded();
    run(fill(&home));
    let (data, copy) = (path(&home, ""), path(&home, "copy.sqlite"));
    run(async {
        let storage = home.open().await;
        assert_eq!(assayer_in_thread(&["backup", "--data", &data, &copy]).0, 0);
        let (status, _, errors) = assayer_in_thread(&["restore", "--data", &data, &copy]);
        assert!(status == 2 && errors.contains("is in use by another process"), "{errors}");
        storage.close().await;
    });
    assert_eq!(assayer(&["restore", "--data", &data, &copy]).0, 0);
    let (status, output, _) = assayer(&["audit", "verify", "--data", &data]);
    assert!(status == 0 && output.starts_with("intact   5 records\n"), "{output}");
}

const WORDS: &str = "correct horse battery";

/// A sealed key that waits with its request, as it is kept.
async fn keep(storage: &Storage, sealed: &[u8]) {
    let key = SealedKey {
        id: "key".to_owned(),
        purpose: "CallManager".to_owned(),
        algorithm: "p-256".to_owned(),
        sealed: sealed.to_vec(),
    };
    let request = PendingRequest {
        purpose: "CallManager".to_owned(),
        node: None,
        der: vec![0x30, 0],
        key_id: "key".to_owned(),
    };
    apply(storage, &[Change::PutKey(key), Change::PutRequest(request)]).await;
}

/// The key as it would be without its encryption, which OpenSSL opens.
fn opened(home: &Home, sealed: &[u8]) -> Vec<u8> {
    let file = path(home, "sealed.der");
    fs::write(&file, sealed).unwrap();
    let with = format!("pass:{WORDS}");
    let arguments =
        ["pkcs8", "-inform", "DER", "-in", &file, "-passin", &with, "-outform", "DER", "-nocrypt", "-topk8"];
    let output = std::process::Command::new("openssl").args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

// R-RGN-25
#[test]
fn a_copy_holds_the_private_keys_encrypted_and_brings_them_back() {
    let home = Home::embedded();
    let passphrase = || Passphrase::new(WORDS.as_bytes().to_vec().into()).unwrap();
    let key = generate_blocking(KeyKind::P256).unwrap();
    let sealed = seal::seal(&key, &passphrase()).unwrap();
    let (data, copy) = (path(&home, ""), path(&home, "copy.sqlite"));
    run(async {
        let storage = home.open().await;
        nodes(&storage).await;
        keep(&storage, &sealed).await;
        storage.close().await;
    });
    assert_eq!(assayer(&["backup", "--data", &data, &copy]).0, 0);
    let octets = fs::read(&copy).unwrap();
    let holds = |part: &[u8]| octets.windows(part.len()).any(|window| window == part);
    // any 32 octets of the opened key that are not its public part: the private number stands at 36 (RFC 5958, 5915)
    let plain = opened(&home, &sealed);
    assert!(holds(&sealed) && !holds(&plain[36..68]), "{} octets", plain.len());
    // a crash that leaves nothing
    for name in [FILE, "assayer.sqlite-wal", "assayer.sqlite-shm"] {
        let _ = fs::remove_file(path(&home, name));
    }
    assert_eq!(assayer(&["restore", "--data", &data, &copy]).0, 0);
    run(async {
        let storage = home.open().await;
        let kept = storage.sealed_key("key").await.unwrap().expect("the key is back");
        let opened = seal::open(&kept.sealed, &passphrase(), Approval::Any).unwrap();
        assert_eq!(opened.subject_public_key_info().unwrap(), key.subject_public_key_info().unwrap());
        let other = Passphrase::new(b"another horse battery".to_vec().into()).unwrap();
        assert_eq!(seal::open(&kept.sealed, &other, Approval::Any).err(), Some(KeyFault::WrongPassphrase));
        storage.close().await;
    });
}

/// A command has a runtime of its own, which cannot be made within another.
fn assayer_in_thread(arguments: &[&str]) -> (u8, String, String) {
    std::thread::scope(|scope| scope.spawn(|| assayer(arguments)).join().unwrap())
}
