//! What is kept no longer, and what is given up.

use host_server::audit::AuditLog;
use host_server::storage::{AlarmFilter, Answer, Storage};
use host_server::watch::prune;

use crate::place::Home;
use crate::sample::{NOW, telling};
use crate::watched::DAY;

async fn raise(storage: &Storage, name: &str, channels: &[&str]) -> String {
    let channels: Vec<String> = channels.iter().map(|name| (*name).to_owned()).collect();
    storage.raise(&[telling(name)], &channels, NOW).await.unwrap().remove(0).id
}

async fn subjects(storage: &Storage) -> Vec<String> {
    let alarms = storage.alarms(&AlarmFilter::default(), 500).await.unwrap();
    let mut subjects: Vec<String> = alarms.into_iter().map(|alarm| alarm.subject).collect();
    subjects.sort();
    subjects
}

pub(super) async fn what_is_over_is_forgotten_and_what_waits_is_kept(home: Home) {
    let storage = home.open().await;
    for (name, channels) in [("over", &["syslog"][..]), ("waits", &["syslog"]), ("open", &["syslog"]), ("late", &[])] {
        let id = raise(&storage, name, channels).await;
        let at = if name == "late" { NOW + 2 } else { NOW + 1 };
        if name != "open" {
            storage.answer_alarm(&id, Answer::Resolve, ("alice", at)).await.unwrap();
        }
    }
    let taken = storage.take_deliveries("syslog", (NOW, NOW + 60), 10).await.unwrap();
    let made: Vec<_> = taken.into_iter().filter(|one| one.alarm.subject != "CN=waits").collect();
    storage.delivered(&made, NOW + 1).await.unwrap();
    // the first step of a life only plans; a day later one of two does it, once
    assert_eq!(prune::step(&storage, "a", 1, NOW).await.unwrap(), None);
    assert_eq!(prune::step(&storage, "a", 1, NOW + DAY - 1).await.unwrap(), None);
    let both = [prune::step(&storage, "a", 1, NOW + DAY + 2).await, prune::step(&storage, "b", 1, NOW + DAY + 2).await];
    let done: Vec<_> = both.into_iter().map(Result::unwrap).collect();
    // on the boundary it is kept: what was over before that moment goes
    assert_eq!(done, [Some(1), None]);
    assert_eq!(subjects(&storage).await, ["CN=late", "CN=open", "CN=waits"]);
    let queues = storage.queues().await.unwrap();
    assert_eq!((queues[0].depth, queues[0].delivered), (1, 0));
    assert_eq!(prune::step(&storage, "a", 1, NOW + 3 * DAY).await.unwrap(), Some(1));
    assert_eq!(subjects(&storage).await, ["CN=open", "CN=waits"]);
    // many go in steps
    for number in 0..7 {
        let id = raise(&storage, &format!("n{number}"), &[]).await;
        storage.answer_alarm(&id, Answer::Resolve, ("alice", NOW)).await.unwrap();
    }
    assert_eq!(storage.prune_alarms(NOW + 1, 3).await.unwrap(), 3);
    assert_eq!(storage.prune_alarms(NOW + 1, 5).await.unwrap(), 4);
    assert_eq!(storage.prune_alarms(NOW + 1, 5).await.unwrap(), 0);
}

pub(super) async fn what_waits_for_nobody_can_be_given_up(home: Home) {
    let storage = home.open().await;
    let id = raise(&storage, "a", &["webhook:gone", "syslog"]).await;
    assert_eq!(storage.drop_deliveries("webhook:gone", ("alice", NOW)).await.unwrap(), 1);
    assert_eq!(storage.drop_deliveries("webhook:gone", ("alice", NOW)).await.unwrap(), 0);
    assert_eq!(storage.waiting("syslog").await.unwrap(), 1);
    assert!(storage.alarm(&id).await.unwrap().is_some());
    let records = AuditLog::of(&storage).after(0, 10).await.unwrap();
    let said: Vec<_> = records.iter().map(|one| (one.what.as_str(), one.subject.as_str())).collect();
    assert_eq!(said, [("channel.dropped", "webhook:gone")]);
}
