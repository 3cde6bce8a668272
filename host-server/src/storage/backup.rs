//! Copies of the embedded database, made while it is in use, and put back when it is not. PostgreSQL has its own
//! programs for that.

use std::fs::{self, File, OpenOptions};
use std::path::Path;

use sqlx::Row;

use super::database::{self, Database, FILE};
use super::fault::StorageFault;
use super::{Storage, migrate};
use crate::audit::{AuditRecord, Details, log};

impl Storage {
    /// Writes a whole copy, of one moment, to a file that is not there yet. Changes go on meanwhile.
    ///
    /// # Errors
    /// A file that is there or cannot be written, PostgreSQL, and what a database can do wrong.
    pub async fn backup(&self, to: &Path) -> Result<(), StorageFault> {
        if self.database().file.is_none() {
            return Err(StorageFault::NotForPostgres);
        }
        // made first, so that it is never readable by others: SQLite fills an empty file
        let made = database::owned(OpenOptions::new().write(true).create_new(true)).open(to);
        made.map_err(|error| StorageFault::of_file(to, &error))?;
        let copied = self.copy(to).await;
        if copied.is_err() {
            // a half-written copy is none
            let _ = fs::remove_file(to);
        }
        copied
    }

    async fn copy(&self, to: &Path) -> Result<(), StorageFault> {
        let name = to.to_str().ok_or_else(|| {
            StorageFault::Broken(format!("{}: the name is not UTF-8; name another file", to.display()))
        })?;
        let mut reader = self.database().reader.acquire().await?;
        // it writes to another file than the one this reader is kept from writing to
        sqlx::raw_sql("PRAGMA query_only = OFF").execute(&mut *reader).await?;
        let copied = sqlx::query("VACUUM INTO $1").bind(name.to_owned()).execute(&mut *reader).await;
        sqlx::raw_sql("PRAGMA query_only = ON").execute(&mut *reader).await?;
        copied.map_err(|error| StorageFault::from(error).about(to))?;
        let file = File::open(to).map_err(|error| StorageFault::of_file(to, &error))?;
        file.sync_all().map_err(|error| StorageFault::of_file(to, &error))
    }
}

/// Puts a copy in the place of the database in `directory`, which no process has open. The copy is checked first;
/// what was there stays beside it, with `.replaced` at the end of its name. The audit says that it was done.
///
/// # Errors
/// A directory that is in use, a copy that is damaged or of a later version, and what a file system can do wrong.
pub async fn restore(from: &Path, directory: &Path, who: &str, now: i64) -> Result<(), StorageFault> {
    let lock = database::lock(directory)?;
    File::open(from).map_err(|error| StorageFault::of_file(from, &error))?;
    let incoming = directory.join(format!("{FILE}.incoming"));
    let outcome = incoming_checked(from, &incoming, who, now).await;
    let outcome = match outcome {
        Ok(()) => put(&incoming, directory).await,
        Err(fault) => Err(fault),
    };
    if outcome.is_err() {
        let _ = fs::remove_file(&incoming);
    }
    drop(lock);
    outcome
}

/// Copies, checks, and notes in the copy's audit where it comes from.
async fn incoming_checked(from: &Path, incoming: &Path, who: &str, now: i64) -> Result<(), StorageFault> {
    let _ = fs::remove_file(incoming);
    let mut made = database::owned(OpenOptions::new().write(true).create_new(true))
        .open(incoming)
        .map_err(|error| StorageFault::of_file(incoming, &error))?;
    let mut source = File::open(from).map_err(|error| StorageFault::of_file(from, &error))?;
    std::io::copy(&mut source, &mut made).map_err(|error| StorageFault::of_file(incoming, &error))?;
    drop(made);
    let database = Database::embedded_file(incoming).await.map_err(|fault| fault.about(from))?;
    let checked = checked(&database, who, now).await.map_err(|fault| fault.about(from));
    database.close().await;
    checked?;
    let file = File::open(incoming).map_err(|error| StorageFault::of_file(incoming, &error))?;
    file.sync_all().map_err(|error| StorageFault::of_file(incoming, &error))
}

async fn checked(database: &Database, who: &str, now: i64) -> Result<(), StorageFault> {
    let damaged = || StorageFault::NotADatabase(Path::new("").to_owned());
    let row = sqlx::query("PRAGMA integrity_check(1)").fetch_one(&database.writer).await?;
    if row.try_get::<String, _>(0)? != "ok" {
        return Err(damaged());
    }
    let ours = sqlx::query("SELECT 1 FROM sqlite_schema WHERE name = 'schema_steps'");
    if ours.fetch_optional(&database.writer).await?.is_none() {
        return Err(damaged());
    }
    migrate::apply(database, migrate::LATEST).await?;
    let mut work = database.change().await?;
    let version = sqlx::query("SELECT version FROM state WHERE id = 1").fetch_one(&mut *work).await?;
    let details = Details::none().number("version", version.try_get(0)?);
    let record = AuditRecord::done(now, who, "storage.restored", "").with_details(details);
    log::append(&mut work, record).await?;
    work.commit().await?;
    // nothing of it may stand in a companion file that is not moved along
    sqlx::raw_sql("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE;")
        .execute(&database.writer)
        .await?;
    Ok(())
}

/// The database is there at every moment, the old one or the new one: a server that started in between would make an
/// empty one otherwise.
async fn put(incoming: &Path, directory: &Path) -> Result<(), StorageFault> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |error: std::io::Error| StorageFault::of_file(&path, &error)
    };
    let (file, aside) = (directory.join(FILE), directory.join(format!("{FILE}.replaced")));
    if file.exists() {
        // what stands in its companion files goes into it, unless it is beyond that: then it is replaced all the same
        if let Ok(old) = Database::embedded_file(&file).await {
            let _ = sqlx::raw_sql("PRAGMA wal_checkpoint(TRUNCATE)").execute(&old.writer).await;
            old.close().await;
        }
        let _ = fs::remove_file(&aside);
        fs::hard_link(&file, &aside).map_err(failed(&aside))?;
        for end in ["-wal", "-shm"] {
            let _ = fs::rename(
                directory.join(format!("{FILE}{end}")),
                directory.join(format!("{FILE}.replaced{end}")),
            );
        }
    }
    fs::rename(incoming, &file).map_err(failed(&file))?;
    let directory_file = File::open(directory).map_err(failed(directory))?;
    directory_file.sync_all().map_err(failed(directory))
}
