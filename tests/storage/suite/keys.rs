//! A private key stays for as long as something uses it, and no longer (R-RGN-6).

use host_server::audit::{AuditLog, Wanted};
use host_server::storage::{Change, NewEntry, PendingRequest, SealedKey, Storage};

use crate::place::Home;
use crate::sample::{apply, at, entry, fingerprint, identity, nodes, remove, store, trust};

fn key(id: &str) -> Change {
    let (purpose, algorithm) = ("tomcat".to_owned(), "p-256".to_owned());
    Change::PutKey(SealedKey { id: id.to_owned(), purpose, algorithm, sealed: vec![1, 2, 3] })
}

/// A certificate `name` with a key in a slot of node `a`.
fn slot(purpose: &str, name: &str, key: &str) -> NewEntry {
    let mut new = entry(name);
    new.place = at(identity(purpose), Some("a"));
    new.facts.key_id = key.to_owned();
    new
}

fn empty(purpose: &str, name: &str) -> Change {
    remove(identity(purpose), Some("a"), name)
}

async fn held(storage: &Storage, ids: &[&str]) -> Vec<bool> {
    let mut held = Vec::new();
    for id in ids {
        held.push(storage.sealed_key(id).await.unwrap().is_some());
    }
    held
}

pub(super) async fn a_replaced_certificate_takes_its_key_along(home: Home) {
    let storage = home.open().await;
    nodes(&storage).await;
    apply(&storage, &[key("k1"), store(slot("tomcat", "first", "k1")), key("k2")]).await;
    assert_eq!(held(&storage, &["k1", "k2"]).await, [true, true]);
    // one transaction: the old one goes, the new one comes; a key that was never in a slot is nobody's business here
    apply(&storage, &[empty("tomcat", "first"), store(slot("tomcat", "second", "k2"))]).await;
    assert_eq!(held(&storage, &["k1", "k2"]).await, [false, true]);
    let newest = storage_audit(&storage).await;
    assert!(newest.contains("\"keys-destroyed\":[\"k1\"]"), "{newest}");
    // what is only believed has no key of ours, whatever is written beside it
    let mut believed = slot("tomcat", "second", "k2");
    believed.place = at(trust("tomcat-trust"), None);
    apply(&storage, &[store(believed), remove(trust("tomcat-trust"), None, "second")]).await;
    assert_eq!(held(&storage, &["k2"]).await, [true]);
}

async fn storage_audit(storage: &Storage) -> String {
    let newest = AuditLog::of(storage).before(i64::MAX, 1, &Wanted::default()).await.unwrap();
    newest[0].details.clone()
}

pub(super) async fn a_key_stays_for_who_still_uses_it(home: Home) {
    let storage = home.open().await;
    nodes(&storage).await;
    // another slot uses the certificate too (R-REUSE-6); another node; a request
    let mut other_node = slot("tomcat", "shared", "k1");
    other_node.place.node = Some("b".to_owned());
    let changes = [
        key("k1"),
        key("k2"),
        store(slot("tomcat", "shared", "k1")),
        store(slot("CallManager", "shared", "k1")),
        store(other_node),
        store(slot("ipsec", "asked", "k2")),
        Change::PutRequest(PendingRequest {
            purpose: "ipsec".to_owned(),
            node: None,
            der: vec![0x30, 0],
            key_id: "k2".to_owned(),
        }),
    ];
    apply(&storage, &changes).await;
    apply(&storage, &[empty("tomcat", "shared"), empty("ipsec", "asked")]).await;
    assert_eq!(held(&storage, &["k1", "k2"]).await, [true, true]);
    apply(&storage, &[remove(identity("tomcat"), Some("b"), "shared")]).await;
    assert_eq!(held(&storage, &["k1"]).await, [true]);
    apply(&storage, &[empty("CallManager", "shared")]).await;
    assert_eq!(held(&storage, &["k1"]).await, [false]);
}

pub(super) async fn a_key_of_nobody_knows_whom_stays(home: Home) {
    let storage = home.open().await;
    nodes(&storage).await;
    // as after an upgrade from before keys were kept with certificates
    apply(&storage, &[key("k1"), store(slot("tomcat", "new", "k1")), store(slot("TVS", "old", ""))]).await;
    apply(&storage, &[empty("tomcat", "new")]).await;
    assert_eq!(held(&storage, &["k1"]).await, [true]);
    assert_eq!(fingerprint("new").len(), 32);
}
