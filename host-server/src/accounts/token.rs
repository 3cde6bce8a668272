//! Tokens: what programs, and pages after signing in, present. The storage has their SHA-256 alone, which suffices for
//! 32 random octets; they end, can be revoked, and may do less than their account.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use sha2::{Digest, Sha256};
use sqlx::Row;
use sqlx::any::AnyRow;

use super::account::{self, AccountFault};
use super::role::{Permission, Role};
use super::secret::{Secret, random};
use super::sign_in::SignInRefused;
use super::{Account, Accounts};
use crate::audit::{AuditRecord, Details, Outcome, log};
use crate::storage::database::Work;
use crate::storage::{StorageFault, record::text};

/// What every token begins with, so that scanners for leaked secrets find one.
pub const PREFIX: &str = "assayer_";
/// The longest life of a token, in seconds: a year.
pub const LONGEST_LIFE: i64 = 366 * 24 * 60 * 60;
/// How exactly the last use is kept, in seconds: not every request is a write.
const LAST_USED: i64 = 60;

/// How much of what its account may do a token may.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// All of it.
    All,
    /// These, as far as the account may.
    Only(Vec<Permission>),
}

impl Scope {
    fn to_text(&self) -> String {
        match self {
            Self::All => "*".to_owned(),
            Self::Only(permissions) => permissions.iter().map(|one| one.word()).collect::<Vec<_>>().join(" "),
        }
    }

    /// What is not known grants nothing.
    fn of_text(text: &str) -> Self {
        match text {
            "*" => Self::All,
            words => Self::Only(words.split(' ').filter_map(Permission::from_word).collect()),
        }
    }

    fn has(&self, permission: Permission) -> bool {
        match self {
            Self::All => true,
            Self::Only(permissions) => permissions.contains(&permission),
        }
    }
}

/// A token that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewToken {
    /// Whose it is.
    pub account: String,
    /// How much it may.
    pub scope: Scope,
    /// What it is for.
    pub description: String,
    /// When it ends.
    pub expires_at: i64,
}

/// A token, without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Its number, which is no secret.
    pub id: String,
    /// Whose it is.
    pub account: String,
    /// How much it may.
    pub scope: Scope,
    /// What it is for.
    pub description: String,
    /// When it was made.
    pub created_at: i64,
    /// By whom.
    pub created_by: String,
    /// When it ends.
    pub expires_at: i64,
    /// When it was revoked.
    pub revoked_at: Option<i64>,
    /// When it was used last, to the minute.
    pub last_used_at: Option<i64>,
}

/// Who calls, and how much of that may be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The account.
    pub account: Account,
    /// The token.
    pub token: Token,
}

impl Caller {
    /// Whether both the account and the token have the permission.
    #[must_use]
    pub fn may(&self, permission: Permission) -> bool {
        self.account.role.may(permission) && self.token.scope.has(permission)
    }

    /// The role of the account.
    #[must_use]
    pub fn role(&self) -> Role {
        self.account.role
    }
}

const COLUMNS: &str = "SELECT id, account, scope, description, created_at, created_by, expires_at, revoked_at, \
                       last_used_at, hash FROM tokens";

impl Accounts {
    /// Makes a token. The secret is given once and kept nowhere.
    ///
    /// # Errors
    /// An account that is missing or disabled, a time that is over or too far away, and what a database can do wrong.
    pub async fn create_token(
        &self,
        new: &NewToken,
        (by, now): (&str, i64),
    ) -> Result<(Token, Secret), AccountFault> {
        if new.expires_at <= now || new.expires_at > now.saturating_add(LONGEST_LIFE) {
            return Err(AccountFault::Lifetime);
        }
        let mut work = self.storage.database().change().await?;
        let made = insert(&mut work, new, by, now).await?;
        let owner = account::find(&mut work, &new.account).await?;
        owner.filter(|kept| !kept.account.disabled).ok_or(AccountFault::Missing)?;
        work.commit().await?;
        Ok(made)
    }

    /// The tokens of an account, or of all, the newest first.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn tokens(&self, account: Option<&str>) -> Result<Vec<Token>, StorageFault> {
        let condition = "WHERE ($1 = '' OR account = $1) ORDER BY created_at DESC, id";
        let rows = sqlx::query(sqlx::AssertSqlSafe(format!("{COLUMNS} {condition}")))
            .bind(text(account.unwrap_or_default()))
            .fetch_all(&self.storage.database().reader)
            .await?;
        rows.iter().map(token).collect()
    }

    /// Ends a token now. One that has been revoked stays as it was.
    ///
    /// # Errors
    /// That there is none, and what a database can do wrong.
    pub async fn revoke(&self, id: &str, (by, now): (&str, i64)) -> Result<(), AccountFault> {
        let mut work = self.storage.database().change().await?;
        log::append(&mut work, AuditRecord::done(now, by, "token.revoked", id)).await?;
        let done = sqlx::query("UPDATE tokens SET revoked_at = COALESCE(revoked_at, $1) WHERE id = $2")
            .bind(now)
            .bind(text(id))
            .execute(&mut *work)
            .await?;
        if done.rows_affected() == 0 {
            return Err(AccountFault::Missing);
        }
        work.commit().await?;
        Ok(())
    }

    /// Who presents this token.
    ///
    /// # Errors
    /// Anything but a token that is known, not revoked and not over, of an account that is enabled, is refused.
    pub async fn authenticate(&self, presented: &str, now: i64) -> Result<Caller, SignInRefused> {
        let Some(hash) = hash_of(presented) else { return Err(SignInRefused::Refused) };
        let mut work = self.storage.database().look().await?;
        let row = sqlx::query(sqlx::AssertSqlSafe(format!("{COLUMNS} WHERE hash = $1")))
            .bind(hash.to_vec())
            .fetch_optional(&mut *work)
            .await?;
        let Some(row) = row else { return Err(SignInRefused::Refused) };
        // the index found it by its hash; no octet of that is compared in a time that depends on it
        let kept: Vec<u8> = row.try_get("hash")?;
        verify_slices_are_equal(&kept, &hash).map_err(|_| SignInRefused::Refused)?;
        let token = token(&row)?;
        let owner = account::find(&mut work, &token.account).await?;
        drop(work);
        let account = match owner {
            Some(kept) if !kept.account.disabled => kept.account,
            _ => return self.refused(&token, now, "account disabled").await,
        };
        if token.revoked_at.is_some() {
            return self.refused(&token, now, "revoked").await;
        }
        if token.expires_at <= now {
            return self.refused(&token, now, "expired").await;
        }
        self.used(&token, now).await?;
        Ok(Caller { account, token })
    }

    /// The same for a token that was presented before and is still in use, such as by who listens for long; `None` where
    /// it holds no more. That is no attempt to sign in, and nothing is written down about it.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub async fn look_again(&self, before: &Token, now: i64) -> Result<Option<Caller>, StorageFault> {
        let mut work = self.storage.database().look().await?;
        let row = sqlx::query(sqlx::AssertSqlSafe(format!("{COLUMNS} WHERE id = $1")))
            .bind(before.id.clone())
            .fetch_optional(&mut *work)
            .await?;
        let Some(token) = row.as_ref().map(token).transpose()? else { return Ok(None) };
        let owner = account::find(&mut work, &token.account).await?;
        let account = owner.map(|kept| kept.account).filter(|account| !account.disabled);
        let holds = token.revoked_at.is_none() && token.expires_at > now;
        Ok(account.filter(|_| holds).map(|account| Caller { account, token }))
    }

    /// Only tokens that once were ours are recorded: anybody can send anything.
    async fn refused(&self, token: &Token, now: i64, why: &str) -> Result<Caller, SignInRefused> {
        if token.last_used_at.is_none_or(|last| now.saturating_sub(last) >= LAST_USED) {
            let mut work = self.storage.database().change().await?;
            let record = AuditRecord::done(now, &token.account, "token.used", &token.id);
            let record = record.with_outcome(Outcome::Refused).with_details(Details::none().text("why", why));
            log::append(&mut work, record).await?;
            mark(&mut work, token, now).await?;
            work.commit().await?;
        }
        Err(SignInRefused::Refused)
    }

    async fn used(&self, token: &Token, now: i64) -> Result<(), StorageFault> {
        if token.last_used_at.is_some_and(|last| now.saturating_sub(last) < LAST_USED) {
            return Ok(());
        }
        match self.marked(token, now).await {
            // on a full disk it can still be read, and what is to be written fails by itself
            Err(fault @ StorageFault::DiskFull) => {
                tracing::warn!(%fault, "a token's use could not be noted");
                Ok(())
            }
            outcome => outcome,
        }
    }

    async fn marked(&self, token: &Token, now: i64) -> Result<(), StorageFault> {
        let mut work = self.storage.database().change().await?;
        mark(&mut work, token, now).await?;
        Ok(work.commit().await?)
    }
}

async fn mark(work: &mut Work, token: &Token, now: i64) -> Result<(), StorageFault> {
    sqlx::query("UPDATE tokens SET last_used_at = $1 WHERE id = $2")
        .bind(now)
        .bind(token.id.clone())
        .execute(&mut **work)
        .await?;
    Ok(())
}

/// The hash under which a token is kept; `None` when it cannot be one of ours.
fn hash_of(presented: &str) -> Option<[u8; 32]> {
    let octets = BASE64URL_NOPAD.decode(presented.strip_prefix(PREFIX)?.as_bytes()).ok()?;
    (octets.len() == 32).then(|| Sha256::digest(presented.as_bytes()).into())
}

pub(super) async fn insert(
    work: &mut Work,
    new: &NewToken,
    by: &str,
    now: i64,
) -> Result<(Token, Secret), StorageFault> {
    let secret = Secret::of(format!("{PREFIX}{}", BASE64URL_NOPAD.encode(random::<32>()?.as_slice())));
    let id = HEXLOWER.encode(random::<8>()?.as_slice());
    let details = Details::none()
        .text("account", text(&new.account))
        .text("scope", new.scope.to_text())
        .number("expires", new.expires_at);
    log::append(work, AuditRecord::done(now, by, "token.created", &id).with_details(details)).await?;
    sqlx::query(
        "INSERT INTO tokens (id, account, hash, scope, description, created_at, created_by, expires_at) \
         SELECT $1, name, $2, $3, $4, $5, $6, $7 FROM accounts WHERE name = $8",
    )
    .bind(id.clone())
    .bind(Sha256::digest(secret.reveal().as_bytes()).to_vec())
    .bind(new.scope.to_text())
    .bind(text(&new.description))
    .bind(now)
    .bind(text(by))
    .bind(new.expires_at)
    .bind(text(&new.account))
    .execute(&mut **work)
    .await?;
    let token = Token {
        id,
        account: new.account.clone(),
        scope: new.scope.clone(),
        description: text(&new.description),
        created_at: now,
        created_by: text(by),
        expires_at: new.expires_at,
        revoked_at: None,
        last_used_at: None,
    };
    Ok((token, secret))
}

fn token(row: &AnyRow) -> Result<Token, StorageFault> {
    let scope: String = row.try_get("scope")?;
    Ok(Token {
        id: row.try_get("id")?,
        account: row.try_get("account")?,
        scope: Scope::of_text(&scope),
        description: row.try_get("description")?,
        created_at: row.try_get("created_at")?,
        created_by: row.try_get("created_by")?,
        expires_at: row.try_get("expires_at")?,
        revoked_at: row.try_get("revoked_at")?,
        last_used_at: row.try_get("last_used_at")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_looks_like_a_token_is_looked_for() {
        let good = format!("{PREFIX}{}", BASE64URL_NOPAD.encode(&[7; 32]));
        assert!(hash_of(&good).is_some());
        assert!(hash_of(good.strip_prefix(PREFIX).unwrap()).is_none());
        assert!(hash_of(&format!("{PREFIX}{}", BASE64URL_NOPAD.encode(&[7; 31]))).is_none());
        assert!(hash_of("").is_none());
    }

    #[test]
    fn a_scope_is_read_back_and_unknown_words_grant_nothing() {
        for scope in
            [Scope::All, Scope::Only(vec![Permission::Read, Permission::Decide]), Scope::Only(vec![])]
        {
            assert_eq!(Scope::of_text(&scope.to_text()), scope);
        }
        assert_eq!(Scope::of_text("everything"), Scope::Only(vec![]));
    }
}
