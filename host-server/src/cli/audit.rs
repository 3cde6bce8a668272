//! `assayer audit`: whether the record of who did what is whole, and a copy of it for an auditor. It reads beside a
//! running server, or from a copy alone, and writes to no database.

use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use data_encoding::HEXLOWER;

use super::{Console, Exit, Failure, said, storage, written};
use crate::audit::export::{ExportFault, verify_lines};
use crate::audit::log::PAGE;
use crate::audit::{AuditLog, Broken, Head};

/// The commands of `audit`.
#[derive(Clone, Debug, Subcommand)]
pub enum AuditCommand {
    /// Check that no record was changed, taken out or put in; exit status 1 says where one was.
    Verify(VerifyArguments),
    /// Write every record as a line of JSON, for keeping elsewhere.
    Export(ExportArguments),
}

/// The options of `audit verify`.
#[derive(Args, Clone, Debug)]
#[group(required = true, multiple = false)]
pub struct VerifyArguments {
    /// An export.
    #[arg(value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// The directory of the embedded database.
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// The URL of a PostgreSQL database.
    #[arg(long, value_name = "URL")]
    pub database: Option<String>,
}

/// The options of `audit export`.
#[derive(Args, Clone, Debug)]
pub struct ExportArguments {
    /// Where the records are.
    #[command(flatten)]
    pub source: storage::Source,
    /// Where to write them; `-` writes standard output.
    #[arg(long, value_name = "FILE", default_value = "-")]
    pub output: String,
}

/// Runs a command of `audit`.
///
/// # Errors
/// When there is nothing to read, or the copy cannot be written.
pub fn run(command: &AuditCommand, console: &mut Console<'_>) -> Result<Exit, Failure> {
    match command {
        AuditCommand::Verify(arguments) => verify(arguments, console),
        AuditCommand::Export(arguments) => export(arguments, console),
    }
}

fn verify(arguments: &VerifyArguments, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let chain = match &arguments.file {
        Some(file) => of_file(file)?,
        None => {
            let source =
                storage::Source { data: arguments.data.clone(), database: arguments.database.clone() };
            source.read(async |storage| AuditLog::of(&storage).verify().await)?
        }
    };
    match chain {
        Ok(head) => {
            let Head { sequence, hash } = head;
            let hash = HEXLOWER.encode(&hash);
            written(console.page(&format!("intact   {sequence} records\nhead     {hash}\n")), Exit::Allow)
        }
        Err(broken) => written(console.page(&format!("broken   {broken}\n")), Exit::Deny),
    }
}

fn of_file(path: &Path) -> Result<Result<Head, Broken>, Failure> {
    let unreadable = |error: io::Error| {
        Failure::of_input(path.display(), format!("cannot be read ({error})"), "name an export of the audit")
    };
    let file = File::open(path).map_err(unreadable)?;
    match verify_lines(BufReader::new(file)) {
        Ok(head) => Ok(Ok(head)),
        Err(ExportFault::Broken(broken)) => Ok(Err(broken)),
        Err(ExportFault::Unreadable(error)) => Err(unreadable(error)),
    }
}

fn export(arguments: &ExportArguments, console: &mut Console<'_>) -> Result<Exit, Failure> {
    if arguments.output == "-" {
        let lines = arguments.source.read(async |storage| all(&AuditLog::of(&storage)).await)?;
        return written(
            console.output.write_all(lines.as_bytes()).and_then(|()| console.output.flush()),
            Exit::Allow,
        );
    }
    let unwritable = |error: io::Error| {
        Failure::of_input(
            &arguments.output,
            format!("cannot be written ({error})"),
            "name a file that is not there",
        )
    };
    // an export that is there may be the only one that tells of a change: it is never replaced
    let file = OpenOptions::new().write(true).create_new(true).open(&arguments.output).map_err(unwritable)?;
    let lines = arguments.source.read(async |storage| all(&AuditLog::of(&storage)).await)?;
    let mut file = BufWriter::new(file);
    file.write_all(lines.as_bytes()).and_then(|()| file.flush()).map_err(unwritable)?;
    file.get_ref().sync_all().map_err(said::fault)?;
    Ok(Exit::Allow)
}

async fn all(log: &AuditLog) -> Result<String, crate::storage::StorageFault> {
    let (mut lines, mut last) = (String::new(), 0);
    loop {
        let records = log.after(last, PAGE).await?;
        let Some(end) = records.last() else { return Ok(lines) };
        last = end.sequence;
        for record in &records {
            lines.push_str(&record.to_line());
            lines.push('\n');
        }
    }
}
