//! Why the storage could not do what it was asked, one variant for each cause, each with a sentence that says what to
//! do. It decides nothing, and never repeats a database URL: that may hold a password.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Why the storage could not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StorageFault {
    /// The URL of a database cannot be read.
    Address,
    /// The database refuses the name or the password.
    Authentication,
    /// The database failed in a way that has no variant of its own: its code and its message.
    Broken(String),
    /// Another writer held the database for longer than we wait.
    Busy,
    /// There is no more room on the disk.
    DiskFull,
    /// A file that would be written is there already.
    Exists(PathBuf),
    /// Another process has the directory open.
    InUse(PathBuf),
    /// There is no such directory.
    MissingDirectory(PathBuf),
    /// There is no such file.
    MissingFile(PathBuf),
    /// The database has a schema of a later version of this program.
    NewerSchema {
        /// The step the database is at.
        found: i64,
        /// The last step this program knows.
        known: i64,
    },
    /// The file is not a database of this program, or it is damaged.
    NotADatabase(PathBuf),
    /// The command is for the embedded database only.
    NotForPostgres,
    /// The file or directory cannot be written by this process.
    NotWritable(PathBuf),
    /// A query would yield more than is held in memory at once.
    TooMuch {
        /// The most.
        most: i64,
    },
    /// The database cannot be reached: the system's own words.
    Unreachable(String),
}

impl fmt::Display for StorageFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address => f.write_str(
                "the database URL cannot be read; expected postgres://USER:PASSWORD@HOST:PORT/NAME",
            ),
            Self::Authentication => f.write_str(
                "the database refuses the user or the password; check both, and that the database exists",
            ),
            Self::Broken(what) => write!(f, "the database failed: {what}"),
            Self::Busy => f.write_str("the database is busy with another writer; try again"),
            Self::DiskFull => f.write_str("no space is left for the database; make room and try again"),
            Self::Exists(path) => {
                write!(f, "{}: is there already and is not replaced; name another file", path.display())
            }
            Self::InUse(path) => write!(
                f,
                "{}: is in use by another process; stop it, or use PostgreSQL for more than one",
                path.display()
            ),
            Self::MissingDirectory(path) => {
                write!(f, "{}: there is no such directory; make it, or name another", path.display())
            }
            Self::MissingFile(path) => write!(f, "{}: there is no such file; name another", path.display()),
            Self::NewerSchema { found, known } => write!(
                f,
                "the database has schema {found} of a later version, and this one knows up to {known}; \
                 use the later version, or restore a backup made by this one"
            ),
            Self::NotADatabase(path) => write!(
                f,
                "{}: is no database of this program, or is damaged; restore a backup",
                path.display()
            ),
            Self::NotForPostgres => {
                f.write_str("this is for the embedded database; for PostgreSQL use pg_dump and pg_restore")
            }
            Self::NotWritable(path) => {
                write!(f, "{}: cannot be written by this process; give its user the right to", path.display())
            }
            Self::TooMuch { most } => write!(f, "more than {most} entries would be read; narrow the query"),
            Self::Unreachable(what) => {
                write!(f, "the database cannot be reached ({what}); check host, port and network")
            }
        }
    }
}

impl std::error::Error for StorageFault {}

impl StorageFault {
    /// What became of an attempt to read or write `path`.
    #[must_use]
    pub(crate) fn of_file(path: &Path, error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull,
            io::ErrorKind::AlreadyExists => Self::Exists(path.to_owned()),
            io::ErrorKind::NotFound => Self::MissingFile(path.to_owned()),
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                Self::NotWritable(path.to_owned())
            }
            _ => Self::Broken(format!("{}: {error}", path.display())),
        }
    }

    /// The same fault, with the file named where the database only gave a code.
    #[must_use]
    pub(super) fn about(self, path: &Path) -> Self {
        match self {
            Self::NotADatabase(_) => Self::NotADatabase(path.to_owned()),
            Self::NotWritable(_) => Self::NotWritable(path.to_owned()),
            other => other,
        }
    }
}

impl From<sqlx::Error> for StorageFault {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::Configuration(_) => Self::Address,
            sqlx::Error::Database(error) => of_code(&error.code().unwrap_or_default(), error.message()),
            sqlx::Error::Io(error) => Self::Unreachable(error.to_string()),
            sqlx::Error::Tls(error) => Self::Unreachable(error.to_string()),
            sqlx::Error::PoolTimedOut => Self::Busy,
            other => Self::Broken(other.to_string()),
        }
    }
}

/// By the result code of SQLite (sqlite.org/rescode.html: decimal, the primary code in the low octet) or the
/// SQLSTATE of PostgreSQL (its manual, appendix A: five characters).
fn of_code(code: &str, message: &str) -> StorageFault {
    match code {
        // invalid_authorization_specification, invalid_password, invalid_catalog_name
        "28000" | "28P01" | "3D000" => return StorageFault::Authentication,
        "53100" => return StorageFault::DiskFull,
        // lock_not_available, and query_canceled, which is what a timeout is
        "55P03" | "57014" => return StorageFault::Busy,
        // too_many_connections; admin_shutdown, crash_shutdown, cannot_connect_now
        "53300" | "57P01" | "57P02" | "57P03" => return StorageFault::Unreachable(message.to_owned()),
        _ => {}
    }
    // SQLITE_IOERR_SHMSIZE: the companion file of the readers could not grow
    if code == "4874" {
        return StorageFault::DiskFull;
    }
    let unnamed = PathBuf::new();
    let primary = if code.len() < 5 { code.parse::<i64>().ok().map(|code| code & 0xff) } else { None };
    match primary {
        // SQLITE_BUSY, SQLITE_LOCKED
        Some(5 | 6) => StorageFault::Busy,
        // SQLITE_PERM, SQLITE_READONLY, SQLITE_CANTOPEN
        Some(3 | 8 | 14) => StorageFault::NotWritable(unnamed),
        // SQLITE_CORRUPT, SQLITE_NOTADB
        Some(11 | 26) => StorageFault::NotADatabase(unnamed),
        // SQLITE_FULL
        Some(13) => StorageFault::DiskFull,
        _ => StorageFault::Broken(format!("{code} {message}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_both_databases_have_their_cause() {
        assert_eq!(of_code("13", ""), StorageFault::DiskFull);
        assert_eq!(of_code("53100", ""), StorageFault::DiskFull);
        assert_eq!(of_code("4874", ""), StorageFault::DiskFull);
        assert_eq!(of_code("5", ""), StorageFault::Busy);
        // SQLITE_BUSY_SNAPSHOT: the primary code is in the low octet
        assert_eq!(of_code("517", ""), StorageFault::Busy);
        assert_eq!(of_code("26", ""), StorageFault::NotADatabase(PathBuf::new()));
        assert_eq!(of_code("1032", ""), StorageFault::NotWritable(PathBuf::new()));
        assert_eq!(of_code("28P01", ""), StorageFault::Authentication);
        assert_eq!(of_code("42601", "syntax"), StorageFault::Broken("42601 syntax".to_owned()));
    }

    #[test]
    fn every_fault_is_one_line_that_says_what_to_do() {
        let fault = StorageFault::NewerSchema { found: 9, known: 3 }.to_string();
        assert!(fault.contains('9') && fault.contains('3') && !fault.contains('\n'));
        let url = StorageFault::from(sqlx::Error::Configuration("postgres://a:secret@b".into())).to_string();
        assert!(!url.contains("secret"));
    }
}
