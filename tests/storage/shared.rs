//! What PostgreSQL alone can do, and what can be wrong with its URL.

use std::time::{Duration, Instant};

use host_server::storage::{Location, Query, Storage, StorageFault};

use crate::place::{Directory, Home, run};
use crate::postgres;
use crate::sample::{apply, entry, nodes, store};

#[test]
fn a_change_of_one_server_is_seen_by_another_within_a_second() {
    run(async {
        let home = Home::shared();
        let (one, other) = (home.open().await, home.open().await);
        let mut follower = other.watch();
        for number in 0..5 {
            follower.borrow_and_update();
            let started = Instant::now();
            let version = match number {
                0 => {
                    nodes(&one).await;
                    one.version().await.unwrap()
                }
                _ => apply(&one, &[store(entry(&format!("n{number}")))]).await,
            };
            follower.wait_for(|seen| *seen >= version).await.unwrap();
            assert!(started.elapsed() < Duration::from_secs(1), "{:?}", started.elapsed());
            assert_eq!(other.list(&Query::default()).await.unwrap().entries.len(), number);
        }
    });
}

#[test]
fn a_change_whose_notification_is_lost_is_seen_all_the_same() {
    run(async {
        let home = Home::shared();
        let storage = home.open().await;
        let mut follower = storage.watch();
        let past = home.past().await;
        sqlx::query("UPDATE state SET version = 7").execute(&past).await.unwrap();
        past.close().await;
        let seen = tokio::time::timeout(Duration::from_secs(10), follower.wait_for(|seen| seen.0 == 7)).await;
        assert!(seen.is_ok_and(|seen| seen.is_ok()));
    });
}

#[test]
fn a_lost_connection_is_made_anew() {
    run(async {
        let home = Home::shared();
        let (one, other) = (home.open().await, home.open().await);
        let past = home.past().await;
        let ended = "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity \
                     WHERE pid <> pg_backend_pid() AND datname = current_database()";
        sqlx::query(ended).fetch_one(&past).await.unwrap();
        past.close().await;
        let mut follower = other.watch();
        // the first attempt may meet a connection that is gone
        let changed = async {
            while one.version().await.is_err() {}
            nodes(&one).await;
        };
        changed.await;
        let seen = tokio::time::timeout(Duration::from_secs(20), follower.wait_for(|seen| seen.0 == 1)).await;
        assert!(seen.is_ok_and(|seen| seen.is_ok()));
    });
}

#[test]
fn faults_of_a_url_have_their_line() {
    run(async {
        let server = postgres::server();
        let fault = |url: String| async move {
            Storage::open(&Location::Postgres(url)).await.map(|_| ()).unwrap_err()
        };
        assert_eq!(fault(server.url("wrong", "postgres")).await, StorageFault::Authentication);
        assert_eq!(fault(server.url("secret", "missing")).await, StorageFault::Authentication);
        assert_eq!(fault("mysql://a:secret@b/c".to_owned()).await, StorageFault::Address);
        assert_eq!(fault("postgres://a:secret@b:port/c".to_owned()).await, StorageFault::Address);
        let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let unreachable = fault(format!("postgres://a:secret@127.0.0.1:{closed}/c")).await;
        assert!(matches!(unreachable, StorageFault::Unreachable(_)), "{unreachable:?}");
        assert!(!unreachable.to_string().contains("secret"));
        let location = Location::Postgres(server.url("secret", "postgres"));
        assert!(!format!("{location:?}").contains("secret"));
    });
}

#[test]
fn copies_are_made_by_its_own_programs() {
    run(async {
        let home = Home::shared();
        let directory = Directory::new();
        let copied = home.open().await.backup(&directory.0.join("copy")).await;
        assert_eq!(copied, Err(StorageFault::NotForPostgres));
        assert!(copied.unwrap_err().to_string().contains("pg_dump"));
    });
}
