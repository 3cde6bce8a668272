//! The monitor under a clock of the test's own: each step is given its moment, and the next moment is what it asks for.

use host_server::alarm::document::ExpiryDetails;
use host_server::storage::{AlarmState, Answer, Change, NewEntry, Stage};
use host_server::watch::expiry::{JOB, LEASE, Monitor, last};
use pki::certificate::Sketch;
use sha2::{Digest, Sha256};

use crate::place::Home;
use crate::sample::{NOW, apply, at, identity, nodes, store, trust};
use crate::watched::{DAY, HOUR, all, expiring, monitor};

/// Steps from one moment to another: when it looked, in seconds from [`NOW`], and how much it told.
async fn looks(monitor: &mut Monitor, from: i64, until: i64) -> Vec<(i64, u64)> {
    let (mut now, mut looks) = (NOW + from, Vec::new());
    while now <= NOW + until {
        let step = monitor.step(now).await.unwrap();
        if step.looked {
            looks.push((now - NOW, step.raised));
        }
        now = step.next.unwrap_or(i64::MAX).max(now + 1);
    }
    looks
}

/// Those at which something was told.
fn told(looks: &[(i64, u64)]) -> Vec<(i64, u64)> {
    looks.iter().copied().filter(|(_, told)| *told > 0).collect()
}

// R-MON-2, R-MON-4, R-MON-6, R-MON-7, R-MON-8, R-MON-9
pub(super) async fn three_days_are_three_looks_and_the_last_day_is_one_an_hour(home: Home) {
    let storage = home.open().await;
    nodes(&storage).await;
    apply(&storage, &[store(expiring("far", 200 * DAY))]).await;
    let mut monitor = monitor(&storage, "a");
    let found = looks(&mut monitor, 0, 3 * DAY).await;
    assert_eq!(found, [(DAY, 0), (2 * DAY, 0), (3 * DAY, 0)]);
    // one with ten days left is told at the next look, and looked at daily until its last day
    apply(&storage, &[store(expiring("near", 10 * DAY))]).await;
    let found = looks(&mut monitor, 3 * DAY + 1, 12 * DAY).await;
    let expected = (4..=9).map(|day| day * DAY).chain((1..=72).map(|hour| 9 * DAY + hour * HOUR));
    assert!(found.iter().map(|(moment, _)| *moment).eq(expected), "{found:?}");
    // at its end it is good still, and an hour later it is expired; a week has passed since the first time
    assert_eq!(told(&found), [(4 * DAY, 1), (9 * DAY, 1), (10 * DAY + HOUR, 1)]);
    let stages: Vec<_> = all(&storage).await.into_iter().map(|alarm| (alarm.stage, alarm.state)).collect();
    let expected = [
        (Some(Stage::Expired), AlarmState::Open),
        (Some(Stage::LastDay), AlarmState::Resolved),
        (Some(Stage::Approaching), AlarmState::Resolved),
    ];
    assert_eq!(stages, expected);
    let last = last(&storage).await.unwrap().unwrap();
    assert_eq!((last.certificates, last.expired, last.soonest), (2, 1, Some(NOW + 10 * DAY)));
    assert_eq!(storage.queues().await.unwrap()[0].depth, 3);
}

// R-MON-5
pub(super) async fn a_restart_puts_nothing_off_and_tells_nothing_again(home: Home) {
    let storage = home.open().await;
    nodes(&storage).await;
    apply(&storage, &[store(expiring("near", 20 * DAY))]).await;
    assert_eq!(looks(&mut monitor(&storage, "a"), 0, 30 * HOUR).await, [(DAY, 1)]);
    storage.close().await;
    // it looks when the look before had planned it, however often it is restarted
    let storage = home.open().await;
    for hour in 30..48 {
        assert_eq!(looks(&mut monitor(&storage, "a"), hour * HOUR, hour * HOUR + 60).await, []);
    }
    assert_eq!(looks(&mut monitor(&storage, "a"), 47 * HOUR, 49 * HOUR).await, [(2 * DAY, 0)]);
    // after days of standing still it looks at once, and tells what is due by now and nothing else
    assert_eq!(looks(&mut monitor(&storage, "a"), 6 * DAY, 6 * DAY + HOUR).await, [(6 * DAY, 0)]);
    let found = looks(&mut monitor(&storage, "a"), 9 * DAY, 9 * DAY + HOUR).await;
    assert_eq!(found, [(9 * DAY, 1)]);
    // one that is killed over a look is taken over when its lease ends
    let killed = storage.claim(JOB, "a", (NOW + 10 * DAY, LEASE)).await.unwrap();
    assert!(killed.is_some());
    let found = looks(&mut monitor(&storage, "b"), 10 * DAY, 10 * DAY + HOUR).await;
    assert_eq!(found, [(10 * DAY + LEASE, 0)]);
}

// R-MON-14, R-MON-15
pub(super) async fn what_is_told_says_which_whose_where_and_what_to_do(home: Home) {
    let storage = home.open().await;
    nodes(&storage).await;
    let der = Sketch::leaf("told").dns("a.example").dns("b.example").issue().der;
    let mut own = expiring("told", 12 * DAY);
    (own.facts.fingerprint, own.der) = (Sha256::digest(&der).into(), der);
    own.facts.subject = "CN=a\r\n<0>1 - b".to_owned();
    own.place = at(identity("tomcat"), Some("a"));
    own.description = "front door".to_owned();
    let believed = NewEntry { place: at(trust("tomcat-trust"), None), ..own.clone() };
    apply(&storage, &[store(own), store(believed)]).await;
    assert_eq!(looks(&mut monitor(&storage, "a"), 0, DAY).await, [(DAY, 1)]);
    let alarm = all(&storage).await.remove(0);
    assert_eq!((alarm.code.as_str(), alarm.severity.word()), ("expiry.approaching", "warning"));
    let details: ExpiryDetails = serde_json::from_str(&alarm.document).unwrap();
    assert_eq!((details.days_left, details.times, details.serial_number.as_str()), (11, 1, "0a"));
    let names = details.alternative_names.join(" ");
    assert!(names.contains("a.example") && names.contains("b.example"), "{names}");
    let sentence = r#"The certificate "CN=a\u{d}\u{a}<0>1 - b" (serial number 0a) expires in 11 days, at "#;
    assert!(details.sentence.starts_with(sentence), "{}", details.sentence);
    assert!(details.action.ends_with(": tomcat on a"), "{}", details.action);
    let places: Vec<_> = details.places.iter().map(|place| (place.words(), place.owner.as_str())).collect();
    assert_eq!(places, [("tomcat on a".to_owned(), "alice"), ("tomcat-trust".to_owned(), "alice")]);
    assert_eq!(details.places[0].description, "front door");
}

// R-MON-10
pub(super) async fn an_answer_silences_until_it_comes_further(home: Home) {
    let storage = home.open().await;
    nodes(&storage).await;
    apply(&storage, &[store(expiring("near", 20 * DAY))]).await;
    let mut monitor = monitor(&storage, "a");
    assert_eq!(told(&looks(&mut monitor, 0, DAY).await), [(DAY, 1)]);
    let by = |at: i64| ("alice", NOW + at);
    let id = all(&storage).await.remove(0).id;
    storage.answer_alarm(&id, Answer::Acknowledge, by(DAY)).await.unwrap();
    let found = looks(&mut monitor, DAY + 1, 19 * DAY).await;
    assert_eq!(told(&found), [(19 * DAY, 1)]);
    let id = all(&storage).await.remove(0).id;
    storage.answer_alarm(&id, Answer::Snooze(NOW + 21 * DAY), by(19 * DAY)).await.unwrap();
    assert_eq!(told(&looks(&mut monitor, 19 * DAY + 1, 22 * DAY).await), [(21 * DAY, 1)]);
    assert_eq!(all(&storage).await[0].stage, Some(Stage::Expired));
    // resolved says that it is over; where it is not, it is told again when that is due
    let id = all(&storage).await.remove(0).id;
    storage.answer_alarm(&id, Answer::Resolve, by(22 * DAY)).await.unwrap();
    assert_eq!(told(&looks(&mut monitor, 22 * DAY + 1, 28 * DAY).await), [(28 * DAY, 1)]);
}

// R-MON-1, R-MON-9, R-MON-10, R-MON-17
pub(super) async fn nothing_is_looked_at_where_the_policy_says_so(home: Home) {
    let storage = home.open().await;
    nodes(&storage).await;
    let policy = |text: &str| Change::PutPolicy { scope: String::new(), document: text.to_owned() };
    let off = policy("[monitoring]\nmonitor = \"disabled\"\n");
    apply(&storage, &[store(expiring("near", 40 * DAY)), off]).await;
    let mut monitor = monitor(&storage, "a");
    assert_eq!(looks(&mut monitor, 0, 10 * DAY).await, []);
    assert_eq!(storage.job(JOB).await.unwrap(), None);
    apply(&storage, &[policy("[monitoring]\nstart-days = 28\nevery = 3\n")]).await;
    let found = looks(&mut monitor, 10 * DAY, 20 * DAY).await;
    assert_eq!(found.len(), 10);
    assert_eq!(told(&found), [(12 * DAY, 1), (15 * DAY, 1), (18 * DAY, 1)]);
    // a document that cannot be read any more is a fault that is told, tried again, and never taken for another
    apply(&storage, &[policy("[monitoring]\nstart-days = true\n")]).await;
    assert!(monitor.step(NOW + 21 * DAY).await.is_err());
    storage.close().await;
}

pub(super) async fn two_nodes_share_what_is_due(home: Home) {
    let storage = home.open().await;
    nodes(&storage).await;
    let changes: Vec<_> =
        (0..60).map(|number| store(expiring(&format!("n{number}"), (5 + number) * DAY))).collect();
    apply(&storage, &changes).await;
    let mut nodes = ["a", "b"].map(|name| Some(monitor(&storage, name)));
    let mut looked = 0;
    for hour in 0..=6 * 24 {
        let now = NOW + hour * HOUR;
        let steps: Vec<_> = nodes
            .iter_mut()
            .map(|node| {
                let mut monitor = node.take().unwrap();
                tokio::spawn(async move {
                    let step = monitor.step(now).await.unwrap();
                    (monitor, step)
                })
            })
            .collect();
        let mut now_looked = 0;
        for (node, step) in nodes.iter_mut().zip(steps) {
            let (monitor, step) = step.await.unwrap();
            *node = Some(monitor);
            now_looked += u32::from(step.looked);
        }
        assert!(now_looked <= 1);
        looked += now_looked;
    }
    // four days, then every hour: on the fourth day the first has a day left
    assert_eq!(looked, 4 + 48);
    let alarms = all(&storage).await;
    let mut facts: Vec<_> = alarms.iter().map(|alarm| (alarm.watched, alarm.stage.map(Stage::word))).collect();
    facts.sort_unstable();
    let count = facts.len();
    facts.dedup();
    assert_eq!(count, facts.len());
    // with 30 days or less left on day 6: those of 5 to 36 days; in their last day those of 5, 6 and 7, the first expired
    let of = |stage| facts.iter().filter(|(_, found)| *found == Some(stage)).count();
    assert_eq!((of("approaching"), of("last-day"), of("expired")), (32, 3, 1));
}
