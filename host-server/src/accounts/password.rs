//! Passwords: what is accepted (NIST SP 800-63B-4 3.1.1.2: length counts, composition rules do not), how they are kept
//! (argon2id), and how many are verified at once, because each takes memory and time on purpose.

use std::fmt;
use std::sync::Arc;

use argon2::password_hash::PasswordVerifier;
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, Version};
use tokio::sync::Semaphore;

use super::secret::{Secret, random};
use crate::storage::StorageFault;

/// Memory in KiB, passes and lanes: the second set that OWASP recommends for argon2id, "m=19456 (19 MiB), t=2, p=1"
/// (Password Storage Cheat Sheet).
pub const ARGON2_COST: (u32, u32, u32) = (19_456, 2, 1);

/// The shortest password, in characters.
pub const SHORTEST: usize = 12;
/// The longest, in octets: argon2 takes any, a request does not. NIST asks that at least 64 characters are taken.
pub const LONGEST: usize = 1_024;

/// Passwords that are verified at once: each takes 19 MiB and a processor.
const AT_ONCE: usize = 2;
/// Passwords that may wait for that; more are refused at once.
const WAITING: usize = 16;

/// Why a password is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordFault {
    /// It is the name of the account, or contains it.
    Name,
    /// It is one character, or a short pattern, again and again.
    Repeated,
    /// It has fewer than [`SHORTEST`] characters.
    Short,
    /// It has more than [`LONGEST`] octets.
    Long,
}

impl fmt::Display for PasswordFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name => f.write_str("the password contains the name of the account; choose another"),
            Self::Repeated => f.write_str("the password repeats a few characters; choose another"),
            Self::Short => {
                write!(f, "the password is shorter than {SHORTEST} characters; choose a longer one")
            }
            Self::Long => write!(f, "the password is longer than {LONGEST} octets; choose a shorter one"),
        }
    }
}

/// Whether a password may be set for an account.
///
/// # Errors
/// Why not.
pub fn check(name: &str, password: &str) -> Result<(), PasswordFault> {
    if password.chars().count() < SHORTEST {
        return Err(PasswordFault::Short);
    }
    if password.len() > LONGEST {
        return Err(PasswordFault::Long);
    }
    if !name.is_empty() && password.to_lowercase().contains(&name.to_lowercase()) {
        return Err(PasswordFault::Name);
    }
    let letters: Vec<char> = password.chars().collect();
    let repeats =
        |period: usize| letters.iter().zip(letters.iter().skip(period)).all(|(left, right)| left == right);
    if (1..=4).any(repeats) {
        return Err(PasswordFault::Repeated);
    }
    Ok(())
}

/// The bound on passwords that are verified at once.
pub(super) struct Gate {
    working: Semaphore,
    waiting: Arc<Semaphore>,
}

impl Default for Gate {
    fn default() -> Self {
        let waiting = Arc::new(Semaphore::new(AT_ONCE.saturating_add(WAITING)));
        Self { working: Semaphore::new(AT_ONCE), waiting }
    }
}

/// Too many passwords wait already.
pub(super) struct Crowded;

impl Gate {
    /// Runs slow work on a thread of its own, when its turn comes.
    async fn pass<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Crowded> {
        let _place = self.waiting.try_acquire().map_err(|_| Crowded)?;
        let _turn = self.working.acquire().await.map_err(|_| Crowded)?;
        tokio::task::spawn_blocking(work).await.map_err(|_| Crowded)
    }

    /// The hash of a password, as a PHC string with its salt and cost.
    ///
    /// # Errors
    /// That too many wait; the inner error is that of argon2 or of the system.
    pub(super) async fn hash(&self, password: Secret) -> Result<Result<String, StorageFault>, Crowded> {
        self.pass(move || hash(&password)).await
    }

    /// Whether the password is the one that was hashed. Where there is no hash it takes as long to say no.
    ///
    /// # Errors
    /// That too many wait.
    pub(super) async fn verify(&self, password: Secret, hash: Option<String>) -> Result<bool, Crowded> {
        self.pass(move || verify(&password, hash.as_deref())).await
    }
}

fn argon2() -> Result<Argon2<'static>, StorageFault> {
    let (memory, passes, lanes) = ARGON2_COST;
    let params =
        Params::new(memory, passes, lanes, None).map_err(|error| StorageFault::Broken(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash(password: &Secret) -> Result<String, StorageFault> {
    let salt = random::<16>()?;
    let hash = argon2()?.hash_password_with_salt(password.reveal().as_bytes(), salt.as_slice());
    Ok(hash.map_err(|error| StorageFault::Broken(error.to_string()))?.to_string())
}

fn verify(password: &Secret, hash: Option<&str>) -> bool {
    let Some(hash) = hash else {
        let mut out = [0; 32];
        // the same work as for an account that is there, and never a yes
        let _ = argon2().map(|argon2| {
            argon2.hash_password_into(password.reveal().as_bytes(), b"nobody has this.", &mut out)
        });
        return false;
    };
    let Ok(expected) = PasswordHash::new(hash) else { return false };
    Argon2::default().verify_password(password.reveal().as_bytes(), &expected).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_counts_and_the_name_does_not() {
        assert_eq!(check("alice", "elevenchars"), Err(PasswordFault::Short));
        assert_eq!(check("alice", "twelve chars"), Ok(()));
        assert_eq!(check("alice", "äöüäöüß€äöüx"), Ok(()));
        assert_eq!(check("alice", "I am ALICE, hello"), Err(PasswordFault::Name));
        assert_eq!(check("alice", "aaaaaaaaaaaaaaa"), Err(PasswordFault::Repeated));
        assert_eq!(check("alice", "abcdabcdabcdab"), Err(PasswordFault::Repeated));
        assert_eq!(check("alice", &"x y".repeat(341)), Err(PasswordFault::Repeated));
        let long: String =
            (0..1024_u32).map(|n| char::from(b'a' + u8::try_from(n * n % 23).unwrap())).collect();
        assert_eq!(check("alice", &long), Ok(()));
        assert_eq!(check("alice", &format!("{long}a")), Err(PasswordFault::Long));
    }

    #[test]
    fn a_password_is_kept_as_its_hash_with_its_cost() {
        let password = Secret::of("correct horse battery".to_owned());
        let kept = hash(&password).unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
        assert!(!kept.contains("horse"));
        assert!(verify(&password, Some(&kept)));
        assert!(!verify(&Secret::of("correct horse batterx".to_owned()), Some(&kept)));
        assert!(!verify(&password, None));
        assert!(!verify(&password, Some("plain text")));
        assert_ne!(hash(&password).unwrap(), kept);
    }
}
