//! What the embedded database alone can do, and what can be wrong with its directory.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};

use host_server::audit::{AuditLog, Wanted};
use host_server::storage::{FILE, Location, Query, Storage, StorageFault, restore};

use crate::place::{Directory, Home, run, sqlite_url};
use crate::sample::{NOW, apply, entry, nodes, store};

async fn fault(location: &Location) -> StorageFault {
    Storage::open(location).await.map(|_| ()).unwrap_err()
}

#[test]
fn a_directory_is_one_process_s_alone() {
    run(async {
        let home = Directory::new();
        let first = Storage::open(&home.location()).await.unwrap();
        assert_eq!(fault(&home.location()).await, StorageFault::InUse(home.0.clone()));
        let restored = restore(&home.0.join("any"), &home.0, "alice", NOW).await;
        assert_eq!(restored, Err(StorageFault::InUse(home.0.clone())));
        first.close().await;
        assert!(Storage::open(&home.location()).await.is_ok());
    });
}

#[test]
fn files_are_for_their_owner_alone() {
    run(async {
        let home = Directory::new();
        let storage = Storage::open(&home.location()).await.unwrap();
        nodes(&storage).await;
        let to = home.0.join("copy.sqlite");
        storage.backup(&to).await.unwrap();
        for file in fs::read_dir(&home.0).unwrap() {
            let file = file.unwrap();
            assert_eq!(file.metadata().unwrap().mode() & 0o777, 0o600, "{:?}", file.path());
        }
    });
}

#[test]
fn faults_of_a_directory_have_their_line() {
    run(async {
        let home = Directory::new();
        let missing = home.0.join("missing");
        let found = fault(&Location::Directory(missing.clone())).await;
        assert_eq!(found, StorageFault::MissingDirectory(missing.clone()));
        assert_eq!(
            found.to_string(),
            format!("{}: there is no such directory; make it, or name another", missing.display())
        );
        let reader = Storage::open_reader(&home.location()).await.map(|_| ()).unwrap_err();
        assert_eq!(reader, StorageFault::MissingFile(home.0.join(FILE)));
        let file = home.0.join(FILE);
        fs::write(&file, "this is no database, but it is long enough to be taken for one ".repeat(100))
            .unwrap();
        assert_eq!(fault(&home.location()).await, StorageFault::NotADatabase(file.clone()));
        let reader = Storage::open_reader(&home.location()).await.map(|_| ()).unwrap_err();
        assert_eq!(reader, StorageFault::NotADatabase(file));
    });
}

#[test]
fn a_directory_that_cannot_be_written_is_said_so() {
    run(async {
        let home = Directory::new();
        fs::set_permissions(&home.0, fs::Permissions::from_mode(0o555)).unwrap();
        // root may write anywhere but here
        let allowed = fs::write(home.0.join("probe"), "").is_ok();
        let directory = if allowed { "/sys/kernel".into() } else { home.0.clone() };
        let found = fault(&Location::Directory(directory.clone())).await;
        fs::set_permissions(&home.0, fs::Permissions::from_mode(0o755)).unwrap();
        assert_eq!(found, StorageFault::NotWritable(directory));
    });
}

#[test]
fn a_copy_of_a_database_in_use_comes_back_whole() {
    run(async {
        let home = Directory::new();
        let storage = Storage::open(&home.location()).await.unwrap();
        nodes(&storage).await;
        let version = apply(&storage, &[store(entry("kept"))]).await;
        let copy = home.0.join("copy.sqlite");
        storage.backup(&copy).await.unwrap();
        assert_eq!(storage.backup(&copy).await, Err(StorageFault::Exists(copy.clone())));
        apply(&storage, &[store(entry("lost"))]).await;
        storage.close().await;
        drop(storage);
        restore(&copy, &home.0, "alice", NOW).await.unwrap();
        let storage = Storage::open(&home.location()).await.unwrap();
        assert_eq!(storage.version().await.unwrap(), version);
        let entries = storage.list(&Query::default()).await.unwrap().entries;
        assert_eq!(
            entries.iter().map(|entry| entry.facts.common_name.as_str()).collect::<Vec<_>>(),
            ["kept"]
        );
        let log = AuditLog::of(&storage);
        assert_eq!(log.verify().await.unwrap().unwrap().sequence, 3);
        assert_eq!(log.before(i64::MAX, 1, &Wanted::default()).await.unwrap()[0].what, "storage.restored");
        // what was replaced is kept, whole
        let aside = home.0.join(format!("{FILE}.replaced"));
        sqlx::any::install_default_drivers();
        let past = sqlx::AnyPool::connect(&sqlite_url(&aside)).await.unwrap();
        let count = sqlx::query("SELECT COUNT(*) FROM entries").fetch_one(&past).await.unwrap();
        assert_eq!(sqlx::Row::get::<i64, _>(&count, 0), 2);
        past.close().await;
    });
}

#[test]
fn a_copy_that_is_damaged_or_foreign_replaces_nothing() {
    run(async {
        let home = Directory::new();
        let storage = Storage::open(&home.location()).await.unwrap();
        nodes(&storage).await;
        for number in 0..50 {
            apply(&storage, &[store(entry(&format!("n{number}")))]).await;
        }
        let copy = home.0.join("copy.sqlite");
        storage.backup(&copy).await.unwrap();
        storage.close().await;
        drop(storage);
        let whole = fs::read(&copy).unwrap();
        let other = home.0.join("other.sqlite");
        let refused = |octets: Vec<u8>| {
            fs::write(&other, octets).unwrap();
            let (other, directory) = (other.clone(), home.0.clone());
            async move { restore(&other, &directory, "alice", NOW).await.unwrap_err() }
        };
        assert_eq!(
            refused(whole[..whole.len() / 2].to_vec()).await,
            StorageFault::NotADatabase(other.clone())
        );
        assert_eq!(refused(b"hello".repeat(2_000)).await, StorageFault::NotADatabase(other.clone()));
        assert_eq!(refused(Vec::new()).await, StorageFault::NotADatabase(other.clone()));
        let mut broken = whole.clone();
        let page = broken.len() / 2 / 4_096 * 4_096;
        broken[page..page + 4_096].fill(0xff);
        assert_eq!(refused(broken).await, StorageFault::NotADatabase(other.clone()));
        let missing = home.0.join("missing");
        let none = restore(&missing, &home.0, "alice", NOW).await;
        assert_eq!(none, Err(StorageFault::MissingFile(missing)));
        let storage = Home::Embedded(home);
        assert_eq!(storage.open().await.version().await.unwrap().0, 51);
    });
}

#[test]
fn a_full_disk_is_said_so_and_changes_nothing() {
    run(async {
        let home = Home::embedded();
        home.open().await.close().await;
        let Home::Embedded(directory) = &home else { panic!("no directory") };
        // SQLite itself says that it is full: no more pages than there are
        let options = sqlx::any::AnyPoolOptions::new().max_connections(1);
        let past = options.connect(&sqlite_url(&directory.0.join(FILE))).await.unwrap();
        sqlx::raw_sql("PRAGMA max_page_count = 1").execute(&past).await.unwrap();
        let fill = "INSERT INTO certificates (fingerprint, der) VALUES (zeroblob(32), zeroblob(1000000))";
        let full = sqlx::raw_sql(fill).execute(&past).await.map(|_| ()).unwrap_err();
        past.close().await;
        let fault = StorageFault::from(full);
        assert_eq!(fault, StorageFault::DiskFull);
        assert_eq!(fault.to_string(), "no space is left for the database; make room and try again");
        assert!(home.open().await.version().await.is_ok());
    });
}

#[test]
fn a_database_that_another_program_holds_is_said_to_be_busy() {
    run(async {
        let home = Home::embedded();
        home.open().await.close().await;
        let past = home.past().await;
        let mut holder = past.acquire().await.unwrap();
        sqlx::raw_sql("BEGIN EXCLUSIVE").execute(&mut *holder).await.unwrap();
        assert_eq!(fault(&home.location()).await, StorageFault::Busy);
        sqlx::raw_sql("ROLLBACK").execute(&mut *holder).await.unwrap();
        drop(holder);
        assert!(Storage::open(&home.location()).await.is_ok());
    });
}
