//! Our decoder beside an independent one (x509-cert) on every certificate of every scenario: where both read
//! it they agree on every field, and what ours reads the other reads too.

use engine::certificate::{Certificate, Version};
use x509_cert::der::{Decode, Encode};

use crate::cases::every_certificate;

/// Read by us and not by x509-cert, each with the reason.
const ONLY_OURS: &[(&str, &str)] =
    &[("validity-form/y1950", "x509-cert has no time before 1970; RFC 5280 4.1.2.5.1 has UTCTime from 1950")];
/// Not written back by x509-cert as it was read: it turns GeneralizedTime before 2050 into UTCTime.
const REWRITTEN: &[&str] = &["validity-form/generalized"];

#[test]
fn both_decoders_agree_on_every_field() {
    let mut read_by_both = 0;
    for (name, der) in every_certificate() {
        let ours = Certificate::decode(&der);
        let theirs = x509_cert::Certificate::from_der(&der);
        match (ours, theirs) {
            (Ok(ours), Ok(theirs)) => {
                compare(&name, &ours, &theirs);
                read_by_both += 1;
            }
            (Ok(_), Err(error)) => {
                let known = ONLY_OURS.iter().any(|(known, _)| *known == name);
                assert!(known, "{name}: read by us, but not by x509-cert: {error}");
            }
            // Stricter is what we mean to be: scenarios assert each such refusal.
            (Err(_), _) => {}
        }
    }
    assert!(read_by_both > 200, "{read_by_both}");
}

fn compare(name: &str, ours: &Certificate, theirs: &x509_cert::Certificate) {
    let signed = theirs.tbs_certificate();
    let version = match signed.version() {
        x509_cert::Version::V1 => Version::V1,
        x509_cert::Version::V2 => Version::V2,
        x509_cert::Version::V3 => Version::V3,
    };
    assert_eq!(ours.version, version, "{name}: version");
    assert_eq!(ours.serial_number, signed.serial_number().as_bytes(), "{name}: serial number");
    assert_eq!(ours.issuer.der, signed.issuer().to_der().unwrap(), "{name}: issuer");
    assert_eq!(ours.subject.der, signed.subject().to_der().unwrap(), "{name}: subject");
    let key = signed.subject_public_key_info().to_der().unwrap();
    assert_eq!(ours.public_key.der, key, "{name}: public key");
    if !REWRITTEN.contains(&name) {
        assert_eq!(ours.signed_part(), signed.to_der().unwrap(), "{name}: signed part");
    }
    assert_eq!(Some(ours.signature.as_slice()), theirs.signature().as_bytes(), "{name}: signature");
    let outer = &theirs.signature_algorithm().oid;
    assert_eq!(ours.signature_algorithm.algorithm.to_string(), outer.to_string(), "{name}: algorithm");
    let inner = &signed.signature().oid;
    assert_eq!(ours.signed_algorithm.algorithm.to_string(), inner.to_string(), "{name}: signed algorithm");
    compare_times(name, ours, signed.validity());
    compare_extensions(name, ours, signed.extensions().map(Vec::as_slice).unwrap_or_default());
}

fn compare_times(name: &str, ours: &Certificate, theirs: &x509_cert::time::Validity) {
    // x509-cert counts from 1970 and knows nothing before it.
    let seconds = |time: &x509_cert::time::Time| i64::try_from(time.to_unix_duration().as_secs()).unwrap();
    assert_eq!(ours.validity.not_before.unix(), seconds(&theirs.not_before), "{name}: notBefore");
    assert_eq!(ours.validity.not_after.unix(), seconds(&theirs.not_after), "{name}: notAfter");
}

fn compare_extensions(name: &str, ours: &Certificate, theirs: &[x509_cert::ext::Extension]) {
    let ours: Vec<_> = ours
        .extensions
        .all
        .iter()
        .map(|extension| (extension.kind.to_string(), extension.critical, extension.value.clone()))
        .collect();
    let theirs: Vec<_> = theirs
        .iter()
        .map(|extension| {
            (extension.extn_id.to_string(), extension.critical, extension.extn_value.as_bytes().to_vec())
        })
        .collect();
    assert_eq!(ours, theirs, "{name}: extensions");
}
