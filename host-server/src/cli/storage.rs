//! `assayer backup` and `assayer restore`, and where any command finds what is kept.

use std::path::PathBuf;

use clap::Args;

use super::{Console, Exit, Failure, said, written};
use crate::storage::{Location, Storage, StorageFault, restore};

/// Where things are kept.
#[derive(Args, Clone, Debug)]
#[group(required = true, multiple = false)]
pub struct Source {
    /// The directory of the embedded database.
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// The URL of a PostgreSQL database.
    #[arg(long, value_name = "URL")]
    pub database: Option<String>,
}

/// The options of `backup`.
#[derive(Args, Clone, Debug)]
pub struct BackupArguments {
    /// Where things are kept.
    #[command(flatten)]
    pub source: Source,
    /// The copy; a file that is there is not replaced.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

/// The options of `restore`.
#[derive(Args, Clone, Debug)]
pub struct RestoreArguments {
    /// Where things are kept.
    #[command(flatten)]
    pub source: Source,
    /// A copy that `backup` made.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

impl Source {
    fn location(&self) -> Result<Location, Failure> {
        match (&self.data, &self.database) {
            (Some(directory), None) => Ok(Location::Directory(directory.clone())),
            (None, Some(url)) => Ok(Location::Postgres(url.clone())),
            _ => Err(Failure::of_input("--data", "not given, and no --database either", "name one of them")),
        }
    }

    /// Opens for reading, beside a server that may be running, and asks.
    ///
    /// # Errors
    /// When it cannot be opened, or the question fails.
    pub(super) fn read<T>(
        &self,
        question: impl AsyncFnOnce(Storage) -> Result<T, StorageFault>,
    ) -> Result<T, Failure> {
        let location = self.location()?;
        let answer = runtime()?.block_on(async {
            let storage = Storage::open_reader(&location).await?;
            question(storage).await
        });
        answer.map_err(refused)
    }
}

/// Runs `backup`.
///
/// # Errors
/// When there is nothing to copy, or the copy cannot be written.
pub fn backup(arguments: &BackupArguments, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let file = arguments.file.clone();
    arguments.source.read(async |storage| storage.backup(&file).await)?;
    written(console.page(&format!("copied   {}\n", arguments.file.display())), Exit::Allow)
}

/// Runs `restore`.
///
/// # Errors
/// When the directory is in use, or the copy is none.
pub fn put_back(arguments: &RestoreArguments, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let Location::Directory(directory) = arguments.source.location()? else {
        return Err(refused(StorageFault::NotForPostgres));
    };
    let restored = restore(&arguments.file, &directory, "command line", console.now);
    runtime()?.block_on(restored).map_err(refused)?;
    written(console.page(&format!("restored {}\n", directory.display())), Exit::Allow)
}

fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(said::fault)
}

/// The fault says what to do in its own words. It is about a database that was named, so the question is wrong.
fn refused(fault: StorageFault) -> Failure {
    Failure::Question(fault.to_string())
}
