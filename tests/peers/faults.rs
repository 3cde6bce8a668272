//! The live responder behind a proxy that spoils its answers: each fault has its own reason, and none is an answer.

use crate::fault::{Step, good};
use crate::world::{Asking, World, modes};

fn world() -> World {
    let mut world = World::naming("ocsp");
    world.respond("ca", &[]);
    world
}

/// Whatever the proxy does, nobody answered: refused in Common Criteria mode, told in the other. What came is not
/// kept, so that the next honest answer counts.
#[track_caller]
fn check(world: &mut World, steps: Vec<Step>, reason: &str) {
    for asking in modes() {
        world.forget_and_hurry();
        world.in_front(steps.clone());
        let answer = world.ask("revoked", &asking);
        assert_eq!(answer.status(0), reason);
        assert_eq!(answer.allows(), asking.mode == Asking::default().mode);
        world.in_front(vec![Step::Relay { upstream: world.upstream(), octets: usize::MAX }]);
        assert_eq!(world.ask("revoked", &asking).status(0), "revoked keyCompromise", "after {reason}");
    }
}

#[test]
fn connections_that_end_or_stall() {
    let mut world = world();
    let upstream = world.upstream();
    check(&mut world, vec![Step::Reset], "unavailable.connection");
    check(&mut world, vec![Step::Relay { upstream, octets: 100 }, Step::Reset], "unavailable.connection");
    check(&mut world, vec![Step::Stall], "unavailable.timeout");
    check(&mut world, vec![Step::Relay { upstream, octets: 200 }, Step::Stall], "unavailable.timeout");
    check(&mut world, vec![Step::Relay { upstream, octets: 200 }], "unavailable.connection");
}

#[test]
fn answers_of_another_kind() {
    let mut world = world();
    let body = good("text/html", b"<html>Please log in</html>");
    check(&mut world, vec![Step::Send(body)], "unavailable.content-type");
    let body = good("application/ocsp-response", b"<html>Please log in</html>");
    check(&mut world, vec![Step::Send(body)], "ocsp.malformed");
    check(&mut world, vec![Step::Send(good("application/ocsp-response", b""))], "ocsp.malformed");
    let gone = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n".to_vec();
    check(&mut world, vec![Step::Send(gone)], "unavailable.http-status");
    let large = good("application/ocsp-response", &vec![0x30; 200_000]);
    check(&mut world, vec![Step::Send(large)], "unavailable.too-large");
}

#[test]
fn the_five_error_statuses_are_no_answer() {
    let mut world = world();
    for (status, reason) in [
        (1, "ocsp.failed.malformed-request"),
        (2, "ocsp.failed.internal-error"),
        (3, "ocsp.failed.try-later"),
        (5, "ocsp.failed.signature-required"),
        (6, "ocsp.failed.unauthorized"),
    ] {
        let body = [0x30, 3, 0x0a, 1, status];
        check(&mut world, vec![Step::Send(good("application/ocsp-response", &body))], reason);
    }
}

#[test]
fn redirects_lead_nowhere_forbidden() {
    let mut world = world();
    let to = |target: &str| {
        format!("HTTP/1.1 307 Temporary Redirect\r\nLocation: {target}\r\nContent-Length: 0\r\n\r\n")
            .into_bytes()
    };
    let itself = world.ocsp.uri("/ocsp");
    check(&mut world, vec![Step::Send(to(&itself))], "unavailable.redirect");
    check(
        &mut world,
        vec![Step::Send(to("http://169.254.169.254/latest/meta-data"))],
        "unavailable.redirect",
    );
    check(&mut world, vec![Step::Send(to("http://10.0.0.1/"))], "unavailable.redirect");
    let attempts = world.fetcher.connect_log().attempts();
    assert!(attempts.iter().all(|attempt| attempt.address.ip().is_loopback()), "{attempts:?}");
}

#[test]
fn a_deployment_that_allows_nothing_reaches_no_address_of_its_own() {
    let mut world = world();
    world.fetcher = host_server::fetch::Fetcher::new(host_server::fetch::Settings::default());
    let answer = world.ask("revoked", &Asking::default());
    assert_eq!(answer.status(0), "unavailable.forbidden-address");
    assert!(world.fetcher.connect_log().attempts().is_empty());
    assert_eq!(world.ocsp.accepted(), 0);
}
