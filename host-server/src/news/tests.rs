//! Telling without a socket: who joins, who is slow, and who may see what.

use tokio::sync::mpsc;

use super::listener::{Listener, changes};
use super::*;
use crate::accounts::{Account, Accounts, Caller, Role, Scope, Token};
use crate::cli::console;
use crate::storage::{Location, Storage, Version};

fn run(test: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(test);
}

fn caller(role: Role) -> Caller {
    let account = Account {
        name: "alice".to_owned(),
        role,
        disabled: false,
        has_password: false,
        locked_until: 0,
        created_at: 0,
        created_by: String::new(),
        version: 1,
    };
    let token = Token {
        id: "1".to_owned(),
        account: "alice".to_owned(),
        scope: Scope::All,
        description: String::new(),
        created_at: 0,
        created_by: String::new(),
        expires_at: i64::MAX,
        revoked_at: None,
        last_used_at: None,
    };
    Caller { account, token }
}

fn pulse(version: i64) -> Pulse {
    let position = format!("{version}{}", "-00000000".repeat(7));
    Pulse { version: Version(version), position: position.parse().unwrap() }
}

fn parts(parts: &[Part]) -> Changed {
    Changed::Parts(parts.iter().copied().collect())
}

#[test]
fn everybody_is_told_what_they_may_see_and_the_last_event_has_the_position() {
    let changed = parts(&[Part::Accounts, Part::Audit, Part::Certificates]);
    let told = |role| changes(&pulse(7), &changed, &caller(role));
    let event = |what: &str| format!("event: changed\ndata: {{\"what\":\"{what}\",\"version\":7}}\n\n");
    let id = format!("id: {}\n", pulse(7).position);
    assert_eq!(told(Role::Viewer), format!("{id}{}", event("certificates")));
    assert_eq!(told(Role::Auditor), format!("{}{id}{}", event("audit"), event("certificates")));
    let all = format!("{}{}{id}{}", event("accounts"), event("audit"), event("certificates"));
    assert_eq!(told(Role::TrustAdmin), all);
    assert_eq!(changes(&pulse(7), &parts(&[Part::Audit]), &caller(Role::Viewer)), "");
    let everything = changes(&pulse(7), &Changed::Everything, &caller(Role::Viewer));
    assert_eq!(everything, format!("{id}{}", event("everything")));
}

/// A listener whose token is the administrator's, and where their text comes out.
async fn listener(news: &News, accounts: &Accounts, caller: &Caller) -> (Listener, mpsc::Receiver<String>) {
    let (text, read) = mpsc::channel(1);
    let subscription = news.subscribe().await.unwrap();
    let caller = Arc::new(caller.clone());
    (Listener { subscription, caller, accounts: accounts.clone(), text }, read)
}

/// Runs a test with the first account of a storage of its own.
fn with_administrator<F: Future<Output = ()>>(
    name: &str,
    test: impl FnOnce(Arc<News>, Accounts, Caller) -> F,
) {
    let directory = std::env::temp_dir().join(format!("assayer-news-{}-{name}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    run(async {
        let storage = Storage::open(&Location::Directory(directory.clone())).await.unwrap();
        let accounts = Accounts::of(&storage);
        let secret = accounts.first_start(console::clock()).await.unwrap().unwrap();
        let caller = accounts.authenticate(secret.reveal(), console::clock()).await.unwrap();
        test(Arc::new(News::default()), accounts, caller).await;
        storage.close().await;
    });
    std::fs::remove_dir_all(&directory).unwrap();
}

#[test]
fn who_is_too_slow_is_told_of_everything_once_and_goes_on() {
    with_administrator("slow", |news, accounts, caller| async move {
        news.put((pulse(0), 1), None);
        let (listener, mut read) = listener(&news, &accounts, &caller).await;
        let tellings = i64::try_from(BACKLOG).unwrap() + 8;
        for version in 1..=tellings {
            news.put((pulse(version), 1), Some(parts(&[Part::Lists])));
        }
        tokio::spawn(listener.listen("first\n\n".to_owned()));
        assert_eq!(read.recv().await.as_deref(), Some("first\n\n"));
        assert_eq!(read.recv().await, Some(changes(&pulse(0), &Changed::Everything, &caller)));
        for version in 9..=tellings {
            assert_eq!(read.recv().await, Some(changes(&pulse(version), &parts(&[Part::Lists]), &caller)));
        }
        news.end();
        assert_eq!(read.recv().await, None);
    });
}

#[test]
fn who_joins_is_not_told_what_the_look_made_for_them_found() {
    with_administrator("joins", |news, accounts, caller| async move {
        news.put((pulse(0), 0), None);
        let (joining, beside) = (Arc::clone(&news), caller.clone());
        let joining = tokio::spawn(async move { listener(&joining, &accounts, &beside).await });
        while news.wanted.load(Ordering::Relaxed) == 0 {
            tokio::task::yield_now().await;
        }
        news.put((pulse(1), 1), Some(parts(&[Part::Lists])));
        let (listener, mut read) = joining.await.unwrap();
        assert_eq!(listener.subscription.pulse, pulse(1));
        news.put((pulse(2), 1), Some(parts(&[Part::Alarms])));
        tokio::spawn(listener.listen("first\n\n".to_owned()));
        assert_eq!(read.recv().await.as_deref(), Some("first\n\n"));
        assert_eq!(read.recv().await, Some(changes(&pulse(2), &parts(&[Part::Alarms]), &caller)));
    });
}

#[test]
fn a_token_that_is_revoked_hears_nothing_more() {
    with_administrator("revoked", |news, accounts, caller| async move {
        news.put((pulse(0), 1), None);
        let (listener, mut read) = listener(&news, &accounts, &caller).await;
        tokio::spawn(listener.listen("first\n\n".to_owned()));
        assert_eq!(read.recv().await.as_deref(), Some("first\n\n"));
        // what somebody else's account makes another is told as before
        let changed = parts(&[Part::Accounts]);
        news.put((pulse(1), 1), Some(changed.clone()));
        assert_eq!(read.recv().await, Some(changes(&pulse(1), &changed, &caller)));
        accounts.revoke(&caller.token.id, ("administrator", console::clock())).await.unwrap();
        news.put((pulse(2), 1), Some(changed));
        assert_eq!(read.recv().await, None);
    });
}

#[test]
fn no_more_listen_than_may_and_one_that_goes_makes_room() {
    run(async {
        let news = News::default();
        news.put((pulse(0), i64::MAX.unsigned_abs()), None);
        let mut all = Vec::new();
        for _ in 0..LISTENERS {
            all.push(news.subscribe().await.unwrap());
        }
        assert_eq!(news.subscribe().await.err(), Some(Deaf::Crowded));
        all.pop();
        assert!(news.subscribe().await.is_ok());
    });
}
