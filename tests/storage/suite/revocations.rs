//! Lists that are watched, under a clock of the test's own and with a server of lists that does as it is told.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use host_server::alarm::document::EventDetails;
use host_server::fetch::guard::{Guard, Ports};
use host_server::fetch::{Fetcher, Settings};
use host_server::storage::{Alarm, AlarmState, Change, Facts, NewEntry, Place, Storage};
use host_server::watch::lists::{Lists, about};
use pki::certificate::{Issued, Sketch};
use pki::crl::{CrlSketch, PointName, distribution_point};
use pki::der;

use crate::fault::{FaultServer, Step, good};
use crate::place::Home;
use crate::sample::{NOW, apply, at, entry, identity, nodes, store, trust};
use crate::watched::{HOUR, all, pool};

/// What a server of lists has, by path.
type Files = Arc<Mutex<BTreeMap<String, Vec<u8>>>>;

struct World {
    storage: Storage,
    web: FaultServer,
    files: Files,
    ca: Issued,
    lists: Lists,
    now: i64,
}

fn fetcher() -> Fetcher {
    let guard = Guard { allowed: vec!["127.0.0.0/8".parse().unwrap()], ports: Ports::Any };
    Fetcher::new(Settings { guard, ..Settings::default() })
}

fn lists(storage: &Storage, owner: &str) -> Lists {
    Lists::of(storage, &pool(), &fetcher(), (owner, vec!["syslog".to_owned()]))
}

fn time(after: i64) -> String {
    jiff::Timestamp::from_second(NOW + after).unwrap().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// A list with this number that names these serial numbers, made so many seconds after [`NOW`] and good for a day.
fn list(ca: &Issued, (number, made): (u64, i64), serials: &[&[u8]]) -> Vec<u8> {
    let sketch = CrlSketch::by(ca).number(number).this_update(&time(made)).next_update(&time(made + 24 * HOUR));
    serials.iter().fold(sketch, |sketch, serial| sketch.revoke_because(serial, 1)).issue()
}

fn hexadecimal(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

/// A certificate as it is kept: what it is indexed by is the engine's to say.
async fn kept(der: &[u8], place: Place) -> Change {
    let file = der.to_vec();
    let keys = pool().ask(move |session| session.index_keys(&file)).await.unwrap().unwrap();
    let facts = Facts {
        fingerprint: keys.fingerprint.try_into().unwrap(),
        subject_key: hexadecimal(&keys.subject_key),
        issuer_key: hexadecimal(&keys.issuer_key),
        subject: keys.subject,
        serial: keys.serial_number,
        is_authority: keys.authority,
        ..entry("any").facts
    };
    store(NewEntry { place, facts, der: der.to_vec(), ..entry("any") })
}

fn leaf(ca: &Issued, name: &str, uris: &[String]) -> Vec<u8> {
    let points = uris.iter().map(|uri| {
        let name = format!("uri:{uri}");
        distribution_point(Some(&PointName::Full(&[&name])), &[], &[])
    });
    let points = der::sequence(&points.collect::<Vec<_>>());
    let sketch = Sketch::leaf(name).serial(&[0x10, 0x01]).extension("cRLDistributionPoints", false, points);
    sketch.issued_by(ca).issue().der
}

impl World {
    /// An authority that is believed, and a certificate of ours by it that names its list.
    async fn new(home: &Home) -> Self {
        let storage = home.open().await;
        nodes(&storage).await;
        let files = Files::default();
        let served = Arc::clone(&files);
        let web = FaultServer::start(move |received| match served.lock().unwrap().get(received.path()) {
            Some(file) => vec![Step::Send(good("application/pkix-crl", file))],
            None => vec![Step::Send(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".to_vec())],
        });
        let ca = Sketch::ca("authority").issue();
        let own = leaf(&ca, "own", &[web.uri("/ca.crl")]);
        let believed = kept(&ca.der, at(trust("tomcat-trust"), None)).await;
        let own = kept(&own, at(identity("tomcat"), Some("a"))).await;
        apply(&storage, &[believed, own]).await;
        let lists = lists(&storage, "a");
        Self { storage, web, files, ca, lists, now: NOW }
    }

    fn publish(&self, list: Vec<u8>) {
        self.files.lock().unwrap().insert("/ca.crl".to_owned(), list);
    }

    /// The next download, at its time: how many alarms it raised.
    async fn next(&mut self) -> u64 {
        for _ in 0..10 {
            let step = self.lists.step(self.now).await.unwrap();
            self.now = step.next.map_or(self.now + HOUR, |next| next.max(self.now + 1));
            if step.tried > 0 {
                return step.raised;
            }
        }
        panic!("nothing was due until {}", self.now)
    }

    async fn number(&self) -> String {
        let kept = self.storage.kept_lists(&self.web.uri("/ca.crl")).await.unwrap();
        kept.first().map(|list| list.number.trim_start_matches('0').to_owned()).unwrap_or_default()
    }

    /// Codes of all alarms, the newest first, with what became of them.
    async fn told(&self) -> Vec<(String, AlarmState)> {
        all(&self.storage).await.into_iter().map(|alarm| (alarm.code, alarm.state)).collect()
    }
}

fn details(alarm: &Alarm) -> EventDetails {
    serde_json::from_str(&alarm.document).unwrap()
}

// R-CRL-5, R-CRL-6, R-CRL-9, R-CRL-10
pub(super) async fn a_list_that_differs_is_told_once_with_whom_it_concerns(home: Home) {
    let mut world = World::new(&home).await;
    world.publish(list(&world.ca, (1, 0), &[&[0x20]]));
    // the first is what others are compared with; the same again, and issued again with the same, are no news
    assert_eq!((world.next().await, world.number().await.as_str()), (0, "1"));
    assert_eq!((world.next().await, world.number().await.as_str()), (0, "1"));
    world.publish(list(&world.ca, (2, HOUR), &[&[0x20]]));
    assert_eq!((world.next().await, world.number().await.as_str()), (0, "2"));
    assert_eq!(world.told().await, []);
    world.publish(list(&world.ca, (3, 2 * HOUR), &[&[0x20], &[0x10, 0x01]]));
    assert_eq!((world.next().await, world.number().await.as_str()), (1, "3"));
    assert_eq!(world.next().await, 0);
    let alarm = all(&world.storage).await.remove(0);
    assert_eq!((alarm.code.as_str(), alarm.severity.word()), ("crl.changed", "critical"));
    assert_eq!((alarm.watched, alarm.subject.as_str()), (about(&world.web.uri("/ca.crl")), "CN=authority"));
    let told = details(&alarm);
    assert_eq!(told.title, "CRLChanged");
    assert!(told.sentence.contains("1 added, 0 removed"), "{}", told.sentence);
    assert!(told.action.starts_with("Renew or replace every certificate"), "{}", told.action);
    let change = told.list.unwrap();
    assert_eq!((change.added.count, change.removed.count, change.changed.count), (1, 0, 0));
    assert_eq!(change.added.first[0].serial_number, "1001");
    assert_eq!(change.added.first[0].reason.as_deref(), Some("keyCompromise"));
    let [affected] = change.affected.as_slice() else { panic!("{change:?}") };
    assert_eq!((affected.subject.as_str(), affected.change.as_str()), ("CN=own", "added"));
    assert_eq!(affected.places[0].words(), "tomcat on a");
    assert!(told.services.contains(&"Cisco Tomcat on a".to_owned()), "{:?}", told.services);
    assert!(told.services.iter().all(|service| service.ends_with(" on a")), "{:?}", told.services);
    // one that concerns nobody here
    world.publish(list(&world.ca, (4, 3 * HOUR), &[&[0x10, 0x01]]));
    assert_eq!(world.next().await, 1);
    let alarm = all(&world.storage).await.remove(0);
    let told = details(&alarm);
    assert_eq!((alarm.severity.word(), told.services.len(), told.places.len()), ("warning", 0, 0));
    assert_eq!(told.list.unwrap().removed.first[0].serial_number, "20");
    assert_eq!(world.storage.queues().await.unwrap()[0].depth, 2);
}

// D-23
pub(super) async fn an_older_list_is_an_alarm_and_takes_no_place(home: Home) {
    let mut world = World::new(&home).await;
    world.publish(list(&world.ca, (5, 0), &[&[0x20]]));
    assert_eq!(world.next().await, 0);
    for (older, told) in [((4, HOUR), 1), ((4, HOUR), 0), ((5, -HOUR), 1)] {
        world.publish(list(&world.ca, older, &[]));
        assert_eq!((world.next().await, world.number().await.as_str()), (told, "5"), "{older:?}");
    }
    let open = ("crl.rollback".to_owned(), AlarmState::Open);
    assert_eq!(world.told().await, [open.clone(), open]);
    let sources = world.storage.list_sources().await.unwrap();
    assert_eq!(sources[0].trouble, "crl.rollback");
    assert!(sources[0].trouble_since.is_some());
    world.publish(list(&world.ca, (6, HOUR), &[&[0x20]]));
    assert_eq!((world.next().await, world.number().await.as_str()), (0, "6"));
    let over = ("crl.rollback".to_owned(), AlarmState::Resolved);
    assert_eq!(world.told().await, [over.clone(), over]);
}

pub(super) async fn what_cannot_be_verified_is_told_once_and_not_taken(home: Home) {
    let mut world = World::new(&home).await;
    let other = Sketch::ca("other").issue();
    // nobody who is kept has this name; the name is right and the key is not; it is no list at all
    world.publish(list(&other, (1, 0), &[]));
    assert_eq!(world.next().await, 1);
    world.publish(CrlSketch::by(&other).issuer_name("CN=authority").issue());
    assert_eq!(world.next().await, 0);
    world.publish(b"no list".to_vec());
    assert_eq!(world.next().await, 0);
    assert_eq!(world.number().await, "");
    assert_eq!(world.told().await, [("crl.unverified".to_owned(), AlarmState::Open)]);
    world.publish(list(&world.ca, (1, 0), &[]));
    assert_eq!((world.next().await, world.number().await.as_str()), (0, "1"));
    assert_eq!(world.told().await, [("crl.unverified".to_owned(), AlarmState::Resolved)]);
    // another time is another matter, and the list that was there stays
    world.publish(list(&other, (2, 0), &[]));
    assert_eq!((world.next().await, world.number().await.as_str()), (1, "1"));
}

pub(super) async fn a_list_that_lapses_is_told_once(home: Home) {
    let mut world = World::new(&home).await;
    world.publish(list(&world.ca, (1, 0), &[]));
    assert_eq!(world.next().await, 0);
    world.files.lock().unwrap().clear();
    while world.now <= NOW + 24 * HOUR {
        assert_eq!(world.next().await, 0);
    }
    let mut raised = 0;
    for _ in 0..5 {
        raised += world.next().await;
    }
    assert_eq!(raised, 1);
    let alarm = all(&world.storage).await.remove(0);
    assert_eq!((alarm.code.as_str(), alarm.state), ("crl.stale", AlarmState::Open));
    // who may learn why the network failed reads it elsewhere
    assert!(!alarm.document.contains("http-status"), "{}", alarm.document);
    // the one that has lapsed comes back, and it has lapsed still
    world.publish(list(&world.ca, (1, 0), &[]));
    assert_eq!(world.next().await, 0);
    assert_eq!(world.told().await, [("crl.stale".to_owned(), AlarmState::Open)]);
    world.publish(list(&world.ca, (2, 25 * HOUR), &[]));
    assert_eq!(world.next().await, 0);
    assert_eq!(world.told().await, [("crl.stale".to_owned(), AlarmState::Resolved)]);
}

// R-CRL-12, R-CRL-13
pub(super) async fn nothing_is_downloaded_where_lists_are_no_source(home: Home) {
    let mut world = World::new(&home).await;
    world.publish(list(&world.ca, (1, 0), &[]));
    let policy = |text: &str| Change::PutPolicy { scope: String::new(), document: text.to_owned() };
    apply(&world.storage, &[policy("[revocation]\nsources = [\"ocsp\"]\n")]).await;
    for hour in 0..5 {
        let step = world.lists.step(NOW + hour * HOUR).await.unwrap();
        assert_eq!((step.tried, step.next), (0, Some(NOW + (hour + 1) * HOUR)));
    }
    assert_eq!((world.web.received().len(), world.storage.list_sources().await.unwrap().len()), (0, 0));
    // the configured one, and not the one that is named
    let configured = world.web.uri("/configured.crl");
    let document = format!("[crl]\nuri = \"configured\"\nconfigured = [\"{configured}\"]\n");
    apply(&world.storage, &[policy(&document)]).await;
    assert_eq!(world.lists.step(NOW + 6 * HOUR).await.unwrap().tried, 1);
    let paths: Vec<_> = world.web.received().iter().map(|received| received.path().to_owned()).collect();
    assert_eq!(paths, ["/configured.crl"]);
    // switched off again, nothing of it is left
    apply(&world.storage, &[policy("[revocation]\nsources = [\"ocsp\"]\n")]).await;
    assert_eq!(world.lists.step(NOW + 7 * HOUR).await.unwrap().tried, 0);
    assert_eq!(world.storage.list_sources().await.unwrap(), []);
}

pub(super) async fn nodes_share_the_downloads(home: Home) {
    let world = World::new(&home).await;
    let mut changes = Vec::new();
    for number in 0..6 {
        let uris: Vec<_> = (0..4).map(|point| world.web.uri(&format!("/{number}-{point}.crl"))).collect();
        changes.push(kept(&leaf(&world.ca, &format!("leaf {number}"), &uris), at(trust("tomcat-trust"), None)).await);
    }
    apply(&world.storage, &changes).await;
    let nodes = ["a", "b"].map(|name| {
        let mut lists = lists(&world.storage, name);
        tokio::spawn(async move {
            let mut tried = 0;
            for second in 0..20 {
                tried += lists.step(NOW + second).await.unwrap().tried;
            }
            tried
        })
    });
    let mut tried = 0;
    for node in nodes {
        tried += node.await.unwrap();
    }
    let mut paths: Vec<_> = world.web.received().iter().map(|received| received.path().to_owned()).collect();
    assert_eq!((tried, paths.len()), (25, 25));
    paths.sort_unstable();
    paths.dedup();
    assert_eq!(paths.len(), 25);
    // whose owner is gone is taken over when its lease ends
    let claims = world.storage.take_lists("killed", (NOW + HOUR, 300), 100).await.unwrap();
    assert_eq!(claims.len(), 25);
    let mut other = lists(&world.storage, "other");
    assert_eq!(other.step(NOW + HOUR + 299).await.unwrap().tried, 0);
    assert!(other.step(NOW + HOUR + 300).await.unwrap().tried > 0);
}
