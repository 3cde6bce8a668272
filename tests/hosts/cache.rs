//! What is kept and what is not: F-09, F-10 and F-11 of the attack cases.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use host_server::component::contract::evidence::{HttpMethod, UnavailableReason};
use host_server::fetch::cache::{Accepted, Bounds};
use host_server::fetch::{Fetcher, Kind, Request, Settings, Source};

use crate::fault::{FaultServer, Step, answer, good};
use crate::setting::{NOW, crl, fetch, fetcher, ocsp, reason, run, settings};

/// Accepted by the engine, with this thisUpdate, and fresh for a minute.
fn accepted(this_update: i64) -> Accepted {
    Accepted { this_update, fresh_until: NOW + 60 }
}

/// A server whose answers are numbered from 1.
fn numbering() -> FaultServer {
    FaultServer::start(|received| {
        let body = format!("answer {}", received.number + 1);
        vec![Step::Send(good("application/ocsp-response", body.as_bytes()))]
    })
}

#[test]
fn f_09_an_answer_that_was_not_accepted_is_never_found_again() {
    let server = numbering();
    let fetcher = fetcher();
    let request = ocsp(&server.uri("/"), b"question");
    for number in 1..=3 {
        let fetched = fetch(&fetcher, &request);
        assert_eq!(
            (fetched.outcome.unwrap(), fetched.source),
            (format!("answer {number}").into(), Source::Network)
        );
    }
    assert_eq!(fetcher.kept(), Bounds { entries: 0, octets: 0 });
}

#[test]
fn f_09_an_accepted_answer_is_found_by_the_same_request_and_by_no_other() {
    let server = numbering();
    let fetcher = fetcher();
    let request = ocsp(&server.uri("/a"), b"question");
    let first = fetch(&fetcher, &request);
    fetcher.accepted(&first, accepted(NOW), NOW);
    let again = fetch(&fetcher, &request);
    assert_eq!((again.outcome.unwrap(), again.source), ("answer 1".into(), Source::Cache));
    // another question, another place, another method, another kind of thing, other settings
    for other in [
        ocsp(&server.uri("/a"), b"Question"),
        ocsp(&server.uri("/b"), b"question"),
        Request { method: HttpMethod::Get, ..request.clone() },
        Request { kind: Kind::Crl, ..request.clone() },
        // somebody else's idea of what is acceptable
        Request { scope: b"other settings".to_vec().into(), ..request.clone() },
    ] {
        assert_eq!(fetch(&fetcher, &other).source, Source::Network, "{other:?}");
    }
    // of use to nobody who wants less
    let small = fetch(&fetcher, &Request { maximum_octets: 3, ..request });
    assert_eq!((reason(&small), small.source), (UnavailableReason::TooLarge, Source::Cache));
}

#[test]
fn f_09_a_failure_is_never_kept() {
    let failing = Arc::new(AtomicUsize::new(0));
    let server = FaultServer::start({
        let failing = Arc::clone(&failing);
        move |_| match failing.fetch_add(1, Ordering::SeqCst) {
            0 => vec![Step::Send(answer("HTTP/1.1 500 Broken\r\nContent-Length: 0", b""))],
            _ => vec![Step::Send(good("application/pkix-crl", b"list"))],
        }
    });
    let fetcher = fetcher();
    let request = crl(&server.uri("/"));
    let failed = fetch(&fetcher, &request);
    assert_eq!(reason(&failed), UnavailableReason::HttpStatus);
    // even somebody who calls it accepted changes nothing
    fetcher.accepted(&failed, accepted(NOW), NOW);
    assert_eq!(fetcher.kept().entries, 0);
    assert_eq!(fetch(&fetcher, &request).outcome.unwrap(), "list");
}

#[test]
fn an_accepted_answer_is_found_while_it_is_fresh_and_not_after() {
    let server = numbering();
    let fetcher = fetcher();
    let request = ocsp(&server.uri("/"), b"question");
    let first = fetch(&fetcher, &request);
    fetcher.accepted(&first, accepted(NOW), NOW);
    assert_eq!(run(fetcher.fetch(&request, NOW + 60)).source, Source::Cache);
    let later = run(fetcher.fetch(&request, NOW + 61));
    assert_eq!((later.outcome.unwrap(), later.source), ("answer 2".into(), Source::Network));
    // one that is stale already is not kept at all
    let other = fetch(&fetcher, &ocsp(&server.uri("/b"), b"question"));
    fetcher.accepted(&other, accepted(NOW), NOW + 61);
    assert_eq!(fetcher.kept().entries, 1);
}

#[test]
fn f_10_under_churn_the_cache_stays_within_its_bounds() {
    let server = FaultServer::answering(good("application/pkix-crl", &[7; 100]));
    let cache = Bounds { entries: 20, octets: 1_500 };
    let fetcher = Fetcher::new(Settings { cache, ..settings(&Arc::default()) });
    for number in 0..200 {
        let fetched = fetch(&fetcher, &crl(&server.uri(&format!("/{number}"))));
        fetcher.accepted(&fetched, accepted(NOW), NOW);
        let kept = fetcher.kept();
        assert!(kept.entries <= 15 && kept.octets <= 1_500, "{kept:?}");
    }
    // the last ones are there, the first ones are not
    assert_eq!(fetch(&fetcher, &crl(&server.uri("/199"))).source, Source::Cache);
    assert_eq!(fetch(&fetcher, &crl(&server.uri("/184"))).source, Source::Network);
}

#[test]
fn f_11_an_older_answer_does_not_replace_a_newer_one() {
    let server = numbering();
    let fetcher = fetcher();
    let request = ocsp(&server.uri("/"), b"question");
    let newer = fetch(&fetcher, &request);
    fetcher.accepted(&newer, accepted(NOW - 10), NOW);
    // somebody on the way repeats what was true yesterday; the engine would still accept it
    let older = run(fetcher.fetch_anew(&request));
    assert_eq!((older.outcome.clone().unwrap(), older.source), ("answer 2".into(), Source::Network));
    fetcher.accepted(&older, accepted(NOW - 86_400), NOW);
    assert_eq!(fetch(&fetcher, &request).outcome.unwrap(), "answer 1");
    let newest = run(fetcher.fetch_anew(&request));
    fetcher.accepted(&newest, accepted(NOW - 9), NOW);
    assert_eq!(fetch(&fetcher, &request).outcome.unwrap(), "answer 3");
}

#[test]
fn an_empty_cache_answers_nothing() {
    let server = numbering();
    let request = ocsp(&server.uri("/"), b"question");
    let before = fetcher();
    before.accepted(&fetch(&before, &request), accepted(NOW), NOW);
    // a new fetcher is what there is after a restart
    assert_eq!(fetch(&fetcher(), &request).source, Source::Network);
}
