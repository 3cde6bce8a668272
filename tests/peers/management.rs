//! Requests and self-signed certificates made through the component, read and verified by the `openssl` program: signed
//! with the keys of the fixtures, and with keys that only that program has.

#[path = "../parity/management/sample.rs"]
#[expect(dead_code, reason = "the tests beside it use the rest")]
mod sample;

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

use host_server::component::contract::management::{Operation, Particulars, RequestFields, SelfSignedFields};

use sample::{PUBLISHER, cluster, fields, made, now, planned, request, self_signed, session};

/// A directory that is gone when the test ends.
struct Directory(PathBuf);

static NEXT: AtomicUsize = AtomicUsize::new(0);

impl Directory {
    fn new() -> Self {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("assayer-made-{}-{number}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    /// Writes a file and gives its path.
    fn write(&self, name: &str, octets: &[u8]) -> String {
        let path = self.0.join(name);
        fs::write(&path, octets).unwrap();
        path.to_string_lossy().into_owned()
    }

    /// What `openssl` says of it, which must be content.
    fn openssl(&self, arguments: &[&str]) -> String {
        let done = Command::new("openssl").args(arguments).current_dir(&self.0).output();
        let done = done.expect("the program `openssl`; it is in the Debian package `openssl`");
        let said = [done.stdout, done.stderr].concat();
        let said = String::from_utf8_lossy(&said).into_owned();
        assert!(done.status.success(), "openssl {}: {said}", arguments.join(" "));
        said
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

// R-CSR-1, R-CSR-10, R-CSR-17, R-CSR-19, R-KU-1, R-KU-3, R-KUX-1
#[test]
fn openssl_verifies_a_request_and_reads_what_was_planned() {
    let (mut session, directory) = (session(), Directory::new());
    for purpose in ["tomcat", "CallManager", "tomcat-ECDSA"] {
        let der = made(&mut session, &cluster(), &request(purpose, Some(PUBLISHER)));
        let file = directory.write("request.der", &der);
        let said = directory.openssl(&["req", "-inform", "DER", "-in", &file, "-verify", "-noout", "-text"]);
        let name = if purpose == "tomcat-ECDSA" { "cm1-EC.ex.com" } else { "cm1.ex.com" };
        let subject = format!("C = GB, L = London, O = Example Ltd, CN = {name}");
        for expected in [
            "verify OK",
            subject.as_str(),
            "DNS:cm1.ex.com",
            "DNS:ex.com",
            "TLS Web Server Authentication, TLS Web Client Authentication",
            "Digital Signature, Data Encipherment",
        ] {
            assert!(said.contains(expected), "{purpose}: no {expected:?} in {said}");
        }
    }
}

// R-SS-3, R-SS-18, R-SS-19, R-KU-4, R-KUX-4
#[test]
fn openssl_verifies_a_self_signed_certificate_and_reads_its_usages() {
    let (mut session, directory) = (session(), Directory::new());
    for (purpose, usages) in [
        ("tomcat", ["Digital Signature, Data Encipherment", "TLS Web Client Authentication"]),
        ("tomcat-ECDSA", ["Digital Signature, Data Encipherment", "TLS Web Client Authentication"]),
        ("CAPF", ["Digital Signature, Certificate Sign", "CA:TRUE"]),
    ] {
        let der = made(&mut session, &cluster(), &self_signed(purpose, Some(PUBLISHER)));
        let file = directory.write("certificate.der", &der);
        let pem = directory.0.join("certificate.pem").to_string_lossy().into_owned();
        directory.openssl(&["x509", "-inform", "DER", "-in", &file, "-out", &pem]);
        let moment = now().to_string();
        let said = directory.openssl(&["verify", "-attime", &moment, "-check_ss_sig", "-CAfile", &pem, &pem]);
        assert!(said.contains("OK"), "{said}");
        let text = directory.openssl(&["x509", "-in", &pem, "-noout", "-text"]);
        for expected in usages {
            assert!(text.contains(expected), "{purpose}: no {expected:?} in {text}");
        }
        assert!(text.contains("Not Before: Jan  1 00:00:00 2026 GMT"), "{text}");
        assert!(text.contains("Not After : Jan  1 00:00:00 2031 GMT"), "{text}");
    }
}

/// Private keys made and used by the `openssl` program alone: the component sees the public key and the signature.
// R-SS-11, R-CSR-23
#[test]
fn a_key_that_only_openssl_has_signs_what_the_component_wrote() {
    let (mut session, directory) = (session(), Directory::new());
    directory.openssl(&[
        "genpkey",
        "-algorithm",
        "EC",
        "-pkeyopt",
        "ec_paramgen_curve:P-384",
        "-out",
        "key.pem",
    ]);
    directory.openssl(&["pkey", "-in", "key.pem", "-pubout", "-outform", "DER", "-out", "public.der"]);
    let public_key = fs::read(directory.0.join("public.der")).unwrap();
    let mut common: RequestFields = fields("tomcat-ECDSA", Some(PUBLISHER));
    common.key.bits = 384;
    common.key.hash = "SHA384".to_owned();
    let years = Some(10);
    for operation in [
        Operation::Request(common.clone()),
        Operation::SelfSigned(SelfSignedFields { common: common.clone(), years }),
    ] {
        let item = planned(&mut session, "", &cluster(), &operation).unsigned.remove(0);
        let drawn = Particulars { public_key: public_key.clone(), serial: vec![0x5a; 16], not_before: now() };
        let octets = session.to_be_signed("", (&cluster(), &operation), 0, &drawn).unwrap().unwrap();
        directory.write("octets", &octets);
        directory.openssl(&["dgst", "-sha384", "-sign", "key.pem", "-out", "signature", "octets"]);
        let signature = fs::read(directory.0.join("signature")).unwrap();
        let der = session.assemble(&octets, &item.algorithm, &signature).unwrap().unwrap();
        directory.write("made.der", &der);
        if item.years.is_some() {
            directory.openssl(&["x509", "-inform", "DER", "-in", "made.der", "-out", "made.pem"]);
            let moment = now().to_string();
            directory.openssl(&[
                "verify",
                "-attime",
                &moment,
                "-check_ss_sig",
                "-CAfile",
                "made.pem",
                "made.pem",
            ]);
            let effects = session.place_self_signed("", (&cluster(), &operation), 0, &der).unwrap().unwrap();
            assert_eq!(effects.len(), 1);
        } else {
            let said = directory.openssl(&["req", "-inform", "DER", "-in", "made.der", "-verify", "-noout"]);
            assert!(said.contains("verify OK"), "{said}");
        }
    }
}
