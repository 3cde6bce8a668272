//! root -> ca -> leaf, of which only root and leaf are given; the leaf says where its issuer is.

use pki::certificate::{Issued, Sketch};
use pki::{der, extension};

use crate::evidence::{Answered, Item, Unavailable, UnavailableReason, Wanted};
use crate::request::Question;
use crate::settings::Mode;
use crate::trust::TrustRole;
use crate::verdict::Decision;
use crate::{Outcome, Request, Validator, evaluate};

/// 2025-06-01T00:00:00Z, within every validity of the fixtures.
const AT: i64 = 1_748_736_000;
const ASK: &str = "path.missing-issuer = \"ask\"\n";
const CA_ISSUERS: &str = "1.3.6.1.5.5.7.48.2";

struct Family {
    root: Issued,
    ca: Issued,
    leaf: Issued,
}

fn family(uris: &[&str]) -> Family {
    let root = Sketch::ca("root").issue();
    let ca = Sketch::ca("ca").issued_by(&root).issue();
    let mut leaf = Sketch::leaf("leaf").issued_by(&ca);
    if !uris.is_empty() {
        let accesses: Vec<Vec<u8>> = uris.iter().map(|uri| access(uri)).collect();
        leaf = leaf.extension("authorityInfoAccess", false, der::sequence(&accesses));
    }
    Family { root, ca, leaf: leaf.issue() }
}

/// One AccessDescription: what is inside the SEQUENCE of an extension that has one.
fn access(uri: &str) -> Vec<u8> {
    let whole = extension::information_access(CA_ISSUERS, uri);
    whole.get(2..).unwrap().to_vec()
}

/// The decision and its codes, or the URI that is asked.
fn ask(
    family: &Family,
    settings: &str,
    evidence: &[Item],
) -> Result<(Decision, Vec<&'static str>), (String, String)> {
    let mut validator = Validator::new(settings, Mode::Standard).unwrap();
    validator.add_anchor(&family.root.der, TrustRole::Issuer).unwrap();
    let question = Question { target: &family.leaf.der, at: AT, ..Question::default() };
    let request = Request::new(&question, validator.settings()).unwrap();
    match evaluate(&validator, &request, evidence).unwrap() {
        Outcome::Decided(sealed) => {
            let findings = sealed.verdict.findings.iter().map(|reported| reported.finding.code.as_str());
            let told = findings.filter(|code| !code.starts_with("revocation."));
            Ok((sealed.verdict.decision, told.collect()))
        }
        Outcome::Needs(needs) => {
            let [need] = needs.as_slice() else { panic!("{needs:?}") };
            let Wanted::IssuerCertificate(how) = &need.wanted else { panic!("{need:?}") };
            Err((how.uri.clone(), need.id.clone()))
        }
    }
}

fn asked(family: &Family, evidence: &[Item]) -> (String, String) {
    ask(family, ASK, evidence).unwrap_err()
}

fn came(id: &str, body: &[u8]) -> Item {
    Item::IssuerCertificates(Answered { request_id: Some(id.to_owned()), body: body.to_vec() })
}

fn gone(id: &str) -> Item {
    Item::Unavailable(Unavailable { request_id: id.to_owned(), reason: UnavailableReason::Timeout })
}

const NOT_FOUND: (Decision, [&str; 1]) = (Decision::Deny, ["path.issuer-not-found"]);

fn not_found() -> Result<(Decision, Vec<&'static str>), (String, String)> {
    Ok((NOT_FOUND.0, NOT_FOUND.1.to_vec()))
}

#[test]
fn nobody_is_asked_unless_the_settings_say_so() {
    let family = family(&["http://ca.example/ca.cer"]);
    assert_eq!(ask(&family, "", &[]), not_found());
    assert_eq!(ask(&family, "path.missing-issuer = \"refuse\"\n", &[]), not_found());
    assert_eq!(asked(&family, &[]).0, "http://ca.example/ca.cer");
}

#[test]
fn what_comes_completes_the_path() {
    let family = family(&["http://ca.example/ca.cer"]);
    let (_, id) = asked(&family, &[]);
    let allowed = Ok((Decision::Allow, Vec::new()));
    assert_eq!(ask(&family, ASK, &[came(&id, &family.ca.der)]), allowed);
    // It is believed no more than one that was given.
    let other = Sketch::ca("other").subject("CN=ca").issue();
    let (decision, codes) = ask(&family, ASK, &[came(&id, &other.der)]).unwrap();
    assert_eq!(decision, Decision::Deny);
    assert!(!codes.is_empty());
}

#[test]
fn each_uri_is_asked_once_and_then_it_is_over() {
    let uris = ["http://a.example/", "ldap://b.example/", "https://c.example/"];
    let family = family(&uris);
    let (first, id) = asked(&family, &[]);
    assert_eq!(first, "http://a.example/");
    let (second, other) = asked(&family, &[gone(&id)]);
    assert_eq!(second, "https://c.example/");
    assert_eq!(ask(&family, ASK, &[gone(&id), gone(&other)]), not_found());
    // Something else than the issuer is as good as nothing.
    let stranger = Sketch::ca("stranger").issue();
    assert_eq!(asked(&family, &[came(&id, &stranger.der)]).0, "https://c.example/");
    let garbage = [came(&id, b"<html>"), gone(&other)];
    let told = vec!["path.issuer-not-found", "evidence.certificate-malformed"];
    assert_eq!(ask(&family, ASK, &garbage), Ok((Decision::Deny, told)));
}

#[test]
fn at_most_four_uris_are_asked() {
    let uris = ["http://a/", "http://b/", "http://c/", "http://d/", "http://e/"];
    let family = family(&uris);
    let mut evidence = Vec::new();
    for uri in uris.iter().take(4) {
        let (found, id) = asked(&family, &evidence);
        assert_eq!(&found, uri);
        evidence.push(gone(&id));
    }
    assert_eq!(ask(&family, ASK, &evidence), not_found());
}

#[test]
fn what_comes_is_never_more_than_the_settings_have_room_for() {
    let family = family(&["http://ca.example/ca.cer"]);
    let (_, id) = asked(&family, &[]);
    let limited = format!("{ASK}limits.certificates = 1\n");
    // The target alone fills it: nobody is asked, and what was sent all the same is not looked at.
    assert_eq!(ask(&family, &limited, &[]), not_found());
    assert_eq!(ask(&family, &limited, &[came(&id, &family.ca.der)]), not_found());
    // Of a bundle the first four are taken.
    let others: Vec<Issued> = (0..4).map(|number| Sketch::ca(&format!("other {number}")).issue()).collect();
    let mut all: Vec<&Issued> = others.iter().collect();
    all.push(&family.ca);
    assert_eq!(ask(&family, ASK, &[came(&id, &pkcs7(&all))]), not_found());
    all.reverse();
    assert_eq!(ask(&family, ASK, &[came(&id, &pkcs7(&all))]), Ok((Decision::Allow, Vec::new())));
}

/// A certificates-only message (RFC 5652).
fn pkcs7(certificates: &[&Issued]) -> Vec<u8> {
    let inside: Vec<Vec<u8>> = certificates.iter().map(|issued| issued.der.clone()).collect();
    let data = der::sequence(&[der::oid("1.2.840.113549.1.7.1")]);
    let parts = [der::integer(&[1]), der::set(&[]), data, der::explicit(0, &inside.concat()), der::set(&[])];
    let signed = der::sequence(&parts);
    der::sequence(&[der::oid("1.2.840.113549.1.7.2"), der::explicit(0, &signed)])
}
