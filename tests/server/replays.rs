//! `assayer policy replay --server`: decisions that a server recorded under a policy that it does not have yet, page after
//! page, and as whom.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::decisions::question;
use crate::process::{Place, Server, assayer, run};

/// A server that records everything, once it has recorded these questions.
fn recording(questions: &[Value]) -> Server {
    let server = Server::configured("[capsules]\nrecord = \"all\"\n");
    for question in questions {
        assert_eq!(server.post("/api/v1/verify", question).status, 200);
    }
    let begun = Instant::now();
    let metric = format!("assayer_capsules_total{{outcome=\"recorded\"}} {}\n", questions.len());
    while !server.get("/metrics").text().contains(&metric) {
        assert!(begun.elapsed() < Duration::from_secs(120), "not everything is recorded");
        std::thread::yield_now();
    }
    server
}

fn replay(server: &Server, token: Option<&str>, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = assayer(&["policy", "replay"]);
    command.args(arguments).args(["--server", &server.uri]);
    if let Some(token) = token {
        command.env("ASSAYER_TOKEN", token);
    }
    run(&mut command)
}

#[test]
fn what_a_server_recorded_is_judged_under_another_policy() {
    let mut about_clients = question();
    about_clients["purpose"] = json!("client-auth");
    let server = recording(&[question(), about_clients, question()]);
    let place = Place::new();
    let strict = place.file("strict.toml", "[revocation]\nundetermined = \"deny\"\n");
    let token = server.token.as_deref();
    let (status, page, errors) = replay(&server, token, &[&strict]);
    assert_eq!((status, errors.as_str()), (Some(1), ""), "{page}");
    assert!(page.contains("allow → deny") && page.contains("3 decisions under"), "{page}");
    let (status, text, errors) = replay(&server, token, &[&strict, "--format", "json"]);
    assert_eq!((status, errors.as_str()), (Some(1), ""), "{text}");
    let document: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&document["counts"]["allow-to-deny"], &document["flips"]), (&json!(2), &json!(2)), "{text}");
    let listed = server.get("/api/v1/capsules").json();
    let known =
        |told: &Value| listed["items"].as_array().unwrap().iter().any(|item| item["id"] == told["capsule"]);
    let told = document["decisions"].as_array().unwrap();
    assert!(told.len() == 2 && told.iter().all(known), "{text}");
    assert!(told.iter().all(|told| told["causes"][0]["code"] == "revocation.undetermined"), "{text}");
    // nothing was asked of the server but what it has; as it decided, it still would
    let same = place.file("same.toml", "# the defaults\n");
    let (status, page, _) = replay(&server, token, &[&same]);
    assert_eq!(status, Some(0), "{page}");
    assert!(page.contains("3 decisions under") && page.contains(": no flip"), "{page}");
    let (status, _, errors) = replay(&server, token, &[&same, "--since", "2999-01-01T00:00:00Z"]);
    assert_eq!(status, Some(2));
    assert!(errors.contains("there is no decision to be judged"), "{errors}");
}

#[test]
fn nobody_reads_capsules_without_a_token_and_a_server_that_records_none_has_none() {
    let server = Server::start();
    let place = Place::new();
    let policy = place.file("policy.toml", "# the defaults\n");
    let token = server.token.as_deref();
    let (status, page, errors) = replay(&server, token, &[&policy]);
    assert_eq!((status, page.as_str(), errors.lines().count()), (Some(2), "", 1), "{errors}");
    for (token, why) in [(None, "there is no token"), (Some("assayer_none"), "access.token")] {
        let (status, page, errors) = replay(&server, token, &[&policy]);
        assert_eq!((status, page.as_str(), errors.lines().count()), (Some(2), "", 1), "{errors}");
        assert!(errors.contains(why), "{errors}");
    }
}

#[test]
fn a_list_of_more_than_one_page_is_read_to_its_end() {
    let server = recording(&vec![question(); 600]);
    let place = Place::new();
    let (status, page, errors) =
        replay(&server, server.token.as_deref(), &[&place.file("policy.toml", "# the defaults\n")]);
    assert_eq!((status, errors.as_str()), (Some(0), ""), "{page}");
    assert!(page.contains("600 decisions under"), "{page}");
}
