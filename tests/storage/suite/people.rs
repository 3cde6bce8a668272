//! Accounts, passwords and tokens.

use host_server::accounts::{
    AccountEdit, AccountFault, Accounts, NewToken, PasswordFault, Permission, Role, Scope, Secret, SignInRefused,
};
use host_server::audit::{AuditLog, Record, Wanted};

use crate::place::Home;
use crate::sample::NOW;

const BY: (&str, i64) = ("root", NOW);
const PASSWORD: &str = "correct horse battery";

fn secret(text: &str) -> Secret {
    Secret::of(text.to_owned())
}

async fn last(log: &AuditLog) -> Record {
    assert!(log.verify().await.unwrap().is_ok());
    log.before(i64::MAX, 1, &Wanted::default()).await.unwrap().remove(0)
}

fn asked(account: &str, scope: Scope) -> NewToken {
    NewToken { account: account.to_owned(), scope, description: "ci".to_owned(), expires_at: NOW + 100 }
}

pub(super) async fn the_first_start_gives_one_token(home: Home) {
    let storage = home.open().await;
    let accounts = Accounts::of(&storage);
    let start = || {
        let accounts = accounts.clone();
        tokio::spawn(async move { accounts.first_start(NOW).await.unwrap() })
    };
    let (left, right) = (start(), start());
    let given: Vec<_> = [left.await.unwrap(), right.await.unwrap()].into_iter().flatten().collect();
    let [token] = given.as_slice() else { panic!("{} tokens", given.len()) };
    assert!(token.reveal().starts_with("assayer_"));
    assert_eq!(format!("{token:?}"), "Secret(..)");
    let caller = accounts.authenticate(token.reveal(), NOW).await.unwrap();
    assert_eq!((caller.account.name.as_str(), caller.role()), ("administrator", Role::TrustAdmin));
    assert!(caller.may(Permission::ManageAccounts));
    // there is no password to be guessed
    let refused = accounts.sign_in("administrator", secret(""), NOW).await;
    assert_eq!(refused, Err(SignInRefused::Refused));
    assert_eq!(accounts.first_start(NOW).await.unwrap(), None);
    let later = NOW + 8 * 24 * 60 * 60;
    assert_eq!(accounts.authenticate(token.reveal(), later).await, Err(SignInRefused::Refused));
    let records = AuditLog::of(&storage).after(0, 10).await.unwrap();
    let acts: Vec<_> = records.iter().map(|record| record.what.as_str()).collect();
    assert_eq!(acts, ["account.created", "token.created", "account.signed-in", "token.used"]);
    // the token itself is nowhere
    assert!(!records.iter().any(|record| record.to_line().contains(token.reveal())));
}

pub(super) async fn passwords_open_accounts_and_locks_are_bounded(home: Home) {
    let storage = home.open().await;
    let (accounts, log) = (Accounts::of(&storage), AuditLog::of(&storage));
    accounts.create("alice", Role::Operator, Some(secret(PASSWORD)), BY).await.unwrap();
    let try_at = |password: &'static str, now| {
        let accounts = accounts.clone();
        async move { accounts.sign_in("alice", secret(password), now).await }
    };
    let account = try_at(PASSWORD, NOW).await.unwrap();
    assert_eq!((account.role, account.has_password), (Role::Operator, true));
    assert_eq!((last(&log).await.what.as_str(), last(&log).await.outcome.word()), ("account.signed-in", "done"));
    for _ in 0..4 {
        assert_eq!(try_at("wrong", NOW).await, Err(SignInRefused::Refused));
        assert_eq!(last(&log).await.outcome.word(), "refused");
    }
    // four failures lock nothing, and are forgotten
    assert!(try_at(PASSWORD, NOW).await.is_ok());
    for _ in 0..5 {
        assert_eq!(try_at("wrong", NOW).await, Err(SignInRefused::Refused));
    }
    // five do, for five seconds: the right password is refused just as the wrong one
    assert_eq!(try_at(PASSWORD, NOW + 4).await, Err(SignInRefused::Refused));
    assert_eq!(last(&log).await.details, "{\"why\":\"locked\"}");
    assert_eq!(accounts.find("alice").await.unwrap().unwrap().locked_until, NOW + 5);
    assert!(try_at(PASSWORD, NOW + 5).await.is_ok());
    assert_eq!(accounts.find("alice").await.unwrap().unwrap().locked_until, 0);
    let nobody = accounts.sign_in("bob\0", secret(PASSWORD), NOW).await;
    assert_eq!(nobody, Err(SignInRefused::Refused));
    assert_eq!(last(&log).await.subject, "bob\u{2400}");
}

pub(super) async fn tokens_end_and_are_revoked(home: Home) {
    let storage = home.open().await;
    let (accounts, log) = (Accounts::of(&storage), AuditLog::of(&storage));
    accounts.create("ci", Role::Viewer, None, BY).await.unwrap();
    let (token, presented) = accounts.create_token(&asked("ci", Scope::All), BY).await.unwrap();
    assert_eq!((last(&log).await.what.as_str(), last(&log).await.subject), ("token.created", token.id.clone()));
    let used = accounts.authenticate(presented.reveal(), NOW + 99).await.unwrap();
    assert_eq!(used.token.id, token.id);
    assert_eq!(accounts.tokens(Some("ci")).await.unwrap()[0].last_used_at, Some(NOW + 99));
    // the last moment is not one of its own
    assert_eq!(accounts.authenticate(presented.reveal(), NOW + 100).await, Err(SignInRefused::Refused));
    let mut other = presented.reveal().to_owned();
    let end = if other.pop() == Some('A') { 'E' } else { 'A' };
    other.push(end);
    assert_eq!(accounts.authenticate(&other, NOW).await, Err(SignInRefused::Refused));
    accounts.revoke(&token.id, BY).await.unwrap();
    assert_eq!(accounts.authenticate(presented.reveal(), NOW + 1).await, Err(SignInRefused::Refused));
    assert_eq!(accounts.tokens(None).await.unwrap()[0].revoked_at, Some(NOW));
    assert_eq!(accounts.revoke("none", BY).await, Err(AccountFault::Missing));
    // a disabled account has no token that works
    let (_, second) = accounts.create_token(&asked("ci", Scope::All), BY).await.unwrap();
    accounts.create("keeper", Role::TrustAdmin, None, BY).await.unwrap();
    let off = AccountEdit { disabled: Some(true), ..AccountEdit::default() };
    accounts.edit("ci", 1, off, BY).await.unwrap();
    assert_eq!(accounts.authenticate(second.reveal(), NOW).await, Err(SignInRefused::Refused));
    let none = accounts.create_token(&asked("ci", Scope::All), BY).await.map(|_| ());
    assert_eq!(none, Err(AccountFault::Missing));
    for expires_at in [NOW, NOW - 1, NOW + 400 * 24 * 60 * 60] {
        let wrong = NewToken { expires_at, ..asked("keeper", Scope::All) };
        assert_eq!(accounts.create_token(&wrong, BY).await.map(|_| ()), Err(AccountFault::Lifetime));
    }
    let unknown = accounts.create_token(&asked("nobody", Scope::All), BY).await.map(|_| ());
    assert_eq!(unknown, Err(AccountFault::Missing));
    assert!(log.verify().await.unwrap().is_ok());
}

pub(super) async fn a_scope_only_narrows(home: Home) {
    let storage = home.open().await;
    let accounts = Accounts::of(&storage);
    accounts.create("ci", Role::Viewer, None, BY).await.unwrap();
    let scope = Scope::Only(vec![Permission::Decide, Permission::ManageTrust]);
    let (_, presented) = accounts.create_token(&asked("ci", scope), BY).await.unwrap();
    let caller = accounts.authenticate(presented.reveal(), NOW).await.unwrap();
    assert!(caller.may(Permission::Decide));
    // the role may, the token may not; and the other way round
    assert!(!caller.may(Permission::Read));
    assert!(!caller.may(Permission::ManageTrust));
}

pub(super) async fn the_last_administrator_stays(home: Home) {
    let storage = home.open().await;
    let accounts = Accounts::of(&storage);
    accounts.create("one", Role::TrustAdmin, None, BY).await.unwrap();
    accounts.create("two", Role::TrustAdmin, None, BY).await.unwrap();
    let viewer = || AccountEdit { role: Some(Role::Viewer), ..AccountEdit::default() };
    let demote = |name: &'static str| {
        let accounts = accounts.clone();
        tokio::spawn(async move { accounts.edit(name, 1, viewer(), BY).await })
    };
    // both at once: one of them stays
    let (one, two) = (demote("one"), demote("two"));
    let outcomes = [one.await.unwrap(), two.await.unwrap()];
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
    assert!(outcomes.contains(&Err(AccountFault::LastAdministrator)));
}

pub(super) async fn edits_need_the_version(home: Home) {
    let storage = home.open().await;
    let accounts = Accounts::of(&storage);
    accounts.create("admin", Role::TrustAdmin, None, BY).await.unwrap();
    accounts.create("eve", Role::Viewer, None, BY).await.unwrap();
    let role = |role| AccountEdit { role: Some(role), ..AccountEdit::default() };
    let changed = accounts.edit("eve", 1, role(Role::Auditor), BY).await.unwrap();
    assert_eq!((changed.role, changed.version), (Role::Auditor, 2));
    assert_eq!(accounts.edit("eve", 1, role(Role::Viewer), BY).await, Err(AccountFault::Stale(2)));
    assert_eq!(accounts.edit("nobody", 1, role(Role::Viewer), BY).await, Err(AccountFault::Missing));
    let password = AccountEdit { password: Some(secret(PASSWORD)), ..AccountEdit::default() };
    accounts.edit("eve", 2, password, BY).await.unwrap();
    assert!(accounts.sign_in("eve", secret(PASSWORD), NOW).await.is_ok());
    let names: Vec<_> = accounts.list().await.unwrap().into_iter().map(|account| account.name).collect();
    assert_eq!(names, ["admin", "eve"]);
    // what was refused left no record
    let acts = AuditLog::of(&storage).after(0, 100).await.unwrap();
    assert_eq!(acts.iter().filter(|record| record.what == "account.changed").count(), 2);
}

pub(super) async fn bad_names_and_passwords_are_refused(home: Home) {
    let accounts = Accounts::of(&home.open().await);
    for name in ["", "a b", "a\0", "é", &"a".repeat(65)] {
        let refused = accounts.create(name, Role::Viewer, None, BY).await;
        assert_eq!(refused, Err(AccountFault::Name), "{name:?}");
    }
    let short = accounts.create("alice", Role::Viewer, Some(secret("elevenchars")), BY).await;
    assert_eq!(short, Err(AccountFault::Password(PasswordFault::Short)));
    accounts.create("alice", Role::Viewer, None, BY).await.unwrap();
    assert_eq!(accounts.create("alice", Role::Auditor, None, BY).await, Err(AccountFault::Taken));
}
