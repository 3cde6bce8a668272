//! What answers may be, how large and how slow: F-08 of the attack cases.

use std::sync::Arc;
use std::time::{Duration, Instant};

use host_server::component::contract::evidence::UnavailableReason;
use host_server::fetch::limits::Limits;
use host_server::fetch::{Fetcher, Request, Settings};

use crate::fault::{FaultServer, Step, answer, good};
use crate::setting::{crl, fetch, fetcher, fetcher_within, ocsp, reason, settings};

/// Long after every limit of these tests, and long before a test would be given up.
const GENEROUS: Duration = Duration::from_secs(10);

/// What comes of a request to a server that takes these steps.
fn reason_of(fetcher: &Fetcher, steps: Vec<Step>) -> UnavailableReason {
    let server = FaultServer::start(move |_| steps.clone());
    let begun = Instant::now();
    let reason = reason(&fetch(fetcher, &crl(&server.uri("/x.crl"))));
    assert!(begun.elapsed() < GENEROUS, "{:?}", begun.elapsed());
    reason
}

fn sends(octets: Vec<u8>) -> Vec<Step> {
    vec![Step::Send(octets)]
}

fn body(octets: usize) -> Vec<u8> {
    vec![b'x'; octets]
}

/// A head that promises a CRL, without its empty line.
const CRL: &str = "HTTP/1.1 200 OK\r\nContent-Type: application/pkix-crl";

#[test]
fn a_request_says_what_it_is_and_nothing_about_who_asks() {
    let server = FaultServer::answering(good("application/ocsp-response", b"yes"));
    assert_eq!(fetch(&fetcher(), &ocsp(&server.uri("/ocsp?a=b"), b"question")).outcome.unwrap(), "yes");
    let received = server.received().remove(0);
    let mut lines: Vec<String> = received.head.trim_end().lines().map(str::to_ascii_lowercase).collect();
    lines.sort();
    let mut expected = [
        "post /ocsp?a=b http/1.1".to_owned(),
        format!("host: {}", server.address()),
        format!("user-agent: assayer/{}", env!("CARGO_PKG_VERSION")),
        "accept: application/ocsp-response".to_owned(),
        "accept-encoding: identity".to_owned(),
        "connection: close".to_owned(),
        "content-type: application/ocsp-request".to_owned(),
        "content-length: 8".to_owned(),
    ];
    expected.sort();
    assert_eq!(lines, expected);
    assert_eq!(received.body, b"question");
}

#[test]
fn f_08_a_body_is_of_use_up_to_its_cap() {
    let declared = |octets: usize| good("application/pkix-crl", &body(octets));
    let until_closed = |octets: usize| answer(CRL, &body(octets));
    let chunked = |octets: usize| {
        let chunk = [format!("{octets:x}\r\n").as_bytes(), &body(octets), b"\r\n0\r\n\r\n"].concat();
        answer(&format!("{CRL}\r\nTransfer-Encoding: chunked"), &chunk)
    };
    let makers: [&dyn Fn(usize) -> Vec<u8>; 3] = [&declared, &until_closed, &chunked];
    for make in makers {
        let server = FaultServer::answering(make(1_000));
        assert_eq!(fetch(&fetcher(), &crl(&server.uri("/"))).outcome.unwrap().len(), 1_000);
        assert_eq!(reason_of(&fetcher(), sends(make(1_001))), UnavailableReason::TooLarge);
    }
    // empty is an answer: what it is worth is the engine's to say
    let server = FaultServer::answering(good("application/pkix-crl", b""));
    assert_eq!(fetch(&fetcher(), &crl(&server.uri("/"))).outcome.unwrap().len(), 0);
}

#[test]
fn f_08_no_number_means_without_limit() {
    let server = FaultServer::answering(good("application/pkix-crl", b"x"));
    let none = Request { maximum_octets: 0, ..crl(&server.uri("/")) };
    assert_eq!(reason(&fetch(&fetcher(), &none)), UnavailableReason::TooLarge);
    let all = Request { maximum_octets: u32::MAX, ..crl(&server.uri("/")) };
    let small = fetcher_within(Limits { octets: 0, ..Limits::default() });
    assert_eq!(reason(&fetch(&small, &all)), UnavailableReason::TooLarge);
}

#[test]
fn f_08_a_declared_length_beyond_the_cap_is_refused_without_reading() {
    for length in ["1001", "4294967296", "18446744073709551615"] {
        let head = answer(&format!("{CRL}\r\nContent-Length: {length}"), b"");
        let steps = vec![Step::Send(head), Step::Stall];
        assert_eq!(reason_of(&fetcher(), steps), UnavailableReason::TooLarge, "{length}");
    }
}

#[test]
fn f_08_endless_answers_end() {
    let chunks = format!("{CRL}\r\nTransfer-Encoding: chunked");
    for (start, forever) in [
        (answer(CRL, b""), "x"),
        (answer(&chunks, b""), "1\r\nx\r\n"),
        // heads without an end: of one field, of many, and of nothing but a status
        (b"HTTP/1.1 200 OK\r\nX: ".to_vec(), "x"),
        (b"HTTP/1.1 200 OK\r\n".to_vec(), "X: y\r\n"),
        (b"HTTP/1.1 200 ".to_vec(), "x"),
    ] {
        let steps = vec![Step::Send(start.clone()), Step::Endless(forever.as_bytes().to_vec())];
        let name = String::from_utf8_lossy(&start).into_owned();
        assert_eq!(reason_of(&fetcher(), steps), UnavailableReason::TooLarge, "{name}{forever}");
    }
}

#[test]
fn f_08_ten_thousand_fields_are_too_many() {
    let fields = |number: usize| "\r\nX: y".repeat(number);
    let of = |number: usize| answer(&format!("{CRL}\r\nContent-Length: 1{}", fields(number)), b"x");
    assert_eq!(reason_of(&fetcher(), sends(of(10_000))), UnavailableReason::TooLarge);
    assert_eq!(reason_of(&fetcher(), sends(of(63))), UnavailableReason::TooLarge);
    let server = FaultServer::answering(of(62));
    assert_eq!(fetch(&fetcher(), &crl(&server.uri("/"))).outcome.unwrap(), "x");
}

/// Interim answers without an end are no answer.
#[test]
fn f_08_interim_answers_do_not_go_on_for_ever() {
    let limits = Limits { head: Duration::from_millis(200), ..Limits::default() };
    let steps = vec![Step::Endless(b"HTTP/1.1 103 Early Hints\r\n\r\n".to_vec())];
    assert_eq!(reason_of(&fetcher_within(limits), steps), UnavailableReason::Timeout);
}

#[test]
fn f_08_silence_is_not_waited_for() {
    let short = Duration::from_millis(200);
    let head = Limits { head: short, ..Limits::default() };
    assert_eq!(reason_of(&fetcher_within(head), vec![Step::Stall]), UnavailableReason::Timeout);
    let half_a_head = vec![Step::Send(b"HTTP/1.1 200 OK\r\n".to_vec()), Step::Stall];
    assert_eq!(reason_of(&fetcher_within(head), half_a_head), UnavailableReason::Timeout);
    let idle = Limits { idle: short, ..Limits::default() };
    let half_a_body = vec![Step::Send(answer(&format!("{CRL}\r\nContent-Length: 9"), b"half")), Step::Stall];
    assert_eq!(reason_of(&fetcher_within(idle), half_a_body), UnavailableReason::Timeout);
}

/// One octet now and then is never silence, and still has an end.
#[test]
fn f_08_slow_octets_run_out_of_time() {
    let pause = Duration::from_millis(20);
    let slow_body = move || {
        let head = answer(&format!("{CRL}\r\nContent-Length: 1000"), b"");
        vec![Step::Send(head), Step::Trickle(body(1_000), pause)]
    };
    let total = Limits { total_for_crl: Duration::from_millis(300), ..Limits::default() };
    assert_eq!(reason_of(&fetcher_within(total), slow_body()), UnavailableReason::Timeout);
    let head = Limits { head: Duration::from_millis(300), ..Limits::default() };
    let slow_head = vec![Step::Trickle(answer(CRL, &body(1_000)), pause)];
    assert_eq!(reason_of(&fetcher_within(head), slow_head), UnavailableReason::Timeout);
}

/// CRLs are large, and have a limit of their own.
#[test]
fn f_08_a_list_may_take_longer_than_a_response() {
    let short = Duration::from_millis(200);
    let of = |content_type: &'static str| {
        let slow = vec![Step::Trickle(good(content_type, b"list"), Duration::from_millis(10))];
        FaultServer::start(move |_| slow.clone())
    };
    let limits = Limits { total: short, ..Limits::default() };
    let list = of("application/pkix-crl");
    assert_eq!(fetch(&fetcher_within(limits), &crl(&list.uri("/"))).outcome.unwrap(), "list");
    let response = of("application/ocsp-response");
    let fetched = fetch(&fetcher_within(limits), &ocsp(&response.uri("/"), b""));
    assert_eq!(reason(&fetched), UnavailableReason::Timeout);
}

#[test]
fn f_08_an_answer_that_breaks_off_is_none() {
    let length = answer(&format!("{CRL}\r\nContent-Length: 9"), b"half");
    let chunks = |text: &str| answer(&format!("{CRL}\r\nTransfer-Encoding: chunked"), text.as_bytes());
    for steps in [
        vec![],
        vec![Step::Reset],
        sends(b"HTTP/1.1 200 OK\r\nContent-Type: appl".to_vec()),
        sends(length.clone()),
        vec![Step::Send(length), Step::Reset],
        sends(chunks("4\r\nhalf")),
        sends(chunks("4\r\nhalf\r\n")),
        sends(chunks("4\r\nhalf\r\n0\r\n")),
    ] {
        let name = format!("{steps:?}");
        assert_eq!(reason_of(&fetcher(), steps), UnavailableReason::Connection, "{name}");
    }
}

#[test]
fn f_08_what_is_not_http_is_no_answer() {
    let chunked = format!("{CRL}\r\nTransfer-Encoding: chunked");
    for octets in [
        b"SSH-2.0-OpenSSH_9.6\r\n".to_vec(),
        vec![0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x46],
        vec![0x30, 0x03, 0x0a, 0x01, 0x06],
        b"HTTP/0.9 200 OK\r\n\r\nx".to_vec(),
        b"<html>no head at all</html>".to_vec(),
        answer("HTTP/1.1 0 OK", b""),
        answer("HTTP/1.1 200 OK\r\nContent-Length: -1", b""),
        answer("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2", b"xy"),
        answer("HTTP/1.1 200 OK\r\nno colon", b""),
        answer("HTTP/1.1 200 OK\r\nX : y", b""),
        answer(&chunked, b"zz\r\nx\r\n0\r\n\r\n"),
        answer(&chunked, b"fffffffffffffffff\r\nx"),
        answer(&chunked, b"-1\r\nx\r\n0\r\n\r\n"),
        answer(&chunked, b"1\r\nxyz\r\n0\r\n\r\n"),
        answer(&chunked, &[b"1;", &[b'e'; 64 * 1024][..], b"\r\nx\r\n0\r\n\r\n"].concat()),
    ] {
        let name = String::from_utf8_lossy(&octets[..octets.len().min(80)]).into_owned();
        assert_eq!(reason_of(&fetcher(), sends(octets)), UnavailableReason::Connection, "{name}");
    }
}

#[test]
fn f_08_nothing_is_decoded() {
    for encoding in
        ["gzip", "br", "deflate", "x-gzip", "identity, gzip", "gzip\r\nContent-Encoding: identity"]
    {
        let head = format!("{CRL}\r\nContent-Encoding: {encoding}\r\nContent-Length: 2");
        let steps = sends(answer(&head, &[0x1f, 0x8b]));
        assert_eq!(reason_of(&fetcher(), steps), UnavailableReason::ContentType, "{encoding}");
    }
    let identity = format!("{CRL}\r\nContent-Encoding: Identity\r\nContent-Length: 4");
    let server = FaultServer::answering(answer(&identity, b"list"));
    assert_eq!(fetch(&fetcher(), &crl(&server.uri("/"))).outcome.unwrap(), "list");
}

/// Whether an answer with these fields is taken.
fn taken(request: impl Fn(&str) -> Request, fields: &str) -> bool {
    let server =
        FaultServer::answering(answer(&format!("HTTP/1.1 200 OK{fields}\r\nContent-Length: 1"), b"x"));
    let fetched = fetch(&fetcher(), &request(&server.uri("/")));
    match &fetched.outcome {
        Ok(_) => true,
        Err(failure) => {
            assert_eq!(failure.reason, UnavailableReason::ContentType, "{fields}");
            false
        }
    }
}

#[test]
fn f_08_an_answer_must_be_called_what_was_asked_for() {
    let list = |uri: &str| crl(uri);
    let response = |uri: &str| ocsp(uri, b"question");
    for (content_type, as_list, as_response) in [
        ("application/pkix-crl", true, false),
        ("Application/PKIX-CRL; charset=binary", true, false),
        ("application/x-pkcs7-crl", true, false),
        ("application/octet-stream", true, false),
        ("application/ocsp-response", false, true),
        ("application/ocsp-response ; a=b", false, true),
        ("text/html", false, false),
        ("text/html; x=application/pkix-crl", false, false),
        ("application/pkix-crl, text/html", false, false),
        ("application/pkix-crlx", false, false),
        ("", false, false),
        ("text/html\r\nContent-Type: application/pkix-crl", false, false),
        ("application/pkix-crl\r\nContent-Type: application/ocsp-response", false, false),
    ] {
        let fields = format!("\r\nContent-Type: {content_type}");
        assert_eq!(taken(list, &fields), as_list, "{content_type} as a list");
        assert_eq!(taken(response, &fields), as_response, "{content_type} as a response");
    }
    // static servers send lists without a type; no responder does
    assert!(taken(list, ""));
    assert!(!taken(response, ""));
}

#[test]
fn a_connection_that_nobody_accepts_runs_out_of_time() {
    // a listener that never accepts, with its queue filled: the next connection is not answered at all
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    socket2::SockRef::from(&listener).listen(0).unwrap();
    let mut queued = Vec::new();
    while let Ok(stream) = std::net::TcpStream::connect_timeout(&address, Duration::from_millis(200)) {
        queued.push(stream);
        assert!(queued.len() < 1_000, "the queue has no end");
    }
    let limits = Limits { connect: Duration::from_millis(200), ..Limits::default() };
    let fetcher = Fetcher::new(Settings { limits, ..settings(&Arc::default()) });
    let fetched = fetch(&fetcher, &crl(&format!("http://{address}/")));
    assert_eq!(reason(&fetched), UnavailableReason::Timeout);
    assert_eq!(fetcher.connect_log().attempts().len(), 1);
}
