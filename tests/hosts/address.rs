//! Where the fetcher goes and where it does not: F-02, F-03, F-05, F-06 and F-07 of the attack cases.

use std::collections::BTreeSet;
use std::sync::Arc;

use host_server::component::contract::evidence::UnavailableReason;
use host_server::fetch::Fetcher;
use host_server::fetch::guard::{Guard, Ports};

use crate::fault::{FaultServer, answer, good, refusing};
use crate::setting::{Book, crl, fetch, fetcher, public, reason, settings, tried};

const FORBIDDEN: UnavailableReason = UnavailableReason::ForbiddenAddress;
const UNSUPPORTED: UnavailableReason = UnavailableReason::UnsupportedUri;

/// Nothing may come of any of these URIs but this reason, and nothing may be connected to.
fn assert_never_reached(uris: &[&str], expected: UnavailableReason) {
    let fetcher = public(&Arc::default());
    for uri in uris {
        assert_eq!(reason(&fetch(&fetcher, &crl(uri))), expected, "{uri}");
    }
    assert_eq!(fetcher.connect_log().attempts(), []);
}

#[test]
fn f_02_a_certificate_does_not_reach_the_inside() {
    let inside = [
        "http://127.0.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/",
        "http://172.16.0.1/",
        "http://192.168.1.1/",
        "http://0.0.0.0/",
        "https://127.0.0.1/",
        "http://[::1]/",
        "http://[fd00:ec2::254]/latest/meta-data/",
        "http://[fe80::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:a9fe:a9fe]/",
    ];
    assert_never_reached(&inside, FORBIDDEN);
}

#[test]
fn f_03_a_name_is_judged_by_every_address_it_has() {
    let book = Book::default()
        .with("private.example", &[&["10.0.0.1"]])
        .with("metadata.example", &[&["169.254.169.254"]])
        .with("mixed.example", &[&["93.184.215.14", "127.0.0.1"]])
        .with("mapped.example", &[&["::ffff:10.0.0.1"]])
        .with("localhost", &[&["127.0.0.1", "::1"]]);
    let fetcher = public(&Arc::new(book));
    for name in ["private.example", "metadata.example", "mixed.example", "mapped.example", "localhost"] {
        assert_eq!(reason(&fetch(&fetcher, &crl(&format!("http://{name}/")))), FORBIDDEN, "{name}");
    }
    assert_eq!(fetcher.connect_log().attempts(), []);
}

/// The name has an allowed address when it is asked for the first time, and a forbidden one ever after.
#[test]
fn f_03_a_name_that_changes_its_mind_is_asked_only_once() {
    let server = FaultServer::answering(good("application/pkix-crl", b"list"));
    let book = Arc::new(Book::default().with("rebinding.example", &[&["127.0.0.1"], &["169.254.169.254"]]));
    let fetcher = Fetcher::new(settings(&book));
    let uri = format!("http://rebinding.example:{}/", server.address().port());
    assert_eq!(fetch(&fetcher, &crl(&uri)).outcome.unwrap(), "list");
    assert_eq!(book.asked(), ["rebinding.example"]);
    assert_eq!(tried(&fetcher), [server.address().ip()]);
    // the next fetch asks again, and finds the other address
    assert_eq!(reason(&fetch(&fetcher, &crl(&uri))), FORBIDDEN);
    assert_eq!(tried(&fetcher), [server.address().ip()]);
}

#[test]
fn f_05_special_purpose_addresses_are_not_reached_in_any_form() {
    // one of each row of the two registries, and of what lies beside them
    let addresses = [
        "0.1.2.3",
        "10.9.8.7",
        "100.64.0.1",
        "127.1.2.3",
        "169.254.0.1",
        "172.31.255.255",
        "192.0.0.1",
        "192.0.0.8",
        "192.0.0.9",
        "192.0.0.10",
        "192.0.0.170",
        "192.0.0.171",
        "192.0.2.1",
        "192.31.196.1",
        "192.52.193.1",
        "192.88.99.1",
        "192.88.99.2",
        "192.168.0.1",
        "192.175.48.1",
        "198.19.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "[::]",
        "[::1]",
        "[::ffff:8.8.8.8]",
        "[::8.8.8.8]",
        "[::ffff:0:8.8.8.8]",
        "[64:ff9b::8.8.8.8]",
        "[64:ff9b:1::1]",
        "[100::1]",
        "[100:0:0:1::1]",
        "[2001::1]",
        "[2001:1::1]",
        "[2001:1::2]",
        "[2001:1::3]",
        "[2001:2::1]",
        "[2001:3::1]",
        "[2001:4:112::1]",
        "[2001:10::1]",
        "[2001:20::1]",
        "[2001:30::1]",
        "[2001:db8::1]",
        "[2002:808:808::1]",
        "[2620:4f:8000::1]",
        "[3fff::1]",
        "[5f00::1]",
        "[fc00::1]",
        "[fd00::1]",
        "[fe80::1]",
        "[fec0::1]",
        "[ff02::1]",
        "[4000::1]",
    ];
    let uris = addresses.map(|address| format!("http://{address}/x.crl"));
    assert_never_reached(&uris.each_ref().map(String::as_str), FORBIDDEN);
    let disguised = [
        "http://2130706433/",
        "http://017700000001/",
        "http://0x7f000001/",
        "http://127.1/",
        "http://0177.0.0.1/",
        "http://0x7f.0.0.1/",
        "http://127.0.0.01/",
        "http://127.0.0.1./",
        "http://[::127.0.0.1%25lo]/",
        "http://127.0.0.1%2f.example/",
        "http://\u{2460}27.0.0.1/",
    ];
    assert_never_reached(&disguised, UNSUPPORTED);
}

/// What an engine and everybody behind it is told does not tell one status from another.
#[test]
fn f_06_every_status_but_success_is_the_same_reason() {
    for status in [
        "201 Created",
        "204 No Content",
        "206 Partial Content",
        "304 Not Modified",
        "401 Unauthorized",
        "403 Forbidden",
        "404 Not Found",
        "418 Teapot",
        "500 Internal Server Error",
        "503 Service Unavailable",
    ] {
        let server =
            FaultServer::answering(answer(&format!("HTTP/1.1 {status}\r\nContent-Length: 2"), b"no"));
        let fetched = fetch(&fetcher(), &crl(&server.uri("/")));
        assert_eq!(reason(&fetched), UnavailableReason::HttpStatus, "{status}");
    }
}

#[test]
fn f_07_other_schemes_and_user_information_are_not_fetched() {
    let uris = [
        "file:///etc/passwd",
        "ftp://host.example/x",
        "ldap://host.example/cn=x?certificateRevocationList",
        "ldaps://host.example/cn=x",
        "gopher://host.example/",
        "data:text/plain,x",
        "javascript:alert(1)",
        "dict://host.example:2628/",
        "http://user@host.example/",
        "http://user:word@host.example/",
        "http://8.8.8.8@127.0.0.1/",
        "//host.example/",
        "host.example",
        "",
        "http://",
        "http:///x",
        "http://host.example:0/",
        "http://host.example:65536/",
        "http://host.example:/",
        "http://host.example/\r\nX-Injected: 1",
        "http://host.example/a b",
    ];
    assert_never_reached(&uris, UNSUPPORTED);
}

#[test]
fn f_07_other_ports_are_not_reached_unless_configured() {
    assert_never_reached(
        &["http://8.8.8.8:22/", "http://8.8.8.8:8080/", "https://8.8.8.8:25/", "http://[2003::1]:6379/"],
        FORBIDDEN,
    );
    let server = FaultServer::answering(good("application/pkix-crl", b"list"));
    let port = server.address().port();
    let request = crl(&server.uri("/"));
    let mut only = settings(&Arc::default());
    only.guard = Guard { ports: Ports::These(BTreeSet::from([port])), ..only.guard };
    assert!(fetch(&Fetcher::new(only.clone()), &request).outcome.is_ok());
    only.guard.ports = Ports::These(BTreeSet::from([80, 443]));
    let refused = Fetcher::new(only);
    assert_eq!(reason(&fetch(&refused, &request)), FORBIDDEN);
    assert_eq!(refused.connect_log().attempts(), []);
}

#[test]
fn a_name_without_an_address_is_told_from_an_address_where_nobody_listens() {
    let book = Arc::new(Book::default().with("empty.example", &[&[]]));
    let nameless = Fetcher::new(settings(&book));
    for uri in ["http://unknown.example/", "http://empty.example/"] {
        assert_eq!(reason(&fetch(&nameless, &crl(uri))), UnavailableReason::NameResolution, "{uri}");
    }
    assert_eq!(nameless.connect_log().attempts(), []);
    let (_holder, nobody) = refusing();
    let fetcher = fetcher();
    let fetched = fetch(&fetcher, &crl(&format!("http://{nobody}/")));
    assert_eq!(reason(&fetched), UnavailableReason::Connection);
    assert_eq!(tried(&fetcher), [nobody.ip()]);
}

#[test]
fn of_several_addresses_the_first_that_accepts_is_taken() {
    let server = FaultServer::answering(good("application/pkix-crl", b"list"));
    let port = server.address().port();
    let book = Book::default().with("several.example", &[&["127.77.0.1", "127.0.0.1"]]);
    let fetcher = Fetcher::new(settings(&Arc::new(book)));
    let fetched = fetch(&fetcher, &crl(&format!("http://several.example:{port}/")));
    assert_eq!(fetched.outcome.unwrap(), "list");
    assert_eq!(tried(&fetcher).len(), 2);
    assert_eq!(server.received()[0].field("host"), Some(format!("several.example:{port}").as_str()));
}
