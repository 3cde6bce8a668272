//! What a peer shows beside a good certificate: a staple, another name, another time, another purpose, a chain of its own
//! making, nothing, or something that is no certificate.

use std::time::Duration;

use host_server::verifier::rustls::pki_types::CertificateDer;
use host_server::verifier::rustls::{CertificateError, Error};
use host_server::verifier::{BuildFault, ClientCertificates, Verifier};

use crate::authority::openssl;
use crate::realm::Realm;
use crate::shake::{
    NAME, admitted, judging_client, judging_server, odd_client, odd_server, plain_client, plain_server,
    refused, shake, turned_away, verifier,
};

/// A verifier that may not fetch, and wants to know.
fn offline(realm: &Realm) -> host_server::verifier::Builder {
    Verifier::builder()
        .trust(realm.pem("ca"))
        .policy("[revocation]\nundetermined = \"deny\"\n")
        .patience(Duration::from_secs(60))
}

#[test]
fn a_staple_is_evidence() {
    let realm = Realm::new();
    realm.unreachable();
    let client = judging_client(offline(&realm));
    let (good, revoked) = (realm.staple("good"), realm.staple("revoked"));
    let judged =
        |leaf: &str, staple: &[u8]| shake(&plain_server(&realm, leaf, staple.to_vec()), &client, NAME).1;
    admitted(&judged("good", &good));
    refused(&judged("revoked", &revoked), CertificateError::Revoked);
    // none, one about another certificate, and one that is none say nothing
    for staple in [&[][..], &revoked, b"nonsense"] {
        refused(&judged("good", staple), CertificateError::UnknownRevocationStatus);
    }
    assert_eq!(realm.ocsp.accepted(), 0, "nothing is fetched");
}

#[test]
fn a_staple_saves_the_question() {
    let realm = Realm::new();
    let client = judging_client(verifier(&realm));
    let server = plain_server(&realm, "good", realm.staple("good"));
    admitted(&shake(&server, &client, NAME).1);
    assert_eq!(realm.ocsp.accepted(), 0);
    admitted(&shake(&plain_server(&realm, "good", Vec::new()), &client, NAME).1);
    assert_eq!(realm.ocsp.accepted(), 1);
}

#[test]
fn a_server_must_have_the_name_that_was_dialled() {
    let realm = Realm::new();
    let client = judging_client(verifier(&realm));
    let server = plain_server(&realm, "good", Vec::new());
    for name in [NAME, "www.example.org.", "127.0.0.1"] {
        admitted(&shake(&server, &client, name).1);
    }
    for name in ["example.org", "www.example.com", "127.0.0.2", "::1"] {
        refused(&shake(&server, &client, name).1, CertificateError::NotValidForName);
    }
}

#[test]
fn what_expired_is_refused_at_both_ends() {
    let realm = Realm::new();
    realm.issue_expired("expired");
    let client = judging_client(verifier(&realm));
    let server = plain_server(&realm, "expired", Vec::new());
    refused(&shake(&server, &client, NAME).1, CertificateError::Expired);
    let server = judging_server(&realm, verifier(&realm));
    let (judging, judged) = shake(&server, &plain_client(&realm, Some("expired")), NAME);
    refused(&judging, CertificateError::Expired);
    turned_away(&judged);
    assert_eq!(realm.ocsp.accepted(), 0, "nobody is asked about a path that does not hold");
}

#[test]
fn a_certificate_is_good_for_its_own_end_only() {
    let realm = Realm::new();
    realm.issue("server-only", "1006", ("serverAuth,clientAuth", "serverAuth"));
    realm.issue("client-only", "1007", ("serverAuth,clientAuth", "clientAuth"));
    let purpose = CertificateError::InvalidPurpose;
    let client = judging_client(verifier(&realm));
    refused(&shake(&plain_server(&realm, "client-only", Vec::new()), &client, NAME).1, purpose.clone());
    let server = judging_server(&realm, verifier(&realm));
    refused(&shake(&server, &plain_client(&realm, Some("server-only")), NAME).0, purpose);
    // whoever wants another purpose says so
    let server = judging_server(&realm, verifier(&realm).purpose("server-auth"));
    admitted(&shake(&server, &plain_client(&realm, Some("server-only")), NAME).1);
}

#[test]
fn a_chain_of_its_own_making_is_refused_at_both_ends() {
    let (realm, stranger) = (Realm::new(), Realm::new());
    let unknown = CertificateError::UnknownIssuer;
    let (mut chain, _) = stranger.identity("good");
    // the stranger's authority has the name of ours and another key
    chain.push(stranger.identity("ca").0.remove(0));
    let server = judging_server(&realm, verifier(&realm));
    for end in [
        shake(&odd_server(&stranger, chain.clone()), &judging_client(verifier(&realm)), NAME).1,
        shake(&server, &odd_client(&realm, chain), NAME).0,
    ] {
        let Err(Error::InvalidCertificate(why)) = &end.greeted else { panic!("{end:?}") };
        assert!([CertificateError::BadSignature, unknown.clone()].contains(why), "{why:?}");
    }
    // a certificate by itself, of a name that nobody has
    realm.make_own("/CN=own", "DNS:www.example.org");
    let own = plain_server(&realm, "own", Vec::new());
    refused(&shake(&own, &judging_client(verifier(&realm)), NAME).1, unknown.clone());
    refused(&shake(&server, &plain_client(&realm, Some("own")), NAME).0, unknown);
    assert_eq!(realm.ocsp.accepted(), 0);
}

#[test]
fn a_client_without_a_certificate_comes_in_only_where_that_was_said() {
    let realm = Realm::new();
    let nobody = plain_client(&realm, None);
    let (judging, judged) = shake(&judging_server(&realm, verifier(&realm)), &nobody, NAME);
    turned_away(&judging);
    turned_away(&judged);
    let optional = judging_server(&realm, verifier(&realm).clients(ClientCertificates::Optional));
    let (judging, judged) = shake(&optional, &nobody, NAME);
    admitted(&judging);
    admitted(&judged);
    assert_eq!(judging.shown, 0);
    // one that is shown is judged all the same
    refused(&shake(&optional, &plain_client(&realm, Some("revoked")), NAME).0, CertificateError::Revoked);
}

#[test]
fn what_is_no_certificate_is_no_certificate() {
    let realm = Realm::new();
    let arguments = ["crl2pkcs7", "-nocrl", "-certfile", "good.pem", "-outform", "DER", "-out", "good.p7"];
    openssl(realm.authority.directory(), &arguments);
    let (good, _) = realm.identity("good");
    let bundle = CertificateDer::from(std::fs::read(realm.path("good.p7")).unwrap());
    let text = CertificateDer::from(realm.pem("good"));
    let trailing = CertificateDer::from([good[0].as_ref(), &[0]].concat());
    let garbage = CertificateDer::from(vec![0x30, 0x80, 0xff]);
    let client = judging_client(verifier(&realm));
    let server = judging_server(&realm, verifier(&realm));
    for odd in [bundle, text, trailing, garbage] {
        let shown = vec![odd.clone()];
        refused(&shake(&odd_server(&realm, shown.clone()), &client, NAME).1, CertificateError::BadEncoding);
        turned_away(&shake(&server, &odd_client(&realm, shown), NAME).1);
        // beside a good certificate it helps to build a path, or refuses as itself
        let end = shake(&odd_server(&realm, vec![good[0].clone(), odd]), &client, NAME).1;
        if end.greeted.is_err() {
            refused(&end, CertificateError::BadEncoding);
        }
    }
}

#[test]
fn a_certificate_is_no_use_without_its_key() {
    let realm = Realm::new();
    // nothing speaks against `unlisted` by default, and the key is that of `good`
    let (shown, _) = realm.identity("unlisted");
    let client = judging_client(verifier(&realm));
    refused(&shake(&odd_server(&realm, shown.clone()), &client, NAME).1, CertificateError::BadSignature);
    let server = judging_server(&realm, verifier(&realm));
    refused(&shake(&server, &odd_client(&realm, shown), NAME).0, CertificateError::BadSignature);
}

#[test]
fn clients_are_told_whose_certificates_are_wanted() {
    let realm = Realm::new();
    let built = verifier(&realm).build().unwrap();
    let hints = host_server::verifier::rustls::server::danger::ClientCertVerifier::root_hint_subjects(&built);
    assert_eq!(hints.len(), 1);
    let encoded = realm.authority.der("ca");
    let name = hints[0].as_ref();
    assert!(encoded.windows(name.len()).any(|window| window == name), "the subject, as it is encoded");
}

#[test]
fn a_mistake_shows_before_the_first_handshake() {
    let realm = Realm::new();
    let ca = || Verifier::builder().trust(realm.pem("ca"));
    assert!(matches!(Verifier::builder().build(), Err(BuildFault::NothingTrusted)));
    for (builder, said) in [
        (Verifier::builder().trust("nonsense"), "anchors 1: "),
        (ca().trust("nonsense"), "anchors 2: "),
        (ca().policy("nonsense = 1"), "policy: "),
        (ca().purpose("nonsense"), "purpose: question.unknown-purpose"),
    ] {
        let fault = builder.build().unwrap_err().to_string();
        assert!(fault.starts_with(said), "{fault}");
    }
    assert!(ca().purpose("client-auth").build().is_ok());
}
