//! Redirects: F-04 of the attack cases. Each hop begins again from the start.

use std::sync::Arc;

use host_server::component::contract::evidence::{HttpMethod, UnavailableReason};
use host_server::fetch::Fetcher;

use crate::fault::{FaultServer, Received, Step, answer, good};
use crate::setting::{Book, crl, fetch, fetcher, ocsp, reason, settings, tried};

const REDIRECT: UnavailableReason = UnavailableReason::Redirect;

fn to(status: u16, location: &str) -> Vec<Step> {
    vec![Step::Send(answer(
        &format!("HTTP/1.1 {status} Moved\r\nLocation: {location}\r\nContent-Length: 0"),
        b"",
    ))]
}

fn list() -> Vec<Step> {
    vec![Step::Send(good("application/pkix-crl", b"list"))]
}

/// Counts down: `/3` leads to `/2`, and `/0` is the list.
fn countdown(received: &Received) -> Vec<Step> {
    match received.path().trim_start_matches('/').parse::<usize>() {
        Ok(0) => list(),
        Ok(left) => to(302, &format!("/{}", left - 1)),
        Err(_) => to(404, ""),
    }
}

#[test]
fn f_04_five_redirects_are_followed_and_a_sixth_is_not() {
    let server = FaultServer::start(countdown);
    assert_eq!(fetch(&fetcher(), &crl(&server.uri("/5"))).outcome.unwrap(), "list");
    assert_eq!(server.accepted(), 6);
    assert_eq!(reason(&fetch(&fetcher(), &crl(&server.uri("/6")))), REDIRECT);
    assert_eq!(reason(&fetch(&fetcher(), &crl(&server.uri("/11")))), REDIRECT);
    assert_eq!(server.accepted(), 6 + 6 + 6);
}

#[test]
fn f_04_a_circle_ends_where_it_closes() {
    let server = FaultServer::start(|received| match received.path() {
        "/a" => to(301, "/b"),
        _ => to(301, "/a"),
    });
    assert_eq!(reason(&fetch(&fetcher(), &crl(&server.uri("/a")))), REDIRECT);
    assert_eq!(server.accepted(), 2);
}

#[test]
fn f_04_a_redirect_does_not_lead_inside() {
    let book = Arc::new(Book::default().with("inner.example", &[&["10.0.0.1"]]));
    for location in [
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/",
        "http://[::1]/",
        "//192.168.0.1/",
        "http://inner.example/",
        "http://2130706433/",
        "http://user@inner.example/",
        "file:///etc/passwd",
        "ldap://inner.example/",
        "http://",
    ] {
        let server = FaultServer::start(move |_| to(302, location));
        let fetcher = Fetcher::new(settings(&book));
        assert_eq!(reason(&fetch(&fetcher, &crl(&server.uri("/")))), REDIRECT, "{location}");
        assert_eq!(tried(&fetcher), [server.address().ip()], "{location}");
    }
}

#[test]
fn f_04_a_redirect_without_one_location_leads_nowhere() {
    for head in [
        "HTTP/1.1 302 Found\r\nContent-Length: 0",
        "HTTP/1.1 302 Found\r\nLocation: /a\r\nLocation: /b\r\nContent-Length: 0",
        "HTTP/1.1 302 Found\r\nLocation: /\u{e4}\r\nContent-Length: 0",
    ] {
        let server = FaultServer::answering(answer(head, b""));
        assert_eq!(reason(&fetch(&fetcher(), &crl(&server.uri("/")))), REDIRECT, "{head}");
        assert_eq!(server.accepted(), 1);
    }
    // these are no redirects that a client may follow by itself
    for status in [300, 304, 305, 306, 399] {
        let server = FaultServer::start(move |_| to(status, "/a"));
        assert_eq!(
            reason(&fetch(&fetcher(), &crl(&server.uri("/")))),
            UnavailableReason::HttpStatus,
            "{status}"
        );
    }
}

#[test]
fn a_posted_request_is_posted_again_or_not_redirected_at_all() {
    for (status, followed) in [(301, false), (302, false), (303, false), (307, true), (308, true)] {
        let server = FaultServer::start(move |received| match received.path() {
            "/a" => to(status, "b"),
            _ => vec![Step::Send(good("application/ocsp-response", b"yes"))],
        });
        let fetched = fetch(&fetcher(), &ocsp(&server.uri("/a"), b"question"));
        assert_eq!(fetched.outcome.is_ok(), followed, "{status}");
        if !followed {
            assert_eq!(reason(&fetched), REDIRECT);
        }
        for received in server.received() {
            assert!(received.head.starts_with("POST "), "{status}");
            assert_eq!(received.body, b"question", "{status}");
        }
    }
    for status in [301, 302, 303, 307, 308] {
        let server = FaultServer::start(move |received| match received.path() {
            "/a" => to(status, "/b"),
            _ => list(),
        });
        let request = crl(&server.uri("/a"));
        assert_eq!(request.method, HttpMethod::Get);
        assert_eq!(fetch(&fetcher(), &request).outcome.unwrap(), "list", "{status}");
    }
}
