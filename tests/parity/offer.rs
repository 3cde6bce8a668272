//! The offer through the component: with the host's answers every scenario ends in the same octets as without,
//! and the second round decides wherever one path is all there is.

use std::collections::BTreeMap;

use host_server::component::contract::evaluate::Outcome;
use host_server::component::contract::evidence::{
    Item, Need, SignatureAnswer, Unavailable, UnavailableReason, Wanted,
};
use host_server::component::contract::request::Validation;
use host_server::component::{Session, Validator};
use host_server::signature;
use pki::scenario::Run;

use crate::cases::runs;
use crate::change::{chains, run};
use crate::component::{Answer, ask, ask_with, engine, supplied};

/// How a host answers what it is asked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Host {
    /// Every check.
    Whole,
    /// Only the first check of each request.
    Piecemeal,
    /// Nothing: it offers, and then cannot.
    Unable,
}

/// What the resolving loop of a host does, and in how many rounds; those in which something else is needed than
/// signature checks, which is not to be had, are not counted.
fn resolve(
    session: &mut Session,
    validator: &Validator,
    question: &Validation,
    host: Host,
    mut evidence: Vec<Item>,
) -> (Answer, usize) {
    let mut round = 1;
    for _ in 1..=60 {
        match session.evaluate(validator, question, &evidence).unwrap() {
            Ok(Outcome::Decided(verdict)) => return (Answer::decided(verdict), round),
            Err(refusal) => return (Answer::refused(refusal), round),
            Ok(Outcome::Needs(needs)) => {
                let signatures = |need: &Need| matches!(need.what, Wanted::SignatureChecks(_));
                if !needs.iter().any(signatures) {
                    evidence.extend(needs.iter().map(|need| unavailable(&need.id)));
                    continue;
                }
                let [need] = needs.as_slice() else { panic!("something else beside signatures: {needs:?}") };
                let Wanted::SignatureChecks(checks) = &need.what else { panic!("{need:?}") };
                assert!(!checks.is_empty());
                let mut answers = signature::answer(&need.id, checks);
                assert_eq!(answers.len(), checks.len(), "every check that is offered can be answered");
                match host {
                    Host::Whole => {}
                    Host::Piecemeal => answers.truncate(1),
                    Host::Unable => answers = vec![unavailable(&need.id)],
                }
                evidence.extend(answers);
                round += 1;
            }
        }
    }
    panic!("asked sixty times")
}

fn unavailable(request_id: &str) -> Item {
    let reason = UnavailableReason::Offline;
    Item::Unavailable(Unavailable { request_id: request_id.to_owned(), reason })
}

fn offered(session: &mut Session, run: &Run, host: Host) -> (Answer, usize) {
    let mut rounds = 0;
    let answer = ask_with(session, run, |session, validator, mut question| {
        question.answers_signature_checks = true;
        let (answer, needed) = resolve(session, validator, &question, host, supplied(run));
        rounds = needed;
        answer
    });
    (answer, rounds)
}

#[test]
fn every_scenario_gives_the_same_octets_with_the_host_s_answers() {
    let engine = engine();
    let mut session = engine.session().unwrap();
    let mut by_rounds: BTreeMap<usize, usize> = BTreeMap::new();
    for (name, run) in runs() {
        let (answer, rounds) = offered(&mut session, &run, Host::Whole);
        assert_eq!(answer, ask(&mut session, &run), "{name}: {}", run.title);
        *by_rounds.entry(rounds).or_default() += 1;
    }
    println!("cases by rounds: {by_rounds:?}");
    let of = |rounds: usize| by_rounds.get(&rounds).copied().unwrap_or_default();
    assert!(of(2) > 250, "{by_rounds:?}");
    // Four paths are asked about, each in a round of its own, and then it is decided.
    assert!(by_rounds.keys().all(|rounds| *rounds <= 5), "{by_rounds:?}");
}

#[test]
fn every_scenario_gives_the_same_octets_with_answers_piece_by_piece_or_none() {
    let engine = engine();
    let mut session = engine.session().unwrap();
    for (name, run) in runs() {
        let alone = ask(&mut session, &run);
        assert_eq!(offered(&mut session, &run, Host::Piecemeal).0, alone, "{name}: {}", run.title);
        let (answer, rounds) = offered(&mut session, &run, Host::Unable);
        assert_eq!(answer, alone, "{name}: {}", run.title);
        assert!(rounds <= 2, "{name}: {}: {rounds}", run.title);
    }
}

#[test]
fn a_sound_chain_takes_two_rounds() {
    let mut session = engine().session().unwrap();
    for chain in chains() {
        let run = run(&chain.leaf.der, &chain.ca.der, &chain.root.der);
        let (answer, rounds) = offered(&mut session, &run, Host::Whole);
        assert!(answer.allows());
        assert_eq!(rounds, 2, "{}", chain.leaf.label);
    }
}

/// A host that answers wrongly is trusted all the same, as SECURITY.md says; the verdict cannot tell. Asked
/// without the offer, as a replay asks, the engine finds out.
#[test]
fn a_replay_finds_out_a_host_that_lies() {
    let mut session = engine().session().unwrap();
    let chain = chains().swap_remove(1);
    let mut forged = chain.leaf.der.clone();
    *forged.last_mut().unwrap() ^= 1;
    let run = run(&forged, &chain.ca.der, &chain.root.der);
    let (answer, _) = offered(&mut session, &run, Host::Whole);
    assert!(!answer.allows());
    let lied = ask_with(&mut session, &run, |session, validator, mut question| {
        question.answers_signature_checks = true;
        let outcome = session.evaluate(validator, &question, &[]).unwrap().unwrap();
        let Outcome::Needs(needs) = outcome else { panic!("decided") };
        let Wanted::SignatureChecks(checks) = &needs[0].what else { panic!("{needs:?}") };
        let answers = signature::answer("", checks).into_iter().map(|item| match item {
            Item::Signature(answer) => Item::Signature(SignatureAnswer { verifies: true, ..answer }),
            other => other,
        });
        let mut evidence: Vec<Item> = answers.collect();
        loop {
            match session.evaluate(validator, &question, &evidence).unwrap().unwrap() {
                Outcome::Decided(verdict) => return Answer::decided(verdict),
                Outcome::Needs(needs) => evidence.extend(needs.iter().map(|need| unavailable(&need.id))),
            }
        }
    });
    assert!(lied.allows());
    assert!(!ask(&mut session, &run).allows());
}
