//! From what expires to the recipients' mailboxes, under a clock of the test's own and with a real mail server: one
//! digest a run and recipient, and no fact twice, whatever goes wrong on the way.

use std::sync::Arc;

use host_server::alarm::outbox::{Attempt, empty};
use host_server::alarm::{Channel, recipients};
use host_server::config::Alarms;
use host_server::storage::{Change, Storage};
use host_server::watch::expiry::{JOB, LEASE, Monitor};

use crate::place::Home;
use crate::sample::{NOW, apply, nodes, store, telling};
use crate::smtp::{Mail, MailServer};
use crate::watched::{DAY, HOUR, all, expiring, pool};

const POLICY: &str = "[monitoring]\ne-mail = \"enabled\"\naddresses = \"a@x.example; b@y.example\"\n";

fn channel(server: &MailServer) -> Arc<Channel> {
    let alarms = Alarms {
        smtp: Some(format!("smtp://127.0.0.1:{}", server.port)),
        mail_from: Some("assayer@example.org".to_owned()),
        ..Alarms::default()
    };
    Arc::new(Channel::of(&alarms, "n1").unwrap().remove(0))
}

/// A storage under this policy, with a server to tell of it by mail; `None` where there is no such server.
async fn opened(home: &Home, policy: &str) -> Option<(Storage, MailServer)> {
    let server = MailServer::start("plain")?;
    let storage = home.open().await;
    nodes(&storage).await;
    put(&storage, policy).await;
    Some((storage, server))
}

async fn put(storage: &Storage, policy: &str) {
    apply(storage, &[Change::PutPolicy { scope: String::new(), document: policy.to_owned() }]).await;
}

fn monitor(storage: &Storage) -> Monitor {
    Monitor::of(storage, &pool(), "a", vec!["mail".to_owned(), "syslog".to_owned()])
}

/// Has it looked at a moment.
async fn look(storage: &Storage, at: i64) -> u64 {
    let mut monitor = monitor(storage);
    monitor.step(NOW).await.unwrap();
    storage.schedule(JOB, NOW + at).await.unwrap();
    monitor.step(NOW + at).await.unwrap().raised
}

/// What the worker does at a moment.
async fn deliver(storage: &Storage, channel: &Arc<Channel>, at: i64) -> Vec<Attempt> {
    recipients::address(storage, &pool(), NOW + at).await.unwrap();
    empty(storage, channel, NOW + at).await.unwrap()
}

/// An alarm beside those of the monitor, waiting for mail.
async fn raise(storage: &Storage, name: &str, at: i64) -> String {
    storage.raise(&[telling(name)], &["mail".to_owned()], NOW + at).await.unwrap().remove(0).id
}

fn to<'a>(mails: &'a [Mail], recipient: &str) -> Vec<&'a Mail> {
    mails.iter().filter(|mail| mail.to() == recipient).collect()
}

// R-MON-13, R-MON-14, R-MON-15, R-MON-17
pub(super) async fn one_digest_a_run_and_recipient_and_no_fact_twice(home: Home) {
    let Some((storage, server)) = opened(&home, POLICY).await else { return };
    // more than are raised in one transaction
    for number in 0..30 {
        apply(&storage, &[store(expiring(&format!("n{number}"), 10 * DAY))]).await;
    }
    assert_eq!(look(&storage, DAY).await, 30);
    // while a run is under way its alarms are gathered
    let claim = storage.claim("other", "b", (NOW + DAY, LEASE)).await.unwrap();
    assert!(claim.is_none());
    storage.schedule("other", NOW).await.unwrap();
    let claim = storage.claim("other", "b", (NOW + DAY, LEASE)).await.unwrap().unwrap();
    assert_eq!(deliver(&storage, &channel(&server), DAY).await, []);
    storage.finish(&claim, (NOW + DAY, NOW + 90 * DAY), "").await.unwrap();
    // what was saved is what a process that starts anew goes by
    storage.close().await;
    let storage = home.open().await;
    let channel = channel(&server);
    assert_eq!(deliver(&storage, &channel, DAY).await.len(), 2);
    let mut ids: Vec<String> = all(&storage).await.into_iter().map(|alarm| alarm.id).collect();
    ids.sort();
    let taken = server.taken();
    for recipient in ["a@x.example", "b@y.example"] {
        let mails = to(&taken, recipient);
        assert_eq!(mails.len(), 1);
        assert_eq!(mails[0].alarms(), ids);
        assert_eq!(mails[0].header("Subject"), "30 certificates need attention: 30 expire soon");
    }
    assert_ne!(taken[0].header("Message-ID"), taken[1].header("Message-ID"));
    // whoever is put into the policy now is told what comes next, and nobody anything again
    put(&storage, &POLICY.replace("a@x.example", "c@z.example")).await;
    assert_eq!(deliver(&storage, &channel, DAY + HOUR).await, []);
    assert_eq!(look(&storage, 2 * DAY).await, 0);
    assert_eq!(deliver(&storage, &channel, 2 * DAY).await, []);
    assert_eq!(look(&storage, 9 * DAY).await, 30);
    assert_eq!(deliver(&storage, &channel, 9 * DAY).await.len(), 2);
    let taken = server.taken();
    assert_eq!((taken.len(), to(&taken, "a@x.example").len()), (4, 1));
    assert_eq!((to(&taken, "b@y.example").len(), to(&taken, "c@z.example").len()), (2, 1));
}

// R-MON-14
pub(super) async fn a_server_that_was_down_gets_it_once_as_the_same_message(home: Home) {
    let Some((storage, mut server)) = opened(&home, POLICY).await else { return };
    let channel = channel(&server);
    server.stop();
    let first = raise(&storage, "first", 0).await;
    let attempts = deliver(&storage, &channel, 0).await;
    assert!(attempts.len() == 2 && attempts.iter().all(|one| one.fault.is_some() && one.channel == "mail"));
    let queues = storage.queues().await.unwrap();
    assert!(queues.iter().all(|queue| queue.last_error.starts_with("smtp://127.0.0.1:")), "{queues:?}");
    assert!(queues.iter().all(|queue| queue.next_at == Some(NOW + 5)));
    server.again("plain");
    assert_eq!(deliver(&storage, &channel, 4).await, []);
    // what waits by now comes with it
    let second = raise(&storage, "second", 4).await;
    storage.close().await;
    let storage = home.open().await;
    assert!(deliver(&storage, &channel, 5).await.iter().all(|one| one.fault.is_none()));
    let mut both = [first, second];
    both.sort();
    let taken = server.taken();
    assert_eq!(taken.len(), 2);
    assert!(taken.iter().all(|mail| mail.alarms() == both), "{:?}", taken[0].alarms());
    assert_eq!(deliver(&storage, &channel, DAY).await, []);
    assert!(storage.queues().await.unwrap().iter().all(|queue| queue.depth == 0 && queue.last_error.is_empty()));
}

// R-MON-14
pub(super) async fn what_may_have_arrived_is_sent_again_as_it_was(home: Home) {
    let policy = POLICY.replace("; b@y.example", "");
    let Some((storage, server)) = opened(&home, &policy).await else { return };
    let channel = channel(&server);
    let first = raise(&storage, "first", 0).await;
    server.tell("vanish", "yes");
    assert!(deliver(&storage, &channel, 0).await[0].fault.is_some());
    server.tell("vanish", "");
    let second = raise(&storage, "second", 1).await;
    // the first goes again by itself, as the same message, and then the other
    assert_eq!(deliver(&storage, &channel, 5).await.len(), 2);
    let taken = server.taken();
    let ids: Vec<_> = taken.iter().map(Mail::alarms).collect();
    assert_eq!(ids, [vec![first.clone()], vec![first], vec![second]]);
    assert_eq!(taken[0].header("Message-ID"), taken[1].header("Message-ID"));
    assert_eq!(taken[0].header("Date"), taken[1].header("Date"));
    assert_ne!(taken[1].header("Message-ID"), taken[2].header("Message-ID"));
    // one whose process was killed over an attempt is the same
    let third = raise(&storage, "third", 10).await;
    recipients::address(&storage, &pool(), NOW + 10).await.unwrap();
    let lane = "mail:a@x.example";
    assert_eq!(storage.take_deliveries(lane, (NOW + 10, NOW + 130), 200).await.unwrap().len(), 1);
    let fourth = raise(&storage, "fourth", 11).await;
    assert_eq!(deliver(&storage, &channel, 130).await.len(), 2);
    let ids: Vec<_> = server.taken().iter().skip(3).map(Mail::alarms).collect();
    assert!(ids == [vec![third.clone()], vec![fourth.clone()]] || ids == [vec![fourth], vec![third]], "{ids:?}");
}

// R-MON-11
pub(super) async fn nobody_is_told_by_mail_where_it_is_off(home: Home) {
    let off = POLICY.replace("enabled", "disabled");
    let Some((storage, server)) = opened(&home, &off).await else { return };
    let channel = channel(&server);
    apply(&storage, &[store(expiring("near", 10 * DAY))]).await;
    assert_eq!(look(&storage, DAY).await, 1);
    assert_eq!(deliver(&storage, &channel, DAY).await, []);
    assert!(server.taken().is_empty());
    // the alarm is there all the same, and goes to syslog
    assert_eq!(all(&storage).await.len(), 1);
    assert_eq!(storage.waiting("syslog").await.unwrap(), 1);
    assert_eq!(storage.queues().await.unwrap().iter().map(|queue| queue.depth).sum::<i64>(), 1);
}

// R-MON-14
pub(super) async fn a_refusal_waits_and_keeps_nobody_else_waiting(home: Home) {
    let Some((storage, server)) = opened(&home, POLICY).await else { return };
    let channel = channel(&server);
    raise(&storage, "first", 0).await;
    server.tell("refused", "a@x.example");
    let attempts = deliver(&storage, &channel, 0).await;
    assert_eq!(attempts.iter().filter(|one| one.fault.is_none()).count(), 1);
    assert_eq!(server.taken().iter().map(Mail::to).collect::<Vec<_>>(), ["b@y.example"]);
    server.tell("refused", "");
    server.tell("reply", "451 later");
    assert!(deliver(&storage, &channel, 5).await[0].fault.as_deref().unwrap().contains("later"));
    assert_eq!(deliver(&storage, &channel, 14).await, []);
    server.tell("reply", "");
    assert_eq!(deliver(&storage, &channel, 15).await.len(), 1);
    assert_eq!(server.taken().len(), 2);
}

pub(super) async fn a_digest_is_bounded_and_the_rest_is_in_the_next(home: Home) {
    let policy = POLICY.replace("; b@y.example", "");
    let Some((storage, server)) = opened(&home, &policy).await else { return };
    for number in 0..203 {
        raise(&storage, &format!("n{number}"), 0).await;
    }
    assert_eq!(deliver(&storage, &channel(&server), 0).await.len(), 2);
    let taken = server.taken();
    assert_eq!(taken.iter().map(|mail| mail.alarms().len()).collect::<Vec<_>>(), [200, 3]);
    assert!(taken[0].body().contains("3 more alarms wait and come in the next mail."));
    assert!(!taken[1].body().contains("more alarm"));
}
