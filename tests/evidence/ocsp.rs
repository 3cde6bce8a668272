//! The attack cases on OCSP responses, O-01 to O-30: what a response says, and to whom it says it. Those about who
//! signs are [`crate::ocsp_signer`]'s. root -> leaf; the response is supplied, as a stapled one is.
//!
//! Beside these, hosts have tests of their own: O-19 and O-25 (a late, second or cancelled answer) in `tests/hosts`,
//! modules `rounds` and `herd`.

use pki::algorithm::Hash;
use pki::certificate::{Issued, Sketch};
use pki::crl::CrlSketch;
use pki::der;
use pki::ocsp::{Entry, Response, failed};

use crate::edge::{BOTH, CommonCriteria, Question, Reply, Said, ask, ask_in, ask_world, engine, offline};
use crate::family::{with_point, with_responder};

pub(crate) const REVOKED_AT: &str = "2025-06-01T00:00:00Z";

pub(crate) fn root() -> Issued {
    Sketch::ca("root").issue()
}

pub(crate) fn leaf() -> Issued {
    Sketch::leaf("leaf").issued_by(&root()).issue()
}

pub(crate) fn good() -> Entry {
    Entry::good(&leaf(), &root())
}

pub(crate) fn by_root(entry: Entry) -> Response {
    Response::signed_by(&root()).entry(entry)
}

pub(crate) fn question(responses: &[Vec<u8>]) -> Question {
    Question { responses: responses.to_vec(), ..Question::new(&leaf(), &[], &root()) }
}

/// The question leaves the status undetermined for this reason: refused with the mode on, and let pass with a
/// warning without it.
pub(crate) fn assert_undetermined(question: &Question, code: &str) {
    for mode in BOTH {
        let said = ask(question, mode);
        assert_eq!(said.status(), ("undetermined", code), "{mode:?}");
        assert_eq!(said.allows, mode == CommonCriteria::Off, "{code} {mode:?}");
        assert!(said.tells("revocation.undetermined"), "{code} {mode:?}");
    }
}

/// The same of one response.
pub(crate) fn assert_no_answer(response: &Response, code: &str) {
    assert_undetermined(&question(&[response.encode()]), code);
}

pub(crate) fn assert_good(question: &Question) -> Said {
    for mode in BOTH {
        let said = ask(question, mode);
        assert_eq!((said.allows, said.status()), (true, ("good", "")), "{mode:?} {:?}", said.checks);
    }
    ask(question, CommonCriteria::On)
}

pub(crate) fn assert_revoked(question: &Question) {
    for mode in BOTH {
        let said = ask(question, mode);
        assert_eq!((said.allows, said.status().0), (false, "revoked"), "{mode:?} {:?}", said.checks);
        assert!(said.tells("revocation.revoked"));
    }
}

fn sibling() -> Issued {
    Sketch::leaf("sibling").issued_by(&root()).issue()
}

#[test]
fn o_01_another_serial_number_is_another_certificate() {
    assert_no_answer(&by_root(good().serial(&[9])), "ocsp.no-matching-entry");
}

#[test]
fn o_02_a_response_about_others_alone_says_nothing_and_the_crl_is_asked() {
    let theirs = by_root(Entry::good(&sibling(), &root()));
    assert_no_answer(&theirs, "ocsp.no-matching-entry");
    let crls = vec![CrlSketch::by(&root()).revoke(&leaf().serial).issue()];
    assert_revoked(&Question { crls, ..question(&[theirs.encode()]) });
}

#[test]
fn o_03_a_good_for_a_sibling_is_not_replayed() {
    for wrong in [
        good().serial(&sibling().serial),
        good().issuer_name_hash(&[0; 20]),
        good().issuer_key_hash(&[0; 20]),
        good().issuer_key_hash(&[]),
    ] {
        assert_no_answer(&by_root(wrong), "ocsp.no-matching-entry");
    }
}

#[test]
fn o_04_the_entry_about_the_certificate_counts_in_any_order() {
    let (other, revoked) = (Entry::good(&sibling(), &root()), good().revoked(REVOKED_AT, Some(1)));
    let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
    let entries = [other, revoked, good()];
    for order in orders {
        let response = Response::signed_by(&root());
        let response = order.iter().fold(response, |response, at| response.entry(entries[*at].clone()));
        assert_revoked(&question(&[response.encode()]));
    }
}

#[test]
fn o_05_serial_numbers_are_compared_whole() {
    let leaf = Sketch::leaf("leaf").issued_by(&root()).serial(&[0x12, 0x34]).issue();
    let about = |serial: &[u8]| {
        let entry = Entry::good(&leaf, &root()).serial(serial);
        let responses = vec![by_root(entry).encode()];
        Question { responses, ..Question::new(&leaf, &[], &root()) }
    };
    for serial in [&[0x12][..], &[0x34], &[0x12, 0x34, 0], &[0x12, 0x34, 0x34]] {
        assert_undetermined(&about(serial), "ocsp.no-matching-entry");
    }
    assert_undetermined(&about(&[0, 0x12, 0x34]), "ocsp.malformed");
    assert_good(&about(&[0x12, 0x34]));
}

const FAILED: [(u8, &str); 5] = [
    (1, "ocsp.failed.malformed-request"),
    (2, "ocsp.failed.internal-error"),
    (3, "ocsp.failed.try-later"),
    (5, "ocsp.failed.signature-required"),
    (6, "ocsp.failed.unauthorized"),
];

#[test]
fn o_13_an_error_status_is_neither_unknown_nor_good() {
    for (number, code) in FAILED {
        assert_undetermined(&question(&[failed(number)]), code);
        // A sound response behind it changes nothing.
        assert_no_answer(&by_root(good()).status(number), code);
    }
    for undefined in [4, 7, 0x7f] {
        assert_undetermined(&question(&[failed(undefined)]), "ocsp.failed.undefined");
    }
}

#[test]
fn o_14_unauthorized_is_refused_where_nothing_else_answers() {
    let settings = "revocation.undetermined = \"deny\"".to_owned();
    let said = ask(&Question { settings, ..question(&[failed(6)]) }, CommonCriteria::Off);
    assert_eq!((said.allows, said.status()), (false, ("undetermined", "ocsp.failed.unauthorized")));
}

// R-OCSP-23
#[test]
fn o_15_only_a_fresh_answer_counts() {
    let cases = [
        (good().next_update(Some("2025-12-31T13:00:00Z")), "ocsp.stale"),
        (good().this_update("2026-01-01T12:00:00Z"), "ocsp.too-soon"),
        (good().this_update("2025-01-01T00:00:00Z").next_update(None), "ocsp.too-old"),
        (good().next_update(Some("2025-12-31T11:59:59Z")), "ocsp.update-reversed"),
    ];
    for (entry, code) in cases {
        assert_no_answer(&by_root(entry), code);
    }
    assert_no_answer(&by_root(good()).produced_at("2026-01-01T12:00:00Z"), "ocsp.produced-in-future");
    assert_good(&question(&[by_root(good().next_update(None)).encode()]));
}

#[test]
fn o_16_what_is_no_response_is_no_answer() {
    let whole = by_root(good()).encode();
    for end in [1, 2, whole.len() / 2, whole.len() - 1] {
        assert_undetermined(&question(&[whole[..end].to_vec()]), "ocsp.malformed");
    }
    assert_undetermined(&question(&[[whole, vec![0]].concat()]), "ocsp.malformed");
    assert_no_answer(&by_root(good()).kind("1.3.6.1.5.5.7.48.1"), "ocsp.other-type");
    assert_no_answer(&Response::signed_by(&root()), "ocsp.no-matching-entry");
    assert_no_answer(&by_root(good()).tamper_signature(), "ocsp.signature.invalid");
}

#[test]
fn o_17_an_empty_response_is_no_answer() {
    for body in [&[][..], &[0x30, 0]] {
        assert_undetermined(&question(&[body.to_vec()]), "ocsp.malformed");
    }
    assert_undetermined(&question(&[failed(0)]), "ocsp.without-bytes");
}

#[test]
fn o_18_the_same_question_again_has_the_same_answer() {
    let revoked = question(&[by_root(good().revoked(REVOKED_AT, None)).encode()]);
    let accepted = question(&[by_root(good()).encode()]);
    let mut session = engine().session().unwrap();
    for mode in BOTH {
        let first = ask_in(&mut session, &revoked, mode, &offline);
        assert!(!first.allows);
        assert!(ask_in(&mut session, &accepted, mode, &offline).allows);
        assert_eq!(ask_in(&mut session, &revoked, mode, &offline), first);
    }
}

/// What a host may act on is a verdict; as long as a status is needed there is none. Hosts: `tests/hosts/rounds.rs`.
#[test]
fn o_19_nothing_is_decided_before_the_status_is_final() {
    let leaf = with_point(with_responder(Sketch::leaf("leaf").issued_by(&root()), "leaf"), "leaf").issue();
    let revoked = CrlSketch::by(&root()).revoke(&leaf.serial).issue();
    for mode in BOTH {
        let said = ask_world(&Question::new(&leaf, &[], &root()), mode, &|uri, _| {
            Reply::Body(if uri.starts_with("http://crl.") { revoked.clone() } else { failed(3) })
        });
        assert_eq!(said.asked, ["http://ocsp.example/leaf", "http://crl.example/leaf"]);
        assert_eq!((said.allows, said.status().0), (false, "revoked"));
    }
}

#[test]
fn o_20_several_responses_decide_alike_in_each_order() {
    let said = |first: &Response, second: &Response, mode| {
        let orders = [[first, second], [second, first]];
        let said = orders.map(|order| ask(&question(&order.map(Response::encode)), mode));
        assert_eq!(said[0].allows, said[1].allows);
        assert_eq!(said[0].status(), said[1].status());
        said[0].clone()
    };
    let sound = by_root(good());
    for mode in BOTH {
        let revoked = said(&sound, &by_root(good().revoked(REVOKED_AT, None)), mode);
        assert_eq!((revoked.allows, revoked.status().0), (false, "revoked"));
        assert!(revoked.tells("revocation.conflict"));
        let unknown = said(&sound, &by_root(good().unknown()), mode);
        assert_eq!((unknown.allows, unknown.status().0), (true, "good"));
        assert!(unknown.tells("revocation.conflict"));
        let forged = by_root(good().revoked(REVOKED_AT, None)).tamper_signature();
        let garbage = said(&sound, &forged, mode);
        assert_eq!((garbage.allows, garbage.status().0), (true, "good"));
        assert!(garbage.tells("revocation.evidence-refused"));
    }
}

#[test]
fn o_23_an_unknown_critical_extension_is_refused_in_both_places() {
    let code = "ocsp.unknown-critical-extension";
    assert_no_answer(&by_root(good()).extension("1.2.3", true, &der::null()), code);
    assert_no_answer(&by_root(good().extension("1.2.3", true, &der::null())), code);
    assert_good(&question(&[by_root(good().extension("1.2.3", false, &der::null()))
        .extension("1.2.4", false, &der::null())
        .encode()]));
}

/// A response that comes twice, or answers what was not asked, decides nothing else than one. Hosts: a late or second
/// answer is `tests/hosts/rounds.rs`, a cancelled one `tests/hosts/herd.rs`.
#[test]
fn o_25_an_answer_that_comes_twice_is_one_answer() {
    let (sound, revoked) = (by_root(good()).encode(), by_root(good().revoked(REVOKED_AT, None)).encode());
    assert_good(&question(&[sound.clone(), sound]));
    assert_revoked(&question(&[revoked.clone(), revoked]));
}

#[test]
fn o_27_the_nonce_is_as_the_policy_asks() {
    let leaf = with_responder(Sketch::leaf("leaf").issued_by(&root()), "leaf").issue();
    let sound = || by_root(Entry::good(&leaf, &root()));
    let cases: [(Vec<u8>, &str, &str); 8] = [
        (sound().encode(), "ocsp.nonce.missing", ""),
        (sound().nonce(&[8; 32]).encode(), "ocsp.nonce.mismatch", "ocsp.nonce.mismatch"),
        (sound().nonce(&[8; 33]).encode(), "ocsp.nonce.mismatch", "ocsp.nonce.mismatch"),
        (sound().nonce(&[8; 128]).encode(), "ocsp.nonce.mismatch", "ocsp.nonce.mismatch"),
        (sound().nonce(&[8; 129]).encode(), "ocsp.nonce.length", "ocsp.nonce.length"),
        (sound().nonce(&[]).encode(), "ocsp.nonce.length", "ocsp.nonce.length"),
        (sound().nonce(&[8; 32]).nonce(&[8; 32]).encode(), "ocsp.malformed", "ocsp.malformed"),
        (sound().extension(pki::ocsp::NONCE, false, &[8; 32]).encode(), "ocsp.malformed", "ocsp.malformed"),
    ];
    for (policy, required) in [("required", true), ("match-if-present", false)] {
        let settings = format!("[revocation]\nsources = [\"ocsp\"]\n[ocsp]\nnonce = \"{policy}\"\n");
        let nonce_seed = Some(vec![7; 32]);
        let question = Question { settings, nonce_seed, ..Question::new(&leaf, &[], &root()) };
        for (body, where_required, otherwise) in &cases {
            let expected = if required { *where_required } else { *otherwise };
            for mode in BOTH {
                let said = ask_world(&question, mode, &|_, _| Reply::Body(body.clone()));
                assert_eq!(said.status().1, expected, "{policy} {mode:?}");
                assert_eq!(said.allows, expected.is_empty() || mode == CommonCriteria::Off);
            }
        }
    }
}

#[test]
fn o_29_any_known_hash_matches_by_recomputation_alone() {
    for hash in [Hash::Sha1, Hash::Sha256, Hash::Sha384, Hash::Sha512] {
        assert_good(&question(&[by_root(good().hash(hash)).encode()]));
    }
    let sha256 = der::sequence(&[der::oid(Hash::Sha256.oid())]);
    assert_no_answer(&by_root(good().hash_algorithm(&sha256)), "ocsp.no-matching-entry");
    assert_no_answer(&by_root(good().hash(Hash::Sha224)), "ocsp.no-matching-entry");
}
