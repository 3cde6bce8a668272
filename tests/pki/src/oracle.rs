//! What is written here, read back by an independent decoder (x509-cert).

use x509_cert::Certificate;
use x509_cert::der::{Decode, Encode};
use x509_cert::ext::pkix::{BasicConstraints, KeyUsage, SubjectAltName};

use crate::algorithm::{Algorithm, Hash};
use crate::broken::Damage;
use crate::certificate::Sketch;
use crate::key::Key;
use crate::time;

fn decoded(sketch: Sketch) -> Certificate {
    Certificate::from_der(&sketch.issue().der).expect("x509-cert reads it")
}

#[test]
fn a_ca_certificate_reads_back() {
    let read = decoded(Sketch::ca("root").path_length(3).subject("C=GB,O=Example,CN=root"));
    let signed = read.tbs_certificate();
    assert_eq!(signed.subject().to_string(), "CN=root,O=Example,C=GB");
    assert_eq!(signed.subject(), signed.issuer());
    let (critical, basic) = signed.get_extension::<BasicConstraints>().expect("decodes").expect("present");
    assert!(critical && basic.ca && basic.path_len_constraint == Some(3));
    let (critical, usage) = signed.get_extension::<KeyUsage>().expect("decodes").expect("present");
    assert!(critical && usage.key_cert_sign() && usage.crl_sign() && !usage.digital_signature());
}

#[test]
fn a_leaf_reads_back() {
    let root = Sketch::ca("root").issue();
    let leaf = Sketch::leaf("leaf").issued_by(&root).dns("a.example").ip("192.0.2.1").serial(&[1, 2, 3]);
    let read = decoded(leaf.valid("2049-12-31T23:59:59Z", "2050-01-01T00:00:00Z"));
    let signed = read.tbs_certificate();
    assert_eq!(signed.serial_number().as_bytes(), [1, 2, 3]);
    assert_eq!(signed.issuer().to_der().expect("encodes"), root.subject);
    let seconds =
        |moment: &x509_cert::time::Time| i64::try_from(moment.to_unix_duration().as_secs()).expect("fits");
    assert_eq!(seconds(&signed.validity().not_before), time::seconds("2049-12-31T23:59:59Z"));
    assert_eq!(seconds(&signed.validity().not_after), time::seconds("2050-01-01T00:00:00Z"));
    let (_, names) = signed.get_extension::<SubjectAltName>().expect("decodes").expect("present");
    assert_eq!(names.0.len(), 2);
}

#[test]
fn every_kind_of_key_reads_back() {
    let keys =
        ["p-256:k", "p-384:k", "p-521:k", "ed25519:k", "ml-dsa-44:k", "rsa-1024", "rsa-4096", "dsa-2048"];
    for text in keys {
        let key = Key::from_text(text);
        let read = decoded(Sketch::ca("root").key(key.clone()));
        let info = read.tbs_certificate().subject_public_key_info();
        assert_eq!(info.subject_public_key.raw_bytes(), key.public_octets(), "{text}");
        assert_eq!(info.to_der().expect("encodes"), key.subject_public_key_info(), "{text}");
        assert_eq!(read.signature_algorithm(), read.tbs_certificate().signature(), "{text}");
    }
}

#[test]
fn algorithms_read_back() {
    for (algorithm, oid) in [
        (Algorithm::RsaPkcs1(Hash::Sha1), "1.2.840.113549.1.1.5"),
        (Algorithm::RsaPkcs1(Hash::Sha384), "1.2.840.113549.1.1.12"),
        (Algorithm::RsaPss(Hash::Sha256), "1.2.840.113549.1.1.10"),
    ] {
        let read = decoded(Sketch::ca("root").key(Key::rsa("rsa-2048-1")).signature_algorithm(algorithm));
        assert_eq!(read.signature_algorithm().oid.to_string(), oid);
    }
}

#[test]
fn damage_that_is_not_der_is_refused_by_the_other_decoder_too() {
    for (position, damage) in [
        ("", Damage::IndefiniteLength),
        ("signed", Damage::PaddedLength(1)),
        ("signed.serial", Damage::Content(vec![0, 1])),
        ("", Damage::AppendAfter(vec![0])),
        ("signature", Damage::Overlong(1)),
    ] {
        let broken = Sketch::ca("root").damage(position, damage.clone()).issue();
        assert!(Certificate::from_der(&broken.der).is_err(), "{position} {damage:?}");
    }
}

#[test]
fn a_sketch_gives_the_same_bytes_each_time() {
    let once = || {
        let root = Sketch::ca("root").key(Key::rsa("rsa-2048-1")).issue();
        let leaf = Sketch::leaf("leaf").issued_by(&root).signature_algorithm(Algorithm::RsaPss(Hash::Sha256));
        leaf.dns("a.example").issue().der
    };
    assert_eq!(once(), once());
}
