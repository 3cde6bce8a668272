//! Keys beside OpenSSL, in both directions: what is sealed here is opened there, and the other way round; signatures
//! verify there and by the engine's own arithmetic, which `signature` stands in for here.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use zeroize::Zeroizing;

use super::generate::{generate, generate_blocking};
use super::passphrase::Passphrase;
use super::seal::{open, seal};
use super::*;
use crate::component::contract::evidence::SignatureCheck;
use crate::signature;

const TEXT: &str = "correct horse battery";

fn passphrase(text: &str) -> Passphrase {
    Passphrase::new(Zeroizing::new(text.as_bytes().to_vec())).unwrap()
}

/// A directory that goes away.
struct Place(PathBuf);

impl Place {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("assayer-keys-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self, name: &str, octets: &[u8]) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, octets).unwrap();
        path
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// OpenSSL on some input; `None` when it refuses.
fn openssl(arguments: &[&str], input: &[u8]) -> Option<Vec<u8>> {
    let mut child = Command::new("openssl")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // it may have gone away before it read everything
    let _ = child.stdin.take().unwrap().write_all(input);
    let output = child.wait_with_output().unwrap();
    output.status.success().then_some(output.stdout)
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn every_kind_is_sealed_opened_and_read_by_openssl() {
    for kind in KeyKind::ALL {
        let key = generate_blocking(kind).unwrap();
        let sealed = seal(&key, &passphrase(TEXT)).unwrap();
        let opened = open(&sealed, &passphrase(TEXT), Approval::Fips).unwrap();
        assert_eq!(opened.kind(), kind);
        let public = key.subject_public_key_info().unwrap();
        assert_eq!(opened.subject_public_key_info().unwrap(), public);
        let with = format!("pass:{TEXT}");
        let arguments = ["pkey", "-inform", "DER", "-passin", &with, "-pubout", "-outform", "DER"];
        assert_eq!(openssl(&arguments, &sealed), Some(public), "{kind:?}");
        let other = ["pkey", "-inform", "DER", "-passin", "pass:another horse battery", "-noout"];
        assert_eq!(openssl(&other, &sealed), None, "{kind:?}");
    }
}

#[test]
fn what_openssl_encrypts_is_opened() {
    let key = generate_blocking(KeyKind::P256).unwrap();
    let sealed = seal(&key, &passphrase(TEXT)).unwrap();
    let with = format!("pass:{TEXT}");
    let plain = openssl(&["pkcs8", "-inform", "DER", "-passin", &with, "-outform", "DER"], &sealed).unwrap();
    let place = Place::new("openssl");
    let file = place.file("plain.der", &plain);
    let encrypt = |how: &[&str]| {
        let mut arguments = vec!["pkcs8", "-topk8", "-inform", "DER", "-outform", "DER", "-in", text(&file)];
        arguments.extend(["-passout", &with]);
        arguments.extend(how);
        openssl(&arguments, b"").unwrap()
    };
    let public = key.subject_public_key_info().unwrap();
    for (how, fips) in [
        (&["-v2", "aes-256-cbc", "-v2prf", "hmacWithSHA256", "-iter", "2048"][..], None),
        (&["-v2", "aes-128-cbc", "-v2prf", "hmacWithSHA512"], Some(KeyFault::NotApproved)),
        (&["-v2", "aes-256-cbc", "-scrypt"], Some(KeyFault::NotApproved)),
    ] {
        let theirs = encrypt(how);
        let opened = open(&theirs, &passphrase(TEXT), Approval::Any).unwrap();
        assert_eq!(opened.subject_public_key_info().unwrap(), public, "{how:?}");
        assert_eq!(
            open(&theirs, &passphrase("another horse battery"), Approval::Any).err(),
            Some(KeyFault::WrongPassphrase)
        );
        let approved = open(&theirs, &passphrase(TEXT), Approval::Fips);
        // OpenSSL 3.0 writes a salt of 8 octets, which is less than what is approved
        assert_eq!(approved.err(), fips.or(Some(KeyFault::NotApproved)), "{how:?}");
    }
    let costly = encrypt(&["-v2", "aes-256-cbc", "-scrypt", "-scrypt_N", "16384", "-scrypt_p", "17"]);
    assert_eq!(open(&costly, &passphrase(TEXT), Approval::Any).err(), Some(KeyFault::UnsupportedEncryption));
}

#[test]
fn a_wrong_passphrase_and_a_damaged_file_are_told_apart() {
    let key = generate_blocking(KeyKind::P256).unwrap();
    let sealed = seal(&key, &passphrase(TEXT)).unwrap();
    let with = |octets: &[u8], words: &str| open(octets, &passphrase(words), Approval::Any).err();
    assert_eq!(with(&sealed, "another horse battery"), Some(KeyFault::WrongPassphrase));
    assert_eq!(with(&sealed[..sealed.len() - 1], TEXT), Some(KeyFault::Damaged));
    assert_eq!(with(&[sealed.as_slice(), &[0]].concat(), TEXT), Some(KeyFault::Damaged));
    assert_eq!(with(&[], TEXT), Some(KeyFault::Damaged));
    assert_eq!(with(&vec![0x30; 20_000], TEXT), Some(KeyFault::Damaged));
    assert_eq!(with(b"-----BEGIN PRIVATE KEY-----", TEXT), Some(KeyFault::Damaged));
    // whatever is altered, no other key comes out of it
    let public = key.subject_public_key_info().unwrap();
    for place in (0..sealed.len()).step_by(7) {
        let mut altered = sealed.clone();
        altered[place] ^= 1;
        if let Ok(opened) = open(&altered, &passphrase(TEXT), Approval::Any) {
            assert_eq!(opened.subject_public_key_info().unwrap(), public, "octet {place}");
        }
    }
}

#[test]
fn signatures_verify_by_openssl_and_by_whoever_answers_the_engine() {
    let place = Place::new("signatures");
    let message = b"to be signed".as_slice();
    let message_file = place.file("message", message);
    for kind in [KeyKind::Rsa2048, KeyKind::P256, KeyKind::P384] {
        let key = generate_blocking(kind).unwrap();
        let public = key.subject_public_key_info().unwrap();
        let pem = openssl(&["pkey", "-pubin", "-inform", "DER", "-outform", "PEM"], &public).unwrap();
        let key_file = place.file("public.pem", &pem);
        for algorithm in SignatureAlgorithmWord::ALL {
            let fips = key.sign(algorithm, message, Approval::Fips);
            let signature = match key.sign(algorithm, message, Approval::Any) {
                Ok(signature) => signature,
                Err(fault) => {
                    assert_eq!(fault, KeyFault::Mismatch { kind, algorithm });
                    assert_eq!(fips, Err(KeyFault::Mismatch { kind, algorithm }));
                    assert!(!fits(kind, algorithm), "{kind:?} {algorithm:?}");
                    continue;
                }
            };
            assert!(fits(kind, algorithm), "{kind:?} {algorithm:?}");
            // the validated module computes one pair for each curve, and nothing else does it there
            let validated = !algorithm.word().starts_with("ecdsa-") || signs_with(kind, algorithm);
            assert_eq!(
                fips.err(),
                (!validated).then_some(KeyFault::UnapprovedPair),
                "{kind:?} {algorithm:?}"
            );
            let file = place.file("signature", &signature);
            let hash = format!("-{}", algorithm.word().rsplit('-').next().unwrap());
            let arguments =
                ["dgst", &hash, "-verify", text(&key_file), "-signature", text(&file), text(&message_file)];
            assert!(openssl(&arguments, b"").is_some(), "{kind:?} {algorithm:?}");
            let check = |message: &[u8]| SignatureCheck {
                id: String::new(),
                algorithm: algorithm.word().to_owned(),
                key: public.clone(),
                message: message.to_vec(),
                signature: signature.clone(),
            };
            assert_eq!(signature::verifies(&check(message)), Some(true));
            assert_eq!(signature::verifies(&check(b"something else")), Some(false));
        }
    }
}

fn fits(kind: KeyKind, algorithm: SignatureAlgorithmWord) -> bool {
    match kind {
        KeyKind::P256 | KeyKind::P384 => algorithm.word().starts_with("ecdsa-"),
        _ => algorithm.word().starts_with("rsa-"),
    }
}

#[test]
fn nothing_of_a_key_is_shown() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let key = runtime.block_on(generate(KeyKind::P384)).unwrap();
    assert_eq!(format!("{key:?}"), "PrivateKey(p-384)");
    assert_eq!(SignatureAlgorithmWord::of_word("ecdsa-sha384"), Some(SignatureAlgorithmWord::EcdsaSha384));
    assert_eq!(SignatureAlgorithmWord::of_word("ecdsa-sha1"), None);
}
