//! What verdicts rested on: kept once, overtaken by what is newer, within bounds; and whom it is asked about.

use std::collections::BTreeMap;

use host_server::storage::{
    Bounds, Class, ConnectionFilter, EvidenceNote, Fingerprint, KeptCertificate, NewEntry, Storage, Usage,
};
use sha2::{Digest, Sha256};

use crate::place::Home;
use crate::rechecked::register;
use crate::sample::{NOW, act, apply, at, der, entry, fingerprint, identity, nodes, store, trust};

fn sha256(body: &[u8]) -> Fingerprint {
    Sha256::digest(body).into()
}

fn note(name: &str, body: Option<&[u8]>, this_update: Option<i64>, recorded_at: i64) -> EvidenceNote {
    EvidenceNote {
        certificate: fingerprint(name),
        kind: "crl",
        uri: "http://a.example/crl".to_owned(),
        sha256: body.map(sha256),
        octets: 7,
        this_update,
        fresh_until: Some(NOW + 1),
        recorded_at,
    }
}

async fn record(storage: &Storage, notes: &[EvidenceNote], bodies: &[&[u8]], bounds: Bounds) {
    let bodies: BTreeMap<_, _> = bodies.iter().map(|body| (sha256(body), body.to_vec())).collect();
    storage.record_evidence(notes, &bodies, bounds).await.unwrap();
}

/// Bodies and moments of what is recorded for a certificate.
async fn recorded(storage: &Storage, name: &str) -> Vec<(Option<Vec<u8>>, Option<i64>)> {
    let found = storage.recorded_evidence(&[fingerprint(name)]).await.unwrap();
    found.into_iter().map(|one| (one.body, one.this_update)).collect()
}

pub(super) async fn what_verdicts_rested_on_is_kept_and_overtaken_by_what_is_newer(home: Home) {
    let (storage, bounds) = (home.open().await, Bounds::default());
    assert_eq!(recorded(&storage, "one").await, []);
    let notes = [note("one", Some(b"list"), Some(10), 1), note("two", Some(b"list"), Some(10), 1)];
    record(&storage, &notes, &[b"list"], bounds).await;
    for name in ["one", "two"] {
        assert_eq!(recorded(&storage, name).await, [(Some(b"list".to_vec()), Some(10))]);
    }
    let both = storage.recorded_evidence(&[fingerprint("one"), fingerprint("two")]).await.unwrap();
    assert_eq!((both.len(), both[0].kind.as_str()), (2, "crl"));
    // what is older than what is there may be from before a revocation
    record(&storage, &[note("one", Some(b"old"), Some(9), 2)], &[b"old"], bounds).await;
    assert_eq!(recorded(&storage, "one").await, [(Some(b"list".to_vec()), Some(10))]);
    record(&storage, &[note("one", Some(b"same"), Some(10), 3)], &[b"same"], bounds).await;
    assert_eq!(recorded(&storage, "one").await, [(Some(b"same".to_vec()), Some(10))]);
    record(&storage, &[note("one", Some(b"new"), Some(11), 4)], &[b"new"], bounds).await;
    assert_eq!(recorded(&storage, "one").await, [(Some(b"new".to_vec()), Some(11))]);
    // another kind of evidence and another place stand beside it; one that was too large is known of
    let response = EvidenceNote { kind: "ocsp-response", ..note("one", Some(b"answer"), None, 5) };
    let large = EvidenceNote { uri: "http://b.example/".to_owned(), ..note("one", None, Some(12), 6) };
    record(&storage, &[response, large], &[b"answer"], bounds).await;
    let expected =
        [(None, Some(12)), (Some(b"answer".to_vec()), None), (Some(b"new".to_vec()), Some(11))];
    assert_eq!(recorded(&storage, "one").await, expected);
    storage.close().await;
    drop(storage);
    assert_eq!(recorded(&home.open().await, "two").await, [(Some(b"list".to_vec()), Some(10))]);
}

pub(super) async fn what_is_beyond_the_bounds_goes_the_oldest_first(home: Home) {
    let storage = home.open().await;
    let some = Bounds { pieces: 3, octets: 10 };
    let names = ["one", "two", "three", "four"];
    for (place, name) in names.iter().enumerate() {
        let at = i64::try_from(place).unwrap();
        record(&storage, &[note(name, Some(b"x"), None, at)], &[b"x"], some).await;
    }
    let kept = async || {
        let mut kept = Vec::new();
        for name in names {
            kept.push(recorded(&storage, name).await.len());
        }
        kept
    };
    assert_eq!(kept().await, [0, 1, 1, 1]);
    // exactly as many octets as there may be, and one more
    record(&storage, &[note("one", Some(b"123456789"), None, 9)], &[b"123456789"], some).await;
    assert_eq!(kept().await, [1, 0, 1, 1]);
    record(&storage, &[note("one", Some(b"1234567890"), None, 10)], &[b"1234567890"], some).await;
    assert_eq!(kept().await, [1, 0, 0, 0]);
    // one that is too large alone, and one that takes no room
    record(&storage, &[note("one", Some(b"12345678901"), None, 11)], &[b"12345678901"], some).await;
    assert_eq!(kept().await, [0, 0, 0, 0]);
    record(&storage, &[note("two", None, None, 12)], &[], some).await;
    assert_eq!(kept().await, [0, 1, 0, 0]);
}

pub(super) async fn nodes_record_side_by_side(home: Home) {
    let storage = home.open().await;
    let writers: Vec<_> = (0..4_i64)
        .map(|writer| {
            let storage = storage.clone();
            tokio::spawn(async move {
                for turn in 0..10 {
                    let notes = [note("one", Some(b"x"), Some(turn), turn), note("two", Some(b"x"), None, writer)];
                    record(&storage, &notes, &[b"x"], Bounds { pieces: 1, octets: 1 }).await;
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    assert_eq!(recorded(&storage, "one").await.len() + recorded(&storage, "two").await.len(), 1);
}

pub(super) async fn identities_come_first_and_no_authorities(home: Home) {
    let storage = home.open().await;
    nodes(&storage).await;
    let with = |name: &str, place, is_authority| {
        let mut new = NewEntry { place, ..entry(name) };
        new.facts.is_authority = is_authority;
        store(new)
    };
    let changes = [
        with("authority", at(trust("tomcat-trust"), None), true),
        with("leaf", at(trust("tomcat-trust"), None), false),
        with("leaf", at(trust("ipsec-trust"), Some("a")), false),
        with("leaf", at(trust("ipsec-trust"), Some("b")), false),
        with("own", at(identity("tomcat"), Some("a")), false),
        with("self", at(identity("tomcat"), Some("b")), true),
    ];
    apply(&storage, &changes).await;
    let all = storage.kept_leaves(None, 10).await.unwrap();
    let places: Vec<_> = all.iter().map(|one| (one.usage, one.room.as_str())).collect();
    let (slot, stores) = ((Usage::Identity, "tomcat"), [(Usage::Trust, "ipsec-trust"), (Usage::Trust, "tomcat-trust")]);
    assert_eq!(places, [slot, slot, stores[0], stores[1]]);
    assert_eq!(all[3].der, der("leaf"));
    let mut paged: Vec<KeptCertificate> = Vec::new();
    loop {
        let last = paged.last().cloned();
        let after = last.as_ref().map(|last| (last.usage, last.room.as_str(), last.fingerprint));
        let page = storage.kept_leaves(after, 1).await.unwrap();
        if page.is_empty() {
            break;
        }
        paged.extend(page);
    }
    assert_eq!(paged, all);
}

/// Connections of before know whom their certificates are by; those that have ended are nobody's concern.
pub(super) async fn connections_are_found_by_their_issuer(home: Home) {
    Storage::open_at(&home.location(), 7).await.unwrap().close().await;
    let past = home.past().await;
    let connection = "INSERT INTO connections (id, class, peer, registered_by, registered_at, subject, serial, \
                      fingerprint, der, chain, store, purpose, state, why) \
                      VALUES ('old', 'ldap', 'p', 'alice', 1, 'CN=a', '0a', $1, $1, '[]', 's', '', 'good', '')";
    let check = "INSERT INTO checks (usage, room, connection, fingerprint, issuer, reason, due_at, owner, owned_until, \
                 claims, times, status, decision, detail, verdict, failures) VALUES ('connection', 'ldap', 'old', $1, \
                 'issuer', 'upload', NULL, '', 0, 0, 0, 'unchecked', '', '', $1, 0)";
    for statement in [connection, check] {
        sqlx::query(statement).bind(vec![7_u8; 32]).execute(&past).await.unwrap();
    }
    past.close().await;
    let storage = home.open().await;
    register(&storage, "new", Class::Cti, "peer", NOW).await;
    register(&storage, "over", Class::Cti, "peer", NOW).await;
    assert!(storage.end_connection("over", act("connection.ended")).await.unwrap());
    let found = async |issuer: &str, serials: &[&str], most| {
        let serials: Vec<String> = serials.iter().map(|serial| (*serial).to_owned()).collect();
        storage.connections_issued(issuer, &serials, most).await.unwrap()
    };
    assert_eq!(found("issuer", &["01", "0a"], 10).await, ["new", "old"]);
    assert_eq!(found("issuer", &["0a"], 1).await, ["new"]);
    assert_eq!(found("issuer", &["0b"], 10).await.len() + found("other", &["0a"], 10).await.len(), 0);
    assert_eq!(storage.connections(&ConnectionFilter::default(), 10).await.unwrap().len(), 2);
}
