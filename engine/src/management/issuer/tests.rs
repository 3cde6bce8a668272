use pki::algorithm::{Algorithm, Hash};
use pki::certificate::Sketch;
use pki::key::Key;

use super::*;
use crate::management::model::{certificate, decode, settings};

// R-UP-13; RFC 5280 6.1.3 (a)(1)
#[test]
fn a_link_is_authority_accepted_algorithm_and_signature() {
    let root = Sketch::ca("root").issue();
    let child = || Sketch::ca("child").issued_by(&root);
    let check = |child: Sketch, issuer: &Certificate, expected: Option<Code>| {
        assert_eq!(Links::new(&settings()).refusal(&certificate(child), issuer), expected);
    };
    let issuer = decode(&root);
    check(child(), &issuer, None);
    check(child().tamper_signature(), &issuer, Some(Code::SignatureInvalid));
    let other = certificate(Sketch::ca("root").key(Key::rsa("rsa-2048-1")));
    check(child(), &other, Some(Code::SignatureKeyMismatch));
    let leaf = certificate(Sketch::leaf("root").key(Key::p256("root")));
    check(child(), &leaf, Some(Code::NotCa));
    let identifier = pki::extension::authority_key_identifier(&[1, 2]);
    check(child().extension("authorityKeyIdentifier", false, identifier), &issuer, None);
    let sha1 = child().signature_algorithm(Algorithm::Ecdsa(Hash::Sha1));
    check(sha1, &issuer, Some(Code::SignatureAlgorithmNotAccepted));
}

// R-TS-16: a root's own signature is arithmetic, whatever its hash is worth
#[test]
fn a_root_signed_with_sha_1_is_signed_by_its_own_key() {
    let sketch = || Sketch::ca("root").key(Key::rsa("rsa-2048-1"));
    let root = certificate(sketch().signature_algorithm(Algorithm::RsaPkcs1(Hash::Sha1)));
    assert_eq!(Links::new(&settings()).refusal(&root, &root), None);
    let root = certificate(sketch().tamper_signature());
    assert_eq!(Links::new(&settings()).refusal(&root, &root), Some(Code::SignatureInvalid));
}

#[test]
fn a_link_is_verified_once_and_a_reached_limit_is_remembered() {
    let mut settings = settings();
    settings.limits.signatures = 1;
    let mut links = Links::new(&settings);
    let root = certificate(Sketch::ca("root"));
    assert_eq!((links.refusal(&root, &root), links.refusal(&root, &root)), (None, None));
    assert_eq!(links.exceeded(), None);
    let other = certificate(Sketch::ca("other"));
    assert_eq!(links.refusal(&other, &other), Some(Code::BudgetExceeded));
    assert_eq!(links.exceeded().map(|exceeded| exceeded.limit), Some("signatures"));
}

// R-UP-1, R-UP-2
#[test]
fn a_chain_ends_at_a_root_and_nowhere_else() {
    let root = Sketch::ca("root").issue();
    let upper = Sketch::ca("upper").issued_by(&root).issue();
    let leaf = certificate(Sketch::leaf("leaf").issued_by(&upper));
    let [root, upper] = [&root, &upper].map(decode);
    let check = |target: &Certificate, pool: &[&Certificate], expected: Option<(usize, &str)>| {
        let found = match Links::new(&settings()).chain(target, pool) {
            Chain::Complete => None,
            Chain::Broken { links, issuer, .. } => Some((links, issuer)),
        };
        assert_eq!(found.as_ref().map(|(links, issuer)| (*links, issuer.as_str())), expected);
    };
    check(&leaf, &[&root, &upper], None);
    check(&leaf, &[&upper, &root], None);
    check(&leaf, &[&upper], Some((1, "CN=root")));
    check(&leaf, &[&root], Some((0, "CN=upper")));
    check(&leaf, &[], Some((0, "CN=upper")));
    let alone = certificate(Sketch::leaf("alone"));
    check(&alone, &[&root], Some((0, "CN=alone")));
    check(&alone, &[&alone], None);
}

#[test]
fn issuers_in_a_circle_are_no_chain() {
    let [one_key, two_key] = ["one", "two"].map(|name| Sketch::ca(name).issue());
    let one = certificate(Sketch::ca("one").issued_by(&two_key));
    let two = certificate(Sketch::ca("two").issued_by(&one_key));
    let leaf = certificate(Sketch::leaf("leaf").issued_by(&one_key));
    let chain = Links::new(&settings()).chain(&leaf, &[&one, &two]);
    assert!(matches!(chain, Chain::Broken { refused: None, .. }), "{chain:?}");
}
