//! The offer, round after round: what is asked, what an answer changes, and that nothing is ever decided on
//! signatures that nobody has verified. Chains are root -> ca -> leaf.

use pki::certificate::{Issued, Sketch};
use pki::key::Key;

use super::super::{Outcome, evaluate};
use super::*;
use crate::evidence::{Unavailable, UnavailableReason};
use crate::request::Question;
use crate::settings::Mode;
use crate::trust::TrustRole;
use crate::validator::Validator;
use crate::verdict::{Decision, Sealed};

/// 2025-06-01T00:00:00Z, within every validity of the fixtures.
const AT: i64 = 1_748_736_000;

struct Chain {
    root: Issued,
    ca: Issued,
    leaf: Issued,
}

fn chain(keys: [Key; 3], change: impl FnOnce(Sketch) -> Sketch) -> Chain {
    let [root, ca, leaf] = keys;
    let root = Sketch::ca("root").key(root).issue();
    let ca = Sketch::ca("ca").key(ca).issued_by(&root).issue();
    let leaf = change(Sketch::leaf("leaf").key(leaf).issued_by(&ca)).issue();
    Chain { root, ca, leaf }
}

fn sound() -> Chain {
    chain(["root", "ca", "leaf"].map(Key::p256), |leaf| leaf)
}

/// The leaf's signature is of its form and is not by this key.
fn forged() -> Chain {
    chain(["root", "ca", "leaf"].map(Key::p256), |leaf| {
        leaf.key(Key::p256("other")).signature(&sound().leaf_signature())
    })
}

impl Chain {
    fn leaf_signature(&self) -> Vec<u8> {
        crate::certificate::Certificate::decode(&self.leaf.der).unwrap().signature
    }

    fn judged(&self, offers: bool, evidence: &[Item]) -> Result<Outcome, Unusable> {
        self.judged_with(&[], offers, evidence)
    }

    fn judged_with(&self, more: &[&[u8]], offers: bool, evidence: &[Item]) -> Result<Outcome, Unusable> {
        let mut validator = Validator::new("", Mode::Standard).unwrap();
        validator.add_anchor(&self.root.der, TrustRole::Issuer).unwrap();
        let untrusted = [&[self.ca.der.as_slice()], more].concat();
        let answers_signature_checks = offers;
        let question = Question {
            target: &self.leaf.der,
            untrusted,
            at: AT,
            answers_signature_checks,
            ..Question::default()
        };
        evaluate(&validator, &Request::new(&question, validator.settings()).unwrap(), evidence)
    }

    /// What is said when nobody offers anything.
    fn alone(&self) -> Box<Sealed> {
        decided(self.judged(false, &[]))
    }
}

fn decided(outcome: Result<Outcome, Unusable>) -> Box<Sealed> {
    match outcome.unwrap() {
        Outcome::Decided(sealed) => sealed,
        Outcome::Needs(requests) => panic!("asked for {requests:?}"),
    }
}

/// The one request there may be, and its checks.
fn asked(outcome: Result<Outcome, Unusable>) -> (EvidenceRequest, Vec<SignatureCheck>) {
    let Outcome::Needs(mut requests) = outcome.unwrap() else { panic!("decided") };
    assert_eq!(requests.len(), 1);
    let request = requests.remove(0);
    let Wanted::SignatureChecks(checks) = request.wanted.clone() else { panic!("{:?}", request.wanted) };
    (request, checks)
}

fn answer(check: &SignatureCheck, verifies: bool) -> Item {
    Item::Signature { id: check.id.clone(), verifies }
}

fn could_not(request_id: &str) -> Item {
    Item::Unavailable(Unavailable { request_id: request_id.to_owned(), reason: UnavailableReason::Offline })
}

#[test]
fn without_the_offer_nothing_is_asked_and_no_answer_counts() {
    let chain = forged();
    let (_, checks) = asked(chain.judged(true, &[]));
    let lies: Vec<Item> = checks.iter().map(|check| answer(check, true)).collect();
    assert_eq!(decided(chain.judged(false, &lies)), chain.alone());
    assert_eq!(chain.alone().verdict.decision, Decision::Deny);
}

#[test]
fn all_checks_of_a_path_are_asked_at_once() {
    let chain = sound();
    let (request, checks) = asked(chain.judged(true, &[]));
    assert_eq!(request.about, crate::certificate::Certificate::decode(&chain.leaf.der).unwrap().fingerprint);
    assert!(request.id.starts_with(PREFIX) && request.id.len() == PREFIX.len() + 64);
    let [leaf, ca] = checks.as_slice() else { panic!("{checks:?}") };
    for (check, certificate, issuer) in [(leaf, &chain.leaf, &chain.ca), (ca, &chain.ca, &chain.root)] {
        let certificate = crate::certificate::Certificate::decode(&certificate.der).unwrap();
        assert_eq!(check.id.len(), 64);
        assert_eq!(check.algorithm, "ecdsa-sha256");
        assert_eq!(check.key, issuer.key.subject_public_key_info());
        assert_eq!(check.message, certificate.signed_part());
        assert_eq!(check.signature, certificate.signature);
    }
    assert_eq!(
        asked(chain.judged(true, &[])),
        (request, checks),
        "the same question has the same identifiers"
    );
}

#[test]
fn true_answers_give_the_verdict_of_the_engine_alone() {
    for chain in [sound(), forged()] {
        let genuine = chain.alone().verdict.decision == Decision::Allow;
        let (_, checks) = asked(chain.judged(true, &[]));
        let [leaf, ca] = checks.as_slice() else { panic!("{checks:?}") };
        let answers = [answer(leaf, genuine), answer(ca, true)];
        assert_eq!(decided(chain.judged(true, &answers)), chain.alone());
    }
}

#[test]
fn a_missing_answer_is_asked_for_and_never_assumed() {
    let chain = sound();
    let (_, checks) = asked(chain.judged(true, &[]));
    let [leaf, ca] = checks.as_slice() else { panic!("{checks:?}") };
    assert_eq!(asked(chain.judged(true, &[answer(leaf, true)])).1, std::slice::from_ref(ca));
    assert_eq!(asked(chain.judged(true, &[answer(ca, true)])).1, std::slice::from_ref(leaf));
    // What the leaf's answer says is enough: nothing above it matters.
    let denied = decided(chain.judged(true, &[answer(leaf, false)]));
    assert_eq!(denied.verdict.decision, Decision::Deny);
    let codes: Vec<_> = denied.verdict.findings.iter().map(|one| one.finding.code.as_str()).collect();
    assert!(codes.contains(&"signature.invalid"), "{codes:?}");
}

#[test]
fn answers_to_other_checks_and_in_another_form_change_nothing() {
    let chain = sound();
    let (request, checks) = asked(chain.judged(true, &[]));
    let (_, others) = asked(forged().judged(true, &[]));
    let strange = |id: String| Item::Signature { id, verifies: true };
    let mut evidence: Vec<Item> =
        others.iter().filter(|other| !checks.contains(other)).map(|check| answer(check, true)).collect();
    assert_eq!(evidence.len(), 1);
    evidence.extend(["", "0", "leaf", &"0".repeat(64)].map(|id| strange(id.to_owned())));
    evidence.extend(checks.iter().map(|check| strange(check.id.to_uppercase())));
    evidence.extend(checks.iter().map(|check| strange(format!("{} ", check.id))));
    evidence.push(strange(request.id.clone()));
    assert_eq!(asked(chain.judged(true, &evidence)), (request, checks));
}

#[test]
fn a_check_answered_both_ways_makes_the_question_unusable() {
    let chain = sound();
    let (_, checks) = asked(chain.judged(true, &[]));
    let [leaf, ca] = checks.as_slice() else { panic!("{checks:?}") };
    let refused = Err(Unusable::ContradictoryAnswers { id: leaf.id.clone() });
    for (first, second) in [(true, false), (false, true)] {
        let evidence = [answer(leaf, first), answer(ca, true), answer(leaf, second)];
        assert_eq!(chain.judged(true, &evidence), refused);
        assert_eq!(
            decided(chain.judged(false, &evidence)),
            chain.alone(),
            "who offers nothing contradicts nothing"
        );
    }
    let twice = [answer(leaf, true), answer(ca, true), answer(leaf, true)];
    assert_eq!(decided(chain.judged(true, &twice)), chain.alone());
}

#[test]
fn a_host_that_cannot_answer_is_asked_no_more() {
    for chain in [sound(), forged()] {
        let (request, checks) = asked(chain.judged(true, &[]));
        assert_eq!(decided(chain.judged(true, &[could_not(&request.id)])), chain.alone());
        let some: Vec<Item> =
            checks.iter().skip(1).map(|check| answer(check, true)).chain([could_not(&request.id)]).collect();
        assert_eq!(decided(chain.judged(true, &some)), chain.alone(), "what was answered still counts");
        let other = could_not("another request");
        assert_eq!(asked(chain.judged(true, &[other])).0, request, "this is about something else");
    }
}

/// Wrong answers are believed, in both directions and about no other check: the host is trusted with arithmetic.
#[test]
fn a_wrong_answer_counts_for_its_check_alone() {
    let chain = forged();
    let (_, checks) = asked(chain.judged(true, &[]));
    let [leaf, ca] = checks.as_slice() else { panic!("{checks:?}") };
    let both = [answer(leaf, true), answer(ca, true)];
    assert_eq!(decided(chain.judged(true, &both)).verdict.decision, Decision::Allow);
    let upper = decided(chain.judged(true, &[answer(leaf, true), answer(ca, false)]));
    assert_eq!(upper.verdict.decision, Decision::Deny);
}

/// The rest is verified here, whatever the host would have said.
#[test]
fn common_algorithms_are_offered_and_others_are_not() {
    let keys = |text: &str| ["a", "b", "c"].map(|name| Key::from_text(&format!("{text}:{name}")));
    let rsa = |texts: [&str; 3]| texts.map(Key::rsa);
    let table = [
        (keys("p-256"), 2),
        (keys("p-384"), 2),
        (keys("p-521"), 2),
        (keys("ed25519"), 2),
        (keys("ml-dsa-44"), 0),
        (rsa(["rsa-2048-1", "rsa-3072", "rsa-2048-2"]), 2),
        (rsa(["rsa-2048-1", "rsa-2048-e3", "rsa-2048-2"]), 1),
        (rsa(["rsa-2048-e3", "rsa-2048-1", "rsa-2048-2"]), 1),
    ];
    for (keys, offered) in table {
        let chain = chain(keys, |leaf| leaf);
        assert_eq!(chain.alone().verdict.decision, Decision::Allow);
        match offered {
            0 => assert_eq!(decided(chain.judged(true, &[])), chain.alone()),
            _ => assert_eq!(asked(chain.judged(true, &[])).1.len(), offered),
        }
    }
}

#[test]
fn a_signature_that_is_not_offered_is_no_better_for_the_offer() {
    let keys = ["a", "b", "c"].map(Key::ml_dsa_44);
    let chain = chain(keys, Sketch::tamper_signature);
    assert_eq!(decided(chain.judged(true, &[])), chain.alone());
    assert_eq!(chain.alone().verdict.decision, Decision::Deny);
}

/// The offer ends with the fourth path that was refused; what follows is verified here, with the same verdict.
#[test]
fn a_host_is_asked_about_few_paths() {
    // Six more authorities of the same name and other keys: none of them signed the leaf.
    let names = ["one", "two", "three", "four", "five", "six"];
    let others = names.map(|name| {
        let root = Sketch::ca("root").key(Key::p256("root")).issue();
        Sketch::ca("ca").key(Key::p256(name)).issued_by(&root).without("subjectKeyIdentifier").issue()
    });
    let more: Vec<&[u8]> = others.iter().map(|other| other.der.as_slice()).collect();
    let forged = forged();
    let alone = decided(forged.judged_with(&more, false, &[]));
    let right = |check: &SignatureCheck| {
        check.message != crate::certificate::Certificate::decode(&forged.leaf.der).unwrap().signed_part()
    };
    let mut evidence: Vec<Item> = Vec::new();
    let mut rounds = 0;
    let verdict = loop {
        match forged.judged_with(&more, true, &evidence).unwrap() {
            Outcome::Decided(sealed) => break sealed,
            Outcome::Needs(_) => {
                let (_, checks) = asked(forged.judged_with(&more, true, &evidence));
                evidence.extend(checks.iter().map(|check| answer(check, right(check))));
                rounds += 1;
            }
        }
    };
    assert_eq!(verdict, alone);
    assert_eq!(rounds, PATHS_ASKED_ABOUT);
    assert!(verdict.verdict.refused.len() > PATHS_ASKED_ABOUT, "{}", verdict.verdict.refused.len());
}
