//! DT-6 where Common Criteria mode keeps somebody from being believed: what he says against the certificate still
//! counts, although another source that is believed says good. root -> leaf; without the mode each of these denies.

use pki::algorithm::{Algorithm, Hash};
use pki::certificate::{Issued, Sketch};
use pki::crl::CrlSketch;
use pki::ocsp::Response;

use crate::edge::{BOTH, CommonCriteria, Question, Said, ask};
use crate::family::with_responder;
use crate::ocsp::{REVOKED_AT, by_root, good, leaf, question, root};

const WITHDRAWN: Algorithm = Algorithm::Ecdsa(Hash::Sha1);
const ACCEPTED: &str = "[algorithms]\nsignatures = [\"ecdsa-sha256\", \"ecdsa-sha1\"]\n";

fn assert_revoked_in_both(question: &Question) {
    for mode in BOTH {
        let said = ask(question, mode);
        assert!(!said.allows && said.tells("revocation.revoked"), "{mode:?} {:?}", said.checks);
        assert_eq!(said.status().0, "revoked", "{mode:?}");
    }
}

fn both(question: &Question) -> [Said; 2] {
    BOTH.map(|mode| ask(question, mode))
}

#[test]
fn dt_6_a_response_with_a_withdrawn_algorithm_is_heard_against() {
    let by = |response: Response| response.algorithm(WITHDRAWN).encode();
    let accepting = |responses: &[Vec<u8>], settings: &str| Question {
        settings: settings.to_owned(),
        crls: vec![CrlSketch::by(&root()).issue()],
        ..question(responses)
    };
    let revoking = by(by_root(good().revoked(REVOKED_AT, Some(1))));
    assert_revoked_in_both(&accepting(std::slice::from_ref(&revoking), ACCEPTED));
    // The FIPS profile alone is the same.
    let fips = format!("fips = true\n{ACCEPTED}");
    assert_revoked_in_both(&accepting(std::slice::from_ref(&revoking), &fips));
    // Where the algorithm was never accepted, nobody is heard without the mode, and the mode is the stricter one.
    let [off, on] = both(&accepting(&[revoking], ""));
    assert_eq!((off.allows, on.allows), (true, false), "{:?} {:?}", off.checks, on.checks);
    // It proves nothing good.
    let alone = Question { settings: ACCEPTED.to_owned(), ..question(&[by(by_root(good()))]) };
    let [off, on] = both(&alone);
    assert_eq!((off.allows, off.status()), (true, ("good", "")));
    assert_eq!((on.allows, on.status()), (false, ("undetermined", "ocsp.signature.not-accepted")));
    // A signature that does not verify is nobody's voice.
    let tampered = by_root(good().revoked(REVOKED_AT, Some(1))).algorithm(WITHDRAWN).tamper_signature();
    let [off, on] = both(&accepting(&[tampered.encode()], ACCEPTED));
    assert!(off.allows && on.allows, "{:?} {:?}", off.checks, on.checks);
}

#[test]
fn dt_6_a_list_with_a_withdrawn_algorithm_is_heard_against() {
    let list = || CrlSketch::by(&root()).algorithm(WITHDRAWN);
    let question = |crls: Vec<Vec<u8>>| Question {
        settings: ACCEPTED.to_owned(),
        crls,
        ..question(&[by_root(good()).encode()])
    };
    let listing = || list().revoke_because(&leaf().serial, 1);
    assert_revoked_in_both(&question(vec![listing().issue()]));
    // A delta CRL needs its base.
    let base = list().number(1).issue();
    let delta = listing().number(2).delta(1).issue();
    assert_revoked_in_both(&question(vec![base, delta]));
    // Without the mode a newer list takes the older one's word; with it both are heard, which refuses more.
    let newer = list().number(3).this_update("2025-12-31T11:59:59Z").issue();
    let older = listing().number(2).this_update("2025-12-31T10:00:00Z").issue();
    let [off, on] = both(&question(vec![older, newer]));
    assert!(!on.allows && on.tells("revocation.revoked"), "{:?} {:?}", off.checks, on.checks);
    let [off, on] = both(&question(vec![list().revoke(&[9]).issue()]));
    assert!(off.allows && on.allows, "{:?} {:?}", off.checks, on.checks);
}

/// The authority under another key, for CRLs alone, in a form that the mode refuses on a path.
fn crl_signer() -> Issued {
    let sketch = Sketch::ca("signer").subject("CN=root").issued_by(&root());
    sketch.key_usage(&["cRLSign"]).subject_unique_id().issue()
}

#[test]
fn dt_6_a_list_by_a_signer_whose_path_the_mode_refuses_is_heard_against() {
    let signer = crl_signer();
    let listing = CrlSketch::by(&signer).revoke_because(&leaf().serial, 1).issue();
    let silent = CrlSketch::by(&signer).issue();
    let question = |crl: Vec<u8>| Question {
        settings: "[levels]\n\"certificate.unique-identifier\" = \"warn\"\n".to_owned(),
        untrusted: vec![signer.clone()],
        crls: vec![crl],
        ..question(&[by_root(good()).encode()])
    };
    assert_revoked_in_both(&question(listing));
    let alone = Question { responses: Vec::new(), ..question(silent) };
    let [off, on] = both(&alone);
    assert_eq!((off.allows, off.status()), (true, ("good", "")), "{:?}", off.checks);
    assert_eq!((on.allows, on.status()), (false, ("undetermined", "crl.issuer-path-invalid")));
}

#[test]
fn dt_6_a_delegate_of_unknown_standing_is_heard_against() {
    let delegate = Sketch::leaf("delegate").issued_by(&root()).eku(&["OCSPSigning"]);
    let delegate = with_responder(delegate, "delegate").issue();
    let by_delegate = |entry| Response::delegated_to(&delegate).entry(entry).encode();
    let list = CrlSketch::by(&root()).revoke(&[9]);
    let asked = |responses: &[Vec<u8>]| Question { crls: Vec::new(), ..question(responses) };
    // The root's list would say that the delegate is good: only a second response speaks for the leaf.
    let against = by_delegate(good().revoked(REVOKED_AT, Some(1)));
    assert_revoked_in_both(&asked(&[against, by_root(good()).encode()]));
    let said = ask(&asked(&[by_delegate(good())]), CommonCriteria::On);
    assert_eq!((said.allows, said.status()), (false, ("undetermined", "ocsp.responder.undetermined")));
    let known = Question { crls: vec![list.issue()], ..question(&[by_delegate(good())]) };
    assert!(ask(&known, CommonCriteria::On).allows);
}
