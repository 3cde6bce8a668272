//! CRLs by `openssl ca`, from a web server: alone, and where the responder does not answer.

use crate::authority::Entry;
use crate::world::{Asking, World, modes};

#[test]
fn a_crl_says_who_is_revoked() {
    let world = World::naming("crl");
    for (leaf, status, allowed) in [
        ("good", "good", true),
        ("revoked", "revoked keyCompromise", false),
        ("held", "revoked certificateHold", false),
        // A CRL knows nobody who is not revoked.
        ("unlisted", "good", true),
    ] {
        let answer = world.ask(leaf, &Asking::default());
        assert_eq!((answer.status(0).as_str(), answer.allows()), (status, allowed), "{leaf}");
        assert_eq!(answer.asked(), [world.web.uri("/ca.crl")]);
    }
    // The list was fetched once; what was accepted is used again.
    assert_eq!(world.web.received().len(), 1);
}

#[test]
fn a_crl_is_asked_where_the_responder_gives_no_usable_answer() {
    let mut world = World::new();
    // Nobody listens behind the front, which resets.
    let answer = world.ask("revoked", &Asking::default());
    assert_eq!((answer.status(0).as_str(), answer.allows()), ("revoked keyCompromise", false));
    assert_eq!(answer.asked(), [world.ocsp.uri("/ocsp"), world.web.uri("/ca.crl")]);
    let outcomes: Vec<&str> = answer.checks().iter().map(|check| check.outcome.as_str()).collect();
    assert_eq!(outcomes, ["unavailable.connection", "revoked"]);
    // A responder that may not answer decides nothing either way (FP-10).
    world.authority.issue("sibling", "ca", "2001", crate::authority::LEAF);
    world.respond("sibling", &[]);
    for (leaf, status) in [("good", "good"), ("held", "revoked certificateHold")] {
        let answer = world.ask(leaf, &Asking::default());
        assert_eq!(answer.status(0), status);
        let told = |code: &str| answer.0.verdict.findings.iter().any(|finding| finding.code == code);
        assert!(told("revocation.evidence-refused"), "AU-5");
    }
}

#[test]
fn without_any_source_the_mode_decides() {
    let world = World::new();
    world.withdraw("/ca.crl");
    for asking in modes() {
        let answer = world.ask("good", &asking);
        assert_eq!(answer.status(0), "unavailable.connection");
        assert_eq!(answer.allows(), asking.mode == Asking::default().mode);
        let outcomes: Vec<&str> = answer.checks().iter().map(|check| check.outcome.as_str()).collect();
        assert_eq!(outcomes, ["unavailable.connection", "unavailable.http-status"]);
    }
}

#[test]
fn a_list_that_was_accepted_is_used_until_it_lapses() {
    let mut world = World::naming("crl");
    assert_eq!(world.ask("good", &Asking::default()).status(0), "good");
    world.authority.index(&[("1001", Entry::Revoked("superseded"))]);
    world.publish("/ca.crl", world.authority.crl("ca"));
    // It is good for a day, and says so.
    let kept = world.ask("good", &Asking::default());
    assert_eq!(kept.status(0), "good");
    assert_eq!(world.web.received().len(), 1);
    let held_until = kept.0.verdict.holds_until.expect("an end");
    assert!(held_until - kept.0.verdict.at <= 86_400);
    // A host that has kept nothing sees the new one, and so does this one when the old one has lapsed.
    let late = world.ask("good", &Asking { later: 87_000, ..Asking::default() });
    assert_eq!(late.status(0), "crl.expired", "the new list lapses at the same time");
    world.forget();
    assert_eq!(world.ask("good", &Asking::default()).status(0), "revoked superseded");
}

#[test]
fn after_a_restart_nothing_is_good_before_it_is_asked() {
    let mut world = World::naming("crl");
    assert_eq!(world.ask("revoked", &Asking::default()).status(0), "revoked keyCompromise");
    world.forget();
    world.withdraw("/ca.crl");
    for asking in modes() {
        let answer = world.ask("revoked", &asking);
        assert_eq!(answer.status(0), "unavailable.http-status", "attack case C-09");
        assert_eq!(answer.allows(), asking.mode == Asking::default().mode);
    }
}
