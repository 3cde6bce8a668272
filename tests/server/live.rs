//! Decisions for other servers: what a real responder says at this moment, what may be told again and for how long, and
//! what becomes of more questions than can be answered.

use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::client::Asked;
use crate::clients::{CLASSES, World};
use crate::fault::Step;
use crate::management::{done, fingerprint};
use crate::process::Place;
use crate::trusted::put_policy;

#[track_caller]
fn said(decision: &Value) -> (String, String) {
    let word = |name: &str| decision[name].as_str().unwrap().to_owned();
    (word("decision"), word("status"))
}

/// Asks again until it is decided so.
fn until(world: &World, (class, leaf): (&str, &str), fits: impl Fn(&Value) -> bool) -> Value {
    let begun = Instant::now();
    loop {
        let reply = world.decide(class, leaf);
        if reply.status == 200 && fits(&reply.json()) {
            return reply.json();
        }
        assert!(begun.elapsed() < Duration::from_secs(90), "{}", reply.text());
        thread::yield_now();
    }
}

// R-OCSP-18, R-OCSP-19
#[test]
fn every_status_of_a_real_responder_in_both_modes() {
    let world = World::new();
    for (leaf, live, strict, code) in [
        ("good", ("allow", "good"), ("allow", "good"), ""),
        ("revoked", ("deny", "revoked"), ("deny", "revoked"), "revocation.revoked"),
        ("unlisted", ("allow", "unknown"), ("deny", "unknown"), "revocation.unknown"),
    ] {
        for (class, (decision, status)) in [("live", live), ("strict", strict)] {
            let asked = world.ocsp.accepted();
            let told = world.decided(class, leaf);
            assert_eq!(said(&told), (decision.to_owned(), status.to_owned()), "{class} {leaf} {told}");
            if decision == "deny" {
                assert_eq!((&told["codes"][0], &told["reasons"][0]["code"]), (&json!(code), &json!(code)));
                assert!(told["reasons"][0]["sentence"].as_str().is_some_and(|text| text.len() > 10));
            }
            // the leaf is asked about at this moment, by us, once
            assert_eq!(world.ocsp.accepted(), asked + 1, "{class} {leaf}");
        }
    }
    world.instead(vec![Step::Reset]);
    let lenient = said(&world.decided("live", "good"));
    assert_eq!(lenient, ("allow".to_owned(), "undetermined".to_owned()));
    let strict = world.decided("strict", "good");
    assert_eq!(said(&strict), ("deny".to_owned(), "undetermined".to_owned()), "{strict}");
    assert_eq!(strict["codes"][0], "revocation.undetermined");
}

// R-OCSP-18, R-OCSP-23
#[test]
fn a_client_revoked_a_second_ago_is_denied() {
    let world = World::new();
    let nginx = |class: &str| world.server.ask(world.nginx(class, "good"));
    for class in ["live", "cached"] {
        let allowed = nginx(class);
        assert_eq!((allowed.status, allowed.header("x-assayer-decision")), (204, Some("allow")));
        assert_eq!(allowed.header("x-assayer-trace").map(str::len), Some(64));
    }
    let first = world.decided("cached", "good");
    assert_eq!((&first["decision"], &first["from-cache"]), (&json!("allow"), &json!(true)));
    // the responder's answers hold for half an hour, the class would have it an hour
    let until: jiff::Timestamp = first["fresh-until"].as_str().unwrap().parse().unwrap();
    let left = until.as_second() - jiff::Timestamp::now().as_second();
    assert!((1..3_600).contains(&left), "{left}");
    world.revoke_the_good();
    let denied = nginx("live");
    assert_eq!((denied.status, denied.header("x-assayer-decision")), (403, Some("deny")));
    assert_eq!(denied.header("x-assayer-code"), Some("revocation.revoked"));
    // what may be told again is, up to its bound and no longer; the shortest bound there is shows that below
    assert_eq!(nginx("cached").status, 204);
}

// R-OCSP-23
#[test]
fn what_is_told_again_is_told_up_to_its_bound_only() {
    let world = World::with(&CLASSES.replace("cache-seconds = 3600", "cache-seconds = 1"));
    until(&world, ("cached", "good"), |told| told["decision"] == "allow" && told["from-cache"] == true);
    world.revoke_the_good();
    let begun = Instant::now();
    let denied = until(&world, ("cached", "good"), |told| told["decision"] == "deny");
    assert_eq!((&denied["status"], &denied["codes"][0]), (&json!("revoked"), &json!("revocation.revoked")));
    assert!(begun.elapsed() < Duration::from_secs(30));
}

#[test]
fn what_is_kept_goes_with_every_change_of_policy_and_stores() {
    let world = World::new();
    let told = || world.decided("cached", "good");
    let first = told();
    assert_eq!((&first["from-cache"], &first["decision"]), (&json!(false), &json!("allow")));
    let again = told();
    assert_eq!((&again["from-cache"], &again["trace"]), (&json!(true), &first["trace"]));
    done(&put_policy(&world.server, "[revocation]\nretry-seconds = 301\n"));
    let after = told();
    assert_eq!((&after["from-cache"], &after["decision"]), (&json!(false), &json!("allow")));
    assert_ne!((&after["policy"], &after["version"]), (&first["policy"], &first["version"]));
    assert_eq!(told()["from-cache"], true);
    let path = format!("/api/v1/certificates/trust/tomcat-trust/{}", fingerprint(&world.der("root")));
    done(&world.server.ask(Asked::new("DELETE", &path)));
    let gone = told();
    assert_eq!((&gone["from-cache"], &gone["decision"]), (&json!(false), &json!("deny")));
    // who is shut out is told so again, for moments
    assert_eq!((&told()["from-cache"], &told()["decision"]), (&json!(true), &json!("deny")));
    let metrics = world.server.get("/metrics");
    for (decision, source) in [("allow", "cache"), ("allow", "live"), ("deny", "cache"), ("deny", "live")] {
        let labels = format!("{{class=\"cached\",decision=\"{decision}\",source=\"{source}\"}}");
        assert!(metrics.text().contains(&format!("assayer_client_decisions_total{labels}")), "{labels}");
    }
    assert!(metrics.text().contains("assayer_client_decision_duration_seconds_bucket"));
}

#[test]
fn the_whole_verdict_is_told_on_request_and_decided_anew() {
    let world = World::new();
    world.decided("cached", "good");
    let question = json!({ "class": "cached", "certificate": world.pem("good") });
    let full = done(&world.server.post("/v1/decide?verdict=full", &question));
    assert_eq!((&full["from-cache"], &full["verdict"]["trace-hash"]), (&json!(false), &full["trace"]));
    assert_eq!(full["verdict"]["settings-hash"], full["policy"]);
    assert_eq!(world.decided("cached", "good").get("verdict"), None);
    let wrong = world.server.post("/v1/decide?verdict=all", &question);
    assert_eq!((wrong.status, &wrong.json()["code"]), (400, &json!("request.query")));
}

// R-OCSP-19
#[test]
fn a_live_class_is_not_answered_where_the_policy_asks_nobody() {
    let world = World::new();
    done(&put_policy(&world.server, "[revocation]\nsources = []\n"));
    let refused = world.decide("live", "good");
    assert_eq!((refused.status, &refused.json()["code"]), (500, &json!("decide.not-live")));
    assert_eq!(world.server.ask(world.nginx("live", "good")).status, 500);
    assert_eq!(said(&world.decided("cached", "good")), ("allow".to_owned(), "not-asked".to_owned()));
}

#[test]
fn a_class_may_have_a_policy_of_its_own() {
    let place = Place::new();
    let file = place.file("own.toml", "[revocation]\nsources = []\n");
    let classes = CLASSES.replace("answers = 'cached'", &format!("answers = 'cached'\npolicy = '{file}'"));
    let world = World::with(&classes);
    done(&put_policy(&world.server, "common-criteria = true\n"));
    let own = world.decided("cached", "unlisted");
    assert_eq!(said(&own), ("allow".to_owned(), "not-asked".to_owned()));
    let in_force = world.decided("live", "unlisted");
    assert_eq!(said(&in_force), ("deny".to_owned(), "unknown".to_owned()));
    assert_ne!(own["policy"], in_force["policy"]);
}

#[test]
fn more_than_can_be_answered_are_told_so_at_once_and_nobody_is_let_in_by_mistake() {
    let room = "[decide]\nat-once = 1\nqueue = 1\nwait-milliseconds = 200\nanswer-seconds = 2\n\n";
    let world = World::with(&format!("{room}{CLASSES}"));
    assert_eq!(world.decided("cached", "good")["decision"], "allow");
    world.instead(vec![Step::Stall]);
    let leaves = ["good", "revoked", "unlisted"];
    let replies: Vec<_> = thread::scope(|scope| {
        let asking: Vec<_> = (0..12)
            .map(|number| {
                let leaf = leaves[number % leaves.len()];
                let world = &world;
                scope.spawn(move || world.decide("strict", leaf))
            })
            .collect();
        // whatever may be told again still is, and what has nothing to do with it is done
        world.ocsp.wait_for_requests(2);
        let kept = world.decided("cached", "good");
        assert_eq!((&kept["decision"], &kept["from-cache"]), (&json!("allow"), &json!(true)));
        assert_eq!(world.server.get("/readyz").status, 200);
        done(&put_policy(&world.server, "[revocation]\nretry-seconds = 302\n"));
        asking.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let (shed, told): (Vec<_>, Vec<_>) = replies.into_iter().partition(|reply| reply.status == 503);
    assert!(!shed.is_empty(), "nobody was told to come again");
    assert!(!told.is_empty(), "nobody was answered");
    for reply in &shed {
        assert_eq!(
            (reply.header("retry-after"), &reply.json()["code"]),
            (Some("1"), &json!("server.overloaded"))
        );
    }
    for reply in &told {
        assert_eq!(done(reply)["decision"], "deny", "{}", reply.text());
    }
    let metrics = world.server.get("/metrics").text().to_owned();
    let label = "assayer_client_decisions_missing_total{class=\"strict\",outcome=\"overloaded\"}";
    assert!(metrics.contains(label), "{metrics}");
    // it recovers, once the responder does and is tried again
    world.answer();
    until(&world, ("strict", "good"), |told| told["decision"] == "allow");
    assert_eq!(said(&world.decided("strict", "revoked")), ("deny".to_owned(), "revoked".to_owned()));
}
