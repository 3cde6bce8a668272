//! The evidence that Common Criteria evaluators ask for about revocation: NDcPP ND-3 (each source, leaf and
//! intermediate) and the X.509 package's FP-9 to FP-12. ND-4a is in [`crate::ocsp_signer`], ND-4b in [`crate::crl`].
//! root -> ca -> leaf, both naming both sources; the mode is on.

use host_server::component::contract::evidence::UnavailableReason;
use pki::certificate::{Issued, Sketch};
use pki::crl::CrlSketch;
use pki::ocsp::{Entry, Response};

use crate::edge::{CommonCriteria, Question, Reply, Said, ask, ask_world};
use crate::family::{Family, sourced};
use crate::ocsp::REVOKED_AT;

/// A kind of source, and whose: `ocsp leaf`, `crl ca` …
fn source(uri: &str) -> String {
    let kind = if uri.starts_with("http://ocsp.") { "ocsp" } else { "crl" };
    format!("{kind} {}", uri.rsplit('/').next().unwrap_or_default())
}

/// What the source at `uri` truly says; all say good but `revoking`.
fn answer(family: &Family, uri: &str, revoking: Option<&str>) -> Reply {
    let Family { root, ca, leaf } = family;
    let (subject, issuer) = if uri.ends_with("/leaf") { (leaf, ca) } else { (ca, root) };
    let revokes = revoking.is_some_and(|revoking| revoking == source(uri));
    Reply::Body(if uri.starts_with("http://ocsp.") {
        let good = Entry::good(subject, issuer);
        let entry = if revokes { good.revoked(REVOKED_AT, Some(1)) } else { good };
        Response::signed_by(issuer).entry(entry).encode()
    } else {
        let list = CrlSketch::by(issuer);
        if revokes { list.revoke(&subject.serial).issue() } else { list.issue() }
    })
}

fn question(family: &Family, settings: &str) -> Question {
    let settings = settings.to_owned();
    Question { settings, ..Question::new(&family.leaf, &[&family.ca], &family.root) }
}

fn asked(family: &Family, settings: &str, revoking: Option<&str>) -> Said {
    let world = |uri: &str, _: &[u8]| answer(family, uri, revoking);
    ask_world(&question(family, settings), CommonCriteria::On, &world)
}

/// PASS while the source says good, FAIL when it says revoked.
fn assert_pass_then_fail(sources: &str, revoking: &str) {
    let settings = format!("[revocation]\nsources = [\"{sources}\"]\n");
    let family = Family::new();
    let said = asked(&family, &settings, None);
    assert!(said.allows, "{:?}", said.findings);
    let said = asked(&family, &settings, Some(revoking));
    assert!(!said.allows && said.tells("revocation.revoked"), "{:?}", said.findings);
}

#[test]
fn nd_3_o_l_ocsp_says_that_the_leaf_is_revoked() {
    assert_pass_then_fail("ocsp", "ocsp leaf");
}

#[test]
fn nd_3_o_i_ocsp_says_that_the_intermediate_is_revoked() {
    assert_pass_then_fail("ocsp", "ocsp ca");
}

#[test]
fn nd_3_c_l_a_crl_lists_the_leaf() {
    assert_pass_then_fail("crl", "crl leaf");
}

#[test]
fn nd_3_c_i_a_crl_lists_the_intermediate() {
    assert_pass_then_fail("crl", "crl ca");
}

#[test]
fn fp_9_each_source_alone_says_revoked() {
    let family = Family::new();
    let settings = "profile = \"ndcpp-4.0\"\n";
    assert!(asked(&family, settings, None).allows);
    for revoking in ["ocsp leaf", "ocsp ca", "crl leaf", "crl ca"] {
        let said = asked(&family, settings, Some(revoking));
        assert!(!said.allows && said.tells("revocation.revoked"), "{revoking}");
    }
}

/// What is wrong with the false information.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fault {
    Signature,
    Signer,
}

/// What the genuine source says; the false one says the opposite.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Truth {
    Good,
    Revoked,
}

fn false_response(family: &Family, fault: Fault, truth: Truth) -> Vec<u8> {
    let Family { ca, leaf, .. } = family;
    let good = Entry::good(leaf, ca);
    let entry = if truth == Truth::Good { good.revoked(REVOKED_AT, Some(1)) } else { good };
    match fault {
        Fault::Signature => Response::signed_by(ca).entry(entry).tamper_signature().encode(),
        Fault::Signer => {
            let signer = Sketch::leaf("sibling").issued_by(ca).eku(&["serverAuth"]).issue();
            Response::delegated_to(&signer).entry(entry).encode()
        }
    }
}

fn imposter() -> Issued {
    Sketch::ca("imposter").subject("CN=ca").issue()
}

fn false_list(family: &Family, fault: Fault, truth: Truth) -> Vec<u8> {
    let (signer, revoked) = (imposter(), &family.leaf.serial);
    let list = CrlSketch::by(if fault == Fault::Signer { &signer } else { &family.ca });
    let list = if truth == Truth::Good { list.revoke(revoked) } else { list };
    if fault == Fault::Signature { list.tamper_signature().issue() } else { list.issue() }
}

/// The false information is set aside and told (AU-5), and the other source decides.
fn assert_ignored(kind: &str, fault: Fault, truth: Truth) {
    let family = Family::new();
    let genuine = if kind == "ocsp" { "crl leaf" } else { "ocsp leaf" };
    let revoking = (truth == Truth::Revoked).then_some(genuine);
    let world = |uri: &str, _: &[u8]| match source(uri) == format!("{kind} leaf") {
        true if kind == "ocsp" => Reply::Body(false_response(&family, fault, truth)),
        true => Reply::Body(false_list(&family, fault, truth)),
        false => answer(&family, uri, revoking),
    };
    let mut question = question(&family, "revocation.ask = \"every-source\"\n");
    question.untrusted.push(imposter());
    let said = ask_world(&question, CommonCriteria::On, &world);
    assert_eq!(said.allows, truth == Truth::Good, "{:?} {:?}", said.findings, said.checks);
    assert_eq!(said.status().0, if truth == Truth::Good { "good" } else { "revoked" });
    assert!(said.tells("revocation.evidence-refused"), "{:?} {:?}", said.findings, said.checks);
}

#[test]
fn fp_10a_ocsp_with_a_bad_signature_says_valid_and_the_crl_revoked() {
    assert_ignored("ocsp", Fault::Signature, Truth::Revoked);
}

#[test]
fn fp_10b_ocsp_with_a_bad_signature_says_revoked_and_the_crl_valid() {
    assert_ignored("ocsp", Fault::Signature, Truth::Good);
}

#[test]
fn fp_10c_ocsp_by_an_unauthorised_signer_says_valid_and_the_crl_revoked() {
    assert_ignored("ocsp", Fault::Signer, Truth::Revoked);
}

#[test]
fn fp_10d_ocsp_by_an_unauthorised_signer_says_revoked_and_the_crl_valid() {
    assert_ignored("ocsp", Fault::Signer, Truth::Good);
}

#[test]
fn fp_10e_a_crl_with_a_bad_signature_says_valid_and_ocsp_revoked() {
    assert_ignored("crl", Fault::Signature, Truth::Revoked);
}

#[test]
fn fp_10f_a_crl_with_a_bad_signature_says_revoked_and_ocsp_valid() {
    assert_ignored("crl", Fault::Signature, Truth::Good);
}

#[test]
fn fp_10g_a_crl_by_an_unauthorised_signer_says_valid_and_ocsp_revoked() {
    assert_ignored("crl", Fault::Signer, Truth::Revoked);
}

#[test]
fn fp_10h_a_crl_by_an_unauthorised_signer_says_revoked_and_ocsp_valid() {
    assert_ignored("crl", Fault::Signer, Truth::Good);
}

#[test]
fn fp_11_a_certificate_that_expires_soon_is_revoked_all_the_same() {
    let mut family = Family::new();
    let sketch = Sketch::leaf("leaf").issued_by(&family.ca);
    let sketch = sketch.valid("2025-12-31T23:00:00Z", "2026-01-01T00:30:00Z");
    family.leaf = sourced(sketch, "leaf").issue();
    assert!(asked(&family, "", None).allows);
    for (settings, revoking) in [("", "ocsp leaf"), ("[revocation]\nsources = [\"crl\"]\n", "crl leaf")] {
        let said = asked(&family, settings, Some(revoking));
        assert!(!said.allows && said.tells("revocation.revoked"), "{revoking}");
    }
}

#[test]
fn fp_12_one_source_that_is_left_suffices_and_none_does_not() {
    let family = Family::new();
    let question = question(&family, "");
    for left in ["ocsp", "crl"] {
        let world = |uri: &str, _: &[u8]| match source(uri).starts_with(left) {
            true => answer(&family, uri, None),
            false => Reply::Unavailable(UnavailableReason::Timeout),
        };
        let said = ask_world(&question, CommonCriteria::On, &world);
        assert!(said.allows, "{left}: {:?}", said.findings);
        assert_eq!(said.statuses[..2], [("good", String::new()), ("good", String::new())]);
    }
    let said = ask(&question, CommonCriteria::On);
    assert!(!said.allows && said.tells("revocation.undetermined"));
}
