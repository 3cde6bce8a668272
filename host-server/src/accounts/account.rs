//! Accounts: made, listed, changed. Every change is audited in its own transaction, and the last account that may
//! manage accounts cannot be taken away.

use std::fmt;

use sqlx::Row;
use sqlx::any::AnyRow;

use super::password::{self, PasswordFault};
use super::role::{Permission, Role};
use super::secret::Secret;
use super::token::{self, NewToken, Scope};
use super::{Accounts, password::Crowded};
use crate::audit::{AuditRecord, Details, log};
use crate::storage::database::Work;
use crate::storage::{StorageFault, record::text};

/// The name of the account that the first start makes.
pub const ADMINISTRATOR: &str = "administrator";
/// How long the token of the first start is good for: time enough to make accounts of people.
pub const FIRST_TOKEN: i64 = 7 * 24 * 60 * 60;

/// An account, without its password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its name.
    pub name: String,
    /// Its role.
    pub role: Role,
    /// It may do nothing until it is enabled again.
    pub disabled: bool,
    /// It can sign in with a password.
    pub has_password: bool,
    /// No password is looked at before this moment.
    pub locked_until: i64,
    /// When it was made.
    pub created_at: i64,
    /// By whom.
    pub created_by: String,
    /// It grows by one with every change.
    pub version: i64,
}

/// What is changed of an account; what is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct AccountEdit {
    /// Its role.
    pub role: Option<Role>,
    /// Whether it may do nothing.
    pub disabled: Option<bool>,
    /// Its password. Setting one lifts a lock.
    pub password: Option<Secret>,
}

/// Why an account was not made or changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccountFault {
    /// Too many passwords are being worked on; try again.
    Crowded,
    /// It is the last account that may manage accounts.
    LastAdministrator,
    /// There is none of this name.
    Missing,
    /// The name is empty, too long, or has characters other than letters, digits and `.`, `-`, `_`, `@`.
    Name,
    /// The password is not accepted.
    Password(PasswordFault),
    /// The account was changed by somebody else: its version now.
    Stale(i64),
    /// The storage failed.
    Storage(StorageFault),
    /// There is one of this name.
    Taken,
    /// The time a token ends is over, or too far away.
    Lifetime,
}

impl fmt::Display for AccountFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Crowded => f.write_str("too many passwords are being worked on; try again"),
            Self::LastAdministrator => f.write_str(
                "it is the last account that may manage accounts; give another one that role first",
            ),
            Self::Missing => f.write_str("there is no such account or token"),
            Self::Name => {
                f.write_str("a name has 1 to 64 letters, digits and `.`, `-`, `_`, `@`; choose another")
            }
            Self::Password(fault) => fault.fmt(f),
            Self::Stale(_) => f.write_str("the account was changed by somebody else; look at it again"),
            Self::Storage(fault) => fault.fmt(f),
            Self::Taken => f.write_str("there is an account of this name; choose another"),
            Self::Lifetime => {
                f.write_str("a token ends later than now, and within a year; choose another time")
            }
        }
    }
}

impl std::error::Error for AccountFault {}

impl From<StorageFault> for AccountFault {
    fn from(fault: StorageFault) -> Self {
        Self::Storage(fault)
    }
}

impl From<sqlx::Error> for AccountFault {
    fn from(error: sqlx::Error) -> Self {
        Self::Storage(error.into())
    }
}

const COLUMNS: &str = "SELECT name, role, password, disabled, failures, locked_until, created_at, created_by, version \
                       FROM accounts";

/// An account with what signing in needs.
pub(super) struct Kept {
    pub(super) account: Account,
    pub(super) password: Option<String>,
    pub(super) failures: i64,
}

impl Accounts {
    /// Where there is no account yet: makes one that may manage accounts, without a password, and gives its token,
    /// which is to be shown once and never again.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn first_start(&self, now: i64) -> Result<Option<Secret>, StorageFault> {
        let mut work = self.storage.database().change().await?;
        let record = AuditRecord::done(now, "first start", "account.created", ADMINISTRATOR)
            .with_details(Details::none().text("role", Role::TrustAdmin.word()));
        // the audit comes first: its head is where two nodes that start at once wait for each other
        log::append(&mut work, record).await?;
        let row = sqlx::query("SELECT COUNT(*) FROM accounts").fetch_one(&mut *work).await?;
        if row.try_get::<i64, _>(0)? > 0 {
            return Ok(None);
        }
        insert(&mut work, ADMINISTRATOR, Role::TrustAdmin, (None, "first start", now)).await?;
        let new = NewToken {
            account: ADMINISTRATOR.to_owned(),
            scope: Scope::All,
            description: "first start".to_owned(),
            expires_at: now.saturating_add(FIRST_TOKEN),
        };
        let (_, secret) = token::insert(&mut work, &new, "first start", now).await?;
        work.commit().await?;
        Ok(Some(secret))
    }

    /// Makes an account; without a password it has tokens alone.
    ///
    /// # Errors
    /// As [`AccountFault`] says.
    pub async fn create(
        &self,
        name: &str,
        role: Role,
        password: Option<Secret>,
        (by, now): (&str, i64),
    ) -> Result<Account, AccountFault> {
        check_name(name)?;
        let hash = self.hashed(name, password).await?;
        let mut work = self.storage.database().change().await?;
        let record = AuditRecord::done(now, by, "account.created", name)
            .with_details(Details::none().text("role", role.word()));
        log::append(&mut work, record).await?;
        if find(&mut work, name).await?.is_some() {
            return Err(AccountFault::Taken);
        }
        insert(&mut work, name, role, (hash, by, now)).await?;
        let account = find(&mut work, name).await?.ok_or(AccountFault::Missing)?.account;
        work.commit().await?;
        Ok(account)
    }

    /// Every account, by name.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn list(&self) -> Result<Vec<Account>, StorageFault> {
        let rows = sqlx::query(sqlx::AssertSqlSafe(format!("{COLUMNS} ORDER BY name")))
            .fetch_all(&self.storage.database().reader)
            .await?;
        rows.iter().map(|row| Ok(kept(row)?.account)).collect()
    }

    /// The account of this name.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn find(&self, name: &str) -> Result<Option<Account>, StorageFault> {
        let mut work = self.storage.database().look().await?;
        Ok(find(&mut work, name).await?.map(|kept| kept.account))
    }

    /// Changes an account that has version `expected`. A new role, or none, is in force with the next request of
    /// its tokens.
    ///
    /// # Errors
    /// As [`AccountFault`] says.
    pub async fn edit(
        &self,
        name: &str,
        expected: i64,
        edit: AccountEdit,
        (by, now): (&str, i64),
    ) -> Result<Account, AccountFault> {
        let mut details = Details::none();
        if let Some(role) = edit.role {
            details = details.text("role", role.word());
        }
        if let Some(disabled) = edit.disabled {
            details = details.text("disabled", if disabled { "yes" } else { "no" });
        }
        if edit.password.is_some() {
            details = details.text("password", "set");
        }
        let hash = self.hashed(name, edit.password).await?;
        let mut work = self.storage.database().change().await?;
        log::append(&mut work, AuditRecord::done(now, by, "account.changed", name).with_details(details))
            .await?;
        let found = find(&mut work, name).await?.ok_or(AccountFault::Missing)?;
        if found.account.version != expected {
            return Err(AccountFault::Stale(found.account.version));
        }
        let lifted = hash.is_some();
        sqlx::query(
            "UPDATE accounts SET role = $1, disabled = $2, password = $3, failures = $4, locked_until = $5, \
             version = version + 1 WHERE name = $6",
        )
        .bind(edit.role.unwrap_or(found.account.role).word())
        .bind(i64::from(edit.disabled.unwrap_or(found.account.disabled)))
        .bind(hash.or(found.password))
        .bind(if lifted { 0 } else { found.failures })
        .bind(if lifted { 0 } else { found.account.locked_until })
        .bind(name.to_owned())
        .execute(&mut *work)
        .await?;
        require_administrator(&mut work).await?;
        let account = find(&mut work, name).await?.ok_or(AccountFault::Missing)?.account;
        work.commit().await?;
        Ok(account)
    }

    async fn hashed(&self, name: &str, password: Option<Secret>) -> Result<Option<String>, AccountFault> {
        let Some(password) = password else { return Ok(None) };
        password::check(name, password.reveal()).map_err(AccountFault::Password)?;
        match self.gate.hash(password).await {
            Ok(hash) => Ok(Some(hash?)),
            Err(Crowded) => Err(AccountFault::Crowded),
        }
    }
}

fn check_name(name: &str) -> Result<(), AccountFault> {
    let known = |octet: u8| octet.is_ascii_alphanumeric() || b".-_@".contains(&octet);
    match name.bytes().all(known) && (1..=64).contains(&name.len()) {
        true => Ok(()),
        false => Err(AccountFault::Name),
    }
}

async fn insert(
    work: &mut Work,
    name: &str,
    role: Role,
    (hash, by, now): (Option<String>, &str, i64),
) -> Result<(), StorageFault> {
    sqlx::query(
        "INSERT INTO accounts (name, role, password, disabled, failures, locked_until, created_at, created_by, version) \
         VALUES ($1, $2, $3, 0, 0, 0, $4, $5, 1)",
    )
    .bind(name.to_owned())
    .bind(role.word())
    .bind(hash)
    .bind(now)
    .bind(text(by))
    .execute(&mut **work)
    .await?;
    Ok(())
}

/// The head of the audit is held by now, so that two changes at once cannot each rely on the account the other takes.
async fn require_administrator(work: &mut Work) -> Result<(), AccountFault> {
    let rows = sqlx::query("SELECT role FROM accounts WHERE disabled = 0").fetch_all(&mut **work).await?;
    for row in &rows {
        let role: String = row.try_get(0)?;
        if Role::from_word(&role).is_some_and(|role| role.may(Permission::ManageAccounts)) {
            return Ok(());
        }
    }
    Err(AccountFault::LastAdministrator)
}

pub(super) async fn find(work: &mut Work, name: &str) -> Result<Option<Kept>, StorageFault> {
    let row = sqlx::query(sqlx::AssertSqlSafe(format!("{COLUMNS} WHERE name = $1")))
        .bind(text(name))
        .fetch_optional(&mut **work)
        .await?;
    row.as_ref().map(kept).transpose()
}

fn kept(row: &AnyRow) -> Result<Kept, StorageFault> {
    let role: String = row.try_get("role")?;
    let role =
        Role::from_word(&role).ok_or_else(|| StorageFault::Broken("an account has no role".to_owned()))?;
    let password: Option<String> = row.try_get("password")?;
    let account = Account {
        name: row.try_get("name")?,
        role,
        disabled: row.try_get::<i64, _>("disabled")? == 1,
        has_password: password.is_some(),
        locked_until: row.try_get("locked_until")?,
        created_at: row.try_get("created_at")?,
        created_by: row.try_get("created_by")?,
        version: row.try_get("version")?,
    };
    Ok(Kept { account, password, failures: row.try_get("failures")? })
}
