//! Signing in with a name and a password. Whoever is refused learns nothing of why; the audit does. Failures lock the
//! account for a time that doubles and is bounded, so that nobody can guess, and nobody can lock anybody out for good.

use super::password::Crowded;
use super::secret::Secret;
use super::{Account, Accounts, account};
use crate::audit::{AuditRecord, Details, Outcome, log};
use crate::storage::{StorageFault, record::text};

/// Failures in a row that lock nothing.
const FREE_FAILURES: i64 = 5;
/// How long the first lock is, in seconds; each after it is twice as long.
const FIRST_LOCK: i64 = 5;
/// The longest lock, in seconds.
const LONGEST_LOCK: i64 = 15 * 60;

/// Why nobody was signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignInRefused {
    /// Too many are being looked at; try again.
    Crowded,
    /// What was presented is not accepted. There is no more to say.
    Refused,
    /// The storage failed.
    Storage(StorageFault),
}

impl<E: Into<StorageFault>> From<E> for SignInRefused {
    fn from(error: E) -> Self {
        Self::Storage(error.into())
    }
}

/// How long an account is locked after so many failures in a row.
fn lock_after(failures: i64) -> i64 {
    match failures.checked_sub(FREE_FAILURES) {
        Some(beyond @ 0..=16) => FIRST_LOCK.saturating_mul(1 << beyond).min(LONGEST_LOCK),
        Some(17..) => LONGEST_LOCK,
        _ => 0,
    }
}

impl Accounts {
    /// The account that has this name and password.
    ///
    /// # Errors
    /// As [`SignInRefused`] says.
    pub async fn sign_in(&self, name: &str, password: Secret, now: i64) -> Result<Account, SignInRefused> {
        let mut work = self.storage.database().look().await?;
        let found = account::find(&mut work, name).await?;
        drop(work);
        let usable = found.filter(|kept| !kept.account.disabled);
        let locked = usable.as_ref().is_some_and(|kept| kept.account.locked_until > now);
        // a lock is not told apart from a wrong password by the time it takes
        let hash = usable.as_ref().filter(|_| !locked).and_then(|kept| kept.password.clone());
        let right = self.gate.verify(password, hash).await.map_err(|Crowded| SignInRefused::Crowded)?;
        match usable {
            Some(kept) if right => self.signed_in(&kept.account.name, now).await,
            Some(_) if locked => self.refuse(name, now, "locked").await,
            Some(kept) => self.failed(&kept.account.name, now).await,
            None => self.refuse(name, now, "no such account, or disabled").await,
        }
    }

    async fn signed_in(&self, name: &str, now: i64) -> Result<Account, SignInRefused> {
        let mut work = self.storage.database().change().await?;
        log::append(&mut work, AuditRecord::done(now, name, "account.signed-in", name)).await?;
        let found = account::find(&mut work, name).await?;
        let usable = found.filter(|kept| !kept.account.disabled && kept.account.locked_until <= now);
        let Some(kept) = usable else {
            drop(work);
            // others guessed at the same time
            return self.refuse(name, now, "locked or disabled meanwhile").await;
        };
        sqlx::query("UPDATE accounts SET failures = 0, locked_until = 0 WHERE name = $1 AND failures > 0")
            .bind(name.to_owned())
            .execute(&mut *work)
            .await?;
        work.commit().await?;
        Ok(kept.account)
    }

    async fn failed(&self, name: &str, now: i64) -> Result<Account, SignInRefused> {
        let mut work = self.storage.database().change().await?;
        let record = AuditRecord::done(now, name, "account.signed-in", name);
        let record =
            record.with_outcome(Outcome::Refused).with_details(Details::none().text("why", "password"));
        log::append(&mut work, record).await?;
        if let Some(kept) = account::find(&mut work, name).await? {
            let failures = kept.failures.saturating_add(1);
            sqlx::query("UPDATE accounts SET failures = $1, locked_until = $2 WHERE name = $3")
                .bind(failures)
                .bind(now.saturating_add(lock_after(failures)).max(kept.account.locked_until))
                .bind(name.to_owned())
                .execute(&mut *work)
                .await?;
        }
        work.commit().await?;
        Err(SignInRefused::Refused)
    }

    /// The name is what somebody typed: it may be anything, a password among others, so little of it is kept.
    async fn refuse(&self, name: &str, now: i64, why: &str) -> Result<Account, SignInRefused> {
        let name: String = text(name).chars().take(64).collect();
        let record = AuditRecord::done(now, &name, "account.signed-in", &name);
        let record = record.with_outcome(Outcome::Refused).with_details(Details::none().text("why", why));
        let mut work = self.storage.database().change().await?;
        log::append(&mut work, record).await?;
        work.commit().await?;
        Err(SignInRefused::Refused)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locks_double_and_are_bounded() {
        assert_eq!(
            [0, 4, 5, 6, 7, 12, 13, 40, i64::MAX].map(lock_after),
            [0, 0, 5, 10, 20, 640, 900, 900, 900]
        );
    }
}
