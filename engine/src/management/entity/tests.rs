use pki::certificate::Sketch;
use pki::key::Key;

use super::*;
use crate::management::model::{at, certificate, identity, trust};

fn keys(sketch: Sketch) -> Keys {
    Keys::of(&certificate(sketch), &trust("tomcat-trust"))
}

// R-TS-23, R-TS-17
#[test]
fn equal_names_have_equal_keys_and_others_do_not() {
    let key = |subject: &str| keys(Sketch::ca("root").subject(subject)).subject_key;
    let plain = key("O=Example,CN=Root CA");
    for same in ["O=example,CN=root  ca", "O=printable:Example,CN=printable: Root CA"] {
        assert_eq!(key(same), plain, "{same}");
    }
    for other in ["CN=Root CA,O=Example", "O=Example+CN=Root CA", "O=Example,CN=RootCA", "O=Example", ""] {
        assert_ne!(key(other), plain, "{other}");
    }
    // The border between two relative names is part of the key.
    assert_ne!(key("CN=a,CN=b"), key("CN=b,CN=a"));
    let own = keys(Sketch::ca("root"));
    assert_eq!(own.subject_key, own.issuer_key);
}

// R-SHOW-1, R-SHOW-2
#[test]
fn the_keys_are_the_certificates_values() {
    let root = Sketch::ca("root").issue();
    let leaf = Sketch::leaf("leaf").subject("CN=upper,O=Example,CN=leaf").key(Key::rsa("rsa-3072"));
    let certificate = certificate(leaf.serial(&[0x00, 0xab, 0x01]).issued_by(&root));
    let found = Keys::of(&certificate, &identity("tomcat"));
    let expected = Keys {
        subject_key: certificate.subject.key(),
        issuer_key: certificate.issuer.key(),
        common_name: Some("leaf".to_owned()),
        key: "rsa 3072".to_owned(),
        modulus_bits: Some(3072),
        serial_number: "00ab01".to_owned(),
        not_before: at(pki::certificate::NOT_BEFORE),
        not_after: at(pki::certificate::NOT_AFTER),
        usage: Usage::Identity,
        is_authority: false,
    };
    assert_eq!(found, expected);
    let root = keys(Sketch::ca("root").subject("O=Example"));
    assert_eq!((root.common_name, root.key.as_str(), root.modulus_bits), (None, "p-256", None));
    assert_eq!((root.usage, root.is_authority), (Usage::Trust, true));
}

// RFC 5280 4.2.1.9, 4.2.1.3
#[test]
fn an_authority_says_so_or_is_an_old_root() {
    let root = Sketch::ca("root").issue();
    let check = |sketch: Sketch, expected: (bool, bool)| {
        let certificate = certificate(sketch);
        assert_eq!((is_authority(&certificate), may_issue(&certificate)), expected);
    };
    check(Sketch::ca("ca"), (true, true));
    check(Sketch::ca("ca").without("keyUsage"), (true, true));
    check(Sketch::ca("ca").key_usage(&["cRLSign"]), (true, false));
    check(Sketch::ca("ca").not_ca(), (false, false));
    check(Sketch::leaf("leaf"), (false, false));
    check(Sketch::ca("old").version(1), (true, true));
    check(Sketch::ca("old").version(1).issued_by(&root), (false, false));
    check(Sketch::ca("ca").without("basicConstraints"), (false, false));
}

// D-8
#[test]
fn a_shared_common_name_is_of_two_subjects() {
    let shares = |one: &str, other: &str| {
        let name = |text: &str| certificate(Sketch::ca("root").subject(text)).subject;
        shares_only_common_name(&name(one), &name(other))
    };
    assert!(shares("O=One,CN=Root", "O=Two,CN=root"));
    assert!(shares("CN=Root", "O=Two,CN= ROOT "));
    assert!(!shares("O=One,CN=Root", "O=one,CN=root"));
    assert!(!shares("O=One,CN=Root", "O=Two,CN=Other"));
    assert!(!shares("O=One", "O=Two"));
}

// R-SHOW-3
#[test]
fn all_criteria_must_be_met() {
    let root = keys(Sketch::ca("Example Root"));
    let base = Criteria {
        common_name: Some("example".to_owned()),
        expires_by: Some(at(pki::certificate::NOT_AFTER)),
        key: Some("p-".to_owned()),
        usage: Some(Usage::Trust),
    };
    assert!(base.admit(&root) && Criteria::default().admit(&root));
    for other in [
        Criteria { common_name: Some("sample".to_owned()), ..base.clone() },
        Criteria { expires_by: Some(at("2033-12-31T23:59:59Z")), ..base.clone() },
        Criteria { key: Some("rsa".to_owned()), ..base.clone() },
        Criteria { usage: Some(Usage::Identity), ..base },
    ] {
        assert!(!other.admit(&root), "{other:?}");
    }
}

#[test]
fn one_key_has_one_fingerprint_whoever_certified_it() {
    let of = |sketch: Sketch| public_key_fingerprint(&certificate(sketch));
    let key = || Key::p256("own");
    assert_eq!(of(Sketch::ca("one").key(key())), of(Sketch::leaf("two").key(key())));
    assert_ne!(of(Sketch::ca("one").key(key())), of(Sketch::ca("one").key(Key::p256("other"))));
}
