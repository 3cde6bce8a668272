//! The audit as it is kept: whole after everything, and not to be changed unseen.

use host_server::audit::export::verify_lines;
use host_server::audit::{AuditLog, AuditRecord, Broken, Details, Flaw, Head, Outcome, Wanted};
use host_server::storage::Storage;
use sqlx::AnyPool;

use crate::place::Home;
use crate::sample::{NOW, act, apply, entry, nodes, remove, store, trust};

async fn some(home: &Home) -> (Storage, AuditLog) {
    let storage = home.open().await;
    nodes(&storage).await;
    for number in 0..5 {
        apply(&storage, &[store(entry(&format!("n{number}")))]).await;
    }
    let log = AuditLog::of(&storage);
    (storage, log)
}

pub(super) async fn the_chain_holds_after_everything(home: Home) {
    let storage = home.open().await;
    let log = AuditLog::of(&storage);
    assert_eq!(log.verify().await.unwrap(), Ok(Head { sequence: 0, hash: [0; 32] }));
    nodes(&storage).await;
    apply(&storage, &[store(entry("one")), remove(trust("tomcat-trust"), None, "one")]).await;
    // what was refused leaves no record: nothing was done
    let version = storage.version().await.unwrap();
    assert!(storage.apply(version, &[store(entry("one"))], act("x")).await.is_err());
    let said = act("login").with_outcome(Outcome::Refused).with_details(Details::none().text("\u{1}é", "\"\n"));
    assert_eq!(log.append(said).await.unwrap(), 3);
    // all at once
    let at_once: Vec<_> = (0..20)
        .map(|number| {
            let log = log.clone();
            tokio::spawn(async move { log.append(act(&format!("at.once.{number}"))).await.unwrap() })
        })
        .collect();
    for one in at_once {
        one.await.unwrap();
    }
    let head = log.verify().await.unwrap().unwrap();
    let records = log.after(0, 1_000).await.unwrap();
    assert_eq!((head.sequence, head.hash), (23, records[22].hash));
    assert_eq!((records[0].who.as_str(), records[0].what.as_str()), ("alice", "test.change"));
    assert_eq!(log.after(20, 2).await.unwrap(), records[20..22]);
    let newest: Vec<_> = log.before(i64::MAX, 2, &Wanted::default()).await.unwrap().iter().map(|record| record.sequence).collect();
    assert_eq!(newest, [23, 22]);
}

/// A record of this account and this act, about a subject, at a moment.
fn said(who: &str, what: &str, subject: &str, time: i64) -> AuditRecord {
    AuditRecord::done(time, who, what, subject)
}

pub(super) async fn every_record_that_is_wanted_is_found_and_no_other(home: Home) {
    let storage = home.open().await;
    let log = AuditLog::of(&storage);
    let records = [
        said("alice", "token.created", "Root CA", 100),
        said("Bob", "token.revoked", "100%_sure!", 200),
        said("bob", "policy.set", "deployment", 300),
        said("alice", "policy.set", "node a", 300),
    ];
    for record in records {
        log.append(record).await.unwrap();
    }
    let found = async |wanted: Wanted| -> Vec<i64> {
        let found = log.before(i64::MAX, 100, &wanted).await.unwrap();
        found.iter().map(|record| record.sequence).collect()
    };
    let some = |text: &str| Some(text.to_owned());
    let all = Wanted::default();
    assert_eq!(found(all.clone()).await, [4, 3, 2, 1]);
    // in any case, and a part of it is enough
    assert_eq!(found(Wanted { who: some("BOB"), ..all.clone() }).await, [3, 2]);
    assert_eq!(found(Wanted { what: some("token."), ..all.clone() }).await, [2, 1]);
    assert_eq!(found(Wanted { subject: some("root"), ..all.clone() }).await, [1]);
    assert_eq!(found(Wanted { who: some("nobody"), ..all.clone() }).await, [0; 0]);
    // what means something to a database means itself here
    assert_eq!(found(Wanted { subject: some("100%_sure!"), ..all.clone() }).await, [2]);
    assert_eq!(found(Wanted { subject: some("%"), ..all.clone() }).await, [2]);
    assert_eq!(found(Wanted { subject: some("100_"), ..all.clone() }).await, [0; 0]);
    // from a moment on, up to and without another
    assert_eq!(found(Wanted { from: Some(200), ..all.clone() }).await, [4, 3, 2]);
    assert_eq!(found(Wanted { from: Some(201), ..all.clone() }).await, [4, 3]);
    assert_eq!(found(Wanted { until: Some(200), ..all.clone() }).await, [1]);
    assert_eq!(found(Wanted { until: Some(201), ..all.clone() }).await, [2, 1]);
    // every criterion holds
    let both = Wanted { who: some("bob"), what: some("policy"), from: Some(300), ..all };
    assert_eq!(found(both.clone()).await, [3]);
    let none: Vec<_> = log.before(3, 100, &both).await.unwrap();
    assert!(none.is_empty());
}

pub(super) async fn records_cannot_be_changed(home: Home) {
    let (_storage, log) = some(&home).await;
    let past = home.past().await;
    for statement in
        ["UPDATE audit SET who = 'bob' WHERE sequence = 2", "DELETE FROM audit WHERE sequence = 2", "DELETE FROM audit"]
    {
        let refused = sqlx::raw_sql(statement).execute(&past).await.unwrap_err().to_string();
        assert!(refused.contains("an audit record is never"), "{refused}");
    }
    if !home.is_embedded() {
        assert!(sqlx::raw_sql("TRUNCATE audit").execute(&past).await.is_err());
    }
    past.close().await;
    assert_eq!(log.verify().await.unwrap().unwrap().sequence, 6);
}

/// What somebody can do who owns the database.
async fn without_triggers(home: &Home, statement: &'static str) {
    let past: AnyPool = home.past().await;
    let triggers = match home.is_embedded() {
        true => "DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete",
        false => "DROP TRIGGER audit_no_update ON audit; DROP TRIGGER audit_no_truncate ON audit",
    };
    sqlx::raw_sql(triggers).execute(&past).await.unwrap();
    let done = sqlx::raw_sql(statement).execute(&past).await.unwrap();
    assert_eq!(done.rows_affected(), 1);
    past.close().await;
}

pub(super) async fn a_flipped_bit_is_found(home: Home) {
    let (_storage, log) = some(&home).await;
    // `alice` with one bit flipped
    without_triggers(&home, "UPDATE audit SET who = 'blice' WHERE sequence = 3").await;
    assert_eq!(log.verify().await.unwrap(), Err(Broken { at: 3, why: Flaw::Changed }));
}

pub(super) async fn a_cut_end_is_found(home: Home) {
    let (_storage, log) = some(&home).await;
    without_triggers(&home, "DELETE FROM audit WHERE sequence = 6").await;
    assert_eq!(log.verify().await.unwrap(), Err(Broken { at: 6, why: Flaw::OtherHead }));
}

pub(super) async fn an_export_verifies(home: Home) {
    let (_storage, log) = some(&home).await;
    let records = log.after(0, 1_000).await.unwrap();
    let file: String = records.iter().map(|record| record.to_line() + "\n").collect();
    let head = log.verify().await.unwrap().unwrap();
    assert_eq!(verify_lines(file.as_bytes()).unwrap(), head);
    assert_eq!(records[0].time, NOW);
}
