//! Entries in a few words.

use host_server::audit::AuditRecord;
use host_server::storage::{
    Change, Facts, Fingerprint, NewAlarm, NewEntry, NodeRole, Origin, Place, Room, Severity, Stage, Storage,
    Usage, Version,
};
use sha2::{Digest, Sha256};

/// The moment of the tests.
pub(crate) const NOW: i64 = 1_800_000_000;

pub(crate) fn der(name: &str) -> Vec<u8> {
    format!("certificate {name}").into_bytes()
}

pub(crate) fn fingerprint(name: &str) -> Fingerprint {
    Sha256::digest(der(name)).into()
}

pub(crate) fn trust(name: &str) -> Room {
    Room { usage: Usage::Trust, name: name.to_owned() }
}

pub(crate) fn identity(name: &str) -> Room {
    Room { usage: Usage::Identity, name: name.to_owned() }
}

pub(crate) fn at(room: Room, node: Option<&str>) -> Place {
    Place { room, node: node.map(str::to_owned) }
}

/// A certificate `name`, of subject `name`, issued by itself, for all nodes of `tomcat-trust`.
pub(crate) fn entry(name: &str) -> NewEntry {
    NewEntry {
        place: at(trust("tomcat-trust"), None),
        facts: Facts {
            fingerprint: fingerprint(name),
            subject_key: name.to_owned(),
            issuer_key: name.to_owned(),
            subject: format!("CN={name}"),
            common_name: name.to_owned(),
            serial: "0a".to_owned(),
            key_type: "rsa".to_owned(),
            key_bits: 2048,
            not_before: NOW - 1_000,
            not_after: NOW + 1_000,
            is_authority: true,
            key_id: String::new(),
        },
        der: der(name),
        origin: Origin::Uploaded,
        active_from: None,
        description: String::new(),
    }
}

pub(crate) fn store(entry: NewEntry) -> Change {
    Change::Store(Box::new(entry))
}

pub(crate) fn remove(room: Room, node: Option<&str>, name: &str) -> Change {
    Change::Remove { place: at(room, node), fingerprint: fingerprint(name) }
}

/// That a certificate is told for the first time, in its last day.
pub(crate) fn telling(name: &str) -> NewAlarm {
    NewAlarm {
        watched: fingerprint(name),
        times_before: 0,
        stage: Stage::LastDay,
        code: "expiry.last-day",
        severity: Severity::Error,
        subject: format!("CN={name}"),
        document: "{}".to_owned(),
    }
}

pub(crate) fn act(what: &str) -> AuditRecord {
    AuditRecord::done(NOW, "alice", what, "test")
}

/// Applies to the state as it is.
pub(crate) async fn apply(storage: &Storage, changes: &[Change]) -> Version {
    let version = storage.version().await.unwrap();
    storage.apply(version, changes, act("test.change")).await.unwrap()
}

/// Nodes `a`, the publisher, `b` and `c`.
pub(crate) async fn nodes(storage: &Storage) {
    let node = |name: &str, role| Change::AddNode { name: name.to_owned(), role };
    let changes =
        [node("a", NodeRole::Publisher), node("b", NodeRole::Subscriber), node("c", NodeRole::Subscriber)];
    apply(storage, &changes).await;
}
