//! What waits to be recorded is bounded and makes nobody wait, and only what is chosen waits. Bounds of what is kept are the
//! storage's own tests.

use host_server::component::contract::request::Mode;
use host_server::component::contract::verdict::Decision;
use host_server::storage::CapsuleFilter;
use host_server::watch::capsules;

use crate::cases::runs;
use crate::question::{Place, asked, server};

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(future)
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
