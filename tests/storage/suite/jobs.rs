//! Jobs: claimed by one, taken over when a lease ends, never put off.

use host_server::storage::Storage;

use crate::place::Home;
use crate::sample::NOW;

const LEASE: i64 = 100;

async fn due(storage: &Storage) -> i64 {
    storage.job("look").await.unwrap().unwrap().due_at
}

pub(super) async fn a_job_is_claimed_by_one(home: Home) {
    let storage = home.open().await;
    assert_eq!(storage.job("look").await.unwrap(), None);
    assert_eq!(storage.claim("look", "a", (NOW, LEASE)).await.unwrap(), None);
    storage.schedule("look", NOW).await.unwrap();
    assert_eq!(storage.claim("look", "a", (NOW - 1, LEASE)).await.unwrap(), None);
    let claims: Vec<_> = (0..20)
        .map(|number| {
            let storage = storage.clone();
            tokio::spawn(async move { storage.claim("look", &format!("n{number}"), (NOW, LEASE)).await.unwrap() })
        })
        .collect();
    let mut claimed = Vec::new();
    for claim in claims {
        claimed.extend(claim.await.unwrap());
    }
    let [claim] = claimed.as_slice() else { panic!("{claimed:?}") };
    assert!(storage.finish(claim, (NOW + 1, NOW + 50), "done").await.unwrap());
    let job = storage.job("look").await.unwrap().unwrap();
    assert_eq!((job.due_at, job.owned_until, job.finished_at), (NOW + 50, 0, Some(NOW + 1)));
    assert_eq!(job.outcome, "done");
    assert_eq!(storage.claim("look", "a", (NOW + 49, LEASE)).await.unwrap(), None);
    assert!(storage.claim("look", "a", (NOW + 50, LEASE)).await.unwrap().is_some());
}

pub(super) async fn a_lease_ends_and_with_it_the_right_of_its_owner(home: Home) {
    let storage = home.open().await;
    storage.schedule("look", NOW).await.unwrap();
    let killed = storage.claim("look", "a", (NOW, LEASE)).await.unwrap().unwrap();
    assert_eq!(storage.claim("look", "b", (NOW + LEASE - 1, LEASE)).await.unwrap(), None);
    let taken = storage.claim("look", "b", (NOW + LEASE, LEASE)).await.unwrap().unwrap();
    assert!(!storage.extend(&killed, NOW + 1_000).await.unwrap());
    assert!(!storage.finish(&killed, (NOW, NOW + 7), "late").await.unwrap());
    assert!(storage.extend(&taken, NOW + 3 * LEASE).await.unwrap());
    assert_eq!(storage.claim("look", "a", (NOW + 3 * LEASE - 1, LEASE)).await.unwrap(), None);
    assert!(storage.finish(&taken, (NOW + LEASE, NOW + 900), "done").await.unwrap());
    assert!(!storage.extend(&taken, NOW + 1_000).await.unwrap());
    let job = storage.job("look").await.unwrap().unwrap();
    assert_eq!((job.due_at, job.owner.as_str(), job.outcome.as_str()), (NOW + 900, "b", "done"));
}

pub(super) async fn what_is_asked_for_during_a_run_is_done_after_it(home: Home) {
    let storage = home.open().await;
    storage.schedule("look", NOW).await.unwrap();
    let claim = storage.claim("look", "a", (NOW, LEASE)).await.unwrap().unwrap();
    storage.schedule("look", NOW + 5).await.unwrap();
    assert!(storage.extend(&claim, NOW + 2 * LEASE).await.unwrap());
    assert_eq!(storage.claim("look", "b", (NOW + 6, LEASE)).await.unwrap(), None);
    assert!(storage.finish(&claim, (NOW + 10, NOW + 900), "done").await.unwrap());
    assert_eq!(due(&storage).await, NOW + 5);
    let claim = storage.claim("look", "b", (NOW + 10, LEASE)).await.unwrap().unwrap();
    assert!(storage.extend(&claim, NOW + 3 * LEASE).await.unwrap());
    assert!(storage.finish(&claim, (NOW + 11, NOW + 900), "done").await.unwrap());
    assert_eq!(due(&storage).await, NOW + 900);
}

// R-MON-5
pub(super) async fn what_was_planned_is_never_put_off(home: Home) {
    let storage = home.open().await;
    storage.schedule("look", NOW + 100).await.unwrap();
    storage.schedule("look", NOW + 101).await.unwrap();
    assert_eq!(due(&storage).await, NOW + 100);
    storage.schedule("look", NOW + 99).await.unwrap();
    assert_eq!(due(&storage).await, NOW + 99);
    storage.close().await;
    let again = home.open().await;
    again.schedule("look", NOW + 1_000).await.unwrap();
    assert_eq!(due(&again).await, NOW + 99);
}
