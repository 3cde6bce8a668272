//! What waits to be recorded is bounded and never makes anybody wait; what is kept is bounded by age and by size, and which
//! decisions are chosen follows from their traces.

use host_server::component::contract::request::Mode;
use host_server::component::contract::verdict::Decision;
use host_server::decide::recorder::Capsules;
use host_server::storage::{CapsuleFilter, NewCapsule};
use host_server::watch::capsules;

use crate::cases::runs;
use crate::question::{Place, asked, server};

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(future)
}

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

#[test]
fn a_list_is_filtered_and_comes_in_pages_the_newest_first() {
    run(async {
        let place = Place::new();
        let app = server(&place, "").await;
        let all: Vec<NewCapsule> = (1..=5).map(|number| capsule(number, i64::from(number) * 10, 3)).collect();
        app.storage.keep_capsules(&all).await.unwrap();
        // one that is there is left as it is
        app.storage.keep_capsules(&all[..1]).await.unwrap();
        let found = async |filter: CapsuleFilter, most| {
            let found = app.storage.capsules(&filter, most).await.unwrap();
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
        assert_eq!(app.storage.capsule(&[3; 32]).await.unwrap().as_deref(), Some("xxx"));
        assert_eq!(app.storage.capsule(&[9; 32]).await.unwrap(), None);
        app.storage.close().await;
    });
}

#[test]
fn what_is_too_old_or_too_much_is_forgotten_the_oldest_first() {
    run(async {
        let place = Place::new();
        let app = server(&place, "").await;
        let day = 86_400;
        let all: Vec<NewCapsule> =
            (1..=6).map(|number| capsule(number, i64::from(number) * day, 400_000)).collect();
        app.storage.keep_capsules(&all).await.unwrap();
        let left = async || {
            let found = app.storage.capsules(&CapsuleFilter::default(), 9).await.unwrap();
            found.iter().map(|entry| entry.root[0]).collect::<Vec<_>>()
        };
        let settings = Capsules { keep_days: 4, keep_octets: 1_600_000, ..Capsules::default() };
        // the job is due a minute after it was first heard of
        assert_eq!(capsules::forget(&app.storage, "a", &settings, 6 * day).await.unwrap(), None);
        let later = 6 * day + 60;
        // the first is older than four days, the second by a minute; of the rest four fit
        assert_eq!(capsules::forget(&app.storage, "a", &settings, later).await.unwrap(), Some(2));
        assert_eq!(left().await, [6, 5, 4, 3]);
        assert_eq!(capsules::forget(&app.storage, "b", &settings, later).await.unwrap(), None);
        let smaller = Capsules { keep_octets: 1_599_999, ..settings };
        assert_eq!(capsules::forget(&app.storage, "b", &smaller, later + 60).await.unwrap(), Some(1));
        assert_eq!(left().await, [6, 5, 4]);
        app.storage.close().await;
    });
}

#[test]
fn a_full_room_drops_counts_and_decides_all_the_same() {
    run(async {
        let place = Place::new();
        let app = server(&place, "[capsules]\nrecord = \"all\"\n").await;
        let (decider, recorder) = (app.decider(), app.recorder.clone().unwrap());
        let (_, one) = runs().into_iter().find(|(name, _)| name == "path-simple-chain").unwrap();
        let mut large = asked(&one, Mode::AsWritten, one.at).unwrap();
        // responses that are none fill the room by their size: 128 MiB are all there is
        large.responses = vec![vec![0; 2 * 1024 * 1024]; 8];
        let mut decided = 0;
        while recorder.dropped() == 0 {
            assert!(decided < 200, "the room has no bound");
            decider.decide(large.clone(), None, 0).await.unwrap();
            decided += 1;
        }
        assert!(decided > 2, "{decided}");
        assert_eq!(recorder.take(usize::MAX).len(), decided - 1);
        app.storage.close().await;
    });
}

#[test]
fn denies_alone_are_recorded_where_that_is_said() {
    run(async {
        let place = Place::new();
        let app = server(&place, "[capsules]\nrecord = \"denies\"\n").await;
        let (decider, recorder) = (app.decider(), app.recorder.clone().unwrap());
        let (_, run) = runs().into_iter().find(|(name, _)| name == "path-simple-chain").unwrap();
        let mut decisions = [0, 0];
        for at in [run.at, run.at + 100 * 365 * 86_400] {
            let asked = asked(&run, Mode::AsWritten, at).unwrap();
            let verdict = decider.decide(asked, None, 0).await.unwrap().verdict;
            decisions[usize::from(verdict.decision == Decision::Deny)] += 1;
        }
        assert_eq!(decisions, [1, 1]);
        capsules::write(&app, &recorder).await;
        let found = app.storage.capsules(&CapsuleFilter::default(), 9).await.unwrap();
        assert_eq!(found.iter().map(|entry| entry.allows).collect::<Vec<_>>(), [false]);
        app.storage.close().await;
    });
}
