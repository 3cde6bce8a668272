//! Opening, schema steps, reopening, and telling of changes.

use std::time::Duration;

use host_server::audit::AuditLog;
use host_server::storage::{LATEST_SCHEMA, Query, Storage, StorageFault, Version};

use crate::place::Home;
use crate::sample::{NOW, apply, entry, nodes, store};

pub(super) async fn an_older_schema_is_brought_up(home: Home) {
    for schema in 1..=LATEST_SCHEMA {
        Storage::open_at(&home.location(), schema).await.unwrap().close().await;
    }
    let storage = home.open().await;
    nodes(&storage).await;
    assert_eq!(AuditLog::of(&storage).verify().await.unwrap().unwrap().sequence, 1);
}

pub(super) async fn an_earlier_schema_is_not_read(home: Home) {
    Storage::open_at(&home.location(), 0).await.map(|_| ()).unwrap_err();
    for schema in 0..LATEST_SCHEMA {
        if schema > 0 {
            Storage::open_at(&home.location(), schema).await.unwrap().close().await;
        }
        let fault = Storage::open_reader(&home.location()).await.map(|_| ()).unwrap_err().to_string();
        assert!(fault.contains(&format!("has schema {schema}")) && fault.contains("start the server"), "{fault}");
    }
}

pub(super) async fn a_newer_schema_is_refused(home: Home) {
    home.open().await.close().await;
    let past = home.past().await;
    sqlx::query("INSERT INTO schema_steps (number) VALUES (99)").execute(&past).await.unwrap();
    past.close().await;
    let newer = StorageFault::NewerSchema { found: 99, known: LATEST_SCHEMA };
    assert_eq!(Storage::open(&home.location()).await.map(|_| ()), Err(newer.clone()));
    assert_eq!(Storage::open_reader(&home.location()).await.map(|_| ()), Err(newer));
}

pub(super) async fn what_was_written_is_there_after_reopening(home: Home) {
    let storage = home.open().await;
    nodes(&storage).await;
    let version = apply(&storage, &[store(entry("one"))]).await;
    storage.close().await;
    drop(storage);
    let storage = home.open().await;
    assert_eq!(storage.version().await.unwrap(), version);
    assert_eq!(*storage.watch().borrow(), version);
    assert_eq!(storage.list(&Query::default()).await.unwrap().entries.len(), 1);
    // beside it, one that only reads
    let reader = Storage::open_reader(&home.location()).await.unwrap();
    assert_eq!(reader.list(&Query::default()).await.unwrap().entries.len(), 1);
    assert!(AuditLog::of(&reader).append(crate::sample::act("x")).await.is_err());
    assert!(reader.apply(version, &[store(entry("two"))], crate::sample::act("x")).await.is_err());
    assert_eq!(storage.version().await.unwrap(), version);
}

pub(super) async fn those_who_follow_are_told(home: Home) {
    let storage = home.open().await;
    let mut follower = storage.watch();
    assert_eq!(*follower.borrow_and_update(), Version(0));
    nodes(&storage).await;
    tokio::time::timeout(Duration::from_secs(10), follower.changed()).await.unwrap().unwrap();
    assert_eq!(*follower.borrow_and_update(), Version(1));
    // what changes nothing is not told
    storage.report_loaded("a", Version(1), NOW).await.unwrap();
    assert!(!follower.has_changed().unwrap());
}

pub(super) async fn nodes_say_what_they_loaded(home: Home) {
    let storage = home.open().await;
    assert_eq!(storage.loaded().await.unwrap(), []);
    for (node, version, now) in [("b", 3, 10), ("a", 2, 11), ("b", 4, 12)] {
        storage.report_loaded(node, Version(version), now).await.unwrap();
    }
    let loaded: Vec<_> =
        storage.loaded().await.unwrap().into_iter().map(|one| (one.node, one.version.0, one.seen)).collect();
    assert_eq!(loaded, [("a".to_owned(), 2, 11), ("b".to_owned(), 4, 12)]);
}
