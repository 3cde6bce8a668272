//! Alarms: raised once, answered, and kept until every channel has taken them.

use host_server::audit::AuditLog;
use host_server::storage::{
    Alarm, AlarmFilter, AlarmState, Answer, AnswerFault, NewAlarm, Setback, Stage, Storage,
};

use crate::place::Home;
use crate::sample::{NOW, apply, entry, fingerprint, nodes, remove, store, telling, trust};

const BY: (&str, i64) = ("alice", NOW + 5);

fn new(name: &str, times_before: i64, stage: Stage) -> NewAlarm {
    NewAlarm { times_before, stage, subject: format!("CN={name}\r\n\0"), ..telling(name) }
}

fn channels(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

async fn one(storage: &Storage, name: &str) -> Alarm {
    storage.raise(&[new(name, 0, Stage::LastDay)], &channels(&["syslog"]), NOW).await.unwrap().remove(0)
}

async fn depth(storage: &Storage) -> i64 {
    storage.queues().await.unwrap().iter().map(|queue| queue.depth).sum()
}

pub(super) async fn a_fact_is_told_once_however_often_it_is_found(home: Home) {
    let storage = home.open().await;
    let facts = [new("a", 0, Stage::Approaching), new("b", 0, Stage::Approaching)];
    let ways = channels(&["syslog", "mail"]);
    let raise = |facts: Vec<NewAlarm>| {
        let (storage, ways) = (storage.clone(), ways.clone());
        tokio::spawn(async move { storage.raise(&facts, &ways, NOW).await.unwrap() })
    };
    let at_once: Vec<_> = (0..8).map(|_| raise(facts.to_vec())).collect();
    let mut raised = Vec::new();
    for one in at_once {
        raised.extend(one.await.unwrap());
    }
    assert_eq!(raised.iter().map(|alarm| alarm.id.clone()).collect::<Vec<_>>(), [facts[0].id(), facts[1].id()]);
    assert_eq!(depth(&storage).await, 4);
    // who found it as another stage meanwhile comes too late as well
    assert_eq!(raise(vec![new("a", 0, Stage::LastDay)]).await.unwrap(), []);
    // the next telling is another alarm, and takes the place of the one before
    let next = raise(vec![new("a", 1, Stage::LastDay)]).await.unwrap().remove(0);
    let all = storage.alarms(&AlarmFilter::default(), 10).await.unwrap();
    let open: Vec<_> = all.iter().filter(|alarm| alarm.state == AlarmState::Open).map(|alarm| &alarm.id).collect();
    assert_eq!(all.len(), 3);
    assert!(open.len() == 2 && open.contains(&&next.id) && open.contains(&&facts[1].id()), "{open:?}");
    let resolved = storage.alarm(&facts[0].id()).await.unwrap().unwrap();
    assert_eq!((resolved.state, resolved.answered_by.as_str()), (AlarmState::Resolved, "monitor"));
    assert_eq!(next.subject, "CN=a\r\n\u{2400}");
}

pub(super) async fn answers_are_kept_and_audited(home: Home) {
    let storage = home.open().await;
    let log = AuditLog::of(&storage);
    let alarm = one(&storage, "a").await;
    let acknowledged = storage.answer_alarm(&alarm.id, Answer::Acknowledge, BY).await.unwrap();
    assert_eq!((acknowledged.state, acknowledged.answered_by.as_str()), (AlarmState::Acknowledged, "alice"));
    let until = NOW + 1_000;
    let snoozed = storage.answer_alarm(&alarm.id, Answer::Snooze(until), BY).await.unwrap();
    assert_eq!((snoozed.state, snoozed.snoozed_until), (AlarmState::Open, Some(until)));
    let resolved = storage.answer_alarm(&alarm.id, Answer::Resolve, BY).await.unwrap();
    assert_eq!((resolved.state, resolved.answered_at), (AlarmState::Resolved, Some(BY.1)));
    for answer in [Answer::Acknowledge, Answer::Resolve, Answer::Snooze(until)] {
        assert_eq!(storage.answer_alarm(&alarm.id, answer, BY).await, Err(AnswerFault::Resolved));
        assert_eq!(storage.answer_alarm("nothing", answer, BY).await, Err(AnswerFault::Missing));
    }
    assert!(log.verify().await.unwrap().is_ok());
    let records = log.after(0, 10).await.unwrap();
    let acts: Vec<_> = records.iter().map(|record| (record.what.as_str(), record.who.as_str())).collect();
    assert_eq!(acts, [("alarm.acknowledged", "alice"), ("alarm.snoozed", "alice"), ("alarm.resolved", "alice")]);
    assert!(records.iter().all(|record| record.subject == alarm.id));
}

pub(super) async fn what_was_told_and_answered_stands_beside_what_expires(home: Home) {
    let storage = home.open().await;
    nodes(&storage).await;
    apply(&storage, &[store(entry("a")), store(entry("b"))]).await;
    let end = entry("a").facts.not_after;
    let told = async || {
        let watched = storage.expiring((end, "CAPF-trust"), None, 10).await.unwrap();
        let mut told: Vec<_> = watched.into_iter().map(|one| (one.fingerprint, one.told)).collect();
        told.sort_by_key(|(found, _)| *found != fingerprint("a"));
        told
    };
    assert_eq!(storage.expiring((end - 1, "CAPF-trust"), None, 10).await.unwrap(), []);
    assert!(told().await.iter().all(|(_, told)| told.is_none()));
    let alarm = one(&storage, "a").await;
    storage.answer_alarm(&alarm.id, Answer::Acknowledge, BY).await.unwrap();
    let found = told().await.remove(0).1.unwrap();
    assert_eq!((found.times, found.stage, found.at), (1, Stage::LastDay, NOW));
    assert_eq!((found.acknowledged, found.snoozed_until), (Some(Stage::LastDay), None));
    storage.answer_alarm(&alarm.id, Answer::Snooze(NOW + 9), BY).await.unwrap();
    let found = told().await.remove(0).1.unwrap();
    assert_eq!((found.acknowledged, found.snoozed_until), (None, Some(NOW + 9)));
    assert!(told().await[1].1.is_none());
    // a page goes on behind the last of the one before, ends that are equal included
    let first = storage.expiring((end, "CAPF-trust"), None, 1).await.unwrap().remove(0);
    let rest = storage.expiring((end, "CAPF-trust"), Some((first.not_after, first.fingerprint)), 10).await.unwrap();
    assert_eq!(rest.len(), 1);
    assert_ne!(rest[0].fingerprint, first.fingerprint);
    // once it is gone, so is what was open about it
    apply(&storage, &[remove(trust("tomcat-trust"), None, "a")]).await;
    assert_eq!(storage.resolve_gone(NOW + 10).await.unwrap(), 1);
    assert_eq!(storage.alarm(&alarm.id).await.unwrap().unwrap().state, AlarmState::Resolved);
    assert_eq!(storage.resolve_gone(NOW + 10).await.unwrap(), 0);
}

pub(super) async fn a_delivery_waits_until_it_is_taken(home: Home) {
    let storage = home.open().await;
    let alarm = one(&storage, "a").await;
    one(&storage, "b").await;
    assert_eq!(storage.take_deliveries("mail", (NOW, NOW + 60), 10).await.unwrap(), []);
    let taken = storage.take_deliveries("syslog", (NOW, NOW + 60), 10).await.unwrap();
    assert_eq!(taken.iter().map(|one| one.attempts).collect::<Vec<_>>(), [1, 1]);
    // whoever took them is gone: nobody else does before the lease ends, and then anybody
    assert_eq!(storage.take_deliveries("syslog", (NOW + 59, NOW + 99), 10).await.unwrap(), []);
    let taken = storage.take_deliveries("syslog", (NOW + 60, NOW + 99), 10).await.unwrap();
    assert_eq!(taken.iter().map(|one| one.attempts).collect::<Vec<_>>(), [2, 2]);
    let (this, other) = (&taken[0], &taken[1]);
    let refused = Setback::Refused("refused\r\n\0".to_owned());
    storage.undelivered(std::slice::from_ref(this), NOW + 500, &refused).await.unwrap();
    storage.delivered(std::slice::from_ref(other), NOW + 61).await.unwrap();
    let queue = storage.queues().await.unwrap().remove(0);
    assert_eq!((queue.channel.as_str(), queue.depth, queue.delivered), ("syslog", 1, 1));
    assert_eq!((queue.oldest, queue.next_at, queue.last_delivered), (Some(NOW), Some(NOW + 500), Some(NOW + 61)));
    assert_eq!(queue.last_error, "refused\r\n\u{2400}");
    assert_eq!(storage.take_deliveries("syslog", (NOW + 499, NOW + 600), 10).await.unwrap(), []);
    storage.close().await;
    let again = home.open().await;
    let taken = again.take_deliveries("syslog", (NOW + 500, NOW + 600), 10).await.unwrap();
    assert_eq!((taken.len(), taken[0].attempts), (1, 3));
    again.delivered(&taken, NOW + 501).await.unwrap();
    assert_eq!(depth(&again).await, 0);
    assert_eq!(again.queues().await.unwrap()[0].last_error, "");
    assert!(again.alarm(&alarm.id).await.unwrap().is_some());
}

pub(super) async fn one_of_many_takes_each_delivery(home: Home) {
    let storage = home.open().await;
    let facts: Vec<_> = (0..30).map(|number| new(&format!("n{number}"), 0, Stage::Expired)).collect();
    storage.raise(&facts, &channels(&["syslog"]), NOW).await.unwrap();
    let workers: Vec<_> = (0..6)
        .map(|_| {
            let storage = storage.clone();
            tokio::spawn(async move { storage.take_deliveries("syslog", (NOW, NOW + 60), 20).await.unwrap() })
        })
        .collect();
    let mut taken = Vec::new();
    for worker in workers {
        taken.extend(worker.await.unwrap().into_iter().map(|one| one.alarm.id));
    }
    let left = storage.take_deliveries("syslog", (NOW, NOW + 60), 100).await.unwrap();
    taken.extend(left.into_iter().map(|one| one.alarm.id));
    let count = taken.len();
    taken.sort();
    taken.dedup();
    assert_eq!((count, taken.len()), (30, 30));
}

pub(super) async fn alarms_come_in_pages_the_newest_first(home: Home) {
    let storage = home.open().await;
    for (number, name) in ["a", "b", "c", "d", "e"].into_iter().enumerate() {
        let raised_at = NOW + i64::try_from(number / 2).unwrap();
        storage.raise(&[new(name, 0, Stage::LastDay)], &[], raised_at).await.unwrap();
    }
    let mut filter = AlarmFilter::default();
    let mut found = Vec::new();
    loop {
        let page = storage.alarms(&filter, 2).await.unwrap();
        let Some(last) = page.last() else { break };
        filter.after = Some((last.raised_at, last.id.clone()));
        found.extend(page.into_iter().map(|alarm| (alarm.raised_at, alarm.id)));
    }
    assert_eq!(found.len(), 5);
    assert!(found.is_sorted_by(|left, right| left > right), "{found:?}");
    let of = |state, code: &str| AlarmFilter { state, code: Some(code.to_owned()), after: None };
    let count = async |filter| storage.alarms(&filter, 10).await.unwrap().len();
    assert_eq!(count(of(Some(AlarmState::Open), "expiry.last-day")).await, 5);
    assert_eq!(count(of(Some(AlarmState::Resolved), "expiry.last-day")).await, 0);
    assert_eq!(count(of(None, "expiry.expired")).await, 0);
}
