//! How what is kept stands: two moments differ in what was changed in between, and in nothing else.

use std::collections::BTreeSet;

use host_server::audit::{AuditLog, AuditRecord, Outcome};
use host_server::storage::{
    Answer, CandidateCounts, Change, Comparisons, ListEnd, Part, Pulse, Storage, Version,
};

use crate::place::Home;
use crate::sample::{NOW, apply, entry, nodes, store, telling};

/// The parts that are others since, by their marks.
async fn since(storage: &Storage, before: &mut Pulse) -> BTreeSet<Part> {
    let now = storage.pulse().await.unwrap();
    let parts = now.position.marked_since(&before.position).collect();
    *before = now;
    parts
}

pub(super) async fn what_changed_is_the_part_that_is_named(home: Home) {
    let storage = home.open().await;
    nodes(&storage).await;
    let mut pulse = storage.pulse().await.unwrap();
    assert_eq!((pulse.version, pulse.clone()), (storage.version().await.unwrap(), storage.pulse().await.unwrap()));
    let before = pulse.position.audit;
    let version = apply(&storage, &[store(entry("one"))]).await;
    // what is looked at again comes with it
    assert_eq!(since(&storage, &mut pulse).await, BTreeSet::from([Part::Checks]));
    assert_eq!((pulse.version, pulse.position.audit), (version, before + 1));
    storage.report_loaded("a", version, NOW).await.unwrap();
    assert_eq!(since(&storage, &mut pulse).await, BTreeSet::from([Part::Nodes]));
    // that it still has loaded it is nothing new
    storage.report_loaded("a", version, NOW + 10).await.unwrap();
    assert_eq!(since(&storage, &mut pulse).await, BTreeSet::new());
    let id = storage.raise(&[telling("one")], &["syslog".to_owned()], NOW).await.unwrap().remove(0).id;
    assert_eq!(since(&storage, &mut pulse).await, BTreeSet::from([Part::Alarms, Part::Monitor]));
    storage.answer_alarm(&id, Answer::Snooze(NOW + 60), ("alice", NOW)).await.unwrap();
    assert_eq!(since(&storage, &mut pulse).await, BTreeSet::from([Part::Alarms]));
    storage.answer_alarm(&id, Answer::Acknowledge, ("alice", NOW)).await.unwrap();
    assert_eq!(since(&storage, &mut pulse).await, BTreeSet::from([Part::Alarms]));
    let wanted = [("http://a.example/".to_owned(), 1_000)].into();
    storage.watch_lists(&wanted, (NOW, |_| [0; 32]), &[]).await.unwrap();
    assert_eq!(since(&storage, &mut pulse).await, BTreeSet::from([Part::Lists]));
    let claim = storage.take_lists("a", (NOW, 60), 1).await.unwrap().remove(0);
    assert_eq!(since(&storage, &mut pulse).await, BTreeSet::from([Part::Lists]));
    let end = ListEnd { due_at: NOW + 60, trouble: "timeout".to_owned(), ..ListEnd::default() };
    storage.finish_list(&claim, &end, (&[], NOW)).await.unwrap();
    assert_eq!(since(&storage, &mut pulse).await, BTreeSet::from([Part::Lists]));
    assert_eq!(pulse.version, Version(version.0));
    let candidate = apply(&storage, &[Change::ProposePolicy { document: String::new() }]).await;
    assert_eq!(since(&storage, &mut pulse).await, BTreeSet::from([Part::Candidate]));
    let counts = CandidateCounts { dropped: 1, ..CandidateCounts::default() };
    let found = Comparisons { counts: [(String::new(), counts)].into(), flips: Vec::new() };
    storage.note_comparisons(candidate.0, &found, NOW).await.unwrap();
    assert_eq!(since(&storage, &mut pulse).await, BTreeSet::from([Part::Candidate]));
}

pub(super) async fn acts_are_read_in_their_order(home: Home) {
    let storage = home.open().await;
    let before = storage.pulse().await.unwrap().position.audit;
    let audit = AuditLog::of(&storage);
    for what in ["one", "two"] {
        audit.append(AuditRecord::done(NOW, "alice", what, "")).await.unwrap();
    }
    audit.append(AuditRecord::done(NOW, "alice", "three", "").with_outcome(Outcome::Refused)).await.unwrap();
    let acts = |after, most| storage.acts_after(after, most);
    let named = |acts: Vec<(String, bool)>| acts.into_iter().map(|(what, _)| what).collect::<Vec<_>>();
    assert_eq!(named(acts(before, 2).await.unwrap()), ["one", "two"]);
    assert_eq!(acts(before + 1, 9).await.unwrap(), [("two".to_owned(), false), ("three".to_owned(), true)]);
    assert_eq!(acts(before + 3, 9).await.unwrap(), []);
}
