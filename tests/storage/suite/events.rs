//! Events: told once each, beside what is told of something that expires.

use host_server::storage::{AlarmFilter, AlarmState, Answer, NewEvent, Severity, Storage};

use crate::place::Home;
use crate::sample::{NOW, apply, entry, fingerprint, nodes, store, telling};

const CODE: &str = "revocation.revoked";

fn event(name: &str, occurrence: &str) -> NewEvent {
    NewEvent {
        watched: fingerprint(name),
        occurrence: occurrence.to_owned(),
        code: CODE,
        severity: Severity::Critical,
        subject: format!("CN={name}"),
        document: "{}".to_owned(),
    }
}

async fn open(storage: &Storage) -> Vec<String> {
    let filter = AlarmFilter { state: Some(AlarmState::Open), ..AlarmFilter::default() };
    let found = storage.alarms(&filter, 10).await.unwrap();
    found.into_iter().map(|alarm| alarm.code).collect()
}

pub(super) async fn an_event_is_told_once_however_often_it_is_found(home: Home) {
    let storage = home.open().await;
    let ways = ["syslog".to_owned(), "mail".to_owned()];
    let raise = || {
        let (storage, ways) = (storage.clone(), ways.clone());
        let found = [event("a", "1"), event("b", "1")];
        tokio::spawn(async move { storage.raise_events(&found, &ways, NOW).await.unwrap() })
    };
    let at_once: Vec<_> = (0..8).map(|_| raise()).collect();
    let mut raised = Vec::new();
    for one in at_once {
        raised.extend(one.await.unwrap().into_iter().map(|alarm| alarm.id));
    }
    raised.sort();
    let mut expected = [event("a", "1").id(), event("b", "1").id()];
    expected.sort();
    assert_eq!(raised, expected);
    let depth: i64 = storage.queues().await.unwrap().iter().map(|queue| queue.depth).sum();
    assert_eq!(depth, 4);
    // the next time it happens it is told again
    assert_eq!(storage.raise_events(&[event("a", "2")], &ways, NOW).await.unwrap().len(), 1);
}

pub(super) async fn an_event_and_an_end_are_two_matters(home: Home) {
    let storage = home.open().await;
    nodes(&storage).await;
    apply(&storage, &[store(entry("a"))]).await;
    storage.raise_events(&[event("a", "1")], &[], NOW).await.unwrap();
    let ending = storage.raise(&[telling("a")], &[], NOW + 1).await.unwrap().remove(0);
    assert_eq!(open(&storage).await, ["expiry.last-day", CODE]);
    // an answer to one says nothing of the other
    let by = ("alice", NOW + 2);
    let known = storage.answer_alarm(&event("a", "1").id(), Answer::Acknowledge, by).await.unwrap();
    assert_eq!((known.state, known.stage), (AlarmState::Acknowledged, None));
    assert_eq!(storage.alarm(&ending.id).await.unwrap().unwrap().state, AlarmState::Open);
    let watched = storage.expiring((entry("a").facts.not_after, "CAPF-trust"), None, 1).await.unwrap().remove(0);
    assert_eq!(watched.told.unwrap().acknowledged, None);
    // only what is over is resolved
    assert_eq!(storage.resolve_events(&fingerprint("a"), "revocation.unknown", NOW + 3).await, Ok(0));
    assert_eq!(storage.resolve_events(&fingerprint("b"), CODE, NOW + 3).await, Ok(0));
    assert_eq!(storage.resolve_events(&fingerprint("a"), CODE, NOW + 3).await, Ok(1));
    assert_eq!(open(&storage).await, ["expiry.last-day"]);
}
