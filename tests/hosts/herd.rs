//! Many waiters: F-12 of the attack cases. One dead responder costs its own waiters some time, and nobody else.

use std::sync::Arc;
use std::time::Duration;

use host_server::component::contract::evidence::UnavailableReason;
use host_server::fetch::breaker::Patience;
use host_server::fetch::limits::Limits;
use host_server::fetch::{Fetched, Fetcher, Request, Settings};
use tokio::task::JoinSet;

use crate::fault::{FaultServer, Step, good, refusing};
use crate::setting::{NOW, crl, fetch, fetcher, ocsp, reason, run, settings};

/// Fetches all of these at once.
async fn fetch_all(fetcher: &Fetcher, requests: Vec<Request>) -> Vec<Fetched> {
    let mut tasks = JoinSet::new();
    for request in requests {
        let fetcher = fetcher.clone();
        tasks.spawn(async move { fetcher.fetch(&request, NOW).await });
    }
    tasks.join_all().await
}

/// A fetcher that gives up soon, and leaves a dead responder alone for longer than any test.
fn impatient() -> Fetcher {
    let limits = Limits { head: Duration::from_millis(300), ..Limits::default() };
    let first = Duration::from_secs(3_600);
    let patience = Patience { failures: 3, first, longest: first };
    Fetcher::new(Settings { limits, patience, ..settings(&Arc::default()) })
}

/// How many connections were tried to a server.
fn attempts(fetcher: &Fetcher, server: &FaultServer) -> usize {
    let attempts = fetcher.connect_log().attempts();
    attempts.iter().filter(|attempt| attempt.address == server.address()).count()
}

#[test]
fn f_12_a_thousand_waiters_for_one_thing_make_one_connection() {
    let server = FaultServer::answering(good("application/pkix-crl", b"list"));
    let fetched = run(fetch_all(&fetcher(), vec![crl(&server.uri("/")); 1_000]));
    assert_eq!(fetched.len(), 1_000);
    assert!(fetched.iter().all(|fetched| fetched.outcome.as_ref().is_ok_and(|body| body == "list")));
    assert_eq!(server.accepted(), 1);
}

#[test]
fn f_12_a_thousand_waiters_on_one_dead_responder_make_few_connections() {
    let dead = FaultServer::start(|_| vec![Step::Stall]);
    let alive = FaultServer::answering(good("application/ocsp-response", b"yes"));
    let fetcher = impatient();
    // each asks something else, so that none can share another one's connection
    let question = |number: usize| number.to_string().into_bytes();
    let mut requests: Vec<Request> =
        (0..1_000).map(|number| ocsp(&dead.uri("/"), &question(number))).collect();
    requests.extend((0..20).map(|number| ocsp(&alive.uri("/"), &question(number))));
    let fetched = run(fetch_all(&fetcher, requests));
    let (of_alive, of_dead): (Vec<_>, Vec<_>) =
        fetched.iter().partition(|fetched| fetched.request.uri == alive.uri("/"));
    assert!(of_alive.iter().all(|fetched| fetched.outcome.is_ok()));
    assert_eq!((of_alive.len(), of_dead.len()), (20, 1_000));
    assert!(of_dead.iter().all(|fetched| reason(fetched) == UnavailableReason::Timeout));
    // four at once, and two more may begin before the third failure
    let connections = attempts(&fetcher, &dead);
    assert!((3..=6).contains(&connections), "{connections}");
    // it stays so, while others go on as before
    for _ in 0..10 {
        assert_eq!(reason(&fetch(&fetcher, &crl(&dead.uri("/x")))), UnavailableReason::Timeout);
    }
    assert_eq!(attempts(&fetcher, &dead), connections);
    assert!(fetch(&fetcher, &ocsp(&alive.uri("/"), b"later")).outcome.is_ok());
}

#[test]
fn f_12_a_responder_is_left_alone_with_the_reason_it_failed_for() {
    let (_holder, nobody) = refusing();
    let fetcher = impatient();
    for number in 0..6 {
        let fetched = fetch(&fetcher, &crl(&format!("http://{nobody}/{number}")));
        assert_eq!(reason(&fetched), UnavailableReason::Connection, "{number}");
    }
    assert_eq!(fetcher.connect_log().attempts().len(), 3);
}

/// The certificate chooses the path, so a wrong path must not close the responder to others.
#[test]
fn f_12_wrong_paths_do_not_close_a_responder() {
    let (_holder, nobody) = refusing();
    let server = FaultServer::start(move |received| match received.path() {
        "/right" => vec![Step::Send(good("application/pkix-crl", b"list"))],
        "/html" => vec![Step::Send(good("text/html", b"<html>"))],
        "/large" => vec![Step::Send(good("application/pkix-crl", &[7; 2_000]))],
        "/away" => vec![Step::Send(b"HTTP/1.1 302 Found\r\nLocation: http://10.0.0.1/\r\n\r\n".to_vec())],
        "/grave" => {
            vec![Step::Send(format!("HTTP/1.1 302 Found\r\nLocation: http://{nobody}/\r\n\r\n").into())]
        }
        "/half" => vec![Step::Send(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf".to_vec())],
        _ => vec![Step::Send(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".to_vec())],
    });
    let fetcher = impatient();
    for path in ["/html", "/large", "/away", "/grave", "/half", "/wrong"] {
        // as often as would close it, were these failures of the responder
        for _ in 0..4 {
            assert!(fetch(&fetcher, &crl(&server.uri(path))).outcome.is_err());
        }
        assert_eq!(fetch(&fetcher, &crl(&server.uri("/right"))).outcome.unwrap(), "list", "after {path}");
    }
}

#[test]
fn f_12_a_responder_that_comes_back_is_asked_again() {
    let server = FaultServer::start(|received| match received.number {
        0..3 => vec![Step::Reset],
        _ => vec![Step::Send(good("application/pkix-crl", b"list"))],
    });
    // left alone for no time at all: the next request is the probe
    let patience = Patience { failures: 3, first: Duration::ZERO, longest: Duration::ZERO };
    let fetcher = Fetcher::new(Settings { patience, ..settings(&Arc::default()) });
    for _ in 0..3 {
        assert_eq!(reason(&fetch(&fetcher, &crl(&server.uri("/")))), UnavailableReason::Connection);
    }
    assert_eq!(fetch(&fetcher, &crl(&server.uri("/"))).outcome.unwrap(), "list");
}

/// Who began a flight may leave; who joined it still gets what comes.
#[test]
fn a_flight_goes_on_without_who_began_it() {
    let server = FaultServer::start(|_| {
        vec![Step::Trickle(good("application/pkix-crl", b"list"), Duration::from_millis(2))]
    });
    let fetcher = fetcher();
    run(async {
        let request = crl(&server.uri("/"));
        let first = tokio::spawn({
            let (fetcher, request) = (fetcher.clone(), request.clone());
            async move { fetcher.fetch(&request, NOW).await }
        });
        while fetcher.connect_log().attempts().is_empty() {
            tokio::task::yield_now().await;
        }
        first.abort();
        assert_eq!(fetcher.fetch(&request, NOW).await.outcome.unwrap(), "list");
    });
    assert_eq!(server.accepted(), 1);
}
