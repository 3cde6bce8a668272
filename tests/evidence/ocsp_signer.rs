//! The attack cases on whoever signs OCSP responses, of O-01 to O-30 and ND-4a. root -> leaf; the response is
//! supplied.

use pki::certificate::{Issued, Sketch};
use pki::crl::CrlSketch;
use pki::der;
use pki::key::Key;
use pki::ocsp::{Entry, Response};

use crate::edge::{BOTH, CommonCriteria, Question, Reply, ask, ask_world};
use crate::family::{delegate, with_responder};
use crate::ocsp::{assert_good, assert_no_answer, assert_undetermined, by_root, good, question, root};

const REFUSED: &str = "ocsp.responder.not-authorised";

fn by(signer: &Issued) -> Response {
    Response::delegated_to(signer).entry(good())
}

fn designated(signer: &Issued, issuer: Option<&Issued>, response: &Response) -> Question {
    let responders = vec![(signer.clone(), issuer.cloned())];
    Question { responders, ..question(&[response.encode()]) }
}

// R-OCSP-2, R-OCSP-3
#[test]
fn o_06_nd_4a_a_sibling_without_ocsp_signing_is_no_responder() {
    for usages in [&["serverAuth"][..], &["any"], &["serverAuth", "clientAuth"]] {
        let signer = Sketch::leaf("sibling").issued_by(&root()).eku(usages).issue();
        assert_no_answer(&by(&signer), REFUSED);
        // DT-3: not rescued by a designation for any issuer.
        assert_undetermined(&designated(&signer, None, &by(&signer)), REFUSED);
        // ND-4a: nor, in Common Criteria mode, by one for this issuer.
        let rescued = designated(&signer, Some(&root()), &by(&signer));
        let off = ask(&rescued, CommonCriteria::Off);
        assert_eq!((off.allows, off.status().0), (true, "good"));
        let on = ask(&rescued, CommonCriteria::On);
        assert_eq!((on.allows, on.status()), (false, ("undetermined", REFUSED)));
    }
    assert_no_answer(&by(&Sketch::leaf("sibling").issued_by(&root()).issue()), REFUSED);
}

#[test]
fn o_07_the_purpose_is_compared_whole() {
    for usage in ["1.3.6.1.5.5.7.3", "1.3.6.1.5.5.7.3.9.1", "1.3.6.1.5.5.7.3.8", "1.3.6.1.5.5.7.3.137"] {
        assert_no_answer(&by(&Sketch::leaf("near").issued_by(&root()).eku(&[usage]).issue()), REFUSED);
    }
}

#[test]
fn o_08_the_authoritys_name_alone_authorises_nobody() {
    let imposter = Sketch::ca("imposter").subject("CN=root").eku(&["OCSPSigning"]);
    let imposter = imposter.key_usage(&["digitalSignature"]).issue();
    assert_no_answer(&by(&imposter), REFUSED);
    assert_no_answer(&Response::signed_by(&imposter).entry(good()), "ocsp.signature.invalid");
}

#[test]
fn o_09_a_delegate_of_another_authority_is_refused() {
    let other = Sketch::ca("other").issue();
    assert_no_answer(&by(&delegate("foreign", &other).issue()), REFUSED);
}

#[test]
fn o_10_a_delegate_is_valid_at_the_moment_of_the_question() {
    for (from, to) in [
        ("2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z"),
        ("2026-01-02T00:00:00Z", "2030-01-01T00:00:00Z"),
        // Between thisUpdate and now.
        ("2024-01-01T00:00:00Z", "2025-12-31T23:59:59Z"),
    ] {
        assert_no_answer(&by(&delegate("timed", &root()).valid(from, to).issue()), REFUSED);
    }
}

#[test]
fn o_11_a_designated_responders_signature_is_verified_all_the_same() {
    let responder = Sketch::leaf("responder").issue();
    let tampered = by(&responder).tamper_signature();
    assert_undetermined(&designated(&responder, None, &tampered), "ocsp.signature.invalid");
    let expired = Sketch::leaf("expired").valid("2020-01-01T00:00:00Z", "2025-01-01T00:00:00Z").issue();
    assert_undetermined(&designated(&expired, None, &by(&expired)), REFUSED);
}

const REQUIRED: &str = "[ocsp]\nresponder-check = \"required\"\n";

#[test]
fn o_12_nocheck_counts_in_the_signers_certificate_alone() {
    let no_check = |sketch: Sketch| sketch.extension("ocspNoCheck", false, der::null()).issue();
    let unasked = no_check(Sketch::leaf("unasked").issued_by(&root()));
    let plain = Sketch::leaf("plain").issued_by(&root()).eku(&["OCSPSigning"]).issue();
    let root = no_check(Sketch::ca("root"));
    let leaf = no_check(Sketch::leaf("leaf").issued_by(&root));
    let response = Response::delegated_to(&plain).entry(Entry::good(&leaf, &root)).certificate(&unasked.der);
    let responses = vec![response.encode()];
    let settings = REQUIRED.to_owned();
    let question = Question { responses, settings, ..Question::new(&leaf, &[], &root) };
    assert_undetermined(&question, "ocsp.responder.undetermined");
    let response = by(&delegate("delegate", &crate::ocsp::root()).issue());
    assert_good(&Question { settings: REQUIRED.to_owned(), ..crate::ocsp::question(&[response.encode()]) });
}

#[test]
fn o_21_every_lawful_signer_is_accepted_by_name_and_by_key() {
    let responder = Sketch::leaf("responder").issue();
    let delegate = delegate("delegate", &root()).issue();
    for (signer, model) in [
        (&root(), "TrustModel::IssuingAuthority"),
        (&delegate, "TrustModel::Delegate"),
        (&responder, "TrustModel::Designated"),
    ] {
        for response in [by(signer), by(signer).by_key()] {
            let said = assert_good(&designated(&responder, None, &response));
            assert_eq!(said.models, [model]);
        }
    }
    // Nobody is asked to bring along what is known already.
    for signer in [&root(), &responder] {
        let response = Response::signed_by(signer).entry(good());
        assert_good(&designated(&responder, None, &response));
    }
}

#[test]
fn o_22_a_key_hash_is_not_a_subject_key_identifier() {
    let identifier = der::octet_string(&[3; 20]);
    let root = Sketch::ca("root").extension("subjectKeyIdentifier", false, identifier).issue();
    let leaf = Sketch::leaf("leaf").issued_by(&root).issue();
    let asked = |response: Response| {
        let responses = vec![response.entry(Entry::good(&leaf, &root)).encode()];
        Question { responses, ..Question::new(&leaf, &[], &root) }
    };
    assert_good(&asked(Response::signed_by(&root).by_key()));
    assert_undetermined(&asked(Response::signed_by(&root).by_key_hash(&[3; 20])), "ocsp.responder.unknown");
}

#[test]
fn o_24_a_wrong_responder_id_or_version_is_refused() {
    assert_no_answer(&by_root(good()).by_name("CN=elsewhere"), "ocsp.responder.unknown");
    let delegate = delegate("delegate", &root()).issue();
    assert_no_answer(&by(&delegate).key(Key::p256("root")), "ocsp.signature.invalid");
    for number in [1, 0xff] {
        assert_no_answer(&by_root(good()).version(number), "ocsp.malformed");
    }
    for length in [0, 19, 21] {
        assert_no_answer(&by_root(good()).by_key_hash(&vec![1; length]), "ocsp.malformed");
    }
    let astray = Sketch::leaf("astray").issued_by(&root()).issuer_name("CN=elsewhere").eku(&["OCSPSigning"]);
    assert_no_answer(&by(&astray.issue()), REFUSED);
}

#[test]
fn o_26_a_responder_whose_key_does_not_decode_is_no_signer() {
    let bad = delegate("bad", &root()).public_key_info(&[0x30, 3, 1, 1, 0xff]).issue();
    assert_no_answer(&by(&bad), "ocsp.responder.malformed");
    let curve = der::sequence(&[der::oid("1.2.840.10045.2.1"), der::oid("1.2.840.10045.3.1.7")]);
    let point = [&[4][..], &[0xff; 64]].concat();
    let info = der::sequence(&[curve, der::bit_string(0, &point)]);
    let off_curve = delegate("off", &root()).public_key_info(&info).issue();
    assert_no_answer(&by(&off_curve), "ocsp.signature.key-unusable");
    assert_good(&question(&[by_root(good()).certificate(&bad.der).encode()]));
}

#[test]
fn o_28_a_delegate_is_issued_directly_and_by_the_same_key() {
    let sub = Sketch::ca("sub").issued_by(&root()).issue();
    assert_no_answer(&by(&delegate("below", &sub).issue()).certificate(&sub.der), REFUSED);
    let renewed = Sketch::ca("root-2").subject("CN=root").issue();
    assert_no_answer(&by(&delegate("crossed", &renewed).issue()).certificate(&renewed.der), REFUSED);
    let alias = Sketch::ca("alias").key(Key::p256("root")).issue();
    assert_no_answer(&by(&alias), REFUSED);
}

#[test]
fn o_30_a_delegate_that_vouches_for_itself_ends_undetermined() {
    let plain = || Sketch::leaf("itself").issued_by(&root()).eku(&["OCSPSigning"]);
    let itself = with_responder(plain(), "itself").issue();
    let about = Response::delegated_to(&itself).entry(Entry::good(&itself, &root())).encode();
    let required = Question { settings: REQUIRED.to_owned(), ..question(&[by(&itself).encode()]) };
    for mode in BOTH {
        let said = ask_world(&required, mode, &|_, _| Reply::Body(about.clone()));
        assert_eq!(said.status(), ("undetermined", "ocsp.responder.undetermined"), "{mode:?}");
        assert_eq!(said.asked, ["http://ocsp.example/itself"], "asked once");
        assert_eq!(said.allows, mode == CommonCriteria::Off);
    }
    // Its authority knows that it is revoked.
    let crls = vec![CrlSketch::by(&root()).revoke(&itself.serial).issue()];
    let settings = "[revocation]\nsources = [\"ocsp\"]\n".to_owned();
    let revoked = Question { crls, settings, ..question(&[by(&itself).encode()]) };
    for mode in BOTH {
        let said = ask(&revoked, mode);
        assert!(said.checks[0].iter().any(|code| code == "ocsp.responder.revoked"), "{:?}", said.checks);
    }
}
