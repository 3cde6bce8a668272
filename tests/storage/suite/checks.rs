//! What is judged again, under a clock of the test's own and with a judge that says what it is told to.

use host_server::alarm::document::EventDetails;
use host_server::audit::AuditLog;
use host_server::storage::{
    AlarmState, CheckFilter, CheckStatus, Class, ConnectionFilter, ConnectionState, Decided, Ending, NewEntry, Origin,
    Planned, Reason, Storage,
};
use host_server::watch::recheck::{Judged, LEASE, Reach};

use crate::place::Home;
use crate::rechecked::{Hand, Stub, drive, judged, policy, rechecks, register, revoked};
use crate::sample::{NOW, act, apply, at, entry, fingerprint, identity, nodes, remove, store, trust};
use crate::watched::{DAY, HOUR, all};

/// A certificate of an authority of its own, for as long as anybody looks.
fn kept(name: &str) -> NewEntry {
    let mut new = entry(name);
    new.facts.not_after = NOW + 4_000 * DAY;
    new
}

async fn codes(storage: &Storage) -> Vec<(String, AlarmState)> {
    let mut found: Vec<_> = all(storage).await.into_iter().map(|alarm| (alarm.code, alarm.state)).collect();
    found.reverse();
    found
}

async fn one(storage: &Storage, name: &str) -> host_server::storage::Check {
    let filter = CheckFilter { fingerprint: Some(fingerprint(name)), ..CheckFilter::default() };
    storage.checks(&filter, 2).await.unwrap().remove(0)
}

// R-OCSP-8, R-REV-1
pub(super) async fn an_upload_is_one_decision_and_is_written_down(home: Home) {
    let (storage, stub, hand) = (home.open().await, Stub::default(), Hand::new());
    nodes(&storage).await;
    let issued = NewEntry { origin: Origin::Issued, place: at(identity("tomcat"), Some("a")), ..kept("issued") };
    let own = NewEntry { origin: Origin::SelfSigned, place: at(identity("ipsec"), Some("a")), ..kept("own") };
    let copied = NewEntry { origin: Origin::Copied, place: at(trust("CAPF-trust"), None), ..kept("up") };
    apply(&storage, &[store(kept("up")), store(copied), store(issued), store(own)]).await;
    stub.says("issued", Ok(revoked("keyCompromise")));
    let mut running = rechecks(&storage, "a", &stub, &hand);
    // nothing is looked at again: the settings say so
    drive(&mut running, &storage, &hand, 400 * DAY).await;
    for name in ["up", "issued", "own"] {
        assert_eq!(stub.asked(name), [0], "{name}");
    }
    // storing again what lies there already is no upload
    apply(&storage, &[store(kept("up"))]).await;
    drive(&mut running, &storage, &hand, 401 * DAY).await;
    assert_eq!(stub.asked("up"), [0]);
    let records = AuditLog::of(&storage).after(0, 100).await.unwrap();
    let checked: Vec<_> = records.iter().filter(|record| record.what == "certificate.checked").collect();
    assert_eq!(checked.len(), 3);
    let hex = |name: &str| data_encoding(&fingerprint(name));
    let of = |name: &str| checked.iter().find(|record| record.subject == hex(name)).unwrap().details_json();
    let found = of("issued");
    assert_eq!((&found["status"], &found["decision"], &found["because"]), (&"revoked".into(), &"deny".into(), &"upload".into()));
    assert_eq!(found["verdict"], "07".repeat(32));
    assert_eq!(of("up")["status"], "good");
    assert!(AuditLog::of(&storage).verify().await.unwrap().is_ok());
}

fn data_encoding(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

// R-OCSP-9, R-REV-1, R-REV-2, R-REV-3
pub(super) async fn what_is_kept_is_looked_at_every_so_many_hours_or_days(home: Home) {
    let (storage, stub, hand) = (home.open().await, Stub::default(), Hand::new());
    nodes(&storage).await;
    let hours = policy("check = \"enabled\"\nevery = 6\nunit = \"hours\"\n");
    apply(&storage, &[hours, store(kept("a"))]).await;
    let mut running = rechecks(&storage, "a", &stub, &hand);
    drive(&mut running, &storage, &hand, DAY).await;
    assert_eq!(stub.asked("a"), [0, 6 * HOUR, 12 * HOUR, 18 * HOUR, 24 * HOUR]);
    // a longer interval begins with the next time; a shorter one takes what is planned too late forward
    apply(&storage, &[policy("check = \"enabled\"\nevery = 2\nunit = \"days\"\n")]).await;
    drive(&mut running, &storage, &hand, 6 * DAY).await;
    assert_eq!(stub.asked("a").split_off(5), [30 * HOUR, 78 * HOUR, 126 * HOUR]);
    apply(&storage, &[policy("check = \"enabled\"\nevery = 1\nunit = \"hours\"\n")]).await;
    drive(&mut running, &storage, &hand, 6 * DAY + HOUR).await;
    let found = stub.asked("a").split_off(8);
    assert!(found.len() == 1 && found[0] > 6 * DAY && found[0] <= 6 * DAY + HOUR, "{found:?}");
    // off is off
    apply(&storage, &[policy("check = \"disabled\"\n")]).await;
    drive(&mut running, &storage, &hand, 90 * DAY).await;
    assert_eq!(stub.asked("a").len(), 9);
    assert_eq!(one(&storage, "a").await.due_at, None);
    // and asking for it is another matter
    assert_eq!(storage.ask_for_checks(&CheckFilter::default(), hand.now()).await.unwrap(), 1);
    drive(&mut running, &storage, &hand, 91 * DAY).await;
    assert_eq!(stub.asked("a").len(), 10);
}

pub(super) async fn an_answer_that_lapses_sooner_is_asked_for_sooner(home: Home) {
    let (storage, stub, hand) = (home.open().await, Stub::default(), Hand::new());
    nodes(&storage).await;
    apply(&storage, &[policy("check = \"enabled\"\n"), store(kept("a")), store(kept("b"))]).await;
    let until = |at: i64| Ok(Judged { ask_again: Some(NOW + at), ..judged(CheckStatus::Good, Decided::Allow, "") });
    stub.says("a", until(HOUR));
    stub.says("b", until(3 * DAY));
    let mut running = rechecks(&storage, "a", &stub, &hand);
    drive(&mut running, &storage, &hand, HOUR).await;
    assert_eq!((stub.asked("a"), stub.asked("b")), (vec![0, HOUR], vec![0]));
    // what has lapsed already is not asked for without a pause
    let pause = one(&storage, "a").await.due_at.unwrap() - NOW - HOUR;
    assert!((1..=60).contains(&pause), "{pause}");
}

// R-REV-4, R-REV-5, R-REV-7, R-REV-8, R-REV-9
pub(super) async fn long_lived_connections_are_judged_as_the_settings_say(home: Home) {
    let (storage, stub, hand) = (home.open().await, Stub::default(), Hand::new());
    nodes(&storage).await;
    let base = "check = \"enabled\"\nevery = 2\nunit = \"days\"\n";
    apply(&storage, &[policy(base), store(kept("kept"))]).await;
    for (id, class) in [("1", Class::Ldap), ("2", Class::Cti), ("3", Class::Ipsec)] {
        register(&storage, id, class, id, NOW).await;
    }
    let mut running = rechecks(&storage, "a", &stub, &hand);
    drive(&mut running, &storage, &hand, 4 * DAY).await;
    // without the validity check a connection is judged when it is registered, and what is kept all the same
    assert_eq!((stub.asked("1"), stub.asked("2")), (vec![0], vec![0]));
    assert_eq!(stub.asked("kept"), [0, 2 * DAY, 4 * DAY]);
    let own = "validity-check = \"True\"\nvalidity-check-hours = 6\nlong-lived = [\"ldap\", \"ipsec\"]\n";
    apply(&storage, &[policy(own)]).await;
    drive(&mut running, &storage, &hand, 5 * DAY).await;
    let ldap = stub.asked("1").split_off(1);
    assert!(ldap.len() == 4 && ldap.windows(2).all(|two| two[1] - two[0] == 6 * HOUR), "{ldap:?}");
    assert_eq!((stub.asked("2").len(), stub.asked("3").len(), stub.asked("kept").len()), (1, 5, 3));
    // both set: the interval of the periodic check is the one
    apply(&storage, &[policy(&format!("{own}{base}"))]).await;
    drive(&mut running, &storage, &hand, 15 * DAY).await;
    let ldap = stub.asked("1").split_off(6);
    assert!(ldap.len() >= 4 && ldap.windows(2).all(|two| two[1] - two[0] == 2 * DAY), "{ldap:?}");
}

// R-OCSP-9: a restart misses nothing, and puts nothing off
pub(super) async fn a_restart_misses_nothing(home: Home) {
    let (stub, hand) = (Stub::default(), Hand::new());
    let storage = home.open().await;
    nodes(&storage).await;
    apply(&storage, &[policy("check = \"enabled\"\n"), store(kept("a"))]).await;
    drive(&mut rechecks(&storage, "a", &stub, &hand), &storage, &hand, 30 * HOUR).await;
    storage.close().await;
    let storage = home.open().await;
    for hour in 30..48 {
        hand.set(NOW + hour * HOUR);
        drive(&mut rechecks(&storage, "a", &stub, &hand), &storage, &hand, hour * HOUR).await;
    }
    assert_eq!(stub.asked("a"), [0, DAY]);
    drive(&mut rechecks(&storage, "a", &stub, &hand), &storage, &hand, 49 * HOUR).await;
    assert_eq!(stub.asked("a"), [0, DAY, 2 * DAY]);
    // after days of standing still it is looked at at once, and once
    hand.set(NOW + 9 * DAY);
    drive(&mut rechecks(&storage, "a", &stub, &hand), &storage, &hand, 9 * DAY + HOUR).await;
    assert_eq!(stub.asked("a"), [0, DAY, 2 * DAY, 9 * DAY]);
}

pub(super) async fn what_comes_under_the_clock_is_spread_over_the_interval(home: Home) {
    let (storage, stub, hand) = (home.open().await, Stub::default(), Hand::new());
    nodes(&storage).await;
    let names: Vec<String> = (0..100).map(|number| format!("n{number}")).collect();
    apply(&storage, &names.iter().map(|name| store(kept(name))).collect::<Vec<_>>()).await;
    let mut running = rechecks(&storage, "a", &stub, &hand);
    drive(&mut running, &storage, &hand, 0).await;
    apply(&storage, &[policy("check = \"enabled\"\n")]).await;
    drive(&mut running, &storage, &hand, 3 * DAY).await;
    let mut moments = std::collections::BTreeSet::new();
    for name in &names {
        let asked = stub.asked(name);
        assert!(asked.len() == 4 && asked[0] == 0 && asked[1] <= DAY && asked[2] - asked[1] == DAY, "{asked:?}");
        moments.insert(asked[1] / HOUR);
    }
    assert!(moments.len() > 12, "{moments:?}");
}

pub(super) async fn each_change_of_a_status_is_told_once(home: Home) {
    let (storage, stub, hand) = (home.open().await, Stub::default(), Hand::new());
    nodes(&storage).await;
    let own = NewEntry { place: at(identity("tomcat"), Some("a")), ..kept("a") };
    apply(&storage, &[policy("check = \"enabled\"\n"), store(own), store(kept("a"))]).await;
    let mut running = rechecks(&storage, "a", &stub, &hand);
    let mut day = 0;
    let mut says = async |answer: Judged| {
        stub.says("a", Ok(answer));
        day += 2;
        drive(&mut running, &storage, &hand, day * DAY).await;
        codes(&storage).await
    };
    let open = |code: &str| (code.to_owned(), AlarmState::Open);
    let over = |code: &str| (code.to_owned(), AlarmState::Resolved);
    assert_eq!(says(judged(CheckStatus::Good, Decided::Allow, "")).await, []);
    let lost = judged(CheckStatus::Undetermined, Decided::Deny, "unavailable.timeout");
    assert_eq!(says(lost.clone()).await, [open("revocation.undetermined")]);
    let told = says(judged(CheckStatus::Unknown, Decided::Deny, "")).await;
    assert_eq!(told, [over("revocation.undetermined"), open("revocation.unknown")]);
    let told = says(revoked("certificateHold")).await;
    assert_eq!(told[1..], [over("revocation.unknown"), open("revocation.revoked")]);
    // on hold, then revoked for good, then found good again, as after a mistake
    let told = says(revoked("keyCompromise")).await;
    assert_eq!(told[2..], [over("revocation.revoked"), open("revocation.revoked")]);
    let told = says(judged(CheckStatus::Good, Decided::Allow, "")).await;
    assert_eq!(told[3..], [over("revocation.revoked"), open("revocation.restored")]);
    let told = says(revoked("keyCompromise")).await;
    assert_eq!(told[4..], [over("revocation.restored"), open("revocation.revoked")]);
    // what could not be had for a while says nothing of a revocation
    assert_eq!(says(Judged { reach: Reach::Offline, ..lost }).await.len(), 6);
    let alarm = all(&storage).await.remove(0);
    assert_eq!((alarm.severity.word(), alarm.watched), ("critical", fingerprint("a")));
    let details: EventDetails = serde_json::from_str(&alarm.document).unwrap();
    assert_eq!(details.services, ["Cisco Tomcat"]);
    let places: Vec<_> = details.places.iter().map(|place| place.words()).collect();
    assert_eq!(places, ["tomcat on a", "tomcat-trust"]);
    assert!(details.sentence.contains("keyCompromise") || details.sentence.contains("compromised"), "{}", details.sentence);
    assert_eq!(storage.queues().await.unwrap()[0].depth, 6);
}

pub(super) async fn what_is_taken_away_is_looked_at_no_more(home: Home) {
    let (storage, stub, hand) = (home.open().await, Stub::default(), Hand::new());
    nodes(&storage).await;
    let on_b = NewEntry { place: at(trust("tomcat-trust"), Some("b")), ..kept("b") };
    apply(&storage, &[policy("check = \"enabled\"\n"), store(kept("a")), store(on_b)]).await;
    stub.says("a", Ok(revoked("keyCompromise")));
    let mut running = rechecks(&storage, "a", &stub, &hand);
    drive(&mut running, &storage, &hand, HOUR).await;
    // what lies on another node alone is that one's to look at
    assert_eq!((stub.asked("a").len(), stub.asked("b").len()), (1, 0));
    assert_eq!(rechecks(&storage, "b", &stub, &hand).step().await.unwrap().done, 1);
    // taken from one node, it lies on the others still
    apply(&storage, &[remove(trust("tomcat-trust"), Some("c"), "a")]).await;
    assert_eq!(one(&storage, "a").await.times, 1);
    apply(&storage, &[remove(trust("tomcat-trust"), None, "a")]).await;
    assert_eq!(codes(&storage).await, [("revocation.revoked".to_owned(), AlarmState::Resolved)]);
    let gone = host_server::storage::Change::RemoveNode { name: "b".to_owned() };
    apply(&storage, &[gone]).await;
    assert_eq!(storage.checks(&CheckFilter::default(), 10).await.unwrap(), []);
    drive(&mut running, &storage, &hand, 9 * DAY).await;
    assert_eq!(stub.asked("a").len(), 1);
}

// R-REV-4, R-OCSP-22
pub(super) async fn whoever_owns_a_connection_is_told_once_that_it_must_be_cut(home: Home) {
    let (storage, stub, hand) = (home.open().await, Stub::default(), Hand::new());
    nodes(&storage).await;
    apply(&storage, &[policy("validity-check = \"enabled\"\nvalidity-check-hours = 1\n")]).await;
    register(&storage, "1", Class::Ldap, "peer", NOW).await;
    register(&storage, "2", Class::Cti, "other", NOW).await;
    let mut running = rechecks(&storage, "a", &stub, &hand);
    let state = async || {
        let found = storage.connection("1").await.unwrap().unwrap();
        (found.state, found.why)
    };
    assert_eq!(state().await, (ConnectionState::Unjudged, String::new()));
    drive(&mut running, &storage, &hand, 2 * HOUR).await;
    assert_eq!(state().await, (ConnectionState::Good, String::new()));
    // it expires meanwhile
    stub.says("peer", Ok(judged(CheckStatus::NotAsked, Decided::Deny, "validity.expired")));
    drive(&mut running, &storage, &hand, 9 * HOUR).await;
    assert_eq!(state().await, (ConnectionState::Cut, "validity.expired".to_owned()));
    let cut = ConnectionFilter { state: Some(ConnectionState::Cut), ..ConnectionFilter::default() };
    assert_eq!(storage.connections(&cut, 10).await.unwrap().len(), 1);
    let alarms = all(&storage).await;
    assert_eq!(codes(&storage).await, [("connection.cut".to_owned(), AlarmState::Open)]);
    let details: EventDetails = serde_json::from_str(&alarms[0].document).unwrap();
    let value = |name: &str| details.values.iter().find(|value| value.name == name).unwrap().value.clone();
    assert_eq!([value("class"), value("peer"), value("owner")], ["LDAP", "ldap.example", "alice"]);
    // trusted again, as after a hold, and then not again
    stub.says("peer", Ok(judged(CheckStatus::Good, Decided::Allow, "")));
    drive(&mut running, &storage, &hand, 11 * HOUR).await;
    assert_eq!(codes(&storage).await, [("connection.cut".to_owned(), AlarmState::Resolved)]);
    stub.says("peer", Ok(revoked("keyCompromise")));
    drive(&mut running, &storage, &hand, 20 * HOUR).await;
    assert_eq!(codes(&storage).await[1..], [("connection.cut".to_owned(), AlarmState::Open)]);
    assert!(storage.end_connection("1", act("connection.ended")).await.unwrap());
    assert!(!storage.end_connection("1", act("connection.ended")).await.unwrap());
    assert!(codes(&storage).await.iter().all(|(_, state)| *state == AlarmState::Resolved));
    let asked = stub.asked("peer").len();
    drive(&mut running, &storage, &hand, 30 * HOUR).await;
    assert_eq!((stub.asked("peer").len(), stub.asked("other").len()), (asked, 31));
    assert_eq!(storage.connections(&ConnectionFilter::default(), 10).await.unwrap().len(), 1);
    let all = ConnectionFilter { with_ended: true, ..ConnectionFilter::default() };
    assert_eq!(storage.connections(&all, 10).await.unwrap().len(), 2);
    assert_eq!(storage.connection("1").await.unwrap().unwrap().chain, [vec![1, 2]]);
}

pub(super) async fn what_cannot_be_found_out_is_tried_again_later_and_later(home: Home) {
    let (storage, stub, hand) = (home.open().await, Stub::default(), Hand::new());
    nodes(&storage).await;
    apply(&storage, &[store(kept("a"))]).await;
    stub.says("a", Err("the engine failed".to_owned()));
    let mut running = rechecks(&storage, "a", &stub, &hand);
    drive(&mut running, &storage, &hand, 500).await;
    assert_eq!(stub.asked("a"), [0, 60, 180, 420]);
    let found = one(&storage, "a").await;
    assert_eq!((found.status, found.failures, found.times), (CheckStatus::Unchecked, 4, 0));
    assert_eq!(found.reason, Reason::Upload);
    stub.says("a", Ok(judged(CheckStatus::Good, Decided::Allow, "")));
    drive(&mut running, &storage, &hand, DAY).await;
    let found = one(&storage, "a").await;
    assert_eq!((found.status, found.failures, found.times, found.due_at), (CheckStatus::Good, 0, 1, None));
}

pub(super) async fn a_claim_ends_with_its_lease_and_is_nobody_elses_before(home: Home) {
    let storage = home.open().await;
    nodes(&storage).await;
    apply(&storage, &[store(kept("a"))]).await;
    storage.plan_checks(Planned::Kept, NOW, Some(DAY)).await.unwrap();
    let due = storage.due_checks(NOW, "a", &[], 10).await.unwrap();
    assert_eq!((due.len(), due[0].issuer.as_str()), (1, "a"));
    assert_eq!(storage.due_checks(NOW, "a", &["a".to_owned(), "b".to_owned()], 10).await.unwrap(), []);
    assert_eq!(storage.due_checks(NOW - 1, "a", &[], 10).await.unwrap(), []);
    let take = async |now| storage.take_checks(&[due[0].id], "a", (now, now + LEASE)).await.unwrap();
    let killed = take(NOW).await.remove(0);
    assert_eq!(take(NOW + LEASE - 1).await, []);
    assert_eq!(storage.due_checks(NOW + LEASE - 1, "b", &[], 10).await.unwrap(), []);
    let mut taken = take(NOW + LEASE).await;
    let found = judged(CheckStatus::Good, Decided::Allow, "").found;
    let ending = || Ending::Found {
        found: found.clone(),
        due_at: Some(NOW + DAY),
        events: Vec::new(),
        resolved: Vec::new(),
        record: None,
    };
    // whoever was killed is not, and comes too late
    assert_eq!(storage.end_checks(&[(killed, ending())], &[], NOW + LEASE).await.unwrap().found, 0);
    // asked for meanwhile: done once more after this one
    storage.ask_for_checks(&CheckFilter::default(), NOW + LEASE).await.unwrap();
    assert_eq!(take(NOW + LEASE + 1).await, []);
    let taken = taken.remove(0);
    assert_eq!(storage.end_checks(&[(taken.clone(), ending())], &[], NOW + LEASE).await.unwrap().found, 1);
    assert_eq!(storage.end_checks(&[(taken, ending())], &[], NOW + LEASE).await.unwrap().found, 0);
    assert_eq!(one(&storage, "a").await.due_at, Some(NOW + LEASE));
    assert_eq!(take(NOW + LEASE + 1).await.len(), 1);
    let counts = storage.check_counts(NOW + LEASE + 1).await.unwrap();
    assert_eq!((counts.all, counts.due, counts.last), (1, 0, Some(NOW + LEASE)));
}

pub(super) async fn many_share_what_is_due_and_nothing_is_done_twice(home: Home) {
    let (storage, stub, hand) = (home.open().await, Stub::default(), Hand::new());
    nodes(&storage).await;
    let changes: Vec<_> = (0..300).map(|number| store(kept(&format!("n{number}")))).collect();
    apply(&storage, &changes).await;
    let workers: Vec<_> = ["a", "b", "c"]
        .map(|name| {
            let mut running = rechecks(&storage, name, &stub, &hand);
            tokio::spawn(async move { running.step().await.unwrap().done })
        })
        .into();
    let mut done = 0;
    for worker in workers {
        done += worker.await.unwrap();
    }
    assert_eq!(done, 300);
    let counts = stub.counts();
    assert_eq!(counts.len(), 300);
    assert!(counts.values().all(|count| *count == 1));
}
