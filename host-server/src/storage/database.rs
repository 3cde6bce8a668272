//! Connections: one writer and several readers of an embedded SQLite, or a pool on PostgreSQL. Both are spoken to with
//! one query text; where that does not hold, [`Backend`] tells them apart. It knows no table.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::any::AnyPoolOptions;
use sqlx::{Any, AnyConnection, AnyPool, Connection, Transaction};

use super::fault::StorageFault;

/// Changes that become real together, or not at all when it is dropped.
pub(crate) type Work = Transaction<'static, Any>;

/// Which database it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Backend {
    /// A PostgreSQL server.
    Postgres,
    /// A file, with one writer.
    Sqlite,
}

/// Open connections.
pub(crate) struct Database {
    pub(super) backend: Backend,
    pub(super) writer: AnyPool,
    pub(crate) reader: AnyPool,
    /// The file, for SQLite.
    pub(super) file: Option<PathBuf>,
    /// Held for as long as the directory is ours; the system lets go of it when the process ends, however it ends.
    pub(super) lock: Option<File>,
}

/// The name of the database in its directory.
pub const FILE: &str = "assayer.sqlite";
const LOCK_FILE: &str = "assayer.lock";

/// How long a connection or a lock is waited for.
const PATIENCE: Duration = Duration::from_secs(10);
/// Readers of the embedded database: it is one machine, and a reader holds no one up.
const SQLITE_READERS: u32 = 4;
/// Connections to PostgreSQL of one process; its own default is 100 for all.
const POSTGRES_CONNECTIONS: u32 = 8;

/// Write-ahead logging, so that readers never wait; every commit is on the disk before it is acknowledged.
const SQLITE_SETTINGS: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
                               PRAGMA busy_timeout = 5000; PRAGMA trusted_schema = OFF;";
/// A reader beside a running server changes nothing, not even by mistake.
const SQLITE_READER_SETTINGS: &str = "PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000; PRAGMA query_only = ON; PRAGMA trusted_schema = OFF;";
/// Nothing of ours takes longer than this, and a lock that is held longer is reported.
const POSTGRES_SETTINGS: &str = "SET statement_timeout = '30s'; SET lock_timeout = '10s'; \
                                 SET idle_in_transaction_session_timeout = '60s';";

/// The same for one who only reads.
const POSTGRES_READER_SETTINGS: &str = "SET statement_timeout = '30s'; SET lock_timeout = '10s'; \
                                        SET default_transaction_read_only = on;";

impl Database {
    /// Opens, and makes if need be, the database in `directory`, which nobody else may have open.
    ///
    /// # Errors
    /// A directory that is missing, in use or cannot be written; a file that is no database.
    pub(super) async fn embedded(directory: &Path) -> Result<Self, StorageFault> {
        let lock = lock(directory)?;
        let file = directory.join(FILE);
        make(&file)?;
        let named = |fault: StorageFault| fault.about(&file);
        let url = sqlite_url(&file)?;
        let writer = connect(&url, 1, SQLITE_SETTINGS).await.map_err(named)?;
        let reader = connect(&url, SQLITE_READERS, SQLITE_READER_SETTINGS).await.map_err(named)?;
        Ok(Self { backend: Backend::Sqlite, writer, reader, file: Some(file), lock: Some(lock) })
    }

    /// Opens an existing database file for reading only, beside whoever writes it.
    ///
    /// # Errors
    /// A file that is missing, cannot be read or is no database.
    pub(super) async fn embedded_reader(file: &Path) -> Result<Self, StorageFault> {
        File::open(file).map_err(|error| StorageFault::of_file(file, &error))?;
        let url = sqlite_url(file)?;
        let reader = connect(&url, 1, SQLITE_READER_SETTINGS).await.map_err(|fault| fault.about(file))?;
        let writer = reader.clone();
        Ok(Self { backend: Backend::Sqlite, writer, reader, file: Some(file.to_owned()), lock: None })
    }

    /// Opens an existing database file with one connection, which may change it, without a lock.
    ///
    /// # Errors
    /// A file that is no database.
    pub(super) async fn embedded_file(file: &Path) -> Result<Self, StorageFault> {
        let writer =
            connect(&sqlite_url(file)?, 1, SQLITE_SETTINGS).await.map_err(|fault| fault.about(file))?;
        let reader = writer.clone();
        Ok(Self { backend: Backend::Sqlite, writer, reader, file: Some(file.to_owned()), lock: None })
    }

    /// Connects to PostgreSQL.
    ///
    /// # Errors
    /// A URL that cannot be read, a server that cannot be reached or refuses us.
    pub(super) async fn server(url: &str) -> Result<Self, StorageFault> {
        Self::server_with(url, POSTGRES_CONNECTIONS, POSTGRES_SETTINGS).await
    }

    /// Connects to PostgreSQL for reading only.
    ///
    /// # Errors
    /// A URL that cannot be read, a server that cannot be reached or refuses us.
    pub(super) async fn server_reader(url: &str) -> Result<Self, StorageFault> {
        Self::server_with(url, 1, POSTGRES_READER_SETTINGS).await
    }

    async fn server_with(url: &str, most: u32, settings: &'static str) -> Result<Self, StorageFault> {
        if !(url.starts_with("postgres://") || url.starts_with("postgresql://")) {
            return Err(StorageFault::Address);
        }
        let writer = connect(url, most, settings).await?;
        let reader = writer.clone();
        Ok(Self { backend: Backend::Postgres, writer, reader, file: None, lock: None })
    }

    /// Begins changes. With SQLite there is one writer at a time; with PostgreSQL writers meet at the row they change.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub(crate) async fn change(&self) -> Result<Work, StorageFault> {
        let begin = match self.backend {
            Backend::Postgres => "BEGIN",
            Backend::Sqlite => "BEGIN IMMEDIATE",
        };
        self::begin(&self.writer, begin).await
    }

    /// Begins changes of the schema.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub(super) async fn exclusive(&self) -> Result<Work, StorageFault> {
        let begin = match self.backend {
            Backend::Postgres => "BEGIN",
            Backend::Sqlite => "BEGIN EXCLUSIVE",
        };
        self::begin(&self.writer, begin).await
    }

    /// Begins to read: everything in it is of one moment.
    ///
    /// # Errors
    /// What a database can do wrong.
    pub(crate) async fn look(&self) -> Result<Work, StorageFault> {
        let begin = match self.backend {
            Backend::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            Backend::Sqlite => "BEGIN",
        };
        self::begin(&self.reader, begin).await
    }

    /// Closes every connection.
    pub(super) async fn close(&self) {
        self.reader.close().await;
        self.writer.close().await;
    }
}

/// Begins a transaction. Where the database itself gave one up, as SQLite does on a full disk, the connection takes that
/// for unfinished and begins no other: it is thrown away, and a new one takes its place.
async fn begin(pool: &AnyPool, text: &'static str) -> Result<Work, StorageFault> {
    for _ in 0..=POSTGRES_CONNECTIONS {
        match pool.begin_with(text).await {
            Err(sqlx::Error::InvalidSavePointStatement) => drop(pool.acquire().await?.detach()),
            begun => return Ok(begun?),
        }
    }
    Err(StorageFault::Broken("no connection begins a transaction".to_owned()))
}

async fn connect(url: &str, most: u32, settings: &'static str) -> Result<AnyPool, StorageFault> {
    sqlx::any::install_default_drivers();
    probe(url, settings).await?;
    let pool = AnyPoolOptions::new()
        .max_connections(most)
        .acquire_timeout(PATIENCE)
        .after_connect(move |connection, _| {
            Box::pin(async move { sqlx::raw_sql(settings).execute(connection).await.map(|_| ()) })
        })
        .connect(url)
        .await;
    Ok(pool?)
}

/// One connection by itself: a pool tries again until its time is over, and then says no more than that.
async fn probe(url: &str, settings: &'static str) -> Result<(), StorageFault> {
    let open = async {
        let mut connection = AnyConnection::connect(url).await?;
        sqlx::raw_sql(settings).execute(&mut connection).await?;
        if url.starts_with("sqlite:") {
            // the first look makes the companion files, for which there may be no room
            sqlx::raw_sql("SELECT COUNT(*) FROM sqlite_schema").execute(&mut connection).await?;
        }
        connection.close().await
    };
    match tokio::time::timeout(PATIENCE, open).await {
        Ok(opened) => Ok(opened?),
        Err(_) => Err(StorageFault::Unreachable("no answer in time".to_owned())),
    }
}

/// A path as a URL: everything but letters, digits and a few signs is written as its octets.
fn sqlite_url(file: &Path) -> Result<String, StorageFault> {
    let path = file.to_str().ok_or_else(|| {
        StorageFault::Broken(format!("{}: the name is not UTF-8; name another directory", file.display()))
    })?;
    let mut url = "sqlite://".to_owned();
    for octet in path.bytes() {
        match octet {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' => {
                url.push(char::from(octet))
            }
            other => url.push_str(&format!("%{other:02X}")),
        }
    }
    url.push_str("?mode=rw");
    Ok(url)
}

/// Takes the directory for this process, at once or not at all.
///
/// # Errors
/// A directory that is missing, in use or cannot be written.
pub(super) fn lock(directory: &Path) -> Result<File, StorageFault> {
    if !directory.is_dir() {
        return Err(StorageFault::MissingDirectory(directory.to_owned()));
    }
    let path = directory.join(LOCK_FILE);
    let lock = owned(OpenOptions::new().write(true).create(true).truncate(false)).open(&path);
    let lock = lock.map_err(|error| match StorageFault::of_file(&path, &error) {
        StorageFault::NotWritable(_) => StorageFault::NotWritable(directory.to_owned()),
        other => other,
    })?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(StorageFault::InUse(directory.to_owned())),
        Err(TryLockError::Error(error)) => Err(StorageFault::of_file(&path, &error)),
    }
}

/// Makes the file if it is not there, readable by its owner alone: SQLite gives its companions the same mode.
fn make(file: &Path) -> Result<(), StorageFault> {
    match owned(OpenOptions::new().read(true).write(true).create(true).truncate(false)).open(file) {
        Ok(_) => Ok(()),
        Err(error) => Err(StorageFault::of_file(file, &error)),
    }
}

/// What is made is for its owner alone.
pub(super) fn owned(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_any_characters_is_a_url() {
        let url = sqlite_url(Path::new("/a b/c?d#é/assayer.sqlite")).unwrap();
        assert_eq!(url, "sqlite:///a%20b/c%3Fd%23%C3%A9/assayer.sqlite?mode=rw");
    }
}
