//! The loop around the engine, with a judge that asks for what a test wants asked. What the engine itself asks for
//! is tested where it decides.

use std::collections::VecDeque;
use std::time::Duration;

use host_server::component::contract::evidence::{
    HttpMethod, Item, Need, Retrieval, SignatureAnswer, SignatureCheck, UnavailableReason, Wanted,
};
use host_server::component::{Answer, Fault};
use host_server::fetch::cache::Accepted;
use host_server::fetch::failure::reason_name;
use host_server::fetch::{Fetcher, Source};
use host_server::resolve::{self, Judge, Limits, Means, Resolved, Reuse, Step, Unresolved, resolve_blocking};

use crate::fault::{self, FaultServer, answer, good};
use crate::setting::{NOW, fetcher};

/// Asks for these things round by round, then decides.
#[derive(Default)]
struct Asker {
    rounds: VecDeque<Vec<Need>>,
    /// How much evidence it was given in each evaluation.
    given: Vec<usize>,
    /// What it says its verdict rests on.
    accepted: Vec<(String, Accepted)>,
    /// Goes on asking for the last round's things for ever.
    endless: bool,
    /// Breaks once it is given anything.
    breaks: bool,
}

impl Asker {
    fn of(rounds: Vec<Vec<Need>>) -> Self {
        Self { rounds: rounds.into(), ..Self::default() }
    }
}

impl Judge for Asker {
    type Verdict = &'static str;

    fn evaluate(&mut self, evidence: &[Item]) -> Answer<Step<&'static str>> {
        self.given.push(evidence.len());
        if self.breaks && !evidence.is_empty() {
            return Err(Fault::Broken);
        }
        let needs = match (self.endless, self.rounds.front()) {
            (true, Some(needs)) => Some(needs.clone()),
            _ => self.rounds.pop_front(),
        };
        Ok(Ok(needs.map_or(Step::Decided("decided"), Step::Needs)))
    }

    fn accepted(&self, _: &&'static str) -> Vec<(String, Accepted)> {
        self.accepted.clone()
    }
}

fn retrieval(uri: &str) -> Retrieval {
    Retrieval {
        uri: uri.to_owned(),
        method: HttpMethod::Get,
        body: vec![],
        content_type: String::new(),
        maximum_octets: 1_000,
    }
}

fn need(id: &str, what: Wanted) -> Need {
    Need { id: id.to_owned(), what, about: vec![0; 32] }
}

fn crl(id: &str, uri: &str) -> Need {
    need(id, Wanted::Crl(retrieval(uri)))
}

fn issuer(id: &str, uri: &str) -> Need {
    need(id, Wanted::IssuerCertificate(retrieval(uri)))
}

fn checks(id: &str) -> Need {
    let check = SignatureCheck {
        id: format!("{id}-1"),
        algorithm: "ed25519".to_owned(),
        key: vec![],
        message: vec![],
        signature: vec![],
    };
    need(id, Wanted::SignatureChecks(vec![check]))
}

fn online(fetcher: &Fetcher) -> Means {
    Means { fetcher: Some(fetcher.clone()), ..Means::offline(NOW) }
}

fn decide(judge: &mut Asker, means: &Means) -> Resolved<&'static str> {
    let resolved = resolve_blocking(judge, vec![], means).unwrap();
    assert_eq!(resolved.verdict, "decided");
    resolved
}

/// Evidence in a form that a test can compare.
fn told(evidence: &[Item]) -> Vec<String> {
    let body = |octets: &[u8]| String::from_utf8_lossy(octets).into_owned();
    let of = |item: &Item| match item {
        Item::Certificate(der) => format!("certificate {}", body(der)),
        Item::IssuerCertificates(answered) => {
            format!("issuer {:?} {}", answered.request_id, body(&answered.body))
        }
        Item::OcspResponse(answered) => format!("ocsp {:?} {}", answered.request_id, body(&answered.body)),
        Item::Crl(answered) => format!("crl {:?} {}", answered.request_id, body(&answered.body)),
        Item::Signature(answer) => format!("signature {} {}", answer.id, answer.verifies),
        Item::Unavailable(gone) => format!("{} {}", gone.request_id, reason_name(gone.reason)),
    };
    evidence.iter().map(of).collect()
}

#[test]
fn everything_asked_for_is_answered_and_written_down() {
    let list = FaultServer::answering(good("application/pkix-crl", b"list"));
    let wrong = FaultServer::answering(answer("HTTP/1.1 404 Not Found\r\nContent-Length: 0", b""));
    let mut judge = Asker::of(vec![
        vec![crl("a", &list.uri("/a")), crl("b", &wrong.uri("/b")), crl("c", "ldap://host/")],
        vec![need("d", Wanted::OcspResponse(retrieval(&list.uri("/d"))))],
    ]);
    let resolved = decide(&mut judge, &online(&fetcher()));
    let expected = [r#"crl Some("a") list"#, "b http-status", "c unsupported-uri", "d content-type"];
    assert_eq!(told(&resolved.evidence), expected);
    assert_eq!(judge.given, [0, 3, 4]);
    let asked: Vec<_> = resolved
        .asked
        .iter()
        .map(|asked| (asked.round, asked.id.as_str(), asked.what, asked.outcome))
        .collect();
    assert_eq!(
        asked,
        [
            (1, "a", "crl", Ok(4)),
            (1, "b", "crl", Err(UnavailableReason::HttpStatus)),
            (1, "c", "crl", Err(UnavailableReason::UnsupportedUri)),
            (2, "d", "ocsp-response", Err(UnavailableReason::ContentType)),
        ]
    );
    assert_eq!(resolved.asked[0].uri, list.uri("/a"));
    assert_eq!(resolved.asked[1].detail, "status 404");
    assert_eq!(resolved.asked[0].source, Some(Source::Network));
}

#[test]
fn offline_nothing_is_fetched_and_everything_is_answered() {
    let server = FaultServer::answering(good("application/pkix-crl", b"list"));
    let mut judge =
        Asker::of(vec![vec![crl("a", &server.uri("/")), issuer("b", "ldap://host/"), checks("c")]]);
    let resolved = decide(&mut judge, &Means::offline(NOW));
    let offline = ["a offline", "b offline", "c offline"];
    assert_eq!(told(&resolved.evidence), offline);
    assert_eq!(server.accepted(), 0);
}

#[test]
fn evidence_that_is_given_comes_first() {
    let given = vec![Item::Certificate(b"given".to_vec())];
    let mut judge = Asker::of(vec![vec![crl("a", "ldap://host/")]]);
    let resolved = resolve_blocking(&mut judge, given, &Means::offline(NOW)).unwrap();
    assert_eq!(told(&resolved.evidence), ["certificate given", "a offline"]);
    assert_eq!(judge.given, [1, 2]);
}

#[test]
fn what_came_as_an_issuer_certificate_is_handed_on_as_it_is() {
    let server = FaultServer::answering(good("application/pkcs7-mime", b"not looked at"));
    let mut judge = Asker::of(vec![vec![issuer("a", &server.uri("/"))]]);
    let resolved = decide(&mut judge, &online(&fetcher()));
    assert_eq!(told(&resolved.evidence), ["issuer Some(\"a\") not looked at"]);
}

#[test]
fn a_fault_of_the_engine_stays_one() {
    let mut judge = Asker { breaks: true, ..Asker::of(vec![vec![crl("a", "ldap://host/")]]) };
    let fault = resolve_blocking(&mut judge, vec![], &Means::offline(NOW)).unwrap_err();
    assert!(matches!(fault, Unresolved::Fault(Fault::Broken)));
}

#[test]
fn what_came_and_is_asked_for_again_was_not_what_was_needed() {
    let server = FaultServer::answering(good("application/pkix-cert", b"a certificate"));
    let again = vec![issuer("a", &server.uri("/"))];
    let mut judge = Asker::of(vec![again.clone(), again.clone()]);
    let resolved = decide(&mut judge, &online(&fetcher()));
    assert_eq!(told(&resolved.evidence)[1], "a content-type");
    assert_eq!(server.accepted(), 1);
    // and what cannot be had is asked for once only
    let mut judge = Asker { endless: true, ..Asker::of(vec![again]) };
    let stuck = resolve_blocking(&mut judge, vec![], &online(&fetcher())).unwrap_err();
    assert!(matches!(stuck, Unresolved::Undecided { rounds: 3 }), "{stuck:?}");
}

#[test]
fn signature_checks_go_to_who_answers_them() {
    fn answer(request_id: &str, checks: &[SignatureCheck]) -> Vec<Item> {
        assert_eq!(request_id, "c");
        let of = |check: &SignatureCheck| SignatureAnswer { id: check.id.clone(), verifies: true };
        checks.iter().map(|check| Item::Signature(of(check))).collect()
    }
    let mut judge = Asker::of(vec![vec![checks("c")]]);
    let means = Means { signatures: Some(answer), ..Means::offline(NOW) };
    assert_eq!(told(&decide(&mut judge, &means).evidence), ["signature c-1 true"]);
}

#[test]
fn only_what_the_verdict_rests_on_is_kept() {
    let server = FaultServer::answering(good("application/pkix-crl", b"list"));
    let fetcher = fetcher();
    let needs = vec![crl("a", &server.uri("/a")), crl("b", &server.uri("/b"))];
    let accepted = Accepted { this_update: NOW, fresh_until: NOW + 60 };
    let rests_on_a = vec![("a".to_owned(), accepted), ("unheard of".to_owned(), accepted)];
    let mut judge = Asker { accepted: rests_on_a, ..Asker::of(vec![needs.clone()]) };
    decide(&mut judge, &online(&fetcher));
    assert_eq!(fetcher.kept().entries, 1);
    let resolved = decide(&mut Asker::of(vec![needs]), &online(&fetcher));
    let sources: Vec<_> = resolved.asked.iter().map(|asked| asked.source).collect();
    assert_eq!(sources, [Some(Source::Cache), Some(Source::Network)]);
    // under other settings it has not been accepted yet
    let other = Means { scope: b"other".to_vec(), ..online(&fetcher) };
    let resolved = decide(&mut Asker::of(vec![vec![crl("a", &server.uri("/a"))]]), &other);
    assert_eq!(resolved.asked[0].source, Some(Source::Network));
}

// R-OCSP-18, R-OCSP-19, R-OCSP-23
#[test]
fn a_responder_is_asked_at_this_moment_whatever_was_accepted_before() {
    let server = FaultServer::start(|received| {
        let media_type =
            if received.path() == "/list" { "application/pkix-crl" } else { "application/ocsp-response" };
        vec![fault::Step::Send(good(media_type, format!("answer {}", received.number).as_bytes()))]
    });
    let fetcher = fetcher();
    let needs =
        vec![need("a", Wanted::OcspResponse(retrieval(&server.uri("/a")))), crl("b", &server.uri("/list"))];
    let accepted = Accepted { this_update: NOW, fresh_until: NOW + 60 };
    let rests_on = vec![("a".to_owned(), accepted), ("b".to_owned(), accepted)];
    let mut judge = Asker { accepted: rests_on, ..Asker::of(vec![needs.clone()]) };
    decide(&mut judge, &online(&fetcher));
    let sources = |reuse| {
        let means = Means { reuse, ..online(&fetcher) };
        let resolved = decide(&mut Asker::of(vec![needs.clone()]), &means);
        resolved.asked.iter().map(|asked| asked.source).collect::<Vec<_>>()
    };
    assert_eq!(sources(Reuse::Fresh), [Some(Source::Cache), Some(Source::Cache)]);
    for asked in 3..6 {
        assert_eq!(sources(Reuse::NoResponses), [Some(Source::Network), Some(Source::Cache)]);
        assert_eq!(server.accepted(), asked);
    }
}

/// As many rounds, each asking for something new.
fn rounds(server: &FaultServer, number: usize) -> Vec<Vec<Need>> {
    (0..number).map(|round| vec![crl(&format!("{round}"), &server.uri(&format!("/{round}")))]).collect()
}

#[test]
fn after_so_many_rounds_nothing_more_is_fetched_and_then_it_ends() {
    let server = FaultServer::answering(good("application/pkix-crl", b"list"));
    let limits = Limits { rounds: 3, ..Limits::default() };
    let means = |fetcher: &Fetcher| Means { limits, ..online(fetcher) };
    let resolved = decide(&mut Asker::of(rounds(&server, 6)), &means(&fetcher()));
    let octets: Vec<_> = resolved.asked.iter().map(|asked| asked.outcome.is_ok()).collect();
    assert_eq!(octets, [true, true, true, false, false, false]);
    assert_eq!(resolved.asked[3].outcome, Err(UnavailableReason::Timeout));
    assert_eq!(server.accepted(), 3);
    let undecided = resolve_blocking(&mut Asker::of(rounds(&server, 7)), vec![], &means(&fetcher()));
    assert!(matches!(undecided, Err(Unresolved::Undecided { rounds: 7 })));
    // asking for nothing is no question
    let nothing = resolve_blocking(&mut Asker::of(vec![vec![]]), vec![], &means(&fetcher()));
    assert!(matches!(nothing, Err(Unresolved::Undecided { rounds: 1 })));
}

#[test]
fn a_certificate_full_of_uris_makes_so_many_requests_and_no_more() {
    let server = FaultServer::answering(good("application/pkix-crl", b"list"));
    let needs: Vec<Need> =
        (0..10).map(|place| crl(&format!("{place}"), &server.uri(&format!("/{place}")))).collect();
    let limits = Limits { requests: 4, ..Limits::default() };
    let resolved = decide(&mut Asker::of(vec![needs]), &Means { limits, ..online(&fetcher()) });
    assert_eq!(resolved.asked.iter().filter(|asked| asked.outcome.is_ok()).count(), 4);
    assert_eq!((resolved.asked.len(), server.accepted()), (10, 4));
}

#[test]
fn when_time_is_up_the_rest_has_timed_out_and_what_came_is_used() {
    let server = FaultServer::start(|received| match received.path() {
        "/quick" => vec![fault::Step::Send(good("application/pkix-crl", b"list"))],
        _ => vec![fault::Step::Stall],
    });
    let needs = vec![crl("slow", &server.uri("/slow")), crl("quick", &server.uri("/quick"))];
    let later = vec![crl("later", &server.uri("/quick"))];
    let limits = Limits { total: Duration::from_secs(1), ..Limits::default() };
    let resolved = decide(&mut Asker::of(vec![needs, later]), &Means { limits, ..online(&fetcher()) });
    let expected = ["slow timeout", r#"crl Some("quick") list"#, "later timeout"];
    assert_eq!(told(&resolved.evidence), expected);
}

#[test]
fn the_loop_runs_on_a_runtime_of_somebody_else_too() {
    let server = FaultServer::answering(good("application/pkix-crl", b"list"));
    let mut judge = Asker::of(vec![vec![crl("a", &server.uri("/a"))]]);
    let means = online(&fetcher());
    let resolved = crate::setting::run(resolve::resolve(&mut judge, vec![], &means)).unwrap();
    assert_eq!(told(&resolved.evidence), [r#"crl Some("a") list"#]);
}
