//! What turning Common Criteria mode on would break, by what real responders said.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::authority::{Authority, Entry, LEAF};
use crate::client::Asked;
use crate::management::{done, fingerprint, token, upload};
use crate::process::Server;
use crate::responder::Responder;

const PATH: &str = "/api/v1/weather/common-criteria";

fn by(responder: &Responder) -> String {
    format!("{LEAF}authorityInfoAccess=OCSP;URI:http://{}/\n", responder.address())
}

/// An authority; what `openssl ocsp` says of its leaves, and of what the issuing one signs.
fn world() -> (Authority, [Responder; 2]) {
    let authority = Authority::new();
    authority.index(&[("1001", Entry::Valid), ("1002", Entry::Valid)]);
    let of_root = Responder::start(&authority, "root", &["-CA", "root.pem"]);
    let of_ca = Responder::start(&authority, "ca", &[]);
    authority.issue("asked", "root", "1001", &by(&of_root));
    // its status is known, and nobody can be asked about the authority that issued it
    authority.issue("under", "ca", "1002", &by(&of_ca));
    (authority, [of_root, of_ca])
}

fn fill(server: &Server, authority: &Authority) {
    for name in ["root", "ca", "asked", "under"] {
        done(&upload(server, &authority.der(name), "trust", "tomcat-trust"));
    }
}

/// Asks until something is recorded for everything.
fn recorded(server: &Server) -> Value {
    let begun = Instant::now();
    loop {
        let found = done(&server.get(PATH));
        if found["without-evidence"] == 0 {
            return found;
        }
        assert!(begun.elapsed() < Duration::from_secs(120), "{found}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

fn flips(found: &Value) -> Vec<(&str, &str)> {
    let flips = found["flips"].as_array().unwrap();
    assert!(flips.iter().all(|flip| flip["reasons"][0]["sentence"].is_string()), "{found}");
    flips
        .iter()
        .map(|flip| (flip["subject"].as_str().unwrap(), flip["reasons"][0]["code"].as_str().unwrap()))
        .collect()
}

#[test]
fn what_the_mode_would_break_follows_from_what_was_recorded() {
    let (authority, responders) = world();
    let ports = responders.each_ref().map(|responder| responder.address().port());
    let server = Server::configured(&format!(
        "[fetch]\nonline = true\nallow = ['127.0.0.0/8']\nports = [{}, {}]\n",
        ports[0], ports[1]
    ));
    let nothing = done(&server.get(PATH));
    assert_eq!(
        (&nothing["judged"], &nothing["flips"], &nothing["next"]),
        (&json!(0), &json!([]), &json!(null))
    );
    // what comes is checked at once, and that is what is recorded
    fill(&server, &authority);
    let found = recorded(&server);
    assert_eq!(
        [&found["judged"], &found["denied"], &found["unjudged"], &found["too-large"]],
        [&json!(2), &json!(0), &json!(0), &json!(0)]
    );
    assert_eq!(flips(&found), [("CN=under", "revocation.undetermined")], "{found}");
    let flip = &found["flips"][0];
    assert_eq!(flip["fingerprint"], fingerprint(&authority.der("under")));
    assert_eq!((&flip["kind"], &flip["places"][0]["room"]), (&json!("trust"), &json!("tomcat-trust")));
    assert!(found["oldest-evidence"].as_str() <= found["newest-evidence"].as_str(), "{found}");
    assert!(found["oldest-evidence"].is_string(), "{found}");
    // a page at a time comes to the same
    let first = done(&server.get(&format!("{PATH}?limit=1")));
    let second = done(&server.get(&format!("{PATH}?limit=1&after={}", first["next"].as_str().unwrap())));
    assert_eq!((&first["judged"], &second["judged"], &second["next"]), (&json!(1), &json!(1), &json!(null)));
    let pages: Vec<&Value> =
        [&first, &second].into_iter().flat_map(|page| page["flips"].as_array().unwrap()).collect();
    assert_eq!(pages, [flip]);
    // whoever may read may ask
    let viewer = token(&server, "viewer");
    let asked = Asked::new("GET", PATH).header("authorization", &format!("Bearer {viewer}"));
    assert_eq!(done(&server.send(&asked))["flips"], found["flips"]);
    let wrong = server.get(&format!("{PATH}?after=nothing"));
    assert_eq!((wrong.status, &wrong.json()["code"]), (422, &json!("request.value")));
}

#[test]
fn where_nothing_was_recorded_it_says_so() {
    let (authority, _responders) = world();
    let server = Server::start();
    fill(&server, &authority);
    let found = done(&server.get(PATH));
    assert_eq!((&found["judged"], &found["without-evidence"]), (&json!(2), &json!(2)));
    let mut codes = flips(&found);
    codes.sort_unstable();
    let undetermined = "revocation.undetermined";
    assert_eq!(codes, [("CN=asked", undetermined), ("CN=under", undetermined)]);
    assert_eq!((&found["oldest-evidence"], &found["newest-evidence"]), (&json!(null), &json!(null)));
}
