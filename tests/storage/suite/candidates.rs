//! The candidate policy: one at most, with what came of it, of all nodes together and within bounds.

use std::collections::BTreeMap;

use host_server::storage::{
    ApplyFault, CandidateCounts, Change, Comparisons, FlipFilter, NewCapsule, NewFlip, Outcome, Storage,
};

use crate::place::Home;
use crate::sample::{NOW, act, apply};

fn propose(document: &str) -> Change {
    Change::ProposePolicy { document: document.to_owned() }
}

fn put(document: &str) -> Change {
    Change::PutPolicy { scope: String::new(), document: document.to_owned() }
}

fn flip(number: i64) -> NewFlip {
    NewFlip {
        decided_at: NOW + number,
        node: "a".to_owned(),
        certificate: [u8::try_from(number % 2).unwrap(); 32],
        subject: "CN=x".to_owned(),
        serial: "0a".to_owned(),
        purpose: if number < 3 { String::new() } else { "server-auth".to_owned() },
        decision: if number % 3 == 0 { Outcome::Deny } else { Outcome::Allow },
        would_be: if number == 1 { Outcome::Nothing } else { Outcome::Deny },
        asks_for_more: number == 2,
        trace: [7; 32],
        causes: "[]".to_owned(),
    }
}

fn found(purpose: &str, counts: CandidateCounts, flips: Vec<NewFlip>) -> Comparisons {
    Comparisons { counts: BTreeMap::from([(purpose.to_owned(), counts)]), flips }
}

fn of(candidate: i64) -> FlipFilter {
    FlipFilter { candidate, allows: None, purpose: None, certificate: None, before: i64::MAX }
}

async fn moments(storage: &Storage, filter: FlipFilter, most: i64) -> Vec<i64> {
    let found = storage.flips(&filter, most).await.unwrap();
    found.iter().map(|one| one.flip.decided_at - NOW).collect()
}

pub(super) async fn there_is_one_candidate_and_none_is_in_force(home: Home) {
    let storage = home.open().await;
    assert_eq!(storage.candidate().await.unwrap(), None);
    let first = apply(&storage, &[propose("first")]).await;
    apply(&storage, &[put("in force")]).await;
    let second = apply(&storage, &[propose("second")]).await;
    let candidate = storage.candidate().await.unwrap().unwrap();
    assert_eq!((candidate.version, candidate.document.as_str()), (second.0, "second"));
    assert_eq!((candidate.against, candidate.added_at, candidate.added_by.as_str()), (1, NOW, "alice"));
    assert!(first < second);
    let basis = storage.basis("cluster", "a").await.unwrap();
    assert_eq!(basis.policy.as_deref(), Some("in force"));
    assert_eq!(basis.candidate.map(|one| (one.version, one.document)), Some((second.0, "second".to_owned())));
    // promotion: both or neither, on the version that was seen
    let change = [put("second"), Change::DropCandidate];
    let stale = storage.apply(first, &change, act("test.change")).await;
    assert!(matches!(stale, Err(ApplyFault::Stale { .. })), "{stale:?}");
    assert!(storage.candidate().await.unwrap().is_some());
    apply(&storage, &change).await;
    assert_eq!(storage.candidate().await.unwrap(), None);
    assert_eq!(storage.active_policy("").await.unwrap().unwrap().number, 2);
    let version = storage.version().await.unwrap();
    let none = storage.apply(version, &[Change::DropCandidate], act("test.change")).await;
    assert_eq!(none, Err(ApplyFault::Missing("candidate policy", String::new())));
}

pub(super) async fn what_nodes_compared_adds_up_and_goes_with_the_candidate(home: Home) {
    let (storage, other) = (home.open().await, Storage::open(&home.location()).await);
    // an embedded database is one process's alone
    let other = other.unwrap_or_else(|_| storage.clone());
    let candidate = apply(&storage, &[propose("x")]).await.0;
    let some = CandidateCounts { same: 3, allow_to_deny: 1, dropped: 2, ..CandidateCounts::default() };
    let more = CandidateCounts { same: 1, undecided: 4, asks_for_more: 1, ..CandidateCounts::default() };
    storage.note_comparisons(candidate, &found("", some, vec![flip(1)]), NOW).await.unwrap();
    other.note_comparisons(candidate, &found("", more, vec![flip(2)]), NOW + 5).await.unwrap();
    other.note_comparisons(candidate, &found("server-auth", more, Vec::new()), NOW + 4).await.unwrap();
    let (counts, last) = storage.candidate_counts(candidate).await.unwrap();
    assert_eq!(counts, BTreeMap::from([(String::new(), some.and(&more)), ("server-auth".to_owned(), more)]));
    assert_eq!((last, counts[""].compared(), counts[""].dropped), (Some(NOW + 5), 6, 2));
    // of another candidate than there is nothing is written
    storage.note_comparisons(candidate + 1, &found("", some, vec![flip(3)]), NOW).await.unwrap();
    assert_eq!(moments(&storage, of(candidate), 9).await, [2, 1]);
    assert_eq!(storage.candidate_counts(candidate + 1).await.unwrap(), (BTreeMap::new(), None));
    let next = apply(&storage, &[propose("x")]).await.0;
    for version in [candidate, next] {
        assert_eq!(storage.candidate_counts(version).await.unwrap().0, BTreeMap::new());
        assert!(moments(&storage, of(version), 9).await.is_empty());
    }
    storage.note_comparisons(next, &found("", some, vec![flip(4)]), NOW).await.unwrap();
    apply(&storage, &[Change::DropCandidate]).await;
    assert_eq!(storage.candidate_counts(next).await.unwrap().0, BTreeMap::new());
}

pub(super) async fn the_newest_thousand_flips_are_kept_and_found(home: Home) {
    let storage = home.open().await;
    let candidate = apply(&storage, &[propose("x")]).await.0;
    let counts = CandidateCounts::default();
    storage.note_comparisons(candidate, &found("", counts, (1..=6).map(flip).collect()), NOW).await.unwrap();
    let capsule = NewCapsule {
        root: [9; 32],
        recorded_at: NOW + 4,
        allows: true,
        purpose: String::new(),
        certificate: [0; 32],
        trace: [7; 32],
        body: "x".to_owned(),
    };
    storage.keep_capsules(&[capsule]).await.unwrap();
    let all = storage.flips(&of(candidate), 9).await.unwrap();
    assert_eq!(all.iter().map(|one| &one.flip).collect::<Vec<_>>(), (1..=6).rev().map(flip).collect::<Vec<_>>().iter().collect::<Vec<_>>());
    let capsules: Vec<bool> = all.iter().map(|one| one.capsule == Some([9; 32])).collect();
    assert_eq!(capsules, [false, false, true, false, false, false]);
    assert_eq!(moments(&storage, FlipFilter { before: all[1].number, ..of(candidate) }, 2).await, [4, 3]);
    assert_eq!(moments(&storage, FlipFilter { allows: Some(false), ..of(candidate) }, 9).await, [6, 3]);
    assert_eq!(moments(&storage, FlipFilter { allows: Some(true), ..of(candidate) }, 9).await, [5, 4, 2, 1]);
    let purpose = |text: &str| FlipFilter { purpose: Some(text.to_owned()), ..of(candidate) };
    assert_eq!(moments(&storage, purpose(""), 9).await, [2, 1]);
    assert_eq!(moments(&storage, purpose("server-auth"), 9).await, [6, 5, 4, 3]);
    let certificate = FlipFilter { certificate: Some([1; 32]), ..of(candidate) };
    assert_eq!(moments(&storage, certificate, 9).await, [5, 3, 1]);
    let many: Vec<NewFlip> = (7..=1_002).map(flip).collect();
    storage.note_comparisons(candidate, &found("", counts, many), NOW).await.unwrap();
    let kept = moments(&storage, of(candidate), 2_000).await;
    assert_eq!((kept.len(), kept.first(), kept.last()), (1_000, Some(&1_002), Some(&3)));
}
