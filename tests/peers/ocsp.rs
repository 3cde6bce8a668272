//! The responder answers: as the authority, as its delegate, as a designated stranger, and as somebody who may not.

use host_server::component::contract::verdict::{Acceptance, TrustModel};

use crate::authority::LEAF;
use crate::world::{Answer, Asking, DELEGATE, World, modes};

fn acceptance(answer: &Answer) -> &Acceptance {
    let accepted = answer.checks().iter().find_map(|check| check.acceptance.as_ref());
    accepted.expect("an answer that was believed")
}

/// Asks the responder alone: there is no CRL to fall back on.
fn by(signer: &str, extensions: &str) -> World {
    let mut world = World::naming("ocsp");
    if signer != "ca" {
        world.authority.issue(signer, "ca", "2001", extensions);
    }
    world.respond(signer, &[]);
    world
}

#[test]
fn the_authority_itself_answers() {
    let world = by("ca", "");
    for (leaf, status, allowed) in [
        ("good", "good", true),
        ("revoked", "revoked keyCompromise", false),
        ("held", "revoked certificateHold", false),
        ("unlisted", "unknown", true),
    ] {
        let answer = world.ask(leaf, &Asking::default());
        assert_eq!((answer.status(0).as_str(), answer.allows()), (status, allowed), "{leaf}");
        assert_eq!(acceptance(&answer).model, TrustModel::IssuingAuthority);
        assert_eq!(answer.asked(), [world.ocsp.uri("/ocsp")], "one question, to the responder");
    }
}

#[test]
fn the_nonce_that_was_sent_comes_back() {
    let world = by("ca", "");
    let policy = "[ocsp]\nnonce = \"required\"\n".to_owned();
    let answer = world.ask("good", &Asking { policy, ..Asking::default() });
    assert_eq!(answer.status(0), "good");
    let claims: Vec<_> = acceptance(&answer).extensions.iter().map(|one| one.claim.as_deref()).collect();
    assert_eq!(claims, [Some("nonce")]);
}

#[test]
fn a_delegate_answers() {
    let world = by("delegate", DELEGATE);
    let answer = world.ask("good", &Asking::default());
    assert_eq!((answer.status(0).as_str(), answer.allows()), ("good", true));
    assert_eq!(acceptance(&answer).model, TrustModel::Delegate);
    assert_eq!(world.ask("revoked", &Asking::default()).status(0), "revoked keyCompromise");
}

#[test]
fn a_certificate_without_the_purpose_is_no_delegate() {
    let world = by("sibling", LEAF);
    for asking in modes() {
        let answer = world.ask("good", &asking);
        assert_eq!(answer.status(0), "ocsp.responder.not-authorised");
        assert_eq!(answer.allows(), asking.mode == Asking::default().mode);
    }
}

#[test]
fn a_stranger_answers_only_where_it_is_designated() {
    let mut world = World::naming("ocsp");
    world.authority.issue("stranger", "root", "2002", DELEGATE);
    world.respond("stranger", &[]);
    let refused = world.ask("good", &Asking::default());
    assert_eq!(refused.status(0), "ocsp.responder.not-authorised");
    let designated = Asking { responder: Some("stranger"), ..Asking::default() };
    let answer = world.ask("good", &designated);
    assert_eq!((answer.status(0).as_str(), answer.allows()), ("good", true));
    let acceptance = acceptance(&answer);
    assert_eq!(acceptance.model, TrustModel::Designated);
    assert_eq!(acceptance.delegated_refused.as_deref(), Some("delegate.other-issuer"));
    assert_eq!(world.ask("revoked", &designated).status(0), "revoked keyCompromise");
}

#[test]
fn an_old_answer_is_no_answer() {
    let world = by("ca", "");
    // The responder says that its answers hold for half an hour.
    for (later, status) in [(0, "good"), (2_000, "good"), (2_200, "ocsp.stale")] {
        assert_eq!(world.ask("good", &Asking { later, ..Asking::default() }).status(0), status, "{later}");
    }
}

#[test]
fn common_criteria_mode_refuses_what_is_not_known_to_be_good() {
    let world = by("ca", "");
    let unknown = world.ask("unlisted", &Asking::common_criteria());
    assert_eq!((unknown.status(0).as_str(), unknown.allows()), ("unknown", false));
    // Nobody says anything about the intermediate.
    let good = world.ask("good", &Asking::common_criteria());
    assert_eq!((good.status(0).as_str(), good.allows()), ("good", false));
    assert_eq!(good.status(1), "ocsp.no-responder-uri");
}

#[test]
fn nobody_is_asked_about_a_path_that_does_not_hold() {
    let mut world = World::new();
    world.authority.issue("impostor", "root", "77", crate::authority::CA);
    world.respond("ca", &[]);
    // A leaf that names the authority and was signed by somebody else.
    std::fs::copy(
        world.authority.directory().join("impostor.key"),
        world.authority.directory().join("ca.key"),
    )
    .unwrap();
    let uri = world.ocsp.uri("/ocsp");
    let extensions = format!("{LEAF}authorityInfoAccess=OCSP;URI:{uri}\n");
    world.authority.write("forged.ext", &extensions);
    forge(&world);
    let answer = world.ask("forged", &Asking::default());
    assert!(!answer.allows());
    assert_eq!(answer.status(0), "not asked");
    assert!(world.fetcher.connect_log().attempts().is_empty(), "attack case F-01");
    assert_eq!(world.ocsp.accepted(), 0);
}

/// Signs a leaf in the authority's name with another key.
fn forge(world: &World) {
    let directory = world.authority.directory();
    let run = |arguments: &[&str]| crate::authority::openssl(directory, arguments);
    run(&[
        "req",
        "-new",
        "-key",
        "good.key",
        "-subj",
        "/CN=forged",
        "-out",
        "forged.csr",
        "-config",
        "/dev/null",
    ]);
    // The impostor's certificate under the authority's name, for this one signature.
    run(&[
        "req",
        "-x509",
        "-key",
        "impostor.key",
        "-subj",
        "/CN=ca",
        "-days",
        "9",
        "-out",
        "fake.pem",
        "-config",
        "/dev/null",
        "-addext",
        "basicConstraints=critical,CA:TRUE",
    ]);
    run(&[
        "x509",
        "-req",
        "-in",
        "forged.csr",
        "-CA",
        "fake.pem",
        "-CAkey",
        "impostor.key",
        "-set_serial",
        "0x1009",
        "-days",
        "9",
        "-extfile",
        "forged.ext",
        "-out",
        "forged.pem",
    ]);
}
