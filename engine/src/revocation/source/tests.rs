//! What is asked of whom: the choice of URIs, what is no URI to fetch from, and the names of requests.

use pki::certificate::{Issued, Sketch};
use pki::crl::{PointName, distribution_point};
use pki::der;
use pki::extension::information_access;

use super::*;
use crate::settings::profile::{Profile, Strictness};

const SEED: [u8; 32] = [7; 32];

fn certificate(responders: &[&str], points: &[&str]) -> (Certificate, Certificate) {
    let ca: Issued = Sketch::ca("ca").issue();
    let mut leaf = Sketch::leaf("leaf");
    if let [responder] = responders {
        leaf =
            leaf.extension("authorityInfoAccess", false, information_access("1.3.6.1.5.5.7.48.1", responder));
    }
    if !points.is_empty() {
        let point = |uri: &&str| {
            let name = format!("uri:{uri}");
            distribution_point(Some(&PointName::Full(&[&name])), &[], &[])
        };
        let points = points.iter().map(point);
        leaf = leaf.extension("cRLDistributionPoints", false, der::sequence(&points.collect::<Vec<_>>()));
    }
    let leaf = leaf.issued_by(&ca).issue();
    (Certificate::decode(&leaf.der).unwrap(), Certificate::decode(&ca.der).unwrap())
}

fn responders(named: &[&str], settings: &Settings) -> Vec<Query> {
    let (certificate, issuer) = certificate(named, &[]);
    ocsp_queries(&Asked { certificate: &certificate, issuer: &issuer, nonce_seed: Some(&SEED) }, settings)
}

fn uris(queries: &[Query]) -> Vec<&str> {
    queries.iter().map(|query| query.uri.as_str()).collect()
}

fn choosing(choice: UriChoice) -> Settings {
    let mut settings = Settings::default();
    settings.ocsp.uri = choice;
    settings.ocsp.configured = vec!["http://configured.example/".to_owned()];
    settings.crl.uri = choice;
    settings.crl.configured = vec!["http://configured.example/crl".to_owned()];
    settings
}

// R-OCSP-11 to R-OCSP-13
#[test]
fn the_responder_is_the_certificate_s_or_the_configured_one() {
    let named = "http://named.example/";
    let configured = "http://configured.example/";
    for (choice, with, without) in [
        (UriChoice::Certificate, vec![named], vec![]),
        (UriChoice::Configured, vec![configured], vec![configured]),
        (UriChoice::CertificateElseConfigured, vec![named], vec![configured]),
    ] {
        let settings = choosing(choice);
        assert_eq!(uris(&responders(&[named], &settings)), with, "{choice:?}");
        assert_eq!(uris(&responders(&[], &settings)), without, "{choice:?}");
    }
}

#[test]
fn each_distribution_point_is_a_group_and_few_are_asked() {
    let group = |points: &[&str], choice| {
        let (certificate, issuer) = certificate(&[], points);
        let asked = Asked { certificate: &certificate, issuer: &issuer, nonce_seed: None };
        let groups = crl_queries(&asked, &choosing(choice));
        groups.iter().map(|group| uris(group).join(" ")).collect::<Vec<_>>()
    };
    let two = ["http://one.example/crl", "http://two.example/crl"];
    assert_eq!(group(&two, UriChoice::Certificate), two);
    assert_eq!(group(&[], UriChoice::Certificate), Vec::<String>::new());
    assert_eq!(group(&two, UriChoice::Configured), ["http://configured.example/crl"]);
    assert_eq!(group(&[], UriChoice::CertificateElseConfigured), ["http://configured.example/crl"]);
    let many = ["http://one.example/crl"; 9];
    assert_eq!(group(&many, UriChoice::Certificate).len(), MAXIMUM_URIS);
}

#[test]
fn what_is_no_http_is_nobody_to_ask() {
    for uri in
        ["ldap://directory.example/cn=ca", "ftp://files.example/", "file:///etc/passwd", "ocsp.example", ""]
    {
        assert!(responders(&[uri], &Settings::default()).is_empty(), "{uri}");
    }
    assert_eq!(
        uris(&responders(&["HTTPS://named.example/"], &Settings::default())),
        ["HTTPS://named.example/"]
    );
}

#[test]
fn the_same_question_has_the_same_name_and_no_other_has() {
    let id = |named: &str, settings: &Settings| {
        responders(&[named], settings).first().map(|query| query.request.id.clone()).unwrap()
    };
    let usual = Settings::default();
    assert_eq!(id("http://a.example/", &usual), id("http://a.example/", &usual));
    assert_ne!(id("http://a.example/", &usual), id("http://b.example/", &usual));
    let mut other = Settings::default();
    other.ocsp.request_hash = crate::settings::revocation::RequestHash::Sha256;
    assert_ne!(id("http://a.example/", &usual), id("http://a.example/", &other));
    assert_eq!(id("http://a.example/", &usual).len(), "ocsp-".len() + 64);
}

#[test]
fn a_nonce_is_sent_where_there_is_a_seed_and_the_settings_want_one() {
    let (certificate, issuer) = certificate(&["http://a.example/"], &[]);
    let nonce = |seed, settings: &Settings| {
        let asked = Asked { certificate: &certificate, issuer: &issuer, nonce_seed: seed };
        ocsp_queries(&asked, settings).first().and_then(|query| query.nonce)
    };
    let usual = Settings::default();
    let mut off = Settings::default();
    off.ocsp.nonce = NoncePolicy::Off;
    assert!(nonce(Some(&SEED[..]), &usual).is_some());
    assert_ne!(nonce(Some(&SEED[..]), &usual), nonce(Some(&[8; 32][..]), &usual));
    assert_ne!(nonce(Some(&SEED[..]), &usual), Some(SEED), "the seed itself is not sent");
    assert_eq!(nonce(None, &usual), None);
    assert_eq!(nonce(Some(&SEED[..]), &off), None);
}

#[test]
fn get_is_used_where_the_settings_want_it_and_the_address_is_short() {
    let mut settings = Settings::default();
    settings.ocsp.method = OcspMethod::Get;
    settings.ocsp.nonce = NoncePolicy::Off;
    let how = |named: &str| match responders(&[named], &settings).pop().unwrap().request.wanted {
        Wanted::OcspResponse(how) => how,
        other => panic!("{other:?}"),
    };
    let short = how("http://a.example/");
    assert_eq!(short.method, HttpMethod::Get);
    assert!(short.uri.starts_with("http://a.example/") && short.body.is_empty());
    let long = how(&format!("http://a.example/{}", "x".repeat(300)));
    assert_eq!(long.method, HttpMethod::Post);
    assert!(!long.body.is_empty());
}

fn watched(certificate: Option<&Certificate>, settings: &Settings) -> Vec<String> {
    watched_crls(certificate, settings).into_iter().map(|how| how.uri).collect()
}

// R-CRL-12, R-CRL-13
#[test]
fn lists_are_watched_as_they_would_be_asked_for_and_none_where_they_are_no_source() {
    let (named, configured) = ("http://named.example/crl", "http://configured.example/crl");
    let ((pointed, _), (bare, _)) = (certificate(&[], &[named]), certificate(&[], &[]));
    for (choice, with, without, alone) in [
        (UriChoice::Certificate, vec![named], vec![], vec![]),
        (UriChoice::Configured, vec![configured], vec![configured], vec![configured]),
        (UriChoice::CertificateElseConfigured, vec![named], vec![configured], vec![configured]),
    ] {
        let mut settings = choosing(choice);
        assert_eq!(watched(Some(&pointed), &settings), with, "{choice:?}");
        assert_eq!(watched(Some(&bare), &settings), without, "{choice:?}");
        assert_eq!(watched(None, &settings), alone, "{choice:?}");
        settings.revocation.sources = vec![StatusSource::Ocsp];
        for asked in [Some(&pointed), Some(&bare), None] {
            assert_eq!(watched(asked, &settings), [""; 0], "{choice:?}");
        }
    }
    let settings = choosing(UriChoice::Configured);
    let how = watched_crls(None, &settings).remove(0);
    assert_eq!((how.method, how.maximum_octets), (HttpMethod::Get, settings.limits.crl_octets));
}

// R-CRL-4: a phone's certificate that an authority issued and that names its list is asked about there, whatever profile
// somebody starts from.
#[test]
fn every_profile_asks_a_phone_s_authority_for_its_list() {
    let ca = Sketch::ca("ca").issue();
    let name = PointName::Full(&["uri:http://phones.example/crl"]);
    let point = der::sequence(&[distribution_point(Some(&name), &[], &[])]);
    let phone = Sketch::leaf("phone").eku(&["clientAuth"]).extension("cRLDistributionPoints", false, point);
    let phone = phone.issued_by(&ca).issue();
    let [phone, ca] = [phone, ca].map(|one| Certificate::decode(&one.der).unwrap());
    for profile in Profile::ALL {
        let settings = Settings::of_profile(profile, Strictness::Standard);
        assert!(settings.revocation.sources.contains(&StatusSource::Crl), "{profile:?}");
        let asked = Asked { certificate: &phone, issuer: &ca, nonce_seed: None };
        assert_eq!(
            uris(&crl_queries(&asked, &settings).concat()),
            ["http://phones.example/crl"],
            "{profile:?}"
        );
        assert_eq!(watched(Some(&phone), &settings), ["http://phones.example/crl"], "{profile:?}");
    }
}
