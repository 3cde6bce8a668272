//! The passphrase that private keys are encrypted under: from a file that only its owner reads, or from the
//! environment. One that is weak is refused whatever the mode; in FIPS mode none at all is refused too, and
//! otherwise no key can be made without one: there are no unencrypted keys.

use std::fmt;
use std::fs;
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::Approval;

/// The environment variable that may hold the passphrase.
pub const VARIABLE: &str = "ASSAYER_PASSPHRASE";
/// The fewest octets: the validated module derives keys from no fewer (its security policy, PBKDF2).
pub const SHORTEST: usize = 14;
/// The most octets that are read.
const LONGEST: usize = 1024;
/// The fewest different octets: fewer are one pattern over and over, however long.
const FEWEST_DIFFERENT: usize = 5;

/// A passphrase that is strong enough. It is wiped when it is dropped and shown nowhere.
pub struct Passphrase(Zeroizing<Vec<u8>>);

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passphrase")
    }
}

/// Why there is no passphrase to use. None of them holds anything of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PassphraseFault {
    /// The file cannot be read.
    Unreadable {
        /// Which.
        file: PathBuf,
        /// Why, in the system's words.
        why: String,
    },
    /// The file may be read by others than its owner.
    Exposed {
        /// Which.
        file: PathBuf,
        /// Its mode.
        mode: u32,
    },
    /// It is shorter than [`SHORTEST`] octets.
    Short {
        /// How many there are.
        octets: usize,
    },
    /// It is longer than what is read.
    Long,
    /// It is one pattern, repeated or counted on.
    Pattern,
    /// There is none, and FIPS mode needs one.
    Absent,
}

impl fmt::Display for PassphraseFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable { file, why } => {
                write!(f, "{}: the passphrase cannot be read ({why})", file.display())
            }
            Self::Exposed { file, mode } => write!(
                f,
                "{}: may be read by others (mode {mode:03o}); make it yours alone: chmod 600",
                file.display()
            ),
            Self::Short { octets } => {
                write!(f, "the passphrase has {octets} octets; expected {SHORTEST} at least")
            }
            Self::Long => write!(f, "the passphrase is longer than {LONGEST} octets"),
            Self::Pattern => f.write_str(
                "the passphrase is one pattern, repeated or counted on; expected several words or random letters",
            ),
            Self::Absent => write!(
                f,
                "FIPS mode needs a passphrase for private keys; give --passphrase-file FILE or set {VARIABLE}"
            ),
        }
    }
}

impl std::error::Error for PassphraseFault {}

impl Passphrase {
    /// Takes a passphrase that is strong enough.
    ///
    /// # Errors
    /// [`PassphraseFault`] when it is not.
    pub fn new(octets: Zeroizing<Vec<u8>>) -> Result<Self, PassphraseFault> {
        if octets.len() < SHORTEST {
            return Err(PassphraseFault::Short { octets: octets.len() });
        }
        if octets.len() > LONGEST {
            return Err(PassphraseFault::Long);
        }
        if is_pattern(&octets) {
            return Err(PassphraseFault::Pattern);
        }
        Ok(Self(octets))
    }

    /// Reads the first line of a file that only its owner may read.
    ///
    /// # Errors
    /// [`PassphraseFault`].
    pub fn of_file(path: &Path) -> Result<Self, PassphraseFault> {
        let unreadable = |error: io::Error| PassphraseFault::Unreadable {
            file: path.to_owned(),
            why: match error.kind() {
                io::ErrorKind::NotFound => "there is no such file".to_owned(),
                io::ErrorKind::PermissionDenied => "this user may not".to_owned(),
                _ => error.to_string(),
            },
        };
        let file = fs::File::open(path).map_err(unreadable)?;
        // of the opened file, so that nothing can be put in its place in between
        let mode = file.metadata().map_err(unreadable)?.mode() & 0o7777;
        if mode & 0o077 != 0 {
            return Err(PassphraseFault::Exposed { file: path.to_owned(), mode });
        }
        let most = LONGEST.saturating_add(3);
        let mut octets = Zeroizing::new(Vec::with_capacity(most));
        file.take(u64::try_from(most).unwrap_or(0)).read_to_end(&mut octets).map_err(unreadable)?;
        if let Some(end) = octets.iter().position(|octet| matches!(octet, b'\n' | b'\r')) {
            octets.truncate(end);
        }
        Self::new(octets)
    }

    /// The octets, for [`super::seal`] alone.
    pub(super) fn octets(&self) -> &[u8] {
        &self.0
    }
}

/// The passphrase of the file, else of the environment's variable; `None` where there is neither and none is needed.
///
/// # Errors
/// [`PassphraseFault`] when the one that is given cannot be used, or none is given in FIPS mode.
pub fn find(
    file: Option<&Path>,
    variable: Option<String>,
    approval: Approval,
) -> Result<Option<Passphrase>, PassphraseFault> {
    match (file, variable) {
        (Some(file), _) => Passphrase::of_file(file).map(Some),
        (None, Some(text)) => Passphrase::new(Zeroizing::new(text.into_bytes())).map(Some),
        (None, None) if approval == Approval::Fips => Err(PassphraseFault::Absent),
        (None, None) => Ok(None),
    }
}

/// Whether it is one pattern: few different octets, a short part again and again, or octets that count on.
fn is_pattern(octets: &[u8]) -> bool {
    let mut different = octets.to_vec();
    different.sort_unstable();
    different.dedup();
    different.len() < FEWEST_DIFFERENT || repeats(octets) || counts(octets)
}

/// Whether it is a part of about half its length or less, again and again.
fn repeats(octets: &[u8]) -> bool {
    (1..=octets.len().div_ceil(2))
        .any(|period| octets.iter().zip(octets.iter().skip(period)).all(|(octet, again)| octet == again))
}

/// Whether at least three of four steps from an octet to the next are the same: `abcdef…`, `13579…`, `9876…`.
fn counts(octets: &[u8]) -> bool {
    let steps: Vec<u8> = octets
        .windows(2)
        .filter_map(|pair| match pair {
            [one, next] => Some(next.wrapping_sub(*one)),
            _ => None,
        })
        .collect();
    let most = steps.iter().map(|step| steps.iter().filter(|other| *other == step).count()).max();
    most.unwrap_or(0).saturating_mul(4) >= steps.len().saturating_mul(3)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn made(text: &str) -> Result<(), PassphraseFault> {
        Passphrase::new(Zeroizing::new(text.as_bytes().to_vec())).map(drop)
    }

    #[test]
    fn a_weak_passphrase_is_refused_and_its_like_just_above_is_not() {
        assert_eq!(made(""), Err(PassphraseFault::Short { octets: 0 }));
        assert_eq!(made("Tr0ub4dor&3xy"), Err(PassphraseFault::Short { octets: 13 }));
        assert_eq!(made("Tr0ub4dor&3xyz"), Ok(()));
        assert_eq!(made(&"Tr0ub4dor&3xyz".repeat(73)), Err(PassphraseFault::Pattern));
        assert_eq!(made(&format!("{}Q!", "Tr0ub4dor&3xyz".repeat(73))), Ok(()));
        assert_eq!(made(&format!("{}Q!x", "Tr0ub4dor&3xyz".repeat(73))), Err(PassphraseFault::Long));
        for pattern in [
            "aaaaaaaaaaaaaaaa",
            "abababababababab",
            "passwordpassword",
            "passwordpasswor",
            "abcdefghijklmnop",
            "zyxwvutsrqponmlk",
            "acegikmoqsuwyACEG",
            "0123456789012345",
            "aabbccddaabbccdd",
        ] {
            assert_eq!(made(pattern), Err(PassphraseFault::Pattern), "{pattern}");
        }
        assert_eq!(made("correct horse battery"), Ok(()));
    }

    #[test]
    fn absent_is_refused_in_fips_mode_only() {
        assert!(matches!(find(None, None, Approval::Any), Ok(None)));
        assert_eq!(find(None, None, Approval::Fips).unwrap_err(), PassphraseFault::Absent);
        let weak = || Some("short".to_owned());
        for approval in [Approval::Any, Approval::Fips] {
            let refused = find(None, weak(), approval).unwrap_err();
            assert_eq!(refused, PassphraseFault::Short { octets: 5 });
        }
        assert!(find(None, Some("correct horse battery".to_owned()), Approval::Fips).unwrap().is_some());
    }

    #[test]
    fn a_file_that_others_may_read_is_refused() {
        let path = std::env::temp_dir().join(format!("assayer-passphrase-{}", std::process::id()));
        fs::write(&path, "correct horse battery\nsecond line\n").unwrap();
        for (mode, exposed) in [(0o600, false), (0o400, false), (0o640, true), (0o604, true), (0o660, true)] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            match Passphrase::of_file(&path) {
                Ok(passphrase) => {
                    assert!(!exposed, "{mode:o}");
                    assert_eq!(passphrase.octets(), b"correct horse battery");
                }
                Err(fault) => {
                    assert!(exposed, "{mode:o}");
                    assert_eq!(fault, PassphraseFault::Exposed { file: path.clone(), mode });
                }
            }
        }
        fs::remove_file(&path).unwrap();
        assert!(matches!(Passphrase::of_file(&path), Err(PassphraseFault::Unreadable { .. })));
    }

    #[test]
    fn nothing_of_it_is_shown() {
        let passphrase = Passphrase::new(Zeroizing::new(b"correct horse battery".to_vec())).unwrap();
        assert_eq!(format!("{passphrase:?}"), "Passphrase");
    }
}
