//! A candidate policy: every decision is judged by it besides, none is made by it, and it comes into force by promotion
//! alone.

use std::time::{Duration, Instant};

use pki::certificate::Sketch;
use serde_json::{Value, json};

use crate::client::{Asked, Reply};
use crate::clients::{CLASSES, World};
use crate::management::{NODE, done, fingerprint, on_both, token, upload};
use crate::postgres;
use crate::process::{Place, Server, assayer, run};
use crate::trusted::{WITHOUT_REVOCATION, decision, family, node, put_policy, question};

const PATH: &str = "/api/v1/policies/candidate";
const PROMOTION: &str = "/api/v1/policies/candidate/promotion";
/// Denies everything, by a rule of its own.
const DENIES: &str = "\
[revocation]
sources = []

[[rules]]
id = 'nobody'
each = 'certificate'
when = 'certificate.key.bits > 0'
effect = 'deny'
message = 'nobody is let in'
";

fn propose(server: &Server, document: &str) -> Reply {
    server.ask(Asked::new("PUT", PATH).body("application/toml", document))
}

fn promote(server: &Server, query: &str, version: &Value) -> Reply {
    let asked = Asked::new("POST", &format!("{PROMOTION}{query}"));
    server.ask(asked.header("if-match", &format!("\"{version}\"")))
}

fn standing(server: &Server) -> Value {
    done(&server.get(PATH))["candidate"].clone()
}

fn flips(server: &Server, query: &str) -> Vec<Value> {
    done(&server.get(&format!("{PATH}/flips{query}")))["items"].as_array().unwrap().clone()
}

/// The counts of a purpose, once one of them has come to so many.
#[track_caller]
fn counted(server: &Server, purpose: Option<&str>, (word, count): (&str, i64)) -> Value {
    let begun = Instant::now();
    loop {
        let standing = standing(server);
        let purposes = standing["purposes"].as_array().unwrap();
        let found = purposes.iter().find(|one| one["purpose"].as_str() == purpose);
        if let Some(found) = found.filter(|found| found["counts"][word].as_i64().unwrap() >= count) {
            return found["counts"].clone();
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "{standing}");
        std::thread::yield_now();
    }
}

/// A server that believes in a family, and a question about its leaf for a purpose.
fn believing(server: &Server) -> Value {
    let [root, issuing, leaf] = family();
    done(&put_policy(server, WITHOUT_REVOCATION));
    done(&upload(server, &root.der, "trust", "tomcat-trust"));
    let mut asked = question(&leaf, &[&issuing]);
    asked["purpose"] = json!("server-auth");
    asked
}

fn ask(server: &Server, question: &Value) -> String {
    decision(&server.post("/api/v1/verify", question))
}

#[test]
fn decisions_flip_both_ways_and_stay_those_of_the_policy_in_force() {
    on_both(|server| {
        let question = believing(server);
        assert_eq!(done(&server.get(PATH)), json!({ "active": 1, "candidate": null }));
        let proposed = propose(server, DENIES);
        let version = done(&proposed)["version"].clone();
        assert_eq!(proposed.header("etag").unwrap(), format!("\"{version}\""));
        for _ in 0..3 {
            assert_eq!(ask(server, &question), "allow");
        }
        let counts = counted(server, Some("server-auth"), ("compared", 3));
        assert_eq!((&counts["allow-to-deny"], &counts["same"]), (&json!(3), &json!(0)), "{counts}");
        let found = flips(server, "?purpose=server-auth");
        assert_eq!(found.len(), 3);
        let flip = &found[0];
        assert_eq!((&flip["decision"], &flip["candidate"]), (&json!("allow"), &json!("deny")), "{flip}");
        assert_eq!((&flip["node"], &flip["asks-for-more"]), (&json!(NODE), &json!(false)));
        let [_, _, leaf] = family();
        assert_eq!(flip["fingerprint"], fingerprint(&leaf.der));
        let cause = &flip["causes"][0];
        assert_eq!((&cause["change"], &cause["rules"]), (&json!("new"), &json!(["own:nobody"])), "{cause}");
        assert!(cause["sentence"].as_str().unwrap().contains("nobody is let in"), "{cause}");
        assert_eq!(flips(server, "?decision=deny&purpose=server-auth"), [] as [Value; 0]);
        // what is looked at by itself is a decision too
        let other = Sketch::ca("other").subject("CN=other").issue();
        done(&upload(server, &other.der, "trust", "tomcat-trust"));
        counted(server, None, ("compared", 1));
        let metrics = server.get("/metrics").text().to_owned();
        assert!(
            metrics.contains("assayer_candidate_comparisons_total{outcome=\"allow-to-deny\"}"),
            "{metrics}"
        );
        // nobody promotes another than they looked at
        assert_eq!(server.ask(Asked::new("POST", PROMOTION)).status, 428);
        assert_eq!(promote(server, "", &json!(version.as_i64().unwrap() - 1)).status, 412);
        let dry = done(&promote(server, "?dry_run", &version));
        assert_eq!((&dry["applied"], ask(server, &question).as_str()), (&json!(false), "allow"));
        assert_eq!(done(&promote(server, "", &version))["applied"], true);
        assert_eq!(done(&server.get(PATH)), json!({ "active": 2, "candidate": null }));
        assert_eq!(ask(server, &question), "deny");
        let promoted = done(&server.get("/api/v1/policies/deployment"));
        assert_eq!((&promoted["number"], &promoted["document"]), (&json!(2), &json!(DENIES)));
        // and the other way
        done(&propose(server, WITHOUT_REVOCATION));
        assert_eq!(ask(server, &question), "deny");
        let counts = counted(server, Some("server-auth"), ("compared", 1));
        assert_eq!(counts["deny-to-allow"], 1, "{counts}");
        let found = flips(server, "?decision=deny&purpose=server-auth");
        assert_eq!(found[0]["causes"][0]["change"], "gone");
        assert_eq!(done(&server.ask(Asked::new("DELETE", PATH)))["candidate"], Value::Null);
        assert_eq!(server.ask(Asked::new("DELETE", PATH)).status, 404);
        assert_eq!(promote(server, "", &version).status, 404);
        assert_eq!((flips(server, "").len(), ask(server, &question).as_str()), (0, "deny"));
        let audit = server.get("/api/v1/audit?limit=100").text().to_owned();
        for act in ["policy.proposed", "policy.promoted", "policy.dropped"] {
            assert!(audit.contains(act), "{act}");
        }
    });
}

#[test]
fn what_cannot_be_used_is_no_candidate_and_replaces_none() {
    let server = Server::start();
    let refused = |text: &str, line: u64, column: u64| {
        let problem = propose(&server, text).json();
        assert_eq!((&problem["status"], &problem["input"]), (&json!(422), &json!("document")), "{problem}");
        assert_eq!((&problem["line"], &problem["column"]), (&json!(line), &json!(column)), "{problem}");
    };
    refused("[revocation]\nsource = []\n", 2, 1);
    assert_eq!(standing(&server), Value::Null);
    let first = done(&propose(&server, DENIES))["version"].clone();
    refused("= 1\n", 1, 1);
    // a certificate that is believed would be too large under it
    let root = Sketch::ca("root").key(pki::key::Key::rsa("rsa-2048-1")).issue();
    done(&upload(&server, &root.der, "trust", "tomcat-trust"));
    let small = propose(&server, "[limits]\ncertificate-octets = 512\n");
    assert_eq!((small.status, &small.json()["code"]), (422, &json!("policy.stores")), "{}", small.text());
    let shown = Asked::new("PUT", &format!("{PATH}?dry_run")).body("application/toml", WITHOUT_REVOCATION);
    let shown = done(&server.ask(shown));
    assert_eq!((&shown["applied"], &shown["version"]), (&json!(false), &Value::Null));
    let stale =
        Asked::new("PUT", PATH).body("application/toml", WITHOUT_REVOCATION).header("if-match", "\"0\"");
    assert_eq!(server.ask(stale).status, 412);
    let candidate = standing(&server);
    assert_eq!((&candidate["version"], &candidate["document"]), (&first, &json!(DENIES)));
    assert_eq!((&candidate["proposed-by"], &candidate["against"]), (&json!("administrator"), &Value::Null));
    let stale = server.ask(Asked::new("DELETE", PATH).header("if-match", "\"1\""));
    assert_eq!(stale.status, 412);
    let seen = format!("\"{first}\"");
    let next =
        Asked::new("PUT", PATH).json(&json!({ "document": WITHOUT_REVOCATION })).header("if-match", &seen);
    assert_ne!(done(&server.ask(next))["version"], first);
    for query in ["?after=x", "?fingerprint=00"] {
        assert_eq!(server.get(&format!("{PATH}/flips{query}")).status, 422, "{query}");
    }
}

#[test]
fn who_may_look_and_who_may_change() {
    let server = Server::start();
    let version = done(&propose(&server, DENIES))["version"].clone();
    for role in ["viewer", "operator", "auditor"] {
        let bearer = format!("Bearer {}", token(&server, role));
        let send = |asked: Asked| server.send(&asked.header("authorization", &bearer)).status;
        assert_eq!(send(Asked::new("GET", PATH)), 200, "{role}");
        let reads = if role == "viewer" { 403 } else { 200 };
        assert_eq!(send(Asked::new("GET", &format!("{PATH}/flips"))), reads, "{role}");
        assert_eq!(send(Asked::new("PUT", PATH).body("application/toml", DENIES)), 403, "{role}");
        assert_eq!(send(Asked::new("DELETE", PATH)), 403, "{role}");
        let promotion = Asked::new("POST", PROMOTION).header("if-match", &format!("\"{version}\""));
        assert_eq!(send(promotion), 403, "{role}");
    }
    assert_eq!(server.send(&Asked::new("GET", PATH)).status, 401);
}

#[test]
fn a_candidate_for_a_policy_that_is_not_in_force_any_more_says_which_it_replaces() {
    let server = Server::start();
    let version = done(&propose(&server, DENIES))["version"].clone();
    done(&put_policy(&server, WITHOUT_REVOCATION));
    done(&put_policy(&server, "# another\n"));
    assert_eq!(standing(&server)["active-changed"], true);
    for query in ["", "?replaces=1", "?replaces=3"] {
        let refused = promote(&server, query, &version);
        assert_eq!(
            (refused.status, &refused.json()["code"]),
            (409, &json!("policy.active-changed")),
            "{query}"
        );
    }
    assert_eq!(done(&promote(&server, "?replaces=2", &version))["applied"], true);
    assert_eq!(done(&server.get(PATH)), json!({ "active": 3, "candidate": null }));
    // one that says so without need is right too, and wrong where it is
    let version = done(&propose(&server, WITHOUT_REVOCATION))["version"].clone();
    assert_eq!(promote(&server, "?replaces=2", &version).status, 409);
    assert_eq!(promote(&server, "?replaces=3", &version).status, 200);
}

#[test]
fn what_finds_no_room_is_counted_and_answered_all_the_same() {
    let server = Server::configured("[candidate]\nwaiting = 0\n");
    let question = believing(&server);
    done(&propose(&server, DENIES));
    for _ in 0..4 {
        assert_eq!(ask(&server, &question), "allow");
    }
    let counts = counted(&server, Some("server-auth"), ("dropped", 4));
    assert_eq!((&counts["dropped"], &counts["compared"]), (&json!(4), &json!(0)), "{counts}");
    assert_eq!(flips(&server, ""), [] as [Value; 0]);
}

#[test]
fn a_restart_keeps_what_was_counted_and_counts_what_it_cut_off() {
    let server = Server::start();
    let question = believing(&server);
    done(&propose(&server, DENIES));
    assert_eq!(ask(&server, &question), "allow");
    counted(&server, Some("server-auth"), ("compared", 1));
    for _ in 0..5 {
        assert_eq!(ask(&server, &question), "allow");
    }
    let token = server.token.clone();
    let (_, place) = server.stop();
    let mut server = Server::at(place, &[]);
    server.token = token;
    let counts = counted(&server, Some("server-auth"), ("compared", 1));
    let known = counts["compared"].as_i64().unwrap() + counts["dropped"].as_i64().unwrap();
    assert_eq!(known, 6, "{counts}");
    assert_eq!(ask(&server, &question), "allow");
    counted(&server, Some("server-auth"), ("compared", counts["compared"].as_i64().unwrap() + 1));
}

#[test]
fn nodes_compare_their_own_decisions_and_counts_add_up() {
    let database = postgres::server();
    let url = database.database();
    let first = node(&url, "node-1", None);
    let second = node(&url, "node-2", first.token.as_deref());
    let question = believing(&first);
    // the first has what its own policy says, under either of both
    let own =
        Asked::new("PUT", "/api/v1/nodes/node-1/policy").body("application/toml", "[crl]\nenabled = false\n");
    assert_eq!(second.ask(own).status, 200);
    done(&propose(&first, DENIES));
    crate::trusted::until(&second, &question, "allow");
    // the second knows of the candidate once it has loaded the version
    let begun = Instant::now();
    while !done(&first.get("/api/v1/nodes"))["items"]
        .as_array()
        .unwrap()
        .iter()
        .all(|one| one["is-current"] == true)
    {
        assert!(begun.elapsed() < Duration::from_secs(60));
        std::thread::yield_now();
    }
    for server in [&first, &second, &second] {
        assert_eq!(ask(server, &question), "allow");
    }
    let counts = counted(&first, Some("server-auth"), ("allow-to-deny", 3));
    assert_eq!(counts["undecided"], 0, "{counts}");
    let nodes: std::collections::BTreeSet<String> = flips(&second, "?purpose=server-auth")
        .iter()
        .map(|flip| flip["node"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(nodes, ["node-1".to_owned(), "node-2".to_owned()].into());
    // what is promoted at one holds at the other
    let version = standing(&second)["version"].clone();
    done(&promote(&second, "", &version));
    crate::trusted::until(&first, &question, "deny");
}

/// Nothing is asked of anybody because of a candidate, and what was recorded of a decision is named beside its flip.
#[test]
fn a_candidate_fetches_nothing_and_is_told_of_decisions_for_other_servers() {
    let world = World::with(&format!("[capsules]\nrecord = 'all'\n\n{CLASSES}"));
    let server = &world.server;
    done(&put_policy(server, WITHOUT_REVOCATION));
    done(&propose(server, "[revocation]\nundetermined = 'deny'\n"));
    let before = world.ocsp.received().len();
    assert_eq!(world.decided("cached", "good")["decision"], "allow");
    assert_eq!(server.ask(world.nginx("cached", "revoked")).status, 204);
    let counts = counted(server, Some("client-auth"), ("asks-for-more", 2));
    assert_eq!((&counts["compared"], &counts["allow-to-deny"]), (&json!(2), &json!(0)), "{counts}");
    assert_eq!(world.ocsp.received().len(), before);
    let found = flips(server, "?purpose=client-auth");
    assert_eq!((found.len(), &found[0]["asks-for-more"]), (2, &json!(true)), "{found:?}");
    let begun = Instant::now();
    let capsule = loop {
        if let Some(capsule) = flips(server, "?purpose=client-auth")[0]["capsule"].as_str() {
            break capsule.to_owned();
        }
        assert!(begun.elapsed() < Duration::from_secs(60));
        std::thread::yield_now();
    };
    let file = server.get(&format!("/api/v1/capsules/{capsule}"));
    assert_eq!((file.status, &file.json()["root"]), (200, &json!(capsule)));
    // the same evidence: who answered the one is not asked by the other
    done(&put_policy(server, ""));
    done(&propose(server, "[revocation]\nundetermined = 'deny'\n"));
    assert_eq!(world.decided("live", "good")["decision"], "allow");
    assert_eq!(world.decided("live", "revoked")["decision"], "deny");
    let counts = counted(server, Some("client-auth"), ("compared", 2));
    assert_eq!(counts["asks-for-more"], 0, "{counts}");
    assert_eq!(flips(server, "?purpose=client-auth"), [] as [Value; 0]);
    // who is revoked is let in by a policy that asks nobody, and a live class has no answer under it
    done(&propose(server, WITHOUT_REVOCATION));
    assert_eq!(world.decided("cached", "revoked")["decision"], "deny");
    assert_eq!(world.decided("live", "good")["decision"], "allow");
    let counts = counted(server, Some("client-auth"), ("compared", 2));
    assert_eq!((&counts["deny-to-allow"], &counts["cannot-be-asked"]), (&json!(1), &json!(1)), "{counts}");
    let found = flips(server, "?purpose=client-auth&decision=deny");
    assert_eq!((&found[0]["candidate"], &found[0]["causes"][0]["change"]), (&json!("allow"), &json!("gone")));
    let found = flips(server, "?purpose=client-auth&decision=allow");
    assert_eq!(
        (&found[0]["candidate"], &found[0]["causes"][0]["code"]),
        (&Value::Null, &json!("decide.not-live"))
    );
}

/// Runs a command against a server: its status and what it said.
fn said(server: &Server, arguments: &[&str]) -> (i32, String, String) {
    let mut command = assayer(&[&["policy", "candidate"], arguments].concat());
    command.env("ASSAYER_SERVER", &server.uri).env("ASSAYER_TOKEN", server.token.as_deref().unwrap());
    let (status, output, errors) = run(command.env("LC_ALL", "C.UTF-8"));
    (status.unwrap(), output, errors)
}

#[test]
fn a_policy_is_rolled_out_from_a_terminal() {
    let server = Server::start();
    let question = believing(&server);
    let place = Place::new();
    let (good, bad) =
        (place.file("good.toml", DENIES), place.file("bad.toml", "[revocation]\nsource = []\n"));
    assert_eq!(said(&server, &["show"]), (0, "there is no candidate\n".to_owned(), String::new()));
    let (status, output, errors) = said(&server, &["propose", &bad]);
    assert_eq!((status, output.as_str()), (2, ""), "{errors}");
    assert!(errors.contains("line 2"), "{errors}");
    let (status, output, _) = said(&server, &["propose", &good, "--dry-run"]);
    assert_eq!((status, output.as_str()), (0, "DRY RUN  nothing was changed\n"));
    let (status, output, errors) = said(&server, &["propose", &good]);
    let version = standing(&server)["version"].to_string();
    let expected = format!("DONE  it is the candidate, version {version}, and decides nothing\n");
    assert_eq!((status, output), (0, expected), "{errors}");
    assert_eq!(ask(&server, &question), "allow");
    counted(&server, Some("server-auth"), ("allow-to-deny", 1));
    let (status, output, _) = said(&server, &["show"]);
    assert_eq!(status, 0);
    for part in
        [format!("Candidate {version}").as_str(), "against", "policy 1", "server-auth", "allow becomes deny"]
    {
        assert!(output.contains(part), "{part}: {output}");
    }
    let (status, output, _) = said(&server, &["flips", "--purpose", "server-auth", "--decision", "allow"]);
    assert_eq!(status, 0);
    for part in ["allow > deny", "nobody is let in", "own:nobody", "server-auth"] {
        assert!(output.contains(part), "{part}: {output}");
    }
    let (status, output, _) = said(&server, &["flips", "--json"]);
    let page: Value = serde_json::from_str(&output).unwrap();
    assert_eq!((status, &page["items"][0]["candidate"]), (0, &json!("deny")));
    // nobody can be asked here, and a version that was not looked at is none to promote
    for arguments in
        [&["promote"][..], &["drop"], &["promote", "--yes"], &["promote", "--yes", "--version", "1"]]
    {
        let (status, _, errors) = said(&server, arguments);
        assert_eq!(status, 2, "{errors}");
        assert!(standing(&server)["version"].is_i64(), "{arguments:?}");
    }
    let (status, output, errors) = said(&server, &["promote", "--yes", "--version", &version]);
    assert_eq!((status, output.as_str()), (0, "DONE  it is in force\n"), "{errors}");
    assert_eq!(ask(&server, &question), "deny");
    assert_eq!(said(&server, &["propose", &good]).0, 0);
    let (status, output, errors) = said(&server, &["drop", "--yes"]);
    assert_eq!((status, output.as_str()), (0, "DONE  there is no candidate any more\n"), "{errors}");
}
