//! Decisions that were recorded: listed the newest first, and forgotten by age and by size.

use host_server::decide::recorder::Capsules;
use host_server::storage::{CapsuleFilter, NewCapsule};
use host_server::watch::capsules;

use crate::place::Home;

fn capsule(number: u8, recorded_at: i64, octets: usize) -> NewCapsule {
    NewCapsule {
        root: [number; 32],
        recorded_at,
        allows: number.is_multiple_of(2),
        purpose: if number == 1 { "server-auth".to_owned() } else { String::new() },
        certificate: [7; 32],
        trace: [8; 32],
        body: "x".repeat(octets),
    }
}

pub(super) async fn capsules_come_in_pages_the_newest_first(home: Home) {
    let storage = home.open().await;
    let all: Vec<NewCapsule> = (1..=5).map(|number| capsule(number, i64::from(number) * 10, 3)).collect();
    storage.keep_capsules(&all).await.unwrap();
    // one that is there is left as it is
    storage.keep_capsules(&all[..1]).await.unwrap();
    let found = async |filter: CapsuleFilter, most| {
        let found = storage.capsules(&filter, most).await.unwrap();
        found.iter().map(|entry| entry.root[0]).collect::<Vec<_>>()
    };
    let every = CapsuleFilter::default;
    assert_eq!(found(every(), 9).await, [5, 4, 3, 2, 1]);
    assert_eq!(found(every(), 2).await, [5, 4]);
    assert_eq!(found(CapsuleFilter { before: 3, ..every() }, 9).await, [2, 1]);
    assert_eq!(found(CapsuleFilter { allows: Some(true), ..every() }, 9).await, [4, 2]);
    assert_eq!(found(CapsuleFilter { allows: Some(false), ..every() }, 9).await, [5, 3, 1]);
    assert_eq!(found(CapsuleFilter { since: Some(30), ..every() }, 9).await, [5, 4, 3]);
    let purpose = |purpose: &str| CapsuleFilter { purpose: Some(purpose.to_owned()), ..every() };
    assert_eq!(found(purpose("server-auth"), 9).await, [1]);
    assert_eq!(found(purpose(""), 9).await, [5, 4, 3, 2]);
    assert_eq!(storage.capsule(&[3; 32]).await.unwrap().as_deref(), Some("xxx"));
    assert_eq!(storage.capsule(&[9; 32]).await.unwrap(), None);
}

pub(super) async fn capsules_too_old_or_too_many_are_forgotten_the_oldest_first(home: Home) {
    let storage = home.open().await;
    let day = 86_400;
    let all: Vec<NewCapsule> =
        (1..=6).map(|number| capsule(number, i64::from(number) * day, 400_000)).collect();
    storage.keep_capsules(&all).await.unwrap();
    let left = async || {
        let found = storage.capsules(&CapsuleFilter::default(), 9).await.unwrap();
        found.iter().map(|entry| entry.root[0]).collect::<Vec<_>>()
    };
    let settings = Capsules { keep_days: 4, keep_octets: 1_600_000, ..Capsules::default() };
    // the job is due a minute after it was first heard of
    assert_eq!(capsules::forget(&storage, "a", &settings, 6 * day).await.unwrap(), None);
    let later = 6 * day + 60;
    // the first is older than four days, the second by a minute; of the rest four fit
    assert_eq!(capsules::forget(&storage, "a", &settings, later).await.unwrap(), Some(2));
    assert_eq!(left().await, [6, 5, 4, 3]);
    assert_eq!(capsules::forget(&storage, "b", &settings, later).await.unwrap(), None);
    let smaller = Capsules { keep_octets: 1_599_999, ..settings };
    assert_eq!(capsules::forget(&storage, "b", &smaller, later + 60).await.unwrap(), Some(1));
    assert_eq!(left().await, [6, 5, 4]);
}
