//! What several nodes saw of those that they ask, and what expires without lying anywhere.

use host_server::alarm::document::ExpiryDetails;
use host_server::storage::{AlarmState, Change, Observed, ObservedKind, Storage, Weather, WeatherCount};

use crate::place::Home;
use crate::sample::{NOW, apply, at, fingerprint, nodes, store, trust};
use crate::watched::{DAY, HOUR, all, expiring, monitor};

fn seen(hour: i64, requests: i64, believed: Option<(i64, i64)>) -> Weather {
    Weather {
        hour,
        kind: "crl".to_owned(),
        authority: "a.example".to_owned(),
        requests,
        failures: 1,
        cached: 2,
        milliseconds: 10 * requests,
        slowest: requests,
        this_update: believed.map(|(this_update, _)| this_update),
        fresh_until: believed.map(|(_, fresh_until)| fresh_until),
    }
}

fn count(counted: &str, requests: i64) -> WeatherCount {
    WeatherCount {
        kind: "crl".to_owned(),
        authority: "a.example".to_owned(),
        counted: counted.to_owned(),
        requests,
    }
}

pub(super) async fn what_nodes_saw_is_added_up_and_ends(home: Home) {
    let storage = home.open().await;
    let hour = NOW / HOUR * HOUR;
    let nodes: Vec<_> = (1..=4)
        .map(|number| {
            let storage = storage.clone();
            tokio::spawn(async move {
                let counts = [count("failed timeout", 1), count("within 5", number)];
                let believed = (number != 2).then_some((number, 100 - number));
                storage.add_weather(&[seen(hour, number, believed)], &counts, (hour, 0)).await.unwrap();
            })
        })
        .collect();
    for node in nodes {
        node.await.unwrap();
    }
    storage.add_weather(&[seen(hour - HOUR, 7, None)], &[count("within 5", 7)], (hour - HOUR, 0)).await.unwrap();
    let (found, counts) = storage.weather(hour).await.unwrap();
    let expected = Weather {
        requests: 10,
        failures: 4,
        cached: 8,
        milliseconds: 100,
        slowest: 4,
        ..seen(hour, 0, Some((4, 99)))
    };
    assert_eq!(found, [expected]);
    assert_eq!(counts, [count("failed timeout", 4), count("within 5", 10)]);
    let (found, counts) = storage.weather(hour - HOUR).await.unwrap();
    assert_eq!((found[0].requests, found[0].slowest, found[0].hour), (17, 7, hour));
    assert_eq!(counts[1].requests, 17);
    // hours end
    storage.add_weather(&[], &[], (hour, hour)).await.unwrap();
    assert_eq!(storage.weather(0).await.unwrap().0[0].requests, 10);
}

fn observed(name: &str, kind: ObservedKind, expires: i64) -> Observed {
    Observed {
        watched: fingerprint(name),
        kind,
        subject: format!("CN={name}"),
        serial: "0b".to_owned(),
        place: "http://a.example/".to_owned(),
        begins: expires - 100 * DAY,
        expires,
    }
}

async fn codes(storage: &Storage) -> Vec<(String, AlarmState)> {
    let mut codes: Vec<_> = all(storage).await.into_iter().map(|alarm| (alarm.code, alarm.state)).collect();
    codes.sort_unstable_by(|left, right| left.0.cmp(&right.0));
    codes
}

// R-MON-9, R-MON-12
pub(super) async fn what_is_observed_expires_as_it_is(home: Home) {
    let storage = home.open().await;
    nodes(&storage).await;
    // an authority in the middle is watched as everything that is kept; a phone's certificate only when that is wanted
    let mut intermediate = expiring("intermediate", 20 * DAY);
    intermediate.facts.issuer_key = "root".to_owned();
    let mut phone = expiring("phone", 20 * DAY);
    (phone.place, phone.facts.is_authority) = (at(trust("CAPF-trust"), None), false);
    apply(&storage, &[store(intermediate), store(phone)]).await;
    // within the last tenth of its time, and not yet
    let met = [
        observed("responder", ObservedKind::Responder, NOW + 9 * DAY),
        observed("fresh", ObservedKind::Responder, NOW + 12 * DAY),
    ];
    storage.observe_responders(&met, (NOW, 0)).await.unwrap();
    let mut monitor = monitor(&storage, "a");
    let first = monitor.step(NOW).await.unwrap().next.unwrap();
    let step = monitor.step(first).await.unwrap();
    assert_eq!((step.looked, step.raised), (true, 2));
    let open = |code: &str| (code.to_owned(), AlarmState::Open);
    assert_eq!(codes(&storage).await, [open("expiry.approaching"), open("expiry.responder-approaching")]);
    let alarms = all(&storage).await;
    let told = alarms.iter().find(|alarm| alarm.code == "expiry.responder-approaching").unwrap();
    let details: ExpiryDetails = serde_json::from_str(&told.document).unwrap();
    assert_eq!((details.subject.as_str(), details.days_left), ("CN=responder", 8));
    assert!(details.sentence.contains("http://a.example/"), "{}", details.sentence);
    assert!(details.action.contains("renew its certificate"), "{}", details.action);
    let certificate = alarms.iter().find(|alarm| alarm.code == "expiry.approaching").unwrap();
    assert_eq!(certificate.watched, fingerprint("intermediate"));
    // phones' too
    let document = "[monitoring]\nlocally-significant = \"enabled\"\n".to_owned();
    apply(&storage, &[Change::PutPolicy { scope: String::new(), document }]).await;
    monitor.step(first + 1).await.unwrap();
    storage.schedule(host_server::watch::expiry::JOB, first + 2).await.unwrap();
    assert_eq!(monitor.step(first + 2).await.unwrap().raised, 1);
    assert_eq!(all(&storage).await[0].watched, fingerprint("phone"));
    // a responder that renewed its certificate is heard of no more, and what was told of the old one is over
    storage.observe_responders(&[], (first, NOW + 1)).await.unwrap();
    assert_eq!(storage.observed_expiring(i64::MAX, None, 10).await.unwrap(), []);
    assert_eq!(storage.resolve_gone(first + 3).await.unwrap(), 1);
}
