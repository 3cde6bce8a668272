//! Changes of the state: whole or not at all, on the version they were planned on.

use host_server::storage::{At, 
    Applied, ApplyFault, By, Change, NodeRole, PendingRequest, Query, SealedKey, Select, Storage, Version,
};

use crate::place::Home;
use crate::sample::{NOW, act, apply, at, der, entry, fingerprint, identity, nodes, remove, store, trust};

/// Room, node and name of everything there is.
async fn everything(storage: &Storage) -> Vec<(String, String, String)> {
    let page = storage.list(&Query { size: 500, ..Query::default() }).await.unwrap();
    let mut found: Vec<_> = page
        .entries
        .into_iter()
        .map(|entry| (entry.place.room.name, entry.place.node.unwrap_or_default(), entry.facts.common_name))
        .collect();
    found.sort();
    found
}

fn row(room: &str, node: &str, name: &str) -> (String, String, String) {
    (room.to_owned(), node.to_owned(), name.to_owned())
}

pub(super) async fn an_entry_is_stored_and_read_back_octet_for_octet(home: Home) {
    let storage = home.open().await;
    nodes(&storage).await;
    let mut new = entry("Ångström");
    new.active_from = Some(NOW + 5);
    new.description = "from the \"vault\"".to_owned();
    let version = apply(&storage, &[store(new.clone())]).await;
    let page = storage.list(&Query::default()).await.unwrap();
    let [found] = page.entries.as_slice() else { panic!("{page:?}") };
    assert_eq!((&found.place, &found.facts, found.origin), (&new.place, &new.facts, new.origin));
    assert_eq!((found.active_from, &found.description), (new.active_from, &new.description));
    assert_eq!((found.added_at, found.added_by.as_str(), found.version), (NOW, "alice", version));
    assert_eq!(storage.certificate(&fingerprint("Ångström")).await.unwrap(), Some(der("Ångström")));
    assert_eq!(storage.certificate(&fingerprint("another")).await.unwrap(), None);
    let changed = Change::Describe {
        place: new.place.clone(),
        fingerprint: fingerprint("Ångström"),
        description: "b".to_owned(),
    };
    apply(&storage, &[changed]).await;
    assert_eq!(storage.list(&Query::default()).await.unwrap().entries[0].description, "b");
}

pub(super) async fn a_stale_version_changes_nothing(home: Home) {
    let storage = home.open().await;
    nodes(&storage).await;
    let first = storage.version().await.unwrap();
    let second = storage.apply(first, &[store(entry("one"))], act("x")).await.unwrap();
    assert_eq!(second, Version(first.0 + 1));
    let stale = storage.apply(first, &[store(entry("two"))], act("x")).await;
    assert_eq!(stale, Err(ApplyFault::Stale { current: second }));
    let future = storage.apply(Version(99), &[store(entry("two"))], act("x")).await;
    assert_eq!(future, Err(ApplyFault::Stale { current: second }));
    assert_eq!(storage.version().await.unwrap(), second);
    assert_eq!(everything(&storage).await, [row("tomcat-trust", "", "one")]);
}

pub(super) async fn one_of_many_writers_wins_each_version(home: Home) {
    let storage = home.open().await;
    nodes(&storage).await;
    let version = storage.version().await.unwrap();
    let writer = |number: i32| {
        let storage = storage.clone();
        tokio::spawn(async move {
            storage.apply(version, &[store(entry(&format!("w{number}")))], act("x")).await.is_ok()
        })
    };
    let writers: Vec<_> = (0..8).map(writer).collect();
    let mut won = 0;
    for writer in writers {
        won += i32::from(writer.await.unwrap());
    }
    assert_eq!(won, 1);
    assert_eq!(everything(&storage).await.len(), 1);
}

pub(super) async fn a_refused_change_undoes_those_before_it(home: Home) {
    let storage = home.open().await;
    nodes(&storage).await;
    let version = storage.version().await.unwrap();
    let mut elsewhere = entry("two");
    elsewhere.place = at(trust("ipsec-trust"), Some("nowhere"));
    let refused = storage.apply(version, &[store(entry("one")), store(elsewhere)], act("x")).await;
    assert_eq!(refused, Err(ApplyFault::Missing("node", "nowhere".to_owned())));
    let mut other = entry("two");
    other.der = der("three");
    let refused = storage.apply(version, &[store(entry("one")), store(other)], act("x")).await;
    assert_eq!(refused, Err(ApplyFault::OtherFingerprint));
    assert_eq!(everything(&storage).await, []);
    assert_eq!(storage.version().await.unwrap(), version);
}

pub(super) async fn what_is_deleted_stays_deleted_until_it_is_revived(home: Home) {
    let storage = home.open().await;
    nodes(&storage).await;
    let room = || trust("tomcat-trust");
    apply(&storage, &[store(entry("one"))]).await;
    apply(&storage, &[remove(room(), None, "one")]).await;
    assert_eq!(everything(&storage).await, []);
    assert_eq!(storage.certificate(&fingerprint("one")).await.unwrap(), None);
    // absent is success (D-21)
    apply(&storage, &[remove(room(), None, "one"), remove(room(), Some("b"), "never there")]).await;
    let version = storage.version().await.unwrap();
    let on_a = || {
        let mut on_a = entry("one");
        on_a.place = at(room(), Some("a"));
        on_a
    };
    for again in [entry("one"), on_a()] {
        let place = again.place.clone();
        let buried = storage.apply(version, &[store(again)], act("x")).await;
        assert_eq!(buried, Err(ApplyFault::Buried { place, fingerprint: fingerprint("one") }));
    }
    // a tombstone on one node lies in the way of that node, and of all, and of no other
    let mut other = entry("never there");
    other.place = at(room(), Some("a"));
    apply(&storage, &[store(other)]).await;
    let version = storage.version().await.unwrap();
    assert!(storage.apply(version, &[store(entry("never there"))], act("x")).await.is_err());
    let revive = Change::Revive { place: at(room(), None), fingerprint: fingerprint("one") };
    apply(&storage, &[revive, store(entry("one"))]).await;
    assert_eq!(everything(&storage).await.len(), 2);
    // an identity slot leaves none
    let mut own = entry("own");
    own.place = at(identity("tomcat"), Some("a"));
    let slot = || identity("tomcat");
    apply(&storage, &[store(own.clone()), remove(slot(), Some("a"), "own"), store(own)]).await;
    let select = Select { at: At::Room(identity("tomcat")), by: By::All };
    assert_eq!(storage.state_for(&[select]).await.unwrap().tombstones, []);
}

pub(super) async fn taking_from_one_node_leaves_the_others(home: Home) {
    let storage = home.open().await;
    nodes(&storage).await;
    apply(&storage, &[store(entry("one")), remove(trust("tomcat-trust"), Some("b"), "one")]).await;
    let rest = [row("tomcat-trust", "a", "one"), row("tomcat-trust", "c", "one")];
    assert_eq!(everything(&storage).await, rest);
    let revive = Change::Revive { place: at(trust("tomcat-trust"), Some("b")), fingerprint: fingerprint("one") };
    // for all nodes again: on the one that lacks it
    apply(&storage, &[revive, store(entry("one"))]).await;
    assert_eq!(everything(&storage).await.len(), 3);
    apply(&storage, &[remove(trust("tomcat-trust"), None, "one")]).await;
    assert_eq!(everything(&storage).await, []);
}

pub(super) async fn storing_again_changes_nothing(home: Home) {
    let storage = home.open().await;
    nodes(&storage).await;
    apply(&storage, &[store(entry("one"))]).await;
    let before = storage.list(&Query::default()).await.unwrap();
    let mut again = entry("one");
    again.description = "later".to_owned();
    again.active_from = Some(NOW + 9);
    let mut on_b = again.clone();
    on_b.place.node = Some("b".to_owned());
    apply(&storage, &[store(again), store(on_b)]).await;
    assert_eq!(storage.list(&Query::default()).await.unwrap(), before);
}

pub(super) async fn an_operation_is_applied_once(home: Home) {
    let storage = home.open().await;
    nodes(&storage).await;
    let version = storage.version().await.unwrap();
    let once = || async { storage.apply_once("op-1", version, &[store(entry("one"))], act("x")).await };
    let made = Version(version.0 + 1);
    assert_eq!(once().await, Ok(Applied::Now(made)));
    assert_eq!(once().await, Ok(Applied::Before(made)));
    assert_eq!(storage.version().await.unwrap(), made);
    let other = storage.apply_once("op-2", version, &[], act("x")).await;
    assert_eq!(other, Err(ApplyFault::Stale { current: made }));
    // names are forgotten after a week
    let mut later = act("x");
    later.time += 7 * 24 * 60 * 60 + 1;
    assert_eq!(storage.apply_once("op-3", made, &[], later).await, Ok(Applied::Now(Version(made.0 + 1))));
    assert_eq!(once().await, Err(ApplyFault::Stale { current: Version(made.0 + 1) }));
}

pub(super) async fn nodes_have_one_publisher(home: Home) {
    let storage = home.open().await;
    nodes(&storage).await;
    let version = storage.version().await.unwrap();
    let role = |name: &str, role| Change::SetRole { name: name.to_owned(), role };
    let second = storage.apply(version, &[role("b", NodeRole::Publisher)], act("x")).await;
    assert!(matches!(second, Err(ApplyFault::Taken("publisher", _))), "{second:?}");
    let again = Change::AddNode { name: "b".to_owned(), role: NodeRole::Subscriber };
    assert!(matches!(storage.apply(version, &[again], act("x")).await, Err(ApplyFault::Taken(..))));
    let unknown = storage.apply(version, &[role("z", NodeRole::Subscriber)], act("x")).await;
    assert_eq!(unknown, Err(ApplyFault::Missing("node", "z".to_owned())));
    apply(&storage, &[role("a", NodeRole::Subscriber), role("b", NodeRole::Publisher)]).await;
    let roles: Vec<_> = storage.nodes().await.unwrap().into_iter().map(|node| node.role.word()).collect();
    assert_eq!(roles, ["subscriber", "publisher", "subscriber"]);
    let version = storage.version().await.unwrap();
    let remove = |name: &str| Change::RemoveNode { name: name.to_owned() };
    // the publisher is never taken out, and nobody is taken out twice
    for name in ["b", "z"] {
        let refused = storage.apply(version, &[remove(name)], act("x")).await;
        assert_eq!(refused, Err(ApplyFault::Missing("subscriber", name.to_owned())));
    }
    apply(&storage, &[remove("c")]).await;
    let names: Vec<_> = storage.nodes().await.unwrap().into_iter().map(|node| node.name).collect();
    assert_eq!(names, ["a", "b"]);
}

pub(super) async fn requests_need_their_keys(home: Home) {
    let storage = home.open().await;
    nodes(&storage).await;
    let key = |id: &str| SealedKey {
        id: id.to_owned(),
        purpose: "tomcat".to_owned(),
        algorithm: "rsa-2048".to_owned(),
        sealed: vec![0, 255, 7],
    };
    let request = |der: u8, key: &str| PendingRequest {
        purpose: "tomcat".to_owned(),
        node: Some("a".to_owned()),
        der: vec![der],
        key_id: key.to_owned(),
    };
    let version = storage.version().await.unwrap();
    let missing = storage.apply(version, &[Change::PutRequest(request(1, "k"))], act("x")).await;
    assert_eq!(missing, Err(ApplyFault::Missing("key", "k".to_owned())));
    apply(&storage, &[Change::PutKey(key("k")), Change::PutRequest(request(1, "k"))]).await;
    // at most one for a purpose and node (R-CSR-4)
    apply(&storage, &[Change::PutKey(key("l")), Change::PutRequest(request(2, "l"))]).await;
    assert_eq!(storage.requests().await.unwrap(), [request(2, "l")]);
    assert_eq!(storage.sealed_key("k").await.unwrap(), Some(key("k")));
    let version = storage.version().await.unwrap();
    let drop_key = |id: &str| Change::DropKey { id: id.to_owned() };
    assert!(matches!(storage.apply(version, &[drop_key("l")], act("x")).await, Err(ApplyFault::Taken(..))));
    assert!(matches!(
        storage.apply(version, &[Change::PutKey(key("k"))], act("x")).await,
        Err(ApplyFault::Taken("key", _))
    ));
    let dropped = Change::DropRequest { purpose: "tomcat".to_owned(), node: Some("a".to_owned()) };
    apply(&storage, &[dropped, drop_key("l"), drop_key("k")]).await;
    assert_eq!(storage.requests().await.unwrap(), []);
    assert_eq!(storage.sealed_key("k").await.unwrap(), None);
}

pub(super) async fn one_policy_is_in_force(home: Home) {
    let storage = home.open().await;
    assert_eq!(storage.active_policy("").await.unwrap(), None);
    let put = |scope: &str, document: &str| Change::PutPolicy {
        scope: scope.to_owned(),
        document: document.to_owned(),
    };
    apply(&storage, &[put("", "mode = 1"), put("", "mode = 2"), put("sip", "mode = 3")]).await;
    let active = |scope: &'static str| async {
        let found = storage.active_policy(scope).await.unwrap().unwrap();
        (found.number, found.document)
    };
    assert_eq!(active("").await, (2, "mode = 2".to_owned()));
    assert_eq!(active("sip").await, (1, "mode = 3".to_owned()));
    apply(&storage, &[Change::ActivatePolicy { scope: String::new(), number: 1 }]).await;
    assert_eq!(active("").await, (1, "mode = 1".to_owned()));
    let all = storage.policies("").await.unwrap();
    assert_eq!(all.iter().map(|one| (one.number, one.active)).collect::<Vec<_>>(), [(2, false), (1, true)]);
    let version = storage.version().await.unwrap();
    let unknown = Change::ActivatePolicy { scope: String::new(), number: 3 };
    let refused = storage.apply(version, &[unknown], act("x")).await;
    assert_eq!(refused, Err(ApplyFault::Missing("policy document", "3".to_owned())));
    assert_eq!(active("").await, (1, "mode = 1".to_owned()));
}

pub(super) async fn text_with_a_nul_is_kept(home: Home) {
    let storage = home.open().await;
    nodes(&storage).await;
    apply(&storage, &[store(entry("evil.example\0.good.example"))]).await;
    let page = storage.list(&Query::default()).await.unwrap();
    assert_eq!(page.entries[0].facts.common_name, "evil.example\u{2400}.good.example");
    let long = "x".repeat(5_000);
    apply(&storage, &[store(entry(&long))]).await;
    assert_eq!(everything(&storage).await.len(), 2);
}
